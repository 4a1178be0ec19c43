//! Prometheus's configuration and rules, read back from the rendered bytes.
//!
//! Owns the typed subset that otelctl renders: an unknown key in a rendered
//! file is an error with its line, while the same types can be read leniently
//! out of what a Prometheus has loaded. May not know HTTP, templates or the
//! profile.

mod config;
mod expression;
mod interval;
mod loaded;
mod rules;
mod yaml;

pub use config::{Global, PrometheusConfig, ScrapeJob, StaticTargets};
pub use expression::normal_form;
pub use interval::Interval;
pub use loaded::LoadedConfig;
pub use rules::{Rule, RuleFile, RuleGroup, RuleKind};
