//! The OTLP receivers take what clients send.

use super::canary::Canary;
use super::check::Check;
use super::http::{self, Headers, Http};
use super::otlp;
use crate::diagnostic::{Diagnostic, Kind};
use crate::stack::{Port, Stack};
use serde_json::{Map, Value};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, ToSocketAddrs};
use tokio::time::timeout;

pub(super) const GRPC: &str = "receiver grpc";
pub(super) const HTTP: &str = "receiver http";

/// How long the answer to a connection may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What an HTTP/2 client says first (RFC 9113, 3.4): the preface and empty SETTINGS.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// The frame type of SETTINGS, with which an HTTP/2 server must begin.
const SETTINGS: u8 = 4;

/// Speaks the first words of HTTP/2 to the gRPC port.
pub(super) async fn check_grpc(stack: &Stack, port: &Port) -> Check {
    let address = port.local_address();
    match speaks_http2(address).await {
        Ok(()) => Check::passed(GRPC, format!("{address} speaks HTTP/2")),
        Err(cause) => {
            let message = format!("the OTLP gRPC receiver at `{address}` does not answer");
            let error = Diagnostic::error(Kind::Verify, message).cause(cause);
            Check::failed(GRPC, error.hint(hint(stack)))
        }
    }
}

/// Says why an address does not speak HTTP/2.
pub(super) async fn speaks_http2(address: impl ToSocketAddrs) -> Result<(), String> {
    match timeout(TIMEOUT, greet(address)).await {
        Ok(Ok(SETTINGS)) => Ok(()),
        Ok(Ok(_)) => Err("what answers there does not speak HTTP/2".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", TIMEOUT.as_secs())),
    }
}

/// Returns the type of the first frame of the server.
async fn greet(address: impl ToSocketAddrs) -> io::Result<u8> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(PREFACE).await?;
    // Three bytes of length, one of type, one of flags, four of stream id.
    let mut header = [0; 9];
    stream.read_exact(&mut header).await?;
    let [.., kind, _, _, _, _, _] = header;
    Ok(kind)
}

/// Sends the canary.
pub(super) async fn check_http(stack: &Stack, http: &Http, port: &Port, canary: &Canary) -> Check {
    match send(http, port, canary).await {
        Ok(()) => {
            Check::passed(HTTP, format!("{} takes metrics, logs and traces", port.local_address()))
        }
        Err(error) => Check::failed(HTTP, error.hint(hint(stack))),
    }
}

async fn send(http: &Http, port: &Port, canary: &Canary) -> Result<(), Diagnostic> {
    let address = port.local_address();
    let what = format!("the OTLP HTTP receiver at `{address}`");
    for signal in ["metrics", "logs", "traces"] {
        let url = format!("http://{address}/v1/{signal}");
        send_signal(http, &what, &url, signal, canary, &Headers::new()).await?;
    }
    Ok(())
}

/// Sends one signal of the canary, which must be taken as a whole.
pub(super) async fn send_signal(
    http: &Http,
    what: &str,
    url: &str,
    signal: &str,
    canary: &Canary,
    headers: &Headers,
) -> Result<(), Diagnostic> {
    let body = match signal {
        "metrics" => otlp::metrics(canary),
        "logs" => otlp::logs(canary),
        _ => otlp::traces(canary),
    };
    let answer = http.post(what, url, &body, headers).await?;
    let hidden: Vec<&str> = headers.iter().map(|(_, value)| value.expose()).collect();
    accepted(&answer, &hidden).map_err(|why| {
        Diagnostic::error(Kind::Verify, format!("{what} refuses {signal}")).cause(why)
    })
}

/// An OTLP answer is a JSON object with `partialSuccess` alone, which is empty
/// when nothing was rejected. Other servers answer JSON too.
fn accepted(answer: &str, hidden: &[&str]) -> Result<(), String> {
    let quoted = || http::quoted(answer, hidden);
    let foreign = || format!("the answer is none of OTLP: {}", quoted());
    let fields: Map<String, Value> = serde_json::from_str(answer).map_err(|_| foreign())?;
    for (key, value) in &fields {
        match value.as_object() {
            Some(partial) if key == "partialSuccess" && partial.is_empty() => {}
            Some(_) if key == "partialSuccess" => {
                return Err(format!("not everything was taken: {}", quoted()));
            }
            _ => return Err(foreign()),
        }
    }
    Ok(())
}

fn hint(stack: &Stack) -> String {
    format!("see `docker logs {}`, and check the firewall", stack.collector.container)
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn only_a_full_success_is_one() {
        let accepted = |answer| super::accepted(answer, &[]);
        assert_eq!(accepted("{\"partialSuccess\":{}}"), Ok(()));
        assert_eq!(accepted("{}"), Ok(()));
        assert!(accepted("{\"partialSuccess\":{\"rejectedDataPoints\":\"1\"}}").is_err());
        assert!(accepted("<html>").is_err());
        assert!(accepted("{\"status\":\"Server available\"}").is_err());
        assert!(accepted("[]").is_err());
    }

    #[test]
    fn an_echo_of_the_key_is_not_printed() {
        let echo = format!("authorization: Bearer canary\n{}", "x".repeat(10_000));
        for answer in [echo.as_str(), "{\"partialSuccess\": {\"errorMessage\": \"Bearer canary\"}}"]
        {
            let why = accepted(answer, &["canary", "Bearer canary"]).unwrap_err();
            assert!(!why.contains("canary") && why.contains("(hidden)"), "{why}");
            assert!(why.len() < 1000, "{why}");
        }
    }
}
