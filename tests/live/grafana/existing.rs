//! What stands there already: used, refused or adopted, and never written over; also on a real
//! server.

use serde_json::json;

use super::administrator::{Administrator, addresses, fails};
use crate::live::stand_in::AnyServer;
use otelctl::diagnostic::Kind;

#[test]
fn an_existing_data_source_is_used_and_never_written() {
    for (release, server) in AnyServer::each() {
        let uid = server.own("theirs");
        let theirs = json!({"uid": uid, "name": server.own("source"), "type": "prometheus",
            "access": "proxy", "url": "http://127.0.0.1:9", "jsonData": {"timeInterval": "60s"}});
        server.post("/api/datasources", &theirs).ok();
        let path = format!("/api/datasources/uid/{uid}");
        // All of it, with the version that counts what is written.
        let before = server.get(&path).ok();
        assert!(before["version"].is_number(), "{before}");
        let by_uid = format!("otelctl::grafana::datasource_uid: {uid}");
        for more in ["", &by_uid] {
            let administrator = Administrator::on(&server, more);
            let plan = administrator.plan().expect("a plan");
            assert!(!addresses(&plan).iter().any(|line| line.contains("datasource")));
            administrator.converge();
            administrator.destroy();
            assert_eq!(server.get(&path).ok(), before, "{release}");
        }
        let Some(stand_in) = server.stand_in() else { continue };
        let written = stand_in.writes();
        let written = written.iter().filter(|request| request.path.starts_with("/api/datasources"));
        assert_eq!(written.count(), 1, "the test's own");
    }
}

#[test]
fn a_data_source_that_must_exist_and_does_not_is_named() {
    let server = AnyServer::start("12");
    let missing = server.own("missing");
    let more = format!("otelctl::grafana::datasource_uid: {missing}");
    let error = fails(Administrator::on(&server, &more).apply(), Kind::Failed);
    assert!(error.message.contains(&missing), "{error:?}");
    assert!(error.origin.location().is_some(), "{error:?}");
    assert_eq!(server.get(&format!("/api/folders/{}", server.uid())).status, 404);
}

#[test]
fn a_data_source_of_another_kind_is_refused() {
    let server = AnyServer::start("12");
    let uid = server.own("loki");
    let loki = json!({"uid": uid, "name": server.own("source"), "type": "loki",
        "access": "proxy", "url": "http://127.0.0.1:9"});
    server.post("/api/datasources", &loki).ok();
    fails(Administrator::on(&server, "").apply(), Kind::Refused);
    assert_eq!(server.get(&format!("/api/datasources/uid/{uid}")).ok()["type"], "loki");
}

#[test]
fn a_strangers_dashboard_under_our_uid_is_refused() {
    let server = AnyServer::start("11");
    let (uid, title) = (server.own("overview"), server.own("title"));
    server.post("/api/dashboards/db", &json!({"dashboard": {"uid": uid, "title": title}})).ok();
    let mut administrator = Administrator::on(&server, "");
    let error = fails(administrator.apply(), Kind::Refused);
    let address = format!("grafana/dashboard/{uid}");
    assert!(error.hint.as_ref().is_some_and(|hint| hint.contains(&address)), "{error:?}");
    let theirs = server.get(&format!("/api/dashboards/uid/{uid}")).ok();
    assert_eq!(theirs["dashboard"]["title"], title);
    administrator.desired.adopt.push(address);
    administrator.apply().expect("adopted");
    let plan = Administrator::on(&server, "").plan().expect("a plan");
    assert_eq!(addresses(&plan), Vec::<String>::new());
}

#[test]
fn a_title_that_is_taken_is_told() {
    // Until 11.2 a folder holds a title once, and so does the root; later ones do not care.
    for (release, server) in AnyServer::each() {
        let title = server.own("title");
        let folder = |uid: &str| json!({"uid": server.own(uid), "title": title});
        server.post("/api/folders", &folder("first")).ok();
        let once = server.post("/api/folders", &folder("second")).status != 200;
        assert!(server.stand_in().is_none() || once == (release == "10"), "{release}");
        let more = format!("otelctl::grafana::folder: {title}");
        let administrator = Administrator::on(&server, &more);
        if once {
            let error = fails(administrator.apply(), Kind::Refused);
            assert!(error.message.contains(&format!("folder `{title}`")), "{error:?}");
            Administrator::on(&server, "").converge();
        } else {
            administrator.converge();
        }
    }
}
