//! Adoption of campaigns and everything around them, against the real database.

mod demo;
mod later;
mod local;
mod moved;
mod paused;
mod shapes;

use bson::{Document, doc};
use canje::adopt::{Report, RuleReport};
use canje::db::{Db, Stored};
use futures::TryStreamExt;

use crate::support::Legacy;

/// Every collection of the demo dump that adoption reads.
const COLLECTIONS: [&str; 12] = [
    "users",
    "ugc_creators",
    "ugc_brands",
    "ugc_campaigns",
    "ugc_applications",
    "ugc_deliverables",
    "ugc_metrics",
    "ugc_ratings",
    "terms_acceptances",
    "ugc_notifications",
    "notifications",
    "images.files",
];

/// The demo dump beside an empty live database.
async fn demo() -> Legacy {
    let legacy = Legacy::empty().await;
    legacy.load_demo(&COLLECTIONS).await;
    legacy
}

fn rule<'a>(report: &'a Report, name: &str) -> &'a RuleReport {
    report.rules.iter().find(|rule| rule.rule == name).unwrap()
}

/// How often a code was found, by all rules.
fn count(report: &Report, code: &str) -> u64 {
    report.rules.iter().map(|rule| rule.count_of(code)).sum()
}

/// Every document of a collection, as its type reads it.
async fn all<T: Stored + serde::de::DeserializeOwned + Send + Sync>(db: &Db) -> Vec<T> {
    db.stored::<T>().find(doc! {}).await.unwrap().try_collect().await.unwrap()
}

async fn raw(legacy: &Legacy, collection: &str, id: &str) -> Document {
    legacy.db().live.collection::<Document>(collection).find_one(doc! { "id": id }).await.unwrap().unwrap()
}
