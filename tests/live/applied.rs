//! A world with the document's profile in it, and what its tests ask of a host.

use std::fs;
use std::path::{Path, PathBuf};

use super::world::{Output, Place, World};

pub const DOCUMENT: &str = include_str!("../../examples/document/profile.yaml");
const DIRECTORY: &str = "/opt/otel";
/// Takes the port 14317 as soon as a new collector is tried: after the plan was made, and before
/// the collector that asks for the port is started.
pub const TAKES_PORT: &str = "until docker ps --format '{{.Names}}' | grep -q otel-collector-trial; \
    do sleep 0.05; done; exec python3 -m http.server 14317";
const VERSION: &str = "0.91.0";
const INTERVAL: &str = "profile::otel_collector::prometheus_scrape_interval";

/// A host, and the user's document as its profile.
pub struct Applied {
    pub world: World,
    pub profile: PathBuf,
}

impl Applied {
    /// Makes a world and writes the profile; nothing is applied yet.
    pub fn prepare(name: &str, collector: &str) -> Self {
        let world = World::new(name);
        let profile = world.dir().join("profile.yaml");
        let prepared = Self { world, profile };
        prepared.write_profile(collector, "");
        prepared
    }

    /// Makes a world and applies the document with this collector version.
    pub fn new(name: &str, collector: &str) -> Self {
        let prepared = Self::prepare(name, collector);
        prepared.otelctl(&["apply"]).ok();
        prepared
    }

    /// Writes the document with another folder and collector version, and `more` below it;
    /// without Grafana, and scraped each second, unless `more` says otherwise: `apply`, `verify`
    /// and whatever stops a collector wait for scrapes.
    pub fn write_profile(&self, collector: &str, more: &str) {
        let quick = format!("{INTERVAL}: 1s\n");
        let quick = if more.contains(INTERVAL) { "" } else { &quick };
        self.write_document(collector, &format!("{more}{quick}"));
    }

    /// The same, scraped at the default interval.
    pub fn write_document(&self, collector: &str, more: &str) {
        assert!(DOCUMENT.contains(DIRECTORY) && DOCUMENT.contains(VERSION));
        let directory = self.directory().display().to_string();
        let text = DOCUMENT.replace(DIRECTORY, &directory).replace(VERSION, collector);
        let grafana = "otelctl::grafana::mode: none\n";
        let grafana = if more.contains("otelctl::grafana::mode") { "" } else { grafana };
        fs::write(&self.profile, format!("{text}{grafana}{more}")).expect("write the profile");
    }

    /// The stack's folder.
    pub fn directory(&self) -> PathBuf {
        self.world.dir().join("otel")
    }

    /// Runs otelctl with this profile on the host.
    pub fn otelctl(&self, arguments: &[&str]) -> Output {
        let profile = self.profile.to_str().expect("a path in UTF-8");
        self.world.otelctl(&[&["--profile", profile], arguments].concat())
    }

    /// Everything that otelctl could have changed: files, Docker objects, the ruleset.
    pub fn state(&self) -> String {
        let script = format!(
            "find '{0}' -type f -printf '%p %m %U %T@ %i\\n' 2>/dev/null | grep -v '/lock ' | sort; \
             find '{0}' ! -type f -printf '%p %m %U\\n' 2>/dev/null | sort; \
             docker ps -a --no-trunc --format '{{{{.ID}}}} {{{{.Names}}}} {{{{.Status}}}}' \
               | sed 's/Up .*/Up/' | sort; \
             docker network ls --format '{{{{.ID}}}} {{{{.Name}}}}' | sort; \
             docker volume ls --format '{{{{.Name}}}}' | sort; \
             nft list tables",
            self.directory().display()
        );
        self.world.host(&script).stdout
    }

    /// Every file of the stack with its mode and a sum, and nothing of otelctl's own folder.
    pub fn contents(&self) -> String {
        let script = format!(
            "cd '{}' && find . -path ./.otelctl -prune -o -type f -printf '%p %m %U\\n' | sort && \
             find . -path ./.otelctl -prune -o -type f -exec sha256sum {{}} + | sort",
            self.directory().display()
        );
        self.world.host(&script).ok()
    }

    /// The ids of the running containers, by name.
    pub fn containers(&self) -> String {
        self.world.host("docker ps --no-trunc --format '{{.Names}} {{.ID}}' | sort").ok()
    }

    /// The address of a container in the stack's network.
    pub fn address(&self, container: &str) -> String {
        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        self.world.host(&format!("docker inspect --format '{format}' {container}")).ok()
    }

    /// The status codes that `place` gets from a list of URLs; 0: nothing answers.
    pub fn statuses(&self, place: Place, urls: &[String]) -> Vec<u16> {
        urls.iter().map(|url| self.world.http_get(place, url).status).collect()
    }
}

/// Says that a folder is gone.
#[track_caller]
pub fn is_gone(path: &Path) {
    assert!(!path.exists(), "{} is still there", path.display());
}
