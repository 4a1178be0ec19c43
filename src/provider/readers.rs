//! The readers of all systems, and one snapshot of everything.

use super::{Observe as _, Wanted, docker, files, firewall, grafana, prometheus, secrets, service};
use crate::diagnostic::{Diagnostic, Failure};

/// Everything that can read; nothing here can write.
#[derive(Debug)]
pub struct Readers {
    /// Reads files.
    pub files: files::Reader,
    /// Reads secret files.
    pub secrets: secrets::Reader,
    /// Reads Docker objects.
    pub docker: docker::Reader,
    /// Reads the nft table.
    pub firewall: firewall::Reader,
    /// Reads what Prometheus has loaded.
    pub prometheus: prometheus::Reader,
    /// Reads the user's own Prometheus and its configuration.
    pub external_prometheus: prometheus::external::Reader,
    /// Reads the units of systemd.
    pub service: service::Reader,
    /// Reads what Grafana holds.
    pub grafana: grafana::Reader,
}

/// One snapshot of all systems.
#[derive(Debug)]
pub struct Observed {
    /// Files.
    pub files: files::Observed,
    /// Secret files.
    pub secrets: secrets::Observed,
    /// Docker objects.
    pub docker: docker::Observed,
    /// The nft table; none where it is not otelctl's and cannot be read.
    pub firewall: Option<firewall::Observed>,
    /// What Prometheus has loaded, if it is managed.
    pub prometheus: Option<prometheus::Observed>,
    /// The user's own Prometheus and its configuration, if otelctl sets it up.
    pub external_prometheus: Option<prometheus::external::Observed>,
    /// Whether the collector is scraped, or why it is not; none: otelctl knows of nobody.
    pub scrape: Option<Result<(), String>>,
    /// The units of systemd.
    pub service: service::Observed,
    /// What Grafana holds, if there is one.
    pub grafana: Option<grafana::Observed>,
}

impl Readers {
    /// Looks at all systems at the same time, once.
    ///
    /// # Errors
    /// Everything that could not be read.
    pub async fn observe(&self, wanted: &Wanted) -> Result<Observed, Failure> {
        let firewall = async {
            match self.firewall.observe(&wanted.firewall).await {
                // Where nobody may look, there is no table that anybody made.
                Err(_) if !wanted.firewall_managed => Ok(None),
                observed => observed.map(Some),
            }
        };
        let prometheus = async {
            match &wanted.prometheus {
                Some(desired) => self.prometheus.observe(desired).await.map(Some),
                None => Ok(None),
            }
        };
        let grafana = async {
            match &wanted.grafana {
                Some(desired) => self.grafana.observe(desired).await.map(Some),
                None => Ok(None),
            }
        };
        let external = async {
            match &wanted.external_prometheus {
                Some(desired) => self.external_prometheus.observe(desired).await.map(Some),
                None => Ok(None),
            }
        };
        let scrape = async {
            match &wanted.scraper {
                Some(scraper) => Some(scraper.present().await),
                None => None,
            }
        };
        let (files, secrets, docker, firewall, prometheus, grafana, external, service, scrape) = tokio::join!(
            self.files.observe(&wanted.files),
            self.secrets.observe(&wanted.secrets),
            self.docker.observe(&wanted.docker),
            firewall,
            prometheus,
            grafana,
            external,
            self.service.observe(&wanted.service),
            scrape,
        );
        match (files, secrets, docker, firewall, prometheus, grafana, external, service) {
            (
                Ok(files),
                Ok(secrets),
                Ok(docker),
                Ok(firewall),
                Ok(prometheus),
                Ok(grafana),
                Ok(external_prometheus),
                Ok(service),
            ) => Ok(Observed {
                files,
                secrets,
                docker,
                firewall,
                prometheus,
                external_prometheus,
                scrape,
                service,
                grafana,
            }),
            (files, secrets, docker, firewall, prometheus, grafana, external, service) => {
                let errors: [Option<Diagnostic>; 8] = [
                    files.err(),
                    secrets.err(),
                    docker.err(),
                    firewall.err(),
                    prometheus.err(),
                    grafana.err(),
                    external.err(),
                    service.err(),
                ];
                Err(Failure::of(errors.into_iter().flatten().collect()))
            }
        }
    }
}
