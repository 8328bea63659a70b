//! What the connected server can hold, asked before the first write.
//!
//! Special indexes and odd documents are tried in a transaction that is always aborted, in the live database: nothing
//! remains of it and nothing has to be dropped. Only bucket documents of time series can't be tried that way; for them the
//! server's own description decides.

use anyhow::Context as _;
use bson::{Document, RawDocumentBuf, doc};
use mongodb::ClientSession;
use mongodb::error::{Error, ErrorKind};

use super::catalogue;
use super::failure::{Cause, Refusal};
use super::plan::Plan;
use super::survey::{Survey, Suspect};
use crate::db::Db;
use crate::dump::raw::Builder;
use crate::dump::{Kind, ServerVersion, walk::Flaw};
use crate::i18n::import as words;

/// Codes that say something about transactions, not about what was tried: not supported in one, conflict, aborted.
const ABOUT_TRANSACTIONS: [i32; 7] = [20, 112, 246, 251, 263, 50711, 50791];
/// Collection the trials are made in; it never comes to exist.
const TRIAL: &str = "imports_trial";

/// Everything in the dump that the connected server can't hold.
pub async fn refusals(db: &Db, plan: &Plan, survey: &Survey) -> Result<Vec<Refusal>, Cause> {
    let mut refusals = Vec::new();
    let build = catalogue::build_info(&db.client.database("admin")).await?;
    let keeps_buckets = keeps_buckets(&build);
    for (index, definition, _) in plan.loads() {
        let namespace = definition.namespace();
        for special in definition.indexes.iter().flatten().filter(|index| catalogue::is_special(index)) {
            if let Some(answer) = try_index(db, special).await? {
                let feature = words::index_feature(&catalogue::index_type(special), &answer);
                refusals.push(Refusal { namespace: namespace.clone(), feature });
            }
        }
        let surveyed = &survey.namespaces[index];
        if definition.kind == Kind::TimeSeries && surveyed.digest.documents > 0 && !keeps_buckets {
            refusals.push(Refusal { namespace: namespace.clone(), feature: words::BUCKETS.into() });
            continue;
        }
        for suspect in &surveyed.suspects {
            if let Some(answer) = try_document(db, suspect).await? {
                let flaw = match suspect.flaw {
                    Flaw::InvalidUtf8 => words::INVALID_UTF8,
                    Flaw::Malformed => words::MALFORMED,
                    Flaw::TooDeep => words::TOO_DEEP,
                };
                refusals.push(Refusal {
                    namespace: namespace.clone(),
                    feature: words::flaw_feature(flaw, &suspect.id, &answer),
                });
            }
        }
    }
    Ok(refusals)
}

/// Whether bucket documents can be inserted as they are. From 8.3 on they need a command form our driver's inserts can't
/// send, and an engine that keeps measurements instead of buckets says what it is.
pub(crate) fn keeps_buckets(build: &Document) -> bool {
    let version = build.get_str("version").ok().and_then(ServerVersion::parse);
    version.is_some_and(|version| version < ServerVersion(8, 3, 0)) && !build.contains_key("secantusVersion")
}

/// The server's words if it refuses the index.
async fn try_index(db: &Db, index: &[u8]) -> Result<Option<String>, Cause> {
    let mut specs = Builder::new();
    specs.document("0", &catalogue::creatable_index(index));
    let mut create = Builder::new();
    create.string("createIndexes", TRIAL).array("indexes", &specs.finish());
    let create = RawDocumentBuf::from_bytes(create.finish()).context("index trial")?;
    let mut session = begin(db).await?;
    let outcome = db.live.run_raw_command(create).session(&mut session).await.map(drop);
    // The transaction ends by itself if this fails; nothing of it can remain.
    let _ = session.abort_transaction().await;
    judge(outcome)
}

/// The server's words if it refuses the document or doesn't give the same bytes back.
async fn try_document(db: &Db, suspect: &Suspect) -> Result<Option<String>, Cause> {
    let document = RawDocumentBuf::from_bytes(suspect.document.clone()).context("document trial")?;
    let trial = db.live.collection::<RawDocumentBuf>(TRIAL);
    let mut session = begin(db).await?;
    let outcome = async {
        trial.insert_one(&document).bypass_document_validation(true).session(&mut session).await?;
        trial.find_one(doc! {}).session(&mut session).await
    }
    .await;
    let _ = session.abort_transaction().await;
    match outcome {
        Ok(Some(found)) if found.as_bytes() != document.as_bytes() => Ok(Some(words::CHANGED_BYTES.into())),
        Ok(_) => Ok(None),
        Err(error) => judge(Err(error)),
    }
}

async fn begin(db: &Db) -> Result<ClientSession, Cause> {
    let mut session = db.client.start_session().await?;
    session.start_transaction().await?;
    Ok(session)
}

/// A refusal of what was tried, as opposed to a lost server or a rule about transactions.
fn judge(outcome: Result<(), Error>) -> Result<Option<String>, Cause> {
    let Err(error) = outcome else { return Ok(None) };
    if Db::is_unavailable(&error) {
        return Err(error.into());
    }
    let code = match error.kind.as_ref() {
        ErrorKind::Command(command) => command.code,
        _ => 0,
    };
    let said = match error.kind.as_ref() {
        ErrorKind::Command(command) => command.message.clone(),
        _ => error.to_string(),
    };
    Ok((!ABOUT_TRANSACTIONS.contains(&code)).then_some(said))
}
