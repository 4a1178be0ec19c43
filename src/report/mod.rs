//! Plans, diagnostics and results as text.
