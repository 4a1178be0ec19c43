//! The samples of an import, in the form that `promtool` reads.

use super::{Labels, MARK, Missing, UNTIL};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    name: String,
    labels: Labels,
    at: i64,
    value: f64,
}

impl Sample {
    pub(super) fn new(name: &str, labels: &Labels, at: i64, value: f64) -> Self {
        Self { name: name.to_owned(), labels: labels.clone(), at, value }
    }

    /// The series' name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its labels.
    #[must_use]
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// When it is, in milliseconds since 1970.
    #[must_use]
    pub const fn at(&self) -> i64 {
        self.at
    }
}

/// What is to be imported at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The samples by name, each with its labels and its time.
    samples: BTreeMap<String, Vec<Sample>>,
    /// The first and the last time.
    pub span: (i64, i64),
}

impl Import {
    /// Everything that is missing; none: nothing is. `block` is how long a block may be, in
    /// milliseconds: each has a word on where the rules began.
    #[must_use]
    pub fn of(missing: &[Missing], block: i64) -> Option<Self> {
        let all = || missing.iter().flat_map(|missing| &missing.samples);
        let first = all().map(Sample::at).min()?;
        let last = all().map(Sample::at).max()?;
        let mut samples: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
        let mut blocks: BTreeMap<i64, i64> = BTreeMap::new();
        for sample in all() {
            let earliest = blocks.entry(sample.at.div_euclid(block)).or_insert(sample.at);
            *earliest = (*earliest).min(sample.at);
            samples.entry(sample.name.clone()).or_default().push(sample.clone());
        }
        let marks = samples.entry(UNTIL.to_owned()).or_default();
        for at in blocks.into_values() {
            marks.extend(missing.iter().map(|missing| {
                let labels = Labels::from([(MARK.to_owned(), missing.counter.name.to_owned())]);
                Sample::new(UNTIL, &labels, at, seconds(missing.border.0))
            }));
        }
        Some(Self { samples, span: (first, last) })
    }

    /// How many samples there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.samples.values().map(Vec::len).sum()
    }

    /// The text that `promtool tsdb create-blocks-from openmetrics` reads.
    #[must_use]
    pub fn openmetrics(&self) -> String {
        let mut text = String::new();
        for (name, samples) in &self.samples {
            let _ = writeln!(text, "# TYPE {name} gauge");
            for Sample { name, labels, at, value } in samples {
                let labels: Vec<String> = labels
                    .iter()
                    .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
                    .collect();
                let (second, rest) = (at.div_euclid(1000), at.rem_euclid(1000));
                let _ = writeln!(text, "{name}{{{}}} {value} {second}.{rest:03}", labels.join(","));
            }
        }
        text + "# EOF\n"
    }
}

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
pub(super) fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
