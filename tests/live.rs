//! Live tests.
#![cfg(test)]
