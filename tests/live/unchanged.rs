//! A second apply writes nothing: every system call of it is recorded.

use super::applied::Applied;
use super::world::{Output, Place};
use std::fs;

/// Runs `otelctl apply` and returns every system call that names a file or sends something.
fn recorded(stack: &Applied, name: &str) -> String {
    let trace = stack.world.dir().join(name);
    let mut command = stack.world.command(Place::Host);
    command.args(["strace", "-f", "-s", "400", "-e", "trace=%file,write,writev,sendto,sendmsg"]);
    command.arg("-o").arg(&trace).arg(env!("CARGO_BIN_EXE_otelctl"));
    command.arg("--profile").arg(&stack.profile).arg("apply");
    Output::of(&mut command).ok();
    fs::read_to_string(trace).expect("strace wrote its record")
}

fn matching<'a>(record: &'a str, marks: &[&str]) -> Vec<&'a str> {
    record.lines().filter(|line| marks.iter().any(|mark| line.contains(mark))).collect()
}

const REQUESTS: [&str; 4] = ["\"POST /", "\"PUT /", "\"DELETE /", "\"PATCH /"];
const NETFILTER: [&str; 1] = ["NFNL_MSG_BATCH_BEGIN"];
const FILES: [&str; 10] = [
    "O_WRONLY", "O_RDWR", "O_CREAT", "rename", "unlink", "mkdir", "rmdir", "chmod", "chown",
    "symlink",
];

fn file_writes(record: &str) -> Vec<&str> {
    matching(record, &FILES)
        .into_iter()
        .filter(|line| !line.contains("/.otelctl/lock\"") && !line.contains("\"/dev/"))
        .collect()
}

#[test]
fn a_second_apply_writes_nothing_but_the_lock() {
    let stack = Applied::prepare("unchanged", "0.91.0");
    // The first one shows that the recording sees each kind of write.
    let first = recorded(&stack, "first");
    assert!(!matching(&first, &REQUESTS).is_empty(), "no write request was recorded");
    assert!(!matching(&first, &NETFILTER).is_empty(), "no netfilter batch was recorded");
    assert!(!file_writes(&first).is_empty(), "no file write was recorded");

    let before = stack.state();
    let second = recorded(&stack, "second");
    assert!(!matching(&second, &["\"GET /"]).is_empty(), "no request was recorded");
    assert_eq!(matching(&second, &REQUESTS), Vec::<&str>::new());
    assert_eq!(matching(&second, &NETFILTER), Vec::<&str>::new());
    assert_eq!(file_writes(&second), Vec::<&str>::new());
    assert_eq!(stack.state(), before);
}
