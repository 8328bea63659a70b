//! The pages of the notification centre: the team's incidents, their silences, and everybody's own notices.

mod detail;
mod list;
mod personal;
mod silences;

use std::borrow::Cow;

use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;

pub use detail::show;
pub use list::list;
pub use personal::{open, personal};
pub use silences::silences;

use super::{Line, NoticeType, PersonalType, Severity, State, Step, SystemNotice};
use crate::db::timestamp;
use crate::i18n::notices as words;
use crate::i18n::{format, notifications as names};
use crate::ui::{Choice, Glyph, Status, Tab, Tabs, Tone};

/// Where the team's notices are.
pub const PATH: &str = "/admin/notifications";
/// Where the silences are.
pub const SILENCES_PATH: &str = "/admin/notifications/silencios";
/// Where the deliveries from outside are.
const WEBHOOKS_PATH: &str = "/admin/notifications/webhooks";
/// Where one's own are.
pub const PERSONAL_PATH: &str = "/notificaciones";

/// The parts of the notification centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Incidents.
    Notices,
    /// What is kept quiet.
    Silences,
    /// What arrived from outside.
    Webhooks,
}

/// The tabs over all of them.
pub fn tabs(here: Part) -> impl IntoView {
    let tab = |label, href, part| Tab::new(label, href, here == part);
    let tabs = vec![
        tab(words::TITLE, PATH, Part::Notices),
        tab(words::SILENCES, SILENCES_PATH, Part::Silences),
        tab(words::WEBHOOKS, WEBHOOKS_PATH, Part::Webhooks),
    ];
    view! { <Tabs label=words::TABS tabs testid="notices-tabs"/> }
}

/// How bad it looks.
pub fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Info => Tone::Info,
        Severity::Warning => Tone::Attention,
        Severity::Error | Severity::Critical => Tone::Bad,
    }
}

/// A severity as dot and word.
fn severity(severity: Severity) -> impl IntoView {
    view! { <Status tone=tone(severity) label=names::severity(severity)/> }
}

/// A state as dot and word.
fn state(state: State) -> impl IntoView {
    let tone = match state {
        State::Open | State::Reopened => Tone::Attention,
        State::Acknowledged => Tone::Info,
        State::Resolved => Tone::Good,
    };
    view! { <Status tone label=names::state(state)/> }
}

/// The picture of a kind of notice.
pub fn glyph(kind: NoticeType) -> Glyph {
    match kind {
        NoticeType::BackupSuccess | NoticeType::BackupFailed => Glyph::Database,
        NoticeType::ErrorAlert => Glyph::TriangleAlert,
        NoticeType::UptimeAlert => Glyph::Activity,
        NoticeType::SecurityAlert => Glyph::ShieldCheck,
        NoticeType::SystemInfo => Glyph::Info,
        NoticeType::JobFailed => Glyph::Clock,
        NoticeType::SyncFailed => Glyph::RotateCw,
        NoticeType::PaymentAlert => Glyph::CircleX,
        NoticeType::LeadAlert => Glyph::Inbox,
    }
}

/// The picture of a kind of personal notice.
pub fn personal_glyph(kind: PersonalType) -> Glyph {
    match kind {
        PersonalType::AccountSecurity => Glyph::Lock,
        PersonalType::AdminMessage => Glyph::Mail,
        PersonalType::TermsUpdated => Glyph::ScrollText,
        PersonalType::DeadlineReminder | PersonalType::DeadlineChanged => Glyph::Clock,
        PersonalType::CampaignApplicationApproved
        | PersonalType::DeliverableApproved
        | PersonalType::MetricsVerified
        | PersonalType::CampaignCompleted
        | PersonalType::LevelUp => Glyph::CircleCheck,
        PersonalType::CampaignApplicationRejected
        | PersonalType::DeliverableRejected
        | PersonalType::ApplicationCancelled
        | PersonalType::SlotsDepleted => Glyph::CircleX,
        PersonalType::OrderStatus | PersonalType::ReservationStatus | PersonalType::ServiceStatus => Glyph::Inbox,
        PersonalType::CampaignApplicationReceived
        | PersonalType::ApplicationShortlisted
        | PersonalType::DeliverableSubmitted
        | PersonalType::DeliverableChangesRequested
        | PersonalType::MetricsSubmitted
        | PersonalType::NewRatingReceived
        | PersonalType::ApplicationReactivated
        | PersonalType::DeliverableReset
        | PersonalType::CampaignStatus
        | PersonalType::NewCampaign
        | PersonalType::SlotsReloaded
        | PersonalType::PackageStatus
        | PersonalType::SocialVerification => Glyph::Megaphone,
    }
}

/// A moment as people say it, its exact time in the tooltip.
fn moment(at: DateTime, now: Timestamp) -> impl IntoView + use<> {
    let at = timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH);
    view! { <time datetime=format::machine(at) title=format::exact(at)>{format::relative(at, now)}</time> }
}

/// A moment ahead or long past, with its day.
fn day(at: DateTime, now: Timestamp) -> impl IntoView + use<> {
    let at = timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH);
    view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }
}

/// The choices of a filter: any, and each by its stored name.
fn choices<T: Copy>(all: &[T], stored: fn(T) -> &'static str, said: fn(T) -> &'static str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = all.iter().map(|one| Choice::new(stored(*one), said(*one))).collect();
    choices.insert(0, Choice::new("", words::ANY));
    choices
}

/// How a line of the history reads.
fn step_tone(line: &Line) -> Tone {
    match line.what {
        Step::Opened | Step::Reopened | Step::Worsened | Step::Escalated => Tone::Bad,
        Step::Acknowledged => Tone::Info,
        Step::Resolved => Tone::Good,
        Step::Seen | Step::Silenced | Step::Mailed => Tone::Neutral,
    }
}

/// Marks beside a notice's title.
fn marks(notice: &SystemNotice, user_id: &str, now: Timestamp) -> Vec<Cow<'static, str>> {
    let marks = [
        (notice.is_unread_by(user_id), words::UNREAD),
        (notice.is_silenced(now), words::SILENCED),
        (notice.inhibited_by.is_some(), words::INHIBITED),
    ];
    marks.into_iter().filter(|(shown, _)| *shown).map(|(_, word)| word.into()).collect()
}
