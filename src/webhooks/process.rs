//! The job that turns stored deliveries into notices and mail feedback.
//!
//! It takes what waits, at most 200 at a time, and settles all of a batch in one transaction: marks, notices and feedback
//! exist together or not at all. Only what this transaction marked is published, so two workers never count one delivery
//! twice. When a batch fails, its rows are tried one by one, so that a bad one stops nobody else: it waits longer each
//! time and is given up with a notice in the end.
//!
//! The job has no input: any run does whatever there is to do. Asked for while it runs, it runs once more; a minute's
//! schedule makes good what a kill prevented.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::time::Duration;

use bson::DateTime;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::model::{Delivery, Meaning, Phase, Status};
use super::sources::Fields;
use super::store;
use crate::db::{Db, with_transaction};
use crate::failure::Failure;
use crate::i18n::webhooks as words;
use crate::jobs::{Job, Run, When};
use crate::mail::feedback::{self, Feedback};
use crate::notifications::{self, Event};

/// Tries before a delivery is given up.
const ATTEMPTS: i32 = 6;
/// Wait after the first failure; each further one waits four times as long.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// Feedback may overtake our own record of the message it is about; it is looked for so often.
const FEEDBACK_ATTEMPTS: i32 = 3;
/// Longest kept error, in characters.
const ERROR: usize = 500;

/// Processes whatever waits.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Process {}

impl Process {
    /// Asked for while it runs, it runs once more.
    pub fn soon() -> When {
        When { not_before: None, key: Some(Self::NAME.into()) }
    }
}

impl Job for Process {
    const NAME: &'static str = "webhooks.process";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        while !run.app.stopping.has_begun() {
            if process_due(&run.app.db, run.app.clock.now()).await? == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// Processes one batch of what waits; returns how many rows it was.
pub async fn process_due(db: &Db, now: Timestamp) -> anyhow::Result<usize> {
    let rows = store::due(db, now).await.map_err(broken)?;
    let taken = rows.len();
    if taken > 0 {
        process(db, now, rows).await.map_err(broken)?;
    }
    Ok(taken)
}

/// Processes these rows, together if that goes.
pub async fn process(db: &Db, now: Timestamp, rows: Vec<Delivery>) -> Result<(), Failure> {
    let plan = plan(db, rows).await?;
    for (row, error) in &plan.unreadable {
        fail(db, now, row, error).await?;
    }
    match settle(db, now, &plan).await {
        Ok(()) => Ok(()),
        Err(failure) if is_passing(&failure) => Err(failure),
        Err(failure) if plan.steps.len() == 1 => fail(db, now, &plan.steps[0].row, &reason(&failure)).await,
        Err(_) => {
            for step in plan.steps {
                let alone = Plan { steps: vec![step], unreadable: Vec::new() };
                match settle(db, now, &alone).await {
                    Ok(()) => {}
                    Err(failure) if is_passing(&failure) => return Err(failure),
                    Err(failure) => fail(db, now, &alone.steps[0].row, &reason(&failure)).await?,
                }
            }
            Ok(())
        }
    }
}

/// What is to be done with a batch, in the order of the deliveries' own times.
struct Plan {
    steps: Vec<Step>,
    unreadable: Vec<(Delivery, String)>,
}

struct Step {
    row: Delivery,
    meaning: Meaning,
}

async fn plan(db: &Db, rows: Vec<Delivery>) -> Result<Plan, Failure> {
    let mut plan = Plan { steps: Vec::new(), unreadable: Vec::new() };
    for row in rows {
        match bson::deserialize_from_document::<Fields>(row.fields.clone()) {
            Ok(fields) => plan.steps.push(Step { meaning: fields.meaning(row.source, &row.id), row }),
            Err(error) => plan.unreadable.push((row, words::fields_unreadable(&error.to_string()))),
        }
    }
    plan.steps.sort_by(|a, b| in_order(&a.row, &b.row));
    for phase in [Phase::Open, Phase::Close] {
        overtaken(db, &mut plan.steps, phase).await?;
    }
    Ok(plan)
}

/// By their own time; what arrived first at the same one.
fn in_order(a: &Delivery, b: &Delivery) -> Ordering {
    (a.occurred_at, a.received_at, &a.id).cmp(&(b.occurred_at, b.received_at, &b.id))
}

/// Takes the meaning from those steps of a phase whose opposite, of a later time, was processed before.
async fn overtaken(db: &Db, steps: &mut [Step], phase: Phase) -> Result<(), Failure> {
    let of_phase = |step: &&Step| step.row.phase == Some(phase);
    let objects: Vec<_> = steps.iter().filter(of_phase).filter_map(|step| step.row.object.as_deref()).collect();
    let Some(since) = steps.iter().filter(of_phase).map(|step| step.row.occurred_at).min() else { return Ok(()) };
    let opposite = match phase {
        Phase::Open => Phase::Close,
        Phase::Close => Phase::Open,
    };
    let mut newest = HashMap::<String, DateTime>::new();
    for (object, at) in store::newest_of(db, &objects, opposite, since).await? {
        newest.entry(object).and_modify(|newest| *newest = at.max(*newest)).or_insert(at);
    }
    for step in steps.iter_mut().filter(|step| step.row.phase == Some(phase)) {
        let later = step.row.object.as_ref().and_then(|object| newest.get(object));
        if later.is_some_and(|later| *later > step.row.occurred_at) {
            step.meaning = Meaning::Nothing(words::IGNORED_OVERTAKEN);
        }
    }
    Ok(())
}

async fn settle(db: &Db, now: Timestamp, plan: &Plan) -> Result<(), Failure> {
    if plan.steps.is_empty() {
        return Ok(());
    }
    with_transaction(db, |session| Box::pin(async move { settle_in(session, db, now, &plan.steps).await })).await
}

/// Everything of one batch. A row that somebody else took meanwhile makes the server refuse the transaction as a conflict,
/// or, when they were done before it began, isn't marked here and not published either.
async fn settle_in(session: &mut ClientSession, db: &Db, now: Timestamp, steps: &[Step]) -> Result<(), Failure> {
    let mut ignored = HashMap::<&str, Vec<&str>>::new();
    let mut published = Vec::new();
    let mut told = Vec::new();
    for step in steps {
        match &step.meaning {
            Meaning::Nothing(why) => ignored.entry(why).or_default().push(step.row.id.as_str()),
            Meaning::Notice(event) => published.push((step, event)),
            Meaning::Feedback(feedback) => told.push((step, feedback)),
        }
    }
    for (why, ids) in ignored {
        store::settle_in(session, db, now, &ids, Status::Ignored, Some(why)).await?;
    }
    publish_in(session, db, now, &published).await?;
    for (step, feedback) in told {
        feedback_in(session, db, now, &step.row, feedback).await?;
    }
    Ok(())
}

async fn publish_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    steps: &[(&Step, &Event)],
) -> Result<(), Failure> {
    let ids: Vec<_> = steps.iter().map(|(step, _)| step.row.id.as_str()).collect();
    let won = store::settle_in(session, db, now, &ids, Status::Processed, None).await?;
    if won < ids.len() as u64 {
        if ids.len() > 1 {
            // Rare: somebody else's batch had some of these. Alone, each one shows whose it is.
            return Err(
                anyhow::anyhow!("{} of {} deliveries were taken meanwhile", ids.len() as u64 - won, ids.len()).into()
            );
        }
        return Ok(());
    }
    let events: Vec<_> = steps.iter().map(|(_, event)| (*event).clone()).collect();
    notifications::publish_in(session, db, now, &events).await
}

async fn feedback_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    row: &Delivery,
    feedback: &Feedback,
) -> Result<(), Failure> {
    let id = row.id.as_str();
    if feedback::apply_in(session, db, now, feedback).await? {
        store::settle_in(session, db, now, &[id], Status::Processed, None).await?;
    } else if row.attempts + 1 < FEEDBACK_ATTEMPTS {
        let until = now + wait(row.attempts);
        store::postpone_in(session, db, id, Status::Received, words::WAITS_FOR_MESSAGE, Some(until)).await?;
    } else {
        store::settle_in(session, db, now, &[id], Status::Ignored, Some(words::IGNORED_UNKNOWN_MESSAGE)).await?;
    }
    Ok(())
}

/// Marks a row as failed: it is tried again later, or given up with a notice.
async fn fail(db: &Db, now: Timestamp, row: &Delivery, error: &str) -> Result<(), Failure> {
    let error: String = error.chars().take(ERROR).collect();
    let error = error.as_str();
    let until = (row.attempts + 1 < ATTEMPTS).then(|| now + wait(row.attempts));
    tracing::warn!(delivery = row.id, attempts = row.attempts + 1, "a delivery could not be processed: {error}");
    with_transaction(db, |session| {
        Box::pin(async move {
            let is_ours = store::postpone_in(session, db, &row.id, Status::Failed, error, until).await?;
            if is_ours && until.is_none() {
                let given_up = Event::WebhookFailed {
                    source: row.source.as_str().into(),
                    webhook_id: row.id.clone(),
                    error: error.to_owned(),
                };
                notifications::publish_in(session, db, now, &[given_up]).await?;
            }
            Ok::<_, Failure>(())
        })
    })
    .await
}

fn wait(attempts: i32) -> Duration {
    FIRST_WAIT * 4_u32.saturating_pow(u32::try_from(attempts).unwrap_or(0).min(8))
}

/// Whether trying the same again makes sense: the database is away, or two transactions met.
fn is_passing(failure: &Failure) -> bool {
    use crate::db::DriverError;
    failure.is_lost()
        || failure.driver_error().is_some_and(|error| {
            Db::is_unavailable(error) || error.contains_label(mongodb::error::TRANSIENT_TRANSACTION_ERROR)
        })
}

fn reason(failure: &Failure) -> String {
    match failure {
        Failure::Refused(refusal) => refusal.code().to_owned(),
        Failure::Fault(fault) => format!("{fault:#}"),
    }
}

fn broken(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => refusal.into(),
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
    }
}
