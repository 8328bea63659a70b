//! Queries for a creator's own pages; each begins with the creator's id.

use std::collections::HashMap;

use bson::{Document, doc};
use futures::TryStreamExt;
use serde::de::DeserializeOwned;

use super::model::Named;
use crate::applications::model::{Application, ApplicationStatus};
use crate::campaigns::model::Campaign;
use crate::db::keyset::{From, Key, Page, Query, whole};
use crate::db::{Db, Stored};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::failure::Failure;
use crate::values::{ApplicationId, CampaignId, CreatorId, DeliverableId};

/// Rows of a page.
const ROWS: usize = 20;

/// A creator's deliveries in these states.
pub(super) async fn deliveries(
    db: &Db,
    creator: &CreatorId,
    states: &[DeliverableStatus],
) -> Result<Vec<Deliverable>, Failure> {
    let own = doc! { "creator_id": creator, "status": { "$in": states } };
    Ok(db.stored::<Deliverable>().find(own).await?.try_collect().await?)
}

/// A page of them, newest first.
pub(super) async fn delivery_page(
    db: &Db,
    creator: &CreatorId,
    states: &[DeliverableStatus],
    from: &From,
) -> Result<Page<Deliverable>, Failure> {
    let own = doc! { "creator_id": creator, "status": { "$in": states } };
    page::<Deliverable>(db, own, "created_at", from).await
}

/// The newest of a creator's applications in these states.
pub(super) async fn newest_applications(
    db: &Db,
    creator: &CreatorId,
    states: &[ApplicationStatus],
    most: i64,
) -> Result<Vec<Application>, Failure> {
    let own = doc! { "creator_id": creator, "status": { "$in": states } };
    let newest = doc! { "applied_at": -1, "id": 1 };
    Ok(db.stored::<Application>().find(own).sort(newest).limit(most).await?.try_collect().await?)
}

/// A page of a creator's applications in these states, and of those with these ids, newest first.
pub(super) async fn application_page(
    db: &Db,
    creator: &CreatorId,
    states: &[ApplicationStatus],
    besides: &[ApplicationId],
    from: &From,
) -> Result<Page<Application>, Failure> {
    let in_states = doc! { "status": { "$in": states } };
    let own = if besides.is_empty() {
        doc! { "creator_id": creator, "status": { "$in": states } }
    } else {
        doc! { "creator_id": creator, "$or": [in_states, { "id": { "$in": besides } }] }
    };
    page::<Application>(db, own, "applied_at", from).await
}

async fn page<T: Stored + DeserializeOwned>(
    db: &Db,
    filter: Document,
    newest_by: &'static str,
    from: &From,
) -> Result<Page<T>, Failure> {
    let order = [Key::descending(newest_by), Key::ascending("id")];
    Query::new(filter, order, ROWS).page(&db.live.collection(T::COLLECTION), from).await
}

/// How many of a creator's documents are in each state.
pub(super) async fn counts<T: Stored>(db: &Db, creator: &CreatorId) -> Result<HashMap<String, u64>, Failure> {
    let stages =
        [doc! { "$match": { "creator_id": creator } }, doc! { "$group": { "_id": "$status", "n": { "$sum": 1 } } }];
    let found: Vec<Document> =
        db.live.collection::<Document>(T::COLLECTION).aggregate(stages).await?.try_collect().await?;
    let count = |row: &Document| Some((row.get_str("_id").ok()?.to_owned(), whole(row.get("n"))?));
    Ok(found.iter().filter_map(count).collect())
}

/// What came of these applications.
pub(super) async fn deliveries_of(db: &Db, ids: &[ApplicationId]) -> Result<Vec<Deliverable>, Failure> {
    Ok(db.stored::<Deliverable>().find(doc! { "application_id": { "$in": ids } }).await?.try_collect().await?)
}

/// A creator's own delivery; another's isn't there.
pub(super) async fn own_delivery(
    db: &Db,
    creator: &CreatorId,
    id: &DeliverableId,
) -> Result<Option<Deliverable>, Failure> {
    Ok(db.stored::<Deliverable>().find_one(doc! { "id": id, "creator_id": creator }).await?)
}

/// A creator's own application; another's isn't there.
pub(super) async fn own_application(
    db: &Db,
    creator: &CreatorId,
    id: &ApplicationId,
) -> Result<Option<Application>, Failure> {
    Ok(db.stored::<Application>().find_one(doc! { "id": id, "creator_id": creator }).await?)
}

/// The names of campaigns.
pub(super) async fn names(db: &Db, ids: Vec<CampaignId>) -> Result<HashMap<String, Named>, Failure> {
    #[derive(serde::Deserialize)]
    struct Row {
        id: String,
        #[serde(flatten)]
        named: Named,
    }
    let fields = doc! { "_id": 0, "id": 1, "name": 1, "assets.brand_name": 1 };
    let campaigns = db.live.collection::<Row>(Campaign::COLLECTION);
    let rows: Vec<Row> = campaigns.find(doc! { "id": { "$in": ids } }).projection(fields).await?.try_collect().await?;
    Ok(rows.into_iter().map(|row| (row.id, row.named)).collect())
}
