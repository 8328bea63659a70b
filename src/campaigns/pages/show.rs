//! `GET /admin/campaigns/{id}`: where a campaign stands, and everything staff can do with it.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{MANAGER_PATH, below, deadlines, history, marks, moment};
use crate::campaigns::changes::{ChangeState, DeadlineChange};
use crate::campaigns::markup::Markup;
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::campaigns::service::{self, Detail};
use crate::campaigns::state::Move;
use crate::ctx::Ctx;
use crate::db::{date, timestamp};
use crate::failure::Failure;
use crate::i18n::campaigns as names;
use crate::i18n::campaigns::pages as words;
use crate::i18n::number::integer;
use crate::i18n::{format, values};
use crate::media::{Width, presented};
use crate::ui::{Banner, Button, ButtonKind, Crumb, Fact, FactList, LinkButton, PageHead, StatTile, Stats, Tone};
use crate::values::{CampaignId, LocalDate};
use crate::web::render::{Page, Section};

/// The page.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let Detail { campaign, brand, changes } = service::detail(&ctx, &CampaignId::of(id)).await?;
    let now = ctx.now();
    let title = campaign.name.clone();
    let crumbs = vec![Crumb::link(words::MANAGER, MANAGER_PATH), Crumb::here(title.clone())];
    Ok(Page::admin(&ctx, Section::Campaigns, title.clone()).crumbs(crumbs).show(move || {
        let company = brand.map_or_else(|| words::BRAND_GONE.to_owned(), |brand| brand.company_name);
        let cover = campaign.assets.cover_image.clone().and_then(|url| presented(&url, Width::Large)).map(|src| {
            view! {
                <img class="campaign-cover" src=src alt=words::COVER_ALT width="640" height="480" loading="lazy"/>
            }
        });
        let next = next(&campaign);
        view! {
            <PageHead title purpose=company.clone() marks=marks(&campaign, LocalDate::of(now))>
                {next}
            </PageHead>
            {undo(&campaign, &changes, now)}
            {figures(&campaign)}
            {actions(&campaign, LocalDate::of(now))}
            <section class="section" aria-labelledby="facts">
                <h2 id="facts">{words::FACTS}</h2>
                <FactList facts=facts(&campaign, company, now)/>
            </section>
            <section class="section" aria-labelledby="description">
                <h2 id="description">{words::DESCRIPTION}</h2>
                {cover}
                <Markup text=campaign.description.clone()/>
            </section>
            {history::view(&campaign, &changes, now)}
        }
    }))
}

/// Where the page leads first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Publish,
    Applications,
    Deliveries,
    Nothing,
}

impl Next {
    fn of(campaign: &Campaign) -> Self {
        match campaign.status {
            CampaignStatus::Draft => Self::Publish,
            CampaignStatus::InProduction if campaign.tally.pending() == 0 => Self::Deliveries,
            CampaignStatus::Live | CampaignStatus::Closed | CampaignStatus::InProduction => Self::Applications,
            CampaignStatus::Completed | CampaignStatus::Cancelled => Self::Nothing,
        }
    }
}

fn applications(id: &CampaignId, kind: ButtonKind) -> AnyView {
    let href = below(id, "applications");
    view! { <LinkButton href kind testid="to-applications">{words::APPLICATIONS}</LinkButton> }.into_any()
}

fn deliveries(id: &CampaignId, kind: ButtonKind) -> AnyView {
    let href = format!("/admin/ugc/deliverables/{id}");
    view! { <LinkButton href kind testid="to-deliveries">{words::DELIVERIES}</LinkButton> }.into_any()
}

/// The one thing to do next.
fn next(campaign: &Campaign) -> AnyView {
    let id = &campaign.id;
    match Next::of(campaign) {
        Next::Publish => view! {
            <form method="post" action=below(id, "estado")>
                <Button kind=ButtonKind::Primary name="to" value=CampaignStatus::Live.as_str() testid="campaign-publish">
                    {words::way(Move::Publish)}
                </Button>
            </form>
        }
        .into_any(),
        Next::Applications => applications(id, ButtonKind::Primary),
        Next::Deliveries => deliveries(id, ButtonKind::Primary),
        Next::Nothing => ().into_any(),
    }
}

/// What can be taken back for a few minutes.
fn undo(campaign: &Campaign, changes: &[DeadlineChange], now: Timestamp) -> Option<AnyView> {
    let open = changes.iter().find(|change| change.state == ChangeState::Open && change.undo_until > date(now))?;
    if open.after != campaign.delivery || !campaign.status.is_editable() {
        return None;
    }
    let until = timestamp(open.undo_until).map(format::time).unwrap_or_default();
    let (title, action, change) =
        (words::undo_title(open.moved.len(), &until), below(&campaign.id, "deshacer-plazos"), open.id.clone());
    Some(
        view! {
            <Banner tone=Tone::Attention title testid="undo">
                <p>{words::UNDO_DETAIL}</p>
                <form class="actions" method="post" action=action>
                    <input type="hidden" name="change" value=change/>
                    <Button testid="undo-deadlines">{words::UNDO}</Button>
                </form>
            </Banner>
        }
        .into_any(),
    )
}

fn figures(campaign: &Campaign) -> AnyView {
    let (id, tally) = (&campaign.id, &campaign.tally);
    let applications = below(id, "applications");
    let deliveries = format!("/admin/ugc/deliverables/{id}");
    let slots = words::of_total(campaign.slots_filled, campaign.total_slots_loaded);
    let (free, pending) = (words::free(campaign.available_slots()), integer(tally.pending()));
    let with_url = words::of_total(tally.with_url, tally.confirmed);
    let with_metrics = words::of_total(tally.with_metrics, tally.confirmed);
    view! {
        <Stats>
            <StatTile label=words::SLOTS value=slots detail=free testid="figure-slots"/>
            <StatTile label=words::PENDING value=pending detail=words::PENDING_HINT href=applications testid="figure-pending"/>
            <StatTile label=words::WITH_URL value=with_url href=deliveries.clone() testid="figure-url"/>
            <StatTile label=words::WITH_METRICS value=with_metrics href=deliveries testid="figure-metrics"/>
        </Stats>
    }
    .into_any()
}

fn actions(campaign: &Campaign, today: LocalDate) -> AnyView {
    let id = &campaign.id;
    let first = Next::of(campaign);
    let applications = (first != Next::Applications).then(|| applications(id, ButtonKind::Quiet));
    let deliveries = (first != Next::Deliveries).then(|| deliveries(id, ButtonKind::Quiet));
    let changes = campaign.status.is_editable().then(|| {
        let (label, value) = if campaign.visible_to_creators { (words::HIDE, "no") } else { (words::SHOW, "si") };
        // What is over isn't shown any more: its contract comes first.
        let visible = (campaign.visible_to_creators || !campaign.is_expired(today)).then(|| {
            view! {
                <form method="post" action=below(id, "visible")>
                    <Button name="visible" value testid="toggle-visible">{label}</Button>
                </form>
            }
        });
        view! {
            <LinkButton href=below(id, "editar") testid="to-edit">{words::EDIT}</LinkButton>
            <LinkButton href=below(id, "estado") testid="to-state">{words::CHANGE_STATE}</LinkButton>
            <LinkButton href=below(id, "cupos") testid="to-slots">{words::ADD_SLOTS}</LinkButton>
            {visible}
        }
    });
    view! { <nav class="actions" aria-label=words::ACTIONS>{changes} {applications} {deliveries}</nav> }.into_any()
}

/// The contract in one line.
pub(super) fn contract_fact(campaign: &Campaign) -> Fact {
    let said = campaign.contract.as_ref().map_or_else(
        || words::NO_CONTRACT.to_owned(),
        |contract| {
            words::contract(
                contract.monthly_deliverables,
                contract.duration_months,
                &format::day(contract.start_date.0),
                &format::day(contract.end_date.0),
            )
        },
    );
    Fact::new(words::CONTRACT, said)
}

fn facts(campaign: &Campaign, company: String, now: Timestamp) -> Vec<Fact> {
    let day = |day: LocalDate| format::day(day.0);
    let canje = &campaign.canje;
    let timeline = &campaign.timeline;
    let value = if canje.value > 0 { format!(" · {}", format::money(canje.value)) } else { String::new() };
    let mut facts = vec![
        Fact::new(words::BRAND, company),
        Fact::new(words::CATEGORY, values::category(campaign.category)),
        contract_fact(campaign),
    ];
    if let Some(contract) = &campaign.contract {
        let next = contract.next_reload_date.filter(|_| contract.is_active);
        facts.push(Fact::new(words::NEXT_LOAD, next.map_or_else(|| words::NO_NEXT_LOAD.to_owned(), day)));
    }
    facts.extend([
        Fact::new(words::CANJE, format!("{}{value}: {}", names::canje_type(canje.kind), canje.description)),
        Fact::new(words::APPLY_UNTIL, day(timeline.applications_deadline)),
        Fact::new(words::PUBLICATION, words::from_to(&day(timeline.publish_start), &day(timeline.publish_end))),
        Fact::new(words::URL_DEADLINE, deadlines::url(&campaign.delivery)),
        Fact::new(words::METRICS_DEADLINE, deadlines::metrics(&campaign.delivery)),
    ]);
    if deadlines::are_mixed(&campaign.delivery) {
        facts.push(Fact::new(
            words::MIXED_LABEL,
            view! { <span class="status" data-status="attention">{words::MIXED}</span> },
        ));
    }
    let join = |parts: [&Option<String>; 2]| {
        let parts: Vec<_> = parts.into_iter().flatten().cloned().collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    };
    let pickup = join([&canje.pickup_address, &canje.pickup_hours]);
    let contact = join([&canje.brand_contact_name, &canje.brand_contact_phone]);
    let optional = [
        (words::CITY, campaign.city.clone()),
        (words::PICKUP, pickup),
        (words::CONTACT, contact),
        (words::NOTES, campaign.admin_notes.clone()),
    ];
    facts.extend(optional.into_iter().filter_map(|(label, value)| Some(Fact::new(label, value?))));
    if let Some(at) = campaign.published_at {
        facts.push(Fact::new(words::PUBLISHED, moment(at, now)));
    }
    facts
}
