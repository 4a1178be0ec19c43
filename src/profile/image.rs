//! Container images and the collector's version.

use super::expect::{Mistake, Read};
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::hiera::{Node, Value};
use crate::stack::{Image, Version};

/// Reads an image reference.
pub fn image(node: &Node) -> Read<Image> {
    let expected = "an image such as `registry/name:tag`";
    match &node.value {
        Value::Text(text) => match Image::parse(text) {
            Some(image) => Ok(image),
            None => Mistake::invalid(node, expected).only(),
        },
        _ => Mistake::wrong_type(node, expected).only(),
    }
}

/// Reads a version of three numbers.
pub fn version(node: &Node) -> Read<Version> {
    let expected = "a version such as `0.91.0`";
    match &node.value {
        Value::Text(text) => match Version::parse(text) {
            Some(version) => Ok(version),
            None => Mistake::invalid(node, expected).only(),
        },
        _ => Mistake::wrong_type(node, expected).only(),
    }
}

/// Takes the version from the setting, or else from the image's tag.
pub fn collector_version(
    image: &Sourced<Image>,
    setting: Option<Sourced<Version>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Sourced<Version> {
    if let Some(version) = setting {
        return version;
    }
    let tag = image.value.tag.as_deref();
    let version = tag.and_then(Version::parse).unwrap_or_else(|| {
        let message = format!("image `{}` does not say its collector's version", image.value);
        let hint = "use a tag such as `0.91.0`, or set `otelctl::collector_version`";
        let error = Diagnostic::error(Kind::Profile, message).code("profile::image-version");
        diagnostics.push(error.at(&image.origin).hint(hint));
        Version::new(0, 91, 0)
    });
    Sourced::new(version, image.origin.clone())
}

/// Warns of an image that may change under the same name.
pub fn warn_unpinned(image: &Sourced<Image>, diagnostics: &mut Vec<Diagnostic>) {
    let moving = image.value.tag.as_deref().is_none_or(|tag| tag == "latest");
    if moving && image.value.digest.is_none() {
        let message = format!("image `{}` is not pinned, so it may change unseen", image.value);
        let warning = Diagnostic::warning(message).code("profile::image-unpinned");
        diagnostics.push(warning.at(&image.origin).hint("give a version as tag, or a digest"));
    }
}
