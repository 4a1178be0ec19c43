//! What others use: a hierarchy, a node's view of it, answers.

use super::config::{Config, Place};
use super::explanation::{Explanation, Recorder};
use super::files::Files;
use super::layer::{Layer, LayerConfig, Resolved};
use super::level::Locations;
use super::library::Library;
use super::mistake::{mistake, mistake_at, start_of};
use super::options::Options;
use super::session::Session;
use super::{Outcome, Request, Scope, Sources};
use crate::diagnostic::{Diagnostic, Failure};
use crate::hiera::{DataFile, Node};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// The name of the only file, for nobody but the engine: what people read has the file's own.
const PLAIN: &str = "profile.yaml";

type KnownConfig = Result<Option<Arc<Config>>, Failure>;

/// A hierarchy and every file of it that was read; many nodes in threads share it.
pub struct Hiera {
    pub(super) sources: Sources,
    pub(super) library: Library,
    configs: Mutex<HashMap<PathBuf, KnownConfig>>,
}

/// A value that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The key that was found; none if the default was taken.
    pub key: Option<String>,
    /// The value; each of its leaves knows its place.
    pub node: Node,
}

/// A hierarchy as one node sees it.
pub struct Lookup<'a> {
    pub(super) hiera: &'a Hiera,
    pub(super) scope: &'a Scope,
    pub(super) levels: RefCell<HashMap<Layer, Rc<Vec<Resolved>>>>,
    pub(super) options: RefCell<HashMap<Option<String>, Rc<Options>>>,
}

impl Hiera {
    /// Opens a hierarchy and checks its global hiera.yaml.
    ///
    /// # Errors
    /// Every mistake in hiera.yaml.
    pub fn open(sources: Sources, files: Arc<dyn Files>) -> Result<Self, Failure> {
        let configs = Mutex::default();
        let hiera = Self { sources, library: Library::new(files), configs };
        hiera.config(&hiera.sources.config, Place::Global)?;
        Ok(hiera)
    }

    /// Makes a hierarchy of one data file alone, of which a person should hear all mistakes.
    ///
    /// # Errors
    /// Every mistake in the file, also what Puppet would pass over.
    pub fn plain(text: &str, file: &str) -> Result<Self, Failure> {
        let data = DataFile::parse(text, file).map_err(Failure::of)?;
        let sources = Sources { config: PathBuf::from("hiera.yaml"), ..Sources::default() };
        let mut config = Config::built_in(&sources.config);
        config.exists = true;
        for level in &mut config.levels {
            level.name = "profile".into();
            level.datadir = String::new();
            level.locations = Some(Locations::Paths(vec![PLAIN.to_owned()]));
        }
        let library = Library::of_one(PLAIN, data);
        let configs = HashMap::from([(sources.config.clone(), Ok(Some(Arc::new(config))))]);
        Ok(Self { sources, library, configs: Mutex::new(configs) })
    }

    /// Looks at the hierarchy with a node's facts.
    #[must_use]
    pub fn scoped<'a>(&'a self, scope: &'a Scope) -> Lookup<'a> {
        Lookup { hiera: self, scope, levels: RefCell::default(), options: RefCell::default() }
    }

    fn config(&self, path: &Path, place: Place) -> KnownConfig {
        let mut known = self.configs.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || self.read_config(path, place);
        known.entry(path.to_owned()).or_insert_with(read).clone()
    }

    fn read_config(&self, path: &Path, place: Place) -> KnownConfig {
        match self.library.files.read(path)? {
            Some(bytes) => {
                let config = Config::read(&bytes, path, place).map_err(Failure::of)?;
                Ok(config.map(Arc::new))
            }
            None if place == Place::Global => Ok(Some(Arc::new(Config::built_in(path)))),
            None => Ok(None),
        }
    }

    /// Finds the hiera.yaml of a layer; none if the layer has none.
    pub(super) fn layer(&self, layer: &Layer, environment: &str) -> Outcome<Option<LayerConfig>> {
        let found = self.find_layer(layer, environment);
        found.map_err(Box::new)
    }

    fn find_layer(&self, layer: &Layer, environment: &str) -> Result<Option<LayerConfig>, Failure> {
        if *layer == Layer::Global {
            let config = self.config(&self.sources.config, Place::Global)?;
            return Ok(config.map(|config| LayerConfig { config, module: None }));
        }
        let Some(codedir) = &self.sources.codedir else { return Ok(None) };
        let folder = codedir.join("environments").join(environment);
        match layer {
            Layer::Global => Ok(None),
            Layer::Environment => {
                if environment != "production" && !self.library.files.is_directory(&folder) {
                    let message = format!("there is no environment `{environment}`");
                    let at = start_of(&folder, &"environment".into());
                    return Err(mistake_at("hiera::environment", message, &at).into());
                }
                let config = self.config(&folder.join("hiera.yaml"), Place::Environment)?;
                Ok(config.map(|config| LayerConfig { config, module: None }))
            }
            Layer::Module(name) | Layer::Defaults(name) => {
                let homes = [folder.join("modules"), codedir.join("modules")];
                let home = homes
                    .iter()
                    .map(|home| home.join(name))
                    .find(|home| self.library.files.is_directory(home));
                let Some(home) = home else { return Ok(None) };
                let config = self.config(&home.join("hiera.yaml"), Place::Module)?;
                Ok(config.map(|config| LayerConfig { config, module: Some(name.clone()) }))
            }
        }
    }
}

impl Lookup<'_> {
    /// Looks keys up.
    ///
    /// # Errors
    /// Any mistake in a file that counts for this node, and not finding any key.
    pub fn find(&self, request: &Request) -> Result<Found, Failure> {
        run(request, &mut Session::new(self, Recorder::default()))
    }

    /// Looks keys up and tells how.
    #[must_use]
    pub fn explain(&self, request: &Request) -> Explanation {
        let mut session = Session::new(self, Recorder::recording());
        let found = run(request, &mut session);
        session.finish(found.as_ref().err())
    }

    /// Finds the value of a key; none where no level has it.
    ///
    /// # Errors
    /// Any mistake in a file that counts for this node.
    pub fn value(&self, key: &str) -> Result<Option<Node>, Failure> {
        let found = Session::new(self, Recorder::default()).search(key, None);
        found.map_err(|failure| *failure)
    }

    /// Says whether modules may have data of their own, which [`Lookup::files`] leaves out.
    #[must_use]
    pub const fn has_modules(&self) -> bool {
        self.hiera.sources.codedir.is_some()
    }

    /// Every file that this node reads, the highest level first, without those of modules.
    ///
    /// # Errors
    /// Any mistake in these files.
    pub fn files(&self) -> Result<Vec<Arc<DataFile>>, Failure> {
        Session::new(self, Recorder::default()).files().map_err(|failure| *failure)
    }
}

fn run(request: &Request, session: &mut Session<'_>) -> Result<Found, Failure> {
    for text in &request.keys {
        let found = session.search(text, request.merge.as_ref()).map_err(|failure| *failure)?;
        if let Some(node) = found {
            expect(request, &node, &format!("`{text}`"))?;
            return Ok(Found { key: Some(text.clone()), node });
        }
    }
    if let Some(node) = &request.default {
        expect(request, node, "the default")?;
        session.note("nothing is found, so the default counts");
        return Ok(Found { key: None, node: node.clone() });
    }
    Err(missing(request).into())
}

fn missing(request: &Request) -> Diagnostic {
    let keys: Vec<String> = request.keys.iter().map(|key| format!("`{key}`")).collect();
    let message = match keys.as_slice() {
        [] => "no key is asked for".to_owned(),
        keys => format!("no level has {}", keys.join(" or ")),
    };
    let mut told = mistake("hiera::not-found", message);
    if let Some(key) = request.keys.first() {
        told = told.hint(format!("`otelctl lookup --explain {key}` tells which files were read"));
    }
    told
}

fn expect(request: &Request, node: &Node, what: &str) -> Result<(), Failure> {
    let Some(expected) = &request.expected else { return Ok(()) };
    expected.check(node).map_err(|error| {
        let message = format!("{what} is not of the type asked for");
        mistake_at("hiera::type", message, &node.location).caused_by(&error).into()
    })
}
