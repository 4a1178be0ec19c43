//! How a text is quoted in YAML: Psych's choice, and what libyaml makes of it.

use crate::hiera::Value;
use crate::hiera::scalar::resolve;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// Chooses the style of a text; keys stand in a place where only one line may be.
pub(super) fn style(text: &str, simple_key: bool) -> Style {
    let facts = Facts::of(text);
    let wanted = wanted(text);
    let wanted = if simple_key && facts.multiline { Style::Double } else { wanted };
    let wanted = match wanted {
        Style::Plain if !facts.plain => Style::Single,
        other => other,
    };
    match wanted {
        Style::Single if !facts.single => Style::Double,
        Style::Literal if !facts.block || simple_key => Style::Double,
        other => other,
    }
}

/// What Psych asks for, in its order.
fn wanted(text: &str) -> Style {
    let inner_break = text.match_indices('\n').any(|(at, _)| {
        let after = text.get(at + 1..).unwrap_or_default();
        !after.is_empty() && after != "\n"
    });
    if inner_break {
        return Style::Literal;
    }
    if text == "<<" {
        return Style::Single;
    }
    if text == "y" || text == "n" || has_odd_line(text) {
        return Style::Double;
    }
    let no_octal = text.strip_prefix('0').is_some_and(|rest| {
        rest.trim_start_matches(|c| ('0'..='7').contains(&c)).starts_with(['8', '9'])
    });
    if no_octal || !matches!(resolve(text), Ok(Value::Text(_))) {
        return Style::Single;
    }
    Style::Plain
}

/// A line that begins with no letter, digit or underscore and has no double quote after that.
fn has_odd_line(text: &str) -> bool {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).any(|start| {
        let mut letters = text.get(start..).unwrap_or_default().chars();
        letters.next().is_some_and(|first| !is_word(first))
            && !letters.take_while(|letter| *letter != '\n').any(|letter| letter == '"')
    })
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// What libyaml finds out about a text: which styles can hold it.
#[allow(clippy::struct_excessive_bools, reason = "each is one of libyaml's findings")]
struct Facts {
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

impl Facts {
    fn of(text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let blank = |at: usize| letters.get(at).is_none_or(|c| " \t\n\r".contains(*c));
        let mut facts = Self { multiline: false, plain: true, single: true, block: true };
        if text.starts_with("---") || text.starts_with("...") {
            facts.plain = false;
        }
        let last = letters.len().saturating_sub(1);
        let (mut after_space, mut after_break) = (false, false);
        for (at, letter) in letters.iter().copied().enumerate() {
            let follows_blank = at == 0 || blank(at - 1);
            let indicates = match letter {
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"'
                | '%' | '@' | '`'
                    if at == 0 =>
                {
                    true
                }
                '?' | '-' if at == 0 => blank(at + 1),
                ':' => blank(at + 1),
                '#' => follows_blank,
                _ => false,
            };
            facts.plain &= !indicates;
            let is_break = is_break(letter);
            if !is_printable(letter) {
                (facts.plain, facts.single, facts.block) = (false, false, false);
            }
            facts.multiline |= is_break;
            facts.plain &= !is_break;
            if letter == ' ' {
                facts.plain &= at != 0 && at != last;
                facts.block &= at != last;
                if after_break {
                    (facts.plain, facts.single) = (false, false);
                }
            }
            if is_break && after_space {
                (facts.plain, facts.single, facts.block) = (false, false, false);
            }
            (after_space, after_break) = (letter == ' ', is_break);
        }
        facts
    }
}

pub(super) const fn is_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What libyaml writes as it is.
pub(super) const fn is_printable(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}
