//! The console at `/_local/`: conversations as they happen, for people. Three files without a build step or
//! anything from elsewhere, and the few answers that they ask for.

mod ask;
mod conversations;
mod files;
mod guard;
mod queues;

pub(crate) use conversations::Conversations;
pub(crate) use guard::{guarded, guarded_throughout};

use axum::Router;
use local_sqs::Sqs;

/// The page and what it asks for. `gateway` answers its questions, with `api_key` where the stack has one.
pub(crate) fn routes(
    conversations: Conversations,
    sqs: Sqs,
    gateway: Router,
    api_key: Option<&str>,
) -> Router {
    Router::new()
        .merge(files::routes())
        .merge(conversations::routes(conversations))
        .merge(queues::routes(sqs))
        .merge(ask::routes(gateway, api_key))
}
