//! `GET /ugc/campaigns`: the catalogue.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;

use super::{card, framed, page};
use crate::campaigns::catalogue::asked::{Asked, PATH};
use crate::campaigns::catalogue::service::{self, Listing};
use crate::campaigns::model::CanjeType;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{campaigns as campaign_words, catalogue as words, values};
use crate::ui::{
    Button, Checkbox, Chip, Choice, EmptyState, FilterChips, LinkButton, PageHead, Pager, PagerLinks, SearchField,
    Select,
};
use crate::values::Platform;

/// The page.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let listing = service::list(&ctx, &asked).await?;
    let is_creator = listing.is_creator;
    let page = page(&ctx, is_creator, words::TITLE).description(words::DESCRIPTION).indexable(PATH);
    Ok(page.show(move || framed(is_creator, content(asked, listing))))
}

fn content(asked: Asked, listing: Listing) -> AnyView {
    let count = words::counted(listing.total);
    let filters = filters(&asked, &listing);
    let chips = chips(&asked);
    let shown_chips = (!chips.is_empty()).then(|| view! { <FilterChips chips clear=PATH/> });
    let found = rows(&asked, listing);
    view! {
        <PageHead title=words::TITLE purpose=words::PURPOSE/>
        <div class="stack" data-testid="catalogue">
            {filters}
            {shown_chips}
            <p class="muted" role="status" data-testid="catalogue-count">{count}</p>
            {found}
        </div>
    }
    .into_any()
}

fn rows(asked: &Asked, listing: Listing) -> AnyView {
    if listing.cards.is_empty() {
        return match listing.filter.is_empty() && listing.total == 0 {
            true => view! { <EmptyState title=words::NONE hint=words::NONE_HINT testid="catalogue-none"/> }.into_any(),
            false => view! {
                <EmptyState title=words::NONE_FOUND hint=words::NONE_FOUND_HINT testid="catalogue-none">
                    <LinkButton href=PATH>{words::SEE_ALL}</LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let position = words::position(listing.first, listing.cards.len(), listing.total);
    let links = PagerLinks {
        first: listing.previous.is_some().then(|| asked.with(|_| ())),
        previous: listing.previous.map(|key| asked.at(Some(&key), None)),
        next: listing.next.map(|key| asked.at(None, Some(&key))),
        last: None,
    };
    let has_more = links.previous.is_some() || links.next.is_some();
    let cards = listing.cards.into_iter().map(card).collect_view();
    view! {
        <h2 class="visually-hidden">{words::LIST}</h2>
        <ul class="campaigns">{cards}</ul>
        {has_more.then(|| view! { <Pager links position testid="catalogue-pager"/> })}
    }
    .into_any()
}

fn filters(asked: &Asked, listing: &Listing) -> impl IntoView + use<> {
    let any = |label: &'static str| Choice::new("", label);
    let categories = listing.options.categories.iter().map(|one| Choice::new(one.as_str(), values::category(*one)));
    let categories: Vec<_> = [any(words::ANY)].into_iter().chain(categories).collect();
    let cities = listing.options.cities.iter().map(|city| Choice::new(city.clone(), city.clone()));
    let cities: Vec<_> = [any(words::ANY)].into_iter().chain(cities).collect();
    let platforms = Platform::ALL.into_iter().map(|one| Choice::new(one.as_str(), one.label()));
    let platforms: Vec<_> = [any(words::ANY)].into_iter().chain(platforms).collect();
    let kinds = CanjeType::ALL.into_iter().map(|one| Choice::new(one.as_str(), campaign_words::canje_type(one)));
    let kinds: Vec<_> = [any(words::ANY_CANJE)].into_iter().chain(kinds).collect();
    let followers = words::FOLLOWER_CHOICES;
    let followers = followers.into_iter().map(|most| Choice::new(most.to_string(), words::followers_choice(most)));
    let followers: Vec<_> = [any(words::ANY_FOLLOWERS)].into_iter().chain(followers).collect();
    let is_narrowed = Asked { q: String::new(), ..asked.clone() }.filter() != Default::default();
    let fitting = listing.is_creator.then(|| {
        view! {
            <Checkbox
                name="fit"
                value="1"
                label=words::ONLY_FITTING
                checked=asked.fit == "1"
                testid="catalogue-fit"
            />
        }
    });
    view! {
        <form method="get" action=PATH data-autosubmit="" class="stack" data-testid="catalogue-filters">
            <SearchField
                name="q"
                label=words::SEARCH
                placeholder=words::SEARCH_HINT
                value=asked.q.clone()
                testid="catalogue-search"
            />
            <details class="disclosure" open=is_narrowed>
                <summary data-testid="catalogue-filter">{words::FILTER}</summary>
                <div class="filters">
                    <Select name="category" label=words::CATEGORY choices=categories value=asked.category.clone() testid="catalogue-category"/>
                    <Select name="city" label=words::CITY choices=cities value=asked.city.clone() testid="catalogue-city"/>
                    <Select name="platform" label=words::PLATFORM choices=platforms value=asked.platform.clone()/>
                    <Select name="canje" label=words::CANJE choices=kinds value=asked.canje.clone()/>
                    <Select name="followers" label=words::FOLLOWERS choices=followers value=asked.followers.clone()/>
                    {fitting}
                    <Button testid="catalogue-submit">{words::APPLY_FILTER}</Button>
                </div>
            </details>
        </form>
    }
}

fn chips(asked: &Asked) -> Vec<Chip> {
    let filter = asked.filter();
    let mut chips = Vec::new();
    let mut add = |label: String, without: fn(&mut Asked)| {
        chips.push(Chip { label: label.into(), remove: asked.with(without).into() });
    };
    if !filter.text.is_empty() {
        add(format!("«{}»", asked.q.trim()), |asked| asked.q.clear());
    }
    if let Some(category) = filter.category {
        add(values::category(category).into(), |asked: &mut Asked| asked.category.clear());
    }
    if !filter.city.is_empty() {
        add(asked.city.trim().to_owned(), |asked| asked.city.clear());
    }
    if let Some(platform) = filter.platform {
        add(platform.label().into(), |asked| asked.platform.clear());
    }
    if let Some(kind) = filter.canje {
        add(campaign_words::canje_type(kind).into(), |asked| asked.canje.clear());
    }
    if let Some(most) = filter.followers {
        add(words::followers_choice(most), |asked| asked.followers.clear());
    }
    if filter.only_fitting {
        add(words::ONLY_FITTING.into(), |asked| asked.fit.clear());
    }
    chips
}
