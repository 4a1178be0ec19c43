//! Grafana over its HTTP API, against the stand-in in the modes of 10 to 13, or a real server
//! where one is given and neither faults nor a list of requests are needed.

mod access;
mod administrator;
mod edits;
mod existing;
mod external;
mod faults;
mod managed;
mod race;
mod tls;
mod verified;
