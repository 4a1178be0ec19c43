//! `logs`: prints what the stack's containers have logged; writes nothing, takes no lock.

use super::arguments::{Arguments, Logs};
use super::{exit::Outcome, selection, source, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::provider::docker::{LogLine, LogRequest, Reader};
use crate::report;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Logs,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else {
        return Ok(Outcome::Done);
    };
    let reader = Reader::connect(arguments.docker_host()).await?;
    let found = selection::containers(&target, &reader, options.service.as_deref()).await?;
    let width = found.iter().map(|runtime| runtime.service.len()).max().unwrap_or_default();
    let take = |line: LogLine| {
        let LogLine { time: _, service, text } = line;
        terminal.offer(&report::log_line(&service, width, &text, terminal.data_style))
    };
    let Logs { service: _, follow, tail, since } = options;
    let request = LogRequest { tail: *tail, since: *since, follow: *follow };
    reader.log(&target.stack.name.value, &found, &request, &take).await?;
    Ok(Outcome::Done)
}
