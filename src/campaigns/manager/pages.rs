//! `/admin?module=ugc&ugcTab=campaign-manager`.

use axum::response::Response;
use leptos::prelude::*;

use super::filter::{Filter, State};
use super::service::{self, Manager, Row};
use crate::campaigns::lights::Lights;
use crate::campaigns::model::CampaignStatus;
use crate::ctx::Ctx;
use crate::db::keyset::Key;
use crate::failure::Failure;
use crate::i18n::{campaigns as words_of, lists, manager as words, values};
use crate::lists::{Asked, Column, Drawn, List, ListName, RowView, Sort, Spec, draw};
use crate::ui::{Badge, ButtonKind, CellKind, Checkbox, Choice, Glyph, LinkButton, PageHead, Select, Status, Tone};
use crate::values::LocalDate;
use crate::web::render::{Page, Section};

/// Rows of a page.
const ROWS: usize = 50;

static SPEC: Spec = Spec {
    name: ListName::Campaigns,
    columns: &[
        Column::new("campana", words::COLUMN_CAMPAIGN, CellKind::Primary).sorts("nombre"),
        Column::new("estado", words::COLUMN_STATE, CellKind::Text),
        Column::new("cupos", words::COLUMN_SLOTS, CellKind::Text).unit("cupos").optional(),
        Column::new("postulaciones", words::COLUMN_APPLICATIONS, CellKind::Text).optional(),
        Column::new("urls", words::COLUMN_URLS, CellKind::Text).optional(),
        Column::new("metricas", words::COLUMN_METRICS, CellKind::Text).optional(),
        Column::new("acciones", lists::ACTIONS, CellKind::Action),
    ],
    sorts: &[
        Sort {
            name: "nuevas",
            label: words::SORT_NEWEST,
            keys: &[Key::descending("created_at"), Key::ascending("id")],
        },
        Sort { name: "nombre", label: words::SORT_NAME, keys: &[Key::ascending("name"), Key::ascending("id")] },
    ],
    rows: ROWS,
};

/// What the list can do.
pub fn spec() -> &'static Spec {
    &SPEC
}

/// The page.
pub async fn show(ctx: Ctx, asked: Asked) -> Result<Response, Failure> {
    let filter = Filter::read(&asked)?;
    let fixed = vec![("module", "ugc".to_owned()), ("ugcTab", "campaign-manager".to_owned())];
    let list = List::read(&SPEC, "/admin", fixed, &asked)?.filtered(filter.pairs());
    let manager = service::manager(&ctx, &list, &filter).await?;
    let (today, flash) = (LocalDate::of(ctx.now()), (*ctx.flash).clone());
    Ok(Page::admin(&ctx, Section::Campaigns, words::TITLE).show(move || {
        let figures = figures(&manager);
        let chips = chips(&filter, &manager);
        let fields = fields(&filter, &manager).into_any();
        let count = words::count(manager.page.total);
        let drawn = Drawn {
            caption: words::CAPTION,
            views: manager.views,
            flash,
            search: words::SEARCH,
            fields,
            chips,
            count,
            page: manager.page.with(|row| line(row, today)),
            empty: words::EMPTY,
            form: None,
            over: None,
        };
        view! {
            <PageHead title=words::TITLE>
                <LinkButton href="/admin/campaigns/nueva" kind=ButtonKind::Primary icon=Glyph::Plus testid="campaign-new">
                    {words::NEW}
                </LinkButton>
            </PageHead>
            {figures}
            {draw(list, drawn)}
        }
    }))
}

/// What there is, and what needs somebody, as links to just that.
fn figures(manager: &Manager) -> impl IntoView + use<> {
    const BASE: &str = "/admin?module=ugc&ugcTab=campaign-manager";
    let needs = [
        (manager.pending, Tone::Attention, words::pending(manager.pending), "pendientes"),
        (manager.late, Tone::Bad, words::late(manager.late), "atrasos"),
    ];
    let needs = needs.into_iter().filter(|(count, ..)| *count > 0).map(|(_, tone, said, parameter)| {
        view! {
            <a class="status" data-status=tone.name() href=format!("{BASE}&{parameter}=1") data-testid=format!("figure-{parameter}")>
                {said}
            </a>
        }
    });
    view! {
        <p class="list-figures" data-testid="figures">
            <span>{words::count(manager.all)}</span>
            {needs.collect_view()}
        </p>
    }
}

fn fields(filter: &Filter, manager: &Manager) -> impl IntoView + use<> {
    let mut states = vec![Choice::new("", lists::ANY)];
    states.extend(CampaignStatus::ALL.map(|status| Choice::new(status.as_str(), words_of::status(status))));
    states.push(Choice::new(State::Expired.name(), words_of::EXPIRED));
    let state = filter.state.map(State::name).unwrap_or_default();
    let brands = (!manager.brands.is_empty()).then(|| {
        let mut choices = vec![Choice::new("", lists::ANY_F)];
        choices.extend(manager.brands.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())));
        let brand = filter.brand.as_ref().map(ToString::to_string).unwrap_or_default();
        view! { <Select name="marca" label=words::BRAND choices value=brand testid="filter-brand"/> }
    });
    view! {
        <Select name="estado" label=words::STATE choices=states value=state testid="filter-state"/>
        {brands}
        <Checkbox name="pendientes" value="1" label=words::WITH_PENDING checked=filter.is_pending testid="filter-pending"/>
        <Checkbox name="atrasos" value="1" label=words::WITH_LATE checked=filter.is_late testid="filter-late"/>
    }
}

fn chips(filter: &Filter, manager: &Manager) -> Vec<(&'static str, String)> {
    let mut chips = Vec::new();
    chips.extend(filter.state.map(|state| {
        let said = match state {
            State::Stored(status) => words_of::status(status),
            State::Expired => words_of::EXPIRED,
        };
        ("estado", said.to_owned())
    }));
    chips.extend(filter.brand.as_ref().map(|brand| {
        let named = manager.brands.iter().find(|(id, _)| id == brand).map(|(_, name)| name.clone());
        ("marca", named.unwrap_or_else(|| words::BRAND.to_owned()))
    }));
    chips.extend(filter.is_pending.then(|| ("pendientes", words::WITH_PENDING.to_owned())));
    chips.extend(filter.is_late.then(|| ("atrasos", words::WITH_LATE.to_owned())));
    chips
}

fn line(row: Row, today: LocalDate) -> RowView {
    let accent = match (row.is_late(), row.tally.pending() > 0) {
        (true, _) => Some("bad"),
        (false, true) => Some("attention"),
        _ => None,
    };
    let id = row.id.to_string();
    let status = if row.is_expired(today) {
        view! { <Status tone=Tone::Bad label=words_of::EXPIRED title=words_of::status(row.status)/> }.into_any()
    } else {
        view! { <Status tone=words_of::tone(row.status) label=words_of::status(row.status)/> }.into_any()
    };
    let hidden = (!row.visible_to_creators).then(|| view! { <Badge label=words::HIDDEN title=words::HIDDEN_TIP/> });
    let company = row.company.as_deref().unwrap_or(words_of::pages::BRAND_GONE);
    let about = [company, values::category(row.category)].join(" · ");
    let name = view! {
        <a href=format!("/admin/campaigns/{id}") data-testid="campaign-open">{row.name.clone()}</a>
        " "
        {hidden}
        <small class="list-about">{about}</small>
    };
    let (filled, total) = (row.slots_filled, row.total_slots_loaded);
    let slots = view! {
        <span class="list-slots">
            {words::slots(filled, total)}
            <progress value=filled.to_string() max=total.max(1).to_string() aria-label=words::slots_label(filled, total)></progress>
        </span>
    };
    let applications = view! {
        {row.tally.total()}
        <small class="list-about">{words::tally(row.tally.pending(), row.tally.confirmed)}</small>
    };
    let actions = view! {
        <a href=format!("/admin/campaigns/{id}/applications") data-testid="campaign-applications">
            {words::applications(row.tally.pending())}
        </a>
        <a href=format!("/admin/ugc/deliverables/{id}") data-testid="campaign-deliveries">{words::DELIVERIES}</a>
        <a href=format!("/admin/campaigns/{id}/editar") data-testid="campaign-edit">{words::EDIT}</a>
    };
    RowView {
        accent,
        testid: "campaign-row",
        cells: vec![
            name.into_any(),
            status,
            slots.into_any(),
            applications.into_any(),
            lights(&row.urls, words::URLS_TIP),
            lights(&row.metrics, words::METRICS_TIP),
            actions.into_any(),
        ],
    }
}

/// Up to three counters: dot, number and word, each with its rule as a tooltip.
fn lights(lights: &Lights, what: &'static str) -> AnyView {
    if lights.is_empty() {
        return view! { <span class="muted" title=what>{words::NONE_CONFIRMED}</span> }.into_any();
    }
    let shown = [
        (lights.late, Tone::Bad, words::lateness(lights.late)),
        (lights.due_soon, Tone::Attention, words::due_soon(lights.due_soon)),
        (lights.on_time, Tone::Good, words::on_time(lights)),
    ];
    let shown = shown
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(_, tone, (label, title))| view! { <Status tone label title/> })
        .collect_view();
    view! { <span class="lights" aria-label=what role="group">{shown}</span> }.into_any()
}
