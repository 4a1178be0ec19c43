//! Why each variable of a client's environment is there.

use super::Style;
use crate::client::Setting;
use std::fmt::Write as _;

/// Explains the variables that are set, in their order.
#[must_use]
pub fn client_text(settings: &[Setting], style: Style) -> String {
    let mut text = String::new();
    for setting in settings.iter().filter(|setting| setting.set) {
        let _ = writeln!(text, "{}={}", style.bold(setting.name), setting.value);
        let left = setting.left.iter().flat_map(|left| left.lines());
        for line in setting.why.lines().chain(left) {
            let _ = writeln!(text, "  {line}");
        }
        for (key, origin) in &setting.from {
            let _ = writeln!(text, "  {key}, {origin}");
        }
    }
    text
}
