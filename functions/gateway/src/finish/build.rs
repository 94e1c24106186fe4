//! The delivery record of an answered conversation.

use revops_core::classify::{Classification, Classified, Collaborators, Evidence, classify};
use revops_core::envelope::{Content, Envelope};
use revops_core::plain;
use revops_core::records::{Answer, DeliveryRecord, QueryRecord, VERSION};
use revops_core::{Header, Timestamp};

use super::expected_header;
use crate::gateway::Gateway;

impl<R, Q, M> Gateway<R, Q, M> {
    /// Classifies the answer and builds what is delivered; none for a failure.
    pub(super) fn answered(&self, query: &QueryRecord, answer: &Answer) -> Option<DeliveryRecord> {
        let Answer::Answered { text, nonce, agents_used, usage } = answer else { return None };
        let evidence = Evidence {
            caller_route: query.route,
            query: &query.query,
            answer: text,
            nonce: nonce.as_deref(),
            collaborators: agents_used,
        };
        let Classified { mut classification, answer: rich } = classify(&evidence, &Collaborators::default());
        let target = self.config.destinations.target(classification.header);
        explain_fallback(&mut classification, target);
        let plain = plain::render(&rich);
        let content = Content::Answered { response_rich: &rich, response_plain: &plain, agents_used };
        let now = self.now();
        let envelope = Envelope::answered(query, &classification, usage, content, now).to_json();
        let answered = record(query, target, Some(classification), envelope, now);
        Some(DeliveryRecord { expected: Some(expected_header(query)), ..answered })
    }
}

/// A class without a webhook is delivered to `general`, and the reason says so.
fn explain_fallback(classification: &mut Classification, target: Header) {
    if classification.header != target {
        let header = classification.header;
        classification.reason.push_str(&format!("; {header} has no webhook, so {target} receives it"));
    }
}

fn record(
    query: &QueryRecord,
    target: Header,
    classification: Option<Classification>,
    envelope: String,
    now: Timestamp,
) -> DeliveryRecord {
    DeliveryRecord {
        v: VERSION,
        tracking_id: query.tracking_id,
        delivery_id: query.tracking_id.delivery_id(),
        header: classification.as_ref().map_or(Header::General, |classification| classification.header),
        target,
        classification,
        expected: None,
        queued_at: now,
        deliver_before: query.deliver_before,
        failure_notice: false,
        failure_reason: None,
        envelope,
    }
}

impl<R, Q, M> Gateway<R, Q, M> {
    /// The delivery record of a notice.
    pub(super) fn notice_record(
        &self,
        query: &QueryRecord,
        reason: &str,
        envelope: String,
    ) -> DeliveryRecord {
        let target = self.config.destinations.target(Header::General);
        let unanswered = record(query, target, None, envelope, self.now());
        DeliveryRecord { failure_notice: true, failure_reason: Some(reason.to_owned()), ..unanswered }
    }
}
