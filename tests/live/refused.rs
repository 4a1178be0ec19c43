//! What goes wrong on a host: exit code, causes and hint word by word, and nothing changed.

use super::applied::Applied;
use super::world::{Output, Place};
use std::fs;
use std::path::Path;

/// Compares what a user sees with the transcript of that name; `OTELCTL_BLESS=1` writes it.
#[track_caller]
pub fn transcript(stack: &Applied, name: &str, seen: &Output) {
    let folder = stack.world.dir().display().to_string();
    let socket = stack.world.docker_socket().display().to_string();
    let shown = format!("exit code {}\n{}{}", seen.status, seen.stdout, seen.stderr)
        .replace(&folder, "DIR")
        .replace(&socket, "SOCKET");
    let shown = unstable(&shown);
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/transcripts/live")
        .join(format!("{name}.txt"));
    if std::env::var_os("OTELCTL_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &shown).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(shown, expected, "{}", path.display());
}

/// Replaces what differs from machine to machine: process ids, and why a
/// registry cannot be reached.
fn unstable(text: &str) -> String {
    let line = |line: &str| match line.split_once("Get \"") {
        Some((start, _)) => format!("{start}(what the registry answers)"),
        None => match line.split_once("python3 (") {
            Some((start, rest)) => {
                let end = rest.split_once(')').map_or("", |(_, end)| end);
                format!("{start}python3 (PID){end}")
            }
            None => line.to_owned(),
        },
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

#[track_caller]
fn refused(stack: &Applied, name: &str, code: i32) {
    let before = stack.state();
    let seen = stack.otelctl(&["apply"]);
    assert_eq!(seen.status, code, "{}{}", seen.stdout, seen.stderr);
    transcript(stack, name, &seen);
    assert_eq!(stack.state(), before, "nothing may change");
}

#[test]
fn an_image_that_does_not_exist() {
    let stack = Applied::prepare("noimage", "0.91.1");
    refused(&stack, "image-missing", 1);
}

#[test]
fn a_port_that_somebody_else_holds_and_foreign_objects() {
    let stack = Applied::prepare("held", "0.91.0");
    let listen = "python3 -c 'import socket, time\n\
        s = socket.create_server((\"\", 4318)); time.sleep(600)'";
    let listener = stack.world.spawn_host(listen);
    for _ in 0..50 {
        if stack.world.host("ss -ltn | grep -q :4318").status == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    refused(&stack, "port-held", 73);
    drop(listener);

    // What answers HTTP where Prometheus will be is refused for the port, too.
    let listener = stack.world.spawn_host("exec python3 -m http.server 9090");
    for _ in 0..50 {
        if stack.world.host("ss -ltn | grep -q :9090").status == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let seen = stack.otelctl(&["plan"]);
    assert_eq!(seen.status, 73, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("port 9090 for `otel-prometheus` is taken"), "{}", seen.stderr);
    drop(listener);

    let image = "otel/opentelemetry-collector-contrib:0.91.0";
    stack.world.host(&format!("docker pull -q {image}")).ok();
    stack.world.host(&format!("docker create --name otel-collector {image}")).ok();
    fs::create_dir_all(stack.directory()).unwrap();
    fs::write(stack.directory().join("docker-compose.yaml"), "services: {}\n").unwrap();
    refused(&stack, "foreign", 73);
}

#[test]
fn docker_that_does_not_run() {
    let stack = Applied::prepare("nodocker", "0.91.0");
    stack.world.stop_docker();
    refused(&stack, "docker-stopped", 69);
}

#[test]
fn a_user_without_permission() {
    let stack = Applied::prepare("nobody", "0.91.0");
    let before = stack.state();
    let mut command = stack.world.command(Place::Host);
    command.args(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
    command.arg(env!("CARGO_BIN_EXE_otelctl"));
    let seen = Output::of(command.arg("--profile").arg(&stack.profile).arg("apply"));
    assert_eq!(seen.status, 77, "{}{}", seen.stdout, seen.stderr);
    transcript(&stack, "permission", &seen);
    assert_eq!(stack.state(), before);
}

#[test]
fn a_second_run_at_the_same_time() {
    let stack = Applied::new("locked2", "0.91.0");
    let lock = stack.directory().join(".otelctl/lock");
    let _holder = stack.world.spawn_host(&format!("flock '{}' sleep 600", lock.display()));
    let mut seen = stack.otelctl(&["apply"]);
    for _ in 0..50 {
        if seen.status != 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        seen = stack.otelctl(&["apply"]);
    }
    assert_eq!(seen.status, 75, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("(otelctl apply)"), "{}", seen.stderr);
}

/// Runs `otelctl apply` and sends it a signal after so many seconds.
fn cut_off(stack: &Applied, signal: &str, after: &str) -> Output {
    let mut command = stack.world.command(Place::Host);
    command.args(["timeout", "--preserve-status", "--signal", signal, after]);
    command.arg(env!("CARGO_BIN_EXE_otelctl"));
    Output::of(command.arg("--profile").arg(&stack.profile).arg("apply"))
}

#[test]
fn a_run_ended_anywhere_is_finished_by_the_next() {
    let stack = Applied::prepare("ended", "0.91.0");
    for after in ["0.05", "0.3", "0.8", "1.5", "2.5"] {
        cut_off(&stack, "KILL", after);
    }
    stack.otelctl(&["apply"]).ok();
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
    stack.otelctl(&["verify"]).ok();

    // How far it gets depends on the machine: one of many moments is between two changes.
    let told = ["0.1", "0.2", "0.4", "0.6", "0.8", "1.2", "1.6", "2.4"].iter().any(|after| {
        stack.otelctl(&["destroy"]).ok();
        let ended = cut_off(&stack, "INT", after);
        let told = ended.stderr.contains("apply::interrupted");
        assert!(
            !told || (ended.status == 130 && ended.stderr.contains("is not done")),
            "{ended:?}"
        );
        told
    });
    assert!(told, "no run was interrupted between two changes");
    stack.otelctl(&["apply"]).ok();
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}

#[test]
fn to_destroy_a_stack_is_to_leave_anothers_folder_alone() {
    let stack = Applied::new("another-folder", "0.91.0");
    let secret = |name: &str| stack.directory().join("secrets").join(name);
    let secrets = [secret("grafana/admin-password"), secret("collector/tempo-authorization")];
    for path in &secrets {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "of the first stack").unwrap();
    }
    stack.write_profile("0.91.0", "otelctl::stack: two\n");
    let containers = stack.containers();
    assert_eq!(stack.otelctl(&["apply"]).status, 73);
    stack.otelctl(&["destroy", "--volumes"]).ok();
    assert_eq!(stack.containers(), containers);
    let rendered = stack.directory().join("docker-compose.yaml");
    for path in secrets.iter().chain([&rendered]) {
        assert!(path.exists(), "{} is gone", path.display());
    }
}
