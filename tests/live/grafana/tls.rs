//! HTTPS with an authority of one's own.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::administrator::{Administrator, fails};
use crate::live::stand_in::StandIn;
use otelctl::diagnostic::Kind;

/// An authority for this test alone.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A server's side of TLS for 127.0.0.1.
    fn server(&self) -> TlsAcceptor {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a configuration");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Speaks TLS in front of a server; ends with the test's process.
fn front(authority: &Authority, behind: &str) -> SocketAddr {
    let (acceptor, behind) = (authority.server(), behind.to_owned());
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("the test waits");
            let tasks = tokio::task::LocalSet::new();
            tasks
                .run_until(async {
                    while let Ok((stream, _)) = listener.accept().await {
                        let (acceptor, behind) = (acceptor.clone(), behind.clone());
                        tokio::task::spawn_local(async move {
                            // A client that does not believe us ends the handshake.
                            let Ok(mut outer) = acceptor.accept(stream).await else { return };
                            let mut inner = TcpStream::connect(behind).await.expect("the server");
                            let _ = tokio::io::copy_bidirectional(&mut outer, &mut inner).await;
                        });
                    }
                })
                .await;
        });
    });
    told.recv().expect("an address")
}

#[test]
fn a_private_authority_is_believed_when_its_file_is_named() {
    let server = StandIn::here("12");
    let (authority, other) = (Authority::new(), Authority::new());
    let url = format!("https://{}", front(&authority, server.address()));
    let folder = tempfile::tempdir().expect("a folder");
    let named = |name: &str, pem: &str| {
        let path = folder.path().join(name);
        fs::write(&path, pem).expect("write");
        format!("otelctl::grafana::ca_file: {}", path.display())
    };
    let ours = named("ours.pem", &format!("{}{}", other.pem, authority.pem));
    Administrator::at(&url, &server.credentials, &ours).converge();
    assert_eq!(server.writes().len(), 5);

    // The system's authorities, and another private one, did not sign it.
    for more in [String::new(), named("other.pem", &other.pem)] {
        server.reset();
        let error =
            fails(Administrator::at(&url, &server.credentials, &more).apply(), Kind::Unreachable);
        assert!(error.causes.iter().any(|cause| cause.contains("certificate")), "{error:?}");
        assert!(error.hint.is_some_and(|hint| hint.contains("ca_file")));
        assert_eq!(server.requests(), [], "nothing is said to a stranger");
    }
    let missing = "otelctl::grafana::ca_file: /nowhere/ca.pem";
    let error = fails(Administrator::at(&url, &server.credentials, missing).apply(), Kind::Profile);
    assert!(error.origin.location().is_some(), "{error:?}");
}
