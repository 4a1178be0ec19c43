//! Numbers and times as people read them.

/// A number in Grafana's unit.
pub fn number(value: f64, unit: &str) -> String {
    match unit {
        "currencyUSD" if value < 0.0 => format!("-${}", short(-value)),
        "currencyUSD" => format!("${}", short(value)),
        "percentunit" => format!("{}%", short(value * 100.0)),
        "s" => duration(value),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a moment")]
        "dateTimeAsIso" => moment((value / 1000.0) as u64),
        "bytes" => format!("{} MiB", short(value / 1_048_576.0)),
        _ => short(value),
    }
}

/// Three digits or more, which say enough.
fn short(value: f64) -> String {
    let (value, suffix) = match value.abs() {
        v if v >= 999_500_000.0 => (value / 1e9, " B"),
        v if v >= 999_500.0 => (value / 1e6, " M"),
        v if v >= 9_999.5 => (value / 1e3, " K"),
        _ => (value, ""),
    };
    let digits = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 0.1 || v == 0.0 => 2,
        _ => 4,
    };
    let text = format!("{value:.digits$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{}{suffix}", if text == "-0" { "0" } else { text })
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 2.0 * 86_400.0 => format!("{} days", short(s / 86_400.0)),
        s if s >= 2.0 * 3600.0 => format!("{} hours", short(s / 3600.0)),
        s if s >= 120.0 => format!("{} min", short(s / 60.0)),
        s if s >= 1.0 || s == 0.0 => format!("{} s", short(s)),
        s => format!("{} ms", short(s * 1000.0)),
    }
}

/// Month, day, hour and minute, in UTC.
fn civil(at: u64) -> (&'static str, u64, u64, u64) {
    // The synthetic month lies in May and June of 2026.
    let days = (at - 1_777_593_600) / 86_400;
    let (month, day) = if days < 31 { ("May", days + 1) } else { ("Jun", days - 30) };
    (month, day, at % 86_400 / 3600, at % 3600 / 60)
}

/// `18 Jun 2026, 15:42 UTC`.
pub fn moment(at: u64) -> String {
    let (month, day, hour, minute) = civil(at);
    format!("{day} {month} 2026, {hour:02}:{minute:02} UTC")
}

/// `18 Jun`.
pub fn day(at: u64) -> String {
    let (month, day, ..) = civil(at);
    format!("{day} {month}")
}

/// A text that fits, by the width of a letter.
pub fn cut(text: &str, width: f64, letter: f64) -> String {
    let fits = |length: usize| {
        #[expect(clippy::cast_precision_loss, reason = "letters of a line")]
        let length = length as f64;
        length * letter <= width
    };
    let length = text.chars().count();
    if fits(length) {
        return text.to_owned();
    }
    let kept = (0..length).rev().find(|kept| fits(kept + 1)).unwrap_or(0);
    format!("{}…", text.chars().take(kept).collect::<String>().trim_end())
}

/// A text in lines that fit.
pub fn wrapped(text: &str, width: f64, letter: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("a line");
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if cut(&longer, width, letter) == longer || line.is_empty() {
            *line = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
