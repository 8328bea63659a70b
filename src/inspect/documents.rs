//! One page of a collection: what was asked for in the address, and what is shown of it.

use std::sync::Arc;
use std::time::Duration;

use bson::{Bson, Document, RawBsonRef, RawDocument, doc};
use futures::StreamExt;

use super::address::{parse_place, place_text};
use super::catalog::{self, Described};
use super::cells::{self, Line};
use super::failure::read;
use super::filter::{self, FilterInput};
use super::known;
use super::masks::{self, Masker, Visibility};
use super::paging::{self, From, Order, Page, Source};
use super::sort::{Place, Sort};
use super::surveys::{self, Count};
use crate::audit::{self, Action, Entry};
use crate::ctx::Ctx;
use crate::db::ReadError;
use crate::db::read_only::ReadOptions;
use crate::dump::raw::Builder;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::inspect as words;
use crate::values::Capability;

/// Rows of a page.
pub const ROWS: usize = 50;
/// Time for a page.
const PAGE_TIME: Duration = Duration::from_secs(10);
/// Time for counting what a filter lets through.
const COUNT_TIME: Duration = Duration::from_secs(10);
/// Creators' addresses read at most for the filter that compares with them.
const ADDRESSES: usize = 20_000;

/// What the address of a collection view says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Columns by path; empty for the usual ones.
    pub columns: Vec<String>,
    /// The order, as [`Sort::parse`] reads it; empty for `_id`.
    pub sort: String,
    /// Where the page begins.
    pub at: At,
    /// The filter as typed.
    pub filter: FilterInput,
    /// A filter that stands ready under a name.
    pub preset: String,
    /// Whether to count what the filter lets through.
    pub counted: bool,
}

/// Where a page begins, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// At the first document.
    #[default]
    First,
    /// At the page that ends with the last.
    Last,
    /// Behind a place; so many documents of that very place were seen.
    After(String, u32),
    /// In front of a place.
    Before(String),
    /// At the document of this number, from 1.
    Number(u64),
}

impl Asked {
    /// Reads decoded query pairs; what doesn't make sense is left out.
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
        let columns = get("columns").unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
        let at = match (get("after"), get("before"), get("at"), get("end")) {
            (Some(place), ..) => At::After(place.into(), get("seen").and_then(|seen| seen.parse().ok()).unwrap_or(1)),
            (_, Some(place), ..) => At::Before(place.into()),
            (_, _, Some(number), _) => {
                let digits: String = number.chars().filter(char::is_ascii_digit).collect();
                digits.parse().map_or(At::First, |number: u64| At::Number(number.max(1)))
            }
            (.., Some(_)) => At::Last,
            _ => At::First,
        };
        Self {
            columns: columns.take(cells::MOST_COLUMNS).map(str::to_owned).collect(),
            sort: get("sort").unwrap_or_default().into(),
            at,
            filter: FilterInput::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
            preset: get("preset").unwrap_or_default().into(),
            counted: get("count").is_some(),
        }
    }

    /// The pairs of a view at another place; the filter, columns and order stay.
    pub fn pairs(&self, at: &At) -> Vec<(&'static str, String)> {
        let mut pairs = self.kept();
        match at {
            At::First => {}
            At::Last => pairs.push(("end", "1".into())),
            At::After(place, seen) => {
                pairs.push(("after", place.clone()));
                if *seen > 1 {
                    pairs.push(("seen", seen.to_string()));
                }
            }
            At::Before(place) => pairs.push(("before", place.clone())),
            At::Number(number) => pairs.push(("at", number.to_string())),
        }
        pairs
    }

    /// The pairs without a place: what hidden fields of a form carry.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<_> = self.filter.pairs().into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        if !self.columns.is_empty() {
            pairs.push(("columns", self.columns.join(",")));
        }
        if !self.sort.is_empty() {
            pairs.push(("sort", self.sort.clone()));
        }
        if !self.preset.is_empty() {
            pairs.push(("preset", self.preset.clone()));
        }
        pairs
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty() || !self.preset.is_empty()
    }
}

/// A page as it is shown.
pub struct View {
    /// The collection.
    pub described: Arc<Described>,
    /// Its count in this order.
    pub count: Count,
    /// The order.
    pub sort: Sort,
    /// Whether it is read from the highest place down.
    pub backwards: bool,
    /// The rows, or why the filter can't be asked.
    pub found: Result<Shown, Vec<FieldProblem>>,
}

/// The rows of a page and where it leads.
pub struct Shown {
    /// Rows.
    pub lines: Vec<Line>,
    /// Columns.
    pub columns: Vec<String>,
    /// Number of the first row, from 1, where it is known.
    pub first: Option<u64>,
    /// The page in front.
    pub previous: Option<At>,
    /// The page behind.
    pub next: Option<At>,
    /// Documents the filter lets through, if that was asked: `None` if they couldn't be counted in time.
    pub total: Option<Option<u64>>,
}

/// Loads one page, and records that it was looked at.
pub async fn view(ctx: &Ctx, database: &str, collection: &str, asked: &Asked) -> Result<View, Failure> {
    ctx.require(Capability::DataInspect)?;
    let described = catalog::describe(ctx, database, collection).await?;
    let (sort, backwards) = match asked.sort.as_str() {
        "" => (Sort::id(), false),
        text => Sort::parse(text).filter(|(sort, _)| described.sorts.contains(sort)).ok_or(AppError::NotFound)?,
    };
    let count = surveys::count_for_page(&ctx.app, &described.wanted(&sort)).await?;
    let found = match found(ctx, &described, &count, &sort, backwards, asked).await {
        Ok(shown) => Ok(shown),
        Err(Failure::Refused(AppError::Invalid(problems))) => Err(problems),
        Err(failure) => return Err(failure),
    };
    Ok(View { described, count, sort, backwards, found })
}

async fn found(
    ctx: &Ctx,
    described: &Described,
    count: &Count,
    sort: &Sort,
    backwards: bool,
    asked: &Asked,
) -> Result<Shown, Failure> {
    let filter = filter::compile(&described.name, &asked.filter).map_err(AppError::Invalid)?;
    let preset = preset(ctx, described, &asked.preset).await?;
    let query = match (filter.is_empty(), preset) {
        (true, None) => None,
        (true, Some(preset)) => Some(preset),
        (false, None) => Some(filter.document().clone()),
        (false, Some(preset)) => Some(doc! { "$and": [filter.document().clone(), preset] }),
    };
    let place =
        |text: &str| parse_place(text, sort.parts().len()).ok_or_else(|| Failure::invalid("page", words::BAD_PLACE));
    let from = match &asked.at {
        At::First => From::First,
        At::Last => From::Last,
        At::After(text, seen) => From::After(place(text)?, *seen),
        At::Before(text) => From::Before(place(text)?),
        At::Number(number) => From::At(number - 1),
    };
    let ladder = match count.known() {
        Some(counted) => counted.ladder.clone(),
        // From the other end, nothing is known before everything is.
        None if backwards || from == From::Last => None,
        None => count.start(|start| paging::is_within(start, &from)).await,
    };
    let order = Order { sort, backwards, ladder: ladder.as_deref() };
    let source = Source {
        db: &ctx.app.read_only,
        database: &described.database.name,
        collection: &described.name,
        filter: query.as_ref(),
        collated: described.collated,
        max_time: PAGE_TIME,
    };
    let mut masker = Masker::new(&described.name);
    let page =
        paging::read(source, order, from, ROWS, |document| cells::line(&mut masker, document, &asked.columns)).await?;
    let total = match (&query, asked.counted) {
        (Some(query), true) => Some(total(ctx, described, query).await?),
        _ => None,
    };
    let details = doc! {
        "database": &described.database.name,
        "collection": &described.name,
        "filter": (!filter.is_empty()).then(|| filter.text()),
        "preset": (!asked.preset.is_empty()).then_some(&asked.preset),
        "personal": (!filter.personal().is_empty()).then(|| filter.personal().to_vec()),
        "sort": sort.name(backwards),
        "rows": page.rows.len() as i64,
    };
    let details: Document = details.into_iter().filter(|(_, value)| *value != Bson::Null).collect();
    let target = format!("{}.{}", described.database.name, described.name);
    audit::record(ctx, Entry::new(Action::DataInspected).target("collection", target).details(details)).await?;
    Ok(shown(described, order, page, asked, total))
}

fn shown(
    described: &Described,
    order: Order<'_>,
    page: Page<Line>,
    asked: &Asked,
    total: Option<Option<u64>>,
) -> Shown {
    let first = page.position.map(|position| position + 1);
    let seen = page.repeats(order.sort);
    let rows = page.rows.len() as u64;
    let end = |place: Option<&Place>, make: &dyn Fn(String) -> At, number: Option<u64>| {
        let place = place?;
        match is_open(&described.name, order.sort, place) {
            true => Some(make(place_text(place))),
            // A place that may not be seen doesn't travel in an address; its number does.
            false => number.map(At::Number),
        }
    };
    let (top, bottom) = (page.rows.first().map(|row| &row.place), page.rows.last().map(|row| &row.place));
    let next =
        page.has_next.then(|| end(bottom, &|text| At::After(text, seen), first.map(|first| first + rows))).flatten();
    let back = first.map(|first| first.saturating_sub(ROWS as u64).max(1));
    let previous = page.has_previous.then(|| end(top, &At::Before, back)).flatten();
    let lines: Vec<_> = page.rows.into_iter().map(|row| row.kept).collect();
    let columns = if asked.columns.is_empty() { cells::usual_columns(&lines) } else { asked.columns.clone() };
    Shown { lines, columns, first, previous, next, total }
}

fn is_open(collection: &str, sort: &Sort, place: &Place) -> bool {
    let mut builder = Builder::new();
    for key in place {
        builder.raw(key.kind, b"", &key.value);
    }
    let bytes = builder.finish();
    let Ok(raw) = RawDocument::from_bytes(&bytes) else { return false };
    sort.parts().iter().zip(raw.iter()).all(|(part, value)| {
        value.is_ok_and(|(_, value)| masks::of_value(collection, &part.path, value) == Visibility::Open)
    })
}

/// The filter behind a name; names nobody knows are refused.
async fn preset(ctx: &Ctx, described: &Described, name: &str) -> Result<Option<Document>, Failure> {
    match name {
        "" => Ok(None),
        known::MATCHING => Ok(Some(known::address_in(creators_addresses(ctx, &described.database.name).await?))),
        _ => Err(Failure::invalid("preset", words::BAD_PRESET)),
    }
}

async fn creators_addresses(ctx: &Ctx, database: &str) -> Result<Vec<String>, Failure> {
    let command = doc! {
        "find": "ugc_creators", "filter": { "email": { "$type": "string" } }, "projection": { "email": 1 },
        "limit": ADDRESSES as i64,
    };
    let options = ReadOptions::within(PAGE_TIME);
    let mut creators = ctx.app.read_only.cursor(database, command, options).await.map_err(read)?;
    let mut addresses = Vec::new();
    while let Some(creator) = creators.next().await {
        let creator = creator.map_err(read)?;
        if let Ok(Some(RawBsonRef::String(email))) = creator.get("email") {
            addresses.push(email.trim().to_lowercase());
        }
    }
    addresses.sort_unstable();
    addresses.dedup();
    addresses.retain(|address| !address.is_empty());
    Ok(addresses)
}

/// How many documents a filter lets through; `None` if that takes too long.
async fn total(ctx: &Ctx, described: &Described, query: &Document) -> Result<Option<u64>, Failure> {
    let command = doc! {
        "aggregate": &described.name, "pipeline": [{ "$match": query.clone() }, { "$count": "n" }], "cursor": {},
    };
    let options = ReadOptions::within(COUNT_TIME);
    let mut counts = match ctx.app.read_only.cursor(&described.database.name, command, options).await {
        Err(ReadError::TimedOut) => return Ok(None),
        other => other.map_err(read)?,
    };
    match counts.next().await {
        None => Ok(Some(0)),
        Some(Err(ReadError::TimedOut)) => Ok(None),
        Some(count) => {
            let count = Document::try_from(&*count.map_err(read)?).map_err(anyhow::Error::from)?;
            let count =
                count.get_i32("n").map(i64::from).or_else(|_| count.get_i64("n")).map_err(anyhow::Error::from)?;
            Ok(u64::try_from(count).ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::from_pairs(&serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap())
    }

    #[test]
    fn the_address_is_the_view() {
        for query in [
            "",
            "columns=a%2Cb.c&sort=-a",
            "field=status&op=eq&type=text&value=live&sort=a&after=WzFd",
            "raw=%7B%7D&before=x",
            "preset=email-of-a-creator&end=1",
            "after=x&seen=3",
            "at=101",
        ] {
            let view = asked(query);
            let pairs = view.pairs(&view.at);
            assert_eq!(asked(&serde_urlencoded::to_string(&pairs).unwrap()), view, "{query}");
        }
        assert_eq!(asked("at=1.204").at, At::Number(1204));
        assert_eq!(asked("at=x").at, At::First);
        assert_eq!(asked("at=0").at, At::Number(1));
    }
}
