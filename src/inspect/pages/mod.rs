//! The screens of the inspector.
//!
//! Each handler makes its one service call and then draws. What is shown was masked before it got here.

mod catalog;
mod definition;
mod document;
mod documents;
mod filter_form;
mod profile;

pub use catalog::{count_again, database, databases};
pub use definition::{indexes, options};
pub use document::{document, download, reveal, whole};
pub use documents::documents;
pub use profile::profile;

use axum::response::Response;
use leptos::prelude::*;

use super::catalog::{Database, Described, Kind, Standpoint};
use super::places;
use crate::ctx::Ctx;
use crate::i18n::inspect as words;
use crate::ui::{Crumb, PageHead, Place, PlaceBanner, Tab, Tabs};
use crate::web::render::{Page, Section};

/// Where the inspector is.
pub const PATH: &str = "/admin/data";

/// What a database is, in words and as the banner's colour.
fn standpoint(of: Standpoint) -> (Place, &'static str) {
    match of {
        Standpoint::Live => (Place::Live, words::LIVE),
        Standpoint::Imported { verified: true } => (Place::Imported, words::IMPORTED),
        Standpoint::Imported { verified: false } => (Place::Imported, words::IMPORTED_UNFINISHED),
        Standpoint::Preview => (Place::Preview, words::PREVIEW),
    }
}

fn kind(of: Kind) -> &'static str {
    match of {
        Kind::Collection => words::KIND_COLLECTION,
        Kind::Capped => words::KIND_CAPPED,
        Kind::View => words::KIND_VIEW,
        Kind::TimeSeries => words::KIND_TIME_SERIES,
    }
}

/// The banner nobody can overlook: which database, where, and that nothing can be written.
fn banner(ctx: &Ctx, database: &Database, switcher: Option<AnyView>) -> AnyView {
    let (place, kind) = standpoint(database.standpoint);
    let whereabouts = words::whereabouts(&ctx.app.config.environment, &ctx.app.read_only.server().host_alias);
    let detail = match database.expires_at.and_then(crate::db::timestamp) {
        Some(at) => words::expires(&whereabouts, &crate::i18n::format::date_time(at)),
        None => whereabouts,
    };
    let name = database.name.clone();
    view! { <PlaceBanner place kind database=name detail>{switcher}</PlaceBanner> }.into_any()
}

/// Which part of a collection is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its documents.
    Documents,
    /// Which fields they have.
    Profile,
    /// Its indexes.
    Indexes,
    /// Its options.
    Options,
}

/// The tabs of a collection.
pub fn tabs(database: &str, collection: &str, current: Part) -> AnyView {
    let tab = |part: Part, label: &'static str, rest: &str| {
        let address = places::collection(database, collection);
        Tab::new(label, format!("{address}{rest}"), part == current)
    };
    let tabs = vec![
        tab(Part::Documents, words::DOCUMENTS, ""),
        tab(Part::Profile, words::PROFILE, "/profile"),
        tab(Part::Indexes, words::INDEXES, "/indexes"),
        tab(Part::Options, words::OPTIONS, "/options"),
    ];
    view! { <Tabs label=words::TABS tabs testid="collection-tabs"/> }.into_any()
}

/// A page about one part of a collection other than its documents.
fn frame(
    ctx: &Ctx,
    described: &Described,
    part: Part,
    purpose: &'static str,
    body: impl FnOnce() -> AnyView,
) -> Response {
    let (database, collection) = (described.database.name.clone(), described.name.clone());
    let crumbs = vec![
        Crumb::link(words::TITLE, PATH),
        Crumb::link(database.clone(), places::database(&database)),
        Crumb::here(collection.clone()),
    ];
    let banner = banner(ctx, &described.database, None);
    Page::admin(ctx, Section::Data, collection.clone()).crumbs(crumbs).show(move || {
        view! {
            {banner}
            <PageHead title=collection.clone() purpose=purpose mono=true/>
            {tabs(&database, &collection, part)}
            <div class="stack">{body()}</div>
        }
    })
}
