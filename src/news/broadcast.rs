//! Telling creators of a new campaign: a job that goes through them page by page, once per campaign.

use std::time::Duration;

use bson::doc;
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::facts::{Facts, Stage, Wanted};
use super::told::{Outgoing, Told, Ways};
use super::{brands, creators, team};
use crate::adopt::state;
use crate::app::App;
use crate::applications::requirements;
use crate::campaigns::{Campaign, CampaignStatus, markup};
use crate::creators::Creator;
use crate::db::{Db, with_transaction};
use crate::failure::Failure;
use crate::i18n::campaigns;
use crate::i18n::news::{self as shared, creator as words, team as team_words};
use crate::i18n::number::integer;
use crate::jobs::{self, Job, Run, When};
use crate::mail::templates::{CampaignCode as Code, LetterLink, LetterRow};
use crate::notifications::PersonalType as Kind;
use crate::values::{CampaignId, CreatorId};

/// Creators told in one transaction.
const TOGETHER: i64 = 200;
/// Characters of the description.
const EXCERPT: usize = 200;

/// E-02, and E-03 when it is done. Running twice tells nobody twice: each letter has its key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Broadcast {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Job for Broadcast {
    const NAME: &'static str = "news.broadcast_campaign";
    const BUSINESS: bool = true;
    const LONGEST: Duration = Duration::from_secs(20 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let mut sums = Sums::default();
        let mut after = None;
        loop {
            run.still_mine().await?;
            let page = page(&run.app.db, after.as_ref()).await.map_err(super::broken)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            let Some(some) = tell(&run.app, &self.campaign, &page).await.map_err(super::broken)? else {
                sums.is_cut = true;
                break;
            };
            sums.letters += some.letters;
            sums.unreachable += some.unreachable;
            sums.notices += some.notices;
        }
        report(&run.app, &self.campaign, &sums).await.map_err(super::broken)?;
        run.result(format!("{} ({})", sums.letters, sums.notices));
        Ok(())
    }
}

/// Has a campaign told to creators: one job, and each of them hears of it once.
pub async fn broadcast_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    campaign: &CampaignId,
) -> Result<(), Failure> {
    let when = When { key: Some(format!("news.broadcast:{campaign}")), ..When::default() };
    Ok(jobs::enqueue_in(session, db, now, &Broadcast { campaign: campaign.clone() }, &when).await?)
}

#[derive(Default)]
struct Sums {
    letters: u64,
    unreachable: u64,
    notices: u64,
    is_cut: bool,
}

async fn page(db: &Db, after: Option<&CreatorId>) -> Result<Vec<Creator>, Failure> {
    let mut filter = doc! { "is_active": true, "onboarding_completed": true, "notify_new_campaigns": { "$ne": false } };
    if let Some(after) = after {
        filter.insert("id", doc! { "$gt": after });
    }
    let found = db.stored::<Creator>().find(filter).sort(doc! { "id": 1 }).limit(TOGETHER).await?;
    Ok(found.try_collect().await?)
}

/// Tells a page of creators; `None` when the campaign is no longer for them to see.
async fn tell(app: &App, campaign: &CampaignId, page: &[Creator]) -> Result<Option<Sums>, Failure> {
    let now = app.clock.now();
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            state::refuse_while_mirroring(&app.db, session).await?;
            tell_in(session, app, now, campaign, page).await
        })
    })
    .await
}

async fn tell_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    campaign: &CampaignId,
    page: &[Creator],
) -> Result<Option<Sums>, Failure> {
    let wanted = Wanted::default().campaign(campaign).creators(page.iter().map(|creator| &creator.id));
    let facts = Facts::load_in(session, &app.db, now, wanted).await?;
    let Some(stage) = facts.stage(campaign).filter(|stage| is_offered(stage.campaign)) else { return Ok(None) };
    let mut out = Outgoing::default();
    let told = told(stage);
    for creator in page {
        let Some(card) = facts.creator(&creator.id) else { continue };
        // A hint, not a decision: applying checks everything again.
        let meets = requirements::unmet(creator, &stage.campaign.requirements, now).is_empty();
        let ways = if meets { Ways::Both } else { Ways::Mail };
        out.creator(&facts, card, &told, ways);
    }
    let sums = Sums {
        letters: out.letters() - out.unreachable,
        unreachable: out.unreachable,
        notices: out.notices(),
        is_cut: false,
    };
    out.write_in(session, app, now, &facts).await?;
    Ok(Some(sums))
}

fn is_offered(campaign: &Campaign) -> bool {
    campaign.status == CampaignStatus::Live && campaign.visible_to_creators
}

fn told(stage: Stage<'_>) -> Told {
    let campaign = stage.campaign;
    let slots = campaigns::slots(campaign.available_slots());
    Told::coded(Code::E02, Kind::NewCampaign, &campaign.id)
        .saying(
            words::new_campaign(&campaign.name, stage.brand_name()),
            markup::excerpt(&campaign.description, EXCERPT),
        )
        .more(words::new_campaign_slots(&slots))
        .to(format!("{}/{}", creators::CATALOGUE, campaign.id), shared::SEE_CAMPAIGN)
        .because(shared::FOOTER_MAILING, LetterLink::new("/ugc/creator/profile", shared::FOOTER_MAILING_LINK))
        .about("campaign", &campaign.id)
}

/// E-03.
async fn report(app: &App, campaign: &CampaignId, sums: &Sums) -> Result<(), Failure> {
    let now = app.clock.now();
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            state::refuse_while_mirroring(&app.db, session).await?;
            let facts = Facts::load_in(session, &app.db, now, Wanted::default().campaign(campaign).team()).await?;
            let mut out = Outgoing::default();
            if let Some(stage) = facts.stage(campaign) {
                out.team(&facts, &result(stage, sums), Ways::Mail);
            }
            out.write_in(session, app, now, &facts).await
        })
    })
    .await
}

fn result(stage: Stage<'_>, sums: &Sums) -> Told {
    let campaign = stage.campaign;
    let is_hidden = campaign.status == CampaignStatus::Live && !campaign.visible_to_creators && sums.letters == 0;
    // It may be told in parts: each of them has its own report.
    let (key, title, body) = match sums.is_cut {
        false => {
            let body = team_words::broadcast_body(stage.brand_name());
            (campaign.id.to_string(), team_words::broadcast(&campaign.name), body)
        }
        true if is_hidden => {
            let title = team_words::broadcast_hidden(&campaign.name);
            (format!("{}:hidden", campaign.id), title, team_words::BROADCAST_HIDDEN_BODY.to_owned())
        }
        true => {
            let title = team_words::broadcast_cut(&campaign.name);
            (format!("{}:cut", campaign.id), title, team_words::BROADCAST_CUT_BODY.to_owned())
        }
    };
    let rows = vec![
        LetterRow::new(shared::BRAND, stage.brand_name()),
        LetterRow::new(shared::SLOTS, integer(brands::count(campaign.total_slots_loaded))),
        LetterRow::new(shared::RECIPIENTS, integer(sums.letters)),
        LetterRow::new(shared::NOTICES, integer(sums.notices)),
        LetterRow::new(shared::FAILURES, integer(sums.unreachable)),
    ];
    Told::coded(Code::E03, Kind::CampaignStatus, key)
        .saying(title, body)
        .facts(None, rows)
        .to(team::MANAGER, shared::OPEN_CAMPAIGNS)
        .about("campaign", &campaign.id)
}
