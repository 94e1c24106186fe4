//! The mappings from queues to functions: there, at work, and as wide as the template says.

use std::collections::BTreeMap;

use sam_template::EventSource;

use super::facts::Mapping;
use crate::commands::check::finding::Finding;
use crate::commands::check::template::{Template, place};

/// Judges each mapping of the template.
pub(super) fn check(template: &Template, live: &BTreeMap<String, Option<Mapping>>) -> Vec<Finding> {
    let sources = template.deployment.event_sources.iter();
    let found = sources.flat_map(|source| match live.get(&source.logical_id) {
        Some(Some(mapping)) => vec![state(source, mapping), width(source, mapping)],
        Some(None) | None => vec![Some(absent(source))],
    });
    found.flatten().collect()
}

fn absent(source: &EventSource) -> Finding {
    let reason = format!("the mapping is gone: nobody reads {}", source.queue);
    let fix = "deploy again; a resource that was deleted by hand must be renamed in the template first";
    Finding::error(format!("Resources.{}", source.logical_id), reason, fix)
}

fn state(source: &EventSource, mapping: &Mapping) -> Option<Finding> {
    let place = format!("Resources.{}", source.logical_id);
    match mapping.state.as_str() {
        "Enabled" => None,
        "Creating" | "Enabling" | "Updating" => {
            let reason = format!("is {}: it reads soon", mapping.state.to_lowercase());
            Some(Finding::warning(place, reason, "check again in a minute"))
        }
        state => {
            let reason =
                format!("is {}: {} fills up, and nobody reads it", state.to_lowercase(), source.queue);
            let fix = format!("aws lambda update-event-source-mapping --uuid {} --enabled", mapping.uuid);
            Some(Finding::error(place, reason, fix))
        }
    }
}

fn width(source: &EventSource, mapping: &Mapping) -> Option<Finding> {
    let says = source.maximum_concurrency;
    let runs = mapping.maximum_concurrency;
    (runs != Some(says)).then(|| {
        let runs = runs.map_or_else(|| "none".to_owned(), |runs| runs.to_string());
        let reason = format!("was changed by hand: {runs}, and the template says {says}");
        let fix = format!(
            "aws lambda update-event-source-mapping --uuid {} --scaling-config MaximumConcurrency={says}",
            mapping.uuid
        );
        Finding::warning(place(&source.logical_id, "ScalingConfig.MaximumConcurrency"), reason, fix)
    })
}
