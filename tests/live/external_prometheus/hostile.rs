//! Prometheus answering badly: exit code, cause, cure, and a file that is as it was.

use otelctl::artifact::prometheus::{PrometheusConfig, RuleFile};
use otelctl::diagnostic::{Diagnostic, Kind};
use otelctl::provider::prometheus::external::{
    Answers, ConfigFile, Desired, Entries, Observed, Operation, Process, Reader, Reload, Server,
    Text, Writer, diff,
};
use otelctl::provider::{Execute, Observe, prometheus};
use otelctl::system::{Running, disk};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::Duration;

const WRITTEN: &str = "# by hand\nscrape_configs:\n- job_name: node\n";

/// What comes back to every request, and how a plan tells it.
struct Case {
    answer: &'static str,
    kind: Kind,
    cause: &'static str,
    hint: &'static str,
}

/// Stands for an answer that never comes.
const NEVER: &str = "never";

const CASES: [Case; 9] = [
    case(
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno",
        Kind::Permission,
        "401",
        "username",
    ),
    case(
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
        Kind::Permission,
        "403",
        "password",
    ),
    case(
        "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
        Kind::Unreachable,
        "404",
        "something else",
    ),
    case(
        "HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\nno",
        Kind::Unreachable,
        "409",
        "something else",
    ),
    case(
        "HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\n\r\nno",
        Kind::Unreachable,
        "429",
        "try again",
    ),
    case(
        "HTTP/1.1 500 Broken\r\nContent-Length: 9\r\n\r\n`hunter2`",
        Kind::Unreachable,
        "500",
        "the log",
    ),
    case(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<htm>",
        Kind::Unreachable,
        "not that of a Prometheus",
        "something else",
    ),
    case(
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"data\":",
        Kind::Unreachable,
        "breaks off",
        "start the",
    ),
    case(NEVER, Kind::Unreachable, "timed out", "start the"),
];

const fn case(answer: &'static str, kind: Kind, cause: &'static str, hint: &'static str) -> Case {
    Case { answer, kind, cause, hint }
}

/// Serves one answer to everybody, and returns the URL.
fn serve(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            if answer == NEVER {
                held.push(stream);
            } else {
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    url
}

fn desired(url: &str, config_file: &Path) -> Desired {
    let job = "scrape_configs: [{job_name: otel-collector, static_configs: [{targets: ['a:1']}]}]";
    let rules = "groups: [{name: g, rules: [{record: 'a:b', expr: up}]}]";
    Desired {
        stack: "otel".into(),
        url: url.into(),
        access: None,
        config_file: config_file.into(),
        scrape_file: "/opt/otel/scrape.yaml".into(),
        rules_file: "/opt/otel/rules.yaml".into(),
        job: "otel-collector".into(),
        entries: Some(Entries {
            job: PrometheusConfig::parse_snippet(job).unwrap().scrape_configs.remove(0),
            rules: RuleFile::parse(rules).unwrap(),
        }),
        retention: None,
    }
}

fn told(error: &Diagnostic) -> String {
    format!("{error:?}")
}

async fn read_badly(case: &Case) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prometheus.yml");
    fs::write(&file, WRITTEN).unwrap();
    let desired = desired(&serve(case.answer), &file);
    let error = Reader::new().unwrap().observe(&desired).await.expect_err(case.answer);
    assert_eq!(error.kind, case.kind, "{error:?}");
    assert!(error.causes.concat().contains(case.cause), "{error:?}");
    assert!(error.hint.as_deref().unwrap().contains(case.hint), "{error:?}");
    assert!(!told(&error).contains("hunter2"), "{error:?}");
}

/// The change that a plan makes for a Prometheus which reloads over its endpoint.
fn change(desired: &Desired, file: &Path) -> Operation {
    let path = file.to_path_buf();
    let observed = Observed {
        file: Some(ConfigFile {
            text: Text(fs::read(file).unwrap()),
            attributes: disk::attributes(file).unwrap(),
            path: path.clone(),
            unfinished: false,
        }),
        server: Server::Answers(Box::new(Answers {
            version: "3.5.0".into(),
            config_file: path,
            lifecycle: true,
            ..Answers::default()
        })),
        process: None,
        promtool: Some("/bin/true".into()),
    };
    diff(desired, &observed).unwrap().remove(0).operation
}

async fn reload_badly(case: &Case) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prometheus.yml");
    fs::write(&file, WRITTEN).unwrap();
    let operation = change(&desired(&serve(case.answer), &file), &file);
    let Operation::Configure(configure) = &operation else { panic!("{operation:?}") };
    assert_eq!(configure.reload, Some(Reload::Endpoint));
    assert!(!format!("{operation:?}").contains("by hand"), "{operation:?}");
    let writer = Writer::new().unwrap().patience(Duration::from_secs(1));
    let error = writer.execute(&operation, &|_| ()).await.expect_err(case.answer);
    assert_eq!(error.kind, Kind::Partial, "{error:?}");
    assert!(error.causes.concat().contains("is as it was before"), "{error:?}");
    assert!(!told(&error).contains("hunter2"), "{error:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), WRITTEN);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A managed one that is asked to load answers as badly.
async fn managed_badly(case: &Case) {
    let config = "scrape_configs: [{job_name: j, scrape_interval: 1s, static_configs: [{targets: ['a:1']}]}]";
    let expected = prometheus::Desired {
        url: serve(case.answer),
        config: PrometheusConfig::parse(config).unwrap(),
        rules: RuleFile::parse("groups: []").unwrap(),
        job: "j".into(),
        retention: None,
        container: "otel-prometheus".into(),
    };
    let observed = prometheus::Reader::new().unwrap().observe(&expected).await.unwrap();
    let prometheus::Observed::Unreadable(why) = &observed else { panic!("{observed:?}") };
    assert!(why.contains(case.cause), "{why}");
    let change = prometheus::diff(&expected, &observed).remove(0);
    let writer = prometheus::Writer::new().unwrap().patience(Duration::from_millis(1));
    let error = writer.execute(&change.operation, &|_| ()).await.expect_err(case.answer);
    let refused = case.answer.starts_with("HTTP/1.1 4") || case.answer.starts_with("HTTP/1.1 5");
    assert_eq!(error.kind, if refused { Kind::Failed } else { Kind::Unreachable }, "{error:?}");
    assert!(error.hint.is_some(), "{error:?}");
}

#[tokio::test]
async fn every_bad_answer_has_its_exit_code_cause_and_cure() {
    futures_util::future::join_all(CASES.iter().map(read_badly)).await;
    futures_util::future::join_all(CASES.iter().map(reload_badly)).await;
}

#[tokio::test]
async fn a_managed_prometheus_answers_as_badly() {
    futures_util::future::join_all(CASES.iter().map(managed_badly)).await;
}

#[tokio::test]
async fn nothing_else_than_the_observed_process_gets_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prometheus.yml");
    fs::write(&file, WRITTEN).unwrap();
    let Operation::Configure(mut configure) = change(&desired(&serve(NEVER), &file), &file) else {
        panic!("a change")
    };
    let own = Running::find(std::process::id()).unwrap();
    let process =
        Process { running: Running { started: own.started + 1, ..own }, reloadable: None };
    configure.reload = Some(Reload::Signal(process.running));
    let writer = Writer::new().unwrap().patience(Duration::from_secs(1));
    let error = writer.execute(&Operation::Configure(configure), &|_| ()).await.unwrap_err();
    assert!(error.message.contains("cannot send SIGHUP"), "{error:?}");
    assert_eq!((error.kind, fs::read_to_string(&file).unwrap()), (Kind::Partial, WRITTEN.into()));
}

#[tokio::test]
async fn a_file_that_somebody_writes_meanwhile_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prometheus.yml");
    fs::write(&file, WRITTEN).unwrap();
    let operation = change(&desired(&serve(NEVER), &file), &file);
    fs::write(&file, "# newer\n").unwrap();
    let error = Writer::new().unwrap().execute(&operation, &|_| ()).await.unwrap_err();
    assert_eq!(
        (error.kind, fs::read_to_string(&file).unwrap()),
        (Kind::Refused, "# newer\n".into())
    );
}
