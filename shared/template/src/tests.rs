//! Claims about the evaluation of templates, the shipped one first.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

const SHIPPED: &str = include_str!("../../../template.yaml");

fn account() -> Account {
    Account {
        region: "us-east-1".to_owned(),
        account_id: "000000000000".to_owned(),
        endpoint: "http://127.0.0.1:4566".to_owned(),
        stack_name: "local".to_owned(),
    }
}

fn read_with(text: &str, parameters: &[(&str, &str)]) -> Result<Deployment, TemplateError> {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    read(text, &parameters.collect(), &account())
}

fn shipped() -> Deployment {
    read_with(SHIPPED, &[("GeneralWebhookUrl", "http://inbox")]).unwrap()
}

fn function(name: &str) -> Function {
    shipped().functions.into_iter().find(|function| function.name == name).unwrap()
}

/// A bucket whose name is `expression`, in a template with some parameters and conditions.
fn evaluate_name(expression: &str) -> Result<String, TemplateError> {
    let text = format!(
        "Parameters: {{Stage: {{Type: String, Default: prod}}, Zones: {{Type: CommaDelimitedList, Default: 'a, b'}}}}\n\
         Conditions:\n  \
           Yes: !Equals [!Ref Stage, prod]\n  \
           No: !Not [!Condition Yes]\n  \
           Both: !And [!Condition Yes, !Condition No]\n  \
           Either: !Or [!Condition No, !Condition Yes]\n\
         Resources:\n  \
           Q: {{Type: AWS::SQS::Queue}}\n  \
           B: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {expression}}}}}\n"
    );
    read_with(&text, &[]).map(|deployment| deployment.buckets[0].clone())
}

#[test]
fn the_shipped_template_has_the_four_functions_named_after_their_binaries() {
    let names: Vec<_> = shipped().functions.iter().map(|f| (f.name.clone(), f.binary.clone())).collect();
    let expected = ["delivery", "gateway", "gateway-worker", "manager-agent"];
    assert_eq!(names, expected.map(|name| (name.to_owned(), name.to_owned())));
}

#[test]
fn the_functions_have_the_time_outs_and_memory_of_the_template() {
    let limits = |name: &str| (function(name).timeout.as_secs(), function(name).memory_mb);
    assert_eq!(limits("gateway"), (29, 256));
    assert_eq!(limits("gateway-worker"), (180, 256));
    assert_eq!(limits("manager-agent"), (150, 256));
    assert_eq!(limits("delivery"), (60, 256));
}

#[test]
fn only_the_gateway_serves_http_and_it_takes_every_path() {
    let serving: Vec<_> =
        shipped().functions.into_iter().filter(|f| !f.routes.is_empty()).map(|f| f.name).collect();
    assert_eq!(serving, ["gateway"]);
    let mut routes = function("gateway").routes;
    routes.sort_unstable();
    let expected =
        ["$default", "GET /health", "GET /openapi.json", "GET /webhook/{tracking_id}", "POST /webhook"];
    assert_eq!(routes, expected);
}

#[test]
fn references_to_queues_buckets_and_functions_become_urls_and_names() {
    let environment = function("gateway").environment;
    assert_eq!(environment["QUERY_QUEUE_URL"], "http://127.0.0.1:4566/000000000000/query");
    assert_eq!(environment["DEAL_ANALYSIS_QUEUE_URL"], "http://127.0.0.1:4566/000000000000/deal-analysis");
    assert_eq!(environment["CONVERSATION_EXPORT_S3_BUCKET"], "conversations");
    let manager_agent = "arn:aws:lambda:us-east-1:000000000000:function:manager-agent:live";
    assert_eq!(environment["MANAGER_AGENT_FUNCTION_NAME"], manager_agent);
    assert_eq!(environment["DEFAULT_WAIT_SECONDS"], "25");
    assert_eq!(environment["GENERAL_WEBHOOK_URL"], "http://inbox");
    assert_eq!(environment["DEAL_ANALYSIS_WEBHOOK_URL"], "");
}

#[test]
fn an_alias_is_its_function_s_arn_with_the_alias_behind_it_and_a_mapping_to_it_feeds_the_function() {
    let text = |alias: &str| {
        format!(
            "Resources:\n  \
               WorkFunction: {{Type: AWS::Serverless::Function, Metadata: {{Binary: work}}, Properties: {{{alias} \
                 Environment: {{Variables: {{SELF: !Ref WorkFunction.Alias}}}}}}}}\n  \
               WorkQueue: {{Type: AWS::SQS::Queue}}\n  \
               WorkMapping:\n    Type: AWS::Lambda::EventSourceMapping\n    \
                 Properties: {{EventSourceArn: !GetAtt WorkQueue.Arn, FunctionName: !Ref WorkFunction.Alias}}\n"
        )
    };
    let deployment = read_with(&text("AutoPublishAlias: live,"), &[]).unwrap();
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:work:live";
    assert_eq!(deployment.functions[0].environment["SELF"], arn);
    assert_eq!(deployment.event_sources[0].function, "work");
    let error = read_with(&text(""), &[]).unwrap_err();
    assert!(error.to_string().contains("WorkFunction.Alias"), "{error}");
}

#[test]
fn every_queue_keeps_messages_14_days_and_a_redrive_only_catches_crashes() {
    for queue in shipped().queues {
        assert_eq!(queue.message_retention, Duration::from_secs(14 * 86_400), "{}", queue.name);
        let target = queue.redrive.as_ref().map(|r| (r.dead_letter_queue.as_str(), r.max_receive_count));
        let expected = match queue.name.as_str() {
            "query" => Some(("query-dead-letter", 100)),
            "dead-letter" | "query-dead-letter" => None,
            _ => Some(("dead-letter", 100)),
        };
        assert_eq!(target, expected, "{}", queue.name);
    }
}

#[test]
fn every_class_has_a_queue_that_feeds_delivery_and_the_query_queue_feeds_the_worker() {
    let deployment = shipped();
    let mut fed: Vec<_> =
        deployment.event_sources.iter().map(|m| (m.queue.as_str(), m.function.as_str())).collect();
    fed.sort_unstable();
    assert_eq!(
        fed,
        [
            ("data-analysis", "delivery"),
            ("deal-analysis", "delivery"),
            ("general", "delivery"),
            ("lead-analysis", "delivery"),
            ("query", "gateway-worker"),
        ]
    );
    for mapping in &deployment.event_sources {
        assert!(mapping.report_batch_item_failures);
        assert_eq!((mapping.batch_size, mapping.maximum_concurrency), (10, 10));
    }
}

/// AWS asks for six time-outs, and refuses a mapping with less than one.
#[test]
fn a_queue_hides_messages_for_six_time_outs_of_its_reader() {
    let deployment = shipped();
    for mapping in &deployment.event_sources {
        let queue = deployment.queues.iter().find(|queue| queue.name == mapping.queue).unwrap();
        assert!(queue.visibility_timeout >= function(&mapping.function).timeout * 6, "{}", queue.name);
    }
}

/// AWS Lambda allows 4 KB in all; what users fill in needs the greater part of it.
#[test]
fn the_environment_leaves_room_for_secrets_and_urls() {
    for function in shipped().functions {
        let bytes: usize = function.environment.iter().map(|(name, value)| name.len() + value.len()).sum();
        assert!(bytes < 1400, "{}: {bytes} bytes", function.name);
    }
}

#[test]
fn a_parameter_without_default_and_value_is_named() {
    let error = read_with(SHIPPED, &[]).unwrap_err();
    assert_eq!(error, TemplateError::ParameterWithoutValue { name: "GeneralWebhookUrl".to_owned() });
}

#[test]
fn intrinsics_are_evaluated_as_cloudformation_does() {
    let check = |expression: &str, expected: &str| {
        assert_eq!(evaluate_name(expression).as_deref(), Ok(expected), "{expression}");
    };
    check("!Ref Stage", "prod");
    check("!Sub 'x-${Stage}-${AWS::StackName}'", "x-prod-local");
    check("!Sub 'x-${!Stage}'", "x-${Stage}");
    check("!Sub ['${A}-${Stage}', {A: !Ref AWS::Region}]", "us-east-1-prod");
    check("!Sub '${Q.Arn}'", "arn:aws:sqs:us-east-1:000000000000:q");
    check("!Sub '${Q}'", "http://127.0.0.1:4566/000000000000/q");
    check("!GetAtt Q.QueueName", "q");
    check("{'Fn::GetAtt': [Q, Arn]}", "arn:aws:sqs:us-east-1:000000000000:q");
    check("!Join ['-', [a, !Ref Stage, !Ref 'AWS::NoValue']]", "a-prod");
    check("!Select [1, !Ref Zones]", "b");
    check("!If [Yes, a, b]", "a");
    check("!If [No, a, b]", "b");
    check("!If [Both, a, b]", "b");
    check("!If [Either, a, !Ref Missing]", "a");
    check("{'Fn::If': [Yes, {'Fn::Join': ['', [a, b]]}, c]}", "ab");
}

#[test]
fn what_cannot_be_evaluated_is_refused_with_its_place() {
    let check = |expression: &str, expected: &str| {
        assert_eq!(evaluate_name(expression).unwrap_err().to_string(), expected, "{expression}");
    };
    let place = "Resources.B.Properties.BucketName";
    check("!Ref Nobody", &format!("{place}: Nobody refers to nothing that this template declares"));
    check("!Ref AWS::Moon", &format!("{place}: AWS::Moon refers to nothing that this template declares"));
    check("!GetAtt Q.Colour", &format!("{place}: no attribute Colour of Q is known here"));
    check("!Cidr ['10.0.0.0/8', 1]", &format!("{place}: the intrinsic function Fn::Cidr is not known here"));
    check("!Ref B", &format!("{place}: refers to itself"));
    check("!Sub '${Stage'", &format!("{place}: expected a }} after every ${{"));
    check(
        "!Select [2, !Ref Zones]",
        &format!("{place}: expected an index and a list that has it after Select"),
    );
}

#[test]
fn a_resource_whose_condition_is_false_is_not_created() {
    let text = "Conditions: {Never: !Equals [a, b]}\n\
                Resources: {Q: {Type: AWS::SQS::Queue, Condition: Never}, R: {Type: AWS::SQS::Queue}}";
    let names: Vec<_> = read_with(text, &[]).unwrap().queues.into_iter().map(|queue| queue.name).collect();
    assert_eq!(names, ["r"]);
}

#[test]
fn a_number_outside_its_service_s_range_is_refused() {
    let text = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 901}}}";
    let error = read_with(text, &[]).unwrap_err().to_string();
    assert_eq!(error, "Resources.Q.Properties.DelaySeconds: must be a whole number from 0 to 900");
}

#[test]
fn a_function_without_its_binary_is_refused() {
    let text = "Resources: {F: {Type: 'AWS::Serverless::Function'}}";
    let error = read_with(text, &[]).unwrap_err().to_string();
    assert_eq!(error, "Resources.F.Metadata.Binary: expected the name of the function's cargo binary");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fail_otherwise_than_by_an_error(text in "[ -~\n]{0,200}") {
        let _ = read(&text, &BTreeMap::new(), &account());
    }

    #[test]
    fn a_text_without_dollar_is_its_own_substitution(text in "[a-z{}.!-]{1,40}") {
        prop_assert_eq!(evaluate_name(&format!("!Sub '{text}'")), Ok(text));
    }
}

#[test]
fn a_function_runs_as_often_at_once_as_the_template_reserves_for_it() {
    assert_eq!(function("gateway").reserved_concurrency, None);
    let reserved = SHIPPED.replacen("Timeout: 29", "Timeout: 29\n      ReservedConcurrentExecutions: 2", 1);
    let deployment = read_with(&reserved, &[("GeneralWebhookUrl", "http://inbox")]).unwrap();
    let gateway = deployment.functions.iter().find(|function| function.name == "gateway").unwrap();
    assert_eq!(gateway.reserved_concurrency, Some(2));
}
