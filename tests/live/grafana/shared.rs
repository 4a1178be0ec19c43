//! What the tests may do on a server that others use too: a stand-in in the place of a real one.

use std::thread;

use serde_json::json;

use super::administrator::Administrator;
use crate::live::stand_in::{AnyServer, RELEASES, StandIn, holdings};

#[test]
fn tests_side_by_side_leave_a_server_as_it_was_also_when_one_fails() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let theirs = json!({"uid": "theirs", "title": "Claude Code"});
        server.post("/api/folders", &theirs).ok();
        let source = json!({"uid": "theirs", "name": "Prometheus", "type": "prometheus",
            "access": "proxy", "url": "http://127.0.0.1:9"});
        server.post("/api/datasources", &source).ok();
        let before = holdings(&server);
        let test = |fails: bool| {
            let mine = AnyServer::on(server.with(server.credentials.clone()));
            Administrator::on(&mine, "").converge();
            let (folder, dashboard) = (mine.own("mine"), mine.own("more"));
            mine.post("/api/folders", &json!({"uid": folder, "title": folder})).ok();
            let dashboard = json!({"uid": dashboard, "title": dashboard});
            mine.post("/api/dashboards/db", &json!({"dashboard": dashboard})).ok();
            let made = holdings(&mine);
            // Data source, folders, dashboards, annotation.
            let ours = made.iter().filter(|object| object.contains(mine.stack()));
            assert_eq!(ours.count(), 7, "{made:#?}");
            assert!(!fails, "this test fails, as it shall");
        };
        let failed = thread::scope(|scope| {
            let tests = [false, true, false].map(|fails| scope.spawn(move || test(fails)));
            tests.map(|test| test.join().is_err())
        });
        assert_eq!(failed, [false, true, false]);
        assert_eq!(holdings(&server), before, "{release}");
    }
}
