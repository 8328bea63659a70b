//! `/admin/emails`: what left, what waits, what couldn't leave; mail and WhatsApp, and the addresses that get nothing.

mod detail;
mod list;
mod suppressed;

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use http::StatusCode;
use jiff::Timestamp;
use leptos::prelude::*;

pub use detail::{preview, repeat, repeat_whatsapp, send_test, show, show_whatsapp};
pub use list::{list, list_whatsapp};
pub use suppressed::{lift, suppressions};

use super::model::{Channel, Row};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{format, mail as words};
use crate::ui::{Status, Tab, Tabs};

/// Where mail is.
const PATH: &str = "/admin/emails";
/// Where WhatsApp messages are.
const WHATSAPP_PATH: &str = "/admin/emails/whatsapp";
/// Where the suppressed addresses are.
const SUPPRESSED_PATH: &str = "/admin/emails/bloqueadas";

fn path_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => PATH,
        Channel::WhatsApp => WHATSAPP_PATH,
    }
}

/// Which of the three lists.
fn tabs(current: &'static str) -> impl IntoView {
    let tabs =
        [(words::TAB_EMAIL, PATH), (words::TAB_WHATSAPP, WHATSAPP_PATH), (words::TAB_SUPPRESSED, SUPPRESSED_PATH)]
            .map(|(label, href)| Tab::new(label, href, href == current));
    view! { <Tabs label=words::TABS tabs=tabs.to_vec() testid="mail-tabs"/> }
}

/// How far a message is, as dot and word; the reason as its tooltip.
fn state(row: &Row) -> impl IntoView + use<> {
    let (tone, label) = words::state(row.status, row.delivery);
    match row.error_message.clone() {
        Some(reason) => view! { <Status tone label title=reason/> }.into_any(),
        None => view! { <Status tone label/> }.into_any(),
    }
}

/// A moment as people say it, exact in its tooltip.
fn moment(at: Timestamp, now: Timestamp) -> impl IntoView {
    view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }
}

/// A posted form, or the refusal that fits why it can't be read.
fn readable<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Failure> {
    match form {
        Ok(Form(form)) => Ok(form),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(AppError::TooLarge.into()),
        Err(_) => Err(AppError::Malformed.into()),
    }
}
