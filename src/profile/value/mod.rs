//! The plain types of settings' values, and the tables behind their defaults.

mod image;
mod label;
mod price;
mod version;

pub use image::Image;
pub use label::{ExtraLabel, LABELS, OWN_LABELS};
pub use price::{DEFAULT_PRICES, Price};
pub use version::Version;
