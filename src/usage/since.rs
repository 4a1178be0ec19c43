//! Since when there are samples of the recording rules.

use super::{Closure, Span};
use jiff::Timestamp;

/// Rules of what every client sends. What is seen is written at a change and at
/// least once a day; increases alone are there for a time that was filled in later.
const RULES: [&str; 4] =
    ["claude:tokens:seen", "claude:sessions:seen", "claude:tokens:inc1m", "claude:sessions:inc1m"];

/// Longer than any Prometheus keeps samples.
const EVER: i64 = 3650 * 86_400;

const MINUTE: i64 = 60;

/// Into how many pieces a time is cut to find the first sample in it.
const PIECES: i64 = 1000;

/// An expression that has a value where some rule has a sample in the time before.
fn seen(range: &str) -> String {
    RULES.map(|rule| format!("count(present_over_time({rule}{range}))")).join(" or ")
}

/// Asked at the beginning of a time: does anything come from before it?
#[must_use]
pub fn existed_before(closure: Closure) -> String {
    seen(&closure.range(EVER))
}

/// A search for the first sample in a time, which asks twice or thrice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    span: Span,
    step: i64,
}

impl Search {
    /// Starts with the whole time.
    #[must_use]
    pub fn of(span: Span) -> Self {
        let pieces = span.seconds() / MINUTE / PIECES + 1;
        Self { span, step: pieces * MINUTE }
    }

    /// The expression, the first and last time to ask at, and their distance in seconds.
    #[must_use]
    pub fn question(&self, closure: Closure) -> (String, i64, i64, i64) {
        let Self { span, step } = *self;
        let count = (span.seconds() + step - 1) / step;
        let start = span.from.as_second() + step;
        (seen(&closure.range(step)), start, start + (count - 1) * step, step)
    }

    /// Goes on from the first time that had an answer.
    ///
    /// # Errors
    /// The search in that piece of time, where it is longer than a minute.
    pub fn narrow(&self, first: i64) -> Result<Timestamp, Self> {
        let at = |second| Timestamp::from_second(second).unwrap_or(self.span.to);
        let span = Span { from: at(first - self.step), to: at(first) };
        if self.step == MINUTE { Ok(span.from) } else { Err(Self::of(span)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_searched_in_two_steps() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let span = Span { from: at(0), to: at(31 * 86_400) };
        // The first sample comes in the minute up to 1,000,020.
        let answer = |search: Search| {
            let (_, start, end, step) = search.question(Closure::LeftOpen);
            assert!((end - start) / step < 1100, "{search:?}");
            let mut times = (start..=end).step_by(usize::try_from(step).unwrap());
            times.find(|time| *time >= 1_000_020).unwrap()
        };
        let search = Search::of(span);
        let narrower = search.narrow(answer(search)).unwrap_err();
        assert_eq!(narrower.narrow(answer(narrower)), Ok(at(999_960)));
    }
}
