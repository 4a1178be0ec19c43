//! The counters of single sessions: a way of their own, beside the stack's.
//!
//! Exact with an expiry: the day of the collector's clock is a label, so a
//! series gets its last point within a day of its first, and expires after that
//! day is over. None is born again under the same labels. May not know
//! Prometheus.

use super::super::ottl;
use super::{Count, Rename, count, labels, rename};
use crate::stack::{DETAIL, DETAIL_LABELS, Metric, Source, UNKNOWN, VERIFY_SERVICE};
use serde::Serialize;

/// Where the collector serves the counters of sessions, inside the stack's network only.
pub const DETAIL_PORT: u16 = 8890;

/// A series outlives its day by less than this after its last point.
pub const EXPIRATION: &str = "26h";

const DAY_SECONDS: u32 = 86_400;

/// What events are counted by; each must be there, or the connector leaves the event out.
const COUNTED_BY: [&str; 4] = ["model", SESSION, EMAIL, USER];
const SESSION: &str = "session.id";
const EMAIL: &str = "user.email";
const USER: &str = "user.id";

#[derive(Serialize)]
pub struct Detail {
    unwanted: Vec<String>,
    renames: Vec<Rename>,
    descriptions: Vec<String>,
    labels: Vec<String>,
    counts: Vec<Count>,
    counted_by: [&'static str; 4],
}

/// Decides how sessions are counted.
pub fn detail() -> Detail {
    Detail {
        unwanted: unwanted(),
        renames: DETAIL.iter().filter_map(rename).collect(),
        descriptions: DETAIL.iter().map(super::description).collect(),
        labels: labels(),
        counts: DETAIL.iter().filter_map(count).collect(),
        counted_by: COUNTED_BY,
    }
}

/// The filter's condition: everything that no counter of sessions is made of.
fn unwanted() -> Vec<String> {
    let wanted: Vec<String> = DETAIL
        .iter()
        .map(|metric| match metric.source {
            Source::Metric(name) => name,
            _ => metric.name,
        })
        .map(|name| format!("metric.name == {}", ottl::literal(name)))
        .collect();
    let verify = ottl::literal(VERIFY_SERVICE);
    vec![
        format!("not ({})", wanted.join(" or ")),
        format!("resource.attributes[\"service.name\"] == {verify}"),
    ]
}

/// Statements that leave each point the labels of a session, and no other.
fn labels() -> Vec<String> {
    let unknown = ottl::literal(UNKNOWN);
    // Later ones win: the e-mail address names a person better than a random id.
    let named = [("session_id", SESSION), ("user", USER), ("user", EMAIL)];
    let mut statements: Vec<String> = ["session_id", "user"]
        .map(|label| format!("set({}, {unknown})", ottl::attribute(label)))
        .to_vec();
    statements.extend(named.map(|(label, from)| {
        let (label, from) = (ottl::attribute(label), ottl::attribute(from));
        format!(
            "set({label}, Concat([{from}], \"\")) where {from} != nil and {from} != \"\" and {from} != {unknown}"
        )
    }));
    statements
        .push(format!("set(attributes[\"collector_day\"], UnixSeconds(Now()) / {DAY_SECONDS})"));
    let own = |metric: &Metric| metric.labels.to_vec();
    statements.extend(labels::keep(&DETAIL, &DETAIL_LABELS, own));
    statements
}

#[cfg(test)]
mod tests {
    use super::{labels, unwanted};

    #[test]
    fn a_session_keeps_its_labels_and_no_other() {
        let labels = labels().join("\n");
        for part in [
            r#"set(attributes["collector_day"], UnixSeconds(Now()) / 86400)"#,
            r#""collector_day", "type"]) where metric.name == "claude_session_tokens_total""#,
            r#""collector_day"]) where metric.name == "claude_session_cost_usd_total" or"#,
        ] {
            assert!(labels.contains(part), "{labels}");
        }
    }

    #[test]
    fn nothing_else_comes_through_and_no_canary() {
        let [others, verify] = <[String; 2]>::try_from(unwanted()).unwrap();
        assert!(others.contains(r#""claude_code.cost.usage" or "#), "{others}");
        assert!(others.contains(r#""claude_session_cache_hits_total""#), "{others}");
        assert!(verify.contains("otelctl-verify"), "{verify}");
    }
}
