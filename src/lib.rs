//! One profile becomes a running, checked, locked-down Claude Code telemetry stack.
//!
//! The stages are **profile → stack → render → observe → plan → apply → verify**;
//! `pipeline` shows how they follow each other, ARCHITECTURE.md why.

pub mod apply;
pub mod artifact;
pub mod backfill;
pub mod cli;
pub mod client;
pub mod diagnostic;
pub mod hiera;
pub mod pipeline;
pub mod plan;
pub mod profile;
pub mod provider;
pub mod render;
pub mod report;
pub mod secret;
pub mod stack;
pub mod status;
pub mod system;
pub mod usage;
pub mod verify;
