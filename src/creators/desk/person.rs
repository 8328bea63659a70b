//! A creator in a line of a list: the same cells on every desk.

use leptos::prelude::*;

use crate::creators::model::Creator;
use crate::i18n::{creators as words_of, desk as words, format, whatsapp};
use crate::ui::{Glyph, Icon};
use crate::values::{Platform, whatsapp_link};

/// Name, linked to the profile, and below it handle, city and level.
pub fn name(creator: &Creator) -> AnyView {
    let href = format!("/admin/ugc/creators/{}", creator.id);
    let handle = creator.social_networks.first().map(|network| format!("@{}", network.username));
    let about =
        handle.into_iter().chain(creator.city.clone()).chain([words_of::level(creator.effective_level()).to_owned()]);
    let about = about.collect::<Vec<_>>().join(" · ");
    let mark = creator.is_verified.then(|| verified(words::VERIFIED_CREATOR));
    view! {
        <a href=href data-testid="creator-open">{creator.name.clone()}</a>
        {mark}
        <small class="list-about">{about}</small>
    }
    .into_any()
}

/// Networks with their followers, each a link.
pub fn networks(creator: &Creator) -> AnyView {
    let links = Platform::ALL.into_iter().filter_map(|platform| {
        let network = creator.network(platform)?;
        let short = match platform {
            Platform::Instagram => "IG",
            Platform::Tiktok => "TT",
        };
        let is_verified = creator.is_verified_on(platform);
        let followers = u64::try_from(creator.followers(platform)).unwrap_or(0);
        let title = words::network(platform, &network.username, is_verified);
        let said = format!("{short} {}", format::abbreviated(followers));
        let mark = is_verified.then(|| verified(words::VERIFIED_NETWORK));
        Some(view! {
            <span class="network">
                <a href=network.url.clone() rel="noopener noreferrer" target="_blank" title=title>
                    {said}
                </a>
                {mark}
            </span>
        })
    });
    links.collect_view().into_any()
}

fn verified(title: &'static str) -> AnyView {
    view! {
        <span class="verified" title=title>
            <Icon glyph=Glyph::CircleCheck/>
            <span class="visually-hidden">{title}</span>
        </span>
    }
    .into_any()
}

/// A link that opens a conversation; none without a telephone.
pub fn whatsapp(creator: &Creator, topic: whatsapp::Topic, campaign: Option<&str>) -> Option<AnyView> {
    let href = whatsapp_link(creator.phone_full.as_deref()?, &whatsapp::message(topic, &creator.name, campaign))?;
    let label = whatsapp::link_to(&creator.name);
    Some(
        view! {
            <a href=href rel="noopener noreferrer" target="_blank" aria-label=label data-testid="whatsapp">{whatsapp::LINK}</a>
        }
        .into_any(),
    )
}

/// `4,5 (12)`, or a dash without ratings.
pub fn rating(creator: &Creator) -> String {
    match creator.stats.total_ratings {
        0 => words::UNKNOWN.into(),
        count => format!("{} ({})", format::decimal(creator.stats.avg_rating, 1), format::integer(count)),
    }
}

/// The best average over platforms, short; a dash when there is none.
pub fn average(of: &std::collections::BTreeMap<Platform, f64>) -> String {
    let best = of.values().copied().fold(None, |best: Option<f64>, value| Some(best.map_or(value, |b| b.max(value))));
    best.map_or(words::UNKNOWN.into(), |value| format::abbreviated(value.max(0.0) as u64))
}

/// Percent of deliveries on time; a real 0 is 0, none is a dash.
pub fn on_time(creator: &Creator) -> String {
    creator.stats.delivery_on_time_rate.map_or(words::UNKNOWN.into(), |rate| format::percent(rate / 100.0))
}
