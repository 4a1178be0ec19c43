//! Text for people and programs: diagnostics, plans, results.
//!
//! May not know clients or disk, and decides nothing.

mod backfill_json;
mod backfill_text;
mod checks_text;
mod client_text;
mod csv;
mod diagnostic;
mod grid;
mod log_line;
mod number;
mod plan_json;
mod plan_text;
mod reconcile_json;
mod reconcile_text;
mod stack_text;
mod status_json;
mod status_text;
mod style;
mod usage_csv;
mod usage_json;
mod usage_text;

pub use backfill_json::backfill_json;
pub use backfill_text::backfill_text;
pub use checks_text::checks_text;
pub use client_text::client_text;
pub use diagnostic::diagnostic;
pub use log_line::log_line;
pub use plan_json::plan_json;
pub use plan_text::{change_line, plan_text};
pub use reconcile_json::{reconcile_csv, reconcile_json};
pub use reconcile_text::reconcile_text;
pub use stack_text::stack_text;
pub use status_json::status_json;
pub use status_text::status_text;
pub use style::Style;
pub use usage_csv::usage_csv;
pub use usage_json::usage_json;
pub use usage_text::usage_text;
