//! What `template.yaml` allows to each function.

use std::collections::BTreeSet;

use sam_template::all_branches;
use serde_json::Value;

/// A function and its role's statements, those of all branches of conditions.
#[derive(Debug)]
pub(crate) struct Role {
    /// The function's binary.
    pub(crate) binary: String,
    /// The role's logical id.
    pub(crate) id: String,
    pub(crate) statements: Vec<Statement>,
    /// Logical ids of the queues that are mapped to the function.
    pub(crate) sources: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) actions: BTreeSet<String>,
    /// As the template spells them; `Queue.Arn` for an attribute.
    pub(crate) resources: Vec<String>,
    /// What its condition demands of `s3:prefix`.
    pub(crate) prefixes: Vec<String>,
    /// What its condition demands of `kms:ViaService`.
    pub(crate) via_service: Option<String>,
}

impl Role {
    /// Every action that it allows.
    pub(crate) fn actions(&self) -> BTreeSet<String> {
        self.statements.iter().flat_map(|statement| statement.actions.clone()).collect()
    }

    /// The resources on which it allows `action`.
    pub(crate) fn resources_of(&self, action: &str) -> Vec<&str> {
        let allowing = self.statements.iter().filter(|statement| statement.actions.contains(action));
        allowing.flat_map(|statement| statement.resources.iter().map(String::as_str)).collect()
    }
}

/// The functions of the shipped template.
pub(crate) fn shipped() -> Vec<Role> {
    let template = sam_template::parse(include_str!("../../../template.yaml")).unwrap();
    let functions = of_type(&template, "AWS::Serverless::Function");
    functions.map(|(id, function)| role(&template, id, function)).collect()
}

fn role(template: &Value, function_id: &str, function: &Value) -> Role {
    let id = text(&function["Properties"]["Role"]).trim_end_matches(".Arn").to_owned();
    let properties = &template["Resources"][&id]["Properties"];
    assert_eq!(
        properties.get("ManagedPolicyArns"),
        None,
        "{id}: a managed policy allows more than is asked for"
    );
    let policies = all_branches(&properties["Policies"]);
    let statements = policies.iter().flat_map(|policy| all_branches(&policy["PolicyDocument"]["Statement"]));
    let mappings =
        of_type(template, "AWS::Lambda::EventSourceMapping").map(|(_, mapping)| &mapping["Properties"]);
    let own = mappings.filter(|mapping| text(&mapping["FunctionName"]) == format!("{function_id}.Alias"));
    Role {
        binary: text(&function["Metadata"]["Binary"]),
        statements: statements.map(|given| statement(&id, given)).collect(),
        sources: own.map(|mapping| text(&mapping["EventSourceArn"])).collect(),
        id,
    }
}

fn statement(role: &str, given: &Value) -> Statement {
    let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
    let names = given.as_object().unwrap().keys();
    assert!(
        names.clone().all(|name| known.contains(&name.as_str())),
        "{role}: {names:?}: judge it here first"
    );
    assert_eq!(given["Effect"], "Allow", "{role}");
    let texts = |value: &Value| all_branches(value).iter().copied().map(text).collect::<Vec<_>>();
    let condition = given.get("Condition");
    let prefixes = condition.and_then(|condition| condition.pointer("/StringLike/s3:prefix")).map(texts);
    let via_service = condition.and_then(|condition| condition.pointer("/StringEquals/kms:ViaService"));
    assert_eq!(
        condition.is_some(),
        prefixes.is_some() || via_service.is_some(),
        "{role}: {condition:?}: judge it here first"
    );
    Statement {
        actions: texts(&given["Action"]).into_iter().collect(),
        resources: texts(&given["Resource"]),
        prefixes: prefixes.unwrap_or_default(),
        via_service: via_service.map(text),
    }
}

/// Logical ids and declarations of a type.
fn of_type<'a>(template: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let resources = template["Resources"].as_object().unwrap();
    resources.iter().filter(move |(_, resource)| resource["Type"] == kind)
}

/// A text, or the reference that stands for one.
fn text(value: &Value) -> String {
    let reference = value.get("Ref").or_else(|| value.get("Fn::Sub")).unwrap_or(value);
    let attribute = value.get("Fn::GetAtt").map(|pair| format!("{}.{}", text(&pair[0]), text(&pair[1])));
    attribute.unwrap_or_else(|| reference.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned())
}
