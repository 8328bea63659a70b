//! Seeing, saving and trying out the settings.

use std::collections::BTreeMap;

use bson::{Document, doc};
use futures::future::BoxFuture;

use super::fields::{self, Change};
use super::model::Settings;
use super::store;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::with_transaction;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::settings as words;
use crate::mail::templates::TestMessage;
use crate::mail::whatsapp::{self, Message};
use crate::mail::{self, Letter};
use crate::notifications::{self, Event};
use crate::values::{Capability, Phone};

/// The field with the number of a WhatsApp test.
pub const PHONE: &str = "phone";

/// What the page shows.
pub struct Overview {
    /// As stored.
    pub settings: Settings,
    /// Whom an empty list means: the addresses of active superadmins.
    pub superadmins: Vec<String>,
}

/// A way a notice can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestChannel {
    /// The bell and the list.
    InApp,
    /// Mail to `alert_recipients.system`.
    Email,
    /// WhatsApp, to a number typed for it.
    WhatsApp,
}

impl TestChannel {
    /// As the form names it.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "in_app" => Some(Self::InApp),
            "email" => Some(Self::Email),
            "whatsapp" => Some(Self::WhatsApp),
            _ => None,
        }
    }

    /// As the form names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InApp => "in_app",
            Self::Email => "email",
            Self::WhatsApp => "whatsapp",
        }
    }
}

/// The settings, for whoever may see them.
pub async fn overview(ctx: &Ctx) -> Result<Overview, Failure> {
    ctx.require(Capability::SettingsRead)?;
    let db = &ctx.app.db;
    let (settings, superadmins) =
        futures::future::try_join(async { Ok(store::load(db).await?) }, notifications::superadmins(db)).await?;
    Ok(Overview { settings, superadmins })
}

/// Saves the fields that differ from what is stored, if nobody saved since revision `rev` was shown (`Conflict`), and
/// records them. Returns how many differed.
pub async fn save(ctx: &Ctx, rev: i64, typed: &BTreeMap<String, String>) -> Result<usize, Failure> {
    ctx.require(Capability::SettingsWrite)?;
    let (db, who, now) = (&ctx.app.db, &Who::of(ctx), ctx.now());
    with_transaction(db, |session| -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(async move {
            let before = store::load_in(session, db).await?;
            let after = fields::read(typed, &before).map_err(AppError::Invalid)?;
            if before.rev != rev {
                return Err(AppError::Conflict.into());
            }
            let changes = fields::changes(&before, &after);
            if changes.is_empty() {
                return Ok(0);
            }
            store::save_in(session, db, rev, &changes).await?;
            let side = |value: fn(&Change) -> &bson::Bson| -> Document {
                changes.iter().map(|change| (change.name.to_owned(), value(change).clone())).collect()
            };
            let details = doc! { "before": side(|change| &change.before), "after": side(|change| &change.after) };
            let entry = Entry::new(Action::SettingsChanged).target("settings", "alerts").details(details);
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok(changes.len())
        })
    })
    .await
}

/// Sends a test by a channel and records it. Returns to how many it goes. `phone` is the number typed for WhatsApp.
pub async fn test(ctx: &Ctx, channel: TestChannel, phone: &str) -> Result<usize, Failure> {
    let person = ctx.require(Capability::SettingsWrite)?;
    if channel == TestChannel::WhatsApp && !Phone::parse(phone).is_some_and(|phone| phone.has_whatsapp()) {
        return Err(Failure::invalid(PHONE, words::BAD_PHONE));
    }
    let entry = Entry::new(Action::AlertTested).target("channel", channel.as_str());
    audit::record(ctx, entry).await?;
    let (app, now) = (&ctx.app, ctx.now());
    match channel {
        TestChannel::InApp => {
            let event = Event::Test { user_id: person.user_id.clone(), name: person.name.clone() };
            notifications::publish(&app.db, now, &[event]).await?;
            Ok(1)
        }
        TestChannel::Email => {
            let Overview { settings, superadmins } = overview(ctx).await?;
            let system = settings.alert_recipients.system;
            let addresses = if system.is_empty() { superadmins } else { system };
            let (template, test) = (TestMessage { name: person.name.clone(), at: now }, uuid::Uuid::new_v4());
            for to in &addresses {
                let dedupe_key = format!("alert_test:{test}:{to}");
                let letter = Letter { template: &template, to: to.clone(), dedupe_key, about: None };
                mail::queue(app, now, &letter).await?;
            }
            Ok(addresses.len())
        }
        TestChannel::WhatsApp => {
            let template = TestMessage { name: person.name.clone(), at: now };
            let dedupe_key = format!("alert_test:{}", uuid::Uuid::new_v4());
            let message = Message { template: &template, to: phone.to_owned(), dedupe_key, about: None };
            whatsapp::queue(app, now, &message).await?;
            Ok(1)
        }
    }
}
