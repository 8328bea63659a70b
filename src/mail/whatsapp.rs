//! WhatsApp: the same outbox and the same sender as mail, another collection, another provider.
//!
//! Optional: without an account its rows say «no configurado», and nothing fails.

use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::{Channel, Row};
use super::outbox;
use super::template::Template;
use crate::app::App;
use crate::failure::Failure;
use crate::i18n::mail as words;
use crate::values::Phone;

/// Longest message, in characters.
const CHARACTERS: usize = 1_600;

/// A template that has a fourth part, `whatsapp.txt`.
pub trait WhatsAppTemplate: Template {
    /// Draws it. `base_url` is what links begin with.
    fn whatsapp(&self, base_url: &str) -> anyhow::Result<String>;
}

/// A message to one number.
pub struct Message<'a> {
    /// What it says.
    pub template: &'a dyn WhatsAppTemplate,
    /// One number, as typed.
    pub to: String,
    /// The same key is sent once, ever.
    pub dedupe_key: String,
    /// What it is about: a kind (`incident`, `order`) and which one.
    pub about: Option<(&'static str, String)>,
}

/// Draws a message once and puts it in the outbox, in the transaction of what it tells.
pub async fn queue_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    message: &Message<'_>,
) -> Result<(), Failure> {
    outbox::insert_in(session, app, now, Channel::WhatsApp, drawn(app, now, message)?).await.map(drop)
}

/// Draws a message once and puts it in the outbox.
pub async fn queue(app: &App, now: Timestamp, message: &Message<'_>) -> Result<(), Failure> {
    let row = drawn(app, now, message)?;
    outbox::insert(app, now, Channel::WhatsApp, row).await.map(drop)
}

fn drawn(app: &App, now: Timestamp, message: &Message<'_>) -> Result<Row, Failure> {
    let template = message.template;
    let mut row = outbox::blank(now, template.name(), &message.dedupe_key, template.sender());
    let number = Phone::parse(&message.to).filter(Phone::has_whatsapp);
    row.to_phone = Some(number.map_or_else(|| message.to.trim().to_owned(), |phone| phone.e164().to_owned()));
    row.from = app.config.integrations.whatsapp.as_ref().map(|account| account.from.clone()).unwrap_or_default();
    row.text = clipped(template.whatsapp(&app.config.base_url)?.trim());
    row.is_essential = template.is_essential();
    row.params = template.params();
    (row.entity_type, row.entity_id) = match &message.about {
        Some((kind, id)) => (Some((*kind).to_owned()), Some(id.clone())),
        None => (None, None),
    };
    Ok(row)
}

/// The provider refuses a longer one whole.
fn clipped(text: &str) -> String {
    if text.chars().count() <= CHARACTERS {
        return text.to_owned();
    }
    text.chars().take(CHARACTERS - words::CUT.chars().count()).chain(words::CUT.chars()).collect()
}
