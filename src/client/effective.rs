//! What counts when several places set a variable.
//!
//! Measured: settings beat the shell, project settings beat the user's, local
//! ones the project's, managed ones all of them; among managed ones the
//! drop-in files beat the main file. An empty value is no value, and yet beats others.

use super::{Assignment, Layer, Source, name};
use crate::diagnostic::{Diagnostic, Origin};
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::fmt;

/// What Claude Code takes from the settings of a project (measured); it ignores
/// there what would switch telemetry on or send it elsewhere.
const HONOURED: [&str; 4] =
    [name::ATTRIBUTES, name::SERVICE, name::METRICS_INTERVAL, name::LOGS_INTERVAL];

/// Who says something, and where.
#[derive(Clone, Debug)]
pub struct Place {
    /// Who says it.
    pub layer: Layer,
    /// Where it stands.
    pub origin: Origin,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin.location() {
            Some(at) => write!(f, "{} ({}:{})", self.layer, at.file, at.line),
            None => self.layer.fmt(f),
        }
    }
}

/// The value that counts.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The value, without the space around it.
    pub value: Secret,
    /// Who says it.
    pub place: Place,
    /// Who else says something else, and is not heard.
    pub beaten: Vec<Place>,
    /// Everybody who says something, in the order in which they beat each other.
    said: Vec<(Secret, Place)>,
}

/// Everything that counts.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    chosen: BTreeMap<String, Chosen>,
    /// Where the program that makes headers is set.
    pub headers_helper: Option<Place>,
    /// What the sources say that does not count.
    pub warnings: Vec<Diagnostic>,
    /// What project settings say in vain.
    pub ignored: Vec<(String, Place)>,
}

impl Effective {
    /// Puts sources together; of two of one layer the later counts.
    #[must_use]
    pub fn of(sources: &[Source]) -> Self {
        let mut sources: Vec<&Source> = sources.iter().collect();
        sources.sort_by_key(|source| source.layer);
        let mut effective = Self::default();
        for source in sources {
            effective.warnings.extend(source.warnings.iter().cloned());
            let place = |origin: &Origin| Place { layer: source.layer, origin: origin.clone() };
            if let Some(origin) = &source.headers_helper {
                effective.headers_helper = Some(place(origin));
            }
            for set in &source.assignments {
                effective.take(set, place(&set.origin));
            }
        }
        effective
    }

    fn take(&mut self, set: &Assignment, place: Place) {
        let Assignment { name, value, origin: _ } = set;
        let project = matches!(place.layer, Layer::Project | Layer::Local);
        if project && !HONOURED.contains(&name.as_str()) {
            self.ignored.push((name.clone(), place));
            return;
        }
        let value = Secret::new(value.expose().trim().to_owned());
        let mut said = self.chosen.remove(name).map_or_else(Vec::new, |before| before.said);
        said.push((value.clone(), place.clone()));
        // Who says the same is heard.
        let beaten = said.iter().filter(|(other, _)| *other != value);
        let beaten = beaten.map(|(_, place)| place.clone()).collect();
        self.chosen.insert(name.clone(), Chosen { value, place, beaten, said });
    }

    /// The value of a variable; an empty one is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Chosen> {
        self.chosen.get(name).filter(|chosen| !chosen.value.expose().is_empty())
    }

    /// Where a variable is set to nothing.
    #[must_use]
    pub fn emptied(&self, name: &str) -> Option<&Chosen> {
        self.chosen.get(name).filter(|chosen| chosen.value.expose().is_empty())
    }

    /// Every variable that is set, also to nothing.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Chosen)> {
        self.chosen.iter().map(|(name, chosen)| (name.as_str(), chosen))
    }
}
