//! `/ugc/creator/deliverable/{id}`: what one owes, until when, what one gets for it, and the form for the post's address.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

use crate::assets::URL_CHECK_SCRIPT;
use crate::campaigns::catalogue::pages::address;
use crate::campaigns::markup::Markup;
use crate::campaigns::model::{Campaign, Canje};
use crate::creators::area::pages::{WORK, delivery_address};
use crate::creators::area::service::{self, OwnDelivery};
use crate::creators::model::Level;
use crate::creators::service::require_complete;
use crate::ctx::Ctx;
use crate::deliverables::chip::{self, Kind};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::deliverables::service::{Urls, register_urls};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{
    campaigns as campaign_words, catalogue, creator_area as words, deadline_chip as chip_words,
    deliverables as delivery_words, errors, waits,
};
use crate::ui::{
    Banner, Button, ButtonKind, Crumb, DeadlineChip, DeadlineView, Fact, FactList, Field, FieldType, PageHead, Status,
    Tone,
};
use crate::values::{DeliverableId, Platform};
use crate::web::flash::{Flash, Notice, Tone as NoticeTone};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// What the form is for, by the delivery's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// The first address.
    First,
    /// A corrected one.
    Correction,
    /// The other platform's.
    Other(Platform),
    /// Nothing.
    Nothing,
}

impl Asks {
    fn of(delivery: &Deliverable) -> Self {
        let lacking = match (&delivery.instagram_url, &delivery.tiktok_url) {
            (None, Some(_)) => Some(Platform::Instagram),
            (Some(_), None) => Some(Platform::Tiktok),
            _ => None,
        };
        match delivery.status {
            DeliverableStatus::AwaitingPublish => Self::First,
            DeliverableStatus::ChangesRequested => Self::Correction,
            DeliverableStatus::Published
            | DeliverableStatus::Resubmitted
            | DeliverableStatus::MetricsPending
            | DeliverableStatus::MetricsSubmitted
            | DeliverableStatus::MetricsLate
            | DeliverableStatus::MetricsVerified => lacking.map_or(Self::Nothing, Self::Other),
            DeliverableStatus::Approved
            | DeliverableStatus::Completed
            | DeliverableStatus::Rejected
            | DeliverableStatus::Cancelled => Self::Nothing,
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::First | Self::Nothing => words::SAVED,
            Self::Correction => words::CORRECTED,
            Self::Other(_) => words::OTHER_SAVED,
        }
    }
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    #[serde(default)]
    instagram_url: String,
    #[serde(default)]
    tiktok_url: String,
}

/// The name of a platform's field.
fn field(platform: Platform) -> &'static str {
    match platform {
        Platform::Instagram => "instagram_url",
        Platform::Tiktok => "tiktok_url",
    }
}

/// `GET`.
pub async fn show(ctx: Ctx, Path(id): Path<DeliverableId>) -> Result<Response, Failure> {
    let creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let own = service::delivery(&ctx, &creator, &id).await?;
    let (now, flash) = (ctx.now(), ctx.flash.clone());
    let is_rookie = creator.effective_level() == Level::Rookie;
    let script = ctx.app.assets.url(URL_CHECK_SCRIPT).to_owned();
    let crumbs =
        vec![Crumb::link(words::WORK, format!("{WORK}?tab=deliveries")), Crumb::here(own.campaign.name.clone())];
    let title = format!("{}: {}", words::DELIVERY, own.campaign.name);
    Ok(Page::creator(&ctx, Section::Work, title).crumbs(crumbs).show(move || {
        let OwnDelivery { delivery, campaign } = own;
        let asks = Asks::of(&delivery);
        let marks = view! {
            <Status tone=delivery_words::tone(delivery.status) label=delivery_words::own_status(delivery.status)/>
        };
        let is_open = delivery.status != DeliverableStatus::Cancelled;
        view! {
            <PageHead title=campaign.name.clone() purpose=campaign.assets.brand_name.clone() marks=marks.into_any()/>
            {told(&delivery, now)}
            {deadlines(&delivery, now)}
            {post(&delivery, asks, &flash, script)}
            {is_open.then(|| canje(&campaign.canje, is_rookie && !delivery.is_delivered()))}
            {rules(&campaign)}
        }
    }))
}

/// `POST`: registers, adds or corrects addresses, as the delivery's state asks.
pub async fn register(
    ctx: Ctx,
    Path(id): Path<DeliverableId>,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(sent) = form.map_err(|_| AppError::Malformed)?;
    let creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let asks = Asks::of(&service::delivery(&ctx, &creator, &id).await?.delivery);
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let urls = Urls { instagram: given(&sent.instagram_url), tiktok: given(&sent.tiktok_url) };
    let here = delivery_address(&id);
    let typed = [("instagram_url", sent.instagram_url), ("tiktok_url", sent.tiktok_url)];
    match register_urls(&ctx, &creator, &id, urls).await {
        Ok(()) => forms::done(&ctx, &here, asks.done()).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => forms::refused(&ctx, &here, problems, typed).await,
        Err(Failure::Refused(refusal)) if refusal != AppError::NotFound => {
            let notice = Some(Notice { tone: NoticeTone::Error, text: errors::sentence(&refusal) });
            let values = typed.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
            forms::redirect_with(&ctx, &here, Flash { notice, values, ..Flash::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// What the last review said, and what ended it.
fn told(delivery: &Deliverable, now: jiff::Timestamp) -> Option<AnyView> {
    let (tone, title) = match delivery.status {
        DeliverableStatus::ChangesRequested => (Tone::Attention, words::CHANGES_TITLE),
        DeliverableStatus::Rejected => (Tone::Bad, words::REJECTED_TITLE),
        DeliverableStatus::Cancelled => (Tone::Neutral, words::CANCELLED_TITLE),
        _ => {
            let note = delivery.review_notes.last()?.note.clone()?;
            let note = view! {
                <section>
                    <h2>{words::REVIEW}</h2>
                    <p class="notice-message" data-testid="review-note">{note}</p>
                </section>
            };
            return Some(note.into_any());
        }
    };
    let note = delivery.review_notes.last().and_then(|review| review.note.clone());
    let note = note.filter(|_| delivery.status != DeliverableStatus::Cancelled);
    let hint = (delivery.status == DeliverableStatus::Rejected).then_some(words::REJECTED_HINT);
    // Where no deadline is shown any more, what is waited for is said here.
    let waiting = delivery.waiting.as_ref().filter(|_| delivery.status == DeliverableStatus::Rejected);
    let waiting = waiting.map(|waiting| view! { <p data-testid="waiting">{waits::creator_line(waiting, now)}</p> });
    let banner = view! {
        <Banner tone title testid="delivery-told">
            {note.map(|note| view! { <p class="notice-message" data-testid="review-note">{note}</p> })}
            {hint.map(|hint| view! { <p>{hint}</p> })}
            {waiting}
        </Banner>
    };
    Some(banner.into_any())
}

/// Both deadlines, exactly and as what is left of them.
fn deadlines(delivery: &Deliverable, now: jiff::Timestamp) -> Option<AnyView> {
    if delivery.status == DeliverableStatus::Rejected {
        return None;
    }
    let chip = |kind| chip::chip(kind, delivery, now);
    let fact = |label: &'static str, chip: Option<DeadlineView>, testid: &'static str| {
        chip.map(|chip| {
            let exactly = chip.tip.clone();
            let value = view! {
                <DeadlineChip chip testid/>
                <br/>
                <span class="muted">{exactly}</span>
            };
            Fact::new(label, value)
        })
    };
    let facts: Vec<_> = [
        fact(chip_words::URL, chip(Kind::Url), "chip-url"),
        fact(chip_words::METRICS, chip(Kind::Metrics), "chip-metrics"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let waiting = delivery.waiting.as_ref().filter(|waiting| {
        waiting.whose == crate::waits::Whose::Staff || delivery.status == DeliverableStatus::ChangesRequested
    });
    let waiting = waiting.map(|waiting| view! { <p data-testid="waiting">{waits::creator_line(waiting, now)}</p> });
    // The page that takes them isn't there yet, and nobody should look for it.
    let owes_metrics = delivery.is_open() && delivery.has_url() && !delivery.has_metrics();
    let metrics = owes_metrics.then(|| view! { <p class="muted">{words::METRICS_LATER}</p> });
    (!facts.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2>{words::YOUR_DEADLINES}</h2>
                <FactList facts/>
                {metrics}
                {waiting}
            </section>
        }
        .into_any()
    })
}

/// What is registered, and the form for what isn't.
fn post(delivery: &Deliverable, asks: Asks, flash: &Flash, script: String) -> AnyView {
    let stored = |platform| match platform {
        Platform::Instagram => delivery.instagram_url.clone(),
        Platform::Tiktok => delivery.tiktok_url.clone(),
    };
    let registered: Vec<_> = Platform::ALL
        .into_iter()
        .filter_map(|platform| {
            let url = stored(platform)?;
            let link = view! { <a href=url.clone() rel="noopener noreferrer" target="_blank">{url.clone()}</a> };
            Some(Fact::new(platform.label(), link))
        })
        .collect();
    let registered = (!registered.is_empty()).then(|| view! { <FactList facts=registered/> });
    let form = form(delivery, asks, flash, script);
    if registered.is_none() && form.is_none() {
        return ().into_any();
    }
    view! {
        <section class="section" id="publicacion">
            <h2>{words::POST}</h2>
            {registered}
            {form}
        </section>
    }
    .into_any()
}

fn form(delivery: &Deliverable, asks: Asks, flash: &Flash, script: String) -> Option<AnyView> {
    let (platforms, label, lead) = match asks {
        Asks::First => (Platform::ALL.to_vec(), words::SAVE_POST, words::URL_HINT),
        Asks::Correction => (Platform::ALL.to_vec(), words::SAVE_CORRECTION, words::URL_HINT),
        Asks::Other(platform) => (vec![platform], words::SAVE_OTHER, words::ADD_OTHER_HINT),
        Asks::Nothing => return None,
    };
    // Adding the other platform is an offer; the two others are what the page is for.
    let kind = if matches!(asks, Asks::Other(_)) { ButtonKind::Quiet } else { ButtonKind::Primary };
    let fields = platforms
        .into_iter()
        .map(|platform| {
            let name = field(platform);
            view! {
                <div data-url-check=platform.as_str()>
                    <Field
                        name
                        label=words::url_label(platform)
                        r#type=FieldType::Text
                        inputmode="url"
                        autocomplete="off"
                        value=flash.value(name)
                        error=flash.problem(name)
                        hint=delivery_words::url_help(platform)
                        maxlength=2048
                        testid=name
                    />
                    <p role="status" data-url-answer=""></p>
                </div>
            }
        })
        .collect_view();
    Some(
        view! {
            <form class="form" method="post" action=delivery_address(&delivery.id) data-testid="url-form">
                <p class="muted">{lead}</p>
                {fields}
                <div class="actions">
                    <Button kind testid="url-save">{label}</Button>
                </div>
            </form>
            <script type="module" src=script></script>
        }
        .into_any(),
    )
}

/// What is given, where, and whom to ask for: only whoever was confirmed reads this page.
fn canje(canje: &Canje, tells_rookie_rule: bool) -> impl IntoView + use<> {
    let said =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut facts = vec![
        Fact::new(catalogue::CANJE, catalogue::worth(canje.kind, canje.value)),
        Fact::new(catalogue::HANDOVER, campaign_words::delivery_method(canje.delivery_method)),
    ];
    let map = said(&canje.pickup_maps_url).filter(|url| url.starts_with("https://"));
    let map = map.map(|url| view! { <a href=url rel="noopener noreferrer" target="_blank">{words::MAP}</a> });
    match (said(&canje.pickup_address), map) {
        (Some(place), map) => {
            let value = view! { {place} {map.map(|map| view! { <br/> {map} })} };
            facts.push(Fact::new(words::WHERE, value));
        }
        (None, Some(map)) => facts.push(Fact::new(words::WHERE, map)),
        (None, None) => {}
    }
    facts.extend(said(&canje.pickup_hours).map(|hours| Fact::new(words::HOURS, hours)));
    facts.extend(said(&canje.brand_contact_name).map(|name| Fact::new(words::CONTACT, name)));
    facts.extend(said(&canje.brand_contact_phone).map(|phone| {
        let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Fact::new(words::CALL, view! { <a href=format!("tel:{digits}")>{phone}</a> })
    }));
    view! {
        <section class="section" data-testid="delivery-canje">
            <h2>{words::CANJE}</h2>
            <Markup text=canje.description.clone()/>
            <FactList facts/>
            {tells_rookie_rule.then(|| view! { <p class="muted">{words::ROOKIE_RULE}</p> })}
        </section>
    }
}

fn rules(campaign: &Campaign) -> impl IntoView + use<> {
    let lines = catalogue::requirement_lines(&campaign.requirements);
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let timeline = &campaign.timeline;
    view! {
        <section class="section">
            <h2>{words::RULES}</h2>
            <ul class="markup">{lines}</ul>
            <p class="muted">
                {catalogue::PUBLISH} ": " {catalogue::between(timeline.publish_start, timeline.publish_end)} ". "
                <a href=address(&campaign.id)>{words::OPEN_CAMPAIGN}</a>
            </p>
        </section>
    }
}
