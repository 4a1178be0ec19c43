//! Decides what happens to the user's own Prometheus. Pure.

use super::config_file::{self, Addition, Arrangement, Listed};
use super::{
    Answers, ConfigFile, Configure, Desired, Entries, Layout, Observed, Operation, Process, Reload,
    Server, Text, entries, judge,
};
use crate::artifact::path;
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use crate::plan::{Action, Change, FieldDiff, Shown, Stage};
use std::sync::Arc;

/// The address of what is changed.
const ADDRESS: &str = "prometheus/config";

/// Compares the configuration and what is loaded with what is desired.
///
/// # Errors
/// Everything that stands in the way.
pub fn diff(
    desired: &Desired,
    observed: &Observed,
) -> Result<Vec<Change<Operation>>, Vec<Diagnostic>> {
    let Observed { file, server, process, promtool } = observed;
    let removal = desired.entries.is_none();
    let name = desired.config_file.display().to_string();
    let Some(file) = file else {
        return if removal { Ok(Vec::new()) } else { Err(vec![no_file(desired)]) };
    };
    let answers = match server {
        Server::Answers(answers) => Some(&**answers),
        Server::Absent if removal => None,
        Server::Absent => return Err(vec![absent(desired)]),
    };
    let text = std::str::from_utf8(&file.text.0).map_err(|_| vec![no_text(&name)])?;
    let layout = answers.map_or(Layout::Inline, |answers| Layout::of(&answers.version));
    let nothing = config_file::arrange(text, &name, &desired.stack, &[]).map_err(|e| vec![e])?;
    // What somebody else's broken file says does not matter for taking ours out.
    let listed = match config_file::read(&nothing.bare, &name) {
        Err(_) if removal => Listed::default(),
        listed => listed.map_err(|e| vec![e])?,
    };
    let rules = !shared_rules(desired, &listed);
    let mut refused = foreign(desired, &listed, answers, rules);
    refused.extend(
        answers.filter(|_| !removal).and_then(|a| elsewhere(desired, file, process.as_ref(), a)),
    );
    let arranged = match &desired.entries {
        None => nothing,
        Some(Entries { job, .. }) => {
            let rules = rules.then_some(desired.rules_file.as_str());
            let additions: Vec<Addition> =
                entries::additions(layout, job, &desired.scrape_file, rules);
            match config_file::arrange(text, &name, &desired.stack, &additions) {
                Ok(arranged) => arranged,
                Err(error) => {
                    refused.push(error);
                    return Err(refused);
                }
            }
        }
    };
    let edit = arranged.wanted != text;
    let loaded = answers
        .map_or_else(Vec::new, |answers| differences(desired, &listed, layout, rules, answers));
    if edit && !removal && promtool.is_none() {
        refused.push(no_promtool(&name));
    }
    let changed = edit || !loaded.is_empty();
    let reload = answers.filter(|_| changed).map(|answers| reload(answers, process.as_ref()));
    if let Some(None) = reload {
        refused.push(no_reload(desired));
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    if !changed {
        return Ok(leftover(file));
    }
    let fallback = fallback(&arranged, &loaded, text, edit, removal);
    let operation = Operation::Configure(Box::new(Configure {
        desired: desired.clone(),
        layout,
        rules,
        path: file.path.clone(),
        attributes: file.attributes,
        before: file.text.clone(),
        after: edit.then(|| Text(arranged.wanted.clone().into_bytes())),
        fallback: fallback.map(|text| Text(text.into_bytes())),
        promtool: promtool.clone(),
        reload: reload.flatten(),
        took_files: answers.is_none_or(|answers| answers.loaded.took_files),
    }));
    let action = if removal { Action::Delete } else { Action::Update };
    let reason = match (edit, removal) {
        (true, false) => "the stack's entries are not in the configuration as they should be",
        (true, true) => "the stack's entries go",
        (false, _) => "Prometheus has not loaded what its configuration says",
    };
    let shown = edit.then(|| FieldDiff {
        field: name,
        before: Shown::Plain(arranged.shown_before()),
        after: Shown::Plain(arranged.shown_after()),
    });
    let fields = shown.into_iter().chain(loaded.into_iter().filter(|_| !edit));
    let change = Change::new(ADDRESS, action, Stage::Prometheus, operation);
    Ok(vec![change.because(reason).fields(fields)])
}

/// What the user should know that is no change: samples kept for less time than asked, stacks
/// that are left without rules.
#[must_use]
pub fn notes(desired: &Desired, observed: &Observed) -> Vec<Diagnostic> {
    let orphans = observed.file.as_ref().and_then(|file| without_rules(desired, file));
    short(desired, observed).into_iter().chain(orphans).collect()
}

fn short(desired: &Desired, observed: &Observed) -> Option<Diagnostic> {
    let Server::Answers(answers) = &observed.server else { return None };
    match (desired.retention, answers.retention) {
        (Some(asked), Some(kept)) if kept < asked => {
            let message = format!(
                "Prometheus at `{}` keeps samples for {kept}, the profile asks for {asked}",
                desired.url
            );
            let hint = format!("start it with `--storage.tsdb.retention.time={asked}`");
            Some(Diagnostic::note(message).code("prometheus::retention").hint(hint))
        }
        _ => None,
    }
}

/// The stacks that count on the rules which go with this one.
fn without_rules(desired: &Desired, file: &ConfigFile) -> Option<Diagnostic> {
    let name = desired.config_file.display().to_string();
    let text = std::str::from_utf8(&file.text.0).ok()?;
    let ours = config_file::arrange(text, &name, &desired.stack, &[]).ok()?;
    let listed = config_file::read(&ours.bare, &name).ok()?;
    let had_rules = ours.found.iter().any(|line| line.contains(&desired.rules_file));
    if desired.entries.is_some() || !had_rules || shared_rules(desired, &listed) {
        return None;
    }
    let mut left: Vec<&str> =
        listed.jobs.iter().chain(&listed.scrape_files).filter_map(|w| w.stack.as_deref()).collect();
    left.sort_unstable();
    left.dedup();
    let left: Vec<String> = left.iter().map(|stack| format!("`{stack}`")).collect();
    (!left.is_empty()).then(|| {
        let message =
            format!("the recording rules go with this stack, and {} used them", left.join(", "));
        Diagnostic::warning(message)
            .code("prometheus::rules-go")
            .hint("apply that stack next: it puts its own rules in")
    })
}

fn differences(
    desired: &Desired,
    listed: &Listed,
    layout: Layout,
    rules: bool,
    answers: &Answers,
) -> Vec<FieldDiff> {
    let mut fields = judge::configuration(desired, layout, rules, &answers.loaded);
    fields.extend(judge::targets(desired, &answers.loaded));
    // On removal a job of our name may be somebody else's.
    let ours = !listed.jobs.iter().any(|job| job.name == desired.job);
    if desired.entries.is_none() && ours && answers.loaded.job.is_some() {
        fields.push(FieldDiff {
            field: format!("scrape_configs.{}", desired.job),
            before: Shown::plain("set"),
            after: Shown::Absent,
        });
    }
    fields
}

/// The rules say something about all collectors: one stack's are enough.
fn shared_rules(desired: &Desired, listed: &Listed) -> bool {
    listed.rule_files.iter().any(|file| {
        file.stack.is_some() && file.name != desired.rules_file && file.name.ends_with(path::RULES)
    })
}

/// Jobs, files and rule groups like ours that otelctl did not put there.
fn foreign(
    desired: &Desired,
    listed: &Listed,
    answers: Option<&Answers>,
    rules: bool,
) -> Vec<Diagnostic> {
    let Some(entries) = &desired.entries else { return Vec::new() };
    let file = desired.config_file.display().to_string();
    let refuse = |line: usize, what: String| {
        let at =
            Location { layer: Arc::from("prometheus"), file: Arc::from(&*file), line, column: 1 };
        Diagnostic::error(
            Kind::Refused,
            format!("{what} is there already, and otelctl did not write it"),
        )
        .code("prometheus::foreign")
        .at(&Origin::File(at))
        .hint("remove it from the configuration, and apply again")
    };
    let jobs = listed.jobs.iter().filter(|job| job.name == desired.job);
    let mut refused: Vec<Diagnostic> =
        jobs.map(|job| refuse(job.line, format!("job `{}`", job.name))).collect();
    let files = listed.rule_files.iter().chain(&listed.scrape_files);
    let ours = [&desired.rules_file, &desired.scrape_file];
    let files = files.filter(|file| ours.contains(&&file.name));
    refused.extend(files.map(|file| refuse(file.line, format!("file `{}`", file.name))));
    let groups = answers.map(|answers| answers.loaded.groups.as_slice()).unwrap_or_default();
    for group in groups.iter().filter(|group| rules && group.file != desired.rules_file) {
        let same = entries.rules.groups.iter().any(|ours| ours.name == group.name);
        // Left over from another stack whose block has just gone.
        if same && !group.file.ends_with(path::RULES) {
            let message = format!(
                "rule group `{}` is loaded from `{}`, and otelctl did not write that",
                group.name, group.file
            );
            refused.push(
                Diagnostic::error(Kind::Refused, message)
                    .code("prometheus::foreign")
                    .hint("remove the group there, and apply again"),
            );
        }
    }
    refused
}

/// A Prometheus that reads another file would never see the entries.
fn elsewhere(
    desired: &Desired,
    file: &ConfigFile,
    process: Option<&Process>,
    answers: &Answers,
) -> Option<Diagnostic> {
    let read = &answers.config_file;
    let same = process.is_some()
        || [&desired.config_file, &file.path].into_iter().any(|ours| ours.ends_with(read));
    (!same).then(|| {
        let message = format!(
            "Prometheus at `{}` reads `{}`, not `{}`",
            desired.url,
            read.display(),
            desired.config_file.display()
        );
        Diagnostic::error(Kind::Refused, message).code("prometheus::other-file").hint(
            "correct `otelctl::prometheus::config_file` or `otelctl::prometheus::url`; a \
             Prometheus in a container needs the same path inside and outside",
        )
    })
}

/// The best way that there is to have the files read again.
fn reload(answers: &Answers, process: Option<&Process>) -> Option<Reload> {
    match process {
        _ if answers.lifecycle => Some(Reload::Endpoint),
        Some(Process { running: _, reloadable: Some(service) }) => {
            Some(Reload::Service(service.clone()))
        }
        Some(Process { running, reloadable: None }) => Some(Reload::Signal(running.clone())),
        None => None,
    }
}

/// What a refused reload brings back: the file as it was, and after a run that
/// was killed before the reload the file as somebody else wrote it.
fn fallback(
    arranged: &Arrangement,
    loaded: &[FieldDiff],
    text: &str,
    edit: bool,
    removal: bool,
) -> Option<String> {
    let never_loaded = loaded.iter().any(|field| {
        field.before == Shown::Absent
            && ["rule_files", "scrape_config_files"].contains(&field.field.as_str())
    });
    match (edit, removal) {
        (true, _) => Some(text.to_owned()),
        (false, false) if never_loaded => Some(arranged.bare.clone()),
        (false, _) => None,
    }
}

fn leftover(file: &ConfigFile) -> Vec<Change<Operation>> {
    let operation = Operation::RemoveUnfinished { path: file.path.clone() };
    let change = Change::new(ADDRESS, Action::Delete, Stage::Prometheus, operation);
    let reason = "a run that was killed left a half-made file beside it";
    if file.unfinished { vec![change.because(reason)] } else { Vec::new() }
}

fn no_file(desired: &Desired) -> Diagnostic {
    let message = format!("there is no file `{}`", desired.config_file.display());
    Diagnostic::error(Kind::Refused, message)
        .code("prometheus::no-file")
        .hint("set `otelctl::prometheus::config_file` to the file that your Prometheus reads")
}

fn no_text(name: &str) -> Diagnostic {
    Diagnostic::error(Kind::Refused, format!("`{name}` is not UTF-8 text"))
        .code("prometheus::config-file")
        .hint("otelctl edits only what it can read")
}

fn absent(desired: &Desired) -> Diagnostic {
    let Desired { url, config_file, .. } = desired;
    let message = format!("Prometheus at `{url}` does not answer");
    Diagnostic::error(Kind::Unreachable, message)
        .code("prometheus::absent")
        .cause(format!("otelctl changes `{}` only where it can see it work", config_file.display()))
        .hint("start it, or correct `otelctl::prometheus::url`")
}

fn no_promtool(name: &str) -> Diagnostic {
    Diagnostic::error(Kind::Refused, format!("there is no `promtool` to check `{name}` with"))
        .code("prometheus::no-promtool")
        .hint("install it beside the `prometheus` program or in PATH; Debian's package brings both")
}

fn no_reload(desired: &Desired) -> Diagnostic {
    let message =
        format!("otelctl has no way to have Prometheus at `{}` read its files", desired.url);
    Diagnostic::error(Kind::Refused, message)
        .code("prometheus::no-reload")
        .cause("its lifecycle endpoint is off")
        .cause("no process on this host listens there and reads that configuration")
        .hint("start it with `--web.enable-lifecycle`, or run otelctl where it runs, as root")
}

#[cfg(test)]
mod tests;
