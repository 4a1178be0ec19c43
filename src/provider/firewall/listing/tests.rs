//! Real answers of `nft -j list table` (nftables 1.0.6), read back.

use super::{ListedChain, Listing};
use crate::artifact::ruleset::Ruleset;

const RENDERED: &str = include_str!("../../../../tests/fixtures/nft/as-rendered.nft");
const LISTED: &str = include_str!("../../../../tests/fixtures/nft/as-rendered.json");
const DRIFTED: &str = include_str!("../../../../tests/fixtures/nft/drifted.json");

fn chain<'a>(listing: &'a Listing, name: &str) -> &'a ListedChain {
    listing.chains.iter().find(|listed| listed.name == name).expect("is listed")
}

#[test]
fn what_was_loaded_reads_back_as_it_was_printed() {
    let ruleset = Ruleset::parse(RENDERED, "as-rendered.nft").expect("is supported");
    let listing = Listing::read(LISTED.as_bytes()).expect("is nft's JSON");
    assert_eq!(listing.others, Vec::<String>::new());
    assert_eq!(listing.chains.len(), ruleset.chains.len());
    for (listed, chain) in listing.chains.iter().zip(&ruleset.chains) {
        assert_eq!(listed.name, chain.name);
        assert_eq!(listed.hook, chain.hook.map(|hook| hook.to_string()));
        assert_eq!(listed.lines().collect::<Vec<_>>(), chain.lines().collect::<Vec<_>>());
    }
}

#[test]
fn what_has_no_words_is_kept_as_text() {
    let listing = Listing::read(DRIFTED.as_bytes()).expect("is nft's JSON");
    assert_eq!(listing.others, ["set foreign"]);
    let out = "type filter hook output priority 0; policy drop;";
    assert_eq!(chain(&listing, "out").hook.as_deref(), Some(out));
    let foreign = &chain(&listing, "prerouting").rules[0];
    assert!(foreign.starts_with("[{\"match\":{\"op\":\"!=\""), "{foreign}");
    let commented = chain(&listing, "host_13133").rules.last().expect("was added");
    assert!(commented.ends_with("comment \"mine\""), "{commented}");
}

#[test]
fn a_flag_of_the_table_shows_whatever_its_value() {
    let dormant = r#"{"nftables": [{"table": {"family": "inet", "name": "x", "handle": 3,
        "flags": "Lester Gooch #5"}}]}"#;
    assert_eq!(Listing::read(dormant.as_bytes()).expect("is nft's JSON").others, ["flags"]);
}

#[test]
fn a_listing_that_breaks_off_at_a_flag_tells_of_the_flag() {
    let cut = "{\"nftables\": [{\"table\": {\"name\": \"t\", \"handle\": 2, \"flags\": \n";
    assert_eq!(Listing::read(cut.as_bytes()).expect("is known").others, ["flags"]);
    assert_eq!(Listing::read(cut.trim_end().trim_end_matches(':').as_bytes()), None);
}

#[test]
fn a_rule_is_known_only_when_all_of_it_is() {
    for expression in [
        r#"[{"match": {"op": "!=", "left": {"meta": {"key": "iifname"}}, "right": "lo"}}, {"accept": null}]"#,
        r#"[{"match": {"op": "==", "left": {"ct": {"key": "direction"}}, "right": "original"}}, {"accept": null}]"#,
        r#"[{"match": {"op": "==", "left": {"fib": {"result": "type", "flags": ["daddr", "iif"]}}, "right": "local"}}, {"accept": null}]"#,
        r#"[{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 1}}, {"accept": null}]"#,
        r#"[{"limit": {"rate": 1, "per": "second"}}, {"accept": null}]"#,
        r#"[{"counter": {"packets": 0, "bytes": 0}}]"#,
        r#"[{"return": null}]"#,
        "[]",
    ] {
        let json = format!(
            r#"{{"nftables": [{{"chain": {{"name": "c"}}}}, {{"rule": {{"chain": "c", "expr": {expression}}}}}]}}"#
        );
        let listing = Listing::read(json.as_bytes()).expect("is nft's JSON");
        assert!(chain(&listing, "c").rules[0].starts_with('['), "{expression}");
    }
}

#[test]
fn other_json_is_refused() {
    for text in ["", "[]", "{}", r#"{"nftables": 1}"#, r#"{"nftables": [1]}"#] {
        assert_eq!(Listing::read(text.as_bytes()), None, "{text}");
    }
}
