//! The collector says it is healthy.

use super::check::Check;
use super::http::Http;
use crate::stack::{Port, Stack};

const NAME: &str = "health";

/// Asks the `health_check` extension.
pub(super) async fn check(stack: &Stack, http: &Http, port: &Port) -> Check {
    let url = format!("http://{}/", port.local_address());
    match http.get("the collector's health check", &url, &[]).await {
        Ok(_) => Check::passed(NAME, format!("{url} answers 200")),
        Err(error) => Check::failed(
            NAME,
            error.hint(format!("see `docker logs {}`", stack.collector.container)),
        ),
    }
}
