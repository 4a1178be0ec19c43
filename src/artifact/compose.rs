//! The compose file, read back.
