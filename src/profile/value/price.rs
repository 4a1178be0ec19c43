//! Prices per model, in USD per million tokens: data of the profile, these as default.
//!
//! The default table is what the CLI's build 2.1.330 computes its own
//! `cost.usage` with (measured); it is no statement about billing.

/// Prices of one model in USD per million tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// The model's id without its `-YYYYMMDD`, or an exact id.
    pub model: String,
    /// Input tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Tokens read from the prompt cache.
    pub cache_read: f64,
    /// Tokens written to the five-minute prompt cache.
    pub cache_write: f64,
    /// Tokens written to the one-hour prompt cache.
    pub cache_write_1h: f64,
}

/// Model, input, output, cache read, cache write (5 min), cache write (1 h).
pub const DEFAULT_PRICES: [(&str, [f64; 5]); 17] = [
    ("claude-opus-5-5", [4.0, 20.0, 0.2, 5.0, 8.0]),
    ("claude-opus-5", [5.0, 25.0, 0.5, 6.25, 10.0]),
    ("claude-opus-4-8", [5.0, 25.0, 0.5, 6.25, 10.0]),
    ("claude-opus-4-7", [5.0, 25.0, 0.5, 6.25, 10.0]),
    ("claude-opus-4-6", [5.0, 25.0, 0.5, 6.25, 10.0]),
    ("claude-opus-4-5", [5.0, 25.0, 0.5, 6.25, 10.0]),
    ("claude-opus-4-1", [15.0, 75.0, 1.5, 18.75, 30.0]),
    ("claude-opus-4", [15.0, 75.0, 1.5, 18.75, 30.0]),
    ("claude-sonnet-5-5", [2.0, 10.0, 0.1, 2.5, 4.0]),
    ("claude-sonnet-5", [2.0, 10.0, 0.2, 2.5, 4.0]),
    ("claude-sonnet-4-6", [3.0, 15.0, 0.3, 3.75, 6.0]),
    ("claude-sonnet-4-5", [3.0, 15.0, 0.3, 3.75, 6.0]),
    ("claude-sonnet-4", [3.0, 15.0, 0.3, 3.75, 6.0]),
    // For prompts up to 100,000 tokens: points carry no prompt size.
    ("claude-haiku-5-5", [0.1, 0.5, 0.01, 0.125, 0.2]),
    ("claude-haiku-4-5", [1.0, 5.0, 0.1, 1.25, 2.0]),
    ("claude-3-5-haiku", [0.8, 4.0, 0.08, 1.0, 1.6]),
    ("claude-fable-5-2", [8.0, 40.0, 0.2, 10.0, 16.0]),
];
