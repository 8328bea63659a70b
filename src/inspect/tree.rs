//! A document as the tree the page draws: every key in stored order, every type by name, long values cut, secrets absent.
//!
//! The walk is over raw bytes. What bytes don't make a value (broken UTF-8) is shown as so many bytes of its type.

use bson::{RawBsonRef, RawDocument};

use super::cells::short;
use super::masks::{self, Masker, Place, Visibility};
use super::references;
use crate::dump::raw::{Element, elements, kind};
use crate::i18n::inspect as words;
use crate::ui::{Node, NodeValue};

/// Characters of a value.
const CHARACTERS: usize = 200;
/// Children of an object or list.
const CHILDREN: usize = 100;
/// Nodes of a whole tree: what a page can carry.
const NODES: usize = 1_500;
/// Levels.
const DEPTH: usize = 60;

/// What to draw and how.
pub struct Drawing<'a> {
    /// The collection, for masks and references.
    pub collection: &'a str,
    /// Whether personal values are shown: they were revealed with a reason.
    pub revealed: bool,
    /// The address of a referenced document: collection, field, value.
    pub link: &'a dyn Fn(&str, &str, RawBsonRef<'_>) -> Option<String>,
}

/// The tree, and whether anything personal is masked in it.
pub fn nodes(drawing: &Drawing<'_>, document: &[u8]) -> (Vec<Node>, bool) {
    let mut walk = Walk { drawing, masker: Masker::new(drawing.collection), left: NODES, masked: false };
    walk.masker.begin();
    let (nodes, _) = walk.children(document, Place::ROOT, false, 0);
    (nodes, walk.masked)
}

struct Walk<'a> {
    drawing: &'a Drawing<'a>,
    masker: Masker,
    left: usize,
    masked: bool,
}

impl Walk<'_> {
    fn children(&mut self, document: &[u8], place: Place, is_list: bool, depth: usize) -> (Vec<Node>, u64) {
        let mut nodes = Vec::new();
        let mut total = 0;
        let mut values = RawDocument::from_bytes(document).ok().map(RawDocument::iter_elements);
        for element in elements(document).map_while(Result::ok) {
            let value = values.as_mut().and_then(|values| values.next()?.ok()?.value().ok());
            total += 1;
            if nodes.len() == CHILDREN || self.left == 0 || depth > DEPTH {
                continue;
            }
            self.left -= 1;
            let key = String::from_utf8_lossy(element.key).into_owned();
            let below = if is_list { place } else { self.masker.child(place, &key) };
            nodes.push(self.node(key, &element, value, below, depth));
        }
        (nodes, total)
    }

    fn node(
        &mut self,
        key: String,
        element: &Element<'_>,
        value: Option<RawBsonRef<'_>>,
        place: Place,
        depth: usize,
    ) -> Node {
        let rule = self.masker.rule(place);
        let type_label = type_name(element.kind);
        let visibility = match value {
            Some(value) => rule.of(value),
            // Bytes that make no value can't be judged.
            None => Visibility::Secret,
        };
        let mut link = None;
        let shown = match (visibility, value) {
            (_, None) => NodeValue::Hidden { reason: words::unreadable(element.value.len() as u64).into() },
            (Visibility::Secret, Some(value)) => NodeValue::Hidden { reason: masks::hint(rule, value).into() },
            (Visibility::Personal, Some(_)) if !self.drawing.revealed => {
                self.masked = true;
                NodeValue::Masked
            }
            (_, Some(RawBsonRef::Document(_) | RawBsonRef::Array(_))) => {
                let (items, total) = self.children(element.value, place, element.kind == kind::ARRAY, depth + 1);
                NodeValue::Children { items, total }
            }
            (_, Some(value)) => {
                if visibility == Visibility::Open
                    && let Some(to) = references::of(self.drawing.collection, &key)
                {
                    link = (self.drawing.link)(&to.collection, to.field, value);
                }
                let (text, truncated_len) = short(value, CHARACTERS);
                NodeValue::Scalar { text, truncated_len }
            }
        };
        // A key may itself be an address or a phone number.
        let key = if masks::is_personal_key(&key) && !self.drawing.revealed {
            self.masked = true;
            words::MASKED_KEY.into()
        } else {
            key
        };
        Node { key, type_label: type_label.into(), value: shown, link }
    }
}

/// The name of a type, as canonical Extended JSON and the server's `$type` know it.
pub fn type_name(of: u8) -> &'static str {
    match of {
        kind::DOUBLE => "double",
        kind::STRING => "string",
        kind::DOCUMENT => "object",
        kind::ARRAY => "array",
        kind::BINARY => "binData",
        kind::UNDEFINED => "undefined",
        kind::OBJECT_ID => "objectId",
        kind::BOOLEAN => "bool",
        kind::DATE => "date",
        kind::NULL => "null",
        kind::REGEX => "regex",
        kind::DB_POINTER => "dbPointer",
        kind::CODE => "javascript",
        kind::SYMBOL => "symbol",
        kind::CODE_WITH_SCOPE => "javascriptWithScope",
        kind::INT32 => "int32",
        kind::TIMESTAMP => "timestamp",
        kind::INT64 => "int64",
        kind::DECIMAL128 => "decimal128",
        kind::MIN_KEY => "minKey",
        kind::MAX_KEY => "maxKey",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, doc};

    use super::*;
    use crate::dump::raw::Builder;

    fn tree(collection: &str, document: &[u8], revealed: bool) -> (Vec<Node>, bool) {
        let link = |collection: &str, field: &str, _: RawBsonRef<'_>| Some(format!("{collection}.{field}"));
        nodes(&Drawing { collection, revealed, link: &link }, document)
    }

    #[test]
    fn types_order_and_duplicates_are_kept() {
        let mut builder = Builder::new();
        builder.int32("n", 1).int64("n", 1).raw(kind::DOUBLE, b"n", &1.0_f64.to_le_bytes());
        builder.raw(kind::STRING, b"broken", b"\x02\0\0\0\xff\0").int32("after", 2);
        let (nodes, _) = tree("c", &builder.finish(), false);
        let seen: Vec<_> = nodes.iter().map(|node| (node.key.as_str(), node.type_label.as_ref())).collect();
        assert_eq!(seen, [("n", "int32"), ("n", "int64"), ("n", "double"), ("broken", "string"), ("after", "int32")]);
        assert!(matches!(&nodes[2].value, NodeValue::Scalar { text, .. } if text == "1.0"));
        assert!(matches!(&nodes[3].value, NodeValue::Hidden { .. }));
    }

    #[test]
    fn secrets_never_appear_and_personal_values_only_when_revealed() {
        let document = doc! {
            "password": "hunter2hunter2", "email": "ana@example.com", "creator_id": "c1",
            "raw": { "mfa_secret": "JBSWY3DPEHPK3PXP" },
        };
        let raw = RawDocumentBuf::try_from(&document).unwrap();
        let (masked, any) = tree("users", raw.as_bytes(), false);
        assert!(any && !format!("{masked:?}").contains("ana@"));
        let (open, any) = tree("users", raw.as_bytes(), true);
        let text = format!("{open:?}");
        assert!(!any && text.contains("ana@example.com"));
        assert!(!text.contains("hunter2") && !text.contains("JBSWY"));
        assert_eq!(masked[2].link.as_deref(), Some("ugc_creators.id"));
    }

    #[test]
    fn long_values_are_cut_with_their_true_length() {
        let document = doc! { "status": "x".repeat(300), "list": (0..250).collect::<Vec<i32>>() };
        let raw = RawDocumentBuf::try_from(&document).unwrap();
        let (nodes, _) = tree("orders", raw.as_bytes(), true);
        assert!(
            matches!(&nodes[0].value, NodeValue::Scalar { truncated_len: Some(300), text } if text.chars().count() == 201)
        );
        assert!(matches!(&nodes[1].value, NodeValue::Children { total: 250, items } if items.len() == 100));
    }
}
