//! Reads the rendered text, strictly: a line it does not know is an error.

use super::{Chain, Hook, Match, Rule, Ruleset, Verdict, guard};
use crate::diagnostic::{Diagnostic, Failure, Kind, Location, Origin};
use ipnet::IpNet;
use std::net::IpAddr;

const SUPPORTED: &str = "supported: `iifname \"NAME\"`, `ct direction reply`, `fib daddr type \
     local`, `ip|ip6 daddr|saddr NET`, `tcp dport N`, `counter`, then `accept`, `drop` or `jump CHAIN`";

impl Ruleset {
    /// Reads a table in the form that `Display` prints; comments and empty
    /// lines are free.
    ///
    /// # Errors
    /// Every line that is wrong, with its place in `file`.
    pub fn parse(text: &str, file: &str) -> Result<Self, Failure> {
        let mut parser = Parser { file, ..Parser::default() };
        for (index, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.first().is_some_and(|word| !word.starts_with('#')) {
                parser.line = index + 1;
                parser.column = 1 + line.chars().take_while(|c| c.is_whitespace()).count();
                parser.read(&words);
            }
        }
        parser.finish(text.lines().count())
    }
}

/// What the parser waits for.
#[derive(Default)]
enum Expect {
    /// `table inet NAME`: the table exists from here on.
    #[default]
    Declaration,
    /// `delete table inet NAME`: whatever it held is gone.
    Deletion,
    /// `table inet NAME {`.
    Table,
    /// `chain NAME {` or the table's `}`.
    Chain,
    /// A rule or the chain's `}`.
    Rule,
    /// Nothing more.
    End,
}

#[derive(Default)]
struct Parser<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    expect: Expect,
    table: String,
    chains: Vec<Chain>,
    /// Line, column and target of every jump.
    jumps: Vec<(usize, usize, String)>,
    errors: Vec<Diagnostic>,
}

impl Parser<'_> {
    fn read(&mut self, words: &[&str]) {
        match (&self.expect, words) {
            (Expect::Declaration, ["table", "inet", name]) => {
                self.check_name(name);
                (*name).clone_into(&mut self.table);
                self.expect = Expect::Deletion;
            }
            (Expect::Deletion, ["delete", "table", "inet", name]) => {
                self.check_table(name);
                self.expect = Expect::Table;
            }
            (Expect::Table, ["table", "inet", name, "{"]) => {
                self.check_table(name);
                self.expect = Expect::Chain;
            }
            (Expect::Chain, ["chain", name, "{"]) => {
                self.check_name(name);
                if self.chains.iter().any(|chain| chain.name == *name) {
                    self.refuse(format!("chain `{name}` stands twice"));
                }
                self.chains.push(Chain { name: (*name).to_owned(), hook: None, rules: vec![] });
                self.expect = Expect::Rule;
            }
            (Expect::Chain, ["}"]) => self.expect = Expect::End,
            (Expect::Rule, ["}"]) => self.expect = Expect::Chain,
            (Expect::Rule, ["type", ..]) => self.hook(words),
            (Expect::Rule, _) => self.rule(words),
            (Expect::Declaration, _) => self.unexpected(words, "`table inet NAME`"),
            (Expect::Deletion, _) => self.unexpected(words, "`delete table inet NAME`"),
            (Expect::Table, _) => self.unexpected(words, "`table inet NAME {`"),
            (Expect::Chain, _) => self.unexpected(words, "`chain NAME {` or `}`"),
            (Expect::End, _) => self.unexpected(words, "the end of the file"),
        }
    }

    fn hook(&mut self, words: &[&str]) {
        let priority = match words {
            ["type", "filter", "hook", "prerouting", "priority", priority, "policy", "accept;"] => {
                priority.strip_suffix(';').and_then(|number| number.parse().ok())
            }
            _ => None,
        };
        let Some(priority) = priority else {
            return self
                .unexpected(words, "`type filter hook prerouting priority N; policy accept;`");
        };
        let fresh = self.chains.last_mut().filter(|c| c.hook.is_none() && c.rules.is_empty());
        if let Some(chain) = fresh {
            chain.hook = Some(Hook { priority });
        } else {
            self.refuse("the hook does not stand first in its chain".to_owned());
        }
    }

    fn rule(&mut self, words: &[&str]) {
        let rule = match read_rule(words) {
            Ok(rule) => rule,
            Err(rest) => {
                let error = self.error(format!("`{rest}` is not part of a supported rule"));
                self.errors.push(error.hint(SUPPORTED));
                return;
            }
        };
        if let Verdict::Jump(target) = &rule.verdict {
            self.jumps.push((self.line, self.column, target.clone()));
        }
        let hooked = self.chains.last().is_some_and(|chain| chain.hook.is_some());
        if let Some(why) = if hooked { guard::hooked(&rule) } else { guard::jumped(&rule) } {
            self.refuse(format!("rule `{rule}` {why}"));
        }
        if let Some(chain) = self.chains.last_mut() {
            chain.rules.push(rule);
        }
    }

    fn finish(mut self, lines: usize) -> Result<Ruleset, Failure> {
        if !matches!(self.expect, Expect::End) {
            (self.line, self.column) = (lines.max(1), 1);
            self.refuse("the table does not end".to_owned());
        }
        for (line, column, target) in std::mem::take(&mut self.jumps) {
            (self.line, self.column) = (line, column);
            match self.chains.iter().find(|chain| chain.name == target) {
                None => self.refuse(format!("there is no chain `{target}` to jump to")),
                Some(chain) if chain.hook.is_some() => {
                    self.refuse(format!("chain `{target}` has a hook, so nothing jumps to it"));
                }
                Some(_) => {}
            }
        }
        Failure::check(self.errors)?;
        Ok(Ruleset { table: self.table, chains: self.chains })
    }

    fn check_table(&mut self, name: &str) {
        if name != self.table {
            self.refuse(format!("table `{name}` is not `{}`", self.table));
        }
    }

    /// nft's own identifiers, without the slash.
    fn check_name(&mut self, name: &str) {
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let goes_on = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        if !starts || !goes_on || name.len() > 127 {
            self.refuse(format!("`{name}` is not a name"));
        }
    }

    fn unexpected(&mut self, words: &[&str], wanted: &str) {
        self.refuse(format!("`{}` stands where {wanted} is expected", words.join(" ")));
    }

    fn refuse(&mut self, message: String) {
        let error = self.error(message);
        self.errors.push(error);
    }

    fn error(&self, message: String) -> Diagnostic {
        Diagnostic::error(Kind::Profile, message).code("artifact::ruleset").at(&Origin::File(
            Location {
                layer: "rendered".into(),
                file: self.file.into(),
                line: self.line,
                column: self.column,
            },
        ))
    }
}

/// Reads one rule; the error is the part that is not understood.
fn read_rule(words: &[&str]) -> Result<Rule, String> {
    let mut matches = Vec::new();
    let mut rest = words;
    loop {
        let (condition, tail) = match rest {
            ["iifname", name, tail @ ..] => (read_interface(name).map(Match::Interface), tail),
            ["ct", "direction", "reply", tail @ ..] => (Some(Match::Reply), tail),
            ["fib", "daddr", "type", "local", tail @ ..] => (Some(Match::Local), tail),
            [family @ ("ip" | "ip6"), "daddr", net, tail @ ..] => {
                (read_net(family, net).map(Match::Destination), tail)
            }
            [family @ ("ip" | "ip6"), "saddr", net, tail @ ..] => {
                (read_net(family, net).map(Match::Source), tail)
            }
            ["tcp", "dport", port, tail @ ..] => (port.parse().ok().map(Match::Port), tail),
            _ => break,
        };
        matches.push(condition.ok_or_else(|| rest.join(" "))?);
        rest = tail;
    }
    let (counter, rest) = match rest {
        ["counter", rest @ ..] => (true, rest),
        _ => (false, rest),
    };
    let verdict = match rest {
        ["accept"] => Verdict::Accept,
        ["drop"] => Verdict::Drop,
        ["jump", target] => Verdict::Jump((*target).to_owned()),
        [] => return Err(words.join(" ")),
        _ => return Err(rest.join(" ")),
    };
    Ok(Rule { matches, counter, verdict })
}

/// An interface in quotes; Linux allows 15 bytes, and nft reads `*` as a wildcard.
fn read_interface(quoted: &str) -> Option<String> {
    let name = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let plain = name.chars().all(|c| c.is_ascii_graphic() && !"\"/\\*".contains(c));
    (plain && (1..=15).contains(&name.len())).then(|| name.to_owned())
}

/// A network or an address of the family; host bits are cut off, as nft does.
fn read_net(family: &str, text: &str) -> Option<IpNet> {
    let net = match text.parse::<IpNet>() {
        Ok(net) => net.trunc(),
        Err(_) => text.parse::<IpAddr>().ok()?.into(),
    };
    (matches!(net, IpNet::V4(_)) == (family == "ip")).then_some(net)
}
