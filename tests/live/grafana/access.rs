//! Tokens, passwords, and keys that open too little.

use super::administrator::{Administrator, fails};
use crate::live::stand_in::{AnyServer, Credentials, PASSWORD, RELEASES, StandIn};
use otelctl::diagnostic::Kind;

#[test]
fn a_token_and_a_password_both_open() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let token = server.with(Credentials::Token(server.token("Admin").into()));
        Administrator::new(&token, "").converge();
        let known = |login: &str| login.is_empty() || login.ends_with("admin");
        assert!(server.requests().iter().all(|request| known(&request.login)));
        Administrator::new(&server, "").converge();
        assert!(!format!("{:?}", server.requests()).contains(PASSWORD));
    }
}

#[test]
fn a_key_that_opens_too_little_is_told_and_nothing_is_written() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let viewer = server.with(Credentials::Token(server.token("Viewer").into()));
        let error = fails(Administrator::new(&viewer, "").apply(), Kind::Permission);
        assert!(error.hint.as_ref().is_some_and(|hint| hint.contains("Admin")), "{error:?}");
        assert!(!format!("{error:?}").contains(server.token("Viewer")), "{error:?}");
        assert_eq!(server.writes(), []);
    }
}

#[test]
fn a_wrong_key_is_named_with_its_line() {
    let server = AnyServer::start("13");
    let wrong = [
        ("token", Credentials::Token("glsa_not_this_one".into())),
        ("password", Credentials::Password { user: "admin".into(), password: "not-this".into() }),
    ];
    for (key, credentials) in wrong {
        let stranger = server.with(credentials);
        let error = fails(Administrator::new(&stranger, "").apply(), Kind::Permission);
        let hint = error.hint.clone().expect("a hint");
        assert!(hint.contains(&format!("`otelctl::grafana::{key}`")), "{hint}");
        assert!(error.origin.location().is_some(), "{error:?}");
        let told = format!("{error:?}");
        assert!(!told.contains("glsa_not_this_one") && !told.contains("not-this"), "{told}");
    }
}

#[test]
fn nobody_at_the_address_is_told() {
    let mut server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    server.stop();
    let error = fails(administrator.apply(), Kind::Unreachable);
    assert!(error.hint.as_ref().is_some_and(|hint| hint.contains("otelctl::grafana::url")));
    let error = administrator.plan_nothing().expect_err("nobody is there").remove(0);
    let hint = error.hint.expect("a hint");
    assert!(hint.contains("gone for good, set `otelctl::grafana::mode: none`"), "{hint}");
    server.restart();
    administrator.converge();
}
