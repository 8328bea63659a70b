//! "Everything between these two places", said so that any server answers it from an index.
//!
//! `$gt` and `$lt` never leave the group of types of their operand, so a range over mixed types becomes one clause per
//! group, each bounded on both sides as far as the range is. A range over several fields becomes the usual staircase:
//! equal to the lower end in the first fields and beyond it in the next, strictly between, equal to the upper end and
//! below it.
//!
//! The clauses may match a little more than the range (a text of a type no bound can be written for), never less: whoever
//! reads compares each document's place again.

use bson::spec::BinarySubtype;
use bson::{Binary, Bson, DateTime, Decimal128, Document, JavaScriptCodeWithScope, RawDocumentBuf, Timestamp, doc};

use super::order::{Bracket, Key};
use super::sort::{Part, Sort};
use crate::dump::raw::{Builder, find, kind};

/// One end of a range.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    /// The place.
    pub place: &'a [Key],
    /// Whether the place itself belongs to the range.
    pub inclusive: bool,
}

/// How to word the clauses.
#[derive(Clone, Copy)]
pub struct Wording<'a> {
    /// Whether to ask for values of types that no current driver stores as keys (undefined, regular expressions,
    /// pointers). They have no index bounds on every server, so they are asked for only where they exist or may exist.
    pub rare: bool,
    /// Whether so many documents share all parts of a place but `_id` that the range of `_id` is the better way in.
    pub crowded: &'a dyn Fn(&[Key]) -> bool,
}

/// The alternatives that together match every document between `low` and `high`, read forwards. Empty: nothing can match.
pub fn between(sort: &Sort, low: Option<Bound<'_>>, high: Option<Bound<'_>>, wording: Wording<'_>) -> Vec<Document> {
    let mut clauses = Vec::new();
    staircase(sort.parts(), 0, &mut Vec::new(), low, high, wording, &mut clauses);
    clauses
}

/// The alternatives as one filter, joined with the filter asked for; `None` if nothing can match.
pub fn filter(mut clauses: Vec<Document>, asked: Option<&Document>) -> Option<Document> {
    let range = match clauses.len() {
        0 => return None,
        1 => clauses.remove(0),
        _ => doc! { "$or": clauses },
    };
    Some(match (asked, range.is_empty()) {
        (None, _) => range,
        (Some(asked), true) => asked.clone(),
        (Some(asked), false) => doc! { "$and": [range, asked.clone()] },
    })
}

fn staircase(
    parts: &[Part],
    at: usize,
    equal: &mut Vec<(String, Bson)>,
    low: Option<Bound<'_>>,
    high: Option<Bound<'_>>,
    wording: Wording<'_>,
    clauses: &mut Vec<Document>,
) {
    if low.is_none() && high.is_none() {
        // Nothing more to bound.
        clauses.push(joined(equal, None, false));
        return;
    }
    let Some(part) = parts.get(at) else {
        // Both ends are this very place.
        if low.is_none_or(|bound| bound.inclusive) && high.is_none_or(|bound| bound.inclusive) {
            clauses.push(joined(equal, None, false));
        }
        return;
    };
    if let (Some(low), Some(high)) = (low, high)
        && low.place[at] == high.place[at]
    {
        equal.push((part.path.clone(), equality(&low.place[at])));
        staircase(parts, at + 1, equal, Some(low), Some(high), wording, clauses);
        equal.pop();
        return;
    }
    let last = at + 1 == parts.len();
    let end = |bound: Option<Bound<'_>>| bound.map(|bound| (bound.place[at].clone(), last && bound.inclusive));
    if !last && let Some(low) = low {
        equal.push((part.path.clone(), equality(&low.place[at])));
        staircase(parts, at + 1, equal, Some(low), None, wording, clauses);
        equal.pop();
    }
    let (from, to) = if part.descending { (end(high), end(low)) } else { (end(low), end(high)) };
    let crowded = last && low.or(high).is_some_and(|bound| !equal.is_empty() && (wording.crowded)(&bound.place[..at]));
    let conditions = interval(from.as_ref(), to.as_ref(), wording.rare);
    if last && !equal.is_empty() && !crowded && conditions.len() > 1 {
        // Few share the equal fields: all of them are read, and their places compared.
        clauses.push(joined(equal, None, false));
    } else {
        let clause = |condition| joined(equal, Some((part.path.clone(), condition)), crowded);
        clauses.extend(conditions.into_iter().map(clause));
    }
    if !last && let Some(high) = high {
        equal.push((part.path.clone(), equality(&high.place[at])));
        staircase(parts, at + 1, equal, None, Some(high), wording, clauses);
        equal.pop();
    }
}

/// The range comes first where it is the better way in: servers without a cost model take the first field that has an index.
fn joined(equal: &[(String, Bson)], range: Option<(String, Bson)>, range_first: bool) -> Document {
    let equal = equal.iter().cloned();
    if range_first { range.into_iter().chain(equal).collect() } else { equal.chain(range).collect() }
}

type End = (Key, bool);

/// Conditions on one field that together match the values from one end to the other, ends included where they say so.
fn interval(from: Option<&End>, to: Option<&End>, rare: bool) -> Vec<Bson> {
    let first = from.map_or(Bracket::MinKey, |(key, _)| key.bracket());
    let last = to.map_or(Bracket::MaxKey, |(key, _)| key.bracket());
    let mut conditions = Vec::new();
    let mut types = Vec::new();
    for bracket in Bracket::ALL.into_iter().filter(|bracket| (first..=last).contains(bracket)) {
        let from = from.filter(|(key, _)| key.bracket() == bracket);
        let to = to.filter(|(key, _)| key.bracket() == bracket);
        match bracket {
            Bracket::MinKey | Bracket::Null | Bracket::MaxKey => {
                if from.is_none_or(|(_, inclusive)| *inclusive) && to.is_none_or(|(_, inclusive)| *inclusive) {
                    conditions.push(equality(&Key::new(only_kind(bracket), &[])));
                }
            }
            Bracket::Undefined | Bracket::Regex | Bracket::Pointer if !rare && from.is_none() && to.is_none() => {}
            Bracket::Undefined | Bracket::Regex | Bracket::Pointer => types.push(Bson::Int32(type_number(bracket))),
            Bracket::Number => numbers(from, to, &mut conditions),
            // An array would stand in several places; a sort with one is refused before it gets here.
            Bracket::Array => {}
            _ => conditions.push(range(from, to, lowest(bracket), None)),
        }
    }
    if !types.is_empty() {
        conditions.push(doc! { "$type": types }.into());
    }
    conditions
}

/// NaN is the lowest number in a sort and compares with nothing in a range.
fn numbers(from: Option<&End>, to: Option<&End>, conditions: &mut Vec<Bson>) {
    let nan = |end: Option<&End>| end.is_some_and(|(key, _)| *key == not_a_number());
    if from.is_none_or(|(key, inclusive)| *key == not_a_number() && *inclusive)
        && to.is_none_or(|(key, inclusive)| *key != not_a_number() || *inclusive)
    {
        conditions.push(Bson::Double(f64::NAN));
    }
    if !nan(to) {
        let from = from.filter(|_| !nan(from));
        conditions.push(range(from, to, Bson::Double(f64::NEG_INFINITY), Some(Bson::Double(f64::INFINITY))));
    }
}

fn not_a_number() -> Key {
    Key::new(kind::DOUBLE, &f64::NAN.to_le_bytes())
}

/// A range within one bracket. An end that can't be written in a command falls back to the bracket's own.
fn range(from: Option<&End>, to: Option<&End>, lowest: Bson, highest: Option<Bson>) -> Bson {
    let mut range = Document::new();
    match from.and_then(|(key, inclusive)| Some((to_bson(key)?, *inclusive))) {
        Some((value, inclusive)) => range.insert(if inclusive { "$gte" } else { "$gt" }, value),
        None => range.insert("$gte", lowest),
    };
    match to.and_then(|(key, inclusive)| Some((to_bson(key)?, *inclusive))) {
        Some((value, inclusive)) => range.insert(if inclusive { "$lte" } else { "$lt" }, value),
        None => highest.and_then(|value| range.insert("$lte", value)),
    };
    range.into()
}

/// The condition for values equal to this one; missing fields are equal to null.
pub fn equality(key: &Key) -> Bson {
    match key.bracket() {
        bracket @ (Bracket::Undefined | Bracket::Regex | Bracket::Pointer) => {
            doc! { "$type": type_number(bracket) }.into()
        }
        Bracket::Null => Bson::Null,
        bracket => match to_bson(key) {
            // A document would be taken for operators if its names began with a dollar.
            Some(value @ Bson::Document(_)) => doc! { "$eq": value }.into(),
            // The plain form: it means the same and is the one every planner joins with the next field of an index.
            Some(value) => value,
            None => range(None, None, lowest(bracket), None),
        },
    }
}

/// The value as commands carry it; `None` for documents that don't survive being put into one (duplicate names).
fn to_bson(key: &Key) -> Option<Bson> {
    match key.kind {
        kind::MIN_KEY => return Some(Bson::MinKey),
        kind::MAX_KEY => return Some(Bson::MaxKey),
        kind::DECIMAL128 => return Some(Bson::Decimal128(Decimal128::from_bytes(key.value.as_ref().try_into().ok()?))),
        _ => {}
    }
    // A symbol stands among the strings and is compared as one.
    let as_kind = if key.kind == kind::SYMBOL { kind::STRING } else { key.kind };
    let mut builder = Builder::new();
    builder.raw(as_kind, b"v", &key.value);
    let raw = RawDocumentBuf::from_bytes(builder.finish()).ok()?;
    let mut document = Document::try_from(&*raw).ok()?;
    let again = RawDocumentBuf::try_from(&document).ok()?;
    (find(again.as_bytes(), "v")?.value == &*key.value).then(|| document.remove("v")).flatten()
}

fn only_kind(bracket: Bracket) -> u8 {
    match bracket {
        Bracket::MinKey => kind::MIN_KEY,
        Bracket::MaxKey => kind::MAX_KEY,
        _ => kind::NULL,
    }
}

fn type_number(bracket: Bracket) -> i32 {
    match bracket {
        Bracket::Undefined => kind::UNDEFINED.into(),
        Bracket::Regex => kind::REGEX.into(),
        _ => kind::DB_POINTER.into(),
    }
}

/// The lowest value of a bracket that ranges work in.
fn lowest(bracket: Bracket) -> Bson {
    match bracket {
        Bracket::Number => Bson::Double(f64::NEG_INFINITY),
        Bracket::Object => Bson::Document(Document::new()),
        Bracket::Binary => Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes: Vec::new() }),
        Bracket::ObjectId => Bson::ObjectId(bson::oid::ObjectId::from_bytes([0; 12])),
        Bracket::Boolean => Bson::Boolean(false),
        Bracket::Date => Bson::DateTime(DateTime::from_millis(i64::MIN)),
        Bracket::Timestamp => Bson::Timestamp(Timestamp { time: 0, increment: 0 }),
        Bracket::Code => Bson::JavaScriptCode(String::new()),
        Bracket::ScopedCode => {
            Bson::JavaScriptCodeWithScope(JavaScriptCodeWithScope { code: String::new(), scope: Document::new() })
        }
        _ => Bson::String(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: impl Into<Bson>) -> Key {
        let document = RawDocumentBuf::try_from(&doc! { "v": value.into() }).unwrap();
        Key::of(&find(document.as_bytes(), "v").unwrap())
    }

    fn check(sort: &str, low: Option<(&[Key], bool)>, high: Option<(&[Key], bool)>, expected: &[Document]) {
        let bound = |(place, inclusive)| Bound { place, inclusive };
        let wording = Wording { rare: false, crowded: &|_| false };
        let sort = Sort::parse(sort).unwrap().0;
        assert_eq!(between(&sort, low.map(bound), high.map(bound), wording), expected);
    }

    #[test]
    fn a_range_of_one_type_is_one_clause() {
        check("_id", Some((&[key(1)], true)), Some((&[key(5)], false)), &[doc! { "_id": { "$gte": 1, "$lt": 5 } }]);
        check(
            "_id",
            Some((&[key("a")], false)),
            Some((&[key("b")], true)),
            &[doc! { "_id": { "$gt": "a", "$lte": "b" } }],
        );
        check("_id", None, None, &[doc! {}]);
        check("_id", Some((&[key(1)], false)), Some((&[key(1.0)], true)), &[]);
    }

    #[test]
    fn brackets_on_the_way_are_walked() {
        let expected =
            [doc! { "_id": { "$gt": 3, "$lte": f64::INFINITY } }, doc! { "_id": { "$gte": "", "$lt": "m" } }];
        check("_id", Some((&[key(3)], false)), Some((&[key("m")], false)), &expected);
        let from_nothing = [
            doc! { "_id": Bson::MinKey },
            doc! { "_id": Bson::Null },
            doc! { "_id": f64::NAN },
            doc! { "_id": { "$gte": f64::NEG_INFINITY, "$lt": 3 } },
        ];
        let clauses = between(
            &Sort::id(),
            None,
            Some(Bound { place: &[key(3)], inclusive: false }),
            Wording { rare: false, crowded: &|_| false },
        );
        // NaN differs from itself, so the texts are compared.
        assert_eq!(format!("{clauses:?}"), format!("{from_nothing:?}"));
    }

    #[test]
    fn several_fields_make_a_staircase() {
        let (low, high) = ([key("a"), key(9), key(1)], [key("c"), key(2), key(7)]);
        let wording = Wording { rare: false, crowded: &|_| false };
        let sort = Sort::parse("city,-score").unwrap().0;
        let clauses = between(
            &sort,
            Some(Bound { place: &low, inclusive: true }),
            Some(Bound { place: &high, inclusive: false }),
            wording,
        );
        assert_eq!(clauses.first(), Some(&doc! { "city": "a", "score": 9 }));
        assert_eq!(clauses.last(), Some(&doc! { "city": "c", "score": 2 }));
        for expected in [
            doc! { "city": "a", "score": { "$gte": f64::NEG_INFINITY, "$lt": 9 } },
            doc! { "city": "a", "score": Bson::Null },
            doc! { "city": { "$gt": "a", "$lt": "c" } },
            doc! { "city": "c", "score": { "$gt": 2, "$lte": f64::INFINITY } },
            doc! { "city": "c", "score": { "$gte": "" } },
        ] {
            assert!(clauses.contains(&expected), "{expected}");
        }
        let below = doc! { "city": "c", "score": { "$gte": "" } };
        let above = doc! { "city": "a", "score": { "$gte": "" } };
        assert!(clauses.contains(&below) && !clauses.contains(&above), "descending: texts come before numbers");
    }
}
