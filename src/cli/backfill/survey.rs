//! What Prometheus has of the time before the rules, read piece by piece; writes nothing.

use crate::backfill::{
    Border, Counter, DAY, EVERYTHING, Existing, History, Labels, MARK, Missing, Native, Past,
    Storage, UNTIL, counters, pieces,
};
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::Progress;
use crate::provider::prometheus::{Querier, Series};
use crate::stack::Stack;
use std::collections::{BTreeMap, BTreeSet};

/// Longer than any Prometheus keeps samples, in seconds.
const EVER: i64 = 3650 * DAY;

/// What is missing.
pub struct Survey {
    /// How Prometheus keeps samples.
    pub storage: Storage,
    /// Where the time begins, in seconds since 1970.
    pub start: i64,
    /// What is missing of each counter.
    pub missing: Vec<Missing>,
}

/// Someone who asks, at a time, from a start on; both in seconds since 1970.
struct Surveyor<'a> {
    querier: &'a Querier,
    now: i64,
    start: i64,
}

/// Looks at everything. `from` and `now` are full minutes, in seconds since 1970.
///
/// # Errors
/// When Prometheus does not answer; when its rules have no samples yet.
pub async fn survey(
    stack: &Stack,
    querier: &Querier,
    (from, now): (Option<i64>, i64),
    progress: Progress<'_>,
) -> Result<Survey, Diagnostic> {
    let storage = querier.storage().await?;
    if from.is_none() && (storage.is_sized || storage.retention.is_none()) {
        return Err(no_beginning());
    }
    let kept = storage.retention.map_or(EVER, |kept| kept.div_euclid(60_000) * 60);
    let start = (now - kept).max(from.unwrap_or(0)).max(0);
    let surveyor = Surveyor { querier, now, start };
    progress("looking for where the rules begin");
    let counters = counters(stack);
    let marks = surveyor.marks().await?;
    let firsts = surveyor.firsts(&counters, &marks).await?;
    let own = |counter: &Counter| marks.get(counter.name).or_else(|| firsts.get(counter.name));
    let Some(earliest) = counters.iter().filter_map(own).min().copied() else {
        return Err(no_rules(querier));
    };
    let mut missing = Vec::new();
    for counter in counters {
        progress(&format!("reading {}", counter.name));
        let border = own(&counter).copied().unwrap_or(earliest);
        let is_marked = marks.contains_key(counter.name);
        missing.push(surveyor.missing(counter, border, is_marked).await?);
    }
    Ok(Survey { storage, start, missing })
}

/// What a counter showed first may have been counted long before, and be forgotten.
fn no_beginning() -> Diagnostic {
    let message = "nobody can tell how far back the samples of this Prometheus are whole";
    Diagnostic::error(Kind::Refused, message)
        .code("backfill::no-beginning")
        .cause("it forgets by size, not by time alone")
        .hint("say where to begin: `otelctl backfill --from 2026-11-01`")
}

fn no_rules(querier: &Querier) -> Diagnostic {
    let message = format!("the recording rules have no samples in `{}`", querier.url());
    Diagnostic::error(Kind::Failed, message)
        .code("backfill::no-rules")
        .cause("where they begin is where the time before them ends")
        .hint("`otelctl apply` loads them; run this again once a client has sent something")
}

impl Surveyor<'_> {
    /// Where rules began, by counter, as an earlier import says.
    async fn marks(&self) -> Result<BTreeMap<String, Border>, Diagnostic> {
        let marks = format!("last_over_time({UNTIL}[{EVERYTHING}])");
        let marks = self.querier.at(&marks, self.now).await?;
        let border = |series: Series| {
            let (_, value) = series.points.first()?;
            Some((series.labels.get(MARK)?.clone(), Border(milliseconds(*value))))
        };
        Ok(marks.into_iter().filter_map(border).collect())
    }

    /// The first sample that the rules of a counter wrote, where no mark tells.
    async fn firsts(
        &self,
        counters: &[Counter],
        marks: &BTreeMap<String, Border>,
    ) -> Result<BTreeMap<&'static str, Border>, Diagnostic> {
        let mut rules: BTreeMap<&str, &'static str> = BTreeMap::new();
        for counter in counters.iter().filter(|counter| !marks.contains_key(counter.name)) {
            rules.insert(&counter.increment, counter.name);
            rules.insert(&counter.seen, counter.name);
        }
        let mut firsts: BTreeMap<&'static str, Border> = BTreeMap::new();
        let days = self.first_steps(rules.keys().copied(), (self.now - EVER, self.now), DAY);
        for (day, names) in days.await? {
            let minutes = self.first_steps(names.iter().map(String::as_str), (day - DAY, day), 60);
            for (minute, names) in minutes.await? {
                for name in names {
                    let minute_long = format!("{name}[61s]");
                    let samples = self.querier.samples(&minute_long, minute * 1000).await?;
                    let times = samples.into_iter().flat_map(|series| series.points);
                    let first = times.map(|(time, _)| milliseconds(time)).min().map(Border);
                    if let (Some(first), Some(counter)) = (first, rules.get(name.as_str())) {
                        let known = firsts.entry(counter).or_insert(first);
                        *known = first.min(*known);
                    }
                }
            }
        }
        Ok(firsts)
    }

    /// The end of the first step in which each of these names has a sample.
    async fn first_steps(
        &self,
        names: impl Iterator<Item = &str>,
        (from, to): (i64, i64),
        step: i64,
    ) -> Result<BTreeMap<i64, Vec<String>>, Diagnostic> {
        let names: Vec<&str> = names.collect();
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let any = names.join("|");
        let expression =
            format!("count by (__name__) (last_over_time({{__name__=~\"{any}\"}}[{step}s]))");
        let mut steps: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for series in self.querier.between(&expression, (from + step, to + step, step)).await? {
            if let (Some(name), Some((time, _))) =
                (series.labels.get("__name__"), series.points.first())
            {
                steps.entry(milliseconds(*time) / 1000).or_default().push(name.clone());
            }
        }
        Ok(steps)
    }

    async fn missing(
        &self,
        counter: Counter,
        border: Border,
        is_marked: bool,
    ) -> Result<Missing, Diagnostic> {
        let mut history = History::new(self.start * 1000, border.0);
        let selector = counter.selector();
        // What an idle collector shows was there before, too.
        let known = format!("last_over_time({selector}[{EVERYTHING}])");
        if border.0 > self.start * 1000 {
            for series in self.querier.at(&known, self.start).await? {
                if let Some((_, value)) = series.points.first() {
                    history.known(&series.labels, *value);
                }
            }
        }
        self.read(&selector, (self.start, border), |answer| history.add(answer)).await?;
        let native = self.native(&counter, border, &history).await?;
        let existing =
            if is_marked { self.existing(&counter, border).await? } else { Existing::default() };
        Ok(Past::new(counter, border, &history, &native).missing(&existing))
    }

    /// What the rules wrote first of each set of labels that has a past.
    async fn native(
        &self,
        counter: &Counter,
        border: Border,
        history: &History,
    ) -> Result<Native, Diagnostic> {
        let mut native = Native::default();
        let rules = [(&counter.increment, true), (&counter.seen, false)];
        for (rule, increments) in rules {
            let samples = self.querier.samples(&format!("{rule}[1s]"), border.0).await?;
            take(&mut native, border, increments, samples);
        }
        let absent = |labels: &Labels| native.first(labels).is_none();
        let absent: BTreeSet<Labels> =
            history.series().map(|(labels, _)| labels).filter(|l| absent(l)).cloned().collect();
        let now = self.now;
        let seconds = now - border.0 / 1000;
        if absent.is_empty() || seconds <= 0 {
            return Ok(native);
        }
        // Series that ended before the rules began, and came back.
        let later = format!("last_over_time({}[{seconds}s])", counter.seen);
        let later = self.querier.at(&later, now).await?;
        if later.into_iter().any(|series| absent.contains(&plain(series.labels))) {
            for (rule, increments) in rules {
                let span = (border.0 / 1000, Border(now * 1000));
                self.read(rule, span, |answer| {
                    for (labels, points) in answer {
                        take_points(&mut native, border, increments, &labels, points);
                    }
                })
                .await?;
            }
        }
        Ok(native)
    }

    /// What an earlier import, also a killed one, has brought.
    async fn existing(&self, counter: &Counter, border: Border) -> Result<Existing, Diagnostic> {
        let mut existing = Existing::default();
        // Balances of series that came back lie behind the border.
        let span = (self.start, Border(self.now * 1000));
        self.read(&counter.increment, span, |answer| {
            for (labels, points) in answer {
                let own = points.into_iter().filter(|(at, value)| *at < border.0 || *value < 0.0);
                let times = existing.increments.entry(plain(labels)).or_default();
                times.extend(own.map(|(at, _)| at));
            }
        })
        .await?;
        let seen = format!("last_over_time({}[{EVERYTHING}])", counter.seen);
        let seen = self.querier.at(&seen, (border.0 - 1).div_euclid(1000)).await?;
        existing.seen = seen.into_iter().map(|series| plain(series.labels)).collect();
        Ok(existing)
    }

    /// Reads the samples of a selector after a start, in seconds, up to a border.
    async fn read(
        &self,
        selector: &str,
        (start, border): (i64, Border),
        mut take: impl FnMut(Vec<(Labels, Vec<(i64, f64)>)>),
    ) -> Result<(), Diagnostic> {
        let end = (border.0 + 999).div_euclid(1000);
        if end <= start {
            return Ok(());
        }
        let count = format!("sum(count_over_time({selector}[1d]))");
        let mut days = Vec::new();
        for series in self.querier.between(&count, (start + DAY, end + DAY, DAY)).await? {
            days.extend(
                series.points.iter().map(|(end, count)| (milliseconds(*end) / 1000, *count)),
            );
        }
        for piece in pieces(&days).into_iter().filter(|piece| piece.from < end) {
            let range = format!("{selector}[{}s]", piece.to - piece.from);
            let answer = self.querier.samples(&range, piece.to * 1000).await?;
            let points = |points: Vec<(f64, f64)>| {
                let points = points.into_iter().map(|(time, value)| (milliseconds(time), value));
                points.filter(|(at, _)| *at <= border.0).collect()
            };
            take(answer.into_iter().map(|s| (s.labels, points(s.points))).collect());
        }
        Ok(())
    }
}

fn take(native: &mut Native, border: Border, increments: bool, samples: Vec<Series>) {
    for Series { labels, points } in samples {
        let points = points.into_iter().map(|(time, value)| (milliseconds(time), value));
        take_points(native, border, increments, &labels, points.collect());
    }
}

fn take_points(
    native: &mut Native,
    border: Border,
    increments: bool,
    labels: &Labels,
    points: Vec<(i64, f64)>,
) {
    let labels = plain(labels.clone());
    for (at, value) in points.into_iter().filter(|(at, _)| *at >= border.0) {
        if increments {
            native.increment(&labels, at, value);
        } else {
            native.seen(&labels, at, value);
        }
    }
}

/// The labels of a rule's series without its name.
fn plain(mut labels: Labels) -> Labels {
    labels.remove("__name__");
    labels
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}
