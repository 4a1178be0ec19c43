//! YAML with positions and the lookup of keys. May not know anything about telemetry.
