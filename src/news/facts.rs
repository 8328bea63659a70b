//! What news needs to be told: names, addresses, deadlines; read together, however many news there are.

use std::collections::{BTreeMap, BTreeSet};

use bson::{Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::event::News;
use crate::accounts::model::{User, UserStatus};
use crate::applications::Application;
use crate::brands::Brand;
use crate::campaigns::Campaign;
use crate::creators::model::{Creator, Level, LevelOverride};
use crate::db::{Db, Stored, timestamp};
use crate::deliverables::Deliverable;
use crate::failure::Failure;
use crate::settings::{self, Settings};
use crate::values::{ApplicationId, BrandId, CampaignId, Capability, CreatorId, DeliverableId, Role};

/// Documents in one query.
const TOGETHER: usize = 500;

/// All that is read of a creator.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Card {
    pub id: CreatorId,
    pub user_id: String,
    pub name: String,
    level: Level,
    #[serde(default)]
    level_override: Option<LevelOverride>,
}

impl Card {
    pub fn level(&self) -> Level {
        self.level_override.as_ref().map_or(self.level, |set| set.level)
    }
}

/// All that is read of an account.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Account {
    pub user_id: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub name: String,
    role: Role,
    #[serde(default)]
    status: UserStatus,
}

impl Account {
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or_default()
    }
}

/// What has to be read.
#[derive(Default)]
pub(super) struct Wanted {
    applications: BTreeSet<ApplicationId>,
    deliverables: BTreeSet<DeliverableId>,
    campaigns: BTreeSet<CampaignId>,
    creators: BTreeSet<CreatorId>,
    has_team: bool,
}

impl Wanted {
    pub fn campaign(mut self, id: &CampaignId) -> Self {
        self.campaigns.insert(id.clone());
        self
    }

    pub fn creators<'a>(mut self, ids: impl IntoIterator<Item = &'a CreatorId>) -> Self {
        self.creators.extend(ids.into_iter().cloned());
        self
    }

    pub fn deliverables<'a>(mut self, ids: impl IntoIterator<Item = &'a DeliverableId>) -> Self {
        self.deliverables.extend(ids.into_iter().cloned());
        self
    }

    pub fn team(mut self) -> Self {
        self.has_team = true;
        self
    }

    pub fn of(news: &[News]) -> Self {
        let mut all = Self::default();
        for one in news {
            all.add(one);
        }
        all
    }

    fn add(&mut self, news: &News) {
        match news {
            News::CampaignPublished { campaign } | News::CampaignMoved { campaign, .. } => {
                self.campaigns.insert(campaign.clone());
            }
            News::SlotsTaken { campaign, .. } => {
                self.campaigns.insert(campaign.clone());
                self.has_team = true;
            }
            News::SlotsReloaded { loads } => {
                self.campaigns.extend(loads.iter().map(|(campaign, _)| campaign.clone()));
                self.has_team = true;
            }
            News::Shortlisted { application, .. }
            | News::Rejected { application, .. }
            | News::Reactivated { application, .. } => {
                self.applications.insert(application.clone());
            }
            News::CancelledByStaff { application, with_campaign, .. } => {
                self.applications.insert(application.clone());
                self.has_team |= !with_campaign;
            }
            News::Applied { application, .. }
            | News::Withdrawn { application, .. }
            | News::CancelledByCreator { application, .. } => {
                self.applications.insert(application.clone());
                self.has_team = true;
            }
            News::Confirmed { application, deliverable, .. } => {
                self.applications.insert(application.clone());
                self.deliverables.insert(deliverable.clone());
                self.has_team = true;
            }
            News::DeadlinesChanged { campaign, moved, .. } => {
                self.campaigns.insert(campaign.clone());
                self.creators.extend(moved.iter().map(|one| one.creator_id.clone()));
            }
            News::UrlRegistered { deliverable, .. }
            | News::UrlAdded { deliverable, .. }
            | News::UrlCorrected { deliverable, .. }
            | News::ContentRejected { deliverable, .. } => {
                self.deliverables.insert(deliverable.clone());
                self.has_team = true;
            }
            News::UrlEdited { deliverable, .. }
            | News::Approved { deliverable, .. }
            | News::ChangesRequested { deliverable, .. }
            | News::Reset { deliverable, .. }
            | News::Completed { deliverable, .. } => {
                self.deliverables.insert(deliverable.clone());
            }
            News::CreatorWelcome { creator } => {
                self.creators.insert(creator.clone());
                self.has_team = true;
            }
        }
    }
}

/// What was read.
pub(super) struct Facts {
    pub now: Timestamp,
    pub settings: Settings,
    applications: BTreeMap<ApplicationId, Application>,
    deliverables: BTreeMap<DeliverableId, Deliverable>,
    campaigns: BTreeMap<CampaignId, Campaign>,
    brands: BTreeMap<BrandId, Brand>,
    creators: BTreeMap<CreatorId, Card>,
    accounts: BTreeMap<String, Account>,
    /// Who works with campaigns.
    pub team: Vec<Account>,
    /// What couldn't be found or read: told to those who look after the platform.
    pub missing: Vec<String>,
}

/// A campaign with its brand.
#[derive(Clone, Copy)]
pub(super) struct Stage<'a> {
    pub campaign: &'a Campaign,
    pub brand: Option<&'a Brand>,
}

impl<'a> Stage<'a> {
    /// The name people know the brand by.
    pub fn brand_name(&self) -> &'a str {
        let shown = self.campaign.assets.brand_name.trim();
        if !shown.is_empty() { shown } else { self.brand.map_or("la marca", |brand| &brand.company_name) }
    }
}

/// Somebody's part in a campaign.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub stage: Stage<'a>,
    pub creator: &'a Card,
    pub application: Option<&'a Application>,
    pub delivery: Option<&'a Deliverable>,
}

impl<'a> Part<'a> {
    pub fn campaign(&self) -> &'a Campaign {
        self.stage.campaign
    }
}

impl Facts {
    /// Reads what is wanted, and whose it is. What can't be read is missing and stops nobody; a database that can't be
    /// asked does.
    pub async fn load_in(
        session: &mut ClientSession,
        db: &Db,
        now: Timestamp,
        wanted: Wanted,
    ) -> Result<Self, Failure> {
        let settings = settings::load_in(&mut *session, db).await?;
        let mut missing = Vec::new();
        let Wanted { applications, deliverables, mut campaigns, mut creators, has_team } = wanted;
        let everything = doc! {};
        let applications: BTreeMap<_, Application> =
            read_in(session, db, "id", applications, &everything, |one: &Application| one.id.clone(), &mut missing)
                .await?;
        let deliverables: BTreeMap<_, Deliverable> =
            read_in(session, db, "id", deliverables, &everything, |one: &Deliverable| one.id.clone(), &mut missing)
                .await?;
        campaigns.extend(applications.values().map(|one| one.campaign_id.clone()));
        campaigns.extend(deliverables.values().map(|one| one.campaign_id.clone()));
        creators.extend(applications.values().map(|one| one.creator_id.clone()));
        creators.extend(deliverables.values().map(|one| one.creator_id.clone()));
        let campaigns: BTreeMap<_, Campaign> =
            read_in(session, db, "id", campaigns, &everything, |one: &Campaign| one.id.clone(), &mut missing).await?;
        let card = doc! { "_id": 0, "id": 1, "user_id": 1, "name": 1, "level": 1, "level_override": 1 };
        let creators: BTreeMap<_, Card> =
            read_of_in::<Creator, _, _>(session, db, "id", creators, &card, |one: &Card| one.id.clone(), &mut missing)
                .await?;
        let brands: BTreeSet<_> = campaigns.values().map(|one| one.brand_id.clone()).collect();
        let brands: BTreeMap<_, Brand> =
            read_in(session, db, "id", brands, &everything, |one: &Brand| one.id.clone(), &mut missing).await?;
        let people = creators.values().map(|one| one.user_id.clone());
        let people: BTreeSet<_> = people.chain(brands.values().filter_map(|one| one.user_id.clone())).collect();
        let slim = doc! { "_id": 0, "user_id": 1, "email": 1, "name": 1, "role": 1, "status": 1 };
        let accounts = read_of_in::<User, _, _>(
            session,
            db,
            "user_id",
            people,
            &slim,
            |one: &Account| one.user_id.clone(),
            &mut missing,
        )
        .await?;
        let team = if has_team { team_in(session, db, &slim).await? } else { Vec::new() };
        Ok(Self { now, settings, applications, deliverables, campaigns, brands, creators, accounts, team, missing })
    }

    /// A campaign with its brand.
    pub fn stage(&self, campaign: &CampaignId) -> Option<Stage<'_>> {
        let campaign = self.campaigns.get(campaign)?;
        Some(Stage { campaign, brand: self.brands.get(&campaign.brand_id) })
    }

    /// Somebody's application.
    pub fn application(&self, id: &ApplicationId) -> Option<Part<'_>> {
        let application = self.applications.get(id)?;
        Some(Part {
            stage: self.stage(&application.campaign_id)?,
            creator: self.creators.get(&application.creator_id)?,
            application: Some(application),
            delivery: None,
        })
    }

    /// Somebody's delivery.
    pub fn delivery(&self, id: &DeliverableId) -> Option<Part<'_>> {
        let delivery = self.deliverables.get(id)?;
        Some(Part {
            stage: self.stage(&delivery.campaign_id)?,
            creator: self.creators.get(&delivery.creator_id)?,
            application: self.applications.get(&delivery.application_id),
            delivery: Some(delivery),
        })
    }

    /// A creator.
    pub fn creator(&self, id: &CreatorId) -> Option<&Card> {
        self.creators.get(id)
    }

    /// An account that was read.
    pub fn account(&self, user_id: &str) -> Option<&Account> {
        self.accounts.get(user_id)
    }

    /// Whom the team's mail goes to: the list of the settings, else everybody who owns the platform.
    pub fn team_addresses(&self) -> BTreeSet<String> {
        let listed = &self.settings.alert_recipients.ugc;
        if !listed.is_empty() {
            return listed.iter().cloned().collect();
        }
        let owners = self.team.iter().filter(|person| person.role == Role::Superadmin);
        owners.filter_map(|person| person.email.clone()).collect()
    }

    /// A stored deadline in words.
    pub fn by(&self, at: bson::DateTime) -> String {
        crate::i18n::waits::by(timestamp(at).unwrap_or(self.now), self.now)
    }
}

/// Everybody who may run campaigns.
async fn team_in(session: &mut ClientSession, db: &Db, slim: &Document) -> Result<Vec<Account>, Failure> {
    let roles: Vec<_> =
        Role::ALL.into_iter().filter(|role| role.may(Capability::UgcManage)).map(Role::as_str).collect();
    let users = db.live.collection::<Account>(User::COLLECTION);
    let found = users.find(doc! { "role": { "$in": roles } }).projection(slim.clone());
    let mut found = found.session(&mut *session).await?;
    let team: Vec<Account> = found.stream(&mut *session).try_collect().await?;
    Ok(team.into_iter().filter(Account::is_active).collect())
}

async fn read_in<T, I>(
    session: &mut ClientSession,
    db: &Db,
    field: &str,
    ids: BTreeSet<I>,
    projection: &Document,
    id_of: fn(&T) -> I,
    missing: &mut Vec<String>,
) -> Result<BTreeMap<I, T>, Failure>
where
    T: Stored + DeserializeOwned,
    I: Ord + Clone + Into<bson::Bson> + std::fmt::Display,
{
    read_of_in::<T, T, I>(session, db, field, ids, projection, id_of, missing).await
}

/// Reads the documents of `C` with these ids as `T`s.
async fn read_of_in<C, T, I>(
    session: &mut ClientSession,
    db: &Db,
    field: &str,
    ids: BTreeSet<I>,
    projection: &Document,
    id_of: fn(&T) -> I,
    missing: &mut Vec<String>,
) -> Result<BTreeMap<I, T>, Failure>
where
    C: Stored,
    T: DeserializeOwned,
    I: Ord + Clone + Into<bson::Bson> + std::fmt::Display,
{
    let all = db.live.collection::<Document>(C::COLLECTION);
    let mut known = BTreeMap::new();
    let ids: Vec<I> = ids.into_iter().collect();
    for some in ids.chunks(TOGETHER) {
        let some: Vec<bson::Bson> = some.iter().cloned().map(Into::into).collect();
        let found = all.find(doc! { field: { "$in": some } }).projection(projection.clone());
        let mut found = found.session(&mut *session).await?;
        while let Some(document) = found.stream(&mut *session).try_next().await? {
            match bson::deserialize_from_document::<T>(document) {
                Ok(one) => drop(known.insert(id_of(&one), one)),
                Err(error) => tracing::error!("a document of {} can't be read: {error}", C::COLLECTION),
            }
        }
    }
    let lost = ids.into_iter().filter(|id| !known.contains_key(id));
    missing.extend(lost.map(|id| format!("{} {id}", C::COLLECTION)));
    Ok(known)
}
