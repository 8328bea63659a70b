//! A document as a typed tree.
//!
//! The model is plain: whoever reads BSON turns it into [`Node`]s, already cut, hidden and masked. What is absent here
//! was never sent: a hidden value has no text to leak. Every node shows its canonical type, so `int32 1`, `int64 1` and
//! `double 1.0` look different, and keys come in stored order, duplicates included.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Text};
use crate::i18n::ui as words;

/// One field or array element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub key: String,
    /// Canonical Extended JSON type: `string`, `int32`, `objectId`…
    pub type_label: Cow<'static, str>,
    pub value: NodeValue,
    /// Address of the document this value refers to.
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeValue {
    Scalar {
        text: String,
        /// The whole length in characters, when `text` is only its beginning.
        truncated_len: Option<u64>,
    },
    /// An object or array; `total` counts what is stored, `items` what is shown.
    Children { items: Vec<Node>, total: u64 },
    /// A secret: never sent. `reason` says what it is and how large.
    Hidden { reason: Cow<'static, str> },
    /// Personal: masked until revealed with a reason.
    Masked,
}

/// Objects and arrays are open down to `open_levels`, closed below.
#[component]
pub fn JsonTree(
    nodes: Vec<Node>,
    #[prop(default = 2)] open_levels: u8,
    /// Where the whole document can be read, for values cut short.
    #[prop(optional, into)]
    whole: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let whole = whole.get();
    view! {
        <div class="tree" data-testid=testid.get()>
            {branch(nodes, open_levels, whole.as_deref())}
        </div>
    }
}

fn branch(nodes: Vec<Node>, open_levels: u8, whole: Option<&str>) -> AnyView {
    let items = nodes.into_iter().map(|node| leaf(node, open_levels, whole)).collect_view();
    view! { <ul>{items}</ul> }.into_any()
}

fn leaf(node: Node, open_levels: u8, whole: Option<&str>) -> AnyView {
    let Node { key, type_label, value, link } = node;
    match value {
        NodeValue::Children { items, total } => {
            let left = total.saturating_sub(items.len() as u64);
            let size = words::children(total, type_label == "array");
            if items.is_empty() && left == 0 {
                return line(key, type_label, view! { <span class="tree-none">{size}</span> }.into_any(), None);
            }
            let rest = (left > 0).then(|| cut(words::more_children(left), whole));
            view! {
                <li>
                    <details open=open_levels.checked_sub(1).is_some()>
                        <summary>
                            <span class="tree-key">{key}</span>
                            <span class="tree-size">{size}</span>
                            <span class="tree-type">{type_label}</span>
                        </summary>
                        {branch(items, open_levels.saturating_sub(1), whole)}
                        {rest}
                    </details>
                </li>
            }
            .into_any()
        }
        NodeValue::Scalar { text, truncated_len } => {
            let kind = kind(&type_label);
            let shown = match link {
                Some(href) => view! { <a class="tree-value" href=href data-testid="tree-link">{text}</a> }.into_any(),
                None => view! { <span class="tree-value" data-kind=kind>{text}</span> }.into_any(),
            };
            let rest = truncated_len.map(|length| cut(words::cut_at(length), whole));
            line(key, type_label, shown, rest)
        }
        NodeValue::Hidden { reason } => {
            let shown = view! {
                <span class="tree-hidden" data-testid="tree-hidden">
                    <Icon glyph=Glyph::Lock/>
                    {reason}
                </span>
            };
            line(key, type_label, shown.into_any(), None)
        }
        NodeValue::Masked => {
            let shown = view! {
                <span class="tree-masked" data-testid="tree-masked">
                    <Icon glyph=Glyph::EyeOff/>
                    {words::MASKED}
                </span>
            };
            line(key, type_label, shown.into_any(), None)
        }
    }
}

fn line(key: String, type_label: Cow<'static, str>, value: AnyView, note: Option<AnyView>) -> AnyView {
    view! {
        <li>
            <span class="tree-key">{key}</span>
            {value}
            <span class="tree-type">{type_label}</span>
            {note}
        </li>
    }
    .into_any()
}

fn cut(note: String, whole: Option<&str>) -> AnyView {
    view! {
        <span class="tree-cut">
            {note} {whole.map(|href| view! { " " <a href=href.to_owned()>{words::SEE_WHOLE}</a> })}
        </span>
    }
    .into_any()
}

/// Text is quoted by the stylesheet; everything else is bare.
fn kind(type_label: &str) -> Option<&'static str> {
    match type_label {
        "string" => Some("text"),
        "null" | "undefined" | "minKey" | "maxKey" => Some("nothing"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(key: &str, type_label: &'static str, text: &str) -> Node {
        Node {
            key: key.into(),
            type_label: type_label.into(),
            value: NodeValue::Scalar { text: text.into(), truncated_len: None },
            link: None,
        }
    }

    fn html(nodes: Vec<Node>) -> String {
        Owner::new().with(|| view! { <JsonTree nodes/> }.to_html())
    }

    #[test]
    fn types_tell_equal_looking_numbers_apart_and_duplicates_stay() {
        let html = html(vec![scalar("n", "int32", "1"), scalar("n", "int64", "1"), scalar("n", "double", "1.0")]);
        for label in ["int32", "int64", "double"] {
            assert!(html.contains(&format!(">{label}<")), "{html}");
        }
        assert_eq!(html.matches(">n<").count(), 3);
    }

    #[test]
    fn keys_and_values_are_escaped() {
        let html = html(vec![scalar("<b>", "string", "<script>")]);
        assert!(!html.contains("<b>") && !html.contains("<script>"), "{html}");
    }

    #[test]
    fn what_is_left_out_is_said() {
        let html = html(vec![Node {
            key: "list".into(),
            type_label: "array".into(),
            value: NodeValue::Children { items: vec![scalar("0", "int32", "7")], total: 1_500 },
            link: None,
        }]);
        assert!(html.contains("1.500"), "{html}");
        assert!(html.contains("1.499"), "{html}");
    }
}
