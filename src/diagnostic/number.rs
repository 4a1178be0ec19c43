//! How whole numbers look to people.

/// Sets the thousands of a whole number's digits apart: `1,234,567`.
#[must_use]
pub fn thousands(digits: &str) -> String {
    digits.char_indices().fold(String::new(), |mut text, (at, digit)| {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(7, "7"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(&number.to_string()), text);
        }
    }
}
