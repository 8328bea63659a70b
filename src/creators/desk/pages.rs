//! `/admin?module=ugc&ugcTab=creators`.

use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::filter::Filter;
use super::person;
use super::service::{self, Listing};
use crate::creators::face::row_face;
use crate::creators::model::{Creator, Level};
use crate::ctx::Ctx;
use crate::db::keyset::Key;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::{creators as words_of, desk as words, format, lists, values, whatsapp};
use crate::lists::{Asked, Column, Drawn, List, ListName, RowView, Sort, Spec, draw};
use crate::ui::{CellKind, Checkbox, Choice, PageHead, Select, Status, Tone};
use crate::values::Category;
use crate::web::render::{Page, Section};

/// Where the list is.
pub const LIST: &str = "/admin?module=ugc&ugcTab=creators";
/// Rows of a page: a hundred of them would weigh more than a page may.
const ROWS: usize = 50;

const fn by(field: &'static str) -> [Key; 2] {
    [Key::descending(field), Key::ascending("id")]
}

static SPEC: Spec = Spec {
    name: ListName::Creators,
    columns: &[
        Column::new("persona", words::COLUMN_PERSON, CellKind::Primary),
        Column::new("redes", words::COLUMN_NETWORKS, CellKind::Text).sorts("instagram").optional(),
        Column::new("rating", words::COLUMN_RATING, CellKind::Number)
            .sorts("rating")
            .unit(words::UNIT_RATING)
            .optional(),
        Column::new("campanas", words::COLUMN_CAMPAIGNS, CellKind::Number).unit(words::UNIT_CAMPAIGNS).optional(),
        Column::new("vistas", words::COLUMN_VIEWS, CellKind::Number).sorts("vistas").unit(words::UNIT_VIEWS).optional(),
        Column::new("alcance", words::COLUMN_REACH, CellKind::Number)
            .sorts("alcance")
            .unit(words::UNIT_REACH)
            .optional(),
        Column::new("puntualidad", words::COLUMN_ON_TIME, CellKind::Number)
            .sorts("puntualidad")
            .unit(words::UNIT_ON_TIME)
            .optional(),
        Column::new("registro", words::COLUMN_CREATED, CellKind::Text).sorts("nuevos").optional(),
        Column::new("estado", words::COLUMN_STATE, CellKind::Text),
        Column::new("acciones", lists::ACTIONS, CellKind::Action),
    ],
    sorts: &[
        Sort { name: "nuevos", label: words::SORT_NEWEST, keys: &by("created_at") },
        Sort { name: "instagram", label: words::SORT_INSTAGRAM, keys: &by("figures.instagram") },
        Sort { name: "tiktok", label: words::SORT_TIKTOK, keys: &by("figures.tiktok") },
        Sort { name: "vistas", label: words::SORT_VIEWS, keys: &by("figures.views") },
        Sort { name: "alcance", label: words::SORT_REACH, keys: &by("figures.reach") },
        Sort { name: "rating", label: words::SORT_RATING, keys: &by("figures.rating") },
        Sort {
            name: "puntualidad",
            label: words::SORT_ON_TIME,
            keys: &[Key::descending("stats.delivery_on_time_rate").maybe_missing(), Key::ascending("id")],
        },
    ],
    rows: ROWS,
};

/// The list.
pub async fn show(ctx: Ctx, asked: Asked) -> Result<Response, Failure> {
    let filter = Filter::read(&asked)?;
    let fixed = vec![("module", "ugc".to_owned()), ("ugcTab", "creators".to_owned())];
    let list = List::read(&SPEC, "/admin", fixed, &asked)?.filtered(filter.pairs());
    let Listing { page, views, cities } = service::list(&ctx, &list, &filter).await?;
    let (now, flash) = (ctx.now(), (*ctx.flash).clone());
    Ok(Page::admin(&ctx, Section::Creators, words::CREATORS).show(move || {
        let drawn = Drawn {
            caption: words::CREATORS_CAPTION,
            views,
            flash,
            search: words::SEARCH_PERSON,
            fields: fields(&filter, cities).into_any(),
            chips: chips(&filter),
            count: words::creators(page.total),
            page: page.with(|creator| line(&creator, now)),
            empty: words::CREATORS_EMPTY,
            form: None,
            over: None,
        };
        view! {
            <PageHead title=words::CREATORS purpose=words::CREATORS_PURPOSE/>
            {draw(list, drawn)}
        }
    }))
}

fn fields(filter: &Filter, cities: Vec<String>) -> impl IntoView + use<> {
    let any = || vec![Choice::new("", lists::ANY)];
    let yes_no = || {
        let mut choices = any();
        choices.extend([Choice::new("si", words::YES), Choice::new("no", words::NO)]);
        choices
    };
    let answer = |yes: Option<bool>| yes.map(|yes| if yes { "si" } else { "no" }).unwrap_or_default();
    let mut levels = any();
    levels.extend(Level::ALL.map(|level| Choice::new(level.as_str(), words_of::level(level))));
    let mut categories = vec![Choice::new("", lists::ANY_F)];
    categories.extend(Category::ALL.map(|category| Choice::new(category.as_str(), values::category(category))));
    let mut places = vec![Choice::new("", lists::ANY_F)];
    places.extend(cities.into_iter().map(|city| Choice::new(city.clone(), city)));
    let level = filter.level.map(Level::as_str).unwrap_or_default();
    let category = filter.category.map(Category::as_str).unwrap_or_default();
    let city = filter.city.clone().unwrap_or_default();
    view! {
        <Select name="nivel" label=words::LEVEL choices=levels value=level testid="filter-level"/>
        <Select name="ciudad" label=words::CITY choices=places value=city testid="filter-city"/>
        <Select name="categoria" label=words::CATEGORY choices=categories value=category testid="filter-category"/>
        <Select name="verificado" label=words::BADGE choices=yes_no() value=answer(filter.badge) testid="filter-badge"/>
        <Select name="activo" label=words::ACTIVE choices=yes_no() value=answer(filter.active) testid="filter-active"/>
        <Checkbox name="verificadas" value="1" label=words::ONLY_VERIFIED checked=filter.has_verified testid="filter-verified"/>
    }
}

fn chips(filter: &Filter) -> Vec<(&'static str, String)> {
    let answer = |what: &str, yes: bool| format!("{what}: {}", if yes { words::YES } else { words::NO });
    let mut chips = Vec::new();
    chips.extend(filter.level.map(|level| ("nivel", words_of::level(level).to_owned())));
    chips.extend(filter.city.as_ref().map(|city| ("ciudad", city.clone())));
    chips.extend(filter.category.map(|category| ("categoria", values::category(category).to_owned())));
    chips.extend(filter.badge.map(|yes| ("verificado", answer(words::BADGE, yes))));
    chips.extend(filter.active.map(|yes| ("activo", answer(words::ACTIVE, yes))));
    chips.extend(filter.has_verified.then(|| ("verificadas", words::ONLY_VERIFIED.to_owned())));
    chips
}

fn line(creator: &Creator, now: Timestamp) -> RowView {
    let state = match creator.is_active {
        true => view! { <Status tone=Tone::Good label=words::IS_ACTIVE/> },
        false => view! { <Status tone=Tone::Neutral label=words::INACTIVE/> },
    };
    let created = timestamp(creator.created_at).map(|at| {
        view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }
    });
    let deliveries = format!("/admin/creators/{}/deliverables", creator.id);
    let actions = view! {
        <a href=deliveries data-testid="creator-deliveries">{words::DELIVERIES}</a>
        {person::whatsapp(creator, whatsapp::Topic::General, None)}
    };
    let who = view! { <span class="person">{row_face(creator)} <span>{person::name(creator)}</span></span> };
    RowView {
        accent: None,
        testid: "creator-row",
        cells: vec![
            who.into_any(),
            person::networks(creator),
            person::rating(creator).into_any(),
            format::integer(creator.stats.total_campaigns).into_any(),
            person::average(&creator.stats.avg_views).into_any(),
            person::average(&creator.stats.avg_reach).into_any(),
            person::on_time(creator).into_any(),
            created.into_any(),
            state.into_any(),
            actions.into_any(),
        ],
    }
}
