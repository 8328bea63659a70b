//! The posts of the bell and of the pages of notices.
//!
//! Script posts the bell's form too and is answered with the bell; a browser without script goes back to its page.

use std::time::Duration;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::Response;
use http::HeaderMap;
use serde::Deserialize;

use super::bell::{self, ASKED_BY_SCRIPT};
use super::pages::{PATH, PERSONAL_PATH, SILENCES_PATH};
use super::{Matcher, NewSilence, NoticeType, Severity, Source};
use crate::accounts::next::Next;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::notices as words;
use crate::web::forms::{done, refused};

/// What the bell posts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Read {
    /// Which notice.
    id: String,
    /// The page to come back to.
    back: String,
}

type Posted<T> = Result<Form<T>, FormRejection>;

fn posted<T>(form: Posted<T>) -> Result<T, Failure> {
    form.map(|Form(form)| form).map_err(|_| AppError::Malformed.into())
}

/// The bell for script; for browsers the page they were on, or `list`, with a sentence.
async fn marked(
    ctx: &Ctx,
    headers: &HeaderMap,
    back: &str,
    list: &str,
    said: &'static str,
) -> Result<Response, Failure> {
    if headers.contains_key(ASKED_BY_SCRIPT) {
        return bell::content(ctx, back).await;
    }
    let to = Next::parse(back);
    done(ctx, to.as_ref().map_or(list, Next::as_str), said).await
}

/// `POST /admin/notifications/leer`.
pub async fn read(ctx: Ctx, headers: HeaderMap, form: Posted<Read>) -> Result<Response, Failure> {
    let form = posted(form)?;
    super::mark_read(&ctx, &form.id).await?;
    marked(&ctx, &headers, &form.back, PATH, words::ONE_READ).await
}

/// `POST /admin/notifications/leer-todas`.
pub async fn read_all(ctx: Ctx, headers: HeaderMap, form: Posted<Read>) -> Result<Response, Failure> {
    let form = posted(form)?;
    super::mark_all_read(&ctx).await?;
    marked(&ctx, &headers, &form.back, PATH, words::ALL_READ).await
}

/// `POST /notificaciones/leer`.
pub async fn read_own(ctx: Ctx, headers: HeaderMap, form: Posted<Read>) -> Result<Response, Failure> {
    let form = posted(form)?;
    super::mark_own_read(&ctx, &form.id).await?;
    marked(&ctx, &headers, &form.back, PERSONAL_PATH, words::ONE_READ).await
}

/// `POST /notificaciones/leer-todas`.
pub async fn read_all_own(ctx: Ctx, headers: HeaderMap, form: Posted<Read>) -> Result<Response, Failure> {
    let form = posted(form)?;
    super::mark_all_own_read(&ctx).await?;
    marked(&ctx, &headers, &form.back, PERSONAL_PATH, words::ALL_READ).await
}

/// `POST /notificaciones/{id}/eliminar`.
pub async fn delete_own(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    super::delete_own(&ctx, &id).await?;
    done(&ctx, PERSONAL_PATH, words::PERSONAL_DELETED).await
}

/// `POST /admin/notifications/{id}/tomar`.
pub async fn acknowledge(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let taken = super::acknowledge(&ctx, &id).await;
    changed(&ctx, &id, taken, words::ACKNOWLEDGED).await
}

/// `POST /admin/notifications/{id}/resolver`.
pub async fn resolve(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let resolved = super::resolve(&ctx, &id).await;
    changed(&ctx, &id, resolved, words::RESOLVED).await
}

/// Back to the incident: with what was done, or that somebody was quicker.
async fn changed(ctx: &Ctx, id: &str, result: Result<(), Failure>, said: &'static str) -> Result<Response, Failure> {
    let said = match result {
        Ok(()) => said,
        Err(Failure::Refused(AppError::Conflict)) => words::ALREADY,
        Err(failure) => return Err(failure),
    };
    done(ctx, &format!("{PATH}/{id}"), said).await
}

/// `POST /admin/notifications/{id}/eliminar`.
pub async fn delete(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    super::delete(&ctx, &id).await?;
    done(&ctx, PATH, words::DELETED).await
}

/// What a silence's form posts: of an incident `what`, else the parts of a matcher.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Silencing {
    what: String,
    r#type: String,
    source: String,
    severity: String,
    text: String,
    hours: String,
    reason: String,
}

impl Silencing {
    fn typed(&self) -> [(&'static str, String); 7] {
        [
            ("what", self.what.clone()),
            ("type", self.r#type.clone()),
            ("source", self.source.clone()),
            ("severity", self.severity.clone()),
            ("text", self.text.clone()),
            ("hours", self.hours.clone()),
            ("reason", self.reason.clone()),
        ]
    }

    /// The chosen duration.
    fn duration(&self) -> Option<Duration> {
        let hours: u32 = self.hours.parse().ok()?;
        let is_offered = words::DURATIONS.iter().any(|(offered, _)| *offered == hours);
        is_offered.then(|| Duration::from_secs(u64::from(hours) * 60 * 60))
    }

    /// The parts of a matcher; what there isn't is refused and never taken for «any».
    fn matcher(&self) -> Result<Matcher, AppError> {
        fn one<T>(text: &str, parse: fn(&str) -> Option<T>) -> Result<Option<T>, AppError> {
            if text.is_empty() { Ok(None) } else { parse(text).map(Some).ok_or(AppError::Malformed) }
        }
        let text = self.text.trim();
        Ok(Matcher {
            kind: one(&self.r#type, NoticeType::parse)?,
            source: one(&self.source, Source::parse)?,
            severity: one(&self.severity, Severity::parse)?,
            text: (!text.is_empty()).then(|| text.to_owned()),
            fingerprint: None,
        })
    }
}

/// `POST /admin/notifications/silencios`.
pub async fn silence(ctx: Ctx, form: Posted<Silencing>) -> Result<Response, Failure> {
    let form = posted(form)?;
    let matcher = form.matcher()?;
    make(&ctx, form, matcher, SILENCES_PATH).await
}

/// `POST /admin/notifications/{id}/silenciar`.
pub async fn silence_one(ctx: Ctx, Path(id): Path<String>, form: Posted<Silencing>) -> Result<Response, Failure> {
    let form = posted(form)?;
    let notice = super::load(&ctx, &id).await?;
    let matcher = match form.what.as_str() {
        "incident" => Matcher { fingerprint: Some(notice.fingerprint), ..Matcher::default() },
        "type" => Matcher { kind: Some(notice.kind), ..Matcher::default() },
        "source" => Matcher { source: Some(notice.source), ..Matcher::default() },
        _ => return Err(AppError::Malformed.into()),
    };
    make(&ctx, form, matcher, &format!("{PATH}/{id}")).await
}

async fn make(ctx: &Ctx, form: Silencing, matcher: Matcher, back: &str) -> Result<Response, Failure> {
    let Some(duration) = form.duration() else {
        let problem = FieldProblem::new("ends_at", words::BAD_DURATION);
        return refused(ctx, back, vec![problem], form.typed()).await;
    };
    let new = NewSilence { matcher, reason: form.reason.clone(), ends_at: ctx.now() + duration };
    match super::silence(ctx, new).await {
        Ok(_) => done(ctx, back, words::SILENCE_DONE).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => refused(ctx, back, problems, form.typed()).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /admin/notifications/silencios/{id}/terminar`.
pub async fn end_silence(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    super::unsilence(&ctx, &id).await?;
    done(&ctx, SILENCES_PATH, words::SILENCE_ENDED).await
}
