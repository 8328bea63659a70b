//! Silences: what stays in the house for a while, by somebody's decision and for a reason.

use std::time::Duration;

use bson::{DateTime, doc};
use futures::TryStreamExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::model::{By, Matcher, Silence, Step, SystemNotice};
use super::{incidents, quiet};
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::notifications as words;
use crate::values::Capability;

/// No silence lasts longer.
pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 3..=300;
/// How long an ended silence can be looked up.
const MEMORY: Duration = Duration::from_secs(400 * 24 * 60 * 60);
/// At most so many are listed.
const LISTED: i64 = 100;

/// A silence to be made.
#[derive(Clone, Debug)]
pub struct NewSilence {
    /// Which incidents.
    pub matcher: Matcher,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl NewSilence {
    /// Everything wrong with it, by the fields `matcher`, `reason` and `ends_at`.
    fn problems(&self, now: Timestamp) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let text_is_empty = self.matcher.text.as_ref().is_some_and(|text| text.trim().is_empty());
        if self.matcher.is_empty() || text_is_empty {
            problems.push(FieldProblem::new("matcher", words::SILENCE_NEEDS_MATCHER));
        }
        if !REASON.contains(&self.reason.trim().chars().count()) {
            problems.push(FieldProblem::new("reason", words::SILENCE_NEEDS_REASON));
        }
        if self.ends_at <= now {
            problems.push(FieldProblem::new("ends_at", words::SILENCE_ENDS_LATER));
        } else if self.ends_at > now + LONGEST {
            problems.push(FieldProblem::new("ends_at", words::SILENCE_TOO_LONG));
        }
        problems
    }
}

/// Makes a silence and marks the open incidents it holds back. Returns its id.
pub async fn silence(ctx: &Ctx, new: NewSilence) -> Result<String, Failure> {
    let person = ctx.require(Capability::SystemNotificationsRead)?;
    let now = ctx.now();
    let problems = new.problems(now);
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems).into());
    }
    let silence = &Silence {
        id: uuid::Uuid::new_v4().to_string(),
        matcher: new.matcher,
        reason: new.reason.trim().to_owned(),
        created_by: By::of(person),
        created_at: date(now),
        ends_at: date(new.ends_at),
        ended_by: None,
        expires_at: date(new.ends_at + MEMORY),
    };
    let (who, db) = (&Who::of(ctx), &ctx.app.db);
    with_transaction(db, |session| -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            db.stored::<Silence>().insert_one(silence).session(&mut *session).await?;
            let mut open = db.stored::<SystemNotice>().find(doc! { "is_open": true }).session(&mut *session).await?;
            let open: Vec<SystemNotice> = open.stream(&mut *session).try_collect().await?;
            let silences = super::store::silences_in(session, db, now).await?;
            for mut notice in open.into_iter().filter(|notice| silence.matcher.matches(notice)) {
                notice.silenced = quiet::silence_of(&notice, &silences, now);
                incidents::note(&mut notice, Step::Silenced, now, Some(silence.created_by.clone()), None);
                super::store::save_in(session, db, &notice, false).await?;
            }
            let details = doc! {
                "matcher": bson::serialize_to_bson(&silence.matcher).map_err(anyhow::Error::from)?,
                "reason": &silence.reason,
                "ends_at": silence.ends_at,
            };
            let entry = Entry::new(Action::SilenceMade).target("silence", &silence.id).details(details);
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok(())
        })
    })
    .await?;
    Ok(silence.id.clone())
}

/// Ends a silence now; what it held back leaves the house at the next look.
pub async fn unsilence(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    let by = &By::of(ctx.require(Capability::SystemNotificationsRead)?);
    let (who, db, now) = (&Who::of(ctx), &ctx.app.db, ctx.now());
    with_transaction(db, |session| -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            let by_name = bson::serialize_to_bson(by).map_err(anyhow::Error::from)?;
            let filter = doc! { "_id": id, "ends_at": { "$gt": date(now), "$lt": DateTime::MAX } };
            let update = doc! { "$set": { "ends_at": date(now), "ended_by": by_name } };
            let ended = db.stored::<Silence>().update_one(filter, update).session(&mut *session).await?;
            if ended.matched_count == 0 {
                return Err(AppError::NotFound.into());
            }
            // Another silence may hold the same notice back.
            let silences = super::store::silences_in(session, db, now).await?;
            let marked = doc! { "silenced.id": id, "is_open": true };
            let mut marked = db.stored::<SystemNotice>().find(marked).session(&mut *session).await?;
            let marked: Vec<SystemNotice> = marked.stream(&mut *session).try_collect().await?;
            for mut notice in marked {
                notice.silenced = quiet::silence_of(&notice, &silences, now);
                super::store::save_in(session, db, &notice, false).await?;
            }
            audit::record_in(session, db, now, who.clone(), Entry::new(Action::SilenceEnded).target("silence", id))
                .await?;
            Ok(())
        })
    })
    .await
}

/// Silences, those that last longest first: active ones and those that ended.
pub async fn silences(ctx: &Ctx) -> Result<Vec<Silence>, Failure> {
    ctx.require(Capability::SystemNotificationsRead)?;
    let found = ctx.app.db.stored::<Silence>().find(doc! {}).sort(doc! { "ends_at": -1 }).limit(LISTED).await?;
    Ok(found.try_collect().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notifications::{Severity, Source};

    fn fields(new: &NewSilence) -> Vec<String> {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        new.problems(now).into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn a_silence_says_what_why_and_until_when() {
        let good = NewSilence {
            matcher: Matcher { source: Some(Source::Sentry), severity: Some(Severity::Error), ..Matcher::default() },
            reason: "mantenimiento".into(),
            ends_at: "2026-11-23T12:00:00Z".parse().unwrap(),
        };
        assert!(fields(&good).is_empty());
        let empty = NewSilence { matcher: Matcher::default(), reason: " a ".into(), ..good.clone() };
        assert_eq!(fields(&empty), ["matcher", "reason"]);
        let blank = Matcher { text: Some("  ".into()), ..Matcher::default() };
        assert_eq!(fields(&NewSilence { matcher: blank, ..good.clone() }), ["matcher"]);
        for ends_at in ["2026-11-22T12:00:00Z", "2026-12-22T12:00:01Z"] {
            assert_eq!(fields(&NewSilence { ends_at: ends_at.parse().unwrap(), ..good.clone() }), ["ends_at"]);
        }
    }
}
