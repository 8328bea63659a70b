//! What is asked for: the form, parsed.

use super::Dialect;
use crate::error::FieldProblem;
use crate::i18n::exports as words;
use crate::inspect::filter::{self, Filter, FilterInput};
use crate::inspect::masks::{self, Visibility};

/// The file's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Canonical Extended JSON, one document per line.
    JsonLines,
    /// Comma- or semicolon-separated values.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Shape {
    /// All of them, as offered.
    pub const ALL: [Self; 3] = [Self::Xlsx, Self::Csv, Self::JsonLines];

    /// The stored code, which is also the file's extension.
    pub fn code(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The shape with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.code() == code)
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::JsonLines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// An export that may be made.
#[derive(Clone, Debug)]
pub struct Request {
    /// The database.
    pub database: String,
    /// The collection or view.
    pub collection: String,
    /// The file's shape.
    pub shape: Shape,
    /// For CSV.
    pub dialect: Dialect,
    /// Which documents.
    pub filter: Filter,
    /// Chosen paths; empty for everything.
    pub columns: Vec<String>,
    /// Why personal values are included; none when they stay masked.
    pub reason: Option<String>,
}

impl Request {
    /// Paths that may be chosen.
    const MOST_COLUMNS: usize = 200;
    /// Characters of a reason.
    const REASON: std::ops::RangeInclusive<usize> = 10..=300;

    /// Reads the form's pairs, or says everything that is wrong with them.
    pub fn parse(database: &str, collection: &str, pairs: &[(String, String)]) -> Result<Self, Vec<FieldProblem>> {
        let typed = |name: &str| pairs.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let mut problems = Vec::new();
        let shape = Shape::parse(typed("format"));
        if shape.is_none() {
            problems.push(FieldProblem::new("format", words::CHOOSE_FORMAT));
        }
        let dialect = Dialect::parse(typed("separator"));
        if dialect.is_none() {
            problems.push(FieldProblem::new("separator", words::CHOOSE_SEPARATOR));
        }
        let columns = columns(collection, typed("columns"));
        if let Err(message) = &columns {
            problems.push(FieldProblem::new("columns", message));
        }
        let reason = match typed("include_personal") {
            "" => None,
            _ if Self::REASON.contains(&typed("reason").chars().count()) => Some(typed("reason").to_owned()),
            _ => {
                problems.push(FieldProblem::new(
                    "reason",
                    words::reason_length(*Self::REASON.start(), *Self::REASON.end()),
                ));
                None
            }
        };
        let input = FilterInput::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let filter = filter::compile(collection, &input);
        match (filter, shape, dialect, columns) {
            (Ok(filter), Some(shape), Some(dialect), Ok(columns)) if problems.is_empty() => Ok(Self {
                database: database.into(),
                collection: collection.into(),
                shape,
                dialect,
                filter,
                columns,
                reason,
            }),
            (filter, ..) => {
                problems.extend(filter.err().unwrap_or_default());
                Err(problems)
            }
        }
    }
}

/// Chosen paths: one per line or separated by commas, each once, none secret, none inside another.
fn columns(collection: &str, typed: &str) -> Result<Vec<String>, String> {
    let mut columns: Vec<String> = Vec::new();
    for path in typed.split(['\n', ',']).map(str::trim).filter(|path| !path.is_empty()) {
        if path.starts_with('$') || path.split('.').any(str::is_empty) || path.contains('\0') {
            return Err(words::bad_column(path));
        }
        if masks::of_path(collection, path) == Visibility::Secret {
            return Err(words::secret_column(path));
        }
        if columns.iter().any(|column| column == path) {
            continue;
        }
        let inside = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        if let Some(other) = columns.iter().find(|other| inside(other, path) || inside(path, other)) {
            return Err(words::overlapping_columns(path, other));
        }
        columns.push(path.to_owned());
    }
    if columns.len() > Request::MOST_COLUMNS {
        return Err(words::too_many_columns(Request::MOST_COLUMNS));
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<Request, Vec<String>> {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Request::parse("legacy", "users", &pairs)
            .map_err(|problems| problems.into_iter().map(|problem| problem.field).collect())
    }

    #[test]
    fn a_form_says_everything_that_is_wrong() {
        let problems = parse(&[
            ("format", "doc"),
            ("separator", "tab"),
            ("columns", "email, password"),
            ("include_personal", "on"),
            ("reason", "porque"),
            ("raw", "{"),
        ]);
        assert_eq!(problems.unwrap_err(), ["format", "separator", "columns", "reason", "raw"]);
    }

    #[test]
    fn columns_are_paths_that_may_be_seen() {
        let columns = |typed| parse(&[("format", "csv"), ("columns", typed)]).map(|request| request.columns);
        assert_eq!(columns("_id, email\n role\r\nemail").unwrap(), ["_id", "email", "role"]);
        for bad in ["mfa_secret", "raw.password.x", "a, a.b", "a.b, a", "$where", "a..b"] {
            assert_eq!(columns(bad).unwrap_err(), ["columns"], "{bad}");
        }
        assert!(columns("").unwrap().is_empty());
    }

    #[test]
    fn personal_values_need_a_reason() {
        let asked = |reason| parse(&[("format", "jsonl"), ("include_personal", "on"), ("reason", reason)]);
        assert_eq!(asked("").unwrap_err(), ["reason"]);
        assert_eq!(asked("Pedido de la escribanía").unwrap().reason.as_deref(), Some("Pedido de la escribanía"));
        assert_eq!(parse(&[("format", "jsonl"), ("reason", "Pedido de la escribanía")]).unwrap().reason, None);
    }
}
