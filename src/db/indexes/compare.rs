//! Comparing declared with live indexes, by name and both ways.

use bson::{Bson, Document};
use mongodb::error::Error;

use super::{Declared, code};
use crate::i18n;

/// Properties the server adds by itself and that change nothing about what the index does.
const IGNORED: [&str; 4] = ["v", "ns", "background", "name"];

/// One thing noticed about the collections and indexes of the live database. Displays as a sentence for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexFinding {
    /// Was missing and has just been created.
    Created { collection: &'static str, index: &'static str },
    /// Is declared and isn't there; with a reason when creating it failed.
    Missing { collection: &'static str, index: &'static str, reason: Option<MissingReason> },
    /// Is there and isn't declared.
    Extra { collection: &'static str, index: String },
    /// Has the declared name but is something else; `property` is the first one that differs.
    Differs { collection: &'static str, index: &'static str, property: String },
    /// A collection nobody declared.
    Undeclared { collection: String },
}

impl IndexFinding {
    /// Whether the program can rely on its declarations all the same.
    pub fn is_harmless(&self) -> bool {
        matches!(self, Self::Created { .. } | Self::Extra { .. } | Self::Undeclared { .. })
    }
}

impl std::fmt::Display for IndexFinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&match self {
            Self::Created { collection, index } => i18n::db::index_created(collection, index),
            Self::Missing { collection, index, reason: Some(reason) } => {
                i18n::db::index_missing(collection, index, &reason.to_string())
            }
            Self::Missing { collection, index, reason: None } => i18n::db::index_absent(collection, index),
            Self::Extra { collection, index } => i18n::db::index_extra(collection, index),
            Self::Differs { collection, index, property } => i18n::db::index_differs(collection, index, property),
            Self::Undeclared { collection } => i18n::db::collection_undeclared(collection),
        })
    }
}

/// Why an index couldn't be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingReason {
    Duplicates,
    SameKeys,
    TooSlow,
    Server { code: i32, name: String },
    Other,
}

impl MissingReason {
    pub(super) fn of(error: &Error) -> Self {
        match (code(error), error.kind.as_ref()) {
            (Some(11000), _) => Self::Duplicates,
            (Some(85 | 86), _) => Self::SameKeys,
            (Some(50), _) => Self::TooSlow,
            (Some(code), mongodb::error::ErrorKind::Command(e)) => Self::Server { code, name: e.code_name.clone() },
            _ => Self::Other,
        }
    }
}

impl std::fmt::Display for MissingReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Duplicates => f.write_str(i18n::db::REASON_DUPLICATES),
            Self::SameKeys => f.write_str(i18n::db::REASON_SAME_KEYS),
            Self::TooSlow => f.write_str(i18n::db::REASON_TOO_SLOW),
            Self::Server { code, name } => f.write_str(&i18n::db::reason_server(*code, name)),
            Self::Other => f.write_str(i18n::db::REASON_OTHER),
        }
    }
}

/// The findings of one collection; `live` is what `listIndexes` returned.
pub(super) fn compare(declared: &Declared, live: &[Document]) -> Vec<IndexFinding> {
    let collection = declared.collection;
    let name_of = |index: &Document| index.get_str("name").unwrap_or("?").to_owned();
    let mut findings = Vec::new();
    for spec in declared.indexes {
        let index = spec.name;
        match live.iter().find(|l| name_of(l) == index) {
            None => findings.push(IndexFinding::Missing { collection, index, reason: None }),
            Some(found) => {
                if let Some(property) = first_difference(&spec.definition(), found) {
                    findings.push(IndexFinding::Differs { collection, index, property });
                }
            }
        }
    }
    findings.extend(
        live.iter()
            .map(name_of)
            .filter(|name| name != "_id_" && !declared.indexes.iter().any(|spec| spec.name == name))
            .map(|index| IndexFinding::Extra { collection, index }),
    );
    findings
}

fn first_difference(declared: &Document, live: &Document) -> Option<String> {
    let names = declared.keys().chain(live.keys()).filter(|name| !IGNORED.contains(&name.as_str()));
    names.into_iter().find(|name| !same_property(declared.get(name), live.get(name))).cloned()
}

/// An absent flag equals `false`; numbers are equal by value whatever their type; documents are equal with their order.
fn same_property(a: Option<&Bson>, b: Option<&Bson>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        (Some(only), None) | (None, Some(only)) => only == &Bson::Boolean(false),
    }
}

fn same(a: &Bson, b: &Bson) -> bool {
    match (a, b) {
        (Bson::Document(a), Bson::Document(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((ka, va), (kb, vb))| ka == kb && same(va, vb))
        }
        (Bson::Array(a), Bson::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        },
    }
}

fn number(value: &Bson) -> Option<f64> {
    match value {
        Bson::Int32(n) => Some(f64::from(*n)),
        Bson::Int64(n) => Some(*n as f64),
        Bson::Double(n) => Some(*n),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bson::doc;

    use super::*;
    use crate::db::indexes::{Direction::*, IndexSpec};

    const DECLARED: Declared = Declared {
        collection: "people",
        indexes: &[
            IndexSpec::new("email", &[("email", Ascending)])
                .unique()
                .only_where(|| doc! { "email": { "$type": "string" } }),
            IndexSpec::new("newest", &[("actor", Ascending), ("at", Descending)]),
            IndexSpec::new("expiry", &[("expires_at", Ascending)]).expires_after(Duration::from_secs(60)),
        ],
    };

    fn live() -> Vec<Document> {
        vec![
            doc! { "v": 2, "key": { "_id": 1 }, "name": "_id_" },
            doc! { "v": 2, "key": { "email": 1.0 }, "name": "email", "unique": true, "background": true,
            "partialFilterExpression": { "email": { "$type": "string" } } },
            doc! { "v": 2, "key": { "actor": 1_i64, "at": -1 }, "name": "newest", "sparse": false },
            doc! { "v": 2, "key": { "expires_at": 1 }, "name": "expiry", "expireAfterSeconds": 60_i32 },
        ]
    }

    #[test]
    fn equal_definitions_are_no_finding() {
        assert_eq!(compare(&DECLARED, &live()), []);
    }

    #[test]
    fn missing_and_extra_are_named() {
        let mut live = live();
        live[2].insert("name", "other");
        assert_eq!(
            compare(&DECLARED, &live),
            [
                IndexFinding::Missing { collection: "people", index: "newest", reason: None },
                IndexFinding::Extra { collection: "people", index: "other".into() },
            ]
        );
    }

    #[test]
    fn every_property_that_matters_is_compared() {
        let differing: [(usize, &str, Bson); 6] = [
            (1, "unique", false.into()),
            (1, "partialFilterExpression", doc! { "email": { "$type": 2 } }.into()),
            (1, "hidden", true.into()),
            (2, "key", doc! { "at": -1, "actor": 1 }.into()),
            (2, "collation", doc! { "locale": "es" }.into()),
            (3, "expireAfterSeconds", 61.into()),
        ];
        for (at, property, value) in differing {
            let mut live = live();
            live[at].insert(property, value);
            let findings = compare(&DECLARED, &live);
            assert!(
                matches!(findings.as_slice(), [IndexFinding::Differs { property: p, .. }] if p == property),
                "{property}: {findings:?}"
            );
        }
    }
}
