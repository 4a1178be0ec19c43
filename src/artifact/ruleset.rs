//! The nft ruleset, read back.
