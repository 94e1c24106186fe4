//! Receipt handles: opaque to clients, one for each receive of a message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Names one receive of one message. Only the newest receive of a message has power over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReceiptHandle {
    /// Row of the queue it was received from.
    pub(crate) queue: i64,
    /// Row of the message.
    pub(crate) message: i64,
    /// Random name of the receive.
    pub(crate) receive: Uuid,
}

const LENGTH: usize = 32;

impl ReceiptHandle {
    pub(crate) fn encode(&self) -> String {
        let mut bytes = [0_u8; LENGTH];
        let (queue, rest) = bytes.split_at_mut(8);
        let (message, receive) = rest.split_at_mut(8);
        queue.copy_from_slice(&self.queue.to_be_bytes());
        message.copy_from_slice(&self.message.to_be_bytes());
        receive.copy_from_slice(self.receive.as_bytes());
        STANDARD.encode(bytes)
    }

    /// `None` when this service cannot have issued `text`.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; LENGTH] = STANDARD.decode(text).ok()?.try_into().ok()?;
        let (queue, rest) = bytes.split_first_chunk::<8>()?;
        let (message, receive) = rest.split_first_chunk::<8>()?;
        Some(Self {
            queue: i64::from_be_bytes(*queue),
            message: i64::from_be_bytes(*message),
            receive: Uuid::from_slice(receive).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_survives_its_own_spelling() {
        let handle = ReceiptHandle { queue: 7, message: i64::MAX, receive: Uuid::from_u128(42) };
        assert_eq!(ReceiptHandle::decode(&handle.encode()), Some(handle));
    }

    #[test]
    fn what_was_never_issued_is_recognised() {
        for text in ["", "garbage", "AQEB", "%%%", &STANDARD.encode([0; 33])] {
            assert_eq!(ReceiptHandle::decode(text), None, "{text}");
        }
    }
}
