//! The filters in force, each a link that takes it away.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::ui as words;

/// A filter in words and the address of the same list without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub label: Cow<'static, str>,
    pub remove: Cow<'static, str>,
}

#[component]
pub fn FilterChips(
    chips: Vec<Chip>,
    /// Address of the list without any filter.
    #[prop(into)]
    clear: Cow<'static, str>,
) -> impl IntoView {
    let many = chips.len() > 1;
    let items = chips
        .into_iter()
        .map(|chip| {
            let label = words::remove_filter(&chip.label);
            view! {
                <li>
                    <a class="chip" href=chip.remove aria-label=label data-testid="filter-chip">
                        {chip.label}
                        <Icon glyph=Glyph::X/>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="chips" aria-label=words::FILTERS>
            {items}
            {many.then(|| view! { <li><a href=clear data-testid="clear-filters">{words::CLEAR_FILTERS}</a></li> })}
        </ul>
    }
}
