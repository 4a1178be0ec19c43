//! What a row stands for.

use super::{Labels, Step};
use crate::diagnostic::{Diagnostic, Kind};

/// What a row stands for: a time, a combination of labels, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// Days or hours; none: the whole time.
    pub step: Option<Step>,
    /// The labels, by the names that Prometheus knows.
    pub labels: Vec<String>,
}

impl Grouping {
    /// Reads the words of the command line: `day`, `hour`, or what stands for a label.
    ///
    /// # Errors
    /// Each word that says no label of the counters, and days besides hours.
    pub fn read(words: &[String], labels: &Labels) -> Result<Self, Vec<Diagnostic>> {
        let (mut grouping, mut errors) = (Self::default(), Vec::new());
        for word in words {
            let step = match word.as_str() {
                "day" => Some(Step::Day),
                "hour" => Some(Step::Hour),
                _ => None,
            };
            match (step, grouping.step) {
                (Some(step), None) => grouping.step = Some(step),
                (Some(step), Some(other)) if step == other => {}
                (Some(_), Some(_)) => {
                    let message = "rows are by day or by hour, not both";
                    errors.push(Diagnostic::error(Kind::Usage, message).code("usage::by"));
                }
                (None, _) => match labels.find(word) {
                    Ok(label) if grouping.labels.contains(&label) => {}
                    Ok(label) => grouping.labels.push(label),
                    Err(error) => errors.push(error),
                },
            }
        }
        if errors.is_empty() { Ok(grouping) } else { Err(errors) }
    }

    /// The names of its keys, the time first.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let time = self.step.map(|step| match step {
            Step::Day => "day",
            Step::Hour => "hour",
        });
        time.into_iter().chain(self.labels.iter().map(String::as_str)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Grouping, Vec<Diagnostic>> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Grouping::read(&words, &Labels::made_up(&["team"]))
    }

    #[test]
    fn the_time_comes_first_and_nothing_twice() {
        let grouping = read(&["team", "day", "version", "team", "day"]).unwrap();
        assert_eq!(grouping.names(), ["day", "team", "service_version"]);
    }

    #[test]
    fn all_mistakes_are_told() {
        assert_eq!(read(&["hour", "day", "user", "tean"]).unwrap_err().len(), 3);
    }
}
