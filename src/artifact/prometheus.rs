//! Prometheus's configuration and rules, read back.
