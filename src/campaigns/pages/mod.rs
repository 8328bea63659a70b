//! The pages of a campaign for staff: its own, its form, what a change of deadlines does, its state and its slots.

mod act;
mod deadlines;
mod fields;
mod form;
mod history;
mod impact;
mod show;

pub use act::{change_slots, change_state, set_visible, slots, states, undo};
pub use form::{create, edit, new, save};
pub use show::show;

use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;

use super::model::Campaign;
use crate::db::timestamp;
use crate::i18n::campaigns as names;
use crate::i18n::campaigns::pages as words;
use crate::i18n::format;
use crate::ui::{Badge, Crumb, Status, Tone};
use crate::values::{CampaignId, LocalDate};

/// Where the list is.
pub const MANAGER_PATH: &str = "/admin?module=ugc&ugcTab=campaign-manager";
/// Where a campaign is made.
pub const NEW_PATH: &str = "/admin/campaigns/nueva";

/// A campaign's page.
pub fn address(id: &CampaignId) -> String {
    format!("/admin/campaigns/{id}")
}

/// What hangs from it.
fn below(id: &CampaignId, part: &str) -> String {
    format!("/admin/campaigns/{id}/{part}")
}

/// The way down to something about a campaign.
fn crumbs(campaign: &Campaign, here: &'static str) -> Vec<Crumb> {
    vec![
        Crumb::link(words::MANAGER, MANAGER_PATH),
        Crumb::link(campaign.name.clone(), address(&campaign.id)),
        Crumb::here(here),
    ]
}

/// Its state, and what hides it.
fn marks(campaign: &Campaign, today: LocalDate) -> AnyView {
    let expired = campaign.is_expired(today).then(|| view! { <Status tone=Tone::Bad label=names::EXPIRED/> });
    let hidden = (!campaign.visible_to_creators).then(|| view! { <Badge label=words::HIDDEN/> });
    view! { <Status tone=names::tone(campaign.status) label=names::status(campaign.status)/> {expired} {hidden} }
        .into_any()
}

/// A moment as people say it, with the exact one behind it.
fn moment(at: DateTime, now: Timestamp) -> AnyView {
    match timestamp(at) {
        None => "—".into_any(),
        Some(at) => {
            view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }
                .into_any()
        }
    }
}
