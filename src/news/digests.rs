//! What brands get once a day: how many applied. Who did isn't theirs to see.

use std::collections::BTreeMap;

use bson::{Document, doc};
use futures::TryStreamExt;
use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use super::facts::{Facts, Stage, Wanted};
use super::told::{Outgoing, Told, Ways};
use crate::adopt::state;
use crate::app::App;
use crate::applications::Application;
use crate::db::{Db, Stored, date, timestamp, with_transaction};
use crate::failure::Failure;
use crate::i18n::news::brand as words;
use crate::jobs::{Job, Run};
use crate::mail::templates::{CampaignCode as Code, LetterRow};
use crate::mail::{self, Channel};
use crate::notifications::PersonalType as Kind;
use crate::values::{BrandId, CampaignId, LocalDate};

/// Days that are told of. Each is told once: a day that was missed, for an outage, as soon as the job runs again.
const DAYS: i32 = 7;

/// E-11 to brands: a day's applications of their campaigns, in one letter.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct DailyApplications {}

impl Job for DailyApplications {
    const NAME: &'static str = "news.daily_applications";
    const BUSINESS: bool = true;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let letters = tell(&run.app).await.map_err(super::broken)?;
        run.result(letters.to_string());
        Ok(())
    }
}

async fn tell(app: &App) -> Result<u64, Failure> {
    let yesterday = LocalDate::of(app.clock.now()).plus(-1.day());
    // Of the days before, the previous system was in charge.
    let begun = state::find(&app.db).await?.and_then(|mirror| timestamp(mirror.finished_at?)).map(LocalDate::of);
    let mut letters = 0;
    for before in (0..DAYS).rev() {
        let day = yesterday.plus(-before.days());
        if begun.is_none_or(|begun| day >= begun) {
            letters += tell_of(app, day, yesterday).await?;
        }
    }
    Ok(letters)
}

async fn tell_of(app: &App, day: LocalDate, yesterday: LocalDate) -> Result<u64, Failure> {
    let now = app.clock.now();
    let counts = &counts(&app.db, day).await?;
    if counts.is_empty() {
        return Ok(0);
    }
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            state::refuse_while_mirroring(&app.db, session).await?;
            let wanted = counts.keys().fold(Wanted::default(), Wanted::campaign);
            let facts = Facts::load_in(session, &app.db, now, wanted).await?;
            let mut brands: BTreeMap<BrandId, Vec<(Stage<'_>, u64)>> = BTreeMap::new();
            for (campaign, count) in counts {
                if let Some(stage) = facts.stage(campaign) {
                    brands.entry(stage.campaign.brand_id.clone()).or_default().push((stage, *count));
                }
            }
            let mut out = Outgoing::default();
            for (brand, campaigns) in &brands {
                let total = campaigns.iter().map(|(_, count)| count).sum();
                let rows = campaigns
                    .iter()
                    .map(|(stage, count)| LetterRow::new(&stage.campaign.name, words::applications(*count)))
                    .collect();
                let told = Told::coded(Code::E11, Kind::CampaignApplicationReceived, format!("{brand}:{day}"))
                    .saying(words::applied(total), words::applied_body((day != yesterday).then_some(day)))
                    .facts(None, rows)
                    .about("brand", brand);
                if let Some((stage, _)) = campaigns.first() {
                    out.brand(&facts, *stage, &told, Ways::Mail);
                }
            }
            let known = mail::known_in(session, app, Channel::Email, out.letter_keys()).await?.len() as u64;
            let letters = out.letters().saturating_sub(known);
            if letters > 0 || known == 0 {
                out.write_in(session, app, now, &facts).await?;
            }
            Ok(letters)
        })
    })
    .await
}

/// How many applied to each campaign on a day.
async fn counts(db: &Db, day: LocalDate) -> Result<BTreeMap<CampaignId, u64>, Failure> {
    let pipeline = [
        doc! { "$match": { "applied_at": { "$gte": date(day.start()), "$lte": date(day.end()) } } },
        doc! { "$group": { "_id": "$campaign_id", "count": { "$sum": 1 } } },
    ];
    let all = db.live.collection::<Document>(Application::COLLECTION);
    let found: Vec<Document> = all.aggregate(pipeline).await?.try_collect().await?;
    let counted = found.into_iter().filter_map(|row| {
        let count = match row.get("count")? {
            bson::Bson::Int32(count) => u64::try_from(*count).ok()?,
            bson::Bson::Int64(count) => u64::try_from(*count).ok()?,
            _ => return None,
        };
        Some((CampaignId::of(row.get_str("_id").ok()?), count))
    });
    Ok(counted.collect())
}
