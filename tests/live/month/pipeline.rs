//! What Prometheus knows of the pipeline itself in the synthetic month.
//!
//! Made up by simple laws, with trouble where the month has it: scrapes fail while the collector
//! restarts, its memory starts again, and one afternoon it refuses telemetry.

use super::scrape::{OUTAGES, RESTARTS};
use super::{HOUR, MINUTE, MONTH_BEGINS, MONTH_ENDS};

/// Where a series comes from, its metric, and whatever else it is labelled with.
pub struct Health {
    pub metric: &'static str,
    pub job: &'static str,
    pub labels: Vec<(&'static str, String)>,
    /// Time in seconds and value.
    pub samples: Vec<(u64, f64)>,
}

/// How far samples are apart: less than what Prometheus takes for gone.
const APART: u64 = 4 * MINUTE;

/// The second of the minute at which they are taken.
const SECOND: u64 = 11;

pub const COLLECTOR: &str = "otel-collector";
/// The job of the counters by session.
pub const SESSIONS: &str = "otel-collector-detail";
pub const OWN: &str = "otel-collector-internal";

/// When the collector began to refuse.
const REFUSALS: u64 = MONTH_BEGINS + 20 * 24 * HOUR + 18 * HOUR;

fn times() -> impl Iterator<Item = u64> {
    let all = (MONTH_BEGINS + SECOND..MONTH_ENDS).step_by(usize::try_from(APART).expect("small"));
    all.filter(|at| !OUTAGES.iter().any(|(from, to)| (*from..*to).contains(at)))
}

/// The last start of the collector, and which it was.
fn started(at: u64) -> (usize, u64) {
    let mut starts = RESTARTS.iter().copied().enumerate().filter(|(_, start)| *start <= at);
    starts.next_back().map_or((0, MONTH_BEGINS), |(index, start)| (index + 1, start))
}

/// Down for up to two scrapes at each restart.
fn is_up(job: &str, at: u64) -> bool {
    job == "prometheus"
        || RESTARTS.iter().all(|restart| !(*restart..*restart + 6 * MINUTE).contains(&at))
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn value(metric: &str, job: &str, at: u64) -> Option<f64> {
    let up = is_up(job, at);
    let since = at - started(at).1;
    Some(match metric {
        "up" => f64::from(u8::from(up)),
        "scrape_duration_seconds" if up => 0.004 + ((at / MINUTE) % 37) as f64 / 4096.0,
        "scrape_duration_seconds" => 10.0,
        // As the sessions of a day come, and go the day after.
        "scrape_samples_scraped" if job == SESSIONS => {
            (11_000 + (at - MONTH_BEGINS) / HOUR % 24 * 1_300) as f64
        }
        "scrape_samples_scraped" => (40 + (at - MONTH_BEGINS) / (6 * HOUR)) as f64,
        _ if !up => return None,
        "otelcol_process_memory_rss" => 9e7 + (since % (8 * HOUR)) as f64 * 1024.0,
        "otelcol_receiver_refused_metric_points" if at >= REFUSALS && started(at).1 < REFUSALS => {
            ((at - REFUSALS) / MINUTE).min(90) as f64
        }
        _ => 0.0,
    })
}

/// Every series.
pub fn health() -> Vec<Health> {
    let jobs = [COLLECTOR, SESSIONS, OWN, "prometheus"];
    let of_scrapes = ["up", "scrape_duration_seconds", "scrape_samples_scraped"];
    let mut all: Vec<Health> = Vec::new();
    for metric in of_scrapes {
        for job in jobs {
            let samples = times().filter_map(|at| Some((at, value(metric, job, at)?))).collect();
            all.push(Health { metric, job, labels: Vec::new(), samples });
        }
    }
    // The failed exports have no series: nothing failed.
    let own = [
        "otelcol_process_memory_rss",
        "otelcol_receiver_refused_metric_points",
        "otelcol_receiver_refused_log_records",
    ];
    for metric in own {
        // As collector 0.91.0 labels them, each start has series of its own.
        for run in 0..=RESTARTS.len() {
            let of_run = times().filter(|at| started(*at).0 == run);
            let samples = of_run.filter_map(|at| Some((at, value(metric, OWN, at)?))).collect();
            let labels = vec![("service_instance_id", format!("run-{run}"))];
            all.push(Health { metric, job: OWN, labels, samples });
        }
    }
    all
}
