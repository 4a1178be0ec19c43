//! Comma-separated values by RFC 4180, safe to open in a spreadsheet.

/// Writes one line.
pub(super) fn line(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell)).collect();
    cells.join(",") + "\r\n"
}

/// Quotes what holds a separator; text that a spreadsheet would take for a
/// formula gets an apostrophe ahead, since labels come from clients.
fn quoted(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok();
    let guarded = match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if !is_number => format!("'{cell}"),
        _ => cell.to_owned(),
    };
    if guarded.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", guarded.replace('"', "\"\""));
    }
    guarded
}

/// A number as it is, or nothing where it is not told.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula() {
        let cells = ["a", "b,c", "d\"e", "=1+1", "-1.5", "+x", ""];
        let line = line(cells.map(str::to_owned));
        assert_eq!(line, "a,\"b,c\",\"d\"\"e\",'=1+1,-1.5,'+x,\r\n");
        assert_eq!(number(Some(9_007_199_254_740_991.0)), "9007199254740991");
        assert_eq!(number(None), "");
    }
}
