//! What the bell of somebody's page shows, and the piece of page that script draws it from again.
//!
//! Whoever may read system notices has those in their bell, and a link to their own; everybody else has their own. When they
//! can't be read the page is shown all the same, with a bell that says so: never an empty one.

use std::sync::Arc;

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use bson::DateTime;
use http::header::HeaderName;
use jiff::Timestamp;
use serde::Deserialize;

use super::pages::{PATH, PERSONAL_PATH, glyph, personal_glyph, tone};
use super::{PersonalNotice, SystemNotice};
use crate::accounts::next::Next;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::{bell as words, format, notifications as names};
use crate::ui::{BellItem, BellView, bell_content};
use crate::values::Capability;
use crate::web::render;

/// Where script asks for the bell's content.
pub const FRAGMENT_PATH: &str = "/notificaciones/campana";
/// Notices in the bell.
const SHOWN: usize = 20;
/// Says which moment the bell is of, for the next stream.
const SINCE: HeaderName = HeaderName::from_static("x-bell-since");
/// Sent by script: the answer is the bell, not a page.
pub const ASKED_BY_SCRIPT: &str = "x-bell";

/// The bell of whoever is signed in, for the page they are asking for.
pub async fn load(ctx: &Ctx) -> Option<Arc<BellView>> {
    let person = ctx.person().ok()?;
    let here = ctx.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let mut bell = BellView { here, since: ctx.now().as_millisecond(), ..BellView::default() };
    let read = if ctx.may(Capability::SystemNotificationsRead) {
        bell = BellView {
            testid: "system-notifications-bell",
            title: words::SYSTEM.into(),
            list_path: PATH,
            read_path: "/admin/notifications/leer",
            read_all_path: "/admin/notifications/leer-todas",
            other: Some((words::own(0).into(), PERSONAL_PATH)),
            ..bell
        };
        system(ctx, &person.user_id, &mut bell).await
    } else {
        bell = BellView {
            testid: "notifications-bell",
            title: words::PERSONAL.into(),
            list_path: PERSONAL_PATH,
            read_path: "/notificaciones/leer",
            read_all_path: "/notificaciones/leer-todas",
            ..bell
        };
        personal(ctx, &mut bell).await
    };
    if let Err(failure) = read {
        tracing::error!("the bell can't be read: {failure:?}");
    }
    Some(Arc::new(bell))
}

async fn system(ctx: &Ctx, me: &str, bell: &mut BellView) -> Result<(), Failure> {
    let (notices, unread, own) =
        futures::try_join!(super::recent(ctx, SHOWN), super::unread_count(ctx), super::own_unread_count(ctx))?;
    let now = ctx.now();
    bell.unread = unread as u64;
    bell.other = Some((words::own(own as u64).into(), PERSONAL_PATH));
    bell.items = Some(notices.into_iter().map(|notice| system_item(notice, me, now)).collect());
    Ok(())
}

async fn personal(ctx: &Ctx, bell: &mut BellView) -> Result<(), Failure> {
    let (notices, unread) = futures::try_join!(super::own_recent(ctx, SHOWN), super::own_unread_count(ctx))?;
    let now = ctx.now();
    bell.unread = unread as u64;
    bell.items = Some(notices.into_iter().map(|notice| personal_item(notice, now)).collect());
    Ok(())
}

fn system_item(notice: SystemNotice, me: &str, now: Timestamp) -> BellItem {
    BellItem {
        href: format!("{PATH}/{}", notice.id),
        icon: glyph(notice.kind),
        severity: Some((tone(notice.severity), names::severity(notice.severity).into())),
        unread: notice.is_unread_by(me),
        times: (notice.occurrences > 1).then(|| words::times(notice.occurrences.unsigned_abs())),
        when: when(notice.last_seen_at, now),
        title: notice.title,
        id: notice.id,
    }
}

fn personal_item(notice: PersonalNotice, now: Timestamp) -> BellItem {
    BellItem {
        href: format!("{PERSONAL_PATH}/{}", notice.id),
        icon: personal_glyph(notice.kind),
        severity: None,
        unread: !notice.is_read,
        times: None,
        when: when(notice.created_at, now),
        title: notice.title,
        id: notice.id,
    }
}

fn when(at: DateTime, now: Timestamp) -> (String, String, String) {
    let at = timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH);
    (format::machine(at), format::exact(at), format::relative(at, now))
}

/// The page the bell stands on.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    back: String,
}

/// `GET /notificaciones/campana`.
pub async fn fragment(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    content(&ctx, &asked.back).await
}

/// The bell's content as it is now, on the page at `back`.
pub async fn content(ctx: &Ctx, back: &str) -> Result<Response, Failure> {
    ctx.person()?;
    let mut bell = load(ctx).await.map(Arc::unwrap_or_clone).unwrap_or_default();
    bell.here = Next::parse(back).map_or_else(|| "/".to_owned(), |next| next.as_str().to_owned());
    let since = bell.since.to_string();
    Ok(([(SINCE, since)], render::fragment(move || bell_content(bell))).into_response())
}
