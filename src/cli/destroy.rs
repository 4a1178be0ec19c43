//! `destroy`: removes the stack.

use super::arguments::{Arguments, Destroy};
use super::{apply, connection, exit::Outcome, source, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::pipeline;
use crate::plan::Limits;
use crate::provider::Wanted;
use crate::report;
use crate::system::Lock;
use std::path::Path;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Destroy,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else {
        return Ok(Outcome::Done);
    };
    let wanted = Wanted::removal(&target.stack, options.volumes, &source::environment)?;
    let directory = Path::new(&target.stack.directory.value);
    let mut lock =
        if options.noop { None } else { Some(Lock::take(directory, "otelctl destroy")?) };
    let readers = connection::readers(arguments, &target.stack).await?;
    let plan = pipeline::plan(&wanted, &readers).await?;
    terminal.warnings(&plan.notes);
    let afterwards = plan.afterwards.clone();
    if options.noop || plan.is_empty() {
        terminal.data(&report::plan_text(&plan, terminal.data_style));
    } else {
        let limits = Limits { allow_destructive: options.volumes };
        let writers = connection::writers(arguments, &target.stack).await?;
        apply::realise(plan, limits, &writers, terminal).await?;
    }
    terminal.notes(&afterwards);
    if let Some(lock) = &mut lock {
        lock.remove_at_end();
    }
    Ok(Outcome::Done)
}
