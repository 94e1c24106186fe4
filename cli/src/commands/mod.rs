//! One file a command.

pub(crate) mod check;
pub(crate) mod classify;
pub(crate) mod cost;
pub(crate) mod delete;
pub(crate) mod destinations;
pub(crate) mod dlq;
pub(crate) mod export;
pub(crate) mod manual;
pub(crate) mod metrics;
pub(crate) mod queues;
pub(crate) mod reconcile;
pub(crate) mod send;
pub(crate) mod sign;
pub(crate) mod tail;
pub(crate) mod track;
