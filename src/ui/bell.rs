//! The bell: the newest notices behind one button, in every signed-in layout.
//!
//! It is drawn whole with its page, as `<details>`, and its buttons are buttons of one form, so it works without script.
//! `public/js/bell.js` keeps it up to date: it replaces what stands inside `[data-bell]` by what the server draws again.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Tone};
use crate::i18n::bell as words;

/// What a bell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BellView {
    /// For tests and journeys: which bell it is.
    pub testid: &'static str,
    /// «Avisos del sistema».
    pub title: Cow<'static, str>,
    /// The newest notices; `None` when they couldn't be read.
    pub items: Option<Vec<BellItem>>,
    /// How many are unread, as far as the badge counts.
    pub unread: u64,
    /// The page with all of them.
    pub list_path: &'static str,
    /// Takes `id` and marks that one read.
    pub read_path: &'static str,
    /// Marks all of them read.
    pub read_all_path: &'static str,
    /// The page one is on, to come back to.
    pub here: String,
    /// When this was read, in milliseconds.
    pub since: i64,
    /// The other kind of notices: words, address.
    pub other: Option<(Cow<'static, str>, &'static str)>,
}

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BellItem {
    /// What marks it read.
    pub id: String,
    /// Where it leads.
    pub href: String,
    /// Its kind.
    pub icon: Glyph,
    /// How bad it is, for the dot; personal notices have none.
    pub severity: Option<(Tone, Cow<'static, str>)>,
    /// One line.
    pub title: String,
    /// «12 veces», when it was more than once.
    pub times: Option<String>,
    /// Whether this person hasn't read it.
    pub unread: bool,
    /// For machines, exactly, and as people say it.
    pub when: (String, String, String),
}

/// The badge counts to nine.
const MOST_COUNTED: u64 = 9;

/// The bell of a page.
#[component]
pub fn Bell(bell: BellView) -> impl IntoView {
    let (testid, since) = (bell.testid, bell.since);
    view! {
        <div class="bell" data-bell="" data-since=since.to_string()>
            <details class="menu" data-menu="" data-testid=testid>
                {bell_content(bell)}
            </details>
            <p class="visually-hidden" role="status" data-bell-says=""></p>
        </div>
    }
}

/// What is replaced when there is something new.
pub fn bell_content(bell: BellView) -> impl IntoView {
    let count = (bell.unread > 0).then(|| {
        let shown = if bell.unread > MOST_COUNTED { words::MORE_THAN_NINE.into() } else { bell.unread.to_string() };
        view! { <span class="bell-count" data-testid="bell-count">{shown}</span> }
    });
    let is_broken = bell.items.is_none();
    let label = words::bell(&bell.title, (!is_broken).then_some(bell.unread));
    let other = bell.other.map(|(label, href)| view! { <a href=href data-testid="bell-other">{label}</a> });
    view! {
        <summary class="icon-button" aria-label=label title=bell.title.clone() data-testid="bell-open">
            <Icon glyph=Glyph::Bell/>
            {count}
            {is_broken.then(|| view! { <span class="bell-count" data-status="bad">"!"</span> })}
        </summary>
        <form class="bell-panel" method="post" action=bell.read_path>
            <input type="hidden" name="back" value=bell.here.clone()/>
            <header>
                <h2>{bell.title}</h2>
                {(bell.unread > 0)
                    .then(|| {
                        view! {
                            <button class="button" data-kind="plain" formaction=bell.read_all_path data-testid="bell-read-all">
                                {words::READ_ALL}
                            </button>
                        }
                    })}
            </header>
            {list(bell.items)}
            <footer>
                <a href=bell.list_path data-testid="bell-all">{words::SEE_ALL}</a>
                {other}
                <a href=bell.here data-bell-refresh="" data-testid="bell-refresh">{words::REFRESH}</a>
            </footer>
        </form>
    }
}

fn list(items: Option<Vec<BellItem>>) -> AnyView {
    match items {
        None => {
            view! { <p class="status" data-status="bad" data-testid="bell-failed">{words::NOT_READ}</p> }.into_any()
        }
        Some(items) if items.is_empty() => {
            view! { <p class="muted" data-testid="bell-none">{words::NONE}</p> }.into_any()
        }
        Some(items) => {
            let items = items.into_iter().map(item).collect_view();
            view! { <ul>{items}</ul> }.into_any()
        }
    }
}

fn item(item: BellItem) -> impl IntoView {
    let (machine, exact, relative) = item.when;
    let severity = item.severity.map(|(tone, label)| {
        view! { <span class="status" data-status=tone.name()>{label}</span> }
    });
    let read = item.unread.then(|| {
        let label = words::mark_read(&item.title);
        view! {
            <button class="icon-button" name="id" value=item.id aria-label=label title=words::MARK_READ data-testid="bell-read">
                <Icon glyph=Glyph::Check/>
            </button>
        }
    });
    view! {
        <li data-unread=item.unread.then_some("")>
            <a href=item.href data-testid="bell-item">
                <Icon glyph=item.icon/>
                <span>
                    {item.unread.then(|| view! { <b class="visually-hidden">{words::UNREAD}</b> })}
                    <strong>{item.title}</strong>
                    <small>
                        {severity} <time datetime=machine title=exact>{relative}</time>
                        {item.times.map(|times| view! { <span>{times}</span> })}
                    </small>
                </span>
            </a>
            {read}
        </li>
    }
}
