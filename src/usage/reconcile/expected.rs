//! What somebody else counted, by day and model.

use super::MOST_TOLD;
use super::model::canonical;
use crate::diagnostic::{Diagnostic, Location, Origin as Place};
use crate::usage::{Amounts, Clock, Span};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Who counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A billing export: all that an organisation used.
    Billing,
    /// The transcripts of one machine.
    Transcripts,
}

/// Numbers of a day and a model. None: nobody says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Tokens sent, and not read from the cache.
    pub input: Option<f64>,
    /// Tokens answered.
    pub output: Option<f64>,
    /// Tokens read from the cache.
    pub cache_read: Option<f64>,
    /// Tokens written to the cache.
    pub cache_creation: Option<f64>,
    /// All tokens.
    pub tokens: Option<f64>,
    /// USD.
    pub cost: Option<f64>,
}

impl Counts {
    /// Adds another's, field by field.
    pub(super) fn add(&mut self, other: &Self) {
        let Self { input, output, cache_read, cache_creation, tokens, cost } = other;
        let pairs = [
            (&mut self.input, input),
            (&mut self.output, output),
            (&mut self.cache_read, cache_read),
            (&mut self.cache_creation, cache_creation),
            (&mut self.tokens, tokens),
            (&mut self.cost, cost),
        ];
        for (sum, part) in pairs {
            if let Some(part) = part {
                *sum = Some(sum.unwrap_or_default() + part);
            }
        }
    }

    /// Nothing of what the other says.
    pub(super) fn nothing_of(other: &Self) -> Self {
        let zero = |field: Option<f64>| field.map(|_| 0.0);
        Self {
            input: zero(other.input),
            output: zero(other.output),
            cache_read: zero(other.cache_read),
            cache_creation: zero(other.cache_creation),
            tokens: zero(other.tokens),
            cost: zero(other.cost),
        }
    }
}

impl From<&Amounts> for Counts {
    fn from(amounts: &Amounts) -> Self {
        let tokens = amounts.tokens.as_ref();
        Self {
            input: tokens.and_then(|tokens| tokens.input),
            output: tokens.and_then(|tokens| tokens.output),
            cache_read: tokens.and_then(|tokens| tokens.cache_read),
            cache_creation: tokens.and_then(|tokens| tokens.cache_creation),
            tokens: tokens.map(|tokens| tokens.total),
            cost: amounts.cost,
        }
    }
}

/// What somebody else counted.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Who counted.
    pub origin: Origin,
    /// What was used, when, by which model.
    pub uses: Vec<(Timestamp, String, Counts)>,
    /// What could not be read, or was left out.
    pub troubles: Troubles,
}

impl Expected {
    /// The days that it is about, as long as they are over; none: it is about nothing.
    #[must_use]
    pub fn span(&self, clock: &Clock) -> Option<Span> {
        let times = || self.uses.iter().map(|(at, ..)| *at);
        let (first, last) = (times().min()?, times().max()?);
        let day = |at: Timestamp| at.to_zoned(clock.zone.clone()).start_of_day();
        let from = day(first).ok()?.timestamp();
        let to = day(last).ok()?.tomorrow().ok()?.start_of_day().ok()?.timestamp();
        let this_minute = clock.now.as_second().div_euclid(60) * 60 + 60;
        let to = to.min(Timestamp::from_second(this_minute).ok()?);
        (from < to).then_some(Span { from, to })
    }

    /// Adds up days and models within a time; returns how many uses lie outside of it, too.
    pub(super) fn days(
        &self,
        span: Span,
        clock: &Clock,
    ) -> (BTreeMap<(String, String), Counts>, usize) {
        let (mut days, mut outside) = (BTreeMap::<_, Counts>::new(), 0);
        for (at, model, counts) in &self.uses {
            if *at < span.from || *at >= span.to {
                outside += 1;
                continue;
            }
            let key = (clock.day(*at), canonical(model));
            days.entry(key).or_default().add(counts);
        }
        (days, outside)
    }
}

/// What could not be read, or was left out, line by line up to a limit.
#[derive(Clone, Debug, Default)]
pub struct Troubles {
    /// The first of them.
    pub told: Vec<Diagnostic>,
    /// How many more there are.
    pub more: usize,
}

impl Troubles {
    /// Adds one of a line.
    pub(super) fn add(
        &mut self,
        trouble: Diagnostic,
        layer: &'static str,
        file: &str,
        line: usize,
    ) {
        if self.told.len() >= MOST_TOLD {
            self.more += 1;
            return;
        }
        let at = Location { layer: layer.into(), file: file.into(), line, column: 1 };
        self.told.push(trouble.at(&Place::File(at)));
    }
}
