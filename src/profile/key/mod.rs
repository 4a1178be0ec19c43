//! The keys of a profile as a table, and the JSON Schema made of it.
//!
//! Owns names, shapes, defaults and one line about each. May not know how a
//! value is read: the readers do, and tests hold both together.

mod schema;
mod table;

pub use schema::schema;
pub use table::KEYS;

use super::price;
use serde_json::{Map, Value, json};

/// One key of a profile.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The whole name: `otelctl::stack`.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// What stands in for it where it is absent.
    pub default: Fallback,
    /// What it is for, in one line.
    pub about: &'static str,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `true` or `false`.
    Switch,
    /// A TCP port, also in quotes.
    Port,
    /// A whole number, also in quotes.
    Count {
        /// The least that is allowed.
        least: u64,
        /// The most.
        most: u64,
    },
    /// Text.
    Text {
        /// A regular expression that refuses nothing which is read.
        pattern: &'static str,
    },
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A user name, which may be a number.
    UserName,
    /// A secret: `env:NAME`, `file:/PATH`, or itself.
    Secret,
    /// Label names and their values.
    Labels,
    /// A list of labels that clients send.
    LabelList,
    /// An amount of USD above 0.
    Usd,
    /// Prices by model.
    Prices,
    /// Firewall rules by name.
    Rules,
}

/// What stands in for an absent key.
#[derive(Clone, Copy, Debug)]
pub enum Fallback {
    /// Nothing: the key is optional, or another one makes it necessary.
    None,
    /// Yes or no.
    Switch(bool),
    /// A number.
    Number(u64),
    /// Text.
    Text(&'static str),
    /// An empty mapping.
    Nothing,
    /// The table of prices.
    Prices,
    /// A list of words.
    Words(&'static [&'static str]),
    /// It follows from something else, said in words.
    Follows(&'static str),
}

impl Fallback {
    /// Returns the value, where there is one without looking at anything else.
    #[must_use]
    pub fn value(self) -> Option<Value> {
        match self {
            Self::None | Self::Follows(_) => None,
            Self::Switch(value) => Some(value.into()),
            Self::Number(value) => Some(value.into()),
            Self::Text(value) => Some(value.into()),
            Self::Nothing => Some(json!({})),
            Self::Prices => Some(prices()),
            Self::Words(words) => Some(json!(words)),
        }
    }
}

fn prices() -> Value {
    let models = price::defaults().into_iter().map(|price| {
        let values =
            [price.input, price.output, price.cache_read, price.cache_write, price.cache_write_1h];
        let fields = price::FIELDS.iter().zip(values);
        let fields = fields.map(|(field, value)| ((*field).to_owned(), json!(value)));
        (price.model, Value::Object(fields.collect()))
    });
    Value::Object(models.collect::<Map<String, Value>>())
}
