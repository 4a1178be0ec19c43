//! The whole compose file: the default network, named volumes, services.

use super::node::Node;
use super::read::{Mistakes, Section};
use super::{Service, Source};
use crate::diagnostic::Diagnostic;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// A compose file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeFile {
    /// The network that every service joins: `networks.default`.
    pub network: Network,
    /// Named volumes by their key in the file.
    pub volumes: BTreeMap<String, Volume>,
    /// Services by name.
    pub services: BTreeMap<String, Service>,
}

/// The network that every service joins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Docker's name for it.
    pub name: String,
    /// The driver, such as `bridge`.
    pub driver: String,
    /// Options of the driver.
    pub driver_opts: BTreeMap<String, String>,
    /// The address pools; empty: Docker chooses.
    pub subnets: Vec<IpNet>,
    /// The file's own labels.
    pub labels: BTreeMap<String, String>,
}

/// A named volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Docker's name for it.
    pub name: String,
    /// The file's own labels.
    pub labels: BTreeMap<String, String>,
}

impl ComposeFile {
    /// Reads a compose file.
    ///
    /// # Errors
    /// Every mistake, each with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let root = Node::parse(text).map_err(|error| vec![error])?;
        let mut mistakes = Mistakes::default();
        let file = Self::read(&root, &mut mistakes);
        mistakes.finish(file)
    }

    fn read(root: &Node, mistakes: &mut Mistakes) -> Option<Self> {
        let mut top = Section::open(root, "", mistakes)?;
        let network = top.required("networks", mistakes).and_then(|networks| {
            let mut networks = Section::open(networks, "networks", mistakes)?;
            let default = networks.required("default", mistakes);
            networks.finish(mistakes);
            Network::read(default?, mistakes)
        });
        let mut volumes = BTreeMap::new();
        if let Some(node) = top.optional("volumes") {
            for (key, node) in Section::entries(node, "volumes", mistakes) {
                if let Some(volume) = Volume::read(key, node, mistakes) {
                    volumes.insert(key.to_owned(), volume);
                }
            }
        }
        let mut services = BTreeMap::new();
        if let Some(node) = top.required("services", mistakes) {
            for (name, node) in Section::entries(node, "services", mistakes) {
                if let Some(service) = Service::read(name, node, mistakes) {
                    for mount in &service.volumes {
                        match &mount.source {
                            Source::Volume(key) if !volumes.contains_key(key) => mistakes.add(
                                node,
                                format!(
                                    "service `{name}` mounts volume `{key}`, which is not declared"
                                ),
                                format!("add `{key}` under `volumes`"),
                            ),
                            Source::Volume(_) | Source::Path(_) => {}
                        }
                    }
                    services.insert(name.to_owned(), service);
                }
            }
        }
        top.finish(mistakes);
        Some(Self { network: network?, volumes, services })
    }
}

impl Network {
    fn read(node: &Node, mistakes: &mut Mistakes) -> Option<Self> {
        let mut section = Section::open(node, "networks.default", mistakes)?;
        let name = section.text("name", mistakes);
        let driver = section.text("driver", mistakes);
        let driver_opts = section.map("driver_opts", mistakes);
        let subnets = section
            .optional("ipam")
            .map(|ipam| Self::read_subnets(ipam, mistakes))
            .unwrap_or_default();
        let labels = section.map("labels", mistakes);
        section.missing("name", name.as_ref(), mistakes);
        section.missing("driver", driver.as_ref(), mistakes);
        section.finish(mistakes);
        Some(Self { name: name?, driver: driver?, driver_opts, subnets, labels })
    }

    fn read_subnets(node: &Node, mistakes: &mut Mistakes) -> Vec<IpNet> {
        let Some(mut ipam) = Section::open(node, "networks.default.ipam", mistakes) else {
            return Vec::new();
        };
        if let Some(driver) = ipam.text("driver", mistakes)
            && driver != "default"
        {
            mistakes.add(
                node,
                format!("address driver `{driver}` is not supported"),
                "write `driver: default`",
            );
        }
        let mut subnets = Vec::new();
        for pool in ipam.list("config", mistakes) {
            let Some(mut section) = Section::open(pool, "networks.default.ipam.config", mistakes)
            else {
                continue;
            };
            if let Some(text) = section.text("subnet", mistakes) {
                match text.parse::<IpNet>() {
                    Ok(subnet) if subnet.trunc() == subnet => subnets.push(subnet),
                    Ok(_) | Err(_) => mistakes.add(
                        pool,
                        format!("`{text}` is no subnet"),
                        "write it as in `172.31.250.0/24`",
                    ),
                }
            }
            section.finish(mistakes);
        }
        ipam.finish(mistakes);
        subnets
    }
}

impl Volume {
    fn read(key: &str, node: &Node, mistakes: &mut Mistakes) -> Option<Self> {
        let mut section = Section::open(node, &format!("volumes.{key}"), mistakes)?;
        let name = section.text("name", mistakes);
        let labels = section.map("labels", mistakes);
        section.missing("name", name.as_ref(), mistakes);
        section.finish(mistakes);
        Some(Self { name: name?, labels })
    }
}

#[cfg(test)]
mod tests {
    use super::ComposeFile;
    use crate::diagnostic::Kind;

    const GOOD: &str = include_str!("sample.yaml");

    fn errors(text: &str) -> Vec<String> {
        ComposeFile::parse(text)
            .expect_err("must be refused")
            .into_iter()
            .map(|error| {
                assert_eq!(error.kind, Kind::Profile);
                let at = error.origin.location().expect("an error has a place").clone();
                format!("{}:{} {}", at.line, at.column, error.message)
            })
            .collect()
    }

    #[test]
    fn reads_the_agreed_shape() {
        let file = ComposeFile::parse(GOOD).expect("the sample is valid");
        assert_eq!(file.network.name, "otel_default");
        assert_eq!(file.network.subnets.len(), 1);
        assert_eq!(file.volumes["prometheus-data"].name, "otel_prometheus-data");
        let collector = &file.services["otel-collector"];
        assert_eq!(collector.mem_limit.as_ref().map(|limit| limit.bytes), Some(671_088_640));
        assert_eq!(collector.ports.len(), 2);
        assert_eq!(collector.environment["NOTE"], "a $ sign, é and \u{1f600}");
        assert_eq!(file.services["prometheus"].volumes.len(), 2);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let text = GOOD
            .replacen("    read_only: true", "    read_onyl: true", 1)
            .replace("mem_limit: 640m", "mem_limit: 640")
            .replace("- subnet: 172.31.250.0/24", "- subnet: 172.31.250.1/24")
            .replace("\"127.0.0.1:13133:13133\"", "\"localhost:13133:13133\"")
            .replace("prometheus-data:/prometheus", "other-data:/prometheus");
        let found = errors(&text);
        assert_eq!(
            found,
            [
                "10:11 `172.31.250.1/24` is no subnet",
                "24:5 unknown key `services.otel-collector.read_onyl`",
                "30:16 `services.otel-collector.mem_limit` must be text, and is a number",
                "34:9 `localhost:13133:13133` is no published port",
                "47:5 service `prometheus` mounts volume `other-data`, which is not declared",
            ]
        );
    }

    #[test]
    fn broken_yaml_has_a_place() {
        assert_eq!(errors("services: [\n").len(), 1);
        assert!(errors("a: 1\na: 2\n").first().is_some_and(|e| e.starts_with("2:1")), "duplicate");
    }

    #[test]
    fn environment_variables_of_the_shell_are_not_substituted() {
        let found = errors(&GOOD.replace("512MiB", "${LIMIT}"));
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|e| e.contains("`$`")), "{found:?}");
    }
}
