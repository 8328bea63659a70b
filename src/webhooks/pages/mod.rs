//! `/admin/notifications/webhooks`: what arrived, one delivery, and how to connect a service.

mod delivery;
mod guide;
mod list;

use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;

pub use delivery::show;
pub use guide::guide;
pub use list::list;

use super::model::{Delivery, Status};
use super::service::Connection;
use super::sources::Fields;
use crate::db::timestamp;
use crate::i18n::{format, webhooks as words};
use crate::ui::{self, Tone};

/// Where the list is.
pub const PATH: &str = "/admin/notifications/webhooks";
/// Where the guide is.
pub const GUIDE_PATH: &str = "/admin/notifications/webhooks/conectar";

/// Where a delivery is.
pub fn delivery_path(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// A state as dot and word.
fn state(row: &Delivery) -> AnyView {
    let tone = match row.status {
        Status::Received => Tone::Info,
        Status::Processed => Tone::Good,
        Status::Ignored => Tone::Neutral,
        Status::Failed => Tone::Bad,
    };
    view! { <ui::Status tone label=words::status(row.status) title=row.error.clone()/> }.into_any()
}

/// A connection as dot and word.
fn connected(connection: &Connection) -> AnyView {
    let (tone, label) = match (connection.is_configured, connection.is_rotating) {
        (false, _) => (Tone::Neutral, words::NOT_CONFIGURED),
        (true, true) => (Tone::Attention, words::ROTATING),
        (true, false) => (Tone::Good, words::CONFIGURED),
    };
    view! { <ui::Status tone label/> }.into_any()
}

/// When something was, in people's words, the instant in the tooltip.
fn ago(at: DateTime, now: Timestamp) -> AnyView {
    match timestamp(at) {
        Some(at) => {
            view! { <time datetime=format::machine(at) title=format::exact(at)>{format::relative(at, now)}</time> }
                .into_any()
        }
        None => ().into_any(),
    }
}

/// When something was, exactly.
fn exact(at: DateTime) -> AnyView {
    match timestamp(at) {
        Some(at) => view! { <time datetime=format::machine(at)>{format::exact(at)}</time> }.into_any(),
        None => ().into_any(),
    }
}

/// What a delivery says, in a line.
fn line(row: &Delivery) -> String {
    match bson::deserialize_from_document(row.fields.clone()) {
        Ok(Fields::Sentry(fields)) => words::sentry_line(&fields.resource, &fields.action, &fields.alert.title),
        Ok(Fields::UptimeRobot(fields)) => {
            words::monitor_line(fields.monitor.alert_type.as_deref(), &fields.monitor.name)
        }
        Ok(Fields::Resend(fields)) => words::mail_line(&fields.kind),
        Ok(Fields::Unreadable) | Err(_) => words::UNREADABLE.into(),
    }
}
