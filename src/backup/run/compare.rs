//! Whether what was read again is what was read from the database.

use std::collections::BTreeMap;

use bson::DateTime;

use crate::backup::model::{Check, CheckResult, Finding, Namespace, Outcome, Severity};
use crate::backup::verify::Report;
use crate::i18n::backup::run as words;

/// What was read from the database.
pub(super) struct Scanned<'a> {
    pub namespaces: &'a [Namespace],
    pub root: &'a str,
}

/// What differs between a verification and the scan: every namespace with every field that differs, named.
pub(super) fn differences(scanned: &Scanned<'_>, report: &Report, check: Check) -> Vec<Finding> {
    let key = |namespace: &Namespace| (namespace.database.clone(), namespace.name.clone());
    let mut read: BTreeMap<_, &Namespace> = report.namespaces.iter().map(|found| (key(found), found)).collect();
    let mut findings = Vec::new();
    let mut say = |namespace: &Namespace, detail: String| {
        let name = format!("{}.{}", namespace.database, namespace.name);
        findings.push(Finding::new(Severity::High, check, Some(&name), detail));
    };
    for expected in scanned.namespaces {
        let Some(found) = read.remove(&key(expected)) else {
            say(expected, words::NAMESPACE_MISSING.into());
            continue;
        };
        let differing = different(expected, found);
        if !differing.is_empty() {
            say(expected, words::differs(&differing));
        }
    }
    for surplus in read.into_values() {
        say(surplus, words::NAMESPACE_SURPLUS.into());
    }
    if report.root.as_deref() != Some(scanned.root) {
        let found = report.root.as_deref().unwrap_or(words::NONE);
        findings.push(Finding::new(Severity::High, check, None, words::root_differs(scanned.root, found)));
    }
    findings
}

fn different(expected: &Namespace, found: &Namespace) -> Vec<String> {
    let figures = [
        (words::DOCUMENTS, expected.documents, found.documents),
        (words::BYTES, expected.bytes, found.bytes),
        (words::INDEXES, i64::from(expected.indexes), i64::from(found.indexes)),
    ];
    let texts = [
        (words::KIND, &expected.kind, &found.kind),
        ("CRC", &expected.crc, &found.crc),
        ("H_stream", &expected.h_stream, &found.h_stream),
        ("H_set", &expected.h_set, &found.h_set),
        ("H_def", &expected.h_def, &found.h_def),
    ];
    let figures = figures.iter().filter(|(_, a, b)| a != b).map(|(what, a, b)| words::figure_differs(what, *a, *b));
    let texts = texts.iter().filter(|(_, a, b)| a != b).map(|(what, a, b)| words::text_differs(what, a, b));
    figures.chain(texts).collect()
}

/// A check's result, from the findings that are its own and worse than information.
pub(super) fn result(
    check: Check,
    findings: &[Finding],
    evidence: Vec<String>,
    subject: Option<&str>,
    at: DateTime,
) -> CheckResult {
    let is_bad = findings.iter().any(|finding| finding.check == check && finding.severity != Severity::Info);
    CheckResult {
        check,
        outcome: if is_bad { Outcome::Failed } else { Outcome::Passed },
        evidence,
        at,
        subject: subject.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(name: &str, documents: i64) -> Namespace {
        Namespace {
            database: "d".into(),
            name: name.into(),
            kind: "collection".into(),
            documents,
            bytes: documents * 10,
            h_set: "aa".into(),
            h_stream: "bb".into(),
            crc: "cc".into(),
            h_def: "dd".into(),
            indexes: 1,
            is_capped: false,
            metadata: String::new(),
            restored: None,
        }
    }

    #[test]
    fn a_collection_that_failed_was_written_as_count_0() {
        let namespaces = [namespace("lost", 7), namespace("short", 5), namespace("same", 1)];
        let scanned = Scanned { namespaces: &namespaces, root: "r" };
        let report = Report {
            namespaces: vec![namespace("same", 1), namespace("short", 0), namespace("strange", 2)],
            root: Some("r".into()),
            ..Report::default()
        };
        let findings = differences(&scanned, &report, Check::Reparse);
        let named: Vec<_> = findings.iter().filter_map(|finding| finding.namespace.as_deref()).collect();
        assert_eq!(named, ["d.lost", "d.short", "d.strange"]);
        assert!(findings.iter().all(|finding| finding.severity == Severity::High));
        assert_eq!(result(Check::Reparse, &findings, vec![], None, DateTime::MIN).outcome, Outcome::Failed);
    }

    #[test]
    fn a_missing_root_is_a_difference() {
        let scanned = Scanned { namespaces: &[], root: "r" };
        assert_eq!(differences(&scanned, &Report::default(), Check::ReadBack).len(), 1);
    }
}
