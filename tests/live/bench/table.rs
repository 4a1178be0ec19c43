//! The results as people read them, and whether they are exact.

use super::panel::Shown;
use super::subject::Setup;
use std::fmt::{self, Display, Formatter};

/// How a case went.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub name: &'static str,
    /// Tokens that were sent.
    pub tokens: f64,
    /// The share of the truth that Prometheus has stored, over all restarts.
    pub stored: f64,
    /// The share that the recording rules total.
    pub recorded: f64,
    /// The share that each panel shows.
    pub panels: Vec<Shown>,
    /// Queries that were asked, with those that have no one true number.
    pub queries: usize,
}

impl Outcome {
    /// The panel that is furthest off.
    fn worst(&self) -> f64 {
        let shares = self.panels.iter().map(|shown| shown.share);
        shares.max_by(|a, b| (a - 1.0).abs().total_cmp(&(b - 1.0).abs())).unwrap_or(0.0)
    }
}

/// One stack's results.
#[derive(Clone, Debug)]
pub struct Row {
    pub setup: Setup,
    pub results: Vec<Outcome>,
}

/// All results; shown as Markdown.
pub struct Table(Vec<Row>);

impl Table {
    /// Puts the rows into order.
    pub fn new(mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(|Row { setup, .. }| {
            (setup.by_default, setup.collector.len(), setup.collector, setup.prometheus)
        });
        Self(rows)
    }

    /// Says that everything is exact.
    ///
    /// # Panics
    /// When anything is not, with all that is not.
    pub fn assert_exact(&self) {
        let mut wrong = Vec::new();
        for (setup, result) in self.results() {
            let mut told = |what: &str, share: f64| {
                if share.total_cmp(&1.0).is_ne() {
                    wrong.push(format!("{setup:?}, {}: {what}: {}", result.name, percent(share)));
                }
            };
            told("stored", result.stored);
            told("recorded", result.recorded);
            result.panels.iter().for_each(|shown| told(&shown.panel, shown.share));
            assert!(!result.panels.is_empty() && result.tokens > 0.0, "{}", result.name);
        }
        assert!(wrong.is_empty(), "not exact:\n{}", wrong.join("\n"));
    }

    fn results(&self) -> impl Iterator<Item = (Setup, &Outcome)> {
        self.0.iter().flat_map(|row| row.results.iter().map(|result| (row.setup, result)))
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names = self.0.first().into_iter().flat_map(|row| &row.results).map(|case| case.name);
        let head = ["collector", "Prometheus", "scrape, rules"].into_iter().chain(names);
        let head: Vec<&str> = head.collect();
        writeln!(f, "| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()))?;
        for Row { setup, results } in &self.0 {
            let (scrape, rules) = (setup.scrape().as_secs(), setup.rules().as_secs());
            write!(f, "| {} | {} |", setup.collector, setup.prometheus)?;
            write!(f, " {scrape} s, {rules} s |")?;
            for result in results {
                let shares = [result.stored, result.recorded, result.worst()].map(percent);
                write!(f, " {} |", shares.join(" / "))?;
            }
            writeln!(f)?;
        }
        let tokens: f64 = self.results().map(|(_, result)| result.tokens).sum();
        let queries: usize = self.results().map(|(_, result)| result.queries).sum();
        let compared: usize = self.results().map(|(_, result)| result.panels.len()).sum();
        writeln!(
            f,
            "\n% of the truth: stored in Prometheus / total of the rules / the panel that"
        )?;
        writeln!(
            f,
            "is furthest off. {tokens} tokens, {queries} queries of panels, {compared} of"
        )?;
        writeln!(f, "them with one true number to compare with.")
    }
}

/// 100.00 only for what is exact.
fn percent(share: f64) -> String {
    if share.total_cmp(&1.0).is_eq() {
        return "100.00".to_owned();
    }
    let text = format!("{:.2}", 100.0 * share);
    if text == "100.00" { format!("{:.6}", 100.0 * share) } else { text }
}
