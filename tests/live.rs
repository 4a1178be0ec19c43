#![cfg(test)]
//! Live tests: everything here runs against real components in a world of its own
//! (`live::world`). They need root and `scripts/install test`; `make test` runs them.

mod live {
    mod bed;
    mod prometheus;
    mod world;
}
