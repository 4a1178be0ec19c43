//! Where the rules of a counter begin, and what they counted of each set of labels first.

use super::history::Labels;
use std::collections::BTreeMap;

/// The first evaluation of a counter's rules, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Border(pub i64);

/// What the rules wrote of one set of labels first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct First {
    /// When.
    pub at: i64,
    /// What that evaluation counted, if anything.
    pub increment: Option<f64>,
    /// The value that it saw.
    pub seen: Option<f64>,
}

/// What the rules wrote first, by labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Native(BTreeMap<Labels, First>);

impl Native {
    /// Takes a sample of the increments, and tells imported ones by their sign.
    pub fn increment(&mut self, labels: &Labels, at: i64, value: f64) {
        if value > 0.0 {
            self.take(labels, First { at, increment: Some(value), seen: None });
        }
    }

    /// Takes a sample of the values seen.
    pub fn seen(&mut self, labels: &Labels, at: i64, value: f64) {
        self.take(labels, First { at, increment: None, seen: Some(value) });
    }

    fn take(&mut self, labels: &Labels, found: First) {
        let first = self.0.entry(labels.clone()).or_insert(found);
        if found.at < first.at {
            *first = found;
        } else if found.at == first.at {
            first.increment = first.increment.or(found.increment);
            first.seen = first.seen.or(found.seen);
        }
    }

    /// Says whether the border is not where the rules began, but where Prometheus begins to
    /// remember them: they added to a value that they had seen before.
    pub(super) fn is_older_than(&self, border: Border) -> bool {
        let at_border = self.0.values().filter(|first| first.at == border.0);
        at_border.into_iter().any(|first| match (first.increment, first.seen) {
            (Some(increment), Some(seen)) => increment.total_cmp(&seen).is_ne(),
            (Some(_), None) | (None, _) => false,
        })
    }

    /// What was written of a set of labels first.
    #[must_use]
    pub fn first(&self, labels: &Labels) -> Option<&First> {
        self.0.get(labels)
    }
}

impl Border {
    /// The sample that takes back what the rules count a second time: when, and how much.
    /// `last` is the value up to which everything is counted otherwise.
    pub(super) fn balance(self, last: f64, first: &First) -> Option<(i64, f64)> {
        let First { at, increment, seen } = *first;
        let increment = increment?;
        // What is less than the value seen was added to one that the rules knew already.
        let whole = seen.is_none_or(|seen| seen.total_cmp(&increment).is_eq());
        // At the border itself a sample may have come in after the evaluation.
        let same_life = at == self.0 || increment >= last;
        (last > 0.0 && whole && same_life).then_some((at - 1, -last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_counted_whole_is_taken_back() {
        let border = Border(1000);
        let first = |at, increment, seen| First { at, increment, seen };
        let balance = |first: First| border.balance(7.0, &first);
        assert_eq!(balance(first(1000, Some(7.0), Some(7.0))), Some((999, -7.0)));
        // A sample that came in late.
        assert_eq!(balance(first(1000, Some(6.0), Some(6.0))), Some((999, -7.0)));
        // Taken as counted, or nothing yet.
        assert_eq!(balance(first(1000, None, Some(7.0))), None);
        // Paused, and counted whole when it came back; or counted on, or begun anew.
        assert_eq!(balance(first(5000, Some(9.0), Some(9.0))), Some((4999, -7.0)));
        assert_eq!(balance(first(5000, Some(2.0), Some(9.0))), None);
        assert_eq!(balance(first(5000, Some(2.0), Some(2.0))), None);
    }

    #[test]
    fn the_first_sample_is_the_rules_own() {
        let (mut native, labels) = (Native::default(), Labels::new());
        native.seen(&labels, 60, 9.0);
        native.increment(&labels, 59, -7.0);
        native.increment(&labels, 120, 3.0);
        native.increment(&labels, 60, 9.0);
        let first = First { at: 60, increment: Some(9.0), seen: Some(9.0) };
        assert_eq!(native.first(&labels), Some(&first));
    }
}
