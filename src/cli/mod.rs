//! Arguments, environment, terminal and exit codes; one file a command.
//!
//! The environment and the terminal are read here and nowhere else. May not
//! know how a provider works.

mod addresses;
mod apply;
mod arguments;
mod backfill;
mod client_env;
mod client_source;
mod connection;
mod destroy;
mod exit;
mod explanation;
mod hierarchy;
mod logs;
mod lookup;
mod lookup_hierarchy;
mod nodes;
mod plan;
mod reconcile;
mod render;
mod restart;
mod schema;
mod selection;
mod shell;
mod source;
mod start;
mod status;
mod stop;
mod templates;
mod terminal;
mod usage;
mod validate;
mod verify;
mod verify_client;

use crate::diagnostic::Failure;
use arguments::{Arguments, Command};
use exit::Outcome;
use std::process::ExitCode;
use terminal::Terminal;

/// Runs the program and returns its documented exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match arguments::parse() {
        Ok(arguments) => arguments,
        Err(usage) => return usage,
    };
    let terminal = Terminal::new(arguments.color, arguments.quiet);
    let code = match run(&arguments, &terminal) {
        Ok(outcome) => outcome.exit_code(),
        Err(failure) => {
            terminal.failure(&failure);
            failure.kind().exit_code()
        }
    };
    ExitCode::from(code)
}

fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    match &arguments.command {
        Command::Validate => validate::run(arguments, terminal),
        Command::Render(options) => render::run(arguments, options, terminal),
        Command::ClientEnv(options) => client_env::run(arguments, options, terminal),
        Command::Lookup(options) => lookup::run(arguments, options, terminal),
        Command::Templates(options) => templates::run(options, terminal),
        Command::Schema => Ok(schema::run(terminal)),
        Command::Completions(options) => Ok(shell::completions(options, terminal)),
        Command::Man => shell::man(terminal),
        Command::Plan(options) => wait(plan::run(arguments, options, terminal)),
        Command::Apply(options) => wait(apply::run(arguments, options, terminal)),
        Command::Verify(options) if options.client.is_empty() => {
            wait(verify::run(arguments, terminal))
        }
        Command::Verify(options) => wait(verify_client::run(arguments, options, terminal)),
        Command::Status(options) => wait(status::run(arguments, options, terminal)),
        Command::Usage(options) => wait(usage::run(arguments, options, terminal)),
        Command::Backfill(options) => wait(backfill::run(arguments, options, terminal)),
        Command::Logs(options) => wait(logs::run(arguments, options, terminal)),
        Command::Start(options) => wait(start::run(arguments, options, terminal)),
        Command::Stop(options) => wait(stop::run(arguments, options, terminal)),
        Command::Restart(options) => wait(restart::run(arguments, options, terminal)),
        Command::Destroy(options) => wait(destroy::run(arguments, options, terminal)),
    }
}

fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|cause| exit::bug("cannot start the async runtime", &cause))?.block_on(work)
}
