#![cfg(test)]
//! Live tests: everything here runs against real components in a world of its own
//! (`live::world`). They need root and `scripts/install test`; `make test` runs them.

mod live {
    mod applied;
    mod backfill;
    mod bad_change;
    mod bed;
    mod bench;
    mod client;
    mod clients;
    mod dashboards;
    mod detail;
    mod docker;
    mod exact;
    mod external_prometheus;
    mod faults;
    mod firewall;
    mod forward;
    mod grafana;
    mod labels;
    mod lifecycle;
    mod locked_down;
    mod month;
    mod otlp;
    mod prometheus;
    mod puppet;
    mod refused;
    mod rules;
    mod session;
    mod stack;
    mod stand_in;
    mod status;
    mod systemd;
    mod telemetry;
    mod templates;
    mod tempo;
    mod tempo_stack;
    mod unchanged;
    mod usage;
    mod verify;
    mod walkthrough;
    mod world;
}
