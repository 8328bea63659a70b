//! Guest pages: the landing, sign-in, legal texts, error pages of visitors. No island, no wasm.

use leptos::prelude::*;

use super::{Frame, LOG_IN_PATH, PROFILE_PATH, document, document::skip_link, strips, wordmark};
use crate::{
    assets::Assets,
    i18n::site as words,
    i18n::ui,
    ui::{Flash, LinkButton},
};

/// A whole guest page. `frame.nav` is the row beside the sign, usually anchors of the same page.
pub fn site(assets: &Assets, mut frame: Frame, content: impl IntoAny) -> AnyView {
    let links = std::mem::take(&mut frame.nav)
        .into_iter()
        .map(|item| {
            view! { <li><a href=item.href aria-current=item.current.then_some("page")>{item.label}</a></li> }
        })
        .collect_view();
    let is_sign_in = frame.is_sign_in;
    let account = match frame.user.take() {
        None if is_sign_in => ().into_any(),
        Some(_) => {
            let (href, label) = frame.area.take().unwrap_or((PROFILE_PATH.into(), ui::PROFILE.into()));
            view! { <LinkButton href=href testid="site-profile">{label}</LinkButton> }.into_any()
        }
        None => view! { <LinkButton href=LOG_IN_PATH testid="site-login">{ui::LOG_IN}</LinkButton> }.into_any(),
    };
    let body = view! {
        {skip_link()}
        {strips(frame.demo, frame.emulators.take(), frame.mirror.take())}
        <header class="site-head">
            {wordmark("/")}
            <nav aria-label=ui::NAVIGATION>
                <ul>{links}</ul>
            </nav>
            {account}
        </header>
        <main id="content" tabindex="-1">
            {frame.toast.take().map(|toast| view! { <div class="site-flash"><Flash toast/></div> })}
            {content.into_any()}
        </main>
        <footer class="site-foot">
            <p>{words::FOOT_LINE}</p>
            <p>{words::FOOT_SOURCE}</p>
        </footer>
    };
    document(assets, &frame, "site", body.into_any())
}
