//! The points at which `apply` writes, and its end at one of them.
//!
//! strace records a whole run, and then kills another one as it enters one of the same system
//! calls: the request to Docker, the batch for the kernel, the new name of a file. Nothing of
//! that is in otelctl.

use crate::live::applied::Applied;
use crate::live::world::{Output, Place};
use std::collections::BTreeMap;
use std::fs;

const CALLS: &str = "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,\
                     write,writev,sendto,sendmsg";

/// What makes a system call one that changes something.
const MARKS: [&str; 9] = [
    "POST /",
    "PUT /",
    "DELETE /",
    "NFNL_MSG_BATCH_BEGIN",
    "rename",
    "unlink",
    "mkdir",
    "PATCH /",
    "POST http",
];

/// A system call that changes something.
#[derive(Clone, Debug)]
pub struct Point {
    /// The system call.
    pub call: String,
    /// Its number among the run's calls of that name.
    pub number: usize,
    /// What it does, in short.
    pub told: String,
}

impl Point {
    /// Applies the profile as it is, and returns every point of that.
    pub fn all(stack: &Applied) -> Vec<Self> {
        let record = stack.world.dir().join("record");
        let mut command = stack.world.command(Place::Host);
        command.args(["strace", "-f", "-s", "120", "-e", &format!("trace={CALLS}"), "-o"]);
        command.arg(&record).arg(env!("CARGO_BIN_EXE_otelctl"));
        Output::of(command.arg("--profile").arg(&stack.profile).arg("apply")).ok();
        let record = fs::read_to_string(record).expect("strace wrote its record");
        let first = record.split_whitespace().next().expect("a process").to_owned();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut points = Vec::new();
        for line in record.lines() {
            let Some((process, rest)) = line.split_once(char::is_whitespace) else { continue };
            let Some((call, arguments)) = rest.trim_start().split_once('(') else { continue };
            if process != first || !CALLS.split(',').any(|known| known == call.trim()) {
                continue;
            }
            let number = seen.entry(call.to_owned()).or_default();
            *number += 1;
            if MARKS.iter().any(|mark| rest.contains(mark)) && !rest.contains("/.otelctl") {
                let told = told(call, arguments);
                points.push(Self { call: call.to_owned(), number: *number, told });
            }
        }
        points
    }

    /// Applies the profile as it is, and kills that at this point; says whether it was killed.
    pub fn kill(&self, stack: &Applied) -> bool {
        let mut command = stack.world.command(Place::Host);
        let inject = format!("inject={}:signal=SIGKILL:when={}", self.call, self.number);
        let trace = format!("trace={}", self.call);
        command.args(["strace", "-f", "-o", "/dev/null", "-e", &trace, "-e", &inject]);
        command.arg(env!("CARGO_BIN_EXE_otelctl")).arg("--profile").arg(&stack.profile);
        Output::of(command.arg("apply")).status != 0
    }
}

/// The request's first line, or the file's name.
fn told(call: &str, arguments: &str) -> String {
    let request = ["POST /", "PUT /", "DELETE /"].iter().find_map(|verb| {
        let at = arguments.find(verb)?;
        let line = arguments[at..].split(" HTTP").next().unwrap_or_default();
        Some(line.split('?').next().unwrap_or_default().to_owned())
    });
    let file = || {
        let mut names = arguments.split('"').filter(|part| part.starts_with('/'));
        names.next_back().map(|path| path.rsplit('/').next().unwrap_or_default().to_owned())
    };
    let what = request.or_else(file).unwrap_or_else(|| "the kernel's table".to_owned());
    // Ids differ from run to run.
    let what: Vec<&str> =
        what.split('/').map(|part| if part.len() == 64 { "ID" } else { part }).collect();
    format!("{call} {}", what.join("/"))
}
