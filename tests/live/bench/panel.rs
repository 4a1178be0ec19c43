//! How much of the truth a panel shows.

use crate::live::dashboards::{Question, Series, Truth, truth};
use crate::live::otlp::Totals;

/// A panel's column or series, and the share of the truth that it shows.
#[derive(Clone, Debug)]
pub struct Shown {
    pub panel: String,
    pub share: f64,
}

/// Compares an answer with what is true; none: no single number is true of it, or nothing is.
pub fn share(question: &Question, answer: &[Series], truths: &Totals) -> Option<Shown> {
    let total = |counter: &str| truths.sum(counter, |_, _| true);
    let points = || answer.iter().flat_map(|(_, points)| points);
    let (expected, found) = match truth(&question.title, &total)? {
        Truth::Sum(expected) => (expected, points().sum::<f64>()),
        // Series by series: what is true of all is true of none.
        Truth::Value(_) if question.by.is_some() => return None,
        Truth::Value(expected) => (expected, points().next().copied().unwrap_or_default()),
    };
    let exact = (expected - found).abs() <= 1e-9 * expected.abs().max(1e-9);
    let share = if exact { 1.0 } else { found / expected };
    let panel = format!("{} / {}", question.panel, question.title);
    expected.is_finite().then_some(Shown { panel, share })
}
