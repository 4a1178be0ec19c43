//! Levels to files: the paths of hiera.yaml with a node's facts in them.

use super::Outcome;
use super::config::Config;
use super::glob::glob;
use super::layer::{Layer, Resolved};
use super::level::{Level, Locations};
use super::session::Session;
use crate::diagnostic::{Failure, Location};
use crate::hiera::{Node, Value};
use std::path::{Path, PathBuf};
use std::rc::Rc;

impl Session<'_> {
    /// The levels of a layer for this node, worked out once.
    pub(super) fn levels(&mut self, layer: &Layer, config: &Config) -> Outcome<Rc<Vec<Resolved>>> {
        if let Some(known) = self.lookup.levels.borrow().get(layer) {
            return Ok(known.clone());
        }
        let levels = match layer {
            Layer::Defaults(_) => config.default_levels.as_deref().unwrap_or_default(),
            _ => config.levels.as_slice(),
        };
        let resolved: Vec<Resolved> =
            levels.iter().map(|level| self.resolve(level, config)).collect::<Outcome<_>>()?;
        let resolved = Rc::new(resolved);
        self.lookup.levels.borrow_mut().insert(layer.clone(), resolved.clone());
        Ok(resolved)
    }

    fn resolve(&mut self, level: &Level, config: &Config) -> Outcome<Resolved> {
        let at = &level.location;
        let datadir = config.root.join(self.path_text(&level.datadir, at)?);
        let paths = match &level.locations {
            None | Some(Locations::Uris) => None,
            Some(Locations::Paths(paths)) => {
                let mut found = Vec::new();
                for path in paths {
                    found.push(datadir.join(self.path_text(path, at)?));
                }
                Some(found)
            }
            Some(Locations::Globs(globs)) => {
                let mut found = Vec::new();
                for pattern in globs {
                    let pattern = datadir.join(self.path_text(pattern, at)?);
                    let files = self.lookup.hiera.library.files.as_ref();
                    found.extend(glob(files, &pattern).map_err(|e| Box::new(Failure::from(e)))?);
                }
                Some(found)
            }
            Some(Locations::Mapped(mapped)) => Some(self.mapped(mapped, &datadir, at)?),
        };
        let options = match &level.options {
            Some(options) => Some(self.interpolated(options, false)?),
            None => None,
        };
        Ok(Resolved {
            name: level.name.clone(),
            location: at.clone(),
            function: level.function.clone(),
            paths,
            options,
        })
    }

    fn mapped(
        &mut self,
        [variable, name, path]: &[String; 3],
        datadir: &Path,
        at: &Location,
    ) -> Outcome<Vec<PathBuf>> {
        let place = Node::new(Value::Null, at.clone());
        let elements = match self.variable(variable, &place)? {
            Some(Node { value: Value::Sequence(items), .. }) => items,
            Some(Node { value: Value::Mapping(entries), .. }) => {
                let pair = |(key, value): (Node, Node)| {
                    let location = key.location.clone();
                    Node::new(Value::Sequence(vec![key, value]), location)
                };
                entries.into_iter().map(pair).collect()
            }
            Some(node) if node.value.as_text().is_some_and(|text| !text.is_empty()) => vec![node],
            _ => Vec::new(),
        };
        let mut paths = Vec::new();
        for element in elements {
            self.local = Some((name.clone(), element));
            let path = self.path_text(path, at);
            self.local = None;
            paths.push(datadir.join(path?));
        }
        Ok(paths)
    }

    fn path_text(&mut self, text: &str, at: &Location) -> Outcome<String> {
        let node = Node::new(Value::Text(text.to_owned()), at.clone());
        let made = self.interpolated(&node, false)?;
        Ok(made.value.as_text().unwrap_or_default().to_owned())
    }
}
