//! How long a check waits for a hop, and how often it looks.

use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Looks until there is nothing left to complain of, or the time is over; returns
/// what the last look found.
pub(super) async fn until<T, E>(
    limit: Duration,
    mut look: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    let deadline = Instant::now() + limit;
    loop {
        match look().await {
            Ok(found) => return Ok(found),
            Err(error) if Instant::now() >= deadline => return Err(error),
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Reads a duration such as `1s`, `200ms` or `1m30s`, as the collector and
/// Prometheus write it; what cannot be read counts as nothing.
pub(super) fn duration(text: &str) -> Duration {
    let mut total = Duration::ZERO;
    let mut rest = text;
    while let Some(digits) = rest.find(|c: char| !c.is_ascii_digit() && c != '.') {
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let seconds = match unit {
            "ns" => 1e-9,
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => 0.0,
        };
        let amount: f64 = number.parse().unwrap_or_default();
        total += Duration::try_from_secs_f64(amount * seconds).unwrap_or_default();
        rest = tail;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn reads_durations_of_the_collector_and_of_prometheus() {
        for (text, millis) in
            [("1s", 1_000), ("200ms", 200), ("1m30s", 90_000), ("1.5s", 1_500), ("", 0), ("x", 0)]
        {
            assert_eq!(duration(text), Duration::from_millis(millis), "{text}");
        }
    }
}
