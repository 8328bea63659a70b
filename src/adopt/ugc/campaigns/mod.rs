//! The rule for campaigns: legacy `ugc_campaigns` to canonical ones.
//!
//! - Of four slot numbers the largest is what was ever loaded; what is filled follows from confirmed applications.
//! - Three date formats become calendar days: the day of the stored UTC value, whatever its format.
//! - Counts ([`Tally`](crate::campaigns::model::Tally)) are computed from the adopted applications and deliveries.

mod offers;
mod terms;

use bson::RawDocument;

use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Rule};
use super::lists::category;
use super::made::{refused, written};
use super::pictures::{Picture, Pictures};
use super::row::{Codes, Row};
use super::world::World;
use crate::campaigns::model::{Assets, SlotKind, SlotLoad, searched};
use crate::campaigns::{Campaign, CampaignStatus};
use crate::db::{Declared, timestamp};
use crate::i18n::adopt as words;
use crate::values::{BrandId, CampaignId, Category, LocalDate};
pub use offers::{Offer, Offers};

/// How these rows are told.
pub const CODES: Codes =
    Codes { key: "campaign_id", date: "campaign.date_invalid", unreadable: "campaign.value_unreadable" };

/// The rule for campaigns.
pub struct Campaigns;

impl Rule for Campaigns {
    fn name(&self) -> &'static str {
        "campaigns"
    }

    fn source(&self) -> &'static str {
        "ugc_campaigns"
    }

    fn target(&self) -> Declared {
        Declared::of::<Campaign>()
    }

    fn version(&self) -> i32 {
        1
    }

    fn look_ups(&self) -> &'static [LookUp] {
        const ALL: [LookUp; 10] = super::world::and(LookUp::Source { collection: "images.files", fields: &["_id"] });
        &ALL
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        Box::new(Prepared { world: World::from(frozen), pictures: Pictures::from(frozen.source("images.files")) })
    }
}

struct Prepared {
    world: World,
    pictures: Pictures,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = Row::of(raw, self.world.shift, &CODES);
        let Some(key) = row.key() else { return refused(row, "campaign.key_absent") };
        if !self.world.offers.keys.owns(raw, key) {
            return refused(row, "campaign.id_duplicate");
        }
        let Some(brand) = row.text("brand_id") else { return refused(row, "campaign.brand_absent") };
        let Some(status) = status(&mut row) else { return refused(row, "campaign.status_unknown") };
        let campaign = self.campaign(&mut row, key, &brand, status);
        written(row, campaign)
    }
}

impl Prepared {
    fn campaign(&self, row: &mut Row<'_>, key: &str, brand: &str, status: CampaignStatus) -> Option<Campaign> {
        let Some(created_at) = row.made_at(&["created_at", "updated_at"]) else {
            row.notice(Noticed::refused("campaign.created_at_absent"));
            return None;
        };
        let id = CampaignId::of(key);
        let company = self.world.offers.company(brand);
        row.notice_if(company.is_none(), Noticed::kept("campaign.brand_dangling"));
        let assets = self.assets(row, company);
        let tally = self.world.tally(&id);
        let published_at = row.moment("published_at");
        let created_by = row.text("created_by").or_else(|| row.text("created_by_admin"));
        let total = slots(row, tally.confirmed);
        let contract = terms::contract(row, total);
        let made = timestamp(published_at.unwrap_or(created_at)).map(LocalDate::of)?;
        row.notice_if(!row.has("url_delivery_days"), Noticed::converted("campaign.delivery_days_absent"));
        let name = row.text("name").unwrap_or_else(|| assets.brand_name.clone());
        let load = SlotLoad {
            at: published_at.unwrap_or(created_at),
            by: created_by.clone().unwrap_or_else(|| "system".into()),
            kind: SlotKind::Initial,
            qty: total,
            total_after: total,
            note: Some(words::SLOTS_ADOPTED.into()),
        };
        let role = created_by.as_deref().and_then(|user| self.world.people.account(user)?.role);
        Some(Campaign {
            id,
            brand_id: BrandId::of(self.world.offers.brand_keys.resolve(brand).unwrap_or(brand)),
            package_id: row.text("package_id"),
            search: searched(&name, &assets.brand_name, company.unwrap_or_default()),
            name,
            description: row.stored("description").unwrap_or_default().trim().to_owned(),
            category: topic(row),
            city: row.text("city"),
            total_slots_loaded: total,
            slots_filled: tally.confirmed,
            slot_history: if total > 0 { vec![load] } else { Vec::new() },
            status_history: Vec::new(),
            delivery: offers::rules(row),
            requirements: terms::requirements(row),
            canje: terms::canje(row),
            timeline: terms::timeline(row, contract.as_ref(), made),
            contract,
            assets,
            status,
            visible_to_creators: row.flag("visible_to_creators").unwrap_or(true),
            admin_notes: row.text("admin_notes"),
            tally,
            rev: 0,
            created_by,
            created_by_role: row.text("created_by_role").or_else(|| role.map(|role| role.as_str().to_owned())),
            created_at,
            updated_at: row.moment("updated_at"),
            published_at,
            closed_at: row.moment("closed_at"),
            completed_at: row.moment("completed_at"),
            cancelled_at: row.moment("cancelled_at"),
            cancel_reason: row.text("cancel_reason"),
        })
    }

    fn assets(&self, row: &mut Row<'_>, company: Option<&str>) -> Assets {
        let Some(mut part) = row.part("assets") else {
            return Assets { brand_name: company.unwrap_or_default().trim().to_owned(), ..Assets::default() };
        };
        let shown = part.stored("brand_name").unwrap_or_default();
        let is_stale = company.is_some_and(|company| company != shown);
        let https = |part: &mut Row<'_>, field: &str| {
            let stored = part.text(field)?;
            let code = match self.pictures.judge(&stored)? {
                Picture::Https(address) => return Some(address),
                Picture::Inline => "campaign.cover_data_uri",
                Picture::Stored => "campaign.cover_to_migrate",
                Picture::Dangling => "campaign.cover_dangling",
            };
            part.notice(Noticed::refused(code));
            None
        };
        let assets = Assets {
            cover_image: https(&mut part, "cover_image"),
            cover_asset: None,
            brand_name: part.text("brand_name").or(company.map(|name| name.trim().to_owned())).unwrap_or_default(),
            logo: https(&mut part, "logo"),
            photos: part.texts("photos").into_iter().filter(|photo| photo.starts_with("https://")).collect(),
        };
        row.absorb(part);
        row.notice_if(is_stale, Noticed::kept("campaign.brand_name_stale"));
        assets
    }
}

/// Everything ever loaded: the largest number any field says, and never less than is taken.
fn slots(row: &mut Row<'_>, confirmed: i32) -> i32 {
    let [total, slots, filled, available] =
        ["total_slots_loaded", "slots", "slots_filled", "available_slots"].map(|field| row.small(field));
    let is_stuck = filled.is_some_and(|filled| filled > 0) && available.is_some() && available == total;
    row.notice_if(is_stuck, Noticed::converted("campaign.available_not_decremented"));
    row.notice_if(filled.is_some_and(|filled| filled != confirmed), Noticed::converted("campaign.slots_filled_wrong"));
    total.unwrap_or(0).max(slots.unwrap_or(0)).max(confirmed)
}

fn topic(row: &mut Row<'_>) -> Category {
    let known = row.text("category").and_then(|typed| category(&typed));
    row.notice_if(known.is_none(), Noticed::converted("campaign.category_unknown"));
    known.unwrap_or(Category::Other)
}

fn status(row: &mut Row<'_>) -> Option<CampaignStatus> {
    let stored = row.text("status")?;
    CampaignStatus::parse(&stored).or(match stored.as_str() {
        "active" | "published" => Some(CampaignStatus::Live),
        "paused" => Some(CampaignStatus::Closed),
        _ => None,
    })
}
