//! What happens to counters: sessions, restarts, gaps, outages.

use super::story::Story;

/// Every story.
pub fn stories() -> Vec<Story> {
    [minutes(), restarts(), kills(), scrapes(), days()].into_iter().flatten().collect()
}

/// Every story of a session's counters: their series live for a day of the collector's clock
/// and are gone 26 hours after their last change.
pub fn of_sessions() -> Vec<Story> {
    [minutes(), restarts(), kills(), scrapes(), days_of_sessions()].into_iter().flatten().collect()
}

/// What clients do.
fn minutes() -> Vec<Story> {
    vec![
        Story::new("a one-shot session is born with its value")
            .run("a", "_ _ 5+0x20")
            .counted("1m", None)
            .counted("2m", Some(5.0))
            .counted("3m", None)
            .total("20m", 5.0),
        Story::new("a window ends within a session")
            .run("a", "_ 5 5 8 8 8 20+0x20")
            .answer("3m", "sum(sum_over_time(RULE:inc1m[90s]))", 3.0)
            .answer("7m", "sum(sum_over_time(RULE:inc1m[210s]))", 12.0)
            .total("7m", 20.0),
        Story::new("steady use").run("a", "1+1x60").counted("30m", Some(1.0)).total("59m", 60.0),
        Story::new("a session is resumed after hours of nothing")
            .run("a", "5+0x200 7+0x10 8+0x3")
            .counted("100m", None)
            .counted("201m", Some(2.0))
            .total("214m", 8.0),
        Story::new("fractions add up").run("a", "0.0625+0.0625x10 0.75+0x5").total("16m", 0.75),
        Story::new("models are counted apart")
            .run("a", "1+1x10")
            .series("collector_run=\"a\",model=\"n\"", "_ _ _ 2+2x7")
            .answer(
                "10m",
                "sum_over_time(RULE:inc1m{model=\"n\"}[400d]) * on() group_right() \
                    vector(1)",
                16.0,
            )
            .total("10m", 27.0),
        Story::new("the synthetic session of verify is nobody's")
            .series("collector_run=\"a\",service_name=\"otelctl-verify\"", "100+100x10")
            .run("a", "_ 2+0x9")
            .total("10m", 2.0),
        Story::new("nothing at all").run("a", "0+0x10").answer(
            "10m",
            "count(RULE:inc1m) or vector(0)",
            0.0,
        ),
    ]
}

/// Prometheus is killed after it recorded an increment, before it recorded the value seen: both
/// evaluations and scrapes go on with the next whole minute.
fn kills() -> Vec<Story> {
    vec![
        Story::quick("killed within an evaluation")
            .run("a", "1+0x3 2+0x8 5+0x3 9+0x40")
            .cut_short("a", "_x13 3")
            .counted("5m", Some(4.0))
            .total("13m", 9.0),
        Story::quick("killed within an evaluation, and nothing came since")
            .run("a", "1+0x3 2+0x8 5+0x40")
            .cut_short("a", "_x13 3")
            .total("13m", 5.0),
        Story::quick("killed when a series was born")
            .run("a", "_x9 5+0x3 7+0x40")
            .cut_short("a", "_x9 5")
            .counted("4m", Some(2.0))
            .total("13m", 7.0),
        Story::quick("killed twice within the hour, away for half of it")
            .run("a", "1+0x3 2+0x8 5 _x120 5+0x3 9+0x40 12+0x3 13+0x40")
            .cut_short("a", "_x13 3 _x165 3")
            .total("45m", 12.0)
            .total("55m", 13.0),
        Story::quick("killed within an evaluation whose sum is not exact")
            .run("a", "0.1+0x3 0.3+0x8 0.7+0x40 0.8+0x40")
            .cut_short("a", "_x13 0.4")
            .answer("13m", "round(sum(sum_over_time(RULE:inc1m[400d])) * 1e9)", 7e8)
            .answer("20m", "round(sum(sum_over_time(RULE:inc1m[400d])) * 1e9)", 8e8),
        Story::quick("killed twice, and the collector is a new one since")
            .run("a", "1+0x3 2+0x8 5+0x1 stale")
            .run("b", "_x21 4+0x3 5+0x40")
            .cut_short("a", "_x13 3")
            .cut_short("b", "_x21 4")
            .total("15m", 10.0),
    ]
}

/// What happens to collectors.
fn restarts() -> Vec<Story> {
    vec![
        Story::new("a collector is restarted")
            .run("a", "3+3x5 stale")
            .run("b", "_x7 40 43+0x10")
            .total("18m", 61.0),
        Story::new("a collector is restarted and counts the same again")
            .run("a", "10+0x5 stale")
            .run("b", "_x7 10+0x10")
            .total("17m", 20.0),
        Story::new("a collector is restarted between two scrapes")
            .run("a", "10+0x5 stale")
            .run("b", "_x5 12+0x10")
            .total("16m", 22.0),
        Story::quick("a collector ends between two evaluations, some time after its last scrape")
            .run("a", "1+0x4 9 stale")
            .run("b", "_x9 2+0x20")
            .total("7m", 11.0),
        Story::quick("Prometheus and collector end between two evaluations, for half an hour")
            .run("a", "1+0x4 9")
            .run("b", "_x120 2+0x20")
            .total("35m", 11.0),
        Story::new("two collectors at once")
            .run("a", "1+1x20")
            .run("b", "_x10 100+100x10")
            .total("20m", 1121.0),
        Story::new("a series expires and begins anew in the same run")
            .run("a", "12+0x5 stale _x20 3 5+0x10")
            .total("37m", 17.0),
    ]
}

/// What happens between a collector and Prometheus.
fn scrapes() -> Vec<Story> {
    vec![
        Story::new("a scrape fails and finds the same again")
            .run("a", "12+0x5 stale 12+0x10")
            .total("16m", 12.0),
        Story::new("three minutes of nothing, in which a model is born")
            .run("a", "12+0x5 stale _ _ 20+0x10")
            .series("collector_run=\"a\",model=\"n\"", "_x9 7+0x10")
            .total("19m", 27.0),
        Story::new("a lost evaluation, without a mark of its end")
            .run("a", "12+0x5 _ _ _ _ _ _ _ _ 20+0x10")
            .total("23m", 20.0),
        Story::new("two jobs scrape one collector")
            .run("a", "1+1x10")
            .series("collector_run=\"a\",model=\"m\",job=\"mine\"", "1+1x10")
            .total("10m", 11.0),
        Story::new("the target's address changes")
            .run("a", "1+1x10 stale")
            .series("collector_run=\"a\",model=\"m\",instance=\"moved:8889\"", "_x11 12+1x8")
            .total("19m", 20.0),
    ]
}

/// What takes long. The memory of the rules is 35 days, and 33 are trusted.
fn days() -> Vec<Story> {
    vec![
        Story::slow("idle for ten days", "3h")
            .run("a", "5+0x80 9+0x10")
            .counted("120h", None)
            .total("270h", 9.0),
        // 40 days of 24 hours, scraped all the time.
        Story::slow("idle for forty days", "6h")
            .run("a", "5+0x160 9+0x10")
            .counted("246h", None)
            .counted("966h", Some(4.0))
            .total("972h", 9.0)
            // An idle series costs a sample a day.
            .answer("960h", "max(count_over_time(RULE:seen[960h])) < bool 45", 1.0),
        Story::slow("a model is born in a run of forty days", "6h")
            .run("a", "5+1x170")
            .series("collector_run=\"a\",model=\"n\"", "_x160 3+0x10")
            .total("1020h", 178.0),
        Story::slow("Prometheus is down for 25 hours", "1h")
            .run("a", "5+0x30 stale _x24 30+0x10")
            .series("collector_run=\"a\",model=\"n\"", "_x56 7+0x10")
            .counted("56h", Some(32.0))
            .total("66h", 37.0),
        Story::slow("a collector runs unseen for 31 days", "6h")
            .run("a", "5+0x30 stale _x124 30+0x10")
            .series("collector_run=\"a\",model=\"n\"", "_x156 7+0x10")
            .total("996h", 37.0),
        Story::slow(
            "between what is trusted and what is forgotten, only what is known counts",
            "6h",
        )
        .run("a", "5+0x30 stale _x134 30+0x10 31+0x3")
        .series("collector_run=\"a\",model=\"n\"", "_x166 7+0x10 9+0x3")
        // Models born meanwhile do not.
        .answer("1070h", "sum(sum_over_time(RULE:inc1m{model=\"m\"}[400d]))", 31.0)
        .answer("1070h", "sum(sum_over_time(RULE:inc1m{model=\"n\"}[400d]))", 2.0),
        Story::slow("after fifty days nothing is invented, and counting goes on", "6h")
            .run("a", "5+0x30 stale _x200 30+0x10 31+0x10")
            .series("collector_run=\"a\",model=\"n\"", "_x232 7+0x10 9+0x10")
            .series("collector_run=\"a\",model=\"o\"", "_x243 4+0x10")
            .total("1512h", 12.0),
        Story::slow("a new collector after fifty days is a new collector", "6h")
            .run("a", "5+0x30 stale")
            .run("b", "_x232 30+0x10 31+0x10")
            .total("1512h", 36.0),
        Story::slow("idle before a long outage", "6h")
            .run("a", "5+0x100 stale _x124 5+0x10 6+0x10")
            .total("1470h", 6.0),
    ]
}

/// What takes a session long. The memory of its rules is three days.
fn days_of_sessions() -> Vec<Story> {
    let day = |day: &str| format!("collector_run=\"a\",model=\"m\",collector_day=\"{day}\"");
    vec![
        Story::slow("a session goes on the day after, in series of its own", "1h")
            .series(&day("1"), "_ 5+5x8 45+0x26 stale")
            .series(&day("2"), "_x20 7+7x8 63+0x26 stale")
            .counted("20h", Some(7.0))
            .counted("21h", Some(7.0))
            .counted("36h", None)
            .total("60h", 108.0),
        Story::slow("series are born late in their day, and expire", "1h")
            .series(&day("1"), "_x23 4 9+0x26 stale")
            .counted("24h", Some(5.0))
            .counted("49h", None)
            .total("90h", 9.0),
        Story::slow("a session stands still for a day before it goes on within it", "30m")
            .series(&day("1"), "5+0x46 9+0x52 stale")
            .total("72h", 9.0),
        Story::slow("Prometheus is down for 25 hours, and the series are still there", "1h")
            .series(&day("1"), "5+5x3 stale _x24 60+0x2 stale")
            .series(&day("2"), "_x29 7+0x20 stale")
            .counted("29h", Some(47.0))
            .total("60h", 67.0),
        Story::slow("Prometheus is down until the series are gone: what was read is all", "1h")
            .series(&day("1"), "5+5x3 stale")
            .series(&day("3"), "_x60 3+0x20 stale")
            .total("90h", 23.0),
        // Born at the end of its day, read once, and not before the last hour of its life.
        Story::slow("a value is remembered for as long as its series can come back", "1h")
            .series(&day("1"), "5+0x1 stale _x48 8+0x1 stale")
            .total("60h", 8.0),
    ]
}
