//! Writes to the register of stored files.

use bson::doc;
use mongodb::ClientSession;

use super::images::{Asset, Image, PUBLIC_IMAGE};
use super::model::{AssetStatus, MediaAsset};
use super::place::Place;
use crate::adopt::state::refuse_while_mirroring;
use crate::ctx::Ctx;
use crate::db::{Db, Lost, date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::media as words;
use crate::web::answer::random_token;
use jiff::Timestamp;

/// The code of the refusal of [`attach_in`].
pub const IMAGE_GONE: &str = "image_gone";

/// Registers a picture before it is sent, so that nothing lies in the account that nobody knows of; finds the row of one
/// that was sent before. A row without an address is still to be sent.
pub(super) async fn reserve(
    ctx: &Ctx,
    place: &Place,
    image: &Image,
    uploader: &str,
    (entity, id, field): (&str, &str, &str),
) -> Result<MediaAsset, Failure> {
    let db = &ctx.app.db;
    let key = format!("{}/{entity}/{id}/{field}", image.sha256);
    let now = date(ctx.now());
    let row = MediaAsset {
        id: uuid::Uuid::new_v4().to_string(),
        idempotency_key: key.clone(),
        public_id: format!("{}/{}/{}", place.root, image.folder(), random_token::<18>()),
        resource_type: PUBLIC_IMAGE.resource.into(),
        delivery_type: PUBLIC_IMAGE.delivery.into(),
        folder: image.folder().into(),
        url: None,
        bytes: i64::try_from(image.bytes.len()).unwrap_or(i64::MAX),
        width: i32::try_from(image.width).unwrap_or(i32::MAX),
        height: i32::try_from(image.height).unwrap_or(i32::MAX),
        format: image.format.extension().into(),
        sha256: image.sha256.clone(),
        original_filename: image.original_filename.clone(),
        uploaded_by: uploader.into(),
        entity_type: entity.into(),
        entity_id: id.into(),
        field: field.into(),
        status: AssetStatus::Pending,
        created_at: now,
        status_at: now,
        last_checked_at: None,
        is_destroyed: false,
    };
    let (row, key) = (&row, &key);
    let reserved = with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            let assets = db.stored::<MediaAsset>();
            let there = assets.find_one(doc! { "idempotency_key": key }).session(&mut *session).await?;
            let Some(there) = there else {
                return match assets.insert_one(row).session(&mut *session).await {
                    Ok(_) => Ok(row.clone()),
                    Err(error) if Db::is_duplicate(&error) => Err(Failure::from(Lost)),
                    Err(error) => Err(error.into()),
                };
            };
            // Still wanted: the nightly job leaves it alone for another day.
            let touched = assets
                .update_one(
                    doc! { "id": &there.id, "status": there.status },
                    match there.status {
                        AssetStatus::Active => doc! { "$set": { "last_checked_at": row.created_at } },
                        // It is sent again under the same name.
                        AssetStatus::Deleted => doc! { "$set": {
                            "status": AssetStatus::Pending, "status_at": row.created_at, "url": null, "is_destroyed": false,
                        } },
                        AssetStatus::Pending | AssetStatus::Orphaned => {
                            doc! { "$set": { "status_at": row.created_at } }
                        }
                    },
                )
                .session(&mut *session)
                .await?;
            if touched.matched_count == 0 {
                return Err(Lost.into());
            }
            let url = there.url.clone().filter(|_| there.status != AssetStatus::Deleted);
            Ok(MediaAsset { url, ..there })
        })
    })
    .await?;
    Ok(reserved)
}

/// The file lies there now.
pub(super) async fn note_stored(ctx: &Ctx, row: &MediaAsset, url: &str) -> Result<(), Failure> {
    let set = doc! { "$set": { "url": url, "last_checked_at": date(ctx.now()) } };
    ctx.app.db.stored::<MediaAsset>().update_one(doc! { "id": &row.id }, set).await?;
    Ok(())
}

/// Makes a stored picture its record's own, in the transaction that writes its address there, and retires the one it
/// replaces. Refused when the picture was destroyed in between: whoever waited for months sends it again.
pub async fn attach_in(session: &mut ClientSession, db: &Db, now: Timestamp, asset: &Asset) -> Result<(), Failure> {
    retire_others_in(&mut *session, db, now, asset, Some(&asset.id)).await?;
    let expected = doc! { "id": &asset.id, "status": { "$ne": AssetStatus::Deleted }, "url": &asset.url };
    let active = doc! { "$set": { "status": AssetStatus::Active, "status_at": date(now) } };
    let attached = db.stored::<MediaAsset>().update_one(expected, active).session(session).await?;
    if attached.matched_count == 0 { Err(AppError::rule(409, IMAGE_GONE, words::GONE).into()) } else { Ok(()) }
}

/// Retires whatever picture a record's field has, in the transaction that empties it.
pub async fn detach_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    (entity, id, field): (&str, &str, &str),
) -> Result<(), Failure> {
    let none = Asset {
        id: String::new(),
        url: String::new(),
        entity_type: entity.into(),
        entity_id: id.into(),
        field: field.into(),
    };
    retire_others_in(session, db, now, &none, None).await
}

async fn retire_others_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    asset: &Asset,
    but: Option<&str>,
) -> Result<(), Failure> {
    let mut others = doc! {
        "entity_type": &asset.entity_type, "entity_id": &asset.entity_id, "field": &asset.field,
        "status": AssetStatus::Active,
    };
    if let Some(but) = but {
        others.insert("id", doc! { "$ne": but });
    }
    let orphaned = doc! { "$set": { "status": AssetStatus::Orphaned, "status_at": date(now) } };
    db.stored::<MediaAsset>().update_many(others, orphaned).session(session).await?;
    Ok(())
}
