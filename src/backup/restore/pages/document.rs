//! One document out of a backup: the question, and its answer once a job has read it.

use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;

use super::{BACKUPS, crumbs, tone};
use crate::assets::LIVE_SCRIPT;
use crate::backup::restore::extraction::Extraction;
use crate::backup::restore::service;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::ui::{
    Button, ButtonKind, Choice, Crumb, Fact, FactList, Field, Glyph, LinkButton, PageHead, Select, Status,
};
use crate::web::render::{Page, Section};

/// Where an answer is.
pub fn address(id: &str) -> String {
    format!("{BACKUPS}/documentos/{id}")
}

/// `GET /admin/backups/{id}/documento`.
pub async fn form(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let run = service::source(&ctx, &id).await?;
    let flash = ctx.flash.clone();
    let trail = crumbs(vec![
        Crumb::link(words::backup(run.id.short()), format!("{BACKUPS}/{}", run.id)),
        Crumb::here(words::ONE_DOCUMENT),
    ]);
    Ok(Page::admin(&ctx, Section::Backups, words::ONE_DOCUMENT).crumbs(trail).show(move || {
        let with_documents = run.collections.iter().filter(|namespace| namespace.kind != "view");
        let choices = with_documents.map(|namespace| {
            let name = format!("{}.{}", namespace.database, namespace.name);
            Choice::new(name.clone(), words::collection(&name, namespace.documents))
        });
        view! {
            <PageHead title=words::ONE_DOCUMENT purpose=words::ONE_DOCUMENT_PURPOSE/>
            <form class="form" method="post" action=format!("{BACKUPS}/{}/documento", run.id) data-testid="extract-form">
                <Select name="namespace" label=words::COLUMN_COLLECTION choices=choices.collect()
                    value=flash.value("namespace") error=flash.problem("collection") testid="extract-collection"/>
                <Field name="document_id" label=words::FIELD_ID value=flash.value("document_id")
                    error=flash.problem("document_id") hint=words::ID_HINT required=true autocomplete="off"
                    maxlength=2000 testid="extract-id"/>
                <Field name="reason" label=words::FIELD_REASON value=flash.value("reason")
                    error=flash.problem("reason") hint=words::REASON_HINT maxlength=300 testid="extract-reason"/>
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Glyph::Search testid="extract-ask">{words::ASK}</Button>
                    <LinkButton href=format!("{BACKUPS}/{}", run.id)>{words::BACK}</LinkButton>
                </div>
            </form>
        }
    }))
}

/// `GET /admin/backups/documentos/{id}`.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let extraction = service::extraction(&ctx, &id).await?;
    let script = ctx.app.assets.url(LIVE_SCRIPT).to_owned();
    let trail = crumbs(vec![
        Crumb::link(words::backup(extraction.backup.short()), format!("{BACKUPS}/{}", extraction.backup)),
        Crumb::here(words::ONE_DOCUMENT),
    ]);
    Ok(Page::admin(&ctx, Section::Backups, words::ONE_DOCUMENT).crumbs(trail).show(move || {
        let is_over = extraction.state != "queued";
        let live = (!is_over).then(|| format!("{}/live", address(&extraction.id)));
        let loader = (!is_over).then(|| view! { <script type="module" src=script></script> });
        let (here, again) = (address(&extraction.id), format!("{BACKUPS}/{}/documento", extraction.backup));
        view! {
            <PageHead title=words::ONE_DOCUMENT>
                <LinkButton href=here icon=Glyph::RotateCw testid="extract-refresh">{words::REFRESH}</LinkButton>
                <LinkButton href=again testid="extract-again">{words::ANOTHER_DOCUMENT}</LinkButton>
            </PageHead>
            <div class="stack" data-live=live data-testid="extract-state">{state(&extraction)}</div>
            {loader}
        }
    }))
}

/// `GET /admin/backups/documentos/{id}/live`.
pub async fn live(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let extraction = service::extraction(&ctx, &id).await?;
    let sign = if extraction.state == "queued" { "on" } else { "over" };
    let html = state(&extraction).to_html();
    Ok(([("x-live", sign), ("cache-control", "no-store")], Html(html)).into_response())
}

fn state(extraction: &Extraction) -> AnyView {
    let status = view! { <Status tone=tone(&extraction.state) label=words::extraction(&extraction.state)/> };
    let facts = vec![
        Fact::new(words::COLUMN_STATE, status),
        Fact::new(words::COLUMN_COLLECTION, format!("{}.{}", extraction.database, extraction.collection)),
        Fact::new(words::FIELD_ID, view! { <code class="mono">{extraction.document_id.clone()}</code> }),
    ];
    let text = extraction.text.clone().map(|text| {
        view! { <pre class="mono table-frame" tabindex="0" data-testid="extract-document">{text}</pre> }
    });
    view! {
        <FactList facts/>
        {text}
    }
    .into_any()
}
