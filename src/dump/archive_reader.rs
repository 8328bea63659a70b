//! Reads an archive of mongodump as a stream: prelude first, then blocks, one document in memory at a time.
//!
//! The grammar, and every way a file can break it, is refused with the byte offset. Interleaved namespaces, which the
//! official tool writes, are followed; a namespace counts as read only when its closing header came with the right checksum.

use std::collections::HashMap;
use std::io::Read;

use super::checksum::Checksum;
use super::definition::{Definition, Kind, ServerVersion};
use super::error::{DumpError, Problem};
use super::frame::{Border, Frames};
use super::raw::{self, elements, kind};
use super::reader::{Format, Overview, Step};
use super::{limits, names};

/// The first four bytes of an archive.
pub const MAGIC: [u8; 4] = [0x6d, 0xe2, 0x99, 0x81];

/// An archive being read.
pub struct ArchiveReader<R> {
    frames: Frames<R>,
    overview: Overview,
    /// Data namespace → place in the prelude.
    places: Places,
    states: Vec<State>,
    open: usize,
    /// The namespace whose block we are in.
    current: Option<usize>,
    /// A namespace closed without ever being opened: its `Close` follows its `Open`.
    closing: Option<usize>,
    finished: bool,
}

enum State {
    Waiting,
    Open(Checksum),
    Closed,
}

struct BlockHeader {
    database: String,
    collection: String,
    eof: bool,
    crc: u64,
}

impl<R: Read> ArchiveReader<R> {
    /// Reads magic, header and prelude. `compressed` only chooses the words for read errors.
    pub fn new(reader: R, compressed: bool) -> Result<Self, DumpError> {
        let mut frames = Frames::new(reader, None, compressed);
        let mut buffer = Vec::new();
        match frames.four()? {
            Some(MAGIC) => {}
            _ => return Err(frames.problem_at(0, Problem::NotADump)),
        }
        let mut overview = read_header(&mut frames, &mut buffer)?;
        overview.compressed = compressed;
        let mut total = 0;
        let mut offsets = Vec::new();
        loop {
            let start = frames.offset();
            match frames.border(&mut buffer)? {
                Border::End => return Err(frames.problem(Problem::Cut)),
                Border::Terminator => break,
                Border::Document => {
                    total += buffer.len();
                    if total > limits::PRELUDE_BYTES || overview.definitions.len() >= limits::NAMESPACES {
                        return Err(frames.problem_at(start, Problem::TooMuch));
                    }
                    let definition = read_entry(&buffer).map_err(|problem| frames.problem_at(start, problem))?;
                    offsets.push(start);
                    overview.definitions.push(definition);
                }
            }
        }
        let places = index_places(&frames, &overview, &offsets)?;
        let states = overview.definitions.iter().map(|_| State::Waiting).collect();
        let open = overview.definitions.len();
        Ok(Self { frames, overview, places, states, open, current: None, closing: None, finished: false })
    }

    /// What the prelude says.
    pub fn overview(&self) -> &Overview {
        &self.overview
    }

    /// The next step; a document goes to `buffer`.
    pub fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Step, DumpError> {
        if self.finished {
            return Ok(Step::End);
        }
        if let Some(index) = self.closing.take() {
            return Ok(Step::Close { index });
        }
        loop {
            let start = self.frames.offset();
            if let Some(index) = self.current {
                match self.frames.border(buffer)? {
                    Border::End => return Err(self.frames.problem(Problem::Cut)),
                    Border::Terminator => self.current = None,
                    Border::Document => {
                        if self.overview.definitions[index].kind == Kind::View {
                            let namespace = self.overview.definitions[index].namespace();
                            return Err(self.frames.problem_at(start, Problem::Documents { namespace }));
                        }
                        if let State::Open(checksum) = &mut self.states[index] {
                            checksum.update(buffer);
                        }
                        return Ok(Step::Document { index, offset: start });
                    }
                }
                continue;
            }
            match self.frames.border(buffer) {
                Err(error) => {
                    // A length or a short read after everything is closed; a damaged gzip end keeps its own words.
                    let trailing = match error.problem {
                        Problem::Length { .. } => true,
                        Problem::Cut => self.frames.offset() > start,
                        _ => false,
                    };
                    let all_closed = self.open == 0 && trailing;
                    return Err(if all_closed { self.frames.problem_at(start, Problem::Trailing) } else { error });
                }
                Ok(Border::End) => return self.end(),
                Ok(Border::Terminator) => return Err(self.frames.problem_at(start, Problem::DoubleTerminator)),
                Ok(Border::Document) => {
                    if let Some(step) = self.block(buffer, start)? {
                        return Ok(step);
                    }
                }
            }
        }
    }

    /// Takes in a block header. Gives a step when a namespace opens or closes with it.
    fn block(&mut self, bytes: &[u8], start: u64) -> Result<Option<Step>, DumpError> {
        let header = match read_block_header(bytes) {
            Ok(header) => header,
            Err(_) if self.open == 0 => return Err(self.frames.problem_at(start, Problem::Trailing)),
            Err(problem) => return Err(self.frames.problem_at(start, problem)),
        };
        let name = (header.database, header.collection);
        let Some(&index) = self.places.get(&name) else {
            let namespace = names::shown(&format!("{}.{}", name.0, name.1));
            return Err(self.frames.problem_at(start, Problem::Unlisted { namespace }));
        };
        let namespace = || self.overview.definitions[index].namespace();
        let was_waiting = matches!(self.states[index], State::Waiting);
        if matches!(self.states[index], State::Closed) {
            return Err(self.frames.problem_at(start, Problem::Reopened { namespace: namespace() }));
        }
        if !header.eof {
            self.current = Some(index);
            if was_waiting {
                self.states[index] = State::Open(Checksum::default());
                return Ok(Some(Step::Open { index }));
            }
            return Ok(None);
        }
        let computed = match &self.states[index] {
            State::Open(checksum) => checksum.value(),
            _ => Checksum::default().value(),
        };
        if computed != header.crc {
            let problem = Problem::Checksum { namespace: namespace(), stated: header.crc, computed };
            return Err(self.frames.problem_at(start, problem));
        }
        let at = self.frames.offset();
        match self.frames.four()? {
            Some(super::frame::TERMINATOR) => {}
            Some(_) => return Err(self.frames.problem_at(at, Problem::NoTerminator)),
            None => return Err(self.frames.problem(Problem::Cut)),
        }
        self.states[index] = State::Closed;
        self.open -= 1;
        if was_waiting {
            self.closing = Some(index);
            return Ok(Some(Step::Open { index }));
        }
        Ok(Some(Step::Close { index }))
    }

    fn end(&mut self) -> Result<Step, DumpError> {
        match self.states.iter().position(|state| !matches!(state, State::Closed)) {
            Some(index) => {
                let namespace = self.overview.definitions[index].namespace();
                Err(self.frames.problem(Problem::NeverClosed { namespace }))
            }
            None => {
                self.finished = true;
                Ok(Step::End)
            }
        }
    }
}

fn read_header<R: Read>(frames: &mut Frames<R>, buffer: &mut Vec<u8>) -> Result<Overview, DumpError> {
    let start = frames.offset();
    match frames.border(buffer)? {
        Border::Document => {}
        Border::End => return Err(frames.problem(Problem::Cut)),
        Border::Terminator => return Err(frames.problem_at(start, Problem::Header)),
    }
    parse_header(buffer).map_err(|problem| frames.problem_at(start, problem))
}

fn parse_header(bytes: &[u8]) -> Result<Overview, Problem> {
    let (mut workers, mut version, mut server, mut tool) = (None, None, None, None);
    let mut unknown = Vec::new();
    for element in elements(bytes) {
        let element = element.map_err(|_| Problem::Header)?;
        match element.key {
            b"concurrent_collections" => workers = element.as_i64(),
            b"version" => version = element.as_str().map(str::to_owned),
            b"server_version" => server = element.as_str().map(str::to_owned),
            b"tool_version" => tool = element.as_str().map(str::to_owned),
            _ => unknown.push(names::shown(element.name().unwrap_or("?"))),
        }
    }
    workers.ok_or(Problem::Field { field: "concurrent_collections" })?;
    let version = version.ok_or(Problem::Field { field: "version" })?;
    if version != "0.1" {
        return Err(Problem::Version { version: names::shown(&version) });
    }
    let server = server.ok_or(Problem::Field { field: "server_version" })?;
    if ServerVersion::parse(&server).is_none() {
        return Err(Problem::ServerVersion { version: names::shown(&server) });
    }
    let tool = tool.ok_or(Problem::Field { field: "tool_version" })?;
    Ok(Overview {
        format: Format::Archive,
        server_version: Some(server),
        tool_version: Some(tool),
        unknown,
        ..Overview::default()
    })
}

fn read_entry(bytes: &[u8]) -> Result<Definition, Problem> {
    let (mut database, mut collection, mut metadata, mut stated) = (None, None, None, None);
    let mut unknown = Vec::new();
    for element in elements(bytes) {
        let element = element.map_err(|_| Problem::Header)?;
        match element.key {
            b"db" => database = element.as_str(),
            b"collection" => collection = element.as_str(),
            b"metadata" => metadata = element.as_str(),
            b"type" => stated = element.as_str(),
            b"size" if matches!(element.kind, kind::INT32 | kind::INT64) => {}
            b"size" => return Err(Problem::Field { field: "size" }),
            _ => unknown.push(names::shown(element.name().unwrap_or("?"))),
        }
    }
    let database = database.ok_or(Problem::Field { field: "db" })?;
    let collection = collection.ok_or(Problem::Field { field: "collection" })?;
    let metadata = metadata.ok_or(Problem::Field { field: "metadata" })?;
    // Archives of servers before views have no `type`.
    if stated.is_none() && raw::find(bytes, "type").is_some() {
        return Err(Problem::Field { field: "type" });
    }
    if !(database.is_empty() && collection == "oplog") {
        names::check_database(database)?;
    }
    names::check_collection(database, collection)?;
    let mut definition = Definition::parse(database, collection, metadata, stated)?;
    definition.unknown.extend(unknown);
    Ok(definition)
}

type Places = HashMap<(String, String), usize>;

fn index_places<R: Read>(frames: &Frames<R>, overview: &Overview, offsets: &[u64]) -> Result<Places, DumpError> {
    let server = overview.server_version.as_deref().and_then(ServerVersion::parse);
    let mut places = HashMap::with_capacity(overview.definitions.len());
    for (index, definition) in overview.definitions.iter().enumerate() {
        let name = (definition.database.clone(), definition.data_collection(server));
        if places.insert(name, index).is_some() {
            let problem = Problem::Repeated { namespace: definition.namespace() };
            return Err(frames.problem_at(offsets[index], problem));
        }
    }
    Ok(places)
}

fn read_block_header(bytes: &[u8]) -> Result<BlockHeader, Problem> {
    let (mut database, mut collection, mut eof, mut crc) = (None, None, None, None);
    for element in elements(bytes) {
        let element = element.map_err(|_| Problem::Header)?;
        let fresh = match element.key {
            b"db" => database.replace(element).is_none(),
            b"collection" => collection.replace(element).is_none(),
            b"EOF" => eof.replace(element).is_none(),
            b"CRC" => crc.replace(element).is_none(),
            _ => false,
        };
        if !fresh {
            return Err(Problem::UnknownField { field: names::shown(element.name().unwrap_or("?")) });
        }
    }
    let text =
        |element: Option<raw::Element<'_>>| element.filter(|e| e.kind == kind::STRING)?.as_str().map(str::to_owned);
    let crc = crc.filter(|element| element.kind == kind::INT64).and_then(|element| element.as_i64());
    let eof = eof.filter(|element| element.value.first().is_some_and(|byte| *byte < 2));
    let header = BlockHeader {
        database: text(database).ok_or(Problem::Field { field: "db" })?,
        collection: text(collection).ok_or(Problem::Field { field: "collection" })?,
        eof: eof.and_then(|element| element.as_bool()).ok_or(Problem::Field { field: "EOF" })?,
        crc: crc.ok_or(Problem::Field { field: "CRC" })? as u64,
    };
    // An opening header carries no checksum.
    if !header.eof && header.crc != 0 {
        return Err(Problem::Field { field: "CRC" });
    }
    Ok(header)
}
