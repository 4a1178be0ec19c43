//! `Timespan.new`.

use super::{named, refused, within, wrong_arguments};
use crate::hiera::types::TypeError;
use crate::hiera::types::spec::Range;
use crate::hiera::{Node, Value};
use fancy_regex::Regex;

const SECOND: i128 = 1_000_000_000;
/// What a text is tried by, in this order.
const DEFAULTS: [&str; 8] = [
    "%D-%H:%M:%S.%-N",
    "%H:%M:%S.%-N",
    "%M:%S.%-N",
    "%S.%-N",
    "%D-%H:%M:%S",
    "%H:%M:%S",
    "%D-%H:%M",
    "%S",
];
/// From the longest unit to the shortest, in nanoseconds.
const UNITS: [(char, i128); 4] =
    [('D', 86_400 * SECOND), ('H', 3600 * SECOND), ('M', 60 * SECOND), ('S', SECOND)];

/// Makes a span of seconds, of a text, or of days, hours, minutes …; returns
/// what Puppet prints: `1-02:03:04.5`.
pub(super) fn timespan(
    node: &Node,
    arguments: &[Node],
    range: Range<f64>,
) -> Result<String, TypeError> {
    let nanoseconds = match (&node.value, arguments) {
        (Value::Integer(seconds), []) => Some(i128::from(*seconds) * SECOND),
        (Value::Float(seconds), []) => nanoseconds(*seconds),
        (Value::Text(text), []) => parse(text, &DEFAULTS),
        (Value::Text(text), [format]) => {
            let formats = formats(format).ok_or_else(|| wrong_arguments("Timespan"))?;
            parse(text, &formats)
        }
        (Value::Integer(_), rest @ [_, _, _, ..]) if rest.len() <= 6 => {
            let mut fields = vec![node];
            fields.extend(rest);
            of_fields(&fields)
        }
        (Value::Mapping(_), []) => of_mapping(node)?,
        _ => return Err(refused(node, "Timespan")),
    };
    let nanoseconds = nanoseconds.ok_or_else(|| refused(node, "Timespan"))?;
    within(nanoseconds, range, "Timespan")?;
    Ok(shown(nanoseconds))
}

pub(super) fn nanoseconds(seconds: f64) -> Option<i128> {
    format!("{:.0}", (seconds * 1e9).trunc()).parse().ok()
}

/// One format, or several of them.
pub(super) fn formats(node: &Node) -> Option<Vec<&str>> {
    match &node.value {
        Value::Text(format) => Some(vec![format]),
        Value::Sequence(items) => items.iter().map(|item| item.value.as_text()).collect(),
        _ => None,
    }
}

/// Days, hours, minutes, seconds, milli-, micro- and nanoseconds.
fn of_fields(fields: &[&Node]) -> Option<i128> {
    let units = UNITS.iter().map(|(_, unit)| *unit).chain([1_000_000, 1000, 1]);
    fields.iter().zip(units).try_fold(0, |sum: i128, (field, unit)| match field.value {
        Value::Integer(count) => sum.checked_add(i128::from(count) * unit),
        _ => None,
    })
}

fn of_mapping(node: &Node) -> Result<Option<i128>, TypeError> {
    let wrong = || wrong_arguments("Timespan");
    if let Some([Some(text), format]) = named(node, ["string", "format"]) {
        let text = text.value.as_text().ok_or_else(wrong)?;
        let formats = match format {
            Some(format) => formats(format).ok_or_else(wrong)?,
            None => DEFAULTS.to_vec(),
        };
        return Ok(parse(text, &formats));
    }
    let names = [
        "negative",
        "days",
        "hours",
        "minutes",
        "seconds",
        "milliseconds",
        "microseconds",
        "nanoseconds",
    ];
    let [negative, fields @ ..] = named(node, names).ok_or_else(wrong)?;
    let zero = Node { value: Value::Integer(0), ..node.clone() };
    let fields = fields.map(|field| field.unwrap_or(&zero));
    let sum = of_fields(&fields).ok_or_else(wrong)?;
    match negative.map(|node| &node.value) {
        None | Some(Value::Bool(false)) => Ok(Some(sum)),
        Some(Value::Bool(true)) => Ok(Some(-sum)),
        Some(_) => Err(wrong()),
    }
}

fn parse(text: &str, formats: &[&str]) -> Option<i128> {
    formats.iter().find_map(|format| Format::parse(format)?.read(text))
}

/// A format as a regular expression and what each of its groups counts.
struct Format {
    regex: Regex,
    units: Vec<char>,
}

impl Format {
    /// `%D`, `%H`, `%M`, `%S`, and the fractions `%L` and `%N`; a flag (`-`, `_`,
    /// `0`) and a width may stand before the letter. The longest unit has no limit.
    fn parse(format: &str) -> Option<Self> {
        let (mut regex, mut units) = ("\\A-?".to_owned(), Vec::new());
        let longest = UNITS.iter().map(|(letter, _)| *letter).find(|letter| {
            format.split('%').skip(1).any(|part| {
                part.trim_start_matches(|c: char| c.is_ascii_digit() || "-_".contains(c))
                    .starts_with(*letter)
            })
        });
        let mut letters = format.chars().peekable();
        while let Some(letter) = letters.next() {
            if letter != '%' || letters.next_if_eq(&'%').is_some() {
                regex.push_str(&fancy_regex::escape(&letter.to_string()));
                continue;
            }
            let padding = letters.next_if(|c| "-_0".contains(*c)).unwrap_or('0');
            let mut width = String::new();
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                width.push(digit);
            }
            let unit = letters.next().filter(|unit| "DHMSLN".contains(*unit))?;
            let limit = match unit {
                'D' => 1,
                'L' => 3,
                'N' => 9,
                _ => 2,
            };
            let digit = if padding == '_' { "[0-9\\s]" } else { "[0-9]" };
            let group = match (width.is_empty(), padding) {
                (true, '_') if Some(unit) == longest => "\\s*([0-9]+)".to_owned(),
                (true, _) if Some(unit) == longest => "([0-9]+)".to_owned(),
                (true, _) => format!("({digit}{{1,{limit}}})"),
                (false, '-') => format!("({digit}{{1,{width}}})"),
                (false, _) => format!("({digit}{{{width}}})"),
            };
            regex.push_str(&group);
            units.push(unit);
        }
        regex.push_str("\\z");
        Some(Self { regex: Regex::new(&regex).ok()?, units })
    }

    fn read(&self, text: &str) -> Option<i128> {
        let groups = self.regex.captures(text).ok()??;
        let mut sum = 0_i128;
        for (index, unit) in self.units.iter().enumerate() {
            let group = groups.get(index + 1)?.as_str().trim_start();
            let count: i128 = group.parse().ok()?;
            let weight = match UNITS.iter().find(|(letter, _)| letter == unit) {
                Some((_, weight)) => *weight,
                None => 10_i128.pow(9_u32.saturating_sub(u32::try_from(group.len()).ok()?)),
            };
            sum = sum.checked_add(count.checked_mul(weight)?)?;
        }
        Some(if text.starts_with('-') { -sum } else { sum })
    }
}

/// Puppet takes zeros off the end of the nanoseconds and does not put them in
/// front: a nanosecond after a second prints as `.1`.
fn shown(nanoseconds: i128) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let total = nanoseconds.unsigned_abs();
    let second = SECOND.unsigned_abs();
    let (seconds, rest) = (total / second, (total % second).to_string());
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let rest = match rest.trim_end_matches('0') {
        "" => "0",
        rest => rest,
    };
    format!("{sign}{days}-{hours:02}:{minutes:02}:{:02}.{rest}", seconds % 60)
}
