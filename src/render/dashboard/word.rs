//! The words of sources, and the `PromQL` that they stand for.
//!
//! Counters are read by what each minute added, so a sum over a time is what was counted in
//! it. May not know how a query is written around the words.

use super::counter::{self, HOUR};
use super::expression::{Choices, Mistake, mistake};
use super::token::Token;
use crate::stack::Metric;

/// The variable that shifts hours and months from UTC to the reader's.
pub const OFFSET: &str = "utc_offset";

/// What a word stands for, the counter that it reads, and what follows it in the query.
pub type Meaning<'a, 't> = (String, Option<Metric>, &'a [Token<'t>]);

/// Expands a word before `(`; none: it is no word of sources.
///
/// # Errors
/// What is wrong with its argument.
pub fn expand<'a, 't>(
    word: &str,
    after: &'a [Token<'t>],
    choices: Choices<'_>,
) -> Result<Option<Meaning<'a, 't>>, Mistake> {
    if matches!(word, "month_elapsed" | "month_elapsed_then") {
        let [_, Token::Mark(')'), rest @ ..] = after else {
            return mistake(format!("`{word}` takes nothing"), format!("write `{word}()`"));
        };
        needs_offset(word, choices)?;
        return Ok(Some((month_elapsed(word), None, rest)));
    }
    if matches!(word, "lowest" | "highest" | "average") {
        let (metric, rest) = counter::pipeline(word, after)?;
        let function = match word {
            "lowest" => "min_over_time",
            "highest" => "max_over_time",
            _ => "avg_over_time",
        };
        let window =
            if choices.over_time { "[$__interval] offset -$__interval" } else { "[$__range]" };
        let series = metric.series(choices);
        let each = series.iter().map(|series| format!("{function}({series}{window})"));
        let all = each.collect::<Vec<_>>().join(" or ");
        let all = if series.len() > 1 { format!("({all})") } else { all };
        return Ok(Some((all, None, rest)));
    }
    if !matches!(
        word,
        "total"
            | "before"
            | "bucket"
            | "week"
            | "week_before"
            | "last_use"
            | "last_minute"
            | "began"
            | "ended"
            | "hour_of_day"
            | "month_to_date"
            | "month_by_then"
    ) {
        return Ok(None);
    }
    let (counter, rest) = counter::counter(word, after, choices)?;
    if matches!(word, "hour_of_day" | "month_to_date" | "month_by_then") {
        needs_offset(word, choices)?;
    }
    let series = counter.series(choices);
    let meaning = match word {
        "total" => format!("sum_over_time({series}[$__range])"),
        "before" => format!("sum_over_time({series}[$__range] offset $__range)"),
        "bucket" => format!("sum_over_time({series}[$__interval] offset -$__interval)"),
        "week" => format!("sum_over_time({series}[7d])"),
        "week_before" => format!("sum_over_time({series}[7d] offset 7d)"),
        // Ten minutes at a time: each minute of a month would take Prometheus half a minute.
        "last_use" => format!(
            "max_over_time(((sum_over_time({series}[10m] offset -10m) > 0) * 0 + time())[$__range:10m])"
        ),
        // An increment is there for a minute, which a step of a minute does not miss.
        "last_minute" => format!("max_over_time(timestamp({series})[1h:1m])"),
        // A second earlier, so that the minute that begins with the range's end is not in it.
        "began" | "ended" => format!(
            "{}_over_time(((sum_over_time({series}[1m] offset -1m) > 0) * 0 + time())\
             [$__range:1m] offset 1s)",
            if word == "began" { "min" } else { "max" }
        ),
        "month_to_date" => {
            month(&local(""), &format!("{series}[30m] offset -30m"), "[31d:30m] offset 1s")
        }
        "month_by_then" => {
            month(&local(" - 1800"), &format!("{series}[30m]"), "[31d:30m] offset -$__interval")
        }
        _ => hour_of_day(&series),
    };
    Ok(Some((meaning, Some(counter.metric), rest)))
}

fn needs_offset(word: &str, choices: Choices<'_>) -> Result<(), Mistake> {
    if choices.others.contains(&OFFSET) {
        return Ok(());
    }
    mistake(
        format!("`{word}` needs the variable `{OFFSET}`"),
        "declare it in `variables`, with the hours' distance from UTC as choices",
    )
}

/// The reader's time.
fn local(shift: &str) -> String {
    format!("vector(time(){shift} + 3600 * ${OFFSET})")
}

/// Half hours, since some clocks are half an hour off; each belongs to the
/// hour of its beginning. The last one counts up to now. A second earlier, the
/// half-hour that begins with the range is in it, and the one that begins with
/// its end is not, for Prometheus 2 and 3 alike.
fn hour_of_day(series: &str) -> String {
    format!(
        "sum by ({HOUR}) (sum_over_time((label_replace(count_values(\"{HOUR}\", \
         hour({})), \"{HOUR}\", \"0$1\", \"{HOUR}\", \"(.)\") \
         * on () group_left () sum(sum_over_time({series}[30m] offset -30m)))[$__range:30m] offset 1s))",
        local("")
    )
}

/// Half hours, each with its month's number, of which those of the present month count.
fn month(slot: &str, counted: &str, slots: &str) -> String {
    format!(
        "sum(sum_over_time((count_values(\"month\", month({slot})) \
         * on () group_left () sum(sum_over_time({counted}))){slots}) \
         and on (month) count_values(\"month\", month({})))",
        local("")
    )
}

fn month_elapsed(word: &str) -> String {
    let now = local("");
    let then = if word == "month_elapsed" { "" } else { " + $__interval_ms / 1000" };
    format!(
        "clamp_max(((day_of_month({now}) - 1) * 86400 + (time() + 3600 * ${OFFSET}) % 86400{then}) \
         / (days_in_month({now}) * 86400), 1)"
    )
}
