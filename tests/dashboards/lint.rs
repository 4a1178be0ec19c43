//! Our own rules for dashboards, read off the rendered JSON and the tables of the stack.
//!
//! Knows nothing of how they are rendered.

use super::query::Query;
use otelctl::stack::{
    DETAIL, DETAIL_LABELS, ExtraLabel, LABELS, METRICS, Metric, PIPELINE_LABELS, PIPELINE_METRICS,
    PipelineMetric, Stack,
};
use serde_json::Value;

/// Grafana 10.0 writes it, and reads none that is newer.
const NEWEST_SCHEMA: u64 = 38;

const UNITS: [&str; 6] = ["short", "currencyUSD", "percentunit", "s", "bytes", "dateTimeAsIso"];

/// Variables of Grafana's own.
const GRAFANA: [&str; 4] = ["__range", "__interval", "__interval_ms", "__range_s"];

/// What miscounts: it misses births of series, and guesses at the ends of a range.
const MISCOUNT: [&str; 6] = ["increase", "rate", "irate", "delta", "idelta", "deriv"];

/// Labels that queries make for themselves.
const MADE: [&str; 2] = ["hour", "month"];

/// All that a dashboard gets wrong.
pub fn mistakes(stack: &Stack, dashboard: &Value, all: &[Value]) -> Vec<String> {
    let mut found = frame(dashboard, all);
    let panels = dashboard["panels"].as_array().expect("panels");
    let variables = variables(dashboard);
    for (index, panel) in panels.iter().enumerate() {
        let title = text(&panel["title"]);
        let mut told = places(panel, &panels[..index]);
        if panel["type"] != "row" {
            told.extend(face(panel));
            told.extend(rows_lead_nowhere(panel, all));
            let targets = panel["targets"].as_array().map_or(&[][..], Vec::as_slice);
            if targets.is_empty() {
                told.push("asks nothing".to_owned());
            }
            for target in targets {
                told.extend(asked(stack, panel, target, &variables));
            }
        }
        found.extend(told.iter().map(|told| format!("the panel `{title}` {told}")));
    }
    for variable in variables {
        let asked = |panel: &Value| panel["targets"].to_string().contains(&format!("${variable}"));
        if !panels.iter().any(asked) {
            found.push(format!("the variable `{variable}` is used by no query"));
        }
    }
    found
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The variables beside the data source.
fn variables(dashboard: &Value) -> Vec<&str> {
    let all = dashboard["templating"]["list"].as_array().expect("variables").iter();
    all.map(|one| text(&one["name"])).filter(|name| *name != "datasource").collect()
}

fn frame(dashboard: &Value, all: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    if all.iter().filter(|other| other["uid"] == dashboard["uid"]).count() != 1 {
        found.push(format!("{} has the uid of another", dashboard["title"]));
    }
    if dashboard["schemaVersion"].as_u64().is_none_or(|version| version > NEWEST_SCHEMA) {
        found.push("Grafana 10 does not read its schema version".to_owned());
    }
    for tag in ["claude-code", "otelctl"] {
        if !dashboard["tags"].as_array().is_some_and(|tags| tags.iter().any(|known| known == tag)) {
            found.push(format!("it lacks the tag `{tag}`"));
        }
    }
    let links = dashboard["links"].as_array().map_or(&[][..], Vec::as_slice);
    if links.len() + 1 != all.len() {
        found.push("it does not link every other dashboard".to_owned());
    }
    for link in links {
        let uid = text(&link["url"]).strip_prefix("/d/");
        if !all.iter().any(|other| other["uid"].as_str() == uid && other["uid"] != dashboard["uid"])
        {
            found.push(format!("the link {} leads nowhere", link["url"]));
        }
        if link["keepTime"] != true || link["includeVars"] != true {
            found.push(format!("the link {} forgets what the reader chose", link["url"]));
        }
    }
    found
}

fn places(panel: &Value, before: &[Value]) -> Vec<String> {
    let place = |panel: &Value| ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64());
    let [Some(x), Some(y), Some(w), Some(h)] = place(panel) else {
        return vec!["stands nowhere".to_owned()];
    };
    let mut found = Vec::new();
    if x + w > 24 || w == 0 || h == 0 {
        found.push("leaves the grid".to_owned());
    }
    for other in before {
        if other["id"] == panel["id"] {
            found.push(format!("has the id of {}", other["title"]));
        }
        if let [Some(ox), Some(oy), Some(ow), Some(oh)] = place(other)
            && x < ox + ow
            && ox < x + w
            && y < oy + oh
            && oy < y + h
        {
            found.push(format!("overlaps {}", other["title"]));
        }
    }
    found
}

/// What people see of it.
fn face(panel: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let fields = &panel["fieldConfig"]["defaults"];
    if text(&panel["title"]).is_empty() || text(&panel["description"]).trim().is_empty() {
        found.push("has no title or no description".to_owned());
    }
    if text(&fields["noValue"]).len() < 20 {
        found.push("says nothing where there is nothing".to_owned());
    }
    let overrides = panel["fieldConfig"]["overrides"].as_array().into_iter().flatten();
    let units = overrides.map(|one| &one["properties"][0]);
    let units = units.filter(|one| one["id"] == "unit").map(|one| &one["value"]);
    if units.chain([&fields["unit"]]).any(|unit| !UNITS.contains(&text(unit))) {
        found.push("has no unit, or one that we do not use".to_owned());
    }
    found
}

/// A click on a row opens a dashboard with a choice that it has.
fn rows_lead_nowhere(panel: &Value, all: &[Value]) -> Vec<String> {
    let overrides = panel["fieldConfig"]["overrides"].as_array().into_iter().flatten();
    let properties = overrides.flat_map(|one| one["properties"].as_array().into_iter().flatten());
    let links = properties.filter(|one| one["id"] == "links");
    let urls = links.flat_map(|one| one["value"].as_array().into_iter().flatten());
    let leads = |url: &&str| {
        let (uid, chosen) = url.strip_prefix("/d/")?.split_once("?var-")?;
        let dashboard = all.iter().find(|one| one["uid"] == uid)?;
        let (variable, rest) = chosen.split_once("=${__value.raw}")?;
        let kept = rest == "&${datasource:queryparam}&${__url_time_range}";
        variables(dashboard).contains(&variable).then_some(())?;
        kept.then_some(())
    };
    let wrong = urls.map(|url| text(&url["url"])).filter(|url| leads(url).is_none());
    wrong.map(|url| format!("leads nowhere by `{url}`")).collect()
}

/// What one of its queries gets wrong.
fn asked(stack: &Stack, panel: &Value, target: &Value, variables: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    if [panel, target].iter().any(|one| one["datasource"]["uid"] != "${datasource}") {
        found.push("does not ask the data source that was chosen".to_owned());
    }
    let expression = text(&target["expr"]);
    let query = Query::read(expression);
    let about_money = panel["fieldConfig"].to_string().contains("currencyUSD")
        || (expression.contains("_usd:") && panel["fieldConfig"]["defaults"]["unit"] != "s");
    let said = [&panel["title"], &target["legendFormat"]];
    // A column of another unit may stand in a panel about other things.
    let said = said.iter().any(|said| text(said).contains("estimate"));
    let of_time = panel["type"] == "table" && expression.starts_with("time()");
    if about_money && expression.contains("_usd:") && !said && !of_time && panel["type"] != "row" {
        found.push("does not say that it is an estimate".to_owned());
    }
    for name in query.functions.iter().filter(|name| MISCOUNT.contains(name)) {
        found.push(format!("counts with `{name}`, which misses births"));
    }
    let mut counters: Vec<&Metric> = Vec::new();
    for metric in &query.metrics {
        let named = |known: &&PipelineMetric| known.names().iter().any(|name| name == metric);
        match counter(metric) {
            Some(counter) if !stack.detail.value && DETAIL.contains(counter) => {
                found.push(format!("reads `{metric}`, which this profile does not have"));
            }
            Some(counter) => counters.push(counter),
            None if PIPELINE_METRICS.iter().any(|known| named(&known)) => {}
            None => found.push(format!("reads `{metric}`, which no table has")),
        }
    }
    let own = |label: &str| MADE.contains(&label) || PIPELINE_LABELS.contains(&label);
    let by = query.labels.iter().flat_map(|label| counters.iter().map(move |one| (*one, *label)));
    let matched = query.matched.iter();
    let matched = matched.filter_map(|(metric, label)| Some((counter(metric)?, *label)));
    for (counter, label) in by.chain(matched).filter(|(_, label)| !own(label)) {
        if !carries(stack, counter, label) {
            found.push(format!("names `{label}`, which `{}` does not carry", counter.name));
        }
    }
    for name in &query.variables {
        if !variables.contains(name) && !GRAFANA.contains(name) {
            found.push(format!("names `${name}`, which is no variable"));
        }
    }
    let misplaced = if target["range"] == true { "__range" } else { "__interval" };
    if query.variables.contains(&misplaced) {
        found.push(format!("asks for `${misplaced}`, which is not the time that it shows"));
    }
    if target["range"] == true && text(&panel["interval"]).is_empty() {
        found.push("has no least width of a point".to_owned());
    }
    let told = |name: &str| {
        let label = match name {
            "service" => "service_name",
            "version" => "service_version",
            name => name,
        };
        let of_sessions = |counter: &Metric| DETAIL.contains(counter);
        let tells =
            |one: &&Metric| one.tells(label) && (!of_sessions(one) || carries(stack, one, label));
        counters.iter().all(tells)
    };
    let filters = variables.iter().filter(|name| **name != "utc_offset" && told(name));
    for filter in filters {
        if !counters.is_empty() && !query.variables.contains(filter) {
            found.push(format!("is not filtered by `${filter}`"));
        }
    }
    found
}

/// The counter whose increments a name stands for.
fn counter(name: &str) -> Option<&'static Metric> {
    let mut all = METRICS.iter().chain(&DETAIL);
    all.find(|known| format!("{}:inc1m", known.rule_stem()) == name)
}

/// Says whether a counter carries a label, by the table and the profile.
fn carries(stack: &Stack, counter: &Metric, label: &str) -> bool {
    if DETAIL.contains(counter) {
        return DETAIL_LABELS.contains(&label) || counter.labels.contains(&label);
    }
    let chosen = stack.labels.value.iter().any(|extra| extra.label == label);
    if label == ExtraLabel::TYPE {
        return counter.labels.contains(&label)
            && (chosen || counter.name != "claude_tokens_total");
    }
    LABELS.contains(&label) || counter.labels.contains(&label) || chosen
}
