//! A campaign's cover: stored before the form is saved, its own in the transaction that saves it.

use bson::{Document, doc};
use jiff::Timestamp;
use mongodb::ClientSession;

use crate::campaigns::model::Campaign;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::failure::Failure;
use crate::media::form::Picked;
use crate::media::images::{self, Asset, Use};
use crate::media::{MediaAsset, attach_in};
use crate::values::CampaignId;

/// What kind of record a cover belongs to.
const ENTITY: &str = "campaign";
/// Its field.
const FIELD: &str = "cover";

/// A stored picture that is to be a campaign's cover.
pub type Cover = Asset;

/// Stores the picture that came with a form.
pub async fn store(ctx: &Ctx, id: &CampaignId, picked: Picked) -> Result<Cover, Failure> {
    super::manager(ctx)?;
    let image = images::accept(picked.bytes?, Use::Cover).await?.named(picked.name.as_deref());
    images::store(ctx, image, ENTITY, id.as_str(), FIELD).await
}

/// A picture that was stored for this campaign before its form was refused or asked about, by the same person.
pub async fn carried(ctx: &Ctx, id: &CampaignId, asset: &str) -> Result<Option<Cover>, Failure> {
    let person = super::manager(ctx)?;
    let own = doc! {
        "id": asset, "entity_type": ENTITY, "entity_id": id, "field": FIELD, "uploaded_by": &person.user_id,
    };
    let found = ctx.app.db.stored::<MediaAsset>().find_one(own).await?;
    Ok(found.and_then(|row| {
        Some(Asset {
            id: row.id,
            url: row.url?,
            entity_type: row.entity_type,
            entity_id: row.entity_id,
            field: row.field,
        })
    }))
}

/// Makes a stored picture the campaign's own and says what is written there.
pub(super) async fn put_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    campaign: &Campaign,
    cover: &Cover,
) -> Result<Document, Failure> {
    debug_assert_eq!(cover.entity_id, campaign.id.as_str());
    attach_in(session, db, now, cover).await?;
    Ok(doc! { "assets.cover_image": &cover.url, "assets.cover_asset": &cover.id })
}
