//! How the values of several levels become one.

use super::Outcome;
use super::mistake::{fail, mistake, mistake_at};
use super::scope::member;
use crate::hiera::{Node, Value};
use fancy_regex::{Regex, RegexBuilder};

/// How the values of several levels become one.
#[derive(Clone, Debug, Default)]
pub enum Strategy {
    /// The first level that has the key gives the value.
    #[default]
    First,
    /// One list of all values, each once.
    Unique,
    /// One mapping, whose keys are taken from the first level that has them.
    Hash,
    /// As `Hash`, down to the leaves; lists are joined, the lower ones first.
    Deep(Deep),
    /// As `Deep`, and the lower level wins.
    ReverseDeep(Deep),
}

/// What `deep` takes beside the values.
#[derive(Clone, Debug, Default)]
pub struct Deep {
    /// What begins with this takes the rest of itself away.
    pub knockout: Option<Regex>,
    /// The same as it was written.
    pub knockout_prefix: Option<String>,
    /// Whether joined lists are sorted.
    pub sort_merged_arrays: bool,
    /// Whether mappings in lists are merged one by one.
    pub merge_hash_arrays: bool,
}

const OPTIONS: [&str; 5] =
    ["strategy", "knockout_prefix", "sort_merged_arrays", "merge_hash_arrays", "merge_debug"];

impl Strategy {
    /// Reads `--merge` and the options beside it.
    ///
    /// # Errors
    /// An unknown name, options that only `deep` has, a wrong prefix.
    pub fn of(
        name: &str,
        knockout_prefix: Option<&str>,
        sort_merged_arrays: bool,
        merge_hash_arrays: bool,
    ) -> Outcome<Self> {
        let deep = knockout_prefix.is_some() || sort_merged_arrays || merge_hash_arrays;
        let knockout = knockout_prefix.map(knockout).transpose()?;
        let options = Deep {
            knockout,
            knockout_prefix: knockout_prefix.map(str::to_owned),
            sort_merged_arrays,
            merge_hash_arrays,
        };
        match name {
            "first" | "default" if !deep => Ok(Self::First),
            "unique" if !deep => Ok(Self::Unique),
            "hash" if !deep => Ok(Self::Hash),
            "deep" | "unconstrained_deep" => Ok(Self::Deep(options)),
            "reverse_deep" => Ok(Self::ReverseDeep(options)),
            "first" | "unique" | "hash" => {
                let message = format!("the merge strategy `{name}` takes no options");
                fail(mistake("hiera::merge", message).hint("only `deep` does"))
            }
            _ => {
                let message = format!("`{name}` is no merge strategy");
                fail(mistake("hiera::merge", message).hint("write first, unique, hash or deep"))
            }
        }
    }

    /// Reads the `merge` of `lookup_options`; nothing means none is set.
    pub fn of_node(node: &Node) -> Outcome<Option<Self>> {
        let refuse = |message: String, at: &Node| {
            let told = mistake_at("hiera::merge", message, &at.location);
            fail(told.hint("write `merge: deep` or `merge: {strategy: deep, knockout_prefix: --}`"))
        };
        let entries = match &node.value {
            Value::Null | Value::Bool(false) => return Ok(None),
            Value::Text(name) => return Self::of(name, None, false, false).map(Some),
            Value::Mapping(entries) => entries,
            other => return refuse(format!("`merge` is {}", other.kind()), node),
        };
        let Some(name) = member(node, "strategy").and_then(|name| name.value.as_text()) else {
            return refuse("`merge` has no `strategy`".to_owned(), node);
        };
        for (key, _) in entries {
            let text = key.value.as_text().unwrap_or_default();
            if !OPTIONS.contains(&text) && !name.ends_with("_deep") {
                return refuse(format!("`merge` has no option `{text}`"), key);
            }
        }
        let flag = |option: &str| -> Outcome<bool> {
            match member(node, option) {
                Some(Node { value: Value::Bool(value), .. }) => Ok(*value),
                None => Ok(false),
                Some(other) => {
                    let message =
                        format!("`{option}` is {}, expected a boolean", other.value.kind());
                    fail(mistake_at("hiera::merge", message, &other.location))
                }
            }
        };
        let prefix = match member(node, "knockout_prefix") {
            None => None,
            Some(Node { value: Value::Text(prefix), .. }) => Some(prefix.as_str()),
            Some(other) => {
                let kind = other.value.kind();
                return refuse(format!("`knockout_prefix` is {kind}, expected text"), other);
            }
        };
        Self::of(name, prefix, flag("sort_merged_arrays")?, flag("merge_hash_arrays")?).map(Some)
    }

    /// The name as people write it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Unique => "unique",
            Self::Hash => "hash",
            Self::Deep(_) => "deep",
            Self::ReverseDeep(_) => "reverse_deep",
        }
    }
}

/// Ruby's deep merge takes the prefix for a regular expression.
fn knockout(prefix: &str) -> Outcome<Regex> {
    let refuse = |message: &str| fail(mistake("hiera::merge", message));
    if prefix.is_empty() {
        return refuse("the knockout prefix is empty");
    }
    let built = RegexBuilder::new(&format!("^{prefix}")).multi_line(true).build();
    built.or_else(|_| refuse("the knockout prefix is no regular expression"))
}
