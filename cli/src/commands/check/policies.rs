//! What the functions may do.

use std::collections::BTreeSet;

use sam_template::all_branches;
use serde_json::Value;

use super::finding::Finding;
use super::template::{Template, place};

/// Actions that know no resource, so that a policy can only say `*`.
///
/// Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for AWS X-Ray".
const WITHOUT_RESOURCE: [&str; 2] = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

/// Judges the roles, with every branch of their conditions.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let roles = template.of_type("AWS::IAM::Role").flat_map(|(id, role)| of_role(id, &role["Properties"]));
    roles.chain(shared(template)).collect()
}

fn of_role(id: &str, properties: &Value) -> Vec<Finding> {
    let place = place(id, "Policies");
    let managed = properties.get("ManagedPolicyArns").map(|_| {
        Finding::warning(
            format!("Resources.{id}.Properties.ManagedPolicyArns"),
            "a managed policy allows more than a function needs, and AWS may add to it",
            "write out the statements that the function needs",
        )
    });
    let policies = all_branches(&properties["Policies"]).into_iter();
    let statements = policies.flat_map(|policy| all_branches(&policy["PolicyDocument"]["Statement"]));
    let allowing = statements.filter(|statement| statement["Effect"] == "Allow");
    managed.into_iter().chain(allowing.filter_map(|statement| of_statement(&place, statement))).collect()
}

fn of_statement(place: &str, statement: &Value) -> Option<Finding> {
    let sid = statement["Sid"].as_str().unwrap_or("a statement without Sid");
    if statement.get("NotAction").is_some() || statement.get("NotResource").is_some() {
        let reason = format!("{sid} allows everything but what it names");
        return Some(Finding::error(place, reason, "name what is allowed in Action and Resource"));
    }
    let actions: Vec<_> = all_branches(&statement["Action"]).into_iter().filter_map(Value::as_str).collect();
    if let Some(action) = actions.iter().find(|action| action.contains('*')) {
        let reason = format!("{sid} allows {action}");
        return Some(Finding::error(place, reason, "name the actions that the function calls"));
    }
    let everywhere = all_branches(&statement["Resource"]).iter().any(|resource| *resource == "*");
    let narrower = actions.iter().find(|action| everywhere && !WITHOUT_RESOURCE.contains(action))?;
    let reason = format!("{sid} allows {narrower} on every resource");
    Some(Finding::error(place, reason, "name the resources"))
}

/// Functions with one role have each other's rights; without one, SAM makes a role with managed policies.
fn shared(template: &Template) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let functions = template.of_type("AWS::Serverless::Function");
    let finding = |(id, function): (&String, &Value)| {
        let role = &function["Properties"]["Role"];
        let reason = if role.is_null() {
            "no role: SAM makes one with managed policies"
        } else if seen.insert(role.to_string()) {
            return None;
        } else {
            "the same role as another function: each could do what the other may"
        };
        Some(Finding::warning(place(id, "Role"), reason, "give the function a role of its own"))
    };
    functions.filter_map(finding).collect()
}
