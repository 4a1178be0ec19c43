//! The writers of all systems, and the way from an operation to its writer.

use crate::diagnostic::Diagnostic;
use crate::provider::{
    Execute as _, Operation, Progress, docker, files, firewall, grafana, prometheus, secrets,
    service,
};

/// Everything that can write.
#[derive(Debug)]
pub struct Writers {
    /// Writes files.
    pub files: files::Writer,
    /// Writes secret files.
    pub secrets: secrets::Writer,
    /// Changes Docker objects.
    pub docker: docker::Writer,
    /// Changes the nft table.
    pub firewall: firewall::Writer,
    /// Reloads Prometheus.
    pub prometheus: prometheus::Writer,
    /// Installs and starts units of systemd.
    pub service: service::Writer,
    /// Changes what Grafana holds.
    pub grafana: grafana::Writer,
    /// Configures the user's own Prometheus.
    pub external_prometheus: prometheus::external::Writer,
}

impl Writers {
    /// Runs one operation of any provider.
    pub async fn execute(
        &self,
        operation: &Operation,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        match operation {
            Operation::File(operation) => self.files.execute(operation, progress).await,
            Operation::Secret(operation) => self.secrets.execute(operation, progress).await,
            Operation::Docker(operation) => self.docker.execute(operation, progress).await,
            Operation::Firewall(operation) => self.firewall.execute(operation, progress).await,
            Operation::Prometheus(operation) => self.prometheus.execute(operation, progress).await,
            Operation::Service(operation) => self.service.execute(operation, progress).await,
            Operation::Grafana(operation) => self.grafana.execute(operation, progress).await,
            Operation::ExternalPrometheus(operation) => {
                self.external_prometheus.execute(operation, progress).await
            }
        }
    }
}
