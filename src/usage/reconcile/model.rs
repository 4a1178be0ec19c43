//! One name for a model, however it is written.

/// The name that a model has wherever it is written: `claude-sonnet-4-5` of
/// `Claude Sonnet 4.5`, `claude-sonnet-4-5-20250929`, `claude-sonnet-4-5@20250929`,
/// `us.anthropic.claude-sonnet-4-5-20250929-v1:0` and `claude-sonnet-4-5[1m]`.
pub(super) fn canonical(name: &str) -> String {
    let name = name.trim().to_lowercase().replace([' ', '@'], "-");
    let name = name.split('[').next().unwrap_or_default();
    let name = name.find("claude").and_then(|start| name.get(start..)).unwrap_or(name);
    let name = match name.rsplit_once("-v") {
        Some((before, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => before,
        _ => name,
    };
    let name = name.replace('.', "-");
    let is_date = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    match name.rsplit_once('-') {
        Some((before, date)) if is_date(date) => before.to_owned(),
        Some((before, "latest")) => before.to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_means_the_same() {
        for name in [
            "claude-sonnet-4-5",
            "Claude Sonnet 4.5",
            "claude-sonnet-4-5-20250929",
            "claude-sonnet-4-5@20250929",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "claude-sonnet-4-5[1m]",
            "claude-sonnet-4-5-latest",
        ] {
            assert_eq!(canonical(name), "claude-sonnet-4-5");
        }
        assert_eq!(canonical("claude-opus-4-20250514"), "claude-opus-4");
        assert_eq!(canonical("kimi-k2.5"), "kimi-k2-5");
        assert_eq!(canonical("vendor-very-much"), "vendor-very-much");
        assert_eq!(canonical(""), "");
    }
}
