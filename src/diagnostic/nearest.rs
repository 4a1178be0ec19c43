//! Did you mean …?

/// Names the nearest of some words, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let near = (length / 4).clamp(1, 3);
    words
        .into_iter()
        // Each character more or less is one step away.
        .filter(|other| other.chars().count().abs_diff(length) <= near)
        .map(|other| (strsim::damerau_levenshtein(word, other), other))
        .filter(|(distance, _)| *distance <= near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}
