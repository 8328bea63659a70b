//! What the catalogue's pages ask for: the list, one campaign, and the form to apply.
//!
//! Every page costs the same few queries, however many campaigns, creators and applications there are; the list's campaigns
//! are read once for everybody who asks within a moment.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::asked::{Asked, Filter};
use super::listing::{self, From, Key, Options};
use super::model::{Listed, PublicCampaign};
use super::store;
use crate::applications;
use crate::applications::model::{Application, ApplicationStatus};
use crate::applications::requirements;
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
    pub campaign: Arc<PublicCampaign>,
    /// How its description begins.
    pub excerpt: Arc<str>,
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
            (Self::Creator(creator), None) => match requirements::unmet(creator, &campaign.requirements, now) {
                unmet if unmet.is_empty() => Standing::May,
                unmet => Standing::Unfit(unmet.into_iter().map(|one| one.says).collect()),
            },
        }
    }
}

/// A page of the list.
pub async fn list(ctx: &Ctx, asked: &Asked) -> Result<Listing, Failure> {
    let (now, filter) = (ctx.now(), asked.filter());
    let (viewer, listed) = tokio::try_join!(Viewer::of(ctx), listed(ctx))?;
    let open = open(&listed, now);
    let options = Options::of(&open);
    let fits = |one: &Listed| match &viewer {
        Viewer::Creator(creator) if filter.only_fitting => {
            requirements::unmet(creator, &one.campaign.requirements, now).is_empty()
        }
        _ => true,
    };
    let found: Vec<_> = open.into_iter().filter(|one| filter.matches(one) && fits(one)).collect();
    let from = match (Key::parse(&asked.before), Key::parse(&asked.after)) {
        (Some(key), _) => From::Before(key),
        (None, Some(key)) => From::After(key),
        (None, None) => From::Newest,
    };
    let window = listing::window(&found, &from);
    Ok(Listing {
        cards: cards(ctx, &viewer, &window.rows).await?,
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
    let listed = listed(ctx).await?;
    let mut open = open(&listed, ctx.now());
    open.truncate(most);
    cards(ctx, &Viewer::Guest, &open).await
}

/// Every live and visible campaign of an active brand, newest first. The same for everybody, so it is read once and kept
/// for a moment: this is what most people ask for, and mostly just to look.
async fn listed(ctx: &Ctx) -> Result<Arc<Vec<Listed>>, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    let read = async {
        let mut live = store::live(db, LocalDate::of(now)).await?;
        let mut owners: Vec<BrandId> = live.iter().map(|one| one.brand_id.clone()).collect();
        owners.sort();
        owners.dedup();
        let active = store::active(db, &owners).await?;
        live.retain(|one| active.contains(&one.brand_id));
        let mut listed: Vec<Listed> = live.into_iter().map(|one| Listed::new(one, now)).collect();
        listing::sort(&mut listed);
        Ok(listed)
    };
    ctx.app.listed_campaigns.get(&db.commits, now, read).await
}

/// Those that take applications now: the contract in force, in time, a place free.
fn open(listed: &[Listed], now: Timestamp) -> Vec<&Listed> {
    let today = LocalDate::of(now);
    listed.iter().filter(|one| one.is_open(today)).collect()
}

async fn cards(ctx: &Ctx, viewer: &Viewer, shown: &[&Listed]) -> Result<Vec<Card>, Failure> {
    let applied = match viewer {
        Viewer::Creator(creator) => {
            let ids: Vec<CampaignId> = shown.iter().map(|one| one.campaign.id.clone()).collect();
            store::own(&ctx.app.db, &creator.id, &ids).await?
        }
        _ => Vec::new(),
    };
    let applied: HashMap<_, _> = applied.into_iter().map(|one| (one.campaign_id, one.status)).collect();
    let now = ctx.now();
    Ok(shown
        .iter()
        .map(|Listed { campaign, public, excerpt, .. }| Card {
            campaign: public.clone(),
            excerpt: excerpt.clone(),
            standing: viewer.standing(campaign, applied.get(&campaign.id).copied(), now),
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
    let is_public = campaign.is_public() && brand.is_some_and(|brand| brand.is_active);
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
