//! A session at a machine's terminal: what is typed, what is seen, and its transcript.

use super::world::Output;
use std::fs;
use std::path::Path;

/// What a user types one after the other, as root: `sudo` does nothing.
pub struct Session<'a> {
    shell: &'a dyn Fn(&str) -> Output,
    seen: String,
}

impl<'a> Session<'a> {
    /// Sits down at a machine that runs shell commands.
    pub fn new(shell: &'a dyn Fn(&str) -> Output) -> Self {
        Self { shell, seen: String::new() }
    }

    /// Types a command that must succeed; the transcript keeps all it says.
    #[track_caller]
    pub fn types(&mut self, command: &str) -> Output {
        let output = self.succeeds(command);
        self.note(&format!("{}{}", output.stdout, output.stderr));
        output
    }

    /// Types a command that must succeed and say this; the transcript keeps no more of it, since
    /// the rest differs each time.
    #[track_caller]
    pub fn sees(&mut self, command: &str, word: &str) {
        let Output { stdout, stderr, .. } = self.succeeds(command);
        let text = format!("{stdout}{stderr}");
        assert!(text.contains(word), "`{command}` does not say `{word}`:\n{text}");
        self.note(&format!("… {word} …\n"));
    }

    /// Types a command that must fail and say this.
    #[track_caller]
    pub fn fails(&mut self, command: &str, word: &str) {
        let output = self.runs(command);
        let text = format!("{}{}", output.stdout, output.stderr);
        assert!(output.status != 0 && text.contains(word), "`{command}`: {output:?}");
        self.note(&format!("… {word} …\n(exit code {})\n", output.status));
    }

    #[track_caller]
    fn succeeds(&mut self, command: &str) -> Output {
        let output = self.runs(command);
        let interrupted = follows(command) && [124, 130].contains(&output.status);
        assert!(output.status == 0 || interrupted, "`{command}`: {output:?}");
        output
    }

    fn runs(&mut self, command: &str) -> Output {
        // What follows a log goes on until somebody presses Ctrl-C.
        let limit = if follows(command) { "timeout --signal=INT 3 " } else { "" };
        let output = (self.shell)(&format!("sudo() {{ {limit}\"$@\"; }}; {command}"));
        self.seen.extend(["$ ", command, "\n"]);
        output
    }

    fn note(&mut self, text: &str) {
        self.seen.push_str(text.trim_end());
        self.seen.push_str("\n\n");
    }

    /// Compares the session with its transcript; `OTELCTL_BLESS=1` writes it.
    #[track_caller]
    pub fn is(self, name: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/transcripts/live")
            .join(format!("{name}.txt"));
        if std::env::var_os("OTELCTL_BLESS").is_some() {
            fs::write(&path, &self.seen).expect("write the transcript");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let difference = similar::TextDiff::from_lines(&expected, &self.seen);
        assert!(self.seen == expected, "{}:\n{}", path.display(), difference.unified_diff());
    }
}

fn follows(command: &str) -> bool {
    command.split_whitespace().any(|word| word == "-f")
        && (command.contains(" logs ") || command.contains("journalctl"))
}
