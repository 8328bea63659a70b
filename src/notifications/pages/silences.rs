//! `GET /admin/notifications/silencios`, and the form that makes one.

use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{Part, SILENCES_PATH, choices, day, tabs};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::notices as words;
use crate::i18n::notifications as names;
use crate::notifications::{self, Matcher, NoticeType, Severity, Silence, Source, SystemNotice};
use crate::ui::{
    Banner, Button, ButtonKind, Cell, CellKind, Choice, Column, Dialog, EmptyState, Field, Glyph, PageHead, Select,
    Status, Table, TextArea, Tone,
};
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// What a silence of one incident's page may hold back.
pub(super) struct Preset {
    kind: NoticeType,
    source: Source,
}

impl Preset {
    pub(super) fn of(notice: &SystemNotice) -> Self {
        Self { kind: notice.kind, source: notice.source }
    }
}

/// The page.
pub async fn silences(ctx: Ctx) -> Result<Response, Failure> {
    let silences = notifications::silences(&ctx).await?;
    let (now, flash) = (ctx.now(), ctx.flash.clone());
    Ok(Page::admin(&ctx, Section::Notifications, words::SILENCES).show(move || {
        let rows = rows(silences, now);
        view! {
            <PageHead title=words::SILENCES purpose=words::SILENCES_PURPOSE>
                <Dialog
                    id="silence"
                    opener=words::SILENCE_NEW
                    icon=Glyph::BellOff
                    title=words::SILENCE_TITLE
                    open=!flash.problems.is_empty()
                    testid="silence-new"
                >
                    {form(None, SILENCES_PATH.into(), &flash)}
                </Dialog>
            </PageHead>
            {tabs(Part::Silences)}
            {rows}
        }
    }))
}

/// Asks what, how long and why. With a preset: what of an incident; without: any part of a matcher.
pub(super) fn form(preset: Option<Preset>, action: String, flash: &Flash) -> impl IntoView + use<> {
    let typed = |name: &str| flash.value(name).unwrap_or_default();
    let problem = |name: &str| flash.problem(name);
    let whole = problem("matcher");
    let what = match preset {
        Some(Preset { kind, source }) => {
            let what = vec![
                Choice::new("incident", words::SILENCE_THIS),
                Choice::new("type", words::silence_kind(names::notice_type(kind))),
                Choice::new("source", words::silence_source(names::source(source))),
            ];
            view! {
                <Select name="what" label=words::SILENCE_WHAT choices=what value=typed("what") testid="silence-what"/>
            }
            .into_any()
        }
        None => view! {
            <Select name="type" label=words::KIND choices=choices(&NoticeType::ALL, NoticeType::as_str, names::notice_type) value=typed("type") testid="silence-type"/>
            <Select name="source" label=words::SOURCE choices=choices(&Source::ALL, Source::as_str, names::source) value=typed("source") testid="silence-source"/>
            <Select name="severity" label=words::SEVERITY choices=choices(&Severity::ALL, Severity::as_str, names::severity) value=typed("severity") testid="silence-severity"/>
            <Field name="text" label=words::SILENCE_TEXT hint=words::SILENCE_TEXT_HINT required=false value=typed("text") error=problem("text") autocomplete="off" testid="silence-text"/>
        }
        .into_any(),
    };
    let hours = words::DURATIONS.map(|(hours, label)| Choice::new(hours.to_string(), label)).to_vec();
    view! {
        <form class="form" method="post" action=action>
            <p class="muted">{words::SILENCE_BODY}</p>
            {whole.map(|title| view! { <Banner tone=Tone::Bad title testid="silence-problem"/> })}
            {what}
            <Select name="hours" label=words::SILENCE_FOR choices=hours value=typed("hours") error=problem("ends_at") testid="silence-hours"/>
            <TextArea
                name="reason"
                label=words::SILENCE_REASON
                hint=words::SILENCE_REASON_HINT
                required=true
                rows=2
                maxlength=300
                value=typed("reason")
                error=problem("reason")
                testid="silence-reason"
            />
            <Button kind=ButtonKind::Primary testid="silence-submit">{words::SILENCE}</Button>
        </form>
    }
}

fn rows(silences: Vec<Silence>, now: Timestamp) -> AnyView {
    if silences.is_empty() {
        return view! { <EmptyState title=words::SILENCES_NONE hint=words::SILENCES_NONE_HINT testid="silences-none"/> }
            .into_any();
    }
    let columns = vec![
        Column::new(words::MATCHES, CellKind::Primary),
        Column::new(words::STATE, CellKind::Text),
        Column::new(words::UNTIL, CellKind::Text),
        Column::new(words::SILENCE_REASON, CellKind::Text),
        Column::new(words::BY, CellKind::Text),
        Column::new(words::ACTIONS, CellKind::Action),
    ];
    let lines = silences.into_iter().map(|silence| line(silence, now)).collect_view();
    view! { <Table caption=words::SILENCES_CAPTION columns testid="silences-rows">{lines}</Table> }.into_any()
}

fn line(silence: Silence, now: Timestamp) -> impl IntoView {
    let is_active = silence.is_active(now);
    let what = said(&silence.matcher);
    let (tone, state) = if is_active { (Tone::Attention, words::ACTIVE) } else { (Tone::Neutral, words::OVER) };
    let end = is_active.then(|| {
        let label = words::of(words::SILENCE_END, &what);
        view! {
            <form method="post" action=format!("{SILENCES_PATH}/{}/terminar", silence.id)>
                <button class="button" data-kind="plain" aria-label=label data-testid="silence-end">{words::SILENCE_END}</button>
            </form>
        }
    });
    view! {
        <tr data-testid="silence-row">
            <Cell kind=CellKind::Primary>{what}</Cell>
            <Cell><Status tone label=state/></Cell>
            <Cell>{day(silence.ends_at, now)}</Cell>
            <Cell>{silence.reason}</Cell>
            <Cell>{silence.created_by.name}</Cell>
            <Cell kind=CellKind::Action>{end}</Cell>
        </tr>
    }
}

/// A matcher in words.
fn said(matcher: &Matcher) -> String {
    let parts = [
        matcher.fingerprint.as_ref().map(|fingerprint| words::incident(fingerprint)),
        matcher.kind.map(|kind| names::notice_type(kind).to_owned()),
        matcher.source.map(|source| names::source(source).to_owned()),
        matcher.severity.map(|severity| names::severity(severity).to_owned()),
        matcher.text.as_ref().map(|text| words::with_text(text)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matcher_reads_as_what_it_holds_back() {
        let matcher = Matcher {
            kind: Some(NoticeType::ErrorAlert),
            severity: Some(Severity::Error),
            text: Some("timeout".into()),
            ..Matcher::default()
        };
        let text = said(&matcher);
        assert!(text.ends_with("que diga «timeout»") && text.matches(" · ").count() == 2, "{text}");
    }
}
