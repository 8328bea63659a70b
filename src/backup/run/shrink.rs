//! What became suspiciously smaller since the previous complete backup: an alarm, and no verdict on the backup, which may
//! truthfully hold what is left.

use std::collections::BTreeSet;

use bson::doc;

use crate::backup::Depot;
use crate::backup::model::{Check, Finding, Namespace, Severity};
use crate::backup::record::BackupRun;
use crate::i18n::backup::run as words;
use crate::jobs;

/// Share of the earlier figure that is still left in peace, in percent.
const LEFT_PERCENT: i128 = 80;
/// Documents below which a fifth is one or two: only losing all of them says something.
const FEW: i64 = 10;

/// What shrank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shrunk {
    /// Bytes of the archive, before and after.
    pub bytes: Option<(i64, i64)>,
    /// Collections with their documents before and after.
    pub collections: Vec<(String, i64, i64)>,
}

impl Shrunk {
    /// As findings of the run, for information.
    pub fn findings(&self) -> Vec<Finding> {
        let whole = self.bytes.iter().map(|(before, after)| (None, words::archive_shrank(*before, *after)));
        let each = self.collections.iter();
        let each = each.map(|(name, before, after)| (Some(name.as_str()), words::shrank(name, *before, *after)));
        let all = whole.chain(each);
        all.map(|(name, said)| Finding::new(Severity::Info, Check::Counts, name, said).remedy(words::SHRANK_REMEDY))
            .collect()
    }
}

/// Collections whose documents don't go away by themselves: no expiry, and not the queue of jobs.
pub(super) fn permanent(namespaces: &[Namespace], live: &str) -> BTreeSet<String> {
    let queue: Vec<_> = jobs::COLLECTIONS.iter().map(|declared| format!("{live}.{}", declared.collection)).collect();
    let name = |namespace: &Namespace| format!("{}.{}", namespace.database, namespace.name);
    let lasting = namespaces.iter().filter(|namespace| !namespace.metadata.contains("\"expireAfterSeconds\""));
    lasting.map(name).filter(|name| !queue.contains(name)).collect()
}

/// Compares with the previous complete backup of the same databases.
pub(super) async fn look(
    depot: &Depot,
    run: &BackupRun,
    permanent: &BTreeSet<String>,
) -> mongodb::error::Result<Shrunk> {
    let same = doc! {
        "status": "complete",
        "taken_at": { "$type": "date", "$lt": run.taken_at },
        "databases": run.databases.clone(),
        "_id": { "$ne": run.id.as_str() },
    };
    let earlier = depot.ops.stored::<BackupRun>().find_one(same).sort(doc! { "taken_at": -1 }).await?;
    Ok(earlier.map(|earlier| compare(&earlier, run, permanent)).unwrap_or_default())
}

fn compare(earlier: &BackupRun, run: &BackupRun, permanent: &BTreeSet<String>) -> Shrunk {
    let bytes = has_dropped(earlier.archive_bytes, run.archive_bytes);
    let now = |name: &str| {
        let found =
            run.collections.iter().find(|namespace| format!("{}.{}", namespace.database, namespace.name) == name);
        found.map_or(0, |namespace| namespace.documents)
    };
    let collections = earlier.collections.iter().filter_map(|before| {
        let name = format!("{}.{}", before.database, before.name);
        let after = now(&name);
        // One that is gone altogether has no definition any more that says whether it lasts.
        let counts = permanent.contains(&name) || (after == 0 && !is_known(run, &name));
        let is_less =
            (after == 0 && before.documents > 0) || (before.documents >= FEW && has_dropped(before.documents, after));
        (counts && is_less).then_some((name, before.documents, after))
    });
    Shrunk { bytes: bytes.then_some((earlier.archive_bytes, run.archive_bytes)), collections: collections.collect() }
}

fn is_known(run: &BackupRun, name: &str) -> bool {
    run.collections.iter().any(|namespace| format!("{}.{}", namespace.database, namespace.name) == name)
}

fn has_dropped(before: i64, after: i64) -> bool {
    i128::from(after) * 100 < i128::from(before) * LEFT_PERCENT
}

#[cfg(test)]
mod tests {
    use bson::DateTime;

    use super::*;
    use crate::backup::model::{Person, Trigger};

    fn run(collections: &[(&str, i64)], archive_bytes: i64) -> BackupRun {
        let person = Person { user_id: None, name: "x".into() };
        let mut run = BackupRun::queued(Trigger::Manual, person, vec![], None, DateTime::MIN);
        run.archive_bytes = archive_bytes;
        run.collections = collections.iter().map(|(name, documents)| namespace(name, *documents)).collect();
        run
    }

    fn namespace(name: &str, documents: i64) -> Namespace {
        Namespace {
            database: "d".into(),
            name: name.into(),
            kind: "collection".into(),
            documents,
            bytes: 0,
            h_set: String::new(),
            h_stream: String::new(),
            crc: String::new(),
            h_def: String::new(),
            indexes: 1,
            is_capped: false,
            metadata: String::new(),
            restored: None,
        }
    }

    #[test]
    fn a_fifth_less_is_told_and_so_is_nothing_left() {
        let before = run(&[("big", 100), ("small", 3), ("flash", 50), ("gone", 12), ("steady", 100)], 1000);
        let after = run(&[("big", 79), ("small", 2), ("flash", 0), ("steady", 80)], 801);
        let permanent = ["d.big", "d.small", "d.steady"].map(str::to_owned).into();
        let shrunk = compare(&before, &after, &permanent);
        assert_eq!(shrunk.bytes, None);
        assert_eq!(shrunk.collections, [("d.big".into(), 100, 79), ("d.gone".into(), 12, 0)]);
        let empty = run(&[("big", 100), ("small", 0), ("steady", 100)], 700);
        let shrunk = compare(&before, &empty, &permanent);
        assert_eq!(shrunk.bytes, Some((1000, 700)));
        assert!(shrunk.collections.contains(&("d.small".into(), 3, 0)));
        assert_eq!(shrunk.findings().len(), 1 + shrunk.collections.len());
    }
}
