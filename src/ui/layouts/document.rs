//! The document around every page.

use std::borrow::Cow;

use leptos::{html, prelude::*};

use super::Frame;
use crate::{
    assets::{self, Assets},
    i18n::ui as words,
    ui::raw_text,
};

/// Dark everywhere; light for the shop, checkout and profile pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Dark,
    Light,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Theme::Dark => "dark",
            Theme::Light => "light",
        }
    }

    /// For the browser's own bars.
    fn background(self) -> &'static str {
        match self {
            Theme::Dark => "#0a0a0a",
            Theme::Light => "#faf7f2",
        }
    }
}

/// Head and body. `layout` names the frame for the stylesheet. Most pages call a layout instead.
pub fn document(assets: &Assets, frame: &Frame, layout: &'static str, body: AnyView) -> AnyView {
    let title = format!("{} | {}", frame.title, words::SITE);
    let islands = (frame.has_islands && assets.has_wasm()).then(|| {
        view! {
            <link rel="modulepreload" href=assets.url(assets::PKG_SCRIPT) id="islands-script"/>
            <link rel="preload" href=assets.url(assets::PKG_WASM) r#as="fetch" r#type="application/wasm" crossorigin="anonymous" id="islands-wasm"/>
            <script type="module" src=assets.url(assets::ISLANDS_SCRIPT)></script>
        }
    });
    let description = frame.description.clone().map(|text| {
        view! {
            <meta name="description" content=text.clone()/>
            {open_graph("og:description", text)}
        }
    });
    let canonical = frame.canonical.clone().map(|url| {
        view! {
            <link rel="canonical" href=url.clone()/>
            {open_graph("og:url", url)}
        }
    });
    let image = frame.preview_image.clone().map(|url| {
        view! {
            {open_graph("og:image", url)}
            {open_graph("og:image:width", "1200")}
            {open_graph("og:image:height", "630")}
            <meta name="twitter:card" content="summary_large_image"/>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="es-PY" data-theme=frame.theme.name()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title inner_html=raw_text(&title)></title>
                <link rel="preload" href=assets.url("fonts/instrument-sans.woff2") r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=assets.url(assets::CSS)/>
                <link rel="icon" href=assets.url("favicon.svg") r#type="image/svg+xml"/>
                <meta name="theme-color" content=frame.theme.background()/>
                {(!frame.indexable).then(|| view! { <meta name="robots" content="noindex"/> })}
                {description}
                {canonical}
                {open_graph("og:type", "website")}
                {open_graph("og:site_name", words::SITE)}
                {open_graph("og:locale", "es_PY")}
                {open_graph("og:title", title)}
                {image}
                <script type="module" src=assets.url(assets::UI_SCRIPT)></script>
                {frame.bell.is_some().then(|| view! { <script type="module" src=assets.url(assets::BELL_SCRIPT)></script> })}
                {islands}
            </head>
            <body data-layout=layout>{body}</body>
        </html>
    }
    .into_any()
}

/// The first thing the Tab key reaches.
pub(super) fn skip_link() -> impl IntoView {
    view! { <a class="skip" href="#content">{words::SKIP}</a> }
}

fn open_graph(property: &'static str, content: impl Into<Cow<'static, str>>) -> AnyView {
    html::meta().attr("property", property).content(content.into()).into_any()
}
