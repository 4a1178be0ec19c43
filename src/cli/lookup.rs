//! `lookup`: what a key is, and where that comes from.

use super::arguments::{Arguments, Lookup, RenderAs};
use super::{exit, exit::Outcome, source, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure, Origin};
use crate::profile::{self, Found, KEYS};
use serde_json::Value;

/// Runs the command; of several keys the first that has a value counts, as for `puppet lookup`.
pub fn run(
    arguments: &Arguments,
    options: &Lookup,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let (text, file) = source::text(arguments)?;
    let mut without = Vec::new();
    for key in &options.keys {
        let Some(found) = profile::lookup(&text, &file, key)? else {
            without.push(profile::no_value(key));
            continue;
        };
        terminal.data(&if options.explain {
            explained(key, &found)
        } else {
            rendered(&found.value, options.render_as)?
        });
        return Ok(Outcome::Done);
    }
    match &options.default {
        Some(text) => {
            let value = Value::String(text.clone());
            terminal.data(&if options.explain {
                format!(
                    "{}\n  value: {}\n  from: `--default`\n",
                    options.keys.join(", "),
                    shown(&value)
                )
            } else {
                rendered(&value, options.render_as)?
            });
            Ok(Outcome::Done)
        }
        None => Err(Failure::of(without)),
    }
}

fn explained(key: &str, found: &Found) -> String {
    let from = match &found.origin {
        Origin::Default => "otelctl's default".to_owned(),
        place @ Origin::File(_) => place.to_string(),
    };
    let about = KEYS.iter().find(|known| known.name == key).map_or_else(
        || "about: no key of otelctl's".to_owned(),
        |known| format!("about: {}", known.about),
    );
    format!("{key}\n  value: {}\n  from: {from}\n  {about}\n", shown(&found.value))
}

/// In one line.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn rendered(value: &Value, form: RenderAs) -> Result<String, Diagnostic> {
    Ok(match form {
        RenderAs::S => format!("{}\n", shown(value)),
        RenderAs::Json => format!("{value:#}\n"),
        RenderAs::Yaml => {
            let text = serde_saphyr::to_string(value)
                .map_err(|cause| exit::cannot_write("the value as YAML", &cause))?;
            let nested = value.is_object() || value.is_array();
            let start = if nested { "---\n" } else { "--- " };
            format!("{start}{}\n", text.trim_end())
        }
    })
}
