//! The keys of backups and where they live.
//!
//! Two age recipients open every part: the *operations* identity, in the key directory of the machine that works, and the
//! *recovery* identity, printed once and kept by the owner on paper. Manifests are signed with an Ed25519 key of the same
//! directory. The directory belongs to the process's user alone (0700, files 0600).
//!
//! Request handlers hold the public halves ([`Recipients`], rows of `backup_keys`). [`Keys::load`] and [`Signer`] are for
//! jobs and commands; a test forbids them elsewhere.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use age::x25519::{Identity, Recipient};
use anyhow::{Context as _, bail, ensure};
use bson::{DateTime, doc};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::record::PublicKey;
use crate::db::Db;
use crate::i18n::backup::keys as words;

const OPERATIONS: &str = "operations.identity";
const SIGNING: &str = "signing.key";
const RECOVERY: &str = "recovery.recipient";
/// Identities and signing keys that were replaced: they still open and prove old backups.
const RETIRED: &str = "retired";

/// Random bytes from the system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// The first 16 hexadecimal digits of SHA-256 over the public half's text.
pub fn fingerprint(public: &str) -> String {
    hex::encode(&Sha256::digest(public.as_bytes())[..8])
}

/// Who can open a backup.
#[derive(Clone, Debug)]
pub struct Recipients {
    operations: Recipient,
    recovery: Recipient,
}

impl Recipients {
    /// Reads two `age1…` recipients.
    pub fn parse(operations: &str, recovery: &str) -> anyhow::Result<Self> {
        let read = |text: &str| Recipient::from_str(text.trim()).map_err(|error| anyhow::anyhow!("{error}"));
        Ok(Self { operations: read(operations)?, recovery: read(recovery)? })
    }

    /// Encrypts to both. The result is the input's length plus a header of about 400 bytes and 16 bytes for every 64 KiB.
    pub fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let recipients: [&dyn age::Recipient; 2] = [&self.operations, &self.recovery];
        let encryptor = age::Encryptor::with_recipients(recipients.into_iter()).map_err(io::Error::other)?;
        let mut sealed = Vec::with_capacity(plain.len() + plain.len() / 2048 + 1024);
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(plain)?;
        writer.finish()?;
        Ok(sealed)
    }

    /// Fingerprints of operations and recovery.
    pub fn fingerprints(&self) -> [String; 2] {
        [fingerprint(&self.operations.to_string()), fingerprint(&self.recovery.to_string())]
    }

    /// Both as `age1…`.
    pub fn texts(&self) -> [String; 2] {
        [self.operations.to_string(), self.recovery.to_string()]
    }
}

/// The key that signs manifests.
pub struct Signer(SigningKey);

impl Signer {
    /// Ed25519 over the bytes, 64 bytes.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }

    /// The public half, 64 hexadecimal digits.
    pub fn public(&self) -> String {
        hex::encode(self.0.verifying_key().to_bytes())
    }

    /// The public half's fingerprint.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.public())
    }
}

/// What opens backups and proves who made them: identities, current and retired, and the public signing keys to believe.
#[derive(Clone)]
pub struct Opener {
    identities: Vec<SecretString>,
    trusted: Vec<VerifyingKey>,
}

impl Opener {
    /// For a machine that has no key directory: `identity` holds age identities one a line (operations or recovery),
    /// `trust` public signing keys one a line as hexadecimal digits. `#` begins a comment.
    pub fn from_files(identity: &Path, trust: &Path) -> anyhow::Result<Self> {
        let lines = |path: &Path| -> anyhow::Result<Vec<String>> {
            let text = fs::read_to_string(path).with_context(|| words::cannot_read(path))?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            Ok(lines.map(str::to_owned).collect())
        };
        let identities = lines(identity)?;
        for identity in &identities {
            Identity::from_str(identity).map_err(|_| anyhow::anyhow!(words::not_an_identity()))?;
        }
        let trusted = lines(trust)?.iter().map(|line| verifying_key(line)).collect::<anyhow::Result<Vec<_>>>()?;
        ensure!(!identities.is_empty() && !trusted.is_empty(), words::no_keys_in_files());
        Ok(Self { identities: identities.into_iter().map(Into::into).collect(), trusted })
    }

    /// Decrypts what [`Recipients::seal`] made; `None` of our identities fitting is an error too.
    pub fn open(&self, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let identities = self.identities.iter().map(|identity| {
            let identity = Identity::from_str(identity.expose_secret());
            identity.map_err(|error| io::Error::other(error.to_owned()))
        });
        let identities = identities.collect::<io::Result<Vec<_>>>()?;
        let decryptor = age::Decryptor::new(sealed).map_err(io::Error::other)?;
        let mut reader = decryptor
            .decrypt(identities.iter().map(|identity| identity as &dyn age::Identity))
            .map_err(io::Error::other)?;
        let mut plain = Vec::with_capacity(sealed.len());
        io::Read::read_to_end(&mut reader, &mut plain)?;
        Ok(plain)
    }

    /// Whether one of the trusted keys signed these bytes; its fingerprint.
    pub fn signed_by(&self, bytes: &[u8], signature: &[u8]) -> Option<String> {
        let signature = Signature::from_slice(signature).ok()?;
        let key = self.trusted.iter().find(|key| key.verify_strict(bytes, &signature).is_ok())?;
        Some(fingerprint(&hex::encode(key.to_bytes())))
    }
}

/// Everything in the key directory.
pub struct Keys {
    /// Who new backups are encrypted to.
    pub recipients: Recipients,
    /// What signs new manifests.
    pub signer: Signer,
    /// What opens stored backups.
    pub opener: Opener,
}

/// What was made, to be said once.
pub struct Generated {
    /// The recovery identity, `AGE-SECRET-KEY-1…`: shown once, kept nowhere.
    pub recovery: SecretString,
    /// The public halves.
    pub public: Vec<PublicKey>,
}

impl Keys {
    /// Reads the key directory. An absent one is an error that says how to make it.
    pub fn load(directory: &Path) -> anyhow::Result<Self> {
        if !directory.join(OPERATIONS).exists() {
            bail!(words::no_keys(directory));
        }
        let operations = read(&directory.join(OPERATIONS))?;
        let signing = read(&directory.join(SIGNING))?;
        let recovery = read(&directory.join(RECOVERY))?;
        let identity = identity(operations.expose_secret())?;
        let recipients = Recipients::parse(&identity.to_public().to_string(), recovery.expose_secret())?;
        let signer = Signer(signing_key(signing.expose_secret())?);
        let mut identities = vec![operations];
        let mut trusted = vec![signer.0.verifying_key()];
        for (name, old) in retired(directory)? {
            if name.starts_with(OPERATIONS) {
                identities.push(old);
            } else if name.starts_with(SIGNING) {
                trusted.push(signing_key(old.expose_secret())?.verifying_key());
            }
        }
        Ok(Self { recipients, signer, opener: Opener { identities, trusted } })
    }

    /// Whether there are any.
    pub fn exist(directory: &Path) -> bool {
        directory.join(OPERATIONS).exists()
    }

    /// Makes all keys. Refuses where there are some.
    pub fn generate(directory: &Path, now: DateTime) -> anyhow::Result<Generated> {
        if Self::exist(directory) {
            bail!(words::keys_exist(directory));
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(directory).with_context(|| words::cannot_write(directory))?;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
        let recovery = Identity::generate();
        write(&directory.join(RECOVERY), &recovery.to_public().to_string())?;
        let signing = SigningKey::from_bytes(&random::<32>());
        write(&directory.join(SIGNING), &hex::encode(signing.to_bytes()))?;
        // Last: its presence says that the directory is whole.
        let operations = Identity::generate();
        write(&directory.join(OPERATIONS), operations.to_string().expose_secret())?;
        fs::File::open(directory)?.sync_all()?;
        let public = public_halves(&operations, &recovery.to_public().to_string(), &signing, now);
        Ok(Generated { recovery: recovery.to_string().expose_secret().to_owned().into(), public })
    }

    /// Replaces operations and signing key; the old ones go to `retired/` and still open and prove old backups. The
    /// recovery key stays.
    pub fn rotate(directory: &Path, now: DateTime) -> anyhow::Result<Vec<PublicKey>> {
        let current = Self::load(directory)?;
        let retired = directory.join(RETIRED);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&retired)?;
        let stamp = now.timestamp_millis();
        let signing = SigningKey::from_bytes(&random::<32>());
        let operations = Identity::generate();
        for (name, text) in [
            (SIGNING, hex::encode(signing.to_bytes())),
            (OPERATIONS, operations.to_string().expose_secret().to_owned()),
        ] {
            let old = read(&directory.join(name))?;
            write(&retired.join(format!("{name}.{stamp}")), old.expose_secret())?;
            let next = directory.join(format!("{name}.next"));
            write(&next, &text)?;
            fs::rename(&next, directory.join(name))?;
        }
        fs::File::open(directory)?.sync_all()?;
        let [_, recovery] = current.recipients.texts();
        Ok(public_halves(&operations, &recovery, &signing, now))
    }

    /// The public halves of what is in the directory.
    pub fn public(&self, now: DateTime) -> Vec<PublicKey> {
        let [operations, recovery] = self.recipients.texts();
        vec![
            public_key("operations", &operations, now),
            public_key("recovery", &recovery, now),
            public_key("signing", &self.signer.public(), now),
        ]
    }
}

/// Puts the public halves on record; those of the same kind that are no longer used are marked as retired.
pub async fn publish(db: &Db, public: &[PublicKey], now: DateTime) -> mongodb::error::Result<()> {
    let keys = db.stored::<PublicKey>();
    for key in public {
        let insert = doc! { "kind": &key.kind, "public": &key.public, "created_at": key.created_at };
        let update = doc! { "$setOnInsert": insert, "$unset": { "retired_at": "" } };
        keys.update_one(doc! { "_id": &key.fingerprint }, update).upsert(true).await?;
        let others = doc! { "kind": &key.kind, "_id": { "$ne": &key.fingerprint }, "retired_at": null };
        keys.update_many(others, doc! { "$set": { "retired_at": now } }).await?;
    }
    Ok(())
}

fn public_halves(operations: &Identity, recovery: &str, signing: &SigningKey, now: DateTime) -> Vec<PublicKey> {
    vec![
        public_key("operations", &operations.to_public().to_string(), now),
        public_key("recovery", recovery, now),
        public_key("signing", &hex::encode(signing.verifying_key().to_bytes()), now),
    ]
}

fn public_key(kind: &str, public: &str, now: DateTime) -> PublicKey {
    PublicKey {
        fingerprint: fingerprint(public),
        kind: kind.into(),
        public: public.into(),
        created_at: now,
        retired_at: None,
        stored_by: None,
        stored_at: None,
    }
}

fn identity(text: &str) -> anyhow::Result<Identity> {
    Identity::from_str(text.trim()).map_err(|_| anyhow::anyhow!(words::not_an_identity()))
}

fn signing_key(text: &str) -> anyhow::Result<SigningKey> {
    let bytes: [u8; 32] =
        hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok()).context(words::NOT_A_SIGNING_KEY)?;
    Ok(SigningKey::from_bytes(&bytes))
}

fn verifying_key(text: &str) -> anyhow::Result<VerifyingKey> {
    let bytes: [u8; 32] =
        hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok()).context(words::NOT_A_TRUSTED_KEY)?;
    VerifyingKey::from_bytes(&bytes).context(words::NOT_A_TRUSTED_KEY)
}

fn read(path: &Path) -> anyhow::Result<SecretString> {
    let text = fs::read_to_string(path).with_context(|| words::cannot_read(path))?;
    let mode = fs::metadata(path)?.permissions().mode();
    ensure!(mode & 0o077 == 0, words::readable_by_others(path));
    Ok(text.trim().to_owned().into())
}

/// Creates a file of ours; one that exists is never replaced.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| words::cannot_write(path))?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    Ok(())
}

fn retired(directory: &Path) -> anyhow::Result<Vec<(String, SecretString)>> {
    let folder: PathBuf = directory.join(RETIRED);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        found.push((entry.file_name().to_string_lossy().into_owned(), read(&entry.path())?));
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_identity_opens_and_nobody_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("keys");
        let made = Keys::generate(&directory, DateTime::MIN).unwrap();
        let keys = Keys::load(&directory).unwrap();
        let sealed = keys.recipients.seal(b"a document").unwrap();
        assert_eq!(keys.opener.open(&sealed).unwrap(), b"a document");
        let (identity, trust) = (folder.path().join("recovery"), folder.path().join("trust"));
        fs::write(&identity, made.recovery.expose_secret()).unwrap();
        fs::write(&trust, format!("# signing\n{}\n", keys.signer.public())).unwrap();
        let elsewhere = Opener::from_files(&identity, &trust).unwrap();
        assert_eq!(elsewhere.open(&sealed).unwrap(), b"a document");
        let signature = keys.signer.sign(b"manifest");
        assert_eq!(elsewhere.signed_by(b"manifest", &signature), Some(keys.signer.fingerprint()));
        assert_eq!(elsewhere.signed_by(b"Manifest", &signature), None);
        let stranger = folder.path().join("stranger");
        Keys::generate(&stranger, DateTime::MIN).unwrap();
        let stranger = Keys::load(&stranger).unwrap();
        assert!(stranger.opener.open(&sealed).is_err());
        assert_eq!(stranger.opener.signed_by(b"manifest", &signature), None);
    }

    #[test]
    fn keys_are_never_replaced_and_belong_to_one_user() {
        let folder = tempfile::tempdir().unwrap();
        Keys::generate(folder.path(), DateTime::MIN).unwrap();
        assert!(Keys::generate(folder.path(), DateTime::MIN).is_err());
        for name in [OPERATIONS, SIGNING, RECOVERY] {
            let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        fs::set_permissions(folder.path().join(SIGNING), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Keys::load(folder.path()).is_err());
    }

    #[test]
    fn retired_keys_still_open_and_prove() {
        let folder = tempfile::tempdir().unwrap();
        Keys::generate(folder.path(), DateTime::MIN).unwrap();
        let before = Keys::load(folder.path()).unwrap();
        let (sealed, signature) = (before.recipients.seal(b"old").unwrap(), before.signer.sign(b"old"));
        Keys::rotate(folder.path(), DateTime::from_millis(1)).unwrap();
        let after = Keys::load(folder.path()).unwrap();
        assert_ne!(after.signer.public(), before.signer.public());
        assert_eq!(after.recipients.texts()[1], before.recipients.texts()[1]);
        assert_eq!(after.opener.open(&sealed).unwrap(), b"old");
        assert!(after.opener.signed_by(b"old", &signature).is_some());
    }
}
