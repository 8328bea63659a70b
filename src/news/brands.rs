//! What brands are told: their owner's account. Brands see who takes part and how many apply, never who applies.

use super::event::News;
use super::facts::{Facts, Part, Stage};
use super::told::{Outgoing, Told, Ways};
use super::{creators, moment};
use crate::campaigns::CampaignStatus;
use crate::i18n::news::{self as shared, brand as words};
use crate::i18n::number::integer;
use crate::i18n::{campaigns, format, values};
use crate::mail::templates::{CampaignCode as Code, LetterRow};
use crate::notifications::PersonalType as Kind;

/// Tells the brand it concerns.
pub(super) fn tell(facts: &Facts, news: &News, out: &mut Outgoing) {
    match news {
        News::CampaignPublished { campaign } => {
            let Some(stage) = facts.stage(campaign) else { return };
            out.brand(facts, stage, &published(stage), Ways::Both);
        }
        News::CampaignMoved { campaign, to, reason } => {
            let Some(stage) = facts.stage(campaign) else { return };
            if let Some((told, ways)) = moved(facts, stage, *to, reason.as_deref()) {
                out.brand(facts, stage, &told, ways);
            }
        }
        News::SlotsTaken { campaign, confirmed, at } => {
            let Some(stage) = facts.stage(campaign) else { return };
            let told = Told::coded(Code::E07, Kind::SlotsDepleted, format!("{campaign}:{}:brand", moment(*at)))
                .saying(words::slots_taken(&stage.campaign.name), words::slots_taken_body(count(*confirmed)))
                .about("campaign", campaign);
            out.brand(facts, stage, &told, Ways::Mail);
        }
        News::SlotsReloaded { loads } => {
            for (nth, (campaign, slots)) in loads.iter().enumerate() {
                let Some(stage) = facts.stage(campaign) else { continue };
                let rows = vec![
                    Some(LetterRow::new(shared::AVAILABLE, integer(stage.campaign.available_slots()))),
                    next_load(stage),
                ];
                let told =
                    Told::coded(Code::E08, Kind::SlotsReloaded, format!("{campaign}:{}:{nth}", moment(facts.now)))
                        .saying(words::reloaded(&stage.campaign.name, count(*slots)), words::RELOADED_BODY)
                        .facts(None, rows.into_iter().flatten().collect())
                        .about("campaign", campaign);
                out.brand(facts, stage, &told, Ways::Mail);
            }
        }
        News::Confirmed { application, at, .. } => {
            let Some(part) = facts.application(application) else { return };
            let told =
                Told::coded(Code::E16, Kind::CampaignApplicationApproved, format!("{application}:{}", moment(*at)))
                    .saying(words::confirmed(&part.creator.name, &part.campaign().name), words::CONFIRMED_BODY)
                    .about("application", application);
            out.brand(facts, part.stage, &told, Ways::Both);
        }
        News::CancelledByCreator { application, at } => {
            let Some(part) = facts.application(application) else { return };
            let title = words::cancelled_by_creator(&part.creator.name, &part.campaign().name);
            let told =
                Told::coded(Code::E17, Kind::ApplicationCancelled, format!("{application}:{}:brand", moment(*at)))
                    .saying(title, words::CANCELLED_BY_CREATOR_BODY);
            out.brand(facts, part.stage, &told, Ways::Notice);
        }
        News::UrlRegistered { deliverable, at } => {
            let Some(part) = facts.delivery(deliverable) else { return };
            out.brand(facts, part.stage, &posted(part, moment(*at), false), Ways::Both);
        }
        News::UrlCorrected { deliverable, at } => {
            let Some(part) = facts.delivery(deliverable) else { return };
            out.brand(facts, part.stage, &posted(part, moment(*at), true), Ways::Both);
        }
        News::Applied { .. }
        | News::Shortlisted { .. }
        | News::Rejected { .. }
        | News::Withdrawn { .. }
        | News::CancelledByStaff { .. }
        | News::Reactivated { .. }
        | News::DeadlinesChanged { .. }
        | News::UrlAdded { .. }
        | News::UrlEdited { .. }
        | News::Approved { .. }
        | News::ChangesRequested { .. }
        | News::ContentRejected { .. }
        | News::Reset { .. }
        | News::Completed { .. }
        | News::CreatorWelcome { .. } => {}
    }
}

/// A count that is never below nothing.
pub(super) fn count(of: i32) -> u64 {
    u64::try_from(of).unwrap_or(0)
}

fn next_load(stage: Stage<'_>) -> Option<LetterRow> {
    let day = stage.campaign.contract.as_ref()?.next_reload_date?;
    Some(LetterRow::new(shared::NEXT_LOAD, format::day(day.0)))
}

/// E-01.
fn published(stage: Stage<'_>) -> Told {
    let campaign = stage.campaign;
    let contract = campaign.contract.as_ref();
    let rows = [
        Some(LetterRow::new(shared::CATEGORY, values::category(campaign.category))),
        campaign.city.clone().map(|city| LetterRow::new(shared::CITY, city)),
        Some(LetterRow::new(shared::SLOTS, integer(campaign.total_slots_loaded))),
        contract.map(|contract| LetterRow::new(shared::MONTHLY, integer(contract.monthly_deliverables))),
        Some(LetterRow::new(shared::CANJE, campaign.canje.description.clone())),
        contract.map(|contract| {
            let dates = format!("{} – {}", format::day(contract.start_date.0), format::day(contract.end_date.0));
            LetterRow::new(shared::CONTRACT, dates)
        }),
        next_load(stage),
    ];
    let told = Told::coded(Code::E01, Kind::CampaignStatus, campaign.id.as_str())
        .saying(words::published(&campaign.name), words::PUBLISHED)
        .leading(words::PUBLISHED_BODY)
        .facts(None, rows.into_iter().flatten().collect())
        .about("campaign", &campaign.id);
    // Brands have no pages of their own yet; what everybody sees they see too.
    if campaign.is_public() { told.to(format!("/ugc/campaigns/{}", campaign.id), shared::SEE_CAMPAIGN) } else { told }
}

/// E-04, E-05, or a notice.
fn moved(facts: &Facts, stage: Stage<'_>, to: CampaignStatus, reason: Option<&str>) -> Option<(Told, Ways)> {
    let campaign = stage.campaign;
    let key = format!("{}:{}:{}", campaign.id, to.as_str(), moment(facts.now));
    let (told, ways) = match to {
        CampaignStatus::Completed => {
            let summary = words::completed_body(count(campaign.tally.confirmed), count(campaign.tally.with_url));
            let told = Told::coded(Code::E04, Kind::CampaignCompleted, key)
                .saying(words::completed(&campaign.name), summary)
                .more(words::RATE);
            (told, Ways::Both)
        }
        CampaignStatus::Cancelled => {
            let told = Told::coded(Code::E05, Kind::CampaignStatus, key)
                .saying(words::cancelled(&campaign.name), words::cancelled_body(reason.is_some()))
                .quoting(reason);
            (told, Ways::Both)
        }
        CampaignStatus::Draft => return None,
        CampaignStatus::Live | CampaignStatus::Closed | CampaignStatus::InProduction => {
            let told = Told::plain(Kind::CampaignStatus, key)
                .saying(words::moved(&campaign.name, campaigns::status(to)), words::MOVED_BODY);
            (told, Ways::Notice)
        }
    };
    Some((told.about("campaign", &campaign.id), ways))
}

/// E-21.
fn posted(part: Part<'_>, at: i64, is_corrected: bool) -> Told {
    let campaign = part.campaign();
    let id = part.delivery.map(|delivery| delivery.id.to_string()).unwrap_or_default();
    let rows = part.delivery.map(creators::posts).unwrap_or_default();
    let told = Told::coded(Code::E21, Kind::DeliverableSubmitted, format!("{id}:{at}"))
        .saying(words::posted(&part.creator.name, &campaign.name, is_corrected), words::posted_body(is_corrected))
        .about("deliverable", id);
    match rows.first().and_then(|row| row.href.clone()) {
        Some(post) => told.facts(None, rows).to(post, shared::SEE_POST),
        None => told,
    }
}
