//! What the user's own Prometheus should have of the stack.

use crate::artifact::path;
use crate::artifact::prometheus::{Interval, RuleFile, ScrapeJob};
use crate::diagnostic::Diagnostic;
use crate::provider::prometheus::Access;
use crate::secret::Environment;
use crate::stack::Stack;
use std::path::PathBuf;

/// What the user's own Prometheus should have of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The stack's name, which its block carries.
    pub stack: String,
    /// Where otelctl reaches Prometheus, without a trailing slash.
    pub url: String,
    /// What otelctl shows there; none: nobody asks.
    pub access: Option<Access>,
    /// The configuration that takes the entries, as the profile names it.
    pub config_file: PathBuf,
    /// The rendered scrape job's absolute path.
    pub scrape_file: String,
    /// The rendered rules' absolute path.
    pub rules_file: String,
    /// The job's name.
    pub job: String,
    /// What those files say; none: nothing of the stack may be left.
    pub entries: Option<Entries>,
    /// How long samples should be kept at least; none: the profile does not say.
    pub retention: Option<Interval>,
}

/// What the rendered files say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// The scrape job.
    pub job: ScrapeJob,
    /// The rules.
    pub rules: RuleFile,
}

impl Desired {
    /// Asks for nothing of the stack to be left, where the profile names the
    /// configuration; none where the entries are the user's own work.
    ///
    /// # Errors
    /// Says which secret cannot be found.
    pub fn of(stack: &Stack, environment: Environment<'_>) -> Result<Option<Self>, Diagnostic> {
        let Some(server) = &stack.external_prometheus else { return Ok(None) };
        let Some(config_file) = &server.config_file else { return Ok(None) };
        let access = Access::of(server, environment)?;
        let below = |path: &str| format!("{}/{path}", stack.directory.value);
        Ok(Some(Self {
            stack: stack.name.value.clone(),
            url: server.url.value.clone(),
            access,
            config_file: config_file.value.clone().into(),
            scrape_file: below(path::SCRAPE),
            rules_file: below(path::RULES),
            job: stack.scrape.job.clone(),
            entries: None,
            retention: server.retention.as_ref().and_then(|kept| Interval::parse(&kept.value)),
        }))
    }
}
