//! Many writers at one dashboard: each version is won by one of them, and nobody's edit is lost
//! unseen; also on a real server.

use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use super::administrator::Administrator;
use crate::live::stand_in::{AnyServer, field};
use otelctl::diagnostic::Kind;

const WRITERS: usize = 8;

fn dashboard(server: &AnyServer) -> Value {
    let read = server.get(&format!("/api/dashboards/uid/{}", server.own("overview"))).ok();
    field(&read, "/dashboard").clone()
}

/// Who won which version: the dashboard's whole text tells the winner.
#[test]
fn of_eight_administrators_one_wins_and_seven_are_refused() {
    for (release, server) in AnyServer::each() {
        let (uid, profile) = (server.own("overview"), server.profile(""));
        Administrator::new(&server, &profile).converge();
        // All plan on the same version, then all write at once.
        let (url, key) = (server.url.clone(), server.credentials.clone());
        let barrier = Barrier::new(WRITERS);
        let results: Vec<_> = thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|number| {
                    let (url, key, barrier) = (&url, &key, &barrier);
                    let (uid, profile) = (&uid, &profile);
                    scope.spawn(move || {
                        let mut administrator = Administrator::at(url, key, profile);
                        for dashboard in &mut administrator.desired.dashboards {
                            if dashboard.uid == *uid {
                                let title = json!(format!("Writer {number}"));
                                dashboard.document.insert("title".into(), title);
                            }
                        }
                        let plan = administrator.plan().expect("a plan");
                        barrier.wait();
                        (number, administrator.run(plan))
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().expect("a writer")).collect()
        });
        let winners: Vec<usize> = results
            .iter()
            .filter(|(_, result)| result.is_ok())
            .map(|(number, _)| *number)
            .collect();
        assert_eq!(winners.len(), 1, "{release}: {results:#?}");
        assert_eq!(dashboard(&server)["title"], format!("Writer {}", winners[0]));
        assert_eq!(dashboard(&server)["version"], 2, "{release}");
        for (number, result) in &results {
            let Err(error) = result else { continue };
            assert_eq!(error.kind, Kind::Refused, "{release} {number}: {error:#?}");
            assert!(error.message.contains("somebody else"), "{error:#?}");
            assert!(error.causes.iter().any(|cause| cause.contains("last saved by")), "{error:#?}");
        }
        Administrator::new(&server, &profile).destroy();
    }
}

#[test]
fn people_and_administrators_never_write_over_each_other() {
    let server = AnyServer::start("12");
    Administrator::on(&server, "").converge();
    // A person changes it between the plan and the apply of each administrator.
    for round in 0..WRITERS {
        let administrator = Administrator::on(&server, "");
        let save = |title: String| {
            let mut edited = dashboard(&server);
            edited["title"] = json!(title);
            let wanted = json!({"dashboard": edited, "folderUid": server.uid()});
            server.post("/api/dashboards/db", &wanted).ok();
        };
        save(format!("Seen {round}"));
        let plan = administrator.plan().expect("a plan");
        save(format!("Unseen {round}"));
        let error = administrator.run(plan).expect_err("somebody else wrote");
        assert_eq!(error.kind, Kind::Refused, "{error:#?}");
        assert_eq!(dashboard(&server)["title"], format!("Unseen {round}"));
        // The next plan shows it, and its apply takes it back.
        administrator.converge();
    }
    Administrator::on(&server, "").destroy();
}

#[test]
fn two_who_want_the_same_are_both_done() {
    let server = AnyServer::start("12");
    let (one, other) = (Administrator::on(&server, ""), Administrator::on(&server, ""));
    let plan = one.plan().expect("a plan");
    other.converge();
    one.run(plan).expect("what was wanted is there");
    assert_eq!(dashboard(&server)["version"], 1);
    one.destroy();
}

#[test]
fn a_deletion_does_not_take_an_edit_with_it() {
    let server = AnyServer::start("11");
    let administrator = Administrator::on(&server, "");
    administrator.converge();
    let plan = administrator.plan_nothing().expect("a plan");
    let mut edited = dashboard(&server);
    edited["title"] = json!("Mine");
    let wanted = json!({"dashboard": edited, "folderUid": server.uid()});
    server.post("/api/dashboards/db", &wanted).ok();
    let error = administrator.run(plan).expect_err("somebody else wrote");
    assert_eq!(error.kind, Kind::Refused, "{error:#?}");
    assert_eq!(dashboard(&server)["title"], "Mine");

    // Nor does the folder go with what came into it meanwhile.
    let plan = administrator.plan_nothing().expect("a plan");
    let more = server.own("more");
    let dashboard = json!({"uid": more, "title": more});
    let wanted = json!({"dashboard": dashboard, "folderUid": server.uid()});
    server.post("/api/dashboards/db", &wanted).ok();
    let error = administrator.run(plan).expect_err("something lies in it");
    assert!(error.causes.iter().any(|cause| cause.contains(&format!("`{more}`"))), "{error:#?}");
    assert_eq!(server.get(&format!("/api/dashboards/uid/{more}")).status, 200);
}
