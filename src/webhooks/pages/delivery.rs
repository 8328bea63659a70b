//! One delivery.

use axum::extract::Path;
use axum::response::Response;
use bson::{Bson, Document};
use leptos::prelude::*;

use super::{PATH, delivery_path, exact, line, state};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::webhooks as words;
use crate::ui::{Button, ButtonKind, Crumb, Fact, FactList, Glyph, PageHead};
use crate::values::Capability;
use crate::web::render::{Page, Section};
use crate::webhooks::model::Delivery;
use crate::webhooks::service;

/// `GET /admin/notifications/webhooks/{id}`.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let row = service::find(&ctx, &id).await?;
    let may_replay = ctx.may(Capability::Security) && row.due_at.is_none();
    let title = line(&row);
    let crumbs = vec![
        Crumb::link(words::TAB_NOTICES, "/admin/notifications"),
        Crumb::link(words::TITLE, PATH),
        Crumb::here(title.clone()),
    ];
    Ok(Page::admin(&ctx, Section::Notifications, title.clone()).crumbs(crumbs).show(move || {
        let replay = may_replay.then(|| {
            view! {
                <form method="post" action=format!("{}/reprocesar", delivery_path(&row.id))>
                    <Button kind=ButtonKind::Primary icon=Glyph::RotateCw testid="webhook-replay">
                        {words::REPLAY_BUTTON}
                    </Button>
                </form>
            }
        });
        let hint = may_replay.then(|| view! { <p class="muted">{words::REPLAY_HINT}</p> });
        let body =
            row.body.clone().map(|body| section(words::BODY, view! { <pre class="mono webhook-body">{body}</pre> }));
        let headers = (!row.headers.is_empty()).then(|| section(words::HEADERS, documents(&row.headers)));
        view! {
            <PageHead title purpose=words::source(row.source)>{replay}</PageHead>
            <div class="stack" data-testid="webhook-page">
                {hint} <FactList facts=facts(&row)/> {section(words::FIELDS, documents(&row.fields))} {headers} {body}
            </div>
        }
    }))
}

fn section(title: &'static str, body: impl IntoAny) -> AnyView {
    view! { <section class="stack"><h2>{title}</h2>{body.into_any()}</section> }.into_any()
}

fn facts(row: &Delivery) -> Vec<Fact> {
    let mono = |text: &str| view! { <span class="mono webhook-what">{text.to_owned()}</span> }.into_any();
    let mut facts = vec![Fact::new(words::FACT_STATE, state(row))];
    facts.extend(row.error.clone().map(|why| Fact::new(words::FACT_WHY, why)));
    facts.push(Fact::new(words::FACT_RECEIVED, exact(row.received_at)));
    facts.push(Fact::new(words::FACT_OCCURRED, exact(row.occurred_at)));
    facts.extend(row.processed_at.map(|at| Fact::new(words::FACT_PROCESSED, exact(at))));
    facts.extend(row.due_at.map(|at| Fact::new(words::FACT_NEXT, exact(at))));
    facts.push(Fact::new(words::FACT_ATTEMPTS, row.attempts.to_string()));
    facts.extend(row.object.as_deref().map(|object| Fact::new(words::FACT_OBJECT, mono(object))));
    facts.push(Fact::new(words::FACT_KEY, mono(&row.dedupe_key)));
    facts.push(Fact::new(words::FACT_DIGEST, mono(&row.body_sha256)));
    facts.push(Fact::new(words::FACT_ID, mono(&row.id)));
    facts
}

/// Stored names and values, flat: they are what the row holds, in its own words.
fn documents(document: &Document) -> AnyView {
    let mut facts = Vec::new();
    flatten("", document, &mut facts);
    view! { <FactList facts/> }.into_any()
}

fn flatten(before: &str, document: &Document, facts: &mut Vec<Fact>) {
    for (name, value) in document {
        let name = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        match value {
            Bson::Null => {}
            Bson::Document(inner) => flatten(&name, inner, facts),
            Bson::String(text) => facts.push(Fact::new(name, text.clone())),
            other => facts.push(Fact::new(name, other.clone().into_relaxed_extjson().to_string())),
        }
    }
}
