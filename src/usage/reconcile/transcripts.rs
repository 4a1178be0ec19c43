//! The transcripts that Claude Code keeps of its sessions, a JSON document a line.
//!
//! An answer of the API may stand in many lines, one for each of its parts and
//! again where a session is resumed; the numbers of early parts are not final.
//! So the lines of one message count once, with the most tokens that one of them
//! says, at the earliest of their times.

use super::expected::Troubles;
use super::{Counts, Expected, Origin};
use crate::diagnostic::Diagnostic;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;

const LAYER: &str = "transcript";

/// The model of messages that the client made up itself.
const MADE_UP: &str = "<synthetic>";

/// Reads transcripts, line by line.
#[derive(Debug, Default)]
pub struct Transcripts {
    /// By the message's id: more than one where the requests differ.
    answers: HashMap<String, Vec<Answer>>,
    /// Answers without an id, which nobody can tell apart.
    nameless: Vec<Answer>,
    troubles: Troubles,
}

/// One answer of the API.
#[derive(Debug)]
struct Answer {
    request: Option<String>,
    at: Timestamp,
    model: String,
    usage: Usage,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    timestamp: Option<Timestamped>,
    #[serde(rename = "requestId")]
    request: Option<String>,
    message: Message,
}

/// RFC 3339, as text.
type Timestamped = String;

#[derive(Deserialize)]
struct Message {
    id: Option<String>,
    model: Option<String>,
    usage: Option<Usage>,
}

/// Tokens; what is `null` or missing is none.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Usage {
    #[serde(rename = "input_tokens")]
    input: Option<u64>,
    #[serde(rename = "output_tokens")]
    output: Option<u64>,
    #[serde(rename = "cache_read_input_tokens")]
    cache_read: Option<u64>,
    #[serde(rename = "cache_creation_input_tokens")]
    cache_creation: Option<u64>,
}

impl Transcripts {
    /// Takes a line of a file; none: it is too long. What is broken is told and left out.
    pub fn line(&mut self, file: &str, number: usize, line: Option<&[u8]>) {
        let Some(line) = line else {
            let message = "the line is too long: what it says is left out";
            self.trouble(message.to_owned(), file, number);
            return;
        };
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        // Most lines are about something else, whatever it looks like.
        let entry = match serde_json::from_slice::<Head>(line) {
            Ok(head) if head.kind.as_deref() == Some("assistant") => {
                serde_json::from_slice::<Entry>(line)
            }
            Ok(_) => return,
            Err(error) => Err(error),
        };
        match entry {
            Ok(entry) => self.entry(entry, file, number),
            // The error may quote the line, which is somebody's conversation.
            Err(error) if error.is_eof() => {
                self.trouble("the line breaks off: left out".to_owned(), file, number);
            }
            Err(error) => {
                let column = error.column();
                let message =
                    format!("the line is no entry of a transcript at column {column}: left out");
                self.trouble(message, file, number);
            }
        }
    }

    fn entry(&mut self, entry: Entry, file: &str, number: usize) {
        let Entry { timestamp, request, message: Message { id, model, usage } } = entry;
        let (Some(usage), Some(model)) = (usage, model) else { return };
        if model == MADE_UP {
            return;
        }
        let Some(at) = timestamp.and_then(|text| text.parse().ok()) else {
            self.trouble("the entry has no time: left out".to_owned(), file, number);
            return;
        };
        let answer = Answer { request, at, model, usage };
        match id {
            None => self.nameless.push(answer),
            Some(id) => {
                let known = self.answers.entry(id).or_default();
                match known.iter_mut().find(|known| known.is_same_as(&answer)) {
                    Some(known) => known.merge(answer),
                    None => known.push(answer),
                }
            }
        }
    }

    /// What the transcripts say.
    #[must_use]
    pub fn finish(self) -> Expected {
        let Self { answers, nameless, mut troubles } = self;
        if troubles.more > 0 {
            let message = format!("{} more lines are left out", troubles.more);
            troubles.told.push(Diagnostic::warning(message));
        }
        let uses = answers.into_values().flatten().chain(nameless).map(Answer::counts).collect();
        Expected { origin: Origin::Transcripts, uses, troubles }
    }

    fn trouble(&mut self, message: String, file: &str, number: usize) {
        let trouble = Diagnostic::warning(message).code("usage::transcript");
        self.troubles.add(trouble, LAYER, file, number);
    }
}

impl Answer {
    /// Some gateways and versions leave the request's id out.
    fn is_same_as(&self, other: &Self) -> bool {
        match (&self.request, &other.request) {
            (Some(one), Some(another)) => one == another,
            _ => true,
        }
    }

    fn merge(&mut self, other: Self) {
        let Self { request, at, model: _, usage } = other;
        self.request = self.request.take().or(request);
        self.at = self.at.min(at);
        if usage.output > self.usage.output {
            self.usage = usage;
        }
    }

    fn counts(self) -> (Timestamp, String, Counts) {
        let Usage { input, output, cache_read, cache_creation } = self.usage;
        // One answer has far less than 2^53 tokens.
        #[expect(clippy::cast_precision_loss, reason = "tokens of one answer")]
        let number = |tokens: Option<u64>| tokens.unwrap_or_default() as f64;
        let [input, output, read, written] =
            [input, output, cache_read, cache_creation].map(number);
        let counts = Counts {
            input: Some(input),
            output: Some(output),
            cache_read: Some(read),
            cache_creation: Some(written),
            tokens: Some(input + output + read + written),
            cost: None,
        };
        (self.at, self.model, counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(id: Option<&str>, request: Option<&str>, at: &str, output: u64) -> String {
        let usage = json!({
            "input_tokens": 3, "output_tokens": output, "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 7, "service_tier": "standard",
        });
        let message = json!({ "id": id, "model": "claude-opus-5-5", "role": "assistant",
            "content": [{ "type": "text", "text": "secret words" }], "usage": usage });
        json!({ "type": "assistant", "requestId": request, "timestamp": at, "message": message })
            .to_string()
    }

    fn finish(lines: &[String]) -> Expected {
        let mut transcripts = Transcripts::default();
        for (index, line) in lines.iter().enumerate() {
            transcripts.line("s.jsonl", index + 1, Some(line.as_bytes()));
        }
        transcripts.finish()
    }

    #[test]
    fn an_answer_counts_once_with_its_last_number_at_its_first_time() {
        let expected = finish(&[
            line(Some("a"), Some("r1"), "2026-11-01T23:59:59.9Z", 1),
            line(Some("a"), Some("r1"), "2026-11-02T00:00:01Z", 50),
            line(Some("a"), None, "2026-11-05T00:00:00Z", 50),
            line(Some("a"), Some("r2"), "2026-11-02T00:00:01Z", 5),
            line(None, None, "2026-11-02T00:00:01Z", 2),
            line(None, None, "2026-11-02T00:00:01Z", 2),
        ]);
        let mut outputs: Vec<(String, Option<f64>)> =
            expected.uses.iter().map(|(at, _, counts)| (at.to_string(), counts.output)).collect();
        outputs.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let first = ("2026-11-01T23:59:59.9Z".to_owned(), Some(50.0));
        assert_eq!((outputs.len(), &outputs[0]), (4, &first));
        assert!(expected.troubles.told.is_empty());
    }

    #[test]
    fn what_is_no_answer_is_passed_over() {
        let mut made_up = line(Some("x"), None, "2026-11-02T00:00:01Z", 2);
        made_up = made_up.replace("claude-opus-5-5", MADE_UP);
        let expected = finish(&[
            json!({ "type": "user", "message": "text" }).to_string(),
            json!({ "type": "summary" }).to_string(),
            json!({ "type": "assistant", "message": {} }).to_string(),
            made_up,
            String::new(),
        ]);
        assert!(expected.uses.is_empty() && expected.troubles.told.is_empty(), "{expected:?}");
    }

    #[test]
    fn tokens_that_are_null_or_missing_are_none() {
        let whole = line(Some("a"), None, "2026-11-02T00:00:01Z", 2);
        let null =
            whole.replace("\"cache_read_input_tokens\":100", "\"cache_read_input_tokens\":null");
        let null = null.replace("\"cache_creation_input_tokens\":7,", "");
        assert_ne!(null, whole);
        let expected = finish(&[null]);
        assert!(expected.troubles.told.is_empty(), "{expected:?}");
        let Counts { input, output, cache_read, cache_creation, tokens, cost: _ } =
            expected.uses[0].2;
        assert_eq!((input, output, tokens), (Some(3.0), Some(2.0), Some(5.0)));
        assert_eq!((cache_read, cache_creation), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn broken_lines_are_told_without_their_words() {
        let whole = line(Some("a"), None, "2026-11-02T00:00:01Z", 2);
        let mut lines = vec![whole.clone(), whole[..60].to_owned(), "{\"secret\" oops".to_owned()];
        lines.push(line(Some("b"), None, "yesterday", 2));
        let expected = finish(&lines);
        assert_eq!(expected.uses.len(), 1);
        let told = format!("{:?}", expected.troubles.told);
        assert_eq!(expected.troubles.told.len(), 3, "{told}");
        assert!(!told.contains("secret"), "{told}");
        lines.extend(vec!["{".to_owned(); 30]);
        let told = finish(&lines).troubles.told;
        assert_eq!(told.last().unwrap().message, "13 more lines are left out");
    }
}
