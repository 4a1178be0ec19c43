//! The swap of a container: short gap, and safe to be killed anywhere.
//!
//! The old container is renamed and keeps its labels, so the next plan finds
//! whatever a killed run left behind and replaces all of it.

use super::health;
use super::writer::{self, Writer};
use super::{ContainerSpec, PreviousFile, PutBack, RetiredContainer};
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::{Progress, Scraper};
use crate::system::disk;
use std::time::Duration;

/// How long an old container may take to answer again once it is back.
const BACK: Duration = Duration::from_secs(15);

/// Makes the new container beside the old ones, then swaps them.
pub(super) async fn replace(
    writer: &Writer,
    spec: &ContainerSpec,
    old: &[RetiredContainer],
    put_back: Option<&PutBack>,
    after: Option<&Scraper>,
    progress: Progress<'_>,
) -> Result<(), Diagnostic> {
    let name = spec.container_name();
    for container in old {
        if let Some(aside) = &container.aside {
            writer.rename(&container.id, &container.name, aside).await?;
        }
    }
    // From here on a failure is cured by giving the name back.
    let new = match writer.create(spec).await {
        Ok(id) => id,
        Err(error) => {
            restore_names(writer, old).await?;
            return Err(error);
        }
    };
    writer::scraped(after, progress).await;
    let failure = swap(writer, &new, spec, old, progress).await.err();
    let Some(failure) = failure else {
        for container in old {
            writer.remove(&container.id, &container.name).await?;
        }
        return Ok(());
    };
    let failure = Diagnostic { kind: Kind::Partial, ..failure }
        .hint("cure what the causes name, then apply again");
    progress(&format!("{name} is not healthy: putting the previous container back"));
    Err(match go_back(writer, &new, spec, old, put_back).await {
        Ok(outcome) => failure.cause(outcome),
        Err(error) => error.causes.iter().fold(
            failure.cause(format!("going back failed: {}", error.message)),
            |failure, cause| failure.cause(cause.clone()),
        ),
    })
}

async fn swap(
    writer: &Writer,
    new: &str,
    spec: &ContainerSpec,
    old: &[RetiredContainer],
    progress: Progress<'_>,
) -> Result<(), Diagnostic> {
    for container in old.iter().filter(|container| container.running) {
        progress(&format!("stopping {}", container.name));
        writer.stop(&container.id, &container.name).await?;
    }
    writer.start_and_wait(new, spec.container_name(), spec.health(), progress).await
}

async fn restore_names(writer: &Writer, old: &[RetiredContainer]) -> Result<(), Diagnostic> {
    for container in old.iter().filter(|container| container.aside.is_some()) {
        writer.rename(&container.id, &container.name, &container.name).await?;
    }
    Ok(())
}

/// Removes the new container, and starts the old one under its own name, on the files that it had.
async fn go_back(
    writer: &Writer,
    new: &str,
    spec: &ContainerSpec,
    old: &[RetiredContainer],
    put_back: Option<&PutBack>,
) -> Result<String, Diagnostic> {
    let name = spec.container_name();
    let Some(PutBack { id, start, reconnect, files }) = put_back else {
        return Ok(format!("there is no previous container; `{name}` is left for you to look at"));
    };
    writer.remove(new, name).await?;
    for PreviousFile { path, bytes, mode } in files {
        disk::write(path, bytes, *mode)?;
    }
    let own_name = old.iter().find(|container| container.id == *id).map(|c| c.name.as_str());
    // One whose name was already set aside by a killed run gets the real one.
    if old.iter().any(|container| container.id == *id && container.aside.is_none()) {
        let taken = old.iter().any(|container| container.id != *id && container.name == name);
        if !taken {
            writer.rename(id, own_name.unwrap_or(name), name).await?;
        }
    }
    restore_names(writer, old).await?;
    if let Some(network) = reconnect {
        writer.join(id, name, network, &spec.service.name).await?;
    }
    if !start {
        return Ok("the previous container is in its place again, stopped as it was".to_owned());
    }
    writer.start(id, name).await?;
    Ok(match health::wait(writer.docker(), id, spec.health(), BACK).await {
        Ok(()) => "the previous container is back and healthy".to_owned(),
        Err(causes) => format!(
            "the previous container is back, and is not healthy either: {}",
            causes.first().cloned().unwrap_or_default()
        ),
    })
}
