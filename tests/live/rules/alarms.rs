//! What happens before somebody is told, and what nobody should be told of.

use super::story::Story;

/// Every story.
pub fn alarms() -> Vec<Story> {
    [pipeline(), sessions(), telemetry(), clients(), money()].into_iter().flatten().collect()
}

const UP: &str = "up{job=\"otel-collector\",instance=\"c:8889\"}";
const OWN_UP: &str = "up{job=\"otel-collector-internal\",instance=\"c:8888\"}";

const SESSIONS_UP: &str = "up{job=\"otel-collector-detail\",instance=\"c:8890\"}";

/// A quiet pipeline that is up, for an hour.
fn up(name: &'static str) -> Story {
    Story::new(name).other(UP, "1+0x90").other(OWN_UP, "1+0x90")
}

/// The limit is 50,000 samples.
fn sessions() -> Vec<Story> {
    let (failing, near) = ("ClaudeCodeSessionsFailing", "ClaudeCodeSessionsNearLimit");
    let samples = "scrape_samples_scraped{job=\"otel-collector-detail\",instance=\"c:8890\"}";
    let others = "scrape_samples_scraped{job=\"otel-collector\",instance=\"c:8889\"}";
    vec![
        up("sessions come near their limit, and beyond it")
            .other(SESSIONS_UP, "1+0x39 0+0x20 1+0x20")
            .other(samples, "40000+0x19 40001+0x19 50001+0x20 900+0x20")
            .other(others, "60000+0x90")
            .firing("19m", near, 0.0)
            .firing("34m", near, 0.0)
            .firing("35m", near, 1.0)
            .firing("44m", failing, 0.0)
            .firing("45m", failing, 1.0)
            .firing("60m", near, 1.0)
            .firing("61m", near, 0.0)
            .firing("61m", failing, 0.0)
            .firing("60m", "ClaudeCodeScrapeFailing", 0.0),
        Story::new("the collector is gone, which is another alert")
            .other(UP, "1+0x5 0+0x20")
            .other(OWN_UP, "1+0x5 0+0x20")
            .other(SESSIONS_UP, "1+0x5 0+0x20")
            .firing("20m", "ClaudeCodeCollectorDown", 1.0)
            .firing("20m", failing, 0.0),
        up("there is no job of sessions")
            .firing("4m", failing, 0.0)
            .firing("5m", failing, 1.0)
            .firing("80m", near, 0.0),
    ]
}

fn pipeline() -> Vec<Story> {
    let (down, failing) = ("ClaudeCodeCollectorDown", "ClaudeCodeScrapeFailing");
    vec![
        Story::new("the collector goes and comes back")
            .other(UP, "1+0x5 0+0x10 1+0x5")
            .other(OWN_UP, "1+0x5 0+0x10 1+0x5")
            .firing("8m", down, 0.0)
            .firing("9m", down, 1.0)
            .firing("18m", down, 0.0)
            .firing("16m", failing, 0.0),
        Story::new("its page alone cannot be read")
            .other(UP, "1+0x5 0+0x20")
            .other(OWN_UP, "1+0x25")
            .firing("20m", down, 0.0)
            .firing("10m", failing, 0.0)
            .firing("11m", failing, 1.0),
        Story::new("there is no job").firing("4m", failing, 0.0).firing("5m", failing, 1.0),
        up("the rules fail")
            .other(
                "prometheus_rule_evaluation_failures_total{rule_group=\"/r.yaml;claude-code\"}",
                "0+0x20 1+0x40",
            )
            .other(
                "prometheus_rule_group_iterations_missed_total{rule_group=\"/r.yaml;claude-code\"}",
                "0+0x40 1+1x20",
            )
            .other("prometheus_rule_evaluation_failures_total{rule_group=\"/r.yaml;x\"}", "0+5x60")
            .firing("20m", "ClaudeCodeRulesFailing", 0.0)
            .firing("22m", "ClaudeCodeRulesFailing", 1.0)
            .firing("39m", "ClaudeCodeRulesFailing", 0.0)
            .firing("50m", "ClaudeCodeRulesFailing", 1.0),
        up("a series falls")
            .other("claude_tokens_total{collector_run=\"a\"}", "100+1x20 3+1x80")
            .firing("20m", "ClaudeCodeCounterFlapping", 0.0)
            .firing("22m", "ClaudeCodeCounterFlapping", 1.0),
        up("a collector is restarted: no series falls")
            .other("claude_tokens_total{collector_run=\"a\"}", "100+1x20 stale")
            .other("claude_tokens_total{collector_run=\"b\"}", "_x21 3+1x20")
            .firing("30m", "ClaudeCodeCounterFlapping", 0.0),
    ]
}

/// Names as 0.91.0 and 0.155.0 have them, and with the suffix of versions in between.
fn telemetry() -> Vec<Story> {
    let (refused, dropped) = ("ClaudeCodeTelemetryRefused", "ClaudeCodeTelemetryDropped");
    vec![
        up("telemetry is refused, and not any more")
            .other(
                "otelcol_receiver_refused_metric_points{job=\"otel-collector-internal\"}",
                "0+0x20 2+0x60",
            )
            .other("otelcol_receiver_refused_spans{job=\"otel-collector-internal\"}", "0+0x80")
            .firing("20m", refused, 0.0)
            .firing("21m", refused, 1.0)
            .firing("29m", refused, 1.0)
            .firing("32m", refused, 0.0),
        up("a counter of refusals is born")
            .other(
                "otelcol_processor_memory_limiter_refused_spans{job=\"otel-collector-internal\"}",
                "_x20 2+0x60",
            )
            .other(
                "otelcol_receiver_failed_log_records_total{job=\"otel-collector-internal\"}",
                "_x20 2+0x60",
            )
            .firing("22m", refused, 2.0)
            .firing("40m", refused, 0.0),
        Story::new("what was refused before an outage of Prometheus is no news")
            .other(OWN_UP, "1+0x20 _x20 1+0x40")
            .other(
                "otelcol_receiver_refused_spans{job=\"otel-collector-internal\"}",
                "9+0x20 _x20 9+0x40",
            )
            .firing("42m", refused, 0.0)
            .firing("55m", refused, 0.0),
        up("traces cannot be forwarded")
            .other(
                "otelcol_exporter_send_failed_spans{job=\"otel-collector-internal\"}",
                "0+0x20 7+0x30",
            )
            .other(
                "otelcol_processor_dropped_metric_points{job=\"otel-collector-internal\"}",
                "_x40 7+0x30",
            )
            .firing("20m", dropped, 0.0)
            .firing("22m", dropped, 1.0)
            .firing("42m", dropped, 1.0)
            .firing("42m", refused, 0.0),
    ]
}

fn clients() -> Vec<Story> {
    let (missing, silent) = ("ClaudeCodeTokensMissing", "ClaudeCodeVersionSilent");
    let tokens = |version: &str| -> &'static str {
        let series = "claude_tokens_total{collector_run=\"a\",service_version=\"";
        format!("{series}{version}\"}}").leak()
    };
    vec![
        up("requests are counted, and no tokens")
            .other("claude_cache_hits_total{collector_run=\"a\"}", "1+1x80")
            .firing("14m", missing, 0.0)
            .firing("16m", missing, 1.0),
        up("requests are counted, and tokens with them")
            .other("claude_cache_hits_total{collector_run=\"a\"}", "1+1x80")
            .other("claude_tokens_total{collector_run=\"a\"}", "50+0x80")
            .firing("59m", missing, 0.0)
            .firing("76m", missing, 1.0),
        up("somebody opens it and asks nothing")
            .other("claude_sessions_total{collector_run=\"a\"}", "1+0x80")
            .firing("30m", missing, 0.0),
        up("many open it and nothing comes")
            .other("claude_sessions_total{collector_run=\"a\"}", "1+1x80")
            .firing("40m", missing, 1.0),
        Story::slow("a version stops, and no other takes over", "1h")
            .other(tokens("2.0.0"), "10+10x168 1690+0x60")
            .other(tokens("2.1.0"), "1+1x240")
            .firing("190h", silent, 0.0)
            .firing("200h", silent, 1.0),
        Story::slow("everybody takes the next version", "1h")
            .other(tokens("2.0.0"), "10+10x168 1690+0x60")
            .other(tokens("2.1.0"), "_x169 10+10x60")
            .firing("200h", silent, 0.0),
        Story::slow("nobody works", "1h")
            .other(tokens("2.0.0"), "10+10x168 1690+0x60")
            .firing("200h", silent, 0.0),
    ]
}

/// The limits are 5, 40 and 800 USD.
fn money() -> Vec<Story> {
    let (hourly, daily) = ("ClaudeCodeHourlyCost", "ClaudeCodeDailyCost");
    let monthly = "ClaudeCodeMonthlyCost";
    vec![
        up("five dollars an hour are allowed")
            .other("claude_cost_usd_total{collector_run=\"a\"}", "1+0x10 5+0x10 5.5+0x100")
            .firing("21m", hourly, 0.0)
            .firing("23m", hourly, 1.0)
            .firing("83m", hourly, 0.0)
            .firing("80m", daily, 0.0),
        Story::slow("forty dollars a day are allowed", "1h")
            .other("claude_cost_usd_total{collector_run=\"a\"}", "2+2x24 50+0x60")
            .firing("19h", daily, 0.0)
            .firing("21h", daily, 1.0)
            .firing("21h", hourly, 0.0)
            .firing("50h", daily, 0.0),
        // January of 1970 has 744 hours, which is 666 steps. Samples on the full hour would
        // be in two hours of Prometheus 2, whose ranges have both ends.
        Story::slow("eight hundred dollars a month are allowed, of each month anew", "67m")
            .other("claude_cost_usd_total{collector_run=\"a\"}", "0+2x700")
            .firing("25795m", monthly, 0.0)
            .firing("27805m", monthly, 1.0)
            .firing("44488m", monthly, 1.0)
            .firing("46230m", monthly, 0.0),
        up("a model has no price")
            .other("claude_unpriced_tokens_total{collector_run=\"a\",model=\"x\"}", "_x5 9+0x80")
            .firing("4m", "ClaudeCodeUnpricedTokens", 0.0)
            .firing("6m", "ClaudeCodeUnpricedTokens", 1.0)
            .firing("70m", "ClaudeCodeUnpricedTokens", 0.0),
        up("somebody does not say who it is")
            .other(
                "claude_cost_usd_total{collector_run=\"a\",user_email=\"unknown\"}",
                "_x5 1+0x80",
            )
            .other("claude_cost_usd_total{collector_run=\"a\",user_email=\"a@b\"}", "1+0x80")
            .firing("4m", "ClaudeCodeUnattributedSpend", 0.0)
            .firing("6m", "ClaudeCodeUnattributedSpend", 1.0)
            .firing("70m", "ClaudeCodeUnattributedSpend", 0.0),
    ]
}
