//! An archive of mongodump, plain or compressed: the official tool's, or ours, decrypted.

use std::io::Read;

use super::source::{Layer, next, stopped};
use crate::backup::model::Check;
use crate::backup::verify::Report;
use crate::backup::verify::against::namespaces;
use crate::backup::verify::archive::Parser;
use crate::i18n::backup::verify as words;

/// Bytes handed on at a time.
const PIECE: usize = 1024 * 1024;

/// Judges the archive `reader` gives.
pub fn read(mut reader: impl Read, layer: Option<Layer>) -> Report {
    let mut parser = Parser::new(Vec::new(), true);
    let mut buffer = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        match next(&mut reader, &mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                bytes += read as u64;
                parser.feed(&buffer[..read]);
            }
            Err(error) => {
                parser.findings.high(Check::Archive, None, stopped(&error, layer, bytes));
                break;
            }
        }
    }
    if let Err(error) = parser.end() {
        parser.findings.high(Check::Archive, None, words::no_scratch(&error));
    }
    for (name, value) in std::mem::take(&mut parser.header.beside) {
        let value = words::shown(value.as_deref().unwrap_or("…"));
        parser.findings.info(Check::Archive, None, words::header_has_also(&words::shown(&name), &value));
    }
    let namespaces = namespaces(&parser.found);
    let documents = namespaces.iter().map(|namespace| namespace.documents).sum();
    let mut report = Report {
        format: words::format_archive(layer.map(Layer::name), &words::shown(&parser.header.server)),
        namespaces,
        bytes,
        ..Report::default()
    };
    if !parser.findings.fails(Check::Archive) && !parser.findings.fails(Check::Checksums) {
        let evidence = words::crc_equal(report.namespaces.len(), documents);
        report.evidence.push((Check::Checksums, evidence));
    }
    report.findings = parser.findings.finish();
    report
}

impl Layer {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}
