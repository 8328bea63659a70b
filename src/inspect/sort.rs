//! Orders a collection can be paged in.
//!
//! A sort is the keys of one usable index, ended by `_id` so that no two documents of a collection share a place. It is
//! kept with its first part ascending; the other way round is the same sort read backwards, so both share one ladder.
//!
//! Not usable, because one document may stand in several places, in none, or in an order that isn't ours: multikey,
//! text, hashed, geo, wildcard, sparse, partial, hidden and clustered indexes and those with a collation.

use std::cmp::Ordering;

use bson::{Bson, Document};

use super::order::{Key, at_path};

/// One field of a sort.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// Dotted path.
    pub path: String,
    /// Highest first.
    pub descending: bool,
}

/// An order that gives every document of a collection its own place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    parts: Vec<Part>,
}

/// Where a document stands: one key per part.
pub type Place = Vec<Key>;

impl Sort {
    /// By `_id`, the order every collection has.
    pub fn id() -> Self {
        Self { parts: vec![Part { path: "_id".into(), descending: false }] }
    }

    /// Ends the parts at `_id`, which is added if it isn't there, and turns them so that the first ascends. The flag says
    /// whether they were turned.
    fn new(mut parts: Vec<Part>) -> (Self, bool) {
        match parts.iter().position(|part| part.path == "_id") {
            Some(at) => parts.truncate(at + 1),
            None => {
                let descending = parts.first().is_some_and(|part| part.descending);
                parts.push(Part { path: "_id".into(), descending });
            }
        }
        let turned = parts[0].descending;
        for part in &mut parts {
            part.descending ^= turned;
        }
        (Self { parts }, turned)
    }

    /// The sort an index serves, if pages can be read by it; `definition` is its entry in `listIndexes`. Whether the index
    /// is multikey is not in its definition: documents with an array on the way are noticed when they are read.
    pub fn of_index(definition: &Document) -> Option<Self> {
        const EXCLUDING: [&str; 5] = ["sparse", "partialFilterExpression", "hidden", "clustered", "collation"];
        let excluded = |name: &str| match definition.get(name) {
            None | Some(Bson::Boolean(false) | Bson::Null) => false,
            Some(Bson::Document(collation)) if name == "collation" => {
                collation.get_str("locale").ok() != Some("simple")
            }
            Some(_) => true,
        };
        if EXCLUDING.into_iter().any(excluded) {
            return None;
        }
        let mut parts = Vec::new();
        for (path, direction) in definition.get_document("key").ok()? {
            let direction = match direction {
                Bson::Int32(n) => f64::from(*n),
                Bson::Int64(n) => *n as f64,
                Bson::Double(n) => *n,
                _ => return None,
            };
            if path.contains("$**") || path.is_empty() {
                return None;
            }
            parts.push(Part { path: path.clone(), descending: direction < 0.0 });
        }
        (!parts.is_empty()).then(|| Self::new(parts).0)
    }

    /// Reads `city,-score` and says whether it is meant backwards; the trailing `_id` may be left out.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let part = |text: &str| {
            let (descending, path) = text.strip_prefix('-').map_or((false, text), |path| (true, path));
            (!path.is_empty()).then(|| Part { path: path.to_owned(), descending })
        };
        let parts: Vec<_> = text.split(',').map(part).collect::<Option<_>>()?;
        (!parts.is_empty()).then(|| Self::new(parts))
    }

    /// The text [`Sort::parse`] reads.
    pub fn name(&self, backwards: bool) -> String {
        let shown = if self.parts.len() > 1 { &self.parts[..self.parts.len() - 1] } else { &self.parts };
        let part = |part: &Part| format!("{}{}", if part.descending ^ backwards { "-" } else { "" }, part.path);
        shown.iter().map(part).collect::<Vec<_>>().join(",")
    }

    /// The parts, `_id` last.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether this is the order by `_id` alone.
    pub fn is_id(&self) -> bool {
        self.parts.len() == 1
    }

    /// The `sort` of a command.
    pub fn command(&self, backwards: bool) -> Document {
        self.parts
            .iter()
            .map(|part| (part.path.clone(), Bson::Int32(if part.descending ^ backwards { -1 } else { 1 })))
            .collect()
    }

    /// The `projection` that keeps only what the order needs. Never empty of `_id`.
    pub fn projection(&self) -> Document {
        self.parts.iter().map(|part| (part.path.clone(), Bson::Int32(1))).collect()
    }

    /// Where a document stands; `None` if an array makes it stand in several places.
    pub fn place(&self, document: &[u8]) -> Option<Place> {
        self.parts
            .iter()
            .map(|part| at_path(document, &part.path).map(|value| Key::new(value.kind, value.value)))
            .collect()
    }

    /// Which of two places comes first, read forwards.
    pub fn compare(&self, left: &[Key], right: &[Key]) -> Ordering {
        for (part, (a, b)) in self.parts.iter().zip(left.iter().zip(right)) {
            let order = a.cmp(b);
            if order != Ordering::Equal {
                return if part.descending { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use bson::doc;

    use super::*;

    #[test]
    fn names_turn_and_come_back() {
        for (text, name, backwards) in [
            ("_id", "_id", false),
            ("-_id", "_id", true),
            ("city,-score", "city,-score", false),
            ("-city,score", "city,-score", true),
            ("-at", "at", true),
        ] {
            let (sort, turned) = Sort::parse(text).unwrap();
            assert_eq!((sort.name(false), turned), (name.to_owned(), backwards));
            assert_eq!(sort.name(turned), text);
            assert_eq!(sort.parts().last().unwrap().path, "_id");
        }
        assert_eq!(Sort::parse("-at").unwrap().0.command(true), doc! { "at": -1, "_id": -1 });
        assert_eq!(Sort::parse(""), None);
        assert_eq!(Sort::parse("a,-"), None);
    }

    #[test]
    fn only_indexes_with_one_place_per_document_are_offered() {
        let sort = |definition| Sort::of_index(&definition).map(|sort| sort.name(false));
        assert_eq!(sort(doc! { "key": { "_id": 1 } }), Some("_id".into()));
        assert_eq!(sort(doc! { "key": { "a": -1, "b": 1 }, "unique": true }), Some("a,-b".into()));
        assert_eq!(sort(doc! { "key": { "a": 1, "_id": -1, "b": 1 } }), Some("a".into()));
        assert_eq!(
            sort(doc! { "key": { "a": 1.0 }, "hidden": false, "collation": { "locale": "simple" } }),
            Some("a".into())
        );
        for refused in [
            doc! { "key": { "a": "hashed" } },
            doc! { "key": { "_fts": "text", "_ftsx": 1 } },
            doc! { "key": { "p": "2dsphere" } },
            doc! { "key": { "$**": 1 } },
            doc! { "key": { "a.$**": 1 } },
            doc! { "key": { "a": 1 }, "sparse": true },
            doc! { "key": { "a": 1 }, "partialFilterExpression": {} },
            doc! { "key": { "a": 1 }, "hidden": true },
            doc! { "key": { "_id": 1 }, "clustered": true },
            doc! { "key": { "a": 1 }, "collation": { "locale": "es" } },
            doc! { "key": {} },
        ] {
            assert_eq!(sort(refused.clone()), None, "{refused}");
        }
    }
}
