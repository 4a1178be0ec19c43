//! Makes one decided call to a Grafana.
//!
//! Nothing is overwritten blindly: each write names the version it was decided
//! on. Where Grafana says that somebody else wrote, or no whole answer comes,
//! the object is read again, and what is there now decides how it is told.

mod settle;
mod write;

use super::api::Api;
use super::{Connection, Operation};
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::{Execute, Progress};
use tokio::sync::OnceCell;

/// Writes to a Grafana over its HTTP API.
#[derive(Debug)]
pub struct Writer {
    connection: Option<Connection>,
    api: OnceCell<Api>,
}

impl Writer {
    /// Makes a writer; connects to nothing before its first operation.
    #[must_use]
    pub fn new(connection: Option<Connection>) -> Self {
        Self { connection, api: OnceCell::new() }
    }

    async fn api(&self) -> Result<&Api, Diagnostic> {
        let open = async || match &self.connection {
            Some(connection) => connection.open(),
            None => Err(Diagnostic::error(Kind::Bug, "there is no connection to Grafana")),
        };
        self.api.get_or_try_init(open).await
    }
}

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(
        &self,
        operation: &Operation,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        let api = self.api().await?;
        match operation {
            Operation::Call(call) => write::run(api, call).await,
            Operation::Settle { address, desired } => {
                progress("looking at what Grafana's volume holds");
                match settle::decide(api, address, desired).await? {
                    Some(call) => write::run(api, &call).await,
                    None => Ok(()),
                }
            }
        }
    }
}
