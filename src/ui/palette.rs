//! The command palette's frame: a native dialog with one box over the places of the site.
//!
//! It opens by ⌘K / Ctrl+K or its button and filters its own links; what searches the data later puts its island inside.
//! Without script neither button nor dialog shows: everything in it is in the navigation too.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::ui as words;

/// A place one can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    pub label: Cow<'static, str>,
    pub href: Cow<'static, str>,
    pub group: Cow<'static, str>,
}

/// The button that opens the palette.
#[component]
pub fn PaletteButton() -> impl IntoView {
    view! {
        <button class="palette-button needs-script" type="button" data-opens="palette" aria-keyshortcuts="Control+K Meta+K" data-testid="palette-open">
            <Icon glyph=Glyph::Search/>
            <span>{words::PALETTE_OPEN}</span>
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </button>
    }
}

/// Stands once at the end of the page.
#[component]
pub fn CommandPalette(destinations: Vec<Destination>) -> impl IntoView {
    let items = destinations
        .into_iter()
        .map(|place| {
            view! {
                <li>
                    <a href=place.href>
                        <span>{place.label}</span>
                        <small>{place.group}</small>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <dialog class="palette" id="palette" aria-label=words::PALETTE>
            <div class="palette-search">
                <Icon glyph=Glyph::Search/>
                <input type="search" aria-label=words::PALETTE placeholder=words::PALETTE_PLACEHOLDER autocomplete="off" data-filters="palette-places" data-testid="palette-input"/>
            </div>
            <ul class="palette-places" id="palette-places">
                {items}
            </ul>
            <p class="palette-none" hidden>{words::PALETTE_NONE}</p>
        </dialog>
    }
}
