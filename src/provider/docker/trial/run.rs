//! Runs one trial, and leaves nothing of it.

use super::{Attempt, Trial};
use crate::artifact::compose::label;
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::Progress;
use crate::provider::docker::spec::tmpfs;
use crate::provider::docker::writer::{Writer, done};
use crate::provider::docker::{archive, failure, health};
use bollard::models::{ContainerCreateBody, ContainerInspectResponse, HostConfig};
use bollard::query_parameters::{CreateContainerOptionsBuilder, UploadToContainerOptionsBuilder};
use std::collections::HashMap;
use std::time::Duration;

/// How long a collector may take until it answers.
const PATIENCE: Duration = Duration::from_secs(20);

impl Writer {
    /// Runs a trial to its end.
    pub(in crate::provider::docker) async fn attempt(
        &self,
        trial: &Trial,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        let Trial { stack, name, service: _, files, attempt } = trial;
        self.make_room(name, stack).await?;
        progress(&format!("trying {}", trial.told()));
        let id = self.create_trial(trial).await?;
        let tried = async {
            let archive = bollard::body_full(archive::of(files).into());
            let options = UploadToContainerOptionsBuilder::default().path("/").build();
            let sent = self.docker().upload_to_container(&id, Some(options), archive).await;
            done(
                sent,
                "send files to container",
                name,
                &format!("PUT /containers/{name}/archive"),
            )?;
            self.start(&id, name).await?;
            match attempt {
                Attempt::Validate | Attempt::Promtool { .. } => self.judged(trial, &id).await,
                Attempt::Start { network: _, health } => {
                    self.answers(trial, &id, health.as_ref()).await
                }
            }
        };
        let tried = tried.await;
        let removed = self.remove(&id, name).await;
        tried.and(removed)
    }

    async fn create_trial(&self, trial: &Trial) -> Result<String, Diagnostic> {
        let Trial { stack, name, service, files: _, attempt } = trial;
        let with = |first: &str| [&[first.to_owned()], service.command.as_slice()].concat();
        let own = service.entrypoint.clone();
        let (entrypoint, command, network) = match attempt {
            Attempt::Validate => (own, with("validate"), None),
            Attempt::Start { network, health: _ } => {
                (own, service.command.clone(), network.clone())
            }
            Attempt::Promtool { file } => {
                let command = ["check", "config", file];
                (vec!["promtool".to_owned()], command.map(str::to_owned).to_vec(), None)
            }
        };
        // To judge a configuration may take more memory than to run it.
        let limit = service.mem_limit.as_ref().filter(|_| matches!(attempt, Attempt::Start { .. }));
        let memory = limit.and_then(|limit| limit.bytes.try_into().ok());
        let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        let environment = service.environment.iter().map(|(key, value)| format!("{key}={value}"));
        let body = ContainerCreateBody {
            image: Some(service.image.clone()),
            user: service.user.clone(),
            entrypoint: some(&entrypoint),
            cmd: some(&command),
            env: Some(environment.collect()),
            labels: Some(HashMap::from([(label::STACK.to_owned(), stack.clone())])),
            host_config: Some(HostConfig {
                network_mode: Some(network.unwrap_or_else(|| "none".to_owned())),
                memory,
                cap_add: some(&service.cap_add),
                cap_drop: some(&service.cap_drop),
                security_opt: some(&service.security_opt),
                tmpfs: Some(tmpfs(service).into_iter().collect()),
                ..HostConfig::default()
            }),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::default().name(name).build();
        let made = self.docker().create_container(Some(options), body).await;
        made.map(|made| made.id).map_err(|error| {
            let what = format!("cannot create container `{name}`");
            failure::failed(what, "POST /containers/create", &error)
        })
    }

    /// Waits for a verdict, which is an exit code.
    async fn judged(&self, trial: &Trial, id: &str) -> Result<(), Diagnostic> {
        let code = self.exit_code(id, &trial.name).await?;
        if code == 0 {
            return Ok(());
        }
        let mut causes = vec![format!("it ended with {code}")];
        causes.extend(health::last_lines(self.docker(), id).await);
        Err(trial.failed(Kind::Profile, causes))
    }

    /// Waits until the container answers at its own address.
    async fn answers(
        &self,
        trial: &Trial,
        id: &str,
        health: Option<&(u16, String)>,
    ) -> Result<(), Diagnostic> {
        let found = self.inspect_trial(trial, id).await?;
        let networks = found.network_settings.and_then(|settings| settings.networks);
        let mut addresses =
            networks.into_iter().flatten().filter_map(|(_, endpoint)| endpoint.ip_address);
        let address = addresses.find(|address| !address.is_empty());
        let url = health.zip(address).map(|((port, path), ip)| format!("http://{ip}:{port}{path}"));
        let waited = health::wait(self.docker(), id, url.as_deref(), PATIENCE).await;
        let Err(causes) = waited else { return Ok(()) };
        // An engine that has gone says nothing of the configuration.
        self.inspect_trial(trial, id).await?;
        Err(trial.failed(Kind::Failed, causes))
    }

    async fn inspect_trial(
        &self,
        trial: &Trial,
        id: &str,
    ) -> Result<ContainerInspectResponse, Diagnostic> {
        let call = format!("GET /containers/{}/json", trial.name);
        self.docker().inspect_container(id, None).await.map_err(|error| {
            failure::failed(format!("cannot read container `{}`", trial.name), &call, &error)
        })
    }
}

impl Trial {
    /// What is tried, for people.
    fn told(&self) -> String {
        let service = &self.service.container_name;
        match &self.attempt {
            Attempt::Validate => format!("whether {service} accepts its new configuration"),
            Attempt::Start { .. } => format!("whether {service} starts with its new configuration"),
            Attempt::Promtool { .. } => format!("what promtool says of {service}'s configuration"),
        }
    }

    fn failed(&self, kind: Kind, causes: Vec<String>) -> Diagnostic {
        let service = &self.service.container_name;
        let message = match &self.attempt {
            Attempt::Validate => format!("`{service}` refuses its new configuration"),
            Attempt::Start { .. } => {
                format!("`{service}` does not start with its new configuration")
            }
            Attempt::Promtool { .. } => {
                format!("promtool refuses the configuration of `{service}`")
            }
        };
        let error = Diagnostic::error(kind, message)
            .code("trial::failed")
            .cause(format!("it was tried with the image `{}`", self.service.image));
        let error = causes.into_iter().fold(error, Diagnostic::cause);
        error.hint("nothing was changed; cure what the causes name, then apply again")
    }
}
