//! The numbers of one row.

use super::{COLUMNS, Column};

/// The numbers of one row. None: the counters do not tell it of such a row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts {
    /// Sessions.
    pub sessions: Option<f64>,
    /// Requests that were served from the prompt cache.
    pub hits: Option<f64>,
    /// Requests that were not.
    pub misses: Option<f64>,
    /// Tokens.
    pub tokens: Option<Tokens>,
    /// The clients' own estimate, in USD.
    pub cost: Option<f64>,
    /// USD saved by reading from the cache.
    pub saved: Option<f64>,
    /// USD that writing to the cache cost above plain input.
    pub surcharge: Option<f64>,
    /// Tokens of models that the price table lacks.
    pub unpriced: Option<f64>,
}

/// Tokens, of all types and of each. None: the counters do not tell the type.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tokens {
    /// All of them.
    pub total: f64,
    /// Sent, and not read from the cache.
    pub input: Option<f64>,
    /// Answered.
    pub output: Option<f64>,
    /// Read from the cache.
    pub cache_read: Option<f64>,
    /// Written to the cache.
    pub cache_creation: Option<f64>,
}

impl Tokens {
    /// Tokens of no known type: counted before the counters told it.
    #[must_use]
    pub fn other(&self) -> Option<f64> {
        Some(self.total - self.input? - self.output? - self.cache_read? - self.cache_creation?)
    }
}

impl Amounts {
    /// Nothing of these columns; the others are not told.
    pub(super) fn nothing_of(columns: impl Fn(Column) -> bool, typed: bool) -> Self {
        let mut amounts = Self::default();
        for column in COLUMNS.into_iter().filter(|column| columns(*column)) {
            amounts.add(column, None, 0.0);
        }
        if let Some(tokens) = amounts.tokens.as_mut().filter(|_| typed) {
            let zero = Some(0.0);
            let (input, output, cache_read, cache_creation) = (zero, zero, zero, zero);
            *tokens = Tokens { total: 0.0, input, output, cache_read, cache_creation };
        }
        amounts
    }

    /// Adds to one column; of tokens, to their type, too.
    pub(super) fn add(&mut self, column: Column, kind: Option<&str>, value: f64) {
        let field = match column {
            Column::Sessions => &mut self.sessions,
            Column::Hits => &mut self.hits,
            Column::Misses => &mut self.misses,
            Column::Cost => &mut self.cost,
            Column::Saved => &mut self.saved,
            Column::Surcharge => &mut self.surcharge,
            Column::Unpriced => &mut self.unpriced,
            Column::CacheRead => &mut self.tokens.get_or_insert_default().cache_read,
            Column::Tokens => {
                let tokens = self.tokens.get_or_insert_default();
                tokens.total += value;
                match kind {
                    Some("input") => &mut tokens.input,
                    Some("output") => &mut tokens.output,
                    Some("cacheRead") => &mut tokens.cache_read,
                    Some("cacheCreation") => &mut tokens.cache_creation,
                    _ => return,
                }
            }
        };
        *field = Some(field.unwrap_or_default() + value);
    }

    /// All requests that succeeded.
    #[must_use]
    pub fn requests(&self) -> Option<f64> {
        Some(self.hits? + self.misses?)
    }

    /// The share of requests that were served from the cache; none without requests.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        let requests = self.requests().filter(|requests| *requests > 0.0)?;
        Some(self.hits? / requests)
    }

    /// USD saved by the cache, less what writing to it cost above plain input.
    #[must_use]
    pub fn saved_net(&self) -> Option<f64> {
        Some(self.saved? - self.surcharge.unwrap_or_default())
    }

    /// Says that nothing was used.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let Self { sessions, hits, misses, tokens, cost, saved, surcharge, unpriced } = self;
        let tokens = tokens.map(|tokens| tokens.total);
        [*sessions, *hits, *misses, tokens, *cost, *saved, *surcharge, *unpriced]
            .into_iter()
            .flatten()
            .all(|amount| amount == 0.0)
    }
}
