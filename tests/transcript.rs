//! Transcripts: what a user types and sees, word by word; the README's, too.
//!
//! `TRYCMD=overwrite cargo test --test transcript` writes them anew.

#![cfg(test)]

#[test]
fn commands_answer_as_their_transcripts_say() {
    trycmd::TestCases::new().case("tests/transcripts/*.md").case("README.md").run();
}
