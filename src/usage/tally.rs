//! Adds up the answers, row by row.

use super::column::TYPE;
use super::question::is_attributed;
use super::{Amounts, Bucket, Column, Grouping, Labels, Only, Question};
use jiff::Timestamp;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// One row of the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// One value for each name of the grouping; a label that is missing is empty.
    pub keys: Vec<String>,
    /// The time that the row is of.
    pub from: Timestamp,
    /// The end of that time.
    pub to: Timestamp,
    /// Its numbers.
    pub amounts: Amounts,
}

/// Adds up the answers, row by row.
#[derive(Debug)]
pub struct Tally<'a> {
    buckets: &'a [Bucket],
    grouping: &'a Grouping,
    /// A row of nothing.
    nothing: Amounts,
    rows: BTreeMap<(usize, Vec<String>), Amounts>,
    total: Amounts,
}

impl<'a> Tally<'a> {
    /// Starts with nothing.
    #[must_use]
    pub fn new(
        buckets: &'a [Bucket],
        grouping: &'a Grouping,
        only: &Only,
        labels: &Labels,
    ) -> Self {
        let typed = labels.has(TYPE);
        let asked = |column: Column| {
            column.rule().is_some()
                && column.is_asked(labels)
                && only.0.keys().all(|label| column.carries(label))
        };
        let attributed = |column: Column| asked(column) && is_attributed(column, grouping);
        let nothing = Amounts::nothing_of(attributed, typed);
        let mut rows = BTreeMap::new();
        if grouping.labels.is_empty() && grouping.step.is_some() {
            // Days without use are days, too.
            rows.extend((0..buckets.len()).map(|number| ((number, Vec::new()), nothing)));
        }
        Self { buckets, grouping, nothing, rows, total: Amounts::nothing_of(asked, typed) }
    }

    /// Adds one series of an answer: its labels, and its values by seconds since 1970.
    pub fn add(
        &mut self,
        question: &Question,
        labels: &BTreeMap<String, String>,
        points: &[(f64, f64)],
    ) {
        let label = |name: &String| labels.get(name).cloned().unwrap_or_default();
        let keys: Vec<String> = self.grouping.labels.iter().map(label).collect();
        let kind = labels.get(TYPE).map(String::as_str);
        for (time, value) in points {
            self.total.add(question.column, kind, *value);
            let Some(bucket) = question.bucket(*time).filter(|_| question.attributed) else {
                continue;
            };
            let row = self.rows.entry((bucket, keys.clone())).or_insert(self.nothing);
            row.add(question.column, kind, *value);
        }
    }

    /// The rows, times in their order, labels by what they cost, and the total.
    #[must_use]
    pub fn finish(self) -> (Vec<Row>, Amounts) {
        let Self { buckets, grouping, rows, total, nothing: _ } = self;
        let mut rows: Vec<(usize, Row)> = rows
            .into_iter()
            .filter_map(|((number, labels), amounts)| {
                let bucket = buckets.get(number)?;
                let time = grouping.step.map(|_| bucket.name.clone());
                let keys = time.into_iter().chain(labels).collect();
                Some((number, Row { keys, from: bucket.from, to: bucket.to, amounts }))
            })
            .collect();
        rows.sort_by(|(a, left), (b, right)| a.cmp(b).then_with(|| by_cost(left, right)));
        (rows.into_iter().map(|(_, row)| row).collect(), total)
    }
}

fn by_cost(left: &Row, right: &Row) -> Ordering {
    let weight = |row: &Row| {
        let tokens = row.amounts.tokens.map_or(0.0, |tokens| tokens.total);
        (row.amounts.cost.unwrap_or_default(), tokens)
    };
    let ((left_cost, left_tokens), (right_cost, right_tokens)) = (weight(left), weight(right));
    right_cost
        .total_cmp(&left_cost)
        .then(right_tokens.total_cmp(&left_tokens))
        .then_with(|| left.keys.cmp(&right.keys))
}

impl Question {
    /// The number of the piece that ends at this time.
    fn bucket(&self, time: f64) -> Option<usize> {
        #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 fit")]
        let after = time.round() as i64 - self.start;
        let count = usize::try_from(after.checked_div(self.step)?).ok()?;
        Some(self.first + count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::{Closure, questions};

    fn bucket(from: i64, name: &str) -> Bucket {
        let at = |second| Timestamp::from_second(second).unwrap();
        Bucket { from: at(from), to: at(from + 3600), name: name.into() }
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn answers_add_up_by_time_and_label() {
        let exported = Labels::made_up(&["type"]);
        let buckets = [bucket(0, "00:00"), bucket(3600, "01:00")];
        let grouping = Grouping::read(&words(&["hour", "model"]), &exported).unwrap();
        let only = Only::default();
        let questions = questions(&buckets, &grouping, &only, &exported, Closure::LeftOpen);
        let of = |column| questions.iter().find(|q| q.column == column).unwrap();
        let mut tally = Tally::new(&buckets, &grouping, &only, &exported);
        let a = |kind| labels(&[("model", "a"), ("type", kind)]);
        tally.add(of(Column::Tokens), &a("input"), &[(3600.0, 5.0), (7200.0, 7.0)]);
        tally.add(of(Column::Tokens), &a("cacheRead"), &[(7200.0, 100.0)]);
        tally.add(of(Column::Tokens), &labels(&[("model", "b")]), &[(7200.0, 3.0)]);
        tally.add(of(Column::Cost), &labels(&[("model", "b")]), &[(7200.0, 0.5)]);
        tally.add(of(Column::Sessions), &labels(&[]), &[(3600.0, 2.0)]);
        let (rows, total) = tally.finish();
        let keys: Vec<Vec<String>> = rows.iter().map(|row| row.keys.clone()).collect();
        assert_eq!(keys, [["00:00", "a"], ["01:00", "b"], ["01:00", "a"]]);
        let tokens = rows[2].amounts.tokens.unwrap();
        assert_eq!(
            (tokens.total, tokens.input, tokens.cache_read),
            (107.0, Some(7.0), Some(100.0))
        );
        assert_eq!(tokens.other(), Some(0.0));
        assert_eq!(rows[1].amounts.tokens.unwrap().other(), Some(3.0));
        assert_eq!(rows[1].amounts.cost, Some(0.5));
        assert_eq!(rows[1].amounts.sessions, None);
        assert_eq!(total.sessions, Some(2.0));
        assert_eq!(total.tokens.map(|tokens| tokens.total), Some(115.0));
    }

    #[test]
    fn days_without_use_are_there() {
        let exported = Labels::made_up(&[]);
        let buckets = [bucket(0, "a"), bucket(3600, "b")];
        let grouping = Grouping::read(&words(&["day"]), &exported).unwrap();
        let (rows, total) = Tally::new(&buckets, &grouping, &Only::default(), &exported).finish();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].amounts.is_nothing() && total.is_nothing());
        assert_eq!(rows[0].amounts.cost, Some(0.0));
    }
}
