//! Tabs are links: each has an address, and the current one is marked.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    pub label: Cow<'static, str>,
    pub href: Cow<'static, str>,
    pub current: bool,
    /// A count in words or digits, already formatted.
    pub count: Option<Cow<'static, str>>,
}

impl Tab {
    pub fn new(label: impl Into<Cow<'static, str>>, href: impl Into<Cow<'static, str>>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current, count: None }
    }

    pub fn count(mut self, count: impl Into<Cow<'static, str>>) -> Self {
        self.count = Some(count.into());
        self
    }
}

#[component]
pub fn Tabs(
    /// What the tabs choose between, for screen readers.
    #[prop(into)]
    label: Cow<'static, str>,
    tabs: Vec<Tab>,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let links = tabs
        .into_iter()
        .map(|tab| {
            view! {
                <li>
                    <a href=tab.href aria-current=tab.current.then_some("page")>
                        {tab.label}
                        {tab.count.map(|count| view! { <span class="tab-count">{count}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=label data-testid=testid.get()>
            <ul>{links}</ul>
        </nav>
    }
}
