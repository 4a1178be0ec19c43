//! `client-env`: prints the environment that Claude Code clients need.

use super::arguments::{Arguments, ClientEnv, ClientFormat, ClientShell};
use super::{exit::Outcome, source, terminal::Terminal};
use crate::client::{self, Shell, Wish};
use crate::diagnostic::Failure;
use crate::render::{self, ClientForm};
use crate::report;

/// Runs the command.
pub fn run(
    arguments: &Arguments,
    options: &ClientEnv,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let target = source::target(arguments, terminal)?;
    let stack = &target.stack;
    let wish = Wish {
        protocol: options.protocol,
        traces: options.traces,
        ci: options.ci,
        attributes: options.attributes.clone(),
    };
    let settings = client::environment(stack, &wish);
    let text = match form(options) {
        Form::Lines => client::lines(&settings),
        Form::UserSettings => client::user_settings(&settings),
        Form::Rendered(form) => {
            let overrides = source::overrides(arguments)?;
            let artifact = render::client_environment(stack, &overrides, &wish, form)?;
            String::from_utf8_lossy(&artifact.bytes).into_owned()
        }
    };
    terminal.data(&text);
    if options.explain {
        terminal.talk(&report::client_text(&settings, terminal.talk_style));
    }
    terminal.notes(client::reach(stack, wish.protocol).as_slice());
    Ok(Outcome::Done)
}

/// The forms, by who writes them.
enum Form {
    Lines,
    UserSettings,
    Rendered(ClientForm),
}

fn form(options: &ClientEnv) -> Form {
    let shell = |shell| Form::Rendered(ClientForm::Shell(shell));
    match (options.shell, options.format) {
        _ if options.settings_json => Form::UserSettings,
        _ if options.managed_settings => Form::Rendered(ClientForm::ManagedSettings),
        (Some(ClientShell::Fish), _) => shell(Shell::Fish),
        (Some(ClientShell::PowerShell), _) => shell(Shell::PowerShell),
        (None, Some(ClientFormat::Json)) => Form::Rendered(ClientForm::ManagedSettings),
        (None, None) if options.ci => Form::Lines,
        (Some(ClientShell::Bash), _) | (None, None | Some(ClientFormat::Env)) => shell(Shell::Bash),
    }
}
