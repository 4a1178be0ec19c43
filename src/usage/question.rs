//! What Prometheus is asked: one expression and its times for each counter.

use super::bucket::{self, Run};
use super::column::TYPE;
use super::{Bucket, COLUMNS, Column, Grouping, Labels, Only};

/// Prometheus gives 11,000 points of a series at most.
const MOST_POINTS: usize = 10_000;

/// Whether a range includes a sample that lies exactly at its beginning.
///
/// Up to 2.x it does, from 3.0 on it does not: a sample of midnight would count
/// on both days, or on none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closure {
    /// As 3.x: after the beginning, up to and with the end.
    LeftOpen,
    /// As 2.x: with the beginning, up to and with the end.
    Closed,
}

impl Closure {
    /// Tells the two apart on any server: the number of full minutes in a minute,
    /// asked at a full minute.
    pub const PROBE: &'static str = "count_over_time(vector(1)[1m:1m])";

    /// Reads the answer to [`Self::PROBE`].
    #[must_use]
    pub fn of(full_minutes: f64) -> Self {
        if full_minutes > 1.5 { Self::Closed } else { Self::LeftOpen }
    }

    /// A range selector that holds what lies after the beginning, up to and with the end.
    pub(super) fn range(self, seconds: i64) -> String {
        match self {
            Self::LeftOpen => format!("[{seconds}s]"),
            // Times are whole milliseconds.
            Self::Closed => format!("[{}ms]", seconds * 1000 - 1),
        }
    }
}

/// One expression, at times of the same distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is counted.
    pub column: Column,
    /// The expression, in `PromQL`.
    pub expression: String,
    /// The first time, in seconds since 1970.
    pub start: i64,
    /// The last time.
    pub end: i64,
    /// The distance.
    pub step: i64,
    /// The number of the piece that ends at the first time.
    pub first: usize,
    /// False: the counter tells less than the rows do, so that it counts for the total alone.
    pub attributed: bool,
}

/// Makes the questions for some pieces of time.
#[must_use]
pub fn questions(
    buckets: &[Bucket],
    grouping: &Grouping,
    only: &Only,
    labels: &Labels,
    closure: Closure,
) -> Vec<Question> {
    let runs = bucket::runs(buckets, MOST_POINTS);
    let asked = COLUMNS.into_iter().filter(|column| {
        column.is_asked(labels) && only.0.keys().all(|label| column.carries(label))
    });
    let mut questions = Vec::new();
    for column in asked {
        let Some(rule) = column.rule() else { continue };
        let attributed = is_attributed(column, grouping);
        let selector = format!("{rule}{}", matchers(only));
        let kept = kept(column, attributed, grouping, labels);
        questions.extend(runs.iter().map(|run| {
            let Run { first, count, first_end, length } = *run;
            let range = closure.range(length);
            // A count of pieces fits.
            let after = i64::try_from(count).unwrap_or(1) - 1;
            Question {
                column,
                expression: format!("sum by ({kept}) (sum_over_time({selector}{range}))"),
                start: first_end,
                end: first_end + after * length,
                step: length,
                first,
                attributed,
            }
        }));
    }
    questions
}

/// Says whether a counter tells all that the rows tell.
pub(super) fn is_attributed(column: Column, grouping: &Grouping) -> bool {
    grouping.labels.iter().all(|label| column.carries(label))
}

fn kept(column: Column, attributed: bool, grouping: &Grouping, labels: &Labels) -> String {
    let mut kept: Vec<&str> = Vec::new();
    if attributed {
        kept.extend(grouping.labels.iter().map(String::as_str));
    }
    if column == Column::Tokens && labels.has(TYPE) && !kept.contains(&TYPE) {
        kept.push(TYPE);
    }
    kept.join(", ")
}

fn matchers(only: &Only) -> String {
    if only.0.is_empty() {
        return String::new();
    }
    let one = |(label, value): (&String, &String)| format!("{label}={}", quoted(value));
    format!("{{{}}}", only.0.iter().map(one).collect::<Vec<_>>().join(","))
}

/// A string of `PromQL`, whose escapes are Go's.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn bucket(from: i64, to: i64) -> Bucket {
        let at = |second| Timestamp::from_second(second).unwrap();
        Bucket { from: at(from), to: at(to), name: String::new() }
    }

    fn asked(grouping: &[&str], only: &[&str], closure: Closure) -> Vec<Question> {
        let labels = Labels::made_up(&["type", "team", "query_source", "effort"]);
        let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let grouping = Grouping::read(&words(grouping), &labels).unwrap();
        let only = Only::read(&words(only), &labels).unwrap();
        questions(&[bucket(0, 3600), bucket(3600, 7200)], &grouping, &only, &labels, closure)
    }

    fn of(questions: &[Question], column: Column) -> &Question {
        questions.iter().find(|question| question.column == column).unwrap()
    }

    #[test]
    fn both_kinds_of_server_hold_a_sample_once() {
        let questions = asked(&["model"], &[], Closure::LeftOpen);
        let tokens = of(&questions, Column::Tokens);
        assert_eq!(
            tokens.expression,
            "sum by (model, type) (sum_over_time(claude:tokens:inc1m[3600s]))"
        );
        assert_eq!((tokens.start, tokens.end, tokens.step), (3600, 7200, 3600));
        let questions = asked(&["model"], &[], Closure::Closed);
        assert!(of(&questions, Column::Cost).expression.ends_with("inc1m[3599999ms]))"));
        assert_eq!(Closure::of(2.0), Closure::Closed);
        assert_eq!(Closure::of(1.0), Closure::LeftOpen);
    }

    #[test]
    fn what_a_counter_does_not_tell_counts_for_the_total_alone() {
        let questions = asked(&["model", "team"], &[], Closure::LeftOpen);
        let sessions = of(&questions, Column::Sessions);
        assert!(!sessions.attributed);
        assert_eq!(sessions.expression, "sum by () (sum_over_time(claude:sessions:inc1m[3600s]))");
        let questions = asked(&["type"], &[], Closure::LeftOpen);
        assert!(!of(&questions, Column::Cost).attributed);
        assert!(of(&questions, Column::Tokens).attributed);
        for label in ["query_source", "effort"] {
            let questions = asked(&[label], &[], Closure::LeftOpen);
            assert!(!of(&questions, Column::Sessions).attributed, "{label}");
            assert!(of(&questions, Column::Cost).attributed, "{label}");
            assert!(of(&questions, Column::Hits).attributed, "{label}");
        }
    }

    #[test]
    fn a_filter_that_a_counter_cannot_follow_leaves_it_out() {
        let questions = asked(&[], &["model=a\"b\\", "team=x"], Closure::LeftOpen);
        assert!(questions.iter().all(|question| question.column != Column::Sessions));
        let chosen = asked(&[], &["query_source=main"], Closure::LeftOpen);
        assert!(chosen.iter().all(|question| question.column != Column::Sessions));
        let cost = of(&questions, Column::Cost);
        assert!(cost.expression.contains(r#"inc1m{model="a\"b\\",team="x"}[3600s]"#));
    }
}
