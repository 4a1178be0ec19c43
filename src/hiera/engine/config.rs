//! hiera.yaml, version 5 (and what of version 3 needs no backends of its own).

use super::level::{Function, Level, Locations};
use super::mistake::mistake_at;
use super::scope::member;
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::hiera::{Document, Format, Node, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TOP: [&str; 5] = ["version", "defaults", "hierarchy", "default_hierarchy", "plan_hierarchy"];
const LEVEL: [&str; 15] = [
    "name",
    "options",
    "data_hash",
    "lookup_key",
    "hiera3_backend",
    "v4_data_hash",
    "data_dig",
    "path",
    "paths",
    "glob",
    "globs",
    "uri",
    "uris",
    "mapped_paths",
    "datadir",
];
const DEFAULTS: [&str; 5] = ["data_hash", "lookup_key", "data_dig", "datadir", "options"];
const FUNCTIONS: [&str; 5] =
    ["data_hash", "lookup_key", "data_dig", "hiera3_backend", "v4_data_hash"];
const LOCATIONS: [&str; 7] = ["path", "paths", "glob", "globs", "uri", "uris", "mapped_paths"];

/// A hiera.yaml.
#[derive(Debug)]
pub struct Config {
    /// The directory that paths are relative to.
    pub root: PathBuf,
    /// Whether there is a file; without one, missing levels do not count.
    pub exists: bool,
    /// The levels, the highest first.
    pub levels: Vec<Level>,
    /// The levels of a module that count last.
    pub default_levels: Option<Vec<Level>>,
}

/// Which layer a hiera.yaml is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `--hiera-config`.
    Global,
    /// An environment's.
    Environment,
    /// A module's.
    Module,
}

impl Config {
    /// What counts without a hiera.yaml: `data/common.yaml`.
    pub fn built_in(path: &Path) -> Self {
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        Self { root, exists: false, levels: vec![Level::common(path)], default_levels: None }
    }

    /// Reads a hiera.yaml and tells every mistake in it; none if Puppet ignores it.
    pub fn read(bytes: &[u8], path: &Path, place: Place) -> Result<Option<Self>, Vec<Diagnostic>> {
        let (layer, file): (Arc<str>, Arc<str>) =
            ("hiera.yaml".into(), path.to_string_lossy().into());
        let document = Document::read(bytes, Format::Yaml, &layer, &file)?;
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut reader = Reader { errors: Vec::new(), place };
        let start = Location { layer, file, line: 1, column: 1 };
        let empty = Node::new(Value::Null, start);
        let node = document.root.unwrap_or(empty);
        let config = reader.config(&node, root);
        if reader.errors.is_empty() { Ok(config) } else { Err(reader.errors) }
    }
}

struct Reader {
    errors: Vec<Diagnostic>,
    place: Place,
}

impl Reader {
    fn refuse(&mut self, message: impl Into<String>, at: &Node, hint: &str) {
        let told = mistake_at("hiera::config", message, &at.location);
        self.errors.push(told.hint(hint));
    }

    fn config(&mut self, root: &Node, folder: PathBuf) -> Option<Config> {
        let none =
            |levels| Config { root: folder.clone(), exists: true, levels, default_levels: None };
        if !matches!(root.value, Value::Mapping(_)) {
            return (self.place == Place::Global).then(|| none(Vec::new()));
        }
        match member(root, "version").map(|version| (&version.value, version)) {
            Some((Value::Integer(5), _)) => {}
            Some((Value::Integer(3) | Value::Null, _)) | None => {
                return (self.place == Place::Global).then(|| none(self.version_3(root)));
            }
            Some((Value::Integer(number), version)) => {
                let message = format!("hiera.yaml version {number} is not supported");
                self.refuse(message, version, "write `version: 5`");
                return None;
            }
            Some((value, version)) => {
                let message = format!("`version` is {}, expected the number 5", value.kind());
                self.refuse(message, version, "write `version: 5`");
                return None;
            }
        }
        self.known(root, &TOP, "hiera.yaml");
        let defaults = member(root, "defaults").filter(|node| node.value != Value::Null);
        if let Some(defaults) = defaults {
            self.known(defaults, &DEFAULTS, "`defaults`");
            self.one_of(defaults, &FUNCTIONS, "`defaults`");
            self.options(defaults);
        }
        let levels = match member(root, "hierarchy").filter(|node| node.value != Value::Null) {
            Some(levels) => self.levels(levels, defaults),
            None => vec![Level::common_at(&root.location)],
        };
        if let Some(plan) = member(root, "plan_hierarchy") {
            self.levels(plan, defaults);
        }
        let default_levels = member(root, "default_hierarchy").map(|levels| {
            if self.place != Place::Module {
                let message = "`default_hierarchy` counts only in a module's hiera.yaml";
                self.refuse(message, levels, "move its levels to the end of `hierarchy`");
            }
            self.levels(levels, defaults)
        });
        Some(Config { root: folder, exists: true, levels, default_levels })
    }

    /// Only the backends yaml and json can be read.
    fn version_3(&mut self, root: &Node) -> Vec<Level> {
        let Some(hierarchy) = member(root, "hierarchy") else { return Vec::new() };
        let names: Vec<&Node> = match &hierarchy.value {
            Value::Sequence(items) => items.iter().collect(),
            _ => vec![hierarchy],
        };
        let mut levels = Vec::new();
        for name in names {
            let Some(text) = name.value.as_text() else {
                let message =
                    format!("a level of version 3 is {}, expected text", name.value.kind());
                self.refuse(message, name, "write `version: 5` at the top");
                continue;
            };
            for backend in ["yaml", "json"] {
                let datadir = member(root, backend).and_then(|node| member(node, "datadir"));
                if let Some(datadir) = datadir.and_then(|node| node.value.as_text()) {
                    levels.push(Level::version_3(text, backend, datadir, &name.location));
                }
            }
        }
        levels
    }

    fn levels(&mut self, node: &Node, defaults: Option<&Node>) -> Vec<Level> {
        let Value::Sequence(items) = &node.value else {
            let message =
                format!("the hierarchy is {}, expected a list of levels", node.value.kind());
            self.refuse(message, node, "begin each level with `- name:`");
            return Vec::new();
        };
        let levels: Vec<Level> =
            items.iter().filter_map(|item| self.level(item, defaults)).collect();
        for (at, level) in levels.iter().enumerate() {
            if levels.iter().take(at).any(|other| other.name == level.name) {
                let message = format!("two levels are named `{}`", level.name);
                let told = mistake_at("hiera::config", message, &level.location);
                self.errors.push(told.hint("give each level its own name"));
            }
        }
        levels
    }

    fn level(&mut self, node: &Node, defaults: Option<&Node>) -> Option<Level> {
        if !matches!(node.value, Value::Mapping(_)) {
            let message = format!("a level is {}, expected a mapping", node.value.kind());
            self.refuse(message, node, "write `- name: common` and `path: common.yaml`");
            return None;
        }
        self.known(node, &LEVEL, "a level");
        let Some(name) = member(node, "name") else {
            self.refuse("a level has no `name`", node, "add `name:`");
            return None;
        };
        let name = self.text(name, "name")?;
        let what = format!("level `{name}`");
        let function = self.one_of(node, &FUNCTIONS, &what).map(|found| (node, found));
        let location = self.one_of(node, &LOCATIONS, &what);
        self.options(node);
        let from_defaults = || {
            let defaults = defaults?;
            FUNCTIONS
                .iter()
                .find(|name| member(defaults, name).is_some())
                .map(|name| (defaults, *name))
        };
        let function = match (function.or_else(from_defaults), defaults) {
            (Some((node, kind)), _) => {
                let named = member(node, kind)?;
                Function::of(kind, &self.text(named, kind)?)
            }
            (None, None) => Function::of("data_hash", "yaml_data"),
            (None, Some(_)) => {
                let message = format!("{what} names no `data_hash` or `lookup_key`");
                self.refuse(message, node, "add `data_hash: yaml_data` to it or to `defaults`");
                return None;
            }
        };
        let locations = match location {
            Some(kind) => Some(self.locations(kind, member(node, kind)?)?),
            None => None,
        };
        let inherited = |name: &str| member(node, name).or_else(|| member(defaults?, name));
        let datadir = match inherited("datadir") {
            Some(datadir) => self.text(datadir, "datadir")?,
            None => "data".to_owned(),
        };
        let options = inherited("options").cloned();
        let name = name.into();
        Some(Level { name, location: node.location.clone(), function, locations, datadir, options })
    }

    fn locations(&mut self, kind: &str, node: &Node) -> Option<Locations> {
        if !kind.ends_with('s') {
            let text = vec![self.text(node, kind)?];
            return Some(match kind {
                "path" => Locations::Paths(text),
                "glob" => Locations::Globs(text),
                _ => Locations::Uris,
            });
        }
        let Value::Sequence(items) = &node.value else {
            let message = format!("`{kind}` is {}, expected a list", node.value.kind());
            self.refuse(message, node, "write a list, or use the name in the singular");
            return None;
        };
        let texts: Vec<String> = items.iter().filter_map(|item| self.text(item, kind)).collect();
        if items.is_empty() {
            self.refuse(format!("`{kind}` is empty"), node, "name at least one");
        }
        match kind {
            "paths" => Some(Locations::Paths(texts)),
            "globs" => Some(Locations::Globs(texts)),
            "mapped_paths" => {
                let three = <[String; 3]>::try_from(texts).ok();
                if three.is_none() {
                    let message = "`mapped_paths` needs a variable, a name and a path";
                    self.refuse(message, node, "write [facts.roles, role, \"roles/%{role}.yaml\"]");
                }
                three.map(Locations::Mapped)
            }
            _ => Some(Locations::Uris),
        }
    }

    fn text(&mut self, node: &Node, name: &str) -> Option<String> {
        match &node.value {
            Value::Text(text) if !text.is_empty() => Some(text.clone()),
            Value::Text(_) => {
                self.refuse(format!("`{name}` is empty"), node, "write a text, or leave it out");
                None
            }
            other => {
                let message = format!("`{name}` is {}, expected text", other.kind());
                self.refuse(message, node, "put it in quotes");
                None
            }
        }
    }

    /// Tells names that do not belong here.
    fn known(&mut self, node: &Node, names: &[&str], what: &str) {
        let Value::Mapping(entries) = &node.value else {
            let message = format!("{what} is {}, expected a mapping", node.value.kind());
            return self.refuse(message, node, "write one setting a line");
        };
        for (key, _) in entries {
            let text = key.value.as_text().unwrap_or("?");
            if !names.contains(&text) {
                let hint = match nearest(text, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it knows {}", names.join(", ")),
                };
                self.refuse(format!("{what} has no setting `{text}`"), key, &hint);
            }
        }
    }

    /// The one of these names that is set.
    fn one_of<'n>(&mut self, node: &Node, names: &[&'n str], what: &str) -> Option<&'n str> {
        let set: Vec<&'n str> =
            names.iter().copied().filter(|name| member(node, name).is_some()).collect();
        if set.len() > 1 {
            let message = format!("{what} has {}, which exclude each other", set.join(" and "));
            self.refuse(message, node, "keep one of them");
        }
        set.first().copied()
    }

    fn options(&mut self, node: &Node) {
        let Some(options) = member(node, "options") else { return };
        let Value::Mapping(entries) = &options.value else {
            let message = format!("`options` is {}, expected a mapping", options.value.kind());
            return self.refuse(message, options, "write one option a line");
        };
        for (key, _) in entries {
            let text = key.value.as_text().unwrap_or_default();
            if matches!(text, "path" | "uri") {
                let message = format!("the option `{text}` is Puppet's own");
                self.refuse(message, key, "name files by `path` beside `options`");
            } else if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                self.refuse(
                    format!("`{text}` is no name of an option"),
                    key,
                    "begin with a letter",
                );
            }
        }
    }
}
