//! Paths, with or without a stage prefix.

/// What a path means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// `/webhook`
    Webhook,
    /// `/webhook/{tracking_id}`, the id unparsed
    Conversation(&'a str),
    /// `/health`
    Health,
    /// `/openapi.json`
    OpenApi,
    /// Anything else.
    Unknown,
}

impl<'a> Route<'a> {
    /// The route of `path`, and the stage prefix before it (such as `/prod`; empty without a stage).
    pub(super) fn of(path: &'a str) -> (&'a str, Self) {
        let route = Self::exact(path);
        if route != Self::Unknown {
            return ("", route);
        }
        let after_first = path.get(1..).and_then(|rest| rest.find('/')).map(|slash| slash + 1);
        match after_first.map(|at| path.split_at(at)) {
            Some((prefix, rest)) => (prefix, Self::exact(rest)),
            None => ("", Self::Unknown),
        }
    }

    fn exact(path: &'a str) -> Self {
        match path {
            "/webhook" => Self::Webhook,
            "/health" => Self::Health,
            "/openapi.json" => Self::OpenApi,
            _ => match path.strip_prefix("/webhook/") {
                Some(id) if !id.is_empty() && !id.contains('/') => Self::Conversation(id),
                Some(_) | None => Self::Unknown,
            },
        }
    }

    /// The methods that the route knows, as an `Allow` header lists them.
    pub(super) const fn methods(self) -> Option<&'static str> {
        match self {
            Self::Webhook => Some("POST, OPTIONS"),
            Self::Conversation(_) | Self::Health | Self::OpenApi => Some("GET, HEAD, OPTIONS"),
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_under_a_stage_prefix_works_the_same() {
        assert_eq!(Route::of("/webhook"), ("", Route::Webhook));
        assert_eq!(Route::of("/prod/webhook"), ("/prod", Route::Webhook));
        assert_eq!(Route::of("/prod/webhook/abc"), ("/prod", Route::Conversation("abc")));
        assert_eq!(Route::of("/webhook/abc"), ("", Route::Conversation("abc")));
    }

    #[test]
    fn other_paths_are_unknown() {
        for path in ["", "/", "/webhooks", "/webhook/", "/webhook/a/b", "/a/b/webhook", "//", "é/webhook"] {
            assert_eq!(Route::of(path).1, Route::Unknown, "{path}");
        }
    }
}
