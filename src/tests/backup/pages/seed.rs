//! Runs as the engine leaves them on record, without the engine.

use bson::{DateTime, doc};
use canje::backup::model::{
    BackupId, Check, CheckResult, CollectionProgress, Destination, Excluded, Finding, Label, Namespace, Outcome,
    Progress, Restored, Severity, State, Step, StoreKind,
};
use canje::backup::record::BackupRun;
use jiff::Timestamp;

use crate::support::{NOW, TestApp};

/// Hours before the test's clock.
pub fn ago(hours: i64) -> DateTime {
    let now: Timestamp = NOW.parse().unwrap();
    DateTime::from_millis(now.as_millisecond() - hours * 3_600_000)
}

/// 64 hexadecimal digits that look like a hash.
pub fn hash(seed: u64) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(seed.to_le_bytes()))
}

fn namespace(number: usize) -> Namespace {
    let (documents, h_set) = (number as i64 * 137 + 3, hash(number as u64));
    Namespace {
        database: "legacy".into(),
        name: format!("coleccion_{number:03}"),
        kind: "collection".into(),
        documents,
        bytes: documents * 411,
        restored: Some(Restored { documents, h_set: h_set.clone(), equal: true }),
        h_set,
        h_stream: hash(1_000 + number as u64),
        crc: "995dc9bbdf1939fa".into(),
        h_def: hash(2_000 + number as u64),
        indexes: 2,
        is_capped: number == 7,
        metadata: String::new(),
    }
}

fn destination(store: &str, kind: StoreKind, hours: i64) -> Destination {
    Destination {
        store: store.into(),
        kind,
        place: format!("{store} de prueba"),
        prefix: "canje/2099/11/x".into(),
        bytes: 4_200_000,
        parts: 3,
        manifest_sha256: Some(hash(9)),
        uploaded_at: Some(ago(hours)),
        read_back_at: Some(ago(hours)),
        ok: true,
        error: None,
        emptied_at: None,
    }
}

/// Every check, passed but for one that doesn't apply.
fn checks(hours: i64) -> Vec<CheckResult> {
    let all = [
        Check::Privileges,
        Check::Identity,
        Check::Fence,
        Check::Listed,
        Check::Consistency,
        Check::Cursors,
        Check::Counts,
        Check::DuplicateIds,
        Check::CappedOrder,
        Check::Gridfs,
        Check::Views,
        Check::Definitions,
        Check::Archive,
        Check::Checksums,
        Check::Reparse,
        Check::Parts,
        Check::Encryption,
        Check::ReadBack,
        Check::Signature,
        Check::Catalogue,
        Check::RestoredDefinitions,
        Check::RestoredDocuments,
        Check::RestoredOrder,
        Check::RestoredViews,
        Check::Inserted,
        Check::Control,
    ];
    let result = |check: Check| CheckResult {
        check,
        outcome: if check == Check::Views { Outcome::NotApplicable } else { Outcome::Passed },
        evidence: vec![format!("Se comprobó {check:?} sobre todas las colecciones: 33 de 33 coinciden.")],
        at: ago(hours),
        subject: (check == Check::ReadBack).then(|| "cloudinary".to_owned()),
    };
    all.into_iter().map(result).collect()
}

/// A complete run of so many collections, taken so many hours ago.
pub fn complete(collections: usize, hours: i64) -> BackupRun {
    let step =
        |state: State| Step { state, at: ago(hours), actor: "Ana Benítez".into(), facts: vec!["3 partes".into()] };
    let path = [
        State::Planned,
        State::Scanning,
        State::Sealed,
        State::Uploaded,
        State::ReadBack,
        State::TestRestored,
        State::Complete,
    ];
    BackupRun {
        is_active: None,
        status: State::Complete,
        started_at: Some(ago(hours)),
        finished_at: Some(DateTime::from_millis(ago(hours).timestamp_millis() + 12_500)),
        taken_at: Some(ago(hours)),
        label: Some(Label::Transaction),
        root: Some(hash(77)),
        archive_bytes: 12_600_000,
        collections: (0..collections).map(namespace).collect(),
        excluded: vec![Excluded {
            namespace: "canje_ops".into(),
            reason: "Es el registro de los propios backups.".into(),
        }],
        checks: checks(hours),
        destinations: vec![
            destination("cloudinary", StoreKind::Cloudinary, hours),
            destination("offsite", StoreKind::Folder, hours),
        ],
        steps: path.map(step).to_vec(),
        restore_checked_at: Some(ago(hours)),
        ..queued(hours)
    }
}

/// A run that was asked for so many hours ago.
pub fn queued(hours: i64) -> BackupRun {
    let run = doc! {
        "_id": BackupId::random().as_str(), "trigger": "manual", "status": "queued", "is_active": true,
        "requested_by": { "user_id": "user_1", "name": "Ana Benítez" }, "stores": ["cloudinary", "offsite"],
        "created_at": ago(hours), "heartbeat_at": ago(hours),
        "progress": { "namespaces": 0, "done": 0, "documents": 0_i64, "bytes": 0_i64, "current": "", "collections": [] },
    };
    bson::deserialize_from_document(run).unwrap()
}

/// A run that failed, with findings of each weight.
pub fn failed(hours: i64) -> BackupRun {
    let finding = |severity, check, namespace: Option<&str>, detail: &str| {
        Finding::new(severity, check, namespace, detail).remedy("Volvé a hacer el backup.")
    };
    let mut run = BackupRun {
        status: State::Failed,
        finished_at: Some(ago(hours)),
        restore_checked_at: None,
        error: Some("La copia de cloudinary no es la que se subió.".into()),
        findings: vec![
            finding(Severity::Info, Check::Catalogue, None, "Falta un backup viejo en su destino."),
            finding(
                Severity::High,
                Check::ReadBack,
                Some("legacy.users"),
                "La parte 2 cambió: <script>alert(1)</script>",
            ),
        ],
        ..complete(3, hours)
    };
    run.destinations[0].ok = false;
    run.destinations[0].error = Some("La parte 00000002 no es la que se subió.".into());
    for check in &mut run.checks {
        if check.check == Check::ReadBack {
            check.outcome = Outcome::Failed;
        }
    }
    run
}

/// A run under way, in the middle of reading.
pub fn running() -> BackupRun {
    let collection = |name: &str, documents, is_done| CollectionProgress { namespace: name.into(), documents, is_done };
    BackupRun {
        status: State::Scanning,
        progress: Progress {
            namespaces: 33,
            done: 12,
            documents: 4_321,
            bytes: 1_234_567,
            current: "legacy.shop_products".into(),
            permille: None,
            collections: vec![collection("legacy.shop_products", 1_200, false), collection("legacy.users", 401, true)],
        },
        ..queued(0)
    }
}

/// Puts a run on record.
pub async fn put(app: &TestApp, run: &BackupRun) -> BackupId {
    app.app.db.operations().stored::<BackupRun>().insert_one(run).await.unwrap();
    run.id.clone()
}
