//! States as a dot and a word, and small neutral marks.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;

/// What a state means for whoever looks. The word always says it too: colour never speaks alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Good,
    Attention,
    Bad,
    Info,
}

impl Tone {
    pub fn name(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Good => "good",
            Tone::Attention => "attention",
            Tone::Bad => "bad",
            Tone::Info => "info",
        }
    }
}

/// A state: dot and word.
#[component]
pub fn Status(
    tone: Tone,
    #[prop(into)] label: Cow<'static, str>,
    /// Shown as a tooltip, for a state that needs a reason.
    #[prop(optional, into)]
    title: Text,
) -> impl IntoView {
    view! {
        <span class="status" data-status=tone.name() title=title.get()>
            {label}
        </span>
    }
}

/// A quiet mark beside a name: «vacía», «vista», «GridFS».
#[component]
pub fn Badge(#[prop(into)] label: Cow<'static, str>, #[prop(optional, into)] title: Text) -> impl IntoView {
    view! {
        <span class="badge" title=title.get()>
            {label}
        </span>
    }
}
