//! Defaults, forms, bounds and mistakes of a profile's settings.

use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::profile::KEYS;
use crate::profile::{Mode, Profile};
use proptest::prelude::*;

const DOCUMENT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/document/profile.yaml"));

/// Diagnostics as `line:column message | hint`.
fn told(diagnostics: &[Diagnostic]) -> Vec<String> {
    let told = |d: &Diagnostic| {
        let place = d.origin.location().map(|at| format!("{}:{} ", at.line, at.column));
        let hint = d.hint.as_ref().map(|hint| format!(" | {hint}"));
        format!("{}{}{}", place.unwrap_or_default(), d.message, hint.unwrap_or_default())
    };
    diagnostics.iter().map(told).collect()
}

/// The errors, without the warnings and notes.
fn errors(text: &str) -> Vec<String> {
    let failure = Profile::read(text, "p.yaml").expect_err(text);
    assert_eq!(failure.kind(), Kind::Profile);
    let mut found = failure.diagnostics().to_vec();
    found.retain(|d| d.severity == Severity::Error);
    assert!(found.iter().all(|error| error.code.is_some()), "{found:?}");
    told(&found)
}

#[test]
fn the_documents_blocks_are_read_as_they_stand() {
    let profile = Profile::read(DOCUMENT, "profile.yaml").unwrap();
    assert!(profile.managed.value);
    assert_eq!(profile.directory.value, "/opt/otel");
    assert_eq!(profile.directory.origin.to_string(), "profile.yaml:6:36");
    assert_eq!(profile.collector.version.value.to_string(), "0.91.0");
    let rules: Vec<_> = profile
        .firewall
        .rules
        .iter()
        .map(|rule| (rule.name.as_str(), rule.ports.clone(), rule.sources.value[0].to_string()))
        .collect();
    assert_eq!(
        rules,
        [
            ("otel_grpc", vec![4317], "10.10.10.0/24".into()),
            ("otel_prometheus", vec![8889], "10.10.10.0/24".into()),
        ]
    );
    assert!(profile.notes.iter().all(|note| note.severity == Severity::Note));
}

#[test]
fn defaults_are_the_documented_ones() {
    let p = Profile::read("{}", "p.yaml").unwrap();
    let ports = [
        &p.ports.grpc,
        &p.ports.http,
        &p.ports.metrics,
        &p.ports.health,
        &p.ports.pprof,
        &p.ports.prometheus,
    ];
    assert_eq!(ports.map(|port| port.value), [4317, 4318, 8889, 13133, 1777, 9090]);
    assert_eq!(p.collector.image.value.to_string(), "otel/opentelemetry-collector-contrib:0.91.0");
    assert_eq!(p.prometheus.image.value.to_string(), "prom/prometheus:v3.5.0");
    assert_eq!(p.prometheus.retention.value, "400d");
    assert_eq!(p.prometheus.scrape_interval.value, "15s");
    assert_eq!(p.prometheus.mode.value, Mode::Managed);
    assert_eq!(p.collector.batch_timeout.value, "200ms");
    assert_eq!(p.collector.memory_limit_mib.value, 512);
    assert_eq!((p.log.max_size.value.as_str(), p.log.files.value), ("10m", 3));
    assert_eq!(p.subnet.value.to_string(), "172.31.250.0/24");
    assert_eq!(p.stack.value, "otel");
    assert!(p.managed.value && p.firewall.manage.value && p.listen_address.is_none());
}

#[test]
fn either_form_of_the_switch_switches_off() {
    for (text, expected) in [
        ("manage_otel_collector: false", false),
        ("profile::otel_collector::manage_otel_collector: no", false),
        (
            "manage_otel_collector: false\nprofile::otel_collector::manage_otel_collector: true",
            false,
        ),
        ("manage_otel_collector: yes", true),
    ] {
        assert_eq!(Profile::read(text, "p.yaml").unwrap().managed.value, expected, "{text}");
    }
}

#[test]
fn values_may_be_written_in_more_than_one_way() {
    let read = |text: &str| Profile::read(text, "p.yaml").unwrap();
    let c = "profile::otel_collector::";
    assert_eq!(read(&format!("{c}otel_grpc_port: '14317'")).ports.grpc.value, 14317);
    assert_eq!(read(&format!("{c}otel_dir: /srv/otel/")).directory.value, "/srv/otel");
    assert_eq!(
        read("otelctl::listen_address: '::1'").listen_address.unwrap().value.to_string(),
        "::1"
    );
    let text =
        format!("{c}otel_collector_image: local/otel:latest\notelctl::collector_version: 0.155.0");
    let profile = read(&text);
    assert_eq!(profile.collector.version.value.to_string(), "0.155.0");
    assert!(told(&profile.notes)[0].contains("is not pinned"), "{:?}", profile.notes);
    let prices = read("otelctl::model_prices: {claude-opus-5: {input: 6}, x: {input: 1, output: 2, cache_read: 0.5, cache_write: 1, cache_write_1h: 2}}").prices.value;
    let of = |model: &str| prices.iter().find(|price| price.model == model).unwrap();
    assert_eq!((of("claude-opus-5").input, of("claude-opus-5").output), (6.0, 25.0));
    assert_eq!((of("x").cache_read, of("claude-opus-4").input), (0.5, 15.0));
}

#[test]
fn every_wrong_value_is_told_with_what_was_expected() {
    let c = "profile::otel_collector::";
    let port = "expected a port (1–65535)";
    for (text, expected) in [
        (format!("{c}otel_grpc_port: 0"), format!("1:42 `{c}otel_grpc_port` is a whole number (`0`), {port}")),
        (format!("{c}otel_grpc_port: 65536"), format!("1:42 `{c}otel_grpc_port` is a whole number (`65536`), {port}")),
        (format!("{c}otel_grpc_port: -1"), format!("1:42 `{c}otel_grpc_port` is a whole number (`-1`), {port}")),
        (format!("{c}otel_grpc_port: abc"), format!("1:42 `{c}otel_grpc_port` is text `abc`, {port}")),
        (format!("{c}otel_grpc_port: [4317]"), format!("1:42 `{c}otel_grpc_port` is a list, {port}")),
        (format!("{c}otel_grpc_port: 4317.5"), format!("1:42 `{c}otel_grpc_port` is a decimal number (`4317.5`), {port}")),
        (format!("{c}otel_grpc_port:"), format!("`{c}otel_grpc_port` has no value | give it a value, or remove the key to use the default")),
        (format!("{c}manage_otel_collector: 'true'"), format!("1:49 `{c}manage_otel_collector` is text `true`, expected `true` or `false` | remove the quotes")),
        (format!("{c}otel_dir: opt/otel"), "is text `opt/otel`, expected an absolute path without `..`".into()),
        (format!("{c}otel_dir: /opt/../etc"), "is text `/opt/../etc`, expected an absolute path without `..`".into()),
        (format!("{c}otel_dir: /"), "is text `/`, expected an absolute path".into()),
        (format!("{c}otel_dir: '/opt/$x'"), "expected an absolute path".into()),
        (format!("{c}otel_collector_image: 'A b'"), "is text `A b`, expected an image such as `registry/name:tag`".into()),
        (format!("{c}otel_collector_image: otel/x:latest"), "image `otel/x:latest` does not say its collector's version | use a tag such as `0.91.0`, or set `otelctl::collector_version`".into()),
        (format!("{c}batch_timeout: 10"), "is a whole number (`10`), expected a duration such as `200ms`, `1s` or `1m30s` | add the unit".into()),
        (format!("{c}batch_timeout: 1d"), "is text `1d`, expected a duration".into()),
        (format!("{c}prometheus_scrape_interval: 1.5s"), "is text `1.5s`, expected a duration such as `15s`".into()),
        (format!("{c}memory_limit_mib: 64"), "is a whole number (`64`), expected a number of MiB (128–1048576)".into()),
        (format!("{c}const_labels: {{1a: x}}"), "label name is text `1a`, expected a label name".into()),
        (format!("{c}const_labels: {{model: x}}"), format!("1:41 `{c}const_labels` names `model`, a label that the stack sets itself")),
        (format!("{c}const_labels: {{job: x}}"), "names `job`, a label that the stack sets itself".into()),
        (format!("{c}const_labels: {{team: yes}}"), "label `team` is a boolean (`true`), expected text | put the value in quotes".into()),
        (format!("{c}enable_grafana_cloud_tempo: true\n{c}grafana_cloud_tempo_endpoint: tempo.example:443\n{c}grafana_cloud_tempo_username: 1"), format!("1:54 `{c}enable_grafana_cloud_tempo: true` needs `{c}grafana_cloud_tempo_api_key`")),
        (format!("{c}grafana_cloud_tempo_endpoint: tempo"), "expected `host:port` or an `https://…` address".into()),
        ("otelctl::grafana::mode: external\notelctl::grafana::token: env:T".into(), "1:25 `otelctl::grafana::mode: external` needs `otelctl::grafana::url`".into()),
        ("otelctl::grafana::mode: external\notelctl::grafana::url: http://g".into(), "needs `otelctl::grafana::token`, or `otelctl::grafana::username` and `otelctl::grafana::password`".into()),
        ("otelctl::grafana::mode: external\notelctl::grafana::url: http://g\notelctl::grafana::username: a".into(), "3:29 `otelctl::grafana::username` needs `otelctl::grafana::password`".into()),
        ("otelctl::grafana::mode: external\notelctl::grafana::url: http://g\notelctl::grafana::token: 'env:'".into(), "`otelctl::grafana::token` names no environment variable, expected `env:NAME`".into()),
        ("otelctl::grafana::mode: external\notelctl::grafana::url: http://g\notelctl::grafana::token: env:T\notelctl::grafana::username: a\notelctl::grafana::password: env:P".into(), "exclude each other".into()),
        ("otelctl::grafana::datasource_uid: 'a b'".into(), "expected a uid of up to 40 letters".into()),
        ("otelctl::prometheus::config_file: prometheus.yml".into(), "expected an absolute path without `..`".into()),
        ("otelctl::stack: Otel".into(), "is text `Otel`, expected a name".into()),
        ("otelctl::stack: abcdefghijkl".into(), "expected a name of up to 11".into()),
        ("otelctl::listen_address: localhost".into(), "is text `localhost`, expected an IPv4 or IPv6 address".into()),
        ("otelctl::collector_version: 0.91".into(), "is a decimal number (`0.91`), expected a version such as `0.91.0`".into()),
        ("otelctl::subnet: 172.31.250.1/24".into(), "| write `172.31.250.0/24`".into()),
        ("otelctl::subnet: 8.8.8.0/24".into(), "expected a private IPv4 network (/16 to /29)".into()),
        ("otelctl::subnet: 10.0.0.0/8".into(), "expected a private IPv4 network (/16 to /29)".into()),
        ("otelctl::subnet: fd00::/64".into(), "expected a private IPv4 network (/16 to /29)".into()),
        ("otelctl::log_max_size: 10".into(), "| add the unit".into()),
        ("otelctl::log_files: 0".into(), "expected a number of files (1–1000)".into()),
        ("otelctl::prometheus::mode: manged".into(), "is text `manged`, expected `managed` or `external` or `none`".into()),
        ("otelctl::prometheus::scrape_target: localhost".into(), "expected `host:port`".into()),
        ("otelctl::prometheus::retention: 1h1d".into(), "expected a duration".into()),
        ("otelctl::prometheus::url: ftp://x".into(), "expected an address such as".into()),
        ("otelctl::model_prices: {x: {input: 1}}".into(), "model `x` is new and lacks `output`, `cache_read`, `cache_write`, `cache_write_1h`".into()),
        ("otelctl::model_prices: {claude-opus-5: {inptu: 1}}".into(), "model `claude-opus-5` has the unknown field `inptu` | did you mean `input`?".into()),
        ("otelctl::model_prices: {claude-opus-5: {input: -1}}".into(), "field `input` is a whole number (`-1`), expected a price".into()),
        ("otelctl::model_prices: {claude-opus-5: {input: 0.1}}".into(), "has a `cache_read` above its `input`".into()),
        ("otelctl::tls::cert: x".into(), "`otelctl::tls::cert` is not supported by this version".into()),
        ("profile::firewall::custom_rules: [x]".into(), "is a list, expected a mapping of rule names to rules".into()),
    ] {
        let errors = errors(&text);
        assert_eq!(errors.len(), 1, "{text}: {errors:?}");
        assert!(errors[0].contains(&expected), "{text}: {errors:?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_files_order() {
    let text = "profile::otel_collector::otel_grpc_prot: 1\n\
                otelctl::subnet: x\n\
                profile::otel_collector::otel_http_port: 70000\n\
                profile::otel_collector::const_labels: {model: a, 1b: c}\n";
    let lines: Vec<_> =
        errors(text).iter().map(|error| error.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(lines, ["1:1", "2:18", "3:42", "4:41", "4:51"]);
}

#[test]
fn a_port_has_one_setting() {
    let c = "profile::otel_collector::";
    assert_eq!(
        errors(&format!("{c}otel_http_port: 5000\n{c}otel_grpc_port: 5000\n")),
        [format!(
            "1:42 `{c}otel_http_port` takes port 5000, which `{c}otel_grpc_port` has (p.yaml:2:42) | give one of them another port"
        )]
    );
    assert_eq!(
        errors(&format!("{c}otel_grpc_port: 9090\n")),
        [format!(
            "1:42 `{c}otel_grpc_port` takes port 9090, which `otelctl::prometheus::port` has (default) | give one of them another port"
        )]
    );
    let external = format!("{c}otel_grpc_port: 9090\notelctl::prometheus::mode: external\n");
    assert!(Profile::read(&external, "p.yaml").is_ok(), "only a managed Prometheus has a port");
    // A mistaken port clashes with nothing.
    assert_eq!(errors(&format!("{c}otel_grpc_port: x\n{c}otel_http_port: 4317\n")).len(), 1);
}

#[test]
fn what_has_no_effect_is_said() {
    let notes = |text: &str| told(&Profile::read(text, "p.yaml").unwrap().notes).join("\n");
    assert_eq!(notes("{}"), "");
    let external = "otelctl::prometheus::mode: external";
    assert!(notes(external).starts_with("1:28 the scrape job and the rules are rendered"));
    let file = format!("{external}\notelctl::prometheus::config_file: /etc/prometheus.yml");
    assert_eq!(notes(&file), "");
    for text in [
        "otelctl::prometheus::url: http://127.0.0.1:9090/",
        "otelctl::prometheus::config_file: /etc/prometheus.yml",
        "otelctl::grafana::url: http://grafana.lan",
        "otelctl::grafana::token: env:TOKEN",
        "otelctl::grafana::datasource_uid: abc",
    ] {
        assert!(notes(text).contains("has no effect"), "{text}: {}", notes(text));
    }
    let file = "otelctl::prometheus::config_file: /etc/prometheus.yml";
    let hint = Profile::read(file, "p.yaml").unwrap().notes.remove(0).hint;
    assert!(hint.is_some_and(|hint| hint.contains("marked blocks")));
}

#[test]
fn without_prometheus_there_is_no_grafana_unless_asked_for() {
    let mode = |text: &str| Profile::read(text, "p.yaml").unwrap().grafana.mode.value;
    assert_eq!(mode("{}"), Mode::Managed);
    assert_eq!(mode("otelctl::prometheus::mode: none"), Mode::None);
    assert_eq!(
        mode("otelctl::prometheus::mode: none\notelctl::grafana::mode: managed"),
        Mode::Managed
    );
}

#[test]
fn secrets_are_neither_kept_nor_told() {
    let key = "profile::otel_collector::grafana_cloud_tempo_api_key";
    let profile = Profile::read(&format!("{key}: glc_canary"), "p.yaml").unwrap();
    assert!(!format!("{profile:?}").contains("canary"));
    let failure = Profile::read(&format!("{key}: [glc_canary]\nx: [glc_canary"), "p.yaml");
    assert!(!format!("{failure:?}").contains("canary"));
    let failure = Profile::read(&format!("{key}: 4711"), "p.yaml").unwrap_err();
    assert!(!format!("{failure:?}").contains("4711"));
    let failure = Profile::read("otelctl::prometheus::url: http://me:canary@x/", "p.yaml");
    assert!(!format!("{:?}", failure.unwrap_err()).contains("canary"));
}

#[test]
fn every_known_key_is_read() {
    for key in KEYS.iter().filter(|key| key.name != super::keys::RULES) {
        assert_eq!(errors(&format!("{}: [[]]", key.name)).len(), 1, "{}", key.name);
    }
}

proptest! {
    #[test]
    fn any_values_are_read_or_refused(
        values in prop::collection::vec((0..KEYS.len(), "[ -~]{0,12}|\\{[a-z]{1,8}: [ -~]{0,8}\\}"), 0..6)
    ) {
        let lines: Vec<String> =
            values.iter().map(|(key, value)| format!("{}: {value}\n", KEYS[*key].name)).collect();
        let text = lines.concat();
        if let Err(failure) = Profile::read(&text, "p.yaml") {
            let lines = text.lines().count().max(1);
            for error in failure.diagnostics().iter().filter(|d| d.severity == Severity::Error) {
                let at = error.origin.location().expect("every error has a place");
                prop_assert!((1..=lines).contains(&at.line), "{error:?}");
            }
        }
    }
}
