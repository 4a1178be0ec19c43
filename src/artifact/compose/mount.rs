//! A mount: `source:target[:ro|rw]`, a folder of the host or a named volume.

use std::fmt;

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// An absolute path on the host.
    Path(String),
    /// A named volume by its key in the compose file.
    Volume(String),
}

/// A mount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mount {
    /// What is mounted.
    pub source: Source,
    /// An absolute path in the container.
    pub target: String,
    /// Whether the container may only read.
    pub read_only: bool,
}

impl Mount {
    /// Reads compose's short form; paths must be absolute and without `.`, `..` or `//`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let source = parts.next()?;
        let target = parts.next()?;
        let read_only = match parts.next() {
            Some("ro") => true,
            None | Some("rw") => false,
            Some(_) => return None,
        };
        if parts.next().is_some() || !is_absolute(target) {
            return None;
        }
        let source = if is_absolute(source) {
            Source::Path(source.to_owned())
        } else if is_name(source) {
            Source::Volume(source.to_owned())
        } else {
            return None;
        };
        Some(Self { source, target: target.to_owned(), read_only })
    }
}

fn is_absolute(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| {
        rest.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
    })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

impl fmt::Display for Mount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Source::Path(source) | Source::Volume(source)) = &self.source;
        write!(f, "{source}:{}:{}", self.target, if self.read_only { "ro" } else { "rw" })
    }
}

#[cfg(test)]
mod tests {
    use super::Mount;

    #[test]
    fn reads_folders_and_volumes_and_nothing_relative() {
        let parse = |text: &str| Mount::parse(text).map(|mount| mount.to_string());
        assert_eq!(parse("/a/b:/c:ro").as_deref(), Some("/a/b:/c:ro"));
        assert_eq!(parse("data:/c").as_deref(), Some("data:/c:rw"));
        for bad in [
            "./a:/c",
            "~/a:/c",
            "/a/../b:/c",
            "/a//b:/c",
            "/a",
            "/a:c",
            "/a:/c:z",
            "/a:/c:ro:x",
            "/a/:/c",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
