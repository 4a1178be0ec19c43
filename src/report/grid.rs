//! Rows in columns that fit 80 characters.

use super::Style;
use std::fmt::Write as _;

/// How wide a table is at most, where nothing says otherwise.
pub(super) const WIDTH: usize = 80;

/// Rows in columns: keys to the left, numbers to the right.
pub(super) struct Grid {
    /// The titles of the keys.
    pub keys: Vec<String>,
    /// The titles of the numbers.
    pub numbers: Vec<&'static str>,
    /// Keys and numbers of each row.
    pub rows: Vec<(Vec<String>, Vec<String>)>,
    /// The numbers of the last line, if there is one.
    pub total: Option<Vec<String>>,
}

impl Grid {
    /// Writes the table. A key that leaves no room for its numbers has a line of its own.
    pub(super) fn write(&self, text: &mut String, style: Style) {
        let widths = self.number_widths();
        let numbers: usize = widths.iter().map(|width| width + 2).sum();
        let room = WIDTH.saturating_sub(numbers);
        let keys = self.key_widths();
        let longest = keys.iter().sum::<usize>() + 2 * keys.len().saturating_sub(1);
        let first = longest.max("total".len()).min(room);
        let title = padded(&self.keys, &keys);
        let titles: Vec<String> = self.numbers.iter().map(|title| (*title).to_owned()).collect();
        for line in lines(&title, first, &titles, &widths) {
            let _ = writeln!(text, "{}", style.bold(&line));
        }
        for (key, numbers) in &self.rows {
            for line in lines(&padded(key, &keys), first, numbers, &widths) {
                let _ = writeln!(text, "{line}");
            }
        }
        if let Some(total) = &self.total {
            for line in lines("total", first, total, &widths) {
                let _ = writeln!(text, "{}", style.bold(&line));
            }
        }
    }

    fn number_widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.numbers.iter().map(|title| title.len()).collect();
        for row in self.rows.iter().map(|(_, row)| row).chain(&self.total) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }

    fn key_widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.keys.iter().map(|key| key.chars().count()).collect();
        for (keys, _) in &self.rows {
            for (width, key) in widths.iter_mut().zip(keys) {
                *width = (*width).max(key.chars().count());
            }
        }
        widths
    }
}

fn padded(keys: &[String], widths: &[usize]) -> String {
    let cell = |(key, width): (&String, &usize)| format!("{key:<width$}");
    let joined = keys.iter().zip(widths).map(cell).collect::<Vec<_>>().join("  ");
    joined.trim_end().to_owned()
}

fn lines(key: &str, first: usize, numbers: &[String], widths: &[usize]) -> Vec<String> {
    let cell = |(number, width): (&String, &usize)| format!("  {number:>width$}");
    let numbers: String = numbers.iter().zip(widths).map(cell).collect();
    if key.chars().count() <= first {
        return vec![format!("{key:<first$}{numbers}").trim_end().to_owned()];
    }
    vec![key.to_owned(), format!("{:first$}{numbers}", "").trim_end().to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_key_has_its_own_line() {
        let row = |key: &str, number: &str| (vec![key.to_owned()], vec![number.to_owned(); 4]);
        let grid = Grid {
            keys: vec!["model".into()],
            numbers: vec!["input", "output", "read", "written"],
            rows: vec![row("short", "12,345,678,901"), row("claude-with-a-long-name", "1")],
            total: Some(vec!["2".into(); 4]),
        };
        let mut text = String::new();
        grid.write(&mut text, Style::new(false));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "claude-with-a-long-name");
        assert!(lines[3].starts_with("                 ") && lines[3].ends_with('1'), "{text}");
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{text}");
    }
}
