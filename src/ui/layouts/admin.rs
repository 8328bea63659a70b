//! The back office: a rail with the sections on the left, the page beside it. On small screens the rail is a bar, and
//! its panel a native popover, which opens without script.

use leptos::prelude::*;

use super::{
    Frame, LOG_IN_PATH, PROFILE_PATH, UserSummary, document, document::skip_link, log_out_form, nav_items,
    session_dialog, strips, wordmark,
};
use crate::{
    assets::Assets,
    i18n::ui as words,
    ui::{Bell, Breadcrumb, CommandPalette, Destination, Flash, Glyph, Icon, KeyHelp, PaletteButton},
};

/// A whole back-office page.
pub fn admin(assets: &Assets, mut frame: Frame, content: impl IntoAny) -> AnyView {
    let nav = std::mem::take(&mut frame.nav);
    let mut group = "".into();
    let destinations: Vec<Destination> = nav
        .iter()
        .map(|item| {
            if let Some(heading) = &item.group {
                group = heading.clone();
            }
            Destination { label: item.label.clone(), href: item.href.clone(), group: group.clone() }
        })
        .collect();
    let go: Vec<_> = nav.iter().filter_map(|item| Some((item.key?, item.label.clone()))).collect();
    let crumbs = std::mem::take(&mut frame.crumbs);
    let bell = frame.bell.clone().map(|bell| view! { <Bell bell/> });
    let body = view! {
        {skip_link()}
        {strips(frame.demo, frame.emulators.take(), frame.mirror.take())}
        <div class="shell">
            <header class="rail">
                <div class="rail-head">
                    {wordmark("/admin")}
                    {bell}
                    <button class="button rail-menu" data-kind="quiet" type="button" popovertarget="rail-panel" data-testid="open-menu">
                        <Icon glyph=Glyph::Menu/>
                        <span>{words::MENU}</span>
                    </button>
                </div>
                <div class="rail-panel" id="rail-panel" popover="auto">
                    <PaletteButton/>
                    <nav aria-label=words::NAVIGATION>
                        <ul>{nav_items(nav)}</ul>
                    </nav>
                    {account(frame.user.clone())}
                </div>
            </header>
            <main id="content" tabindex="-1">
                {(!crumbs.is_empty()).then(|| view! { <Breadcrumb crumbs/> })}
                {frame.toast.take().map(|toast| view! { <Flash toast/> })}
                {content.into_any()}
            </main>
        </div>
        <CommandPalette destinations/>
        <KeyHelp go/>
        {session_dialog(frame.session.take())}
    };
    document(assets, &frame, "admin", body.into_any())
}

fn account(user: Option<UserSummary>) -> impl IntoView {
    view! {
        <div class="rail-user">
            {match user {
                Some(user) => {
                    view! {
                        <p class="who">
                            <span>{user.name}</span>
                            <small>{user.role}</small>
                        </p>
                        <a class="nav-item" href=PROFILE_PATH>
                            <Icon glyph=Glyph::UserRound/>
                            {words::PROFILE}
                        </a>
                        {log_out_form("nav-item")}
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <a class="nav-item" href=LOG_IN_PATH>
                            <Icon glyph=Glyph::UserRound/>
                            {words::LOG_IN}
                        </a>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
