//! What names mean inside a template: parameters, pseudo parameters, and the physical names and
//! attributes of resources.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::error::TemplateError;
use super::intrinsics;

/// The account in which the template is deployed, or which a stack pretends to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Such as `us-east-1`.
    pub region: String,
    /// Twelve digits.
    pub account_id: String,
    /// Base URL of SQS, without a trailing slash; queue URLs start with it.
    pub endpoint: String,
    /// Value of `AWS::StackName`.
    pub stack_name: String,
}

/// Deeper chains of references than this are taken for circles.
const DEEPEST_REFERENCE: u32 = 64;

/// One template together with everything that its references resolve to.
pub(crate) struct Scope<'a> {
    template: &'a Json,
    parameters: &'a BTreeMap<String, String>,
    account: &'a Account,
    depth: Cell<u32>,
}

impl<'a> Scope<'a> {
    /// `parameters` are values that replace the template's defaults.
    pub(crate) fn new(
        template: &'a Json,
        parameters: &'a BTreeMap<String, String>,
        account: &'a Account,
    ) -> Self {
        Self { template, parameters, account, depth: Cell::new(0) }
    }

    /// A top-level section (`Resources`, `Conditions`, …); empty where the template has none.
    pub(crate) fn section(&self, name: &str) -> impl Iterator<Item = (&'a String, &'a Json)> {
        self.template.get(name).and_then(Json::as_object).into_iter().flat_map(Map::iter)
    }

    /// One entry of a top-level section.
    pub(crate) fn entry(&self, section: &str, name: &str) -> Option<&'a Json> {
        self.template.get(section)?.get(name)
    }

    /// The value of a `Ref`; `None` is `AWS::NoValue`.
    pub(crate) fn reference(&self, name: &str, place: &str) -> Result<Option<Json>, TemplateError> {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return self.pseudo_parameter(pseudo, place);
        }
        if let Some(parameter) = self.entry("Parameters", name) {
            return self.parameter(name, parameter).map(Some);
        }
        if let Some(function) = name.strip_suffix(".Alias") {
            return self.alias(function, place).map(|arn| Some(Json::String(arn)));
        }
        self.deeper(place, || self.physical_id(name, place)).map(|id| Some(Json::String(id)))
    }

    /// The ARN of the alias that SAM makes of a function's `AutoPublishAlias` (SAM developer guide, "Referencing
    /// generated resources").
    fn alias(&self, function: &str, place: &str) -> Result<String, TemplateError> {
        let own = self.entry("Resources", function).and_then(|resource| resource.get("Properties"));
        let globals = self.entry("Globals", "Function");
        let declared = own.into_iter().chain(globals).find_map(|owner| owner.get("AutoPublishAlias"));
        match declared.and_then(Json::as_str) {
            Some(alias) => Ok(format!("{}:{alias}", self.attribute(function, "Arn", place)?)),
            None => {
                Err(TemplateError::UnknownName { place: place.to_owned(), name: format!("{function}.Alias") })
            }
        }
    }

    /// The value of a `Fn::GetAtt`.
    pub(crate) fn attribute(
        &self,
        name: &str,
        attribute: &str,
        place: &str,
    ) -> Result<String, TemplateError> {
        let kind = self.kind(name, place)?;
        let physical = self.deeper(place, || self.physical_name(name, place))?;
        let Account { region, account_id, .. } = self.account;
        match (kind, attribute) {
            ("AWS::SQS::Queue", "Arn") => Ok(format!("arn:aws:sqs:{region}:{account_id}:{physical}")),
            ("AWS::SQS::Queue", "QueueName") => Ok(physical),
            ("AWS::SQS::Queue", "QueueUrl") => Ok(self.queue_url(&physical)),
            ("AWS::S3::Bucket", "Arn") => Ok(format!("arn:aws:s3:::{physical}")),
            ("AWS::Serverless::Function", "Arn") => {
                Ok(format!("arn:aws:lambda:{region}:{account_id}:function:{physical}"))
            }
            _ => Err(TemplateError::UnknownAttribute {
                place: place.to_owned(),
                resource: name.to_owned(),
                attribute: attribute.to_owned(),
            }),
        }
    }

    /// The name under which a resource runs here: the one that the template gives it, or its logical id in
    /// kebab case without the word for its type (`DealAnalysisQueue` → `deal-analysis`).
    pub(crate) fn physical_name(&self, logical_id: &str, place: &str) -> Result<String, TemplateError> {
        let (property, type_word) = match self.kind(logical_id, place)? {
            "AWS::SQS::Queue" => ("QueueName", "Queue"),
            "AWS::S3::Bucket" => ("BucketName", "Bucket"),
            "AWS::Serverless::Function" => ("FunctionName", "Function"),
            kind => {
                return Err(TemplateError::NotRunHere {
                    place: place.to_owned(),
                    resource: logical_id.to_owned(),
                    kind: kind.to_owned(),
                });
            }
        };
        let given = self
            .entry("Resources", logical_id)
            .and_then(|resource| resource.get("Properties")?.get(property));
        let Some(given) = given else {
            return Ok(kebab_case(logical_id.strip_suffix(type_word).unwrap_or(logical_id)));
        };
        let place = format!("Resources.{logical_id}.Properties.{property}");
        match intrinsics::evaluate(self, given, &place)? {
            Some(Json::String(name)) if !name.is_empty() => Ok(name),
            _ => Err(TemplateError::shape(&place, "a name")),
        }
    }

    fn physical_id(&self, logical_id: &str, place: &str) -> Result<String, TemplateError> {
        let name = self.physical_name(logical_id, place)?;
        Ok(match self.kind(logical_id, place)? {
            "AWS::SQS::Queue" => self.queue_url(&name),
            _ => name,
        })
    }

    fn kind(&self, logical_id: &str, place: &str) -> Result<&'a str, TemplateError> {
        self.entry("Resources", logical_id).and_then(|resource| resource.get("Type")?.as_str()).ok_or_else(
            || TemplateError::UnknownName { place: place.to_owned(), name: logical_id.to_owned() },
        )
    }

    fn queue_url(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.account.endpoint, self.account.account_id)
    }

    fn parameter(&self, name: &str, declaration: &Json) -> Result<Json, TemplateError> {
        let text = match (self.parameters.get(name), declaration.get("Default")) {
            (Some(value), _) => value.clone(),
            (None, Some(Json::String(value))) => value.clone(),
            (None, Some(value)) => value.to_string(),
            (None, None) => return Err(TemplateError::ParameterWithoutValue { name: name.to_owned() }),
        };
        let is_list = declaration.get("Type").and_then(Json::as_str) == Some("CommaDelimitedList");
        Ok(if is_list { text.split(',').map(str::trim).collect() } else { Json::String(text) })
    }

    fn pseudo_parameter(&self, name: &str, place: &str) -> Result<Option<Json>, TemplateError> {
        let value = match name {
            "NoValue" => return Ok(None),
            "Region" => &self.account.region,
            "AccountId" => &self.account.account_id,
            "StackName" => &self.account.stack_name,
            "Partition" => "aws",
            "URLSuffix" => "amazonaws.com",
            _ => {
                return Err(TemplateError::UnknownName {
                    place: place.to_owned(),
                    name: format!("AWS::{name}"),
                });
            }
        };
        Ok(Some(Json::String(value.to_owned())))
    }

    /// Runs `step` one reference deeper, and refuses a circle instead of following it for ever.
    pub(crate) fn deeper<T>(
        &self,
        place: &str,
        step: impl FnOnce() -> Result<T, TemplateError>,
    ) -> Result<T, TemplateError> {
        if self.depth.get() >= DEEPEST_REFERENCE {
            return Err(TemplateError::Circular { place: place.to_owned() });
        }
        self.depth.set(self.depth.get() + 1);
        let result = step();
        self.depth.set(self.depth.get() - 1);
        result
    }
}

/// `QueryDeadLetter` → `query-dead-letter`.
fn kebab_case(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}
