//! What is true of the synthetic month, told by its uses and by nothing that came of them.

use super::super::dashboards::{End, Facts, Of, Window};
use super::ask::Reader;
use super::pipeline::{self, Health};
use super::scrape::{RECORDED, seen_at};
use super::{DAY, HOUR, MINUTE, Month, people::Use};
use otelctl::stack::{DETAIL, METRICS};
use std::collections::BTreeSet;

const HALF_HOUR: u64 = 1800;
const TEN_MINUTES: u64 = 600;

/// One number's place: whose choices, which series, which time.
pub struct Place<'a> {
    pub month: &'a Month,
    pub reader: &'a Reader,
    /// The label by which series are told apart, and its value here.
    pub group: Option<(&'a str, &'a str)>,
    /// The job that the panel is about, if it is about one.
    pub job: Option<&'a str>,
    /// The sessions that cost most, where the panel is about sessions.
    pub dearest: &'a BTreeSet<String>,
    /// Where the number stands, and the time that it is for.
    pub at: u64,
    pub length: u64,
    /// Whether it stands for the time before it: for a range, not for a bar.
    pub looks_back: bool,
}

impl Place<'_> {
    fn here(&self) -> (u64, u64) {
        if self.looks_back {
            (self.at - self.length, self.at)
        } else {
            (self.at, self.at + self.length)
        }
    }

    fn local(&self, at: u64) -> i64 {
        let offset: f64 = self.reader.utc_offset.parse().expect("hours");
        #[expect(clippy::cast_possible_truncation, reason = "hours of a day")]
        let offset = (offset * 3600.0) as i64;
        i64::try_from(at).expect("after 1970") + offset
    }

    /// The calendar month of the place, as it is in the reader's time: its first second and the
    /// first that is no more in it.
    fn calendar(&self) -> (i64, i64) {
        // May and June of 2026 are all that the synthetic month knows.
        let (may, june, july) = (1_777_593_600, 1_780_272_000, 1_782_864_000);
        let (from, to) = if self.local(self.at) < june { (may, june) } else { (june, july) };
        let shift = self.local(0);
        (from - shift, to - shift)
    }

    fn window(&self, window: Window) -> (u64, u64) {
        let (from, to) = self.here();
        match window {
            Window::Here => (from, to),
            Window::Before => (from - self.length, from),
            Window::Week => (self.at - 7 * DAY, self.at),
            Window::WeekBefore => (self.at - 14 * DAY, self.at - 7 * DAY),
            Window::Month => {
                let (begins, ends) = self.calendar();
                let (begins, ends) = (u64::try_from(begins), u64::try_from(ends));
                // A number for now counts whole half-hours.
                let to = if self.looks_back { to.div_ceil(HALF_HOUR) * HALF_HOUR } else { to };
                (begins.expect("after 1970"), to.min(ends.expect("after 1970")))
            }
        }
    }

    /// Says whether a use is among those that the place is about.
    fn counts(&self, one: &Use) -> bool {
        let counter = METRICS.iter().chain(&DETAIL).find(|metric| metric.name == one.counter);
        self.reader.chosen.iter().all(|(label, value)| {
            let known = one.labels.get(label);
            counter.is_some_and(|counter| !counter.tells(label))
                || known.is_none_or(|known| known == value)
        })
    }

    fn in_group(&self, one: &Use) -> bool {
        match self.group {
            None => true,
            Some(("hour", hour)) => {
                let slot = seen_at(one.at) / HALF_HOUR * HALF_HOUR;
                let hour_of = self.local(slot).rem_euclid(86_400) / 3600;
                format!("{hour_of:02}") == hour
            }
            Some((label, value)) => one.labels.get(label).is_some_and(|known| known == value),
        }
    }

    /// The uses of a counter in a time, as Prometheus came to know them.
    fn uses(&self, counter: &str, (from, to): (u64, u64)) -> impl Iterator<Item = &Use> {
        let of_session = match self.group {
            Some(("session_id", session)) => Some(session),
            _ => self.reader.chosen.get("session_id").map(String::as_str),
        };
        let all = self.month.of(counter, of_session);
        let begin = all.partition_point(|one| seen_at(one.at) < from);
        let end = all.partition_point(|one| seen_at(one.at) < to);
        all[begin..end.max(begin)].iter().filter(|one| one.value > 0.0 && self.counts(one))
    }
}

fn sum<'a>(uses: impl Iterator<Item = &'a Use>) -> Option<f64> {
    uses.map(|one| one.value).fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
}

impl Facts for Place<'_> {
    fn counted(&self, window: Window, counter: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let has = |one: &Use, (label, value): &(&str, &str)| {
            one.labels.get(label).is_some_and(|known| known == value)
        };
        let mut time = self.window(window);
        if matches!(self.group, Some(("hour", _))) {
            // Whole half-hours of the range.
            time.0 = time.0.div_ceil(HALF_HOUR) * HALF_HOUR;
            time.1 = time.1.div_ceil(HALF_HOUR) * HALF_HOUR;
        }
        let uses = self.uses(counter, time).filter(|one| self.in_group(one));
        sum(uses.filter(|one| labels.iter().all(|label| has(one, label))))
    }

    fn of_all(&self, counter: &str) -> Option<f64> {
        sum(self.uses(counter, self.here()))
    }

    fn last(&self, counter: &str, exactly: bool) -> Option<f64> {
        let (from, to) = self.here();
        let last = |from: u64, to: u64| {
            let last = self.uses(counter, (from, to)).filter(|one| self.in_group(one)).last();
            last.map(|one| seen_at(one.at))
        };
        let recent = last(to - HOUR, to).filter(|_| exactly).map(|at| at * 1000 + RECORDED);
        let at = recent.or_else(|| {
            // Whole ten minutes of the range.
            let [from, to] = [from, to].map(|at| at.div_ceil(TEN_MINUTES) * TEN_MINUTES);
            last(from, to).map(|at| at / TEN_MINUTES * TEN_MINUTES * 1000)
        })?;
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a month")]
        let age = (self.at * 1000 - at) as f64;
        Some(age / 1000.0)
    }

    fn minute(&self, end: End, counter: &str) -> Option<f64> {
        let (from, to) = self.here();
        let whole = (from.div_ceil(MINUTE) * MINUTE, to.div_ceil(MINUTE) * MINUTE);
        let mut uses = self.uses(counter, whole).filter(|one| self.in_group(one));
        let found = match end {
            End::First => uses.next(),
            End::Last => uses.last(),
        };
        #[expect(clippy::cast_precision_loss, reason = "seconds of a month")]
        found.map(|one| (seen_at(one.at) / MINUTE * MINUTE) as f64)
    }

    fn is_among_the_dearest(&self) -> bool {
        self.group.is_some_and(|(_, session)| self.dearest.contains(session))
    }

    fn month_elapsed(&self) -> f64 {
        let (begins, ends) = self.calendar();
        let (_, now) = self.here();
        #[expect(clippy::cast_precision_loss, reason = "seconds of a month")]
        let share = (i64::try_from(now).expect("fits") - begins) as f64 / (ends - begins) as f64;
        share.min(1.0)
    }

    fn budget(&self) -> f64 {
        self.month.budget
    }

    fn pipeline(&self, of: Of, metric: &str) -> Option<f64> {
        let (from, to) = self.here();
        let wanted = |one: &&Health| {
            let job = match self.group {
                Some(("job", job)) => one.job == job,
                _ => self.job.is_none_or(|job| one.job == job),
            };
            one.metric == metric && job
        };
        let in_time = |one: &Health| -> Vec<f64> {
            let before = |limit| one.samples.partition_point(|(at, _)| *at < limit);
            one.samples[before(from)..before(to)].iter().map(|(_, value)| *value).collect()
        };
        let chosen = self.month.health.iter().filter(wanted).map(in_time);
        #[expect(clippy::cast_precision_loss, reason = "samples of a month")]
        let each = chosen.filter(|samples| !samples.is_empty()).map(|samples| match of {
            Of::Lowest => samples.iter().copied().fold(f64::INFINITY, f64::min),
            Of::Highest => samples.iter().copied().fold(0.0, f64::max),
            Of::Average => samples.iter().sum::<f64>() / samples.len() as f64,
        });
        // Every start of the collector has series of its own.
        match (of, metric) {
            (Of::Highest, metric)
                if metric.starts_with("otelcol")
                    && !self.looks_back
                    && metric.contains("points") =>
            {
                each.fold(None, |sum, one| Some(sum.unwrap_or(0.0) + one))
            }
            (Of::Highest, _) => {
                each.fold(None, |most: Option<f64>, one| Some(most.unwrap_or(0.0).max(one)))
            }
            _ => each.fold(None, |least: Option<f64>, one| Some(least.unwrap_or(one).min(one))),
        }
    }
}

/// The jobs of the pipeline, for panels that are told apart by them.
pub const JOBS: [&str; 4] = [pipeline::COLLECTOR, pipeline::SESSIONS, pipeline::OWN, "prometheus"];

/// The hours of the day.
pub fn hours() -> impl Iterator<Item = String> {
    (0..DAY / HOUR).map(|hour| format!("{hour:02}"))
}
