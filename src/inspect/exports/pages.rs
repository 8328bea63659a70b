//! The form, the export's own page, and the download.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, header};
use leptos::prelude::*;

use super::service;
use super::store::{ExportRow, Status};
use super::{Dialect, Limits, Request, Shape};
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::{exports as words, filters, format};
use crate::inspect::filter::FilterInput;
use crate::inspect::islands::ExportProgress;
use crate::inspect::places;
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, Choice, Crumb, Fact, FactList, Field, Glyph, LinkButton, PageHead, Select,
    Status as StatusMark, TextArea, Tone,
};
use crate::web::forms;
use crate::web::render::{Page, Section};

type Pairs = Vec<(String, String)>;

fn address(row: &ExportRow, rest: &str) -> String {
    format!("/admin/exports/{}{rest}", row.id)
}

fn input_of(pairs: &[(String, String)]) -> FilterInput {
    FilterInput::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn query_of(input: &FilterInput) -> String {
    serde_urlencoded::to_string(input.pairs()).unwrap_or_default()
}

/// `GET /admin/data/{database}/{collection}/export`: what to export and how.
pub async fn form(
    ctx: Ctx,
    Path((database, collection)): Path<(String, String)>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    service::require_collection(&ctx, &database, &collection).await?;
    let input = input_of(&pairs);
    let flash = ctx.flash.clone();
    let crumbs = vec![
        Crumb::link(words::DATA, "/admin/data"),
        Crumb::link(database.clone(), places::database(&database)),
        Crumb::link(collection.clone(), places::collection(&database, &collection)),
        Crumb::here(words::EXPORT),
    ];
    let title = words::export_of(&collection);
    Ok(Page::admin(&ctx, Section::Data, title.clone()).crumbs(crumbs).show(move || {
        let chosen = |name: &str| flash.value(name);
        let formats = Shape::ALL.map(|shape| Choice::new(shape.code(), words::shape(shape))).to_vec();
        let separators = Dialect::ALL.map(|dialect| Choice::new(dialect.code(), words::dialect(dialect))).to_vec();
        let fields = ["format", "separator", "columns", "reason"];
        let elsewhere: Vec<String> = flash
            .problems
            .iter()
            .filter(|problem| !fields.contains(&problem.field.as_str()))
            .map(|problem| problem.message.clone())
            .collect();
        let hidden = input
            .pairs()
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value.to_owned()/> })
            .collect_view();
        let in_force: Vec<String> = filters::in_words(&input);
        let all = in_force.is_empty();
        view! {
            <PageHead title purpose=words::PURPOSE/>
            {(!elsewhere.is_empty()).then(|| view! {
                <Banner tone=Tone::Bad title=words::FILTER_REFUSED testid="export-problem">
                    <ul>{elsewhere.into_iter().map(|message| view! { <li>{message}</li> }).collect_view()}</ul>
                </Banner>
            })}
            <FactList facts=vec![
                Fact::new(words::COLLECTION, format!("{database} · {collection}")),
                Fact::new(words::DOCUMENTS, if all {
                    words::ALL_DOCUMENTS.into_any()
                } else {
                    view! { <ul>{in_force.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }.into_any()
                }),
            ]/>
            <form class="form" method="post" action=places::below(&database, &collection, "export", "") data-testid="export-form">
                {hidden}
                <Select name="format" label=words::FORMAT choices=formats value=chosen("format")
                    error=flash.problem("format") testid="export-format"/>
                <Select name="separator" label=words::SEPARATOR choices=separators value=chosen("separator")
                    error=flash.problem("separator") hint=words::SEPARATOR_HINT testid="export-separator"/>
                <TextArea name="columns" label=words::COLUMNS value=chosen("columns") error=flash.problem("columns")
                    hint=words::COLUMNS_HINT mono=true testid="export-columns"/>
                <Checkbox name="include_personal" label=words::INCLUDE_PERSONAL checked=chosen("include_personal").is_some()
                    hint=words::INCLUDE_PERSONAL_HINT testid="export-personal"/>
                <Field name="reason" label=words::REASON value=chosen("reason") error=flash.problem("reason")
                    hint=words::REASON_HINT maxlength=300 testid="export-reason"/>
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Glyph::Download testid="export-start">{words::START}</Button>
                    <LinkButton href=places::collection(&database, &collection)>{words::BACK}</LinkButton>
                </div>
            </form>
        }
    }))
}

/// `POST /admin/data/{database}/{collection}/export`: puts the export in the queue and goes to its page.
pub async fn ask(
    ctx: Ctx,
    Path((database, collection)): Path<(String, String)>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    service::require_collection(&ctx, &database, &collection).await?;
    match Request::parse(&database, &collection, &pairs) {
        Ok(request) => {
            let row = service::ask(&ctx, &request).await?;
            Ok(Redirect::to(&address(&row, "?begin=1")).into_response())
        }
        Err(problems) => {
            let to = places::below(&database, &collection, "export", &query_of(&input_of(&pairs)));
            let typed =
                ["format", "separator", "columns", "include_personal", "reason"].into_iter().filter_map(|name| {
                    let (_, value) = pairs.iter().rev().find(|(key, value)| key == name && !value.is_empty())?;
                    Some((name, value.clone()))
                });
            forms::refused(&ctx, &to, problems, typed.collect::<Vec<_>>()).await
        }
    }
}

/// `GET /admin/exports/{id}`: how far it is. With `begin=1` a waiting export begins by itself, also without script.
pub async fn show(ctx: Ctx, Path(id): Path<String>, Query(pairs): Query<Pairs>) -> Result<Response, Failure> {
    let row = service::load(&ctx, &id).await?;
    let begins = row.status == Status::Queued && pairs.iter().any(|(name, _)| name == "begin");
    let download = address(&row, "/file");
    let refresh = format!("0; url={download}");
    let crumbs = vec![
        Crumb::link(words::DATA, "/admin/data"),
        Crumb::link(row.database.clone(), places::database(&row.database)),
        Crumb::link(row.collection.clone(), places::collection(&row.database, &row.collection)),
        Crumb::here(words::EXPORT),
    ];
    let title = words::export_of(&row.collection);
    let mut page = Page::admin(&ctx, Section::Data, title.clone()).crumbs(crumbs);
    if !row.status.is_final() {
        page = page.with_island();
    }
    let mut response = page.show(move || {
        let state = words::state(row.status);
        let marks = view! { <StatusMark tone=words::tone(row.status) label=state/> }.into_any();
        let live = (!row.status.is_final()).then(|| {
            view! { <ExportProgress id=row.id.to_hex() label=words::PROGRESS.to_owned() first=words::progress(&row) /> }
        });
        let why = row.error.as_deref().filter(|_| row.status == Status::Failed).map(words::error);
        let failed = why.map(|why| {
            view! {
                <Banner tone=Tone::Bad title=words::FAILED testid="export-failed">
                    <p>{why}</p>
                    <p>{words::NOT_WHOLE}</p>
                </Banner>
            }
        });
        view! {
            <PageHead title marks=marks/>
            {failed}
            {live}
            <FactList facts=facts(&row)/>
            <div class="actions">
                {(row.status == Status::Queued).then(|| view! {
                    <LinkButton href=download.clone() kind=ButtonKind::Primary icon=Glyph::Download
                        testid="export-download">{words::DOWNLOAD}</LinkButton>
                })}
                {(!row.status.is_final()).then(|| view! {
                    <LinkButton href=address(&row, "") testid="export-refresh">{words::REFRESH}</LinkButton>
                    <form method="post" action=address(&row, "/cancel")>
                        <Button testid="export-cancel">{words::CANCEL}</Button>
                    </form>
                })}
                <LinkButton href=places::below(&row.database, &row.collection, "export", "") testid="export-again">
                    {words::ANOTHER}
                </LinkButton>
            </div>
        }
    });
    if begins && let Ok(value) = HeaderValue::try_from(refresh) {
        response.headers_mut().insert(header::REFRESH, value);
    }
    Ok(response)
}

fn facts(row: &ExportRow) -> Vec<Fact> {
    let instant = |at: Option<bson::DateTime>| at.and_then(timestamp).map(format::exact);
    let mut facts = vec![
        Fact::new(words::COLLECTION, format!("{} · {}", row.database, row.collection)),
        Fact::new(words::FORMAT, words::shape(row.shape())),
        Fact::new(words::FILTER, if row.filter == "{}" { words::ALL_DOCUMENTS.to_owned() } else { row.filter.clone() }),
        Fact::new(words::ROWS, words::rows(row)),
        Fact::new(words::SIZE, format::size(row.bytes.unsigned_abs())),
        Fact::new(words::PERSONAL, words::personal(row)),
    ];
    if !row.columns.is_empty() {
        facts.push(Fact::new(words::COLUMNS, row.columns.join(", ")));
    }
    facts.extend(instant(row.started_at).map(|at| Fact::new(words::STARTED, at)));
    facts.extend(instant(row.finished_at).map(|at| Fact::new(words::FINISHED, at)));
    facts
}

/// `GET /admin/exports/{id}/file`: begins the export and carries it.
pub async fn download(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (row, body) = service::begin(&ctx, &id, Limits::default()).await?;
    let name = file_name(&row, ctx.now());
    let headers = [
        (header::CONTENT_TYPE, row.shape().content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, body).into_response())
}

/// `POST /admin/exports/{id}/cancel`: ends it where it is.
pub async fn cancel(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let row = service::cancel(&ctx, &id).await?;
    forms::done(&ctx, &address(&row, ""), words::CANCELLED_NOTICE).await
}

/// `legacy-users-20261124-1830.csv`, in letters that every system takes.
fn file_name(row: &ExportRow, now: jiff::Timestamp) -> String {
    let plain = |name: &str| -> String {
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).take(80).collect()
    };
    let at = now.to_zoned(format::time_zone()).strftime("%Y%m%d-%H%M").to_string();
    format!("{}-{}-{at}.{}", plain(&row.database), plain(&row.collection), row.shape().code())
}
