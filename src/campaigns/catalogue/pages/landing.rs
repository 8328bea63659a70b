//! `/ugc` and `/ugc/creators`: what the programme is and how one begins; and the addresses of retired pages.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::{StatusCode, header};
use leptos::prelude::*;

use super::{card, site_nav};
use crate::campaigns::catalogue::asked::PATH;
use crate::campaigns::catalogue::service;
use crate::creators::area::pages::DASHBOARD;
use crate::creators::levels::TABLE;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{creators as creator_words, site, ugc as words};
use crate::ui::{ButtonKind, Cell, CellKind, Column, LinkButton, Table};
use crate::web::render::Page;

/// The programme.
const HERE: &str = "/ugc";
/// The programme for creators.
pub(super) const CREATORS: &str = "/ugc/creators";
/// Campaigns shown as examples.
const EXAMPLES: usize = 6;

/// `GET /ugc`.
pub async fn programme(ctx: Ctx) -> Response {
    let page = Page::site(&ctx, words::TITLE).nav(site_nav(HERE)).description(words::DESCRIPTION).indexable(HERE);
    page.show(|| {
        view! {
            <div class="home">
                <section class="home-hero-words">
                    <h1>{words::HERO}</h1>
                    <p class="home-lead">{words::LEAD}</p>
                    <div class="actions">
                        <LinkButton href=PATH kind=ButtonKind::Primary testid="hero-cta">{words::SEE_CAMPAIGNS}</LinkButton>
                        <a class="home-more" href=CREATORS>{words::HOW_IT_WORKS}</a>
                    </div>
                </section>
                <div class="home-sides">
                    <section id="creadores" data-testid="service-ugc">
                        <p class="home-audience">{words::FOR_CREATORS}</p>
                        <h2>{words::FOR_CREATORS_TITLE}</h2>
                        <p class="home-lead">{words::FOR_CREATORS_LEAD}</p>
                        {points(&site::CREATORS_POINTS)}
                        <p><a class="home-more" href=CREATORS data-testid="to-creators">{words::HOW_IT_WORKS}</a></p>
                    </section>
                    <section id="marcas" data-testid="card-brands">
                        <p class="home-audience">{words::FOR_BRANDS}</p>
                        <h2>{words::FOR_BRANDS_TITLE}</h2>
                        <p class="home-lead">{words::FOR_BRANDS_LEAD}</p>
                        {points(&words::BRAND_POINTS)}
                    </section>
                </div>
            </div>
        }
    })
}

/// `GET /ugc/creators`.
pub async fn creators(ctx: Ctx) -> Result<Response, Failure> {
    let examples = service::newest(&ctx, EXAMPLES).await?;
    let (href, label) = if ctx.person().is_ok() { (DASHBOARD, words::GO_TO_WORK) } else { ("/registro", words::JOIN) };
    let page = Page::site(&ctx, words::PROGRAMME_TITLE)
        .nav(site_nav(CREATORS))
        .description(words::PROGRAMME_DESCRIPTION)
        .indexable(CREATORS);
    Ok(page.show(move || {
        let live = if examples.is_empty() {
            view! { <p class="muted">{words::LIVE_NONE}</p> }.into_any()
        } else {
            let cards = examples.into_iter().map(card).collect_view();
            view! {
                <ul class="campaigns">{cards}</ul>
                <p><a class="home-more" href=PATH data-testid="to-catalogue">{words::SEE_CAMPAIGNS}</a></p>
            }
            .into_any()
        };
        let steps = words::STEPS
            .into_iter()
            .map(|(when, what, detail)| {
                view! {
                    <li>
                        <span class="home-when">{when}</span>
                        <h3>{what}</h3>
                        <p>{detail}</p>
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="home">
                <section class="home-hero-words">
                    <h1>{words::PROGRAMME_HERO}</h1>
                    <p class="home-lead">{words::PROGRAMME_LEAD}</p>
                    <div class="actions">
                        <LinkButton href kind=ButtonKind::Primary testid="hero-cta">{label}</LinkButton>
                        <a class="home-more" href=PATH>{words::SEE_CAMPAIGNS}</a>
                    </div>
                </section>
                <section class="home-how">
                    <h2>{words::STEPS_TITLE}</h2>
                    <ol>{steps}</ol>
                </section>
                <section class="home-live">
                    <h2>{words::LIVE}</h2>
                    {live}
                </section>
                <section class="home-how">
                    <div>
                        <h2>{words::LEVELS_TITLE}</h2>
                        <p class="home-lead">{words::LEVELS_LEAD}</p>
                    </div>
                    {levels()}
                </section>
                <section class="home-trust">
                    <h2>{words::BENEFITS_TITLE}</h2>
                    {points(&words::BENEFITS)}
                </section>
            </div>
        }
    }))
}

fn points(points: &[(&'static str, &'static str)]) -> impl IntoView + use<> {
    let points = points
        .iter()
        .map(|(what, why)| {
            view! {
                <div>
                    <dt>{*what}</dt>
                    <dd>{*why}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="home-points">{points}</dl> }
}

/// The one table of levels, as everybody reads it.
fn levels() -> impl IntoView {
    let rows = TABLE
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <Cell kind=CellKind::Primary>{creator_words::level(row.level)}</Cell>
                    <Cell kind=CellKind::Text>{words::deliveries(row)}</Cell>
                    <Cell kind=CellKind::Text>{words::rating(row)}</Cell>
                    <Cell kind=CellKind::Text>{words::on_time(row)}</Cell>
                    <Cell kind=CellKind::Text>{words::benefits(row)}</Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        Column::new(words::LEVEL, CellKind::Primary),
        Column::new(words::DELIVERIES, CellKind::Text),
        Column::new(words::RATING, CellKind::Text),
        Column::new(words::ON_TIME, CellKind::Text),
        Column::new(words::GIVES, CellKind::Text),
    ];
    view! { <Table caption=words::LEVELS_TITLE columns>{rows}</Table> }
}

/// `GET /ugc/select-role`: one no longer chooses a role.
pub async fn retired_role() -> Response {
    moved(CREATORS)
}

/// `GET /studio/ugc`: the form that needed no account.
pub async fn retired() -> Response {
    moved(HERE)
}

/// `GET /studio/ugc/{campaign}`: its campaigns were written in the page and were none of the database's.
pub async fn retired_campaign(Path(_): Path<String>) -> Redirect {
    Redirect::to(PATH)
}

/// For good: the old address is forgotten.
fn moved(to: &'static str) -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response()
}
