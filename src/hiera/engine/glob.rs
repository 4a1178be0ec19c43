//! `glob` and `globs`, in the order of Ruby's `Dir.glob`.

use super::files::{DirectoryEntry, Files};
use crate::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// How many alternatives braces may make.
const MAX_PATTERNS: usize = 1000;

/// Finds the files that match a pattern; directories do not count.
pub fn glob(files: &dyn Files, pattern: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut found = Vec::new();
    for pattern in braces(&pattern.to_string_lossy()) {
        let (root, rest) = match pattern.strip_prefix('/') {
            Some(rest) => (PathBuf::from("/"), rest),
            None => (PathBuf::new(), pattern.as_str()),
        };
        let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
        walk(files, &root, &parts, &[0], &mut found)?;
    }
    Ok(found)
}

fn walk(
    files: &dyn Files,
    folder: &Path,
    parts: &[&str],
    at: &[usize],
    found: &mut Vec<PathBuf>,
) -> Result<(), Diagnostic> {
    let mut states = at.to_vec();
    for state in at {
        if parts.get(*state) == Some(&"**") {
            states.push(state + 1);
        }
    }
    if let [state] = states.as_slice()
        && let Some(part) = parts.get(*state)
        && !part.contains(['*', '?', '[', '\\'])
        && state + 1 < parts.len()
    {
        return walk(files, &folder.join(part), parts, &[state + 1], found);
    }
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Some(mut entries) = files.list(listed)? else { return Ok(()) };
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    for DirectoryEntry { name, is_directory } in entries {
        let mut next: Vec<usize> = Vec::new();
        for state in &states {
            match parts.get(*state) {
                Some(&"**") if is_directory && !name.starts_with('.') => next.push(*state),
                Some(part) if *part != "**" && matches(part, &name) => next.push(state + 1),
                _ => {}
            }
        }
        if next.contains(&parts.len()) && !is_directory {
            found.push(folder.join(&name));
        }
        next.retain(|state| *state < parts.len());
        if is_directory && !next.is_empty() {
            walk(files, &folder.join(&name), parts, &next, found)?;
        }
    }
    Ok(())
}

/// Matches one name; a leading dot is matched only by a dot.
fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n, mut star) = (0, 0, None);
    loop {
        match (pattern.get(p), name.get(n)) {
            (None, None) => return true,
            (Some('*'), _) => {
                star = Some((p + 1, n));
                p += 1;
                continue;
            }
            (Some(_), Some(letter)) => {
                if let Some(width) = one(pattern.get(p..).unwrap_or_default(), *letter) {
                    p += width;
                    n += 1;
                    continue;
                }
            }
            _ => {}
        }
        match star {
            Some((after, taken)) if taken < name.len() => {
                star = Some((after, taken + 1));
                (p, n) = (after, taken + 1);
            }
            _ => return false,
        }
    }
}

/// How many letters of the pattern this letter matches.
fn one(pattern: &[char], letter: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['\\', escaped, ..] => (*escaped == letter).then_some(2),
        ['[', inside @ ..] => {
            let end = inside.iter().skip(1).position(|c| *c == ']')? + 1;
            let set = inside.get(..end)?;
            let (negated, set) = match set {
                ['!' | '^', set @ ..] => (true, set),
                set => (false, set),
            };
            let mut rest = set;
            let mut within = false;
            while let [first, after @ ..] = rest {
                if let ['-', last, after @ ..] = after {
                    within |= (*first..=*last).contains(&letter);
                    rest = after;
                } else {
                    within |= *first == letter;
                    rest = after;
                }
            }
            (within != negated).then_some(end + 2)
        }
        [first, ..] => (*first == letter).then_some(1),
        [] => None,
    }
}

/// `a{b,c}` becomes `ab` and `ac`.
fn braces(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(pattern) = open.pop() {
        let Some((before, choices, after)) = first_braces(&pattern) else {
            done.push(pattern);
            continue;
        };
        if open.len() + choices.len() > MAX_PATTERNS {
            break;
        }
        open.extend(choices.iter().rev().map(|choice| format!("{before}{choice}{after}")));
    }
    done
}

fn first_braces(pattern: &str) -> Option<(&str, Vec<&str>, &str)> {
    let (before, inside) = pattern.split_once('{')?;
    let (mut depth, mut start, mut choices) = (0_usize, 0, Vec::new());
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                choices.push(inside.get(start..at)?);
                return Some((before, choices, inside.get(at + 1..)?));
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                choices.push(inside.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}
