//! The description that is served says what the code does: its routes, codes, limits and members.

use std::collections::BTreeSet;
use std::time::Duration;

use revops_core::problem::ProblemCode;
use revops_core::request::parse;
use serde_json::{Value, json};

use super::OPENAPI;
use super::route::Route;
use crate::fixtures::{self, House, Script};

fn description() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

fn operations(description: &Value) -> Vec<(String, String, Value)> {
    let paths = description["paths"].as_object().unwrap();
    let of = |path: &String, methods: &Value| {
        let of_path = |(method, operation): (&String, &Value)| {
            (path.clone(), method.to_ascii_uppercase(), operation.clone())
        };
        methods.as_object().unwrap().iter().map(of_path).collect::<Vec<_>>()
    };
    paths.iter().flat_map(|(path, methods)| of(path, methods)).collect()
}

/// Follows `$ref` within the description.
fn resolved<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(at) => description.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at}")),
        None => schema,
    }
}

/// Paths of members of `value` that `schema` does not list, and of required ones that are missing.
fn differences(description: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolved(description, schema);
    let mut found = Vec::new();
    if let (Some(members), Some(listed)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, member) in members {
            match listed.get(name) {
                Some(schema) => {
                    found.extend(differences(description, schema, member, &format!("{at}.{name}")))
                }
                None => found.push(format!("{at}.{name} is not described")),
            }
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let missing = required.filter(|name| !members.contains_key(*name));
        found.extend(missing.map(|name| format!("{at}.{name} is missing")));
    }
    for item in value.as_array().into_iter().flatten() {
        found.extend(differences(description, &schema["items"], item, &format!("{at}[]")));
    }
    found
}

fn response(description: &Value, path: &str, method: &str, status: u16) -> Value {
    let operation = &description["paths"][path][method];
    let content = operation["responses"][status.to_string()]["content"].as_object().unwrap();
    content.values().next().unwrap()["schema"].clone()
}

#[test]
fn the_described_routes_and_methods_are_those_of_the_code() {
    let description = description();
    for (path, method, _) in operations(&description) {
        let path = path.replace("{tracking_id}", "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b");
        let allowed = Route::of(&path).1.methods().unwrap_or_else(|| panic!("{path} is not a route"));
        assert!(allowed.split(", ").any(|allowed| allowed == method), "{method} {path}");
    }
    let described: BTreeSet<_> = operations(&description).into_iter().map(|(path, ..)| path).collect();
    assert_eq!(described.len(), 4, "a route without a description: {described:?}");
}

#[test]
fn every_code_is_described_where_it_occurs_with_its_status_and_title() {
    let description = description();
    let listed = &description["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    assert_eq!(*listed, json!(ProblemCode::ALL.map(ProblemCode::as_str)));
    let mut described = BTreeSet::new();
    for (path, method, operation) in operations(&description) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let Some(content) = response["content"].get("application/problem+json") else { continue };
            let example = &content["example"];
            let Some(code) = example["code"].as_str() else { continue };
            let known = ProblemCode::ALL.into_iter().find(|known| known.as_str() == code).unwrap();
            assert_eq!(known.status().to_string(), *status, "{method} {path}: {code}");
            assert_eq!(
                (&example["title"], &example["status"]),
                (&json!(known.title()), &json!(known.status()))
            );
            described.insert(code.to_owned());
        }
    }
    // A 400 has one example for two codes; a method that is not described has no operation to stand at.
    let elsewhere = ["malformed_json", "method_not_allowed"].map(str::to_owned);
    let all: BTreeSet<_> = ProblemCode::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(all.difference(&described).cloned().collect::<Vec<_>>(), elsewhere);
}

#[test]
fn the_described_limits_of_the_question_are_those_of_the_code() {
    let description = description();
    let fields = &description["components"]["schemas"]["Question"]["properties"];
    for field in ["source_system", "source_process", "query"] {
        let most = usize::try_from(fields[field]["maxLength"].as_u64().unwrap()).unwrap();
        for (length, fine) in [(0, false), (1, true), (most, true), (most + 1, false)] {
            let mut question: Value = serde_json::from_str(fixtures::ORIGINAL).unwrap();
            question[field] = json!("x".repeat(length));
            assert_eq!(
                parse(question.to_string().as_bytes()).is_ok(),
                fine,
                "{field} of {length} characters"
            );
        }
    }
}

#[test]
fn the_required_members_of_the_question_are_those_of_the_code() {
    let description = description();
    let refused = parse(b"{}").unwrap_err();
    let asked_for: BTreeSet<_> = refused.errors.iter().map(|error| error.field).collect();
    let required = description["components"]["schemas"]["Question"]["required"].as_array().unwrap();
    assert_eq!(asked_for, required.iter().map(|name| name.as_str().unwrap()).collect());
}

#[test]
fn the_examples_fit_their_own_schemas() {
    let description = description();
    for (path, method, operation) in operations(&description) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            for content in response["content"].as_object().into_iter().flatten().map(|(_, content)| content) {
                let single = content.get("example").into_iter();
                let several = content["examples"].as_object().into_iter().flatten();
                for example in single.chain(several.map(|(_, example)| &example["value"])) {
                    let found = differences(&description, &content["schema"], example, "");
                    assert!(found.is_empty(), "{method} {path} {status}: {found:?}");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_member_of_an_answer_is_described() {
    let description = description();
    let house = House::with(vec![
        Script::Answers("Fine.", Duration::ZERO),
        Script::Answers("Late.", Duration::from_mins(1)),
        Script::FailsForGood,
    ]);
    let answered = house.post(&[]).await;
    let id = fixtures::json(&answered)["tracking_id"].as_str().unwrap().to_owned();
    let replies = [
        ("/webhook", "post", answered),
        ("/webhook", "post", house.post(&[("prefer", "wait=1")]).await),
        ("/webhook", "post", house.post(&[]).await),
        ("/webhook", "post", house.post(&[("idempotency-key", "a b")]).await),
        ("/webhook/{tracking_id}", "get", house.get(&format!("/webhook/{id}"), "k-crm").await),
        ("/webhook/{tracking_id}", "get", house.get("/webhook/nothing", "k-crm").await),
        ("/health", "get", house.get("/health?deep=true", "k-crm").await),
    ];
    let statuses: Vec<u16> = replies.iter().map(|(_, _, reply)| reply.status).collect();
    assert_eq!(statuses, [200, 202, 502, 400, 200, 404, 200]);
    for (path, method, reply) in replies {
        let schema = response(&description, path, method, reply.status);
        let found = differences(&description, &schema, &fixtures::json(&reply), "");
        assert!(found.is_empty(), "{method} {path} {}: {found:?}", reply.status);
    }
}
