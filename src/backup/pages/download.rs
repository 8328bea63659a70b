//! `/admin/backups/{id}/descargar`: hands over the encrypted backup as one tar, after the password was asked for again.
//!
//! The tar is written as it is read, object by object, so its size doesn't matter. Nothing here can open it.

use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Response};
use bson::doc;
use bytes::Bytes;
use http::header;
use leptos::prelude::*;
use serde::Deserialize;

use super::{address, crumbs, service, title, unsigned};
use crate::accounts;
use crate::accounts::secret::Sealed;
use crate::audit::{self, Action, Entry};
use crate::backup::Depot;
use crate::backup::container::{MANIFEST, SIGNATURE};
use crate::backup::model::State;
use crate::backup::record::BackupRun;
use crate::backup::stores::{Object, Store};
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::download as words;
use crate::i18n::format;
use crate::ui::{Banner, Button, ButtonKind, CopyButton, Fact, FactList, Field, FieldType, Glyph, PageHead, Tone};
use crate::values::Capability;
use crate::web::forms::refused;
use crate::web::render::{Page, Section};

const PASSWORD: &str = "password";
const FORM: &str = "form";
/// A tar is made of blocks, and ends with two empty ones.
const BLOCK: usize = 512;

/// The password, asked for again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    password: Sealed,
}

/// A complete backup that is still stored, for whoever may take it away.
async fn load(ctx: &Ctx, id: &str) -> Result<BackupRun, Failure> {
    ctx.require(Capability::BackupsDownload)?;
    let run = service::load(ctx, id).await?;
    match run.status == State::Complete && run.pruned_at.is_none() {
        true => Ok(run),
        false => Err(AppError::NotFound.into()),
    }
}

/// `GET /admin/backups/{id}/descargar`.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let run = load(&ctx, &id).await?;
    let flash = ctx.flash.clone();
    let mut way = crumbs(words::TITLE);
    way.insert(1, crate::ui::Crumb::link(title(&run), address(&run.id)));
    Ok(Page::admin(&ctx, Section::Backups, words::TITLE).crumbs(way).show(move || {
        let nowhere = flash.problem(FORM).map(|why| view! { <Banner tone=Tone::Bad title=why testid="download-refused"/> });
        let stores: Vec<_> = run.destinations.iter().map(|destination| destination.store.clone()).collect();
        let facts = vec![
            Fact::new(words::WHAT, title(&run)),
            Fact::new(words::FROM, stores.join(", ")),
            Fact::new(words::SIZE, format::size(unsigned(run.stored_bytes()))),
        ];
        let folder = folder(&run);
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            {nowhere}
            <FactList facts/>
            <form class="form" method="post" action=format!("{}/descargar", address(&run.id))>
                <Field name=PASSWORD label=words::PASSWORD r#type=FieldType::Password required=true autocomplete="current-password"
                    hint=words::PASSWORD_HINT error=flash.problem(PASSWORD) testid="download-password"/>
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Glyph::Download testid="download-start">{words::SUBMIT}</Button>
                </div>
            </form>
            {command(words::WITH_CANJE, words::WITH_CANJE_BODY, words::canje_command(run.id.as_str()), "download-canje")}
            {command(words::WITHOUT_CANJE, words::WITHOUT_CANJE_BODY, words::plain_command(&folder), "download-plain")}
            <p class="muted">{words::RESTORE_NOTE}</p>
            {command(words::VERIFY, words::VERIFY_BODY, words::verify_command(&folder), "download-verify")}
        }
    }))
}

/// A heading, a sentence, and the command to copy.
fn command(heading: &'static str, body: &'static str, text: String, testid: &'static str) -> impl IntoView {
    let copied = text.clone();
    view! {
        <section class="section">
            <h2>{heading}</h2>
            <p>{body}</p>
            <pre class="command" tabindex="0" data-testid=testid><code>{text}</code></pre>
            <div class="actions"><CopyButton label=words::COPY done=words::COPIED text=copied/></div>
        </section>
    }
}

/// What the tar and the folder in it are called.
fn folder(run: &BackupRun) -> String {
    let day = timestamp(run.taken_at.unwrap_or(run.created_at)).unwrap_or_default();
    let day = day.to_zoned(format::time_zone()).strftime("%Y-%m-%d").to_string();
    format!("canje-backup-{day}-{}", run.id.short())
}

/// `POST /admin/backups/{id}/descargar`: the tar.
pub async fn start(
    ctx: Ctx,
    Path(id): Path<String>,
    form: Result<Form<Asked>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(Asked { password }) = form.map_err(|_| AppError::Malformed)?;
    let run = load(&ctx, &id).await?;
    let back = format!("{}/descargar", address(&run.id));
    if let Err(refusal) = accounts::confirm_password(&ctx, password).await? {
        return refused(&ctx, &back, vec![FieldProblem::new(PASSWORD, words::refusal(&refusal))], []).await;
    }
    let Some((store, prefix, objects)) = find(&Depot::of(&ctx.app)?, &run).await else {
        return refused(&ctx, &back, vec![FieldProblem::new(FORM, words::NOWHERE)], []).await;
    };
    let bytes: u64 = objects.iter().map(|object| object.bytes).sum();
    let details = doc! { "store": store.name(), "bytes": i64::try_from(bytes).unwrap_or(i64::MAX) };
    audit::record(&ctx, Entry::new(Action::BackupDownloaded).target("backup", run.id.as_str()).details(details))
        .await?;
    let folder = folder(&run);
    let length = objects.iter().map(|object| BLOCK as u64 + object.bytes.next_multiple_of(BLOCK as u64)).sum::<u64>();
    let headers = [
        (header::CONTENT_TYPE, "application/x-tar".to_owned()),
        (header::CONTENT_LENGTH, (length + 2 * BLOCK as u64).to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{folder}.tar\"")),
    ];
    let at = timestamp(run.taken_at.unwrap_or(run.created_at)).unwrap_or_default();
    let tar = async_stream::try_stream! {
        for object in objects {
            let bytes = store.get(&object.key).await.map_err(std::io::Error::other)?;
            let name = object.key.strip_prefix(&prefix).unwrap_or(&object.key).trim_start_matches('/').to_owned();
            if bytes.len() as u64 != object.bytes {
                Err(std::io::Error::other(format!("{name} changed while it was read")))?;
            }
            yield entry(&format!("{folder}/{name}"), bytes.len() as u64, at.as_second())?;
            let padding = bytes.len().next_multiple_of(BLOCK) - bytes.len();
            yield bytes;
            yield Bytes::from(vec![0; padding]);
        }
        yield Bytes::from_static(&[0; 2 * BLOCK]);
    };
    // A stream that breaks off is shorter than its announced length: the browser reports a failed download.
    let tar: std::pin::Pin<Box<dyn futures::Stream<Item = std::io::Result<Bytes>> + Send>> = Box::pin(tar);
    Ok((headers, Body::from_stream(tar)).into_response())
}

/// The first store that lists the whole backup: proven ones before others.
async fn find(depot: &Depot, run: &BackupRun) -> Option<(std::sync::Arc<dyn Store>, String, Vec<Object>)> {
    let mut destinations: Vec<_> = run.destinations.iter().collect();
    destinations.sort_by_key(|destination| !destination.ok);
    for destination in destinations {
        let Some(store) = depot.store(&destination.store) else { continue };
        let prefix = &destination.prefix;
        let Ok(objects) = store.list(prefix).await else { continue };
        let has = |name: &str| objects.iter().any(|object| object.key == format!("{prefix}/{name}"));
        let parts = objects.iter().filter(|object| object.key.starts_with(&format!("{prefix}/parts/"))).count();
        if has(MANIFEST) && has(SIGNATURE) && parts as i64 >= i64::from(destination.parts) {
            return Some((store, prefix.clone(), objects));
        }
    }
    None
}

/// A file's header in the tar.
fn entry(name: &str, bytes: u64, mtime: i64) -> std::io::Result<Bytes> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(mtime).unwrap_or(0));
    header.set_cksum();
    Ok(Bytes::copy_from_slice(header.as_bytes()))
}
