//! How a container was made, in the terms of the compose file's subset.

use crate::plan::{FieldDiff, Shown};
use std::collections::{BTreeMap, BTreeSet};

/// Everything about a container that the compose file decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The image as it was named.
    pub reference: String,
    /// The image's id.
    pub image: String,
    /// The program.
    pub entrypoint: Vec<String>,
    /// Its arguments.
    pub command: Vec<String>,
    /// `uid:gid`.
    pub user: String,
    /// The environment, the image's own included.
    pub environment: BTreeMap<String, String>,
    /// Whether the root file system is read-only.
    pub read_only: bool,
    /// Capabilities given, without `CAP_`.
    pub cap_add: BTreeSet<String>,
    /// Capabilities taken away, without `CAP_`.
    pub cap_drop: BTreeSet<String>,
    /// Security options.
    pub security_opt: BTreeSet<String>,
    /// Bytes; 0: no limit.
    pub memory: u64,
    /// The restart policy, such as `on-failure:3`.
    pub restart: String,
    /// Published ports as the compose file writes them.
    pub ports: BTreeSet<String>,
    /// Target to `source:ro|rw`; a volume's source is its name.
    pub mounts: BTreeMap<String, String>,
    /// Path to options.
    pub tmpfs: BTreeMap<String, String>,
    /// The log driver.
    pub log_driver: String,
    /// Its options.
    pub log_options: BTreeMap<String, String>,
    /// The labels, the image's own included.
    pub labels: BTreeMap<String, String>,
    /// Name to id; no id while a container was never started.
    pub networks: BTreeMap<String, Option<String>>,
    /// The names by which other containers find it.
    pub aliases: BTreeSet<String>,
    /// Seconds from SIGTERM to SIGKILL; none: ten.
    pub stop_timeout: Option<i64>,
    /// Settings outside the subset that are not at their default.
    pub beyond: BTreeMap<String, String>,
}

impl Configuration {
    /// Compares what is there with what is wanted, field by field.
    #[must_use]
    pub fn compare(&self, wanted: &Self) -> Vec<FieldDiff> {
        let Self {
            reference,
            image,
            entrypoint,
            command,
            user,
            environment,
            read_only,
            cap_add,
            cap_drop,
            security_opt,
            memory,
            restart,
            ports,
            mounts,
            tmpfs,
            log_driver,
            log_options,
            labels,
            networks,
            aliases,
            stop_timeout,
            beyond,
        } = self;
        let mut fields = Vec::new();
        let mut text = |field: &str, before: String, after: String| {
            fields.extend(FieldDiff::compare(field, some(before), some(after)));
        };
        text("image", reference.clone(), wanted.reference.clone());
        text("image id", image.clone(), wanted.image.clone());
        text("entrypoint", entrypoint.join(" "), wanted.entrypoint.join(" "));
        text("command", command.join(" "), wanted.command.join(" "));
        text("user", user.clone(), wanted.user.clone());
        text("read-only root", read_only.to_string(), wanted.read_only.to_string());
        text("cap_add", joined(cap_add), joined(&wanted.cap_add));
        text("cap_drop", joined(cap_drop), joined(&wanted.cap_drop));
        text("security_opt", joined(security_opt), joined(&wanted.security_opt));
        text("memory", bytes(*memory), bytes(wanted.memory));
        text("restart", restart.clone(), wanted.restart.clone());
        text("log driver", log_driver.clone(), wanted.log_driver.clone());
        text("stop timeout", seconds(*stop_timeout), seconds(wanted.stop_timeout));
        // An argument list that joins to the same text may still differ.
        if fields.is_empty() && (entrypoint, command) != (&wanted.entrypoint, &wanted.command) {
            let quoted = |list: &[String]| Some(format!("{list:?}"));
            fields.extend(FieldDiff::compare(
                "entrypoint",
                quoted(entrypoint),
                quoted(&wanted.entrypoint),
            ));
            fields.extend(FieldDiff::compare("command", quoted(command), quoted(&wanted.command)));
        }
        let one_sided = |before: &BTreeSet<String>| -> BTreeMap<String, String> {
            before.iter().map(|entry| (entry.clone(), "published".to_owned())).collect()
        };
        fields.extend(maps("ports", &one_sided(ports), &one_sided(&wanted.ports)));
        fields.extend(maps("mounts", mounts, &wanted.mounts));
        fields.extend(maps("tmpfs", tmpfs, &wanted.tmpfs));
        fields.extend(maps("log", log_options, &wanted.log_options));
        fields.extend(maps("labels", labels, &wanted.labels));
        fields.extend(maps("setting", beyond, &wanted.beyond));
        fields.extend(compare_environment(environment, &wanted.environment));
        fields.extend(compare_networks(networks, &wanted.networks));
        for alias in wanted.aliases.difference(aliases) {
            fields.extend(FieldDiff::compare("alias", None, Some(alias)));
        }
        fields
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn joined(set: &BTreeSet<String>) -> String {
    set.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn bytes(count: u64) -> String {
    match count {
        0 => String::new(),
        count if count % (1 << 20) == 0 => format!("{} MiB", count >> 20),
        count => format!("{count} bytes"),
    }
}

/// Docker's own default is ten seconds, so saying nothing means the same.
fn seconds(timeout: Option<i64>) -> String {
    format!("{} s", timeout.unwrap_or(10))
}

fn maps(
    name: &str,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<FieldDiff> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter_map(|key| {
            FieldDiff::compare(format!("{name}.{key}"), before.get(key), after.get(key))
        })
        .collect()
}

/// Somebody else's variable may be a secret, so its value is never shown.
fn compare_environment(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<FieldDiff> {
    let mut fields = maps("environment", before, after);
    for field in &mut fields {
        if field.before != Shown::Absent {
            field.before = Shown::Hidden;
        }
    }
    fields
}

fn compare_networks(
    before: &BTreeMap<String, Option<String>>,
    after: &BTreeMap<String, Option<String>>,
) -> Vec<FieldDiff> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let shown = |id: &Option<String>| {
        id.as_ref().map_or_else(|| "attached".to_owned(), |id| id.chars().take(12).collect())
    };
    keys.into_iter()
        .filter_map(|name| {
            let (there, wanted) = (before.get(name), after.get(name));
            let same = match (there, wanted) {
                (Some(Some(there)), Some(Some(wanted))) => there == wanted,
                (Some(_), Some(_)) => true,
                _ => false,
            };
            if same {
                return None;
            }
            FieldDiff::compare(format!("network.{name}"), there.map(shown), wanted.map(shown))
        })
        .collect()
}
