//! Which containers of the stack a command is about.

use super::arguments::{Arguments, Lifecycle};
use super::{source, terminal::Terminal};
use crate::artifact::compose::ComposeFile;
use crate::artifact::path;
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::pipeline::Target;
use crate::provider::Scraper;
use crate::provider::docker::{Reader, Runtime, State, Writer};
use crate::system::Lock;
use std::path::Path;

/// The containers that a command acts on, under the stack's lock.
pub struct Opened {
    /// What the profile asks for.
    pub target: Target,
    /// The containers.
    pub found: Vec<Runtime>,
    /// What starts and stops them.
    pub writer: Writer,
    /// Who scrapes the collector; none: nobody that otelctl knows.
    scraper: Option<Scraper>,
    /// Held until the command is done.
    _lock: Lock,
}

/// Opens the stack for `start`, `stop` or `restart`; none: it is left alone, and that is said.
///
/// # Errors
/// Another run holds the lock; as [`containers`].
pub async fn open(
    arguments: &Arguments,
    options: &Lifecycle,
    terminal: &Terminal,
    command: &str,
) -> Result<Option<Opened>, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else { return Ok(None) };
    let lock = Lock::take(Path::new(&target.stack.directory.value), command)?;
    let reader = Reader::connect(arguments.docker_host()).await?;
    let found = containers(&target, &reader, options.service.as_deref()).await?;
    let writer = Writer::connect(arguments.docker_host()).await?;
    let scraper = Scraper::of(&target.stack, &source::environment);
    Ok(Some(Opened { target, found, writer, scraper, _lock: lock }))
}

impl Opened {
    /// Whose next scrape a container should wait for before it is stopped.
    pub fn scraper_of(&self, runtime: &Runtime) -> Option<&Scraper> {
        let counts = runtime.name == self.target.stack.collector.container;
        let runs = matches!(runtime.state, State::Running | State::Unhealthy);
        self.scraper.as_ref().filter(|_| counts && runs)
    }
}

/// The services that the rendered compose file asks for.
///
/// # Errors
/// When it cannot be read back: a bug.
pub fn services(target: &Target) -> Result<Vec<String>, Failure> {
    let compose = target.artifacts.iter().find(|artifact| artifact.path == path::COMPOSE);
    let text = compose.map(|compose| String::from_utf8_lossy(&compose.bytes)).unwrap_or_default();
    let compose = ComposeFile::parse(&text).map_err(Failure::of)?;
    Ok(compose.services.into_keys().collect())
}

/// Finds the containers of the stack, or of one service of it.
///
/// # Errors
/// A service that the stack does not have; a stack or a service without a container.
pub async fn containers(
    target: &Target,
    reader: &Reader,
    service: Option<&str>,
) -> Result<Vec<Runtime>, Failure> {
    let stack = &target.stack.name.value;
    let services = services(target)?;
    if let Some(service) = service.filter(|asked| services.iter().all(|known| known != asked)) {
        let known = services.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>();
        let message = format!("stack `{stack}` has no service `{service}`");
        let error = Diagnostic::error(Kind::Usage, message).code("service::unknown");
        return Err(error.hint(format!("there are {}", known.join(", "))).into());
    }
    let mut found = reader.runtimes(stack).await?;
    found.retain(|runtime| service.is_none_or(|service| runtime.service == service));
    if found.is_empty() {
        let message = match service {
            Some(service) => format!("service `{service}` of stack `{stack}` has no container"),
            None => format!("stack `{stack}` has no containers"),
        };
        let error = Diagnostic::error(Kind::Failed, message).code("service::absent");
        return Err(error.hint("`otelctl apply` makes them").into());
    }
    Ok(found)
}
