//! Typed, validated settings, each with its origin.
//!
//! Owns what every key of the profile means, its default and its bounds; finds
//! all the mistakes of a file at once. May not know Docker, Grafana, nftables,
//! templates or the disk.

mod answers;
mod budget;
mod collector;
mod detail;
mod duration;
mod expect;
mod firewall;
mod forward;
mod grafana;
mod image;
mod judgements;
mod key;
mod keys;
mod label;
mod lookup;
mod network;
mod otlp;
mod port;
mod price;
mod prometheus;
mod read;
mod reader;
mod rule;
mod secret;
mod settings;
mod tempo;
mod value;

pub use duration::{go_seconds, milliseconds};
pub use judgements::Judgements;
pub use key::{Fallback, KEYS, Key, Shape, schema};
pub use lookup::{Found, lookup, no_value};
pub use price::defaults as default_prices;
pub use rule::Rule;
pub use settings::{
    Access, Budget, CollectorSettings, ExternalGrafana, FirewallSettings, ForwardSettings,
    GrafanaSettings, LogSettings, Login, Mode, PortSettings, Profile, PrometheusSettings,
    TempoProtocol, TempoSettings,
};
pub use value::{DEFAULT_PRICES, ExtraLabel, Image, LABELS, OWN_LABELS, Price, Version};
