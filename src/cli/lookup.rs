//! `lookup`: what a key is, and where that comes from.

use super::arguments::{Arguments, Lookup, RenderAs};
use super::{exit::Outcome, hierarchy, lookup_hierarchy, source, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure, Kind, Location, Origin};
use crate::hiera::{self, Node, TypeSpec, print};
use crate::profile::{self, Found, KEYS};
use serde_json::Value;

/// Runs the command; of several keys the first that has a value counts, as for `puppet lookup`.
pub fn run(
    arguments: &Arguments,
    options: &Lookup,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    if options.compile {
        return Err(Diagnostic::error(Kind::Usage, "`--compile` is not supported")
            .code("lookup::compile")
            .cause("otelctl has no catalogue: variables are facts, `trusted` and `environment`")
            .hint("leave it out; add what a manifest would set to the file of `--facts`")
            .into());
    }
    let scope = || hierarchy::scope(&arguments.hierarchy);
    if let Some(hiera) = hierarchy::open(&arguments.hierarchy, terminal)? {
        return lookup_hierarchy::run(&hiera, &scope()?, options, terminal);
    }
    let several =
        [("--merge", options.merge.is_some()), ("--explain-options", options.explain_options)];
    if let Some((flag, _)) = several.into_iter().find(|(_, given)| *given) {
        return Err(hierarchy::needed_by(flag).into());
    }
    let expected = options.expected.as_deref().map(expected).transpose()?;
    let (hiera, scope) = (source::plain(arguments)?, scope()?);
    let lookup = hiera.scoped(&scope);
    let mut without = Vec::new();
    for key in &options.keys {
        let Some(found) = profile::lookup(&lookup, key)? else {
            without.push(profile::no_value(key));
            continue;
        };
        let node = node(&found.value, &found.origin);
        if let Some(expected) = &expected {
            of_type(expected, &node).map_err(|error| error.at(&found.origin))?;
        }
        terminal.data(&if options.explain {
            explained(key, &found)
        } else {
            rendered(&node, options.form())?
        });
        return Ok(Outcome::Done);
    }
    match &options.default {
        Some(text) => {
            let value = Value::String(text.clone());
            let node = node(&value, &Origin::Default);
            if let Some(expected) = &expected {
                of_type(expected, &node)?;
            }
            terminal.data(&if options.explain {
                format!(
                    "{}\n  value: {}\n  from: `--default`\n",
                    options.keys.join(", "),
                    shown(&value)
                )
            } else {
                rendered(&node, options.form())?
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

pub(super) fn rendered(node: &Node, form: RenderAs) -> Result<String, Diagnostic> {
    let mut text = match form {
        RenderAs::S => print::to_s(node),
        RenderAs::Json => print::json(node).map_err(|cause| {
            Diagnostic::error(Kind::Failed, "the value cannot be printed as JSON")
                .code("lookup::json")
                .caused_by(&cause)
                .hint("print it with `--render-as yaml`")
        })?,
        RenderAs::Yaml => print::yaml(node),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// Reads the type that the value must be of.
pub(super) fn expected(text: &str) -> Result<TypeSpec, Diagnostic> {
    TypeSpec::parse(text).map_err(|cause| {
        Diagnostic::error(Kind::Usage, format!("`--type {text}` is no type of Puppet's"))
            .code("lookup::type")
            .caused_by(&cause)
            .hint("write it as in a manifest, in quotes: `--type 'Array[Integer[1, 10]]'`")
    })
}

fn of_type(expected: &TypeSpec, node: &Node) -> Result<(), Diagnostic> {
    expected.check(node).map_err(|cause| {
        Diagnostic::error(Kind::Failed, "the value found is of another type")
            .code("lookup::type")
            .caused_by(&cause)
    })
}

/// A value that is known as JSON, as a node at its place.
fn node(value: &Value, origin: &Origin) -> Node {
    let nowhere = || Location { layer: "".into(), file: "".into(), line: 1, column: 1 };
    let location = origin.location().cloned().unwrap_or_else(nowhere);
    let value = match value {
        Value::Null => hiera::Value::Null,
        Value::Bool(value) => hiera::Value::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => hiera::Value::Integer(value),
            (None, Some(value)) => hiera::Value::Float(value),
            (None, None) => hiera::Value::BigInteger(number.to_string()),
        },
        Value::String(text) => hiera::Value::Text(text.clone()),
        Value::Array(items) => {
            hiera::Value::Sequence(items.iter().map(|item| node(item, origin)).collect())
        }
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| {
                (node(&Value::String(key.clone()), origin), node(value, origin))
            };
            hiera::Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node::new(value, location)
}
