//! A new campaign: kept as a draft, or published at once.

use bson::{DateTime, doc};

use super::cover::{self, Cover};
use super::{Ask, entry, manager, status, update};
use crate::adopt::state::refuse_while_mirroring;
use crate::applications::model::StatusStep;
use crate::audit::{Action, Who, record_in};
use crate::brands;
use crate::campaigns::form::Draft;
use crate::campaigns::model::{Assets, Campaign, CampaignStatus, Tally, searched};
use crate::campaigns::store;
use crate::ctx::{Ctx, Person};
use crate::db::{Transaction, date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::campaigns as words;
use crate::values::{BrandId, CampaignId};

/// A campaign to be made.
#[derive(Clone, Debug)]
pub struct New {
    /// Chosen when the form was drawn, so that sending it twice makes one campaign.
    pub id: CampaignId,
    /// Whose.
    pub brand: BrandId,
    /// What was typed.
    pub draft: Draft,
    /// Its cover.
    pub cover: Option<Cover>,
    /// Whether it goes live at once.
    pub publish: bool,
}

/// Makes a campaign. The same form once more is no error and changes nothing; another one under the same id is a conflict.
pub async fn create(ctx: &Ctx, new: New) -> Result<CampaignId, Failure> {
    manager(ctx)?;
    let new = &new;
    with_transaction(&ctx.app.db, |session| Box::pin(make(ctx, session, new))).await?;
    Ok(new.id.clone())
}

async fn make(ctx: &Ctx, session: &mut Transaction<'_>, new: &New) -> Result<(), Failure> {
    let (db, now, person) = (&ctx.app.db, ctx.now(), ctx.person()?);
    refuse_while_mirroring(db, &mut *session).await?;
    if let Some(there) = store::find_in(&mut *session, db, &new.id).await? {
        return if is_same(&there, new)? { Ok(()) } else { Err(AppError::Conflict.into()) };
    }
    let brand = brands::store::find_in(&mut *session, db, &new.brand).await?.filter(|brand| brand.is_active);
    let Some(brand) = brand else {
        return Err(Failure::invalid("brand_id", words::BRAND_INACTIVE));
    };
    let mut campaign = draft(new, person, date(now), &brand.company_name);
    if let Some(cover) = &new.cover {
        campaign.assets.cover_image = Some(cover.url.clone());
        campaign.assets.cover_asset = Some(cover.id.clone());
    }
    db.stored::<Campaign>().insert_one(&campaign).session(&mut *session).await?;
    if let Some(cover) = &new.cover {
        cover::put_in(&mut *session, db, now, &campaign, cover).await?;
    }
    let details = doc! { "name": &campaign.name, "brand_id": &campaign.brand_id };
    record_in(&mut *session, db, now, Who::of(ctx), entry(Action::CampaignCreated, &new.id, details)).await?;
    if new.publish {
        status::change(ctx, session, &new.id, &Ask::to(CampaignStatus::Live)).await?;
    }
    Ok(())
}

/// Whether a campaign is what this form would make. A contract that has loaded differs on purpose.
fn is_same(there: &Campaign, new: &New) -> Result<bool, Failure> {
    let fields = new.draft.fields(there.published_at.is_none())?;
    let is_cover = |cover: &Cover| there.assets.cover_asset.as_deref() == Some(cover.id.as_str());
    Ok(there.brand_id == new.brand
        && new.publish == (there.status != CampaignStatus::Draft)
        && new.cover.as_ref().is_none_or(is_cover)
        && update::changed(there, &fields)?.is_empty())
}

fn draft(new: &New, person: &Person, now: DateTime, company: &str) -> Campaign {
    let draft = new.draft.clone();
    let role = person.role.as_str().to_owned();
    Campaign {
        id: new.id.clone(),
        brand_id: new.brand.clone(),
        package_id: None,
        search: searched(&draft.name, &draft.brand_name, company),
        name: draft.name,
        description: draft.description,
        category: draft.category,
        city: draft.city,
        total_slots_loaded: 0,
        slots_filled: 0,
        slot_history: Vec::new(),
        delivery: draft.delivery,
        contract: draft.contract,
        requirements: draft.requirements,
        canje: draft.canje,
        timeline: draft.timeline,
        assets: Assets { brand_name: draft.brand_name, ..Assets::default() },
        status: CampaignStatus::Draft,
        status_history: vec![StatusStep {
            status: CampaignStatus::Draft.as_str().into(),
            timestamp: now,
            by: person.user_id.clone(),
            by_role: Some(role.clone()),
            reason: None,
        }],
        visible_to_creators: true,
        admin_notes: draft.admin_notes,
        tally: Tally::default(),
        rev: 1,
        created_by: Some(person.user_id.clone()),
        created_by_role: Some(role),
        created_at: now,
        updated_at: Some(now),
        published_at: None,
        closed_at: None,
        completed_at: None,
        cancelled_at: None,
        cancel_reason: None,
    }
}
