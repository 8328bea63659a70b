//! The two manifests as the verifier reads them.

use std::io::Read as _;

use serde::Deserialize;

use super::findings::Findings;
use crate::backup::keys::Opener;
use crate::backup::model::{BackupId, Check, Excluded};
use crate::i18n::backup::verify as words;

/// The public manifest's name.
pub const PUBLIC: &str = "manifest.json";
/// The private manifest's name.
pub const PRIVATE: &str = "manifest.private";
/// The signature's name.
pub const SIGNATURE: &str = "manifest.sig";
/// The one format there is.
const FORMAT: &str = "canje-backup/1";
/// Most plain bytes of a part.
pub const PART_BYTES: u64 = 8 * 1024 * 1024;
/// Most bytes an encrypted part can have: what doesn't shrink, and what encryption adds.
pub const CIPHER_BYTES: u64 = PART_BYTES + PART_BYTES / 64;
/// Most bytes of a private manifest, decompressed.
const PRIVATE_BYTES: u64 = 256 * 1024 * 1024;

/// The name of a part.
pub fn part_name(index: u32) -> String {
    format!("parts/{index:08}")
}

/// A part as the public manifest describes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub index: u32,
    pub bytes: u64,
    pub sha256: String,
    pub plain_offset: u64,
    pub plain_bytes: u64,
}

/// The private manifest as the public one describes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateFile {
    pub bytes: u64,
    pub sha256: String,
}

/// `manifest.json`. A field we don't know is refused: it might mean something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Public {
    pub format: String,
    pub id: String,
    pub deployment: String,
    pub store: String,
    pub taken_at: String,
    pub sealed_at: String,
    pub label: String,
    pub root: String,
    pub archive_bytes: u64,
    pub archive_sha256: String,
    pub parts: Vec<Part>,
    pub private: PrivateFile,
    pub recipients: Vec<String>,
    pub signer: String,
    pub chain: u64,
    pub previous: Option<String>,
}

/// What `manifest.private` says about a namespace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stated {
    pub database: String,
    pub name: String,
    pub kind: String,
    pub documents: i64,
    pub bytes: i64,
    pub h_set: String,
    pub h_stream: String,
    pub crc: String,
    pub h_def: String,
    pub indexes: i64,
    pub is_capped: bool,
    #[serde(default)]
    pub metadata: String,
}

/// Of `manifest.private`, what can be proven with the archive. The rest is evidence of the source's side.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Private {
    pub id: String,
    pub taken_at: String,
    pub label: String,
    pub root: String,
    pub namespaces: Vec<Stated>,
    pub excluded: Vec<Excluded>,
}

impl Public {
    /// Reads it, and checks everything that can be checked without another file.
    pub fn read(bytes: &[u8], findings: &mut Findings) -> Option<Self> {
        let public: Self = match serde_json::from_slice(bytes) {
            Ok(public) => public,
            Err(error) => {
                findings.high(Check::Parts, Some(PUBLIC), words::bad_public(error.line(), error.column()));
                return None;
            }
        };
        public.check(findings);
        Some(public)
    }

    fn check(&self, findings: &mut Findings) {
        let mut wrong = |detail: String| findings.high(Check::Parts, Some(PUBLIC), detail);
        if self.format != FORMAT {
            wrong(words::unknown_format(&words::shown(&self.format)));
        }
        if BackupId::parse(&self.id).is_none() {
            wrong(words::public_field("id"));
        }
        for (name, at) in [("taken_at", &self.taken_at), ("sealed_at", &self.sealed_at)] {
            if at.parse::<jiff::Timestamp>().is_err() {
                wrong(words::public_field(name));
            }
        }
        let mut hashes = vec![("root", &self.root), ("archive_sha256", &self.archive_sha256)];
        hashes.push(("private.sha256", &self.private.sha256));
        hashes.extend(self.previous.iter().map(|previous| ("previous", previous)));
        hashes.extend(self.parts.iter().map(|part| ("parts.sha256", &part.sha256)));
        if let Some((name, _)) = hashes.iter().find(|(_, hash)| !is_hash(hash)) {
            wrong(words::public_field(name));
        }
        if (self.chain == 0) != self.previous.is_none() {
            wrong(words::public_field("previous"));
        }
        let mut offset = 0_u64;
        for (place, part) in self.parts.iter().enumerate() {
            if part.index as usize != place {
                wrong(words::part_out_of_line(place, part.index));
                break;
            }
            if part.plain_offset != offset || !(1..=PART_BYTES).contains(&part.plain_bytes) {
                wrong(words::part_gap(part.index, offset, part.plain_offset));
                break;
            }
            offset += part.plain_bytes;
        }
        let listed: u64 = self.parts.iter().fold(0, |sum, part| sum.saturating_add(part.plain_bytes));
        if listed != self.archive_bytes {
            wrong(words::parts_do_not_add_up(listed, self.archive_bytes));
        }
    }
}

impl Private {
    /// Opens it. The error is in words people read.
    pub fn open(sealed: &[u8], opener: &Opener) -> Result<Self, String> {
        let packed = opener.open(sealed).map_err(|_| words::CANNOT_DECRYPT.to_owned())?;
        one_frame(&packed)?;
        let mut json = Vec::new();
        let decoder = zstd::stream::read::Decoder::new(packed.as_slice()).map_err(|_| words::BAD_FRAME)?;
        decoder.take(PRIVATE_BYTES + 1).read_to_end(&mut json).map_err(|_| words::BAD_FRAME)?;
        if json.len() as u64 > PRIVATE_BYTES {
            return Err(words::PRIVATE_TOO_LONG.into());
        }
        serde_json::from_slice(&json).map_err(|error| words::bad_private(error.line(), error.column()))
    }
}

/// Decrypts and decompresses a part. The error is in words people read.
pub fn open_part(sealed: &[u8], opener: &Opener) -> Result<Vec<u8>, String> {
    let frame = opener.open(sealed).map_err(|_| words::CANNOT_DECRYPT.to_owned())?;
    one_frame(&frame)?;
    let stated = zstd::zstd_safe::get_frame_content_size(&frame).ok().flatten();
    let stated = stated.filter(|stated| *stated <= PART_BYTES).ok_or(words::BAD_FRAME_LENGTH)?;
    let plain = zstd::bulk::decompress(&frame, stated as usize).map_err(|_| words::BAD_FRAME)?;
    if plain.len() as u64 == stated { Ok(plain) } else { Err(words::BAD_FRAME_LENGTH.into()) }
}

/// Refuses anything but exactly one frame.
fn one_frame(bytes: &[u8]) -> Result<(), String> {
    match zstd::zstd_safe::find_frame_compressed_size(bytes) {
        Ok(size) if size == bytes.len() => Ok(()),
        Ok(size) => Err(words::frame_trailing(size)),
        Err(_) => Err(words::BAD_FRAME.into()),
    }
}

/// Whether it is SHA-256 in lower-case hexadecimal digits.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
