#![cfg(test)]
//! The real client through an applied stack: what its API says was used is what is counted,
//! shown and told, to the token.
//!
//! The API is made up (`messages`), listens on the loopback interface of a host that has no way
//! out, and knows no key. Opt-in, since the client is big: `make test-claude` fetches it.

#[path = "../live"]
mod live {
    #![allow(
        dead_code,
        unused_imports,
        reason = "the harness of the live tests, which use all of it"
    )]
    pub mod applied;
    pub mod bench;
    pub mod dashboards;
    pub mod otlp;
    pub mod prometheus;
    pub mod telemetry;
    pub mod world;
}

mod client;
mod messages;
