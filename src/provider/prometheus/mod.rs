//! Provider stub.

/// One call.
#[derive(Clone, Debug)]
pub enum Operation {}
