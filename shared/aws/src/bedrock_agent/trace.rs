//! What the traces tell, folded as they come: an answer's traces can be megabytes, and they hold the
//! customer's data, so none is kept.

use aws_sdk_bedrockagentruntime::types::{
    GuardrailAction, InvocationInput, Metadata, OrchestrationTrace, PostProcessingTrace, PreProcessingTrace,
    RoutingClassifierTrace, Trace, TracePart,
};

/// Collaborators, tokens, and guardrail of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TraceSummary {
    /// In order of first use.
    pub(super) collaborators: Vec<String>,
    /// Summed over model calls; none when no trace told.
    pub(super) input_tokens: Option<u64>,
    /// Summed over model calls; none when no trace told.
    pub(super) output_tokens: Option<u64>,
    /// A guardrail changed or refused something.
    pub(super) guardrail_intervened: bool,
}

impl TraceSummary {
    /// Takes one trace in. A collaborator shows in two ways: the supervisor calls it, and its own traces bear
    /// its name.
    pub(super) fn take(&mut self, part: &TracePart) {
        self.used(part.collaborator_name());
        let Some(trace) = part.trace() else { return };
        if let Trace::OrchestrationTrace(trace) = trace {
            self.take_orchestration(trace);
        } else if let Trace::RoutingClassifierTrace(trace) = trace {
            self.take_routing(trace);
        } else if let Trace::PreProcessingTrace(PreProcessingTrace::ModelInvocationOutput(output)) = trace {
            self.count(output.metadata());
        } else if let Trace::PostProcessingTrace(PostProcessingTrace::ModelInvocationOutput(output)) = trace {
            self.count(output.metadata());
        } else if let Trace::GuardrailTrace(trace) = trace {
            self.guardrail_intervened |= trace.action() == Some(&GuardrailAction::Intervened);
        }
    }

    fn take_orchestration(&mut self, trace: &OrchestrationTrace) {
        if let OrchestrationTrace::InvocationInput(input) = trace {
            self.called(input);
        } else if let OrchestrationTrace::ModelInvocationOutput(output) = trace {
            self.count(output.metadata());
        }
    }

    fn take_routing(&mut self, trace: &RoutingClassifierTrace) {
        if let RoutingClassifierTrace::InvocationInput(input) = trace {
            self.called(input);
        } else if let RoutingClassifierTrace::ModelInvocationOutput(output) = trace {
            self.count(output.metadata());
        }
    }

    fn called(&mut self, input: &InvocationInput) {
        let collaborator = input.agent_collaborator_invocation_input();
        self.used(collaborator.and_then(|input| input.agent_collaborator_name()));
    }

    fn used(&mut self, name: Option<&str>) {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return };
        if !self.collaborators.iter().any(|known| known == name) {
            self.collaborators.push(name.to_owned());
        }
    }

    /// Only model calls are counted: the metadata of observations repeats what they used.
    fn count(&mut self, metadata: Option<&Metadata>) {
        let Some(usage) = metadata.and_then(Metadata::usage) else { return };
        add(&mut self.input_tokens, usage.input_tokens());
        add(&mut self.output_tokens, usage.output_tokens());
    }
}

fn add(sum: &mut Option<u64>, tokens: Option<i32>) {
    if let Some(tokens) = tokens.and_then(|tokens| u64::try_from(tokens).ok()) {
        *sum = Some(sum.unwrap_or(0).saturating_add(tokens));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_bedrockagentruntime::types::{
        AgentCollaboratorInvocationInput, GuardrailTrace, Observation, OrchestrationModelInvocationOutput,
        Usage,
    };

    fn part(trace: Trace) -> TracePart {
        TracePart::builder().trace(trace).build()
    }

    fn call_of(name: &str) -> InvocationInput {
        let input = AgentCollaboratorInvocationInput::builder().agent_collaborator_name(name).build();
        InvocationInput::builder().agent_collaborator_invocation_input(input).build()
    }

    fn model_call(input: i32, output: i32) -> Trace {
        let usage = Usage::builder().input_tokens(input).output_tokens(output).build();
        let metadata = Metadata::builder().usage(usage).build();
        let output = OrchestrationModelInvocationOutput::builder().metadata(metadata).build();
        Trace::OrchestrationTrace(OrchestrationTrace::ModelInvocationOutput(output))
    }

    fn fold(parts: impl IntoIterator<Item = TracePart>) -> TraceSummary {
        let mut summary = TraceSummary::default();
        parts.into_iter().for_each(|part| summary.take(&part));
        summary
    }

    #[test]
    fn collaborators_come_in_order_of_first_use_and_once_each() {
        let summary = fold([
            part(Trace::RoutingClassifierTrace(RoutingClassifierTrace::InvocationInput(call_of(
                "DataAgent",
            )))),
            part(Trace::OrchestrationTrace(OrchestrationTrace::InvocationInput(call_of(
                "DealAnalysisAgent",
            )))),
            TracePart::builder().collaborator_name("DataAgent").trace(model_call(1, 1)).build(),
            TracePart::builder().collaborator_name("LeadAnalysisAgent").build(),
        ]);
        assert_eq!(summary.collaborators, ["DataAgent", "DealAnalysisAgent", "LeadAnalysisAgent"]);
    }

    #[test]
    fn tokens_are_summed_over_model_calls() {
        let summary = fold([part(model_call(100, 20)), part(model_call(50, 5))]);
        assert_eq!((summary.input_tokens, summary.output_tokens), (Some(150), Some(25)));
    }

    #[test]
    fn an_observation_adds_no_tokens() {
        let observation =
            Trace::OrchestrationTrace(OrchestrationTrace::Observation(Observation::builder().build()));
        assert_eq!(fold([part(observation)]), TraceSummary::default());
    }

    #[test]
    fn without_traces_nothing_is_invented() {
        assert_eq!(fold([]), TraceSummary::default());
    }

    #[test]
    fn a_guardrail_that_intervened_is_remembered_and_one_that_did_not_is_not() {
        let guardrail =
            |action| part(Trace::GuardrailTrace(GuardrailTrace::builder().action(action).build()));
        assert!(!fold([guardrail(GuardrailAction::None)]).guardrail_intervened);
        assert!(
            fold([guardrail(GuardrailAction::Intervened), guardrail(GuardrailAction::None)])
                .guardrail_intervened
        );
    }
}
