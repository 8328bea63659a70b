//! `/admin/backups/verificar`: brings a file to be verified. It is written to the disk as it arrives.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::Field as Part;
use axum::response::Response;
use bson::doc;
use futures::TryStreamExt as _;
use http::{HeaderMap, header};
use leptos::prelude::*;
use tokio::io::AsyncWriteExt as _;

use super::{crumbs, moment, tabs, unsigned, verification};
use crate::audit::{Action, Entry, Who, record_in};
use crate::backup::model::Person;
use crate::backup::record::Verification;
use crate::backup::stores::{Folder, Store as _};
use crate::backup::upload::{self, VerifyUpload};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::FieldProblem;
use crate::failure::Failure;
use crate::i18n::backup::upload as words;
use crate::i18n::format;
use crate::jobs::{When, enqueue_in};
use crate::ui::{Button, ButtonKind, Cell, CellKind, Column, EmptyState, Glyph, PageHead, Status, Table};
use crate::values::Capability;
use crate::web::forms::{done, refused};
use crate::web::render::{Page, Section};

/// Where it is.
pub const HERE: &str = "/admin/backups/verificar";
/// The form's only field.
const FILE: &str = "file";
/// Largest file that is taken.
const LIMIT_BYTES: u64 = 8_000_000_000;
/// Room that stays free for everything else.
const RESERVE_BYTES: u64 = 500_000_000;
/// A line that is silent for longer has gone away.
const SILENCE: Duration = Duration::from_secs(60);
/// Verifications shown.
const RECENT: i64 = 20;
/// Longest name kept, in characters.
const NAME: usize = 120;

/// `GET /admin/backups/verificar`.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    let recent = recent(&ctx).await?;
    let (now, may_run, problem) = (ctx.now(), ctx.may(Capability::BackupsRun), ctx.flash.problem(FILE));
    Ok(Page::admin(&ctx, Section::Backups, words::TITLE).crumbs(crumbs(words::TITLE)).show(move || {
        let form = may_run.then(|| form(problem));
        let lines = recent
            .into_iter()
            .map(|row| {
                let (tone, label) = verification::state(&row);
                let Verification { id, file_name, bytes, requested_by, created_at, format: what, .. } = row;
                view! {
                    <tr data-testid="verification">
                        <Cell kind=CellKind::Primary><a href=format!("{HERE}/{id}")>{file_name}</a></Cell>
                        <Cell><Status tone label/></Cell>
                        <Cell>{what}</Cell>
                        <Cell kind=CellKind::Number>{format::size(unsigned(bytes))}</Cell>
                        <Cell>{moment(created_at, now)}</Cell>
                        <Cell kind=CellKind::Wide>{requested_by.name}</Cell>
                    </tr>
                }
            })
            .collect::<Vec<_>>();
        let list = match lines.is_empty() {
            true => view! { <EmptyState title=words::NONE testid="verifications-none"/> }.into_any(),
            false => {
                let columns = vec![
                    Column::new(words::COLUMN_FILE, CellKind::Primary),
                    Column::new(words::COLUMN_STATE, CellKind::Text),
                    Column::new(words::COLUMN_WHAT, CellKind::Text),
                    Column::new(words::COLUMN_SIZE, CellKind::Number),
                    Column::new(words::COLUMN_WHEN, CellKind::Text),
                    Column::new(words::COLUMN_WHO, CellKind::Wide),
                ];
                view! { <Table caption=words::RECENT columns testid="verifications">{lines}</Table> }.into_any()
            }
        };
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            {tabs(super::Part::Verify)}
            {form}
            <section class="section">
                <h2>{words::RECENT}</h2>
                {list}
            </section>
        }
    }))
}

fn form(problem: Option<String>) -> impl IntoView {
    let invalid = problem.is_some().then_some("true");
    view! {
        <form class="form" method="post" action=HERE enctype="multipart/form-data">
            <div class="field">
                <label for="f-file">{words::FILE}</label>
                <input class="input" id="f-file" type="file" name=FILE required aria-describedby="f-file-hint" aria-invalid=invalid
                    data-testid="verify-file"/>
                {problem.map(|why| view! { <p class="field-error" data-testid="verify-problem">{why}</p> })}
                <p class="field-hint" id="f-file-hint">{words::limit(&format::size(LIMIT_BYTES))}</p>
            </div>
            <div class="actions">
                <Button kind=ButtonKind::Primary icon=Glyph::ShieldCheck testid="verify-start">{words::SUBMIT}</Button>
            </div>
        </form>
    }
}

async fn recent(ctx: &Ctx) -> Result<Vec<Verification>, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let rows = ctx.app.db.operations().stored::<Verification>();
    let newest = rows.find(doc! {}).sort(doc! { "created_at": -1, "_id": -1 }).limit(RECENT);
    Ok(newest.projection(doc! { "collections": 0 }).await?.try_collect().await?)
}

/// `POST /admin/backups/verificar`: takes the file and goes to its report.
pub async fn take(ctx: Ctx, headers: HeaderMap, mut form: Multipart) -> Result<Response, Failure> {
    ctx.require(Capability::BackupsRun)?;
    let refuse = async |why: String| refused(&ctx, HERE, vec![FieldProblem::new(FILE, why)], []).await;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > LIMIT_BYTES) {
        return refuse(words::too_large(&format::size(LIMIT_BYTES))).await;
    }
    let data_dir = ctx.app.config.backups.data_dir.clone();
    let room = Folder::at("uploads", &upload::folder(&data_dir)).limits().await.map_err(anyhow::Error::from)?;
    let room = room.free_bytes.map_or(u64::MAX, |free| free.saturating_sub(RESERVE_BYTES));
    if announced.unwrap_or(0) > room {
        return refuse(words::NO_ROOM.into()).await;
    }
    upload::sweep(&data_dir).map_err(anyhow::Error::from)?;
    let id = uuid::Uuid::new_v4().to_string();
    let (file_name, bytes) = loop {
        let Ok(part) = form.next_field().await else { return refuse(words::BROKEN_OFF.into()).await };
        let Some(part) = part else { return refuse(words::NO_FILE.into()).await };
        if part.name() != Some(FILE) {
            continue;
        }
        let name = part.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(NAME).collect();
        let mut file = Incoming::create(upload::path(&data_dir, &id)).await.map_err(anyhow::Error::from)?;
        match file.receive(part, LIMIT_BYTES.min(room)).await {
            Ok(0) => return refuse(words::NO_FILE.into()).await,
            Ok(bytes) => {
                file.keep();
                break (name, bytes);
            }
            Err(Broken::TooLarge) if room < LIMIT_BYTES => return refuse(words::NO_ROOM.into()).await,
            Err(Broken::TooLarge) => return refuse(words::too_large(&format::size(LIMIT_BYTES))).await,
            Err(Broken::Off) => return refuse(words::BROKEN_OFF.into()).await,
            Err(Broken::Disk(error)) if error.kind() == ErrorKind::StorageFull => {
                return refuse(words::NO_ROOM.into()).await;
            }
            Err(Broken::Disk(error)) => return Err(anyhow::Error::from(error).context("keeping an upload").into()),
        }
    };
    if let Err(failure) = queue(&ctx, &id, file_name, bytes).await {
        drop(std::fs::remove_file(upload::path(&data_dir, &id)));
        return Err(failure);
    }
    done(&ctx, &format!("{HERE}/{id}"), words::STARTED).await
}

/// The record, its job and the line in the audit log: all of them or none.
async fn queue(ctx: &Ctx, id: &str, file_name: String, bytes: u64) -> Result<(), Failure> {
    let person = ctx.require(Capability::BackupsRun)?;
    let row = &Verification {
        id: id.to_owned(),
        file_name,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        state: "queued".into(),
        requested_by: Person::from(person),
        created_at: date(ctx.now()),
        finished_at: None,
        format: None,
        collections: Vec::new(),
        findings: Vec::new(),
        error: None,
    };
    let (db, ops, now, who) = (&ctx.app.db, &ctx.app.db.operations(), ctx.now(), &Who::of(ctx));
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            ops.stored::<Verification>().insert_one(row).session(&mut *session).await?;
            let details = doc! { "file": &row.file_name, "bytes": row.bytes };
            let entry = Entry::new(Action::BackupFileUploaded).target("verification", &row.id).details(details);
            record_in(&mut *session, db, now, who.clone(), entry).await?;
            Ok(enqueue_in(session, db, now, &VerifyUpload { id: row.id.clone() }, &When::default()).await?)
        })
    })
    .await
}

/// Why a file didn't arrive.
enum Broken {
    TooLarge,
    Off,
    Disk(std::io::Error),
}

/// A file while it arrives; removed unless it is kept, also when the browser goes away in the middle.
struct Incoming {
    path: Option<PathBuf>,
    file: tokio::fs::File,
}

impl Incoming {
    async fn create(path: PathBuf) -> std::io::Result<Self> {
        if let Some(folder) = path.parent() {
            let mut builder = tokio::fs::DirBuilder::new();
            builder.recursive(true).mode(0o700).create(folder).await?;
        }
        let file = tokio::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await?;
        Ok(Self { path: Some(path), file })
    }

    async fn receive(&mut self, mut part: Part<'_>, limit: u64) -> Result<u64, Broken> {
        let mut bytes = 0;
        loop {
            let chunk = tokio::time::timeout(SILENCE, part.chunk()).await.map_err(|_| Broken::Off)?;
            let Some(chunk) = chunk.map_err(|_| Broken::Off)? else { break };
            bytes += chunk.len() as u64;
            if bytes > limit {
                return Err(Broken::TooLarge);
            }
            self.file.write_all(&chunk).await.map_err(Broken::Disk)?;
        }
        self.file.sync_all().await.map_err(Broken::Disk)?;
        Ok(bytes)
    }

    fn keep(&mut self) {
        self.path = None;
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // What can't be removed now is swept away later.
            drop(std::fs::remove_file(path));
        }
    }
}
