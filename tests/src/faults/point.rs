//! Where a function is killed.

use http::Method;

/// A function, by its binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Answers HTTP.
    Gateway,
    /// Answers the query queue.
    GatewayWorker,
    /// Asks the agent.
    ManagerAgent,
    /// POSTs and exports.
    Delivery,
}

impl Function {
    /// The name of its program.
    #[must_use]
    pub const fn binary(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::GatewayWorker => "gateway-worker",
            Self::ManagerAgent => "manager-agent",
            Self::Delivery => "delivery",
        }
    }
}

/// A durable step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// A PUT of an object whose key contains this.
    Object(&'static str),
    /// A queue message of this type.
    Message(&'static str),
    /// The visibility of a message of the queue with this name is changed.
    Hide(&'static str),
    /// The manager agent is invoked.
    Invoke,
}

/// On which side of the write the function dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The write never happens.
    Before,
    /// The write happens, and the function never hears of it.
    After,
}

/// Where a function is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultPoint {
    /// Whose life it is.
    pub function: Function,
    /// At which write.
    pub write: Write,
    /// On which side of it.
    pub moment: Moment,
    /// At the how-manieth such write, from 1.
    pub nth: u32,
}

/// What of a request decides whether it is a write that somebody waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    /// `x-amz-target`, which names the operation of SQS.
    pub(super) target: &'a str,
    pub(super) body: &'a str,
}

impl Request<'_> {
    /// The service and the operation.
    pub(super) fn kind(self) -> String {
        match self.target.split_once('.') {
            Some((_, operation)) => format!("sqs {operation}"),
            None if Write::Invoke.is(self) => "lambda Invoke".to_owned(),
            None => format!("s3 {}", self.method),
        }
    }
}

impl Write {
    /// Whether `request` is this write.
    pub(super) fn is(self, request: Request<'_>) -> bool {
        match self {
            Self::Object(part) => *request.method == Method::PUT && request.path.contains(part),
            Self::Message(kind) => request.target.ends_with(".SendMessage") && request.body.contains(kind),
            Self::Hide(queue) => {
                let queue = format!("/{queue}\"");
                // One message, or all that came together.
                let hides = [".ChangeMessageVisibility", ".ChangeMessageVisibilityBatch"];
                hides.iter().any(|hide| request.target.ends_with(hide)) && request.body.contains(&queue)
            }
            Self::Invoke => request.path.ends_with("/invocations"),
        }
    }

    /// Whether requests of this write name their conversation. A change of visibility names a receipt only.
    pub(super) const fn names_its_conversation(self) -> bool {
        !matches!(self, Self::Hide(_))
    }
}
