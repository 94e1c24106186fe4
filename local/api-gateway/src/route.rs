//! Which route a request takes.
//!
//! Source: API Gateway Developer Guide, "Create routes for HTTP APIs": a full match wins over a greedy one, and
//! a greedy one over `$default`; a named method wins over `ANY`.

use std::collections::BTreeMap;

/// The catch-all route.
pub(crate) const DEFAULT: &str = "$default";

/// A route key, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    key: String,
    /// None for `ANY`.
    method: Option<String>,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Variable(String),
    Greedy(String),
}

/// What the event says about the route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matched {
    pub(crate) key: String,
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Route {
    /// None for `$default` and for what is no route key.
    pub(crate) fn parse(key: &str) -> Option<Self> {
        let (method, path) = key.split_once(' ')?;
        let segments = path.strip_prefix('/')?.split('/').map(Segment::parse).collect();
        Some(Self { key: key.to_owned(), method: (method != "ANY").then(|| method.to_owned()), segments })
    }

    fn matches(&self, method: &str, path: &str) -> Option<BTreeMap<String, String>> {
        if self.method.as_deref().is_some_and(|own| own != method) {
            return None;
        }
        let (mut parameters, mut rest) = (BTreeMap::new(), Some(path.strip_prefix('/')?));
        for segment in &self.segments {
            let here = rest?;
            let (first, after) =
                here.split_once('/').map_or((here, None), |(first, after)| (first, Some(after)));
            rest = match segment {
                Segment::Literal(literal) if literal == first => after,
                Segment::Literal(_) => return None,
                Segment::Variable(name) if !first.is_empty() => {
                    parameters.insert(name.clone(), first.to_owned());
                    after
                }
                Segment::Greedy(name) if !here.is_empty() => {
                    parameters.insert(name.clone(), here.to_owned());
                    None
                }
                Segment::Variable(_) | Segment::Greedy(_) => return None,
            };
        }
        rest.is_none().then_some(parameters)
    }

    /// The smaller, the more specific.
    fn rank(&self) -> (bool, usize, bool) {
        let greedy = self.segments.iter().any(|segment| matches!(segment, Segment::Greedy(_)));
        let variables =
            self.segments.iter().filter(|segment| !matches!(segment, Segment::Literal(_))).count();
        (greedy, variables, self.method.is_none())
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => name
                .strip_suffix('+')
                .map_or_else(|| Self::Variable(name.to_owned()), |name| Self::Greedy(name.to_owned())),
            None => Self::Literal(text.to_owned()),
        }
    }
}

/// The most specific route that matches, or `$default`.
pub(crate) fn choose(routes: &[Route], method: &str, path: &str) -> Matched {
    let matching = routes.iter().filter_map(|route| Some((route, route.matches(method, path)?)));
    matching.min_by_key(|(route, _)| route.rank()).map_or_else(
        || Matched { key: DEFAULT.to_owned(), parameters: BTreeMap::new() },
        |(route, parameters)| Matched { key: route.key.clone(), parameters },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, path: &str, key: &str, parameters: &[(&str, &str)]) {
        let keys = [
            "ANY /{proxy+}",
            "POST /webhook",
            "ANY /webhook",
            "GET /webhook/{tracking_id}",
            "GET /webhook/latest",
            "$default",
            "nonsense",
        ];
        let routes: Vec<Route> = keys.into_iter().filter_map(Route::parse).collect();
        let chosen = choose(&routes, method, path);
        let parameters = parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        assert_eq!(chosen, Matched { key: key.into(), parameters }, "{method} {path}");
    }

    #[test]
    fn the_most_specific_route_is_taken() {
        check("POST", "/webhook", "POST /webhook", &[]);
        check("PUT", "/webhook", "ANY /webhook", &[]);
        check("GET", "/webhook/42", "GET /webhook/{tracking_id}", &[("tracking_id", "42")]);
        check("GET", "/webhook/latest", "GET /webhook/latest", &[]);
        check("DELETE", "/webhook/42", "ANY /{proxy+}", &[("proxy", "webhook/42")]);
        check("GET", "/webhook/", "ANY /{proxy+}", &[("proxy", "webhook/")]);
        check("GET", "/", "$default", &[]);
    }
}
