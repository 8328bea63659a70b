//! The lists: `/admin?module=ugc&ugcTab=deliverables`, of a campaign, of a person.

use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::counts::{Counts, is_broken};
use super::filter::Filter;
use super::service::{self, Listing, Row, Whose};
use crate::applications::desk::pages::CAMPAIGNS;
use crate::creators::desk::{pages::LIST as CREATORS, person};
use crate::ctx::Ctx;
use crate::db::keyset::Key;
use crate::db::timestamp;
use crate::deliverables::chip::{self, Kind};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::failure::Failure;
use crate::i18n::number::integer;
use crate::i18n::{deliverables as words_of, desk as words, format, lists, waits, whatsapp};
use crate::lists::{Asked, Column, Drawn, List, ListName, RowView, Sort, Spec, draw};
use crate::ui::{CellKind, Checkbox, Choice, Crumb, DeadlineChip, PageHead, Select, StatTile, Stats, Status, Tone};
use crate::values::{CampaignId, CreatorId, Platform};
use crate::web::render::{Page, Section};

/// Where all of them are.
pub const LIST: &str = "/admin?module=ugc&ugcTab=deliverables";
/// Rows of a page.
const ROWS: usize = 50;

static SPEC: Spec = Spec {
    name: ListName::Deliveries,
    columns: &[
        Column::new("entrega", words::COLUMN_PERSON, CellKind::Primary),
        Column::new("estado", words::COLUMN_STATE, CellKind::Text),
        Column::new("url", words::COLUMN_URL, CellKind::Text).sorts("url"),
        Column::new("metricas", words::COLUMN_METRICS, CellKind::Text).sorts("metricas"),
        Column::new("enlaces", words::COLUMN_LINKS, CellKind::Text).optional(),
        Column::new("confirmada", words::COLUMN_CONFIRMED, CellKind::Wide).sorts("nuevas").optional(),
        Column::new("rating", words::COLUMN_RATING, CellKind::Wide).optional(),
        Column::new("acciones", lists::ACTIONS, CellKind::Action),
    ],
    sorts: &[
        Sort {
            name: "nuevas",
            label: words::SORT_NEWEST,
            keys: &[Key::descending("created_at"), Key::ascending("id")],
        },
        Sort {
            name: "url",
            label: words::SORT_URL_DEADLINE,
            keys: &[Key::descending("url_deadline").maybe_missing(), Key::ascending("id")],
        },
        Sort {
            name: "metricas",
            label: words::SORT_METRICS_DEADLINE,
            keys: &[Key::descending("metrics_deadline").maybe_missing(), Key::ascending("id")],
        },
    ],
    rows: ROWS,
};

/// All of them.
pub async fn show(ctx: Ctx, asked: Asked) -> Result<Response, Failure> {
    let fixed = vec![("module", "ugc".to_owned()), ("ugcTab", "deliverables".to_owned())];
    draw_page(&ctx, Whose::All, "/admin".into(), fixed, asked).await
}

/// `GET /admin/ugc/deliverables/{campaign_id}`.
pub async fn of_campaign(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id = CampaignId::of(id);
    let whose = service::of_campaign(&ctx, &id).await?;
    draw_page(&ctx, whose, format!("/admin/ugc/deliverables/{id}"), Vec::new(), Asked::new(pairs)).await
}

/// `GET /admin/creators/{id}/deliverables`.
pub async fn of_creator(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id = CreatorId::of(id);
    let whose = service::of_creator(&ctx, &id).await?;
    draw_page(&ctx, whose, format!("/admin/creators/{id}/deliverables"), Vec::new(), Asked::new(pairs)).await
}

async fn draw_page(
    ctx: &Ctx,
    whose: Whose,
    path: String,
    fixed: Vec<(&'static str, String)>,
    asked: Asked,
) -> Result<Response, Failure> {
    let filter = Filter::read(&asked)?;
    let list = List::read(&SPEC, path, fixed, &asked)?.filtered(filter.pairs());
    let Listing { page, counts, views, named } = service::list(ctx, &whose, &list, &filter).await?;
    let (now, flash) = (ctx.now(), (*ctx.flash).clone());
    let (title, crumbs, section) = match &whose {
        Whose::All => (words::DELIVERIES.to_owned(), Vec::new(), Section::Deliveries),
        Whose::Campaign(campaign) => {
            let up = format!("/admin/campaigns/{}", campaign.id);
            let crumbs = vec![Crumb::link(words::CAMPAIGNS, CAMPAIGNS), Crumb::link(campaign.name.clone(), up)];
            (words::deliveries_of(&campaign.name), crumbs, Section::Campaigns)
        }
        Whose::Creator(creator) => {
            let up = format!("/admin/ugc/creators/{}", creator.id);
            let crumbs = vec![Crumb::link(words::CREATORS, CREATORS), Crumb::link(creator.name.clone(), up)];
            (words::deliveries_of(&creator.name), crumbs, Section::Creators)
        }
    };
    let mut crumbs = crumbs;
    if !crumbs.is_empty() {
        crumbs.push(Crumb::here(words::DELIVERIES));
    }
    Ok(Page::admin(ctx, section, title.clone()).crumbs(crumbs).show(move || {
        let purpose = matches!(whose, Whose::All).then_some(words::DELIVERIES_PURPOSE);
        let drawn = Drawn {
            caption: words::DELIVERIES_CAPTION,
            views,
            flash,
            search: words::SEARCH_DELIVERY,
            fields: fields(&filter).into_any(),
            chips: chips(&filter, named),
            count: words::deliveries(page.total),
            page: page.with(|row| line(row, &whose, now)),
            empty: words::DELIVERIES_EMPTY,
            form: None,
            over: None,
        };
        view! {
            <PageHead title purpose/>
            {counts.map(figures)}
            {draw(list, drawn)}
        }
    }))
}

fn figures(counts: Counts) -> impl IntoView {
    let problems = (counts.problems > 0).then_some(words::PROBLEM_TIP);
    view! {
        <Stats>
            <StatTile label=words::OPEN_COUNT value=integer(counts.open) testid="count-open"/>
            <StatTile label=words::PENDING_COUNT value=integer(counts.pending) testid="count-pending"/>
            <StatTile label=words::UNRATED_COUNT value=integer(counts.unrated) testid="count-unrated"/>
            <StatTile label=words::COMPLETED_COUNT value=integer(counts.completed) testid="count-completed"/>
            <StatTile label=words::PROBLEM_COUNT value=integer(counts.problems) detail=problems testid="count-problems"/>
            <StatTile label=words::CANCELLED_COUNT value=integer(counts.cancelled) testid="count-cancelled"/>
        </Stats>
    }
}

/// What the filter form asks; a campaign or creator that is filtered by stays.
fn fields(filter: &Filter) -> impl IntoView + use<> {
    let mut states = vec![Choice::new("", lists::ANY)];
    states.extend(DeliverableStatus::ALL.map(|status| Choice::new(status.as_str(), words_of::status(status))));
    let mut platforms = vec![Choice::new("", lists::ANY_F)];
    platforms.extend(Platform::ALL.map(|platform| Choice::new(platform.as_str(), platform.label())));
    let state = filter.status.map(DeliverableStatus::as_str).unwrap_or_default();
    let platform = filter.platform.map(Platform::as_str).unwrap_or_default();
    let kept = [
        ("campana", filter.campaign.as_ref().map(ToString::to_string)),
        ("creador", filter.creator.as_ref().map(ToString::to_string)),
    ];
    let kept =
        kept.into_iter().filter_map(|(name, value)| Some(view! { <input type="hidden" name=name value=value?/> }));
    view! {
        {kept.collect_view()}
        <Select name="estado" label=words::STATE choices=states value=state testid="filter-state"/>
        <Select name="red" label=words::PLATFORM choices=platforms value=platform testid="filter-platform"/>
        <Checkbox name="atrasadas" value="1" label=words::LATE checked=filter.is_late testid="filter-late"/>
    }
}

fn chips(filter: &Filter, named: (Option<String>, Option<String>)) -> Vec<(&'static str, String)> {
    let mut chips = Vec::new();
    chips.extend(filter.status.map(|status| ("estado", words_of::status(status).to_owned())));
    chips.extend(filter.platform.map(|platform| ("red", platform.label().to_owned())));
    chips.extend(filter.is_late.then(|| ("atrasadas", words::LATE.to_owned())));
    let (campaign, creator) = named;
    chips.extend(filter.campaign.as_ref().map(|_| ("campana", campaign.unwrap_or_else(|| words::CAMPAIGN.into()))));
    chips.extend(filter.creator.as_ref().map(|_| ("creador", creator.unwrap_or_else(|| words::COLUMN_PERSON.into()))));
    chips
}

fn line(row: Row, whose: &Whose, now: Timestamp) -> RowView {
    let Row { delivery, creator, campaign } = row;
    let campaign_name = campaign.unwrap_or_else(|| words::CAMPAIGN.to_owned());
    let creator_name = creator.as_ref().map_or_else(|| words::GONE.to_owned(), |creator| creator.name.clone());
    let (first, second) = match whose {
        Whose::Creator(_) => (campaign_name.clone(), None),
        Whose::Campaign(_) => (creator_name, None),
        Whose::All => (creator_name, Some(campaign_name.clone())),
    };
    let manage = format!("/admin/deliverables/{}", delivery.id);
    let name = view! {
        <a href=manage.clone() data-testid="delivery-open">{first}</a>
        {second.map(|second| view! { <small class="list-about">{second}</small> })}
    };
    let waiting = delivery.waiting.as_ref().map(|waiting| {
        view! { <small class="list-about">{waits::staff_line(waiting, now)}</small> }
    });
    let state = view! {
        <Status tone=words_of::tone(delivery.status) label=words_of::status(delivery.status)/>
        {waiting}
    };
    let confirmed = delivery.confirmed_at.and_then(timestamp).map(|at| {
        view! { <time datetime=format::machine(at) title=format::exact(at)>{format::date(at)}</time> }
    });
    let rating = delivery.brand_rating.as_ref().map_or(words::UNKNOWN.into(), |rating| words::stars(rating.rating));
    let topic = topic(&delivery);
    let actions = view! {
        <a href=manage data-testid="delivery-manage">{words::MANAGE}</a>
        {creator.as_ref().and_then(|creator| person::whatsapp(creator, topic, Some(&campaign_name)))}
    };
    let chip = |kind| chip::chip(kind, &delivery, now).map(|chip| view! { <DeadlineChip chip/> });
    let late = [delivery.owes_url_by, delivery.owes_metrics_by].into_iter().flatten().filter_map(timestamp);
    let is_late = late.into_iter().any(|due| due < now);
    RowView {
        accent: is_late.then_some("bad"),
        testid: "delivery-row",
        cells: vec![
            name.into_any(),
            state.into_any(),
            chip(Kind::Url).into_any(),
            chip(Kind::Metrics).into_any(),
            links(&delivery),
            confirmed.into_any(),
            rating.into_any(),
            actions.into_any(),
        ],
    }
}

/// What there is to write about.
pub fn topic(delivery: &Deliverable) -> whatsapp::Topic {
    match (delivery.is_open(), delivery.has_url(), delivery.has_metrics()) {
        (false, ..) => whatsapp::Topic::General,
        (true, false, _) => whatsapp::Topic::Url,
        (true, true, false) => whatsapp::Topic::Metrics,
        (true, true, true) => whatsapp::Topic::Canje,
    }
}

/// The posts; an address that isn't one's is said to be broken and not linked.
pub fn links(delivery: &Deliverable) -> AnyView {
    let both = [(Platform::Instagram, &delivery.instagram_url), (Platform::Tiktok, &delivery.tiktok_url)];
    let shown = both.into_iter().filter_map(|(platform, url)| {
        let url = url.clone()?;
        let label = words::post_on(platform);
        Some(if is_broken(platform, Some(&url)) {
            view! { <Status tone=Tone::Bad label=platform.label() title=words::PROBLEM_TIP/> }.into_any()
        } else {
            view! { <a class="network" href=url rel="noopener noreferrer" target="_blank" aria-label=label>{platform.label()}</a> }.into_any()
        })
    });
    shown.collect_view().into_any()
}
