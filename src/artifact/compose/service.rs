//! One service: a container as the compose file wants it.

use super::node::Node;
use super::read::{Mistakes, Section, text};
use super::{Duration, Memory, Mount, PublishedPort, Restart};
use std::collections::BTreeMap;

/// A service; every list and map is empty when its key is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The key under `services`.
    pub name: String,
    /// The container's name.
    pub container_name: String,
    /// The image reference as written.
    pub image: String,
    /// Arguments; empty: the image's own.
    pub command: Vec<String>,
    /// The program; empty: the image's own.
    pub entrypoint: Vec<String>,
    /// `uid:gid`; none: the image's own.
    pub user: Option<String>,
    /// Whether the root file system is read-only.
    pub read_only: Option<bool>,
    /// Capabilities taken away.
    pub cap_drop: Vec<String>,
    /// Capabilities given.
    pub cap_add: Vec<String>,
    /// Security options, such as `no-new-privileges`.
    pub security_opt: Vec<String>,
    /// Environment, on top of the image's own.
    pub environment: BTreeMap<String, String>,
    /// The memory limit.
    pub mem_limit: Option<Memory>,
    /// The restart policy.
    pub restart: Option<Restart>,
    /// Published ports.
    pub ports: Vec<PublishedPort>,
    /// Mounted folders and volumes.
    pub volumes: Vec<Mount>,
    /// Mounted memory file systems: `path[:options]`.
    pub tmpfs: Vec<String>,
    /// Where the output goes; none: as the daemon is set up.
    pub logging: Option<Logging>,
    /// The file's own labels.
    pub labels: BTreeMap<String, String>,
    /// From SIGTERM to SIGKILL; none: ten seconds.
    pub stop_grace_period: Option<Duration>,
}

/// A log driver and its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// The driver, such as `json-file`.
    pub driver: String,
    /// Its options.
    pub options: BTreeMap<String, String>,
}

impl Service {
    pub(super) fn read(name: &str, node: &Node, mistakes: &mut Mistakes) -> Option<Self> {
        let path = format!("services.{name}");
        let mut section = Section::open(node, &path, mistakes)?;
        let container_name = section.text("container_name", mistakes);
        let image = section.text("image", mistakes);
        section.missing("container_name", container_name.as_ref(), mistakes);
        section.missing("image", image.as_ref(), mistakes);
        let command = section.texts("command", mistakes);
        let entrypoint = section.texts("entrypoint", mistakes);
        let user = section.text("user", mistakes);
        let read_only = section.bool("read_only", mistakes);
        let cap_drop = section.texts("cap_drop", mistakes);
        let cap_add = section.texts("cap_add", mistakes);
        let security_opt = Self::read_security(&mut section, mistakes);
        let environment = section.map("environment", mistakes);
        let mem_limit =
            Self::parsed(&mut section, "mem_limit", Memory::parse, "640m, at least 6m", mistakes);
        let restart = Self::parsed(
            &mut section,
            "restart",
            Restart::parse,
            "unless-stopped, always, on-failure:3 or \"no\"",
            mistakes,
        );
        let ports = Self::each(
            section.list("ports", mistakes),
            "published port",
            "\"4317:4317\" or \"127.0.0.1:13133:13133\"",
            PublishedPort::parse,
            mistakes,
        );
        let volumes = Self::each(
            section.list("volumes", mistakes),
            "mount",
            "/absolute/folder:/target:ro or volume:/target",
            Mount::parse,
            mistakes,
        );
        let tmpfs = section.texts("tmpfs", mistakes);
        let logging =
            section.optional("logging").and_then(|node| Logging::read(node, &path, mistakes));
        let labels = section.map("labels", mistakes);
        let stop_grace_period =
            Self::parsed(&mut section, "stop_grace_period", Duration::parse, "10s", mistakes);
        section.finish(mistakes);
        Some(Self {
            name: name.to_owned(),
            container_name: container_name?,
            image: image?,
            command,
            entrypoint,
            user,
            read_only,
            cap_drop,
            cap_add,
            security_opt,
            environment,
            mem_limit,
            restart,
            ports,
            volumes,
            tmpfs,
            logging,
            labels,
            stop_grace_period,
        })
    }

    fn read_security(section: &mut Section<'_>, mistakes: &mut Mistakes) -> Vec<String> {
        let items = section.list("security_opt", mistakes);
        let mut options = Vec::new();
        for node in items {
            let Some(option) = text(node, "security_opt", mistakes) else { continue };
            // docker-compose reads a seccomp profile from disk and sends its content.
            if option.starts_with("seccomp") {
                mistakes.add(node, "a seccomp profile is not supported", "remove it");
            } else {
                options.push(option);
            }
        }
        options
    }

    fn parsed<T>(
        section: &mut Section<'_>,
        key: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        example: &str,
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        let node = section.optional(key)?;
        let written = text(node, &section.name(key), mistakes)?;
        let value = parse(&written);
        if value.is_none() {
            mistakes.add(
                node,
                format!("`{written}` is no value for `{}`", section.name(key)),
                format!("write it as in {example}"),
            );
        }
        value
    }

    fn each<T>(
        nodes: &[Node],
        noun: &str,
        example: &str,
        parse: impl Fn(&str) -> Option<T>,
        mistakes: &mut Mistakes,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for node in nodes {
            let Some(written) = text(node, noun, mistakes) else { continue };
            match parse(&written) {
                Some(value) => values.push(value),
                None => mistakes.add(
                    node,
                    format!("`{written}` is no {noun}"),
                    format!("write it as in {example}"),
                ),
            }
        }
        values
    }
}

impl Logging {
    fn read(node: &Node, service: &str, mistakes: &mut Mistakes) -> Option<Self> {
        let mut section = Section::open(node, &format!("{service}.logging"), mistakes)?;
        let driver = section.text("driver", mistakes);
        section.missing("driver", driver.as_ref(), mistakes);
        let options = section.map("options", mistakes);
        section.finish(mistakes);
        Some(Self { driver: driver?, options })
    }
}
