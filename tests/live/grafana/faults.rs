//! Wrong answers at every step: a documented exit code, a hint, nothing repeated blindly, and
//! the next apply converges.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::administrator::{Administrator, addresses, fails};
use crate::live::stand_in::{Credentials, Fault, PASSWORD, RELEASES, StandIn};
use otelctl::diagnostic::{Diagnostic, Kind};

/// A wrong answer, and the kind of error it makes; none: it makes none, since the work was done.
struct Case {
    name: &'static str,
    fault: fn() -> Fault,
    reading: Option<Kind>,
    writing: Option<Kind>,
}

const fn case(
    name: &'static str,
    fault: fn() -> Fault,
    reading: Option<Kind>,
    writing: Option<Kind>,
) -> Case {
    Case { name, fault, reading, writing }
}

use Kind::{Failed, Permission, Refused, Unreachable};

const CASES: [Case; 14] = [
    case("401", || Fault::status(401), Some(Permission), Some(Permission)),
    case("403", || Fault::status(403), Some(Permission), Some(Permission)),
    case("409", || Fault::status(409), Some(Refused), Some(Refused)),
    case("412", || Fault::status(412), Some(Refused), Some(Refused)),
    case("429", || Fault::status(429).retry_after(99), Some(Unreachable), Some(Unreachable)),
    case("500", || Fault::status(500), Some(Failed), Some(Failed)),
    case("502", || Fault::status(502), Some(Failed), Some(Failed)),
    case("503", || Fault::status(503).retry_after(u64::MAX), Some(Unreachable), Some(Unreachable)),
    case("garbage", Fault::garbage, Some(Unreachable), Some(Unreachable)),
    case("an empty list", || Fault::body("[]"), Some(Unreachable), None),
    case("a login page", Fault::html, Some(Unreachable), Some(Unreachable)),
    // The work is done, only half of the answer comes.
    case("half", Fault::half, Some(Unreachable), None),
    case("dropped", Fault::dropped, Some(Unreachable), Some(Unreachable)),
    case("done and dropped", || Fault::dropped().applied(), Some(Unreachable), None),
];

const READS: [&str; 5] = [
    "/api/health",
    "/api/datasources/uid/",
    "/api/folders/",
    "/api/dashboards/uid/otelctl-otel-overview",
    "/api/dashboards/uid/otelctl-otel-costs",
];

const CREATES: [&str; 4] =
    ["/api/datasources", "/api/folders", "/api/dashboards/db", "/api/annotations"];

#[track_caller]
fn check(what: &str, result: Result<usize, Diagnostic>, expected: Option<Kind>) {
    match (result, expected) {
        (Ok(_), None) => {}
        (Err(error), Some(kind)) => {
            assert_eq!(error.kind, kind, "{what}: {error:#?}");
            assert!(error.hint.is_some() && !error.causes.is_empty(), "{what}: {error:#?}");
            assert!(!format!("{error:?}").contains(PASSWORD), "{what}: {error:#?}");
        }
        (result, expected) => panic!("{what}: {result:#?}, expected {expected:?}"),
    }
}

#[test]
fn every_wrong_answer_to_a_reading_is_told_and_nothing_is_written() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    administrator.converge();
    for Case { name, fault, reading, .. } in CASES {
        for path in READS {
            server.reset();
            server.fail(fault().on("GET", path));
            check(&format!("{name} to GET {path}"), administrator.apply(), reading);
            assert_eq!(server.faults_left(), 0, "{name} {path}");
            assert_eq!(server.writes(), [], "{name} {path}");
        }
    }
    server.reset();
    assert!(administrator.plan().expect("a plan").is_empty());
}

#[test]
fn every_wrong_answer_to_a_creation_is_told_and_cured_by_the_next_apply() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    for Case { name, fault, writing, .. } in CASES {
        // Every object answers an empty list with something else than was promised,
        // and it was not made.
        for path in CREATES {
            let writing = if name == "an empty list" { Some(Unreachable) } else { writing };
            server.reset();
            server.fail(fault().on("POST", path));
            let what = format!("{name} to POST {path}");
            check(&what, administrator.apply(), writing);
            assert_eq!(server.faults_left(), 0, "{what}");
            let writes = server.writes();
            let faulty = writes.iter().position(|request| !request.fault.is_empty());
            let again = &writes[faulty.expect("a faulty one") + 1..];
            let again = again.iter().filter(|request| request.path == path).count();
            // The second dashboard is another one.
            let others = usize::from(path == "/api/dashboards/db" && writing.is_none());
            assert_eq!(again, others, "{what} is sent again: {writes:#?}");
            server.reset();
            administrator.converge();
            administrator.destroy();
        }
    }
}

#[test]
fn every_wrong_answer_to_an_update_or_a_deletion_is_told_and_cured() {
    let server = StandIn::here("12");
    let before = Administrator::new(&server, "");
    let after = Administrator::new(
        &server,
        "profile::otel_collector::prometheus_scrape_interval: 5s\notelctl::grafana::folder: Else",
    );
    let steps = [
        ("PUT", "/api/datasources/uid/otelctl-otel"),
        ("PUT", "/api/folders/otelctl-otel"),
        ("DELETE", "/api/dashboards/uid/otelctl-otel-costs"),
        ("DELETE", "/api/folders/otelctl-otel"),
        ("DELETE", "/api/datasources/uid/otelctl-otel"),
    ];
    for Case { name, fault, writing, .. } in CASES {
        if name == "an empty list" {
            continue;
        }
        for (method, path) in steps {
            before.converge();
            let plan = match method {
                "PUT" => after.plan(),
                _ => before.plan_nothing(),
            };
            server.reset();
            server.fail(fault().on(method, path));
            let what = format!("{name} to {method} {path}");
            check(&what, before.run(plan.expect("a plan")), writing);
            assert_eq!(server.faults_left(), 0, "{what}");
            let sent = server.writes();
            let sent =
                sent.iter().filter(|request| request.method == method && request.path == path);
            assert_eq!(sent.count(), 1, "{what}");
        }
    }
    before.converge();
    before.destroy();
}

#[test]
fn a_busy_grafana_is_waited_for() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    server.fail(Fault::status(503).on("GET", "/api/folders").retry_after(1));
    server.fail(Fault::status(429).on("POST", "/api/dashboards/db").retry_after(1));
    server.fail(Fault::status(429).on("POST", "/api/annotations"));
    let begin = Instant::now();
    administrator.converge();
    assert!(begin.elapsed() >= Duration::from_secs(3), "{:?}", begin.elapsed());
    assert_eq!(server.faults_left(), 0);
}

#[test]
fn an_answer_that_never_comes_ends_the_wait() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    server.fail(Fault::never().on("GET", "/api/folders"));
    let begin = Instant::now();
    fails(administrator.apply(), Unreachable);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    server.reset();
    server.fail(Fault::never().on("POST", "/api/folders"));
    fails(administrator.apply(), Unreachable);
    administrator.converge();
}

#[test]
fn an_endless_answer_is_cut() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"database\": \"");
                while stream.write_all(&[b'x'; 1 << 12]).is_ok() {}
            });
        }
    });
    let token = Credentials::Token("glsa_any".into());
    let error = fails(Administrator::at(&url, &token, "").apply(), Unreachable);
    assert!(error.causes.iter().any(|cause| cause.contains("longer than")), "{error:?}");
}

#[test]
fn a_secret_that_an_answer_quotes_is_not_told() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    let body = json!({"message": format!("no such password: {PASSWORD}")}).to_string();
    server.fail(Fault::body(&body).on("GET", "/api/health"));
    let error = fails(administrator.apply(), Unreachable);
    assert!(!format!("{error:?}").contains(PASSWORD), "{error:?}");
    assert!(addresses(&administrator.plan().expect("a plan")).len() > 1);
}

#[test]
fn a_key_that_opens_too_little_is_told_and_nothing_is_written() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let viewer = server.with(Credentials::Token(server.token("Viewer").into()));
        let error = fails(Administrator::new(&viewer, "").apply(), Permission);
        assert!(error.hint.as_ref().is_some_and(|hint| hint.contains("Admin")), "{error:?}");
        assert!(!format!("{error:?}").contains(server.token("Viewer")), "{error:?}");
        assert_eq!(server.writes(), []);
    }
}

#[test]
fn nobody_at_the_address_is_told() {
    let mut server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    server.stop();
    let error = fails(administrator.apply(), Unreachable);
    assert!(error.hint.as_ref().is_some_and(|hint| hint.contains("otelctl::grafana::url")));
    let error = administrator.plan_nothing().expect_err("nobody is there").remove(0);
    let hint = error.hint.expect("a hint");
    assert!(hint.contains("gone for good, set `otelctl::grafana::mode: none`"), "{hint}");
    server.restart();
    administrator.converge();
}
