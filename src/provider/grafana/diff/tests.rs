//! What is made, changed, left alone and refused.

use super::{Decision, annotation, diff};
use crate::artifact::grafana::{Datasource, Folder, Settings};
use crate::diagnostic::{Diagnostic, Kind, Origin};
use crate::plan::Action;
use crate::provider::grafana::{
    Call, Dashboard, DatasourceGoal, Desired, FoundDashboard, FoundDatasource, FoundFolder,
    Observed, Operation, Running,
};
use serde_json::{Map, Value, json};

const UID: &str = "otelctl-otel";
const OVERVIEW: &str = "otelctl-otel-overview";

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("an object") };
    map
}

fn document() -> Value {
    json!({"uid": OVERVIEW, "title": "Overview", "description": "Written by otelctl",
           "tags": ["otelctl"], "panels": [{"id": 1, "type": "stat", "title": "Sessions"}]})
}

fn desired() -> Desired {
    let settings = Settings {
        access: "proxy".into(),
        url: "http://prometheus:9090".into(),
        interval: "15s".into(),
        method: "POST".into(),
    };
    let datasource = Datasource {
        uid: Some(UID.into()),
        name: "Prometheus".into(),
        kind: "prometheus".into(),
        settings: Some(settings),
    };
    Desired {
        stack: "otel".into(),
        url: "http://127.0.0.1:3000".into(),
        container: None,
        login: None,
        datasource: DatasourceGoal::Present { datasource, origin: Origin::Default },
        folder_uid: UID.into(),
        folder: Some(Folder { uid: UID.into(), title: "Claude Code".into() }),
        dashboards: vec![Dashboard { uid: OVERVIEW.into(), document: object(document()) }],
        known: vec![OVERVIEW.into(), "otelctl-otel-costs".into()],
        adopt: Vec::new(),
    }
}

fn nothing() -> Desired {
    Desired {
        datasource: DatasourceGoal::Gone(UID.into()),
        folder: None,
        dashboards: Vec::new(),
        ..desired()
    }
}

fn datasource(uid: &str) -> FoundDatasource {
    let document = json!({"uid": uid, "name": "Prometheus", "type": "prometheus", "id": 3,
        "access": "proxy", "url": "http://prometheus:9090", "version": 4, "basicAuth": true,
        "jsonData": {"timeInterval": "15s", "httpMethod": "POST", "theirs": 1}});
    FoundDatasource {
        uid: uid.into(),
        name: "Prometheus".into(),
        kind: "prometheus".into(),
        read_only: false,
        document: object(document),
    }
}

fn running() -> Running {
    let dashboard = FoundDashboard {
        document: object(document()),
        version: Some(7),
        folder_uid: UID.into(),
        folder_title: "Claude Code".into(),
        provisioned: None,
        updated: "alice, 2026-11-22T18:00:00Z".into(),
    };
    Running {
        version: "12.1.0".into(),
        datasource: Some(datasource(UID)),
        folder: Some(FoundFolder {
            title: "Claude Code".into(),
            version: Some(2),
            ..FoundFolder::default()
        }),
        others: Vec::new(),
        dashboards: [(OVERVIEW.to_owned(), dashboard)].into(),
    }
}

fn decide(
    desired: &Desired,
    change: impl FnOnce(&mut Running),
) -> Result<Decision, Vec<Diagnostic>> {
    let mut running = running();
    change(&mut running);
    diff(desired, &Observed::Running(Box::new(running)))
}

fn told(decision: &Decision) -> Vec<(Action, &str)> {
    decision.changes.iter().map(|change| (change.action, change.address.as_str())).collect()
}

fn call(decision: &Decision, index: usize) -> &Call {
    match &decision.changes[index].operation {
        Operation::Call(call) => call,
        Operation::Settle { .. } => panic!("a call"),
    }
}

#[track_caller]
fn refused(decision: Result<Decision, Vec<Diagnostic>>) -> Diagnostic {
    let errors = decision.expect_err("must be refused");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].hint.is_some());
    errors.into_iter().next().expect("one")
}

#[test]
fn what_is_as_it_should_be_is_left_alone() {
    let decision = decide(&desired(), |_| ()).expect("nothing in the way");
    assert_eq!(told(&decision), []);
    assert!(decision.notes.is_empty() && decision.afterwards.is_empty());
}

#[test]
fn an_empty_grafana_gets_everything() {
    let decision = decide(&desired(), |running| *running = Running::default()).expect("possible");
    assert_eq!(
        told(&decision),
        [
            (Action::Create, "grafana/datasource/otelctl-otel"),
            (Action::Create, "grafana/folder/otelctl-otel"),
            (Action::Create, "grafana/dashboard/otelctl-otel-overview"),
        ]
    );
}

#[test]
fn an_update_names_its_version_and_keeps_what_is_not_ours() {
    let decision = decide(&desired(), |running| {
        let found = running.datasource.as_mut().unwrap();
        found.document["url"] = json!("http://elsewhere");
        let dashboard = running.dashboards.get_mut(OVERVIEW).unwrap();
        dashboard.folder_uid = String::new();
        dashboard.document["title"] = json!("Mine");
        running.folder.as_mut().unwrap().title = "Theirs".into();
    })
    .expect("possible");
    let Call::UpdateDatasource { body, .. } = call(&decision, 0) else { panic!("an update") };
    assert_eq!(body["version"], 4);
    assert_eq!(body["url"], "http://prometheus:9090");
    assert_eq!((&body["basicAuth"], &body["jsonData"]["theirs"]), (&json!(true), &json!(1)));
    assert_eq!(body.get("id"), None);
    assert!(matches!(call(&decision, 1), Call::UpdateFolder { version: Some(2), .. }));
    assert!(matches!(call(&decision, 2), Call::SaveDashboard { version: Some(7), .. }));
    let fields: Vec<&str> =
        decision.changes[2].fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["folder", "title"]);
    assert!(decision.changes[2].reason.contains("alice"), "{}", decision.changes[2].reason);
}

#[test]
fn somebody_elses_data_source_is_used_and_never_written() {
    let decision = decide(&desired(), |running| {
        let mut theirs = datasource("theirs");
        theirs.document["jsonData"]["timeInterval"] = json!("60s");
        running.datasource = Some(theirs);
    })
    .expect("possible");
    assert_eq!(told(&decision), []);
    assert_eq!(decision.notes.len(), 1);
    // A managed Grafana is ours: there a stranger is in the way.
    let managed = Desired { container: Some("otel-grafana".into()), ..desired() };
    let decision = decide(&managed, |running| running.datasource = Some(datasource("theirs")));
    assert_eq!(refused(decision).kind, Kind::Refused);
}

#[test]
fn a_data_source_that_must_exist_is_asked_for() {
    let mut named = desired();
    let DatasourceGoal::Present { datasource: wanted, .. } = &mut named.datasource else { return };
    wanted.settings = None;
    let gone = decide(&named, |running| running.datasource = None);
    assert!(refused(gone).message.contains("otelctl-otel"));
    let wrong = decide(&named, |running| running.datasource.as_mut().unwrap().kind = "loki".into());
    assert_eq!(refused(wrong).kind, Kind::Refused);
    let renamed = decide(&named, |running| running.datasource.as_mut().unwrap().name = "P".into());
    assert_eq!(renamed.expect("possible").notes.len(), 1);
}

#[test]
fn what_came_from_a_file_is_refused_with_the_reason() {
    let dashboard = decide(&desired(), |running| {
        running.dashboards.get_mut(OVERVIEW).unwrap().provisioned = Some("claude.json".into());
    });
    let error = refused(dashboard);
    assert!(error.kind == Kind::Refused && error.causes[0].contains("claude.json"), "{error:?}");
    let datasource = decide(&desired(), |running| {
        let found = running.datasource.as_mut().unwrap();
        found.read_only = true;
        found.document["url"] = json!("http://elsewhere");
    });
    assert_eq!(refused(datasource).kind, Kind::Refused);
    let folder = decide(&desired(), |running| {
        let found = running.folder.as_mut().unwrap();
        (found.title, found.provisioned) = ("Theirs".into(), Some("repository".into()));
    });
    assert_eq!(refused(folder).kind, Kind::Refused);
}

#[test]
fn a_dashboard_without_our_mark_is_adopted_or_refused() {
    let unmark = |running: &mut Running| {
        let document = &mut running.dashboards.get_mut(OVERVIEW).unwrap().document;
        document["description"] = json!("mine");
        document["tags"] = json!([]);
    };
    let error = refused(decide(&desired(), unmark));
    let hint = error.hint.expect("a hint");
    assert!(hint.contains("--adopt grafana/dashboard/otelctl-otel-overview"), "{hint}");
    let adopting =
        Desired { adopt: vec!["grafana/dashboard/otelctl-otel-overview".into()], ..desired() };
    assert_eq!(decide(&adopting, unmark).expect("adopted").changes.len(), 1);
    // Nor is it removed.
    let decision = decide(&nothing(), unmark).expect("possible");
    assert!(!told(&decision).iter().any(|(_, address)| address.contains("dashboard")));
    assert_eq!(decision.notes.len(), 2, "{:?}", decision.notes);
}

#[test]
fn what_is_ours_goes_and_the_folder_only_when_it_is_empty() {
    let decision = decide(&nothing(), |_| ()).expect("possible");
    assert_eq!(
        told(&decision),
        [
            (Action::Delete, "grafana/dashboard/otelctl-otel-overview"),
            (Action::Delete, "grafana/folder/otelctl-otel"),
            (Action::Delete, "grafana/datasource/otelctl-otel"),
        ]
    );
    let decision = decide(&nothing(), |running| {
        running.others = vec!["`Mine`".into(), "2 alert rules".into()];
        running.datasource = Some(datasource("theirs"));
    })
    .expect("possible");
    assert_eq!(told(&decision), [(Action::Delete, "grafana/dashboard/otelctl-otel-overview")]);
    let told = &decision.notes[0].message;
    assert!(told.contains("it also holds `Mine`, 2 alert rules"), "{told}");
}

#[test]
fn a_grafana_that_comes_up_in_the_same_plan_is_settled_later() {
    let managed = Desired {
        container: Some("otel-grafana".into()),
        login: Some(("admin".into(), "/opt/otel/secrets/grafana/admin-password".into())),
        ..desired()
    };
    let decision = diff(&managed, &Observed::NotRunning("it was never started".into())).unwrap();
    assert_eq!(decision.changes.len(), 3);
    let settled = |change: &crate::plan::Change<Operation>| matches!(&change.operation, Operation::Settle { address, .. } if *address == change.address);
    assert!(decision.changes.iter().all(settled));
    let told = &decision.afterwards[0];
    assert!(told.message.contains("http://127.0.0.1:3000"));
    assert!(told.hint.as_ref().is_some_and(|hint| hint.contains("admin-password")), "{told:?}");
}

#[test]
fn an_apply_is_marked_only_when_it_changes_something() {
    assert!(annotation(&desired(), 0).is_none());
    assert!(annotation(&nothing(), 3).is_none());
    let change = annotation(&desired(), 3).expect("a mark");
    let Operation::Call(call) = &change.operation else { panic!("a call") };
    let Call::Annotate { text, tags } = call.as_ref() else { panic!("an annotation") };
    assert!(text.contains("3 changes") && text.contains(env!("CARGO_PKG_VERSION")), "{text}");
    assert_eq!(tags, &["otelctl", "otelctl:otel"]);
}

#[test]
fn an_old_grafana_is_told() {
    for (version, notes) in [("9.5.2", 1), ("10.0.0", 0), ("", 0), ("13.0.0-pre", 0)] {
        let decision = decide(&desired(), |running| running.version = version.into()).unwrap();
        assert_eq!(decision.notes.len(), notes, "{version}");
    }
}
