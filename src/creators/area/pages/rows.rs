//! An application and a delivery in a list, the same in every list of a creator's area.

use leptos::prelude::*;

use super::{APPLICATIONS, delivery_address};
use crate::campaigns::catalogue::pages::address;
use crate::creators::area::model::{ApplicationRow, DeliveryRow, Need};
use crate::i18n::{
    applications as application_words, creator_area as words, deadline_chip as chip_words,
    deliverables as delivery_words,
};
use crate::ui::{ButtonKind, DeadlineChip, DeadlineView, LinkButton, Status};

/// Both deadlines of a delivery.
pub(super) fn chips(url: Option<DeadlineView>, metrics: Option<DeadlineView>) -> impl IntoView {
    let has_any = url.is_some() || metrics.is_some();
    has_any.then(|| {
        view! {
            <p class="work-chips">
                {url.map(|chip| view! { <DeadlineChip chip what=chip_words::URL testid="chip-url"/> })}
                {metrics.map(|chip| view! { <DeadlineChip chip what=chip_words::METRICS testid="chip-metrics"/> })}
            </p>
        }
    })
}

fn under(brand: String) -> Option<AnyView> {
    (!brand.trim().is_empty()).then(|| view! { <p class="muted">{brand}</p> }.into_any())
}

/// A delivery.
pub(super) fn delivery(row: DeliveryRow) -> impl IntoView {
    let href = delivery_address(&row.id);
    let kind = if row.need == Need::Nothing { ButtonKind::Plain } else { ButtonKind::Quiet };
    let tone = delivery_words::tone(row.status);
    view! {
        <li data-testid="delivery-row">
            <div>
                <h3><a href=href.clone()>{row.campaign}</a></h3>
                {under(row.brand)}
                <p><Status tone label=delivery_words::own_status(row.status)/></p>
                {chips(row.url, row.metrics)}
                {row.waiting.map(|line| view! { <p class="muted">{line}</p> })}
            </div>
            <LinkButton href kind testid="delivery-open">{words::need_action(row.need)}</LinkButton>
        </li>
    }
}

/// An application.
pub(super) fn application(row: ApplicationRow) -> impl IntoView {
    let tone = application_words::tone(row.status);
    let (may_withdraw, may_cancel) = (row.may_withdraw(), row.may_cancel());
    let one = |verb: &str| format!("{APPLICATIONS}/{}/{verb}", row.id);
    let withdraw = may_withdraw.then(|| {
        let href = one("retirar");
        view! { <LinkButton href kind=ButtonKind::Plain testid="application-withdraw">{words::WITHDRAW}</LinkButton> }
    });
    let cancel = may_cancel.then(|| {
        let href = one("cancelar");
        view! { <LinkButton href kind=ButtonKind::Plain testid="application-cancel">{words::CANCEL}</LinkButton> }
    });
    let (chips, open) = match row.delivery {
        Some(own) => {
            let href = delivery_address(&own.id);
            let open = view! { <LinkButton href testid="delivery-open">{words::need_action(own.need)}</LinkButton> };
            (Some(chips(own.url, own.metrics)), Some(open))
        }
        None => (None, None),
    };
    view! {
        <li data-testid="application-row">
            <div>
                <h3><a href=address(&row.campaign_id)>{row.campaign}</a></h3>
                {under(row.brand)}
                <p><Status tone label=application_words::own_status(row.status)/></p>
                {chips}
                {row.waiting.map(|line| view! { <p class="muted">{line}</p> })}
                {row.reason.map(|reason| view! { <p class="muted">{words::reason(&reason)}</p> })}
                {row.applied_at.map(|at| view! { <p class="muted"><small>{words::applied_on(at)}</small></p> })}
            </div>
            <div class="actions">{open} {withdraw} {cancel}</div>
        </li>
    }
}
