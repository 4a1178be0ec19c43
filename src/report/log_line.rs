//! One line of a container's log, with the service that wrote it.

use super::{Style, style};

/// Writes `service  | text`; what steers a terminal is made visible instead.
#[must_use]
pub fn log_line(service: &str, width: usize, text: &str, style: Style) -> String {
    let service = style.cyan(&format!("{service:<width$} |"));
    format!("{service} {}\n", style::plain(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_line_up_and_nothing_reaches_the_terminals_controls() {
        let line = log_line("grafana", 14, "a\u{1b}[2Jb\tc", Style::new(false));
        assert_eq!(line, "grafana        | a\u{fffd}[2Jb\tc\n");
    }
}
