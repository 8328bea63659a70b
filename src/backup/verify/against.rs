//! What was read against what the manifests say.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Report;
use super::archive::{Found, Parser};
use super::definition::Definition;
use super::findings::Findings;
use super::manifests::{PRIVATE, PUBLIC, Private, Public, Stated};
use super::root::root;
use crate::backup::model::{Check, Namespace};
use crate::i18n::backup::verify as words;

/// Compares namespace by namespace, and fills the report.
pub fn compare(
    mut parser: Parser,
    public: Option<&Public>,
    private: Option<&Private>,
    findings: &mut Findings,
    report: &mut Report,
) {
    let has_prelude = parser.has_prelude();
    findings.append(std::mem::take(&mut parser.findings));
    if let Some(public) = public {
        check_header(&parser, public, findings);
    }
    report.namespaces = namespaces(&parser.found);
    if let Some(private) = private {
        report.excluded = private.excluded.clone();
        let mut read: BTreeMap<String, &Found> =
            parser.found.iter().map(|found| (found.name().to_owned(), found)).collect();
        for stated in &private.namespaces {
            let name = format!("{}.{}", stated.database, stated.name);
            match read.remove(&name) {
                Some(found) => one(&name, found, stated, findings),
                None => findings.high(Check::Listed, Some(&name), words::missing_namespace(stated.documents)),
            }
        }
        for (name, found) in read {
            if found.is_listed || !has_prelude {
                let documents = found.sums.as_ref().map_or(0, |sums| sums.documents);
                findings.high(Check::Listed, Some(&name), words::extra_namespace(documents));
            }
        }
        let order = parser.found.iter().map(|found| (&found.entry.database, &found.entry.collection));
        let stated = private.namespaces.iter().map(|stated| (&stated.database, &stated.name));
        if !findings.fails(Check::Listed) && has_prelude && !order.eq(stated) {
            findings.medium(Check::Listed, None, words::OTHER_ORDER);
        }
        let checks = [Check::Listed, Check::Counts, Check::Checksums, Check::Definitions, Check::Archive];
        if !checks.iter().any(|check| findings.fails(*check)) {
            let documents = report.namespaces.iter().map(|namespace| namespace.documents).sum();
            let equal = words::sums_equal(report.namespaces.len(), documents);
            report.evidence.push((Check::Checksums, equal));
        }
    }
    report.root = root(&report.namespaces, &report.excluded);
    let stated = public.map(|public| (&public.root, PUBLIC)).or(private.map(|private| (&private.root, PRIVATE)));
    if let Some((stated, file)) = stated {
        match &report.root {
            Some(root) if root == stated => report.evidence.push((Check::Checksums, words::root_equal(root))),
            Some(root) => findings.high(Check::Checksums, Some(file), words::other_root(stated, root)),
            None => findings.high(Check::Checksums, Some(file), words::NO_ROOT),
        }
    }
}

/// Name, label and time ride in the header's unknown fields: the archive of another backup under this manifest is noticed.
fn check_header(parser: &Parser, public: &Public, findings: &mut Findings) {
    for (name, value) in &parser.header.beside {
        let value = value.as_deref().unwrap_or_default();
        let is_equal = match name.as_str() {
            "canje_id" => value == public.id,
            "canje_label" => value == public.label,
            // The manifest has it to the second.
            "canje_taken_at" => second(value) == second(&public.taken_at),
            _ => continue,
        };
        if !is_equal {
            findings.high(Check::Archive, None, words::other_archive(name, &words::shown(value)));
        }
    }
}

fn second(text: &str) -> Option<i64> {
    text.parse().ok().map(Timestamp::as_second)
}

/// Namespaces as they were found. One whose definition makes no sense has no `H_def`.
pub fn namespaces(found: &[Found]) -> Vec<Namespace> {
    let rows = found.iter().map(|found| {
        let definition = found.entry.definition.as_ref().ok();
        let sums = found.sums.as_ref();
        Namespace {
            database: found.entry.database.clone(),
            name: found.entry.collection.clone(),
            kind: definition.map_or_else(|| "?".to_owned(), |definition| definition.kind.clone()),
            documents: sums.map_or(0, |sums| sums.documents as i64),
            bytes: sums.map_or(0, |sums| sums.bytes as i64),
            h_set: sums.map_or_else(String::new, |sums| sums.h_set.clone()),
            h_stream: sums.map_or_else(String::new, |sums| sums.h_stream.clone()),
            crc: sums.map_or_else(String::new, |sums| format!("{:016x}", sums.crc)),
            h_def: definition.map_or_else(String::new, |definition| definition.h_def.clone()),
            indexes: definition.map_or(0, |definition| definition.indexes as i32),
            is_capped: definition.is_some_and(|definition| definition.is_capped),
            metadata: String::new(),
            restored: None,
        }
    });
    rows.collect()
}

fn one(name: &str, found: &Found, stated: &Stated, findings: &mut Findings) {
    if let Some(sums) = &found.sums {
        if sums.documents as i64 != stated.documents {
            findings.high(Check::Counts, Some(name), words::wrong_count(stated.documents, sums.documents));
        }
        let crc = format!("{:016x}", sums.crc);
        let mut differ = Vec::new();
        for (what, is_equal) in [
            (words::BYTES, sums.bytes as i64 == stated.bytes),
            ("H_set", sums.h_set == stated.h_set),
            ("H_stream", sums.h_stream == stated.h_stream),
            ("CRC", crc == stated.crc),
        ] {
            if !is_equal {
                differ.push(what);
            }
        }
        if !differ.is_empty() {
            let is_order = differ.iter().all(|what| matches!(*what, "H_stream" | "CRC"));
            findings.high(Check::Checksums, Some(name), words::wrong_sums(&differ, is_order));
        }
    }
    let Ok(definition) = &found.entry.definition else { return };
    let told = Definition::read(&stated.database, &stated.name, &stated.metadata, Some(&stated.kind));
    let mut differ = Vec::new();
    for (what, is_equal) in [
        (words::KIND, definition.kind == stated.kind),
        ("H_def", definition.h_def == stated.h_def),
        (words::INDEXES, definition.indexes as i64 == stated.indexes),
        (words::CAPPED, definition.is_capped == stated.is_capped),
        (words::METADATA, told.as_ref().is_ok_and(|told| told.text == definition.text)),
    ] {
        if !is_equal {
            differ.push(what);
        }
    }
    if !differ.is_empty() {
        findings.high(Check::Definitions, Some(name), words::wrong_definition(&differ));
    }
}
