//! How fast a backup is taken, sealed and proven by itself, on a collection of so many documents of 870 bytes.
//! `cargo bench --bench backup_rate -- URI DATABASE DOCUMENTS` prints one line of JSON. The database is made, and left.

use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use bson::{RawDocumentBuf, doc};
use canje::app::Clock;
use canje::backup::container::{
    MANIFEST, PART_BYTES, PRIVATE, PrivateFile, PrivateManifest, PublicManifest, SIGNATURE, Sealer,
};
use canje::backup::keys::Keys;
use canje::backup::model::{BackupId, Progress, Trigger};
use canje::backup::stores::Folder;
use canje::backup::{take, verify};
use canje::db::{Db, Settings};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

/// Documents of one insert.
const BATCH: u64 = 5_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Cargo adds a flag of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [uri, database, documents] = arguments.as_slice() else {
        // `cargo bench` without arguments runs every bench there is.
        println!("backup_rate URI DATABASE DOCUMENTS");
        return Ok(());
    };
    let settings = Settings {
        uri: uri.clone(),
        live_db: database.clone(),
        ops_db: format!("{database}_ops"),
        read_only_uri: None,
    };
    let db = Db::connect(&settings).await?;
    fill(&db, documents.parse()?).await?;
    let folder = tempfile::tempdir()?;
    Keys::generate(&folder.path().join("keys"), bson::DateTime::now())?;
    let keys = Keys::load(&folder.path().join("keys"))?;
    forget_peak();

    let started = Instant::now();
    let request = take::Request { databases: Some(vec![database.clone()]), folder: folder.path().join("raw") };
    let (progress, _) = watch::channel(Progress::default());
    let collected = take::collect(&db, &request, &Clock::default(), &progress).await?;
    let scanned = started.elapsed().as_secs_f64();
    let place = folder.path().join("store/backup");
    let mut sealer = Sealer::new(&place, &keys.recipients, PART_BYTES)?;
    let namespaces = {
        let mut out = BufWriter::new(&mut sealer);
        let namespaces = collected.write_archive("bench", &mut out)?;
        std::io::Write::flush(&mut out)?;
        namespaces
    };
    let sealed = sealer.finish()?;
    let taken = started.elapsed().as_secs_f64();
    let bytes = sealed.archive_bytes;

    let root = take::root(&namespaces, &collected.excluded);
    let private = PrivateManifest {
        id: BackupId::random(),
        app_version: "bench".into(),
        trigger: Trigger::Manual,
        server: collected.server.clone(),
        taken_at: collected.taken_at.to_string(),
        label: collected.label,
        root: root.clone(),
        namespaces,
        excluded: collected.excluded.clone(),
        checks: Vec::new(),
        catalogue: Vec::new(),
    };
    publish(&place, &keys, &private, sealed)?;
    let store = Folder::at("bench", &folder.path().join("store"));
    let started = Instant::now();
    let report = verify::stored(&store, "backup", &keys.opener, None, &|_, _| {}).await;
    let verified = started.elapsed().as_secs_f64();
    anyhow::ensure!(report.is_ok(), "{:?}", report.findings);
    println!(
        "{}",
        serde_json::json!({
            "bytes": bytes, "label": collected.label.as_str(), "scan_seconds": scanned, "take_seconds": taken,
            "verify_seconds": verified, "peak_bytes": peak(),
        })
    );
    Ok(())
}

/// Two hundred thousand of these are the 174 MB that published figures are about.
async fn fill(db: &Db, documents: u64) -> anyhow::Result<()> {
    let collection = db.live.collection::<RawDocumentBuf>("documents");
    let there = collection.count_documents(doc! {}).await?;
    let mut next = there;
    while next < documents {
        let upto = documents.min(next + BATCH);
        let batch: Vec<RawDocumentBuf> = (next..upto).map(document).collect::<Result<_, _>>()?;
        collection.insert_many(&batch).await?;
        next = upto;
    }
    Ok(())
}

/// Words that repeat as those of real documents do, and some that don't.
fn document(number: u64) -> Result<RawDocumentBuf, bson::error::Error> {
    let digest = hex::encode(Sha256::digest(number.to_be_bytes()));
    let words = ["campaña", "creadora", "entrega", "publicación", "reseña", "plazo", "métricas", "marca"];
    let text: Vec<&str> =
        (0..60).map(|place| words[((number >> (place % 13)) as usize + place) % words.len()]).collect();
    let at = bson::DateTime::from_millis(1_700_000_000_000 + number as i64 * 977);
    let document = doc! {
        "_id": number as i64, "token": &digest, "email": format!("{}@example.com", &digest[..10]), "created_at": at,
        "notes": text.join(" "), "followers": (number % 90_000) as i32, "tags": ["a", "b", &digest[40..50]],
    };
    RawDocumentBuf::try_from(document)
}

fn publish(
    place: &Path,
    keys: &Keys,
    private: &PrivateManifest,
    sealed: canje::backup::container::Sealed,
) -> anyhow::Result<()> {
    let private_file = private.seal(&keys.recipients)?;
    let public = PublicManifest {
        format: PublicManifest::FORMAT.into(),
        id: private.id.clone(),
        deployment: "bench".into(),
        store: "bench".into(),
        taken_at: private.taken_at.clone(),
        sealed_at: private.taken_at.clone(),
        label: private.label,
        root: private.root.clone(),
        archive_bytes: sealed.archive_bytes,
        archive_sha256: sealed.archive_sha256,
        parts: sealed.parts,
        private: PrivateFile { bytes: private_file.len() as u64, sha256: hex::encode(Sha256::digest(&private_file)) },
        recipients: keys.recipients.fingerprints(),
        signer: keys.signer.fingerprint(),
        chain: 0,
        previous: None,
    };
    let (manifest, signature) = public.sign(&keys.signer)?;
    std::fs::write(place.join(PRIVATE), private_file)?;
    std::fs::write(place.join(MANIFEST), manifest)?;
    std::fs::write(place.join(SIGNATURE), signature)?;
    Ok(())
}

/// Begins a new peak of resident memory.
fn forget_peak() {
    // Without the right to do so the figure is that of the whole process, which is no smaller.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The peak of resident memory since then, in bytes.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
