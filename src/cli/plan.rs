//! `plan`: shows what `apply` would change.

use super::arguments::{Arguments, Format, Plan};
use super::{connection, exit::Outcome, source, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::pipeline;
use crate::provider::Wanted;
use crate::report;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Plan,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let target = source::target(arguments, terminal)?;
    let plan = if target.stack.managed.value {
        let wanted = Wanted::stack(
            &target.stack,
            &target.artifacts,
            &options.adoption.addresses,
            &source::environment,
        )?;
        let readers = connection::readers(arguments, &target.stack).await?;
        pipeline::plan(&wanted, &readers).await?
    } else {
        pipeline::unmanaged(&target.stack)
    };
    match options.format {
        Format::Human => {
            terminal.data(&report::plan_text(&plan, terminal.data_style));
            terminal.notes(&plan.notes);
        }
        Format::Json => terminal.data(&format!("{:#}\n", report::plan_json(&plan))),
    }
    Ok(Outcome::of(!plan.is_empty(), options.detailed_exitcode))
}
