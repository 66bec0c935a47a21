//! The words of a face, for texts that people read.

use std::path::Path;

use crate::assess::{Finding, Warning};
use crate::model::Group;

/// A face's words. All methods are optional: [`Plain`] has none.
pub trait Face {
    /// What the user can do about a finding, such as an option to give. It follows the finding's
    /// sentence.
    fn advice(&self, _finding: &Finding) -> Option<String> {
        None
    }

    /// The command that merges classes of a model, whose file may be known.
    fn merge_command(&self, _groups: &[Group], _model: Option<&Path>) -> Option<String> {
        None
    }

    /// Receives a warning that the user should see before the work begins. The outcome has it too.
    fn warn(&self, _warning: &Warning) {}
}

/// A face without words of its own.
pub struct Plain;

impl Face for Plain {}
