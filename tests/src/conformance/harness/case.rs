//! One claim about a service.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use super::Failure;

/// How a case ended.
pub type Verdict = Result<(), Failure>;

type Run<S> = fn(S) -> Pin<Box<dyn Future<Output = Verdict> + Send>>;

/// A claim about a subject `S`, such as an SDK client, and the way to check it.
pub struct Case<S> {
    name: &'static str,
    run: Run<S>,
}

impl<S> Case<S> {
    /// The claim `name`, checked by `run`.
    pub const fn new(name: &'static str, run: Run<S>) -> Self {
        Self { name, run }
    }

    /// The claim, as an identifier that reads as a sentence.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn check(&self, subject: S) -> Pin<Box<dyn Future<Output = Verdict> + Send>> {
        (self.run)(subject)
    }
}

impl<S> fmt::Debug for Case<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// The functions named, each as the case of its name.
macro_rules! cases {
    ($($function:ident),+ $(,)?) => {
        vec![$($crate::conformance::Case::new(stringify!($function), |subject| Box::pin($function(subject)))),+]
    };
}
pub(crate) use cases;
