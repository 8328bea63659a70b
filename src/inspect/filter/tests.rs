//! What is accepted, what is refused, and the two properties that matter: nothing about secrets, and links read back.

use bson::doc;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn raw_filter(collection: &str, json: &Value) -> Result<Filter, Vec<FieldProblem>> {
    compile(collection, &FilterInput { raw: json.to_string(), ..FilterInput::default() })
}

fn refusal(json: Value) -> String {
    let problems = raw_filter("users", &json).expect_err(&json.to_string());
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].field, "raw");
    problems[0].message.clone()
}

fn built(field: &str, op: Operator, kind: Kind, value: &str) -> Result<Document, Vec<FieldProblem>> {
    let input = FilterInput { conditions: vec![Condition::new(field, op, kind, value)], ..FilterInput::default() };
    compile("users", &input).map(|filter| filter.document().clone())
}

#[test]
fn conditions_become_what_they_say() {
    use Kind::{Bool, Date, Id, Json, Null, Number, Text};
    use Operator::{Contains, Eq, Exists, Gte, In, Lt, Missing, Ne, Starts, Type};
    assert_eq!(built("role", Eq, Text, "creator"), Ok(doc! { "role": { "$eq": "creator" } }));
    assert_eq!(built("role", Ne, Text, " x "), Ok(doc! { "role": { "$ne": " x " } }));
    assert_eq!(built("stock", Lt, Number, "0"), Ok(doc! { "stock": { "$lt": 0 } }));
    assert_eq!(built("read", Eq, Bool, "sí"), Ok(doc! { "read": { "$eq": true } }));
    assert_eq!(built("city", Contains, Text, "a.b"), Ok(doc! { "city": { "$regex": "a\\.b", "$options": "i" } }));
    assert_eq!(built("city", Starts, Text, "San"), Ok(doc! { "city": { "$regex": "^San" } }));
    assert_eq!(built("x", Exists, Text, ""), Ok(doc! { "x": { "$exists": true } }));
    assert_eq!(built("x", Missing, Text, ""), Ok(doc! { "x": { "$exists": false } }));
    assert_eq!(built("x", Eq, Null, ""), Ok(doc! { "x": { "$type": "null" } }));
    assert_eq!(built("x", In, Number, "1; 2,5"), Ok(doc! { "x": { "$in": [1, 2.5] } }));
    assert_eq!(built("x", In, Text, "a, b"), Ok(doc! { "x": { "$in": ["a", "b"] } }));
    assert_eq!(built("x", Type, Text, "texto"), Ok(doc! { "x": { "$type": "string" } }));
    assert_eq!(built("x", Eq, Json, r#"{"$numberLong":"1"}"#), Ok(doc! { "x": { "$eq": 1_i64 } }));
    let id = bson::oid::ObjectId::parse_str("65b2a1c3d4e5f60718293a4b").unwrap();
    assert_eq!(built("_id", Eq, Id, "65b2a1c3d4e5f60718293a4b"), Ok(doc! { "_id": { "$eq": id } }));
    let at = bson::DateTime::parse_rfc3339_str("2026-01-31T03:00:00Z").unwrap();
    assert_eq!(
        built("created_at", Gte, Date, "31/01/2026"),
        Ok(doc! { "$or": [
            { "created_at": { "$gte": at } },
            { "created_at": { "$regex": "^\\d{4}-\\d{2}-\\d{2}T", "$gte": "2026-01-31T03:00:00" } },
            { "created_at": { "$regex": "^\\d{4}-\\d{2}-\\d{2}$", "$gte": "2026-01-31" } },
        ] })
    );
}

#[test]
fn nothing_typed_lets_everything_through() {
    assert!(compile("users", &FilterInput::default()).unwrap().is_empty());
    assert!(raw_filter("users", &json!({})).unwrap().is_empty());
    assert!(compile("users", &FilterInput::from_query("field=&op=eq&type=text&value=&raw=")).unwrap().is_empty());
}

#[test]
fn each_wrong_row_is_named() {
    let input = FilterInput::from_query(
        "field=a&op=eq&type=number&value=doce&field=$where&op=eq&value=1&field=b&op=near&value=1&field=password&op=exists&raw={",
    );
    let problems = compile("users", &input).unwrap_err();
    let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["value.0", "field.1", "op.2", "raw", "value.3"]);
    assert!(problems[4].message.contains("password"));
}

#[test]
fn a_value_in_a_condition_is_never_an_operator() {
    assert!(built("x", Operator::Eq, Kind::Json, r#"{"$gt": ""}"#).is_err());
    assert!(built("x", Operator::Eq, Kind::Json, r#"{"a": {"$gt": ""}}"#).is_err());
    assert!(built("x", Operator::In, Kind::Json, r#"[{"$where": "1"}]"#).is_err());
    assert!(built("x", Operator::Eq, Kind::Json, r#"{"$code": "1"}"#).is_err());
}

#[test]
fn secrets_can_not_be_asked_about() {
    for filter in [
        json!({"password": {"$exists": true}}),
        json!({"mfa_recovery_codes.0": "A1"}),
        json!({"mfa_recovery_codes": {"$size": 10}}),
        json!({"$or": [{"a": 1}, {"$and": [{"mfa_secret": {"$regex": "^A"}}]}]}),
        json!({"$nor": [{"password": null}]}),
        json!({"raw": {"password": "x"}}),
        json!({"raw.0.password.x": 1}),
        json!({"raw": {"$gt": {"a": {"accessToken": ""}}}}),
        json!({"list": {"$elemMatch": {"token": "x"}}}),
        json!({"list": {"$in": [{"token": "x"}]}}),
        json!({"list": {"$not": {"$elemMatch": {"token": "x"}}}}),
        json!({"$expr": {"$gt": ["$password", "$2b$12$m"]}}),
        json!({"$expr": {"$gt": [{"$toLower": "$raw.mfa_secret"}, "m"]}}),
        json!({"$expr": {"$gt": ["$raw", {"$literal": {"password": "m"}}]}}),
    ] {
        let message = refusal(filter.clone());
        assert!(message.contains("secreto"), "{filter}: {message}");
    }
    assert!(raw_filter("sessions", &json!({"_id": "x"})).is_err(), "what is secret in one collection is refused there");
}

#[test]
fn operators_outside_the_list_are_refused() {
    for filter in [
        json!({"$where": "1"}),
        json!({"$expr": {"$function": {"body": "1", "args": [], "lang": "js"}}}),
        json!({"$expr": {"$getField": "x"}}),
        json!({"$expr": {"$eq": ["$$ROOT", 1]}}),
        json!({"$expr": {"$eq": [{"a": "$x"}, 1]}}),
        json!({"$expr": {"$and": [{"$objectToArray": "$x"}]}}),
        json!({"$jsonSchema": {"properties": {"password": {}}}}),
        json!({"$text": {"$search": "x"}}),
        json!({"$comment": "x"}),
        json!({"x": {"$near": [0, 0]}}),
        json!({"x": {"$elemMatch": {"$where": "1"}}}),
        json!({"x": {"$not": {"$where": "1"}}}),
        json!({"x": {"$gt": 1, "y": 2}}),
        json!({"x": {"$elemMatch": {"$expr": {"$eq": [1, 1]}}}}),
        json!({"x": {"$regex": "a", "$options": "e"}}),
        json!({"x": {"$regex": "(a+)+$"}}),
        json!({"x": {"$regex": "a".repeat(201)}}),
        json!({"x": {"$in": vec![1; 1001]}}),
        json!({"x": {"$code": "1"}}),
        json!({"$and": {"x": 1}}),
        json!([1]),
        json!("x"),
    ] {
        refusal(filter);
    }
    let mut deep = json!({"x": 1});
    for _ in 0..20 {
        deep = json!({"$and": [deep]});
    }
    refusal(deep);
}

#[test]
fn ordinary_filters_pass_unchanged() {
    for filter in [
        json!({"status": "applied"}),
        json!({"creator_id": {"$exists": false}}),
        json!({"stats.avg_rating": {"$gte": 4, "$lt": 5}}),
        json!({"social_networks": {"$elemMatch": {"platform": "tiktok", "followers": {"$gt": 1000}}}}),
        json!({"sizes": {"$elemMatch": {"$gt": 1, "$lt": 9}}}),
        json!({"$or": [{"a": {"$in": [1, 2]}}, {"b": {"$not": {"$regex": "^x"}}}]}),
        json!({"$expr": {"$lt": ["$published_at", "$created_at"]}}),
        json!({"email": "ana@example.com"}),
        json!({"status": "password"}),
    ] {
        let accepted =
            raw_filter("ugc_applications", &filter).unwrap_or_else(|problems| panic!("{filter}: {problems:?}"));
        assert_eq!(accepted.document().clone(), Document::try_from(filter.as_object().unwrap().clone()).unwrap());
    }
    let personal =
        raw_filter("users", &json!({"$or": [{"email": "x"}, {"role": "user"}, {"$expr": {"$eq": ["$phone", 1]}}]}));
    assert_eq!(personal.unwrap().personal(), ["email", "phone"]);
}

/// Names of which some must never be accepted.
fn name() -> impl Strategy<Value = String> {
    let plain = ["a", "b", "status", "list", "raw", "email"].map(String::from).to_vec();
    let secret = super::super::masks::tests::SECRET_NAMES.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let operators: Vec<String> =
        ["$where", "$function", "$jsonSchema", "$text", "$comment", "$getField", "$near", "$literal"]
            .into_iter()
            .chain(OPERATORS.concat())
            .chain(EXPRESSIONS.iter().copied())
            .map(String::from)
            .collect();
    let one = prop_oneof![
        6 => prop::sample::select(plain),
        1 => prop::sample::select(secret),
        5 => prop::sample::select(operators),
    ];
    (one.clone(), prop::option::weighted(0.2, one)).prop_map(|(first, second)| match second {
        Some(second) if !first.starts_with('$') => format!("{first}.{second}"),
        _ => first,
    })
}

fn any_filter() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(1)),
        Just(json!("x")),
        Just(json!(true)),
        Just(json!(null)),
        name().prop_map(|name| json!(format!("${name}"))),
        Just(json!("$$ROOT")),
    ];
    let value = leaf.prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            3 => prop::collection::vec((name(), inner.clone()), 1..3).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            1 => prop::collection::vec(inner, 1..3).prop_map(Value::Array),
        ]
    });
    (name(), value).prop_map(|(name, value)| Value::Object([(name, value)].into_iter().collect()))
}

/// Whether a document mentions a forbidden operator, or a secret as a name or a field path, anywhere. Written without the
/// guard's notion of where things stand, so that a mistake there shows.
fn mentions(value: &Bson, in_expression: bool) -> Option<String> {
    match value {
        Bson::Document(document) => document.iter().find_map(|(name, value)| {
            let allowed =
                OPERATORS.concat().contains(&name.as_str()) || (in_expression && EXPRESSIONS.contains(&name.as_str()));
            let secret =
                super::super::masks::of_path("never_seen_before", name) == super::super::masks::Visibility::Secret;
            let bad = if name.starts_with('$') { !allowed } else { secret };
            if bad { Some(name.clone()) } else { mentions(value, in_expression || name == "$expr") }
        }),
        Bson::Array(items) => items.iter().find_map(|item| mentions(item, in_expression)),
        Bson::String(text) if in_expression => {
            let path = text.strip_prefix('$')?;
            let secret =
                super::super::masks::of_path("never_seen_before", path) == super::super::masks::Visibility::Secret;
            (secret || path.starts_with('$')).then(|| text.clone())
        }
        Bson::JavaScriptCode(_) | Bson::JavaScriptCodeWithScope(_) => Some("code".into()),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_accepted_filter_mentions_a_secret_or_a_forbidden_operator(filter in any_filter()) {
        if let Ok(accepted) = raw_filter("never_seen_before", &filter) {
            let found = mentions(&Bson::Document(accepted.document().clone()), false);
            // A literal inside an expression is data: there, text that looks like a path is text.
            if !filter.to_string().contains("$literal") {
                prop_assert_eq!(found, None, "{}", filter);
            }
        }
    }

    #[test]
    fn what_was_typed_reads_back_from_the_link(
        rows in prop::collection::vec(("\\S.{0,8}\\S", ".{0,6}", ".{0,6}", ".{0,12}"), 0..4),
        raw in "(\\S.{0,20}\\S)?",
    ) {
        let conditions = rows
            .into_iter()
            .map(|(field, op, kind, value)| Condition { field: field.trim().into(), op, kind, value })
            .filter(|condition| !condition.field.is_empty())
            .collect();
        let input = FilterInput { conditions, raw: raw.trim().into() };
        let link = serde_urlencoded::to_string(input.pairs()).unwrap();
        prop_assert_eq!(FilterInput::from_query(&link), input);
    }
}
