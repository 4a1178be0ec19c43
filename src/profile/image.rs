//! Container images and the collector's version.

use super::expect::{Mistake, Read};
use super::value::{Image, Version};
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::hiera::{Node, Value};

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

/// Makes an image that stands in no profile.
pub fn default(repository: &str, tag: &str) -> Image {
    Image { repository: repository.to_owned(), tag: Some(tag.to_owned()), digest: None }
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

/// Takes the collector's version from an image's tag.
pub fn version_of(image: &Sourced<Image>) -> Option<Sourced<Version>> {
    let version = image.value.tag.as_deref().and_then(Version::parse)?;
    Some(Sourced::new(version, image.origin.clone()))
}

/// Tells that nothing says which version the collector has.
pub fn no_version(image: &Sourced<Image>) -> Diagnostic {
    let message = format!("image `{}` does not say its collector's version", image.value);
    Diagnostic::error(Kind::Profile, message)
        .code("profile::image-version")
        .at(&image.origin)
        .hint("use a tag such as `0.91.0`, or set `otelctl::collector_version`")
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
