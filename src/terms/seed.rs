//! The documents a new installation begins with: drafts that say so, until the owner publishes the real ones.

use bson::doc;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::model::{TermsDocument, TermsVersion};
use crate::db::{Db, date};
use crate::failure::Failure;
use crate::i18n::terms as words;

/// Above every version of the previous system, whose texts were other ones.
const VERSION: &str = "2.0";

struct Draft {
    slug: &'static str,
    category: &'static str,
    path: &'static str,
    body: &'static str,
}

const DRAFTS: [Draft; 3] = [
    Draft {
        slug: super::service::UGC_CREATORS,
        category: "UGC",
        path: "/studio/ugc/terms",
        body: include_str!("texts/ugc-creators.md"),
    },
    Draft {
        slug: super::service::PRIVACY,
        category: "Legal",
        path: "/politica-privacidad",
        body: include_str!("texts/privacy-policy.md"),
    },
    Draft {
        slug: super::service::ECOMMERCE,
        category: "E-commerce",
        path: "/shop/terminos-condiciones",
        body: include_str!("texts/ecommerce.md"),
    },
];

/// Adds what isn't there; changes nothing that is.
pub async fn seed(db: &Db, now: Timestamp) -> Result<(), Failure> {
    for draft in &DRAFTS {
        let version = doc! { "$setOnInsert": {
            "id": uuid::Uuid::new_v4().to_string(), "body_md": draft.body,
            "body_sha256": hex::encode(Sha256::digest(draft.body)), "status": "published",
            "effective_at": date(now), "created_at": date(now),
        } };
        let versions = db.stored::<TermsVersion>();
        let added = versions.update_one(doc! { "slug": draft.slug, "version": VERSION }, version).upsert(true).await;
        ignore_twin(added)?;
        let document = doc! { "$setOnInsert": {
            "id": uuid::Uuid::new_v4().to_string(), "name": words::document(draft.slug), "category": draft.category,
            "description": "", "path": draft.path, "is_active": true, "current_version": VERSION,
        } };
        let documents = db.stored::<TermsDocument>();
        ignore_twin(documents.update_one(doc! { "slug": draft.slug }, document).upsert(true).await)?;
    }
    Ok(())
}

/// Two processes that start at the same moment: one of them adds it.
fn ignore_twin<T>(added: mongodb::error::Result<T>) -> Result<(), Failure> {
    match added {
        Err(error) if !Db::is_duplicate(&error) => Err(error.into()),
        _ => Ok(()),
    }
}
