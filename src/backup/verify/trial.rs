//! Judges a stored backup file by file, wherever the files come from. Nothing here reads from a store or a disk.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::archive::Parser;
use super::findings::Findings;
use super::heads::{check_expected, check_files, check_signature, open_private, report_absent};
use super::manifests::{self, PRIVATE, PUBLIC, Part, Private, Public, SIGNATURE, part_name};
use super::{Expected, Report, against};
use crate::backup::keys::Opener;
use crate::backup::model::{BackupId, Check};
use crate::i18n::backup::verify as words;

/// Why a file isn't there.
#[derive(Clone, Debug)]
pub enum Absent {
    /// There is none.
    Missing,
    /// It couldn't be read; why, in words people read.
    Unreadable(String),
}

/// A file, or why there is none.
pub type Fetched = Result<Bytes, Absent>;

/// The files that stand beside the parts.
pub struct Heads {
    /// `manifest.json`
    pub public: Fetched,
    /// `manifest.sig`
    pub signature: Fetched,
    /// `manifest.private`
    pub private: Fetched,
}

/// A part that has to be read.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its number.
    pub index: u32,
    /// What the public manifest says about it; `None` if that can't be read.
    stated: Option<Part>,
}

/// A part that was fetched and opened.
pub struct Opened {
    wanted: Wanted,
    plain: Option<Vec<u8>>,
    findings: Findings,
    bytes: u64,
}

/// The judgement so far.
pub struct Trial {
    /// Every part, in order.
    pub wanted: Vec<Wanted>,
    findings: Findings,
    public: Option<Public>,
    private: Option<Private>,
    parser: Parser,
    whole: Sha256,
    plain_bytes: u64,
    is_decrypted: bool,
    report: Report,
}

impl Wanted {
    /// Bytes the public manifest gives it.
    pub fn bytes(&self) -> u64 {
        self.stated.as_ref().map_or(0, |part| part.bytes)
    }

    /// Judges its bytes. Takes long: decryption, decompression, hashes.
    pub fn open(self, cipher: Fetched, opener: Option<&Opener>) -> Opened {
        let mut findings = Findings::default();
        let (name, mut plain, mut bytes) = (part_name(self.index), None, 0);
        match cipher {
            Err(absent) => report_absent(&mut findings, &name, absent),
            Ok(cipher) => {
                bytes = cipher.len() as u64;
                if let Some(part) = &self.stated {
                    if bytes != part.bytes {
                        findings.high(Check::Parts, Some(&name), words::wrong_size(part.bytes, bytes));
                    } else if hex::encode(Sha256::digest(&cipher)) != part.sha256 {
                        findings.high(Check::Parts, Some(&name), words::ALTERED);
                    }
                }
                if let Some(opener) = opener {
                    match manifests::open_part(&cipher, opener) {
                        Ok(opened) => plain = Some(opened),
                        Err(detail) => findings.high(Check::Encryption, Some(&name), detail),
                    }
                }
            }
        }
        if let (Some(plain), Some(part)) = (&plain, &self.stated)
            && plain.len() as u64 != part.plain_bytes
        {
            let detail = words::wrong_plain_size(part.plain_bytes, plain.len() as u64);
            findings.high(Check::Parts, Some(&name), detail);
        }
        Opened { wanted: self, plain, findings, bytes }
    }
}

impl Trial {
    /// Judges the manifests. `folder` is what the place is called: the backup's name. `listed` are all files under the prefix, as name and size; `None` if they couldn't be listed.
    pub fn begin(
        heads: Heads,
        folder: &str,
        listed: Option<&[(String, u64)]>,
        opener: Option<&Opener>,
        expected: Option<&Expected>,
    ) -> Self {
        let mut findings = Findings::default();
        let mut report = Report { format: words::FORMAT_STORED.into(), ..Report::default() };
        let public = heads.public.as_ref().ok().and_then(|bytes| Public::read(bytes, &mut findings));
        check_signature(&heads, public.as_ref(), opener, &mut findings, &mut report);
        for (name, head) in [(PUBLIC, &heads.public), (SIGNATURE, &heads.signature), (PRIVATE, &heads.private)] {
            match head {
                Ok(bytes) => report.bytes += bytes.len() as u64,
                Err(absent) => report_absent(&mut findings, name, absent.clone()),
            }
        }
        if let (Ok(bytes), Some(public)) = (&heads.public, &public) {
            check_expected(bytes, public, expected, &mut findings);
            let asked = expected.map(|expected| expected.id.clone()).or_else(|| BackupId::parse(folder));
            if let Some(asked) = asked.filter(|asked| asked.as_str() != public.id) {
                let detail = words::other_backup(asked.as_str(), &words::shown(&public.id));
                findings.high(Check::Catalogue, Some(PUBLIC), detail);
            }
        }
        let private = open_private(&heads, public.as_ref(), opener, &mut findings);
        if let Some(listed) = listed {
            check_files(listed, public.as_ref(), &mut findings);
        }
        let wanted: Vec<Wanted> = match &public {
            Some(public) => {
                let parts = public.parts.iter().enumerate();
                parts.map(|(place, part)| Wanted { index: place as u32, stated: Some(part.clone()) }).collect()
            }
            // Without a manifest, what lies there is all there is.
            None => listed.unwrap_or_default().iter().filter_map(|(name, _)| part_of(name)).collect(),
        };
        let starts = public.iter().flat_map(|public| public.parts.iter().map(|part| part.plain_offset)).collect();
        Self {
            wanted,
            findings,
            public,
            private,
            parser: Parser::new(starts, false),
            whole: Sha256::new(),
            plain_bytes: 0,
            is_decrypted: opener.is_some(),
            report,
        }
    }

    /// Cipher bytes of all parts.
    pub fn total_bytes(&self) -> u64 {
        self.wanted.iter().map(Wanted::bytes).sum()
    }

    /// Takes the next part. Takes long: the archive's hashes.
    pub fn part(&mut self, opened: Opened) {
        self.report.bytes += opened.bytes;
        self.report.parts += u32::from(opened.bytes > 0);
        self.findings.append(opened.findings);
        match opened.plain {
            Some(plain) => {
                self.whole.update(&plain);
                self.plain_bytes += plain.len() as u64;
                self.parser.feed(&plain);
            }
            None if self.is_decrypted => {
                self.parser.gap(opened.wanted.stated.map_or(0, |part| part.plain_bytes));
            }
            None => {}
        }
    }

    /// The judgement.
    pub fn finish(mut self) -> Report {
        if !self.is_decrypted {
            self.findings.info(Check::Encryption, None, words::NOT_DECRYPTED);
            self.report.findings = self.findings.finish();
            return self.report;
        }
        if let Err(error) = self.parser.end() {
            self.findings.high(Check::Archive, None, words::no_scratch(&error));
        }
        if let Some(public) = &self.public {
            if self.plain_bytes != public.archive_bytes {
                let detail = words::wrong_archive_size(public.archive_bytes, self.plain_bytes);
                self.findings.high(Check::Archive, None, detail);
            } else if hex::encode(self.whole.finalize()) != public.archive_sha256 {
                self.findings.high(Check::Checksums, None, words::WRONG_ARCHIVE_HASH);
            }
        }
        if self.public.is_some() && !self.findings.fails(Check::Parts) && !self.findings.fails(Check::ReadBack) {
            let read = words::parts_read(self.report.parts, self.report.bytes);
            self.report.evidence.push((Check::Parts, read));
        }
        let (public, private) = (self.public.as_ref(), self.private.as_ref());
        against::compare(self.parser, public, private, &mut self.findings, &mut self.report);
        self.report.findings = self.findings.finish();
        self.report
    }
}

/// The part a file name stands for.
pub(super) fn part_of(name: &str) -> Option<Wanted> {
    let index = name.strip_prefix("parts/")?.parse().ok()?;
    (part_name(index) == name).then_some(Wanted { index, stated: None })
}
