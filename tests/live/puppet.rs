//! The example for Puppet, driven by the real `puppet apply`.

use super::applied::Applied;
use super::world::Output;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const MANIFEST: &str = include_str!("../../examples/puppet/manifests/init.pp");

/// A host whose Puppet has the example as a module.
struct Puppet {
    stack: Applied,
}

impl Puppet {
    fn new(name: &str) -> Self {
        let stack = Applied::prepare(name, "0.91.0");
        let puppet = Self { stack };
        let module = puppet.dir().join("modules/otelctl");
        for folder in ["manifests", "files"] {
            fs::create_dir_all(module.join(folder)).expect("make the module");
        }
        fs::write(module.join("manifests/init.pp"), MANIFEST).expect("write the manifest");
        // Puppet itself needs a PATH; what it runs gets neither that nor HOME.
        let bare = puppet.dir().join("otelctl");
        let script = format!(
            "#!/bin/sh\nexec /usr/bin/env -i DOCKER_HOST=\"$DOCKER_HOST\" '{}' \"$@\"\n",
            env!("CARGO_BIN_EXE_otelctl")
        );
        fs::write(&bare, script).expect("write the program");
        fs::set_permissions(&bare, Permissions::from_mode(0o755)).expect("make it a program");
        let site = format!(
            "class {{ 'otelctl': otelctl => '{}', folder => '{}' }}\n",
            bare.display(),
            puppet.dir().join("etc").display()
        );
        fs::write(puppet.dir().join("site.pp"), site).expect("write the site");
        puppet.offer("0.91.0", "");
        puppet
    }

    fn dir(&self) -> PathBuf {
        self.stack.world.dir().to_owned()
    }

    /// Puts another profile into the module.
    fn offer(&self, collector: &str, more: &str) {
        self.stack.write_profile(collector, more);
        let offered = self.dir().join("modules/otelctl/files/profile.yaml");
        fs::copy(&self.stack.profile, offered).expect("offer the profile");
    }

    /// What a timer runs: no HOME, no terminal.
    fn command(&self, more: &str) -> String {
        let dir = self.dir();
        let dir = dir.display();
        format!(
            "env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DOCKER_HOST=$DOCKER_HOST puppet apply --detailed-exitcodes \
             --color=false --confdir {dir}/puppet --vardir {dir}/puppet/var \
             --modulepath {dir}/modules {more} {dir}/site.pp 2>&1 </dev/null"
        )
    }

    /// One run; its output holds nothing that a log cannot show.
    fn run(&self, more: &str) -> Output {
        let seen = self.stack.world.host(&self.command(more));
        let odd = |c: char| c.is_control() && c != '\n';
        assert!(!seen.stdout.contains(odd), "{seen:?}");
        seen
    }
}

/// What Puppet says with `--detailed-exitcodes`.
const SAME: i32 = 0;
const CHANGED: i32 = 2;
const FAILED: [i32; 2] = [4, 6];

#[test]
fn puppet_brings_a_host_to_its_profile_and_then_is_silent() {
    let puppet = Puppet::new("puppet");
    let stack = &puppet.stack;
    let before = stack.state();
    let seen = puppet.run("--noop");
    assert_eq!(seen.status, SAME, "{seen:?}");
    assert_eq!(stack.state(), before, "noop changes nothing");

    let seen = puppet.run("");
    assert_eq!(seen.status, CHANGED, "{seen:?}");
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
    let settled = stack.state();
    let seen = puppet.run("");
    assert_eq!(seen.status, SAME, "{seen:?}");
    assert!(!seen.stdout.contains("Exec["), "{seen:?}");
    assert_eq!(stack.state(), settled, "a second run changes nothing");

    // A mistake stays outside, and the run says which.
    puppet.offer("0.91.0", "otelctl::stak: x\n");
    let seen = puppet.run("");
    assert!(FAILED.contains(&seen.status), "{seen:?}");
    assert!(seen.stdout.contains("unknown key `otelctl::stak`"), "{seen:?}");
    assert_eq!(stack.state(), settled, "a broken profile changes nothing");

    puppet.offer("0.91.0", "otelctl::log_files: 4\n");
    let seen = puppet.run("--noop");
    assert_eq!(seen.status, SAME, "{seen:?}");
    assert!(seen.stdout.contains("noop"), "{seen:?}");
    assert_eq!(stack.state(), settled, "noop changes nothing");

    // Killed in the middle: by the time a container is gone, or whenever it ends by itself.
    let old = stack.containers();
    let _run = stack.world.spawn_host(&format!("exec {}", puppet.command("")));
    let begin = Instant::now();
    while stack.containers() == old {
        assert!(begin.elapsed() < Duration::from_secs(120), "nothing is replaced");
        std::thread::sleep(Duration::from_millis(20));
    }
    let killed = stack.world.host(&format!(
        "for exe in /proc/[0-9]*/exe; do \
           [ \"$(readlink $exe)\" = '{}' ] || continue; \
           pid=${{exe#/proc/}}; pid=${{pid%/exe}}; \
           grep -qzF '{}' /proc/$pid/cmdline && kill -9 $pid && echo killed; \
         done",
        env!("CARGO_BIN_EXE_otelctl"),
        puppet.dir().display()
    ));
    assert!(killed.stdout.contains("killed"), "{killed:?}");
    while stack.world.host(&format!("ls {}/puppet/var/state/*.lock", puppet.dir().display())).status
        == 0
    {
        assert!(begin.elapsed() < Duration::from_secs(120), "the run does not end");
        std::thread::sleep(Duration::from_millis(100));
    }
    let seen = puppet.run("");
    assert_eq!(seen.status, CHANGED, "{seen:?}");
    assert_eq!(puppet.run("").status, SAME);
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
    stack.otelctl(&["verify"]).ok();
}
