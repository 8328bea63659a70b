//! What each frame of an archive means where it stands.

use super::{Found, MAGIC, Parser, State, TERMINATOR};
use crate::backup::model::Check;
use crate::backup::verify::blocks::{self, Block, Entry};
use crate::backup::verify::bytes;
use crate::backup::verify::tally::Tally;
use crate::i18n::backup::verify as words;

/// Most namespaces.
const NAMESPACES: usize = 100_000;
/// All entries of the prelude together.
const PRELUDE_BYTES: usize = 256 * 1024 * 1024;
/// Leaves that all open namespaces together keep in memory: 4 MiB.
const LEAVES: usize = 131_072;

impl Parser {
    /// Takes a frame and moves the offset behind it; `false`, with the offset before it, when it makes no sense.
    pub(super) fn take(&mut self, frame: &[u8]) -> bool {
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
