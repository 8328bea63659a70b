//! A thousand generated faults on one stored backup: every one has to be found, and its place named.
//!
//! Those of the first half are what disks, stores and thieves without keys can do. In the second half the archive itself is
//! changed and sealed again with our own keys (`content`).

use std::collections::BTreeMap;

use canje::backup::container::PublicManifest;
use canje::backup::model::{Finding, Severity};

use super::content::*;
use super::pieces::{self, Kind, Piece, Seal};
use super::shelf::{Shelf, judge};
use super::whole;
use crate::backup::sample::Sample;

/// Faults in all.
const FAULTS: usize = 1000;

/// Numbers that are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A damaged backup, and the places of which one has to be named.
pub struct Damaged {
    pub shelf: Shelf,
    pub places: Vec<String>,
}

/// What faults are made from: the backup, another of ours, a stranger's.
pub struct Ground {
    pub sample: Sample,
    pub other: Sample,
    pub stranger: Sample,
    pub shelf: Shelf,
    pub pieces: Vec<Piece>,
}

type Fault = fn(&Ground, &mut Dice) -> Damaged;

/// The kinds, and how many of each.
const KINDS: [(&str, usize, Fault); 34] = [
    ("bit of a part", 150, flipped_part),
    ("bit of the public manifest", 40, |g, d| flipped_file(g, d, "manifest.json", "manifest.sig")),
    ("bit of the signature", 20, |g, d| flipped_file(g, d, "manifest.sig", "manifest.sig")),
    ("bit of the private manifest", 30, |g, d| flipped_file(g, d, "manifest.private", "manifest.private")),
    ("file cut", 40, cut_file),
    ("file with bytes after its end", 20, longer_file),
    ("file lost", 20, lost_file),
    ("two parts swapped", 15, swapped_parts),
    ("part of another backup", 15, foreign_part),
    ("part renamed", 10, renamed_part),
    ("file that doesn't belong", 10, unknown_file),
    ("private manifest of another backup", 5, foreign_private),
    ("manifest signed by a stranger", 10, foreign_signature),
    ("all of another backup in its place", 5, replayed),
    ("vanished", 5, vanished),
    ("bit of the archive's structure", 200, |g, d| flipped_piece(g, d, false)),
    ("bit of a document", 60, |g, d| flipped_piece(g, d, true)),
    ("archive cut", 30, cut_archive),
    ("archive with bytes after its end", 15, longer_archive),
    ("document dropped", 40, dropped_document),
    ("document twice", 30, doubled_document),
    ("documents in another order", 30, reordered),
    ("documents swapped between collections", 30, swapped_documents),
    ("document altered", 50, altered_document),
    ("empty collection lost", 10, |g, _| lost_namespace(g, "shop.empty")),
    ("view lost", 10, |g, _| lost_namespace(g, "shop.recent")),
    ("collection lost", 10, |g, d| lost_namespace(g, *d.pick(&["shop.tags", "site.one", "shop.people"]))),
    ("collection nobody knows", 10, added_namespace),
    ("index dropped", 10, |g, _| redefined(g, "shop.people", dropped_index)),
    ("index, option or view changed", 20, changed_definition),
    ("terminator lost", 15, |g, d| lost_piece(g, d, &[Kind::BlockEnd, Kind::ClosingEnd, Kind::PreludeEnd])),
    ("header lost", 15, |g, d| lost_piece(g, d, &[Kind::Opening, Kind::Closing, Kind::Header, Kind::Magic])),
    ("piece twice", 10, doubled_piece),
    ("content and manifests made anew, signed by a stranger", 10, forged),
];

#[tokio::test]
async fn a_thousand_faults_are_found_and_their_places_named() {
    assert_eq!(KINDS.iter().map(|(_, count, _)| count).sum::<usize>(), FAULTS);
    let (sample, other, stranger) = (whole(), whole(), whole());
    let (shelf, pieces) = (Shelf::of(&sample), pieces::apart(&sample.archive));
    let ground = Ground { sample, other, stranger, shelf, pieces };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut missed = Vec::new();
    let mut table = BTreeMap::new();
    for (kind, count, fault) in KINDS {
        let mut found = 0;
        for nth in 0..count {
            let damaged = fault(&ground, &mut dice);
            // What the catalogue knows would find every manifest made anew: the content has to be found without it.
            let report = judge(&ground.sample, &damaged.shelf, None).await;
            let worse: Vec<&Finding> = report.findings.iter().filter(|f| f.severity != Severity::Info).collect();
            let is_named = worse.iter().any(|finding| {
                let place = finding.namespace.as_deref().unwrap_or_default();
                damaged.places.iter().any(|wanted| match wanted.strip_prefix('~') {
                    Some(words) => finding.detail.contains(words),
                    None => place == wanted,
                })
            });
            if is_named && !report.is_ok() {
                found += 1;
            } else {
                missed.push(format!("{kind} #{nth}: wanted {:?}, found {worse:?}", damaged.places));
            }
        }
        table.insert(kind, (count, found));
    }
    println!("{:<56} {:>5} {:>5}", "kind", "made", "found");
    for (kind, (made, found)) in &table {
        println!("{kind:<56} {made:>5} {found:>5}");
    }
    let (made, found) = table.values().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    println!("{:<56} {made:>5} {found:>5}", "all");
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed[..missed.len().min(20)].join("\n"));
}

fn part(ground: &Ground, dice: &mut Dice) -> String {
    format!("parts/{:08}", dice.below(ground.sample.public.parts.len()))
}

fn any_file(ground: &Ground, dice: &mut Dice) -> String {
    let names: Vec<&String> = ground.shelf.files.keys().collect();
    (*dice.pick(&names)).clone()
}

/// Where a single place has to be named.
pub fn damaged(shelf: Shelf, place: impl Into<String>) -> Damaged {
    Damaged { shelf, places: vec![place.into()] }
}

/// A changed public manifest shows in its signature.
fn shown_at(name: &str) -> &str {
    if name == "manifest.json" { "manifest.sig" } else { name }
}

fn flipped_part(ground: &Ground, dice: &mut Dice) -> Damaged {
    let name = part(ground, dice);
    flipped_file(ground, dice, &name, &name)
}

fn flipped_file(ground: &Ground, dice: &mut Dice, name: &str, place: &str) -> Damaged {
    let mut shelf = ground.shelf.clone();
    let file = shelf.file(name);
    let at = dice.below(file.len());
    file[at] ^= 1 << dice.below(8);
    damaged(shelf, place)
}

fn cut_file(ground: &Ground, dice: &mut Dice) -> Damaged {
    let (mut shelf, name) = (ground.shelf.clone(), any_file(ground, dice));
    let file = shelf.file(&name);
    file.truncate(dice.below(file.len()));
    damaged(shelf, shown_at(&name))
}

fn longer_file(ground: &Ground, dice: &mut Dice) -> Damaged {
    let (mut shelf, name) = (ground.shelf.clone(), any_file(ground, dice));
    shelf.file(&name).extend(std::iter::repeat_n(dice.below(256) as u8, 1 + dice.below(40)));
    damaged(shelf, shown_at(&name))
}

fn lost_file(ground: &Ground, dice: &mut Dice) -> Damaged {
    let (mut shelf, name) = (ground.shelf.clone(), any_file(ground, dice));
    shelf.files.remove(&name);
    damaged(shelf, name)
}

fn swapped_parts(ground: &Ground, dice: &mut Dice) -> Damaged {
    let (mut shelf, one) = (ground.shelf.clone(), part(ground, dice));
    let other = loop {
        let other = part(ground, dice);
        if other != one {
            break other;
        }
    };
    let (a, b) = (shelf.files[&one].clone(), shelf.files[&other].clone());
    shelf.files.insert(one.clone(), b);
    shelf.files.insert(other, a);
    damaged(shelf, one)
}

fn foreign_part(ground: &Ground, dice: &mut Dice) -> Damaged {
    let (mut shelf, name) = (ground.shelf.clone(), part(ground, dice));
    // Sealed anew for us: it opens, and its content may even be the same.
    let plain = ground.sample.archive.chunks(4096).nth(dice.below(3)).unwrap();
    let sealed = ground.sample.keys.recipients.seal(&zstd::bulk::compress(plain, 3).unwrap()).unwrap();
    let foreign = if dice.below(2) == 0 { sealed } else { Shelf::of(&ground.other).files["parts/00000001"].clone() };
    shelf.files.insert(name.clone(), foreign);
    damaged(shelf, name)
}

fn renamed_part(ground: &Ground, dice: &mut Dice) -> Damaged {
    let (mut shelf, name) = (ground.shelf.clone(), part(ground, dice));
    let bytes = shelf.files.remove(&name).unwrap();
    shelf.files.insert(format!("parts/{:08}", 100 + dice.below(100)), bytes);
    damaged(shelf, name)
}

fn unknown_file(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut shelf = ground.shelf.clone();
    let name = *dice.pick(&["parts/0000000x", "parts/00009999", "notes.txt", "manifest.json.bak", "parts/1"]);
    shelf.files.insert(name.into(), vec![1; dice.below(50)]);
    damaged(shelf, name)
}

fn foreign_private(ground: &Ground, _: &mut Dice) -> Damaged {
    let mut shelf = ground.shelf.clone();
    let private = ground.other.private.seal(&ground.sample.keys.recipients).unwrap();
    shelf.files.insert("manifest.private".into(), private);
    damaged(shelf, "manifest.private")
}

fn foreign_signature(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut shelf = ground.shelf.clone();
    let mut public: PublicManifest = serde_json::from_slice(&shelf.files["manifest.json"]).unwrap();
    if dice.below(2) == 0 {
        public.signer = ground.stranger.keys.signer.fingerprint();
    }
    let (manifest, signature) = public.sign(&ground.stranger.keys.signer).unwrap();
    shelf.files.insert("manifest.json".into(), manifest);
    shelf.files.insert("manifest.sig".into(), signature.to_vec());
    damaged(shelf, "manifest.sig")
}

fn replayed(ground: &Ground, _: &mut Dice) -> Damaged {
    // The other backup, sealed for the same keys and signed by them: nothing but its name is wrong.
    let own = Seal { states_hash: true, private: Some(&ground.other.private), signer: &ground.sample.keys.signer };
    let mut shelf = pieces::seal(&ground.sample, &ground.other.archive, &own);
    let mut sealed: PublicManifest = serde_json::from_slice(&shelf.files["manifest.json"]).unwrap();
    sealed.id = ground.other.public.id.clone();
    let (manifest, signature) = sealed.sign(&ground.sample.keys.signer).unwrap();
    shelf.files.insert("manifest.json".into(), manifest);
    shelf.files.insert("manifest.sig".into(), signature.to_vec());
    damaged(shelf, "manifest.json")
}

fn vanished(ground: &Ground, _: &mut Dice) -> Damaged {
    damaged(Shelf { files: BTreeMap::new(), ..ground.shelf.clone() }, "~desapareció")
}
