//! When are two definitions the same? Indexes are compared by name and not by place; `ns`, `background` and `v` are not
//! part of a definition; everything else is, known to us or not. There is deliberately no list of properties to look at:
//! such a list loses the ones it forgets.

use std::fmt;

use super::definition::{Definition, Kind, index_name};
use super::extjson::from_raw;
use super::raw::{Builder, Element, elements, kind};

/// Index fields that say how or where an index was built, not what it is.
const NOT_DEFINITION: [&str; 3] = ["v", "ns", "background"];
/// Options the server keeps for itself.
const NOT_OPTIONS: [&str; 2] = ["autoIndexId", "recordIdsReplicated"];
/// Index switches that older servers stored as false, 0 or 1.0.
const SWITCHES: [&str; 4] = ["unique", "sparse", "hidden", "prepareUnique"];

/// One difference: which part, what the source says, what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `options.size`, `index a_1`, …
    pub part: String,
    /// The source's side, as Extended JSON; `None` if it has none.
    pub expected: Option<String>,
    /// The other side.
    pub found: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "—".into());
        write!(f, "{}: {} ≠ {}", self.part, side(&self.expected), side(&self.found))
    }
}

/// Which definitions to leave out of a comparison because they come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Everything must be there.
    Included,
    /// TTL indexes and `expireAfterSeconds` are created after the data is verified.
    Pending,
}

/// Compares options and indexes of `expected` (the source) with what a server lists.
pub fn differences(expected: &Definition, options: &[u8], indexes: &[Vec<u8>], expiry: Expiry) -> Vec<Difference> {
    let mut found = Vec::new();
    compare_options(expected, options, expiry, &mut found);
    if expected.kind != Kind::View {
        // A dump without metadata says nothing about indexes: the default is `_id_` alone.
        if let Some(wanted) = &expected.indexes {
            compare_indexes(wanted, indexes, expiry, &mut found);
        }
    }
    found
}

/// Whether an index deletes documents by itself.
pub fn is_ttl(index: &[u8]) -> bool {
    elements(index).map_while(Result::ok).any(|element| element.key == b"expireAfterSeconds")
}

fn compare_options(expected: &Definition, found: &[u8], expiry: Expiry, out: &mut Vec<Difference>) {
    let skip = |name: &str| NOT_OPTIONS.contains(&name) || (expiry == Expiry::Pending && name == "expireAfterSeconds");
    let left = members(&expected.options);
    let right = members(found);
    for (name, element) in left.iter().filter(|(name, _)| !skip(name)) {
        let other = right.iter().find(|(other, _)| other == name).map(|(_, other)| other);
        if !other.is_some_and(|other| same(element, other)) {
            let found = other.map(shown);
            out.push(Difference { part: format!("options.{name}"), expected: Some(shown(element)), found });
        }
    }
    for (name, element) in right.iter().filter(|(name, _)| !skip(name)) {
        if !left.iter().any(|(other, _)| other == name) {
            out.push(Difference { part: format!("options.{name}"), expected: None, found: Some(shown(element)) });
        }
    }
}

fn compare_indexes(wanted: &[Vec<u8>], found: &[Vec<u8>], expiry: Expiry, out: &mut Vec<Difference>) {
    let pending = |index: &[u8]| expiry == Expiry::Pending && is_ttl(index);
    for index in wanted.iter().filter(|index| !pending(index)) {
        let name = index_name(index).unwrap_or_default();
        let other = found.iter().find(|other| index_name(other) == Some(name));
        if !other.is_some_and(|other| same_index(index, other)) {
            let (expected, found) = (document_shown(index), other.map(|other| document_shown(other)));
            out.push(Difference { part: format!("index {name}"), expected: Some(expected), found });
        }
    }
    for index in found {
        let name = index_name(index).unwrap_or_default();
        if !wanted.iter().any(|other| index_name(other) == Some(name)) {
            let found = Some(document_shown(index));
            out.push(Difference { part: format!("index {name}"), expected: None, found });
        }
    }
}

fn members(document: &[u8]) -> Vec<(String, Element<'_>)> {
    elements(document)
        .map_while(Result::ok)
        .map(|element| (String::from_utf8_lossy(element.key).into_owned(), element))
        .collect()
}

/// The members that make up an index's definition, by name.
fn index_members(index: &[u8]) -> Vec<(String, Element<'_>)> {
    let mut kept: Vec<_> = members(index)
        .into_iter()
        .filter(|(name, element)| {
            let off = element.as_bool().map_or_else(|| element.as_i64() == Some(0), |on| !on);
            !(NOT_DEFINITION.contains(&name.as_str()) || (SWITCHES.contains(&name.as_str()) && off))
        })
        .collect();
    kept.sort_by(|(a, _), (b, _)| a.cmp(b));
    kept
}

fn same_index(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (index_members(a), index_members(b));
    a.len() == b.len()
        && a.iter()
            .zip(&b)
            .all(|((name, x), (other, y))| name == other && (SWITCHES.contains(&name.as_str()) || same(x, y)))
}

/// Equal values: numbers by value whatever their type, documents member by member in order, the rest by bytes.
fn same(a: &Element<'_>, b: &Element<'_>) -> bool {
    if a.kind == b.kind && a.value == b.value {
        return true;
    }
    match (a.kind, b.kind) {
        (kind::DOCUMENT, kind::DOCUMENT) | (kind::ARRAY, kind::ARRAY) => {
            let (mut left, mut right) = (elements(a.value), elements(b.value));
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some(Ok(x)), Some(Ok(y))) if x.key == y.key && same(&x, &y) => {}
                    _ => return false,
                }
            }
        }
        _ => a.as_i64().is_some_and(|number| b.as_i64() == Some(number)),
    }
}

fn shown(element: &Element<'_>) -> String {
    let document = {
        let mut builder = Builder::new();
        builder.raw(element.kind, b"", element.value);
        builder.finish()
    };
    let text = document_shown(&document);
    text.strip_prefix("{\"\":").and_then(|text| text.strip_suffix('}')).map_or(text.clone(), str::to_owned)
}

fn document_shown(document: &[u8]) -> String {
    from_raw(document).unwrap_or_else(|_| hex::encode(document))
}

#[cfg(test)]
mod tests {
    use super::super::extjson::to_raw;
    use super::*;

    fn definition(options: &str, indexes: &[&str]) -> Definition {
        let metadata = format!(r#"{{"options":{options},"indexes":[{}]}}"#, indexes.join(","));
        Definition::parse("d", "c", &metadata, None).unwrap()
    }

    fn parts(expected: &Definition, found: &Definition, expiry: Expiry) -> Vec<String> {
        let indexes = found.indexes.clone().unwrap();
        differences(expected, &found.options, &indexes, expiry).into_iter().map(|d| d.part).collect()
    }

    #[test]
    fn place_version_and_number_type_are_not_meaning() {
        let a = definition(
            r#"{"capped":true,"size":{"$numberInt":"4096"}}"#,
            &[
                r#"{"v":1,"key":{"a":1.0},"name":"a_1","ns":"d.c","background":true,"sparse":false}"#,
                r#"{"key":{"_id":1},"name":"_id_"}"#,
            ],
        );
        let b = definition(
            r#"{"size":{"$numberLong":"4096"},"capped":true}"#,
            &[r#"{"v":2,"key":{"_id":1},"name":"_id_"}"#, r#"{"v":2,"key":{"a":1},"name":"a_1"}"#],
        );
        assert_eq!(parts(&a, &b, Expiry::Included), Vec::<String>::new());
        assert_eq!(parts(&b, &a, Expiry::Included), Vec::<String>::new());
    }

    #[test]
    fn every_property_counts_known_or_not() {
        for property in [
            r#""hidden":true"#,
            r#""unique":true"#,
            r#""sparse":1"#,
            r#""prepareUnique":true"#,
            r#""expireAfterSeconds":0"#,
            r#""partialFilterExpression":{"a":1}"#,
            r#""collation":{"locale":"es"}"#,
            r#""weights":{"a":1}"#,
            r#""wildcardProjection":{"a":1}"#,
            r#""2dsphereIndexVersion":3"#,
            r#""textIndexVersion":3"#,
            r#""somethingNew":1"#,
        ] {
            let plain = definition("{}", &[r#"{"key":{"a":1},"name":"a_1"}"#]);
            let with = definition("{}", &[&format!(r#"{{"key":{{"a":1}},"name":"a_1",{property}}}"#)]);
            assert_eq!(parts(&with, &plain, Expiry::Included), ["index a_1"], "{property}");
            assert_eq!(parts(&plain, &with, Expiry::Included), ["index a_1"], "{property}");
        }
    }

    #[test]
    fn key_and_pipeline_order_are_meaning() {
        let a = definition(r#"{"validator":{"a":1,"b":1}}"#, &[r#"{"key":{"a":1,"b":1},"name":"x"}"#]);
        let b = definition(r#"{"validator":{"b":1,"a":1}}"#, &[r#"{"key":{"b":1,"a":1},"name":"x"}"#]);
        assert_eq!(parts(&a, &b, Expiry::Included), ["options.validator", "index x"]);
    }

    #[test]
    fn lost_and_added_definitions_are_both_named() {
        let a = definition(r#"{"collation":{"locale":"es"}}"#, &[r#"{"key":{"a":1},"name":"a_1"}"#]);
        let b = definition(r#"{"validator":{}}"#, &[r#"{"key":{"b":1},"name":"b_1"}"#]);
        assert_eq!(
            parts(&a, &b, Expiry::Included),
            ["options.collation", "options.validator", "index a_1", "index b_1"]
        );
    }

    #[test]
    fn pending_expiry_is_left_for_later_but_never_added() {
        let a = definition(
            r#"{"expireAfterSeconds":{"$numberLong":"60"}}"#,
            &[r#"{"key":{"t":1},"name":"t_1","expireAfterSeconds":60}"#],
        );
        let none = Definition { indexes: Some(vec![]), options: to_raw("{}").unwrap(), ..a.clone() };
        assert_eq!(parts(&a, &none, Expiry::Pending), Vec::<String>::new());
        assert_eq!(parts(&a, &none, Expiry::Included), ["options.expireAfterSeconds", "index t_1"]);
        assert_eq!(parts(&none, &a, Expiry::Pending), ["index t_1"]);
    }
}
