//! The managed Grafana: its container, its password, its volume, all by the commands of otelctl.

use std::fs;
use std::os::unix::fs::MetadataExt;

use serde_json::{Value, json};

use crate::live::applied::Applied;
use crate::live::world::{Output, Response};

const PASSWORD: &str = "secrets/grafana/admin-password";
const URL: &str = "http://127.0.0.1:3000";

struct Managed {
    stack: Applied,
    said: String,
}

impl Managed {
    fn prepare() -> Self {
        let stack = Applied::prepare("grafana-managed", "0.91.0");
        stack.write_profile("0.91.0", "otelctl::grafana::mode: managed\n");
        Self { stack, said: String::new() }
    }

    /// Runs otelctl, and keeps what it said.
    fn otelctl(&mut self, arguments: &[&str]) -> Output {
        let output = self.stack.otelctl(arguments);
        self.said.push_str(&output.stdout);
        self.said.push_str(&output.stderr);
        output
    }

    #[track_caller]
    fn converge(&mut self) {
        self.otelctl(&["apply"]).ok();
        let plan = self.otelctl(&["plan"]).ok();
        assert!(plan.contains("no changes"), "{plan}");
    }

    fn password(&self) -> String {
        fs::read_to_string(self.stack.directory().join(PASSWORD)).expect("a password").trim().into()
    }

    /// Asks as the person who read the password's file.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let mut curl = self.stack.world.command(crate::live::world::Place::Host);
        curl.args(["curl", "--silent", "--request", method, "--write-out", "\n%{http_code}"]);
        curl.arg("--user").arg(format!("admin:{}", self.password()));
        if let Some(body) = body {
            curl.args(["--header", "Content-Type: application/json", "--data-binary"]);
            curl.arg(body.to_string());
        }
        let response = Response::of(curl.arg(format!("{URL}{path}")));
        assert_eq!(response.status, 200, "{method} {path}: {}", response.body);
        serde_json::from_str(&response.body).expect("JSON")
    }
}

#[test]
fn one_profile_gives_a_grafana_with_everything_in_it() {
    let mut managed = Managed::prepare();
    let plan = managed.otelctl(&["plan"]).ok();
    assert!(plan.contains("grafana/dashboard/otelctl-otel-overview"), "{plan}");
    let first = managed.otelctl(&["apply"]);
    let file = managed.stack.directory().join(PASSWORD);
    for part in [URL, "`admin`", &file.display().to_string()] {
        assert!(first.stderr.contains(part), "{part}: {}{}", first.stdout, first.stderr);
    }
    let plan = managed.otelctl(&["plan"]).ok();
    assert!(plan.contains("no changes"), "{plan}");
    let again = managed.otelctl(&["apply"]);
    assert!(!again.stderr.contains(URL), "{}", again.stderr);
    again.ok();

    let found = fs::metadata(&file).expect("a file");
    assert_eq!((found.mode() & 0o7777, found.uid()), (0o400, 472));
    let password = managed.password();
    let inspected = managed.stack.world.host("docker inspect otel-grafana otel-collector").ok();
    assert!(!inspected.contains(&password), "the password is in `docker inspect`");
    let found = managed.stack.world.host(&format!(
        "grep -rl --exclude-dir=secrets -e '{password}' '{}' || true",
        managed.stack.directory().display()
    ));
    assert_eq!(found.ok(), "");

    let verified = managed.otelctl(&["verify"]);
    assert!(verified.stdout.contains("grafana"), "{}", verified.stdout);
    verified.ok();

    // A person edits a dashboard.
    let path = "/api/dashboards/uid/otelctl-otel-costs";
    let mut dashboard = managed.ask("GET", path, None)["dashboard"].clone();
    dashboard["title"] = json!("My own costs");
    let edited = json!({"dashboard": dashboard, "folderUid": "otelctl-otel"});
    managed.ask("POST", "/api/dashboards/db", Some(&edited));
    let plan = managed.otelctl(&["plan"]).ok();
    assert!(plan.contains("title: My own costs -> "), "{plan}");
    assert_eq!(plan.matches(" -> ").count(), 1, "{plan}");
    managed.converge();

    // The container goes and comes back with its volume: what is in it is found again.
    managed.stack.world.host("docker rm --force otel-grafana").ok();
    managed.converge();
    assert_eq!(managed.ask("GET", path, None)["dashboard"]["version"], 3);

    let said = managed.said.clone();
    assert!(!said.contains(&password), "the password was told");

    volume_and_password_live_together(&mut managed, &password);
}

fn volume_and_password_live_together(managed: &mut Managed, password: &str) {
    managed.otelctl(&["destroy"]).ok();
    assert_eq!(managed.password(), password);
    managed.converge();
    assert_eq!(managed.password(), password);

    // Another password than the volume's opens nothing, and the cure is told.
    let file = managed.stack.directory().join(PASSWORD);
    fs::write(&file, "not-the-volumes-own").expect("write");
    let refused = managed.otelctl(&["plan"]);
    assert_eq!(refused.status, 77, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("reset-admin-password"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("not-the-volumes-own"), "{}", refused.stderr);
    fs::write(&file, password).expect("write");
    managed.converge();

    managed.otelctl(&["destroy", "--volumes"]).ok();
    assert!(!managed.stack.directory().exists());
    assert_eq!(managed.stack.world.host("docker volume ls --quiet").ok(), "");
    assert!(!managed.said.contains(password), "the password was told");
}
