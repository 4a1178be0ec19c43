//! What the columns of a billing export are about, by their titles.

/// What a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Date,
    Model,
    Input,
    Output,
    CacheRead,
    /// Writes for five minutes and for an hour, where no column has one of them.
    CacheCreation,
    CacheCreation5m,
    CacheCreation1h,
    Cost,
    /// `token`, or what else costs something.
    CostType,
}

/// Titles in lower case, with `_` between words. The first of each are the Console's.
const TITLES: [(Field, &[&str]); 10] = [
    (Field::Date, &["usage_date_utc", "date", "day", "usage_date", "starting_at", "timestamp"]),
    (Field::Model, &["model_version", "model", "model_id", "model_name"]),
    (
        Field::Input,
        &["usage_input_tokens_no_cache", "uncached_input_tokens", "input_tokens", "input"],
    ),
    (Field::Output, &["usage_output_tokens", "output_tokens", "output"]),
    (
        Field::CacheRead,
        &[
            "usage_input_tokens_cache_read",
            "cache_read_input_tokens",
            "cache_read_tokens",
            "cache_read",
        ],
    ),
    (
        Field::CacheCreation,
        &[
            "usage_input_tokens_cache_write",
            "cache_creation_input_tokens",
            "cache_creation_tokens",
            "cache_creation",
            "cache_write_tokens",
            "cache_write",
        ],
    ),
    (Field::CacheCreation5m, &["usage_input_tokens_cache_write_5m", "ephemeral_5m_input_tokens"]),
    (Field::CacheCreation1h, &["usage_input_tokens_cache_write_1h", "ephemeral_1h_input_tokens"]),
    (Field::Cost, &["cost_usd", "cost", "amount_usd"]),
    (Field::CostType, &["cost_type"]),
];

/// Says what each column is about, and what is wrong with the titles.
pub(super) fn columns(titles: &[String]) -> (Vec<Option<Field>>, Vec<String>) {
    let mut fields: Vec<Option<Field>> = titles.iter().map(|title| field(title)).collect();
    let mut wrong = twice(titles, &fields);
    let has = |field| fields.contains(&Some(field));
    let parts = has(Field::CacheCreation5m) || has(Field::CacheCreation1h);
    let counted = [Field::Input, Field::Output, Field::CacheRead, Field::CacheCreation];
    let mut missing = Vec::new();
    if !has(Field::Date) {
        missing.push("a date (`usage_date_utc`, `date`)");
    }
    if !has(Field::Model) {
        missing.push("a model (`model_version`, `model`)");
    }
    if !counted.into_iter().any(has) && !parts && !has(Field::Cost) {
        missing.push("tokens (`usage_output_tokens`, `output_tokens`, …) or a cost (`cost_usd`)");
    }
    if !missing.is_empty() {
        wrong.push(format!("the titles name no column of {}", missing.join(", nor of ")));
    }
    if parts {
        // It is their sum, and would count them a second time.
        for field in fields.iter_mut().filter(|field| **field == Some(Field::CacheCreation)) {
            *field = None;
        }
    }
    (fields, wrong)
}

/// Columns that say the same as another: nobody knows which one to take, or whether to add.
fn twice(titles: &[String], fields: &[Option<Field>]) -> Vec<String> {
    let told = || titles.iter().zip(fields).filter_map(|(title, field)| Some((title, (*field)?)));
    let pairs = told().enumerate().filter_map(|(number, (title, field))| {
        let (first, _) = told().take(number).find(|(_, known)| *known == field)?;
        let (first, title) = (first.trim(), title.trim());
        Some(format!("the columns `{first}` and `{title}` are about the same"))
    });
    pairs.collect()
}

fn field(title: &str) -> Option<Field> {
    let letters = title.trim().to_lowercase();
    let words: Vec<&str> =
        letters.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let title = words.join("_");
    TITLES.iter().find(|(_, names)| names.contains(&title.as_str())).map(|(field, _)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(titles: &str) -> (Vec<Option<Field>>, Vec<String>) {
        columns(&titles.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_sum_beside_its_parts_does_not_count() {
        for [sum, five, hour] in [
            [
                "cache_creation_input_tokens",
                "ephemeral_5m_input_tokens",
                "ephemeral_1h_input_tokens",
            ],
            [
                "usage_input_tokens_cache_write",
                "usage_input_tokens_cache_write_5m",
                "usage_input_tokens_cache_write_1h",
            ],
        ] {
            let (fields, wrong) = read(&format!("date,model,{sum},{five},{hour}"));
            let parts = [None, Some(Field::CacheCreation5m), Some(Field::CacheCreation1h)];
            assert_eq!((&fields[2..], wrong), (&parts[..], vec![]));
            let (fields, wrong) = read(&format!("date,model,{sum}"));
            assert_eq!((fields[2], wrong), (Some(Field::CacheCreation), vec![]));
            assert!(read(&format!("date,model,{hour}")).1.is_empty());
        }
    }

    #[test]
    fn two_columns_about_the_same_are_told() {
        let (_, wrong) = read("Date,model,Input Tokens,output,input,cache_write,cache_creation");
        assert_eq!(
            wrong,
            [
                "the columns `Input Tokens` and `input` are about the same",
                "the columns `cache_write` and `cache_creation` are about the same",
            ]
        );
        let (_, wrong) =
            read("date,model,ephemeral_5m_input_tokens,ephemeral 5m input tokens,who,who");
        assert_eq!(wrong.len(), 1, "{wrong:?}");
    }
}
