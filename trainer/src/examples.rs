//! The training text: one labelled example a line.

use std::path::Path;

use revops_core::Header;
use revops_core::classify::training;
use serde::Deserialize;

use crate::TrainError;

/// A labelled question, with its answer if it has one.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Example {
    /// Unique within its file.
    pub(crate) id: String,
    /// The question.
    pub(crate) query: String,
    /// The answer; a line without one is a question alone.
    #[serde(default)]
    pub(crate) answer: String,
    /// Names in the trace.
    #[serde(default)]
    pub(crate) collaborators: Vec<String>,
    /// The class that a careful person gives it.
    pub(crate) expected: Header,
    /// The file it stands in.
    #[serde(skip)]
    pub(crate) source: String,
}

impl Example {
    /// The question with its answer and trace, if there is an answer.
    pub(crate) fn answered(&self) -> Option<training::Example<'_>> {
        let Self { query, answer, collaborators, .. } = self;
        (!answer.trim().is_empty()).then_some(training::Example {
            query,
            answer: Some(answer),
            collaborators,
        })
    }

    /// The question alone, as before the agent is asked.
    pub(crate) fn alone(&self) -> training::Example<'_> {
        training::Example { query: &self.query, answer: None, collaborators: &[] }
    }

    /// All that is known.
    pub(crate) fn whole(&self) -> training::Example<'_> {
        self.answered().unwrap_or(self.alone())
    }
}

/// The files of examples in `folder`, by name.
pub(crate) fn files(folder: &Path) -> Result<Vec<(String, String)>, TrainError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) =
            path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".jsonl"))
        {
            files.push((name.to_owned(), std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// The examples of `files`, in their order.
pub(crate) fn parse(files: &[(String, String)]) -> Result<Vec<Example>, TrainError> {
    let mut examples = Vec::new();
    for (source, text) in files {
        for (line, json) in (1..).zip(text.lines()) {
            let example: Example = serde_json::from_str(json).map_err(|cause| TrainError::Line {
                file: source.clone(),
                line,
                cause,
            })?;
            examples.push(Example { source: source.clone(), ..example });
        }
    }
    Ok(examples)
}
