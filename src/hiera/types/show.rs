//! A type as Puppet writes it.

use super::spec::{Kind, Range, TypeSpec};
use std::fmt::{self, Display};

impl Display for TypeSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, arguments): (&str, Vec<String>) = match &self.0 {
            Kind::Any => ("Any", Vec::new()),
            Kind::Undef => ("Undef", Vec::new()),
            Kind::NotUndef(inner) => ("NotUndef", shown(inner.as_deref())),
            Kind::Optional(inner) => ("Optional", shown(inner.as_deref())),
            Kind::Variant(types) => ("Variant", shown(types)),
            Kind::Boolean(value) => ("Boolean", shown(value)),
            Kind::Integer(range) => ("Integer", bounds(range)),
            Kind::Float(range) => ("Float", bounds(range)),
            Kind::Numeric => ("Numeric", Vec::new()),
            Kind::String(size) => ("String", bounds(size)),
            Kind::Enum { words, any_case } => {
                let mut arguments: Vec<String> =
                    words.iter().map(|word| format!("'{word}'")).collect();
                arguments.extend(any_case.then(|| "true".to_owned()));
                ("Enum", arguments)
            }
            Kind::Pattern(patterns) => {
                let shown = patterns.iter().map(|pattern| format!("/{}/", pattern.source()));
                ("Pattern", shown.collect())
            }
            Kind::Array { element, size } => {
                let mut arguments = shown(element.as_deref());
                arguments.extend(bounds(size));
                ("Array", arguments)
            }
            Kind::Hash { entry, size } => {
                let mut arguments = match entry.as_deref() {
                    Some((key, value)) => shown([key, value]),
                    None => Vec::new(),
                };
                arguments.extend(bounds(size));
                ("Hash", arguments)
            }
            Kind::Tuple { elements, size } => {
                let mut arguments = shown(elements);
                arguments.extend(size.iter().flat_map(bounds));
                ("Tuple", arguments)
            }
            Kind::Struct(fields) => {
                let fields = fields.iter().map(|field| {
                    let name = format!("'{}'", field.name);
                    let implied = field.value.takes_undef();
                    let key = match (field.optional, implied) {
                        (true, false) => format!("Optional[{name}]"),
                        (false, true) => format!("NotUndef[{name}]"),
                        _ => name,
                    };
                    format!("{key} => {}", field.value)
                });
                let fields: Vec<String> = fields.collect();
                let arguments = if fields.is_empty() {
                    fields
                } else {
                    vec![format!("{{{}}}", fields.join(", "))]
                };
                ("Struct", arguments)
            }
            Kind::Collection(size) => ("Collection", bounds(size)),
            Kind::Iterable(inner) => ("Iterable", shown(inner.as_deref())),
            Kind::Scalar => ("Scalar", Vec::new()),
            Kind::ScalarData => ("ScalarData", Vec::new()),
            Kind::Data => ("Data", Vec::new()),
            Kind::RichData => ("RichData", Vec::new()),
            Kind::Sensitive(inner) => ("Sensitive", shown(inner.as_deref())),
            Kind::Timespan(range) => ("Timespan", bounds(range)),
            Kind::Timestamp(range) => ("Timestamp", bounds(range)),
            Kind::SemVer(ranges) => {
                ("SemVer", ranges.iter().map(|range| format!("'{range}'")).collect())
            }
            Kind::Regexp => ("Regexp", Vec::new()),
            Kind::Init(inner) => ("Init", shown(inner.as_deref())),
            Kind::Foreign(name) => (*name, Vec::new()),
            Kind::Unknown(name) => (name.as_str(), Vec::new()),
        };
        f.write_str(name)?;
        if arguments.is_empty() { Ok(()) } else { write!(f, "[{}]", arguments.join(", ")) }
    }
}

fn shown<T: Display>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

fn bounds<T: Display>(range: &Range<T>) -> Vec<String> {
    let bound = |bound: &Option<T>| {
        bound.as_ref().map_or_else(|| "default".to_owned(), ToString::to_string)
    };
    match range {
        Range { from: None, to: None } => Vec::new(),
        Range { from, to: None } => vec![bound(from)],
        Range { from, to } => vec![bound(from), bound(to)],
    }
}
