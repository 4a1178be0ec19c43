//! The bed itself: a world has what the other live tests rely on, and leaves nothing behind.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::world::{Place, World};

const COLLECTOR: &str = "otel/opentelemetry-collector-contrib:0.91.0";
const HARDENED: &str =
    "--read-only --cap-drop ALL --security-opt no-new-privileges --user 10001:10001 --memory 256m";

/// The least that answers over HTTP.
const CONFIG: &str = "
extensions: {health_check: {endpoint: '0.0.0.0:13133'}}
receivers: {otlp: {protocols: {http: {}}}}
exporters: {debug: {}}
service:
  extensions: [health_check]
  pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}
";

fn start_collector(world: &World) {
    let config = world.dir().join("config");
    fs::create_dir(&config).unwrap();
    fs::write(config.join("config.yaml"), CONFIG).unwrap();
    world
        .host(&format!(
            "docker run --detach --name collector --restart unless-stopped {HARDENED} \
             --publish 13133:13133 --volume {}:/etc/otelcol-contrib:ro {COLLECTOR}",
            config.display()
        ))
        .ok();
}

#[track_caller]
fn answers(world: &World, place: Place, url: &str) {
    let begin = Instant::now();
    while world.http_get(place, url).status != 200 {
        assert!(begin.elapsed() < Duration::from_secs(60), "{url} does not answer to {place:?}");
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn official_names_are_pulled_and_run_hardened() {
    let world = World::new("pull");
    for (image, version) in [
        (COLLECTOR, "otelcol-contrib version 0.91.0"),
        ("otel/opentelemetry-collector-contrib:0.155.0", "otelcol-contrib version 0.155.0"),
    ] {
        world.host(&format!("docker pull --quiet {image}")).ok();
        let output = world.host(&format!("docker run --rm {HARDENED} {image} --version")).ok();
        assert_eq!(output, version);
    }
    let unknown = world.host("docker pull otel/opentelemetry-collector-contrib:0.0.0");
    assert_eq!(unknown.status, 1, "{unknown:?}");
}

#[test]
fn prometheus_writes_to_a_fresh_volume_of_its_own() {
    let world = World::new("volume");
    let image = "prom/prometheus:v2.42.0";
    world.host(&format!(
        "docker run --detach --name prometheus --read-only --cap-drop ALL --publish 127.0.0.1:9090:9090 \
         --volume data:/prometheus {image}"
    ))
    .ok();
    answers(&world, Place::Host, "http://127.0.0.1:9090/-/ready");
    // The web page too, which people are sent to; Debian's is not at /graph.
    assert!(world.host("curl -sfL http://127.0.0.1:9090/").ok().contains("<title>Prometheus"));
    let promtool =
        format!("docker run --rm --read-only --entrypoint /bin/promtool {image} --version");
    assert!(world.host(&promtool).ok().starts_with("promtool, version"));
}

#[test]
fn the_three_machines_reach_what_they_should_also_after_a_restart_of_docker() {
    let world = World::new("reach");
    start_collector(&world);
    let address = "docker inspect --format '{{.NetworkSettings.IPAddress}}' collector";
    for _ in 0..2 {
        let container = world.host(address).ok();
        answers(&world, Place::Host, "http://127.0.0.1:13133");
        let health = world.http_get(Place::Host, "http://127.0.0.1:13133").body;
        assert!(health.contains("Server available"), "{health}");
        answers(&world, Place::Host, "http://[::1]:13133");
        answers(&world, Place::Inside, "http://10.10.10.1:13133");
        answers(&world, Place::Inside, "http://[fd00:10::1]:13133");
        answers(&world, Place::Outside, "http://198.51.100.1:13133");
        answers(&world, Place::Outside, "http://[2001:db8::1]:13133");
        // Without a firewall of ours, not even the container's own address is out of reach.
        answers(&world, Place::Outside, &format!("http://{container}:13133"));
        assert_eq!(world.http_get(Place::Outside, "http://198.51.100.1:5000/v2/").status, 0);
        // The host is their router, too.
        let other = world.spawn(Place::Outside, "exec python3 -m http.server --bind :: 4317");
        answers(&world, Place::Inside, "http://198.51.100.2:4317");
        answers(&world, Place::Inside, "http://[2001:db8::2]:4317");
        drop(other);
        world.restart_docker();
    }
    world.stop_docker();
    assert_eq!(world.http_get(Place::Host, "http://127.0.0.1:13133").status, 0);
    assert_eq!(world.host("docker ps").status, 1);
}

#[test]
fn nothing_is_left_of_a_world() {
    let world = World::new("gone");
    start_collector(&world);
    let sleeper = world.spawn_host("sleep 1000 & sleep 1000");
    answers(&world, Place::Host, "http://127.0.0.1:13133");
    let folder = world.dir().parent().unwrap().to_owned();
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(!traces(&name).is_empty());
    drop(sleeper);
    drop(world);
    assert!(!folder.exists());
    assert_eq!(traces(&name), Vec::<String>::new());
}

/// Processes, mounts and control groups with `name` in them.
fn traces(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let read = |file| fs::read_to_string(process.path().join(file)).unwrap_or_default();
        if [read("cmdline"), read("cgroup"), read("mountinfo")]
            .iter()
            .any(|text| text.contains(name))
        {
            found.push(format!("{}: {}", process.path().display(), read("cmdline")));
        }
    }
    for hierarchy in fs::read_dir("/sys/fs/cgroup").unwrap().flatten() {
        found.extend(Some(hierarchy.path().join(name)).filter(|path| path.exists()).map(shown));
    }
    found.extend(
        Some(Path::new("/sys/fs/cgroup").join(name)).filter(|path| path.exists()).map(shown),
    );
    found
}

fn shown(path: impl AsRef<Path>) -> String {
    path.as_ref().display().to_string()
}
