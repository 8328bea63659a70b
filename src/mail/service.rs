//! What the back office may do with messages: look, repeat, try, lift.

use bson::doc;

use super::model::{Channel, Row, Status};
use super::outbox::{self, blank};
use super::store::{self, Filter, From, Page};
use super::suppression::{self, Suppression};
use super::template::Letter;
use super::templates::TestMessage;
use super::watch::{self, Backlog};
use crate::accounts::model::Email;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::mail as words;
use crate::values::Capability;

/// Rows of a page.
const ROWS: usize = 20;
/// Suppressed addresses shown.
const SUPPRESSED: i64 = 100;

/// A list and what stands above it.
pub struct Listing {
    /// The rows.
    pub page: Page,
    /// The provider, if the channel has one.
    pub provider: Option<&'static str>,
    /// What waits.
    pub backlog: Backlog,
}

/// One message and how often it was repeated by hand.
pub struct Shown {
    /// The row.
    pub row: Row,
    /// Copies of it.
    pub copies: u64,
}

/// The log of a channel.
pub async fn list(ctx: &Ctx, channel: Channel, filter: &Filter, from: From) -> Result<Listing, Failure> {
    ctx.require(Capability::Security)?;
    let app = &ctx.app;
    Ok(Listing {
        page: store::page(&app.db, channel, ctx.now(), filter, from, ROWS).await?,
        provider: app.post.provider(channel),
        backlog: watch::backlog(&app.db, channel, ctx.now()).await?,
    })
}

/// One message.
pub async fn show(ctx: &Ctx, channel: Channel, id: &str) -> Result<Shown, Failure> {
    ctx.require(Capability::Security)?;
    let row = store::find(&ctx.app.db, channel, id).await?.ok_or(AppError::NotFound)?;
    let copies = store::copies(&ctx.app.db, channel, id).await?;
    Ok(Shown { row, copies })
}

/// Whether a message may be repeated by hand.
pub fn may_repeat(row: &Row) -> bool {
    !row.is_secret && matches!(row.status, Status::Sent | Status::Failed | Status::Skipped)
}

/// Sends a message again with a new key, as it was drawn. `copy` counts: pressing twice repeats once. Returns the copy.
pub async fn repeat(ctx: &Ctx, channel: Channel, id: &str, copy: u64) -> Result<String, Failure> {
    ctx.require(Capability::Security)?;
    let row = store::find(&ctx.app.db, channel, id).await?.ok_or(AppError::NotFound)?;
    if row.is_secret {
        return Err(Failure::invalid("form", words::SECRET_NOT_REPEATED));
    }
    if !may_repeat(&row) {
        return Err(AppError::Conflict.into());
    }
    let now = ctx.now();
    let key = format!("resend/{id}/{copy}");
    let fresh = blank(now, &row.template, &key, super::SenderType::System);
    let again = Row {
        oid: fresh.oid,
        id: fresh.id,
        idempotency_key: fresh.idempotency_key,
        dedupe_key: key,
        resent_from: Some(row.id.clone()),
        status: Status::Queued,
        next_attempt_at: fresh.next_attempt_at,
        created_at: date(now),
        delivery: None,
        delivery_rank: 0,
        attempts: 0,
        key_used_at: None,
        claim: None,
        error_message: None,
        message_id: None,
        tries: Vec::new(),
        reports: Vec::new(),
        sent_at: None,
        ..row
    };
    let again = &again;
    with_transaction(&ctx.app.db, |session| {
        Box::pin(async move {
            let copied = outbox::insert_in(&mut *session, &ctx.app, now, channel, again.clone()).await?;
            if copied == again.id {
                let entry = Entry::new(Action::MessageRepeated)
                    .target(channel.collection(), id)
                    .details(doc! { "template": &again.template, "copy": &copied });
                audit::record_in(&mut *session, &ctx.app.db, now, Who::of(ctx), entry).await?;
            }
            Ok(copied)
        })
    })
    .await
}

/// Sends a test mail to whoever asks. `key` names the page it was asked from: pressing twice sends once.
pub async fn send_test(ctx: &Ctx, key: &str) -> Result<String, Failure> {
    let person = ctx.require(Capability::Security)?;
    let now = ctx.now();
    let template = TestMessage { name: person.name.clone(), at: now };
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let letter = Letter {
        template: &template,
        to: person.email.clone(),
        dedupe_key: format!("test/{}/{key}", person.user_id),
        about: Some(("user", person.user_id.clone())),
    };
    let row = outbox::drawn(&ctx.app, now, &letter)?;
    let row = &row;
    with_transaction(&ctx.app.db, |session| {
        Box::pin(async move {
            let queued = outbox::insert_in(&mut *session, &ctx.app, now, Channel::Email, row.clone()).await?;
            if queued == row.id {
                let entry = Entry::new(Action::MessageTested).target(Channel::Email.collection(), &queued);
                audit::record_in(&mut *session, &ctx.app.db, now, Who::of(ctx), entry).await?;
            }
            Ok(queued)
        })
    })
    .await
}

/// The addresses that get nothing but what keeps their account safe; how many there are.
pub async fn suppressions(ctx: &Ctx) -> Result<(Vec<Suppression>, u64), Failure> {
    ctx.require(Capability::Security)?;
    store::suppressed(&ctx.app.db, SUPPRESSED).await
}

/// Lets an address get mail again.
pub async fn lift(ctx: &Ctx, email: &str) -> Result<(), Failure> {
    let person = ctx.require(Capability::Security)?;
    let (now, email) = (ctx.now(), Email::normalise(email));
    let (by, email) = (&person.user_id, &email);
    let lifted = with_transaction(&ctx.app.db, |session| {
        Box::pin(async move {
            let lifted = suppression::lift_in(&mut *session, &ctx.app.db, email.as_str(), by, now).await?;
            if lifted {
                let entry = Entry::new(Action::SuppressionLifted).target("email", email.as_str());
                audit::record_in(&mut *session, &ctx.app.db, now, Who::of(ctx), entry).await?;
            }
            Ok::<_, Failure>(lifted)
        })
    })
    .await?;
    if lifted { Ok(()) } else { Err(AppError::Conflict.into()) }
}
