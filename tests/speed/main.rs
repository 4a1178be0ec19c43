#![cfg(test)]
//! What it costs to find that nothing is to be done, against other tools, in one run.
//!
//! Opt-in, since it needs a release build and other people's tools: `make bench`. Figures of
//! other machines mean nothing; the ratios of one run do.

#[path = "../live"]
mod live {
    #![allow(dead_code, reason = "the harness of the live tests, which use all of it")]
    pub mod applied;
    pub mod world;
}

use live::applied::Applied;
use live::world::{Output, Place};
use std::fs;

const MEASURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/speed/measure.py");

const PLAN: &str = "otelctl plan";
const COMPOSE: &str = "docker-compose 2 up -d";
const PUPPET: &str = "puppet apply";

/// A command's name and its medians, in seconds.
struct Figure {
    name: String,
    wall: f64,
    cpu: f64,
}

/// Runs commands on the host, in turns.
fn measured(stack: &Applied, rounds: u32, commands: &[(&str, String)]) -> Vec<Figure> {
    let mut python = stack.world.command(Place::Host);
    python.args(["python3", MEASURE, &rounds.to_string()]);
    for (name, command) in commands {
        python.arg(name).arg(command);
    }
    let figure = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| fields[at].parse().expect("a number");
        Figure { name: fields[0].to_owned(), wall: number(1), cpu: number(2) }
    };
    Output::of(&mut python).ok().lines().map(figure).collect()
}

/// The files of the stack that other tools would write, with their content.
fn files(stack: &Applied) -> Vec<String> {
    let found = stack.world.host(&format!(
        "cd '{}' && find . -type f ! -path './.otelctl/*' | cut -c3- | sort",
        stack.directory().display()
    ));
    found.ok().lines().map(str::to_owned).collect()
}

/// A manifest with every file of the stack, and a guarded command for its containers.
fn manifest(stack: &Applied) -> String {
    let directory = stack.directory();
    let file = |name: &String| {
        let path = directory.join(name);
        let text = fs::read_to_string(&path).expect("a rendered file");
        let text = text.replace('\\', "\\\\").replace('\'', "\\'");
        format!("file {{ '{}': mode => '0644', content => '{text}' }}\n", path.display())
    };
    let files: String = files(stack).iter().map(file).collect();
    let run =
        format!("/usr/bin/docker-compose -f {}/docker-compose.yaml up -d", directory.display());
    let unless = "/usr/bin/docker ps --format {{.Names}} | /usr/bin/grep -q otel-collector";
    format!("{files}exec {{ '{run}': provider => shell, unless => '{unless}' }}\n")
}

/// The same for Ansible, with copies of the files beside the playbook.
fn playbook(stack: &Applied) -> String {
    let directory = stack.directory();
    let copies = stack.world.dir().join("copies");
    let mut tasks = Vec::new();
    for name in files(stack) {
        let (from, to) = (copies.join(&name), directory.join(&name));
        fs::create_dir_all(from.parent().expect("a folder")).expect("make a folder");
        fs::copy(&to, &from).expect("copy a file");
        let (from, to) = (from.display(), to.display());
        tasks.push(format!("    - copy: {{ src: '{from}', dest: '{to}', mode: '0644' }}\n"));
    }
    let tasks = tasks.concat();
    let run = "docker ps --format '{{ '{{' }}.Names{{ '}}' }}' | grep -q otel-collector";
    format!(
        "- hosts: localhost\n  connection: local\n  gather_facts: true\n  tasks:\n{tasks}    \
         - shell: \"{run}\"\n      changed_when: false\n"
    )
}

fn table(figures: &[Figure]) -> String {
    let own = figures.iter().find(|figure| figure.name == PLAN).expect("our own");
    let mut table = vec![String::from(
        "| nothing to do | wall, ms | CPU, ms | wall to `plan` | CPU to `plan` |\n\
         |---|---:|---:|---:|---:|\n",
    )];
    for Figure { name, wall, cpu } in figures {
        let (walls, cpus) = (wall / own.wall, cpu / own.cpu);
        let (wall, cpu) = (wall * 1e3, cpu * 1e3);
        table.push(format!("| {name} | {wall:.1} | {cpu:.1} | {walls:.2} | {cpus:.2} |\n"));
    }
    table.concat()
}

#[test]
fn nothing_to_do_costs_little() {
    let stack = Applied::new("speed", "0.91.0");
    let dir = stack.world.dir();
    fs::write(dir.join("site.pp"), manifest(&stack)).expect("write the manifest");
    fs::write(dir.join("site.yaml"), playbook(&stack)).expect("write the playbook");
    let own = |command: &str| {
        let profile = stack.profile.display();
        format!("{} --profile {profile} {command}", env!("CARGO_BIN_EXE_otelctl"))
    };
    let compose = format!("-f {}/docker-compose.yaml up -d", stack.directory().display());
    let second = std::env::var("OTELCTL_BENCH_COMPOSE").expect("`make bench` says where it is");
    // It makes the containers anew once, whose labels it does not know.
    stack.world.host(&format!("{second} {compose}")).ok();
    let (site, playbook) = (dir.join("site.pp"), dir.join("site.yaml"));
    let puppet = format!(
        "env HOME={0} puppet apply --confdir {0}/puppet --vardir {0}/puppet/var {1}",
        dir.display(),
        site.display()
    );
    let ansible = format!("env HOME={} ansible-playbook {}", dir.display(), playbook.display());
    let mut figures = measured(
        &stack,
        5,
        &[
            ("list and inspect, kept connection", "floor".to_owned()),
            (PLAN, own("plan --detailed-exitcode")),
            ("otelctl apply", own("apply")),
            (COMPOSE, format!("{second} {compose}")),
            (PUPPET, puppet),
            ("ansible-playbook", ansible),
        ],
    );
    // The first compose knows no label of the second: it would make the containers anew.
    stack.world.host(&format!("docker-compose {compose}")).ok();
    let first = format!("docker-compose {compose}");
    figures.extend(measured(&stack, 5, &[("docker-compose 1.29 up -d", first)]));

    println!("\n{}", table(&figures));
}
