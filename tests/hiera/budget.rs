//! Files that mean harm are refused by the built program, in little time and memory.

use std::fmt::Write as _;
use std::process::Command;

/// What the program may take of address space, in KiB.
const SPACE: usize = 200 << 10;
/// What it may take of the processor, in seconds; a debug build is slower.
const TIME: usize = if cfg!(debug_assertions) { 20 } else { 1 };

/// Gives the file to the program and returns what it says.
fn refusal(name: &str, text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("profile.yaml");
    std::fs::write(&file, text).expect("the file is written");
    let script =
        format!("ulimit -v {SPACE}; ulimit -t {TIME}; exec \"$0\" validate --profile \"$1\"");
    let program = env!("CARGO_BIN_EXE_otelctl");
    let mut command = Command::new("sh");
    let output = command.args(["-c", &script, program]).arg(&file).output().expect("sh runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(65), "{name}: {told}");
    assert!(told.len() < 20_000, "{name} is told in {} bytes", told.len());
    told
}

#[test]
fn files_that_mean_harm_are_refused() {
    let mega = 1 << 20;
    let mut laughs = "a0: &a0 [lol, lol]\n".to_owned();
    let mut merges = "a0: &a0 {a: 1, b: 2, c: 3}\n".to_owned();
    for n in 1..60 {
        let _ = writeln!(laughs, "a{n}: &a{n} [*a{0}, *a{0}]", n - 1);
    }
    for n in 1..30_000 {
        let _ = writeln!(merges, "b{n}: {{<<: [*a0, *a0, *a0, *a0, *a0, *a0, *a0, *a0]}}");
    }
    let mut keys = String::new();
    for n in 0..260_000 {
        let _ = writeln!(keys, "k{n}: 1");
    }
    let deep = "lists and mappings nest deeper than 100 levels";
    for (name, text, told) in [
        ("a scalar of 100 MB", "a: ".to_owned() + &"x".repeat(100 * mega), "larger than 16 MiB"),
        ("an alias bomb", laughs, "more than 8 MiB of values"),
        ("a merge bomb", merges, "more than 8 MiB of values"),
        ("many keys", keys, "more than 250000"),
        ("many items", format!("a: [{}", "a,".repeat(7 * mega)), "more than 250000 values"),
        ("deep lists", format!("a: {}", "[".repeat(100_000)), deep),
        ("deep mappings", "{a: ".repeat(100_000), deep),
        ("deep blocks", "- ".repeat(100_000), deep),
        ("a long number", format!("a: 0x{}", "f".repeat(10 * mega)), "more than 4096 digits"),
    ] {
        let said = refusal(name, &text);
        assert!(said.contains(told), "{name}: {said}");
    }
}
