//! Who is calling (SPEC 2.3): an API key, or a signed request. Fails closed.

use std::collections::BTreeSet;
use std::fmt;

use revops_aws::CachedSecret;
use revops_core::Timestamp;
use revops_core::auth::{ApiKeys, Caller, Credentials, Inbound, InboundMode, Signers};
use revops_core::ports::FetchSecret;
use revops_core::problem::{Problem, ProblemCode};
use revops_core::sign::SignatureHeaders;
use revops_core::telemetry::{Attribution, event};

use super::Incoming;

/// Who may call.
pub struct Callers<F> {
    operators: BTreeSet<String>,
    /// None where everybody may call.
    required: Option<Proofs<F>>,
}

struct Proofs<F> {
    api_keys: Option<CachedSecret<ApiKeys, F>>,
    signers: Option<CachedSecret<Signers, F>>,
}

/// A caller, and how it proved itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authenticated {
    pub(super) caller: Caller,
    /// By a signature, which covers the header `webhook-id`.
    pub(super) signed: bool,
}

/// What one way of proving came to.
enum Verdict {
    Proven(String),
    NotProven,
    /// The keys could not be fetched.
    Unknown,
}

impl<F> fmt::Debug for Callers<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callers").field("operators", &self.operators).finish_non_exhaustive()
    }
}

impl<F: FetchSecret + Clone> Callers<F> {
    /// The callers that `inbound` names; keys in Secrets Manager are fetched when a request first needs them.
    #[must_use]
    pub fn new(inbound: Inbound, fetch: &F) -> Self {
        let required = match inbound.mode {
            InboundMode::Open => None,
            InboundMode::Required { api_keys, signers } => Some(Proofs {
                api_keys: api_keys.map(|source| CachedSecret::new(source, fetch.clone())),
                signers: signers.map(|source| CachedSecret::new(source, fetch.clone())),
            }),
        };
        Self { operators: inbound.operators, required }
    }
}

impl<F: FetchSecret> Callers<F> {
    /// Who sent this request: 401 when nobody is proven, 503 when that could not be found out.
    pub(super) async fn authenticate(
        &self,
        request: &Incoming,
        now: Timestamp,
    ) -> Result<Authenticated, Problem> {
        let Some(Proofs { api_keys, signers }) = &self.required else {
            return Ok(self.authenticated("anonymous", false));
        };
        let credentials = credentials(request);
        let by_key = by_key(api_keys.as_ref(), &credentials, now).await;
        if let Verdict::Proven(name) = &by_key {
            return Ok(self.authenticated(name, false));
        }
        match (by_key, by_signature(signers.as_ref(), &credentials, &request.body, now).await) {
            (_, Verdict::Proven(name)) => Ok(self.authenticated(&name, true)),
            (Verdict::Unknown, _) | (_, Verdict::Unknown) => Err(cannot_tell()),
            (Verdict::Proven(_) | Verdict::NotProven, Verdict::NotProven) => Err(nobody()),
        }
    }

    fn authenticated(&self, name: &str, signed: bool) -> Authenticated {
        Authenticated { caller: Caller::named(name, &self.operators), signed }
    }
}

async fn by_key<F: FetchSecret>(
    keys: Option<&CachedSecret<ApiKeys, F>>,
    offered: &Credentials<'_>,
    now: Timestamp,
) -> Verdict {
    let (Some(keys), Some(key)) = (keys, offered.key()) else { return Verdict::NotProven };
    match keys.get(now).await {
        Some(keys) => keys.name_of(key).into(),
        None => Verdict::Unknown,
    }
}

async fn by_signature<F: FetchSecret>(
    signers: Option<&CachedSecret<Signers, F>>,
    offered: &Credentials<'_>,
    body: &[u8],
    now: Timestamp,
) -> Verdict {
    let (Some(signers), Some(headers)) = (signers, &offered.signature) else { return Verdict::NotProven };
    match signers.get(now).await {
        Some(signers) => signers.name_of(headers, body, now).into(),
        None => Verdict::Unknown,
    }
}

impl From<Option<&str>> for Verdict {
    fn from(name: Option<&str>) -> Self {
        name.map_or(Self::NotProven, |name| Self::Proven(name.to_owned()))
    }
}

fn credentials(request: &Incoming) -> Credentials<'_> {
    let signature = || {
        Some(SignatureHeaders {
            id: request.header("webhook-id")?,
            timestamp: request.header("webhook-timestamp")?,
            signature: request.header("webhook-signature")?,
        })
    };
    Credentials {
        authorization: request.header("authorization"),
        api_key: request.header("x-api-key"),
        signature: signature(),
    }
}

/// One message for every reason: a guesser learns nothing.
fn nobody() -> Problem {
    Problem::new(ProblemCode::Unauthenticated, "no valid credentials were given")
}

fn cannot_tell() -> Problem {
    // Reaching Secrets Manager is tried again for an hour before this; by then it is a setting.
    let attribution = Attribution::Configuration;
    tracing::error!(event = event::ERROR_OCCURRED, %attribution, "callers cannot be told apart: there are no keys");
    Problem::new(ProblemCode::DependencyUnavailable, "a dependency is not available; nothing was accepted")
        .due_to(attribution)
}

#[cfg(test)]
mod tests {
    use revops_core::sign::{SigningKeys, sign};

    use crate::fixtures::{House, ORIGINAL, START, Script, json};
    use crate::http::Reply;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNERS: (&str, &str) =
        ("INBOUND_SIGNING_SECRETS", r#"{"erp":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#);

    fn house(variables: &[(&str, &str)]) -> House {
        let script = vec![Script::Answers("Fine.", std::time::Duration::ZERO)];
        House::configured(script, variables)
    }

    /// Sends the original example, signed, without an API key.
    async fn signed(house: &House, id: &str, body: &str) -> Reply {
        let (keys, now) = (SigningKeys::parse(&[SECRET]).unwrap(), START.unix_seconds());
        let signature = sign(&keys, id, now, ORIGINAL.as_bytes());
        let now = now.to_string();
        let headers = [
            ("authorization", ""),
            ("webhook-id", id),
            ("webhook-timestamp", now.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        house.send("POST", "/webhook", &headers, body.as_bytes()).await
    }

    fn outcome(reply: &Reply) -> (u16, String) {
        (reply.status, json(reply)["code"].as_str().unwrap_or_default().to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn a_signed_request_is_its_signers_and_its_webhook_id_is_its_key() {
        let house = house(&[SIGNERS]);
        let (first, second) =
            (signed(&house, "msg_1", ORIGINAL).await, signed(&house, "msg_1", ORIGINAL).await);
        assert_eq!((first.status, second.status), (200, 200));
        assert_eq!(second.headers["idempotency-replayed"], "true");
        assert_eq!(json(&first)["tracking_id"], json(&second)["tracking_id"]);
        let path = format!("/webhook/{}", json(&first)["tracking_id"].as_str().unwrap());
        assert_eq!(house.get(&path, "k-erp").await.status, 200, "one name, whichever way it is proven");
        assert_eq!(house.get(&path, "k-crm").await.status, 404);
    }

    #[tokio::test(start_paused = true)]
    async fn a_signature_over_another_body_proves_nobody() {
        let house = house(&[SIGNERS]);
        let reply = signed(&house, "msg_1", &ORIGINAL.replace("IXIS", "Acme")).await;
        assert_eq!(outcome(&reply), (401, "unauthenticated".into()));
        assert!(reply.headers.contains_key("www-authenticate"));
        assert!(house.records.keys().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_signature_is_of_no_use_where_nobody_signs() {
        assert_eq!(signed(&house(&[]), "msg_1", ORIGINAL).await.status, 401);
    }

    #[tokio::test(start_paused = true)]
    async fn keys_of_secrets_manager_are_fetched_when_needed_and_without_them_nobody_gets_in() {
        let house = house(&[("INBOUND_API_KEYS", ""), ("INBOUND_API_KEYS_ARN", "arn:keys")]);
        assert_eq!(outcome(&house.post(&[]).await), (503, "dependency_unavailable".into()));
        assert_eq!(house.post(&[("authorization", "")]).await.status, 401, "no key needs no keys");
        let keys = format!(r#"{{"crm":"{}"}}"#, revops_core::auth::sha256_hex(b"k-crm"));
        house.vault.0.lock().unwrap().insert("arn:keys".into(), keys);
        assert_eq!(house.post(&[]).await.status, 200);
        assert_eq!(house.post(&[("authorization", "Bearer k-erp")]).await.status, 401);
    }

    #[tokio::test(start_paused = true)]
    async fn running_open_takes_everybody_for_anonymous() {
        let house = house(&[("INBOUND_AUTH", "none"), ("INBOUND_API_KEYS", "")]);
        let reply = house.post(&[("authorization", "")]).await;
        assert_eq!(reply.status, 200);
        let id = json(&reply)["tracking_id"].as_str().unwrap().to_owned();
        assert_eq!(
            house.records.json(&format!("conversations/{id}/query.json")).unwrap()["caller"],
            "anonymous"
        );
    }
}
