//! `/admin/buscar`, and the fragment of it that the palette shows.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::service::{Group, find};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::finder as words;
use crate::ui::{Button, EmptyState, Glyph, PageHead, SearchField};
use crate::web::render::{Page, Section, fragment};

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /admin/buscar`.
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let groups = find(&ctx, &asked.q).await?;
    Ok(Page::admin(&ctx, Section::Nowhere, words::TITLE).show(move || {
        let is_asked = !asked.q.trim().is_empty();
        let none = (is_asked && groups.is_empty())
            .then(|| view! { <EmptyState title=words::NONE hint=words::NONE_HINT testid="finder-none"/> });
        let found = groups
            .into_iter()
            .map(|group| {
                let hits = group.hits.into_iter().map(|hit| {
                    view! {
                        <li>
                            <a href=hit.href data-testid="finder-hit">{hit.label}</a>
                            " "
                            <small class="muted">{hit.about}</small>
                        </li>
                    }
                });
                view! {
                    <section class="section">
                        <h2>{group.title}</h2>
                        <ul class="jobs-log">{hits.collect_view()}</ul>
                    </section>
                }
            })
            .collect_view();
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            <form class="filters" method="get" action="/admin/buscar">
                <SearchField name="q" label=words::LABEL value=asked.q testid="finder-input"/>
                <Button icon=Glyph::Search testid="finder-go">{words::GO}</Button>
            </form>
            {none}
            {found}
        }
    }))
}

/// `GET /admin/buscar/lista`: the lines alone, each with its kind.
pub async fn lines(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let groups = find(&ctx, &asked.q).await?;
    Ok(fragment(move || groups.into_iter().flat_map(line).collect_view()))
}

fn line(group: Group) -> Vec<AnyView> {
    let lines = group.hits.into_iter().map(|hit| {
        let about =
            [group.title, &hit.about].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        view! {
            <li>
                <a href=hit.href>
                    <span>{hit.label}</span>
                    <small>{about}</small>
                </a>
            </li>
        }
        .into_any()
    });
    lines.collect()
}
