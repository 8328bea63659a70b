//! Whether a restored view answers what its definition says: the view itself is asked, and its pipeline is run over the
//! restored collection it stands on, and both must give the same documents.

use futures::TryFutureExt as _;
use mongodb::Database;
use mongodb::error::Error;

use crate::dump::Definition;
use crate::dump::hash::leaf;
use crate::dump::raw::{Builder, elements, find, kind};
use crate::import::catalogue::{command, listing};

/// Documents of a view that are looked at.
const SAMPLE: i32 = 200;

/// How a view answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The same documents both ways.
    Same(usize),
    /// Other documents.
    Different,
    /// Neither way answers: what the view asks for, this server doesn't do.
    Unanswered(String),
}

/// Asks a restored view both ways.
pub async fn ask(database: &Database, view: &Definition) -> Result<Answer, Error> {
    let mut through_view = Builder::new();
    through_view.string("find", &view.collection).int32("limit", SAMPLE);
    let mut by_pipeline = Builder::new();
    let base = find(&view.options, "viewOn").and_then(|base| base.as_str()).unwrap_or_default();
    by_pipeline
        .string("aggregate", base)
        .array("pipeline", &limited(view))
        .document("cursor", &Builder::new().finish());
    if let Some(collation) = find(&view.options, "collation") {
        by_pipeline.element(&collation);
    }
    let asked = |ask: Vec<u8>| async { listing(database, command(ask)?).await };
    let (seen, computed) = (asked(through_view.finish()), asked(by_pipeline.finish()).map_err(|error| error));
    match (seen.await, computed.await) {
        (Ok(seen), Ok(computed)) => {
            let leaves = |documents: &[Vec<u8>]| {
                let mut leaves: Vec<_> = documents.iter().map(|document| leaf(document)).collect();
                leaves.sort_unstable();
                leaves
            };
            let is_same = leaves(&seen) == leaves(&computed);
            Ok(if is_same { Answer::Same(seen.len()) } else { Answer::Different })
        }
        (Err(refused), Err(_)) if crate::db::Db::is_unavailable(&refused) => Err(refused),
        (Err(refused), Err(_)) => Ok(Answer::Unanswered(refused.to_string())),
        _ => Ok(Answer::Different),
    }
}

/// The view's pipeline as stored, with the sample's size at its end.
fn limited(view: &Definition) -> Vec<u8> {
    let mut stages = Builder::new();
    let mut count = 0;
    if let Some(pipeline) = find(&view.options, "pipeline").filter(|pipeline| pipeline.kind == kind::ARRAY) {
        for stage in elements(pipeline.value).map_while(Result::ok) {
            stages.raw(stage.kind, count.to_string().as_bytes(), stage.value);
            count += 1;
        }
    }
    let mut limit = Builder::new();
    limit.int32("$limit", SAMPLE);
    stages.document(&count.to_string(), &limit.finish());
    stages.finish()
}
