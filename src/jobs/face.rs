//! What a face says in its own words, where people read what a job writes.

use std::path::Path;

use crate::assess::{Finding, Warning};
use crate::model::Group;

/// A face's words. None of its methods has to be there: [`Plain`] has none.
pub trait Face {
    /// What the user can do about a finding, such as an option to give, to stand behind it.
    fn advice(&self, _finding: &Finding) -> Option<String> {
        None
    }

    /// The command that joins classes of a model, whose file may have a name.
    fn merge_command(&self, _groups: &[Group], _model: Option<&Path>) -> Option<String> {
        None
    }

    /// Is told what the user should know before the work begins. It is in the outcome, too.
    fn warn(&self, _warning: &Warning) {}
}

/// A face without words of its own.
pub struct Plain;

impl Face for Plain {}
