//! Faults of the content: the archive is changed and sealed again with our own keys, so that every checksum and signature
//! along the way is right. Only what the manifests say of the content is left to find them by.

use canje::backup::take;
use canje::dump::Checksum;
use canje::dump::hash::{LeafSet, StreamHash};

use super::faults::{Damaged, Dice, Ground, damaged};
use super::pieces::{self, Kind, Piece, Seal};

/// Seals a changed archive with our own keys: the private manifest stays true.
fn resealed(ground: &Ground, archive: &[u8], states_hash: bool, places: &[&str]) -> Damaged {
    let how = Seal { states_hash, private: None, signer: &ground.sample.keys.signer };
    let places = places.iter().filter(|place| !place.is_empty()).map(|place| (*place).to_owned()).collect();
    Damaged { shelf: pieces::seal(&ground.sample, archive, &how), places }
}

pub fn flipped_piece(ground: &Ground, dice: &mut Dice, is_document: bool) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let wanted: Vec<usize> =
        (0..pieces.len()).filter(|place| (pieces[*place].kind == Kind::Document) == is_document).collect();
    let piece = &mut pieces[*dice.pick(&wanted)];
    let (namespace, kind) = (piece.namespace.clone(), piece.kind);
    // Lengths are the nastiest: a third of all goes there.
    let bound = if dice.below(3) == 0 { piece.bytes.len().min(4) } else { piece.bytes.len() };
    let at = dice.below(bound);
    piece.bytes[at] ^= 1 << dice.below(8);
    // Versions, and fields that readers ignore, say nothing about the content: there only the archive's hash can tell.
    let whole = if matches!(kind, Kind::Header | Kind::Entry) { "~SHA-256 del archivo" } else { "" };
    resealed(ground, &pieces::together(&pieces, false), false, &[&namespace, "~byte", whole])
}

pub fn cut_archive(ground: &Ground, dice: &mut Dice) -> Damaged {
    let end = 1 + dice.below(ground.sample.archive.len() - 1);
    resealed(ground, &ground.sample.archive[..end], true, &["~cortado", "~nunca se cierra", "~falta", "~no está"])
}

pub fn longer_archive(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut archive = ground.sample.archive.clone();
    let more: &[u8] = dice.pick::<&[u8]>(&[&[0], &[0xff; 4], &[0; 9], &[5, 0, 0, 0, 0], &[0xff; 3]]);
    archive.extend_from_slice(more);
    resealed(ground, &archive, true, &["~byte"])
}

fn documents(pieces: &[Piece], least: usize) -> Vec<usize> {
    let count = |namespace: &str| {
        pieces.iter().filter(|piece| piece.kind == Kind::Document && piece.namespace == namespace).count()
    };
    (0..pieces.len())
        .filter(|place| pieces[*place].kind == Kind::Document && count(&pieces[*place].namespace) >= least)
        .collect()
}

fn repaired(ground: &Ground, pieces: &[Piece], places: &[&str]) -> Damaged {
    resealed(ground, &pieces::together(pieces, true), true, places)
}

pub fn dropped_document(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let gone = pieces.remove(*dice.pick(&documents(&pieces, 1)));
    repaired(ground, &pieces, &[&gone.namespace])
}

pub fn doubled_document(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let place = *dice.pick(&documents(&pieces, 1));
    let twice = pieces[place].clone();
    pieces.insert(place, twice.clone());
    repaired(ground, &pieces, &[&twice.namespace])
}

pub fn reordered(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let places = documents(&pieces, 2);
    let (a, b) = loop {
        let (a, b) = (*dice.pick(&places), *dice.pick(&places));
        if a != b && pieces[a].namespace == pieces[b].namespace {
            break (a, b);
        }
    };
    pieces.swap(a, b);
    repaired(ground, &pieces, &[&pieces[a].namespace])
}

pub fn swapped_documents(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let places = documents(&pieces, 1);
    let (a, b) = loop {
        let (a, b) = (*dice.pick(&places), *dice.pick(&places));
        if pieces[a].namespace != pieces[b].namespace {
            break (a, b);
        }
    };
    let bytes = pieces[a].bytes.clone();
    pieces[a].bytes = std::mem::replace(&mut pieces[b].bytes, bytes);
    repaired(ground, &pieces, &[&pieces[a].namespace])
}

pub fn altered_document(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let piece = &mut pieces[*dice.pick(&documents(&ground.pieces, 1))];
    let at = 4 + dice.below(piece.bytes.len() - 5);
    piece.bytes[at] ^= 1 << dice.below(8);
    let namespace = piece.namespace.clone();
    repaired(ground, &pieces, &[&namespace])
}

pub fn lost_namespace(ground: &Ground, namespace: &str) -> Damaged {
    let pieces: Vec<Piece> = ground.pieces.iter().filter(|piece| piece.namespace != namespace).cloned().collect();
    repaired(ground, &pieces, &[namespace])
}

pub fn added_namespace(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let name = "shop.zebra";
    let source: Vec<Piece> = pieces.iter().filter(|piece| piece.namespace == "shop.tags").cloned().collect();
    let is_listed = dice.below(2) == 0;
    for piece in source {
        let bytes = match piece.kind {
            Kind::Entry => {
                let renamed = pieces::entry(&piece, |text| text.replace("\"tags\"", "\"zebra\""));
                let at = renamed.bytes.windows(5).position(|bytes| bytes == b"tags\0").unwrap();
                // A name one letter longer: the string's length and the document's with it.
                let mut bytes = renamed.bytes;
                bytes.splice(at..at + 4, *b"zebra");
                bytes[at - 4] += 1;
                let length = bytes.len() as u32;
                bytes[..4].copy_from_slice(&length.to_le_bytes());
                bytes
            }
            Kind::Opening => pieces::header(name, false, 0),
            Kind::Closing => pieces::header(name, true, 0),
            _ => piece.bytes.clone(),
        };
        let own = Piece { namespace: name.into(), bytes, kind: piece.kind };
        if piece.kind != Kind::Entry {
            pieces.push(own);
        } else if is_listed {
            let end = pieces.iter().position(|piece| piece.kind == Kind::PreludeEnd).unwrap();
            pieces.insert(end, own);
        }
    }
    repaired(ground, &pieces, &[name])
}

pub fn redefined(ground: &Ground, namespace: &str, change: fn(&str) -> String) -> Damaged {
    let pieces: Vec<Piece> = ground
        .pieces
        .iter()
        .map(|piece| match piece.kind {
            Kind::Entry if piece.namespace == namespace => pieces::entry(piece, change),
            _ => piece.clone(),
        })
        .collect();
    repaired(ground, &pieces, &[namespace])
}

pub fn dropped_index(text: &str) -> String {
    let start = text.find(r#",{"v":{"$numberInt":"2"},"key":{"at""#).unwrap();
    let end = start + text[start..].find(r#""hidden":true}"#).unwrap() + r#""hidden":true}"#.len();
    format!("{}{}", &text[..start], &text[end..])
}

pub fn changed_definition(ground: &Ground, dice: &mut Dice) -> Damaged {
    type Change = (&'static str, fn(&str) -> String);
    const CHANGES: [Change; 10] = [
        ("shop.people", |text| text.replace(r#","hidden":true"#, "")),
        ("shop.people", |text| text.replace(r#","unique":true"#, "")),
        ("shop.people", |text| text.replace("3600.5", "3600.0")),
        ("shop.people", |text| text.replace(r#""options":{"collation":"#, r#""options":{"kollation":"#)),
        ("shop.people", |text| text.replace(r#"{"$numberLong":"0"}"#, r#"{"$numberInt":"0"}"#)),
        ("shop.logs", |text| text.replace(r#""capped":true"#, r#""capped":false"#)),
        ("shop.empty", |text| text.replace(r#""options":{"validator":{"a":{"$exists":true}}},"#, "")),
        ("shop.recent", |text| text.replace("people", "peopl3")),
        ("shop.recent", |text| text.replace(r#""options":"i""#, r#""options":"""#)),
        // The same words in another order are another pipeline.
        ("shop.recent", |text| {
            let (name, number) = (r#""name":{"$numberInt":"1"}"#, r#""n":{"$numberInt":"1"}"#);
            text.replace(&format!("{name},{number}"), &format!("{number},{name}"))
        }),
    ];
    let (namespace, change) = *dice.pick(&CHANGES);
    redefined(ground, namespace, change)
}

pub fn lost_piece(ground: &Ground, dice: &mut Dice, kinds: &[Kind]) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let places: Vec<usize> = (0..pieces.len()).filter(|place| kinds.contains(&pieces[*place].kind)).collect();
    let gone = pieces.remove(*dice.pick(&places));
    repaired(ground, &pieces, &[&gone.namespace, "~byte"])
}

pub fn doubled_piece(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let places: Vec<usize> = (0..pieces.len()).filter(|place| pieces[*place].kind != Kind::Document).collect();
    let place = *dice.pick(&places);
    let twice = pieces[place].clone();
    pieces.insert(place, twice.clone());
    repaired(ground, &pieces, &[&twice.namespace, "~byte"])
}

/// Everything agrees: archive, both manifests, root. Only the hand that signed is another.
pub fn forged(ground: &Ground, dice: &mut Dice) -> Damaged {
    let mut pieces = ground.pieces.clone();
    let gone = pieces.remove(*dice.pick(&documents(&pieces, 2)));
    let mut private = ground.sample.private.clone();
    for namespace in &mut private.namespaces {
        let name = format!("{}.{}", namespace.database, namespace.name);
        if name != gone.namespace {
            continue;
        }
        let (mut set, mut stream, mut crc) = (LeafSet::default(), StreamHash::default(), Checksum::default());
        for piece in pieces.iter().filter(|piece| piece.kind == Kind::Document && piece.namespace == name) {
            set.push(&piece.bytes).unwrap();
            stream.push(&piece.bytes);
            crc.update(&piece.bytes);
        }
        let digest = set.finish().unwrap();
        (namespace.documents, namespace.bytes) = (digest.documents as i64, digest.bytes as i64);
        (namespace.h_set, namespace.h_stream) = (digest.h_set_hex(), hex::encode(stream.finish()));
        namespace.crc = format!("{:016x}", crc.value());
    }
    private.root = take::root(&private.namespaces, &[]);
    let archive = pieces::together(&pieces, true);
    let how = Seal { states_hash: true, private: Some(&private), signer: &ground.stranger.keys.signer };
    damaged(pieces::seal(&ground.sample, &archive, &how), "manifest.sig")
}
