//! The table of facts: an environment, and what is told of it.

mod facts;

use super::{Diagnosis, RULES, diagnose};
use crate::client::{Effective, Layer, Protocol, Shell, Signal, Source, Wish, environment, lines};
use crate::diagnostic::Severity;
use crate::profile::Profile;
use crate::stack::Stack;
use facts::{GOOD, GRPC, HTTP, rows};
use std::collections::BTreeSet;

const DOCUMENT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/document/profile.yaml"));

fn stack(profile: &str) -> Stack {
    let profile = Profile::read(profile, "p.yaml").expect(profile);
    Stack::build(&profile, &["10.10.10.1".parse().expect("an address")]).expect("a stack")
}

fn shell(text: &str) -> Source {
    Source::of_lines(text, "f").unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn settings(layer: Layer, env: &[(&str, &str)]) -> Source {
    let env: serde_json::Map<String, serde_json::Value> =
        env.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let text = serde_json::json!({ "env": env }).to_string();
    Source::of_settings(&text, "s.json", layer).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// What is told: `error code` or `warning code`, without the code's module.
fn told(diagnosis: &Diagnosis) -> Vec<String> {
    let told = diagnosis.findings.iter().map(|finding| {
        let word = match finding.diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let code = finding.diagnostic.code.unwrap_or_default();
        format!("{word} {}", code.trim_start_matches("client::"))
    });
    told.collect()
}

fn judged(sources: &[Source], stack: Option<&Stack>) -> Diagnosis {
    diagnose(&Effective::of(sources), stack)
}

#[test]
fn each_fact_is_told_and_nothing_else() {
    for (fact, lines, expected) in rows() {
        let diagnosis = judged(&[shell(&lines)], None);
        assert_eq!(told(&diagnosis), expected, "{fact}: {:#?}", diagnosis.findings);
    }
}

#[test]
fn an_error_says_which_signals_are_lost() {
    for (fact, lines, lost) in [
        (
            "logs alone",
            format!("CLAUDE_CODE_ENABLE_TELEMETRY=1\nOTEL_METRICS_EXPORTER=otlp\n{GRPC}"),
            "-L",
        ),
        (
            "metrics alone",
            format!("{GOOD}{HTTP}OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://h"),
            "M-",
        ),
        ("both", format!("{GOOD}{GRPC}").replace(":4317", ":4318"), "ML"),
    ] {
        let diagnosis = judged(&[shell(&lines)], None);
        let letter =
            |signal, letter| if diagnosis.obstacle(signal).is_some() { letter } else { '-' };
        let found = [letter(Signal::Metrics, 'M'), letter(Signal::Logs, 'L')];
        assert_eq!(found.iter().collect::<String>(), lost, "{fact}");
    }
}

#[test]
fn managed_beats_local_beats_project_beats_user_beats_shell() {
    let good = || shell(&format!("{GOOD}{GRPC}"));
    let off = [("CLAUDE_CODE_ENABLE_TELEMETRY", "0")];
    let on = [("CLAUDE_CODE_ENABLE_TELEMETRY", "1")];
    let attributes = |value| [("OTEL_RESOURCE_ATTRIBUTES", value)];
    for (fact, sources, expected) in [
        (
            "user beats shell",
            vec![settings(Layer::User, &off), good()],
            vec!["error disabled", "warning overridden"],
        ),
        (
            "managed beats user",
            vec![settings(Layer::Managed, &on), settings(Layer::User, &off), good()],
            // The shell says the same as what counts.
            vec!["warning overridden"],
        ),
        (
            "an empty value beats, too",
            vec![good(), settings(Layer::User, &[("OTEL_LOGS_EXPORTER", "")])],
            vec!["error exporter", "warning overridden"],
        ),
        ("the same value is no conflict", vec![good(), settings(Layer::Managed, &on)], vec![]),
        (
            "a project switches nothing off",
            vec![good(), settings(Layer::Project, &off)],
            vec!["warning ignored"],
        ),
        (
            "a project has attributes",
            vec![good(), settings(Layer::Project, &attributes("team=x"))],
            vec![],
        ),
        (
            "local beats project",
            vec![
                good(),
                settings(Layer::Local, &attributes("a")),
                settings(Layer::Project, &attributes("team=x")),
            ],
            vec!["warning attributes", "warning overridden"],
        ),
        (
            "the later of two drop-ins counts",
            vec![good(), settings(Layer::Managed, &off), settings(Layer::Managed, &on)],
            vec!["warning overridden"],
        ),
    ] {
        let diagnosis = judged(&sources, None);
        let found = told(&diagnosis);
        assert_eq!(found, expected, "{fact}: {:#?}", diagnosis.findings);
    }
}

#[test]
fn an_error_names_its_line_and_whom_it_beats() {
    let user = settings(Layer::User, &[("OTEL_EXPORTER_OTLP_PROTOCOL", "grcp")]);
    let diagnosis = judged(&[shell(&format!("{GOOD}{GRPC}")), user], None);
    let finding = &diagnosis.findings[0].diagnostic;
    assert_eq!(finding.origin.to_string(), "s.json:1:9");
    assert_eq!(finding.causes, ["it overrides the shell's environment (f:4)"]);
    assert_eq!(finding.hint.as_deref(), Some("did you mean `grpc`?"));
}

#[test]
fn the_headers_program_is_not_asked_over_grpc() {
    let helper = || {
        let text = "{\n\"otelHeadersHelper\": \"x\"}";
        Source::of_settings(text, "s.json", Layer::User).expect("settings")
    };
    let over = |way: &str| judged(&[shell(&format!("{GOOD}{way}")), helper()], None);
    assert_eq!(told(&over(GRPC)), ["error headers-helper"]);
    assert_eq!(over(GRPC).findings[0].diagnostic.origin.to_string(), "s.json:2:1");
    assert_eq!(told(&over(HTTP)), Vec::<String>::new());
}

#[test]
fn a_profile_knows_its_ports() {
    let other = format!("{DOCUMENT}\n").replace("4317", "5317");
    for (profile, lines, expected) in [
        (DOCUMENT, format!("{GOOD}{GRPC}"), vec![]),
        (DOCUMENT, format!("{GOOD}{GRPC}").replace("10.10.10.1", "otel.example.com"), vec![]),
        // No rule names the HTTP port.
        (DOCUMENT, format!("{GOOD}{HTTP}"), vec!["error stack"]),
        (DOCUMENT, format!("{GOOD}{HTTP}").replace("10.10.10.1", "localhost"), vec![]),
        (DOCUMENT, format!("{GOOD}{GRPC}").replace("4317", "5317"), vec!["error stack"]),
        (DOCUMENT, format!("{GOOD}{GRPC}").replace("http:", "https:"), vec!["error stack"]),
        (
            DOCUMENT,
            format!("{GOOD}{GRPC}").replace("10.10.10.1", "10.10.10.9"),
            vec!["warning stack"],
        ),
        (other.as_str(), format!("{GOOD}{GRPC}").replace("4317", "5317"), vec![]),
        (other.as_str(), format!("{GOOD}{HTTP}").replace("4318", "5317"), vec!["error port"]),
    ] {
        let diagnosis = judged(&[shell(&lines)], Some(&stack(profile)));
        assert_eq!(told(&diagnosis), expected, "{lines}: {:#?}", diagnosis.findings);
    }
}

#[test]
fn what_client_env_prints_is_well_in_every_form() {
    let open = "{r: {port: [4317, 4318], source: 10.10.10.0/24, jump: accept}}";
    let stack = stack(&format!("profile::firewall::custom_rules: {open}"));
    for protocol in Protocol::ALL {
        for (traces, ci) in [(false, false), (true, false), (false, true), (true, true)] {
            let attribute = super::super::Attribute::parse("team=R&D 'x', $y").expect("one");
            let wish = Wish { protocol, traces, ci, attributes: vec![attribute] };
            let settings = environment(&stack, &wish);
            let json = super::super::user_settings(&settings);
            let mut forms = vec![
                shell(&lines(&settings)),
                Source::of_settings(&json, "s.json", Layer::User).expect("settings"),
            ];
            for kind in [Shell::Bash, Shell::Fish, Shell::PowerShell] {
                let set = settings.iter().filter(|setting| setting.set);
                let text = set.map(|setting| kind.assignment(setting.name, &setting.value) + "\n");
                forms.push(shell(&text.collect::<String>()));
            }
            for form in &forms {
                let values = |source: &Source| -> Vec<(String, String)> {
                    let pair = |set: &crate::client::Assignment| {
                        (set.name.clone(), set.value.expose().to_owned())
                    };
                    source.assignments.iter().map(pair).collect()
                };
                assert_eq!(values(form), values(&forms[0]));
                let diagnosis = judged(std::slice::from_ref(form), Some(&stack));
                assert_eq!(told(&diagnosis), Vec::<String>::new(), "{wish:?} {form:?}");
                assert!(diagnosis.routes[0].summary().starts_with(protocol.word()));
            }
        }
    }
}

#[test]
fn no_message_shows_a_header_or_a_password() {
    for value in
        ["Authorization=Bearer%20hunter2", "hunter2", "\"a=hunter2\"", "a: hunter2,b=hunter2%3D"]
    {
        let lines = format!(
            "{GOOD}OTEL_EXPORTER_OTLP_PROTOCOL=grpc\n\
             OTEL_EXPORTER_OTLP_ENDPOINT=http://me:hunter2@h:1x\n\
             OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=me:hunter2@h:4317\n"
        );
        let headers = settings(
            Layer::User,
            &[("OTEL_EXPORTER_OTLP_HEADERS", value), ("OTEL_RESOURCE_ATTRIBUTES", "hunter2")],
        );
        let sources = [shell(&lines), headers];
        let diagnosis = judged(&sources, Some(&stack(DOCUMENT)));
        assert!(diagnosis.findings.len() > 2);
        assert!(!format!("{diagnosis:?} {sources:?}").contains("hunter2"), "{diagnosis:#?}");
    }
}

#[test]
fn each_rule_has_its_row() {
    let mut shown: BTreeSet<String> = rows()
        .iter()
        .flat_map(|(_, lines, _)| judged(&[shell(lines)], None).findings)
        .map(|finding| finding.diagnostic.code.unwrap_or_default().to_owned())
        .collect();
    // These have tests of their own above.
    shown.extend(["client::stack", "client::ignored", "client::headers-helper"].map(str::to_owned));
    for (codes, _) in RULES {
        for code in codes {
            assert!(shown.contains(*code), "no row shows `{code}`");
        }
    }
}
