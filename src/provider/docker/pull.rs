//! Pulls an image, and tells how far it is.

use super::failure;
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::Progress;
use crate::stack;
use bollard::Docker;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::StreamExt as _;
use std::collections::BTreeMap;

/// Pulls one image.
pub(super) async fn pull(
    docker: &Docker,
    reference: &str,
    progress: Progress<'_>,
) -> Result<(), Diagnostic> {
    let image = stack::Image::parse(reference).ok_or_else(|| {
        Diagnostic::error(Kind::Profile, format!("`{reference}` is no image reference"))
            .hint("write it as in `otel/opentelemetry-collector-contrib:0.91.0`")
    })?;
    // Without a tag Docker would pull every one there is.
    let (name, tag) = match (&image.tag, &image.digest) {
        (_, Some(digest)) => (format!("{}@{digest}", image.repository), String::new()),
        (tag, None) => (image.repository, tag.clone().unwrap_or_else(|| "latest".to_owned())),
    };
    let options = CreateImageOptionsBuilder::default().from_image(&name).tag(&tag).build();
    let mut steps = docker.create_image(Some(options), None, None);
    let mut layers: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut told = None;
    progress(&format!("pulling {reference}"));
    while let Some(step) = steps.next().await {
        let step = step.map_err(|error| {
            failure::failed(
                format!("cannot pull image `{reference}`"),
                "POST /images/create",
                &error,
            )
            .code("docker::pull")
            .hint(
                "check the name and tag in the profile (`otel_collector_image`, \
                     `otelctl::prometheus::image`), and that this host reaches the registry",
            )
        })?;
        if let (Some(layer), Some(detail)) = (step.id, step.progress_detail)
            && let (Some(current), Some(total)) = (detail.current, detail.total)
            && step.status.as_deref() == Some("Downloading")
        {
            layers.insert(layer, (current, total));
            let done: i64 = layers.values().map(|(current, _)| current).sum();
            let whole: i64 = layers.values().map(|(_, total)| total).sum();
            let tenths = (done * 10).checked_div(whole).unwrap_or_default();
            if told != Some(tenths) {
                told = Some(tenths);
                progress(&format!("pulling {reference}: {} % of {} MiB", tenths * 10, whole >> 20));
            }
        }
    }
    Ok(())
}
