//! The formats as a whole: golden bytes, refusals, damage at every border, and both layouts against each other.

mod damage;
mod golden;
mod layouts;
mod refusals;

use std::io::Cursor;

use super::raw::Builder;
use super::*;

/// `{_id: 1, s: "hé"}`
pub fn d1() -> Vec<u8> {
    Builder::new().int32("_id", 1).string("s", "hé").clone().finish()
}

/// `{_id: 2}`
pub fn d2() -> Vec<u8> {
    Builder::new().int32("_id", 2).clone().finish()
}

pub const METADATA: &str = r#"{"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}],"collectionName":"c","type":"collection"}"#;

/// A header document as the writer makes it, for archives put together by hand.
pub fn header(version: &str, server: &str) -> Vec<u8> {
    let mut document = Builder::new();
    document.int32("concurrent_collections", 1).string("version", version);
    document.string("server_version", server).string("tool_version", "x");
    document.finish()
}

pub fn entry(database: &str, collection: &str, metadata: &str, stated: &str) -> Vec<u8> {
    let mut document = Builder::new();
    document.string("db", database).string("collection", collection);
    document.string("metadata", metadata).int32("size", 0).string("type", stated);
    document.finish()
}

pub fn block(database: &str, collection: &str, eof: bool, crc: u64) -> Vec<u8> {
    let mut document = Builder::new();
    document.string("db", database).string("collection", collection);
    document.boolean("EOF", eof).int64("CRC", crc as i64);
    document.finish()
}

/// Joins parts; `T` stands for a terminator.
pub const T: &[u8] = &TERMINATOR;

pub fn archive(parts: &[&[u8]]) -> Vec<u8> {
    [&[&MAGIC[..]], parts].concat().concat()
}

pub fn open(bytes: &[u8]) -> Result<Reader, DumpError> {
    let reader: Box<dyn std::io::Read + Send> = Box::new(Cursor::new(bytes.to_vec()));
    Ok(Reader::Archive(Box::new(ArchiveReader::new(reader, false)?)))
}

/// Everything a dump holds: per namespace its documents in order.
pub type Content = Vec<(String, Vec<Vec<u8>>)>;

pub fn read_all(mut reader: Reader) -> Result<Content, DumpError> {
    let mut content: Content =
        reader.overview().definitions.iter().map(|definition| (definition.namespace(), Vec::new())).collect();
    let mut buffer = Vec::new();
    let mut closed = 0;
    loop {
        match reader.step(&mut buffer)? {
            Step::Open { .. } => {}
            Step::Document { index, .. } => content[index].1.push(buffer.clone()),
            Step::Close { .. } => closed += 1,
            Step::End => break,
        }
    }
    assert_eq!(closed, content.len());
    Ok(content)
}

pub fn read(bytes: &[u8]) -> Result<Content, DumpError> {
    read_all(open(bytes)?)
}

/// The archive of the worked example, written by our writer.
pub fn golden() -> Vec<u8> {
    let definition = Definition::parse("d", "c", METADATA, Some("collection")).unwrap();
    let header = Header { server_version: "8.0.0".into(), tool_version: "x".into() };
    let mut writer = ArchiveWriter::new(Vec::new(), &header, &[definition]).unwrap();
    writer.open().unwrap();
    writer.document(&d1()).unwrap();
    writer.close().unwrap();
    writer.finish().unwrap()
}
