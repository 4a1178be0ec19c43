//! `Timestamp.new`.

use super::timespan::{formats, nanoseconds};
use super::{named, refused, within, wrong_arguments};
use crate::hiera::types::TypeError;
use crate::hiera::types::spec::Range;
use crate::hiera::{Node, Value};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

const SECOND: i128 = 1_000_000_000;

/// Makes a moment of seconds since 1970 or of a text; returns what Puppet
/// prints: `2020-01-31T12:00:00.000000000 UTC`.
pub(super) fn timestamp(
    node: &Node,
    arguments: &[Node],
    range: Range<f64>,
) -> Result<String, TypeError> {
    let wrong = || wrong_arguments("Timestamp");
    let (text, format, zone) = match (&node.value, arguments) {
        (Value::Integer(seconds), []) => {
            return told(node, Some(i128::from(*seconds) * SECOND), range);
        }
        (Value::Float(seconds), []) => return told(node, nanoseconds(*seconds), range),
        (Value::Text(text), []) => (text.as_str(), None, None),
        (Value::Text(text), [format]) => (text.as_str(), Some(format), None),
        (Value::Text(text), [format, zone]) => (text.as_str(), Some(format), Some(zone)),
        (Value::Mapping(_), []) => {
            let [text, format, zone] =
                named(node, ["string", "format", "timezone"]).ok_or_else(wrong)?;
            let text = text.and_then(|node| node.value.as_text()).ok_or_else(wrong)?;
            (text, format, zone)
        }
        _ => return Err(refused(node, "Timestamp")),
    };
    let zone = match zone {
        Some(node) => Some(node.value.as_text().and_then(offset).ok_or_else(wrong)?),
        None => None,
    };
    let moment = match format {
        None => by_default(text, zone),
        Some(format) => {
            let formats = formats(format).ok_or_else(wrong)?;
            formats.iter().find_map(|format| by_format(text, format, zone))
        }
    };
    told(node, moment, range)
}

fn told(node: &Node, moment: Option<i128>, range: Range<f64>) -> Result<String, TypeError> {
    let moment = moment.ok_or_else(|| refused(node, "Timestamp"))?;
    within(moment, range, "Timestamp")?;
    let moment =
        jiff::Timestamp::from_nanosecond(moment).map_err(|_| refused(node, "Timestamp"))?;
    Ok(moment.strftime("%Y-%m-%dT%H:%M:%S.%9f UTC").to_string())
}

/// A date, a time after a `T` or a space, a fraction, a zone. A day that its
/// month does not have is in the next one, and 24:00 tomorrow.
fn by_default(text: &str, zone: Option<i64>) -> Option<i128> {
    let (date, rest) = date(text)?;
    let (clock, rest) = match rest.strip_prefix(['T', ' ']).and_then(clock) {
        Some((clock, rest)) => (clock, rest),
        None => (0, rest),
    };
    let own = match rest.trim_start() {
        "" => None,
        name => Some(offset(name)?),
    };
    let offset = match (own, zone) {
        (Some(_), Some(_)) => return None,
        (own, zone) => own.or(zone).unwrap_or(0),
    };
    Some(i128::from(date) * 86_400 * SECOND + clock - i128::from(offset) * SECOND)
}

/// Up to so many digits.
fn number(text: &str, most: usize) -> Option<(i64, &str)> {
    let end = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

/// Days since 1970.
fn date(text: &str) -> Option<(i64, &str)> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    if !(1..=31).contains(&day) {
        return None;
    }
    let first = jiff::civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, 1).ok()?;
    let epoch = jiff::civil::Date::constant(1970, 1, 1);
    let days = first.since((jiff::Unit::Day, epoch)).ok()?.get_days();
    Some((i64::from(days) + day - 1, rest))
}

/// Nanoseconds since midnight.
fn clock(text: &str) -> Option<(i128, &str)> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
    if hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let whole = i128::from(hour * 3600 + minute * 60 + second) * SECOND;
    let Some(after) = rest.strip_prefix('.') else { return Some((whole, rest)) };
    let end = after.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = after.split_at_checked(end)?;
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    (!digits.is_empty()).then_some((whole + nine.parse::<i128>().ok()?, rest))
}

/// Seconds east of Greenwich, of `+01:00`, `+0100`, `+1`, `UTC` and the zones that
/// Ruby's `Date` knows by a letter or a short name.
fn offset(zone: &str) -> Option<i64> {
    if let Some(digits) = zone.strip_prefix(['+', '-']) {
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let (hours, rest) = number(digits, 2)?;
        let (minutes, rest) =
            number(rest.strip_prefix(':').unwrap_or(rest), 2).unwrap_or((0, rest));
        return rest.is_empty().then_some(sign * (hours * 3600 + minutes * 60));
    }
    let hours = match zone.to_ascii_uppercase().as_str() {
        "UTC" | "GMT" | "Z" | "UT" | "WET" => 0,
        "CET" | "MET" | "BST" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "JST" => 9,
        "AST" | "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        letter => military(letter)?,
    };
    Some(hours * 3600)
}

/// `A` to `M` without `J` lie east, `N` to `Y` west.
fn military(name: &str) -> Option<i64> {
    let mut letters = name.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
    let place = |letters: &str| letters.find(letter).and_then(|at| i64::try_from(at + 1).ok());
    place("ABCDEFGHIKLM").or_else(|| place("NOPQRSTUVWXY").map(|hours| -hours))
}

fn by_format(text: &str, format: &str, zone: Option<i64>) -> Option<i128> {
    // Ruby's `%N` and `%L` are fractions, which jiff calls `%f`.
    let format = format.replace("%N", "%f").replace("%L", "%f");
    let parsed = strtime::parse(&format, text).ok()?;
    if let (Ok(moment), None) = (parsed.to_timestamp(), zone) {
        return Some(moment.as_nanosecond());
    }
    let moment = match (parsed.to_datetime(), parsed.to_date(), parsed.to_time()) {
        (Ok(moment), ..) => moment,
        (_, Ok(date), Ok(time)) => date.to_datetime(time),
        (_, Ok(date), _) => date.to_datetime(jiff::civil::Time::midnight()),
        _ => return None,
    };
    let moment = TimeZone::UTC.to_timestamp(moment).ok()?.as_nanosecond();
    Some(moment - i128::from(zone.unwrap_or(0)) * SECOND)
}
