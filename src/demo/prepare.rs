//! What the demonstration does before it serves: imports its dump once, and adopts it. Safe to repeat, and quick when there
//! is nothing left to do.

use std::sync::Arc;

use crate::adopt::{self, Adoption};
use crate::db::{Db, ReadOnlyDb};
use crate::i18n::serve as words;
use crate::import::{self, Progress, State, Stderr, record};
use crate::jobs::Registry;

/// Imports and adopts what isn't yet. A start that was killed half-way is cleared away first: the record of imports says
/// what is half-made, and only that may be discarded.
pub async fn prepare(db: &Db, legacy: &ReadOnlyDb, jobs: Registry) -> anyhow::Result<()> {
    let found = record::find(db, super::DATABASE).await?;
    if !found.is_some_and(|record| record.state.is_finished()) {
        for unfinished in record::list_unfinished(db).await? {
            if unfinished.state != State::Discarded && unfinished.source.name == super::source().name() {
                eprintln!("{}", words::demo_discards(&unfinished.database));
                import::service::discard(db, &unfinished.database).await?;
            }
        }
        eprintln!("{}", words::DEMO_IMPORTS);
        let progress: Arc<dyn Progress> = Arc::new(Stderr::new());
        import::service::run(db, super::source(), &super::options(), progress).await?;
    }
    // An adoption that was cut short goes on with the days it began with.
    let begun = adopt::state::find(db).await?;
    let shift_days = begun.map_or_else(|| super::shift_days(jiff::Timestamp::now()), |mirror| mirror.shift_days);
    let report =
        Adoption { finish: true, shift_days, jobs, ..Adoption::new(db, legacy, super::DATABASE) }.run().await?;
    if !report.already_finished {
        let written = report.rules.iter().map(|rule| rule.written).sum();
        eprintln!("{}", words::demo_adopted(written));
    }
    Ok(())
}
