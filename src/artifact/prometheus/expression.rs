//! A form of `PromQL` expressions in which formatting makes no difference.

/// Drops the white space of an expression that has no meaning.
///
/// Between two words one space stays; the insides of strings stay as they are.
/// What else Prometheus changes when it prints an expression (the order of
/// matchers, quotes, `60s` as `1m`) only Prometheus itself knows.
#[must_use]
pub fn normal_form(expression: &str) -> String {
    let mut normal = String::with_capacity(expression.len());
    let mut characters = expression.chars();
    let mut space = false;
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            space = true;
            continue;
        }
        if space && is_word(character) && normal.chars().next_back().is_some_and(is_word) {
            normal.push(' ');
        }
        space = false;
        normal.push(character);
        if matches!(character, '"' | '\'' | '`') {
            copy_string(character, &mut characters, &mut normal);
        }
    }
    normal
}

/// Copies to the closing quote; only a backquoted string knows no escapes.
fn copy_string(quote: char, characters: &mut std::str::Chars<'_>, normal: &mut String) {
    while let Some(character) = characters.next() {
        normal.push(character);
        if character == quote {
            return;
        }
        if character == '\\' && quote != '`' {
            normal.extend(characters.next());
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | ':' | '.')
}

#[cfg(test)]
mod tests {
    use super::normal_form;

    #[test]
    fn formatting_makes_no_difference() {
        let written = "(claude_tokens_total - last_over_time(claude:tokens:seen[3d]))\n  or claude_tokens_total";
        let printed =
            "(claude_tokens_total - last_over_time(claude:tokens:seen[3d])) or claude_tokens_total";
        assert_eq!(normal_form(written), normal_form(printed));
        assert_eq!(normal_form("sum by(model) ( x )"), normal_form("sum by (model) (x)"));
        assert_eq!(normal_form(" x offset 1m\n"), "x offset 1m");
    }

    #[test]
    fn meaning_makes_a_difference() {
        assert_ne!(normal_form("a or b"), normal_form("a orb"));
        assert_ne!(normal_form("x{a=\"b c\"}"), normal_form("x{a=\"bc\"}"));
        assert_ne!(normal_form(r#"x{a="\" b"}"#), normal_form(r#"x{a="\"b"}"#));
        assert_ne!(normal_form("x{a=`\\` , b='c d'}"), normal_form("x{a=`\\` , b='cd'}"));
    }

    #[test]
    fn an_unfinished_string_ends_with_the_text() {
        assert_eq!(normal_form("x{a=\"b \\"), "x{a=\"b \\");
    }
}
