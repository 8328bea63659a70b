//! Work under way, in words and as a line.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;

#[component]
pub fn Progress(
    #[prop(into)] label: Cow<'static, str>,
    /// Done and total; without them the line only says that something moves.
    #[prop(optional)]
    of: Option<(u64, u64)>,
    /// «12.000 de 40.000 documentos».
    #[prop(optional, into)]
    detail: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let bar = match of {
        Some((done, total)) => {
            view! { <progress value=done.to_string() max=total.max(1).to_string() aria-label=label.clone()></progress> }
                .into_any()
        }
        None => view! { <progress aria-label=label.clone()></progress> }.into_any(),
    };
    view! {
        <div class="progress" data-testid=testid.get()>
            <p>
                <span>{label}</span>
                {detail.get().map(|detail| view! { <span class="progress-detail">{detail}</span> })}
            </p>
            {bar}
        </div>
    }
}
