//! The archive's grammar, fed piece by piece. Every way to break it is a finding with its offset; after one the reading goes
//! on at the next header of a block that can be recognised, so that one broken place doesn't hide the rest.
//!
//! ```text
//! archive = magic header entry* TERM block*
//! block   = header(EOF=false) document* TERM | header(EOF=true, CRC) TERM
//! ```

mod steps;

use std::collections::HashMap;
use std::io;

use super::blocks::{self, Entry, Header};
use super::bytes::{self, DOCUMENT_BYTES};
use super::findings::Findings;
use super::tally::{Sums, Tally};
use crate::backup::model::Check;
use crate::i18n::backup::verify as words;

/// What an archive begins with.
pub const MAGIC: [u8; 4] = [0x6d, 0xe2, 0x99, 0x81];
const TERMINATOR: [u8; 4] = [0xff; 4];
/// A terminator and the longest header of a block.
const TAIL: usize = 700;
/// How often reading is taken up again in what is left at the end.
const RETRIES: usize = 64;

/// A namespace of the archive and how far it was read.
pub struct Found {
    /// What the prelude says; for a namespace that isn't there, made up from its block.
    pub entry: Entry,
    /// Whether the prelude lists it.
    pub is_listed: bool,
    /// Whether something of it was lost, so that its sums can't be right.
    pub is_damaged: bool,
    /// The sums, once it is closed, or at the end.
    pub sums: Option<Sums>,
    name: String,
    tally: Option<Tally>,
    is_closed: bool,
}

impl Found {
    /// `database.collection`; the oplog is called `oplog`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Magic,
    Header,
    Prelude,
    /// Where a block begins.
    Border,
    /// In a block with documents.
    Block(usize),
    /// Behind a closing header, before its terminator.
    Closing(usize),
    /// Somewhere; the next header of a block has to be found.
    Lost,
}

enum Frame {
    /// That many bytes are needed.
    Needs(usize),
    /// That many bytes are one.
    Is(usize),
    /// No length at all.
    Wrong(u32),
}

/// Reads an archive.
pub struct Parser {
    /// Everything found so far, in the order of the prelude.
    pub found: Vec<Found>,
    /// The archive's header.
    pub header: Header,
    /// What isn't as it should be.
    pub findings: Findings,
    state: State,
    carry: Vec<u8>,
    offset: u64,
    places: HashMap<(String, String), usize>,
    open: usize,
    prelude_bytes: usize,
    /// Whether the prelude was read to its end without a gap.
    has_prelude: bool,
    /// Where parts begin, to name the one a problem is in.
    parts: Vec<u64>,
    /// Whether documents are walked inside.
    walks: bool,
    fault: Option<io::Error>,
}

impl Parser {
    /// For an archive whose parts begin at these offsets. `walks`: look into documents, where nothing else vouches for them.
    pub fn new(parts: Vec<u64>, walks: bool) -> Self {
        Self {
            found: Vec::new(),
            header: Header::default(),
            findings: Findings::default(),
            state: State::Magic,
            carry: Vec::new(),
            offset: 0,
            places: HashMap::new(),
            open: 0,
            prelude_bytes: 0,
            has_prelude: true,
            parts,
            walks,
            fault: None,
        }
    }

    /// Whether the prelude could be read whole.
    pub fn has_prelude(&self) -> bool {
        self.has_prelude
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !self.carry.is_empty() {
            if self.state == State::Lost {
                self.carry.extend_from_slice(rest);
                let whole = std::mem::take(&mut self.carry);
                return self.run(&whole);
            }
            match self.frame(&self.carry) {
                Frame::Needs(size) => {
                    let missing = (size - self.carry.len()).min(rest.len());
                    if missing == 0 {
                        return;
                    }
                    self.carry.extend_from_slice(&rest[..missing]);
                    rest = &rest[missing..];
                }
                Frame::Is(_) => {
                    let frame = std::mem::take(&mut self.carry);
                    if !self.take(&frame) {
                        self.offset += 4;
                        self.run(&frame[4..]);
                    }
                }
                Frame::Wrong(length) => self.wrong_length(length),
            }
        }
        self.run(rest);
    }

    /// That many bytes can't be read.
    pub fn gap(&mut self, bytes: u64) {
        self.lose();
        self.offset += self.carry.len() as u64 + bytes;
        self.carry.clear();
    }

    /// The bytes end here, and well or not.
    pub fn end(&mut self) -> io::Result<()> {
        for _ in 0..RETRIES {
            if self.carry.is_empty() || self.state == State::Lost {
                break;
            }
            let (place, at) = (self.current(), self.at(self.offset + self.carry.len() as u64));
            let detail = if self.is_over() { words::trailing(&self.at(self.offset)) } else { words::cut(&at) };
            self.findings.high(Check::Archive, place.as_deref(), detail);
            self.lose();
            let rest = std::mem::take(&mut self.carry);
            let from = rest.len().min(4);
            self.offset += from as u64;
            self.run(&rest[from..]);
        }
        let end = self.offset + self.carry.len() as u64;
        match self.state {
            State::Border | State::Lost => {}
            _ => {
                let (place, at) = (self.current(), self.at(end));
                self.findings.high(Check::Archive, place.as_deref(), words::cut(&at));
                self.lose();
            }
        }
        for index in 0..self.found.len() {
            let found = &mut self.found[index];
            if !found.is_closed {
                found.is_damaged = true;
                found.sums = Some(found.tally.take().unwrap_or_default().finish()?);
                let name = found.name.clone();
                self.findings.high(Check::Archive, Some(&name), words::NEVER_CLOSED);
            }
        }
        self.fault.take().map_or(Ok(()), Err)
    }

    /// Where an offset is, in words.
    fn at(&self, offset: u64) -> String {
        let part = self.parts.partition_point(|start| *start <= offset).checked_sub(1);
        words::at(offset, part)
    }

    /// The namespace whose block we are in.
    fn current(&self) -> Option<String> {
        match self.state {
            State::Block(index) | State::Closing(index) => Some(self.found[index].name.clone()),
            _ => None,
        }
    }

    /// What was being read can't be followed any more.
    fn lose(&mut self) {
        match self.state {
            State::Magic | State::Header | State::Prelude => self.has_prelude = false,
            State::Block(index) | State::Closing(index) => self.found[index].is_damaged = true,
            State::Border | State::Lost => {}
        }
        // What comes may belong to any that is still open.
        for found in self.found.iter_mut().filter(|found| found.tally.is_some()) {
            found.is_damaged = true;
        }
        self.state = State::Lost;
    }

    /// Whether nothing may come any more.
    fn is_over(&self) -> bool {
        self.state == State::Border && self.has_prelude && self.open == 0
    }

    fn wrong_length(&mut self, length: u32) {
        let (place, at) = (self.current(), self.at(self.offset));
        let detail = if self.is_over() { words::trailing(&at) } else { words::wrong_length(length, &at) };
        self.findings.high(Check::Archive, place.as_deref(), detail);
        self.lose();
    }

    fn frame(&self, bytes: &[u8]) -> Frame {
        let Some(head) = bytes.first_chunk::<4>() else { return Frame::Needs(4) };
        if self.state == State::Magic || *head == TERMINATOR {
            return Frame::Is(4);
        }
        let length = u32::from_le_bytes(*head);
        let size = length as usize;
        if !(5..=DOCUMENT_BYTES).contains(&size) {
            Frame::Wrong(length)
        } else if bytes.len() < size {
            Frame::Needs(size)
        } else {
            Frame::Is(size)
        }
    }

    /// Reads frame after frame; what is left unfinished goes to `carry`, which is empty before.
    fn run(&mut self, mut rest: &[u8]) {
        loop {
            if self.state == State::Lost {
                let Some(skipped) = next_header(rest) else {
                    let kept = rest.len().min(TAIL);
                    self.offset += (rest.len() - kept) as u64;
                    self.carry.extend_from_slice(&rest[rest.len() - kept..]);
                    return;
                };
                self.offset += skipped as u64;
                rest = &rest[skipped..];
                self.state = State::Border;
            }
            if rest.is_empty() {
                return;
            }
            match self.frame(rest) {
                Frame::Needs(_) => return self.carry.extend_from_slice(rest),
                Frame::Is(size) => {
                    let size = if self.take(&rest[..size]) {
                        size
                    } else {
                        self.offset += 4;
                        4
                    };
                    rest = &rest[size..];
                }
                Frame::Wrong(length) => self.wrong_length(length),
            }
        }
    }
}

/// Where the next header of a block begins that stands behind a terminator and can be read.
fn next_header(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = bytes.get(from..)?.windows(4).position(|four| four == TERMINATOR) {
        let start = from + found + 4;
        // A run of such bytes: the last four are the terminator.
        let header = &bytes[start..];
        let size = bytes::length(header).unwrap_or(0);
        if (5..TAIL).contains(&size) && header.len() >= size && blocks::block(&header[..size]).is_ok() {
            return Some(start);
        }
        from += found + 1;
    }
    None
}
