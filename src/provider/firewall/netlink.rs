//! One netlink batch to `nf_tables`, through libnftnl and libmnl.
//!
//! The only module with unsafe code: libnftnl's Rust binding has no `fib` and
//! no `ct direction`, and libmnl's cannot size a socket's buffers. The kernel
//! gets what `nft -f` sends for the same text; a live test compares the two.
//! May not decide what stays of a table that is there.

#![allow(unsafe_code)]

mod expression;
mod refusal;
mod socket;
mod transaction;

use super::Previous;
use crate::artifact::ruleset::{Chain, Hook, Rule, Ruleset, Verdict};
use crate::diagnostic::Diagnostic;
use nftnl::expr::Counter;
use nftnl::{ChainType, Policy, ProtoFamily};
use refusal::{Refusal, Step};
use std::ffi::CString;
use std::io;
use transaction::Transaction;

/// Makes the table's chains hold exactly this, from one packet to the next.
pub(super) fn replace(ruleset: &Ruleset, previous: &Previous) -> Result<(), Diagnostic> {
    let Ruleset { table, chains } = ruleset;
    fill(table, chains, previous).map_err(|refusal| refusal.diagnostic(table))
}

/// Removes the table, if it is there.
pub(super) fn delete(table: &str) -> Result<(), Diagnostic> {
    remove(table).map_err(|refusal| refusal.diagnostic(table))
}

fn remove(name: &str) -> Result<(), Refusal> {
    let table = nftnl::Table::new(text(name)?, ProtoFamily::Inet);
    let mut transaction = Transaction::of(2)?;
    drop_table(&table, name, &mut transaction);
    transaction.send()
}

fn fill(name: &str, chains: &[Chain], previous: &Previous) -> Result<(), Refusal> {
    let table = nftnl::Table::new(text(name)?, ProtoFamily::Inet);
    let (extra, step): (&[String], fn(String) -> Step) = match previous {
        Previous::Kept { extra } => (extra, Step::of_observed),
        Previous::Deleted => (&[], Step::new),
    };
    let rules: usize = chains.iter().map(|chain| chain.rules.len()).sum();
    let mut transaction = Transaction::of(3 + 2 * (chains.len() + extra.len()) + rules)?;

    if *previous == Previous::Deleted {
        drop_table(&table, name, &mut transaction);
    }
    transaction.add(&table, Step::new(format!("table `{name}`")));
    let mut wanted = Vec::with_capacity(chains.len());
    for chain in chains {
        let message = declared(chain, &table)?;
        // Changes nothing at a chain that is there, and fails if its hook is another.
        transaction.add(&message, step(format!("chain `{}`", chain.name)));
        wanted.push((chain, message));
    }
    // A rule that names only its chain stands for all of that chain's rules.
    for (Chain { name, .. }, message) in &wanted {
        let step = Step::new(format!("to empty chain `{name}`"));
        transaction.delete(&nftnl::Rule::new(message), step);
    }
    delete_chains(extra, &table, &mut transaction)?;
    // All chains exist before the first rule jumps to one.
    for (chain, message) in &wanted {
        for rule in &chain.rules {
            let step = Step::new(format!("rule `{rule}` of chain `{}`", chain.name));
            transaction.add(&compiled(rule, message)?, step);
        }
    }
    transaction.send()
}

/// Adding first makes the deletion succeed when there is no table.
fn drop_table(table: &nftnl::Table, name: &str, transaction: &mut Transaction) {
    transaction.add(table, Step::new(format!("table `{name}`")));
    transaction.delete(table, Step::new(format!("to delete table `{name}`")));
}

/// Empties all of them first: they may jump to each other.
fn delete_chains(
    names: &[String],
    table: &nftnl::Table,
    transaction: &mut Transaction,
) -> io::Result<()> {
    let mut chains = Vec::with_capacity(names.len());
    for name in names {
        let chain = nftnl::Chain::new(text(name)?, table);
        let step = Step::of_observed(format!("to empty chain `{name}`"));
        transaction.delete(&nftnl::Rule::new(&chain), step);
        chains.push((name, chain));
    }
    for (name, chain) in &chains {
        transaction.delete(chain, Step::of_observed(format!("to delete chain `{name}`")));
    }
    Ok(())
}

fn declared<'a>(chain: &Chain, table: &'a nftnl::Table) -> io::Result<nftnl::Chain<'a>> {
    let Chain { name, hook, rules: _ } = chain;
    let mut message = nftnl::Chain::new(text(name)?, table);
    if let Some(Hook { priority }) = hook {
        message.set_hook(nftnl::Hook::PreRouting, *priority);
        message.set_type(ChainType::Filter);
        message.set_policy(Policy::Accept);
    }
    Ok(message)
}

fn compiled<'a>(rule: &Rule, chain: &'a nftnl::Chain<'_>) -> io::Result<nftnl::Rule<'a>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Kind;

    #[test]
    fn names_that_are_no_c_strings_are_refused_before_anything_is_sent() {
        let error = delete("otelctl\0").expect_err("has a zero byte");
        assert_eq!(error.kind, Kind::Failed);
    }
}
