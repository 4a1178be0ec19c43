//! How a value came about, step by step; holds nothing confidential.

use crate::diagnostic::Location;
use crate::hiera::Node;

/// A tree of steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// What was done, in order.
    pub steps: Vec<Step>,
}

/// One step of a lookup.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Something was searched: a key, a layer, a level, a file, a merge, an interpolation.
    Searched {
        /// What, in words, with its name in backticks.
        what: String,
        /// What was done inside.
        steps: Vec<Step>,
    },
    /// A file that does not exist.
    NoFile(String),
    /// The key is not there.
    NotFound(String),
    /// The key has a value.
    Found {
        /// The key.
        key: String,
        /// Where the value stands.
        location: Location,
        /// The value; `None` if it is confidential.
        value: Option<Node>,
    },
    /// A value that a higher level's overrides.
    Overridden(Location),
    /// A remark: which options applied, that the default was taken.
    Note(String),
    /// What went wrong.
    Failed(String),
}

/// Records steps, if anybody wants them.
#[derive(Debug, Default)]
pub struct Recorder {
    open: Option<Vec<Vec<Step>>>,
}

impl Recorder {
    /// One that records.
    pub fn recording() -> Self {
        Self { open: Some(vec![Vec::new()]) }
    }

    /// Opens a step that has steps inside.
    pub fn enter(&mut self) {
        if let Some(open) = &mut self.open {
            open.push(Vec::new());
        }
    }

    /// Closes the step opened last.
    pub fn leave(&mut self, what: impl FnOnce() -> String) {
        if let Some(open) = &mut self.open
            && let Some(steps) = open.pop()
            && let Some(outer) = open.last_mut()
        {
            outer.push(Step::Searched { what: what(), steps });
        }
    }

    /// Records a step.
    pub fn note(&mut self, step: impl FnOnce() -> Step) {
        if let Some(steps) = self.open.as_mut().and_then(|open| open.last_mut()) {
            steps.push(step());
        }
    }

    /// Records a value, unless it is confidential.
    pub fn found(&mut self, key: &str, node: &Node) {
        self.note(|| Step::Found {
            key: key.to_owned(),
            location: node.location.clone(),
            value: (!node.holds_secret()).then(|| node.clone()),
        });
    }

    /// Everything that was recorded.
    pub fn finish(self) -> Explanation {
        let steps = self.open.unwrap_or_default().into_iter().flatten().collect();
        Explanation { steps }
    }
}
