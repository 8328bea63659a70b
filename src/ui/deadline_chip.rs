//! A deadline and how it stands, the same on every screen.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Text, Tone};

/// What a chip shows; a delivery's is made by `deliverables::chip`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineView {
    pub tone: Tone,
    /// «3 días», «Vence hoy», «Entregado».
    pub label: Cow<'static, str>,
    /// The exact instant, and where it comes from.
    pub tip: String,
    /// For `<time>`: the instant the chip speaks of.
    pub machine: String,
}

/// Dot and word; the exact deadline in the tooltip and in `<time>`.
#[component]
pub fn DeadlineChip(
    chip: DeadlineView,
    /// What is due: «Publicación», «Métricas». Left out where a column's heading says it.
    #[prop(optional, into)]
    what: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    view! {
        <span class="status" data-status=chip.tone.name() title=chip.tip data-testid=testid.or("deadline-chip")>
            <span>
                {what.get().map(|what| view! { <span class="muted">{what} ": "</span> })}
                <time datetime=chip.machine>{chip.label}</time>
            </span>
        </span>
    }
}
