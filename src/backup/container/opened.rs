//! Opens a stored backup for restoring, comparing and handing over. Whoever wants to *prove* a backup uses
//! [`verify`](crate::backup::verify), which shares none of this.

use std::io::{self, Read};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::manifest::{PrivateManifest, PublicManifest};
use super::{MANIFEST, PRIVATE, SIGNATURE, part_name};
use crate::backup::keys::Opener;
use crate::backup::stores::Store;
use crate::i18n::backup::container as words;

/// A stored backup whose signature was checked.
#[derive(Clone)]
pub struct OpenBackup {
    /// What may be read without a key.
    pub public: PublicManifest,
    /// Everything else.
    pub private: PrivateManifest,
    store: Arc<dyn Store>,
    prefix: String,
    opener: Opener,
}

impl OpenBackup {
    /// The store it was opened from.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Its prefix there.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

/// Reads and checks the manifests of the backup under `prefix`.
pub async fn open(store: Arc<dyn Store>, prefix: &str, opener: &Opener) -> anyhow::Result<OpenBackup> {
    let file = async |name: &str| {
        let key = format!("{prefix}/{name}");
        store.get(&key).await.with_context(|| words::cannot_fetch(&key))
    };
    let (manifest, signature) = (file(MANIFEST).await?, file(SIGNATURE).await?);
    ensure!(opener.signed_by(&manifest, &signature).is_some(), words::BAD_SIGNATURE);
    let public: PublicManifest = serde_json::from_slice(&manifest).context(words::BAD_MANIFEST)?;
    ensure!(public.format == PublicManifest::FORMAT, words::unknown_format(&public.format));
    let sealed = file(PRIVATE).await?;
    ensure!(hex::encode(Sha256::digest(&sealed)) == public.private.sha256, words::BAD_PRIVATE);
    let packed = opener.open(&sealed).context(words::CANNOT_DECRYPT)?;
    let private: PrivateManifest =
        serde_json::from_slice(&zstd::decode_all(packed.as_slice())?).context(words::BAD_MANIFEST)?;
    ensure!(private.id == public.id && private.root == public.root, words::BAD_PRIVATE);
    Ok(OpenBackup { public, private, store, prefix: prefix.to_owned(), opener: opener.clone() })
}

/// Parts fetched ahead of whoever reads.
const AHEAD: usize = 2;

/// The plain archive as a blocking reader; the parts are fetched and opened on the current runtime. A part that isn't what
/// the manifest says ends it with an error. Must be called in a runtime; reading belongs on a blocking thread.
pub fn read_archive(backup: &OpenBackup) -> impl Read + Send + use<> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let backup = backup.clone();
    tokio::spawn(async move {
        for part in &backup.public.parts {
            let fetched = async {
                let key = format!("{}/{}", backup.prefix, part_name(part.index));
                let cipher = backup.store.get(&key).await.map_err(io::Error::other)?;
                let (opener, part) = (backup.opener.clone(), part.clone());
                tokio::task::spawn_blocking(move || {
                    let is_same = hex::encode(Sha256::digest(&cipher)) == part.sha256;
                    if !is_same {
                        return Err(io::Error::other(words::part_differs(part.index)));
                    }
                    let plain = zstd::bulk::decompress(&opener.open(&cipher)?, super::PART_BYTES)?;
                    if plain.len() as u64 != part.plain_bytes {
                        return Err(io::Error::other(words::part_differs(part.index)));
                    }
                    Ok(plain)
                })
                .await
                .map_err(io::Error::other)?
            };
            let fetched = fetched.await;
            let is_last = fetched.is_err();
            // Nobody reads any more, or nothing more can be read.
            if sender.send(fetched).await.is_err() || is_last {
                return;
            }
        }
    });
    Parts { receiver, current: io::Cursor::new(Vec::new()) }
}

struct Parts {
    receiver: mpsc::Receiver<io::Result<Vec<u8>>>,
    current: io::Cursor<Vec<u8>>,
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.current.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.receiver.blocking_recv() {
                Some(part) => self.current = io::Cursor::new(part?),
                None => return Ok(0),
            }
        }
    }
}
