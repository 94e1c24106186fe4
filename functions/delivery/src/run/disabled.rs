//! Destinations that answered 410: the marker names the class and the hash of its URL, and is void once the
//! URL is another (SPEC 5).

use revops_core::auth::sha256_hex;
use revops_core::ports::{Created, FetchSecret, Replaced};
use revops_core::records::{DisabledRecord, VERSION, create, keys, read_with_etag, replace};
use revops_core::telemetry::Metric;
use revops_core::{Header, Timestamp};
use url::Url;

use super::work::{Job, Trouble};
use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::telemetry;

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// Disables `url`, the webhook of `target`, which answered 410 `now`.
    pub(crate) async fn disable(
        &self,
        job: &Job<'_>,
        target: Header,
        url: &Url,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let marker = DisabledRecord {
            v: VERSION,
            header: target,
            url_sha256: sha256_hex(url.as_str().as_bytes()),
            disabled_at: now,
            tracking_id: job.received.deliver.tracking_id,
        };
        if self.write_marker(&marker).await? {
            telemetry::destination_disabled(&job.received.deliver, target);
            self.measure(job, |measurements| measurements.count(Metric::DestinationDisabled));
        }
        Ok(())
    }

    /// Whether this call wrote it. A marker of another URL is void and replaced; whoever loses a race finds
    /// the destination disabled by the winner.
    async fn write_marker(&self, marker: &DisabledRecord) -> Result<bool, Trouble> {
        let key = keys::disabled(marker.header);
        if create(&self.records, &key, marker).await? == Created::New {
            return Ok(true);
        }
        let Some((old, stored)) = read_with_etag(&self.records, &key).await? else { return Ok(false) };
        if old.url_sha256 == marker.url_sha256 {
            return Ok(false);
        }
        Ok(replace(&self.records, &key, marker, &stored.etag).await? == Replaced::Done)
    }
}
