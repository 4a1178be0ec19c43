//! The firewall provider against the real kernel: what it writes, reads and lets through.

mod hosts;
mod replacement;
mod traffic;

use hosts::{Door, Hosts, Place};
use otelctl::artifact::ruleset::{Rule, Ruleset, Verdict};
use otelctl::diagnostic::{Diagnostic, Kind};
use otelctl::plan::{Action, Change};
use otelctl::provider::firewall::{Desired, Observed, Operation, Previous, Reader, Writer, diff};
use otelctl::provider::{Execute, Observe};
use std::fmt::Write;
use std::process::Command;
use std::time::Instant;

/// Every form a rule can take; what a profile renders is a part of it.
const EVERY_FORM: &str = include_str!("../fixtures/nft/as-rendered.nft");
/// The rules of the user's document, as the template renders them.
const DOCUMENT: &str = include_str!("../fixtures/nft/document.nft");

fn parse(text: &str) -> Ruleset {
    Ruleset::parse(text, "firewall/otelctl.nft").expect("is supported")
}

fn desired(text: &str) -> Desired {
    let ruleset = parse(text);
    Desired { table: ruleset.table.clone(), ruleset: Some(ruleset) }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("make a runtime");
    runtime.block_on(future)
}

impl Hosts {
    fn observe(&self, desired: &Desired) -> Observed {
        self.run(Place::Host, || wait(Reader.observe(desired))).expect("observe")
    }

    fn execute(&self, operation: &Operation) -> Result<(), Diagnostic> {
        self.run(Place::Host, || wait(Writer.execute(operation, &|_| {})))
    }

    fn plan(&self, desired: &Desired) -> Vec<Change<Operation>> {
        diff(desired, &self.observe(desired))
    }

    /// Applies what the plan says, and checks that nothing is left to do.
    #[track_caller]
    fn apply(&self, desired: &Desired) -> Option<Action> {
        let change = self.plan(desired).pop()?;
        self.execute(&change.operation).expect("apply");
        assert_eq!(self.plan(desired), [], "a second plan is empty");
        Some(change.action)
    }

    fn listing(&self, debug: bool) -> String {
        let arguments: &[&str] = if debug { &["nft", "--debug=netlink"] } else { &["nft"] };
        self.command(Place::Host, &[arguments, &["list", "table", "inet", "otelctl_otel"]].concat())
            .lines()
            // `inet TABLE CHAIN HANDLE POSITION`: only the numbers differ.
            .map(|line| {
                line.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned() + "\n"
            })
            .collect()
    }
}

#[test]
fn the_batch_is_what_nft_sends_for_the_same_text() {
    let hosts = Hosts::new();
    for text in [EVERY_FORM, DOCUMENT] {
        hosts.nft(text);
        let by_nft = (hosts.listing(true), hosts.listing(false));
        hosts.command(Place::Host, &["nft", "delete", "table", "inet", "otelctl_otel"]);
        assert_eq!(hosts.apply(&desired(text)), Some(Action::Create));
        let by_netlink = (hosts.listing(true), hosts.listing(false));
        assert!(by_nft.0.contains("[ fib daddr type => reg 1 ]"), "{}", by_nft.0);
        assert_eq!(by_netlink.0, by_nft.0, "the compiled rules");
        assert_eq!(by_netlink.1, by_nft.1, "the listing");
        // The same again in the chains that are there, none of which has the right rules.
        hosts.nft(
            "flush table inet otelctl_otel
             add chain inet otelctl_otel extra
             add rule inet otelctl_otel extra accept
             add rule inet otelctl_otel prerouting tcp dport 4317 jump extra",
        );
        assert_eq!(hosts.apply(&desired(text)), Some(Action::Update));
        assert_eq!((hosts.listing(true), hosts.listing(false)), by_nft, "in place");
    }
}

#[test]
fn every_drift_is_seen_and_mended() {
    use Action::{Create, Replace, Update};
    let hosts = Hosts::new();
    let desired = desired(DOCUMENT);
    hosts.nft("table inet foreign { chain c { tcp dport 1 accept; }; }");
    assert_eq!(hosts.apply(&desired), Some(Action::Create));
    assert_eq!(hosts.apply(&desired), None);
    for (tamper, expected) in [
        ("flush table inet otelctl_otel", Update),
        ("flush chain inet otelctl_otel host_4318", Update),
        ("add rule inet otelctl_otel host_4318 accept", Update),
        ("insert rule inet otelctl_otel host_4318 ip saddr 198.51.100.0/24 accept", Update),
        ("insert rule inet otelctl_otel prerouting iifname \"outside\" accept", Update),
        ("insert rule inet otelctl_otel prerouting meta l4proto udp log prefix \"x\" drop", Update),
        ("insert rule inet otelctl_otel prerouting tcp dport { 4317, 4318 } accept", Update),
        ("insert rule inet otelctl_otel prerouting tcp dport 4317 jump { accept; }", Update),
        ("add chain inet otelctl_otel extra", Update),
        (
            "add chain inet otelctl_otel extra { type filter hook input priority 0; policy drop; }",
            Update,
        ),
        (
            "table inet otelctl_otel {
               chain one { counter accept; }
               chain two { tcp dport 1 jump one; }
               chain host_4318 { jump two; }
             }",
            Update,
        ),
        (
            "flush chain inet otelctl_otel prerouting; delete chain inet otelctl_otel host_4318",
            Update,
        ),
        (
            "flush chain inet otelctl_otel prerouting; delete chain inet otelctl_otel prerouting",
            Update,
        ),
        (
            "flush chain inet otelctl_otel prerouting; delete chain inet otelctl_otel prerouting
             add chain inet otelctl_otel prerouting { type filter hook prerouting priority -149; }",
            Replace,
        ),
        ("chain inet otelctl_otel prerouting { policy drop; }", Replace),
        ("add set inet otelctl_otel extra { type ipv4_addr; }", Replace),
        ("add table inet otelctl_otel { flags dormant; }", Replace),
        ("delete table inet otelctl_otel", Create),
    ] {
        hosts.nft(tamper);
        assert_eq!(hosts.apply(&desired), Some(expected), "{tamper}");
    }
    let gone = Desired { ruleset: None, ..desired };
    assert_eq!(hosts.apply(&gone), Some(Action::Delete));
    assert_eq!(hosts.observe(&gone), Observed::Absent);
    assert_eq!(hosts.apply(&gone), None);
    hosts.execute(&Operation::Delete { table: gone.table }).expect("deletes what is not there");
    assert_eq!(
        hosts.command(Place::Host, &["nft", "list", "tables"]),
        "table inet foreign\n",
        "no other table is touched"
    );
}

#[test]
fn counters_are_no_drift() {
    let hosts = Hosts::new();
    let desired = desired(DOCUMENT);
    hosts.apply(&desired);
    assert_eq!(hosts.knock(Place::Outside, "198.51.100.1:4317"), Door::Dropped);
    assert!(
        !hosts.listing(false).contains(
            "chain host_4317 {\n\t\tip saddr 10.10.10.0/24 accept\n\t\tcounter packets 0"
        )
    );
    assert_eq!(hosts.apply(&desired), None);
}

#[test]
fn what_the_kernel_refuses_leaves_the_table_as_it_was() {
    let hosts = Hosts::new();
    let good = desired(DOCUMENT);
    hosts.apply(&good);
    // The parser would refuse this already; the kernel meets it at the end of the batch.
    let mut bad = parse(DOCUMENT);
    let lost = Rule { matches: vec![], counter: false, verdict: Verdict::Jump("nowhere".into()) };
    bad.chains.last_mut().expect("has chains").rules.push(lost);
    for previous in [Previous::Kept { extra: vec![] }, Previous::Deleted] {
        let operation = Operation::Replace { ruleset: bad.clone(), previous };
        let error = hosts.execute(&operation).expect_err("there is no such chain");
        assert_eq!(error.kind, Kind::Failed);
        assert!(error.causes[0].contains("of chain `container_8890`"), "{error:?}");
        assert!(error.causes[0].contains("jump nowhere"), "{error:?}");
        assert_eq!(hosts.plan(&good), []);
    }
}

#[test]
fn a_table_that_somebody_changed_after_the_plan_is_left_alone_once() {
    const EXTRA: &str = "add chain inet otelctl_otel extra
        flush chain inet otelctl_otel host_4318";
    let hosts = Hosts::new();
    let desired = desired(DOCUMENT);
    for (before, meanwhile, refused) in [
        (EXTRA, "delete chain inet otelctl_otel extra", "to empty chain `extra`"),
        (EXTRA, "delete table inet otelctl_otel", "to empty chain `extra`"),
        (
            EXTRA,
            "table inet otelctl_otel {
               chain late { type filter hook input priority 0; jump extra; }
             }",
            "to delete chain `extra`",
        ),
        (
            "flush table inet otelctl_otel",
            "delete chain inet otelctl_otel prerouting
             add chain inet otelctl_otel prerouting { type filter hook input priority -150; }",
            "chain `prerouting`",
        ),
    ] {
        hosts.apply(&desired);
        hosts.nft(before);
        let planned = hosts.plan(&desired).pop().expect("has to be mended").operation;
        hosts.nft(meanwhile);
        let found = hosts.observe(&desired);
        let error = hosts.execute(&planned).expect_err("is refused");
        assert_eq!(error.causes[0], format!("the kernel refuses {refused}"), "{meanwhile}");
        let again = error.hint.as_ref().is_some_and(|hint| hint.contains("run it again"));
        assert!(again, "{meanwhile}: {error:?}");
        assert_eq!(hosts.observe(&desired), found, "{meanwhile}: nothing is done");
        assert!(hosts.apply(&desired).is_some(), "{meanwhile}: the next one mends it");
    }
}

#[test]
fn thousands_of_networks_are_one_batch() {
    let hosts = Hosts::new();
    let mut sources = String::new();
    for number in 0..8000_u32 {
        // Neighbours that do not aggregate, of both families.
        let (high, low) = (number >> 7, (number & 127) << 1);
        if number % 2 == 0 {
            writeln!(sources, "\t\tip saddr 20.{high}.{low}.0/24 accept").unwrap();
        } else {
            writeln!(sources, "\t\tip6 saddr 2001:db8:{high:x}:{low:x}::/63 accept").unwrap();
        }
    }
    let text = DOCUMENT.replace("\t\tip saddr 10.10.10.0/24 accept\n", &sources);
    let desired = desired(&text);
    let rules: usize =
        desired.ruleset.iter().flat_map(|r| &r.chains).map(|chain| chain.rules.len()).sum();
    assert!(rules > 32_000, "{rules}");
    let change = hosts.plan(&desired).pop().expect("has to be made");
    let begin = Instant::now();
    hosts.execute(&change.operation).expect("apply");
    let applied = begin.elapsed();
    assert_eq!(hosts.plan(&desired), [], "all of it reads back");
    println!(
        "{rules} rules applied in {applied:?}, compared in {:?}",
        begin.elapsed().saturating_sub(applied)
    );
}

#[test]
fn without_the_capability_nothing_is_done() {
    const INSIDE: &str = "OTELCTL_TEST_WITHOUT_CAPABILITIES";
    if std::env::var_os(INSIDE).is_some() {
        return nothing_is_permitted();
    }
    let output = Command::new("setpriv")
        .args(["--bounding-set=-all", "--inh-caps=-all"])
        .arg(std::env::current_exe().expect("has a path"))
        .args(["--exact", "live::firewall::without_the_capability_nothing_is_done", "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("run setpriv");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
}

fn nothing_is_permitted() {
    let desired = desired(DOCUMENT);
    let operation = Operation::Delete { table: "otelctl_no_such_table".to_owned() };
    let errors = [
        wait(Reader.observe(&desired)).expect_err("may not read"),
        wait(Writer.execute(&operation, &|_| {})).expect_err("may not write"),
    ];
    for error in errors {
        assert_eq!(error.kind, Kind::Permission, "{error:?}");
        assert!(error.hint.is_some_and(|hint| hint.contains("CAP_NET_ADMIN")));
    }
}
