//! Connects to the Docker Engine and pins the API version. Sends nothing else.

use super::failure;
use crate::diagnostic::{Diagnostic, Kind};
use bollard::{ClientVersion, Docker};
use std::io;

/// Where Docker listens unless told otherwise.
pub const DEFAULT_HOST: &str = "unix:///var/run/docker.sock";

/// Seconds to wait for the head of an answer; a stop may take its grace period.
const TIMEOUT: u64 = 120;
/// The newest API that was tried (Engine 28.5).
const NEWEST: ClientVersion = ClientVersion { major_version: 1, minor_version: 51 };
/// The oldest API that was tried (Engine 20.10).
const OLDEST: ClientVersion = ClientVersion { major_version: 1, minor_version: 41 };

/// A connection, and the process that serves it if it is on this machine.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) docker: Docker,
    pub(super) daemon: Option<i32>,
}

impl Client {
    /// Connects to `unix:///path` or `tcp://host:port` and agrees on a version.
    pub(super) async fn connect(host: &str) -> Result<Self, Diagnostic> {
        let mut daemon = None;
        let docker = if let Some(path) = host.strip_prefix("unix://") {
            daemon = knock(path).await.map_err(|error| unreachable(host, path, &error))?;
            Docker::connect_with_unix(path, TIMEOUT, &NEWEST)
        } else if host.starts_with("tcp://") || host.starts_with("http://") {
            Docker::connect_with_http(host, TIMEOUT, &NEWEST)
        } else {
            return Err(Diagnostic::error(
                Kind::Usage,
                format!("`{host}` is no address of a Docker Engine"),
            )
            .hint(format!("write it as in `{DEFAULT_HOST}` or `tcp://127.0.0.1:2375`")));
        };
        let docker = match docker {
            Ok(docker) => docker.negotiate_version().await,
            Err(error) => Err(error),
        };
        let docker = docker.map_err(|error| {
            let failed = failure::failed("cannot reach Docker", "GET /version", &error);
            Diagnostic { kind: Kind::Unreachable, ..failed }
                .code("docker::unreachable")
                .hint(format!("see whether a Docker Engine listens on `{host}`"))
        })?;
        let version = docker.client_version();
        if version < OLDEST {
            return Err(Diagnostic::error(
                Kind::Failed,
                format!("the Docker Engine on `{host}` is too old"),
            )
            .cause(format!("it speaks API {version}, and {OLDEST} is the oldest supported"))
            .hint("install Docker Engine 20.10 or newer"));
        }
        Ok(Self { docker: pin(docker, &version), daemon })
    }
}

/// Puts the version into each request's path: bollard agrees on one, and then
/// loses it while joining the URL, so each engine would answer by its own default.
fn pin(docker: Docker, version: &ClientVersion) -> Docker {
    let prefix = format!("/v{version}");
    docker.with_request_modifier(move |mut request| {
        let uri = request.uri();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        if let (false, Some(scheme), Some(authority)) =
            (path.starts_with(&prefix), uri.scheme_str(), uri.authority())
            && let Ok(pinned) = format!("{scheme}://{authority}{prefix}{path}").parse()
        {
            *request.uri_mut() = pinned;
        }
        request
    })
}

/// Opens the socket once: bollard's own error does not tell a missing socket
/// from a forbidden one. Returns the process at the other end.
async fn knock(path: &str) -> io::Result<Option<i32>> {
    let stream = tokio::net::UnixStream::connect(path).await?;
    Ok(stream.peer_cred()?.pid())
}

fn unreachable(host: &str, path: &str, error: &io::Error) -> Diagnostic {
    let at_socket = format!("{path}: {error}");
    if error.kind() == io::ErrorKind::PermissionDenied {
        return Diagnostic::error(Kind::Permission, "Docker denies access")
            .code("docker::permission")
            .cause(format!("cannot open `{host}`"))
            .cause(at_socket)
            .hint("run as root, or as a member of the group that owns the socket (`usermod -aG docker USER`)");
    }
    Diagnostic::error(Kind::Unreachable, "cannot reach Docker")
        .code("docker::unreachable")
        .cause(format!("cannot open `{host}`"))
        .cause(at_socket)
        .hint("start it with `systemctl start docker`, or name another one with `--docker-host`")
}

#[cfg(test)]
mod tests {
    use super::Client;
    use crate::diagnostic::Kind;

    fn connect(host: &str) -> crate::diagnostic::Diagnostic {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(Client::connect(host))
            .expect_err("nobody listens")
    }

    #[test]
    fn no_docker_is_unreachable_with_causes_and_a_hint() {
        let error = connect("unix:///nonexistent/docker.sock");
        assert_eq!(error.kind, Kind::Unreachable);
        assert_eq!(error.causes.len(), 2);
        assert!(error.causes[1].contains("No such file"), "{:?}", error.causes);
        assert!(error.hint.is_some_and(|hint| hint.contains("systemctl start docker")));
        assert_eq!(connect("tcp://127.0.0.1:1").kind, Kind::Unreachable);
    }

    #[test]
    fn an_unknown_scheme_is_a_usage_error() {
        assert_eq!(connect("ssh://host").kind, Kind::Usage);
    }
}
