//! A campaign in a list.

use leptos::prelude::*;

use super::{address, apply_address, picture};
use crate::campaigns::catalogue::model::Slots;
use crate::campaigns::catalogue::service::{Card, Standing};
use crate::i18n::{applications, catalogue as words, values};
use crate::media::Width;
use crate::ui::{LinkButton, Status};

/// The card.
pub fn card(card: Card) -> impl IntoView {
    let Card { campaign, excerpt, standing } = card;
    let about = [Some(values::category(campaign.category).to_owned()), campaign.city.clone()]
        .into_iter()
        .flatten()
        .chain(
            (!campaign.requirements.platforms.is_empty()).then(|| words::platforms(&campaign.requirements.platforms)),
        )
        .collect::<Vec<_>>()
        .join(" · ");
    let offer = [campaign.brand.clone(), words::worth(campaign.canje.kind, campaign.canje.value)];
    let offer = offer.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let notes = [
        match campaign.slots {
            Slots::Last(left) => Some(words::last_slots(left)),
            Slots::Full | Slots::Available => None,
        },
        campaign.requirements.min_followers.filter(|least| *least > 0).map(words::from_followers),
        Some(words::until(campaign.timeline.applications_deadline)),
    ];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let image = picture(campaign.cover.as_deref(), Width::Medium).map(|src| {
        view! { <img src=src alt="" width="320" height="240" loading="lazy" decoding="async"/> }
    });
    let action = action(&standing, apply_address(&campaign.id), &campaign.name);
    view! {
        <li data-testid="campaign-card">
            {image}
            <div>
                <p class="campaign-line">{about}</p>
                <h3>
                    <a href=address(&campaign.id) data-testid="campaign-link">{campaign.name.clone()}</a>
                </h3>
                <p>{offer}</p>
                <p class="muted">{excerpt}</p>
                <div class="campaign-foot">
                    <p class="campaign-line">{notes}</p>
                    {action}
                </div>
            </div>
        </li>
    }
}

/// The one thing to do with a campaign, or why there is nothing to do.
fn action(standing: &Standing, href: String, name: &str) -> AnyView {
    let link = |label: &'static str| {
        let named = format!("{label}: {name}");
        view! { <LinkButton href=href.clone() testid="campaign-apply"><span aria-label=named>{label}</span></LinkButton> }
            .into_any()
    };
    match standing {
        Standing::May => link(words::APPLY),
        Standing::Guest => link(words::REGISTER),
        Standing::NoProfile => link(words::MAKE_PROFILE),
        Standing::Applied(status) => {
            let tone = applications::tone(*status);
            view! { <Status tone label=words::applied(*status)/> }.into_any()
        }
        Standing::Unfit(reasons) => view! {
            <div data-testid="campaign-unfit">
                <Status tone=crate::ui::Tone::Neutral label=words::UNFIT title=reasons.join(". ")/>
                <p class="campaign-line">{reasons.join(". ")}</p>
            </div>
        }
        .into_any(),
    }
}
