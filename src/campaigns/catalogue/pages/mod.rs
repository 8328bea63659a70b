//! The catalogue's pages: for guests in the site's frame, for creators in their own.

mod apply;
mod card;
mod detail;
mod landing;
mod list;

pub use apply::{send, show as apply};
pub use card::card;
pub use detail::show;
pub use landing::{creators, programme, retired, retired_campaign, retired_role};
pub use list::list;

use leptos::prelude::*;

use super::asked::PATH;
use crate::ctx::Ctx;
use crate::i18n::ugc as words;
use crate::media::{Width, presented};
use crate::ui::Glyph;
use crate::ui::layouts::NavItem;
use crate::values::CampaignId;
use crate::web::render::{Page, Section};

/// A campaign's page.
pub fn address(id: &CampaignId) -> String {
    format!("{PATH}/{id}")
}

/// Where one applies.
pub fn apply_address(id: &CampaignId) -> String {
    format!("{PATH}/{id}/postularme")
}

/// The frame: a creator stays in their own area, everybody else is on the site.
fn page<'a>(ctx: &'a Ctx, is_creator: bool, title: impl Into<String>) -> Page<'a> {
    if is_creator { Page::creator(ctx, Section::Explore, title) } else { Page::site(ctx, title).nav(site_nav(PATH)) }
}

/// The pages for guests who might become creators.
fn site_nav(here: &str) -> Vec<NavItem> {
    let item = |href: &'static str, label, icon| NavItem::new(href, label, icon, href == here);
    vec![
        item(landing::CREATORS, words::NAV_CREATORS, Glyph::UserRound),
        item(PATH, words::NAV_CAMPAIGNS, Glyph::Megaphone),
    ]
}

/// The content in the site's margins; a creator's frame has its own.
fn framed(is_creator: bool, content: impl IntoAny) -> AnyView {
    if is_creator { content.into_any() } else { view! { <div class="site-page">{content.into_any()}</div> }.into_any() }
}

/// A stored picture in a width.
fn picture(address: Option<&str>, width: Width) -> Option<String> {
    address.and_then(|address| presented(address, width))
}
