//! Reading with a running offset: whole documents, terminators and clean ends, with every length checked before memory is
//! taken for it.

use std::io::{self, Read};

use super::error::{DumpError, Place, Problem};
use super::limits;

/// Four bytes that end a block.
pub const TERMINATOR: [u8; 4] = [0xff; 4];

/// A source of bytes that knows where it is.
pub struct Frames<R> {
    reader: R,
    file: Option<String>,
    compressed: bool,
    offset: u64,
}

/// What stands at a border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// The bytes end here.
    End,
    /// A terminator, now read.
    Terminator,
    /// A document of this length, now in the buffer.
    Document,
}

impl<R: Read> Frames<R> {
    /// Reads `reader` from its current position, which counts as offset 0.
    pub fn new(reader: R, file: Option<String>, compressed: bool) -> Self {
        Self { reader, file, compressed, offset: 0 }
    }

    /// Offset of the next byte.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// A problem at `offset`.
    pub fn problem_at(&self, offset: u64, problem: Problem) -> DumpError {
        DumpError { place: Place { file: self.file.clone(), offset: Some(offset) }, problem }
    }

    /// A problem here.
    pub fn problem(&self, problem: Problem) -> DumpError {
        self.problem_at(self.offset, problem)
    }

    fn failed(&self, error: &io::Error) -> DumpError {
        let reason = error.to_string();
        self.problem(match error.kind() {
            io::ErrorKind::UnexpectedEof if self.compressed => Problem::Cut,
            _ if self.compressed => Problem::Gzip { reason },
            _ => Problem::Unreadable { reason },
        })
    }

    /// Fills as much of `buffer` as there are bytes.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, DumpError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(read) => {
                    filled += read;
                    self.offset += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(&error)),
            }
        }
        Ok(filled)
    }

    /// Exactly four bytes, or `None` at a clean end.
    pub fn four(&mut self) -> Result<Option<[u8; 4]>, DumpError> {
        let mut bytes = [0; 4];
        match self.fill(&mut bytes)? {
            0 => Ok(None),
            4 => Ok(Some(bytes)),
            _ => Err(self.problem(Problem::Cut)),
        }
    }

    /// Reads what stands at a border; a document goes to `buffer`, replacing what it held.
    pub fn border(&mut self, buffer: &mut Vec<u8>) -> Result<Border, DumpError> {
        let start = self.offset;
        let Some(head) = self.four()? else { return Ok(Border::End) };
        if head == TERMINATOR {
            return Ok(Border::Terminator);
        }
        let length = u32::from_le_bytes(head);
        let size = length as usize;
        if !(5..=limits::DOCUMENT_BYTES).contains(&size) {
            return Err(self.problem_at(start, Problem::Length { length }));
        }
        buffer.clear();
        buffer.extend_from_slice(&head);
        // Memory grows with what is there, not with what a length promises.
        let read = {
            let mut rest = Read::take(&mut self.reader, (size - 4) as u64);
            rest.read_to_end(buffer)
        };
        match read {
            Ok(read) => self.offset += read as u64,
            Err(error) => {
                self.offset = start + buffer.len() as u64;
                return Err(self.failed(&error));
            }
        }
        if buffer.len() < size {
            return Err(self.problem(Problem::Cut));
        }
        if buffer[size - 1] != 0 {
            return Err(self.problem_at(self.offset - 1, Problem::Unclosed));
        }
        Ok(Border::Document)
    }
}
