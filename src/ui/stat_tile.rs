//! A figure with its meaning.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;

/// Label, figure, and what to compare it with. With `href` the whole tile leads to what it counts. Tiles stand in a
/// [`Stats`] row, divided by hairlines, not boxed one by one.
#[component]
pub fn StatTile(
    #[prop(into)] label: Cow<'static, str>,
    /// Already formatted. A figure that could not be read is not zero: give `failed` instead.
    #[prop(optional, into)]
    value: Text,
    #[prop(optional, into)] detail: Text,
    /// Why the figure is missing.
    #[prop(optional, into)]
    failed: Text,
    #[prop(optional, into)] href: Text,
    #[prop(optional, into)] testid: Text,
    /// A sparkline.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let figure = match failed.get() {
        Some(reason) => view! { <dd class="stat-failed status" data-status="bad">{reason}</dd> }.into_any(),
        None => view! { <dd class="stat-value">{value.or("—")}</dd> }.into_any(),
    };
    let label = match href.get() {
        Some(href) => view! { <a href=href>{label}</a> }.into_any(),
        None => label.into_any(),
    };
    view! {
        <div class="stat" data-testid=testid.get()>
            <dt>{label}</dt>
            {figure}
            {detail.get().map(|detail| view! { <dd class="stat-detail">{detail}</dd> })}
            {children.map(|children| view! { <dd class="stat-chart">{children()}</dd> })}
        </div>
    }
}

/// A row of [`StatTile`]s.
#[component]
pub fn Stats(children: Children) -> impl IntoView {
    view! { <dl class="stats">{children()}</dl> }
}
