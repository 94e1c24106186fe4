//! What sessions remember, for a bounded number of sessions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::manager::Memory;

/// Sessions beyond this many are forgotten, the longest unused first.
const MAX_SESSIONS: usize = 1000;
/// Turns of a conversation that are kept for a language model.
const MAX_TURNS: usize = 8;
/// A longer text is kept cut.
const MAX_TURN_CHARS: usize = 8_000;

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) question: String,
    pub(crate) answer: String,
}

/// One session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) memory: Memory,
    /// Oldest first.
    pub(crate) turns: Vec<Turn>,
}

impl Session {
    /// Remembers a turn, and forgets the oldest above the bound.
    pub(crate) fn add(&mut self, question: &str, answer: &str) {
        let cut = |text: &str| text.chars().take(MAX_TURN_CHARS).collect();
        self.turns.push(Turn { question: cut(question), answer: cut(answer) });
        let surplus = self.turns.len().saturating_sub(MAX_TURNS);
        self.turns.drain(..surplus);
    }
}

/// All sessions. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sessions {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    sessions: HashMap<String, (u64, Session)>,
    uses: u64,
}

impl Sessions {
    /// The session's state, or that of a new one.
    pub(crate) fn load(&self, id: &str) -> Session {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.sessions.get(id).map(|(_, session)| session.clone()).unwrap_or_default()
    }

    /// Keeps the session's state.
    pub(crate) fn store(&self, id: &str, session: Session) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.uses += 1;
        let used = inner.uses;
        inner.sessions.insert(id.to_owned(), (used, session));
        if inner.sessions.len() > MAX_SESSIONS {
            let oldest = inner.sessions.iter().min_by_key(|(_, (used, _))| *used).map(|(id, _)| id.clone());
            oldest.and_then(|id| inner.sessions.remove(&id));
        }
    }

    /// Forgets the session.
    pub(crate) fn end(&self, id: &str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.sessions.remove(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(deal: &str) -> Session {
        Session { memory: Memory { deal: Some(deal.into()) }, turns: Vec::new() }
    }

    #[test]
    fn the_longest_unused_session_is_forgotten_first() {
        let sessions = Sessions::default();
        sessions.store("first", about("IXIS"));
        for n in 0..MAX_SESSIONS - 1 {
            sessions.store(&n.to_string(), Session::default());
        }
        assert_eq!(sessions.load("first"), about("IXIS"));
        sessions.store("one more", Session::default());
        assert_eq!(sessions.load("first"), Session::default());
    }

    #[test]
    fn a_session_keeps_its_last_turns() {
        let mut session = Session::default();
        for n in 0..20 {
            session.add(&n.to_string(), "answer");
        }
        assert_eq!(session.turns.len(), MAX_TURNS);
        assert_eq!(session.turns[0].question, "12");
    }
}
