//! The harness itself: servers start, are used by people, answer wrongly on order, and the image
//! has the official shape.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{AnyServer, Credentials, Fault, PASSWORD, RELEASES, Server, StandIn, field};
use crate::live::world::{Place, World};

const IMAGE: &str = "grafana/grafana:12.1.0";

#[test]
fn a_person_saves_a_dashboard_and_every_request_is_written_down() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let version = server.get("/api/health").ok()["version"].to_string();
        assert!(version.starts_with(&format!("\"{release}.")), "{version}");
        server.post("/api/folders", &json!({"uid": "f", "title": "Claude Code"})).ok();
        server.reset();

        let editor = server.with(Credentials::Token(server.token("Editor").into()));
        let dashboard = json!({"uid": "d", "title": "Costs", "panels": [{"id": 1}]});
        let wanted = json!({"dashboard": dashboard, "folderUid": "f", "message": "mine"});
        assert_eq!(editor.post("/api/dashboards/db", &wanted).ok()["version"], 1);
        let second = editor.post("/api/dashboards/db", &wanted);
        assert_eq!((second.status, &second.body["status"]), (412, &json!("version-mismatch")));
        let read = server.get("/api/dashboards/uid/d").ok();
        assert_eq!(field(&read, "/meta/folderUid"), "f");
        assert_eq!(field(&read, "/dashboard/panels/0/id"), 1);

        let viewer = server.with(Credentials::Token(server.token("Viewer").into()));
        assert_eq!(viewer.delete("/api/dashboards/uid/d").status, 403);
        assert_eq!(server.with(Credentials::None).get("/api/search").status, 401);
        let requests: Vec<_> = server.requests();
        let statuses: Vec<_> = requests.iter().map(|r| (r.method.as_str(), r.status)).collect();
        let expected = [("POST", 200), ("POST", 412), ("GET", 200), ("DELETE", 403), ("GET", 401)];
        assert_eq!(statuses, expected);
        assert!(requests[0].login.ends_with("editor"), "{requests:?}");
        assert_eq!(server.writes().len(), 3);
        server.reset();
        assert_eq!(server.requests(), []);
    }
}

#[test]
fn wrong_answers_come_on_order() {
    let server = StandIn::here("12");
    server.fail(Fault::status(503).on("GET", "/api/folders").after(1).times(2));
    let statuses: Vec<_> = (0..4).map(|_| server.get("/api/folders").status).collect();
    assert_eq!(statuses, [200, 503, 503, 200]);
    server.fail(Fault::html().on("GET", "/api/folders"));
    server.fail(Fault::garbage().on("GET", "/api/folders"));
    for _ in 0..2 {
        let answer = server.get("/api/folders");
        assert_eq!((answer.status, answer.body), (200, json!(null)));
    }
    // The work is done, and the client cannot know.
    server.fail(Fault::dropped().on("POST", "/api/folders").applied());
    let wanted = json!({"uid": "f", "title": "Claude Code"});
    assert_eq!(server.post("/api/folders", &wanted).status, 0);
    assert_eq!(server.get("/api/folders/f").ok()["title"], "Claude Code");
    server.fail(Fault::half().on("GET", "/api/folders"));
    assert_eq!(server.get("/api/folders/f").body, json!(null));
    server.fail(Fault::status(429).on("GET", "/api/org").retry_after(1));
    assert_eq!(server.get("/api/org").status, 429);
    server.fail(Fault::body("[]").on("GET", "/api/org"));
    assert_eq!(server.get("/api/org").ok(), json!([]));
    let hasty = server.patience(1);
    server.fail(Fault::slow(10).on("GET", "/api/org"));
    assert_eq!(hasty.get("/api/org").ok()["id"], 1);
    server.fail(Fault::never().on("GET", "/api/org"));
    assert_eq!(hasty.get("/api/org").status, 0);
    assert_eq!(server.faults_left(), 0);
}

#[test]
fn what_files_provision_is_not_written() {
    let server = StandIn::here("11");
    let wanted = json!({"dashboard": {"uid": "d", "title": "T", "schemaVersion": 16}});
    server.post("/api/dashboards/db", &wanted).ok();
    server.provision_dashboard("d", "t.json");
    let refused = server.post(
        "/api/dashboards/db",
        &json!({"dashboard": {"uid": "d", "title": "T"}, "overwrite": true}),
    );
    assert_eq!(
        (refused.status, &refused.body["message"]),
        (400, &json!("Cannot save provisioned dashboard"))
    );
    server.post("/api/dashboards/db", &json!({"dashboard": {"uid": "e", "title": "E"}})).ok();
    server.give_dashboard_to_plugin("e", "somebodys-app");
    let wanted = json!({"dashboard": {"uid": "e", "title": "E", "version": 1}});
    let refused = server.post("/api/dashboards/db", &wanted);
    assert_eq!((refused.status, &refused.body["status"]), (412, &json!("plugin-dashboard")));
    server.raise_schema_version(41);
    let read = server.get("/api/dashboards/uid/d").ok();
    assert_eq!(field(&read, "/meta/provisionedExternalId"), "t.json");
    assert_eq!(field(&read, "/dashboard/schemaVersion"), 41);

    let source =
        json!({"uid": "p", "name": "P", "type": "prometheus", "url": "http://127.0.0.1:9"});
    server.post("/api/datasources", &source).ok();
    server.provision_data_source("p");
    assert_eq!(server.put("/api/datasources/uid/p", &source).status, 403);
}

#[test]
fn pages_may_save_what_the_old_address_cannot_read() {
    let server = StandIn::here("13");
    server.post("/api/dashboards/db", &json!({"dashboard": {"uid": "d", "title": "T"}})).ok();
    server.save_in_new_schema("d");
    assert_eq!(server.get("/api/dashboards/uid/d").status, 406);
}

#[test]
fn a_restart_keeps_everything_but_the_list_of_requests() {
    let mut server = StandIn::here("10");
    server.post("/api/folders", &json!({"uid": "f", "title": "Claude Code"})).ok();
    let url = server.url.clone();
    server.stop();
    assert_eq!(server.get("/api/health").status, 0);
    server.restart();
    assert_eq!((url.as_str(), server.requests().len()), (server.url.as_str(), 0));
    server.get("/api/folders/f").ok();
    assert!(!fs::read_to_string(server.state()).unwrap().contains(PASSWORD));
}

/// Also on a real server, where one is given.
#[test]
fn any_server_knows_its_credentials() {
    let server = AnyServer::start("13");
    for key in server.keys() {
        assert!(key.get("/api/org").ok()["id"].is_number());
    }
    assert_eq!(server.with(Credentials::Token("glsa_wrong".into())).get("/api/org").status, 401);
}

#[test]
fn it_encrypts_below_a_path() {
    let mut server = StandIn::here_encrypted("12", "/grafana");
    assert!(server.url.starts_with("https://127.0.0.1:") && server.url.ends_with("/grafana"));
    server.restart();
    server.get("/api/org").ok();
    assert!(fs::read_to_string(server.authority()).unwrap().contains("BEGIN CERTIFICATE"));
    let stranger = Server { curl: Vec::new(), ..server.with(Credentials::None) };
    assert_eq!(stranger.get("/api/health").status, 0);
}

#[test]
fn it_runs_anywhere_in_a_world() {
    let world = World::new("stand-in");
    let mut server = StandIn::start(&world, Place::Outside, "12");
    server.get("/api/org").ok();
    let health = format!("{}/api/health", server.url);
    assert_eq!(world.http_get(Place::Outside, &health).status, 200);
    assert_eq!(world.http_get(Place::Host, &health).status, 0);
    server.restart();
    server.get("/api/org").ok();
}

#[test]
fn the_image_has_the_official_shape() {
    let world = World::new("stand-in-image");
    let secrets = world.dir().join("secrets");
    fs::create_dir(&secrets).unwrap();
    let password = secrets.join("admin-password");
    fs::write(&password, "first\n").unwrap();
    for (path, mode) in [(&password, 0o400), (&secrets, 0o500)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        chown(path, Some(472), Some(0)).unwrap();
    }
    let run = |name: &str, more: &str| {
        world.host(&format!(
            "docker run --detach --name {name} --read-only --cap-drop ALL \
             --security-opt no-new-privileges {more} --volume state:/var/lib/grafana \
             --volume {}:/run/secrets/grafana:ro --publish 127.0.0.1:3000:3000 \
             --env GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/grafana/admin-password {IMAGE}",
            secrets.display()
        ))
    };
    let org = |password: &str| {
        let begin = Instant::now();
        while world.http_get(Place::Host, "http://127.0.0.1:3000/api/health").status != 200 {
            assert!(begin.elapsed() < Duration::from_secs(30), "it does not answer");
            sleep(Duration::from_millis(100));
        }
        world
            .http_get(Place::Host, &format!("http://admin:{password}@127.0.0.1:3000/api/org"))
            .status
    };
    run("first", "--tmpfs /tmp").ok();
    assert_eq!(org("first"), 200);

    // Whoever knows the volume has the list of requests, and faults.
    let admin = Credentials::Password { user: "admin".into(), password: "first".into() };
    let server = StandIn::of_container(&world, "state", "http://127.0.0.1:3000", admin);
    server.reset();
    server.post("/api/folders", &json!({"uid": "f", "title": "Claude Code"})).ok();
    server.fail(Fault::status(503));
    assert_eq!(server.get("/api/folders/f").status, 503);
    assert_eq!(server.requests().len(), 2);
    world.host("docker rm --force first").ok();

    // The password belongs to the volume, not to the container.
    fs::write(&password, "second\n").unwrap();
    run("second", "--tmpfs /tmp").ok();
    assert_eq!((org("first"), org("second")), (200, 401));
    assert_eq!(server.get("/api/folders/f").ok()["title"], "Claude Code");
    world.host("docker rm --force second").ok();

    for version in ["10.4.19", "11.6.4", "13.0.0"] {
        world.host(&format!("docker pull --quiet grafana/grafana:{version}")).ok();
        let environment = world.host(&format!("docker inspect grafana/grafana:{version}")).ok();
        assert!(environment.contains(&format!("STAND_IN_API_VERSION={version}")));
    }

    run("no-scratch", "").ok();
    assert_eq!(world.host("docker wait no-scratch").ok(), "1");
}
