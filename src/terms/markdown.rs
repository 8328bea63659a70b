//! The little of Markdown that legal texts need: headings, paragraphs, lists, quotes. Everything else is text.

use leptos::prelude::*;

/// A block of a text.
#[derive(Debug, PartialEq, Eq)]
enum Block {
    Heading(String),
    Paragraph(String),
    List(Vec<String>),
    Quote(String),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for part in text.replace("\r\n", "\n").split("\n\n").map(str::trim).filter(|part| !part.is_empty()) {
        let mut lines = part.lines().peekable();
        while let Some(line) = lines.next() {
            let block = if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("# ")) {
                Block::Heading(heading.into())
            } else if let Some(item) = line.strip_prefix("- ") {
                let mut items = vec![item.to_owned()];
                while let Some(item) = lines.next_if(|line| line.starts_with("- ")) {
                    items.push(item[2..].to_owned());
                }
                Block::List(items)
            } else if let Some(quote) = line.strip_prefix("> ") {
                Block::Quote(quote.into())
            } else {
                let mut paragraph = line.to_owned();
                while let Some(more) = lines.next_if(|line| !line.starts_with("- ") && !line.starts_with("## ")) {
                    paragraph.push(' ');
                    paragraph.push_str(more);
                }
                Block::Paragraph(paragraph)
            };
            blocks.push(block);
        }
    }
    blocks
}

/// Draws a text.
pub(super) fn draw(text: &str) -> impl IntoView + use<> {
    blocks(text)
        .into_iter()
        .map(|block| match block {
            Block::Heading(text) => view! { <h2>{text}</h2> }.into_any(),
            Block::Paragraph(text) => view! { <p>{text}</p> }.into_any(),
            Block::Quote(text) => view! { <p class="muted">{text}</p> }.into_any(),
            Block::List(items) => {
                let items = items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view();
                view! { <ul class="bullets">{items}</ul> }.into_any()
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let text = "> Nota.\n\n## Uno\nPrimera\nsigue.\n- a\n- b\n\nÚltima <b>.";
        assert_eq!(
            blocks(text),
            [
                Block::Quote("Nota.".into()),
                Block::Heading("Uno".into()),
                Block::Paragraph("Primera sigue.".into()),
                Block::List(vec!["a".into(), "b".into()]),
                Block::Paragraph("Última <b>.".into()),
            ]
        );
    }
}
