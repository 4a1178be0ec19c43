//! A billing export: the Claude Console's usage and cost reports, or a file like them.
//!
//! Days of these exports are those of UTC.

use super::expected::Troubles;
use super::number::{Unit, number};
use super::records::Records;
use super::title::{self, Field};
use super::{Counts, Expected, Origin};
use crate::diagnostic::{Diagnostic, Kind};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

const LAYER: &str = "billing";

/// Reads a billing export, line by line.
#[derive(Debug)]
pub struct Billing {
    file: String,
    records: Option<Records>,
    /// What each column is about, after the line of titles.
    fields: Option<Vec<Option<Field>>>,
    uses: Vec<(Timestamp, String, Counts)>,
    /// Costs of something else than tokens, which are not compared.
    others: usize,
    troubles: Troubles,
}

impl Billing {
    /// Starts a file, by the name that messages give it.
    #[must_use]
    pub fn new(file: &str) -> Self {
        let (file, troubles) = (file.to_owned(), Troubles::default());
        Self { file, records: None, fields: None, uses: Vec::new(), others: 0, troubles }
    }

    /// Takes the next line; none: it is too long.
    pub fn line(&mut self, number: usize, line: Option<&[u8]>) {
        let Some(text) = line.and_then(|line| std::str::from_utf8(line).ok()) else {
            let why = if line.is_some() { "is not UTF-8 text" } else { "is too long" };
            self.trouble(number, format!("the line {why}"));
            return;
        };
        // Spreadsheets begin a file with a mark of its encoding.
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() && self.records.as_ref().is_none_or(|r| r.unfinished().is_none())
        {
            return;
        }
        let records = self.records.get_or_insert_with(|| Records::of(text));
        let Some((first, cells)) = records.line(number, text) else { return };
        match &self.fields {
            None => self.titles(first, &cells),
            Some(fields) => match read(fields, &cells, records.separator()) {
                Ok(Some(uses)) => self.uses.push(uses),
                Ok(None) => self.others += 1,
                Err(trouble) => self.told(first, trouble),
            },
        }
    }

    /// What the file says.
    ///
    /// # Errors
    /// Every line that says something else, up to a limit.
    pub fn finish(mut self) -> Result<Expected, Vec<Diagnostic>> {
        if let Some(first) = self.records.as_ref().and_then(Records::unfinished) {
            self.trouble(first, "a quote is opened and never closed".to_owned());
        }
        if self.records.is_none() {
            self.trouble(1, "the file is empty".to_owned());
        }
        let Self { file, uses, others, mut troubles, .. } = self;
        if !troubles.told.is_empty() {
            if troubles.more > 0 {
                let message = format!("and {} more lines of `{file}`", troubles.more);
                troubles.told.push(Diagnostic::error(Kind::Failed, message));
            }
            return Err(troubles.told);
        }
        if others > 0 {
            let message = format!("{others} rows are about other costs than tokens: left out");
            troubles.told.push(Diagnostic::note(message));
        }
        Ok(Expected { origin: Origin::Billing, uses, troubles })
    }

    fn titles(&mut self, line: usize, cells: &[String]) {
        let (fields, wrong) = title::columns(cells);
        for why in wrong {
            self.trouble(line, why);
        }
        self.fields = Some(fields);
    }

    fn trouble(&mut self, line: usize, message: String) {
        self.told(line, Diagnostic::error(Kind::Failed, message));
    }

    fn told(&mut self, line: usize, trouble: Diagnostic) {
        self.troubles.add(trouble.code("usage::billing"), LAYER, &self.file, line);
    }
}

/// Reads one row; none: it is about something else than tokens.
fn read(
    fields: &[Option<Field>],
    cells: &[String],
    separator: char,
) -> Result<Option<(Timestamp, String, Counts)>, Diagnostic> {
    let wrong = |message: String| Diagnostic::error(Kind::Failed, message);
    if cells.len() != fields.len() {
        let (cells, titles) = (cells.len(), fields.len());
        return Err(wrong(format!("the row has {cells} fields, the titles {titles}")));
    }
    let (mut at, mut model, mut counts, mut tokens) =
        (None, String::new(), Counts::default(), None);
    for (field, cell) in fields.iter().zip(cells) {
        let Some(field) = field else { continue };
        let cell = cell.trim();
        let sum = match field {
            Field::Date => {
                at = Some(time(cell).ok_or_else(|| wrong(format!("`{cell}` is no date")))?);
                continue;
            }
            Field::Model => {
                cell.clone_into(&mut model);
                continue;
            }
            Field::CostType if cell.is_empty() || cell.contains("token") => continue,
            Field::CostType => return Ok(None),
            Field::Input => &mut counts.input,
            Field::Output => &mut counts.output,
            Field::CacheRead => &mut counts.cache_read,
            Field::CacheCreation | Field::CacheCreation5m | Field::CacheCreation1h => {
                &mut counts.cache_creation
            }
            Field::Cost => &mut counts.cost,
        };
        let unit = if *field == Field::Cost { Unit::Money } else { Unit::Tokens };
        let value = number(cell, unit, separator)?;
        *sum = Some(sum.unwrap_or_default() + value);
        if unit == Unit::Tokens {
            *tokens.get_or_insert(0.0) += value;
        }
    }
    counts.tokens = tokens;
    let at = at.ok_or_else(|| wrong("the row has no date".to_owned()))?;
    Ok(Some((at, model, counts)))
}

/// A date or a time; without an offset, of UTC.
fn time(cell: &str) -> Option<Timestamp> {
    if let Ok(exact) = cell.parse::<Timestamp>() {
        return Some(exact);
    }
    let cell = cell.replace('/', "-");
    let local = match cell.len() {
        10 => cell.parse::<Date>().ok()?.at(0, 0, 0, 0),
        _ => cell.parse::<DateTime>().ok()?,
    };
    Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finish(text: &str) -> Result<Expected, Vec<Diagnostic>> {
        let mut billing = Billing::new("usage.csv");
        for (index, line) in text.lines().enumerate() {
            billing.line(index + 1, Some(line.as_bytes()));
        }
        billing.finish()
    }

    #[test]
    fn the_consoles_usage_export_is_read() {
        let expected = finish(
            "\u{feff}usage_date_utc,model_version,api_key,workspace,usage_type,context_window,\
             usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,\
             usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,\
             usage_output_tokens,web_search_count,inference_geo,speed\n\
             2026-11-02,claude-sonnet-4-5-20250929,key,Default,standard,≤ 200k,\
             10,20,30,40,50,9,global,\n\
             \n\
             2026-11-02T23:00:00Z,claude-sonnet-4-5-20250929,key,Default,standard,≤ 200k,\
             \"1,000\",0,0,0,0,0,global,\n",
        );
        let uses = expected.unwrap().uses;
        assert_eq!(uses[0].0.to_string(), "2026-11-02T00:00:00Z");
        let Counts { input, output, cache_read, cache_creation, tokens, cost } = uses[0].2;
        assert_eq!((input, output, cache_read), (Some(10.0), Some(50.0), Some(40.0)));
        assert_eq!((cache_creation, tokens, cost), (Some(50.0), Some(150.0), None));
        assert_eq!(uses[1].2.input, Some(1000.0));
    }

    #[test]
    fn writes_to_the_cache_count_once() {
        let expected = finish(
            "date,model,cache_creation_input_tokens,ephemeral_5m_input_tokens,\
             ephemeral_1h_input_tokens\n2026-11-02,m,50,20,30\n",
        );
        let counts = expected.unwrap().uses[0].2;
        assert_eq!((counts.cache_creation, counts.tokens), (Some(50.0), Some(50.0)));
        let errors = finish("date,model,output,output_tokens\n2026-11-02,m,5,5\n").unwrap_err();
        assert!(errors[0].message.contains("`output` and `output_tokens`"), "{errors:?}");
        assert_eq!(errors[0].origin.location().unwrap().line, 1);
    }

    #[test]
    fn the_consoles_cost_export_is_read() {
        let expected = finish(
            "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,\
             cost_usd,list_price_usd,cost_type\n\
             2026-11-02,Claude Haiku 4.5,Default,k,message,≤ 200k,output,0.02,0.04,token\n\
             2026-11-02,,Default,k,message,,,0.5,0.5,web_search\n",
        );
        let expected = expected.unwrap();
        assert_eq!(expected.uses.len(), 1);
        assert_eq!(expected.uses[0].2, Counts { cost: Some(0.02), ..Counts::default() });
        assert!(expected.troubles.told[0].message.starts_with("1 rows"));
    }

    #[test]
    fn decimal_commas_are_told_with_their_line_and_a_cure() {
        let errors =
            finish("date;model;output;cost\n2026-11-02;m;4.800;48,00\n2026-11-02;m;4800;48,00\n");
        let errors = errors.unwrap_err();
        let told: Vec<(usize, &str)> = errors
            .iter()
            .map(|error| (error.origin.location().unwrap().line, error.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [(2, "`4.800` is no whole number of tokens"), (3, "`48,00` is no number")]
        );
        assert!(errors.iter().all(|error| error.hint.is_some()), "{errors:?}");
    }

    #[test]
    fn every_wrong_line_is_told_with_its_number() {
        let errors =
            finish("date,model,output\n2026-11-02,m,5\nsoon,m,5\n2026-11-02,m\n2026-11-02,m,-1\n");
        let errors = errors.unwrap_err();
        let lines: Vec<usize> =
            errors.iter().map(|error| error.origin.location().unwrap().line).collect();
        assert_eq!(lines, [3, 4, 5]);
        assert_eq!(errors[0].message, "`soon` is no date");
        let errors = finish("when,who\n1,2\n").unwrap_err();
        assert!(errors[0].message.contains("no column of a date"), "{errors:?}");
        assert!(finish("").is_err());
        assert!(finish("date,model,output\n\"2026-11-02,m,5\n").is_err());
    }
}
