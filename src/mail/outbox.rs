//! Into the outbox: a letter is drawn once, and what was drawn is what is sent, however often it takes.

use std::collections::BTreeMap;

use bson::oid::ObjectId;
use bson::{Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::{Channel, Masked, Row, Status};
use super::send::SendOutbox;
use super::template::{Letter, SenderType, one_line};
use crate::accounts::model::Email;
use crate::app::App;
use crate::config::Senders;
use crate::db::{Db, Lost, date, with_transaction};
use crate::failure::Failure;
use crate::i18n::mail as words;
use crate::jobs::{self, When};

/// Rows in one command.
const TOGETHER: usize = 500;
/// What stands in the place of a secret in the log.
const MASK: &str = "••••••";

/// Renders a letter once and puts it in the outbox, in the transaction of what it tells. A key that is there already is
/// done already.
pub async fn queue_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    letter: &Letter<'_>,
) -> Result<(), Failure> {
    insert_in(session, app, now, Channel::Email, drawn(app, now, letter)?).await.map(drop)
}

/// Renders a letter once and puts it in the outbox.
pub async fn queue(app: &App, now: Timestamp, letter: &Letter<'_>) -> Result<(), Failure> {
    let row = drawn(app, now, letter)?;
    insert(app, now, Channel::Email, row).await.map(drop)
}

/// Renders many letters and puts those whose key isn't there yet in the outbox, in the transaction of what they tell: a few
/// queries, however many they are. A letter that can't be drawn stops nobody else's; returns the names of those.
pub async fn queue_all_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    letters: &[Letter<'_>],
) -> Result<Vec<&'static str>, Failure> {
    let (mut rows, mut broken) = (BTreeMap::new(), Vec::new());
    for letter in letters {
        match drawn(app, now, letter) {
            Ok(row) => drop(rows.insert(row.dedupe_key.clone(), row)),
            Err(failure) => {
                tracing::error!("a letter {} can't be drawn: {failure:?}", letter.template.name());
                broken.push(letter.template.name());
            }
        }
    }
    for known in known_in(session, app, Channel::Email, rows.keys()).await? {
        rows.remove(&known);
    }
    let mut is_waiting = false;
    let mut rows: Vec<_> = rows.into_values().collect();
    for row in &mut rows {
        settle_refusal(app, Channel::Email, row);
        is_waiting |= row.status == Status::Queued;
    }
    for some in rows.chunks(TOGETHER) {
        match Channel::Email.rows(&app.db).insert_many(some).session(&mut *session).await {
            // Somebody else put one of them there at this moment: next time it is known.
            Err(error) if Db::is_duplicate(&error) => return Err(Lost.into()),
            other => drop(other?),
        }
    }
    if is_waiting {
        jobs::enqueue_in(session, &app.db, now, &SendOutbox { channel: Channel::Email }, &When::default()).await?;
    }
    Ok(broken)
}

/// Which of these keys have their row already.
pub async fn known_in<'a>(
    session: &mut ClientSession,
    app: &App,
    channel: Channel,
    keys: impl Iterator<Item = &'a String>,
) -> Result<Vec<String>, Failure> {
    let keys: Vec<_> = keys.collect();
    let rows = app.db.live.collection::<Document>(channel.collection());
    let mut known = Vec::new();
    for some in keys.chunks(TOGETHER) {
        let found = rows.find(doc! { "dedupe_key": { "$in": some } }).projection(doc! { "dedupe_key": 1, "_id": 0 });
        let mut found = found.session(&mut *session).await?;
        while let Some(row) = found.stream(&mut *session).try_next().await? {
            known.extend(row.get_str("dedupe_key").map(str::to_owned));
        }
    }
    Ok(known)
}

/// Puts a drawn row in its outbox by itself. Returns its id, or that of the row that has its key already.
pub(super) async fn insert(app: &App, now: Timestamp, channel: Channel, row: Row) -> Result<String, Failure> {
    let row = &row;
    with_transaction(&app.db, |session| {
        Box::pin(async move { insert_in(&mut *session, app, now, channel, row.clone()).await })
    })
    .await
}

/// Puts a drawn row in its outbox and wakes the sender, in one transaction.
pub(super) async fn insert_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    channel: Channel,
    mut row: Row,
) -> Result<String, Failure> {
    settle_refusal(app, channel, &mut row);
    let rows = channel.rows(&app.db);
    let by_key = doc! { "dedupe_key": &row.dedupe_key };
    let mut fields: Document = bson::serialize_to_document(&row).map_err(anyhow::Error::from)?;
    fields.remove("dedupe_key");
    // Not an insert that may find its key taken: that would end the caller's transaction.
    let done =
        rows.update_one(by_key.clone(), doc! { "$setOnInsert": fields }).upsert(true).session(&mut *session).await?;
    if done.upserted_id.is_none() {
        let there = rows.find_one(by_key).session(&mut *session).await?;
        return Ok(there.map(|row| row.id).unwrap_or(row.id));
    }
    if row.status == Status::Queued {
        jobs::enqueue_in(session, &app.db, now, &SendOutbox { channel }, &When::default()).await?;
    }
    Ok(row.id)
}

/// Marks a row that can't be sent at all, with the reason.
fn settle_refusal(app: &App, channel: Channel, row: &mut Row) {
    if let Some(reason) = why_not(app, channel, row) {
        row.status = Status::Skipped;
        row.error_message = Some(reason);
        row.next_attempt_at = None;
        forget_secrets(row);
    }
}

/// Why a row can't be sent at all, known before it is tried.
fn why_not(app: &App, channel: Channel, row: &Row) -> Option<String> {
    let integrations = &app.config.integrations;
    match channel {
        Channel::Email if integrations.mail.is_none() => Some(words::NOT_CONFIGURED_EMAIL.into()),
        Channel::WhatsApp if integrations.whatsapp.is_none() => Some(words::NOT_CONFIGURED_WHATSAPP.into()),
        Channel::Email if !Email::normalise(row.to()).is_address() => Some(words::BAD_ADDRESS.into()),
        _ => None,
    }
}

/// A letter as a row.
pub(super) fn drawn(app: &App, now: Timestamp, letter: &Letter<'_>) -> Result<Row, Failure> {
    let template = letter.template;
    let parts = template.render(&app.config.base_url)?;
    let secrets = template.secrets();
    let masked =
        (!secrets.is_empty()).then(|| Masked { text: mask(&parts.text, &secrets), html: mask(&parts.html, &secrets) });
    let mut row = blank(now, template.name(), &letter.dedupe_key, template.sender());
    row.to_email = Some(Email::normalise(&one_line(&letter.to)).as_str().to_owned());
    row.from = one_line(sender(&app.config.integrations.senders, template.sender()));
    row.subject = one_line(&parts.subject);
    row.text = parts.text;
    row.html = parts.html;
    row.is_secret = masked.is_some();
    row.masked = masked;
    row.is_essential = template.is_essential();
    row.params = template.params();
    (row.entity_type, row.entity_id) = match &letter.about {
        Some((kind, id)) => (Some((*kind).to_owned()), Some(id.clone())),
        None => (None, None),
    };
    Ok(row)
}

/// A row that waits, without its words.
pub(super) fn blank(now: Timestamp, template: &str, dedupe_key: &str, sender: SenderType) -> Row {
    let id = uuid::Uuid::new_v4().to_string();
    Row {
        oid: ObjectId::new(),
        idempotency_key: format!("{template}/{id}"),
        id,
        dedupe_key: dedupe_key.to_owned(),
        template: template.to_owned(),
        to_email: None,
        to_phone: None,
        from: String::new(),
        subject: String::new(),
        text: String::new(),
        html: String::new(),
        sender_type: sender.as_str().to_owned(),
        entity_type: None,
        entity_id: None,
        params: Document::new(),
        masked: None,
        is_secret: false,
        is_essential: false,
        // What tells of trouble or keeps an account safe doesn't stand in line behind a mailing.
        is_urgent: sender == SenderType::System,
        status: Status::Queued,
        delivery: None,
        delivery_rank: 0,
        attempts: 0,
        next_attempt_at: Some(date(now)),
        key_used_at: None,
        claim: None,
        error_message: None,
        message_id: None,
        tries: Vec::new(),
        reports: Vec::new(),
        resent_from: None,
        created_at: date(now),
        sent_at: None,
    }
}

/// Keeps only what the log may show.
pub(super) fn forget_secrets(row: &mut Row) {
    if let Some(masked) = row.masked.take() {
        (row.text, row.html) = (masked.text, masked.html);
    }
}

fn sender(senders: &Senders, kind: SenderType) -> &str {
    match kind {
        SenderType::Ecommerce => &senders.ecommerce,
        SenderType::Studio => &senders.studio,
        SenderType::Ugc => &senders.ugc,
        SenderType::Brands => &senders.brands,
        SenderType::System => &senders.system,
    }
}

/// A body without its secrets, as they are and as HTML writes them.
fn mask(body: &str, secrets: &[String]) -> String {
    secrets.iter().filter(|secret| !secret.is_empty()).fold(body.to_owned(), |body, secret| {
        let escaped = askama::filters::escape(secret, askama::filters::Html).map(|escaped| escaped.to_string());
        let body = body.replace(secret.as_str(), MASK);
        match escaped {
            Ok(escaped) => body.replace(&escaped, MASK),
            Err(never) => match never {},
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_body_holds_no_secret_however_it_is_written() {
        let secret = "https://canje.example.com/r?a=1&token=x".to_owned();
        let html = r#"<a href="https://canje.example.com/r?a=1&#38;token=x">entrar</a>"#;
        assert_eq!(mask(html, std::slice::from_ref(&secret)), format!(r#"<a href="{MASK}">entrar</a>"#));
        assert_eq!(mask(&format!("Entrá en {secret}."), &[secret, String::new()]), format!("Entrá en {MASK}."));
    }
}
