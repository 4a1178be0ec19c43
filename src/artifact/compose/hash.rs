//! The `com.docker.compose.config-hash` of docker-compose 1.29.2.
//!
//! It is the SHA-256 of the normalised service as Python's `json.dumps` writes
//! it (`compose/service.py`, `config_dict` and `json_hash`), and holds the
//! image's id. With the same hash `docker-compose up -d` recreates nothing.

use super::{ComposeFile, Service, Source};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// All that docker-compose 1.29.2 hashes about a service, the image's id apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigHash {
    after_image: String,
}

impl ConfigHash {
    /// Normalises a service of a file.
    #[must_use]
    pub fn new(file: &ComposeFile, service: &Service) -> Self {
        let full_name = |key: &str| {
            file.volumes.get(key).map_or_else(|| key.to_owned(), |volume| volume.name.clone())
        };
        let network = &file.network.name;
        let config = json!({
            "ipc_mode": null,
            "links": [],
            "net": network,
            "networks": { network.as_str(): {} },
            "options": options(service, full_name),
            "secrets": [],
            "volumes_from": [],
        });
        // `image_id` sorts before every other key.
        let after_image = python_json(&config).split_off(1);
        Self { after_image }
    }

    /// Returns the hash, in hex, for an image's id (`sha256:…`).
    #[must_use]
    pub fn with_image(&self, id: &str) -> String {
        let id = python_json(&Value::from(id));
        let text = format!("{{\"image_id\":{id},{}", self.after_image);
        hex(&Sha256::digest(text.as_bytes()))
    }
}

/// The service's options as docker-compose 1.29.2 normalises them.
pub(super) fn options(service: &Service, volume_name: impl Fn(&str) -> String) -> Value {
    let Service {
        name: _,
        container_name,
        image,
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
    } = service;
    let mut options = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            options.insert(key.to_owned(), value);
        }
    };
    let list = |items: &[String]| (!items.is_empty()).then(|| json!(items));
    put("container_name", Some(json!(container_name)));
    put("image", Some(json!(image)));
    put("command", list(command));
    put("entrypoint", list(entrypoint));
    put("user", user.as_ref().map(|user| json!(user)));
    put("read_only", read_only.map(Value::from));
    put("cap_drop", list(cap_drop));
    put("cap_add", list(cap_add));
    let security: Vec<Value> = security_opt.iter().map(|option| json!([option, null])).collect();
    put("security_opt", (!security.is_empty()).then(|| json!(security)));
    put("environment", (!environment.is_empty()).then(|| json!(environment)));
    put("mem_limit", mem_limit.as_ref().map(|limit| json!(limit.text)));
    put(
        "restart",
        restart.map(
            |restart| json!({ "Name": restart.name(), "MaximumRetryCount": restart.retries() }),
        ),
    );
    let published: Vec<Value> = ports
        .iter()
        .map(|port| json!([port.container_port, port.host_port, null, null, port.host_ip]))
        .collect();
    put("ports", (!published.is_empty()).then(|| json!(published)));
    let mounts: Vec<Value> = volumes
        .iter()
        .map(|mount| {
            let source = match &mount.source {
                Source::Path(path) => path.clone(),
                Source::Volume(key) => volume_name(key),
            };
            json!([source, mount.target, if mount.read_only { "ro" } else { "rw" }])
        })
        .collect();
    put("volumes", Some(json!(mounts)));
    put("tmpfs", list(tmpfs));
    put(
        "logging",
        logging.as_ref().map(|logging| {
            let mut value = Map::new();
            value.insert("driver".to_owned(), json!(logging.driver));
            if !logging.options.is_empty() {
                value.insert("options".to_owned(), json!(logging.options));
            }
            Value::Object(value)
        }),
    );
    put("labels", (!labels.is_empty()).then(|| json!(labels)));
    put("stop_grace_period", stop_grace_period.as_ref().map(|period| json!(period.text)));
    put("device_requests", Some(Value::Null));
    put("platform", Some(Value::Null));
    Value::Object(options)
}

/// Writes JSON as `json.dumps(sort_keys=True, separators=(',', ':'))` does: in ASCII.
pub(super) fn python_json(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quote(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python_json).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{}:{}", quote(key), python_json(value)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            ' '..='\u{7f}' => quoted.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
        }
    }
    quoted.push('"');
    quoted
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::ConfigHash;
    use crate::artifact::compose::ComposeFile;

    /// `docker-compose config --hash='*'` of 1.29.2 on `sample.yaml`, with these image ids.
    const COLLECTOR_IMAGE: &str =
        "sha256:c28cbcf9e4e91550c82ff310c29ea17029ca32bef8807fbb3fbae1d5c2f72448";
    const COLLECTOR: &str = "9af9f685b5b1274c7becc35855c78327ebedd2bb31b256a023c4080f0d9524fb";
    const PROMETHEUS_IMAGE: &str =
        "sha256:c9bc6fec62cc944f994f8a7ebe7b823522ecbb0c29a18925c53f168b1dcad798";
    const PROMETHEUS: &str = "096bbebc1ed768146c0cde782fd70015327c341294629f731d08a0f2ac4c2d8d";

    #[test]
    fn equals_what_docker_compose_computes() {
        let file = ComposeFile::parse(include_str!("sample.yaml")).expect("valid");
        let hash = |service: &str, image| {
            ConfigHash::new(&file, &file.services[service]).with_image(image)
        };
        assert_eq!(hash("otel-collector", COLLECTOR_IMAGE), COLLECTOR);
        assert_eq!(hash("prometheus", PROMETHEUS_IMAGE), PROMETHEUS);
        assert_ne!(hash("prometheus", COLLECTOR_IMAGE), PROMETHEUS);
    }
}
