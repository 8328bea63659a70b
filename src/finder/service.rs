//! What is found: a few of each kind, limited by what whoever asks may see.

use bson::{Document, doc};
use futures::TryStreamExt;
use serde::Deserialize;

use crate::applications::model::{Application, ApplicationStatus};
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::creators::desk::campaign_names;
use crate::creators::model::Creator;
use crate::ctx::Ctx;
use crate::db::Stored;
use crate::db::keyset::literal;
use crate::failure::Failure;
use crate::i18n::{applications as application_words, campaigns as campaign_words, finder as words};
use crate::values::{CampaignId, Capability, CreatorId, fold};

/// Shortest text that is searched for, in characters.
const SHORTEST: usize = 2;
/// Longest, in characters.
const LONGEST: usize = 100;
/// Hits of a kind.
const HITS: usize = 5;
/// People whose applications are looked for.
const PEOPLE: i64 = 20;
/// Longest search.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is called.
    pub label: String,
    /// What else tells it apart.
    pub about: String,
    /// Where it is.
    pub href: String,
}

/// What was found of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The kind in words.
    pub title: &'static str,
    /// Not empty.
    pub hits: Vec<Hit>,
}

#[derive(Deserialize)]
struct Person {
    id: CreatorId,
    name: String,
    #[serde(default)]
    city: Option<String>,
}

/// Everything that matches, by kind; nothing for too short a text.
pub async fn find(ctx: &Ctx, q: &str) -> Result<Vec<Group>, Failure> {
    ctx.person()?;
    let q: String = q.trim().chars().take(LONGEST).collect();
    if q.chars().count() < SHORTEST || !ctx.may(Capability::UgcManage) {
        return Ok(Vec::new());
    }
    let like = doc! { "$or": [{ "search": { "$regex": literal(&fold(&q)) } }, { "id": &q }] };
    let (campaigns, people) = futures::try_join!(campaigns(ctx, like.clone()), people(ctx, like))?;
    let applications = applications(ctx, &people).await?;
    let creators = people.into_iter().take(HITS).map(|person| Hit {
        label: person.name,
        about: person.city.unwrap_or_default(),
        href: format!("/admin/ugc/creators/{}", person.id),
    });
    let groups =
        [(words::CAMPAIGNS, campaigns), (words::CREATORS, creators.collect()), (words::APPLICATIONS, applications)];
    Ok(groups.into_iter().filter(|(_, hits)| !hits.is_empty()).map(|(title, hits)| Group { title, hits }).collect())
}

async fn campaigns(ctx: &Ctx, like: Document) -> Result<Vec<Hit>, Failure> {
    #[derive(Deserialize)]
    struct Found {
        id: CampaignId,
        name: String,
        status: CampaignStatus,
    }
    let all = ctx.app.db.live.collection::<Found>(Campaign::COLLECTION);
    let wanted = doc! { "id": 1, "name": 1, "status": 1 };
    let found = all.find(like).projection(wanted).sort(doc! { "created_at": -1, "id": 1 }).limit(HITS as i64);
    let found: Vec<Found> = found.max_time(PATIENCE).await?.try_collect().await?;
    let hit = |found: Found| Hit {
        label: found.name,
        about: campaign_words::status(found.status).to_owned(),
        href: format!("/admin/campaigns/{}", found.id),
    };
    Ok(found.into_iter().map(hit).collect())
}

async fn people(ctx: &Ctx, like: Document) -> Result<Vec<Person>, Failure> {
    let all = ctx.app.db.live.collection::<Person>(Creator::COLLECTION);
    let wanted = doc! { "id": 1, "name": 1, "city": 1 };
    let found = all.find(like).projection(wanted).sort(doc! { "created_at": -1, "id": 1 }).limit(PEOPLE);
    Ok(found.max_time(PATIENCE).await?.try_collect().await?)
}

async fn applications(ctx: &Ctx, people: &[Person]) -> Result<Vec<Hit>, Failure> {
    #[derive(Deserialize)]
    struct Found {
        campaign_id: CampaignId,
        creator_id: CreatorId,
        status: ApplicationStatus,
    }
    let ids: Vec<&CreatorId> = people.iter().map(|person| &person.id).collect();
    let all = ctx.app.db.live.collection::<Found>(Application::COLLECTION);
    let wanted = doc! { "campaign_id": 1, "creator_id": 1, "status": 1 };
    let newest = doc! { "applied_at": -1, "id": 1 };
    let of_them = doc! { "creator_id": { "$in": ids } };
    let found = all.find(of_them).projection(wanted).sort(newest).limit(HITS as i64);
    let found: Vec<Found> = found.max_time(PATIENCE).await?.try_collect().await?;
    let names = campaign_names(ctx, found.iter().map(|one| one.campaign_id.clone()).collect()).await?;
    let hit = |found: Found| {
        let person = people.iter().find(|person| person.id == found.creator_id)?;
        let campaign = names.get(&found.campaign_id)?;
        let query = serde_urlencoded::to_string([("q", &person.name)]).unwrap_or_default();
        Some(Hit {
            label: format!("{} · {campaign}", person.name),
            about: application_words::status(found.status).to_owned(),
            href: format!("/admin/campaigns/{}/applications?{query}", found.campaign_id),
        })
    };
    Ok(found.into_iter().filter_map(hit).collect())
}
