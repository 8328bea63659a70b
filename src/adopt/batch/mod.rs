//! One batch of rows: judged against ledger and target, written with its ledger entries in one transaction.

mod judge;

use std::collections::{BTreeMap, HashMap};

use bson::{Bson, Document, RawBsonRef, RawDocumentBuf, doc};
use futures::TryStreamExt;

use super::leaf::{Leaf, id_bytes, leaf};
use super::lease::Lease;
use super::ledger::{Entry, Kind, Target};
use super::report::Tally;
use super::rule::{Noticed, Rule};
use crate::db::{Db, Stored, Transaction};
use judge::{Judgement, Present, judge, row_key};

/// The document was changed, or removed, here since it was written.
pub const KEPT_LOCAL_CHANGE: Noticed = Noticed::kept("kept_local_change");
/// A document made here sits where this one belongs.
pub const ID_TAKEN: Noticed = Noticed::refused("id_taken");
/// A document made or changed here holds a value that only one may have.
pub const KEY_TAKEN: Noticed = Noticed::refused("key_taken");

/// A row and what its rule says should stand for it.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The ledger entry that goes with it.
    pub entry: Entry,
    /// The document, when the row has one of its own; `entry.target` says where it goes.
    pub document: Option<RawDocumentBuf>,
    /// What the rule noticed.
    pub findings: Vec<Noticed>,
}

/// What a batch came to.
#[derive(Debug, Default)]
pub struct Settled {
    /// By position in the batch: how the row was counted, and what was noticed beyond its rule's findings.
    pub rows: Vec<(usize, Tally, Option<Noticed>)>,
    /// Positions of rows that wait for another row to give up a value that only one may have.
    pub deferred: Vec<usize>,
}

/// Judges and writes a batch. Runs inside a transaction and may run several times.
///
/// `last` says that no later row can give up a value: whoever still waits for one is refused.
pub async fn settle(
    db: &Db,
    session: &mut Transaction<'_>,
    lease: &Lease,
    rule: &dyn Rule,
    proposals: &[Proposal],
    last: bool,
) -> anyhow::Result<Settled> {
    let known = known_entries(db, session, proposals).await?;
    let present = present_documents(db, session, proposals, &known).await?;
    let entry_of = |proposal: &Proposal| known.get(&row_key(&proposal.entry));
    let mut judged: Vec<(usize, Judgement)> = proposals
        .iter()
        .enumerate()
        .map(|(at, proposal)| (at, judge(&proposal.entry, entry_of(proposal), &present)))
        .collect();

    let waiting = held_keys(db, session, rule, proposals, &judged).await?;
    let mut settled = Settled::default();
    let mut batch = Batch::default();
    for (at, judgement) in judged.drain(..) {
        let proposal = &proposals[at];
        if waiting.contains(&at) && !last {
            settled.deferred.push(at);
            continue;
        }
        let (tally, noticed) = match judgement {
            _ if waiting.contains(&at) => {
                batch.refuse(proposal, entry_of(proposal), KEY_TAKEN);
                (Tally::Refused, Some(KEY_TAKEN))
            }
            Judgement::Taken => {
                batch.refuse(proposal, entry_of(proposal), ID_TAKEN);
                (Tally::Refused, Some(ID_TAKEN))
            }
            Judgement::Local => (Tally::Kept, Some(KEPT_LOCAL_CHANGE)),
            Judgement::Same => (settled_tally(proposal), None),
            Judgement::Note => {
                batch.note(proposal, entry_of(proposal));
                (settled_tally(proposal), None)
            }
            Judgement::Place { remove } => {
                batch.place(proposal, remove);
                (placed_tally(proposal), None)
            }
        };
        settled.rows.push((at, tally, noticed));
    }
    if !batch.is_empty() {
        lease.hold_on(db, session).await?;
        batch.write(db, session).await?;
    }
    Ok(settled)
}

fn placed_tally(proposal: &Proposal) -> Tally {
    match proposal.entry.outcome {
        Kind::Written => Tally::Written,
        Kind::Moved => Tally::Moved,
        Kind::Folded => Tally::Folded,
        Kind::Refused => Tally::Refused,
    }
}

fn settled_tally(proposal: &Proposal) -> Tally {
    match proposal.entry.outcome {
        Kind::Written | Kind::Moved => Tally::Unchanged,
        Kind::Folded => Tally::Folded,
        Kind::Refused => Tally::Refused,
    }
}

async fn known_entries(
    db: &Db,
    session: &mut Transaction<'_>,
    proposals: &[Proposal],
) -> anyhow::Result<HashMap<Vec<u8>, Entry>> {
    let keys: Vec<Bson> = proposals.iter().map(|p| bson::serialize_to_bson(&p.entry.key)).collect::<Result<_, _>>()?;
    let filter = doc! { "_id": { "$in": keys } };
    let mut found = db.stored::<Entry>().find(filter).session(&mut *session).await?;
    let entries: Vec<Entry> = found.stream(session.into()).try_collect().await?;
    Ok(entries.into_iter().map(|entry| (row_key(&entry), entry)).collect())
}

async fn present_documents(
    db: &Db,
    session: &mut Transaction<'_>,
    proposals: &[Proposal],
    known: &HashMap<Vec<u8>, Entry>,
) -> anyhow::Result<Present> {
    let mut wanted: BTreeMap<&str, Vec<Bson>> = BTreeMap::new();
    for target in proposals.iter().map(|p| &p.entry).chain(known.values()).filter_map(|entry| entry.target.as_ref()) {
        wanted.entry(&target.collection).or_default().push(target.id.clone());
    }
    let mut present = Present::new();
    for (collection, ids) in wanted {
        for document in read(db, session, collection, doc! { "_id": { "$in": ids } }).await? {
            present.insert((collection.to_owned(), id_bytes(&document)), leaf(&document));
        }
    }
    Ok(present)
}

async fn read(
    db: &Db,
    session: &mut Transaction<'_>,
    collection: &str,
    filter: Document,
) -> anyhow::Result<Vec<RawDocumentBuf>> {
    let collection = db.live.collection::<RawDocumentBuf>(collection);
    let mut cursor = collection.find(filter).session(&mut *session).await?;
    Ok(cursor.stream(session.into()).try_collect().await?)
}

/// The positions whose documents would hold a value that a document outside this batch holds already.
async fn held_keys(
    db: &Db,
    session: &mut Transaction<'_>,
    rule: &dyn Rule,
    proposals: &[Proposal],
    judged: &[(usize, Judgement)],
) -> anyhow::Result<Vec<usize>> {
    let target = rule.target().collection;
    let placed: Vec<(usize, &RawDocumentBuf)> = judged
        .iter()
        .filter(|(_, judgement)| matches!(judgement, Judgement::Place { .. }))
        .filter(|(at, _)| proposals[*at].entry.outcome == Kind::Written)
        .filter_map(|(at, _)| Some((*at, proposals[*at].document.as_ref()?)))
        .collect();
    let leaving: Vec<Bson> = judged
        .iter()
        .filter_map(|(_, judgement)| match judgement {
            Judgement::Place { remove: Some(old) } if old.collection == target => Some(old.id.clone()),
            _ => None,
        })
        .collect();
    let mut waiting = Vec::new();
    for fields in rule.unique_keys() {
        let wanted: HashMap<Vec<&str>, usize> =
            placed.iter().filter_map(|(at, document)| Some((values(document, fields)?, *at))).collect();
        let Some(first) = fields.first().filter(|_| !wanted.is_empty()) else { continue };
        let firsts: Vec<&str> = wanted.keys().map(|values| values[0]).collect();
        let filter = doc! { *first: { "$in": firsts }, "_id": { "$nin": &leaving } };
        for holder in read(db, session, target, filter).await? {
            waiting.extend(values(&holder, fields).and_then(|held| wanted.get(&held)));
        }
    }
    Ok(waiting)
}

/// The texts in these fields; `None` when one of them is no text, and so takes part in no unique index of ours.
fn values<'a>(document: &'a RawDocumentBuf, fields: &[&str]) -> Option<Vec<&'a str>> {
    fields.iter().map(|field| document.get(field).ok().flatten().and_then(RawBsonRef::as_str)).collect()
}

/// The writes of one batch.
#[derive(Default)]
struct Batch {
    remove: BTreeMap<String, Vec<Bson>>,
    insert: BTreeMap<String, Vec<RawDocumentBuf>>,
    entries: Vec<Entry>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.insert.is_empty() && self.entries.is_empty()
    }

    fn place(&mut self, proposal: &Proposal, remove: Option<Target>) {
        if let Some(old) = remove {
            self.remove.entry(old.collection).or_default().push(old.id);
        }
        if let (Some(target), Some(document)) = (&proposal.entry.target, &proposal.document) {
            self.insert.entry(target.collection.clone()).or_default().push(document.clone());
        }
        self.entries.push(proposal.entry.clone());
    }

    fn note(&mut self, proposal: &Proposal, known: Option<&Entry>) {
        let mut entry = proposal.entry.clone();
        if entry.outcome == Kind::Refused {
            entry.target = known.and_then(|known| known.target.clone());
        }
        self.entries.push(entry);
    }

    fn refuse(&mut self, proposal: &Proposal, known: Option<&Entry>, noticed: Noticed) {
        let mut entry = proposal.entry.clone();
        entry.outcome = Kind::Refused;
        entry.target = known.and_then(|known| known.target.clone());
        entry.findings.push(noticed.into());
        if known.is_none_or(|known| !known.says_the_same(&entry)) {
            self.entries.push(entry);
        }
    }

    /// Takes away and puts in place, then reads back what was put: the ledger speaks of the document as stored.
    /// Inserting, unlike replacing, hands the server our bytes as they are.
    async fn write(self, db: &Db, session: &mut Transaction<'_>) -> anyhow::Result<()> {
        for (collection, ids) in self.remove {
            let wanted = ids.len() as u64;
            let gone = db
                .live
                .collection::<Document>(&collection)
                .delete_many(doc! { "_id": { "$in": ids } })
                .session(&mut *session)
                .await?;
            anyhow::ensure!(gone.deleted_count == wanted, "{collection}: not all old documents were there to replace");
        }
        for (collection, documents) in self.insert {
            let target = db.live.collection::<RawDocumentBuf>(&collection);
            target.insert_many(&documents).session(&mut *session).await?;
            let ids: Vec<Bson> = documents.iter().map(document_id).collect::<anyhow::Result<_>>()?;
            let stored = read(db, session, &collection, doc! { "_id": { "$in": ids } }).await?;
            let stored: HashMap<Vec<u8>, Leaf> = stored.iter().map(|d| (id_bytes(d), leaf(d))).collect();
            for document in &documents {
                anyhow::ensure!(
                    stored.get(&id_bytes(document)) == Some(&leaf(document)),
                    "{collection}: the server stored something else than it was given"
                );
            }
        }
        if !self.entries.is_empty() {
            let keys: Vec<Bson> =
                self.entries.iter().map(|entry| bson::serialize_to_bson(&entry.key)).collect::<Result<_, _>>()?;
            let ledger = db.stored::<Entry>();
            ledger.delete_many(doc! { "_id": { "$in": keys } }).session(&mut *session).await?;
            ledger.insert_many(&self.entries).session(&mut *session).await?;
        }
        Ok(())
    }
}

/// The `_id` of a document.
pub fn document_id(document: &RawDocumentBuf) -> anyhow::Result<Bson> {
    let id = document.get("_id")?.ok_or_else(|| anyhow::anyhow!("a document of {} has no _id", Entry::COLLECTION))?;
    Ok(Bson::try_from(id)?)
}
