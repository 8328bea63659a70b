//! One application as a line: who, how good, where it stands, what may be done.

use jiff::Timestamp;
use leptos::prelude::*;

use super::service::Row;
use super::suits::warnings;
use crate::applications::model::ApplicationStatus;
use crate::applications::state::{Move, Verdict};
use crate::campaigns::model::Campaign;
use crate::creators::desk::person;
use crate::creators::face::row_face;
use crate::db::timestamp;
use crate::i18n::{applications as words_of, desk as words, format, waits, whatsapp};
use crate::lists::RowView;
use crate::ui::{Button, ButtonKind, Status, Tone};

/// Motivations longer than this are folded away.
const SHORT: usize = 100;

/// What every line needs.
pub struct Shown<'a> {
    /// The campaign.
    pub campaign: &'a Campaign,
    /// Now.
    pub now: Timestamp,
    /// The page to come back to.
    pub back: String,
    /// Those a refused form had chosen.
    pub chosen: Vec<&'a str>,
}

/// The line.
pub fn line(row: Row, shown: &Shown) -> RowView {
    let is_late = row.application.waiting.as_ref().is_some_and(|waiting| waiting.is_over(shown.now));
    let cells = vec![
        person_cell(&row, shown),
        row.creator.as_ref().map(person::networks).into_any(),
        figure(&row, person::rating),
        figure(&row, |creator| format::integer(creator.stats.total_campaigns)),
        figure(&row, |creator| person::average(&creator.stats.avg_views)),
        figure(&row, |creator| person::average(&creator.stats.avg_interactions)),
        figure(&row, person::on_time),
        state(&row, shown, is_late),
        actions(&row, shown),
    ];
    RowView { accent: is_late.then_some("attention"), testid: "application-row", cells }
}

fn figure(row: &Row, of: impl Fn(&crate::creators::Creator) -> String) -> AnyView {
    row.creator.as_ref().map_or_else(|| words::UNKNOWN.to_owned(), of).into_any()
}

fn person_cell(row: &Row, shown: &Shown) -> AnyView {
    let application = &row.application;
    let fallback = || application.creator_name.clone().unwrap_or_else(|| words::GONE.to_owned());
    let name = row.creator.as_ref().map_or_else(fallback, |creator| creator.name.clone());
    let person = match &row.creator {
        Some(creator) => person::name(creator),
        None => fallback().into_any(),
    };
    let choose = application.status.is_pending().then(|| {
        let id = application.id.to_string();
        let is_chosen = shown.chosen.contains(&id.as_str());
        view! {
            <input
                type="checkbox"
                name="ids"
                value=id
                checked=is_chosen
                aria-label=words::choose(&name)
                data-testid="application-choose"
            />
        }
    });
    let unmet = row.creator.as_ref().filter(|_| application.status.is_pending()).map(|creator| {
        let wanted = &shown.campaign.requirements;
        (warnings(wanted, creator, shown.now), wanted)
    });
    let unmet = unmet.filter(|(found, _)| !found.is_empty()).map(|(found, wanted)| {
        view! { <small class="list-about" data-testid="application-warning"><Status tone=Tone::Attention label=words::warnings(&found, wanted)/></small> }
    });
    view! {
        <span class="person">
            {choose}
            {row.creator.as_ref().map(row_face)}
            <span>{person} {unmet} {motivation(application.motivation.as_deref())}</span>
        </span>
    }
    .into_any()
}

fn motivation(text: Option<&str>) -> Option<AnyView> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?.to_owned();
    Some(if text.chars().count() > SHORT {
        view! {
            <details class="motivation">
                <summary>{words::MOTIVATION}</summary>
                <p>{text}</p>
            </details>
        }
        .into_any()
    } else {
        view! { <small class="list-about">"«"{text}"»"</small> }.into_any()
    })
}

fn state(row: &Row, shown: &Shown, is_late: bool) -> AnyView {
    let application = &row.application;
    let status = view! { <Status tone=words_of::tone(application.status) label=words_of::status(application.status)/> };
    let waiting = application.waiting.as_ref().map(|waiting| {
        let said = waits::staff_line(waiting, shown.now);
        view! { <small class="list-about" data-late=is_late.then_some("true") data-testid="application-waiting">{said}</small> }
    });
    let applied = timestamp(application.applied_at).map(|at| {
        view! {
            <small class="list-about">
                {words::APPLIED_ON} " "
                <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, shown.now)}</time>
            </small>
        }
    });
    view! { {status} {waiting} {applied} }.into_any()
}

/// What may be done in its state; the server decides again.
fn actions(row: &Row, shown: &Shown) -> AnyView {
    let (application, campaign) = (&row.application, shown.campaign);
    let base = format!("/admin/applications/{}", application.id);
    let may = |it: Move| matches!(it.from(application.status), Verdict::Goes(_)) && it.is_open_in(campaign.status);
    let reasoned = |verb: &str| {
        let query = serde_urlencoded::to_string([("back", &shown.back)]).unwrap_or_default();
        format!("{base}/{verb}?{query}")
    };
    let is_full = campaign.available_slots() == 0;
    let confirm = may(Move::Confirm).then(|| {
        view! {
            <span title=is_full.then_some(words::NO_SLOTS_TIP)>
                <Button kind=ButtonKind::Plain formaction=format!("{base}/confirmar") disabled=is_full testid="application-confirm">
                    {words::CONFIRM}
                </Button>
            </span>
        }
    });
    let shortlist = may(Move::Shortlist).then(|| {
        view! {
            <Button kind=ButtonKind::Plain formaction=format!("{base}/preseleccionar") testid="application-shortlist">
                {words::SHORTLIST}
            </Button>
        }
    });
    let reject = may(Move::Reject)
        .then(|| view! { <a href=reasoned("rechazar") data-testid="application-reject">{words::REJECT}</a> });
    let is_delivered = row.delivery.as_ref().is_some_and(|(_, status)| status.is_delivered());
    let cancel = (may(Move::Cancel) && !is_delivered)
        .then(|| view! { <a href=reasoned("cancelar") data-testid="application-cancel">{words::CANCEL}</a> });
    let reactivate = may(Move::Reactivate).then(|| {
        view! {
            <Button kind=ButtonKind::Plain formaction=format!("{base}/reactivar") testid="application-reactivate">
                {words::REACTIVATE}
            </Button>
        }
    });
    let delivery = row.delivery.as_ref().filter(|_| application.status == ApplicationStatus::Confirmed).map(|(id, _)| {
        view! { <a href=format!("/admin/deliverables/{id}") data-testid="application-delivery">{words::DELIVERY}</a> }
    });
    let topic = match application.status {
        ApplicationStatus::Confirmed => whatsapp::Topic::Canje,
        _ => whatsapp::Topic::General,
    };
    let whatsapp = row.creator.as_ref().and_then(|creator| person::whatsapp(creator, topic, Some(&campaign.name)));
    view! { {shortlist} {confirm} {reject} {delivery} {cancel} {reactivate} {whatsapp} }.into_any()
}
