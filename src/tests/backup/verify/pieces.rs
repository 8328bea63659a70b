//! An archive taken apart, changed, and put together again: with the right checksums, sealed as ours.

use canje::backup::container::{PrivateFile, PrivateManifest};
use canje::backup::keys::{Keys, Signer};
use canje::dump::Checksum;
use canje::dump::raw::{Builder, elements};
use sha2::{Digest, Sha256};

use super::shelf::Shelf;
use crate::backup::sample::Sample;

/// What a piece of an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Magic,
    Header,
    Entry,
    PreludeEnd,
    Opening,
    Document,
    BlockEnd,
    Closing,
    ClosingEnd,
}

/// A piece, with the namespace it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    pub namespace: String,
    pub bytes: Vec<u8>,
}

/// Takes an archive apart.
pub fn apart(archive: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut take = |kind, namespace: &str| {
        let size = match kind {
            Kind::Magic | Kind::PreludeEnd | Kind::BlockEnd | Kind::ClosingEnd => 4,
            _ => u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize,
        };
        pieces.push(Piece { kind, namespace: namespace.to_owned(), bytes: archive[at..at + size].to_vec() });
        at += size;
        at
    };
    let ends = |at: usize| archive[at..].starts_with(&[0xff; 4]);
    let name = |at: usize| {
        let size = u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
        let found: Vec<_> = elements(&archive[at..at + size]).map(Result::unwrap).collect();
        let is_closing = found.iter().any(|element| element.key == b"EOF" && element.as_bool() == Some(true));
        (format!("{}.{}", found[0].as_str().unwrap(), found[1].as_str().unwrap()), is_closing)
    };
    take(Kind::Magic, "");
    let mut next = take(Kind::Header, "");
    while !ends(next) {
        next = take(Kind::Entry, &name(next).0);
    }
    next = take(Kind::PreludeEnd, "");
    while next < archive.len() {
        let (namespace, is_closing) = name(next);
        if is_closing {
            take(Kind::Closing, &namespace);
            next = take(Kind::ClosingEnd, &namespace);
            continue;
        }
        next = take(Kind::Opening, &namespace);
        while !ends(next) {
            next = take(Kind::Document, &namespace);
        }
        next = take(Kind::BlockEnd, &namespace);
    }
    pieces
}

/// Puts pieces together; `repairs`: every closing header gets the checksum of the documents that are now there.
pub fn together(pieces: &[Piece], repairs: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        if repairs && piece.kind == Kind::Closing {
            let mut checksum = Checksum::default();
            let own = pieces.iter().filter(|p| p.kind == Kind::Document && p.namespace == piece.namespace);
            own.for_each(|document| checksum.update(&document.bytes));
            out.extend(header(&piece.namespace, true, checksum.value()));
        } else {
            out.extend_from_slice(&piece.bytes);
        }
    }
    out
}

/// The header of a block.
pub fn header(namespace: &str, is_closing: bool, checksum: u64) -> Vec<u8> {
    let (database, collection) = namespace.split_once('.').unwrap();
    let mut out = Builder::new();
    out.string("db", database).string("collection", collection);
    out.boolean("EOF", is_closing).int64("CRC", checksum as i64);
    out.finish()
}

/// An entry with another metadata text.
pub fn entry(piece: &Piece, metadata: impl Fn(&str) -> String) -> Piece {
    let mut out = Builder::new();
    for element in elements(&piece.bytes).map(Result::unwrap) {
        if element.key == b"metadata" {
            let text = element.as_str().unwrap();
            let changed = metadata(text);
            assert_ne!(changed, text, "the definition isn't what the test thinks");
            out.string("metadata", &changed);
        } else {
            out.element(&element);
        }
    }
    Piece { bytes: out.finish(), ..piece.clone() }
}

/// How a changed archive is sealed.
pub struct Seal<'a> {
    /// Whether the manifest states the changed archive's hash too, or still the true one.
    pub states_hash: bool,
    /// What the private manifest says instead of the truth.
    pub private: Option<&'a PrivateManifest>,
    /// Who signs.
    pub signer: &'a Signer,
}

/// Seals an archive as this sample's: right parts, right manifest, a signature.
pub fn seal(sample: &Sample, archive: &[u8], how: &Seal<'_>) -> Shelf {
    let Keys { recipients, .. } = &sample.keys;
    let mut shelf = Shelf { prefix: sample.prefix.clone(), files: Default::default() };
    let mut public = sample.public.clone();
    let part_bytes = public.parts[0].plain_bytes as usize;
    let mut part = public.parts[0].clone();
    public.parts.clear();
    for (index, plain) in archive.chunks(part_bytes).enumerate() {
        let cipher = recipients.seal(&zstd::bulk::compress(plain, 3).unwrap()).unwrap();
        part.index = index as u32;
        part.bytes = cipher.len() as u64;
        part.sha256 = hex::encode(Sha256::digest(&cipher));
        part.plain_offset = (index * part_bytes) as u64;
        part.plain_bytes = plain.len() as u64;
        public.parts.push(part.clone());
        shelf.files.insert(format!("parts/{index:08}"), cipher);
    }
    public.archive_bytes = archive.len() as u64;
    if how.states_hash {
        public.archive_sha256 = hex::encode(Sha256::digest(archive));
    }
    let private = how.private.unwrap_or(&sample.private).seal(recipients).unwrap();
    public.private = PrivateFile { bytes: private.len() as u64, sha256: hex::encode(Sha256::digest(&private)) };
    public.root = how.private.map_or(public.root, |private| private.root.clone());
    let (manifest, signature) = public.sign(how.signer).unwrap();
    shelf.files.insert("manifest.json".into(), manifest);
    shelf.files.insert("manifest.sig".into(), signature.to_vec());
    shelf.files.insert("manifest.private".into(), private);
    shelf
}
