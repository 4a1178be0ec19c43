//! Grafana's data source shows what Prometheus has stored.

use super::check::Check;
use super::growth::Totals;
use super::http::Http;
use super::prometheus::{PATIENCE, Source};
use super::wait;
use crate::diagnostic::{Diagnostic, Kind};
use crate::secret::Environment;
use crate::stack::{Grafana, Stack};
use serde::Deserialize;

pub(super) const NAME: &str = "grafana";

/// Asks for each counter of the canary through the data source's proxy, as a panel does.
pub(super) async fn check(
    stack: &Stack,
    grafana: &Grafana,
    environment: Environment<'_>,
    totals: &Totals,
) -> Check {
    let shown = async {
        let http = Http::for_grafana(grafana, environment)?;
        let datasource = datasource(&http, grafana).await?;
        shown(stack, grafana, &http, &datasource, totals).await?;
        Ok(datasource.name)
    };
    match shown.await {
        Ok(name) => {
            let (url, shown) = (&grafana.url.value, totals.values.len());
            let detail = format!("{shown} counters read back from data source `{name}` of {url}");
            Check::passed(NAME, detail)
        }
        Err(error) => Check::failed(NAME, told(error, grafana)),
    }
}

/// Whatever went wrong on the way is this hop's failure.
fn told(mut error: Diagnostic, grafana: &Grafana) -> Diagnostic {
    error.kind = Kind::Verify;
    if error.causes.is_empty() {
        error = error.cause("the data source cannot be asked");
    }
    if error.hint.is_some() {
        return error;
    }
    error.hint(match &grafana.container {
        Some(container) => format!("run `otelctl apply`, or see `docker logs {}`", container.name),
        None => "run `otelctl plan`, and check `otelctl::grafana::url`".to_owned(),
    })
}

async fn shown(
    stack: &Stack,
    grafana: &Grafana,
    http: &Http,
    datasource: &Datasource,
    totals: &Totals,
) -> Result<(), Diagnostic> {
    let Datasource { uid, name } = datasource;
    let url = &grafana.url.value;
    let source = Source {
        http,
        url: format!("{url}/api/datasources/proxy/uid/{uid}"),
        login: None,
        what: format!("data source `{name}` of Grafana at `{url}`"),
        hint: format!("see `{url}/connections/datasources/edit/{uid}`"),
        job: &stack.scrape.job,
    };
    let limit = wait::duration(&stack.scrape.interval.value) + PATIENCE;
    wait::until(limit, async || {
        let wrong = source.differences(totals).await?;
        if wrong.is_empty() {
            return Ok(());
        }
        let message = format!("{} does not show what the exporter shows", source.what);
        let error = Diagnostic::error(Kind::Verify, message);
        Err(wrong.into_iter().fold(error, Diagnostic::cause).hint(&source.hint))
    })
    .await
}

#[derive(Deserialize)]
struct Datasource {
    uid: String,
    name: String,
}

/// Ours, or else the one of its name, which `apply` left as it is.
async fn datasource(http: &Http, grafana: &Grafana) -> Result<Datasource, Diagnostic> {
    let (url, asked) = (&grafana.url.value, &grafana.datasource);
    let what = format!("Grafana at `{url}`");
    let by_uid = format!("{url}/api/datasources/uid/{}", asked.uid.value);
    let mut found = http.find(&what, &by_uid).await?;
    if found.is_none() && !asked.theirs {
        let by_name = format!("{url}/api/datasources/name/{}", encoded(&asked.name.value));
        found = http.find(&what, &by_name).await?;
    }
    let body = found.ok_or_else(|| {
        let message = format!("{what} has no data source `{}`", asked.name.value);
        Diagnostic::error(Kind::Verify, message)
            .cause(format!("nor one of uid `{}`", asked.uid.value))
    })?;
    serde_json::from_str(&body).map_err(|error| {
        Diagnostic::error(Kind::Verify, format!("{what} answers nonsense")).cause(format!(
            "line {}, column {} is unexpected",
            error.line(),
            error.column()
        ))
    })
}

/// One segment of a URL's path.
fn encoded(segment: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    segment.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn a_name_is_one_segment() {
        assert_eq!(encoded("My Prometheus/é"), "My%20Prometheus%2F%C3%A9");
    }
}
