//! Whom an HTTPS client believes: the system's authorities, or one that a file names.
//!
//! Every HTTP client of otelctl is built on one of these configurations, so
//! that none looks for authorities by itself. May not know what is asked for.

use super::disk;
use crate::diagnostic::{Diagnostic, Kind};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// Believes nobody: for a client that speaks plain HTTP.
///
/// # Errors
/// `Kind::Bug` when the cryptography cannot be set up.
pub fn nobody() -> Result<ClientConfig, Diagnostic> {
    config(RootCertStore::empty())
}

/// Believes the authorities in `ca_file` (PEM) and nobody else; without a file
/// those that the system trusts (`/etc/ssl/certs`).
///
/// # Errors
/// A file that is missing or holds no certificate; a system without authorities.
pub fn authorities(ca_file: Option<&Path>) -> Result<ClientConfig, Diagnostic> {
    let mut roots = RootCertStore::empty();
    let Some(path) = ca_file else {
        let found = rustls_native_certs::load_native_certs();
        let (accepted, _) = roots.add_parsable_certificates(found.certs);
        if accepted == 0 {
            let message = "this system trusts no certificate authority";
            return Err(Diagnostic::error(Kind::Failed, message)
                .code("tls::no-authorities")
                .hint("install the package `ca-certificates`, or name a `ca_file`"));
        }
        return config(roots);
    };
    let wrong = |cause: String| {
        let message = format!("`{}` holds no certificate authority", path.display());
        Diagnostic::error(Kind::Profile, message)
            .code("tls::ca-file")
            .cause(cause)
            .hint("name a file of certificates in PEM (`-----BEGIN CERTIFICATE-----`)")
    };
    let bytes = disk::read(path)?.ok_or_else(|| wrong("there is no such file".to_owned()))?;
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(wrong("no certificate stands in it".to_owned()));
    }
    config(roots)
}

fn config(roots: RootCertStore) -> Result<ClientConfig, Diagnostic> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder
        .map_err(|error| Diagnostic::error(Kind::Bug, "cannot set up TLS").caused_by(&error))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::{authorities, nobody};
    use crate::diagnostic::Kind;

    #[test]
    fn a_file_without_a_certificate_is_told_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(nobody().is_ok());
        for content in
            [None, Some(""), Some("no certificate"), Some("-----BEGIN CERTIFICATE-----\n")]
        {
            if let Some(content) = content {
                std::fs::write(&path, content).unwrap();
            }
            let error = authorities(Some(&path)).unwrap_err();
            assert_eq!(error.kind, Kind::Profile, "{content:?}");
            assert!(error.message.contains("ca.pem") && error.hint.is_some(), "{error:?}");
        }
    }
}
