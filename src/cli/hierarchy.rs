//! Opens the hierarchy that the command line names, over the disk.
//!
//! May not know what is looked up, nor what for.

use super::arguments::HierarchyArguments;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::hiera::{DirectoryEntry, Facts, Files, Hiera, KeyPaths, MAX_BYTES, Scope, Sources};
use crate::system::disk;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

/// Says that a flag means nothing for a profile that is one file.
pub fn needed_by(flag: &str) -> Diagnostic {
    Diagnostic::error(Kind::Usage, format!("`{flag}` needs a hierarchy"))
        .code("hiera::no-hierarchy")
        .hint("name one: `--hiera-config hiera.yaml`")
}

/// Opens the hierarchy that the command line names, for any node; none, when it names none.
///
/// # Errors
/// `Kind::Usage` for flags that need a hierarchy and files that do not exist,
/// `Kind::Profile` for what is wrong in them.
pub fn open(arguments: &HierarchyArguments, terminal: &Terminal) -> Result<Option<Hiera>, Failure> {
    let Some(config) = &arguments.hiera_config else {
        return match arguments.needs_hierarchy() {
            Some(flag) => Err(needed_by(flag).into()),
            None => Ok(None),
        };
    };
    if disk::entry(config)?.is_none() {
        terminal.notes(&[missing(config, arguments.codedir.as_deref())?]);
    }
    let eyaml = KeyPaths {
        private: arguments.pkcs7_private_key.clone(),
        public: arguments.pkcs7_public_key.clone(),
    };
    let sources = Sources { config: config.clone(), codedir: arguments.codedir.clone(), eyaml };
    Hiera::open(sources, Arc::new(Disk)).map(Some)
}

/// Puppet does without a hiera.yaml where there is other data; a wrong path is a mistake.
fn missing(config: &Path, codedir: Option<&Path>) -> Result<Diagnostic, Failure> {
    let told = format!("there is no hierarchy `{}`", config.display());
    let beside = config.with_file_name("data").join("common.yaml");
    let counts = if disk::entry(&beside)?.is_some() {
        format!("Puppet's default counts: `{}`", beside.display())
    } else if codedir.is_some_and(|folder| folder.join("environments").is_dir()) {
        "only the environment and its modules have data".to_owned()
    } else {
        return Err(Diagnostic::error(Kind::Usage, told)
            .code("hiera::missing")
            .hint("check the path after `--hiera-config`")
            .into());
    };
    Ok(Diagnostic::warning(told).code("hiera::missing").cause(counts))
}

/// The node that the command line names, with its facts.
///
/// # Errors
/// As [`facts`].
pub fn scope(arguments: &HierarchyArguments) -> Result<Scope, Failure> {
    let facts = arguments.facts.as_deref().map_or_else(|| Ok(Facts::none()), facts)?;
    Ok(scope_of(arguments, &facts))
}

/// What a node is to the hierarchy: its facts, its name, its environment.
pub fn scope_of(arguments: &HierarchyArguments, facts: &Facts) -> Scope {
    let fqdn = || facts.get("fqdn").and_then(|name| name.value.as_text());
    let named = arguments.node.as_deref().or(facts.certname()).or_else(fqdn);
    Scope::new(facts.root().clone(), named.unwrap_or_default(), arguments.environment())
}

/// Reads a file of facts; `-` is stdin.
///
/// # Errors
/// `Kind::Usage` without the file, `Kind::Profile` for mistakes in it.
pub fn facts(path: &Path) -> Result<Facts, Failure> {
    if path == Path::new("-") {
        let bytes = stdin()?;
        return Facts::read(&bytes, "<stdin>").map_err(Failure::of);
    }
    let bytes = disk::read_at_most(path, MAX_BYTES)?.ok_or_else(|| {
        Diagnostic::error(Kind::Usage, format!("there are no facts `{}`", path.display()))
            .code("hiera::missing")
            .hint("write them: `facter --json > facts.json`, or pipe them to `--facts -`")
    })?;
    Facts::read(&bytes, &path.to_string_lossy()).map_err(Failure::of)
}

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    std::io::stdin().take(most).read_to_end(&mut bytes).map_err(|cause| {
        Diagnostic::error(Kind::Failed, "cannot read the facts from stdin").caused_by(&cause)
    })?;
    if bytes.len() > MAX_BYTES {
        let message = format!("the facts on stdin are larger than {} MiB", MAX_BYTES >> 20);
        return Err(Diagnostic::error(Kind::Profile, message).into());
    }
    Ok(bytes)
}

/// The disk as the hierarchy sees it.
#[derive(Debug)]
struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
        disk::read_at_most(path, MAX_BYTES)
    }

    fn list(&self, path: &Path) -> Result<Option<Vec<DirectoryEntry>>, Diagnostic> {
        if !self.is_directory(path) {
            return Ok(None);
        }
        let entry = |name: String| {
            let is_directory = self.is_directory(&path.join(&name));
            DirectoryEntry { name, is_directory }
        };
        Ok(Some(disk::names(path)?.into_iter().map(entry).collect()))
    }

    fn is_directory(&self, path: &Path) -> bool {
        path.is_dir()
    }
}
