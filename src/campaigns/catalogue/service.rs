//! What the catalogue's pages ask for: the list, one campaign, and the form to apply.
//!
//! Every page costs the same few queries, however many campaigns, creators and applications there are.

use std::collections::HashMap;

use jiff::Timestamp;

use super::asked::{Asked, Filter};
use super::fit::unmet;
use super::listing::{self, From, Key, Options};
use super::model::{Candidate, PublicCampaign};
use super::store;
use crate::applications;
use crate::applications::model::{Application, ApplicationStatus};
use crate::brands::store as brands;
use crate::campaigns::model::Campaign;
use crate::campaigns::store as campaigns;
use crate::creators::model::Creator;
use crate::creators::service::own;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::{BrandId, CampaignId, LocalDate};

/// What applying to a campaign means for whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody is signed in.
    Guest,
    /// An account without a creator's profile.
    NoProfile,
    /// They applied; withdrawn applications don't count.
    Applied(ApplicationStatus),
    /// What they don't meet.
    Unfit(Vec<String>),
    /// Nothing stands in the way that a card can tell.
    May,
}

/// One campaign of the list.
#[derive(Debug)]
pub struct Card {
    /// The campaign.
    pub campaign: PublicCampaign,
    /// What applying means.
    pub standing: Standing,
}

/// A page of the catalogue.
#[derive(Debug)]
pub struct Listing {
    /// At most twenty.
    pub cards: Vec<Card>,
    /// Which place the first has, from 1.
    pub first: usize,
    /// All that are looked for.
    pub total: usize,
    /// Where the page before ends.
    pub previous: Option<Key>,
    /// Where the next page begins.
    pub next: Option<Key>,
    /// What the filters offer.
    pub options: Options,
    /// The filter in force.
    pub filter: Filter,
    /// Whether a creator looks.
    pub is_creator: bool,
}

/// Who looks at the catalogue.
enum Viewer {
    Guest,
    NoProfile,
    Creator(Box<Creator>),
}

impl Viewer {
    async fn of(ctx: &Ctx) -> Result<Self, Failure> {
        Ok(match own(ctx).await? {
            Some(creator) => Self::Creator(Box::new(creator)),
            None if ctx.person().is_ok() => Self::NoProfile,
            None => Self::Guest,
        })
    }

    fn standing(&self, campaign: &Campaign, applied: Option<ApplicationStatus>, now: Timestamp) -> Standing {
        match (self, applied.filter(|status| *status != ApplicationStatus::Withdrawn)) {
            (Self::Guest, _) => Standing::Guest,
            (Self::NoProfile, _) => Standing::NoProfile,
            (Self::Creator(_), Some(status)) => Standing::Applied(status),
            (Self::Creator(creator), None) => match unmet(creator, &campaign.requirements, now) {
                reasons if reasons.is_empty() => Standing::May,
                reasons => Standing::Unfit(reasons),
            },
        }
    }
}

/// A page of the list.
pub async fn list(ctx: &Ctx, asked: &Asked) -> Result<Listing, Failure> {
    let (now, filter) = (ctx.now(), asked.filter());
    let (viewer, listed) = tokio::try_join!(Viewer::of(ctx), listed(ctx, &filter))?;
    let options = Options::of(&listed);
    let fits = |candidate: &Candidate| match &viewer {
        Viewer::Creator(creator) if filter.only_fitting => unmet(creator, &candidate.requirements, now).is_empty(),
        _ => true,
    };
    let mut found: Vec<_> = listed.into_iter().filter(|one| filter.matches(one) && fits(one)).collect();
    listing::sort(&mut found);
    let from = match (Key::parse(&asked.before), Key::parse(&asked.after)) {
        (Some(key), _) => From::Before(key),
        (None, Some(key)) => From::After(key),
        (None, None) => From::Newest,
    };
    let window = listing::window(found, &from);
    let ids: Vec<_> = window.rows.into_iter().map(|row| row.id).collect();
    Ok(Listing {
        cards: cards(ctx, &viewer, &ids, now).await?,
        first: window.first,
        total: window.total,
        previous: window.previous,
        next: window.next,
        options,
        filter,
        is_creator: matches!(viewer, Viewer::Creator(_)),
    })
}

/// The newest campaigns that take applications, for a page that only shows some.
pub async fn newest(ctx: &Ctx, most: usize) -> Result<Vec<Card>, Failure> {
    let mut found = listed(ctx, &Filter::default()).await?;
    listing::sort(&mut found);
    let ids: Vec<_> = found.into_iter().take(most).map(|one| one.id).collect();
    cards(ctx, &Viewer::Guest, &ids, ctx.now()).await
}

/// Every campaign that takes applications: its brand is active, its contract in force, a place free.
async fn listed(ctx: &Ctx, filter: &Filter) -> Result<Vec<Candidate>, Failure> {
    let today = LocalDate::of(ctx.now());
    let mut open = store::candidates(&ctx.app.db, today, filter).await?;
    open.retain(|one| one.is_listed(today));
    let mut owners: Vec<BrandId> = open.iter().map(|one| one.brand_id.clone()).collect();
    owners.sort();
    owners.dedup();
    let off = store::inactive(&ctx.app.db, &owners).await?;
    open.retain(|one| !off.contains(&one.brand_id));
    Ok(open)
}

async fn cards(ctx: &Ctx, viewer: &Viewer, ids: &[CampaignId], now: Timestamp) -> Result<Vec<Card>, Failure> {
    let db = &ctx.app.db;
    let own = async {
        match viewer {
            Viewer::Creator(creator) => store::own(db, &creator.id, ids).await,
            _ => Ok(Vec::new()),
        }
    };
    let (found, applied) = tokio::try_join!(store::campaigns(db, ids), own)?;
    let applied: HashMap<_, _> = applied.into_iter().map(|one| (one.campaign_id, one.status)).collect();
    let mut by_id: HashMap<_, _> = found.into_iter().map(|campaign| (campaign.id.clone(), campaign)).collect();
    let in_order = ids.iter().filter_map(|id| by_id.remove(id));
    Ok(in_order
        .map(|campaign| Card {
            campaign: PublicCampaign::of(&campaign, now),
            standing: viewer.standing(&campaign, applied.get(&campaign.id).copied(), now),
        })
        .collect())
}

/// What whoever looks has to do with one campaign.
struct Found {
    campaign: Campaign,
    viewer: Viewer,
    application: Option<Application>,
}

/// A campaign whoever looks may see: a public one of an active brand, or one they applied to.
async fn find(ctx: &Ctx, id: &CampaignId) -> Result<Found, Failure> {
    let db = &ctx.app.db;
    let (viewer, campaign) = tokio::try_join!(Viewer::of(ctx), campaigns::find(db, id))?;
    let campaign = campaign.ok_or(AppError::NotFound)?;
    let own = async {
        match &viewer {
            Viewer::Creator(creator) => store::own(db, &creator.id, std::slice::from_ref(id)).await,
            _ => Ok(Vec::new()),
        }
    };
    let (brand, own) = tokio::try_join!(brands::find(db, &campaign.brand_id), own)?;
    let application = own.into_iter().next();
    let is_public = campaign.is_public() && brand.is_none_or(|brand| brand.is_active);
    let is_part = application.as_ref().is_some_and(|one| one.status != ApplicationStatus::Withdrawn);
    if is_public || is_part { Ok(Found { campaign, viewer, application }) } else { Err(AppError::NotFound.into()) }
}

/// One campaign.
#[derive(Debug)]
pub struct Shown {
    /// The campaign.
    pub campaign: PublicCampaign,
    /// What applying means.
    pub standing: Standing,
    /// Whether a creator looks.
    pub is_creator: bool,
}

/// One campaign, for its page.
pub async fn detail(ctx: &Ctx, id: &CampaignId) -> Result<Shown, Failure> {
    let Found { campaign, viewer, application } = find(ctx, id).await?;
    let now = ctx.now();
    Ok(Shown {
        campaign: PublicCampaign::of(&campaign, now),
        standing: viewer.standing(&campaign, application.map(|one| one.status), now),
        is_creator: matches!(viewer, Viewer::Creator(_)),
    })
}

/// The way of somebody who wants to apply.
#[derive(Debug)]
pub enum Step {
    /// First an account.
    SignUp,
    /// Then a creator's profile.
    Onboarding,
    /// Then the form.
    Form(Box<Applying>),
}

/// The form to apply, or why there is none.
#[derive(Debug)]
pub struct Applying {
    /// To what.
    pub campaign: PublicCampaign,
    /// Who.
    pub creator: Creator,
    /// Why they may not.
    pub refusal: Option<AppError>,
    /// Whether that is because they did.
    pub has_applied: bool,
}

/// What comes next for somebody who wants to apply.
pub async fn applying(ctx: &Ctx, id: &CampaignId) -> Result<Step, Failure> {
    let Found { campaign, viewer, application } = find(ctx, id).await?;
    let creator = match viewer {
        Viewer::Guest => return Ok(Step::SignUp),
        Viewer::NoProfile => return Ok(Step::Onboarding),
        Viewer::Creator(creator) => *creator,
    };
    let refusal = match applications::service::may_apply(ctx, Some(&creator), &campaign, application.as_ref()) {
        Ok(()) => None,
        Err(Failure::Refused(refusal)) => Some(refusal),
        Err(fault) => return Err(fault),
    };
    let has_applied = application.is_some_and(|one| one.status != ApplicationStatus::Withdrawn);
    let campaign = PublicCampaign::of(&campaign, ctx.now());
    Ok(Step::Form(Box::new(Applying { campaign, creator, refusal, has_applied })))
}
