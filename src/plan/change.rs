//! One change: what, why, how risky, and the fields before and after.

use super::Stage;

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It does not exist and is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is removed and made anew.
    Replace,
    /// It is removed.
    Delete,
}

/// What a change may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Nobody notices.
    Safe,
    /// A service is away for a moment.
    Disruptive,
    /// Data is lost for good.
    Destructive,
}

/// A value as a report may show it; a secret has no other form than `Hidden`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// There is no value.
    Absent,
    /// The value may be read by anybody. Text of several lines is shown as a unified diff.
    Plain(String),
    /// There is a value that may not be shown.
    Hidden,
}

impl Shown {
    /// Shows a plain value.
    pub fn plain(value: &(impl ToString + ?Sized)) -> Self {
        Self::Plain(value.to_string())
    }

    /// Shows a value that may be missing.
    pub fn option<T: ToString>(value: Option<T>) -> Self {
        value.map_or(Self::Absent, |value| Self::Plain(value.to_string()))
    }
}

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDiff {
    /// The field's name in the system it belongs to, such as `memory` or `ports.4317/tcp`.
    pub field: String,
    /// What is there.
    pub before: Shown,
    /// What would be there.
    pub after: Shown,
}

impl FieldDiff {
    /// Compares permission bits, which people read as octal numbers.
    #[must_use]
    pub fn mode(before: u32, after: u32) -> Option<Self> {
        let octal = |mode: u32| Some(format!("{mode:04o}"));
        Self::compare("mode", octal(before), octal(after))
    }

    /// Compares two values; equal ones make no entry.
    pub fn compare<T: PartialEq + ToString>(
        field: impl Into<String>,
        before: Option<T>,
        after: Option<T>,
    ) -> Option<Self> {
        (before != after).then(|| Self {
            field: field.into(),
            before: Shown::option(before),
            after: Shown::option(after),
        })
    }
}

/// One change of one object, and the operation that brings it about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<O> {
    /// `system/kind/name`, such as `docker/container/otel-collector`.
    pub address: String,
    /// What happens.
    pub action: Action,
    /// Why, for people; nothing branches on it.
    pub reason: String,
    /// What it may cost.
    pub risk: Risk,
    /// What users of the stack notice, such as `collector down about 1.5 s`.
    pub impact: Option<String>,
    /// The fields that differ.
    pub fields: Vec<FieldDiff>,
    /// Its place in the order of work.
    pub stage: Stage,
    /// What `execute` runs.
    pub operation: O,
    /// What brings back what was there, while no container has changed.
    pub undo: Option<O>,
}

impl<O> Change<O> {
    /// Starts a safe change without fields.
    pub fn new(address: impl Into<String>, action: Action, stage: Stage, operation: O) -> Self {
        Self {
            address: address.into(),
            action,
            reason: String::new(),
            risk: Risk::Safe,
            impact: None,
            fields: Vec::new(),
            stage,
            operation,
            undo: None,
        }
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// Says how it is undone.
    #[must_use]
    pub fn undone_by(mut self, undo: O) -> Self {
        self.undo = Some(undo);
        self
    }

    /// Says what it may cost.
    #[must_use]
    pub const fn risk(mut self, risk: Risk) -> Self {
        self.risk = risk;
        self
    }

    /// Says what users of the stack notice.
    #[must_use]
    pub fn impact(mut self, impact: impl Into<String>) -> Self {
        self.impact = Some(impact.into());
        self
    }

    /// Adds the fields that differ.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = FieldDiff>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Turns the operation into another type, such as the closed sum of all providers.
    pub fn map<P>(self, wrap: impl Fn(O) -> P) -> Change<P> {
        let Self { address, action, reason, risk, impact, fields, stage, operation, undo } = self;
        let (operation, undo) = (wrap(operation), undo.map(wrap));
        Change { address, action, reason, risk, impact, fields, stage, operation, undo }
    }

    pub(super) const fn order(&self) -> u8 {
        match self.action {
            Action::Delete => self.stage.deletion_rank(),
            Action::Create | Action::Update | Action::Replace => self.stage.rank(),
        }
    }
}
