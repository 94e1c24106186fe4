//! The stack as CloudFormation knows it.

use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_xml::decode::XmlDecodeError;

use crate::aws_call::{Caller, Query, xml};
use crate::error::CtlError;

/// What CloudFormation shows in place of a NoEcho parameter's value.
const HIDDEN: &str = "****";

/// A deployed stack.
#[derive(Debug, Default)]
pub(super) struct Stack {
    pub(super) name: String,
    /// Such as `UPDATE_COMPLETE`.
    pub(super) status: String,
    /// The template as it was handed in, before SAM's transform.
    pub(super) template: String,
    pub(super) values: Values,
    /// Physical ids by logical ids.
    pub(super) resources: BTreeMap<String, String>,
}

/// The parameters' values.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Values {
    pub(super) told: BTreeMap<String, String>,
    /// Names of those that are not told.
    pub(super) hidden: BTreeSet<String>,
}

impl Stack {
    /// Asks CloudFormation for the stack `name`.
    pub(super) async fn read(caller: &Caller<'_, Query>, name: &str) -> Result<Self, CtlError> {
        let named = ("StackName", name);
        let described = caller.query("DescribeStacks", &[named]).await?;
        let stage = ("TemplateStage", "Original");
        let template = caller.query("GetTemplate", &[named, stage]).await?;
        let stack = ["DescribeStacksResult", "Stacks", "member"];
        let parameters = [&stack[..], &["Parameters"]].concat();
        Ok(Self {
            name: name.to_owned(),
            status: take(understood(xml::fields(&described, &stack))?, "StackStatus"),
            template: take(understood(xml::fields(&template, &["GetTemplateResult"]))?, "TemplateBody"),
            values: Values::of(understood(xml::members(&described, &parameters))?),
            resources: resources(caller, name).await?,
        })
    }
}

impl Values {
    fn of(parameters: Vec<xml::Fields>) -> Self {
        let mut values = Self::default();
        for mut parameter in parameters {
            let name = parameter.remove("ParameterKey").unwrap_or_default();
            match parameter.remove("ParameterValue").unwrap_or_default() {
                value if value == HIDDEN => _ = values.hidden.insert(name),
                value => _ = values.told.insert(name, value),
            }
        }
        values
    }
}

async fn resources(caller: &Caller<'_, Query>, stack: &str) -> Result<BTreeMap<String, String>, CtlError> {
    let mut resources = BTreeMap::new();
    let mut next = String::new();
    loop {
        let mut input = vec![("StackName", stack)];
        if !next.is_empty() {
            input.push(("NextToken", next.as_str()));
        }
        let page = caller.query("ListStackResources", &input).await?;
        let listed = xml::members(&page, &["ListStackResourcesResult", "StackResourceSummaries"]);
        resources.extend(understood(listed)?.into_iter().map(|mut resource| {
            let mut text = |name: &str| resource.remove(name).unwrap_or_default();
            (text("LogicalResourceId"), text("PhysicalResourceId"))
        }));
        next = take(understood(xml::fields(&page, &["ListStackResourcesResult"]))?, "NextToken");
        if next.is_empty() {
            return Ok(resources);
        }
    }
}

fn take(mut fields: xml::Fields, name: &str) -> String {
    fields.remove(name).unwrap_or_default()
}

fn understood<T>(read: Result<T, XmlDecodeError>) -> Result<T, CtlError> {
    read.map_err(|cause| {
        CtlError::Failed(format!("CloudFormation's answer is not understood: {cause}; update gatewayctl"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cloudformation_hides_is_no_value() {
        let parameter = |name: &str, value: &str| {
            [("ParameterKey", name), ("ParameterValue", value)]
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .into()
        };
        let values = Values::of(vec![parameter("LogLevel", "info"), parameter("SigningSecrets", "****")]);
        assert_eq!(values.told, BTreeMap::from([("LogLevel".to_owned(), "info".to_owned())]));
        assert_eq!(values.hidden, BTreeSet::from(["SigningSecrets".to_owned()]));
    }
}
