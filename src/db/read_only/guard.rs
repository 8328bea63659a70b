//! What may pass: an allow-list of commands, of their fields and of aggregation stages, and a list of operators that may
//! appear nowhere.
//!
//! Allow-lists, because a list of what is dangerous is out of date with the next server version. The operators are
//! listed the other way round: there are hundreds of harmless expressions, and the ones that run code are few and old.

use bson::{Bson, Document};

use super::ReadError;

/// A command that may be sent, with the fields it may have besides its own name.
#[derive(Debug)]
pub struct Command {
    pub name: &'static str,
    pub fields: &'static [&'static str],
}

const fn command(name: &'static str, fields: &'static [&'static str]) -> Command {
    Command { name, fields }
}

/// Every command that [`super::ReadOnlyDb`] sends on behalf of a caller. The driver adds `getMore`, `killCursors`,
/// `endSessions` and its handshake on its own.
#[rustfmt::skip]
pub const COMMANDS: &[Command] = &[
    command("aggregate", &["pipeline", "cursor", "collation", "hint", "let", "comment", "readConcern", "rawData"]),
    command("buildInfo", &[]),
    command("collStats", &["scale"]),
    command("connectionStatus", &["showPrivileges"]),
    command("count", &["query", "limit", "skip", "hint", "collation", "comment", "readConcern"]),
    command("dbStats", &["scale", "freeStorage"]),
    command("distinct", &["key", "query", "collation", "hint", "comment", "readConcern"]),
    command("explain", &["verbosity", "comment"]),
    command("find", &["filter", "sort", "projection", "hint", "skip", "limit", "batchSize", "singleBatch", "min", "max",
        "returnKey", "showRecordId", "collation", "let", "comment", "readConcern", "rawData"]),
    command("hello", &[]),
    command("listCollections", &["filter", "nameOnly", "authorizedCollections", "cursor", "comment", "rawData"]),
    command("listDatabases", &["filter", "nameOnly", "authorizedDatabases", "comment"]),
    command("listIndexes", &["cursor", "comment", "rawData"]),
    command("ping", &[]),
];

/// The aggregation stages that may be used, at the top and in every pipeline inside.
pub const STAGES: &[&str] = &[
    "$addFields",
    "$bucket",
    "$bucketAuto",
    "$collStats",
    "$count",
    "$densify",
    "$documents",
    "$facet",
    "$fill",
    "$geoNear",
    "$graphLookup",
    "$group",
    "$indexStats",
    "$limit",
    "$lookup",
    "$match",
    "$project",
    "$redact",
    "$replaceRoot",
    "$replaceWith",
    "$sample",
    "$set",
    "$setWindowFields",
    "$skip",
    "$sort",
    "$sortByCount",
    "$unionWith",
    "$unset",
    "$unwind",
];

/// Refused wherever they appear as a name, even inside a literal: nobody needs them here.
pub const FORBIDDEN_OPERATORS: &[&str] = &["$out", "$merge", "$where", "$function", "$accumulator", "$eval"];

/// Deeper than the server itself accepts.
const DEEPEST: usize = 200;

/// Lets a command through unchanged or says what is in the way.
pub(super) fn admit(command: Document) -> Result<Document, ReadError> {
    check(&command)?;
    refuse_operators(&command, 0)?;
    Ok(command)
}

fn check(command: &Document) -> Result<(), ReadError> {
    let mut fields = command.iter();
    let Some((name, argument)) = fields.next() else {
        return Err(ReadError::forbidden("{}"));
    };
    let Some(rule) = COMMANDS.iter().find(|rule| rule.name == name) else {
        return Err(ReadError::forbidden(name));
    };
    if let Some((field, _)) = fields.find(|(field, _)| !rule.fields.contains(&field.as_str())) {
        return Err(ReadError::forbidden(format!("{name}.{field}")));
    }
    match rule.name {
        "aggregate" => pipeline(command.get("pipeline")),
        // An explained command can be executed, so it is held to the same rules.
        "explain" => match argument {
            Bson::Document(explained) => check(explained),
            _ => Err(ReadError::forbidden("explain")),
        },
        _ => Ok(()),
    }
}

fn pipeline(stages: Option<&Bson>) -> Result<(), ReadError> {
    let Some(Bson::Array(stages)) = stages else {
        return Err(ReadError::forbidden("pipeline"));
    };
    stages.iter().try_for_each(stage)
}

fn stage(stage: &Bson) -> Result<(), ReadError> {
    let Some((name, body)) = stage.as_document().filter(|d| d.len() == 1).and_then(|d| d.iter().next()) else {
        return Err(ReadError::forbidden("pipeline"));
    };
    if !STAGES.contains(&name.as_str()) {
        return Err(ReadError::forbidden(name));
    }
    match (name.as_str(), body) {
        ("$facet", Bson::Document(facets)) => facets.values().try_for_each(|inner| pipeline(Some(inner))),
        ("$facet", _) => Err(ReadError::forbidden(name)),
        (_, Bson::Document(body))
            if body.contains_key("pipeline") && matches!(name.as_str(), "$lookup" | "$unionWith") =>
        {
            pipeline(body.get("pipeline"))
        }
        _ => Ok(()),
    }
}

fn refuse_operators(document: &Document, depth: usize) -> Result<(), ReadError> {
    document.iter().try_for_each(|(name, value)| {
        if FORBIDDEN_OPERATORS.contains(&name.as_str()) {
            return Err(ReadError::forbidden(name));
        }
        refuse_in_value(value, depth + 1)
    })
}

fn refuse_in_value(value: &Bson, depth: usize) -> Result<(), ReadError> {
    if depth > DEEPEST {
        return Err(ReadError::forbidden("…"));
    }
    match value {
        Bson::Document(inner) => refuse_operators(inner, depth),
        Bson::Array(items) => items.iter().try_for_each(|item| refuse_in_value(item, depth + 1)),
        // JavaScript as a mere value is compared, never run: a stored key may be of that type.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use bson::{Array, doc};
    use proptest::prelude::*;

    use super::*;

    fn refusal(command: Document) -> String {
        match admit(command) {
            Err(ReadError::Forbidden { what }) => what,
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn ordinary_reads_pass_unchanged() {
        let reads = [
            doc! { "find": "c", "filter": { "a": { "$gt": 1 } }, "sort": { "_id": 1 }, "limit": 51 },
            doc! { "aggregate": "c", "pipeline": [{ "$collStats": { "count": {} } }], "cursor": {} },
            doc! { "aggregate": "c", "pipeline": [
                { "$lookup": { "from": "d", "as": "d", "pipeline": [{ "$match": { "x": 1 } }] } },
                { "$facet": { "n": [{ "$count": "n" }], "s": [{ "$sample": { "size": 5 } }] } },
            ], "cursor": {} },
            doc! { "explain": { "find": "c", "filter": {} }, "verbosity": "queryPlanner" },
            doc! { "count": "c", "query": { "merge": "$out" } },
            doc! { "ping": 1 },
        ];
        for read in reads {
            assert_eq!(admit(read.clone()).unwrap(), read);
        }
    }

    #[test]
    fn unknown_fields_and_disk_use_are_refused() {
        assert_eq!(refusal(doc! { "find": "c", "allowDiskUse": true }), "find.allowDiskUse");
        assert_eq!(refusal(doc! { "aggregate": "c", "pipeline": [], "writeConcern": {} }), "aggregate.writeConcern");
        assert_eq!(refusal(doc! { "find": "c", "$db": "other" }), "find.$db");
        assert_eq!(refusal(doc! {}), "{}");
        // The first field names the command, so a second one can't smuggle another in.
        assert_eq!(refusal(doc! { "find": "c", "delete": "c" }), "find.delete");
    }

    #[test]
    fn stages_are_checked_in_every_inner_pipeline() {
        let writing: Bson = doc! { "$planCacheStats": {} }.into();
        let wrapped = [
            doc! { "$facet": { "a": [writing.clone()] } },
            doc! { "$lookup": { "from": "d", "as": "d", "pipeline": [writing.clone()] } },
            doc! { "$unionWith": { "coll": "d", "pipeline": [{ "$facet": { "a": [writing.clone()] } }] } },
        ];
        for stage in wrapped {
            assert_eq!(refusal(doc! { "aggregate": "c", "pipeline": [stage] }), "$planCacheStats");
        }
        assert_eq!(refusal(doc! { "aggregate": "c", "pipeline": "x" }), "pipeline");
        assert_eq!(refusal(doc! { "aggregate": "c", "pipeline": [{ "$match": {}, "$out": "x" }] }), "pipeline");
        assert_eq!(refusal(doc! { "explain": { "update": "c", "updates": [] } }), "update");
    }

    /// A value of any shape with `inner` somewhere in it.
    fn around(inner: Bson) -> impl Strategy<Value = Bson> {
        Just(inner).prop_recursive(12, 64, 3, |inside| {
            prop_oneof![
                ("[a-z$]{1,6}", inside.clone()).prop_map(|(name, value)| {
                    let mut document = Document::new();
                    document.insert("before", 1);
                    document.insert(name, value);
                    Bson::Document(document)
                }),
                inside.prop_map(|value| Bson::Array(Array::from([Bson::Null, value]))),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_forbidden_operator_passes_at_any_depth(
            (operator, value) in prop::sample::select(FORBIDDEN_OPERATORS)
                .prop_flat_map(|op| (Just(op), around(Bson::Document(Document::from_iter([(op.to_owned(), Bson::Null)]))))),
        ) {
            for command in [
                doc! { "find": "c", "filter": { "x": value.clone() } },
                doc! { "find": "c", "projection": { "x": value.clone() } },
                doc! { "count": "c", "query": { "$expr": value.clone() } },
                doc! { "aggregate": "c", "pipeline": [{ "$match": { "x": value.clone() } }] },
                doc! { "aggregate": "c", "pipeline": [], "let": { "x": value.clone() } },
                doc! { "explain": { "find": "c", "filter": { "x": value.clone() } } },
            ] {
                prop_assert!(matches!(admit(command), Err(ReadError::Forbidden { .. })), "{operator} passed in {value:?}");
            }
        }
    }
}
