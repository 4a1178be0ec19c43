//! The digest that decides whether a container is still what the file wants.

use super::{Service, hash, label};
use sha2::{Digest as _, Sha256};

/// Returns the SHA-256, in hex, of a service and of the mounted files whose
/// change needs a restart; each file is a name and its bytes. The label that
/// carries the digest is left out.
#[must_use]
pub fn digest(service: &Service, restart_files: &[(&str, &[u8])]) -> String {
    let mut service = service.clone();
    service.labels.remove(label::DIGEST);
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(service.name.as_bytes());
    part(hash::python_json(&hash::options(&service, str::to_owned)).as_bytes());
    for (name, bytes) in restart_files {
        part(name.as_bytes());
        part(bytes);
    }
    hash::hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::digest;
    use crate::artifact::compose::{ComposeFile, label};

    #[test]
    fn covers_the_service_and_the_files_but_not_itself() {
        let file = ComposeFile::parse(include_str!("sample.yaml")).expect("valid");
        let service = file.services["otel-collector"].clone();
        let files: &[(&str, &[u8])] = &[("config/a.yaml", b"one")];
        let before = digest(&service, files);
        assert_eq!(before.len(), 64);

        let mut relabelled = service.clone();
        relabelled.labels.insert(label::DIGEST.into(), "other".into());
        assert_eq!(digest(&relabelled, files), before, "the digest label is left out");

        let mut changed = service.clone();
        changed.user = None;
        assert_ne!(digest(&changed, files), before);
        assert_ne!(digest(&service, &[("config/a.yaml", b"two")]), before);
        assert_ne!(digest(&service, &[("config/a.yam", b"lone")]), before, "parts are kept apart");
    }
}
