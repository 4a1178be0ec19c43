//! Grafana over its HTTP API, against the stand-in in the modes of 10 to 13. All tests of
//! `access`, `edits`, `existing` and `race` run on a real server where one is given; the others
//! need what only a stand-in has.

mod access;
mod administrator;
mod edits;
mod existing;
mod external;
mod faults;
mod managed;
mod marked;
mod race;
mod shared;
mod tls;
mod verified;
