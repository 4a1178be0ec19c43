//! The counters of the canary's series, before and after.

use super::SERVICE_NAME;
use super::canary::Canary;
use super::exposition::Sample;
use crate::stack::{METRICS, Metric};
use std::collections::{BTreeMap, BTreeSet};

/// The relative difference that money may show: sums of floating-point numbers.
const TOLERANCE: f64 = 1e-9;

/// What the counters of the canary's series say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Totals {
    /// The sum of all series of one counter; none where there is no series.
    pub values: BTreeMap<&'static str, f64>,
    /// The collector runs they belong to: one, the current.
    pub runs: BTreeSet<String>,
}

impl Totals {
    /// Adds up the samples of the canary.
    pub(super) fn of(samples: &[Sample]) -> Self {
        let mut totals = Self::default();
        for sample in samples {
            let ours = sample.labels.get("service_name").is_some_and(|name| name == SERVICE_NAME);
            let Some(metric) = METRICS.iter().find(|metric| metric.name == sample.name) else {
                continue;
            };
            if ours {
                *totals.values.entry(metric.name).or_default() += sample.value;
                totals.runs.extend(sample.labels.get("collector_run").cloned());
            }
        }
        totals
    }

    /// One counter; 0 where there is no series.
    pub(super) fn value(&self, metric: &Metric) -> f64 {
        self.values.get(metric.name).copied().unwrap_or_default()
    }

    /// Names each counter that did not grow by what was sent.
    pub(super) fn wrong_growth(&self, before: &Self, canary: &Canary) -> Vec<String> {
        METRICS
            .iter()
            .filter_map(|metric| {
                let (before, sent) = (before.value(metric), canary.expected(metric));
                let after = self.value(metric);
                let Metric { name, unit, .. } = metric;
                (!same(metric, after, before + sent)).then(|| {
                    format!("`{name}` grew by {} {unit}, though {sent} were sent", after - before)
                })
            })
            .collect()
    }
}

/// Compares counts exactly, and money but for rounding.
pub(super) fn same(metric: &Metric, left: f64, right: f64) -> bool {
    if metric.unit == "USD" {
        return (left - right).abs() <= TOLERANCE * left.abs().max(right.abs());
    }
    left.total_cmp(&right).is_eq()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::exposition::samples;
    use std::time::SystemTime;

    fn totals(tokens: f64) -> Totals {
        let page = format!(
            "claude_tokens_total{{service_name=\"otelctl-verify\",collector_run=\"a\"}} {tokens}\n\
             claude_tokens_total{{service_name=\"otelctl-verify\",type=\"x\"}} 1\n\
             claude_tokens_total{{service_name=\"claude-code\"}} 1000\n\
             other_total{{service_name=\"otelctl-verify\"}} 1000\n"
        );
        Totals::of(&samples(&page).expect("valid"))
    }

    #[test]
    fn only_the_canarys_own_series_count() {
        let totals = totals(6.0);
        assert_eq!(totals.values, [("claude_tokens_total", 7.0)].into());
        assert_eq!(totals.runs, ["a".to_owned()].into());
    }

    #[test]
    fn one_token_too_few_is_wrong() {
        let canary = Canary::new(&[], SystemTime::UNIX_EPOCH);
        let sent: f64 = canary.tokens.iter().copied().map(f64::from).sum();
        let tokens = |after: f64| -> Vec<String> {
            let wrong = totals(after).wrong_growth(&totals(10.0), &canary);
            wrong.into_iter().filter(|line| line.contains("`claude_tokens_total`")).collect()
        };
        assert_eq!(tokens(10.0 + sent), Vec::<String>::new());
        assert_eq!(
            tokens(9.0 + sent),
            [format!(
                "`claude_tokens_total` grew by {} tokens, though {sent} were sent",
                sent - 1.0
            )]
        );
        assert_eq!(tokens(10.0).len(), 1);
    }

    #[test]
    fn money_may_be_rounded() {
        let [sessions, _, cost, ..] = METRICS;
        assert!(same(&cost, 0.1 + 0.2, 0.3) && !same(&cost, 0.3, 0.300_001));
        assert!(same(&sessions, 3.0, 3.0) && !same(&sessions, 3.0, 3.000_000_000_1));
    }
}
