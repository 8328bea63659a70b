//! One condition of the builder: what its operator, type and value mean to the server.

use bson::{Bson, Document, doc};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use super::input::Condition;
use crate::i18n::{filters as words, format};

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Different, or absent.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// The field is there, null included.
    Exists,
    /// The field isn't there.
    Missing,
    /// Contains the text, whatever the case.
    Contains,
    /// Begins with the text.
    Starts,
    /// One of the listed values.
    In,
    /// Is stored as this type.
    Type,
}

impl Operator {
    /// Every operator, as offered.
    pub const ALL: [Self; 12] = [
        Self::Eq,
        Self::Ne,
        Self::Contains,
        Self::Starts,
        Self::Lt,
        Self::Lte,
        Self::Gt,
        Self::Gte,
        Self::In,
        Self::Exists,
        Self::Missing,
        Self::Type,
    ];

    /// The code used in URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Exists => "exists",
            Self::Missing => "missing",
            Self::Contains => "contains",
            Self::Starts => "starts",
            Self::In => "in",
            Self::Type => "type",
        }
    }

    /// The operator with this code; nothing typed means equal.
    pub fn parse(code: &str) -> Option<Self> {
        if code.is_empty() { Some(Self::Eq) } else { Self::ALL.into_iter().find(|op| op.code() == code) }
    }

    /// Whether it asks for a value.
    pub fn takes_value(self) -> bool {
        !matches!(self, Self::Exists | Self::Missing)
    }
}

/// How a typed value is read.
///
/// Numbers have one kind: the server compares int32, int64, double and decimal by value. To look for one stored type, use
/// the type operator or canonical JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number of any stored type.
    Number,
    /// Yes or no.
    Bool,
    /// An instant or a day in Asunción; finds dates stored as dates and as ISO texts.
    Date,
    /// An ObjectId.
    Id,
    /// Null, present.
    Null,
    /// Any value as Extended JSON.
    Json,
}

impl Kind {
    /// Every kind, as offered.
    pub const ALL: [Self; 7] = [Self::Text, Self::Number, Self::Date, Self::Bool, Self::Id, Self::Null, Self::Json];

    /// The code used in URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Date => "date",
            Self::Id => "oid",
            Self::Null => "null",
            Self::Json => "json",
        }
    }

    /// The kind with this code; nothing typed means text.
    pub fn parse(code: &str) -> Option<Self> {
        if code.is_empty() { Some(Self::Text) } else { Self::ALL.into_iter().find(|kind| kind.code() == code) }
    }
}

/// The form field's name for one row.
pub(super) fn field_name(name: &str, at: usize) -> String {
    format!("{name}.{at}")
}

type Problem = (&'static str, String);

/// The server's document for one condition, or which part of the row is wrong and why.
pub(super) fn compile(condition: &Condition) -> Result<Document, Problem> {
    let field = condition.field.as_str();
    if field.starts_with('$') || field.contains('\0') || field.split('.').any(str::is_empty) {
        return Err(("field", words::bad_field(field)));
    }
    let op = Operator::parse(&condition.op).ok_or_else(|| ("op", words::BAD_OPERATOR.to_owned()))?;
    let kind = Kind::parse(&condition.kind).ok_or_else(|| ("type", words::BAD_KIND.to_owned()))?;
    let value = condition.value.as_str();
    let single = |wanted: &str, value: Bson| Ok(doc! { field: { wanted: value } });
    match op {
        Operator::Exists => single("$exists", true.into()),
        Operator::Missing => single("$exists", false.into()),
        Operator::Type => {
            single("$type", stored_type(value).ok_or_else(|| ("value", words::BAD_TYPE.to_owned()))?.into())
        }
        Operator::Contains | Operator::Starts => {
            let text = value.trim();
            if text.is_empty() {
                return Err(("value", words::EMPTY_TEXT.into()));
            }
            let escaped = escape(text);
            Ok(if op == Operator::Contains {
                doc! { field: { "$regex": escaped, "$options": "i" } }
            } else {
                doc! { field: { "$regex": format!("^{escaped}") } }
            })
        }
        Operator::In => {
            let values: Vec<Bson> = listed(kind, value)?;
            if values.is_empty() {
                return Err(("value", words::EMPTY_LIST.into()));
            }
            single("$in", values.into())
        }
        Operator::Eq | Operator::Ne | Operator::Lt | Operator::Lte | Operator::Gt | Operator::Gte => {
            compare(field, op, kind, value)
        }
    }
}

fn compare(field: &str, op: Operator, kind: Kind, value: &str) -> Result<Document, Problem> {
    let wanted = match op {
        Operator::Ne => "$ne",
        Operator::Lt => "$lt",
        Operator::Lte => "$lte",
        Operator::Gt => "$gt",
        Operator::Gte => "$gte",
        _ => "$eq",
    };
    match kind {
        Kind::Date => {
            let span = Span::parse(value).ok_or_else(|| ("value", words::BAD_DATE.to_owned()))?;
            Ok(span.compare(field, op))
        }
        Kind::Null => match op {
            Operator::Eq => Ok(doc! { field: { "$type": "null" } }),
            Operator::Ne => Ok(doc! { field: { "$not": { "$type": "null" } } }),
            _ => Err(("op", words::NULL_IS_NOT_ORDERED.into())),
        },
        _ => Ok(doc! { field: { wanted: typed(kind, value)? } }),
    }
}

/// One value of a kind.
fn typed(kind: Kind, value: &str) -> Result<Bson, Problem> {
    let trimmed = value.trim();
    match kind {
        Kind::Text => Ok(Bson::String(value.into())),
        Kind::Number => number(trimmed).map_err(|message| ("value", message)),
        Kind::Bool => match trimmed.to_lowercase().as_str() {
            "true" | "sí" | "si" | "1" | "verdadero" => Ok(Bson::Boolean(true)),
            "false" | "no" | "0" | "falso" => Ok(Bson::Boolean(false)),
            _ => Err(("value", words::BAD_BOOL.into())),
        },
        Kind::Date => Span::parse(trimmed)
            .map(|span| Bson::DateTime(bson::DateTime::from_millis(span.from.as_millisecond())))
            .ok_or_else(|| ("value", words::BAD_DATE.into())),
        Kind::Id => {
            bson::oid::ObjectId::parse_str(trimmed).map(Bson::ObjectId).map_err(|_| ("value", words::BAD_ID.into()))
        }
        Kind::Null => Ok(Bson::Null),
        Kind::Json => {
            let json: serde_json::Value = serde_json::from_str(trimmed)
                .map_err(|error| ("value", words::not_json(error.line(), error.column())))?;
            Bson::try_from(json).map_err(|_| ("value", words::NOT_EXTENDED_JSON.into()))
        }
    }
}

/// A list: a JSON array, or values separated by semicolons, or by commas when there is no semicolon.
fn listed(kind: Kind, value: &str) -> Result<Vec<Bson>, Problem> {
    if kind == Kind::Json {
        return match typed(kind, value)? {
            Bson::Array(items) => Ok(items),
            other => Ok(vec![other]),
        };
    }
    let separator = if value.contains(';') { ';' } else { ',' };
    value.split(separator).map(str::trim).filter(|item| !item.is_empty()).map(|item| typed(kind, item)).collect()
}

/// A number as people here write it: a comma or a point before the decimals, no separators of thousands.
fn number(text: &str) -> Result<Bson, String> {
    let groups: Vec<&str> = text.trim_start_matches('-').split('.').collect();
    let thousands = groups.len() > 1 && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    if thousands || (text.contains('.') && text.contains(',')) {
        return Err(words::thousands(&text.replace('.', "")));
    }
    let plain = text.replace(',', ".");
    if plain.is_empty()
        || !plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'))
    {
        return Err(words::BAD_NUMBER.into());
    }
    if let Ok(whole) = plain.parse::<i64>() {
        return Ok(i32::try_from(whole).map_or(Bson::Int64(whole), Bson::Int32));
    }
    if plain.bytes().filter(u8::is_ascii_digit).count() > 15 {
        return plain.parse::<bson::Decimal128>().map(Bson::Decimal128).map_err(|_| words::BAD_NUMBER.into());
    }
    plain.parse::<f64>().map(Bson::Double).map_err(|_| words::BAD_NUMBER.into())
}

/// Text as a pattern that means just that text.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// The server's name of a stored type, from its own name or ours.
fn stored_type(name: &str) -> Option<&'static str> {
    const OWN: [&str; 20] = [
        "double",
        "string",
        "object",
        "array",
        "binData",
        "undefined",
        "objectId",
        "bool",
        "date",
        "null",
        "regex",
        "dbPointer",
        "javascript",
        "symbol",
        "int",
        "timestamp",
        "long",
        "decimal",
        "minKey",
        "maxKey",
    ];
    let name = name.trim().to_lowercase();
    OWN.into_iter().find(|own| own.to_lowercase() == name).or(match name.as_str() {
        "number" => Some("number"),
        "int32" => Some("int"),
        "int64" => Some("long"),
        "binary" => Some("binData"),
        other => words::stored_type(other),
    })
}

/// A stretch of time: a day, a minute, a second or an instant, and the same days without an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    from: Timestamp,
    /// The first instant after it.
    to: Timestamp,
    /// The day, when a whole day was typed.
    day: Option<Date>,
}

impl Span {
    /// `31/01/2026`, `2026-01-31`, either with an hour, or an exact instant with its zone.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(Self { from: instant, to: instant.checked_add(1.millisecond()).ok()?, day: None });
        }
        let zone = format::time_zone();
        for format in ["%d/%m/%Y", "%Y-%m-%d"] {
            if let Ok(day) = Date::strptime(format, text) {
                let from = day.to_zoned(zone.clone()).ok()?.timestamp();
                let to = day.tomorrow().ok()?.to_zoned(zone).ok()?.timestamp();
                return Some(Self { from, to, day: Some(day) });
            }
        }
        for (format, length) in [
            ("%d/%m/%Y %H:%M", 1.minute()),
            ("%Y-%m-%dT%H:%M", 1.minute()),
            ("%Y-%m-%d %H:%M", 1.minute()),
            ("%d/%m/%Y %H:%M:%S", 1.second()),
            ("%Y-%m-%dT%H:%M:%S", 1.second()),
            ("%Y-%m-%d %H:%M:%S", 1.second()),
        ] {
            if let Ok(at) = DateTime::strptime(format, text) {
                let from = at.to_zoned(zone.clone()).ok()?.timestamp();
                return Some(Self { from, to: from.checked_add(length).ok()?, day: None });
            }
        }
        None
    }

    /// The comparison, for dates stored as dates, as ISO texts in UTC and, for whole days, as texts of a day.
    fn compare(self, field: &str, op: Operator) -> Document {
        let (at_least, below) = match op {
            Operator::Lt => (None, Some(false)),
            Operator::Lte => (None, Some(true)),
            Operator::Gt => (Some(true), None),
            Operator::Gte => (Some(false), None),
            _ => (Some(false), Some(true)),
        };
        let bounds = |pick: &dyn Fn(bool) -> Bson, mut bounds: Document| {
            if let Some(after) = at_least {
                bounds.insert("$gte", pick(after));
            }
            if let Some(after) = below {
                bounds.insert("$lt", pick(after));
            }
            bounds
        };
        let instant = |after: bool| if after { self.to } else { self.from };
        let as_date =
            bounds(&|after| bson::DateTime::from_millis(instant(after).as_millisecond()).into(), Document::new());
        let as_text = bounds(
            &|after| instant(after).strftime("%Y-%m-%dT%H:%M:%S").to_string().into(),
            doc! { "$regex": "^\\d{4}-\\d{2}-\\d{2}T" },
        );
        let mut ways = vec![doc! { field: as_date }, doc! { field: as_text }];
        if let Some(day) = self.day {
            let day_text = |after: bool| if after { day.tomorrow().unwrap_or(day) } else { day }.to_string().into();
            ways.push(doc! { field: bounds(&day_text, doc! { "$regex": "^\\d{4}-\\d{2}-\\d{2}$" }) });
        }
        doc! { if op == Operator::Ne { "$nor" } else { "$or" }: ways }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_asuncion() {
        let span = Span::parse("31/01/2026").unwrap();
        assert_eq!(span.from.to_string(), "2026-01-31T03:00:00Z");
        assert_eq!(span.to.to_string(), "2026-02-01T03:00:00Z");
        assert_eq!(Span::parse("2026-01-31"), Some(span));
        let minute = Span::parse("31/01/2026 18:30").unwrap();
        assert_eq!(minute.from.to_string(), "2026-01-31T21:30:00Z");
        assert_eq!(minute.to.to_string(), "2026-01-31T21:31:00Z");
        assert_eq!(Span::parse("2026-01-31T18:30:00Z").unwrap().from.to_string(), "2026-01-31T18:30:00Z");
        for bad in ["", "ayer", "31/02/2026", "2026-13-01", "31/01/2026 25:00"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(number("12"), Ok(Bson::Int32(12)));
        assert_eq!(number("-3000000000"), Ok(Bson::Int64(-3_000_000_000)));
        assert_eq!(number("12,5"), Ok(Bson::Double(12.5)));
        assert_eq!(number("12.5"), Ok(Bson::Double(12.5)));
        assert!(matches!(number("0,12345678901234567890"), Ok(Bson::Decimal128(_))));
        assert!(number("1.234").is_err(), "a point before three digits could mean either");
        assert!(number("1.234,5").is_err());
        assert!(number("doce").is_err() && number("").is_err() && number("NaN").is_err());
    }

    #[test]
    fn texts_are_data_in_a_pattern() {
        assert_eq!(escape("a.b*(c)"), "a\\.b\\*\\(c\\)");
        assert_eq!(escape("ñandú 5"), "ñandú 5");
    }

    #[test]
    fn stored_types_have_their_names_and_ours() {
        assert_eq!(stored_type("objectid"), Some("objectId"));
        assert_eq!(stored_type("Int64"), Some("long"));
        assert_eq!(stored_type("texto"), Some("string"));
        assert_eq!(stored_type("cosa"), None);
    }
}
