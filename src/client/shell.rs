//! How a shell is told to set a variable.
//!
//! Sources: POSIX 2.2 (quoting), fish's language reference (quotes),
//! PowerShell's `about_Quoting_Rules`.

/// A shell, or what reads lines of `NAME=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// bash, and every other POSIX shell.
    Bash,
    /// fish.
    Fish,
    /// PowerShell.
    PowerShell,
    /// Nothing but `NAME=value`: `$GITHUB_ENV`, `docker run --env-file`.
    Lines,
}

impl Shell {
    /// Writes what sets a variable, for this shell and what it starts.
    #[must_use]
    pub fn assignment(self, name: &str, value: &str) -> String {
        let quoted = |quote: fn(&str) -> String| {
            if value.chars().all(is_plain) && !value.is_empty() {
                value.to_owned()
            } else {
                format!("'{}'", quote(value))
            }
        };
        match self {
            Self::Bash => format!("export {name}={}", quoted(|text| text.replace('\'', r"'\''"))),
            Self::Fish => format!("set -gx {name} {}", quoted(fish)),
            // A bare word would be a command.
            Self::PowerShell => format!("$env:{name} = '{}'", powershell(value)),
            Self::Lines => format!("{name}={value}"),
        }
    }
}

/// Stands for itself in every POSIX shell and in fish, wherever it stands in a word.
const fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | ':' | ',' | '@' | '+' | '=' | '-')
}

fn fish(text: &str) -> String {
    text.replace('\\', r"\\").replace('\'', r"\'")
}

/// PowerShell takes typographic quotes for quotes, too.
fn powershell(text: &str) -> String {
    let mut quoted = String::new();
    for c in text.chars() {
        quoted.push(c);
        if matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') {
            quoted.push(c);
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::Shell;
    use proptest::prelude::*;
    use std::process::Command;

    /// What a shell makes of an assignment.
    fn read_by(program: &[&str], shell: Shell, value: &str) -> String {
        let (program, flags) = program.split_first().expect("a program");
        let script = format!("{}\nprintenv X; true", shell.assignment("X", value));
        let mut shell = Command::new(program);
        shell.args(flags).arg("-c").arg(script).env_clear().env("LC_ALL", "C.UTF-8");
        shell.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", "/nonexistent");
        let output = shell.output().unwrap_or_else(|error| {
            panic!("cannot run `{program}`: {error}; run `scripts/install check`")
        });
        let text = String::from_utf8(output.stdout).expect("text");
        text.strip_suffix('\n').unwrap_or(&text).to_owned()
    }

    const SHELLS: [(&[&str], Shell); 3] = [
        (&["bash", "--norc"], Shell::Bash),
        (&["dash"], Shell::Bash),
        (&["fish", "--no-config", "--private"], Shell::Fish),
    ];

    #[test]
    fn shells_read_what_was_written() {
        for value in [
            "otlp",
            "",
            "http://[::1]:4317",
            "environment=production,team=x",
            "Bearer a b",
            "it's",
            "'",
            "\\",
            "\\'",
            "a\\\\b",
            "$HOME `id` $(id) (id) {a,b} *",
            "~ # ! %self \"x\" ; & | < > ?",
            "-x",
            "two\nlines",
            "ä ’ €",
        ] {
            for (program, shell) in SHELLS {
                assert_eq!(read_by(program, shell, value), value, "{program:?}");
            }
        }
    }

    #[test]
    fn powershell_is_quoted_by_its_own_rules() {
        let of = |value: &str| Shell::PowerShell.assignment("X", value);
        assert_eq!(of("http://[::1]:4317"), "$env:X = 'http://[::1]:4317'");
        assert_eq!(of("it's $x `n"), "$env:X = 'it''s $x `n'");
        assert_eq!(of("\u{2019}"), "$env:X = '\u{2019}\u{2019}'");
    }

    /// A single-quoted string by PowerShell's rules, written independently.
    fn powershell_reads(line: &str) -> Option<String> {
        let rest = line.strip_prefix("$env:X = ")?;
        let is_quote = |c: char| "'‘’‚‛".contains(c);
        let mut characters = rest.chars().peekable();
        is_quote(characters.next()?).then_some(())?;
        let mut value = String::new();
        while let Some(c) = characters.next() {
            if !is_quote(c) {
                value.push(c);
                continue;
            }
            match characters.next_if(|next| is_quote(*next)) {
                Some(_) => value.push(c),
                None => return characters.next().is_none().then_some(value),
            }
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_text_survives_a_shell(value in "[ -~\\n\u{a0}-\u{2fff}]{0,40}") {
            // `printenv` ends its line itself, and one line break is taken off again.
            for (program, shell) in SHELLS {
                prop_assert_eq!(read_by(program, shell, &value), value.clone(), "{:?}", program);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_survives_powershells_rules(value in "['‘’‚‛a $`\"]{0,12}|\\PC{0,40}") {
            let line = Shell::PowerShell.assignment("X", &value);
            prop_assert_eq!(powershell_reads(&line), Some(value));
        }

        #[test]
        fn a_line_is_the_value_as_it_is(value in "[ -~]{0,40}") {
            prop_assert_eq!(Shell::Lines.assignment("X", &value), format!("X={value}"));
        }
    }
}
