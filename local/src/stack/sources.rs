//! Where the template and the functions' sources are.

use std::path::{Path, PathBuf};

use super::StackError;
use crate::cli::Arguments;
use crate::workspace;

/// The template's file, and the workspace where there is one.
pub(super) struct Sources {
    workspace: Option<PathBuf>,
    template: PathBuf,
}

impl Sources {
    /// The workspace is that of the cargo that runs this program, or the one around the current folder.
    pub(super) fn find(arguments: &Arguments) -> Result<Self, StackError> {
        let of_cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let current = std::env::current_dir().map_err(StackError::Runtime)?;
        let workspace = workspace::find(of_cargo.as_deref().into_iter().chain([current.as_path()]));
        let template = match (&arguments.template, &workspace) {
            (Some(template), _) => template.clone(),
            (None, Some(workspace)) => workspace.join("template.yaml"),
            (None, None) => return Err(StackError::NoWorkspace),
        };
        Ok(Self { workspace, template })
    }

    /// The workspace's folder, which a build needs.
    pub(super) fn workspace(&self) -> Result<&Path, StackError> {
        self.workspace.as_deref().ok_or(StackError::NoWorkspace)
    }

    /// The template's file.
    pub(super) fn template(&self) -> &Path {
        &self.template
    }

    /// The template's text.
    pub(super) fn read_template(&self) -> Result<String, StackError> {
        std::fs::read_to_string(&self.template)
            .map_err(|source| StackError::TemplateUnreadable { path: self.template.clone(), source })
    }
}
