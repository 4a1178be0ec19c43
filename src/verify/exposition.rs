//! Prometheus's text exposition format, as far as an exporter's page goes.
//!
//! Source: the format's description in Prometheus's documentation. Exemplars
//! and histograms' meaning are nobody's business here.

use std::collections::BTreeMap;

/// One sample of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The metric's name.
    pub name: String,
    /// Its labels, escapes resolved.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
}

/// Reads all samples of a page; comments and empty lines are passed over.
///
/// # Errors
/// Quotes the first line that is no sample.
pub fn samples(page: &str) -> Result<Vec<Sample>, String> {
    page.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| sample(line).ok_or_else(|| format!("`{line}` is no sample")))
        .collect()
}

/// Reads `name{label="value",…} value [timestamp]`.
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(|c: char| !is_name(c))?;
    let (name, rest) = line.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    let mut labels = BTreeMap::new();
    let rest = match rest.strip_prefix('{') {
        Some(rest) => self::labels(rest, &mut labels)?,
        None => rest,
    };
    let mut words = rest.split_whitespace();
    let value = number(words.next()?)?;
    let timestamp_ok = words.next().is_none_or(|word| word.parse::<i64>().is_ok());
    (timestamp_ok && words.next().is_none()).then(|| Sample {
        name: name.to_owned(),
        labels,
        value,
    })
}

/// Reads the labels and returns what follows the closing brace.
fn labels<'a>(mut rest: &'a str, labels: &mut BTreeMap<String, String>) -> Option<&'a str> {
    loop {
        rest = rest.trim_start();
        if let Some(rest) = rest.strip_prefix('}') {
            return Some(rest);
        }
        let (name, tail) = rest.split_once('=')?;
        let (value, tail) = quoted(tail.trim_start().strip_prefix('"')?)?;
        labels.insert(name.trim().to_owned(), value);
        rest = tail.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest);
        if rest.is_empty() {
            return None;
        }
    }
}

/// Reads to the closing quote; `\\`, `\"` and `\n` are escapes.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(match characters.next()? {
                'n' => '\n',
                other => other,
            }),
            other => value.push(other),
        }
    }
}

fn number(word: &str) -> Option<f64> {
    match word {
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        _ => word.parse().ok(),
    }
}

const fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_exporter_writes() {
        let page = "# HELP claude_tokens_total claude_tokens_total\n\
            # TYPE claude_tokens_total counter\n\
            claude_tokens_total{model=\"a,b}\",service_name=\"x\\\"y\\\\z\\n\"} 1.234567e+06\n\
            \n\
            up 1 1795360204000\n\
            go_gc{quantile=\"0.5\",} +Inf\n";
        let samples = samples(page).expect("valid");
        assert_eq!(samples.len(), 3);
        assert_eq!(samples[0].name, "claude_tokens_total");
        assert_eq!(samples[0].labels["model"], "a,b}");
        assert_eq!(samples[0].labels["service_name"], "x\"y\\z\n");
        assert_eq!(samples[0].value.to_bits(), 1_234_567_f64.to_bits());
        assert_eq!((samples[1].name.as_str(), samples[1].labels.len()), ("up", 0));
        assert_eq!(samples[2].value.to_bits(), f64::INFINITY.to_bits());
    }

    #[test]
    fn refuses_what_is_no_sample() {
        for bad in [
            "<html>",
            "name",
            "name{a=\"b\" 1",
            "name{a=b} 1",
            "name{a=\"b",
            "name{a=\"b\"} x",
            "name 1 2 3",
            "{a=\"b\"} 1",
            "name{a=\"b\",",
        ] {
            assert_eq!(samples(bad), Err(format!("`{bad}` is no sample")));
        }
    }
}
