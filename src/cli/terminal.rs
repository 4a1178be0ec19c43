//! The two streams: stdout is data, stderr is talk.

use super::arguments::Color;
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::report::{self, Style};
use indicatif::{ProgressBar, ProgressStyle};
use std::cmp::Reverse;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

/// Where text goes and how it looks there.
#[derive(Debug)]
pub struct Terminal {
    /// How data looks.
    pub data_style: Style,
    /// How talk looks.
    pub talk_style: Style,
    /// Data goes to a person, not to a file or a program.
    pub shows_data: bool,
    quiet: bool,
    interactive: bool,
}

impl Terminal {
    /// Looks at the streams once.
    pub fn new(color: Color, quiet: bool) -> Self {
        let wanted = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                is_terminal
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        let interactive = io::stderr().is_terminal();
        Self {
            data_style: Style::new(wanted(io::stdout().is_terminal())),
            talk_style: Style::new(wanted(interactive)),
            shows_data: io::stdout().is_terminal(),
            quiet,
            interactive,
        }
    }

    /// Prints data to stdout.
    #[expect(clippy::unused_self, reason = "the terminal is the only door to the streams")]
    pub fn data(&self, text: &str) {
        // A reader that went away (`| head`) is no reason to fail.
        let _ = io::stdout().write_all(text.as_bytes());
    }

    /// Prints data as it comes; false: nobody reads it any more.
    #[expect(clippy::unused_self, reason = "the terminal is the only door to the streams")]
    pub fn offer(&self, text: &str) -> bool {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_ok()
    }

    /// Says what was asked for and is no data on stderr, unless told to be quiet.
    pub fn talk(&self, text: &str) {
        if !self.quiet {
            let _ = io::stderr().write_all(text.as_bytes());
        }
    }

    /// Says notes and warnings on stderr, unless told to be quiet.
    pub fn notes(&self, notes: &[Diagnostic]) {
        for note in notes.iter().filter(|_| !self.quiet) {
            if self.interactive {
                let _ = writeln!(io::stderr());
            }
            self.diagnostic(note);
        }
    }

    /// Says warnings only: what runs every half hour does not repeat its notes.
    pub fn warnings(&self, notes: &[Diagnostic]) {
        let warnings = notes.iter().filter(|note| note.severity > Severity::Note);
        for warning in warnings.filter(|_| !self.quiet) {
            self.diagnostic(warning);
        }
    }

    /// Says why the command cannot go on; notes on what would be wait until it can.
    pub fn failure(&self, failure: &Failure) {
        let mut told: Vec<&Diagnostic> =
            failure.diagnostics().iter().filter(|d| d.severity > Severity::Note).collect();
        told.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
        for (index, diagnostic) in told.into_iter().enumerate() {
            if index > 0 {
                let _ = writeln!(io::stderr());
            }
            self.diagnostic(diagnostic);
        }
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) {
        let text = report::diagnostic(diagnostic, self.talk_style);
        let text = if self.interactive { wrapped(&text) } else { text };
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Starts a spinner on a terminal; elsewhere it stays invisible.
    pub fn spinner(&self) -> ProgressBar {
        if !self.interactive || self.quiet {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }
}

/// Breaks lines between words where the terminal would break them inside.
fn wrapped(text: &str) -> String {
    let width = usize::from(console::Term::stderr().size().1);
    let options = textwrap::Options::new(width.max(40)).subsequent_indent("    ");
    let options = options.break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
    text.lines().map(|line| textwrap::fill(line, &options) + "\n").collect()
}
