//! Banners: the strip that says where one is, and the panel that needs an answer.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Text, Tone};

/// A tinted panel with one message that needs to be read. The only place where a background carries a status colour.
#[component]
pub fn Banner(
    tone: Tone,
    #[prop(into)] title: Cow<'static, str>,
    #[prop(optional, into)] testid: Text,
    /// What to do about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let glyph = match tone {
        Tone::Neutral | Tone::Info => Glyph::Info,
        Tone::Good => Glyph::CircleCheck,
        Tone::Attention => Glyph::TriangleAlert,
        Tone::Bad => Glyph::CircleX,
    };
    let role = if tone == Tone::Bad { "alert" } else { "note" };
    view! {
        <div class="banner" data-status=tone.name() role=role data-testid=testid.get()>
            <Icon glyph/>
            <div>
                <p class="banner-title">{title}</p>
                {children.map(|children| view! { <div class="banner-body">{children()}</div> })}
            </div>
        </div>
    }
}

/// Which kind of database a page shows; each has its own colour, so nobody mistakes one for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The database the platform runs on.
    Live,
    /// An imported copy of another system's data.
    Imported,
    /// A restored or prepared copy that can be thrown away.
    Preview,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Place::Live => "live",
            Place::Imported => "imported",
            Place::Preview => "preview",
        }
    }
}

/// The strip above inspected data: environment, database and host alias in words.
#[component]
pub fn PlaceBanner(
    place: Place,
    /// «Importada», «En uso».
    #[prop(into)]
    kind: Cow<'static, str>,
    #[prop(into)] database: Cow<'static, str>,
    /// «Demostración · servidor embebido · solo lectura».
    #[prop(into)]
    detail: Cow<'static, str>,
    /// The database switcher.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="place" data-place=place.name() data-testid="place-banner">
            <p class="place-name">
                <Icon glyph=Glyph::Database/>
                <span class="place-kind">{kind}</span>
                <strong class="mono">{database}</strong>
            </p>
            <p class="place-detail">{detail}</p>
            {children.map(|children| view! { <div class="place-switch">{children()}</div> })}
        </div>
    }
}
