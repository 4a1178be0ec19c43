//! What was said of many nodes, each thing once, with the nodes it is true of.
//!
//! May not know what rendering is.

use crate::diagnostic::Diagnostic;
use std::collections::HashMap;

/// How many nodes are named; of the others only the number is told.
const NAMED: usize = 3;

/// Diagnostics by their text and place, in the order in which they came.
#[derive(Debug, Default)]
pub struct Said {
    entries: Vec<(Diagnostic, Nodes)>,
    positions: HashMap<String, usize>,
}

/// Some nodes: the first of them by name, and how many there are.
#[derive(Debug, Default)]
struct Nodes {
    named: Vec<String>,
    count: usize,
}

impl Said {
    /// Adds what is to be said of one node.
    pub fn add(&mut self, node: &str, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            let key = format!("{diagnostic:?}");
            let at = *self.positions.entry(key).or_insert_with(|| {
                self.entries.push((diagnostic.clone(), Nodes::default()));
                self.entries.len() - 1
            });
            if let Some((_, nodes)) = self.entries.get_mut(at) {
                nodes.add(node);
            }
        }
    }

    /// Everything, with the nodes as the last cause where it is not true of all.
    pub fn told(self, all: usize) -> Vec<Diagnostic> {
        self.entries
            .into_iter()
            .map(|(diagnostic, nodes)| match nodes.count {
                count if count == all && all > 1 => diagnostic,
                _ => diagnostic.cause(nodes.words()),
            })
            .collect()
    }
}

impl Nodes {
    fn add(&mut self, node: &str) {
        self.count += 1;
        let at = self.named.partition_point(|named| named.as_str() < node);
        if at < NAMED {
            self.named.insert(at, node.to_owned());
            self.named.truncate(NAMED);
        }
    }

    fn words(&self) -> String {
        let named: Vec<String> = self.named.iter().map(|node| format!("`{node}`")).collect();
        let named = named.join(", ");
        let noun = if self.count == 1 { "node" } else { "nodes" };
        match self.count - self.named.len() {
            0 => format!("on the {noun} {named}"),
            more => format!("on the {noun} {named} and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Said;
    use crate::diagnostic::{Diagnostic, Kind};

    #[test]
    fn a_thing_is_told_once_with_the_first_nodes_by_name() {
        let error = |text: &str| [Diagnostic::error(Kind::Profile, text)];
        let mut said = Said::default();
        for node in ["n9", "n4", "n1", "n3", "n2"] {
            said.add(node, &error("common"));
        }
        said.add("n3", &error("of one"));
        let causes = |all| -> Vec<(String, Vec<String>)> {
            let mut again = Said::default();
            for node in ["n9", "n4", "n1", "n3", "n2"] {
                again.add(node, &error("common"));
            }
            again.told(all).into_iter().map(|d| (d.message, d.causes)).collect()
        };
        let told: Vec<_> = said.told(6).into_iter().map(|d| (d.message, d.causes)).collect();
        assert_eq!(
            told,
            [
                ("common".into(), vec!["on the nodes `n1`, `n2`, `n3` and 2 more".to_owned()]),
                ("of one".into(), vec!["on the node `n3`".to_owned()]),
            ]
        );
        assert_eq!(causes(5), [("common".into(), vec![])]);
    }
}
