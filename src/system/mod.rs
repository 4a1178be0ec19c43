//! The only doors to disk, clock and processes.
