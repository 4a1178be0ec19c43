//! A plan for people: a summary, then each change with its reason and fields.

use super::Style;
use super::style::plain;
use crate::plan::{Action, Change, FieldDiff, Plan, Shown};
use similar::TextDiff;
use std::fmt::Write as _;

/// Writes a plan; a unified diff for text of several lines, a list for other fields.
#[must_use]
pub fn plan_text<O>(plan: &Plan<O>, style: Style) -> String {
    if plan.is_empty() {
        return format!("stack `{}`: no changes\n", plan.stack);
    }
    let count = |action: Action| plan.changes().iter().filter(|c| c.action == action).count();
    let counts: Vec<String> = [Action::Create, Action::Update, Action::Replace, Action::Delete]
        .into_iter()
        .filter(|action| count(*action) > 0)
        .map(|action| format!("{} to {}", count(action), verb(action)))
        .collect();
    let title = format!("stack `{}`: {}", plan.stack, counts.join(", "));
    let mut text = format!("{}\n\n", style.bold(&title));
    for change in plan.changes() {
        let _ = writeln!(text, "{}", change_line(change, style));
        if let Some(impact) = &change.impact {
            let _ = writeln!(text, "    {}", style.yellow(&format!("impact: {impact}")));
        }
        for field in &change.fields {
            text.push_str(&field_text(change.action, field, style));
        }
    }
    text
}

/// Writes one change as one line: `+ docker/container/otel-collector (not there yet)`.
#[must_use]
pub fn change_line<O>(change: &Change<O>, style: Style) -> String {
    let sign = match change.action {
        Action::Create => style.green("+"),
        Action::Update => style.yellow("~"),
        Action::Replace => style.yellow("-/+"),
        Action::Delete => style.red("-"),
    };
    let reason = match change.reason.as_str() {
        "" => String::new(),
        reason => style.dim(&format!(" ({})", plain(reason))),
    };
    format!("  {sign} {} {}{reason}", verb(change.action), style.bold(&change.address))
}

const fn verb(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Replace => "replace",
        Action::Delete => "delete",
    }
}

fn field_text(action: Action, field: &FieldDiff, style: Style) -> String {
    let FieldDiff { field: name, before, after } = field;
    match (before, after) {
        // What is new is not spelt out: `render` and `--format json` show it whole.
        (Shown::Absent, Shown::Plain(_)) if action == Action::Create => String::new(),
        (before, after) => match (lines(before), lines(after)) {
            (Some(old), Some(new)) if old.contains('\n') || new.contains('\n') => {
                format!("    {name}:\n{}", unified(&plain(old), &plain(new), style))
            }
            _ => format!("    {name}: {} -> {}\n", shown(before), shown(after)),
        },
    }
}

/// A text to compare line by line: what is absent has no lines.
fn lines(value: &Shown) -> Option<&str> {
    match value {
        Shown::Absent => Some(""),
        Shown::Plain(text) => Some(text),
        Shown::Hidden => None,
    }
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Absent => "(none)".to_owned(),
        Shown::Plain(text) => plain(text),
        Shown::Hidden => "(hidden)".to_owned(),
    }
}

fn unified(old: &str, new: &str, style: Style) -> String {
    let diff = TextDiff::from_lines(old, new);
    let unified = diff.unified_diff().context_radius(3).header("there", "wanted").to_string();
    let mut text = String::new();
    for line in unified.lines() {
        let painted = match line.chars().next() {
            Some('+') => style.green(line),
            Some('-') => style.red(line),
            Some('@') => style.cyan(line),
            _ => line.to_owned(),
        };
        let _ = writeln!(text, "      {painted}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Stage;

    #[test]
    fn shows_a_unified_diff_for_text_and_a_list_for_fields() {
        let change = Change::new("file/a", Action::Update, Stage::File, ())
            .because("content differs")
            .fields(FieldDiff::compare("content", Some("a\nb\n"), Some("a\nc\n")))
            .fields(FieldDiff::compare("mode", Some("0600"), Some("0644")));
        let plan = Plan::new("otel".into(), vec![change], Vec::new());
        let expected = "\
stack `otel`: 1 to update

  ~ update file/a (content differs)
    content:
      --- there
      +++ wanted
      @@ -1,2 +1,2 @@
       a
      -b
      +c
    mode: 0600 -> 0644
";
        assert_eq!(plan_text(&plan, Style::new(false)), expected);
    }

    #[test]
    fn text_that_goes_or_comes_as_a_whole_is_shown_by_its_lines() {
        let change = Change::new("nft/table", Action::Update, Stage::Firewall, ())
            .fields(FieldDiff::compare("chain a", Some("counter drop\n"), None))
            .fields(FieldDiff::compare("mode", Some("0600"), None));
        let plan = Plan::new("otel".into(), vec![change], Vec::new());
        let text = plan_text(&plan, Style::new(false));
        let expected = "    chain a:\n      --- there\n      +++ wanted\n      @@ -1 +0,0 @@\n      \
                        -counter drop\n    mode: 0600 -> (none)\n";
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn a_terminal_obeys_nothing_that_was_found() {
        let field = |before, after| FieldDiff::compare("content", Some(before), Some(after));
        let change = Change::new("file/a", Action::Update, Stage::File, ())
            .because("\u{1b}]0;x\u{7}")
            .fields(field("\u{1b}[2J\n", "b\n"))
            .fields(field("\u{1b}[2J", "b"));
        let plan = Plan::new("otel".into(), vec![change], Vec::new());
        assert!(!plan_text(&plan, Style::new(false)).contains('\u{1b}'));
    }

    #[test]
    fn an_empty_plan_says_so() {
        let plan: Plan<()> = Plan::new("otel".into(), Vec::new(), Vec::new());
        assert_eq!(plan_text(&plan, Style::new(false)), "stack `otel`: no changes\n");
    }
}
