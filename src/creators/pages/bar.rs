//! How complete a profile is, and what comes next.

use leptos::prelude::*;

use crate::creators::complete::Completion;
use crate::i18n::creators as words;
use crate::ui::Progress;

/// The bar with its next suggestion as a link.
#[component]
pub fn CompletionBar(completion: Completion) -> impl IntoView {
    let label = match completion.next {
        None => words::COMPLETION_DONE.into(),
        Some(_) => words::completion(completion.percent),
    };
    let next = completion.next.map(|next| {
        view! { <a href=next.href() data-testid="completion-next">{words::add_missing(next)}</a> }
    });
    view! {
        <div class="completion" data-testid="completion">
            <Progress label of=(completion.percent.into(), 100)/>
            {next}
        </div>
    }
}
