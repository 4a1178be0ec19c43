//! An administrator who applies a profile to a Grafana, and nothing else of the stack.

use otelctl::diagnostic::{Diagnostic, Kind};
use otelctl::plan::{Change, Plan};
use otelctl::profile::Profile;
use otelctl::provider::grafana::{
    Connection, Decision, Desired, Operation, Reader, Writer, annotation, diff,
};
use otelctl::provider::{Execute as _, Observe as _};
use otelctl::render::render;
use otelctl::stack::{Grafana, Stack};
use tokio::runtime::Runtime;

use crate::live::applied::DOCUMENT;
use crate::live::stand_in::{AnyServer, Credentials, Server};

/// Somebody with a profile of their own and a connection of their own.
pub struct Administrator {
    grafana: Grafana,
    pub desired: Desired,
    nothing: Desired,
    runtime: Runtime,
}

impl Administrator {
    /// Reads the document with an external Grafana at `server`, and `more` below it.
    pub fn new(server: &Server<'_>, more: &str) -> Self {
        Self::at(&server.url, &server.credentials, more)
    }

    /// The same for the stack that a test has to itself on a server which may be real.
    pub fn on(server: &AnyServer, more: &str) -> Self {
        Self::new(server, &server.profile(more))
    }

    /// The same for an address of one's own.
    pub fn at(url: &str, credentials: &Credentials, more: &str) -> Self {
        let access = match credentials {
            Credentials::None => panic!("otelctl needs credentials"),
            Credentials::Token(token) => format!("otelctl::grafana::token: {token:?}"),
            Credentials::Password { user, password } => format!(
                "otelctl::grafana::username: {user:?}\notelctl::grafana::password: {password:?}"
            ),
        };
        // A key that is given again takes the place of the document's.
        let key = |line: &str| line.rsplit_once(": ").map(|(key, _)| format!("{key}:"));
        let document: String = DOCUMENT
            .lines()
            .filter(|line| !key(line).is_some_and(|key| key.len() > 20 && more.contains(&key)))
            .flat_map(|line| [line, "\n"])
            .collect();
        let profile = format!(
            "{document}\notelctl::grafana::mode: external\notelctl::grafana::url: {url:?}\n{access}\n{more}\n"
        );
        let profile = Profile::read(&profile, "profile.yaml").expect("a valid profile");
        let stack = Stack::build(&profile, &[]).expect("a valid stack");
        let artifacts = render(&stack).expect("renders");
        let grafana = stack.grafana.clone().expect("a Grafana");
        let desired = Desired::read(&stack, &grafana, &artifacts, &[]);
        let nothing = Desired::nothing(&stack, &grafana).expect("an external Grafana");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            grafana,
            desired: desired.expect("artifacts that read back"),
            nothing,
            runtime: runtime.expect("a runtime"),
        }
    }

    fn connection(&self) -> Connection {
        Connection::new(self.grafana.clone(), |_| None)
    }

    /// Looks and compares; writes nothing.
    pub fn plan(&self) -> Result<Plan<Operation>, Vec<Diagnostic>> {
        self.plan_for(&self.desired)
    }

    /// What `destroy` would do.
    pub fn plan_nothing(&self) -> Result<Plan<Operation>, Vec<Diagnostic>> {
        self.plan_for(&self.nothing)
    }

    fn plan_for(&self, desired: &Desired) -> Result<Plan<Operation>, Vec<Diagnostic>> {
        let reader = Reader::new(Some(self.connection()));
        let observed = self.runtime.block_on(reader.observe(desired)).map_err(|e| vec![e])?;
        let Decision { mut changes, notes, afterwards } = diff(desired, &observed)?;
        changes.extend(annotation(desired, changes.len()));
        Ok(Plan::new("otel".into(), changes, notes).afterwards(afterwards))
    }

    /// Runs a plan; the first change that fails ends it.
    pub fn run(&self, plan: Plan<Operation>) -> Result<usize, Diagnostic> {
        let writer = Writer::new(Some(self.connection()));
        let approved = plan.approve(otelctl::plan::Limits::default())?;
        for Change { operation, .. } in approved.changes() {
            self.runtime.block_on(writer.execute(operation, &|_| ()))?;
        }
        Ok(approved.changes().len())
    }

    /// Plans and runs the plan.
    pub fn apply(&self) -> Result<usize, Diagnostic> {
        let plan = self.plan().map_err(|mut errors| errors.remove(0))?;
        self.run(plan)
    }

    /// Applies, and sees that nothing is left to do.
    #[track_caller]
    pub fn converge(&self) {
        self.apply().expect("a healthy apply");
        assert_eq!(addresses(&self.plan().expect("a plan")), Vec::<String>::new());
    }

    /// Removes everything of ours.
    #[track_caller]
    pub fn destroy(&self) {
        self.run(self.plan_nothing().expect("a plan")).expect("a healthy destroy");
    }
}

/// `create grafana/folder/otelctl-otel`, one line a change.
pub fn addresses(plan: &Plan<Operation>) -> Vec<String> {
    let line = |change: &Change<Operation>| {
        format!("{:?} {}", change.action, change.address).to_lowercase()
    };
    plan.changes().iter().map(line).collect()
}

/// The names of the fields of one change.
pub fn fields(plan: &Plan<Operation>, address: &str) -> Vec<String> {
    let change = plan.changes().iter().find(|change| change.address == address);
    let change = change.unwrap_or_else(|| panic!("no {address} in {:?}", addresses(plan)));
    change.fields.iter().map(|field| field.field.clone()).collect()
}

/// An error of this kind, with a cause and a hint.
#[track_caller]
pub fn fails<T: std::fmt::Debug>(result: Result<T, Diagnostic>, kind: Kind) -> Diagnostic {
    let error = result.expect_err("must fail");
    assert_eq!(error.kind, kind, "{error:#?}");
    assert!(error.hint.is_some(), "{error:#?}");
    error
}
