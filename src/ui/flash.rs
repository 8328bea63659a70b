//! What just happened, said once after the redirect.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Tone};
use crate::i18n::ui as words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub tone: Tone,
    pub message: Cow<'static, str>,
}

impl Toast {
    pub fn new(tone: Tone, message: impl Into<Cow<'static, str>>) -> Self {
        Self { tone, message: message.into() }
    }
}

/// Stands in the flow without script; with it, floats at the bottom until dismissed. It never leaves on its own:
/// people read at their own speed.
#[component]
pub fn Flash(toast: Toast) -> impl IntoView {
    let role = if toast.tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class="flash" role=role data-testid="flash">
            <p class="status" data-status=toast.tone.name()>
                {toast.message}
            </p>
            <button class="icon-button needs-script" type="button" data-dismiss=".flash" aria-label=words::CLOSE>
                <Icon glyph=Glyph::X/>
            </button>
        </div>
    }
}
