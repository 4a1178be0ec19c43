//! Templates of the user's own, in place of embedded ones.
//!
//! Decides which file stands for which template, and whose mistake it is that
//! something rendered is wrong. Touches no disk.

use super::templates::originals;
use crate::diagnostic::{Diagnostic, Failure, Kind, Location, Origin, nearest};

/// How editors and people name what they keep of a file.
const LEFTOVERS: [&str; 7] = ["~", ".bak", ".orig", ".old", ".rej", ".swp", ".tmp"];

/// One template of the user's own.
#[derive(Clone, Debug)]
pub struct Override {
    /// The template's path, which names what it stands for.
    pub path: String,
    /// The file as messages name it.
    pub file: String,
    /// What it says.
    pub text: String,
}

impl Override {
    /// Takes a file of a folder of templates; `path` is its path below that folder.
    ///
    /// # Errors
    /// A path that no template has.
    pub fn new(path: &str, file: String, text: String) -> Result<Self, Diagnostic> {
        if originals().any(|(known, _)| known == path) {
            return Ok(Self { path: path.to_owned(), file, text });
        }
        let error = Diagnostic::error(Kind::Profile, format!("`{file}` stands for no template"))
            .code("render::unknown-template");
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_leftover = LEFTOVERS.iter().any(|ending| name.ends_with(ending))
            || (name.starts_with('#') && name.ends_with('#'));
        let meant = nearest(path, originals().map(|(known, _)| known));
        Err(match meant {
            _ if is_leftover => error
                .cause("it looks like what an editor leaves behind")
                .hint("remove it, or keep it outside this folder"),
            Some(meant) => error.hint(format!("did you mean `{meant}`?")),
            None => error.hint("`otelctl templates` prints all there are, with their paths"),
        })
    }

    /// A line of the file.
    pub(super) fn origin(&self, line: usize) -> Origin {
        let (layer, file) = ("template".into(), self.file.as_str().into());
        Origin::File(Location { layer, file, line, column: 1 })
    }
}

/// What would be a bug of otelctl's is a mistake in the user's templates, if there are any.
pub(super) fn blamed(failure: &Failure, overrides: &[Override]) -> Failure {
    let files: Vec<String> = overrides.iter().map(|own| format!("`{}`", own.file)).collect();
    let blame = |diagnostic: &Diagnostic| {
        if overrides.is_empty() || diagnostic.kind != Kind::Bug {
            return diagnostic.clone();
        }
        let hint =
            format!("correct {}; `otelctl templates` prints the originals", files.join(", "));
        Diagnostic { kind: Kind::Profile, hint: Some(hint), ..diagnostic.clone() }
    };
    Failure::of(failure.diagnostics().iter().map(blame).collect())
}

#[cfg(test)]
mod tests {
    use super::Override;

    #[test]
    fn only_what_stands_for_a_template_is_taken() {
        let taken = |path: &str| Override::new(path, format!("own/{path}"), String::new());
        assert!(taken("config/otel-collector-config.yaml").is_ok());
        assert!(taken("dashboards/claude-code-costs.yaml").is_ok());
        for (path, told) in [
            ("docker-compose.yml", "did you mean `docker-compose.yaml`?"),
            ("docker-compose.yaml.bak", "remove it"),
            ("config/otel-collector-config.yaml~", "remove it"),
            ("config/#x#", "remove it"),
            ("README.md", "`otelctl templates` prints all"),
            ("grafana/data.txt", "`otelctl templates` prints all"),
        ] {
            let error = taken(path).expect_err(path);
            assert!(error.message.contains(&format!("`own/{path}`")), "{error:?}");
            assert!(error.hint.as_deref().unwrap_or_default().contains(told), "{error:?}");
        }
    }
}
