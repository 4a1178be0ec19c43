//! Where two counts part, and the likely reason.

use super::model::canonical;
use super::{Counts, Expected, Origin};
use crate::usage::{Clock, Recorded, Span, Usage};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Costs are rounded in exports, row by row.
const CENT: f64 = 0.01;
const TOLERANCE: f64 = 1e-3;

/// The name of what is not tokens.
const COST: &str = "cost (est.)";

/// Longer than a number needs from a client to the recording rules, in seconds.
const ON_ITS_WAY: i64 = 300;

/// What was counted beside what somebody else counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Who else counted.
    pub origin: Origin,
    /// The time that is compared.
    pub span: Span,
    /// How far back the recording rules go.
    pub since: Recorded,
    /// How many uses lie outside of the time.
    pub outside: usize,
    /// Each day and model that one of them knows.
    pub pairs: Vec<Pair>,
}

/// One day and one model.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The day.
    pub day: String,
    /// The model, without a date.
    pub model: String,
    /// What somebody else counted.
    pub expected: Counts,
    /// What the stack counted.
    pub counted: Counts,
    /// Why they part, most likely; none: they agree.
    pub reason: Option<Reason>,
}

/// Something that both count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// What somebody else counted.
    pub expected: f64,
    /// What the stack counted.
    pub counted: f64,
    /// Whether they are the same.
    pub agrees: bool,
}

/// Why two counts part, most likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// What is missing was used before the recording rules existed.
    BeforeTheRules,
    /// The day is not over: the last minutes are on their way.
    NotOver,
    /// What is missing on one day is too much on the next, or the one before.
    Midnight,
    /// Tokens agree, of every type, and the prices do not.
    Prices,
    /// More was counted: others used it, too.
    Others,
    /// Nothing was counted.
    Nothing,
    /// A part is missing.
    Part,
}

impl Comparison {
    /// Compares; `counted` is by day and model.
    #[must_use]
    pub fn of(expected: &Expected, counted: &Usage, clock: &Clock) -> Self {
        let (known, outside) = expected.days(counted.span, clock);
        let mut found: BTreeMap<(String, String), Counts> = BTreeMap::new();
        for row in &counted.rows {
            if let [day, model] = row.keys.as_slice() {
                let key = (day.clone(), canonical(model));
                found.entry(key).or_default().add(&Counts::from(&row.amounts));
            }
        }
        // What was used once the rules were there: they must have counted it.
        let from = match counted.since {
            Recorded::Before => counted.span.from,
            Recorded::Since(at) => at.max(counted.span.from),
            Recorded::Never => counted.span.to,
        };
        let (late, _) = expected.days(Span { from, ..counted.span }, clock);
        let nothing_known = all(known.values());
        let nothing_found = Counts::nothing_of(&Counts::from(&counted.total));
        let keys: BTreeSet<&(String, String)> = known.keys().chain(found.keys()).collect();
        let mut pairs: Vec<Pair> = keys
            .into_iter()
            .map(|key| {
                // A column that one row has, and another lacks, is 0 there.
                let of = |counts: Option<&Counts>, nothing: &Counts| {
                    let mut sum = *nothing;
                    sum.add(counts.unwrap_or(&Counts::default()));
                    sum
                };
                let (day, model) = key.clone();
                let expected = of(known.get(key), &nothing_known);
                let counted = of(found.get(key), &nothing_found);
                Pair { day, model, expected, counted, reason: None }
            })
            // A label without a use is no difference.
            .filter(|pair| pair.facts().iter().any(|fact| fact.expected + fact.counted > 0.0))
            .collect();
        let reason = |pair: &Pair| {
            let mut expected = nothing_known;
            if let Some(late) = late.get(&(pair.day.clone(), pair.model.clone())) {
                expected.add(late);
            }
            pair.reason(&Pair { expected, ..pair.clone() }, &pairs, counted, clock)
        };
        let reasons: Vec<Option<Reason>> = pairs.iter().map(reason).collect();
        for (pair, reason) in pairs.iter_mut().zip(reasons) {
            pair.reason = reason;
        }
        let (origin, span, since) = (expected.origin, counted.span, counted.since);
        Self { origin, span, since, outside, pairs }
    }

    /// Says that everything agrees.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.pairs.iter().all(|pair| pair.reason.is_none())
    }
}

/// Nothing of all that some of them say.
fn all<'a>(counts: impl Iterator<Item = &'a Counts>) -> Counts {
    let mut sum = Counts::default();
    counts.for_each(|counts| sum.add(counts));
    Counts::nothing_of(&sum)
}

impl Pair {
    /// What both count.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let Self { expected, counted, .. } = self;
        let types = [
            ("input", expected.input, counted.input),
            ("output", expected.output, counted.output),
            ("cache read", expected.cache_read, counted.cache_read),
            ("cache write", expected.cache_creation, counted.cache_creation),
            ("tokens", expected.tokens, counted.tokens),
        ];
        let tokens = types.into_iter().filter_map(|(name, expected, counted)| {
            let (expected, counted) = (expected?, counted?);
            Some(Fact { name, expected, counted, agrees: expected.total_cmp(&counted).is_eq() })
        });
        let cost = expected.cost.zip(counted.cost).map(|(expected, counted)| {
            let most = CENT.max(TOLERANCE * expected.max(counted));
            Fact { name: COST, expected, counted, agrees: (expected - counted).abs() <= most }
        });
        tokens.chain(cost).collect()
    }

    /// What is missing, or too much: tokens where they part, else money.
    fn difference(&self) -> f64 {
        let facts = self.facts();
        let parts = || facts.iter().filter(|fact| !fact.agrees);
        let fact = parts().find(|fact| fact.name == "tokens").or_else(|| parts().next_back());
        fact.map_or(0.0, |fact| fact.counted - fact.expected)
    }

    /// Says that the other is about the day before, or after.
    fn is_next_to(&self, other: &Self) -> bool {
        let day = |pair: &Self| pair.day.parse::<Date>().ok();
        let tomorrow = |pair: &Self| day(pair).and_then(|day| day.tomorrow().ok());
        let (here, there) = (day(self), day(other));
        here.is_some() && there.is_some() && (tomorrow(self) == there || tomorrow(other) == here)
    }

    /// Says that all that is missing may have been used before the recording rules existed;
    /// `late` expects what was used after.
    fn came_before(&self, late: &Self) -> bool {
        self.facts().iter().zip(late.facts()).all(|(fact, late)| {
            let is_missing = fact.counted < fact.expected;
            fact.agrees || (is_missing && (late.agrees || late.expected < late.counted))
        })
    }

    fn reason(&self, late: &Self, all: &[Self], counted: &Usage, clock: &Clock) -> Option<Reason> {
        let facts = self.facts();
        if facts.iter().all(|fact| fact.agrees) {
            return None;
        }
        let mut tokens = facts.iter().filter(|fact| fact.name != COST).peekable();
        let difference = self.difference();
        let is_last = self.day == clock.day(clock.now);
        let is_open = counted.span.to.as_second() > clock.now.as_second() - ON_ITS_WAY;
        let mut neighbours =
            all.iter().filter(|pair| pair.model == self.model && pair.is_next_to(self));
        let cancels = |pair: &Self| (pair.difference() + difference).abs() < f64::EPSILON;
        Some(if self.came_before(late) {
            Reason::BeforeTheRules
        } else if tokens.peek().is_some() && tokens.all(|fact| fact.agrees) {
            Reason::Prices
        } else if is_last && is_open && difference < 0.0 {
            Reason::NotOver
        } else if neighbours.any(cancels) {
            Reason::Midnight
        } else if difference > 0.0 {
            Reason::Others
        } else if facts.iter().all(|fact| fact.counted == 0.0) {
            Reason::Nothing
        } else {
            Reason::Part
        })
    }
}

#[cfg(test)]
mod tests;
