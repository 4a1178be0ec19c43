//! Why a type cannot be read, or a value is not of it.

/// Why a type cannot be read, a value is not of a type, or cannot be made one;
/// says nothing of a value that is confidential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypeError(String);

impl TypeError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}
