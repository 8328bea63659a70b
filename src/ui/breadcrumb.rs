//! The way back up.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;
use crate::i18n::ui as words;

/// One step; the last one is the page itself and has no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: Cow<'static, str>,
    pub href: Option<Cow<'static, str>>,
}

impl Crumb {
    pub fn link(label: impl Into<Cow<'static, str>>, href: impl Into<Cow<'static, str>>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    pub fn here(label: impl Into<Cow<'static, str>>) -> Self {
        Self { label: label.into(), href: None }
    }
}

#[component]
pub fn Breadcrumb(
    crumbs: Vec<Crumb>,
    /// Only where a page shows two.
    #[prop(optional, into)]
    label: Text,
) -> impl IntoView {
    let steps = crumbs
        .into_iter()
        .map(|crumb| match crumb.href {
            Some(href) => view! { <li><a href=href>{crumb.label}</a></li> }.into_any(),
            None => view! { <li><span aria-current="page">{crumb.label}</span></li> }.into_any(),
        })
        .collect_view();
    view! {
        <nav class="breadcrumb" aria-label=label.or(words::BREADCRUMB)>
            <ol>{steps}</ol>
        </nav>
    }
}
