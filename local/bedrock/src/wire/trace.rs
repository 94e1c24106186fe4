//! Trace events, in the order in which a supervisor with collaborators makes them. Pure.

use serde_json::{Value, json};

use super::stream::Reply;
use crate::manager::Contribution;

/// Texts in traces are cut here; the answer itself is not.
const MAX_TEXT_CHARS: usize = 10_000;

/// What all traces of one invocation share.
#[derive(Debug, Clone)]
pub(crate) struct TraceContext {
    pub(crate) agent_id: String,
    pub(crate) alias_id: String,
    pub(crate) session_id: String,
    pub(crate) request_id: String,
    /// ISO 8601.
    pub(crate) now: String,
    pub(crate) input: String,
}

impl TraceContext {
    /// All traces of a reply: the supervisor's thought, each collaborator's work, the final response.
    pub(crate) fn events(&self, reply: &Reply) -> Vec<Value> {
        let mut events = Vec::new();
        events.extend(self.model(0, None, &self.input, reply.usage));
        for (index, contribution) in reply.contributions.iter().enumerate() {
            events.extend(self.collaboration(index + 1, contribution));
        }
        let last = reply.contributions.len() + 1;
        if last > 1 {
            let usage = Usage::of(&self.input, &reply.text);
            events.extend(self.model(last, None, &self.input, usage));
        }
        events.push(self.finished(last, None, &reply.text));
        events
    }

    fn collaboration(&self, step: usize, contribution: &Contribution) -> Vec<Value> {
        let name = contribution.collaborator.name();
        let alias_arn = self.collaborator_arn(name);
        let asked = json!({ "invocationInput": {
            "traceId": self.trace_id(step),
            "invocationType": "AGENT_COLLABORATOR",
            "agentCollaboratorInvocationInput": {
                "agentCollaboratorName": name,
                "agentCollaboratorAliasArn": alias_arn,
                "input": { "type": "TEXT", "text": cut(&contribution.request) },
            },
        }});
        let answered = json!({ "observation": {
            "traceId": self.trace_id(step),
            "type": "AGENT_COLLABORATOR",
            "agentCollaboratorInvocationOutput": {
                "agentCollaboratorName": name,
                "agentCollaboratorAliasArn": alias_arn,
                "output": { "type": "TEXT", "text": cut(&contribution.reply) },
                "metadata": self.metadata(Usage::of(&contribution.request, &contribution.reply)),
            },
        }});
        let usage = Usage::of(&contribution.request, &contribution.reply);
        let mut events = vec![self.event(None, asked)];
        events.extend(self.model(step, Some(name), &contribution.request, usage));
        events.push(self.finished(step, Some(name), &contribution.reply));
        events.push(self.event(None, answered));
        events
    }

    fn model(&self, step: usize, collaborator: Option<&str>, text: &str, usage: Usage) -> [Value; 2] {
        let input = json!({ "modelInvocationInput": {
            "traceId": self.trace_id(step),
            "type": "ORCHESTRATION",
            "text": cut(text),
        }});
        let output = json!({ "modelInvocationOutput": {
            "traceId": self.trace_id(step),
            "metadata": self.metadata(usage),
        }});
        [self.event(collaborator, input), self.event(collaborator, output)]
    }

    fn finished(&self, step: usize, collaborator: Option<&str>, text: &str) -> Value {
        let observation = json!({ "observation": {
            "traceId": self.trace_id(step),
            "type": "FINISH",
            "finalResponse": { "text": cut(text) },
        }});
        self.event(collaborator, observation)
    }

    /// A trace part. One from inside a collaborator bears its name and has the longer caller chain.
    fn event(&self, collaborator: Option<&str>, orchestration: Value) -> Value {
        let own = json!({ "agentAliasArn": self.arn(&self.agent_id, &self.alias_id) });
        let mut chain = vec![own];
        let mut part = json!({
            "agentId": self.agent_id,
            "agentAliasId": self.alias_id,
            "agentVersion": "1",
            "sessionId": self.session_id,
            "eventTime": self.now,
            "trace": { "orchestrationTrace": orchestration },
        });
        if let Some(name) = collaborator {
            chain.push(json!({ "agentAliasArn": self.collaborator_arn(name) }));
            part["collaboratorName"] = json!(name);
        }
        part["callerChain"] = Value::Array(chain);
        part
    }

    fn metadata(&self, usage: Usage) -> Value {
        json!({
            "clientRequestId": self.request_id,
            "startTime": self.now,
            "endTime": self.now,
            "totalTimeMs": 1,
            "usage": { "inputTokens": usage.input_tokens, "outputTokens": usage.output_tokens },
        })
    }

    fn trace_id(&self, step: usize) -> String {
        format!("{}-{step}", self.request_id)
    }

    fn arn(&self, agent_id: &str, alias_id: &str) -> String {
        format!("arn:aws:bedrock:us-east-1:000000000000:agent-alias/{agent_id}/{alias_id}")
    }

    /// Agent ids have ten characters at most.
    fn collaborator_arn(&self, name: &str) -> String {
        let id: String = name.to_ascii_uppercase().chars().take(10).collect();
        self.arn(&id, &self.alias_id)
    }
}

/// Tokens of one model call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
}

impl Usage {
    /// A model's tokens have about four characters.
    pub(crate) fn of(input: &str, output: &str) -> Self {
        let tokens = |text: &str| (text.chars().count() as u64).div_ceil(4);
        Self { input_tokens: tokens(input), output_tokens: tokens(output) }
    }
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(MAX_TEXT_CHARS).map_or(text, |(end, _)| &text[..end])
}
