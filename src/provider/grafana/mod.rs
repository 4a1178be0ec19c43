//! Grafana over its HTTP API: the data source, the folder, the dashboards.
//!
//! What carries the stack's uids is ours; a data source of another uid is
//! read and never written. Every write names the version it was decided on,
//! so that nobody's edit is lost unseen. Works for the API of Grafana 10 to
//! 13. May not know the profile, the templates or the other providers.

mod answer;
mod api;
mod call;
mod connection;
mod dashboard;
mod desired;
mod diff;
mod observed;
mod reader;
mod writer;

pub use connection::{Connection, Environment};
pub use desired::{Call, Dashboard, DatasourceGoal, Desired, Operation};
pub use diff::{Decision, annotation, diff};
pub use observed::{FoundDashboard, FoundDatasource, FoundFolder, Observed, Running};
pub use reader::Reader;
pub use writer::Writer;
