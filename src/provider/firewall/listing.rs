//! What `nft -j list table` printed, in the words that otelctl itself prints.
//!
//! Handles and counters are left out. Whatever the model has no words for is
//! kept as text: it shows up as drift, and is never an error.

use crate::artifact::ruleset::{Chain, Match, Rule, Ruleset, Verdict};
use ipnet::IpNet;
use serde_json::{Map, Value};
use std::net::IpAddr;

/// Everything in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The chains, in the kernel's order.
    pub chains: Vec<ListedChain>,
    /// Whatever else is there: sets, maps, flags of the table.
    pub others: Vec<String>,
}

/// A chain as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedChain {
    /// The chain's name.
    pub name: String,
    /// Where packets come in: `type filter hook prerouting priority -150; policy accept;`.
    pub hook: Option<String>,
    /// Its rules.
    pub rules: Vec<String>,
}

impl ListedChain {
    /// The lines between the chain's braces.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let Self { name: _, hook, rules } = self;
        hook.iter().chain(rules).cloned()
    }
}

impl Listing {
    /// Reads the JSON; none when it is not what `nft -j list table` prints.
    #[must_use]
    pub fn read(json: &[u8]) -> Option<Self> {
        let Ok(document) = serde_json::from_slice::<Value>(json) else {
            // At a flag of the table, nft 1.0.6 prints from memory that it gave
            // back: another value for a small table, and nothing more for a large one.
            let ends_at_flags = json.trim_ascii_end().ends_with(b"\"flags\":");
            return ends_at_flags
                .then(|| Self { chains: Vec::new(), others: vec!["flags".to_owned()] });
        };
        let mut listing = Self::default();
        for entry in document.get("nftables")?.as_array()? {
            let (kind, object) = entry.as_object()?.iter().next()?;
            listing.add(kind, object.as_object()?);
        }
        Some(listing)
    }

    /// What the kernel would show of a ruleset.
    #[must_use]
    pub fn of(ruleset: &Ruleset) -> Self {
        let Ruleset { table: _, chains } = ruleset;
        let chain = |chain: &Chain| ListedChain {
            name: chain.name.clone(),
            hook: chain.hook.map(|hook| hook.to_string()),
            rules: chain.rules.iter().map(ToString::to_string).collect(),
        };
        Self { chains: chains.iter().map(chain).collect(), others: Vec::new() }
    }

    fn add(&mut self, kind: &str, object: &Map<String, Value>) {
        let name = text(object, "name");
        match kind {
            // nft 1.0.6 prints a wrong value for a flag, so only its presence
            // counts; `dormant` switches the whole table off.
            "table" if object.contains_key("flags") => self.others.push("flags".to_owned()),
            "metainfo" | "table" => {}
            "chain" => self.chains.push(ListedChain {
                name: name.to_owned(),
                hook: hook(object),
                rules: Vec::new(),
            }),
            "rule" => {
                let chain = text(object, "chain");
                if let Some(chain) = self.chains.iter_mut().find(|listed| listed.name == chain) {
                    chain.rules.push(rule(object));
                }
            }
            other => self.others.push(format!("{other} {name}")),
        }
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The hook of a chain; a device or another policy shows.
fn hook(chain: &Map<String, Value>) -> Option<String> {
    let hook = chain.get("hook")?.as_str()?;
    let device = chain.get("dev").map(|dev| format!(" device {dev}")).unwrap_or_default();
    let priority = chain.get("prio").map(ToString::to_string).unwrap_or_default();
    let (kind, policy) = (text(chain, "type"), text(chain, "policy"));
    Some(format!("type {kind} hook {hook}{device} priority {priority}; policy {policy};"))
}

fn rule(object: &Map<String, Value>) -> String {
    let expressions = object.get("expr").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut line = match known(expressions) {
        Some(rule) => rule.to_string(),
        None => Value::from(expressions).to_string(),
    };
    if let Some(comment) = object.get("comment") {
        line = format!("{line} comment {comment}");
    }
    line
}

/// The rule in the model's terms, if it has no others.
fn known(expressions: &[Value]) -> Option<Rule> {
    let (last, rest) = expressions.split_last()?;
    let verdict = match single(last)? {
        ("accept", Value::Null) => Verdict::Accept,
        ("drop", Value::Null) => Verdict::Drop,
        ("jump", jump) => Verdict::Jump(jump.get("target")?.as_str()?.to_owned()),
        _ => return None,
    };
    let (counter, rest) = match rest.split_last() {
        Some((last, rest)) if single(last)?.0 == "counter" => (true, rest),
        _ => (false, rest),
    };
    let matches = rest.iter().map(condition).collect::<Option<_>>()?;
    Some(Rule { matches, counter, verdict })
}

fn condition(expression: &Value) -> Option<Match> {
    let ("match", parts) = single(expression)? else { return None };
    let (left, right) = (parts.get("left")?, parts.get("right")?);
    if parts.get("op")?.as_str()? != "==" {
        return None;
    }
    match single(left)? {
        ("meta", meta) if meta.get("key")? == "iifname" => {
            Some(Match::Interface(right.as_str()?.to_owned()))
        }
        ("ct", ct) if ct.get("key")? == "direction" && right == "reply" => {
            ct.get("dir").is_none().then_some(Match::Reply)
        }
        ("fib", fib) if fib.get("result")? == "type" && right == "local" => {
            let flags = fib.get("flags")?;
            // One flag is a list in nft 1.0.6 and may be a bare word elsewhere.
            let flag = flags.as_array().map_or(Some(flags), |list| match list.as_slice() {
                [flag] => Some(flag),
                _ => None,
            });
            (flag? == "daddr").then_some(Match::Local)
        }
        ("payload", payload) => {
            match (payload.get("protocol")?.as_str()?, payload.get("field")?.as_str()?) {
                ("tcp", "dport") => Some(Match::Port(right.as_u64()?.try_into().ok()?)),
                ("ip" | "ip6", "daddr") => Some(Match::Destination(net(right)?)),
                ("ip" | "ip6", "saddr") => Some(Match::Source(net(right)?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A bare address, or `{"prefix": {"addr": …, "len": …}}`.
fn net(value: &Value) -> Option<IpNet> {
    if let Some(address) = value.as_str() {
        return Some(address.parse::<IpAddr>().ok()?.into());
    }
    let prefix = value.get("prefix")?;
    let address: IpAddr = prefix.get("addr")?.as_str()?.parse().ok()?;
    IpNet::new(address, prefix.get("len")?.as_u64()?.try_into().ok()?).ok()
}

/// The one key of an object and its value.
fn single(value: &Value) -> Option<(&str, &Value)> {
    let object = value.as_object()?;
    let (key, value) = object.iter().next()?;
    (object.len() == 1).then_some((key, value))
}

#[cfg(test)]
mod tests;
