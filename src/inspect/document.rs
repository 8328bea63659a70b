//! One document: looked at masked, revealed with a reason, downloaded as text.

use std::sync::Arc;
use std::time::Duration;

use bson::{RawDocument, doc};
use futures::StreamExt;

use super::address::parse_id;
use super::bounds;
use super::catalog::{self, Described};
use super::failure::read;
use super::json::{JsonWriter, Style};
use super::order::Key;
use super::paging::{self, From, Order, Source};
use super::sort::Sort;
use super::surveys;
use crate::audit::{self, Action, Entry};
use crate::ctx::Ctx;
use crate::db::read_only::ReadOptions;
use crate::dump::raw::find;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::inspect as words;
use crate::values::Capability;

/// Time for one document.
const TIME: Duration = Duration::from_secs(10);
/// Shortest reason for revealing, in characters.
pub const SHORTEST_REASON: usize = 8;
/// Longest reason.
pub const LONGEST_REASON: usize = 500;

/// A document as stored.
pub struct Opened {
    /// Its collection.
    pub described: Arc<Described>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How it is addressed.
    pub address: String,
}

/// Opens a document to look at it, masked; recorded.
pub async fn open(ctx: &Ctx, database: &str, collection: &str, address: &str) -> Result<Opened, Failure> {
    let opened = load(ctx, database, collection, address).await?;
    record(ctx, &opened, Entry::new(Action::DataInspected), doc! { "rows": 1_i64 }).await?;
    Ok(opened)
}

/// Opens a document with its personal values; the reason is on record before anything is returned.
pub async fn reveal(
    ctx: &Ctx,
    database: &str,
    collection: &str,
    address: &str,
    reason: &str,
) -> Result<Opened, Failure> {
    let reason = reason.trim();
    let length = reason.chars().count();
    ctx.require(Capability::DataInspect)?;
    if !(SHORTEST_REASON..=LONGEST_REASON).contains(&length) {
        return Err(Failure::invalid("reason", words::reason_length(SHORTEST_REASON, LONGEST_REASON)));
    }
    let opened = load(ctx, database, collection, address).await?;
    record(ctx, &opened, Entry::new(Action::DataRevealed), doc! { "reason": reason }).await?;
    Ok(opened)
}

async fn record(ctx: &Ctx, opened: &Opened, entry: Entry, particulars: bson::Document) -> Result<(), Failure> {
    let Described { database, name, .. } = &*opened.described;
    let mut details = doc! { "database": &database.name, "collection": name };
    details.extend(particulars);
    let target = format!("{}.{name}/{}", database.name, opened.address);
    audit::record(ctx, entry.target("document", target).details(details)).await
}

async fn load(ctx: &Ctx, database: &str, collection: &str, address: &str) -> Result<Opened, Failure> {
    ctx.require(Capability::DataInspect)?;
    let described = catalog::describe(ctx, database, collection).await?;
    let bytes = match address.strip_prefix('@') {
        // Where the `_id` itself may not be seen, a document is addressed by its number.
        Some(number) => {
            let number: u64 = number.parse().ok().filter(|number| *number > 0).ok_or(AppError::NotFound)?;
            by_number(ctx, &described, number - 1).await?
        }
        None => by_id(ctx, &described, &parse_id(address).ok_or(AppError::NotFound)?).await?,
    };
    Ok(Opened { described, bytes, address: address.into() })
}

async fn by_id(ctx: &Ctx, described: &Described, id: &Key) -> Result<Vec<u8>, Failure> {
    let mut command = doc! { "find": &described.name, "filter": { "_id": bounds::equality(id) } };
    if described.collated {
        command.insert("collation", doc! { "locale": "simple" });
    }
    let options = ReadOptions::within(TIME);
    let mut documents = ctx.app.read_only.cursor(&described.database.name, command, options).await.map_err(read)?;
    while let Some(document) = documents.next().await {
        let document = document.map_err(read)?;
        let found = find(document.as_bytes(), "_id").map_or_else(Key::null, |element| Key::of(&element));
        if found == *id {
            return Ok(document.into_bytes());
        }
    }
    Err(AppError::NotFound.into())
}

async fn by_number(ctx: &Ctx, described: &Described, number: u64) -> Result<Vec<u8>, Failure> {
    let sort = Sort::id();
    let count = surveys::count(&ctx.app, &described.wanted(&sort)).await?;
    let ladder = count.known().and_then(|counted| counted.ladder.as_deref()).ok_or(AppError::NotFound)?;
    if number >= ladder.count() {
        return Err(AppError::NotFound.into());
    }
    let source = Source {
        db: &ctx.app.read_only,
        database: &described.database.name,
        collection: &described.name,
        filter: None,
        collated: described.collated,
        max_time: TIME,
    };
    let order = Order { sort: &sort, backwards: false, ladder: Some(ladder) };
    let page = paging::read(source, order, From::At(number), 1, <[u8]>::to_vec).await?;
    page.rows.into_iter().next().map(|row| row.kept).ok_or_else(|| AppError::NotFound.into())
}

/// The document as canonical Extended JSON, masked like everywhere unless it was revealed; `None` if it holds bytes that
/// text can't carry.
pub fn text(opened: &Opened, revealed: bool) -> Option<Vec<u8>> {
    let raw = RawDocument::from_bytes(&opened.bytes).ok()?;
    let mut out = Vec::with_capacity(opened.bytes.len() * 2);
    let mut writer = JsonWriter::new(&opened.described.name, Style::Canonical, revealed);
    writer.document(&mut out, raw).ok()?;
    Some(out)
}

/// JSON text on several lines, at most so many characters; the flag says whether it was cut.
pub fn pretty(text: &str, most: usize) -> (String, bool) {
    let mut out = String::new();
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if out.len() > most {
            return (out, true);
        }
        if in_text {
            out.push(character);
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match character {
            '"' => {
                in_text = true;
                out.push('"');
            }
            '{' | '[' => {
                out.push(character);
                let next = characters.peek().copied();
                // `{"$oid":…}` and its kin stay on one line.
                if next.is_some_and(|next| !matches!(next, '}' | ']')) && !is_wrapped(&mut characters.clone()) {
                    depth += 1;
                    line(&mut out, depth);
                } else if next.is_some_and(|next| !matches!(next, '}' | ']')) {
                    copy_wrapped(&mut characters, &mut out);
                }
            }
            '}' | ']' => {
                if !out.ends_with(['{', '[']) {
                    depth = depth.saturating_sub(1);
                    line(&mut out, depth);
                }
                out.push(character);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => out.push(character),
        }
    }
    (out, false)
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn is_wrapped(rest: &mut impl Iterator<Item = char>) -> bool {
    rest.next() == Some('"') && rest.next() == Some('$')
}

/// Copies the inside of a wrapped value and its closing brace as they are.
fn copy_wrapped(characters: &mut impl Iterator<Item = char>, out: &mut String) {
    let (mut depth, mut in_text, mut escaped) = (1_usize, false, false);
    for character in characters {
        out.push(character);
        match character {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '{' if !in_text => depth += 1,
            '}' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_and_stays_the_same_json() {
        let text = r#"{"_id":{"$oid":"65bb0e000000000000000001"},"a":[1,{"b":"x{\"}"}],"e":{},"l":[],"d":{"$date":{"$numberLong":"1"}}}"#;
        let (laid_out, cut) = pretty(text, 10_000);
        assert!(!cut);
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parse(&laid_out), parse(text));
        assert_eq!(laid_out.lines().next(), Some("{"));
        assert!(laid_out.contains("  \"_id\": {\"$oid\":\"65bb0e000000000000000001\"},\n"), "{laid_out}");
        assert!(pretty(text, 20).1);
    }
}
