//! The firewall's settings: whose it is, and which custom rules are ours.

use super::expect::{Mistake, boolean, found};
use super::keys;
use super::reader::Reader;
use super::rule::{Reading, Rule, anywhere, rule};
use super::settings::FirewallSettings;
use crate::diagnostic::{Diagnostic, Origin};
use crate::hiera::Value;

impl FirewallSettings {
    /// Reads the keys of the firewall, given the ports that the stack publishes.
    pub(super) fn read(reader: &mut Reader<'_>, published: &[u16]) -> Self {
        Self {
            manage: reader.setting("otelctl::firewall::manage", true, boolean),
            rules: rules(reader, published),
        }
    }
}

/// Sorts the custom rules into ours and others, and tells of the others.
fn rules(reader: &mut Reader<'_>, published: &[u16]) -> Vec<Rule> {
    let Some(node) = reader.node(keys::RULES) else { return Vec::new() };
    let entries = match &node.value {
        Value::Mapping(entries) => entries.as_slice(),
        Value::Null => &[],
        _ => {
            let expected = "a mapping of rule names to rules";
            reader.mistakes(keys::RULES, vec![Mistake::wrong_type(node, expected)]);
            &[]
        }
    };
    let (mut ours, mut foreign) = (Vec::new(), Vec::new());
    for (key, value) in entries {
        let name = key.value.as_text().map_or_else(|| found(key), str::to_owned);
        match rule(&name, key, value, published) {
            Ok(Reading::Ours(rule)) => {
                warn_open(reader, &rule, &key.origin());
                ours.push(rule);
            }
            Ok(Reading::Foreign) => foreign.push(format!("`{name}`")),
            Ok(Reading::Unreadable(at)) => {
                let message = format!(
                    "rule `{name}` names no port that can be read, so it opens none of this stack"
                );
                let warning = Diagnostic::warning(message).code("profile::firewall-rule");
                reader.diagnostics.push(warning.at(&at));
            }
            Err(mistakes) => reader.mistakes(keys::RULES, mistakes),
        }
    }
    if !foreign.is_empty() {
        let message = format!(
            "rules that name no port of this stack are left to their owner: {}",
            foreign.join(", ")
        );
        let left = Diagnostic::note(message).code("profile::foreign-rules");
        reader.diagnostics.push(left.at(&node.origin()));
    }
    ours
}

fn warn_open(reader: &mut Reader<'_>, rule: &Rule, at: &Origin) {
    if rule.sources.value == anywhere() {
        let message = format!("rule `{}` has no `source`, so everybody gets in", rule.name);
        let warning = Diagnostic::warning(message).code("profile::firewall-rule");
        reader.diagnostics.push(warning.at(at).hint("add `source`"));
    }
}
