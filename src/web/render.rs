//! From views to a whole document.
//!
//! A handler loads its data, then calls [`Page::show`] with a closure of views, which is rendered synchronously: nothing is
//! awaited while drawing, so nothing can fail halfway and the status is known before the first byte.

use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::i18n::errors;

/// The parts of the admin area, as its navigation shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `/admin`.
    Home,
    /// `/admin/data`.
    Data,
    /// `/admin/audit`.
    Audit,
    /// `/mi-perfil`.
    Profile,
}

/// Which frame a page stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    Site,
    Admin(Section),
    Creator(Section),
}

/// A page about to be drawn.
pub struct Page<'a> {
    ctx: &'a Ctx,
    title: String,
    frame: Frame,
}

impl<'a> Page<'a> {
    /// A page for guests.
    pub fn site(ctx: &'a Ctx, title: impl Into<String>) -> Self {
        Self { ctx, title: title.into(), frame: Frame::Site }
    }

    /// A page of the admin area.
    pub fn admin(ctx: &'a Ctx, section: Section, title: impl Into<String>) -> Self {
        Self { ctx, title: title.into(), frame: Frame::Admin(section) }
    }

    /// A page for creators and brands; staff see it in the admin frame.
    pub fn personal(ctx: &'a Ctx, section: Section, title: impl Into<String>) -> Self {
        let is_staff = ctx.role().is_some_and(|role| role.is_back_office());
        let frame = if is_staff { Frame::Admin(section) } else { Frame::Creator(section) };
        Self { ctx, title: title.into(), frame }
    }

    /// Draws the page; status 200.
    pub fn show<V: IntoView + 'static>(self, body: impl FnOnce() -> V) -> Response {
        let owner = Owner::new_root(None);
        let html = owner.with(|| {
            let _ = (&self.frame, &self.ctx.nonce);
            view! { <title>{self.title.clone()}</title> {body().into_view()} }.to_html()
        });
        Html(format!("<!doctype html>{html}")).into_response()
    }
}

/// The page for a failure; drawn without the database, since that may be what failed.
pub fn error_page(_ctx: Option<&Ctx>, told: &AppError, reference: &str) -> Response {
    Html(format!("<h1>{}</h1><p>{}</p><p>{reference}</p>", errors::heading(told), errors::sentence(told)))
        .into_response()
}
