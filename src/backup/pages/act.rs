//! `/admin/backups/{id}/constancia.pdf`: the proof page as a document for the owner's files, with every row and whole hashes.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header;
use jiff::Timestamp;
use serde::Serialize;

use super::evidence::tally;
use super::proof::claim_sentence;
use super::{service, unsigned};
use crate::backup::model::Namespace;
use crate::backup::record::BackupRun;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::backup::{pages as list_words, pdf as words, proof as proof_words};
use crate::i18n::{format, number::integer};
use crate::pdf;

/// Everything the template reads, words included.
#[derive(Serialize)]
struct Act {
    site: &'static str,
    title: String,
    printed: String,
    page: &'static str,
    claim: String,
    facts: Vec<(&'static str, String)>,
    root_label: &'static str,
    root: String,
    findings: Vec<Finding>,
    checks_summary: String,
    checks: Vec<Check>,
    stores_head: [&'static str; 6],
    stores: Vec<[String; 6]>,
    collections_head: [&'static str; 4],
    collections: Vec<Collection>,
    excluded: Vec<(String, String)>,
    steps: Vec<(String, String, String)>,
    words: Words,
}

#[derive(Serialize)]
struct Finding {
    severity: &'static str,
    place: String,
    detail: String,
    remedy: String,
}

#[derive(Serialize)]
struct Check {
    title: &'static str,
    subject: String,
    outcome: &'static str,
    evidence: Vec<String>,
}

#[derive(Serialize)]
struct Collection {
    name: String,
    documents: String,
    restored: String,
    hash: String,
}

#[derive(Serialize)]
struct Words {
    findings: &'static str,
    checks: &'static str,
    stores: &'static str,
    collections: &'static str,
    collections_purpose: &'static str,
    excluded: &'static str,
    nothing_excluded: &'static str,
    timeline: &'static str,
}

const WORDS: Words = Words {
    findings: proof_words::FINDINGS,
    checks: proof_words::CHECKS,
    stores: proof_words::STORES,
    collections: words::COLLECTIONS,
    collections_purpose: words::COLLECTIONS_PURPOSE,
    excluded: proof_words::EXCLUDED,
    nothing_excluded: proof_words::NOTHING_EXCLUDED,
    timeline: proof_words::TIMELINE,
};

/// `GET /admin/backups/{id}/constancia.pdf`.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let run = service::load(&ctx, &id).await?;
    let act = act(&run, ctx.now(), ctx.app.config.demo);
    let bytes = pdf::draw(pdf::BACKUP, &act).await?;
    let day = timestamp(run.taken_at.unwrap_or(run.created_at)).unwrap_or_default();
    let day = day.to_zoned(format::time_zone()).strftime("%Y-%m-%d").to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}\"", words::file_name(&day, run.id.short()))),
    ];
    Ok((headers, bytes).into_response())
}

fn at(moment: bson::DateTime) -> String {
    timestamp(moment).map(format::exact).unwrap_or_default()
}

fn act(run: &BackupRun, now: Timestamp, is_demo: bool) -> Act {
    let moment = timestamp(run.taken_at.unwrap_or(run.created_at)).unwrap_or_default();
    let mut findings: Vec<_> = run.findings.iter().collect();
    findings.sort_by_key(|finding| finding.severity);
    let [passed, failed, aside] = tally(&run.checks);
    Act {
        site: crate::i18n::ui::SITE,
        title: words::title(&format::date_time(moment)),
        printed: words::printed(&format::exact(now)),
        page: words::PAGE,
        claim: claim_sentence(run),
        facts: facts(run),
        root_label: proof_words::ROOT,
        root: run.root.clone().unwrap_or_else(|| list_words::NEVER.into()),
        findings: findings
            .into_iter()
            .map(|finding| Finding {
                severity: proof_words::severity(finding.severity),
                place: finding.namespace.clone().unwrap_or_default(),
                detail: finding.detail.clone(),
                remedy: finding.remedy.clone().unwrap_or_default(),
            })
            .collect(),
        checks_summary: match run.checks.as_slice() {
            [] => proof_words::NO_CHECKS.into(),
            _ => proof_words::checks_summary(passed, failed, aside),
        },
        checks: run
            .checks
            .iter()
            .map(|check| Check {
                title: proof_words::check(check.check),
                subject: check.subject.clone().unwrap_or_default(),
                outcome: proof_words::outcome(check.outcome),
                evidence: check.evidence.clone(),
            })
            .collect(),
        stores_head: [
            proof_words::COLUMN_STORE,
            proof_words::COLUMN_PLACE,
            proof_words::COLUMN_PARTS,
            proof_words::COLUMN_BYTES,
            proof_words::COLUMN_READ_BACK,
            proof_words::COLUMN_RESULT_STORE,
        ],
        stores: stores(run, is_demo),
        collections_head: [
            proof_words::COLUMN_NAMESPACE,
            proof_words::COLUMN_BACKUP,
            proof_words::COLUMN_RESTORED,
            proof_words::COLUMN_HASH,
        ],
        collections: run.collections.iter().map(collection).collect(),
        excluded: run.excluded.iter().map(|out| (out.namespace.clone(), out.reason.clone())).collect(),
        steps: run
            .steps
            .iter()
            .map(|step| {
                let reached = format!("{} · {}", list_words::state(step.state), step.actor);
                (at(step.at), reached, step.facts.join(" · "))
            })
            .collect(),
        words: WORDS,
    }
}

fn facts(run: &BackupRun) -> Vec<(&'static str, String)> {
    let mut facts = vec![(proof_words::STATE, list_words::state(run.status).to_owned())];
    facts.extend(run.taken_at.map(|moment| (proof_words::TAKEN_AT, at(moment))));
    facts.extend(run.label.map(|label| {
        (proof_words::LABEL, format!("{}. {}", list_words::label(label), list_words::label_meaning(label)))
    }));
    facts.push((proof_words::TRIGGER, list_words::trigger(run.trigger).to_owned()));
    facts.push((proof_words::REQUESTED_BY, run.requested_by.name.clone()));
    if run.archive_bytes > 0 {
        let [archive, stored] = [run.archive_bytes, run.stored_bytes()].map(|bytes| format::size(unsigned(bytes)));
        facts.push((proof_words::SIZE, proof_words::sizes(&archive, &stored)));
    }
    facts.extend(run.restore_checked_at.map(|moment| (proof_words::RESTORE_CHECKED, at(moment))));
    facts.extend(run.error.clone().map(|why| (proof_words::ERROR, why)));
    facts.push((proof_words::ID, run.id.to_string()));
    facts
}

fn stores(run: &BackupRun, is_demo: bool) -> Vec<[String; 6]> {
    run.destinations
        .iter()
        .map(|destination| {
            let result = match (destination.ok, &destination.error) {
                (true, _) => proof_words::STORE_OK.to_owned(),
                (false, Some(why)) => why.clone(),
                (false, None) => proof_words::STORE_WAITING.to_owned(),
            };
            let twin = if is_demo { format!(" ({})", list_words::TWIN) } else { String::new() };
            [
                format!("{}{twin}", destination.store),
                destination.place.clone(),
                integer(destination.parts),
                format::size(unsigned(destination.bytes)),
                destination.read_back_at.map(at).unwrap_or_default(),
                result,
            ]
        })
        .collect()
}

fn collection(namespace: &Namespace) -> Collection {
    let restored = match &namespace.restored {
        None => proof_words::NOT_RESTORED.to_owned(),
        Some(restored) if restored.equal && restored.h_set == namespace.h_set => {
            format!("{} ({})", proof_words::EQUAL, integer(restored.documents))
        }
        Some(restored) => format!("{} ({})", proof_words::DIFFERENT, integer(restored.documents)),
    };
    Collection {
        name: format!("{}.{}", namespace.database, namespace.name),
        documents: integer(namespace.documents),
        restored,
        hash: namespace.h_set.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    #[test]
    fn every_row_and_every_whole_hash_is_in_the_document() {
        let hash = |number: usize| format!("{number:064x}");
        let mut run: BackupRun = bson::deserialize_from_document(doc! {
            "_id": "0123456789abcdef0123456789abcdef", "trigger": "manual", "status": "complete", "label": "transaction",
            "requested_by": { "name": "#ana *benítez* <x@example.com> \\" }, "stores": [], "root": hash(7_777),
            "destinations": [{ "store": "offsite", "kind": "folder", "place": "carpeta", "prefix": "canje", "bytes": 1_i64,
                "parts": 1, "ok": true }],
            "created_at": bson::DateTime::from_millis(1_795_440_000_000_i64), "heartbeat_at": bson::DateTime::MIN,
            "taken_at": bson::DateTime::from_millis(1_795_440_000_000_i64),
            "progress": { "namespaces": 0, "done": 0, "documents": 0_i64, "bytes": 0_i64, "current": "", "collections": [] },
        })
        .unwrap();
        run.collections = (0..200)
            .map(|number| Namespace {
                database: "legacy".into(),
                name: format!("coleccion{number:03}"),
                kind: "collection".into(),
                documents: 1_234,
                bytes: 1,
                h_set: hash(number),
                h_stream: String::new(),
                crc: String::new(),
                h_def: String::new(),
                indexes: 1,
                is_capped: false,
                metadata: String::new(),
                restored: None,
            })
            .collect();
        let now = "2026-11-23T15:00:00Z".parse().unwrap();
        let (text, pages) = pdf::text(pdf::BACKUP, &act(&run, now, true)).unwrap();
        let text = text.replace('\u{200b}', "");
        for number in 0..200 {
            assert!(text.contains(&format!("coleccion{number:03}")) && text.contains(&hash(number)), "row {number}");
        }
        assert!(text.contains(&hash(7_777)) && text.contains("246.800 documentos de 200 colecciones"), "{text}");
        assert!(text.contains("#ana *benítez* <x@example.com> \\"), "a name is data, never markup");
        assert!(pages >= 5, "{pages}");
        assert_eq!(text.matches("Acta del backup del 23/11/2026").count(), pages + 1, "the band is on every page");
        assert!(text.matches("Restaurado").count() >= pages - 2, "tables repeat their head");
    }
}
