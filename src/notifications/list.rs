//! Reading system notices: by key, newest news first, and never by skipping.

use bson::oid::ObjectId;
use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;

use super::model::{NoticeType, Severity, Source, State, SystemNotice};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::Capability;

/// Spans of time looked through before all of them is, in days: the local engine pays for every matching key and not only for
/// those it returns.
const SPANS_DAYS: [i64; 2] = [2, 30];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A page is refused rather than waited for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// Unread notices are counted up to here; the badge says «9+».
pub const UNREAD_SHOWN: usize = 10;
/// At most so many pinned notices stand above a list.
const PINNED: i64 = 20;

/// Which notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One type.
    pub kind: Option<NoticeType>,
    /// One severity.
    pub severity: Option<Severity>,
    /// One source.
    pub source: Option<Source>,
    /// One state.
    pub state: Option<State>,
    /// Only what this person hasn't read.
    pub unread_by: Option<String>,
}

/// A place in the list: the key of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    at_ms: i64,
    key: ObjectId,
}

/// From which place, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// The newest ones.
    #[default]
    Newest,
    /// Those older than this one.
    Before(Place),
    /// Those newer than this one.
    After(Place),
}

/// Notices, newest first, and the places of the pages around them.
#[derive(Debug)]
pub struct Page {
    /// Critical, not over, taken by nobody: on the first page only, and not repeated in `rows` there.
    pub pinned: Vec<SystemNotice>,
    /// The page.
    pub rows: Vec<SystemNotice>,
    /// All that match.
    pub total: u64,
    /// The page before this one.
    pub newer: Option<Place>,
    /// The page after this one.
    pub older: Option<Place>,
}

impl Place {
    fn of(notice: &SystemNotice) -> Self {
        Self::at(notice.sort_at, notice.key)
    }

    /// The place of a document.
    pub(super) fn at(at: DateTime, key: ObjectId) -> Self {
        Self { at_ms: at.timestamp_millis(), key }
    }

    /// Its time and its key.
    pub(super) fn parts(self) -> (DateTime, ObjectId) {
        (DateTime::from_millis(self.at_ms), self.key)
    }

    /// As it stands in a link.
    pub fn parse(text: &str) -> Option<Self> {
        let (at_ms, key) = text.split_once('-')?;
        Some(Self { at_ms: at_ms.parse().ok()?, key: ObjectId::parse_str(key).ok()? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at_ms, self.key.to_hex())
    }
}

impl Filter {
    fn query(&self) -> Document {
        let mut query = Document::new();
        let named = [
            ("type", self.kind.map(NoticeType::as_str)),
            ("severity", self.severity.map(Severity::as_str)),
            ("source", self.source.map(Source::as_str)),
            ("state", self.state.map(State::as_str)),
        ];
        for (field, name) in named {
            if let Some(name) = name {
                query.insert(field, name);
            }
        }
        if let Some(user_id) = &self.unread_by {
            query.insert("read_by", doc! { "$ne": user_id });
        }
        query
    }
}

/// One page and the count of all notices that match. The first page begins with the pinned ones.
pub async fn page(ctx: &Ctx, filter: &Filter, from: From, limit: usize) -> Result<Page, Failure> {
    ctx.require(Capability::SystemNotificationsRead)?;
    let (db, now) = (&ctx.app.db, ctx.now());
    let (total, (mut rows, more), pinned) =
        futures::future::try_join3(count(db, filter), around(db, now, filter, from, limit), pinned(db, filter, from))
            .await?;
    let (first, last) = (rows.first().map(Place::of), rows.last().map(Place::of));
    let (newer, older) = match from {
        From::Newest => (None, last.filter(|_| more)),
        From::Before(place) => (first.or(Some(place)), last.filter(|_| more)),
        From::After(place) => (first.filter(|_| more), last.or(Some(place))),
    };
    rows.retain(|notice| !pinned.iter().any(|pinned| pinned.key == notice.key));
    Ok(Page { pinned, rows, total, newer, older })
}

/// The newest notices, pinned ones first, for the bell.
pub async fn recent(ctx: &Ctx, limit: usize) -> Result<Vec<SystemNotice>, Failure> {
    let page = page_without_count(ctx, limit).await?;
    Ok(page.into_iter().take(limit).collect())
}

async fn page_without_count(ctx: &Ctx, limit: usize) -> Result<Vec<SystemNotice>, Failure> {
    ctx.require(Capability::SystemNotificationsRead)?;
    let (db, filter) = (&ctx.app.db, Filter::default());
    let around = around(db, ctx.now(), &filter, From::Newest, limit);
    let ((rows, _), mut all) = futures::future::try_join(around, pinned(db, &filter, From::Newest)).await?;
    let fresh: Vec<_> = rows.into_iter().filter(|row| !all.iter().any(|pinned| pinned.key == row.key)).collect();
    all.extend(fresh);
    Ok(all)
}

/// How many notices this person hasn't read; counting stops at `UNREAD_SHOWN`.
pub async fn unread_count(ctx: &Ctx) -> Result<usize, Failure> {
    let person = ctx.require(Capability::SystemNotificationsRead)?;
    let filter = Filter { unread_by: Some(person.user_id.clone()), ..Filter::default() }.query();
    for span in SPANS_DAYS.map(Some).into_iter().chain([None]) {
        let mut query = filter.clone();
        if let Some(days) = span {
            let since = DateTime::from_millis(ctx.now().as_millisecond().saturating_sub(days * DAY_MS));
            query.insert("sort_at", doc! { "$gte": since, "$lt": DateTime::MAX });
        }
        let all = ctx.app.db.stored::<SystemNotice>();
        let unread = all.count_documents(query).limit(UNREAD_SHOWN as u64).max_time(PATIENCE).await?;
        if unread >= UNREAD_SHOWN as u64 || span.is_none() {
            return Ok(usize::try_from(unread).unwrap_or(UNREAD_SHOWN));
        }
    }
    Ok(0)
}

/// One notice with its history. Refused when there is none.
pub async fn load(ctx: &Ctx, id: &str) -> Result<SystemNotice, Failure> {
    ctx.require(Capability::SystemNotificationsRead)?;
    Ok(find(&ctx.app.db, id).await?.ok_or(AppError::NotFound)?)
}

/// One notice, for whoever isn't a request.
pub async fn find(db: &Db, id: &str) -> Result<Option<SystemNotice>, Failure> {
    Ok(db.stored::<SystemNotice>().find_one(doc! { "id": id }).await?)
}

/// The newest notices, for commands.
pub async fn newest(db: &Db, now: Timestamp, limit: usize) -> Result<Vec<SystemNotice>, Failure> {
    Ok(around(db, now, &Filter::default(), From::Newest, limit).await?.0)
}

async fn count(db: &Db, filter: &Filter) -> Result<u64, Failure> {
    Ok(db.stored::<SystemNotice>().count_documents(filter.query()).max_time(PATIENCE).await?)
}

/// What stands above the first page: unresolved criticals nobody took, whatever their age.
async fn pinned(db: &Db, filter: &Filter, from: From) -> Result<Vec<SystemNotice>, Failure> {
    if from != From::Newest {
        return Ok(Vec::new());
    }
    let waiting = doc! {
        "is_open": true,
        "severity": Severity::Critical.as_str(),
        "state": { "$in": [State::Open.as_str(), State::Reopened.as_str()] },
    };
    let query = doc! { "$and": [filter.query(), waiting] };
    let all = db.stored::<SystemNotice>();
    let found = all.find(query).sort(doc! { "sort_at": -1, "_id": -1 }).limit(PINNED).max_time(PATIENCE).await?;
    Ok(found.try_collect().await?)
}

/// Notices on one side of a place, newest first, and whether there are more beyond them.
async fn around(
    db: &Db,
    now: Timestamp,
    filter: &Filter,
    from: From,
    limit: usize,
) -> Result<(Vec<SystemNotice>, bool), Failure> {
    let is_forward = matches!(from, From::After(_));
    let start = match from {
        From::Newest => now.as_millisecond(),
        From::Before(place) | From::After(place) => place.at_ms,
    };
    let mut rows = Vec::new();
    for span in SPANS_DAYS.map(Some).into_iter().chain([None]) {
        let reach = span.map(|days| days * DAY_MS);
        rows = read(db, filter, from, start, reach, limit + 1).await?;
        if rows.len() > limit {
            break;
        }
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    if is_forward {
        rows.reverse();
    }
    Ok((rows, more))
}

async fn read(
    db: &Db,
    filter: &Filter,
    from: From,
    start: i64,
    reach_ms: Option<i64>,
    limit: usize,
) -> Result<Vec<SystemNotice>, Failure> {
    let at = DateTime::from_millis;
    let mut bounds = vec![filter.query()];
    let sort = match from {
        From::Newest => -1,
        From::Before(place) => {
            bounds.push(doc! { "sort_at": { "$lte": at(start) } });
            bounds.push(doc! { "$or": [
                { "sort_at": { "$lt": at(start) } },
                { "sort_at": at(start), "_id": { "$lt": place.key } },
            ] });
            -1
        }
        From::After(place) => {
            bounds.push(doc! { "sort_at": { "$gte": at(start) } });
            bounds.push(doc! { "$or": [
                { "sort_at": { "$gt": at(start) } },
                { "sort_at": at(start), "_id": { "$gt": place.key } },
            ] });
            1
        }
    };
    if let Some(reach) = reach_ms {
        bounds.push(match sort {
            1 => doc! { "sort_at": { "$lte": at(start.saturating_add(reach)) } },
            _ => doc! { "sort_at": { "$gte": at(start.saturating_sub(reach)) } },
        });
    }
    let found = db
        .stored::<SystemNotice>()
        .find(doc! { "$and": bounds })
        .sort(doc! { "sort_at": sort, "_id": sort })
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .max_time(PATIENCE)
        .await?;
    Ok(found.try_collect().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_links() {
        let place = Place { at_ms: 1_795_000_000_123, key: ObjectId::new() };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for bad in ["", "-", "1-2", "x-0123456789abcdef01234567"] {
            assert_eq!(Place::parse(bad), None);
        }
    }

    #[test]
    fn a_filter_asks_the_database_for_all_its_parts() {
        let filter = Filter {
            kind: Some(NoticeType::ErrorAlert),
            severity: Some(Severity::Critical),
            source: Some(Source::Sentry),
            state: Some(State::Open),
            unread_by: Some("user_1".into()),
        };
        let expected = doc! {
            "type": "error_alert", "severity": "critical", "source": "sentry", "state": "open",
            "read_by": { "$ne": "user_1" },
        };
        assert_eq!(filter.query(), expected);
        assert_eq!(Filter::default().query(), doc! {});
    }
}
