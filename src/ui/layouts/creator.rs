//! For people who create: phone first, the sections at the thumb.

use leptos::prelude::*;

use super::{
    Frame, LOG_IN_PATH, PROFILE_PATH, document, document::skip_link, log_out_form, nav_items, session_dialog, strips,
    wordmark,
};
use crate::{
    assets::Assets,
    i18n::ui as words,
    ui::{Bell, Breadcrumb, ButtonKind, Flash, Glyph, Icon, LinkButton, Menu},
};

/// A whole page of a signed-in person who isn't in the back office. Also the frame of `/mi-perfil`.
pub fn creator(assets: &Assets, mut frame: Frame, content: impl IntoAny) -> AnyView {
    let nav = std::mem::take(&mut frame.nav);
    let crumbs = std::mem::take(&mut frame.crumbs);
    let bell = frame.bell.clone().map(|bell| view! { <Bell bell/> });
    let account = match frame.user.take() {
        Some(user) => view! {
            <Menu label=user.name icon=Glyph::UserRound align_end=true testid="user-menu">
                <a href=PROFILE_PATH>
                    <Icon glyph=Glyph::UserRound/>
                    {words::PROFILE}
                </a>
                {log_out_form("")}
            </Menu>
        }
        .into_any(),
        None => view! { <div class="menu"><LinkButton href=LOG_IN_PATH kind=ButtonKind::Quiet>{words::LOG_IN}</LinkButton></div> }
            .into_any(),
    };
    let body = view! {
        {skip_link()}
        {strips(frame.demo, frame.emulators.take(), frame.mirror.take())}
        <header class="topbar">
            {wordmark("/")}
            {(!nav.is_empty())
                .then(|| {
                    view! {
                        <nav aria-label=words::NAVIGATION>
                            <ul class="dock">{nav_items(nav)}</ul>
                        </nav>
                    }
                })}
            {bell}
            {account}
        </header>
        <main id="content" tabindex="-1">
            {(!crumbs.is_empty()).then(|| view! { <Breadcrumb crumbs/> })}
            {frame.toast.take().map(|toast| view! { <Flash toast/> })}
            {content.into_any()}
        </main>
        {session_dialog(frame.session.take())}
    };
    document(assets, &frame, "creator", body.into_any())
}
