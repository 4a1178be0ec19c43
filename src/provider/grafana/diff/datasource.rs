//! The data source: ours is written, everybody else's is used as it is.

use super::Findings;
use crate::artifact::grafana::{Datasource, Settings};
use crate::diagnostic::{Diagnostic, Kind, Origin};
use crate::plan::{Action, Change, FieldDiff, Stage};
use crate::provider::grafana::{Call, DatasourceGoal, Desired, FoundDatasource, Running};
use serde_json::{Map, Value, json};

pub(super) fn address(uid: &str) -> String {
    format!("grafana/datasource/{uid}")
}

pub(super) fn compare(desired: &Desired, running: &Running, findings: &mut Findings) {
    let DatasourceGoal::Present { datasource, origin } = &desired.datasource else { return };
    let found = running.datasource.as_ref();
    let (Some(uid), Some(settings)) = (&datasource.uid, &datasource.settings) else {
        match found {
            Some(found) => findings.used(found, datasource, origin),
            None => findings.refused.push(missing(desired, datasource, origin)),
        }
        return;
    };
    let Some(found) = found else {
        let body = body(Map::new(), uid, datasource, settings);
        let call = Call::CreateDatasource { wanted: datasource.clone(), body };
        findings.changes.push(
            Change::new(address(uid), Action::Create, Stage::Grafana, call)
                .because("not there yet")
                .fields(differences(None, datasource)),
        );
        return;
    };
    if found.uid != *uid {
        if desired.container.is_some() {
            findings.refused.push(taken(found, origin));
        } else {
            findings.used(found, datasource, origin);
            findings.compared(found, settings, datasource);
        }
        return;
    }
    let fields = differences(Some(found), datasource);
    if fields.is_empty() {
        return;
    }
    if found.read_only {
        findings.refused.push(read_only(found, &fields));
        return;
    }
    let body = body(found.document.clone(), uid, datasource, settings);
    let call = Call::UpdateDatasource { wanted: datasource.clone(), body };
    findings.changes.push(
        Change::new(address(uid), Action::Update, Stage::Grafana, call)
            .because("changed in Grafana or in the profile")
            .fields(fields),
    );
}

pub(super) fn removal(desired: &Desired, running: &Running, findings: &mut Findings) {
    let DatasourceGoal::Gone(uid) = &desired.datasource else { return };
    let Some(found) = running.datasource.as_ref().filter(|found| found.uid == *uid) else { return };
    if found.read_only {
        let message = format!("data source `{}` stays: it came from a file", found.name);
        findings.notes.push(Diagnostic::warning(message).code("grafana::provisioned"));
        return;
    }
    let call = Call::DeleteDatasource { uid: uid.clone() };
    findings.changes.push(
        Change::new(address(uid), Action::Delete, Stage::Grafana, call)
            .because("no longer part of the stack"),
    );
}

/// The fields that we set and that are not so; what Grafana or people add is theirs.
pub(in crate::provider::grafana) fn differences(
    found: Option<&FoundDatasource>,
    wanted: &Datasource,
) -> Vec<FieldDiff> {
    let Datasource { uid: _, name, kind, settings } = wanted;
    let Some(Settings { access, url, interval, method }) = settings else { return Vec::new() };
    let pairs = [
        ("name", "/name", name),
        ("type", "/type", kind),
        ("access", "/access", access),
        ("url", "/url", url),
        ("jsonData.timeInterval", "/jsonData/timeInterval", interval),
        ("jsonData.httpMethod", "/jsonData/httpMethod", method),
    ];
    let document = found.map(|found| Value::Object(found.document.clone()));
    let there = |pointer: &str| document.as_ref()?.pointer(pointer)?.as_str().map(str::to_owned);
    pairs
        .into_iter()
        .filter_map(|(field, pointer, value)| {
            FieldDiff::compare(field, there(pointer), Some(value.clone()))
        })
        .collect()
}

/// The fields of a request; the rest of what Grafana answers is its own.
const KEPT: [&str; 8] = [
    "basicAuth",
    "basicAuthUser",
    "database",
    "isDefault",
    "jsonData",
    "user",
    "version",
    "withCredentials",
];

/// The whole request: what is there, with our fields over it. Secrets that
/// Grafana holds stay, since none are sent.
fn body(
    mut found: Map<String, Value>,
    uid: &str,
    wanted: &Datasource,
    settings: &Settings,
) -> Value {
    let Settings { access, url, interval, method } = settings;
    found.retain(|key, _| KEPT.contains(&key.as_str()));
    let mut json = found.get("jsonData").and_then(Value::as_object).cloned().unwrap_or_default();
    json.insert("timeInterval".into(), json!(interval));
    json.insert("httpMethod".into(), json!(method));
    let ours = [
        ("uid", json!(uid)),
        ("name", json!(wanted.name)),
        ("type", json!(wanted.kind)),
        ("access", json!(access)),
        ("url", json!(url)),
        ("jsonData", Value::Object(json)),
    ];
    found.extend(ours.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(found)
}

impl Findings {
    /// A data source of somebody else that the dashboards will read.
    fn used(&mut self, found: &FoundDatasource, wanted: &Datasource, origin: &Origin) {
        if found.kind != wanted.kind {
            let message = format!("data source `{}` is no Prometheus", found.name);
            let error = Diagnostic::error(Kind::Refused, message).code("grafana::datasource");
            self.refused.push(
                error
                    .cause(format!("its type is `{}`", found.kind))
                    .at(origin)
                    .hint("name another one in `profile::otel_collector::grafana_datasource_name`"),
            );
        } else if found.name != wanted.name {
            let message = format!(
                "the dashboards ask for data source `{}` first, and the one of uid `{}` is called `{}`",
                wanted.name, found.uid, found.name
            );
            self.notes.push(
                Diagnostic::warning(message).code("grafana::datasource-name").at(origin).hint(
                    format!(
                        "set `profile::otel_collector::grafana_datasource_name: {}`",
                        found.name
                    ),
                ),
            );
        }
    }

    /// What that data source does otherwise than ours would.
    fn compared(&mut self, found: &FoundDatasource, settings: &Settings, wanted: &Datasource) {
        let Settings { interval, .. } = settings;
        let fields = differences(Some(found), wanted);
        if fields.iter().any(|field| field.field == "jsonData.timeInterval") {
            let message = format!(
                "data source `{}` is somebody else's: it is used and not written, \
                 and its scrape interval is not `{interval}`",
                found.name
            );
            self.notes.push(Diagnostic::note(message).code("grafana::datasource-interval"));
        }
    }
}

fn missing(desired: &Desired, wanted: &Datasource, origin: &Origin) -> Diagnostic {
    let which = match &wanted.uid {
        Some(uid) => format!("of uid `{uid}`"),
        None => format!("called `{}`", wanted.name),
    };
    let message = format!("Grafana at `{}` has no data source {which}", desired.url);
    let hint = if wanted.uid.is_some() {
        "correct `otelctl::grafana::datasource_uid`, or leave it out to have one made"
    } else {
        "make it in Grafana, or set `otelctl::grafana::datasource_url` to have one made"
    };
    Diagnostic::error(Kind::Failed, message).code("grafana::no-datasource").at(origin).hint(hint)
}

fn taken(found: &FoundDatasource, origin: &Origin) -> Diagnostic {
    let message = format!("data source `{}` is not otelctl's", found.name);
    Diagnostic::error(Kind::Refused, message)
        .code("grafana::foreign")
        .cause(format!("its uid is `{}`", found.uid))
        .at(origin)
        .hint(
            "rename it in Grafana, or set another `profile::otel_collector::grafana_datasource_name`",
        )
}

fn read_only(found: &FoundDatasource, fields: &[FieldDiff]) -> Diagnostic {
    let names: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
    let message = format!("data source `{}` cannot be changed", found.name);
    Diagnostic::error(Kind::Refused, message)
        .code("grafana::provisioned")
        .cause("it came from a provisioning file of Grafana")
        .cause(format!("these differ: {}", names.join(", ")))
        .hint(format!("take uid `{}` out of that file", found.uid))
}
