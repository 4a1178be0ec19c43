//! Servers with Grafana's HTTP API for tests: the stand-in of `tests/grafana`, or a real one.
//!
//! [`StandIn`] is a process of its own with what no real server has: a list of the requests it
//! got, wrong answers on order, and marks. A test that can do without takes [`AnyServer`], and
//! then runs on the server of `OTELCTL_TEST_GRAFANA_URL` where that is set. Both are a
//! [`Server`], through which a test acts as a person does. The stand-in is not Grafana: see its
//! README.

mod any;
mod fault;
mod server;
mod tests;

use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::world::{Place, Running, World};
pub use any::{AnyServer, holdings};
pub use fault::Fault;
pub use server::{Credentials, Server};
use server::{PATIENCE, Via};

/// The versions whose published behaviour it follows.
pub const RELEASES: [&str; 4] = ["10", "11", "12", "13"];

/// The password of the user `admin`.
pub const PASSWORD: &str = "a-persons-own-password";

/// Tokens of service accounts with the roles Admin, Editor and Viewer.
pub const TOKENS: [(&str, &str); 3] = [
    ("Admin", "glsa_otelctl_admin"),
    ("Editor", "glsa_otelctl_editor"),
    ("Viewer", "glsa_otelctl_viewer"),
];

/// A running stand-in; dropping it ends its process and removes its state.
pub struct StandIn<'w> {
    // Dropped in this order: the process, the folder it writes to.
    process: Option<Running>,
    folder: TempDir,
    arguments: Vec<String>,
    server: Server<'w>,
    control: Server<'w>,
}

/// A request that the stand-in got.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query.
    pub query: String,
    /// The status; 0 where no answer was sent.
    pub status: u16,
    /// The login; empty where nobody was authenticated.
    #[serde(rename = "as")]
    pub login: String,
    /// The kind of the fault that answered; empty where none did.
    pub fault: String,
    /// Whether it is one that changes something.
    pub write: bool,
}

impl StandIn<'static> {
    /// Starts one on the loopback of this machine, on free ports.
    pub fn here(release: &str) -> Self {
        Self::run(Via::Here, &["--api-version", release])
    }

    /// Starts one here that encrypts, below a path; [`StandIn::authority`] signed its certificate.
    pub fn here_encrypted(release: &str, path: &str) -> Self {
        Self::run(Via::Here, &["--api-version", release, "--tls", "--path", path])
    }
}

impl<'w> StandIn<'w> {
    /// Starts one on the loopback of `place`, on free ports.
    pub fn start(world: &'w World, place: Place, release: &str) -> Self {
        Self::run(Via::World(world, place), &["--api-version", release])
    }

    /// The one that a container of the world's engine runs on a volume, answering at a URL of
    /// the host. It ends with the container, and has no tokens but those that a person makes.
    pub fn of_container(world: &'w World, volume: &str, url: &str, admin: Credentials) -> Self {
        let inspect = format!("docker volume inspect --format '{{{{.Mountpoint}}}}' {volume}");
        let socket = format!("{}/control.sock", world.host(&inspect).ok());
        let at = |url: &str, credentials, curl| Server {
            url: url.into(),
            credentials,
            via: Via::World(world, Place::Host),
            patience: PATIENCE,
            curl,
        };
        Self {
            process: None,
            folder: tempfile::tempdir().expect("make a folder"),
            arguments: Vec::new(),
            server: at(url, admin, Vec::new()),
            control: at("http://stand-in", Credentials::None, vec!["--unix-socket".into(), socket]),
        }
    }

    fn run(via: Via<'w>, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("make a folder");
        let admin = Credentials::Password { user: "admin".into(), password: PASSWORD.into() };
        let at = |scheme: &str, credentials, curl| Server {
            url: format!("{scheme}://127.0.0.1:0"),
            credentials,
            via,
            patience: PATIENCE,
            curl,
        };
        let authority = folder.path().join("ca.pem").display().to_string();
        let (scheme, curl) = if arguments.contains(&"--tls") {
            ("https", vec!["--cacert".into(), authority])
        } else {
            ("http", Vec::new())
        };
        let mut stand_in = Self {
            process: None,
            folder,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            server: at(scheme, admin, curl),
            control: at("http", Credentials::None, Vec::new()),
        };
        stand_in.restart();
        stand_in
    }

    /// Ends the process and starts it again on the same addresses and state: tokens, dashboards
    /// and the rest are there again, the list of requests is empty.
    ///
    /// # Panics
    /// When a container runs it.
    pub fn restart(&mut self) {
        assert!(!self.arguments.is_empty(), "a container runs it: restart that");
        self.process = None;
        let mut command = self.server.via.command();
        command.arg(program()).arg("--data").arg(self.folder.path()).args(&self.arguments);
        command.args(["--admin-password", PASSWORD]);
        command.args(["--listen", self.server.address(), "--control", self.control.address()]);
        for (role, token) in TOKENS {
            command.arg("--token").arg(format!("{}={role}:{token}", role.to_lowercase()));
        }
        let mut process = Running::start(command.stdout(Stdio::piped()));
        for line in process.lines() {
            match line.rsplit_once(' ') {
                Some(("control on", address)) => self.control.url = format!("http://{address}"),
                Some(("listening on", address)) => {
                    let (scheme, _) = self.server.url.split_once("://").expect("a URL");
                    self.server.url = format!("{scheme}://{address}{}", self.path());
                    self.process = Some(process);
                    return;
                }
                _ => {}
            }
        }
        panic!("the stand-in does not start: its error is above");
    }

    /// The path that everything is below.
    fn path(&self) -> &str {
        let mut arguments = self.arguments.iter().skip_while(|argument| *argument != "--path");
        arguments.nth(1).map_or("", String::as_str)
    }

    /// The certificate of the authority that signed its own, where it encrypts.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Ends the process: nobody listens any more. [`StandIn::restart`] brings it back.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// The token of the service account with a role of [`TOKENS`].
    #[expect(clippy::unused_self, reason = "a real server's tokens are its own")]
    pub fn token(&self, role: &str) -> &'static str {
        TOKENS.into_iter().find(|(name, _)| *name == role).expect("a role of TOKENS").1
    }

    /// The requests since the last [`StandIn::reset`], in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        serde_json::from_value(self.control.get("/requests").ok()).expect("a list of requests")
    }

    /// The requests that change something.
    pub fn writes(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.write).collect()
    }

    /// Empties the list of requests and forgets the faults that were not used up.
    pub fn reset(&self) {
        self.control.delete("/requests").ok();
        self.control.delete("/faults").ok();
    }

    /// Orders a fault for the next requests that match.
    pub fn fail(&self, fault: Fault) {
        self.control.post("/faults", &fault.into_json()).ok();
    }

    /// How many ordered faults were not used up.
    pub fn faults_left(&self) -> usize {
        self.control.get("/faults").ok().as_array().expect("a list of faults").len()
    }

    /// Makes a dashboard one that a file on the server provisions.
    pub fn provision_dashboard(&self, uid: &str, file: &str) {
        let mark = json!({"dashboard": uid, "provisioned": true, "externalId": file});
        self.control.post("/marks", &mark).ok();
    }

    /// Makes a dashboard one that belongs to a plugin.
    pub fn give_dashboard_to_plugin(&self, uid: &str, plugin: &str) {
        self.control.post("/marks", &json!({"dashboard": uid, "plugin": plugin})).ok();
    }

    /// Makes a dashboard one that somebody saved in the new schema, on pages of 12 or 13:
    /// `/api` answers 406 for it until it is saved there.
    pub fn save_in_new_schema(&self, uid: &str) {
        self.control.post("/marks", &json!({"dashboard": uid, "newSchema": true})).ok();
    }

    /// Makes a data source one that a file on the server provisions.
    pub fn provision_data_source(&self, uid: &str) {
        self.control.post("/marks", &json!({"dataSource": uid, "readOnly": true})).ok();
    }

    /// Puts so many alert rules and library panels into a folder.
    pub fn fill_folder(&self, uid: &str, alert_rules: u32, library_panels: u32) {
        let mark =
            json!({"folder": uid, "alertRules": alert_rules, "libraryPanels": library_panels});
        self.control.post("/marks", &mark).ok();
    }

    /// Lets every read raise dashboards to a schema version.
    pub fn raise_schema_version(&self, to: u32) {
        self.control.post("/settings", &json!({ "schemaVersion": to })).ok();
    }

    /// The folder of its state.
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("stand-in.json")
    }
}

impl<'w> Deref for StandIn<'w> {
    type Target = Server<'w>;

    fn deref(&self) -> &Server<'w> {
        &self.server
    }
}

/// The stand-in of this source, built where it is not yet.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/build-stand-in");
        let output =
            Command::new(script).stderr(Stdio::inherit()).output().expect("run the script");
        assert!(output.status.success(), "scripts/build-stand-in fails: its error is above");
        let folder = String::from_utf8(output.stdout).expect("a path");
        PathBuf::from(folder.trim()).join("stand-in")
    })
}

/// An object of an answer, for a test that looks at one field.
#[track_caller]
pub fn field<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}
