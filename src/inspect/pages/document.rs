//! `/admin/data/{database}/{collection}/doc/{id}`: one document as a tree and as text.

use axum::body::Body;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Response};
use bson::RawBsonRef;
use http::{HeaderValue, header};
use leptos::prelude::*;
use serde::Deserialize;

use super::{PATH, banner};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{format, inspect as words};
use crate::inspect::cells::short;
use crate::inspect::document::{self, Opened};
use crate::inspect::filter::{Condition, FilterInput, Kind, Operator};
use crate::inspect::places;
use crate::inspect::tree::{self, Drawing};
use crate::ui::{Banner, Button, CopyButton, Crumb, Glyph, JsonTree, LinkButton, PageHead, TextArea, Tone};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// Characters of the JSON text on the page.
const JSON_CHARACTERS: usize = 8_000;
/// Bytes handed to the connection at a time.
const CHUNK: usize = 64 << 10;

/// `GET …/doc/{id}`.
pub async fn document(
    ctx: Ctx,
    Path((database, collection, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let opened = document::open(&ctx, &database, &collection, &id).await?;
    Ok(draw(&ctx, opened, false))
}

/// The reason for revealing.
#[derive(Debug, Default, Deserialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

/// `POST …/doc/{id}/reveal`: the document with its personal values, once the reason is on record.
pub async fn reveal(
    ctx: Ctx,
    Path((database, collection, id)): Path<(String, String, String)>,
    Form(asked): Form<Reason>,
) -> Result<Response, Failure> {
    match document::reveal(&ctx, &database, &collection, &id, &asked.reason).await {
        Ok(opened) => Ok(draw(&ctx, opened, true)),
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            let back = address(&database, &collection, &id, "");
            forms::refused(&ctx, &back, problems, [("reason", asked.reason)]).await
        }
        Err(failure) => Err(failure),
    }
}

/// `GET …/doc/{id}/json`: the whole text, to look at.
pub async fn whole(
    ctx: Ctx,
    Path((database, collection, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    text(&ctx, &database, &collection, &id, "inline").await
}

/// `GET …/doc/{id}/download`: the whole text, as a file.
pub async fn download(
    ctx: Ctx,
    Path((database, collection, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect::<String>();
    let name = format!("{}-{}.json", plain(&collection), plain(&id));
    text(&ctx, &database, &collection, &id, &format!("attachment; filename=\"{name}\"")).await
}

async fn text(ctx: &Ctx, database: &str, collection: &str, id: &str, disposition: &str) -> Result<Response, Failure> {
    let opened = document::open(ctx, database, collection, id).await?;
    let text = document::text(&opened, false).ok_or_else(|| Failure::invalid("document", words::NO_JSON))?;
    let chunks = text.chunks(CHUNK).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
    let mut response = Body::from_stream(futures::stream::iter(chunks)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(disposition).map_err(anyhow::Error::from)?);
    Ok(response)
}

fn address(database: &str, collection: &str, id: &str, rest: &str) -> String {
    places::below(database, collection, &format!("doc/{}{rest}", places::part(id)), "")
}

fn draw(ctx: &Ctx, opened: Opened, revealed: bool) -> Response {
    let Opened { described, bytes, address: id } = &opened;
    let (database, collection) = (described.database.name.clone(), described.name.clone());
    let link = |to: &str, field: &str, value: RawBsonRef<'_>| reference(&database, to, field, value);
    let (nodes, masked) = tree::nodes(&Drawing { collection: &collection, revealed, link: &link }, bytes);
    let json = document::text(&opened, revealed).and_then(|text| String::from_utf8(text).ok());
    let size = words::document_size(&format::size(bytes.len() as u64));
    let crumbs = vec![
        Crumb::link(words::TITLE, PATH),
        Crumb::link(database.clone(), places::database(&database)),
        Crumb::link(collection.clone(), places::collection(&database, &collection)),
        Crumb::here(words::DOCUMENT),
    ];
    let banner = banner(ctx, &described.database, None);
    let here = address(&database, &collection, id, "");
    let permalink = format!("{}{here}", ctx.app.config.base_url);
    let (problem, typed) = (ctx.flash.problem("reason"), ctx.flash.value("reason"));
    let title = id.clone();
    Page::admin(ctx, Section::Data, words::DOCUMENT).crumbs(crumbs).show(move || {
        let whole = format!("{here}/json");
        let revealing = if revealed {
            let hidden = here.clone();
            view! {
                <Banner tone=Tone::Attention title=words::REVEALED testid="revealed">
                    {words::REVEALED_WHY} " " <a href=hidden>{words::HIDE_AGAIN}</a>
                </Banner>
            }
            .into_any()
        } else if masked {
            let open = problem.is_some();
            view! {
                <details class="disclosure" open=open data-testid="reveal">
                    <summary>{words::REVEAL}</summary>
                    <form method="post" action=format!("{here}/reveal") class="form">
                        <TextArea
                            name="reason"
                            label=words::REASON
                            hint=words::REVEAL_WHY
                            value=typed
                            error=problem
                            required=true
                            rows=2
                            maxlength=document::LONGEST_REASON as u32
                        />
                        <Button icon=Glyph::Eye testid="reveal-submit">{words::REVEAL}</Button>
                    </form>
                </details>
            }
            .into_any()
        } else {
            ().into_any()
        };
        let json = match json {
            None => view! { <p class="quiet">{words::NO_JSON}</p> }.into_any(),
            Some(text) => {
                let (text, cut) = document::pretty(&text, JSON_CHARACTERS);
                let rest = cut.then(|| view! { <p>{words::JSON_CUT} " " <a href=whole.clone()>{words::SEE_WHOLE}</a></p> });
                view! {
                    <details class="disclosure" data-testid="json">
                        <summary>{words::JSON}</summary>
                        <CopyButton label=words::COPY_JSON done=words::COPIED from="json-text" testid="copy-json"/>
                        <pre id="json-text" class="mono" tabindex="0">{text}</pre>
                        {rest}
                    </details>
                }
                .into_any()
            }
        };
        view! {
            {banner}
            <PageHead title=title purpose=size mono=true>
                <CopyButton label=words::COPY_LINK done=words::COPIED text=permalink testid="copy-link"/>
                <LinkButton href=format!("{here}/download") icon=Glyph::Download testid="download">{words::DOWNLOAD}</LinkButton>
            </PageHead>
            <div class="stack" data-testid="document">
                {revealing} <JsonTree nodes whole=whole testid="tree"/> {json}
            </div>
        }
    })
}

/// The address of the documents a value refers to: the collection, filtered by its key.
fn reference(database: &str, collection: &str, field: &str, value: RawBsonRef<'_>) -> Option<String> {
    let (kind, text) = match value {
        RawBsonRef::String(text) if !text.is_empty() => (Kind::Text, text.to_owned()),
        RawBsonRef::ObjectId(_) => (Kind::Id, short(value, usize::MAX).0),
        _ => return None,
    };
    let filter =
        FilterInput { conditions: vec![Condition::new(field, Operator::Eq, kind, &text)], ..Default::default() };
    let query = serde_urlencoded::to_string(filter.pairs()).ok()?;
    Some(format!("{}?{query}", places::collection(database, collection)))
}
