//! `lookup` through a hierarchy, as `puppet lookup` does.

use super::arguments::{DeepMerge, Lookup as Options, RenderAs, Strict as Level, Strictness};
use super::exit::Outcome;
use super::explanation;
use super::lookup::{expected, rendered};
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Failure, Kind, Location};
use crate::hiera::{Hiera, Node, Request, Scope, Strategy, Strict, Value};

/// Runs the command.
///
/// # Errors
/// Nothing found, a mistake in the data, a value of another type.
pub fn run(
    hiera: &Hiera,
    scope: &Scope,
    options: &Options,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let request = request(options)?;
    let Strictness { strict, strict_variables: variables } = options.strictness;
    let strict = Strict { files: strict == Level::Error, variables };
    let scope = scope.clone().strict(strict);
    let lookup = hiera.scoped(&scope);
    if options.explain || options.explain_options {
        // In this order: options are read once, and only who reads them first tells how.
        let mut told = lookup.explain(&request);
        let found = lookup.find(&request);
        if options.explain_options && !options.explain {
            told = explanation::options_alone(told);
        }
        // What becomes `Sensitive` in the end may have been found as plain text; what it
        // would have become is not known where the lookup fails.
        let secret = match &found {
            Ok(found) => found.node.holds_secret(),
            Err(failure) => !is_not_found(failure),
        };
        if secret {
            told = explanation::without_values(told);
        }
        terminal.data(&match options.render_as.unwrap_or(RenderAs::S) {
            RenderAs::Json => explanation::json(&told),
            RenderAs::Yaml | RenderAs::S => explanation::text(&told),
        });
        return match found {
            // As for Puppet: that there is no value is an explanation, too.
            Err(failure) if !is_not_found(&failure) => Err(judged(&failure)),
            _ => Ok(Outcome::Done),
        };
    }
    let found = lookup.find(&request).map_err(|failure| judged(&failure))?;
    terminal.data(&rendered(&found.node, options.form())?);
    Ok(Outcome::Done)
}

/// The data may be right, and just not what was asked for: exit code 1, as without a hierarchy.
fn judged(failure: &Failure) -> Failure {
    let judge = |told: &Diagnostic| match told.code {
        Some("hiera::not-found" | "hiera::type") => {
            Diagnostic { kind: Kind::Failed, ..told.clone() }
        }
        _ => told.clone(),
    };
    Failure::of(failure.diagnostics().iter().map(judge).collect())
}

fn is_not_found(failure: &Failure) -> bool {
    failure.diagnostics().iter().all(|told| told.code == Some("hiera::not-found"))
}

fn request(options: &Options) -> Result<Request, Failure> {
    let default = options.default.as_ref().map(|text| {
        let location =
            Location { layer: "--default".into(), file: "--default".into(), line: 1, column: 1 };
        Node::new(Value::Text(text.clone()), location)
    });
    let expected = options.expected.as_deref().map(expected).transpose()?;
    Ok(Request { keys: options.keys.clone(), merge: strategy(options)?, default, expected })
}

fn strategy(options: &Options) -> Result<Option<Strategy>, Failure> {
    let DeepMerge { knock_out_prefix: prefix, sort_merged_arrays: sort, merge_hash_arrays: hashes } =
        &options.deep;
    let refined = [
        ("--knock-out-prefix", prefix.is_some()),
        ("--sort-merged-arrays", *sort),
        ("--merge-hash-arrays", *hashes),
    ];
    let deep = options.merge.as_deref() == Some("deep");
    if let Some((flag, _)) = refined.into_iter().find(|(_, given)| *given && !deep) {
        return Err(Diagnostic::error(
            Kind::Usage,
            format!("`{flag}` refines `--merge deep` alone"),
        )
        .code("lookup::merge")
        .hint("add `--merge deep`")
        .into());
    }
    let Some(name) = options.merge.as_deref() else { return Ok(None) };
    match Strategy::of(name, prefix.as_deref(), *sort, *hashes) {
        Ok(strategy) => Ok(Some(strategy)),
        Err(failure) => Err(Failure::of(failure.diagnostics().iter().map(usage).collect())),
    }
}

/// What is wrong on the command line is no mistake of the profile's.
fn usage(told: &Diagnostic) -> Diagnostic {
    Diagnostic { kind: Kind::Usage, ..told.clone() }
}
