//! The fields of a collection: how often each is there, of which types, and what it holds.
//!
//! Read from the documents themselves, masked by the registry: a path that is secret or personal, or that holds a single
//! value shaped like one, shows types and presence and no value. Memory is bounded by paths and by values per path; what was
//! left out is said.

use std::collections::{BTreeMap, HashMap};

use bson::error::Error as BsonError;
use bson::{RawBsonRef, RawDocument, doc};

use super::masks::{self, Masker, Place, Visibility};
use crate::db::read_only::ReadOptions;
use crate::db::{ReadError, ReadOnlyDb};

/// Documents up to which a profile is exact without being asked.
pub const EXACT_UP_TO: i64 = 10_000;
/// Documents of a sample.
pub const SAMPLE: i32 = 1_000;
/// Distinct values up to which they are listed.
pub const LISTED_VALUES: usize = 20;
/// Paths at most.
const MOST_PATHS: usize = 2_000;
/// Characters of a listed value.
const LONGEST_VALUE: usize = 80;
/// Time for a sample, and for an exact pass that a page waits for.
const SAMPLE_TIME: std::time::Duration = std::time::Duration::from_secs(10);
const EXACT_TIME: std::time::Duration = std::time::Duration::from_secs(45);

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Documents looked at.
    pub documents: u64,
    /// Whether those are all there are.
    pub is_exact: bool,
    /// The paths, in the order they were first met.
    pub paths: Vec<PathProfile>,
    /// Whether there were more paths than are kept.
    pub is_cut: bool,
}

/// One path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathProfile {
    /// Dotted; `[]` for what stands in a list.
    pub path: String,
    /// Documents that have it.
    pub present: u64,
    /// Values by type, most frequent first.
    pub types: Vec<(&'static str, u64)>,
    /// Whether its values may be seen.
    pub visibility: Visibility,
    /// Its distinct values with how often each occurs, when they are few.
    pub values: Vec<(String, u64)>,
    /// Least and greatest number or date.
    pub range: Option<(Edge, Edge)>,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Edge {
    /// A number of any type.
    Number(f64),
    /// A date.
    Date(bson::DateTime),
}

/// Profiles a collection: a sample, or everything when it is small or `exact` is asked for.
pub async fn profile(db: &ReadOnlyDb, database: &str, collection: &str, exact: bool) -> Result<Profile, ReadError> {
    let is_small = !exact && {
        let count = doc! { "count": collection, "limit": EXACT_UP_TO + 1 };
        let reply = db.command(database, count, ReadOptions::within(SAMPLE_TIME)).await?;
        let n = reply.get("n").and_then(|n| n.as_i64().or_else(|| n.as_i32().map(i64::from)));
        n.is_some_and(|n| n <= EXACT_UP_TO)
    };
    let is_exact = exact || is_small;
    let (command, time) = if is_exact {
        (doc! { "find": collection, "filter": {} }, EXACT_TIME)
    } else {
        (doc! { "aggregate": collection, "pipeline": [{ "$sample": { "size": SAMPLE } }] }, SAMPLE_TIME)
    };
    let mut batches = db.batches(database, command, ReadOptions::within(time).batches_of(1_000)).await?;
    let mut builder = Builder::new(collection);
    while let Some(batch) = batches.next().await? {
        builder = tokio::task::spawn_blocking(move || {
            for item in batch.doc_slices()? {
                let item = item.map_err(|error| ReadError::Malformed(error.into()))?;
                if let Some(document) = item.as_document() {
                    builder.document(document).map_err(|error| ReadError::Malformed(error.into()))?;
                }
            }
            Ok::<_, ReadError>(builder)
        })
        .await
        .map_err(|error| ReadError::Malformed(error.into()))??;
    }
    Ok(builder.finish(is_exact))
}

/// Gathers documents.
pub struct Builder {
    masker: Masker,
    documents: u64,
    paths: Vec<Gathered>,
    by_place: HashMap<String, usize>,
    is_cut: bool,
}

struct Gathered {
    path: String,
    last_document: u64,
    present: u64,
    types: BTreeMap<&'static str, u64>,
    visibility: Visibility,
    /// None once there were too many, or one that may not be shown.
    values: Option<HashMap<String, u64>>,
    range: Option<(Edge, Edge)>,
}

impl Builder {
    /// For one collection.
    pub fn new(collection: &str) -> Self {
        Self {
            masker: Masker::new(collection),
            documents: 0,
            paths: Vec::new(),
            by_place: HashMap::new(),
            is_cut: false,
        }
    }

    /// Adds a document.
    pub fn document(&mut self, document: &RawDocument) -> Result<(), BsonError> {
        self.documents += 1;
        self.masker.begin();
        self.fields(document, Place::ROOT, "")
    }

    fn fields(&mut self, document: &RawDocument, at: Place, path: &str) -> Result<(), BsonError> {
        for element in document {
            let (name, value) = element?;
            // A map keyed by people is one path, not one per person.
            let name = if masks::is_personal_key(name.as_str()) { "*" } else { name.as_str() };
            let place = self.masker.child(at, name);
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            self.value(value, place, &path)?;
        }
        Ok(())
    }

    fn value(&mut self, value: RawBsonRef<'_>, place: Place, path: &str) -> Result<(), BsonError> {
        let rule = self.masker.rule(place);
        let known = match self.by_place.get(path) {
            Some(known) => *known,
            None if self.paths.len() >= MOST_PATHS => {
                self.is_cut = true;
                return Ok(());
            }
            None => {
                let known = self.paths.len();
                self.by_place.insert(path.to_owned(), known);
                self.paths.push(Gathered {
                    path: path.to_owned(),
                    last_document: 0,
                    present: 0,
                    types: BTreeMap::new(),
                    visibility: rule.visibility(),
                    values: (rule.visibility() == Visibility::Open).then(HashMap::new),
                    range: None,
                });
                known
            }
        };
        self.paths[known].add(self.documents, rule.of(value), value);
        if rule.visibility() == Visibility::Secret {
            return Ok(());
        }
        match value {
            RawBsonRef::Document(inner) => self.fields(inner, place, path),
            RawBsonRef::Array(items) => {
                let path = format!("{path}[]");
                for item in items {
                    self.value(item?, place, &path)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The profile of everything added.
    pub fn finish(self, is_exact: bool) -> Profile {
        let paths = self.paths.into_iter().map(Gathered::finish).collect();
        Profile { documents: self.documents, is_exact, paths, is_cut: self.is_cut }
    }
}

impl Gathered {
    fn add(&mut self, document: u64, visibility: Visibility, value: RawBsonRef<'_>) {
        if self.last_document != document {
            self.last_document = document;
            self.present += 1;
        }
        *self.types.entry(type_name(value)).or_default() += 1;
        if visibility > self.visibility {
            // One value that may not be shown is enough to show none.
            self.visibility = visibility;
            self.values = None;
        }
        if self.visibility != Visibility::Open {
            self.range = None;
            return;
        }
        let edge = match value {
            RawBsonRef::Int32(number) => Some(Edge::Number(number.into())),
            RawBsonRef::Int64(number) => Some(Edge::Number(number as f64)),
            RawBsonRef::Double(number) if number.is_finite() => Some(Edge::Number(number)),
            RawBsonRef::DateTime(at) => Some(Edge::Date(at)),
            _ => None,
        };
        if let Some(edge) = edge {
            let (least, greatest) = self.range.unwrap_or((edge, edge));
            // Edges of different kinds don't compare: the first kind met stays.
            let least = if edge < least { edge } else { least };
            let greatest = if edge > greatest { edge } else { greatest };
            self.range = Some((least, greatest));
        }
        let text = match value {
            RawBsonRef::String(text) => Some(format!("«{}»", cut(text))),
            RawBsonRef::Int32(number) => Some(number.to_string()),
            RawBsonRef::Int64(number) => Some(number.to_string()),
            RawBsonRef::Double(number) => Some(format!("{number:?}")),
            RawBsonRef::Boolean(yes) => Some(yes.to_string()),
            _ => None,
        };
        if let (Some(text), Some(values)) = (text, &mut self.values) {
            *values.entry(text).or_default() += 1;
            if values.len() > LISTED_VALUES {
                self.values = None;
            }
        }
    }

    fn finish(self) -> PathProfile {
        let mut types: Vec<_> = self.types.into_iter().collect();
        types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut values: Vec<_> = self.values.unwrap_or_default().into_iter().collect();
        values.sort_by(|(one, ones), (other, others)| others.cmp(ones).then_with(|| one.cmp(other)));
        PathProfile {
            path: self.path,
            present: self.present,
            types,
            visibility: self.visibility,
            values,
            range: self.range,
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The type's name in canonical Extended JSON's terms.
fn type_name(value: RawBsonRef<'_>) -> &'static str {
    match value {
        RawBsonRef::Double(_) => "double",
        RawBsonRef::String(_) => "string",
        RawBsonRef::Array(_) => "array",
        RawBsonRef::Document(_) => "object",
        RawBsonRef::Boolean(_) => "bool",
        RawBsonRef::Null => "null",
        RawBsonRef::RegularExpression(_) => "regex",
        RawBsonRef::JavaScriptCode(_) => "javascript",
        RawBsonRef::JavaScriptCodeWithScope(_) => "javascriptWithScope",
        RawBsonRef::Int32(_) => "int32",
        RawBsonRef::Int64(_) => "int64",
        RawBsonRef::Timestamp(_) => "timestamp",
        RawBsonRef::Binary(_) => "binary",
        RawBsonRef::ObjectId(_) => "objectId",
        RawBsonRef::DateTime(_) => "date",
        RawBsonRef::Symbol(_) => "symbol",
        RawBsonRef::Decimal128(_) => "decimal128",
        RawBsonRef::Undefined => "undefined",
        RawBsonRef::MaxKey => "maxKey",
        RawBsonRef::MinKey => "minKey",
        RawBsonRef::DbPointer(_) => "dbPointer",
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, rawdoc};

    use super::*;

    fn of(collection: &str, documents: &[RawDocumentBuf]) -> BTreeMap<String, PathProfile> {
        let mut builder = Builder::new(collection);
        documents.iter().for_each(|document| builder.document(document).unwrap());
        builder.finish(true).paths.into_iter().map(|path| (path.path.clone(), path)).collect()
    }

    #[test]
    fn presence_types_values_and_ranges() {
        let found = of(
            "shop_products",
            &[
                rawdoc! { "price": 10, "gender": "mujer", "sizes": ["S", "M"] },
                rawdoc! { "price": 2.5, "gender": "mujer", "sizes": [] },
                rawdoc! { "gender": bson::RawBson::Null },
            ],
        );
        assert_eq!(found["price"].present, 2);
        assert_eq!(found["price"].types, [("double", 1), ("int32", 1)]);
        assert_eq!(found["price"].range, Some((Edge::Number(2.5), Edge::Number(10.0))));
        assert_eq!(found["gender"].values, [("«mujer»".to_owned(), 2)]);
        assert_eq!(found["gender"].types, [("string", 2), ("null", 1)]);
        assert_eq!((found["sizes"].present, found["sizes[]"].present), (2, 1));
        assert_eq!(found["sizes[]"].types, [("string", 2)]);
    }

    #[test]
    fn masked_paths_show_no_value() {
        let found = of(
            "users",
            &[
                rawdoc! { "email": "ana@example.com", "password": { "hash": "x" }, "odd": 5, "birth_date": 7 },
                rawdoc! { "email": "b@example.com", "odd": "0981 123 456", "birth_date": 8 },
            ],
        );
        assert_eq!(found["email"].visibility, Visibility::Personal);
        assert_eq!(
            found["odd"].visibility,
            Visibility::Personal,
            "one value shaped like a phone number masks the path"
        );
        assert_eq!(found["password"].visibility, Visibility::Secret);
        assert!(!found.contains_key("password.hash"), "nothing below a secret is looked at");
        for path in found.values() {
            assert!(path.values.is_empty() && path.range.is_none(), "{path:?}");
        }
    }

    #[test]
    fn many_values_are_not_listed_and_many_paths_are_cut() {
        let documents: Vec<_> = (0..=LISTED_VALUES as i32).map(|n| rawdoc! { "stock": n }).collect();
        assert!(of("shop_products", &documents)["stock"].values.is_empty());
        let mut builder = Builder::new("x");
        for n in 0..MOST_PATHS + 5 {
            let mut document = RawDocumentBuf::new();
            document.append(bson::raw::CString::try_from(format!("key{n}")).unwrap(), 1);
            builder.document(&document).unwrap();
        }
        let profile = builder.finish(false);
        assert!(profile.is_cut && profile.paths.len() == MOST_PATHS);
    }

    #[test]
    fn a_map_keyed_by_people_is_one_path() {
        let found = of("x", &[rawdoc! { "by": { "ana@example.com": 1, "0981123456": 2 } }]);
        assert_eq!(found["by.*"].types, [("int32", 2)]);
    }
}
