//! What the team is told.

use super::event::News;
use super::facts::{Facts, Part};
use super::told::{Outgoing, Told, Ways};
use super::{brands, creators, moment};
use crate::i18n::creators::level;
use crate::i18n::news::{self as shared, team as words};
use crate::i18n::waits;
use crate::mail::templates::{CampaignCode as Code, LetterRow};
use crate::notifications::PersonalType as Kind;
use crate::values::{ApplicationId, CampaignId, DeliverableId};

/// Where campaigns are managed.
pub(super) const MANAGER: &str = "/admin?module=ugc&ugcTab=campaign-manager";
/// Where all deliveries are.
pub(super) const DELIVERIES: &str = "/admin?module=ugc&ugcTab=deliverables";

fn applications(campaign: &CampaignId) -> String {
    format!("/admin/campaigns/{campaign}/applications")
}

/// The deliveries of a campaign.
pub(super) fn deliveries(campaign: &CampaignId) -> String {
    format!("/admin/ugc/deliverables/{campaign}")
}

/// Tells the team.
pub(super) fn tell(facts: &Facts, news: &News, out: &mut Outgoing) {
    match news {
        News::SlotsTaken { campaign, confirmed, at } => {
            let Some(stage) = facts.stage(campaign) else { return };
            let body = words::slots_taken_body(brands::count(*confirmed), stage.brand_name());
            let told = Told::coded(Code::E07, Kind::SlotsDepleted, format!("{campaign}:{}:team", moment(*at)))
                .saying(words::slots_taken(&stage.campaign.name), body)
                .to(applications(campaign), shared::OPEN_APPLICATIONS)
                .about("campaign", campaign);
            out.team(facts, &told, Ways::Both);
        }
        News::SlotsReloaded { loads } => {
            let rows: Vec<_> = loads
                .iter()
                .filter_map(|(campaign, slots)| {
                    let campaign = facts.stage(campaign)?.campaign;
                    let said = words::load(*slots, campaign.available_slots());
                    Some(LetterRow::new(&campaign.name, said))
                })
                .collect();
            // A run may take several transactions; each tells its own campaigns.
            let first = loads.first().map(|(campaign, _)| campaign.as_str()).unwrap_or_default();
            let told = Told::coded(Code::E09, Kind::SlotsReloaded, format!("{}:{first}", moment(facts.now)))
                .saying(words::reloaded(loads.len() as u64), words::RELOADED_BODY)
                .facts(None, rows)
                .to(MANAGER, shared::OPEN_CAMPAIGNS);
            out.team(facts, &told, Ways::Mail);
        }
        News::Applied { application, at } => {
            with_application(facts, application, |part, key| {
                let told = applied(facts, part, key(Code::E11.as_str(), moment(*at)));
                out.team(facts, &told, Ways::Both);
                out.whatsapp(facts, &told);
            });
        }
        News::Withdrawn { application, at } => {
            with_application(facts, application, |part, key| {
                let told = Told::plain(Kind::ApplicationCancelled, key("withdrawn", moment(*at)))
                    .saying(words::withdrawn(&part.creator.name, &part.campaign().name), words::WITHDRAWN_BODY)
                    .to(applications(&part.campaign().id), shared::OPEN_APPLICATIONS);
                out.team(facts, &told, Ways::Notice);
            });
        }
        News::Confirmed { application, at, .. } => {
            with_application(facts, application, |part, key| {
                let campaign = part.campaign();
                let body = words::confirmed_body(campaign.available_slots());
                let told = Told::plain(Kind::CampaignApplicationApproved, key("team", moment(*at)))
                    .saying(words::confirmed(&part.creator.name, &campaign.name), body)
                    .to(applications(&campaign.id), shared::OPEN_APPLICATIONS);
                out.team(facts, &told, Ways::Notice);
            });
        }
        News::CancelledByStaff { application, with_campaign: false, at, .. } => {
            with_application(facts, application, |part, key| {
                let campaign = part.campaign();
                let body = words::confirmed_body(campaign.available_slots());
                let told = Told::plain(Kind::ApplicationCancelled, key("team", moment(*at)))
                    .saying(words::ended(&part.creator.name, &campaign.name), body)
                    .to(applications(&campaign.id), shared::OPEN_APPLICATIONS);
                out.team(facts, &told, Ways::Notice);
            });
        }
        News::CancelledByCreator { application, at } => {
            with_application(facts, application, |part, key| {
                let campaign = part.campaign();
                let body = words::cancelled_body(part.stage.brand_name(), campaign.available_slots());
                let told = Told::coded(Code::E17, Kind::ApplicationCancelled, key("team", moment(*at)))
                    .saying(words::cancelled(&part.creator.name, &campaign.name), body)
                    .to(applications(&campaign.id), shared::OPEN_APPLICATIONS)
                    .about("application", application);
                out.team(facts, &told, Ways::Both);
                out.whatsapp(facts, &told);
            });
        }
        News::UrlRegistered { deliverable, at } => {
            with_delivery(facts, deliverable, |part, id| {
                let told = posted(facts, part, format!("{id}:{}", moment(*at))).about("deliverable", id);
                out.team(facts, &told, Ways::Both);
                out.whatsapp(facts, &told);
            });
        }
        News::UrlAdded { deliverable, at } => {
            with_delivery(facts, deliverable, |part, id| {
                let told = Told::plain(Kind::DeliverableSubmitted, format!("{id}:added:{}", moment(*at)))
                    .saying(words::added(&part.creator.name, &part.campaign().name), words::ADDED_BODY)
                    .to(deliveries(&part.campaign().id), shared::OPEN_DELIVERIES);
                out.team(facts, &told, Ways::Notice);
            });
        }
        News::UrlCorrected { deliverable, at } => {
            with_delivery(facts, deliverable, |part, id| {
                let told = Told::plain(Kind::DeliverableSubmitted, format!("{id}:corrected:{}", moment(*at)))
                    .saying(words::corrected(&part.creator.name, &part.campaign().name), words::CORRECTED_BODY)
                    .to(deliveries(&part.campaign().id), shared::OPEN_DELIVERIES);
                out.team(facts, &told, Ways::Notice);
            });
        }
        News::ContentRejected { deliverable, note, at } => {
            with_delivery(facts, deliverable, |part, id| {
                let told = Told::plain(Kind::DeliverableRejected, format!("{id}:team:{}", moment(*at)))
                    .saying(words::rejected(&part.creator.name, &part.campaign().name), words::REJECTED_BODY)
                    .quoting(Some(note))
                    .to(deliveries(&part.campaign().id), shared::OPEN_DELIVERIES);
                out.team(facts, &told, Ways::Notice);
            });
        }
        News::CreatorWelcome { creator } => {
            let Some(card) = facts.creator(creator) else { return };
            let told = Told::coded(Code::E50, Kind::AdminMessage, format!("{creator}:team"))
                .saying(words::welcome(&card.name), words::WELCOME_BODY)
                .to(format!("/admin/ugc/creators/{creator}"), shared::OPEN_CREATOR)
                .about("creator", creator);
            out.team(facts, &told, Ways::Both);
        }
        News::CampaignPublished { .. }
        | News::CampaignMoved { .. }
        | News::Shortlisted { .. }
        | News::Rejected { .. }
        | News::CancelledByStaff { .. }
        | News::Reactivated { .. }
        | News::DeadlinesChanged { .. }
        | News::UrlEdited { .. }
        | News::Approved { .. }
        | News::ChangesRequested { .. }
        | News::Reset { .. }
        | News::Completed { .. } => {}
    }
}

fn with_application(facts: &Facts, id: &ApplicationId, then: impl FnOnce(Part<'_>, &dyn Fn(&str, i64) -> String)) {
    if let Some(part) = facts.application(id) {
        then(part, &|what, at| format!("{id}:{what}:{at}"));
    }
}

fn with_delivery(facts: &Facts, id: &DeliverableId, then: impl FnOnce(Part<'_>, &DeliverableId)) {
    if let Some(part) = facts.delivery(id) {
        then(part, id);
    }
}

/// E-11.
fn applied(facts: &Facts, part: Part<'_>, key: String) -> Told {
    let campaign = part.campaign();
    let application = part.application;
    let followers = application.and_then(|application| application.creator_followers);
    let of_level = application.and_then(|application| application.creator_level).unwrap_or(part.creator.level());
    let answer = application.and_then(|application| application.waiting.as_ref());
    let answer = answer.map(|waiting| waits::staff_line(waiting, facts.now));
    let body = words::applied_body(Some(level(of_level)), followers, answer.as_deref());
    let told = Told::coded(Code::E11, Kind::CampaignApplicationReceived, key)
        .saying(words::applied(&part.creator.name, &campaign.name), body)
        .to(applications(&campaign.id), shared::OPEN_APPLICATIONS);
    match application {
        Some(application) => told.about("application", &application.id),
        None => told,
    }
}

/// E-22.
fn posted(facts: &Facts, part: Part<'_>, key: String) -> Told {
    let campaign = part.campaign();
    let waiting = part.delivery.and_then(|delivery| delivery.waiting.as_ref());
    let review = waiting.map(|waiting| waits::staff_line(waiting, facts.now));
    Told::coded(Code::E22, Kind::DeliverableSubmitted, key)
        .saying(
            words::posted(&part.creator.name, &campaign.name),
            words::posted_body(part.stage.brand_name(), review.as_deref()),
        )
        .facts(None, part.delivery.map(creators::posts).unwrap_or_default())
        .to(deliveries(&campaign.id), shared::OPEN_DELIVERIES)
}
