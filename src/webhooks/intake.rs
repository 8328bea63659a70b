//! `POST /api/notifications/webhooks/{service}`: verify, read, store, answer. Nothing else is done while a service waits.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::model::{Delivery, KEPT, Reading, Refusal, Source, Status};
use super::sources::Raw;
use super::strangers::Strangers;
use super::tally::Tally;
use super::writer::{Writer, Written};
use crate::app::Clock;
use crate::ctx::Ctx;
use crate::db::{Db, date};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::webhooks as words;

/// What the intake keeps between requests.
#[derive(Debug)]
pub struct Intake {
    writer: Writer,
    strangers: Strangers,
    /// Counts of what wasn't taken.
    pub(super) tally: Arc<Tally>,
}

impl Intake {
    /// Starts the writer of this database.
    pub fn start(db: &Db, clock: Clock) -> Self {
        Self { writer: Writer::start(db, clock), strangers: Strangers::default(), tally: Tally::new(db) }
    }
}

/// What a service is answered.
enum Answer {
    Taken(Written),
    Refused { refusal: Refusal, retry_after_seconds: Option<u32> },
    Broken(anyhow::Error),
}

/// `POST /api/notifications/webhooks/sentry`.
pub async fn sentry(ctx: Ctx, request: Request) -> Response {
    take(&ctx, Source::Sentry, request).await
}

/// `POST` and `GET /api/notifications/webhooks/uptimerobot`: the classic alert contact sends a query.
pub async fn uptimerobot(ctx: Ctx, request: Request) -> Response {
    take(&ctx, Source::UptimeRobot, request).await
}

/// `POST /api/notifications/webhooks/resend`.
pub async fn resend(ctx: Ctx, request: Request) -> Response {
    take(&ctx, Source::Resend, request).await
}

async fn take(ctx: &Ctx, source: Source, request: Request) -> Response {
    let answer = match read(ctx, source, request).await {
        Ok(row) => match store(ctx, row).await {
            Ok(written) => Answer::Taken(written),
            Err(error) => Answer::Broken(error),
        },
        Err(refusal) => refused(ctx, source, refusal),
    };
    respond(source, answer)
}

async fn store(ctx: &Ctx, row: anyhow::Result<Delivery>) -> anyhow::Result<Written> {
    ctx.app.webhooks.writer.write(row?).await
}

/// A row of an authentic delivery; one that can't be put into a document is a failure of ours, and the service sends it
/// again.
async fn read(ctx: &Ctx, source: Source, request: Request) -> Result<anyhow::Result<Delivery>, Refusal> {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    if !source.offers_proof(&parts.headers, query) {
        return Err(Refusal::Stranger);
    }
    let body = whole(source, &parts.headers, body).await?;
    let now = ctx.now();
    let raw = Raw { headers: &parts.headers, query, body: &body, now };
    let reading = source.read(source.secrets(&ctx.app.config.integrations), &raw)?;
    Ok(row(source, now, reading, &body))
}

async fn whole(source: Source, headers: &HeaderMap, body: axum::body::Body) -> Result<Bytes, Refusal> {
    let limit = source.body_limit();
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Refusal::TooLarge);
    }
    let mut whole = BytesMut::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        // A body that breaks off was never signed as it came.
        let chunk = chunk.map_err(|_| Refusal::Stranger)?;
        if whole.len() + chunk.len() > limit {
            return Err(Refusal::TooLarge);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

fn row(source: Source, now: Timestamp, reading: Reading, body: &[u8]) -> anyhow::Result<Delivery> {
    let (object, phase) = reading.fields.phase().unzip();
    Ok(Delivery {
        id: uuid::Uuid::now_v7().to_string(),
        source,
        dedupe_key: reading.dedupe_key,
        received_at: date(now),
        authentic: true,
        status: Status::Received,
        attempts: 0,
        error: None,
        headers: reading.headers,
        fields: bson::serialize_to_document(&reading.fields)?,
        body_sha256: hex::encode(Sha256::digest(body)),
        body: reading.body,
        object,
        phase,
        occurred_at: date(reading.occurred_at.unwrap_or(now)),
        due_at: Some(date(now)),
        processed_at: None,
        expires_at: date(now + KEPT),
    })
}

fn refused(ctx: &Ctx, source: Source, refusal: Refusal) -> Answer {
    let is_strangers = matches!(refusal, Refusal::Stranger | Refusal::TooLarge);
    let wait = is_strangers.then(|| ctx.app.webhooks.strangers.fail(ctx.now(), ctx.client.ip).err()).flatten();
    let refusal = if wait.is_some() { Refusal::Flood } else { refusal };
    ctx.app.webhooks.tally.add(ctx.now(), source, refusal);
    Answer::Refused { refusal, retry_after_seconds: wait }
}

fn respond(source: Source, answer: Answer) -> Response {
    let outcome = match &answer {
        Answer::Taken(Written::Stored) => "stored",
        Answer::Taken(Written::Repeated) => "repeated",
        Answer::Refused { refusal, .. } => refusal.as_str(),
        Answer::Broken(_) => "broken",
    };
    metrics::counter!("canje_webhook_outcomes_total", "source" => source.as_str(), "outcome" => outcome).increment(1);
    let told = match answer {
        Answer::Taken(_) => return axum::Json(serde_json::json!({ "status": outcome })).into_response(),
        Answer::Refused { retry_after_seconds: Some(retry_after_seconds), .. } => {
            AppError::TooMany { retry_after_seconds }
        }
        Answer::Refused { refusal: Refusal::Malformed, .. } => AppError::Malformed,
        Answer::Refused { refusal: Refusal::TooLarge, .. } => AppError::TooLarge,
        Answer::Refused { .. } => AppError::Unauthenticated,
        Answer::Broken(error) => {
            // A warning: an error would be reported to Sentry, which would deliver it here.
            tracing::warn!(source = source.as_str(), "a delivery could not be stored: {error:#}");
            match Failure::from(error).told("") {
                AppError::Unavailable => AppError::Unavailable,
                _ => AppError::TimedOut,
            }
        }
    };
    let body = serde_json::json!({ "error": { "code": told.code(), "message": words::refusal(&told) } });
    let status = StatusCode::from_u16(told.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(body)).into_response();
    let retry_after = match told {
        AppError::TooMany { retry_after_seconds } => Some(retry_after_seconds),
        AppError::Unavailable | AppError::TimedOut => Some(5),
        _ => None,
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
