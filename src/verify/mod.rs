//! Named checks of a running stack, and the end-to-end canary.
//!
//! A synthetic session goes in by OTLP and is followed hop by hop: receiver,
//! exporter, Prometheus, Grafana. Owns that session, the checks, and the reading of the
//! exporter's page. May not know how to fix things beyond a hint; prints
//! nothing and changes nothing but the counters of its own `service_name`.

mod canary;
mod check;
mod client;
mod current;
mod exporter;
mod exposition;
mod grafana;
mod growth;
mod health;
mod http;
mod otlp;
mod prometheus;
mod receiver;
mod wait;

pub use check::{Check, Outcome};
pub use client::{environment_checks, receiver_checks};
pub use current::{grafana_version, prometheus_version, totals};
pub use exposition::{Sample, samples};

use crate::secret::Environment;
use crate::stack::{Port, Stack};
use canary::Canary;
use std::time::SystemTime;

/// The `service_name` of the synthetic session, which dashboards and totals exclude.
pub const SERVICE_NAME: &str = "otelctl-verify";

/// Runs all checks of a stack, in the order of the hops; `progress` gets a
/// line at each step that may take long.
///
/// A check whose hop comes after one that failed is not reached. Prometheus is
/// checked where the stack has one of its own, and where the profile names the user's.
pub async fn run(
    stack: &Stack,
    environment: Environment<'_>,
    progress: &dyn Fn(&str),
) -> Vec<Check> {
    let http = match http::Http::new() {
        Ok(http) => http,
        Err(error) => return vec![Check::failed("health", error)],
    };
    let mut checks = Vec::new();
    if let Some(port) = port(stack, "health") {
        checks.push(health::check(stack, &http, port).await);
    }
    if let Some(port) = port(stack, "grpc") {
        checks.push(receiver::check_grpc(stack, port).await);
    }
    let (Some(receiver), Some(metrics)) = (port(stack, "http"), port(stack, "metrics")) else {
        return checks;
    };
    let canary = Canary::new(&stack.prices.value, SystemTime::now());
    let before = exporter::read(stack, &http, metrics).await;
    progress("sending a synthetic session");
    let sent = receiver::check_http(stack, &http, receiver, &canary).await;
    let taken = sent.outcome.is_passed();
    checks.push(sent);
    let mut totals = None;
    if taken {
        progress("waiting for the exporter to count it");
        let (check, counted) = exporter::check(stack, &http, metrics, &canary, before).await;
        checks.push(check);
        totals = counted;
    } else {
        checks.push(Check::not_reached(exporter::NAME));
    }
    match (prometheus::Server::of(stack, environment), &totals) {
        (Ok(None), _) => {}
        (Err(error), _) => checks.push(Check::failed(prometheus::NAME, error)),
        (Ok(Some(_)), None) => checks.push(Check::not_reached(prometheus::NAME)),
        (Ok(Some(server)), Some(totals)) => {
            progress("waiting for the next scrape of Prometheus");
            checks.push(prometheus::check(stack, &http, &server, totals).await);
        }
    }
    if let Some(server) = &stack.grafana {
        let stored = checks.iter().all(|check| check.outcome.is_passed());
        checks.push(match totals.filter(|_| stored) {
            Some(totals) => {
                progress("asking Grafana's data source");
                grafana::check(stack, server, environment, &totals).await
            }
            None => Check::not_reached(grafana::NAME),
        });
    }
    checks
}

fn port<'a>(stack: &'a Stack, name: &str) -> Option<&'a Port> {
    stack.ports.iter().find(|port| port.name == name)
}
