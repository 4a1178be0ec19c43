//! Files that shells read, line by line; only assignments to variables of ours are looked at.

use super::word::{Syntax, Unknown, word};
use super::{Assignment, Layer, Source, is_ours};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use crate::secret::Secret;
use std::sync::Arc;

/// A line that sets a variable.
struct Line<'a> {
    name: &'a str,
    value: &'a str,
    syntax: Syntax,
    /// Says that programs get to see it.
    exported: bool,
}

/// Reads a file.
pub(super) fn source(text: &str, file: &str) -> Result<Source, Vec<Diagnostic>> {
    let file: Arc<str> = file.into();
    let mut found = Vec::new();
    let mut errors = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(set) = set(line.trim()).filter(|set| is_ours(set.name)) else { continue };
        let column = 1 + line.chars().take_while(|c| c.is_whitespace()).count();
        let (layer, file) = (Arc::from("shell"), Arc::clone(&file));
        let origin = Origin::File(Location { layer, file, line: index + 1, column });
        match word(set.value, set.syntax) {
            Ok(value) => {
                let (name, value) = (set.name.to_owned(), Secret::new(value));
                found.push((set.exported, Assignment { name, value, origin }));
            }
            Err(why) => errors.push(unknown(set.name, why, &origin)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    // A file without any `export` is read by something else than a shell.
    let exports = found.iter().any(|(exported, _)| *exported);
    let (seen, hidden): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(exported, _)| *exported || !exports);
    let mut source = Source::of(Layer::Shell, seen.into_iter().map(|(_, set)| set).collect());
    // `NAME=value` and a later `export NAME` are two lines of one assignment.
    source.warnings = hidden.iter().map(|(_, set)| not_exported(set)).collect();
    Ok(source)
}

fn set(line: &str) -> Option<Line<'_>> {
    if let Some(rest) = line.strip_prefix("$env:").or_else(|| line.strip_prefix("$Env:")) {
        let (name, value) = rest.split_once('=')?;
        return Some(Line { name: name.trim(), value, syntax: Syntax::PowerShell, exported: true });
    }
    if let Some(rest) = line.strip_prefix("set ") {
        let mut rest = rest.trim_start();
        let mut exported = false;
        while rest.starts_with('-') {
            let (flag, tail) = rest.split_once(' ')?;
            exported |= flag == "--export" || (!flag.starts_with("--") && flag.contains('x'));
            rest = tail.trim_start();
        }
        let (name, value) = rest.split_once(' ')?;
        return Some(Line { name, value, syntax: Syntax::Fish, exported });
    }
    let shell = ["export ", "declare -x ", "typeset -x "];
    let rest = shell.iter().find_map(|word| line.strip_prefix(word));
    let (name, value) = rest.unwrap_or(line).trim_start().split_once('=')?;
    let syntax = if rest.is_some() { Syntax::Posix } else { Syntax::Plain };
    Some(Line { name, value, syntax, exported: rest.is_some() })
}

fn unknown(name: &str, why: Unknown, origin: &Origin) -> Diagnostic {
    let message = match why {
        Unknown::Computed => format!("the value of `{name}` is known only when this file runs"),
        Unknown::Unclosed => format!("the value of `{name}` has a quote that does not end"),
    };
    let error = Diagnostic::error(Kind::Usage, message).code("client::value").at(origin);
    match why {
        Unknown::Computed => error.hint(
            "run `otelctl verify --client` in the shell that starts Claude Code: it looks at the environment itself",
        ),
        Unknown::Unclosed => error,
    }
}

fn not_exported(set: &Assignment) -> Diagnostic {
    let message = format!("`{}` is not exported, so Claude Code does not see it", set.name);
    let warning = Diagnostic::warning(message).code("client::not-exported").at(&set.origin);
    warning.hint("write `export` in front of it, as in the file's other lines")
}

#[cfg(test)]
mod tests {
    use crate::client::Source;

    fn read(text: &str) -> Vec<String> {
        let source = Source::of_lines(text, "f").expect(text);
        let shown = source
            .assignments
            .iter()
            .map(|set| format!("{} {}={}", set.origin, set.name, set.value.expose()));
        shown.collect()
    }

    #[test]
    fn finds_its_variables_in_any_shells_file() {
        assert_eq!(
            read(
                "# c\nalias x=y\nif true; then\n  export OTEL_A=1 # why\nfi\nexport PATH=$PATH:x\n"
            ),
            ["f:4:3 OTEL_A=1"]
        );
        assert_eq!(read("OTEL_A=x y\nOTHER=$x\n"), ["f:1:1 OTEL_A=x y"]);
        assert_eq!(
            read("set -gx OTEL_A 'x y'\nset --export OTEL_B z"),
            ["f:1:1 OTEL_A=x y", "f:2:1 OTEL_B=z"]
        );
        assert_eq!(read("$env:OTEL_A = 'x'"), ["f:1:1 OTEL_A=x"]);
        assert_eq!(read("# export OTEL_A=1"), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_exported_does_not_count() {
        let source = Source::of_lines("export OTEL_A=1\nOTEL_B=2\n", "f").expect("read");
        assert_eq!(source.assignments.len(), 1);
        assert_eq!(source.warnings.len(), 1);
        assert_eq!(source.warnings[0].origin.to_string(), "f:2:1");
    }

    #[test]
    fn a_computed_value_is_not_guessed() {
        let errors = Source::of_lines("export OTEL_A=$X\nexport OTEL_B='\n", "f").expect_err("2");
        let told: Vec<_> = errors.iter().map(|error| error.origin.to_string()).collect();
        assert_eq!(told, ["f:1:1", "f:2:1"]);
    }
}
