//! The landing: what a canje is, in one sentence and one picture, then for whom, how, and why to trust it.

use leptos::prelude::*;

use crate::{
    assets::Assets,
    campaigns::catalogue::PATH as CAMPAIGNS,
    i18n::site as words,
    ui::{
        ButtonKind, Glyph, LinkButton,
        layouts::{Frame, LOG_IN_PATH, NavItem, site},
    },
};

/// The whole page `/`. `frame` brings who is signed in, the flash and the base address; words and navigation are the
/// page's own.
pub fn home(assets: &Assets, frame: Frame) -> AnyView {
    let absolute = |path: &str| frame.base_url.as_ref().map(|base| format!("{base}{path}"));
    let frame = Frame {
        canonical: absolute("/"),
        preview_image: absolute(&assets.url("art/preview.jpg")),
        title: words::HOME_TITLE.into(),
        description: Some(words::HOME_DESCRIPTION.into()),
        indexable: true,
        nav: vec![
            NavItem::new("#creadores", words::NAV_CREATORS, Glyph::UserRound, false),
            NavItem::new("#marcas", words::NAV_BRANDS, Glyph::Megaphone, false),
            NavItem::new("#como-funciona", words::NAV_HOW, Glyph::Info, false),
        ],
        ..frame
    };
    let content = view! {
        <div class="home">
            {hero(assets.url("art/studio.svg"))}
            <div class="home-sides">
                {side("creadores", "service-ugc", words::NAV_CREATORS, words::CREATORS_TITLE, words::CREATORS_LEAD, words::CREATORS_POINTS)}
                {side("marcas", "card-brands", words::NAV_BRANDS, words::BRANDS_TITLE, words::BRANDS_LEAD, words::BRANDS_POINTS)}
            </div>
            {how()}
            {trust()}
            <section class="home-closing">
                <h2>{words::CLOSING_TITLE}</h2>
                <p>{words::CLOSING_LEAD}</p>
                <LinkButton href=LOG_IN_PATH trailing=Glyph::ArrowRight testid="closing-cta">
                    {words::HERO_CTA}
                </LinkButton>
            </section>
        </div>
    };
    site(assets, frame, content)
}

fn hero(art: String) -> impl IntoView {
    view! {
        <section class="home-hero">
            <div class="home-hero-words">
                <h1>{words::HERO_TITLE}</h1>
                <p>{words::HERO_LEAD}</p>
                <div class="actions">
                    <LinkButton href=CAMPAIGNS kind=ButtonKind::Primary testid="hero-campaigns">
                        {words::HERO_CAMPAIGNS}
                    </LinkButton>
                    <LinkButton href=LOG_IN_PATH testid="hero-cta">{words::HERO_CTA}</LinkButton>
                    <a class="home-more" href="#como-funciona">{words::HERO_MORE}</a>
                </div>
            </div>
            <img class="home-art" src=art width="840" height="700" alt=""/>
        </section>
    }
}

fn side(
    id: &'static str,
    testid: &'static str,
    audience: &'static str,
    title: &'static str,
    lead: &'static str,
    points: [(&'static str, &'static str); 3],
) -> impl IntoView {
    view! {
        <section id=id data-testid=testid>
            <p class="home-audience">{audience}</p>
            <h2>{title}</h2>
            <p class="home-lead">{lead}</p>
            {point_list(&points)}
        </section>
    }
}

fn point_list(points: &[(&'static str, &'static str)]) -> impl IntoView {
    let points = points
        .iter()
        .map(|(what, why)| {
            view! {
                <div>
                    <dt>{*what}</dt>
                    <dd>{*why}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="home-points">{points}</dl> }
}

fn how() -> impl IntoView {
    let steps = words::HOW_STEPS
        .into_iter()
        .map(|(when, what, detail)| {
            view! {
                <li>
                    <span class="home-when">{when}</span>
                    <h3>{what}</h3>
                    <p>{detail}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="home-how" id="como-funciona">
            <div>
                <h2>{words::HOW_TITLE}</h2>
                <p class="home-lead">{words::HOW_EXAMPLE}</p>
            </div>
            <ol>{steps}</ol>
        </section>
    }
}

fn trust() -> impl IntoView {
    view! {
        <section class="home-trust">
            <h2>{words::TRUST_TITLE}</h2>
            {point_list(&words::TRUST_POINTS)}
        </section>
    }
}
