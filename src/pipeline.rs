//! The whole program: hierarchy → profile → stack → render → observe → plan → apply → verify.
//!
//! Each stage is a module of that name; `cli` calls these functions and prints.

use crate::apply::{self, Event, Writers};
use crate::artifact::Artifact;
use crate::diagnostic::{Diagnostic, Failure};
use crate::hiera::Lookup;
use crate::plan::{Approved, Plan};
use crate::profile::{Judgements, Profile};
use crate::provider::{Decision, Operation, Readers, Wanted};
use crate::render::Renderer;
use crate::secret::Environment;
use crate::stack::Stack;
use crate::verify::{self, Check};
use std::net::IpAddr;
use std::sync::atomic::AtomicBool;

/// What one profile asks for; no host has been looked at.
#[derive(Clone, Debug)]
pub struct Target {
    /// The desired state.
    pub stack: Stack,
    /// Every file of it.
    pub artifacts: Vec<Artifact>,
}

/// hierarchy → profile → stack → render, on a host with these addresses.
pub fn target(
    lookup: &Lookup<'_>,
    ips: &[IpAddr],
    (known, renderer): (&Judgements, &Renderer),
) -> Result<Target, Failure> {
    let stack = Stack::build(&Profile::of(lookup, known)?, ips)?;
    Ok(Target { artifacts: renderer.render(&stack)?, stack })
}

/// observe → plan.
pub async fn plan(wanted: &Wanted, readers: &Readers) -> Result<Plan<Operation>, Failure> {
    let observed = readers.observe(wanted).await?;
    let Decision { changes, notes, afterwards } = wanted.diff(&observed)?;
    Ok(Plan::new(wanted.stack.clone(), changes, notes).afterwards(afterwards))
}

/// The plan of a stack that the profile tells otelctl to leave alone.
#[must_use]
pub fn unmanaged(stack: &Stack) -> Plan<Operation> {
    let note = Diagnostic::note("the stack is not managed: nothing is planned or removed")
        .at(&stack.managed.origin);
    Plan::new(stack.name.value.clone(), Vec::new(), vec![note])
}

/// apply.
pub async fn apply(
    approved: &Approved<Operation>,
    writers: &Writers,
    interrupted: &AtomicBool,
    tell: &dyn Fn(Event<'_>),
) -> Result<(), Diagnostic> {
    apply::apply(approved, writers, interrupted, tell).await
}

/// verify.
pub async fn verify(
    stack: &Stack,
    environment: Environment<'_>,
    progress: &dyn Fn(&str),
) -> Vec<Check> {
    verify::run(stack, environment, progress).await
}
