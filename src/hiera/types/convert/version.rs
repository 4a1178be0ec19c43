//! `SemVer.new` (semver.org 2.0.0).

use super::{named, refused, wrong_arguments};
use crate::hiera::types::TypeError;
use crate::hiera::{Node, Value};

/// Makes a version of a text, of its parts, or of a mapping of them.
pub(super) fn version(
    node: &Node,
    arguments: &[Node],
    ranges: &[String],
) -> Result<String, TypeError> {
    let text = match (&node.value, arguments) {
        (Value::Text(text), []) => text.clone(),
        (Value::Mapping(_), []) => {
            let parts = named(node, ["major", "minor", "patch", "prerelease", "build"]);
            let parts = parts.ok_or_else(|| wrong_arguments("SemVer"))?;
            joined(parts).ok_or_else(|| wrong_arguments("SemVer"))?
        }
        (Value::Integer(_), [minor, patch, rest @ ..]) if rest.len() < 3 => {
            let parts = [Some(node), Some(minor), Some(patch), rest.first(), rest.get(1)];
            joined(parts).ok_or_else(|| wrong_arguments("SemVer"))?
        }
        _ => return Err(refused(node, "SemVer")),
    };
    if !is_version(&text) {
        return Err(refused(node, "SemVer"));
    }
    if ranges.is_empty() || ranges.iter().any(|range| in_range(&text, range)) {
        Ok(text)
    } else {
        Err(TypeError::new("the version lies outside the ranges of the SemVer"))
    }
}

fn joined(parts: [Option<&Node>; 5]) -> Option<String> {
    let [major, minor, patch, prerelease, build] = parts;
    let number = |node: Option<&Node>| match node?.value {
        Value::Integer(value @ 0..) => Some(value),
        _ => None,
    };
    let mut text = format!("{}.{}.{}", number(major)?, number(minor)?, number(patch)?);
    for (sign, part) in [('-', prerelease), ('+', build)] {
        if let Some(part) = part {
            text.push(sign);
            text.push_str(part.value.as_text()?);
        }
    }
    Some(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

fn is_version(text: &str) -> bool {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (core, prerelease) = match text.split_once('-') {
        Some((core, prerelease)) => (core, Some(prerelease)),
        None => (text, None),
    };
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && prerelease.is_none_or(|text| {
            text.split('.').all(|part| word(part) && (!digits(part) || is_number(part)))
        })
        && build.is_none_or(|text| text.split('.').all(word))
}

/// Major, minor and patch; what follows a dash or a plus is left out.
fn core(text: &str) -> Vec<u64> {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().split('.').map_while(|part| part.parse().ok()).collect()
}

/// Ranges as node-semver writes them: `1.x`, `>=1.0.0 <2.0.0`, `1.0.0 - 2.0.0`,
/// `~1.2`, `^1.2`; alternatives by `||`.
fn in_range(version: &str, range: &str) -> bool {
    let version = core(version);
    range.split("||").any(|range| {
        if let Some((low, high)) = range.split_once(" - ") {
            return version >= core(low.trim()) && below_end(&version, &core(high.trim()));
        }
        // `>= 1.0` is one comparison.
        let range = [">=", "<=", ">", "<", "=", "~", "^"]
            .into_iter()
            .fold(range.to_owned(), |range, sign| range.replace(&format!("{sign} "), sign));
        range.split_whitespace().all(|part| compares(&version, part))
    })
}

fn compares(version: &[u64], part: &str) -> bool {
    let bound = |sign: &str| part.strip_prefix(sign).map(core);
    if let Some(low) = bound(">=") {
        return *version >= *low;
    }
    if let Some(high) = bound("<=") {
        return below_end(version, &high);
    }
    if let Some(low) = bound(">") {
        return *version > *low && !version.starts_with(&low);
    }
    if let Some(high) = bound("<") {
        return *version < *high;
    }
    if let Some(low) = bound("~") {
        let fixed = low.get(..low.len().min(2)).unwrap_or_default();
        return *version >= *low && version.starts_with(fixed);
    }
    if let Some(low) = bound("^") {
        let fixed = low.iter().position(|part| *part > 0).map_or(low.len(), |at| at + 1);
        return *version >= *low && version.starts_with(low.get(..fixed).unwrap_or_default());
    }
    // `1.x`, `1.2.*` and `*`: the parts before it must be equal.
    version.starts_with(&core(part.strip_prefix('=').unwrap_or(part)))
}

/// Up to and with a version, or all versions that begin with a partial one.
fn below_end(version: &[u64], high: &[u64]) -> bool {
    *version <= *high || version.starts_with(high)
}
