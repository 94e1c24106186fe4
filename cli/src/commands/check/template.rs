//! The template under check: as it is written, and as it would be deployed.

use std::collections::{BTreeMap, BTreeSet};

use sam_template::{Account, Deployment, Function, Queue, TemplateError};
use serde_json::{Map, Value};

/// What stands for a parameter that must be given and is not: it only has to be of the right shape.
const NOT_GIVEN: &str = "https://not-given.example";

/// A template that could be read.
pub(super) struct Template {
    json: Value,
    /// What would be deployed.
    pub(super) deployment: Deployment,
    parameters: BTreeMap<String, String>,
    account: Account,
    /// Parameters that must be given and are not.
    pub(super) not_given: Vec<String>,
    /// Parameters that have a value which nobody tells.
    pub(super) hidden: BTreeSet<String>,
}

impl Template {
    /// Evaluates the template's `text` with the parameters that are `given`; those that are `hidden` have a value, too.
    pub(super) fn read(
        text: &str,
        given: &BTreeMap<String, String>,
        hidden: BTreeSet<String>,
    ) -> Result<Self, TemplateError> {
        let json = sam_template::parse(text)?;
        let declared = json.get("Parameters").and_then(Value::as_object).into_iter().flatten();
        let is_missing = |(name, parameter): &(&String, &Value)| {
            parameter.get("Default").is_none() && !given.contains_key(*name)
        };
        let mut not_given: Vec<_> = declared.filter(is_missing).map(|(name, _)| name.clone()).collect();
        let mut parameters = given.clone();
        parameters.extend(not_given.iter().map(|name| (name.clone(), NOT_GIVEN.to_owned())));
        not_given.retain(|name| !hidden.contains(name));
        // Only names depend on it, and none is judged.
        let account = Account {
            region: "us-east-1".to_owned(),
            account_id: "123456789012".to_owned(),
            endpoint: "https://sqs.us-east-1.amazonaws.com".to_owned(),
            stack_name: "stack".to_owned(),
        };
        let deployment = sam_template::read(text, &parameters, &account)?;
        Ok(Self { json, deployment, parameters, account, not_given, hidden })
    }

    /// Names and declarations of the parameters.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.json.get("Parameters").and_then(Value::as_object).into_iter().flat_map(Map::iter)
    }

    /// Logical ids and declarations of the resources of a type.
    pub(super) fn of_type(&self, kind: &str) -> impl Iterator<Item = (&String, &Value)> {
        let resources = self.json.get("Resources").and_then(Value::as_object).into_iter().flat_map(Map::iter);
        resources.filter(move |(_, resource)| resource.get("Type").is_some_and(|given| given == kind))
    }

    /// A resource's property as it is written; null where it is absent.
    pub(super) fn written<'a>(&'a self, logical_id: &str, property: &str) -> &'a Value {
        &self.json["Resources"][logical_id]["Properties"][property]
    }

    /// The value of an expression; null where it is absent, or names what only AWS knows.
    pub(super) fn value(&self, expression: &Value) -> Value {
        let value = sam_template::evaluate(&self.json, &self.parameters, &self.account, expression, "here");
        value.ok().flatten().unwrap_or_default()
    }

    /// The same, as a whole number, which may be written as digits.
    pub(super) fn number(&self, expression: &Value) -> Option<u64> {
        let value = self.value(expression);
        value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// The value of a parameter, where it is one and has one.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let default = || self.json["Parameters"][name]["Default"].as_str();
        self.parameters.get(name).map(String::as_str).or_else(default)
    }

    /// The parameter that a function's variable is, where the template says no more than that.
    pub(super) fn parameter_of(&self, function: &Function, variable: &str) -> Option<&str> {
        let variables = &self.written(&function.logical_id, "Environment")["Variables"];
        let name = variables[variable]["Ref"].as_str()?;
        self.json["Parameters"].get(name).map(|_| name)
    }

    /// The function with this binary.
    pub(super) fn function(&self, binary: &str) -> Option<&Function> {
        self.deployment.functions.iter().find(|function| function.binary == binary)
    }

    /// The queue with this name.
    pub(super) fn queue(&self, name: &str) -> Option<&Queue> {
        self.deployment.queues.iter().find(|queue| queue.name == name)
    }
}

/// The place of a property.
pub(super) fn place(logical_id: &str, property: &str) -> String {
    format!("Resources.{logical_id}.Properties.{property}")
}
