//! Connects the readers, and the writers when something is to be written.

use super::arguments::Arguments;
use crate::apply::Writers;
use crate::diagnostic::Failure;
use crate::provider::{Readers, docker, files, firewall, prometheus, secrets, service};

/// Connects everything that reads.
pub async fn readers(arguments: &Arguments) -> Result<Readers, Failure> {
    Ok(Readers {
        files: files::Reader,
        secrets: secrets::Reader,
        docker: docker::Reader::connect(arguments.docker_host()).await?,
        firewall: firewall::Reader,
        prometheus: prometheus::Reader::new()?,
        service: service::Reader::new(arguments.docker_host()),
    })
}

/// Connects everything that writes; only when there is something to write.
pub async fn writers(arguments: &Arguments) -> Result<Writers, Failure> {
    Ok(Writers {
        files: files::Writer,
        secrets: secrets::Writer,
        docker: docker::Writer::connect(arguments.docker_host()).await?,
        firewall: firewall::Writer,
        prometheus: prometheus::Writer::new()?,
        service: service::Writer,
    })
}
