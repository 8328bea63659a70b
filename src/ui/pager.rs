//! Paging by key: no page numbers, because pages are read from where one stands and not counted from the start.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Text};
use crate::i18n::ui as words;

/// Where the four links lead; `None` where there is nothing further.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PagerLinks {
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub last: Option<String>,
}

/// A box to jump to a place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jump {
    /// Address of the list.
    pub action: String,
    /// Name of the query parameter.
    pub name: Cow<'static, str>,
    /// «Ir al documento n.º».
    pub label: Cow<'static, str>,
    /// The rest of the list's state, as hidden fields.
    pub keep: Vec<(String, String)>,
}

#[component]
pub fn Pager(
    links: PagerLinks,
    /// «51–100 de 354 documentos».
    #[prop(into)]
    position: Cow<'static, str>,
    #[prop(optional)] jump: Option<Jump>,
    /// Only where a page shows two.
    #[prop(optional, into)]
    label: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let step =
        |href: Option<String>, label: &'static str, rel: Option<&'static str>, glyph: Glyph, testid: &'static str| {
            match href {
                Some(href) => view! {
                    <a class="pager-step" href=href rel=rel data-testid=testid>
                        <Icon glyph/>
                        <span>{label}</span>
                    </a>
                }
                .into_any(),
                None => view! {
                    <span class="pager-step" aria-disabled="true">
                        <Icon glyph/>
                        <span>{label}</span>
                    </span>
                }
                .into_any(),
            }
        };
    let jump = jump.map(|jump| {
        let kept = jump
            .keep
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view();
        view! {
            <form class="pager-jump" method="get" action=jump.action>
                {kept}
                <label>
                    {jump.label} <input class="input" name=jump.name inputmode="numeric" size="8" data-testid="pager-jump"/>
                </label>
                <button class="button" data-kind="quiet" type="submit">
                    <span>{words::GO}</span>
                </button>
            </form>
        }
    });
    view! {
        <nav class="pager" aria-label=label.or(words::PAGES) data-testid=testid.get()>
            <p class="pager-position" data-testid="pager-position">
                {position}
            </p>
            {jump}
            <div class="pager-steps">
                {step(links.first, words::FIRST, None, Glyph::ChevronFirst, "pager-first")}
                {step(links.previous, words::PREVIOUS, Some("prev"), Glyph::ChevronLeft, "pager-previous")}
                {step(links.next, words::NEXT, Some("next"), Glyph::ChevronRight, "pager-next")}
                {step(links.last, words::LAST, None, Glyph::ChevronLast, "pager-last")}
            </div>
        </nav>
    }
}
