//! Names of log events. Every log line bears one in its field `event`.

/// A request reached the gateway.
pub const REQUEST_RECEIVED: &str = "WEBHOOK_REQUEST_RECEIVED";
/// It was authenticated and is well-formed.
pub const REQUEST_VALIDATED: &str = "WEBHOOK_REQUEST_VALIDATED";
/// It was refused; nothing was stored.
pub const REQUEST_REJECTED: &str = "WEBHOOK_REQUEST_REJECTED";
/// The manager agent was asked.
pub const MANAGER_AGENT_INVOKED: &str = "WEBHOOK_MANAGER_AGENT_INVOKED";
/// The manager agent answered, or failed for good.
pub const MANAGER_AGENT_RESPONSE: &str = "WEBHOOK_MANAGER_AGENT_RESPONSE";
/// The answer got its class.
pub const RESPONSE_CLASSIFIED: &str = "WEBHOOK_RESPONSE_CLASSIFIED";
/// The delivery was queued.
pub const OUTBOUND_QUEUED: &str = "WEBHOOK_OUTBOUND_QUEUED";
/// One attempt to deliver: one line each, whatever came of it.
pub const DELIVERY_ATTEMPTED: &str = "WEBHOOK_DELIVERY_ATTEMPTED";
/// The receiver took it.
pub const DELIVERY_SUCCESS: &str = "WEBHOOK_DELIVERY_SUCCESS";
/// The run ended without a delivery.
pub const DELIVERY_FAILED: &str = "WEBHOOK_DELIVERY_FAILED";
/// The conversation reached its outcome.
pub const CONVERSATION_COMPLETED: &str = "WEBHOOK_CONVERSATION_COMPLETED";
/// The exports lie in the bucket.
pub const CONVERSATION_EXPORTED: &str = "WEBHOOK_CONVERSATION_EXPORTED";
/// A process says how it started and how much memory it has used.
pub const FUNCTION_MEASURED: &str = "WEBHOOK_FUNCTION_MEASURED";
/// Something failed that on-call may have to look at.
pub const ERROR_OCCURRED: &str = "WEBHOOK_ERROR_OCCURRED";
