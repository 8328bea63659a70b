//! `GET /notificaciones`: everybody's own notices. Nobody sees another's: not even that there is one.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::{PERSONAL_PATH, moment, personal_glyph};
use crate::accounts::next::Next;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::bell as bell_words;
use crate::i18n::notices as words;
use crate::notifications::{self, From, OwnPage, PersonalNotice, Place};
use crate::ui::{Badge, Button, EmptyState, Glyph, Icon, PageHead, Pager, PagerLinks, Tab, Tabs};
use crate::web::render::{Page, Section};

/// Rows of a page.
const ROWS: usize = 20;

/// Which of them.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    unread: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn read(&self) -> Option<(bool, From)> {
        let from = match (self.before.as_str(), self.after.as_str()) {
            ("", "") => From::Newest,
            (before, "") => From::Before(Place::parse(before)?),
            ("", after) => From::After(Place::parse(after)?),
            _ => return None,
        };
        match self.unread.as_str() {
            "" => Some((false, from)),
            "1" => Some((true, from)),
            _ => None,
        }
    }
}

fn href(unread: bool, place: Option<(&str, Place)>) -> String {
    let pairs = unread.then(|| "unread=1".to_owned()).into_iter();
    let query: Vec<_> = pairs.chain(place.map(|(side, place)| format!("{side}={place}"))).collect();
    if query.is_empty() { PERSONAL_PATH.into() } else { format!("{PERSONAL_PATH}?{}", query.join("&")) }
}

/// The page.
pub async fn personal(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (unread, from) = asked.read().ok_or(AppError::Malformed)?;
    let found = notifications::own_page(&ctx, unread, from, ROWS).await?;
    let now = ctx.now();
    Ok(Page::personal(&ctx, Section::Nowhere, words::PERSONAL_TITLE).show(move || {
        let tabs = vec![
            Tab::new(words::PERSONAL_ALL, href(false, None), !unread),
            Tab::new(words::ONLY_UNREAD, href(true, None), unread),
        ];
        let read_all = found.rows.iter().any(|notice| !notice.is_read).then(|| {
            view! {
                <form method="post" action="/notificaciones/leer-todas">
                    <Button icon=Glyph::Check testid="personal-read-all">{words::READ_ALL}</Button>
                </form>
            }
        });
        view! {
            <PageHead title=words::PERSONAL_TITLE purpose=words::PERSONAL_PURPOSE>{read_all}</PageHead>
            <Tabs label=words::PERSONAL_TABS tabs testid="personal-tabs"/>
            {rows(found, unread, now)}
        }
    }))
}

/// `GET /notificaciones/{id}`: opens what the notice is about; opening it is reading it.
pub async fn open(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let notice = notifications::mark_own_read(&ctx, &id).await?;
    let to = notice.link.as_deref().and_then(Next::parse);
    Ok(Redirect::to(to.as_ref().map_or(PERSONAL_PATH, Next::as_str)).into_response())
}

fn rows(found: OwnPage, unread: bool, now: Timestamp) -> AnyView {
    if found.rows.is_empty() {
        return match unread {
            true => view! { <EmptyState title=words::PERSONAL_NONE_UNREAD testid="personal-none"/> }.into_any(),
            false => {
                view! { <EmptyState title=words::PERSONAL_NONE hint=words::PERSONAL_NONE_HINT testid="personal-none"/> }
                    .into_any()
            }
        };
    }
    let links = PagerLinks {
        first: found.newer.is_some().then(|| href(unread, None)),
        previous: found.newer.map(|place| href(unread, Some(("after", place)))),
        next: found.older.map(|place| href(unread, Some(("before", place)))),
        last: None,
    };
    let listed = words::listed(found.total);
    let items = found.rows.into_iter().map(|notice| item(notice, now)).collect_view();
    view! {
        <form class="notices" method="post" action="/notificaciones/leer" data-testid="personal-rows">
            <ul aria-label=words::PERSONAL_CAPTION>{items}</ul>
        </form>
        <Pager links position=listed testid="personal-pager"/>
    }
    .into_any()
}

fn item(notice: PersonalNotice, now: Timestamp) -> impl IntoView {
    let read = (!notice.is_read).then(|| {
        let label = bell_words::mark_read(&notice.title);
        view! {
            <button class="button" data-kind="plain" name="id" value=notice.id.clone() aria-label=label data-testid="personal-read">
                {bell_words::MARK_READ}
            </button>
        }
    });
    let delete = words::of(words::DELETE, &notice.title);
    let title = match notice.link {
        Some(_) => {
            view! { <a href=format!("{PERSONAL_PATH}/{}", notice.id) data-testid="personal-link">{notice.title}</a> }
                .into_any()
        }
        None => notice.title.into_any(),
    };
    view! {
        <li data-testid="personal-row">
            <Icon glyph=personal_glyph(notice.kind)/>
            <div>
                <p>
                    <strong>{title}</strong>
                    {(!notice.is_read).then(|| view! { <Badge label=words::UNREAD/> })}
                </p>
                <p class="muted">{notice.message}</p>
                <p class="actions">
                    <small>{moment(notice.created_at, now)}</small>
                    {read}
                    <button
                        class="button"
                        data-kind="plain"
                        formaction=format!("{PERSONAL_PATH}/{}/eliminar", notice.id)
                        aria-label=delete
                        data-testid="personal-delete"
                    >
                        {words::DELETE}
                    </button>
                </p>
            </div>
        </li>
    }
}
