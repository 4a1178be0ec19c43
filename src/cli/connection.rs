//! Connects the readers, and the writers when something is to be written.

use super::arguments::Arguments;
use super::source;
use crate::apply::Writers;
use crate::diagnostic::Failure;
use crate::provider::{Readers, docker, files, firewall, grafana, prometheus, secrets, service};
use crate::stack::Stack;

/// Connects everything that reads.
pub async fn readers(arguments: &Arguments, stack: &Stack) -> Result<Readers, Failure> {
    Ok(Readers {
        files: files::Reader,
        secrets: secrets::Reader,
        docker: docker::Reader::connect(arguments.docker_host()).await?,
        firewall: firewall::Reader,
        prometheus: prometheus::Reader::new()?,
        service: service::Reader::new(arguments.docker_host()),
        grafana: grafana::Reader::new(grafana(stack)),
        external_prometheus: prometheus::external::Reader::new()?,
    })
}

/// Connects everything that writes; only when there is something to write.
pub async fn writers(arguments: &Arguments, stack: &Stack) -> Result<Writers, Failure> {
    Ok(Writers {
        files: files::Writer,
        secrets: secrets::Writer,
        docker: docker::Writer::connect(arguments.docker_host()).await?,
        firewall: firewall::Writer,
        prometheus: prometheus::Writer::new()?,
        service: service::Writer,
        grafana: grafana::Writer::new(grafana(stack)),
        external_prometheus: prometheus::external::Writer::new()?,
    })
}

/// Where Grafana is; its secret is fetched at the first call.
fn grafana(stack: &Stack) -> Option<grafana::Connection> {
    let grafana = stack.grafana.clone()?;
    Some(grafana::Connection::new(grafana, source::environment))
}
