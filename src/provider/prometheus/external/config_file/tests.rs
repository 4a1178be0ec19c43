//! Blocks go in and come out, whatever the file looks like.

use super::*;
use crate::artifact::prometheus::{PrometheusConfig, ScrapeJob};
use crate::provider::prometheus::external::entries::{Layout, additions};
use proptest::prelude::*;

fn job() -> ScrapeJob {
    let text = "scrape_configs:\n  - job_name: otel-collector\n    scrape_interval: 15s\n    \
        honor_labels: true\n    static_configs: [{targets: ['localhost:8889']}]\n";
    PrometheusConfig::parse_snippet(text).unwrap().scrape_configs.remove(0)
}

fn both(layout: Layout) -> Vec<Addition> {
    additions(layout, &job(), "/opt/otel/scrape.yaml", Some("/opt/otel/rules.yaml"))
}

fn put(text: &str, layout: Layout) -> Result<Arrangement, Diagnostic> {
    arrange(text, "prometheus.yml", "otel", &both(layout))
}

fn put_in(text: &str) -> String {
    put(text, Layout::Included).unwrap_or_else(|error| panic!("{text:?}: {error:?}")).wanted
}

/// The rest after the block is taken out.
fn taken_out(text: &str) -> String {
    arrange(text, "prometheus.yml", "otel", &[]).unwrap().wanted
}

const USUAL: &str = "\
# by hand
global:
  scrape_interval: 1m   # slow

rule_files:
  # ours
- 'rules/*.yml'
scrape_configs:
    # first
    - job_name: node
      static_configs: [{targets: ['localhost:9100']}]
";

#[test]
fn blocks_stand_first_in_their_lists_at_the_lists_own_indentation() {
    let seen = put(USUAL, Layout::Inline).unwrap();
    let expected = "\
# by hand
global:
  scrape_interval: 1m   # slow

rule_files:
# otelctl:begin otel
- \"/opt/otel/rules.yaml\"
# otelctl:end otel
  # ours
- 'rules/*.yml'
scrape_configs:
    # otelctl:begin otel
    - job_name: \"otel-collector\"
      scrape_interval: \"15s\"
      metrics_path: \"/metrics\"
      honor_labels: true
      static_configs:
        - targets: [\"localhost:8889\"]
    # otelctl:end otel
    # first
    - job_name: node
      static_configs: [{targets: ['localhost:9100']}]
";
    assert_eq!(seen.wanted, expected);
    assert_eq!(seen.bare, USUAL);
    assert!(!seen.shown_after().contains("node"), "{}", seen.shown_after());
    assert_eq!(put(expected, Layout::Inline).unwrap().wanted, expected, "nothing to change");
}

#[test]
fn a_list_that_is_not_there_comes_at_the_end() {
    let seen = put_in("a: 1\r\nrule_files: [x.yml] # mine");
    let expected = "a: 1\r\n# otelctl:begin otel sum=";
    let (head, tail) = seen.split_at(expected.len());
    assert_eq!(head, expected);
    assert_eq!(
        tail.get(8..).unwrap(),
        "\r\n# otelctl:was rule_files: [x.yml] # mine\r\n\
         rule_files: [\"/opt/otel/rules.yaml\", x.yml] # mine\r\n# otelctl:end otel\r\n\
         # otelctl:begin otel\r\nscrape_config_files:\r\n  - \"/opt/otel/scrape.yaml\"\r\n\
         # otelctl:end otel"
    );
}

#[test]
fn what_comes_out_is_what_was_there() {
    let endings = ["\n", "\r\n"];
    let bodies = [
        "",
        "# nothing",
        "a: 1",
        "rule_files:",
        "rule_files: # none yet",
        "rule_files:\n  # - a.yml",
        "rule_files: ~  # none",
        "rule_files: null\nglobal:\n  scrape_interval: 1m",
        "rule_files: []",
        "rule_files: [ ]   # none",
        "rule_files: [\n  a.yml, # first\n\n  'b',\n]\nx: y",
        "rule_files: [a.yml, b.yml,]",
        "rule_files:\n- a.yml\n- b.yml\n\n\n",
        "rule_files:\n  - a.yml\nscrape_configs:\n  - job_name: a\n    params: {x: [1]}\n  # end",
        "'rule_files':\n   - a",
        "scrape_configs:\n\n\n  - job_name: a\n  -   job_name: b",
        "scrape_configs: [{job_name: a, basic_auth: {password: 'x]y'}}]",
        "---\n# c\nglobal: {}\nscrape_config_files: [ 'a' ]\n",
        "  global: {}\n  rule_files:\n  - x",
        "a: |\n  text\n\n\nb: >-\n  x\n",
        "été: é # ü\nrule_files: [ö]",
        "a: &x [1]\nb: *x\nrule_files:\n  - z",
        "a: 1\n   ",
        "\n\n",
    ];
    for body in bodies {
        for ending in endings {
            for last in ["", "\n"] {
                let text = format!("{body}{last}").replace('\n', ending);
                for layout in [Layout::Included, Layout::Inline] {
                    let seen = put(&text, layout).unwrap_or_else(|e| panic!("{text:?}: {e:?}"));
                    assert_eq!(taken_out(&seen.wanted), text, "{}", seen.wanted);
                    let again = put(&seen.wanted, layout).unwrap();
                    assert_eq!(again.wanted, seen.wanted, "nothing to change");
                    // From one version of Prometheus to another.
                    let other = put(&seen.wanted, Layout::Inline).unwrap();
                    assert_eq!(taken_out(&other.wanted), text);
                }
            }
        }
    }
}

#[test]
fn edits_elsewhere_survive() {
    let there = put_in("rule_files: [a.yml]\nx: 1");
    let edited = format!("# new\n{}\ny: 2\n", there.replace("x: 1", "x: 3"));
    assert_eq!(taken_out(&edited), "# new\nrule_files: [a.yml]\nx: 3\ny: 2\n");
    let there = put_in(USUAL);
    let edited = there.replace("- 'rules/*.yml'\n", "- other.yml\n- 'rules/*.yml'\n");
    assert_eq!(
        taken_out(&edited),
        USUAL.replace("- 'rules/*.yml'\n", "- other.yml\n- 'rules/*.yml'\n")
    );
}

#[test]
fn several_stacks_stand_side_by_side() {
    let of =
        |text: &str, stack: &str| arrange(text, "p", stack, &both(Layout::Inline)).unwrap().wanted;
    for text in [USUAL, USUAL.trim_end()] {
        let two = of(&of(text, "otel"), "team-a");
        let out = |text: &str, stack: &str| arrange(text, "p", stack, &[]).unwrap().wanted;
        assert_eq!(out(&out(&two, "otel"), "team-a"), text);
        assert_eq!(out(&out(&two, "team-a"), "otel"), text);
        assert_eq!(out(&two, "team"), two, "a prefix of a name is another name");
    }
    let one = of("a: 1\n", "otel");
    let refused = arrange(&one, "p", "team-a", &both(Layout::Inline)).unwrap_err();
    assert!(refused.message.contains("block of another stack"), "{refused:?}");
}

#[test]
fn what_cannot_be_done_safely_is_refused_with_its_place() {
    for (text, place, message) in [
        ("a: 1\nrule_files: &r\n  - a\n", "3:3", "`rule_files` carries an anchor"),
        ("a: &r [x]\nrule_files: *r\n", "2:13", "`rule_files` carries an anchor"),
        ("rule_files: !!seq [a]\n", "1:19", "`rule_files` carries an anchor"),
        ("rule_files: a.yml\n", "1:13", "`rule_files` is no list"),
        ("rule_files: {a: b}\n", "1:13", "`rule_files` is no list"),
        ("a: 1\na: 2\n", "2:1", "a key stands twice; the first is at line 1"),
        ("{rule_files: [a]}\n", "1:1", "one flow mapping"),
        ("- a\n", "1:1", "no mapping"),
        ("a: 1\n---\nb: 2\n", "2:1", "more than one YAML document"),
        ("a: {{ template }}\n\tb: %%\n", "2:2", "not valid YAML"),
        ("{% if x %}\na: 1\n", "1:2", "not valid YAML"),
        ("a: 1\rb: 2\n", "1:1", "line breaks"),
        ("a: 1\n...\n", "1:1", "cannot be edited safely"),
        ("a: |\n  text without a newline", "2:1", "block scalar"),
        ("? rule_files\n: - a\n", "1:1", "cannot be edited safely"),
        ("a: 1\n# otelctl:begin otel\nb: 2\n", "2:1", "stands alone"),
        ("a: 1\n# otelctl:end otel\n", "2:1", "stands alone"),
        ("# otelctl:begin otel\n# otelctl:begin otel\n# otelctl:end otel\n", "1:1", "stands alone"),
    ] {
        let error = put(text, Layout::Included).expect_err(text);
        let at = error.origin.location().unwrap();
        assert_eq!(
            (format!("{}:{}", at.line, at.column), &*at.file),
            (place.into(), "prometheus.yml"),
            "{text:?} {error:?}"
        );
        assert!(error.message.contains(message), "{text:?} {error:?}");
        assert_eq!(error.kind, crate::diagnostic::Kind::Refused);
    }
}

#[test]
fn an_edit_of_lines_that_stand_for_others_is_not_lost() {
    let there = put_in("rule_files: [a.yml]\n");
    let edited = there.replace("rules.yaml\", a.yml", "rules.yaml\", a.yml, b.yml");
    assert_ne!(there, edited);
    for additions in [both(Layout::Included), Vec::new()] {
        let error = arrange(&edited, "p", "otel", &additions).unwrap_err();
        assert!(error.message.contains("were edited"), "{error:?}");
    }
    let cured = there.replace("was rule_files: [a.yml]", "was rule_files: [a.yml, b.yml]");
    assert_eq!(taken_out(&cured), "rule_files: [a.yml, b.yml]\n");
}

#[test]
fn a_report_shows_no_line_of_somebody_else() {
    let there = put_in("scrape_config_files: [hunter2]\nrule_files: [\n hunter2,\n]\n");
    let seen = put(&there, Layout::Included).unwrap();
    for shown in [seen.shown_before(), seen.shown_after()] {
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("# otelctl:was (kept"), "{shown}");
    }
    let there = put(USUAL, Layout::Inline).unwrap().wanted;
    let edited = there
        .replace("    honor_labels", "    basic_auth: {password: hunter2}\n      honor_labels");
    let seen = put(&edited, Layout::Inline).unwrap();
    assert!(!seen.shown_before().contains("hunter2"), "{}", seen.shown_before());
    assert!(seen.shown_before().contains("did not write"), "{}", seen.shown_before());
    let error = put("password: \"hunter2\n", Layout::Inline).unwrap_err();
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
}

/// Lines as people write them; many of the files they make are no valid YAML.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("rule_files:"),
        Just("scrape_configs:"),
        Just("scrape_config_files:"),
        Just("global:"),
        Just("  scrape_interval: 15s # often"),
        Just("rule_files: []"),
        Just("rule_files: [a.yml, 'b']"),
        Just("scrape_configs: null"),
        Just("- a.yml"),
        Just("  - a.yml"),
        Just("  - job_name: node"),
        Just("    static_configs:"),
        Just("      - targets: ['localhost:9100']"),
        Just("# comment"),
        Just("    # deeper"),
        Just(""),
        Just("  "),
        Just("remote_write: [{url: 'http://x/'}]"),
        Just("x: |"),
        Just("  text"),
        Just("x: &a 1"),
        Just("y: *a"),
        Just("rule_files: ["),
        Just("  a, b"),
        Just("]"),
        Just("---"),
        Just("..."),
        Just("\"rule_files\": ~"),
        Just("- job_name: é"),
        Just("# otelctl:begin other"),
        Just("# otelctl:end other"),
        Just("? x"),
        Just(": y"),
    ];
    let ending = prop_oneof![9 => Just("\n"), 1 => Just("\r\n")];
    (proptest::collection::vec((line, ending), 0..14), any::<bool>()).prop_map(|(lines, last)| {
        let text: String = lines.iter().flat_map(|(line, ending)| [*line, *ending]).collect();
        if last { text } else { text.trim_end_matches(['\r', '\n']).to_owned() }
    })
}

/// Files that are always valid: some keys in some order, each in some style.
fn files() -> impl Strategy<Value = String> {
    let list = |key: &'static str, item: &'static str| {
        prop_oneof![
            Just(format!("{key}:\n")),
            Just(format!("{key}: # none\n  # - x\n")),
            Just(format!("{key}: []\n")),
            Just(format!("{key}: ~\n")),
            Just(format!("{key}:\n- {item}\n# c\n- {item}\n")),
            Just(format!("{key}:\n\n    # c\n    - {item}\n")),
            Just(format!("{key}: [{item}, {item}]\n")),
            Just(format!("{key}: [\n  {item},\n  # c\n  {item} ]  # d\n")),
        ]
    };
    let parts = (
        proptest::option::of(list("rule_files", "'a.yml'")),
        proptest::option::of(list("scrape_config_files", "\"b.yml\"")),
        proptest::option::of(list("scrape_configs", "{job_name: n}")),
        proptest::option::of(Just("global:\n  external_labels: {a: \"b\"}\n\n".to_owned())),
        proptest::option::of(Just("# été\nalerting: {}  # x\n".to_owned())),
    );
    let file = parts.prop_map(|(a, b, c, d, e)| [a, b, c, d, e].into_iter().flatten().collect());
    let shuffled = file.prop_flat_map(|parts: Vec<String>| Just(parts).prop_shuffle());
    (shuffled, any::<bool>(), any::<bool>()).prop_map(|(parts, last, crlf)| {
        let text = parts.concat();
        let text = if last { text } else { text.trim_end_matches('\n').to_owned() };
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

/// What a file says, read by another parser than the one that edits.
fn said(text: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
    match serde_saphyr::from_str(text).ok()? {
        serde_json::Value::Object(map) => Some(map),
        serde_json::Value::Null => Some(serde_json::Map::new()),
        _ => None,
    }
}

fn check(text: &str, layout: Layout) -> Result<(), TestCaseError> {
    let seen = put(text, layout).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
    prop_assert_eq!(&taken_out(&seen.wanted), text);
    prop_assert_eq!(&put(&seen.wanted, layout).unwrap().wanted, &seen.wanted);
    let Some(mut before) = said(text) else { return Ok(()) };
    for Addition { key, items } in both(layout) {
        let list = before.entry(key.to_owned()).or_insert(serde_json::Value::Null);
        let others = list.as_array().cloned().unwrap_or_default();
        let ours = items
            .iter()
            .map(|item| serde_saphyr::from_str::<serde_json::Value>(&item.flow).unwrap());
        *list = ours.chain(others).collect();
    }
    prop_assert_eq!(Some(before), said(&seen.wanted));
    Ok(())
}

proptest! {
    #[test]
    fn every_usual_file_takes_the_block_and_gives_it_back(text in files()) {
        check(&text, Layout::Included)?;
        check(&text, Layout::Inline)?;
    }

    #[test]
    fn any_text_is_edited_exactly_or_refused(text in lines()) {
        for layout in [Layout::Included, Layout::Inline] {
            if put(&text, layout).is_ok() {
                check(&text, layout)?;
            }
        }
    }
}
