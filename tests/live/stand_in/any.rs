//! A server that may be a real one, which other people use too, and a corner of it for one test.
//!
//! Every value has a stack's name that nobody else has. A test gives the objects that it makes
//! names of [`AnyServer::own`], and all of them go with the value, also when the test fails. A
//! stand-in is looked through afterwards: what is left there, a test would leave on a real server.

use std::collections::BTreeSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};
use std::thread;

use serde_json::Value;

use super::{Credentials, RELEASES, Server, StandIn};

/// A real server where one is given, and a stand-in otherwise: for tests that order no faults.
pub struct AnyServer {
    origin: Origin,
    stack: String,
    /// Every name that was given to an object.
    own: Mutex<BTreeSet<String>>,
}

enum Origin {
    Real(Server<'static>),
    StandIn(StandIn<'static>),
}

impl AnyServer {
    /// Takes the real server, or starts a stand-in of a release.
    pub fn start(release: &str) -> Self {
        match Server::given().into_iter().next() {
            Some(server) => Self::on(server),
            None => Self::of(Origin::StandIn(StandIn::here(release))),
        }
    }

    /// The real server once, or a stand-in of every release, one after the other; each with the
    /// name that a failure tells.
    pub fn each() -> impl Iterator<Item = (&'static str, Self)> {
        let real = !Server::given().is_empty();
        let releases = if real { &["a real one"][..] } else { &RELEASES[..] };
        releases.iter().map(|release| (*release, Self::start(release)))
    }

    /// A corner of a server that runs anyway.
    pub fn on(server: Server<'static>) -> Self {
        Self::of(Origin::Real(server))
    }

    fn of(origin: Origin) -> Self {
        // Eleven characters are what a stack's name may have.
        let random = RandomState::new().hash_one(0) & 0x0fff_ffff;
        Self { origin, stack: format!("test{random:07x}"), own: Mutex::default() }
    }

    /// The stand-in, where it is one.
    pub fn stand_in(&self) -> Option<&StandIn<'static>> {
        match &self.origin {
            Origin::Real(_) => None,
            Origin::StandIn(stand_in) => Some(stand_in),
        }
    }

    /// The same server with every key to it: the token, the login with its password.
    pub fn keys(&self) -> Vec<Server<'static>> {
        match &self.origin {
            Origin::Real(_) => Server::given(),
            Origin::StandIn(stand_in) => {
                let token = Credentials::Token(stand_in.token("Admin").into());
                vec![stand_in.with(token), stand_in.with(stand_in.credentials.clone())]
            }
        }
    }

    /// The name of the stack.
    pub fn stack(&self) -> &str {
        &self.stack
    }

    /// The uid of the stack's folder and data source.
    pub fn uid(&self) -> String {
        format!("otelctl-{}", self.stack)
    }

    /// A uid, name or title that no other test has; the stack's dashboards have such uids too.
    pub fn own(&self, name: &str) -> String {
        let name = format!("{}-{name}", self.uid());
        self.own.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        name
    }

    /// The keys of a profile that make what the profile makes this value's own; a key that
    /// `more` gives again takes their place.
    pub fn profile(&self, more: &str) -> String {
        let keys = [
            ("otelctl::stack", self.stack().to_owned()),
            ("otelctl::grafana::folder", self.own("folder")),
            ("profile::otel_collector::grafana_datasource_name", self.own("source")),
        ];
        let keys = keys.iter().filter(|(key, _)| !more.contains(&format!("{key}: ")));
        let lines = keys.map(|(key, name)| format!("{key}: {name}"));
        lines.chain([more.to_owned()]).collect::<Vec<_>>().join("\n")
    }

    /// Removes everything that has a name of ours, and tells what could not be removed.
    fn clean(&self) -> Vec<String> {
        let mut names = BTreeSet::from([
            self.uid(),
            self.own("overview"),
            self.own("costs"),
            self.own("session"),
        ]);
        names.extend(self.own.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned());
        let of = |kind| names.iter().map(move |name| format!("/api/{kind}/{name}"));
        let mut paths: Vec<String> =
            ["dashboards/uid", "folders", "datasources/uid"].into_iter().flat_map(of).collect();
        let marks = self.get(&format!("/api/annotations?limit=1000&tags=otelctl:{}", self.stack));
        let marks = marks.body.as_array().cloned().unwrap_or_default();
        paths.extend(marks.iter().map(|mark| format!("/api/annotations/{}", mark["id"])));
        let stays = |path: &String| {
            let status = self.delete(path).status;
            (status != 200 && status != 404).then(|| format!("{status} to DELETE {path}"))
        };
        paths.iter().filter_map(stays).collect()
    }
}

impl Deref for AnyServer {
    type Target = Server<'static>;

    fn deref(&self) -> &Server<'static> {
        match &self.origin {
            Origin::Real(server) => server,
            Origin::StandIn(stand_in) => stand_in,
        }
    }
}

impl Drop for AnyServer {
    fn drop(&mut self) {
        let mut left = self.clean();
        // A test that has failed has said why; a second panic would end the other tests too.
        if thread::panicking() {
            for left in left {
                eprintln!("left on the server: {left}");
            }
            return;
        }
        if self.stand_in().is_some() {
            left.extend(holdings(self));
        }
        assert!(left.is_empty(), "left on the server: {left:#?}");
    }
}

/// Everything that a person may have made on a server.
pub fn holdings(server: &Server<'_>) -> Vec<String> {
    let lists = ["search?limit=5000", "datasources", "annotations?limit=1000"];
    let held = |list: &str| {
        let objects = server.get(&format!("/api/{list}")).ok();
        objects.as_array().expect("a list").iter().map(Value::to_string).collect::<Vec<_>>()
    };
    lists.map(held).concat()
}
