//! Raw samples of a Prometheus, and what it says of its storage. Has no way to change it.

use super::query::{Querier, Series};
use crate::artifact::prometheus::Interval;
use crate::backfill::Storage;
use crate::diagnostic::{Diagnostic, Kind};
use serde::Deserialize;
use std::collections::BTreeMap;

const QUERY: &str = "/api/v1/query";
const QUERY_RANGE: &str = "/api/v1/query_range";
const FLAGS: &str = "/api/v1/status/flags";
const VERSION: &str = "/api/v1/status/buildinfo";
const MEMORY: &str = "/api/v1/status/tsdb";

impl Querier {
    /// Reads the samples of a range selector that ends at a time, in milliseconds since 1970.
    ///
    /// # Errors
    /// When Prometheus does not answer, or a sample is no number.
    pub async fn samples(&self, selector: &str, end: i64) -> Result<Vec<Series>, Diagnostic> {
        self.matrix(QUERY, &[("query", selector), ("time", &seconds(end))]).await
    }

    /// The one value of an expression at a time, in milliseconds since 1970.
    ///
    /// # Errors
    /// When Prometheus does not answer, or does not understand.
    pub async fn value(&self, expression: &str, at: i64) -> Result<Option<f64>, Diagnostic> {
        let time = seconds(at);
        let query = [("query", expression), ("start", &time), ("end", &time), ("step", "1")];
        let answer = self.matrix(QUERY_RANGE, &query).await?;
        Ok(answer.first().and_then(|series| series.points.first()).map(|(_, value)| *value))
    }

    /// Asks what it is and how it keeps samples.
    ///
    /// # Errors
    /// When Prometheus does not answer, or keeps samples nowhere that it says.
    pub async fn storage(&self) -> Result<Storage, Diagnostic> {
        let flags: BTreeMap<String, String> = self.ask(FLAGS, &[]).await?;
        let Version { version } = self.ask(VERSION, &[]).await?;
        let Memory { head } = self.ask(MEMORY, &[]).await?;
        let folder = flags.get("storage.tsdb.path").cloned().ok_or_else(|| {
            let message = format!("Prometheus at `{}` does not say where its data are", self.url());
            Diagnostic::error(Kind::Failed, message)
        })?;
        let retention = flags.get("storage.tsdb.retention.time");
        let retention = retention.and_then(|text| Interval::parse(text));
        let retention = retention.and_then(|kept| i64::try_from(kept.duration().as_millis()).ok());
        // Without a number it is the default, or none beside a limit of bytes.
        let retention = retention.filter(|kept| *kept > 0);
        let size = flags.get("storage.tsdb.retention.size");
        let is_sized = size.is_some_and(|size| size.chars().any(|c| ('1'..='9').contains(&c)));
        Ok(Storage { version, folder, retention, is_sized, head: head.min_time })
    }
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Deserialize)]
struct Memory {
    #[serde(rename = "headStats")]
    head: Head,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "minTime")]
    min_time: i64,
}

/// Milliseconds as the API writes times.
fn seconds(milliseconds: i64) -> String {
    format!("{}.{:03}", milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000))
}
