//! What every provider should bring about, read from the rendered artifacts.

use super::docker::{PreviousFile, ReadOnce};
use super::{
    Observed, Operation, Scraper, docker, files, firewall, grafana, prometheus, secrets, service,
};
use crate::artifact::compose::ComposeFile;
use crate::artifact::prometheus::{Interval, PrometheusConfig, RuleFile};
use crate::artifact::ruleset::Ruleset;
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Diagnostic, Failure};
use crate::plan::Change;
use crate::secret::Environment;
use crate::stack::Stack;
use crate::system::host;
use std::path::Path;

/// The desired state of all systems.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The stack's name.
    pub stack: String,
    /// Files.
    pub files: files::Desired,
    /// Secret files.
    pub secrets: secrets::Desired,
    /// Docker objects.
    pub docker: docker::Desired,
    /// The nft table; one that an earlier profile asked for goes.
    pub firewall: firewall::Desired,
    /// Whether the firewall is otelctl's; if not, a host without nftables is as good.
    pub firewall_managed: bool,
    /// What the managed Prometheus has loaded; none when there is none.
    pub prometheus: Option<prometheus::Desired>,
    /// The units of systemd.
    pub service: service::Desired,
    /// What Grafana holds; none when there is none.
    pub grafana: Option<grafana::Desired>,
    /// What the user's own Prometheus has of the stack; none: otelctl leaves it alone.
    pub external_prometheus: Option<prometheus::external::Desired>,
    /// Who scrapes the collector; none: nobody that otelctl knows.
    pub scraper: Option<Scraper>,
    /// The collector's container.
    pub collector: String,
    /// What the user should know.
    pub notes: Vec<Diagnostic>,
}

/// What all systems need, and what the user should know of it.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The changes, in no order.
    pub changes: Vec<Change<Operation>>,
    /// What the plan says beside them.
    pub notes: Vec<Diagnostic>,
    /// What is said when they are made.
    pub afterwards: Vec<Diagnostic>,
}

impl Wanted {
    /// Reads what the stack's artifacts ask for.
    ///
    /// # Errors
    /// Says which artifact cannot be read back, which secret cannot be found.
    pub fn stack(
        stack: &Stack,
        artifacts: &[Artifact],
        adopt: &[String],
        environment: Environment<'_>,
    ) -> Result<Self, Failure> {
        let mut wanted = Self::nothing(stack, false);
        wanted.notes.clone_from(&stack.notes);
        wanted.files.artifacts = artifacts.to_vec();
        wanted.files.adopt = adopt.to_vec();
        wanted.secrets.files = secrets::files(&stack.secrets, environment)?;
        let text = |path: &str| {
            let found = artifacts.iter().find(|artifact| artifact.path == path);
            found.map(|artifact| String::from_utf8_lossy(&artifact.bytes))
        };
        if let Some(compose) = text(path::COMPOSE) {
            wanted.docker.compose = Some(ComposeFile::parse(&compose).map_err(Failure::of)?);
        }
        if let Some(rules) = text(path::FIREWALL) {
            wanted.firewall.ruleset = Some(Ruleset::parse(&rules, path::FIREWALL)?);
        }
        wanted.service = service::Desired::of(stack, artifacts, adopt);
        let loaded = (&stack.prometheus, text(path::PROMETHEUS), text(path::RULES));
        if let (Some(prometheus), Some(config), Some(rules)) = loaded {
            wanted.prometheus = Some(prometheus::Desired {
                url: prometheus.url.clone(),
                container: prometheus.container.clone(),
                job: stack.scrape.job.clone(),
                config: PrometheusConfig::parse(&config)?,
                rules: RuleFile::parse(&rules)?,
                retention: Interval::parse(&prometheus.retention.value),
            });
        }
        if let Some(grafana) = &stack.grafana {
            wanted.grafana = Some(grafana::Desired::read(stack, grafana, artifacts, adopt)?);
        }
        wanted.scraper = Scraper::of(stack, environment);
        wanted.external_prometheus = prometheus::external::Desired::of(stack, environment)?;
        let entries = (&mut wanted.external_prometheus, text(path::SCRAPE), text(path::RULES));
        if let (Some(external), Some(scrape), Some(rules)) = entries {
            let job = PrometheusConfig::parse_snippet(&scrape)?.scrape_configs.into_iter().next();
            let rules = RuleFile::parse(&rules)?;
            external.entries = job.map(|job| prometheus::external::Entries { job, rules });
        }
        Ok(wanted)
    }

    /// Asks for nothing of the stack to be left, in the user's own Prometheus neither.
    ///
    /// # Errors
    /// Says which secret cannot be found.
    pub fn removal(
        stack: &Stack,
        remove_volumes: bool,
        environment: Environment<'_>,
    ) -> Result<Self, Failure> {
        let external_prometheus = prometheus::external::Desired::of(stack, environment)?;
        // Where a managed one goes with all it has, there is nothing to save.
        let keeps = stack.prometheus.is_none() || !remove_volumes;
        let scraper = Scraper::of(stack, environment).filter(|_| keeps);
        Ok(Self { external_prometheus, scraper, ..Self::nothing(stack, remove_volumes) })
    }

    /// Asks for nothing of the stack to be left on this host.
    fn nothing(stack: &Stack, remove_volumes: bool) -> Self {
        let directory = stack.directory.value.clone();
        let user = host::user_id();
        Self {
            stack: stack.name.value.clone(),
            files: files::Desired {
                stack: stack.name.value.clone(),
                directory: directory.clone().into(),
                artifacts: Vec::new(),
                known: path::ALL.iter().map(|path| (*path).to_owned()).collect(),
                owner: (user == 0).then_some(user),
                adopt: Vec::new(),
            },
            secrets: secrets::Desired {
                directory: directory.clone().into(),
                files: Vec::new(),
                remove_generated: remove_volumes,
            },
            docker: docker::Desired {
                stack: stack.name.value.clone(),
                project: stack.name.value.clone(),
                directory,
                compose: None,
                previous: Vec::new(),
                read_once: Vec::new(),
                scraped: None,
                remove_volumes,
            },
            firewall: firewall::Desired { table: stack.firewall.table.clone(), ruleset: None },
            firewall_managed: stack.firewall.managed,
            prometheus: None,
            service: service::Desired::of(stack, &[], &[]),
            grafana: stack.grafana.as_ref().and_then(|g| grafana::Desired::nothing(stack, g)),
            external_prometheus: None,
            scraper: None,
            collector: stack.collector.container.clone(),
            notes: Vec::new(),
        }
    }

    /// Compares all systems with what was observed; makes no call.
    ///
    /// # Errors
    /// Everything that stands in the way, of all systems.
    pub fn diff(&self, observed: &Observed) -> Result<Decision, Failure> {
        let mut changes = Vec::new();
        let (mut notes, mut afterwards) = (self.notes(observed), Vec::new());
        let mut refused = Vec::new();
        match files::diff(&self.files, &observed.files) {
            Ok(found) => changes.extend(found.into_iter().map(|c| c.map(Operation::File))),
            Err(errors) => refused.extend(errors),
        }
        // The secrets in another stack's folder are that stack's.
        if files::stack_of_another(&self.files, &observed.files).is_none() {
            let found = secrets::diff(&self.secrets, &observed.secrets);
            changes.extend(found.into_iter().map(|c| c.map(Operation::Secret)));
        }
        let previous = previous_files(&changes, &self.files, &observed.files);
        let read_once = read_once(&changes, &self.secrets, &observed.secrets);
        let scraped = self.scraped(observed);
        let docker = docker::Desired { previous, read_once, scraped, ..self.docker.clone() };
        match docker::diff(&docker, &observed.docker) {
            Ok(found) => changes.extend(found.into_iter().map(|c| c.map(Operation::Docker))),
            Err(errors) => refused.extend(errors),
        }
        afterwards.extend(docker::remains(&docker, &observed.docker));
        if let Some(observed) = &observed.firewall {
            let found = firewall::diff(&self.firewall, observed);
            changes.extend(found.into_iter().map(|c| c.map(Operation::Firewall)));
        }
        if let (Some(desired), Some(observed)) = (&self.prometheus, &observed.prometheus) {
            let found = prometheus::diff(desired, observed);
            changes.extend(found.into_iter().map(|c| c.map(Operation::Prometheus)));
        }
        match service::diff(&self.service, &observed.service) {
            Ok(found) => changes.extend(found.into_iter().map(|c| c.map(Operation::Service))),
            Err(errors) => refused.extend(errors),
        }
        let external = (&self.external_prometheus, &observed.external_prometheus);
        if let (Some(desired), Some(observed)) = external {
            match prometheus::external::diff(desired, observed) {
                Ok(found) => {
                    changes.extend(found.into_iter().map(|c| c.map(Operation::ExternalPrometheus)));
                }
                Err(errors) => refused.extend(errors),
            }
        }
        if let (Some(desired), Some(observed)) = (&self.grafana, &observed.grafana) {
            match grafana::diff(desired, observed) {
                Ok(grafana::Decision { changes: found, notes: more, afterwards: told }) => {
                    changes.extend(found.into_iter().map(|c| c.map(Operation::Grafana)));
                    notes.extend(more);
                    afterwards.extend(told);
                }
                Err(errors) => refused.extend(errors),
            }
            // The last to be counted: it tells how much changes.
            let mark = grafana::annotation(desired, changes.len());
            changes.extend(mark.map(|c| c.map(Operation::Grafana)));
        }
        Failure::check(refused)?;
        changes.extend(super::trials::trials(self, &docker, observed, &changes));
        Ok(Decision { changes, notes, afterwards })
    }

    /// Who scrapes the collector at present.
    fn scraped(&self, observed: &Observed) -> Option<docker::Scraped> {
        let scraper = self.scraper.clone()?;
        let by = observed.scrape.clone()?.map(|()| scraper);
        Some(docker::Scraped { container: self.collector.clone(), by })
    }

    /// What the user should know, after a look at the host.
    fn notes(&self, observed: &Observed) -> Vec<Diagnostic> {
        let mut notes = self.notes.clone();
        notes.extend(service::remarks(&self.service, &observed.service));
        let external = (&self.external_prometheus, &observed.external_prometheus);
        if let (Some(desired), Some(observed)) = external {
            notes.extend(prometheus::external::notes(desired, observed));
        }
        notes
    }
}

/// The files of ours that the changes write over, as they are now.
fn previous_files(
    changes: &[Change<Operation>],
    desired: &files::Desired,
    observed: &files::Observed,
) -> Vec<PreviousFile> {
    let written = changes.iter().filter_map(|change| match &change.operation {
        Operation::File(files::Operation::Write { path, .. }) => Some(path),
        _ => None,
    });
    written
        .filter_map(|path| {
            let relative = path.strip_prefix(&desired.directory).ok()?;
            let found = observed.files.get(relative.to_str()?)?;
            let (bytes, mode) = (found.bytes.clone(), found.mode);
            Some(PreviousFile { path: path.clone(), bytes, mode })
        })
        .collect()
}

/// The secrets that the profile gives, with the moment each was written at.
fn read_once(
    changes: &[Change<Operation>],
    desired: &secrets::Desired,
    observed: &secrets::Observed,
) -> Vec<ReadOnce> {
    let is_written = |at: &Path| {
        changes.iter().any(|change| match &change.operation {
            Operation::Secret(secrets::Operation::Write { path, .. }) => path == at,
            _ => false,
        })
    };
    // A generated secret never changes.
    let given = desired.files.iter().filter(|file| file.content.is_some());
    let read_once = |file: &secrets::File| {
        let path = desired.directory.join(&file.path);
        let found = observed.found.get(&file.path).and_then(|found| found.modified);
        let written = if is_written(&path) { None } else { Some(found?) };
        Some(ReadOnce { path, written })
    };
    given.filter_map(read_once).collect()
}
