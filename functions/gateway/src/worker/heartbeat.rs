//! Short visibility, renewed while the work goes on, so that a crash costs a minute and not six time-outs.

use std::future::Future;
use std::time::Duration;

use futures_util::future::{Either, select};
use revops_core::ports::HideMessages;

use crate::gateway::Gateway;

/// How long a message stays hidden without a sign of life (SPEC 5).
const VISIBILITY: Duration = Duration::from_secs(60);

/// How often the sign of life is given.
const RENEWAL: Duration = Duration::from_secs(20);

impl<R, Q: HideMessages, M> Gateway<R, Q, M> {
    /// Runs `work` and keeps the message with `receipt` hidden meanwhile.
    pub(super) async fn while_hidden<T>(&self, receipt: &str, work: impl Future<Output = T>) -> T {
        // The work is the first to be polled, so a message that is done at once costs no call.
        let renewals = std::pin::pin!(self.renew(receipt));
        match select(std::pin::pin!(work), renewals).await {
            Either::Left((done, _)) => done,
            Either::Right(((), work)) => work.await,
        }
    }

    async fn renew(&self, receipt: &str) {
        loop {
            let seconds = self.config.time_scale.guard_seconds(VISIBILITY);
            self.hide(receipt, seconds).await;
            tokio::time::sleep(RENEWAL).await;
        }
    }
}
