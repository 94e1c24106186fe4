//! The processes of a function that wait for work.

use std::time::Duration;
use tokio::time::Instant;

/// A stack of idle things: the most recently used is used next, so that the others can age and go.
pub(crate) struct IdleStack<T> {
    entries: Vec<(Instant, T)>,
}

impl<T> IdleStack<T> {
    pub(crate) const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    pub(crate) fn push(&mut self, now: Instant, entry: T) {
        self.entries.push((now, entry));
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        self.entries.pop().map(|(_, entry)| entry)
    }

    /// Takes out what has been idle for `limit` or longer.
    pub(crate) fn take_expired(&mut self, now: Instant, limit: Duration) -> Vec<T> {
        self.take_where(|since, _| now.duration_since(since) >= limit)
    }

    /// Takes out what `predicate` says.
    pub(crate) fn take_matching(&mut self, predicate: impl Fn(&T) -> bool) -> Vec<T> {
        self.take_where(|_, entry| predicate(entry))
    }

    fn take_where(&mut self, predicate: impl Fn(Instant, &T) -> bool) -> Vec<T> {
        self.entries
            .extract_if(.., |(since, entry)| predicate(*since, entry))
            .map(|(_, entry)| entry)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn stack(now: Instant) -> IdleStack<&'static str> {
        let mut stack = IdleStack::new();
        stack.push(now, "first");
        stack.push(now + MINUTE, "second");
        stack
    }

    #[tokio::test]
    async fn the_most_recently_used_is_used_next() {
        let mut stack = stack(Instant::now());
        assert_eq!(stack.pop(), Some("second"));
        assert_eq!(stack.pop(), Some("first"));
        assert_eq!(stack.pop(), None);
    }

    #[tokio::test]
    async fn only_what_was_idle_for_the_whole_limit_expires() {
        let now = Instant::now();
        let mut stack = stack(now);
        let second = Duration::from_secs(1);
        assert!(stack.take_expired(now + 5 * MINUTE - second, 5 * MINUTE).is_empty());
        assert_eq!(stack.take_expired(now + 5 * MINUTE, 5 * MINUTE), ["first"]);
        assert_eq!(stack.take_expired(now + 6 * MINUTE, 5 * MINUTE), ["second"]);
    }

    #[tokio::test]
    async fn an_entry_can_be_taken_out_of_the_middle() {
        let mut stack = stack(Instant::now());
        assert_eq!(stack.take_matching(|entry| *entry == "first"), ["first"]);
        assert_eq!(stack.pop(), Some("second"));
    }
}
