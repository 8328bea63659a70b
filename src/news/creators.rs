//! What creators are told.

use super::event::{News, Rejection};
use super::facts::{Facts, Part};
use super::told::{Outgoing, Told, Ways};
use super::{deadlines, moment};
use crate::campaigns::model::{Canje, DeliveryMethod};
use crate::creators::Level;
use crate::deliverables::Deliverable;
use crate::i18n::news::{self as shared, creator as words};
use crate::i18n::{campaigns, format, waits};
use crate::mail::templates::{CampaignCode as Code, LetterRow};
use crate::notifications::PersonalType as Kind;

/// Where creators see their applications.
const APPLICATIONS: &str = "/ugc/creator/applications";
/// Where they see what they work on.
const WORK: &str = "/ugc/creator/my-work";
/// Where they see what is offered.
pub(super) const CATALOGUE: &str = "/ugc/campaigns";

/// The page of a delivery.
pub(super) fn delivery_path(delivery: &Deliverable) -> String {
    format!("/ugc/creator/deliverable/{}", delivery.id)
}

/// Tells the creator it concerns.
pub(super) fn tell(facts: &Facts, news: &News, out: &mut Outgoing) {
    match news {
        News::Applied { application, .. }
        | News::Shortlisted { application, .. }
        | News::Rejected { application, .. }
        | News::CancelledByStaff { application, .. }
        | News::CancelledByCreator { application, .. }
        | News::Reactivated { application, .. } => {
            if let Some(part) = facts.application(application)
                && let Some((told, ways)) = of_application(facts, news, part)
            {
                out.creator(facts, part.creator, &told.about("application", application), ways);
            }
        }
        News::Confirmed { deliverable, .. }
        | News::UrlRegistered { deliverable, .. }
        | News::UrlEdited { deliverable, .. }
        | News::Approved { deliverable, .. }
        | News::ChangesRequested { deliverable, .. }
        | News::ContentRejected { deliverable, .. }
        | News::Reset { deliverable, .. }
        | News::Completed { deliverable, .. } => {
            if let Some(part) = facts.delivery(deliverable)
                && let Some(delivery) = part.delivery
                && let Some((told, ways)) = of_delivery(facts, news, part, delivery)
            {
                out.creator(facts, part.creator, &told.about("deliverable", deliverable), ways);
            }
        }
        News::DeadlinesChanged { change, campaign, moved } => {
            let Some(stage) = facts.stage(campaign) else { return };
            for one in moved {
                if let Some(creator) = facts.creator(&one.creator_id) {
                    let told = deadlines::told(facts, stage, change, one);
                    out.creator(facts, creator, &told, Ways::Notice);
                }
            }
        }
        News::CreatorWelcome { creator } => {
            let Some(card) = facts.creator(creator) else { return };
            let rows = vec![
                LetterRow::new(words::PROFILE, words::PROFILE_VALUE).to("/ugc/creator/profile"),
                LetterRow::new(words::WORKSPACE, words::WORKSPACE_VALUE).to("/ugc/creator/dashboard"),
            ];
            let told = Told::coded(Code::E50, Kind::AdminMessage, creator.as_str())
                .saying(words::WELCOME, words::WELCOME_BODY)
                .facts(None, rows)
                .to(CATALOGUE, shared::SEE_CAMPAIGNS)
                .about("creator", creator);
            out.creator(facts, card, &told, Ways::Mail);
        }
        // Creators are told by a job of its own, page by page.
        News::CampaignPublished { campaign } => out.broadcasts.push(campaign.clone()),
        News::CampaignMoved { .. }
        | News::SlotsTaken { .. }
        | News::SlotsReloaded { .. }
        | News::Withdrawn { .. }
        | News::UrlAdded { .. }
        | News::UrlCorrected { .. } => {}
    }
}

fn of_application(facts: &Facts, news: &News, part: Part<'_>) -> Option<(Told, Ways)> {
    let campaign = &part.campaign().name;
    let application = part.application?;
    let answer = application.waiting.as_ref().map(|waiting| waits::creator_line(waiting, facts.now));
    let key = |at| format!("{}:{}", application.id, moment(at));
    Some(match news {
        News::Applied { at, .. } => {
            let body = words::received_body(part.stage.brand_name(), answer.as_deref());
            let told = Told::coded(Code::E10, Kind::CampaignApplicationReceived, key(*at))
                .saying(words::received(campaign), body)
                .to(APPLICATIONS, shared::SEE_APPLICATIONS);
            (told, Ways::Both)
        }
        News::Shortlisted { at, .. } => {
            let told = Told::coded(Code::E12, Kind::ApplicationShortlisted, key(*at))
                .saying(words::shortlisted(campaign), words::shortlisted_body(answer.as_deref()))
                .to(APPLICATIONS, shared::SEE_APPLICATIONS);
            (told, Ways::Both)
        }
        News::Rejected { reason, because, at, .. } => {
            let told = Told::coded(Code::E13, Kind::CampaignApplicationRejected, key(*at))
                .saying(words::rejected(campaign, *because), words::rejected_body(*because))
                .quoting(reason.as_deref().filter(|_| *because != Rejection::Ended))
                .more(words::OTHER_CAMPAIGNS)
                .to(CATALOGUE, shared::SEE_CAMPAIGNS);
            (told, Ways::Both)
        }
        News::CancelledByStaff { reason, at, .. } => {
            let told = Told::coded(Code::E14, Kind::ApplicationCancelled, key(*at))
                .saying(words::cancelled(campaign), words::CANCELLED_BODY)
                .quoting(Some(reason))
                .facts(None, help(facts))
                .more(words::CONTACT_US)
                .to(WORK, shared::SEE_WORK);
            (told, Ways::Both)
        }
        News::CancelledByCreator { at, .. } => {
            let told = Told::plain(Kind::ApplicationCancelled, key(*at))
                .saying(words::cancelled_own(campaign), words::CANCELLED_OWN_BODY)
                .to(APPLICATIONS, shared::SEE_APPLICATIONS);
            (told, Ways::Notice)
        }
        News::Reactivated { at, .. } => {
            let told = Told::plain(Kind::ApplicationReactivated, key(*at))
                .saying(words::reactivated(campaign), words::reactivated_body(answer.as_deref()))
                .to(APPLICATIONS, shared::SEE_APPLICATIONS);
            (told, Ways::Notice)
        }
        _ => return None,
    })
}

fn of_delivery(facts: &Facts, news: &News, part: Part<'_>, delivery: &Deliverable) -> Option<(Told, Ways)> {
    let campaign = &part.campaign().name;
    let key = |at| format!("{}:{}", delivery.id, moment(at));
    let metrics = delivery.metrics_deadline.filter(|_| !delivery.has_metrics()).map(|at| facts.by(at));
    let waiting = delivery.waiting.as_ref().map(|waiting| waits::creator_line(waiting, facts.now));
    let path = delivery_path(delivery);
    Some(match news {
        News::Confirmed { at, .. } => {
            (confirmed(facts, part, delivery, key(*at)).to(path, shared::SEE_DELIVERY), Ways::Both)
        }
        News::UrlRegistered { at, .. } => {
            let told = Told::coded(Code::E20, Kind::DeliverableSubmitted, key(*at))
                .saying(words::registered(campaign), words::registered_body(metrics.as_deref()))
                .facts(None, posts(delivery))
                .to(path, shared::SEE_DELIVERY);
            (told, Ways::Both)
        }
        News::UrlEdited { at, .. } => {
            let told = Told::plain(Kind::DeliverableSubmitted, key(*at))
                .saying(words::edited(campaign), words::EDITED_BODY)
                .to(path, shared::SEE_DELIVERY);
            (told, Ways::Notice)
        }
        News::Approved { note, at, .. } => {
            let told = Told::coded(Code::E23, Kind::DeliverableApproved, key(*at))
                .saying(words::approved(campaign), words::approved_body(metrics.as_deref()))
                .quoting(note.as_deref())
                .to(path, shared::SEE_DELIVERY);
            (told, Ways::Both)
        }
        News::ChangesRequested { note, at, .. } => {
            let told = Told::coded(Code::E24, Kind::DeliverableChangesRequested, key(*at))
                .saying(words::changes_requested(campaign), words::changes_requested_body(waiting.as_deref()))
                .quoting(Some(note))
                .to(path, words::CORRECT);
            (told, Ways::Both)
        }
        News::ContentRejected { note, at, .. } => {
            let told = Told::coded(Code::E25, Kind::DeliverableRejected, key(*at))
                .saying(words::content_rejected(campaign), words::CONTENT_REJECTED_BODY)
                .quoting(Some(note))
                .facts(None, help(facts))
                .more(words::CONTACT_US)
                .to(path, shared::SEE_DELIVERY);
            (told, Ways::Both)
        }
        News::Reset { urls, at, .. } => {
            let due = if *urls { delivery.url_deadline } else { delivery.metrics_deadline };
            let by = due.map(|at| facts.by(at)).unwrap_or_default();
            let told = Told::coded(Code::E30, Kind::DeliverableReset, key(*at))
                .saying(words::reset(campaign, *urls), words::reset_body(*urls, &by))
                .to(path, shared::SEE_DELIVERY);
            (told, Ways::Both)
        }
        News::Completed { at, .. } => {
            let told = Told::plain(Kind::CampaignCompleted, key(*at))
                .saying(words::completed(campaign), words::COMPLETED_BODY)
                .to(path, shared::SEE_DELIVERY);
            (told, Ways::Notice)
        }
        _ => return None,
    })
}

/// E-15: both deadlines, what is given, where and how it is collected.
fn confirmed(facts: &Facts, part: Part<'_>, delivery: &Deliverable, key: String) -> Told {
    let campaign = part.campaign();
    let by = |at: Option<bson::DateTime>| at.map(|at| facts.by(at)).unwrap_or_default();
    let (url, metrics) = (by(delivery.url_deadline), by(delivery.metrics_deadline));
    let told = Told::coded(Code::E15, Kind::CampaignApplicationApproved, key)
        .saying(words::confirmed(&campaign.name), words::confirmed_body(&url, &metrics));
    let told = match part.creator.level() {
        Level::Rookie => told.more(words::ROOKIE_RULE),
        Level::Trusted | Level::Pro | Level::Elite => told,
    };
    let deadlines = vec![LetterRow::new(shared::URL_DEADLINE, url), LetterRow::new(shared::METRICS_DEADLINE, metrics)];
    told.facts(Some(shared::DEADLINES), deadlines).facts(Some(shared::CANJE), canje(&campaign.canje))
}

fn canje(canje: &Canje) -> Vec<LetterRow> {
    let text = |value: &Option<String>| value.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    let row = |label: &str, value: Option<String>| value.map(|value| LetterRow::new(label, value));
    let value = (canje.value > 0).then(|| format::money(canje.value));
    let place = match canje.delivery_method {
        DeliveryMethod::Delivery => None,
        DeliveryMethod::Pickup | DeliveryMethod::NotApplicable => text(&canje.pickup_address),
    };
    let hours = place.as_ref().and_then(|_| text(&canje.pickup_hours));
    let maps = place.as_ref().and_then(|_| text(&canje.pickup_maps_url));
    let contact: Vec<_> =
        [&canje.brand_contact_name, &canje.brand_contact_phone].into_iter().filter_map(text).collect();
    [
        Some(LetterRow::new(campaigns::canje_type(canje.kind), canje.description.clone())),
        row(shared::CANJE_VALUE, value),
        Some(LetterRow::new(shared::HOW, campaigns::delivery_method(canje.delivery_method))),
        row(shared::WHERE, place),
        row(shared::HOURS, hours),
        maps.map(|href| LetterRow::new(shared::MAPS, shared::OPEN_MAPS).to(&href)),
        row(shared::CONTACT, Some(contact.join(" · ")).filter(|contact| !contact.is_empty())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The addresses of a delivery's posts.
pub(super) fn posts(delivery: &Deliverable) -> Vec<LetterRow> {
    let posts = [(shared::INSTAGRAM, &delivery.instagram_url), (shared::TIKTOK, &delivery.tiktok_url)];
    posts
        .into_iter()
        .filter_map(|(label, url)| url.as_ref().map(|url| LetterRow::new(label, url.clone()).to(url)))
        .collect()
}

/// How to reach the team, when the settings say.
pub(super) fn help(facts: &Facts) -> Vec<LetterRow> {
    let number = facts.settings.whatsapp_marcas.as_deref();
    let row = |number: &str| {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        LetterRow::new(shared::WHATSAPP, number).to(&format!("https://wa.me/{digits}"))
    };
    number.map(row).into_iter().collect()
}
