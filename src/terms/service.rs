//! What is in force, and accepting it.

use bson::doc;
use futures::TryStreamExt as _;
use jiff::Timestamp;
use mongodb::ClientSession;
use sha2::{Digest as _, Sha256};

use super::model::{Acceptance, TermsDocument, TermsVersion};
use super::seed::seed;
use crate::ctx::Ctx;
use crate::db::{Db, date};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::terms as words;

/// For creators.
pub const UGC_CREATORS: &str = "ugc-creators";
/// For everybody.
pub const PRIVACY: &str = "privacy-policy";
/// For every account.
pub const ECOMMERCE: &str = "ecommerce";

/// What is asked for when an account is made.
pub const FOR_ACCOUNTS: [&str; 2] = [ECOMMERCE, PRIVACY];
/// What is asked for when a profile of a creator is made.
pub const FOR_CREATORS: [&str; 2] = [UGC_CREATORS, PRIVACY];

/// A document in the version in force.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The document.
    pub document: TermsDocument,
    /// Its version.
    pub version: TermsVersion,
}

/// Documents as a page shows them, and what its form says to prove which ones it showed.
#[derive(Clone, Debug)]
pub struct Shown {
    /// In the order they were asked for.
    pub all: Vec<InForce>,
    /// Of their names, versions and texts.
    pub mark: String,
}

/// The documents of these names as they are in force now.
pub async fn in_force(db: &Db, now: Timestamp, slugs: &[&str]) -> Result<Shown, Failure> {
    let mut all = load(db, slugs).await?;
    if all.len() < slugs.len() {
        seed(db, now).await?;
        all = load(db, slugs).await?;
    }
    if all.len() < slugs.len() {
        return Err(anyhow::anyhow!("terms without a published version among {slugs:?}").into());
    }
    let mut mark = Sha256::new();
    for one in &all {
        mark.update(format!("{}\n{}\n{}\n", one.document.slug, one.version.version, one.version.body_sha256));
    }
    Ok(Shown { mark: hex::encode(&mark.finalize()[..16]), all })
}

async fn load(db: &Db, slugs: &[&str]) -> Result<Vec<InForce>, Failure> {
    let filter = doc! { "slug": { "$in": slugs }, "is_active": true };
    let documents: Vec<TermsDocument> = db.stored::<TermsDocument>().find(filter).await?.try_collect().await?;
    let pairs: Vec<_> =
        documents.iter().map(|one| doc! { "slug": &one.slug, "version": &one.current_version }).collect();
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let versions: Vec<TermsVersion> =
        db.stored::<TermsVersion>().find(doc! { "$or": pairs, "status": "published" }).await?.try_collect().await?;
    let find = |slug: &&str| {
        let document = documents.iter().find(|one| one.slug == **slug)?;
        let version = versions.iter().find(|one| one.slug == **slug && one.version == document.current_version)?;
        Some(InForce { document: document.clone(), version: version.clone() })
    };
    Ok(slugs.iter().filter_map(find).collect())
}

/// The document whose page this path is, or with this name.
pub async fn find(ctx: &Ctx, slug_or_path: &str) -> Result<InForce, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    seed_once(db, now).await?;
    let filter = doc! { "$or": [{ "slug": slug_or_path }, { "path": slug_or_path }], "is_active": true };
    let document = db.stored::<TermsDocument>().find_one(filter).await?.ok_or(AppError::NotFound)?;
    let shown = in_force(db, now, &[document.slug.as_str()]).await?;
    shown.all.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

async fn seed_once(db: &Db, now: Timestamp) -> Result<(), Failure> {
    match db.stored::<TermsDocument>().find_one(doc! { "slug": PRIVACY }).await? {
        Some(_) => Ok(()),
        None => seed(db, now).await,
    }
}

/// The code of a refusal because of another text.
pub const CHANGED: &str = "terms_changed";

/// Refuses when what the form showed isn't what is in force any more.
pub fn check_mark(shown: &Shown, mark: &str) -> Result<(), AppError> {
    if shown.mark == mark { Ok(()) } else { Err(AppError::rule(409, CHANGED, words::CHANGED)) }
}

/// Who accepts, where.
#[derive(Clone, Debug)]
pub struct Acceptor<'a> {
    /// Whose account.
    pub user_id: &'a str,
    /// Its address now.
    pub email: &'a str,
    /// `register`, `creator_onboarding`.
    pub action: &'a str,
}

/// Records the acceptance of what was shown, in the transaction of what it was asked for. Whoever accepted that very
/// version before has done so already.
pub async fn accept_in(
    session: &mut ClientSession,
    ctx: &Ctx,
    now: Timestamp,
    acceptor: &Acceptor<'_>,
    shown: &Shown,
) -> Result<(), Failure> {
    let acceptances = ctx.app.db.stored::<Acceptance>();
    for one in &shown.all {
        let key = doc! {
            "user_id": acceptor.user_id, "terms_slug": &one.document.slug, "terms_version": &one.version.version,
        };
        let row = doc! { "$setOnInsert": {
            "id": uuid::Uuid::new_v4().to_string(),
            "user_email": acceptor.email,
            "terms_name": &one.document.name,
            "body_sha256": &one.version.body_sha256,
            "accepted_at": date(now),
            "ip_address": ctx.client.ip.to_canonical().to_string(),
            "user_agent": &ctx.client.user_agent,
            "action": acceptor.action,
        } };
        acceptances.update_one(key, row).upsert(true).session(&mut *session).await?;
    }
    Ok(())
}
