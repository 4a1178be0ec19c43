//! A plan for programs; `format_version` grows when a field changes its meaning.

use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::{Action, Change, FieldDiff, Plan, Risk, Shown};
use serde_json::{Value, json};

/// Makes the JSON form of a plan. A hidden value is `{"hidden": true}`, a missing one `null`.
#[must_use]
pub fn plan_json<O>(plan: &Plan<O>) -> Value {
    json!({
        "format_version": 1,
        "stack": plan.stack,
        "changes": plan.changes().iter().map(change).collect::<Vec<_>>(),
        "notes": plan.notes.iter().map(note).collect::<Vec<_>>(),
    })
}

fn change<O>(change: &Change<O>) -> Value {
    let Change { address, action, reason, risk, impact, fields, stage: _, operation: _, undo: _ } =
        change;
    let action = match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Replace => "replace",
        Action::Delete => "delete",
    };
    let risk = match risk {
        Risk::Safe => "safe",
        Risk::Disruptive => "disruptive",
        Risk::Destructive => "destructive",
    };
    json!({
        "address": address,
        "action": action,
        "reason": reason,
        "risk": risk,
        "impact": impact,
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
    })
}

fn field(field: &FieldDiff) -> Value {
    let FieldDiff { field, before, after } = field;
    json!({ "field": field, "before": shown(before), "after": shown(after) })
}

fn shown(value: &Shown) -> Value {
    match value {
        Shown::Absent => Value::Null,
        Shown::Plain(text) => json!(text),
        Shown::Hidden => json!({ "hidden": true }),
    }
}

fn note(note: &Diagnostic) -> Value {
    let severity = match note.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    json!({ "severity": severity, "message": note.message, "hint": note.hint })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Stage;

    #[test]
    fn a_secret_has_no_text() {
        let fields =
            [FieldDiff { field: "token".into(), before: Shown::Absent, after: Shown::Hidden }];
        let change = Change::new("x", Action::Create, Stage::File, ()).fields(fields);
        let shown = plan_json(&Plan::new("otel".into(), vec![change], Vec::new()));
        assert_eq!(
            shown["changes"][0]["fields"][0],
            json!({"field": "token", "before": null, "after": {"hidden": true}})
        );
    }
}
