//! `/admin/deliverables/{id}`: one delivery, what happened to it, and what may be done now.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::pages::{LIST, links, topic};
use super::service::{self, Row};
use crate::creators::desk::person;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::deliverables::chip::{self, Kind};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::deliverables::state::{Move, Verdict};
use crate::failure::Failure;
use crate::i18n::{deliverables as words_of, desk as words, format, waits};
use crate::ui::{
    Button, ButtonKind, Checkbox, Crumb, DeadlineChip, Dialog, Fact, FactList, Field, FieldType, LinkButton, PageHead,
    Status, TextArea,
};
use crate::values::DeliverableId;
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// The page.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let row = service::one(&ctx, &DeliverableId::of(id)).await?;
    let (now, flash) = (ctx.now(), ctx.flash.clone());
    let Row { delivery, creator, campaign } = row;
    let campaign = campaign.unwrap_or_else(|| words::CAMPAIGN.to_owned());
    let name = creator.as_ref().map_or_else(|| words::GONE.to_owned(), |creator| creator.name.clone());
    let title = words::delivery_of(&name, &campaign);
    let crumbs = vec![
        Crumb::link(words::DELIVERIES, LIST),
        Crumb::link(campaign.clone(), format!("/admin/ugc/deliverables/{}", delivery.campaign_id)),
        Crumb::here(name.clone()),
    ];
    Ok(Page::admin(&ctx, Section::Deliveries, title.clone()).crumbs(crumbs).show(move || {
        let marks = view! { <Status tone=words_of::tone(delivery.status) label=words_of::status(delivery.status)/> };
        let write = creator.as_ref().and_then(|creator| person::whatsapp(creator, topic(&delivery), Some(&campaign)));
        let profile = format!("/admin/ugc/creators/{}", delivery.creator_id);
        view! {
            <PageHead title marks=marks.into_any()>
                {write}
                <LinkButton href=profile testid="delivery-creator">{words::PROFILE}</LinkButton>
            </PageHead>
            <FactList facts=facts(&delivery, now)/>
            <section class="section" data-testid="delivery-actions">
                <h2>{words::WHAT_NEXT}</h2>
                {actions(&delivery, &flash)}
            </section>
            {reviews(&delivery, now)}
            {history(&delivery, now)}
        }
    }))
}

fn moment(at: Option<bson::DateTime>, now: Timestamp) -> Option<AnyView> {
    let at = at.and_then(timestamp)?;
    Some(
        view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }
            .into_any(),
    )
}

fn facts(delivery: &Deliverable, now: Timestamp) -> Vec<Fact> {
    let due = |kind, at: Option<bson::DateTime>| {
        let chip = chip::chip(kind, delivery, now).map(|chip| view! { <DeadlineChip chip/> });
        view! { {chip} " " <small class="muted">{moment(at, now)}</small> }
    };
    let posts = if delivery.has_url() { links(delivery) } else { words::NOT_YET.into_any() };
    let waiting = delivery.waiting.as_ref().map(|waiting| Fact::new(words::WAITING, waits::staff_line(waiting, now)));
    let rating = delivery.brand_rating.as_ref().map(|rating| Fact::new(words::RATING, words::stars(rating.rating)));
    let published = moment(delivery.published_at, now).map(|at| Fact::new(words::PUBLISHED_ON, at));
    let confirmed = moment(delivery.confirmed_at, now).map(|at| Fact::new(words::CONFIRMED_ON, at));
    [
        waiting,
        Some(Fact::new(words::URL_DEADLINE, due(Kind::Url, delivery.url_deadline))),
        Some(Fact::new(words::METRICS_DEADLINE, due(Kind::Metrics, delivery.metrics_deadline))),
        Some(Fact::new(words::POSTS, posts)),
        confirmed,
        published,
        rating,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The forms its state allows; the server decides again.
fn actions(delivery: &Deliverable, flash: &Flash) -> AnyView {
    let base = format!("/admin/deliverables/{}", delivery.id);
    let may = |it: Move| it.from(delivery.status) == Verdict::Goes;
    let noted = |verb: &'static str, opener: &'static str, kind, label, hint: Option<&'static str>, required| {
        let (action, error, typed) = (format!("{base}/{verb}"), flash.problem(verb), flash.value(verb));
        let is_open = error.is_some();
        let loud = if kind == ButtonKind::Primary { ButtonKind::Primary } else { ButtonKind::Danger };
        view! {
            <Dialog id=verb opener kind title=opener open=is_open testid=format!("delivery-{verb}-open")>
                <form class="form" method="post" action=action>
                    <TextArea
                        name="nota"
                        label
                        hint
                        value=typed
                        error
                        required
                        maxlength=1000
                        id=format!("{verb}-nota")
                        testid=format!("delivery-{verb}-note")
                    />
                    <div class="actions">
                        <Button kind=loud testid=format!("delivery-{verb}")>
                            {opener}
                        </Button>
                    </div>
                </form>
            </Dialog>
        }
        .into_any()
    };
    let asked_before = delivery.review_round > 0;
    let mut shown: Vec<AnyView> = Vec::new();
    if may(Move::Approve) {
        shown.push(noted("aprobar", words::APPROVE, ButtonKind::Primary, words::APPROVE_NOTE, None, false));
    }
    if may(Move::RequestChanges) && !asked_before {
        let hint = Some(words::ASK_CHANGES_HINT);
        shown.push(noted("cambios", words::ASK_CHANGES, ButtonKind::Quiet, words::CHANGES_NOTE, hint, true));
    }
    if may(Move::RejectContent) {
        shown.push(noted("rechazar", words::REFUSE, ButtonKind::Quiet, words::REFUSE_NOTE, None, true));
    }
    if may(Move::Complete) && delivery.is_delivered() {
        shown.push(
            view! {
                <form method="post" action=format!("{base}/completar")>
                    <Button kind=ButtonKind::Primary testid="delivery-completar">{words::COMPLETE}</Button>
                </form>
            }
            .into_any(),
        );
    }
    if may(Move::EditUrls) && delivery.has_url() {
        shown.push(edit_urls(delivery, flash, &base));
    }
    if may(Move::ResetUrls) || may(Move::ResetMetrics) {
        shown.push(reset(&base, may(Move::ResetUrls), may(Move::ResetMetrics)));
    }
    if may(Move::Cancel) && !delivery.is_delivered() {
        shown.push(noted("cancelar", words::CANCEL_PARTICIPATION, ButtonKind::Quiet, words::REASON, None, true));
    }
    if shown.is_empty() {
        return view! { <p class="muted">{words::NOTHING_TO_DO}</p> }.into_any();
    }
    view! { <div class="actions">{shown}</div> }.into_any()
}

fn edit_urls(delivery: &Deliverable, flash: &Flash, base: &str) -> AnyView {
    let (wrong_instagram, wrong_tiktok) = (flash.problem("instagram_url"), flash.problem("tiktok_url"));
    let is_open = wrong_instagram.is_some() || wrong_tiktok.is_some();
    let typed =
        |field: &str, stored: &Option<String>| flash.value(field).or_else(|| stored.clone()).unwrap_or_default();
    let (instagram, tiktok) =
        (typed("instagram_url", &delivery.instagram_url), typed("tiktok_url", &delivery.tiktok_url));
    let action = format!("{base}/urls");
    view! {
        <Dialog id="urls" opener=words::EDIT_URLS title=words::EDIT_URLS open=is_open testid="delivery-urls-open">
            <form class="form" method="post" action=action>
                <Field
                    name="instagram_url"
                    label="Instagram"
                    r#type=FieldType::Url
                    value=instagram
                    error=wrong_instagram
                    testid="delivery-instagram"
                />
                <Field
                    name="tiktok_url"
                    label="TikTok"
                    r#type=FieldType::Url
                    value=tiktok
                    error=wrong_tiktok
                    testid="delivery-tiktok"
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary testid="delivery-urls">{words::EDIT_URLS}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

fn reset(base: &str, may_urls: bool, may_metrics: bool) -> AnyView {
    let urls = may_urls.then(|| {
        view! {
            <form class="form" method="post" action=format!("{base}/resetear")>
                <p>{words::RESET_CONSEQUENCE}</p>
                <Checkbox name="conservar" label=words::KEEP_PUNCTUALITY hint=words::KEEP_PUNCTUALITY_HINT checked=true testid="delivery-keep"/>
                <div class="actions">
                    <Button kind=ButtonKind::Danger testid="delivery-reset-urls">{words::RESET_URLS}</Button>
                </div>
            </form>
        }
    });
    let metrics = may_metrics.then(|| {
        view! {
            <form class="form" method="post" action=format!("{base}/resetear-metricas")>
                <p>{words::RESET_METRICS_CONSEQUENCE}</p>
                <div class="actions">
                    <Button kind=ButtonKind::Danger testid="delivery-reset-metrics">{words::RESET_METRICS}</Button>
                </div>
            </form>
        }
    });
    view! {
        <Dialog id="resetear" opener=words::RESET title=words::RESET_TITLE testid="delivery-reset-open">
            {urls}
            {metrics}
        </Dialog>
    }
    .into_any()
}

fn reviews(delivery: &Deliverable, now: Timestamp) -> Option<AnyView> {
    if delivery.review_notes.is_empty() {
        return None;
    }
    let notes = delivery
        .review_notes
        .iter()
        .map(|note| {
            let said = note.note.clone().unwrap_or_else(|| words::UNKNOWN.to_owned());
            view! { <li>{moment(Some(note.timestamp), now)} " " {said}</li> }
        })
        .collect_view();
    Some(
        view! {
            <section class="section">
                <h2>{words::REVIEWS}</h2>
                <ul class="jobs-log">{notes}</ul>
            </section>
        }
        .into_any(),
    )
}

fn history(delivery: &Deliverable, now: Timestamp) -> Option<AnyView> {
    let steps: Vec<_> = delivery
        .status_history
        .iter()
        .rev()
        .map(|step| {
            let state =
                DeliverableStatus::parse(&step.status).map_or(step.status.clone(), |s| words_of::status(s).into());
            let why = step.reason.clone().map(|why| format!(": {why}"));
            view! { <li>{moment(Some(step.timestamp), now)} " " {state} {why}</li> }
        })
        .collect();
    (!steps.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{words::HISTORY}</h2>
                <ul class="jobs-log">{steps}</ul>
            </section>
        }
        .into_any()
    })
}
