//! The door of the onboarding: empty hands, halfway, or done already.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use crate::accounts::joining;
use crate::accounts::next::Next;
use crate::creators::onboarding::{self, LAST, Standing};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::creators as words;
use crate::ui::{Button, ButtonKind, LinkButton};
use crate::web::render::Page;

/// The query.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

/// `GET /ugc/creator/onboarding`.
pub async fn welcome(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let next = Next::parse(&asked.next);
    let standing = onboarding::standing(&ctx).await?;
    let banner = joining::banner(&ctx);
    Ok(Page::site(&ctx, words::ONBOARDING).show(move || {
        let (body, action) = match standing {
            Standing::Complete => {
                let href = next.map_or_else(|| "/ugc/creator/dashboard".to_owned(), |next| next.as_str().to_owned());
                return view! {
                    <section class="gate" data-testid="onboarding-done">
                        <h1>{words::ONBOARDING}</h1>
                        <p class="muted">{words::HAS_PROFILE}"."</p>
                        <LinkButton href=href kind=ButtonKind::Primary testid="to-panel">{words::TO_PANEL}</LinkButton>
                    </section>
                }
                .into_any();
            }
            Standing::Incomplete(missing) => (words::incomplete(&missing), words::START),
            Standing::Begun(step) => {
                (format!("{} {}", words::you_were_at(step, LAST), words::WELCOME_BACK), words::GO_ON)
            }
            Standing::New => (words::WELCOME.to_owned(), words::START),
        };
        view! {
            <section class="gate" data-testid="onboarding-welcome">
                <h1>{words::ONBOARDING}</h1>
                <p class="muted">{body}</p>
                <form class="form" method="post" action="/ugc/creator/onboarding">
                    {next.map(|next| view! { <input type="hidden" name="next" value=next.as_str().to_owned()/> })}
                    <Button kind=ButtonKind::Primary testid="onboarding-start">{action}</Button>
                </form>
                {banner}
            </section>
        }
        .into_any()
    }))
}
