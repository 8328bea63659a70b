//! What always has to hold between campaigns, applications and deliveries, compared with the facts.
//!
//! A nightly job looks and tells; it repairs nothing, because a difference means that something wrote what it shouldn't.

use std::collections::HashMap;
use std::time::Duration;

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};

use super::model::{Application, ApplicationStatus};
use crate::adopt::state::is_mirroring;
use crate::campaigns::model::{Campaign, Tally};
use crate::db::{Db, Stored, with_transaction};
use crate::deliverables::{Deliverable, DeliverableStatus};
use crate::failure::Failure;
use crate::i18n::applications as words;
use crate::jobs::{Job, Run};
use crate::notifications::{Event, publish};
use crate::values::names::names;
use crate::values::{ApplicationId, CampaignId, DeliverableId};
use crate::waits::{Period, Waiting};

/// How many differences a notice names.
const NAMED: usize = 20;

names! {
    /// What doesn't hold.
    Rule {
        /// `slots_filled` is the number of confirmed applications, and not more than were loaded.
        Slots = "slots",
        /// The campaign's counts are what is counted.
        Tally = "tally",
        /// A confirmed application has one delivery, and no other application has an open one.
        OneDelivery = "one_delivery",
        /// Application and delivery say the same deadlines.
        Deadlines = "deadlines",
        /// What is owed is what the deadlines and the facts say.
        Owed = "owed",
        /// Whoever waits knows for whom and until when.
        Waiting = "waiting",
        /// A delivery's state is one its facts allow.
        State = "state",
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Which rule.
    pub rule: Rule,
    /// In which campaign.
    pub campaign: CampaignId,
    /// The document, where it isn't the campaign itself.
    pub document: Option<String>,
    /// What is stored and what it should be.
    pub detail: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.document.as_deref().unwrap_or(self.campaign.as_str());
        write!(f, "{} {place}: {}", self.rule.as_str(), self.detail)
    }
}

/// An application, as far as the rules speak of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    id: ApplicationId,
    status: ApplicationStatus,
    #[serde(default)]
    waiting: Option<Waiting>,
    #[serde(default)]
    url_deadline: Option<DateTime>,
    #[serde(default)]
    metrics_deadline: Option<DateTime>,
}

impl From<&Application> for Asked {
    fn from(one: &Application) -> Self {
        Self {
            id: one.id.clone(),
            status: one.status,
            waiting: one.waiting.clone(),
            url_deadline: one.url_deadline,
            metrics_deadline: one.metrics_deadline,
        }
    }
}

/// Compares one campaign with its applications and deliveries, all of one moment.
pub async fn check_campaign(db: &Db, id: &CampaignId) -> Result<Vec<Difference>, Failure> {
    let unneeded = doc! { "status_history": 0, "review_notes": 0, "legacy_attempts": 0 };
    let (campaign, asked, deliveries) = with_transaction(db, |session| {
        let unneeded = unneeded.clone();
        Box::pin(async move {
            let campaign = crate::campaigns::store::find_in(session, db, id).await?;
            let all = db.live.collection::<Asked>(Application::COLLECTION);
            let wanted = doc! { "id": 1, "status": 1, "waiting": 1, "url_deadline": 1, "metrics_deadline": 1 };
            let found = all.find(doc! { "campaign_id": id }).projection(wanted);
            let asked: Vec<Asked> = found.session(&mut *session).await?.stream(&mut *session).try_collect().await?;
            let all = db.stored::<Deliverable>();
            let found = all.find(doc! { "campaign_id": id }).projection(unneeded);
            let deliveries: Vec<Deliverable> =
                found.session(&mut *session).await?.stream(&mut *session).try_collect().await?;
            Ok::<_, Failure>((campaign, asked, deliveries))
        })
    })
    .await?;
    Ok(campaign.map(|campaign| compare(&campaign, &asked, &deliveries)).unwrap_or_default())
}

/// The differences within one campaign.
pub fn compare(campaign: &Campaign, asked: &[Asked], deliveries: &[Deliverable]) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differ = |rule: Rule, document: Option<&str>, detail: String| {
        let document = document.map(Into::into);
        found.push(Difference { rule, campaign: campaign.id.clone(), document, detail });
    };
    let mut by_application: HashMap<&ApplicationId, &Deliverable> = HashMap::new();
    for one in deliveries {
        if by_application.insert(&one.application_id, one).is_some() {
            differ(Rule::OneDelivery, Some(one.application_id.as_str()), "more than one".into());
        }
        for (rule, detail) in of_delivery(one) {
            differ(rule, Some(one.id.as_str()), detail);
        }
    }
    let mut tally = Tally::default();
    for one in asked {
        let delivery = by_application.remove(&one.id);
        for (rule, detail) in of_application(one, delivery) {
            differ(rule, Some(one.id.as_str()), detail);
        }
        count(&mut tally, one.status, delivery);
    }
    for orphan in by_application.values() {
        differ(Rule::OneDelivery, Some(orphan.id.as_str()), "its application isn't there".into());
    }
    if campaign.slots_filled != tally.confirmed || campaign.slots_filled > campaign.total_slots_loaded {
        let (filled, loaded) = (campaign.slots_filled, campaign.total_slots_loaded);
        differ(Rule::Slots, None, format!("{filled} of {loaded} filled, {} confirmed", tally.confirmed));
    }
    if campaign.tally != tally {
        differ(Rule::Tally, None, format!("stored {:?}, counted {tally:?}", campaign.tally));
    }
    found
}

fn of_application(one: &Asked, delivery: Option<&Deliverable>) -> Vec<(Rule, String)> {
    let mut found = Vec::new();
    let period = match one.status {
        ApplicationStatus::Applied => Some(Period::Applied),
        ApplicationStatus::Shortlisted => Some(Period::Shortlisted),
        _ => None,
    };
    if one.waiting.as_ref().map(|waiting| waiting.period) != period {
        found.push((Rule::Waiting, format!("{} waits for {:?}", one.status.as_str(), one.waiting)));
    }
    match delivery {
        None if one.status == ApplicationStatus::Confirmed => {
            found.push((Rule::OneDelivery, "confirmed without a delivery".into()));
        }
        Some(delivery) if one.status == ApplicationStatus::Confirmed => {
            if delivery.status == DeliverableStatus::Cancelled {
                found.push((Rule::OneDelivery, "confirmed with a cancelled delivery".into()));
            }
            let (here, there) =
                ((one.url_deadline, one.metrics_deadline), (delivery.url_deadline, delivery.metrics_deadline));
            if here != there || here.0.is_none() || here.1.is_none() {
                found.push((Rule::Deadlines, format!("{here:?} here, {there:?} on its delivery")));
            }
        }
        Some(delivery) if delivery.status != DeliverableStatus::Cancelled => {
            found.push((Rule::OneDelivery, format!("{} with an open delivery", one.status.as_str())));
        }
        _ => {}
    }
    found
}

fn of_delivery(one: &Deliverable) -> Vec<(Rule, String)> {
    use DeliverableStatus as S;
    let mut found = Vec::new();
    if (one.owes_url_by, one.owes_metrics_by) != one.owed() {
        found.push((Rule::Owed, format!("{:?} and {:?}", one.owes_url_by, one.owes_metrics_by)));
    }
    if one.metrics_window_closes != one.metrics_deadline || one.metrics_window_opens != one.published_at {
        found.push((Rule::Deadlines, "the window for metrics isn't its deadline's".into()));
    }
    let period = match one.status {
        S::AwaitingPublish | S::Approved | S::MetricsPending => Some(Period::Deadline),
        S::Published | S::Resubmitted => Some(Period::Review),
        S::ChangesRequested => Some(Period::Changes),
        S::MetricsSubmitted | S::MetricsLate | S::MetricsVerified | S::Rejected => Some(Period::Close),
        S::Completed | S::Cancelled => None,
    };
    if one.waiting.as_ref().map(|waiting| waiting.period) != period {
        found.push((Rule::Waiting, format!("{} waits for {:?}", one.status.as_str(), one.waiting)));
    }
    let is_sound = match one.status {
        S::AwaitingPublish => !one.has_url() && !one.has_metrics(),
        S::Published | S::Resubmitted | S::ChangesRequested | S::Approved | S::MetricsPending => {
            one.has_url() && !one.has_metrics()
        }
        S::MetricsSubmitted | S::MetricsLate | S::MetricsVerified | S::Completed => one.is_delivered(),
        S::Rejected | S::Cancelled => true,
    };
    if !is_sound || (one.has_url() && one.published_at.is_none()) {
        let (url, metrics) = (one.has_url(), one.has_metrics());
        found.push((Rule::State, format!("{} with address {url}, metrics {metrics}", one.status.as_str())));
    }
    found
}

fn count(tally: &mut Tally, status: ApplicationStatus, delivery: Option<&Deliverable>) {
    let counter = match status {
        ApplicationStatus::Applied => &mut tally.applied,
        ApplicationStatus::Shortlisted => &mut tally.shortlisted,
        ApplicationStatus::Confirmed => &mut tally.confirmed,
        ApplicationStatus::Rejected => &mut tally.rejected,
        ApplicationStatus::Withdrawn => &mut tally.withdrawn,
        ApplicationStatus::Cancelled => &mut tally.cancelled,
    };
    *counter += 1;
    let Some(delivery) = delivery.filter(|_| status == ApplicationStatus::Confirmed) else { return };
    tally.with_url += i32::from(delivery.has_url());
    tally.with_metrics += i32::from(delivery.has_metrics());
    let (url, metrics) = delivery.owed();
    tally.next_url_due = tally.next_url_due.into_iter().chain(url).min();
    tally.next_metrics_due = tally.next_metrics_due.into_iter().chain(metrics).min();
}

/// Deliveries of campaigns that aren't there.
async fn orphans(db: &Db, campaigns: &[CampaignId]) -> Result<Vec<Difference>, Failure> {
    #[derive(Deserialize)]
    struct Placed {
        id: DeliverableId,
        campaign_id: CampaignId,
    }
    let all = db.live.collection::<Placed>(Deliverable::COLLECTION);
    let mut cursor = all.find(doc! {}).projection(doc! { "id": 1, "campaign_id": 1, "_id": 0 }).await?;
    let known: std::collections::HashSet<_> = campaigns.iter().collect();
    let mut found = Vec::new();
    while let Some(one) = cursor.try_next().await? {
        if !known.contains(&one.campaign_id) {
            found.push(Difference {
                rule: Rule::OneDelivery,
                campaign: one.campaign_id,
                document: Some(one.id.as_str().into()),
                detail: "its campaign isn't there".into(),
            });
        }
    }
    Ok(found)
}

/// Compares every campaign.
pub async fn check(db: &Db) -> Result<Vec<Difference>, Failure> {
    let all = db.live.collection::<Document>(Campaign::COLLECTION);
    let ids: Vec<Document> =
        all.find(doc! {}).projection(doc! { "id": 1, "_id": 0 }).sort(doc! { "id": 1 }).await?.try_collect().await?;
    let ids: Vec<_> = ids.iter().filter_map(|one| one.get_str("id").ok().map(CampaignId::of)).collect();
    let mut found = orphans(db, &ids).await?;
    for id in &ids {
        found.extend(check_campaign(db, id).await?);
    }
    Ok(found)
}

/// The nightly comparison: one notice that lists what differs, and its end when nothing does.
#[derive(Default, Serialize, Deserialize)]
pub struct CheckInvariants;

impl Job for CheckInvariants {
    const NAME: &'static str = "applications.check_invariants";
    const BUSINESS: bool = true;
    const LONGEST: Duration = Duration::from_secs(30 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let (db, now) = (&run.app.db, run.app.clock.now());
        if is_mirroring(db).await? {
            run.result(words::CHECK_PAUSED.to_owned());
            return Ok(());
        }
        let found = check(db).await.map_err(broken)?;
        let named: Vec<_> = found.iter().take(NAMED).map(ToString::to_string).collect();
        for one in &named {
            run.log(one).await?;
        }
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let event = if total == 0 { Event::UgcConsistent } else { Event::UgcDiffers { total, found: named } };
        run.result(words::checked(total));
        publish(db, now, &[event]).await.map_err(broken)
    }
}

fn broken(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => refusal.into(),
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
    }
}
