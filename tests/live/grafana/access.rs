//! Keys that open, keys that do not, and what is no Grafana; also on a real server.

use super::administrator::{Administrator, fails};
use crate::live::stand_in::{AnyServer, Credentials, PASSWORD};
use otelctl::diagnostic::Kind;

#[test]
fn a_token_and_a_password_both_open() {
    for (name, server) in AnyServer::each() {
        for key in server.keys() {
            let administrator = Administrator::new(&key, &server.profile(""));
            administrator.converge();
            administrator.destroy();
        }
        let Some(stand_in) = server.stand_in() else { continue };
        let requests = stand_in.requests();
        let known = |login: &str| login.is_empty() || login.ends_with("admin");
        assert!(requests.iter().all(|request| known(&request.login)), "{name}");
        assert!(!format!("{requests:?}").contains(PASSWORD), "{name}");
    }
}

#[test]
fn a_wrong_key_is_named_with_its_line() {
    let server = AnyServer::start("13");
    // A login of nobody: a real server locks one out that gets wrong passwords.
    let password =
        Credentials::Password { user: server.own("nobody"), password: "not-this".into() };
    let wrong = [("token", Credentials::Token("glsa_not_this_one".into())), ("password", password)];
    for (key, credentials) in wrong {
        let stranger = Administrator::new(&server.with(credentials), &server.profile(""));
        let error = fails(stranger.apply(), Kind::Permission);
        let hint = error.hint.clone().expect("a hint");
        assert!(hint.contains(&format!("`otelctl::grafana::{key}`")), "{hint}");
        assert!(error.origin.location().is_some(), "{error:?}");
        let told = format!("{error:?}");
        assert!(!told.contains("glsa_not_this_one") && !told.contains("not-this"), "{told}");
    }
}

#[test]
fn an_address_that_is_no_grafana_is_told() {
    let server = AnyServer::start("12");
    let elsewhere = format!("{}/somewhere-else", server.url);
    let administrator = Administrator::at(&elsewhere, &server.credentials, &server.profile(""));
    fails(administrator.apply(), Kind::Unreachable);
    for kind in ["datasources/uid", "folders"] {
        let path = format!("/api/{kind}/{}", server.uid());
        assert_eq!(server.get(&path).status, 404, "{path}");
    }
    if let Some(stand_in) = server.stand_in() {
        assert_eq!(stand_in.writes(), []);
    }
}
