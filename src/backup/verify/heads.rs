//! The files beside the parts: signature, manifests, and whether what lies there is what should.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::findings::Findings;
use super::manifests::{CIPHER_BYTES, PRIVATE, PUBLIC, Part, Private, Public, SIGNATURE, part_name};
use super::trial::{Absent, Heads, part_of};
use super::{Expected, Report};
use crate::backup::keys::Opener;
use crate::backup::model::Check;
use crate::i18n::backup::verify as words;

/// Says why a file isn't there.
pub fn report_absent(findings: &mut Findings, name: &str, absent: Absent) {
    match absent {
        Absent::Missing => findings.high(Check::Parts, Some(name), words::MISSING),
        Absent::Unreadable(reason) => findings.high(Check::ReadBack, Some(name), words::unreadable(&reason)),
    }
}

/// The signature over the public manifest, with a key kept outside the store.
pub fn check_signature(
    heads: &Heads,
    public: Option<&Public>,
    opener: Option<&Opener>,
    findings: &mut Findings,
    report: &mut Report,
) {
    let (Ok(manifest), Ok(signature)) = (&heads.public, &heads.signature) else { return };
    let Some(opener) = opener else {
        return findings.medium(Check::Signature, Some(SIGNATURE), words::NOT_PROVEN);
    };
    match opener.signed_by(manifest, signature) {
        Some(key) => {
            if public.is_some_and(|public| public.signer != key) {
                findings.medium(Check::Signature, Some(PUBLIC), words::other_signer(&key));
            }
            report.evidence.push((Check::Signature, words::signed_by(&key)));
        }
        None => findings.high(Check::Signature, Some(SIGNATURE), words::BAD_SIGNATURE),
    }
}

/// What is on record elsewhere. An old manifest put in the place of a newer one is signed, whole, and found only here.
pub fn check_expected(bytes: &[u8], public: &Public, expected: Option<&Expected>, findings: &mut Findings) {
    let Some(expected) = expected else { return };
    let mut wrong = |detail: String| findings.high(Check::Catalogue, Some(PUBLIC), detail);
    if expected.manifest_sha256.as_ref().is_some_and(|hash| *hash != hex::encode(Sha256::digest(bytes))) {
        wrong(words::OTHER_MANIFEST.into());
    }
    if expected.previous.as_ref().is_some_and(|previous| *previous != public.previous) {
        wrong(words::OTHER_PREVIOUS.into());
    }
    if expected.root.as_ref().is_some_and(|root| *root != public.root) {
        wrong(words::OTHER_ROOT.into());
    }
}

/// Opens the private manifest, and compares it with the public one.
pub fn open_private(
    heads: &Heads,
    public: Option<&Public>,
    opener: Option<&Opener>,
    findings: &mut Findings,
) -> Option<Private> {
    let sealed = heads.private.as_ref().ok()?;
    if let Some(public) = public {
        let stated = &public.private;
        if sealed.len() as u64 != stated.bytes {
            findings.high(Check::Parts, Some(PRIVATE), words::wrong_size(stated.bytes, sealed.len() as u64));
        } else if hex::encode(Sha256::digest(sealed)) != stated.sha256 {
            findings.high(Check::Parts, Some(PRIVATE), words::ALTERED);
        }
    }
    let private = match Private::open(sealed, opener?) {
        Ok(private) => private,
        Err(detail) => {
            findings.high(Check::Encryption, Some(PRIVATE), detail);
            return None;
        }
    };
    if let Some(public) = public {
        for (field, is_equal) in [
            ("id", private.id == public.id),
            ("root", private.root == public.root),
            ("label", private.label == public.label),
            ("taken_at", private.taken_at == public.taken_at),
        ] {
            if !is_equal {
                findings.high(Check::Parts, Some(PRIVATE), words::manifests_differ(field));
            }
        }
    }
    Some(private)
}

/// Files that are missing, too many, or of another size than the manifest says.
pub fn check_files(listed: &[(String, u64)], public: Option<&Public>, findings: &mut Findings) {
    let parts: &[Part] = public.map_or(&[], |public| &public.parts);
    for (name, bytes) in listed {
        if [PUBLIC, PRIVATE, SIGNATURE].contains(&name.as_str()) {
            continue;
        }
        match part_of(name) {
            Some(_) if public.is_none() => {}
            Some(part) if (part.index as usize) < parts.len() => {
                if *bytes > CIPHER_BYTES {
                    findings.high(
                        Check::Parts,
                        Some(name),
                        words::wrong_size(parts[part.index as usize].bytes, *bytes),
                    );
                }
            }
            _ => findings.medium(Check::Parts, Some(&words::shown(name)), words::UNKNOWN_FILE),
        }
    }
    // A missing one that can nevertheless be fetched is a listing that doesn't tell the truth.
    let names: BTreeSet<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
    let missing = (0..parts.len() as u32).map(part_name).filter(|name| !names.contains(name.as_str()));
    for name in missing {
        findings.high(Check::Parts, Some(&name), words::NOT_LISTED);
    }
}
