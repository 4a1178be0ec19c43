//! What a plan does for every state of a file and a Prometheus.

use super::*;
use crate::artifact::prometheus::{Interval, PrometheusConfig, RuleFile};
use crate::provider::prometheus::external::Loaded;
use crate::provider::prometheus::{Health, LoadedGroup, Target};
use crate::system::Running;
use crate::system::disk::Attributes;

type Drift = fn(&mut Loaded);

const WRITTEN: &str = "rule_files: [house.yml]\nscrape_configs:\n- job_name: node\n";
const RULES: &str = "/opt/otel/prometheus/rules/claude-code.rules.yaml";
const SCRAPE: &str = "/opt/otel/prometheus/scrape/otel-collector.yaml";

fn desired() -> Desired {
    let job = "scrape_configs: [{job_name: otel-collector, scrape_interval: 15s, \
        static_configs: [{targets: ['localhost:8889']}]}]";
    let rules = "groups: [{name: claude-code, interval: 1m, rules: [{record: 'a:b', expr: up}]}]";
    Desired {
        stack: "otel".into(),
        url: "http://localhost:9090".into(),
        access: None,
        config_file: "/etc/prometheus/prometheus.yml".into(),
        scrape_file: SCRAPE.into(),
        rules_file: RULES.into(),
        job: "otel-collector".into(),
        entries: Some(Entries {
            job: PrometheusConfig::parse_snippet(job).unwrap().scrape_configs.remove(0),
            rules: RuleFile::parse(rules).unwrap(),
        }),
        retention: Interval::parse("400d"),
    }
}

fn removal() -> Desired {
    Desired { entries: None, ..desired() }
}

fn process(reloadable: Option<&str>) -> Process {
    let running =
        Running { id: 7, started: 1, executable: None, arguments: Vec::new(), service: None };
    Process { running, reloadable: reloadable.map(str::to_owned) }
}

fn file(text: &str) -> ConfigFile {
    ConfigFile {
        path: "/etc/prometheus/prometheus.yml".into(),
        text: Text(text.as_bytes().to_vec()),
        attributes: Attributes { mode: 0o640, uid: 1, gid: 2 },
        unfinished: false,
    }
}

/// A Prometheus 3.5 that has loaded nothing of ours.
fn before() -> Observed {
    let answers = Answers {
        version: "3.5.0".into(),
        config_file: "/etc/prometheus/prometheus.yml".into(),
        lifecycle: false,
        retention: Interval::parse("15d"),
        loaded: Loaded { took_files: true, ..Loaded::default() },
    };
    Observed {
        file: Some(file(WRITTEN)),
        server: Server::Answers(Box::new(answers)),
        process: Some(process(None)),
        promtool: Some("/usr/bin/promtool".into()),
    }
}

fn answers(observed: &mut Observed) -> &mut Answers {
    match &mut observed.server {
        Server::Answers(answers) => answers,
        Server::Absent => panic!("it answers"),
    }
}

/// The same once everything is applied.
fn after() -> Observed {
    let mut observed = before();
    observed.file =
        configure(&desired(), &observed).after.map(|text| ConfigFile { text, ..file("") });
    let group = LoadedGroup {
        file: RULES.into(),
        name: "claude-code".into(),
        interval: Interval::parse("1m"),
        rules: desired().entries.unwrap().rules.groups[0].rules.clone(),
    };
    let target = Target {
        job: "otel-collector".into(),
        url: "http://localhost:8889/metrics".into(),
        interval: Interval::parse("15s"),
        health: Health::Down,
        last_error: String::new(),
    };
    answers(&mut observed).loaded = Loaded {
        rule_files: vec![RULES.into(), "house.yml".into()],
        scrape_files: vec![SCRAPE.into()],
        groups: vec![group],
        targets: vec![target],
        took_files: true,
        ..Loaded::default()
    };
    observed
}

fn changes(desired: &Desired, observed: &Observed) -> Vec<Change<Operation>> {
    diff(desired, observed).expect("nothing stands in the way")
}

fn configure(desired: &Desired, observed: &Observed) -> Configure {
    match changes(desired, observed).remove(0).operation {
        Operation::Configure(configure) => *configure,
        other @ Operation::RemoveUnfinished { .. } => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(desired: &Desired, observed: &Observed, kind: Kind, message: &str) {
    let errors = diff(desired, observed).expect_err(message);
    let found = errors.iter().find(|error| error.message.contains(message));
    assert_eq!(found.unwrap_or_else(|| panic!("{errors:?}")).kind, kind);
}

#[test]
fn what_is_loaded_is_left_alone() {
    assert_eq!(changes(&desired(), &after()), []);
    assert_eq!(changes(&removal(), &before()), []);
    let gone = Observed { file: None, ..before() };
    assert_eq!(changes(&removal(), &gone), []);
}

#[test]
fn every_difference_is_a_change() {
    let cases: [(&str, Drift); 7] = [
        ("rule_files", |l| drop(l.rule_files.remove(0))),
        ("scrape_config_files", |l| l.scrape_files.clear()),
        ("rules.claude-code", |l| l.groups.clear()),
        ("rules.claude-code.interval", |l| l.groups[0].interval = Interval::parse("2m")),
        ("targets.otel-collector", |l| l.targets.clear()),
        ("targets.otel-collector", |l| l.targets[0].url.push('x')),
        ("targets.otel-collector.scrape_interval", |l| {
            l.targets[0].interval = Interval::parse("1m");
        }),
    ];
    for (field, change) in cases {
        let mut observed = after();
        change(&mut answers(&mut observed).loaded);
        let [change] = changes(&desired(), &observed).try_into().unwrap();
        let fields: Vec<&str> = change.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!((change.action, fields), (Action::Update, vec![field]));
        let Operation::Configure(configure) = change.operation else { panic!("{field}") };
        assert_eq!(configure.after, None, "the file is right");
    }
}

#[test]
fn the_plan_shows_the_block_and_nothing_else() {
    let [change] = changes(&desired(), &before()).try_into().unwrap();
    let [field] = change.fields.as_slice() else { panic!("one field") };
    assert_eq!(field.field, "/etc/prometheus/prometheus.yml");
    let Shown::Plain(shown) = &field.after else { panic!("shown") };
    assert!(shown.contains(SCRAPE) && !shown.contains("house.yml"), "{shown}");
    let [change] = changes(&removal(), &after()).try_into().unwrap();
    assert_eq!(change.action, Action::Delete);
    assert_eq!(change.fields[0].after, Shown::Plain(String::new()));
    let back = configure(&removal(), &after());
    assert_eq!(back.after, Some(Text(WRITTEN.into())));
}

#[test]
fn the_best_way_to_reload_is_taken() {
    let way = |change: fn(&mut Observed)| {
        let mut observed = before();
        change(&mut observed);
        configure(&desired(), &observed).reload
    };
    assert_eq!(way(|o| answers(o).lifecycle = true), Some(Reload::Endpoint));
    let service = way(|o| o.process = Some(process(Some("prometheus.service"))));
    assert_eq!(service, Some(Reload::Service("prometheus.service".into())));
    assert_eq!(way(|_| ()), Some(Reload::Signal(process(None).running)));
    let none = Observed { process: None, ..before() };
    refused(&desired(), &none, Kind::Refused, "no way to have Prometheus");
}

#[test]
fn an_old_prometheus_has_the_job_inline() {
    let mut observed = before();
    answers(&mut observed).version = "2.42.0+ds".into();
    let configure = configure(&desired(), &observed);
    assert_eq!(configure.layout, Layout::Inline);
    let text = String::from_utf8(configure.after.unwrap().0).unwrap();
    assert!(text.contains("job_name: \"otel-collector\"") && !text.contains("scrape_config_files"));
}

#[test]
fn what_stands_in_the_way_is_refused() {
    let with = |change: fn(&mut Observed)| {
        let mut observed = before();
        change(&mut observed);
        observed
    };
    let absent = with(|o| o.server = Server::Absent);
    refused(&desired(), &absent, Kind::Unreachable, "does not answer");
    refused(&desired(), &with(|o| o.file = None), Kind::Refused, "there is no file");
    refused(&desired(), &with(|o| o.promtool = None), Kind::Refused, "no `promtool`");
    let other = with(|o| {
        o.process = None;
        answers(o).lifecycle = true;
        answers(o).config_file = "/srv/other.yml".into();
    });
    refused(&desired(), &other, Kind::Refused, "reads `/srv/other.yml`, not");
    let binary = with(|o| o.file = Some(ConfigFile { text: Text(vec![0xff]), ..file("") }));
    refused(&desired(), &binary, Kind::Refused, "not UTF-8");
    let job = with(|o| o.file = Some(file("scrape_configs:\n- job_name: otel-collector\n")));
    let errors = diff(&desired(), &job).unwrap_err();
    assert_eq!(errors[0].origin.location().map(|at| at.line), Some(2));
    assert!(errors[0].message.contains("otelctl did not write it"), "{errors:?}");
    let group = with(|o| {
        let mut after = after();
        let group = answers(&mut after).loaded.groups.remove(0);
        let group = LoadedGroup { file: "/etc/prometheus/claude.yml".into(), ..group };
        answers(o).loaded.groups.push(group);
    });
    refused(&desired(), &group, Kind::Refused, "rule group `claude-code` is loaded from");
    // Everything in one go.
    let both = Observed { promtool: None, process: None, ..before() };
    assert_eq!(diff(&desired(), &both).unwrap_err().len(), 2);
}

#[test]
fn a_stack_goes_whether_prometheus_runs_or_not() {
    let stopped = Observed { server: Server::Absent, promtool: None, ..after() };
    let configure = configure(&removal(), &stopped);
    assert_eq!((configure.reload, configure.after), (None, Some(Text(WRITTEN.into()))));
    // Killed between the file and the reload.
    let loaded = Observed { file: Some(file(WRITTEN)), ..after() };
    let [change] = changes(&removal(), &loaded).try_into().unwrap();
    assert_eq!(change.action, Action::Delete);
}

#[test]
fn what_a_refused_reload_brings_back() {
    let edited = configure(&desired(), &before());
    assert_eq!(edited.fallback, Some(Text(WRITTEN.into())));
    // Killed after the file was replaced: what somebody wrote.
    let killed = Observed { file: after().file, ..before() };
    let configured = configure(&desired(), &killed);
    assert_eq!((configured.after, configured.fallback), (None, Some(Text(WRITTEN.into()))));
    // Loaded once, and now other rules: the entries stay.
    let mut observed = after();
    answers(&mut observed).loaded.groups.clear();
    assert_eq!(configure(&desired(), &observed).fallback, None);
}

#[test]
fn a_second_stack_does_not_load_the_rules_again() {
    let first = after().file.unwrap();
    let text = String::from_utf8(first.text.0)
        .unwrap()
        .replace("scrape_configs:", "scrape_config_files:\nscrape_configs:");
    let second = Desired {
        stack: "team-a".into(),
        job: "team-a-collector".into(),
        scrape_file: "/opt/a/prometheus/scrape/otel-collector.yaml".into(),
        rules_file: "/opt/a/prometheus/rules/claude-code.rules.yaml".into(),
        ..desired()
    };
    let text = text.replace(
        "# otelctl:begin otel\nscrape_config_files:\n",
        "# otelctl:begin otel\nelsewhere:\n",
    );
    let observed = Observed { file: Some(file(&text)), ..after() };
    let configure = configure(&second, &observed);
    assert!(!configure.rules);
    let text = String::from_utf8(configure.after.unwrap().0).unwrap();
    assert!(text.contains("/opt/a/prometheus/scrape") && !text.contains("/opt/a/prometheus/rules"));
}

#[test]
fn what_a_killed_run_left_goes() {
    let left = ConfigFile { unfinished: true, ..after().file.unwrap() };
    let observed = Observed { file: Some(left), ..after() };
    let [change] = changes(&desired(), &observed).try_into().unwrap();
    assert!(matches!(change.operation, Operation::RemoveUnfinished { .. }));
}

#[test]
fn samples_kept_for_less_time_than_asked_are_told() {
    let [note] = notes(&desired(), &before()).try_into().unwrap();
    assert!(note.message.contains("keeps samples for 15d, the profile asks for 400d"), "{note:?}");
    let mut observed = before();
    for kept in [Interval::parse("400d"), Interval::parse("2y"), None] {
        answers(&mut observed).retention = kept;
        assert_eq!(notes(&desired(), &observed), []);
    }
    assert_eq!(notes(&Desired { retention: None, ..desired() }, &before()), []);
}

#[test]
fn who_is_left_without_rules_is_told() {
    let codes = |desired: &Desired, observed: &Observed| {
        let notes = notes(&Desired { retention: None, ..desired.clone() }, observed);
        notes.into_iter().map(|note| note.message).collect::<Vec<_>>()
    };
    let mut shared = before();
    shared.file = Some(file("rule_files:\n- house.yml\nscrape_config_files:\n- house/*.yml\n"));
    let first = configure(&desired(), &shared).after.expect("an edit");
    shared.file = Some(ConfigFile { text: first, ..file("") });
    assert!(codes(&removal(), &shared).is_empty(), "nobody else is there");
    let two = Desired {
        stack: "two".into(),
        scrape_file: SCRAPE.replace("otel/", "two/"),
        rules_file: RULES.replace("otel/", "two/"),
        job: "two-collector".into(),
        ..desired()
    };
    let second = configure(&two, &shared).after.expect("an edit");
    shared.file = Some(ConfigFile { text: second, ..file("") });
    let told = codes(&removal(), &shared);
    assert!(told.len() == 1 && told[0].ends_with("and `two` used them"), "{told:?}");
    assert!(codes(&desired(), &shared).is_empty(), "they stay");
    let going = Desired { entries: None, ..two };
    assert!(codes(&going, &shared).is_empty(), "it had none");
}
