//! Who used Claude Code in the synthetic month, when, and what it counted.
//!
//! A small company: four people in two teams, who work by day on weekdays, pause, resume and
//! move to new releases at different times, and a job at night that runs one prompt and ends.
//! Knows nothing of collectors, scrapes and rules. The same on every machine.

use super::{DAY, HOUR, Labels, MIDNIGHT, MONTH_BEGINS, MONTH_ENDS};
use otelctl::stack::{DEFAULT_PRICES, DETAIL};

/// Something that one client counted in one minute.
#[derive(Clone)]
pub struct Use {
    /// When, in seconds of the epoch, at the beginning of a minute.
    pub at: u64,
    pub counter: &'static str,
    pub labels: Labels,
    pub value: f64,
}

/// The model that the price table does not have.
pub const UNPRICED: &str = "claude-preview-6";

/// The service of the job at night.
pub const NIGHTLY: &str = "nightly-review";

/// A session over midnight, a restart of the collector and an outage of Prometheus.
pub const LONG: &str = "5e551011-0000-4000-8000-00000000cafe";

/// The release that reports no sessions of one-shot prompts.
const OLDEST: &str = "2.1.20";

struct Person {
    email: &'static str,
    /// What a session's counters call them.
    user: &'static str,
    team: &'static str,
    model: &'static str,
    /// The days of the month on which they move to the next releases.
    moves: [u64; 2],
}

const PEOPLE: [Person; 4] = [
    person("ada@example.org", "core", "claude-opus-5-5", [4, 19]),
    person("ben@example.org", "core", "claude-sonnet-5-5", [6, 25]),
    person("cleo@example.org", "web", "claude-opus-5-5", [9, 20]),
    person("dev@example.org", "web", "claude-sonnet-5-5", [5, 99]),
];

/// The job at night: nobody's, so that its sessions have the id of a machine.
const NOBODY: Person =
    Person { user: "9f2c41d0", ..person("unknown", "unknown", "claude-sonnet-5-5", [8, 99]) };

const fn person(
    email: &'static str,
    team: &'static str,
    model: &'static str,
    moves: [u64; 2],
) -> Person {
    Person { email, user: email, team, model, moves }
}

impl Person {
    fn release(&self, day: u64) -> &'static str {
        match self.moves.map(|moves| day >= moves) {
            [false, _] => OLDEST,
            [true, false] => "2.1.330",
            [true, true] => "2.2.5",
        }
    }

    /// One of them tries a model that nobody has a price for.
    fn model(&self, day: u64) -> &'static str {
        let trial = self.email.starts_with("dev") && ((14..18).contains(&day) || day >= 29);
        if trial { UNPRICED } else { self.model }
    }
}

/// `SplitMix64`, a generator in four lines.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }
}

/// One running client.
struct Client<'a> {
    at: u64,
    service: &'static str,
    session: String,
    release: &'static str,
    person: &'a Person,
    uses: &'a mut Vec<Use>,
}

impl Client<'_> {
    fn count(&mut self, counter: &'static str, model: &str, own: &[(&'static str, &str)], n: u64) {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        self.count_exactly(counter, model, own, n as f64);
    }

    fn count_exactly(
        &mut self,
        counter: &'static str,
        model: &str,
        own: &[(&'static str, &str)],
        value: f64,
    ) {
        let family = ["opus", "sonnet", "haiku"].into_iter().find(|family| model.contains(family));
        let labels = [
            ("model", model),
            ("model_family", family.unwrap_or("unknown")),
            ("service_name", self.service),
            ("service_version", self.release),
            ("user_email", self.person.email),
            ("team", self.person.team),
        ];
        self.push(counter, &labels, own, value);
        let session = self.session.clone();
        let of_session = [
            ("session_id", session.as_str()),
            ("user", self.person.user),
            ("model", model),
            ("service_name", self.service),
            ("service_version", self.release),
        ];
        let twin = counter.replacen("claude_", "claude_session_", 1);
        if let Some(twin) = DETAIL.iter().find(|metric| metric.name == twin) {
            self.push(twin.name, &of_session, own, value);
        }
    }

    fn push(
        &mut self,
        counter: &'static str,
        labels: &[(&'static str, &str)],
        own: &[(&'static str, &str)],
        value: f64,
    ) {
        let labels = labels.iter().chain(own).map(|(name, value)| (*name, (*value).to_owned()));
        self.uses.push(Use { at: self.at, counter, labels: labels.collect(), value });
    }

    /// One request to the API and all that it counts.
    fn request(&mut self, dice: &mut Dice, model: &str, cold: bool) {
        let input = 20 + dice.below(900);
        let output = 100 + dice.below(2_500);
        let read = if cold { 0 } else { 15_000 + dice.below(60_000) };
        let written = if cold { 12_000 } else { 0 } + dice.below(4_000);
        let types =
            [("input", input), ("output", output), ("cacheRead", read), ("cacheCreation", written)];
        for (kind, tokens) in types {
            self.count("claude_tokens_total", model, &[("type", kind)], tokens);
        }
        self.count("claude_cache_tokens_saved_total", model, &[], read);
        let hit = if cold { "claude_cache_misses_total" } else { "claude_cache_hits_total" };
        self.count(hit, model, &[], 1);
        let priced = DEFAULT_PRICES.iter().find(|(name, _)| *name == model);
        // The client prices models that it does not know like its default one.
        let (_, [in_, out, cache_read, cache_write, _]) = priced.unwrap_or(&DEFAULT_PRICES[0]);
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let usd = |tokens: u64, per_million: f64| tokens as f64 * per_million / 1e6;
        let cost = usd(input, *in_)
            + usd(output, *out)
            + usd(read, *cache_read)
            + usd(written, *cache_write);
        self.count_exactly("claude_cost_usd_total", model, &[], cost);
        if priced.is_some() {
            let (saved, surcharge) = (usd(read, in_ - cache_read), usd(written, cache_write - in_));
            self.count_exactly("claude_cache_cost_saved_usd_total", model, &[], saved);
            self.count_exactly("claude_cache_cost_surcharge_usd_total", model, &[], surcharge);
        } else {
            let tokens = input + output + read + written;
            self.count("claude_unpriced_tokens_total", model, &[], tokens);
        }
        self.count("claude_active_seconds_total", "unknown", &[("type", "cli")], 5 + output / 40);
        if self.release == "2.2.5" {
            self.count("claude_spans_total", "unknown", &[], 4);
        }
    }

    /// What a person does with an answer.
    fn work(&mut self, dice: &mut Dice, model: &str) {
        let seconds = 15 + dice.below(90);
        self.count("claude_active_seconds_total", "unknown", &[("type", "user")], seconds);
        if dice.one_in(3) {
            let languages = ["Rust", "TypeScript", "Markdown"];
            let language = languages[usize::try_from(dice.below(3)).expect("small")];
            let tool = if dice.one_in(4) { "Write" } else { "Edit" };
            let decision = if dice.one_in(6) { "reject" } else { "accept" };
            let source = if dice.one_in(2) { "config" } else { "user_temporary" };
            let own = [
                ("decision", decision),
                ("source", source),
                ("tool_name", tool),
                ("language", language),
            ];
            self.count("claude_edit_decisions_total", "unknown", &own, 1);
            if decision == "accept" {
                let (added, removed) = (1 + dice.below(60), dice.below(25));
                self.count("claude_lines_of_code_total", model, &[("type", "added")], added);
                self.count("claude_lines_of_code_total", model, &[("type", "removed")], removed);
            }
        }
        if dice.one_in(14) {
            self.count("claude_commits_total", "unknown", &[], 1);
            if dice.one_in(3) {
                self.count("claude_pull_requests_total", "unknown", &[], 1);
            }
        }
    }

    /// A session from its start to its end, with pauses in which the series stand still.
    fn session(&mut self, dice: &mut Dice, model: &str) {
        self.count("claude_sessions_total", "unknown", &[], 1);
        for request in 0..4 + dice.below(22) {
            let paused = dice.one_in(25);
            self.at += 60 * if paused { 100 + dice.below(120) } else { 1 + dice.below(4) };
            if paused && dice.one_in(2) {
                // Resumed in a new process.
                self.count("claude_sessions_total", "unknown", &[], 1);
            }
            self.request(dice, model, request == 0 || paused);
            if dice.one_in(5) {
                let cold = dice.one_in(3);
                self.request(dice, "claude-haiku-4-5", cold);
            }
            self.work(dice, model);
        }
    }
}

/// Somebody who asks again and again, from the evening of 3 June until noon.
fn long(uses: &mut Vec<Use>) {
    let (mut dice, person) = (Dice(3), &PEOPLE[1]);
    let (at, session) = (MIDNIGHT - DAY - 140 * 60, LONG.to_owned());
    let (release, service) = (person.release(15), "claude-code");
    let mut client = Client { at, service, session, release, person, uses };
    client.count("claude_sessions_total", "unknown", &[], 1);
    for request in 0..22 {
        client.at += 60 * 43;
        client.request(&mut dice, person.model, request % 5 == 0);
        client.request(&mut dice, "claude-haiku-4-5", request % 2 == 0);
        client.work(&mut dice, person.model);
    }
}

/// All that was counted, in the order in which it happened.
pub fn uses() -> Vec<Use> {
    let mut dice = Dice(20_260_519);
    let mut uses = Vec::new();
    let mut sessions = 0;
    let mut next = || {
        sessions += 1;
        format!("5e551011-0000-4000-8000-{sessions:012x}")
    };
    let first_day = MONTH_BEGINS / DAY * DAY;
    for day in 0..=30 {
        let midnight = first_day + day * DAY;
        // The epoch began on a Thursday.
        let weekend = matches!((midnight / DAY + 4) % 7, 0 | 6);
        for person in &PEOPLE {
            let busy = if weekend { u64::from(dice.one_in(9)) } else { 1 + dice.below(3) };
            for _ in 0..busy {
                let at = midnight + 7 * HOUR + dice.below(9 * 60) * 60;
                let (release, service) = (person.release(day), "claude-code");
                let session = next();
                let mut client = Client { at, service, session, release, person, uses: &mut uses };
                client.session(&mut dice, person.model(day));
            }
        }
        if weekend {
            continue;
        }
        for night in [1, 2, 4] {
            let at = midnight + night * HOUR + 17 * 60;
            let (person, release, service) = (&NOBODY, NOBODY.release(day), NIGHTLY);
            let session = next();
            let mut client = Client { at, service, session, release, person, uses: &mut uses };
            if client.release != OLDEST {
                client.count("claude_sessions_total", "unknown", &[], 1);
            }
            client.request(&mut dice, NOBODY.model, true);
        }
    }
    long(&mut uses);
    uses.retain(|one| (MONTH_BEGINS..MONTH_ENDS).contains(&one.at));
    uses.sort_by_key(|one| one.at);
    uses
}
