//! The registry of a world: the mirror that its engine pulls official names from.

use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use super::folder::Folder;
use super::namespaces::Namespaces;

/// A docker-registry on 127.0.0.1:5000 of the host; it ends with the namespaces.
pub struct Registry(Child);

impl Registry {
    /// Where the host's engine finds it.
    pub const ADDRESS: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 5000);

    /// Starts a registry that only reads: all worlds share the stored images.
    pub fn start(namespaces: &Namespaces, folder: &Folder) -> Self {
        let storage = storage();
        assert!(
            storage.join("made-from").exists(),
            "no test images in {}: run `scripts/images registry`",
            storage.display()
        );
        let (address, port) = Self::ADDRESS;
        let settings = serde_json::json!({
            "version": "0.1",
            "log": { "accesslog": { "disabled": true } },
            "storage": {
                "filesystem": { "rootdirectory": storage },
                "maintenance": { "readonly": { "enabled": true } },
            },
            "http": { "addr": format!("{address}:{port}") },
        });
        let file = folder.path("registry.yml");
        fs::write(&file, settings.to_string()).expect("write the settings");
        let log = folder.log("registry");
        let child = namespaces
            .enter_all()
            .args(["docker-registry", "serve"])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("open the log"))
            .stderr(log)
            .spawn();
        Self(child.expect("run docker-registry"))
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // This is nsenter, which waits for the registry; both are gone with the namespaces.
        let _ = self.0.try_wait();
    }
}

/// Where `scripts/images registry` puts the images.
fn storage() -> PathBuf {
    let cache = std::env::var_os("OTELCTL_CACHE").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").expect("HOME is set"));
    cache.unwrap_or_else(|| home().join(".cache/otelctl")).join("registry")
}
