//! From views to a whole document.
//!
//! A handler loads its data, then calls [`Page::show`] with a closure of views, which is rendered synchronously: nothing is
//! awaited while drawing, so nothing can fail halfway and the status is known before the first byte.

use std::sync::Arc;

use axum::response::{Html, IntoResponse, Response};
use hydration_context::SsrSharedContext;
use jiff::Timestamp;
use leptos::prelude::*;

use super::flash::Tone as NoticeTone;
use crate::accounts::sessions;
use crate::assets::Assets;
use crate::ctx::{Actor, Ctx};
use crate::error::AppError;
use crate::i18n::adopt::MIRRORING_BANNER;
use crate::i18n::{accounts, errors, web as words};
use crate::ui::layouts::{self, Frame, NavItem, SessionEnd, UserSummary};
use crate::ui::{ButtonKind, Crumb, ErrorState, Glyph, LinkButton, Toast, Tone};
use crate::values::Capability;

/// The parts of the back office and of a person's own area, as the navigation shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `/admin`.
    Home,
    /// `/admin/data`.
    Data,
    /// `/admin/backups` and what hangs from it: restores, comparisons.
    Backups,
    /// `/admin/audit`.
    Audit,
    /// `/admin/notifications`.
    Notifications,
    /// `/admin/emails`.
    Emails,
    /// `/admin/jobs`.
    Jobs,
    /// `/admin/seguridad`.
    Security,
    /// `/admin/settings`.
    Settings,
    /// The campaigns as staff sees them.
    Campaigns,
    /// The creators as staff sees them.
    Creators,
    /// The deliveries as staff sees them.
    Deliveries,
    /// `/ugc/creator/dashboard`.
    CreatorHome,
    /// `/ugc/campaigns`.
    Explore,
    /// `/ugc/creator/my-work` and what hangs from it.
    Work,
    /// `/ugc/creator/profile`.
    CreatorProfile,
    /// `/mi-perfil`.
    Profile,
    /// None of them: an error page.
    Nowhere,
}

/// A creator's first page.
const CREATOR_AREA: &str = "/ugc/creator/dashboard";

/// Which frame a page stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Site,
    Admin,
    Personal,
    Creator,
}

/// A page about to be drawn.
pub struct Page<'a> {
    ctx: &'a Ctx,
    layout: Layout,
    section: Section,
    frame: Frame,
}

impl<'a> Page<'a> {
    /// A page for guests.
    pub fn site(ctx: &'a Ctx, title: impl Into<String>) -> Self {
        Self::new(ctx, Layout::Site, Section::Nowhere, title.into())
    }

    /// A page of the back office.
    pub fn admin(ctx: &'a Ctx, section: Section, title: impl Into<String>) -> Self {
        Self::new(ctx, Layout::Admin, section, title.into())
    }

    /// A page for creators and brands; the back office sees it in its own frame.
    pub fn personal(ctx: &'a Ctx, section: Section, title: impl Into<String>) -> Self {
        let is_staff = ctx.role().is_some_and(|role| role.is_back_office());
        Self::new(ctx, if is_staff { Layout::Admin } else { Layout::Personal }, section, title.into())
    }

    /// A page of a creator's own area, with its sections at the thumb; staff who are creators see it in the same frame.
    pub fn creator(ctx: &'a Ctx, section: Section, title: impl Into<String>) -> Self {
        Self::new(ctx, Layout::Creator, section, title.into())
    }

    fn new(ctx: &'a Ctx, layout: Layout, section: Section, title: String) -> Self {
        let person = ctx.person().ok();
        let frame = Frame {
            title,
            user: person.map(|person| UserSummary { name: person.name.clone(), role: words::role(person.role).into() }),
            base_url: Some(ctx.app.config.base_url.clone()),
            demo: ctx.app.config.demo,
            emulators: ctx.app.config.emulators_url.clone(),
            mirror: (layout != Layout::Site && ctx.app.mirror.is_up()).then(|| MIRRORING_BANNER.into()),
            is_sign_in: ctx.uri.path() == layouts::LOG_IN_PATH,
            area: person
                .filter(|person| person.role == crate::values::Role::Creator)
                .map(|_| (CREATOR_AREA.into(), words::CREATOR_AREA.into())),
            toast: toast(ctx),
            session: person.map(|person| session_end(ctx, person.session_ends_at)),
            bell: ctx.bell.as_deref().filter(|_| layout != Layout::Site).cloned(),
            ..Frame::default()
        };
        Self { ctx, layout, section, frame }
    }

    /// The way down to this page.
    pub fn crumbs(mut self, crumbs: Vec<Crumb>) -> Self {
        self.frame.crumbs = crumbs;
        self
    }

    /// Says that the page holds an island: only then is wasm loaded.
    pub fn with_island(mut self) -> Self {
        self.frame.has_islands = true;
        self
    }

    /// A line for search engines and link previews.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.frame.description = Some(text.into());
        self
    }

    /// Lets search engines list the page, under one address whatever its query.
    pub fn indexable(mut self, path: &str) -> Self {
        self.frame.indexable = true;
        self.frame.canonical = Some(format!("{}{path}", self.ctx.app.config.base_url));
        self
    }

    /// The row beside the sign, on pages for guests.
    pub fn nav(mut self, nav: Vec<NavItem>) -> Self {
        self.frame.nav = nav;
        self
    }

    /// Draws the page; status 200.
    pub fn show<V: IntoAny + 'static>(mut self, body: impl FnOnce() -> V) -> Response {
        self.frame.nav = match self.layout {
            Layout::Site => std::mem::take(&mut self.frame.nav),
            Layout::Admin => back_office(self.ctx, self.section),
            Layout::Creator => creator_area(self.section),
            Layout::Personal => personal(self.ctx, self.section),
        };
        let (layout, frame, assets) = (self.layout, self.frame, &self.ctx.app.assets);
        draw(|| match layout {
            Layout::Site => layouts::site(assets, frame, body()),
            Layout::Admin => layouts::admin(assets, frame, body()),
            Layout::Personal | Layout::Creator => layouts::creator(assets, frame, body()),
        })
    }

    /// Draws a page that brings its whole document, such as the landing.
    pub fn show_document(self, document: impl FnOnce(&Assets, Frame) -> AnyView) -> Response {
        let (frame, assets) = (self.frame, &self.ctx.app.assets);
        draw(|| document(assets, frame))
    }
}

/// What the last request left to say; else, that the session is over, if the address says so.
fn toast(ctx: &Ctx) -> Option<Toast> {
    if let Some(notice) = &ctx.flash.notice {
        return Some(Toast::new(tone(notice.tone), notice.text.clone()));
    }
    let expired = format!("{}=true", sessions::EXPIRED_PARAMETER);
    let is_expired =
        ctx.person().is_err() && ctx.uri.query().unwrap_or_default().split('&').any(|pair| pair == expired);
    is_expired.then(|| Toast::new(Tone::Info, accounts::SESSION_EXPIRED))
}

fn session_end(ctx: &Ctx, ends_at: Timestamp) -> SessionEnd {
    let left = ends_at.duration_since(ctx.now()).as_secs();
    SessionEnd {
        seconds_left: u32::try_from(left).unwrap_or(0),
        warn_seconds: sessions::WARN.as_secs() as u32,
        renew_path: "/mi-perfil/sesiones/renovar".into(),
        ended_path: format!("/?{}=true", sessions::EXPIRED_PARAMETER).into(),
    }
}

/// Renders a piece of a page that is there already.
pub fn fragment<V: IntoAny + 'static>(body: impl FnOnce() -> V) -> Response {
    draw(|| body().into_any())
}

/// Renders a document. Outside islands nothing is hydrated, so the shared context is the islands' one.
fn draw(document: impl FnOnce() -> AnyView) -> Response {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        if let Some(shared) = Owner::current_shared_context() {
            shared.set_is_hydrating(false);
        }
        document().to_html()
    });
    Html(html).into_response()
}

/// The four places of a creator's area, in the order of the thumb.
fn creator_area(section: Section) -> Vec<NavItem> {
    let item = |href, label, icon, own: Section| NavItem::new(href, label, icon, section == own);
    vec![
        item("/ugc/creator/dashboard", words::CREATOR_HOME, Glyph::House, Section::CreatorHome),
        item("/ugc/campaigns", words::EXPLORE, Glyph::Search, Section::Explore),
        item("/ugc/creator/my-work", words::WORK, Glyph::ScrollText, Section::Work),
        item("/ugc/creator/profile", words::CREATOR_PROFILE, Glyph::UserRound, Section::CreatorProfile),
    ]
}

/// One's own account, and for creators the way back to their area.
fn personal(ctx: &Ctx, section: Section) -> Vec<NavItem> {
    let is_creator = ctx.role() == Some(crate::values::Role::Creator);
    let area = is_creator.then(|| NavItem::new(CREATOR_AREA, words::CREATOR_AREA, Glyph::House, false));
    let own = NavItem::new(layouts::PROFILE_PATH, words::PROFILE, Glyph::UserRound, section == Section::Profile);
    area.into_iter().chain([own]).collect()
}

fn back_office(ctx: &Ctx, section: Section) -> Vec<NavItem> {
    let sees_home = ctx.role().is_some_and(|role| role.may_anything());
    let groups = [
        (
            None,
            vec![
                (sees_home, "/admin", words::HOME, Glyph::House, Section::Home),
                (
                    ctx.may(Capability::SystemNotificationsRead),
                    "/admin/notifications",
                    words::NOTIFICATIONS,
                    Glyph::Bell,
                    Section::Notifications,
                ),
            ],
        ),
        (
            Some(words::GROUP_UGC),
            vec![
                (
                    ctx.may(Capability::UgcManage),
                    "/admin?module=ugc&ugcTab=campaign-manager",
                    words::CAMPAIGNS,
                    Glyph::ScrollText,
                    Section::Campaigns,
                ),
                (
                    ctx.may(Capability::UgcManage),
                    "/admin?module=ugc&ugcTab=deliverables",
                    words::DELIVERIES,
                    Glyph::Archive,
                    Section::Deliveries,
                ),
                (
                    ctx.may(Capability::UgcManage),
                    "/admin?module=ugc&ugcTab=creators",
                    words::CREATORS,
                    Glyph::UserRound,
                    Section::Creators,
                ),
            ],
        ),
        (
            Some(words::GROUP_OPERATION),
            vec![
                (ctx.may(Capability::Security), "/admin/emails", words::EMAILS, Glyph::Mail, Section::Emails),
                (ctx.may(Capability::Security), "/admin/jobs", words::JOBS, Glyph::Clock, Section::Jobs),
                (
                    ctx.may(Capability::Security),
                    "/admin/seguridad",
                    words::SECURITY,
                    Glyph::ShieldCheck,
                    Section::Security,
                ),
                (
                    ctx.may(Capability::SettingsRead),
                    "/admin/settings",
                    words::SETTINGS,
                    Glyph::Sliders,
                    Section::Settings,
                ),
            ],
        ),
        (
            Some(words::GROUP_CONTROL),
            vec![
                (ctx.may(Capability::DataInspect), "/admin/data", words::DATA, Glyph::Database, Section::Data),
                (ctx.may(Capability::BackupsRead), "/admin/backups", words::BACKUPS, Glyph::Archive, Section::Backups),
                (ctx.may(Capability::AuditRead), "/admin/audit", words::AUDIT, Glyph::ScrollText, Section::Audit),
            ],
        ),
    ];
    let mut items = Vec::new();
    for (heading, entries) in groups {
        let mut heading = heading;
        for (_, href, label, icon, own) in entries.into_iter().filter(|entry| entry.0) {
            let item = NavItem::new(href, label, icon, section == own);
            let item = match letter(own) {
                Some(letter) => item.key(letter),
                None => item,
            };
            items.push(match heading.take() {
                Some(heading) => item.group(heading),
                None => item,
            });
        }
    }
    items
}

/// The letter that leads to a part of the back office behind `g`.
fn letter(section: Section) -> Option<char> {
    match section {
        Section::Home => Some('i'),
        Section::Notifications => Some('v'),
        Section::Campaigns => Some('c'),
        Section::Deliveries => Some('e'),
        Section::Creators => Some('r'),
        Section::Emails => Some('m'),
        Section::Jobs => Some('t'),
        Section::Security => Some('s'),
        Section::Settings => Some('j'),
        Section::Data => Some('d'),
        Section::Backups => Some('b'),
        Section::Audit => Some('u'),
        _ => None,
    }
}

fn tone(tone: NoticeTone) -> Tone {
    match tone {
        NoticeTone::Success => Tone::Good,
        NoticeTone::Info => Tone::Info,
        NoticeTone::Error => Tone::Bad,
    }
}

/// The page for a failure; drawn without the database, since that may be what failed.
pub fn error_page(ctx: Option<&Ctx>, told: &AppError, reference: &str) -> Response {
    let Some(ctx) = ctx else {
        return (http::StatusCode::INTERNAL_SERVER_ERROR, errors::heading(told)).into_response();
    };
    let title = errors::heading(told);
    let page = match &ctx.actor {
        Actor::Guest => Page::site(ctx, title),
        Actor::Person(_) => Page::personal(ctx, Section::Nowhere, title),
    };
    let retry = ctx.uri.path_and_query().map(|path| path.as_str().to_owned()).unwrap_or_else(|| "/".into());
    let detail = errors::sentence(told);
    let reference = reference.to_owned();
    let told = told.clone();
    page.show(move || {
        let way_out = match told {
            AppError::Unauthenticated => {
                view! { <LinkButton href=layouts::LOG_IN_PATH kind=ButtonKind::Primary>{errors::GO_SIGN_IN}</LinkButton> }
                    .into_any()
            }
            AppError::TimedOut | AppError::Unavailable | AppError::Internal { .. } | AppError::TooMany { .. } => view! {
                <LinkButton href=retry kind=ButtonKind::Primary testid="error-retry">{errors::RETRY}</LinkButton>
                <LinkButton href="/" testid="error-home">{errors::GO_HOME}</LinkButton>
            }
            .into_any(),
            _ => view! { <LinkButton href="/" kind=ButtonKind::Primary testid="error-home">{errors::GO_HOME}</LinkButton> }
                .into_any(),
        };
        view! {
            <ErrorState title detail reference is_page=true>
                {way_out}
            </ErrorState>
        }
    })
}
