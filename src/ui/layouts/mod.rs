//! Whole documents: the head, the frame of each audience, and the place for a page's content. Server only.
//!
//! A layout takes plain data ([`Frame`]) and knows no session, no capability and no database: whoever builds the frame
//! decides what the navigation holds. Nothing inline: scripts are modules of our own origin, found by `data-*`.

mod admin;
mod creator;
mod document;
mod site;

use std::borrow::Cow;

use leptos::prelude::*;

pub use self::{
    admin::admin,
    creator::creator,
    document::{Theme, document},
    site::site,
};
use super::{BellView, Crumb, Glyph, Icon, Toast};
use crate::i18n::ui as words;

/// Where the frame's own links lead.
pub const LOG_IN_PATH: &str = "/login";
pub const LOG_OUT_PATH: &str = "/logout";
pub const PROFILE_PATH: &str = "/mi-perfil";

/// What a layout needs to know about a page.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Name of the page; the document's title becomes «{title} | Canje».
    pub title: String,
    /// At most 160 characters, for search engines and link previews.
    pub description: Option<String>,
    /// Scheme and host without a slash at the end, for the absolute addresses search engines and link previews need.
    pub base_url: Option<String>,
    /// Absolute address without a query.
    pub canonical: Option<String>,
    /// Absolute address of a 1200 × 630 picture.
    pub preview_image: Option<String>,
    /// Whether search engines may list the page.
    pub indexable: bool,
    pub theme: Theme,
    /// Whether the page holds an island: only then is wasm loaded.
    pub has_islands: bool,
    pub user: Option<UserSummary>,
    pub nav: Vec<NavItem>,
    /// From the first level down to the page itself.
    pub crumbs: Vec<Crumb>,
    /// Shows the strip that says this is a demonstration.
    pub demo: bool,
    /// Where the demonstration's local twins of outside services show what they received.
    pub emulators: Option<String>,
    /// Says on every page that the data is still another system's; empty when it isn't.
    pub mirror: Option<Cow<'static, str>>,
    /// What just happened, once.
    pub toast: Option<Toast>,
    /// The person's own area, when they have one: where it is and what it is called.
    pub area: Option<(Cow<'static, str>, Cow<'static, str>)>,
    /// Leaves out the link to sign in: the page is the sign-in.
    pub is_sign_in: bool,
    /// When the session ends of itself.
    pub session: Option<SessionEnd>,
    /// The newest notices, for who is signed in.
    pub bell: Option<BellView>,
}

/// Who is signed in, as the menu shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserSummary {
    pub name: String,
    /// The role in words: «Administración».
    pub role: Cow<'static, str>,
}

/// One entry of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub href: Cow<'static, str>,
    pub label: Cow<'static, str>,
    pub icon: Glyph,
    pub current: bool,
    /// A count that asks for attention, already formatted.
    pub badge: Option<Cow<'static, str>>,
    /// Heading of the group this entry begins.
    pub group: Option<Cow<'static, str>>,
    /// The letter that leads here behind `g`.
    pub key: Option<char>,
}

impl NavItem {
    pub fn new(
        href: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        icon: Glyph,
        current: bool,
    ) -> Self {
        Self { href: href.into(), label: label.into(), icon, current, badge: None, group: None, key: None }
    }

    pub fn badge(mut self, badge: impl Into<Cow<'static, str>>) -> Self {
        self.badge = Some(badge.into());
        self
    }

    pub fn key(mut self, letter: char) -> Self {
        self.key = Some(letter);
        self
    }

    pub fn group(mut self, heading: impl Into<Cow<'static, str>>) -> Self {
        self.group = Some(heading.into());
        self
    }
}

/// The idle limit of a session, for the dialog «Tu sesión está por vencer».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// Seconds until the session ends without use.
    pub seconds_left: u32,
    /// The dialog appears this many seconds before.
    pub warn_seconds: u32,
    /// Posting here renews the session and answers 204.
    pub renew_path: Cow<'static, str>,
    /// Where to go once it has ended.
    pub ended_path: Cow<'static, str>,
}

/// The sign: two shapes that give each other a corner. Gold by its own right; it isn't a control.
fn wordmark(href: &'static str) -> impl IntoView {
    view! {
        <a class="wordmark" href=href>
            <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" aria-hidden="true">
                <path d="M14.5 4.2A8 8 0 1 0 19.8 14.5"></path>
                <circle cx="18.2" cy="5.8" r="2.6" fill="currentColor" stroke="none"></circle>
            </svg>
            {words::SITE}
        </a>
    }
}

fn nav_items(items: Vec<NavItem>) -> impl IntoView {
    items
        .into_iter()
        .map(|item| {
            view! {
                {item.group.map(|heading| view! { <li class="nav-group">{heading}</li> })}
                <li>
                    <a class="nav-item" href=item.href aria-current=item.current.then_some("page") data-go=item.key.map(String::from)>
                        <Icon glyph=item.icon/>
                        {item.label}
                        {item.badge.map(|badge| view! { <span class="nav-badge">{badge}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view()
}

fn log_out_form(class: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=LOG_OUT_PATH>
            <button class=class type="submit" data-testid="log-out">
                <Icon glyph=Glyph::LogOut/>
                {words::LOG_OUT}
            </button>
        </form>
    }
}

/// Whose data this is, when it isn't simply ours: a demonstration, or a mirror of the previous system.
fn strips(demo: bool, emulators: Option<String>, mirror: Option<Cow<'static, str>>) -> impl IntoView {
    let mirror = mirror.map(|words| {
        view! {
            <p class="demo-strip" data-testid="mirror-strip">
                <span class="status" data-status="attention">{words}</span>
            </p>
        }
    });
    view! { {demo_strip(demo, emulators)} {mirror} }
}

fn demo_strip(shown: bool, emulators: Option<String>) -> impl IntoView {
    shown.then(|| {
        let emulators = emulators.map(|href| {
            view! { " " <a href=href data-testid="emulators-link">{words::DEMO_SERVICES}</a> }
        });
        view! {
            <aside class="demo-strip" aria-label=words::ENVIRONMENT data-testid="demo-strip">
                <p class="status" data-status="info">
                    <span>{words::DEMO} {emulators}</span>
                </p>
            </aside>
        }
    })
}

/// Hidden until script opens it; without script the server ends the session just the same.
fn session_dialog(session: Option<SessionEnd>) -> impl IntoView {
    session.map(|session| {
        view! {
            <dialog
                class="dialog-box"
                id="session-end"
                aria-labelledby="session-end-title"
                data-session-left=session.seconds_left.to_string()
                data-session-warn=session.warn_seconds.to_string()
                data-session-ended=session.ended_path
            >
                <div class="dialog-panel">
                    <h2 id="session-end-title">{words::SESSION_TITLE}</h2>
                    <p class="muted">{words::SESSION_BODY}</p>
                    <time data-countdown="" role="timer"></time>
                    <div class="actions">
                        <form method="post" action=session.renew_path data-session-renew="">
                            <button class="button" data-kind="primary" type="submit" data-testid="session-stay">
                                <span>{words::SESSION_STAY}</span>
                            </button>
                        </form>
                        <form method="post" action=LOG_OUT_PATH>
                            <button class="button" data-kind="quiet" type="submit">
                                <span>{words::SESSION_LEAVE}</span>
                            </button>
                        </form>
                    </div>
                </div>
            </dialog>
        }
    })
}
