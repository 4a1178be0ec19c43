//! Panel by panel: the query, what is true, and what Prometheus answered.

use super::super::dashboards::{Facts as _, Question, Told, Window, told};
use super::ask::{Points, Reader};
use super::facts::Place;
use super::pipeline;
use super::store::Server;
use super::{DAY, Month};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// How much money and ratios may differ, relatively: doubles are added in another order here.
/// Counts may not differ at all.
const TOLERANCE: f64 = 1e-9;

/// Longer than that, nobody likes to wait for a panel: told, and no failure, since machines differ.
const SLOW: Duration = Duration::from_secs(2);

/// What was compared on one release.
pub struct Table {
    release: &'static str,
    text: String,
    numbers: usize,
    wrong: Vec<String>,
    slow: Vec<String>,
}

impl Table {
    pub fn new(release: &'static str) -> Self {
        let mut text = String::from("| panel | series | for | numbers | expected | got |\n");
        text.push_str("|---|---|---|---:|---:|---:|\n");
        Self { release, text, numbers: 0, wrong: Vec::new(), slow: Vec::new() }
    }

    /// Asks one question and holds every point of the answer against the truth.
    pub fn hold(
        &mut self,
        truth: &Expected,
        reader: &Reader,
        question: &Question,
        server: &Server,
    ) {
        let (expected, whole) = (&truth.points, truth.whole);
        let asked = Instant::now();
        let got = reader.ask(question, &server.wire, &server.address);
        if asked.elapsed() > SLOW {
            self.slow.push(format!("{:?} for {}", asked.elapsed(), reader.interpolated(question)));
        }
        let name = format!("{} / {}", question.panel, question.title);
        let exact = whole && question.unit == "short" || question.unit == "dateTimeAsIso";
        for (label, at) in expected.keys().chain(got.keys()).collect::<BTreeSet<_>>() {
            let place = (label.clone(), *at);
            let (is, shown) = (expected.get(&place), got.get(&place));
            let same = match (is, shown) {
                (Some(is), Some(shown)) if exact => is.total_cmp(shown).is_eq(),
                // The time itself is a double: its last bit is a quarter of a microsecond.
                (Some(is), Some(shown)) if question.unit == "s" => (is - shown).abs() < 1e-6,
                (Some(is), Some(shown)) => {
                    (is - shown).abs() <= TOLERANCE * is.abs().max(shown.abs()).max(1e-3)
                }
                _ => false,
            };
            if !same {
                self.wrong.push(format!(
                    "{name} {label:?} at {at} for {reader:?} on {}: {is:?} is true, {shown:?} is shown: {}",
                    self.release,
                    reader.interpolated(question),
                ));
            }
        }
        self.numbers += expected.len();
        let total = |points: &Points| match points.len() {
            0 => "nothing".to_owned(),
            1 => points.values().sum::<f64>().to_string(),
            _ if whole => format!("{} in all", points.values().sum::<f64>()),
            number => {
                let number = u32::try_from(number).map_or(f64::NAN, f64::from);
                format!("{} on average", points.values().sum::<f64>() / number)
            }
        };
        let chosen: Vec<String> =
            reader.chosen.iter().map(|(label, value)| format!("{label} {value}")).collect();
        let _ = writeln!(
            self.text,
            "| {} | {} | {}d to {} {} | {} | {} | {} |",
            question.panel,
            question.title,
            reader.range / DAY,
            reader.now,
            chosen.join(", "),
            expected.len(),
            total(expected),
            total(&got),
        );
    }

    /// Writes and prints the table; what was wrong comes back.
    pub fn finish(self) -> Vec<String> {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
        let file = target.join(format!("panels-{}.md", self.release));
        fs::write(&file, &self.text).expect("write the table");
        println!("Prometheus {}: {} numbers compared\n{}", self.release, self.numbers, self.text);
        println!("slow:\n{}", self.slow.join("\n"));
        self.wrong
    }
}

/// Every number that a question is to be answered with.
pub struct Expected {
    pub points: Points,
    /// Whether they add up to a whole.
    whole: bool,
}

impl Expected {
    pub fn of(month: &Month, reader: &Reader, question: &Question) -> Self {
        let (mut points, mut whole) = (Points::new(), false);
        let reader = &reader.at(question);
        let groups = match question.by.as_deref() {
            None => BTreeSet::from([String::new()]),
            // Not every Prometheus scrapes all of them.
            Some("job") => {
                let asked = |job: &String| question.expression.contains(job.as_str());
                month.values("job").into_iter().filter(asked).collect()
            }
            Some(by) => month.values(by),
        };
        let job = match question.title.as_str() {
            "Time in which the collector was scraped" | "Samples of a scrape" => {
                Some(pipeline::COLLECTOR)
            }
            "Single sessions against their limit" => Some(pipeline::SESSIONS),
            _ => None,
        };
        let dearest = match question.by.as_deref() {
            Some("session_id") => dearest(month, reader),
            _ => BTreeSet::new(),
        };
        for (at, length) in reader.times(question) {
            for label in &groups {
                let place = Place {
                    month,
                    reader,
                    group: question.by.as_deref().map(|by| (by, label.as_str())),
                    job,
                    dearest: &dearest,
                    at,
                    length,
                    looks_back: question.step.is_none(),
                };
                let (panel, title) = (&question.panel, &question.title);
                let is = told(panel, title, &place);
                let is = is.unwrap_or_else(|| panic!("what is true of `{title}` on `{panel}`?"));
                whole |= matches!(is, Told::Sum(_));
                points.extend(is.number().map(|number| ((label.clone(), at), number)));
            }
        }
        Self { points, whole }
    }
}

/// The fifty sessions that cost most in a reader's range, of what the reader chose.
fn dearest(month: &Month, reader: &Reader) -> BTreeSet<String> {
    let none = BTreeSet::new();
    let cost = |session: String| {
        let place = Place {
            month,
            reader,
            group: Some(("session_id", &session)),
            job: None,
            dearest: &none,
            at: reader.now,
            length: reader.range,
            looks_back: true,
        };
        Some((place.counted(Window::Here, "claude_session_cost_usd_total", &[])?, session))
    };
    let mut all: Vec<_> = month.values("session_id").into_iter().filter_map(cost).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(50).map(|(_, session)| session).collect()
}
