//! What has to be done for a row: a pure decision.

use std::collections::HashMap;

use bson::Bson;

use super::super::leaf::{Leaf, value_bytes};
use super::super::ledger::{Entry, Kind, Target};

/// What has to be done for one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// Everything is as it should be.
    Same,
    /// Only the ledger has something new.
    Note,
    /// The document is put in its place, after the old one was taken away.
    Place {
        /// The old one.
        remove: Option<Target>,
    },
    /// Somebody changed the document here: it stays.
    Local,
    /// Somebody else's document is in its place.
    Taken,
}

/// The documents in the target collections, by collection and `_id`.
pub type Present = HashMap<(String, Vec<u8>), Leaf>;

/// Decides about one row from what its rule proposes, what the ledger knows and what is in the target collections.
pub fn judge(proposed: &Entry, known: Option<&Entry>, present: &Present) -> Judgement {
    let at = |target: &Target| present.get(&place(target)).copied();
    let old = known.and_then(|entry| entry.target.as_ref());
    let edited = old.is_some_and(|old| at(old) != Some(old.leaf));
    let noted = || match known.is_some_and(|known| known.says_the_same(proposed)) {
        true => Judgement::Same,
        false => Judgement::Note,
    };
    match (&proposed.target, old) {
        (Some(new), _) if at(new) == Some(new.leaf) && old.is_none_or(|old| place(old) == place(new)) => noted(),
        (_, Some(_)) if edited && proposed.outcome != Kind::Refused => Judgement::Local,
        (Some(new), Some(old)) if place(new) != place(old) && at(new).is_some() => Judgement::Taken,
        (Some(_), Some(old)) => Judgement::Place { remove: Some(old.clone()) },
        (Some(new), None) if at(new).is_some() => Judgement::Taken,
        (Some(_), None) => Judgement::Place { remove: None },
        // What was adopted before stays when its row is refused by now: nothing is taken away without a successor.
        (None, Some(old)) if proposed.outcome == Kind::Refused => {
            let keeping = Entry { target: Some(old.clone()), ..proposed.clone() };
            if known.is_some_and(|known| known.says_the_same(&keeping)) { Judgement::Same } else { Judgement::Note }
        }
        (None, Some(old)) => Judgement::Place { remove: Some(old.clone()) },
        (None, None) => noted(),
    }
}

fn place(target: &Target) -> (String, Vec<u8>) {
    (target.collection.clone(), bson_bytes(&target.id))
}

/// The row, as a key.
pub fn row_key(entry: &Entry) -> Vec<u8> {
    bson_bytes(&entry.key.source)
}

fn bson_bytes(value: &Bson) -> Vec<u8> {
    match bson::RawBson::try_from(value.clone()) {
        Ok(raw) => value_bytes(raw.as_raw_bson_ref()),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use bson::{DateTime, rawdoc};

    use super::super::super::leaf::leaf;
    use super::super::super::ledger::Key;
    use super::*;

    fn at(collection: &str, content: i32) -> Target {
        Target { collection: collection.into(), id: Bson::Int32(1), leaf: leaf(&rawdoc! { "_id": 1, "n": content }) }
    }

    fn entry(outcome: Kind, target: Option<Target>) -> Entry {
        Entry {
            key: Key { rule: "r".into(), source: Bson::Int32(1) },
            rule: "r".into(),
            id: "1".into(),
            source_leaf: leaf(&rawdoc! {}),
            rule_version: 1,
            outcome,
            target,
            folded_into: None,
            findings: Vec::new(),
            run: "run".into(),
            at: DateTime::MIN,
        }
    }

    fn written(content: i32) -> Entry {
        entry(Kind::Written, Some(at("here", content)))
    }

    fn present(targets: &[Target]) -> Present {
        targets.iter().map(|target| (place(target), target.leaf)).collect()
    }

    fn replace(old: Target) -> Judgement {
        Judgement::Place { remove: Some(old) }
    }

    #[test]
    fn a_new_row_takes_a_free_place_only() {
        let nothing = Judgement::Place { remove: None };
        assert_eq!(judge(&written(1), None, &present(&[])), nothing);
        assert_eq!(judge(&written(1), None, &present(&[at("here", 2)])), Judgement::Taken);
        assert_eq!(judge(&written(1), None, &present(&[at("elsewhere", 2)])), nothing);
        assert_eq!(judge(&written(1), None, &present(&[at("here", 1)])), Judgement::Note, "exactly this document");
    }

    #[test]
    fn an_adopted_row_is_left_replaced_or_kept() {
        let known = written(1);
        assert_eq!(judge(&written(1), Some(&known), &present(&[at("here", 1)])), Judgement::Same);
        assert_eq!(judge(&written(2), Some(&known), &present(&[at("here", 1)])), replace(at("here", 1)));
        assert_eq!(judge(&written(2), Some(&known), &present(&[at("here", 3)])), Judgement::Local);
        assert_eq!(judge(&written(1), Some(&known), &present(&[at("here", 3)])), Judgement::Local);
        assert_eq!(judge(&written(1), Some(&known), &present(&[])), Judgement::Local, "removed here");
        assert_eq!(
            judge(&written(2), Some(&known), &present(&[at("here", 2)])),
            Judgement::Note,
            "changed to the same"
        );
        let newer = Entry { rule_version: 2, ..written(1) };
        assert_eq!(judge(&newer, Some(&known), &present(&[at("here", 1)])), Judgement::Note);
    }

    #[test]
    fn a_row_that_moves_takes_its_old_document_along() {
        let (known, moved) = (written(1), entry(Kind::Moved, Some(at("elsewhere", 1))));
        assert_eq!(judge(&moved, Some(&known), &present(&[at("here", 1)])), replace(at("here", 1)));
        assert_eq!(judge(&moved, Some(&known), &present(&[at("here", 2)])), Judgement::Local);
        let both = present(&[at("here", 1), at("elsewhere", 2)]);
        assert_eq!(judge(&moved, Some(&known), &both), Judgement::Taken);
        let folded = entry(Kind::Folded, None);
        assert_eq!(judge(&folded, Some(&known), &present(&[at("here", 1)])), replace(at("here", 1)));
        assert_eq!(judge(&folded, Some(&folded), &present(&[])), Judgement::Same);
    }

    #[test]
    fn a_row_refused_by_now_loses_nothing() {
        let refused = entry(Kind::Refused, None);
        for found in [present(&[at("here", 1)]), present(&[at("here", 2)]), present(&[])] {
            assert_eq!(judge(&refused, Some(&written(1)), &found), Judgement::Note);
            let remembered = entry(Kind::Refused, Some(at("here", 1)));
            assert_eq!(judge(&refused, Some(&remembered), &found), Judgement::Same);
        }
        assert_eq!(judge(&refused, None, &present(&[])), Judgement::Note);
    }
}
