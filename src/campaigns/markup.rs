//! The little markup of descriptions: subtitles, bullets, rules, bold.
//!
//! A line that begins with 📌 🎯 ✨ 💡 is a subtitle, one with `•`, `-` or `*` a bullet (but `-20%` is a figure), `───` or
//! `---` a rule; `**x**` is bold and a blank line a space. Everything else is text, and every piece of it is escaped when
//! it is drawn.

use leptos::prelude::*;

/// Marks of subtitles; they aren't shown, a heading needs no picture.
const SUBTITLES: [char; 4] = ['📌', '🎯', '✨', '💡'];

/// A piece of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Subtitle(Vec<Span>),
    /// One after another.
    Bullets(Vec<Vec<Span>>),
    /// A line across.
    Rule,
    /// Lines that belong together.
    Paragraph(Vec<Vec<Span>>),
}

/// Text that looks alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// As it is.
    Plain(String),
    /// Bold.
    Bold(String),
}

enum Line<'a> {
    Blank,
    Rule,
    Subtitle(&'a str),
    Bullet(&'a str),
    Text(&'a str),
}

fn line(text: &str) -> Line<'_> {
    let text = text.trim();
    if text.is_empty() {
        return Line::Blank;
    }
    let is_rule = |mark: char| text.chars().count() >= 3 && text.chars().all(|c| c == mark);
    if is_rule('-') || is_rule('─') {
        return Line::Rule;
    }
    if let Some(rest) = text.strip_prefix(SUBTITLES) {
        return Line::Subtitle(rest.trim_start_matches(['\u{fe0f}', ' ']));
    }
    if let Some(rest) = text.strip_prefix('•') {
        return Line::Bullet(rest.trim_start());
    }
    // «-20%» is a number, two asterisks begin something bold, and a mark alone marks nothing.
    let is_mark = |rest: &&str| !text.starts_with("**") && !is_discount(text) && !rest.is_empty();
    match text.strip_prefix(['-', '*']).filter(is_mark) {
        Some(rest) => Line::Bullet(rest.trim_start()),
        None => Line::Text(text),
    }
}

fn is_discount(text: &str) -> bool {
    let figures = text.strip_prefix('-').map(|rest| rest.trim_start_matches(|next: char| next.is_ascii_digit()));
    figures.is_some_and(|rest| rest.starts_with('%') && !text.starts_with("-%"))
}

fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("**") {
        let Some((bold, behind)) = after.split_once("**").filter(|(bold, _)| !bold.trim().is_empty()) else { break };
        if !before.is_empty() {
            spans.push(Span::Plain(before.into()));
        }
        spans.push(Span::Bold(bold.into()));
        rest = behind;
    }
    if !rest.is_empty() {
        spans.push(Span::Plain(rest.into()));
    }
    spans
}

/// Reads a description.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_apart = true;
    for found in text.lines().map(line) {
        match found {
            Line::Blank => {
                is_apart = true;
                continue;
            }
            Line::Rule => blocks.push(Block::Rule),
            Line::Subtitle(text) => blocks.push(Block::Subtitle(spans(text))),
            Line::Bullet(text) => match blocks.last_mut() {
                Some(Block::Bullets(items)) => items.push(spans(text)),
                _ => blocks.push(Block::Bullets(vec![spans(text)])),
            },
            Line::Text(text) => match blocks.last_mut() {
                Some(Block::Paragraph(lines)) if !is_apart => lines.push(spans(text)),
                _ => blocks.push(Block::Paragraph(vec![spans(text)])),
            },
        }
        is_apart = false;
    }
    blocks
}

/// The text without its marks, on one line: for excerpts, messages and search.
pub fn plain(text: &str) -> String {
    let said = |spans: &[Span]| {
        spans
            .iter()
            .map(|span| match span {
                Span::Plain(text) | Span::Bold(text) => text.as_str(),
            })
            .collect::<String>()
    };
    let mut parts = Vec::new();
    for block in parse(text) {
        match block {
            Block::Rule => {}
            Block::Subtitle(spans) => parts.push(said(&spans)),
            Block::Bullets(lines) | Block::Paragraph(lines) => parts.extend(lines.iter().map(|line| said(line))),
        }
    }
    parts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of the text, at most so many characters and ending with a whole word.
pub fn excerpt(text: &str, characters: usize) -> String {
    let whole = plain(text);
    if whole.chars().count() <= characters {
        return whole;
    }
    let cut: String = whole.chars().take(characters.saturating_sub(1)).collect();
    let kept = cut.rfind(' ').filter(|at| *at > 0).map_or(cut.as_str(), |at| &cut[..at]);
    format!("{}…", kept.trim_end_matches([',', '.', ';', ':']))
}

/// A description as it is drawn. Its subtitles are headings of the third level.
#[component]
pub fn Markup(#[prop(into)] text: String) -> impl IntoView {
    let blocks = parse(&text).into_iter().map(draw).collect_view();
    view! { <div class="markup">{blocks}</div> }
}

fn draw(block: Block) -> AnyView {
    match block {
        Block::Rule => view! { <hr/> }.into_any(),
        Block::Subtitle(spans) => view! { <h3>{words(spans)}</h3> }.into_any(),
        Block::Bullets(items) => {
            let items = items.into_iter().map(|item| view! { <li>{words(item)}</li> }).collect_view();
            view! { <ul>{items}</ul> }.into_any()
        }
        Block::Paragraph(lines) => {
            let lines = lines
                .into_iter()
                .enumerate()
                .map(|(at, line)| view! { {(at > 0).then(|| view! { <br/> })} {words(line)} })
                .collect_view();
            view! { <p>{lines}</p> }.into_any()
        }
    }
}

fn words(spans: Vec<Span>) -> impl IntoView {
    spans
        .into_iter()
        .map(|span| match span {
            Span::Plain(text) => text.into_any(),
            Span::Bold(text) => view! { <strong>{text}</strong> }.into_any(),
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(text: &str) -> Vec<Span> {
        vec![Span::Plain(text.into())]
    }

    #[test]
    fn every_mark_is_understood() {
        let text = "📌 Qué buscamos\nUn video **corto** y claro\ncon luz natural\n\nOtro párrafo\n• Uno\n- Dos\n* Tres\n---\n───\n-20% solo hoy";
        let blocks = parse(text);
        assert_eq!(blocks[0], Block::Subtitle(plainly("Qué buscamos")));
        let Block::Paragraph(lines) = &blocks[1] else { panic!("{blocks:?}") };
        assert_eq!(
            lines[0],
            [Span::Plain("Un video ".into()), Span::Bold("corto".into()), Span::Plain(" y claro".into())]
        );
        assert_eq!(lines[1], plainly("con luz natural"));
        assert_eq!(blocks[2], Block::Paragraph(vec![plainly("Otro párrafo")]));
        assert_eq!(blocks[3], Block::Bullets(vec![plainly("Uno"), plainly("Dos"), plainly("Tres")]));
        assert_eq!(blocks[4..6], [Block::Rule, Block::Rule]);
        assert_eq!(blocks[6], Block::Paragraph(vec![plainly("-20% solo hoy")]));
    }

    #[test]
    fn whatever_follows_its_mark_a_bullet_is_one() {
        let items = ["@marca", "#etiqueta", "1 reel", "¡Con luz!", "%", "Uno"];
        let text: Vec<_> = items.iter().flat_map(|item| [format!("-{item}"), format!("*{item}")]).collect();
        let bullets = items.iter().flat_map(|item| [plainly(item), plainly(item)]).collect();
        assert_eq!(parse(&text.join("\n")), [Block::Bullets(bullets)]);
        assert_eq!(parse("-15% a todos"), [Block::Paragraph(vec![plainly("-15% a todos")])]);
        assert_eq!(parse("-"), [Block::Paragraph(vec![plainly("-")])]);
    }

    #[test]
    fn a_bold_line_is_no_bullet_and_lonely_stars_stay() {
        assert_eq!(parse("**Todo**"), [Block::Paragraph(vec![vec![Span::Bold("Todo".into())]])]);
        assert_eq!(parse("a ** b"), [Block::Paragraph(vec![plainly("a ** b")])]);
    }

    #[test]
    fn markup_draws_text_and_never_its_tags() {
        let html = Owner::new().with(|| view! { <Markup text="• <b>x</b>\n**<i>**"/> }.to_html()).replace("<!>", "");
        assert!(html.contains("&lt;b&gt;x&lt;/b&gt;") && html.contains("<strong>&lt;i&gt;</strong>"), "{html}");
    }

    #[test]
    fn an_excerpt_ends_with_a_whole_word() {
        assert_eq!(excerpt("📌 Hola\n• mundo **grande**", 100), "Hola mundo grande");
        assert_eq!(excerpt("uno dos, tres cuatro", 10), "uno dos…");
    }
}
