//! Typed access to one resource's properties, each evaluated when it is asked for.

use std::time::Duration;

use serde_json::Value as Json;

use super::error::TemplateError;
use super::intrinsics;
use super::scope::Scope;

/// The properties of one resource, with the defaults that stand for those it lacks.
pub(crate) struct Properties<'a> {
    scope: &'a Scope<'a>,
    own: Option<&'a Json>,
    /// `Globals.Function` for a function.
    globals: Option<&'a Json>,
    place: String,
}

impl<'a> Properties<'a> {
    /// `resource` is the whole declaration under `Resources.<logical_id>`.
    pub(crate) fn of(scope: &'a Scope<'a>, logical_id: &str, resource: &'a Json) -> Self {
        let place = format!("Resources.{logical_id}.Properties");
        Self { scope, own: resource.get("Properties"), globals: None, place }
    }

    /// The same, with `Globals.<section>` behind it.
    pub(crate) fn with_globals(mut self, section: &str) -> Self {
        self.globals = self.scope.entry("Globals", section);
        self
    }

    /// The place of a property, for an error.
    pub(crate) fn place(&self, name: &str) -> String {
        format!("{}.{name}", self.place)
    }

    /// The evaluated value; `None` where it is absent.
    pub(crate) fn value(&self, name: &str) -> Result<Option<Json>, TemplateError> {
        match self.own.and_then(|own| own.get(name)).or_else(|| self.globals.and_then(|all| all.get(name))) {
            Some(value) => intrinsics::evaluate(self.scope, value, &self.place(name)),
            None => Ok(None),
        }
    }

    /// The resource's own value without evaluation; `None` where it is absent.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a Json> {
        self.own?.get(name)
    }

    /// The value that the resource's `Globals` section has, without evaluation.
    pub(crate) fn raw_global(&self, name: &str) -> Option<&'a Json> {
        self.globals?.get(name)
    }

    /// A text that must be there.
    pub(crate) fn text(&self, name: &str) -> Result<String, TemplateError> {
        match self.value(name)? {
            Some(Json::String(text)) => Ok(text),
            _ => Err(TemplateError::shape(&self.place(name), "a text")),
        }
    }

    /// A whole number in `range`, written as a number or as digits; `default` where it is absent.
    pub(crate) fn whole(
        &self,
        name: &str,
        default: u32,
        range: std::ops::RangeInclusive<u32>,
    ) -> Result<u32, TemplateError> {
        let Some(value) = self.value(name)? else {
            return Ok(default);
        };
        whole_number(&value).filter(|number| range.contains(number)).ok_or_else(|| {
            let problem = format!("must be a whole number from {} to {}", range.start(), range.end());
            TemplateError::invalid(&self.place(name), problem)
        })
    }

    /// Like [`Properties::whole`], in seconds.
    pub(crate) fn seconds(
        &self,
        name: &str,
        default: u32,
        range: std::ops::RangeInclusive<u32>,
    ) -> Result<Duration, TemplateError> {
        self.whole(name, default, range).map(|seconds| Duration::from_secs(seconds.into()))
    }
}

/// A number of a template, which CloudFormation also takes as digits.
pub(crate) fn whole_number(value: &Json) -> Option<u32> {
    match value {
        Json::Number(number) => number.as_u64().and_then(|number| number.try_into().ok()),
        Json::String(digits) => digits.trim().parse().ok(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}
