//! `/admin/campaigns/{id}/applications`, and the pages that ask for a reason.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::filter::Filter;
use super::forms::CHOSEN;
use super::row::{Shown, line};
use super::service::{self, Desk};
use crate::applications::model::ApplicationStatus;
use crate::campaigns::model::Campaign;
use crate::ctx::Ctx;
use crate::db::keyset::Key;
use crate::failure::Failure;
use crate::i18n::number::integer;
use crate::i18n::{applications as words_of, campaigns as campaign_words, desk as words, lists};
use crate::lists::forms::back;
use crate::lists::{Asked, Column, Drawn, List, ListName, Sort, Spec, draw};
use crate::ui::{
    Button, ButtonKind, CellKind, Checkbox, Choice, Crumb, LinkButton, PageHead, Select, StatTile, Stats, Status,
    TextArea,
};
use crate::values::{ApplicationId, CampaignId};
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// Rows of a page: a hundred of them would weigh more than a page may.
const ROWS: usize = 50;
/// Where campaigns are.
pub const CAMPAIGNS: &str = "/admin?module=ugc&ugcTab=campaign-manager";

const fn by(field: &'static str) -> [Key; 2] {
    [Key::descending(field), Key::ascending("id")]
}

static SPEC: Spec = Spec {
    name: ListName::Applications,
    columns: &[
        Column::new("persona", words::COLUMN_PERSON, CellKind::Primary),
        Column::new("redes", words::COLUMN_NETWORKS, CellKind::Text).sorts("instagram").optional(),
        Column::new("rating", words::COLUMN_RATING, CellKind::Number)
            .sorts("rating")
            .unit(words::UNIT_RATING)
            .optional(),
        Column::new("campanas", words::COLUMN_CAMPAIGNS, CellKind::Number).unit(words::UNIT_CAMPAIGNS).optional(),
        Column::new("vistas", words::COLUMN_VIEWS, CellKind::Number).sorts("vistas").unit(words::UNIT_VIEWS).optional(),
        Column::new("interacciones", words::COLUMN_INTERACTIONS, CellKind::Number)
            .unit(words::UNIT_INTERACTIONS)
            .optional(),
        Column::new("puntualidad", words::COLUMN_ON_TIME, CellKind::Number).unit(words::UNIT_ON_TIME).optional(),
        Column::new("estado", words::COLUMN_STATE, CellKind::Text),
        Column::new("acciones", lists::ACTIONS, CellKind::Action),
    ],
    sorts: &[
        Sort { name: "nuevas", label: words::SORT_NEWEST, keys: &by("applied_at") },
        Sort { name: "instagram", label: words::SORT_INSTAGRAM, keys: &by("figures.instagram") },
        Sort { name: "tiktok", label: words::SORT_TIKTOK, keys: &by("figures.tiktok") },
        Sort { name: "vistas", label: words::SORT_VIEWS, keys: &by("figures.views") },
        Sort { name: "rating", label: words::SORT_RATING, keys: &by("figures.rating") },
    ],
    rows: ROWS,
};

/// What the list can do.
pub fn spec() -> &'static Spec {
    &SPEC
}

/// `GET /admin/campaigns/{id}/applications`.
pub async fn show(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (asked, id) = (Asked::new(pairs), CampaignId::of(id));
    let filter = Filter::read(&asked)?;
    let path = format!("/admin/campaigns/{id}/applications");
    let list = List::read(&SPEC, path.clone(), Vec::new(), &asked)?.filtered(filter.pairs());
    let Desk { campaign, page, views } = service::desk(&ctx, &id, &list, &filter).await?;
    let (now, flash) = (ctx.now(), (*ctx.flash).clone());
    let title = words::applications_of(&campaign.name);
    Ok(Page::admin(&ctx, Section::Campaigns, title.clone()).crumbs(crumbs(&campaign)).show(move || {
        let figures = figures(&campaign);
        let chosen = flash.value(CHOSEN).unwrap_or_default();
        let shown = Shown { campaign: &campaign, now, back: list.here(), chosen: chosen.split(' ').collect() };
        let count = words::applications(page.total);
        let has_pending = page.rows.iter().any(|row| row.application.status.is_pending());
        let over = has_pending.then(|| several(&flash).into_any());
        let drawn = Drawn {
            caption: words::APPLICATIONS_CAPTION,
            views,
            flash,
            search: words::SEARCH_PERSON,
            fields: fields(&filter).into_any(),
            chips: chips(&filter),
            count,
            page: page.with(|row| line(row, &shown)),
            empty: words::APPLICATIONS_EMPTY,
            form: Some(format!("{path}/lote")),
            over,
        };
        let marks = view! {
            <Status tone=campaign_words::tone(campaign.status) label=campaign_words::status(campaign.status)/>
        };
        view! {
            <PageHead title marks=marks.into_any()>
                <LinkButton href=format!("/admin/campaigns/{}", campaign.id) testid="to-campaign">{words::TO_CAMPAIGN}</LinkButton>
                <LinkButton href=format!("/admin/ugc/deliverables/{}", campaign.id) testid="to-deliveries">
                    {words::TO_DELIVERIES}
                </LinkButton>
            </PageHead>
            {figures}
            {draw(list, drawn)}
        }
    }))
}

fn crumbs(campaign: &Campaign) -> Vec<Crumb> {
    vec![
        Crumb::link(words::CAMPAIGNS, CAMPAIGNS),
        Crumb::link(campaign.name.clone(), format!("/admin/campaigns/{}", campaign.id)),
        Crumb::here(words::APPLICATIONS),
    ]
}

fn figures(campaign: &Campaign) -> impl IntoView + use<> {
    let tally = campaign.tally;
    let (free, filled) = (campaign.available_slots(), campaign.slots_filled);
    let all = campaign.total_slots_loaded;
    view! {
        <Stats>
            <StatTile label=words::FREE value=integer(free) testid="figure-free"/>
            <StatTile label=words::CONFIRMED_COUNT value=integer(filled) testid="figure-confirmed"/>
            <StatTile label=words::ALL_SLOTS value=integer(all) testid="figure-slots"/>
            <StatTile label=words::APPLICATIONS value=integer(tally.total()) testid="figure-applications"/>
        </Stats>
    }
}

fn fields(filter: &Filter) -> impl IntoView + use<> {
    let mut states = vec![Choice::new("", lists::ANY_F)];
    states.extend(ApplicationStatus::ALL.map(|status| Choice::new(status.as_str(), words_of::status(status))));
    let state = filter.status.map(ApplicationStatus::as_str).unwrap_or_default();
    view! {
        <Select name="estado" label=words::STATE choices=states value=state testid="filter-state"/>
        <Checkbox name="verificadas" value="1" label=words::ONLY_VERIFIED checked=filter.has_verified testid="filter-verified"/>
    }
}

fn chips(filter: &Filter) -> Vec<(&'static str, String)> {
    let mut chips = Vec::new();
    chips.extend(filter.status.map(|status| ("estado", words_of::status(status).to_owned())));
    chips.extend(filter.has_verified.then(|| ("verificadas", words::ONLY_VERIFIED.to_owned())));
    chips
}

/// Answers to several at once; the boxes stand in the lines.
fn several(flash: &Flash) -> impl IntoView + use<> {
    let (typed, problem) = (flash.value("motivo"), flash.problem("motivo"));
    let is_open = problem.is_some();
    view! {
        <div class="actions" data-testid="several">
            <span class="muted">{words::CHOSEN}</span>
            <Button name="accion" value="preseleccionar" testid="several-shortlist">{words::SHORTLIST_CHOSEN}</Button>
            <details class="disclosure" open=is_open>
                <summary data-testid="several-reject-open">{words::REJECT_CHOSEN}</summary>
                <div class="form">
                    <TextArea
                        name="motivo"
                        label=words::REASON_OPTIONAL
                        value=typed
                        error=problem
                        maxlength=1000
                        rows=3
                        testid="several-reason"
                    />
                    <Button kind=ButtonKind::Danger name="accion" value="rechazar" testid="several-reject">
                        {words::REJECT_CHOSEN}
                    </Button>
                </div>
            </details>
        </div>
    }
}

/// Where a decision came from.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    back: String,
}

/// `GET /admin/applications/{id}/rechazar`.
pub async fn reject(ctx: Ctx, Path(id): Path<String>, Query(from): Query<From>) -> Result<Response, Failure> {
    decision(&ctx, id, from, false).await
}

/// `GET /admin/applications/{id}/cancelar`.
pub async fn cancel(ctx: Ctx, Path(id): Path<String>, Query(from): Query<From>) -> Result<Response, Failure> {
    decision(&ctx, id, from, true).await
}

async fn decision(ctx: &Ctx, id: String, from: From, is_cancel: bool) -> Result<Response, Failure> {
    let decided = service::decided(ctx, &ApplicationId::of(id)).await?;
    let (application, campaign) = (decided.application, decided.campaign);
    let name = decided.creator.map(|creator| creator.name).or(application.creator_name);
    let name = name.unwrap_or_else(|| words::GONE.to_owned());
    let list = format!("/admin/campaigns/{}/applications", campaign.id);
    let to = back(&from.back).unwrap_or_else(|_| list.clone());
    let flash = ctx.flash.clone();
    let title = if is_cancel { words::CANCEL_TITLE } else { words::REJECT_TITLE };
    let mut crumbs = crumbs(&campaign);
    crumbs.pop();
    crumbs.push(Crumb::link(words::APPLICATIONS, list));
    crumbs.push(Crumb::here(title));
    Ok(Page::admin(ctx, Section::Campaigns, title).crumbs(crumbs).show(move || {
        let verb = if is_cancel { "cancelar" } else { "rechazar" };
        let said = if is_cancel {
            words::cancel_consequence(&name, &campaign.name)
        } else {
            words::reject_consequence(&name, &campaign.name)
        };
        let label = if is_cancel { words::REASON } else { words::REASON_OPTIONAL };
        view! {
            <PageHead title purpose=said/>
            <form class="form" method="post" action=format!("/admin/applications/{}/{verb}", application.id)>
                <input type="hidden" name="back" value=to.clone()/>
                <TextArea
                    name="motivo"
                    label
                    value=flash.value("motivo")
                    error=flash.problem("motivo").or_else(|| flash.problem("reason"))
                    required=is_cancel
                    maxlength=1000
                    testid="decision-reason"
                />
                <div class="actions">
                    <Button kind=ButtonKind::Danger testid="decision-do">{title}</Button>
                    <LinkButton href=to testid="decision-leave">{words::BACK_TO_LIST}</LinkButton>
                </div>
            </form>
        }
    }))
}
