//! The command palette's frame: a native dialog with one box over the places of the site.
//!
//! It opens by ⌘K / Ctrl+K or its button. It filters its own links and shows what the server finds besides. Without script its button is a link to the page that
//! searches.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::ui as words;

/// The page that searches.
const SEARCH_PATH: &str = "/admin/buscar";
/// What the palette asks for.
const SEARCH_LINES: &str = "/admin/buscar/lista";

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
        <a class="palette-button" href=SEARCH_PATH data-opens="palette" aria-keyshortcuts="Control+K Meta+K" data-testid="palette-open">
            <Icon glyph=Glyph::Search/>
            <span>{words::PALETTE_OPEN}</span>
            <kbd class="needs-script" aria-hidden="true">"Ctrl K"</kbd>
        </a>
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
            <ul class="palette-places" id="palette-found" data-finds=SEARCH_LINES></ul>
            <p class="palette-none" hidden>{words::PALETTE_NONE}</p>
        </dialog>
    }
}

/// The keys, in a dialog of their own that `?` opens; `go` are the letters behind `g`.
#[component]
pub fn KeyHelp(
    /// Letter and place.
    go: Vec<(char, Cow<'static, str>)>,
) -> impl IntoView {
    let row = |keys: String, what: Cow<'static, str>| {
        view! {
            <div>
                <dt><kbd>{keys}</kbd></dt>
                <dd>{what}</dd>
            </div>
        }
    };
    let fixed = [("/", words::KEY_SEARCH), ("Ctrl K", words::KEY_PALETTE), ("?", words::KEY_HELP)];
    let fixed = fixed.map(|(keys, what)| row(keys.to_owned(), what.into()));
    let go = go.into_iter().map(|(letter, place)| row(format!("g {letter}"), place)).collect_view();
    view! {
        <dialog class="dialog-box" id="keys" aria-labelledby="keys-title">
            <div class="dialog-panel">
                <header>
                    <h2 id="keys-title">{words::KEYS}</h2>
                    <button class="icon-button" type="button" data-close="" aria-label=words::CLOSE>
                        <Icon glyph=Glyph::X/>
                    </button>
                </header>
                <dl class="facts">{fixed} {go}</dl>
            </div>
        </dialog>
    }
}
