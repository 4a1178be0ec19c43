//! The results of `verify`, one line a check.

use super::Style;
use crate::verify::{Check, Outcome};
use std::fmt::Write as _;

/// Writes one line for each check, in the order of the hops.
#[must_use]
pub fn checks_text(checks: &[Check], style: Style) -> String {
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for check in checks {
        let (mark, detail) = match &check.outcome {
            Outcome::Passed { detail } => (style.green("ok     "), detail.as_str()),
            Outcome::Failed(error) => (style.red("FAILED "), error.message.as_str()),
            Outcome::NotReached => (style.dim("skipped"), "an earlier hop failed"),
        };
        let _ = writeln!(text, "  {mark} {:<width$}  {detail}", check.name);
    }
    text
}
