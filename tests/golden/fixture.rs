//! Two stacks by hand, as the profiles of `examples/` describe them.

use super::diagnostic::{Location, Origin, Sourced};
use super::stack::{
    Client, Collector, DEFAULT_PRICES, Exposure, Image, LogRotation, Network, Port, Price,
    Prometheus, Scrape, Stack, Version,
};
use std::collections::BTreeMap;

fn default<T>(value: T) -> Sourced<T> {
    Sourced::default_value(value)
}

fn at<T>(line: usize, value: T) -> Sourced<T> {
    let file = "examples/document/profile.yaml";
    let location = Location { layer: file.into(), file: file.into(), line, column: 1 };
    Sourced::new(value, Origin::File(location))
}

/// The prices that apply without any in the profile.
pub fn prices() -> Vec<Price> {
    let price =
        |(model, [input, output, cache_read, cache_write, cache_write_1h]): (&str, [f64; 5])| {
            let model = model.to_owned();
            Price { model, input, output, cache_read, cache_write, cache_write_1h }
        };
    DEFAULT_PRICES.into_iter().map(price).collect()
}

fn port(name: &'static str, host: Sourced<u16>, exposure: Exposure, sources: &[&str]) -> Port {
    let (service, setting) = match name {
        "grpc" => ("otel-collector", "profile::otel_collector::otel_grpc_port"),
        "http" => ("otel-collector", "profile::otel_collector::otel_http_port"),
        "metrics" => ("otel-collector", "profile::otel_collector::otel_prometheus_port"),
        "health" => ("otel-collector", "profile::otel_collector::otel_health_port"),
        "pprof" => ("otel-collector", "profile::otel_collector::otel_pprof_port"),
        _ => ("prometheus", "otelctl::prometheus::port"),
    };
    let container = match name {
        "grpc" => 4317,
        "http" => 4318,
        "metrics" => 8889,
        "health" => 13133,
        "pprof" => 1777,
        _ => 9090,
    };
    let sources = sources.iter().map(|source| source.parse().expect("a network")).collect();
    Port { name, service, setting, host, container, exposure, sources }
}

/// The stack of the user's document.
pub fn document() -> Stack {
    let inside: &[&str] = &["10.10.10.0/24"];
    Stack {
        name: default("otel".into()),
        managed: at(2, true),
        directory: at(6, "/opt/otel".into()),
        network: Network {
            name: "otel_default".into(),
            bridge: "otc-otel".into(),
            subnet: default("172.31.250.0/24".parse().expect("a network")),
        },
        collector: Collector {
            container: "otel-collector".into(),
            image: at(
                12,
                Image::parse("otel/opentelemetry-collector-contrib:0.91.0").expect("an image"),
            ),
            version: Version::new(0, 91, 0),
            batch_timeout: default("1s".into()),
            memory_limit_mib: default(512),
            spike_limit_mib: 128,
            container_memory_mib: 640,
            gomemlimit_mib: 512,
            const_labels: default(BTreeMap::new()),
        },
        prometheus: Some(Prometheus {
            container: "otel-prometheus".into(),
            image: default(Image::parse("prom/prometheus:v3.5.0").expect("an image")),
            volume: "otel_prometheus-data".into(),
            retention: default("400d".into()),
            url: "http://127.0.0.1:9090".into(),
        }),
        scrape: Scrape {
            job: "otel-collector".into(),
            interval: default("15s".into()),
            target: default("otel-collector:8889".into()),
        },
        ports: vec![
            port("grpc", at(7, 4317), Exposure::Everywhere, inside),
            port("http", at(8, 4318), Exposure::Loopback, &[]),
            port("metrics", at(9, 8889), Exposure::Everywhere, inside),
            port("health", default(13133), Exposure::Loopback, &[]),
            port("pprof", default(1777), Exposure::Loopback, &[]),
            port("prometheus", default(9090), Exposure::Loopback, &[]),
        ],
        firewall_table: Some("otelctl_otel".into()),
        client: Client { address: "10.10.10.1".parse().expect("an address"), grpc_port: 4317 },
        prices: default(prices()),
        log: LogRotation { max_size: default("10m".into()), files: default(3) },
        notes: Vec::new(),
    }
}

/// A stack on loopback with a current collector.
pub fn quickstart() -> Stack {
    let mut stack = document();
    stack.name = at(3, "quickstart".into());
    stack.directory = at(4, "/opt/otelctl-quickstart".into());
    stack.network.name = "quickstart_default".into();
    stack.network.bridge = "otc-quickstart".into();
    stack.collector.image =
        at(5, Image::parse("otel/opentelemetry-collector-contrib:0.155.0").expect("an image"));
    stack.collector.version = Version::new(0, 155, 0);
    stack.collector.const_labels =
        at(6, BTreeMap::from([("environment".into(), "it's a $test ${HOME} \"x\"".into())]));
    stack.client.address = "127.0.0.1".parse().expect("an address");
    for port in &mut stack.ports {
        port.exposure = Exposure::Loopback;
        port.sources.clear();
    }
    stack
}
