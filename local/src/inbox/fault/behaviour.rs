//! What a hostile receiver does beyond a wrong status. Pure.

use serde::{Deserialize, Serialize};

/// What `huge` promises and sends, in bytes.
pub(in crate::inbox) const HUGE: usize = 64 * 1024 * 1024;

/// What `short` promises, in bytes; it sends [`SHORT_BODY`].
const PROMISED: usize = 1_000;

/// What `short` sends before it closes.
pub(in crate::inbox) const SHORT_BODY: &str = "too short";

/// Where `redirect` points by default: to the inbox itself, so that a redirect that was followed is listed there.
pub(super) const REDIRECTED: &str = "/_local/inbox/redirected";

/// `"behaviour"` in a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::inbox) enum Behaviour {
    /// A body of a byte now and then, for ever.
    Trickle,
    /// A body without end, as fast as it is read.
    Endless,
    /// A body of 64 MiB.
    Huge,
    /// A body that ends before its `content-length`.
    Short,
    /// Headers without end.
    EndlessHead,
    /// A 3xx with a `Location`.
    Redirect,
    /// Bytes that are not HTTP.
    NotHttp,
    /// The connection is reset before any answer.
    Reset,
    /// No answer, for ever.
    Hang,
}

impl Behaviour {
    /// Every behaviour.
    #[cfg(test)]
    pub(in crate::inbox) const ALL: [Self; 9] = [
        Self::Trickle,
        Self::Endless,
        Self::Huge,
        Self::Short,
        Self::EndlessHead,
        Self::Redirect,
        Self::NotHttp,
        Self::Reset,
        Self::Hang,
    ];

    /// Its name in a fault.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Trickle => "trickle",
            Self::Endless => "endless",
            Self::Huge => "huge",
            Self::Short => "short",
            Self::EndlessHead => "endless_head",
            Self::Redirect => "redirect",
            Self::NotHttp => "not_http",
            Self::Reset => "reset",
            Self::Hang => "hang",
        }
    }

    /// The status that it answers with where the fault names none; none where it never gets to a status.
    pub(super) const fn usual_status(self) -> Option<u16> {
        match self {
            Self::Trickle | Self::Endless | Self::Huge | Self::Short | Self::EndlessHead => Some(200),
            Self::Redirect => Some(307),
            Self::NotHttp | Self::Reset | Self::Hang => None,
        }
    }

    /// The `content-length` that it promises, if any; a body without one ends with its connection.
    const fn content_length(self) -> Option<usize> {
        match self {
            Self::Huge => Some(HUGE),
            Self::Short => Some(PROMISED),
            Self::Trickle
            | Self::Endless
            | Self::EndlessHead
            | Self::Redirect
            | Self::NotHttp
            | Self::Reset
            | Self::Hang => None,
        }
    }

    /// What it writes first, up to the body; `endless_head` never gets to the empty line.
    pub(in crate::inbox) fn opening(self, status: Option<u16>, retry_after: Option<&str>) -> String {
        let Some(status) = status else {
            return if self == Self::NotHttp { "SSH-2.0-OpenSSH_9.6\r\n".to_owned() } else { String::new() };
        };
        let mut head = format!("HTTP/1.1 {status} Hostile\r\nconnection: close\r\n");
        if let Some(value) = retry_after {
            head.push_str(&format!("retry-after: {value}\r\n"));
        }
        if let Some(length) = self.content_length() {
            head.push_str(&format!("content-length: {length}\r\n"));
        }
        if self != Self::EndlessHead {
            head.push_str("\r\n");
        }
        head
    }
}
