//! One POST for a replay that was sent twice.
//!
//! A replay is sent by people: twice by mistake, by two of them at once, or again after a crash. Its second
//! message would find the outcome of the first, but not while that one's POST is under way. So whoever makes an
//! attempt of a replay says so first. The first run's messages are sent by the functions, which send them once;
//! there the write would be a price for nothing.

use std::time::Duration;

use revops_core::ids::random_uuid;
use revops_core::ports::{Created, FetchSecret, Replaced};
use revops_core::records::{ClaimRecord, Run, VERSION, create, keys, read_with_etag, replace};

use super::work::{Fate, Job, Trouble};
use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};

/// A claim without an attempt after it is a crashed one's when it is older: an attempt takes 15 s, and its record
/// 10 s at most. On the store's clock, in real time.
const CLAIM_LIVES: Duration = Duration::from_secs(30);

/// When to look again at what another does, in real time.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// The fate of a message whose attempt another is making; none if it is ours to make.
    pub(crate) async fn claimed_by_another(
        &self,
        job: &Job<'_>,
        number: u32,
    ) -> Result<Option<Fate>, Trouble> {
        let (id, run) = (job.received.deliver.tracking_id, job.received.deliver.run);
        if run == Run::FIRST {
            return Ok(None);
        }
        let key = keys::claim(id, run, number);
        let token = random_uuid(self.random.as_ref()).to_string();
        let claim = ClaimRecord { v: VERSION, run, attempt: number, token };
        if create(&self.records, &key, &claim).await? == Created::New {
            return Ok(None);
        }
        if let Some((_, stored)) = read_with_etag(&self.records, &key).await?
            && stored.age > CLAIM_LIVES
            && replace(&self.records, &key, &claim, &stored.etag).await? == Replaced::Done
        {
            return Ok(None);
        }
        Ok(Some(Fate::HideUntil(self.clock.now().plus(LOOK_AGAIN))))
    }
}
