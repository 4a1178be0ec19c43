//! Who sends: the service and the resource attributes.

use super::Finding;
use super::scene::{Scene, at, error, warning};
use crate::client::name;
use crate::stack::VERIFY_SERVICE;

/// The CLI's version stays its own, attributes are well-formed, and totals count the service.
pub(super) fn identity(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(set) = scene.get(name::SERVICE)
        && set.value.expose() == VERIFY_SERVICE
    {
        let message = format!(
            "`{}` is `{VERIFY_SERVICE}`, which totals and dashboards leave out",
            name::SERVICE
        );
        let told = error("client::service-name", message);
        found.push(scene.about_all(at(told, set).hint("set it to `claude-code`")));
    }
    let Some(set) = scene.get(name::ATTRIBUTES) else { return found };
    for (index, entry) in set.value.expose().split(',').enumerate() {
        let number = index + 1;
        let mut parts = entry.splitn(3, '=');
        let key = parts.next().unwrap_or_default().trim();
        let told = match (parts.next(), parts.next()) {
            (Some(_), None) if key.starts_with(['"', '\'']) => {
                let message = format!(
                    "the name of entry {number} of `{}` begins with a quote",
                    name::ATTRIBUTES
                );
                warning("client::attributes", message)
                    .cause("the quotes are part of the value")
                    .hint("leave the quotes out where no shell reads the file")
            }
            (Some(_), None) if key == "service.version" => {
                let message = format!(
                    "`{}` sets `service.version`, which hides the CLI's own version",
                    name::ATTRIBUTES
                );
                warning("client::service-version", message).hint("leave `service.version` out")
            }
            (Some(_), None) => continue,
            _ => {
                let message = format!(
                    "entry {number} of `{}` is no KEY=VALUE, so Claude Code leaves it out",
                    name::ATTRIBUTES
                );
                warning("client::attributes", message)
                    .hint("write `=` as `%3D` and `,` as `%2C` inside a value")
            }
        };
        found.push(scene.about_all(at(told, set)));
    }
    found
}
