//! Finds the profile, and takes it through hierarchy → profile → stack → render.

use super::arguments::Arguments;
use super::terminal::Terminal;
use super::{addresses, hierarchy, templates};
use crate::diagnostic::{Diagnostic, Failure, Kind, Location, Origin};
use crate::hiera::{Hiera, MAX_BYTES};
use crate::pipeline::{self, Target};
use crate::profile::Judgements;
use crate::render::{Override, Renderer};
use crate::system::disk;
use std::path::{Path, PathBuf};

const DEFAULT: &str = "/etc/otelctl/profile.yaml";

/// Opens what the command line names: a hierarchy, or the profile that is one file.
///
/// # Errors
/// `Kind::Usage` without a profile, `Kind::Profile` for what is wrong in it.
pub fn hiera(arguments: &Arguments, terminal: &Terminal) -> Result<Hiera, Failure> {
    match hierarchy::open(&arguments.hierarchy, terminal)? {
        Some(hiera) => Ok(hiera),
        None => plain(arguments),
    }
}

/// Opens the profile that is one file.
///
/// # Errors
/// As [`hiera`].
pub fn plain(arguments: &Arguments) -> Result<Hiera, Failure> {
    let path = arguments.profile.clone().unwrap_or_else(|| PathBuf::from(DEFAULT));
    let text = read(&path, arguments.profile.is_some())?;
    Hiera::plain(&text, &path.to_string_lossy())
}

/// Reads what the command line names and decides what it asks for.
///
/// # Errors
/// As [`hiera`], and every mistake in the profile.
pub fn target(arguments: &Arguments, terminal: &Terminal) -> Result<Target, Failure> {
    let hiera = hiera(arguments, terminal)?;
    let scope = hierarchy::scope(&arguments.hierarchy)?;
    let (known, renderer) = (Judgements::default(), Renderer::new(&overrides(arguments)?)?);
    pipeline::target(&hiera.scoped(&scope), &addresses::of(&scope), (&known, &renderer))
}

/// Like [`target`]; none, when nothing is named and there is nothing in the default place.
pub fn target_if_any(
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Option<Target>, Failure> {
    let named = arguments.profile.is_some()
        || arguments.hierarchy.hiera_config.is_some()
        || disk::entry(Path::new(DEFAULT))?.is_some();
    named.then(|| target(arguments, terminal)).transpose()
}

/// Reads the user's own templates, if there are any.
///
/// # Errors
/// `Kind::Usage` without the folder, `Kind::Profile` for a file that stands for no template.
pub fn overrides(arguments: &Arguments) -> Result<Vec<Override>, Failure> {
    arguments.templates.as_deref().map_or(Ok(Vec::new()), templates::overrides)
}

/// Like [`target`]; a stack that the profile tells otelctl to leave alone is said to be.
pub fn managed(arguments: &Arguments, terminal: &Terminal) -> Result<Option<Target>, Failure> {
    let target = target(arguments, terminal)?;
    if target.stack.managed.value {
        return Ok(Some(target));
    }
    terminal.notes(&pipeline::unmanaged(&target.stack).notes);
    Ok(None)
}

/// Looks up the environment variable that a profile refers to as `env:NAME`.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn read(path: &Path, named: bool) -> Result<String, Failure> {
    let shown = path.display();
    let Some(bytes) = disk::read_at_most(path, MAX_BYTES)? else {
        let missing = if named {
            Diagnostic::error(Kind::Usage, format!("there is no profile `{shown}`"))
                .hint("check the path after `--profile` or in OTELCTL_PROFILE")
        } else {
            Diagnostic::error(Kind::Usage, "no profile is given")
                .cause(format!("`{shown}`, the default, does not exist"))
                .hint("name one: `otelctl --profile FILE …`")
        };
        return Err(missing.code("profile::missing").into());
    };
    String::from_utf8(bytes).map_err(|cause| {
        let good = cause.as_bytes().get(..cause.utf8_error().valid_up_to()).unwrap_or_default();
        let good = String::from_utf8_lossy(good);
        let last = good.rsplit('\n').next().unwrap_or_default();
        let at = Location {
            layer: "profile".into(),
            file: shown.to_string().into(),
            line: good.matches('\n').count() + 1,
            column: last.chars().count() + 1,
        };
        Diagnostic::error(Kind::Profile, format!("`{shown}` is not UTF-8 text"))
            .code("profile::encoding")
            .at(&Origin::File(at))
            .caused_by(&cause.utf8_error())
            .into()
    })
}
