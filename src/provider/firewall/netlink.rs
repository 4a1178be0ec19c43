//! One netlink batch to `nf_tables`, through libnftnl and libmnl.
//!
//! The only module with unsafe code: libnftnl's Rust binding has no `fib` and
//! no `ct direction`, and libmnl's cannot size a socket's buffers. The kernel
//! gets what `nft -f` sends for the same text; a live test compares the two.

#![allow(unsafe_code)]

mod expression;
mod socket;

use crate::artifact::ruleset::{Chain, Hook, Rule, Ruleset, Verdict};
use crate::diagnostic::{Diagnostic, Kind};
use nftnl::expr::Counter;
use nftnl::nftnl_sys::libc;
use nftnl::{Batch, ChainType, MsgType, Policy, ProtoFamily};
use std::ffi::CString;
use std::io;

/// More than any message of ours takes, in bytes: an IPv6 rule has about 500.
const MESSAGE: usize = 1024;

/// Makes the table hold exactly this, from one packet to the next.
pub(super) fn replace(ruleset: &Ruleset) -> Result<(), Diagnostic> {
    let Ruleset { table, chains } = ruleset;
    // Adding first makes the deletion succeed when there was no table.
    transact(table, &[MsgType::Add, MsgType::Del, MsgType::Add], chains)
        .map_err(|refusal| refusal.diagnostic(table))
}

/// Removes the table, if it is there.
pub(super) fn delete(table: &str) -> Result<(), Diagnostic> {
    transact(table, &[MsgType::Add, MsgType::Del], &[]).map_err(|refusal| refusal.diagnostic(table))
}

fn transact(name: &str, sequence: &[MsgType], chains: &[Chain]) -> Result<(), Refusal> {
    let rules: usize = chains.iter().map(|chain| chain.rules.len()).sum();
    let messages = sequence.len() + chains.len() + rules;
    // One page, so that all is one datagram: the kernel refuses half a batch.
    let page = u32::try_from(messages * MESSAGE)
        .map_err(|_| io::Error::other(format!("{messages} messages are too many for a batch")))?;
    let mut batch = Batch::with_page_size(page);
    let mut steps = Vec::with_capacity(messages);

    let table = nftnl::Table::new(text(name)?, ProtoFamily::Inet);
    for kind in sequence {
        batch.add(&table, *kind);
        steps.push(format!("table `{name}`"));
    }
    let mut added = Vec::with_capacity(chains.len());
    for chain in chains {
        let message = add_chain(chain, &table)?;
        batch.add(&message, MsgType::Add);
        steps.push(format!("chain `{}`", chain.name));
        added.push(message);
    }
    // All chains exist before the first rule jumps to one.
    for (chain, message) in chains.iter().zip(&added) {
        for rule in &chain.rules {
            batch.add(&add_rule(rule, message)?, MsgType::Add);
            steps.push(format!("rule `{rule}` of chain `{}`", chain.name));
        }
    }
    socket::send(&batch.finalize(), &steps)
}

fn add_chain<'a>(chain: &Chain, table: &'a nftnl::Table) -> io::Result<nftnl::Chain<'a>> {
    let Chain { name, hook, rules: _ } = chain;
    let mut message = nftnl::Chain::new(text(name)?, table);
    if let Some(Hook { priority }) = hook {
        message.set_hook(nftnl::Hook::PreRouting, *priority);
        message.set_type(ChainType::Filter);
        message.set_policy(Policy::Accept);
    }
    Ok(message)
}

fn add_rule<'a>(rule: &Rule, chain: &'a nftnl::Chain<'_>) -> io::Result<nftnl::Rule<'a>> {
    let Rule { matches, counter, verdict } = rule;
    let mut message = nftnl::Rule::new(chain);
    for condition in matches {
        expression::add(condition, &mut message)?;
    }
    if *counter {
        message.add_expr(&Counter);
    }
    message.add_expr(&match verdict {
        Verdict::Accept => nftnl::expr::Verdict::Accept,
        Verdict::Drop => nftnl::expr::Verdict::Drop,
        Verdict::Jump(target) => nftnl::expr::Verdict::Jump { chain: text(target)? },
    });
    Ok(message)
}

fn text(name: &str) -> io::Result<CString> {
    CString::new(name).map_err(io::Error::other)
}

/// Why the batch was not done; nothing of it was.
#[derive(Debug)]
struct Refusal {
    error: io::Error,
    /// What the kernel refused, when it says so of one message.
    step: Option<String>,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self { error, step: None }
    }
}

impl Refusal {
    fn diagnostic(self, table: &str) -> Diagnostic {
        let Self { error, step } = self;
        let denied = error.kind() == io::ErrorKind::PermissionDenied;
        let kind = if denied { Kind::Permission } else { Kind::Failed };
        let message = format!("cannot change the nft table `inet {table}`");
        let mut diagnostic = Diagnostic::error(kind, message);
        if let Some(step) = step {
            diagnostic = diagnostic.cause(format!("the kernel refuses {step}"));
        }
        diagnostic = diagnostic.cause(error.to_string());
        match error.raw_os_error() {
            _ if denied => diagnostic.hint("run it as root or with CAP_NET_ADMIN"),
            Some(
                libc::ENOENT | libc::EOPNOTSUPP | libc::EPROTONOSUPPORT | libc::EAFNOSUPPORT,
            ) => diagnostic.hint(
                "load the kernel's modules: `modprobe -a nf_tables nft_ct nft_fib_inet nf_conntrack`",
            ),
            _ => diagnostic,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denial_and_missing_modules_have_a_cure() {
        let refusal = |code| Refusal {
            error: io::Error::from_raw_os_error(code),
            step: Some("chain `x`".to_owned()),
        };
        let denied = refusal(libc::EPERM).diagnostic("otelctl_otel");
        assert_eq!(denied.kind, Kind::Permission);
        assert_eq!(denied.causes[0], "the kernel refuses chain `x`");
        assert!(denied.hint.is_some_and(|hint| hint.contains("CAP_NET_ADMIN")));
        let missing = refusal(libc::ENOENT).diagnostic("otelctl_otel");
        assert_eq!(missing.kind, Kind::Failed);
        assert!(missing.hint.is_some_and(|hint| hint.contains("modprobe")));
    }

    #[test]
    fn names_that_are_no_c_strings_are_refused_before_anything_is_sent() {
        let error = delete("otelctl\0").expect_err("has a zero byte");
        assert_eq!(error.kind, Kind::Failed);
    }
}
