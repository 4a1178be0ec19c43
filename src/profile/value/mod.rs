//! The plain types of settings' values, and the tables behind their defaults.

mod image;
mod price;
mod version;

pub use image::Image;
pub use price::{DEFAULT_PRICES, Price};
pub use version::Version;

/// The labels that every counter of the stack carries; nobody else may set them.
pub const LABELS: [&str; 5] =
    ["model", "model_family", "service_name", "service_version", "collector_run"];
