//! The bodies of the requests that make networks, volumes and containers.

use super::spec::tmpfs;
use super::{ContainerSpec, NetworkSpec, VolumeSpec, labels};
use bollard::models;
use std::collections::{BTreeMap, HashMap};

impl NetworkSpec {
    /// The body of the request that makes it; the same flags as docker-compose's.
    pub(super) fn request(&self) -> models::NetworkCreateRequest {
        let config = self
            .subnets
            .iter()
            .map(|subnet| models::IpamConfig {
                subnet: Some(subnet.to_string()),
                ..models::IpamConfig::default()
            })
            .collect();
        models::NetworkCreateRequest {
            name: self.name.clone(),
            driver: Some(self.driver.clone()),
            attachable: Some(true),
            ipam: Some(models::Ipam {
                driver: Some("default".to_owned()),
                config: Some(config),
                options: None,
            }),
            options: Some(unsorted(&self.options)),
            labels: Some(unsorted(&self.labels)),
            ..models::NetworkCreateRequest::default()
        }
    }
}

impl VolumeSpec {
    /// The body of the request that makes it.
    pub(super) fn request(&self) -> models::VolumeCreateRequest {
        models::VolumeCreateRequest {
            name: Some(self.name.clone()),
            driver: Some("local".to_owned()),
            labels: Some(unsorted(&self.labels)),
            ..models::VolumeCreateRequest::default()
        }
    }
}

impl ContainerSpec {
    /// The body of the request that makes it.
    pub(super) fn request(&self, image_id: &str) -> models::ContainerCreateBody {
        let service = &self.service;
        let mut all_labels = self.labels.clone();
        all_labels.insert(labels::CONFIG_HASH.to_owned(), self.config_hash.with_image(image_id));
        let endpoint = models::EndpointSettings {
            aliases: Some(vec![service.name.clone()]),
            ..models::EndpointSettings::default()
        };
        models::ContainerCreateBody {
            image: Some(service.image.clone()),
            cmd: some(&service.command),
            entrypoint: some(&service.entrypoint),
            user: service.user.clone(),
            env: Some(
                service.environment.iter().map(|(key, value)| format!("{key}={value}")).collect(),
            ),
            exposed_ports: some(
                &service
                    .ports
                    .iter()
                    .map(|port| format!("{}/tcp", port.container_port))
                    .collect::<Vec<_>>(),
            ),
            labels: Some(unsorted(&all_labels)),
            stop_timeout: service.stop_grace_period.as_ref().map(|grace| grace.seconds.into()),
            host_config: Some(self.host_config()),
            networking_config: Some(models::NetworkingConfig {
                endpoints_config: Some(HashMap::from([(self.network.clone(), endpoint)])),
            }),
            ..models::ContainerCreateBody::default()
        }
    }

    fn host_config(&self) -> models::HostConfig {
        let service = &self.service;
        let mut bindings = models::PortMap::new();
        for port in &service.ports {
            bindings
                .entry(format!("{}/tcp", port.container_port))
                .or_default()
                .get_or_insert_default()
                .push(models::PortBinding {
                    host_ip: Some(port.host_ip.map(|ip| ip.to_string()).unwrap_or_default()),
                    host_port: Some(port.host_port.to_string()),
                });
        }
        let binds = self
            .mounts
            .iter()
            .filter_map(|(target, mount)| {
                let (source, mode) = mount.rsplit_once(':')?;
                Some(format!("{source}:{target}:{mode}"))
            })
            .collect();
        models::HostConfig {
            binds: Some(binds),
            memory: service.mem_limit.as_ref().and_then(|limit| i64::try_from(limit.bytes).ok()),
            network_mode: Some(self.network.clone()),
            port_bindings: Some(bindings),
            restart_policy: service.restart.map(|restart| models::RestartPolicy {
                name: restart.name().parse().ok(),
                maximum_retry_count: Some(restart.retries().into()),
            }),
            cap_add: some(&service.cap_add),
            cap_drop: some(&service.cap_drop),
            readonly_rootfs: service.read_only,
            security_opt: some(&service.security_opt),
            tmpfs: Some(unsorted(&tmpfs(service))),
            log_config: service.logging.as_ref().map(|logging| models::HostConfigLogConfig {
                typ: Some(logging.driver.clone()),
                config: Some(unsorted(&logging.options)),
            }),
            ..models::HostConfig::default()
        }
    }
}

fn some(list: &[String]) -> Option<Vec<String>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn unsorted(map: &BTreeMap<String, String>) -> HashMap<String, String> {
    map.clone().into_iter().collect()
}
