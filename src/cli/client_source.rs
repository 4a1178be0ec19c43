//! Where the environment of a client is read: files that are named, or this machine's own.

use crate::client::{Layer, Source};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::system::disk;
use std::path::{Path, PathBuf};

/// Where managed settings lie on Linux.
const MANAGED: &str = "/etc/claude-code";

/// Something that `--client` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientSource {
    /// This process's environment and the settings files of this machine.
    Machine,
    /// What a shell reads.
    Lines(PathBuf),
    /// A settings file.
    Settings(Layer, PathBuf),
}

impl ClientSource {
    /// Reads `[KIND:]FILE`.
    ///
    /// # Errors
    /// A kind without a file.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::Machine);
        }
        let kinds = [
            ("env:", None),
            ("user:", Some(Layer::User)),
            ("project:", Some(Layer::Project)),
            ("local:", Some(Layer::Local)),
            ("managed:", Some(Layer::Managed)),
        ];
        for (prefix, layer) in kinds {
            let Some(file) = text.strip_prefix(prefix) else { continue };
            if file.is_empty() {
                return Err(format!("expected a file after `{prefix}`"));
            }
            let file = PathBuf::from(file);
            return Ok(layer.map_or_else(
                || Self::Lines(file.clone()),
                |layer| Self::Settings(layer, file.clone()),
            ));
        }
        Ok(Self::by_name(Path::new(text)))
    }

    fn by_name(file: &Path) -> Self {
        if file.extension().is_none_or(|ending| ending != "json") {
            return Self::Lines(file.to_owned());
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
        let layer = match &*name {
            name if name.starts_with("managed-settings") => Layer::Managed,
            _ if folder == "managed-settings.d" => Layer::Managed,
            "settings.local.json" => Layer::Local,
            _ => Layer::User,
        };
        Self::Settings(layer, file.to_owned())
    }

    /// Reads what it names.
    ///
    /// # Errors
    /// A file that is missing, or that Claude Code does not load.
    pub fn read(&self) -> Result<Vec<Source>, Failure> {
        match self {
            Self::Machine => machine(),
            Self::Lines(path) => {
                let (text, name) = text(path)?.ok_or_else(|| missing(path))?;
                Ok(vec![Source::of_lines(&text, &name).map_err(Failure::of)?])
            }
            Self::Settings(layer, path) => {
                let (text, name) = text(path)?.ok_or_else(|| missing(path))?;
                Ok(vec![Source::of_settings(&text, &name, *layer).map_err(Failure::of)?])
            }
        }
    }
}

/// What Claude Code would read if it were started here and now.
fn machine() -> Result<Vec<Source>, Failure> {
    let variables = std::env::vars_os().map(|(name, value)| {
        (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
    });
    let mut sources = vec![Source::of_process(variables)];
    let mut files = Vec::new();
    let home = std::env::var_os("CLAUDE_CONFIG_DIR")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".claude")));
    files.extend(home.map(|home| (Layer::User, home.join("settings.json"))));
    files.push((Layer::Project, PathBuf::from(".claude/settings.json")));
    files.push((Layer::Local, PathBuf::from(".claude/settings.local.json")));
    files.push((Layer::Managed, Path::new(MANAGED).join("managed-settings.json")));
    let folder = Path::new(MANAGED).join("managed-settings.d");
    let drop_ins = disk::names(&folder)?.into_iter().map(|name| folder.join(name));
    let drop_ins = drop_ins.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.extend(drop_ins.map(|path| (Layer::Managed, path)));
    let mut errors = Vec::new();
    for (layer, path) in files {
        let Some((text, name)) = text(&path)? else { continue };
        match Source::of_settings(&text, &name, layer) {
            Ok(source) => sources.push(source),
            Err(told) => errors.extend(told),
        }
    }
    Failure::check(errors)?;
    Ok(sources)
}

/// The text of a file and its name; none: there is no such file.
fn text(path: &Path) -> Result<Option<(String, String)>, Failure> {
    let name = path.to_string_lossy().into_owned();
    let Some(bytes) = disk::read(path)? else { return Ok(None) };
    let text = String::from_utf8(bytes).map_err(|cause| {
        let message = format!("`{name}` is not UTF-8 text");
        Diagnostic::error(Kind::Usage, message)
            .code("client::encoding")
            .caused_by(&cause.utf8_error())
    })?;
    Ok(Some((text, name)))
}

fn missing(path: &Path) -> Diagnostic {
    let message = format!("there is no file `{}`", path.display());
    let error = Diagnostic::error(Kind::Usage, message).code("client::missing");
    error.hint("check the path after `--client`")
}

#[cfg(test)]
mod tests {
    use super::ClientSource::{self, Lines, Machine, Settings};
    use crate::client::Layer;

    #[test]
    fn a_file_says_by_its_name_what_it_is() {
        for (text, source) in [
            ("", Machine),
            (".env", Lines(".env".into())),
            ("env:x.json", Lines("x.json".into())),
            ("~/.bashrc", Lines("~/.bashrc".into())),
            ("settings.json", Settings(Layer::User, "settings.json".into())),
            (
                ".claude/settings.local.json",
                Settings(Layer::Local, ".claude/settings.local.json".into()),
            ),
            ("project:s.json", Settings(Layer::Project, "s.json".into())),
            ("a/managed-settings.json", Settings(Layer::Managed, "a/managed-settings.json".into())),
            (
                "managed-settings.d/x.json",
                Settings(Layer::Managed, "managed-settings.d/x.json".into()),
            ),
            ("managed:x", Settings(Layer::Managed, "x".into())),
        ] {
            assert_eq!(ClientSource::parse(text), Ok(source), "{text}");
        }
        assert!(ClientSource::parse("user:").is_err());
    }
}
