//! The archive's grammar, fed piece by piece. Every way to break it is a finding with its offset; after one the reading goes
//! on at the next header of a block that can be recognised, so that one broken place doesn't hide the rest.
//!
//! ```text
//! archive = magic header entry* TERM block*
//! block   = header(EOF=false) document* TERM | header(EOF=true, CRC) TERM
//! ```

use std::collections::HashMap;
use std::io;

use super::blocks::{self, Block, Entry, Header};
use super::bytes::{self, DOCUMENT_BYTES};
use super::findings::Findings;
use super::tally::{Sums, Tally};
use crate::backup::model::Check;
use crate::i18n::backup::verify as words;

/// What an archive begins with.
pub const MAGIC: [u8; 4] = [0x6d, 0xe2, 0x99, 0x81];
const TERMINATOR: [u8; 4] = [0xff; 4];
/// Most namespaces.
const NAMESPACES: usize = 100_000;
/// All entries of the prelude together.
const PRELUDE_BYTES: usize = 256 * 1024 * 1024;
/// Leaves that all open namespaces together keep in memory: 4 MiB.
const LEAVES: usize = 131_072;
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

    /// Takes a frame and moves the offset behind it; `false`, with the offset before it, when it makes no sense.
    fn take(&mut self, frame: &[u8]) -> bool {
        let is_terminator = frame == TERMINATOR;
        if self.state != State::Magic && !is_terminator && frame[frame.len() - 1] != 0 {
            let (place, at) = (self.current(), self.at(self.offset + frame.len() as u64 - 1));
            self.findings.high(Check::Archive, place.as_deref(), words::unclosed(&at));
            self.lose();
            return false;
        }
        let is_taken = match self.state {
            State::Magic => self.magic(frame),
            State::Header => self.header(frame, is_terminator),
            State::Prelude if is_terminator => {
                self.state = State::Border;
                true
            }
            State::Prelude => self.entry(frame),
            State::Border | State::Lost => self.block(frame, is_terminator),
            State::Block(_) if is_terminator => {
                self.state = State::Border;
                true
            }
            State::Block(index) => self.document(index, frame),
            State::Closing(index) => self.closed(index, frame, is_terminator),
        };
        if is_taken {
            self.offset += frame.len() as u64;
        }
        is_taken
    }

    fn magic(&mut self, frame: &[u8]) -> bool {
        if frame != MAGIC {
            self.findings.high(Check::Archive, None, words::bad_magic(&self.at(0)));
        }
        self.state = State::Header;
        true
    }

    fn header(&mut self, frame: &[u8], is_terminator: bool) -> bool {
        if is_terminator {
            self.findings.high(Check::Archive, None, words::no_header(&self.at(self.offset)));
            self.state = State::Border;
            return true;
        }
        let (header, wrong) = blocks::header(frame);
        self.header = header;
        let at = self.at(self.offset);
        for detail in wrong {
            self.findings.high(Check::Archive, None, words::in_header(&detail, &at));
        }
        self.state = State::Prelude;
        true
    }

    fn entry(&mut self, frame: &[u8]) -> bool {
        let at = self.at(self.offset);
        self.prelude_bytes += frame.len();
        if self.found.len() >= NAMESPACES || self.prelude_bytes > PRELUDE_BYTES {
            self.findings.high(Check::Archive, None, words::too_many(&at));
            self.lose();
            return false;
        }
        match blocks::entry(frame) {
            Ok(entry) => {
                let name = namespace(&entry);
                let kind = entry.definition.as_ref().map_or("collection", |definition| &definition.kind).to_owned();
                if let Err(detail) = &entry.definition {
                    self.findings.high(Check::Definitions, Some(&name), words::in_entry(detail, &at));
                }
                let data = blocks::data_name(&entry.collection, &kind, &self.header.server);
                if self.places.contains_key(&(entry.database.clone(), data.clone())) {
                    self.findings.high(Check::Archive, Some(&name), words::entry_twice(&at));
                } else {
                    self.add(entry, data, true);
                }
            }
            Err(detail) => {
                // Its blocks will have no entry: the prelude isn't whole.
                self.has_prelude = false;
                self.findings.high(Check::Archive, None, words::in_entry(&detail, &at));
            }
        }
        true
    }

    fn add(&mut self, entry: Entry, data: String, is_listed: bool) -> usize {
        let index = self.found.len();
        self.places.insert((entry.database.clone(), data), index);
        let name = namespace(&entry);
        self.found.push(Found { entry, is_listed, is_damaged: false, sums: None, name, tally: None, is_closed: false });
        self.open += 1;
        index
    }

    fn block(&mut self, frame: &[u8], is_terminator: bool) -> bool {
        let at = self.at(self.offset);
        if is_terminator {
            self.findings.high(Check::Archive, None, words::two_terminators(&at));
            return true;
        }
        let Block { name, closes } = match blocks::block(frame) {
            Ok(block) => block,
            Err(detail) => {
                let detail = if self.is_over() { words::trailing(&at) } else { words::in_block(&detail, &at) };
                self.findings.high(Check::Archive, None, detail);
                self.lose();
                return false;
            }
        };
        let index = match self.places.get(&name) {
            Some(index) => *index,
            None => self.unlisted(name, &at),
        };
        let found = &mut self.found[index];
        if found.is_closed {
            let name = found.name.clone();
            found.is_damaged = true;
            self.findings.high(Check::Archive, Some(&name), words::reopened(&at));
        }
        let Some(stated) = closes else {
            if found.tally.is_none() && !found.is_closed {
                found.tally = Some(Tally::default());
            }
            self.state = State::Block(index);
            return true;
        };
        if !found.is_closed {
            self.close(index, stated, &at);
        }
        self.state = State::Closing(index);
        true
    }

    /// A block the prelude doesn't know: it is counted all the same.
    fn unlisted(&mut self, (database, data): (String, String), at: &str) -> usize {
        let entry = Entry { database, collection: data.clone(), definition: Err(words::NOT_IN_PRELUDE.into()) };
        let name = words::shown(&namespace(&entry));
        if self.has_prelude {
            self.findings.high(Check::Listed, Some(&name), words::unlisted(at));
        }
        self.add(entry, data, false)
    }

    fn close(&mut self, index: usize, stated: u64, at: &str) {
        let found = &mut self.found[index];
        found.is_closed = true;
        self.open = self.open.saturating_sub(1);
        let sums = match found.tally.take().unwrap_or_default().finish() {
            Ok(sums) => sums,
            Err(error) => {
                self.fault = Some(error);
                return;
            }
        };
        if sums.crc != stated && !found.is_damaged {
            let name = found.name.clone();
            found.is_damaged = true;
            self.findings.high(Check::Checksums, Some(&name), words::wrong_crc(stated, sums.crc, at));
        }
        self.found[index].sums = Some(sums);
    }

    fn document(&mut self, index: usize, frame: &[u8]) -> bool {
        let keep = (LEAVES / self.open.clamp(1, 128)).max(1024);
        let found = &mut self.found[index];
        let is_view = found.entry.definition.as_ref().is_ok_and(|definition| definition.kind == "view");
        let mut complaints = Vec::new();
        if let Some(tally) = &mut found.tally {
            if is_view && tally.documents() == 0 {
                complaints.push((Check::Archive, words::DOCUMENT_IN_VIEW, 0));
            }
            if let Err(error) = tally.push(frame, keep) {
                self.fault = Some(error);
            }
        }
        if self.walks
            && let Err(inside) = bytes::sound(frame)
        {
            complaints.push((Check::Archive, words::BROKEN_DOCUMENT, inside as u64));
        }
        for (check, detail, inside) in complaints {
            let (name, at) = (self.found[index].name.clone(), self.at(self.offset + inside));
            self.findings.high(check, Some(&name), words::with_place(detail, &at));
        }
        true
    }

    fn closed(&mut self, index: usize, frame: &[u8], is_terminator: bool) -> bool {
        self.state = State::Border;
        if is_terminator {
            return true;
        }
        let (name, at) = (self.found[index].name.clone(), self.at(self.offset));
        self.findings.high(Check::Archive, Some(&name), words::no_terminator(&at));
        self.block(frame, false)
    }
}

fn namespace(entry: &Entry) -> String {
    if entry.database.is_empty() {
        entry.collection.clone()
    } else {
        format!("{}.{}", entry.database, entry.collection)
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
