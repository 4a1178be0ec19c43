//! One lookup on its way through layers, levels and files.

use super::budget::Budget;
use super::explanation::{Explanation, Recorder, Step};
use super::key::Key;
use super::layer::{Layer, Resolved};
use super::level::Function;
use super::lookup::Lookup;
use super::mistake::{fail, mistake_at, while_looking_up};
use super::options::{self, Options};
use super::{Outcome, Strategy};
use crate::diagnostic::{Failure, Location};
use crate::hiera::{DataFile, Format, Node, Value};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// One lookup and everything it looks up on its way.
pub struct Session<'a> {
    pub(super) lookup: &'a Lookup<'a>,
    pub(super) recorder: Recorder,
    pub(super) budget: Budget,
    /// What is being looked up right now, to find circles.
    pub(super) names: Vec<String>,
    /// Whether `lookup_options` are being read: what is looked up meanwhile has none.
    in_options: bool,
    /// Where what is being looked up was asked for.
    pub(super) asked_at: Location,
    /// The element of a `mapped_paths`, while its path is made.
    pub(super) local: Option<(String, Node)>,
}

const LOOKUP_OPTIONS: &str = "lookup_options";

impl<'a> Session<'a> {
    /// Starts.
    pub fn new(lookup: &'a Lookup<'a>, recorder: Recorder) -> Self {
        Self {
            lookup,
            recorder,
            budget: Budget::default(),
            names: Vec::new(),
            in_options: false,
            asked_at: unplaced(),
            local: None,
        }
    }

    /// Records a remark.
    pub fn note(&mut self, text: &str) {
        self.recorder.note(|| Step::Note(text.to_owned()));
    }

    /// Ends, and tells everything.
    pub fn finish(mut self, failure: Option<&Failure>) -> Explanation {
        for diagnostic in failure.into_iter().flat_map(Failure::diagnostics) {
            self.recorder.note(|| Step::Failed(diagnostic.message.clone()));
        }
        self.recorder.finish()
    }

    /// Looks a key up in all layers.
    pub fn search(&mut self, text: &str, merge: Option<&Strategy>) -> Outcome<Option<Node>> {
        if text == LOOKUP_OPTIONS || text.starts_with("lookup_options.") {
            return Ok(None);
        }
        let key = Key::asked(text)?;
        self.recorder.enter();
        let found = self.search_key(&key, merge);
        self.recorder.leave(|| format!("key `{text}`"));
        while_looking_up(found, text)
    }

    fn search_key(&mut self, key: &Key, merge: Option<&Strategy>) -> Outcome<Option<Node>> {
        let all = self.options_of(key.module())?;
        let entry = all.of(&key.root);
        let strategy = match merge {
            Some(merge) => merge.clone(),
            None => match options::merge(entry)? {
                Some(merge) => {
                    self.recorder.note(|| {
                        Step::Note(format!("`lookup_options` ask for the merge `{}`", merge.name()))
                    });
                    merge
                }
                None => Strategy::First,
            },
        };
        let mut layers = vec![Layer::Global, Layer::Environment];
        layers.extend(key.module().map(|module| Layer::Module(module.to_owned())));
        let found = self.merged(&strategy, layers.len().max(2), |session, at| {
            layers.get(at).map_or(Ok(None), |layer| session.in_layer(layer, key, &strategy))
        })?;
        let mut dug = match found {
            Some(node) => key.dig(node)?,
            None => None,
        };
        if dug.is_none() {
            dug = match self.in_defaults(key)? {
                Some(node) => key.dig(node)?,
                None => None,
            };
        }
        let Some(node) = dug else {
            self.recorder.note(|| Step::NotFound(key.text.clone()));
            return Ok(None);
        };
        options::convert(entry, &key.text, node).map(Some)
    }

    /// Goes through places from the highest on, as the strategy has it.
    fn merged(
        &mut self,
        strategy: &Strategy,
        places: usize,
        mut find: impl FnMut(&mut Self, usize) -> Outcome<Option<Node>>,
    ) -> Outcome<Option<Node>> {
        if let Strategy::First = strategy {
            for at in 0..places {
                if let Some(node) = find(self, at)? {
                    return Ok(Some(node));
                }
            }
            return Ok(None);
        }
        if places == 1 {
            return Ok(find(self, 0)?.map(|node| strategy.only_value(node)));
        }
        let mut merged: Option<Node> = None;
        for at in 0..places {
            let Some(node) = find(self, at)? else { continue };
            merged = Some(match merged {
                None => strategy.first_value(node),
                Some(high) => {
                    self.recorder.note(|| Step::Note(format!("merged by `{}`", strategy.name())));
                    strategy.merge(high, node)?
                }
            });
        }
        Ok(merged)
    }

    /// Looks a key up in one layer, unless it is being looked up already.
    fn in_layer(&mut self, layer: &Layer, key: &Key, strategy: &Strategy) -> Outcome<Option<Node>> {
        let hiera = self.lookup.hiera;
        let Some(config) = hiera.layer(layer, self.lookup.scope.environment())? else {
            return Ok(None);
        };
        self.recorder.enter();
        let asked_at = self.asked_at.clone();
        let found = self.guarded(&key.text, &asked_at, |session| {
            let levels = session.levels(layer, &config.config)?;
            let module = config.module.as_deref();
            session.merged(strategy, levels.len(), |session, at| {
                levels
                    .get(at)
                    .map_or(Ok(None), |level| session.in_level(level, key, strategy, module))
            })
        });
        self.recorder.leave(|| layer.to_string());
        found
    }

    /// Does something inside a name, which may not stand inside itself.
    pub(super) fn guarded<T>(
        &mut self,
        name: &str,
        at: &Location,
        inside: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        self.budget.expression(self.names.len(), at)?;
        if self.names.iter().any(|open| open == name) {
            let mut circle: Vec<String> =
                self.names.iter().map(|open| format!("`{open}`")).collect();
            circle.push(format!("`{name}`"));
            let message = format!("the lookup of `{name}` needs itself");
            let told = mistake_at("hiera::recursion", message, at);
            let told = told.cause(format!("the circle is {}", circle.join(" → ")));
            return fail(told.hint("give one of these keys a value of its own"));
        }
        self.names.push(name.to_owned());
        let done = inside(self);
        self.names.pop();
        done
    }

    fn in_level(
        &mut self,
        level: &Resolved,
        key: &Key,
        strategy: &Strategy,
        module: Option<&str>,
    ) -> Outcome<Option<Node>> {
        self.recorder.enter();
        let found = match &level.paths {
            None => unreadable(level, "names no file"),
            Some(paths) => self.merged(strategy, paths.len(), |session, at| {
                paths.get(at).map_or(Ok(None), |path| session.in_file(level, path, key, module))
            }),
        };
        self.recorder.leave(|| format!("level `{}`", level.name));
        found
    }

    fn in_file(
        &mut self,
        level: &Resolved,
        path: &Path,
        key: &Key,
        module: Option<&str>,
    ) -> Outcome<Option<Node>> {
        let shown = || path.display().to_string();
        let Some(file) = self.file(level, path)? else {
            self.recorder.note(|| Step::NoFile(shown()));
            return Ok(None);
        };
        let own = module.is_none_or(|module| {
            key.root == LOOKUP_OPTIONS
                || key.root.strip_prefix(module).is_some_and(|rest| rest.starts_with("::"))
        });
        let Some(node) = file.get(&key.root).filter(|_| own) else {
            self.recorder.note(|| Step::NotFound(format!("{} in {}", key.root, shown())));
            return Ok(None);
        };
        if let Some(part) = node.refused_part() {
            let message =
                format!("{} in `{}` is nothing that Puppet looks up", part.value.kind(), key.root);
            let told = mistake_at("hiera::value", message, &part.location);
            return fail(told.hint("put it in quotes"));
        }
        let node = match level.function {
            Function::Eyaml => {
                let opened = self.opened(level, node, &key.root)?;
                self.interpolated(&opened, true)?
            }
            _ => self.interpolated(node, true)?,
        };
        self.recorder.found(&key.root, &node);
        Ok(Some(node))
    }

    /// Reads a file of a level; none if it does not exist.
    fn file(&mut self, level: &Resolved, path: &Path) -> Outcome<Option<Arc<DataFile>>> {
        let library = &self.lookup.hiera.library;
        let format = match &level.function {
            Function::Data(format) => *format,
            Function::Eyaml => Format::Eyaml,
            Function::Foreign(name) => {
                if library.files.read(path).ok().flatten().is_none() {
                    return Ok(None);
                }
                return unreadable(level, &format!("is read by `{name}`, which is not supported"));
            }
        };
        let Some(file) = library.data(path, format, &level.name)? else { return Ok(None) };
        let has_options = level.options.as_ref().is_some_and(
            |options| matches!(&options.value, Value::Mapping(entries) if !entries.is_empty()),
        );
        if has_options && level.function != Function::Eyaml {
            return unreadable(level, "has `options`, which its function does not take");
        }
        if file.refused_when_strict() && self.lookup.scope.strictness().files {
            return Err(Box::new(Failure::of(
                file.remarks()
                    .iter()
                    .cloned()
                    .map(|mut remark| {
                        remark.severity = crate::diagnostic::Severity::Error;
                        remark.kind = crate::diagnostic::Kind::Profile;
                        remark
                    })
                    .collect(),
            )));
        }
        Ok(Some(file))
    }

    /// The levels that a module looks through last.
    fn in_defaults(&mut self, key: &Key) -> Outcome<Option<Node>> {
        let Some(module) = key.module() else { return Ok(None) };
        let layer = Layer::Defaults(module.to_owned());
        let environment = self.lookup.scope.environment();
        let Some(config) = self.lookup.hiera.layer(&layer, environment)? else { return Ok(None) };
        if config.config.default_levels.is_none() {
            return Ok(None);
        }
        let meta = meta_key();
        let options =
            self.without_names(|session| session.in_layer(&layer, &meta, &Strategy::Hash))?;
        let options = Options::compile(options::checked(options, Some(module))?)?;
        let strategy = options::merge(options.of(&key.root))?.unwrap_or_default();
        self.in_layer(&layer, key, &strategy)
    }

    /// The `lookup_options` of all levels, or of those and a module's.
    fn options_of(&mut self, module: Option<&str>) -> Outcome<Rc<Options>> {
        let name = module.map(str::to_owned);
        if let Some(known) = self.lookup.options.borrow().get(&name) {
            return Ok(known.clone());
        }
        if self.in_options {
            return Ok(Rc::default());
        }
        self.recorder.enter();
        self.in_options = true;
        let compiled = self.without_names(|session| session.compile_options(module));
        self.in_options = false;
        self.recorder.leave(|| format!("`{LOOKUP_OPTIONS}`"));
        let options = Rc::new(while_looking_up(compiled, LOOKUP_OPTIONS)?);
        self.lookup.options.borrow_mut().insert(name, options.clone());
        Ok(options)
    }

    fn compile_options(&mut self, module: Option<&str>) -> Outcome<Options> {
        let mut layers = vec![Layer::Global, Layer::Environment];
        layers.extend(module.map(|module| Layer::Module(module.to_owned())));
        let meta = meta_key();
        let mut merged: Option<Node> = None;
        for layer in layers {
            let found = self.in_layer(&layer, &meta, &Strategy::Hash)?;
            let own = if matches!(layer, Layer::Module(_)) { module } else { None };
            let Some(node) = options::checked(found, own)? else { continue };
            merged = Some(match merged {
                None => node,
                Some(high) => Strategy::Hash.merge(high, node)?,
            });
        }
        Options::compile(merged)
    }

    /// Does something for which no name is open.
    fn without_names<T>(&mut self, inside: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let names = std::mem::take(&mut self.names);
        let done = inside(self);
        self.names = names;
        done
    }

    /// Every file of every level.
    pub fn files(&mut self) -> Outcome<Vec<Arc<DataFile>>> {
        let mut files = Vec::new();
        for layer in [Layer::Global, Layer::Environment] {
            let environment = self.lookup.scope.environment();
            let Some(config) = self.lookup.hiera.layer(&layer, environment)? else { continue };
            for level in self.levels(&layer, &config.config)?.iter() {
                for path in level.paths.iter().flatten() {
                    files.extend(self.file(level, path)?);
                }
            }
        }
        Ok(files)
    }
}

fn meta_key() -> Key {
    Key { text: LOOKUP_OPTIONS.into(), root: LOOKUP_OPTIONS.into(), segments: Vec::new() }
}

fn unreadable<T>(level: &Resolved, why: &str) -> Outcome<T> {
    let message = format!("level `{}` {why}", level.name);
    let told = mistake_at("hiera::config", message, &level.location);
    fail(told.hint("name files by `path`, read by yaml_data, json_data or eyaml_lookup_key"))
}

/// The place of what nobody wrote.
fn unplaced() -> Location {
    Location { layer: "lookup".into(), file: "".into(), line: 1, column: 1 }
}
