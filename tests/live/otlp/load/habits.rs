//! What sets one crowd of made-up clients apart from another.

use std::time::Duration;

/// How clients behave; by default they hurry and nothing goes wrong.
#[derive(Clone, Debug)]
pub struct Habits {
    /// Their `service.name`.
    pub service: String,
    /// The least and the most time between two exports.
    pub pace: (Duration, Duration),
    /// A pause after each so many exports.
    pub pause: Option<(u64, Duration)>,
    /// Whether a session keeps to one model.
    pub one_model: bool,
    /// The share of exports that come again, deltas after a newer one, as after an answer of 503.
    pub late: f64,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            service: "claude-code".to_owned(),
            pace: (Duration::from_millis(10), Duration::from_millis(30)),
            pause: None,
            one_model: false,
            late: 0.0,
        }
    }
}
