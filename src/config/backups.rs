//! Backups: where they go and what they are sealed with.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{ConfigError, Reader};
use crate::backup::retention::Policy;
use crate::i18n::config as words;

/// What backups need of the environment.
#[derive(Clone, Debug)]
pub struct Backups {
    /// `CANJE_DATA_DIR`: the spool is in it.
    pub data_dir: PathBuf,
    /// `CANJE_BACKUP_KEYS`: the key directory; `keys` in the data directory by default.
    pub keys: PathBuf,
    /// `CANJE_DEPLOYMENT`: this installation's folder in every store.
    pub deployment: String,
    /// The daily store.
    pub cloudinary: Option<Cloudinary>,
    /// The store at another provider.
    pub s3: Option<S3>,
    /// `CANJE_BACKUP_FOLDER`: a folder as a store; the demonstration has `offsite` in the data directory.
    pub folder: Option<PathBuf>,
    /// `CANJE_BACKUP_KEEP`: how long what is kept.
    pub keep: Policy,
    /// Whether this is the demonstration: its stores are labelled as such and keys are made at the first start.
    pub is_demo: bool,
}

/// A Cloudinary account.
#[derive(Clone, Debug)]
pub struct Cloudinary {
    /// `CLOUDINARY_CLOUD_NAME`.
    pub cloud: String,
    /// `CLOUDINARY_API_KEY`.
    pub api_key: String,
    /// `CLOUDINARY_API_SECRET`.
    pub api_secret: SecretString,
    /// `CLOUDINARY_API_BASE`, without a trailing slash.
    pub api_base: String,
    /// `CLOUDINARY_DELIVERY_BASE`, without a trailing slash.
    pub delivery_base: String,
    /// `CLOUDINARY_BACKUP_ROOT`: the first segment of every backup's public id.
    pub backup_root: String,
    /// `CLOUDINARY_MEDIA_ROOT`: the folder all pictures are under.
    pub media_root: String,
}

/// A bucket of an S3-compatible service.
#[derive(Clone, Debug)]
pub struct S3 {
    /// `S3_ENDPOINT`, without a trailing slash.
    pub endpoint: String,
    /// `S3_REGION`.
    pub region: String,
    /// `S3_BUCKET`.
    pub bucket: String,
    /// `S3_PREFIX`, may be empty.
    pub prefix: String,
    /// `S3_ACCESS_KEY_ID`: may put, get and list; needs no right to delete.
    pub access_key_id: String,
    /// `S3_SECRET_ACCESS_KEY`.
    pub secret_access_key: SecretString,
    /// `S3_PRUNE_ACCESS_KEY_ID` and `S3_PRUNE_SECRET_ACCESS_KEY`: may delete.
    pub prune: Option<(String, SecretString)>,
    /// `S3_FORCE_PATH_STYLE`: the bucket in the path instead of the host; the default.
    pub path_style: bool,
    /// `S3_ALLOW_HTTP`: for tests on this machine.
    pub allow_http: bool,
}

impl Backups {
    /// Reads the process's environment, with some variables said instead, for commands that need no web server.
    pub fn from_env_with(said: &[(&'static str, String)]) -> Result<Self, ConfigError> {
        let get = |name: &str| match said.iter().find(|(own, _)| *own == name) {
            Some((_, value)) => Some(value.clone()),
            None => std::env::var(name).ok(),
        };
        let mut reader = Reader { get: &get, problems: Vec::new() };
        let data_dir = reader.data_dir();
        let is_demo = reader.flag("CANJE_DEMO");
        let backups = reader.backups(data_dir, is_demo);
        reader.finish(backups)
    }
}

impl Reader<'_> {
    pub(super) fn backups(&mut self, data_dir: PathBuf, is_demo: bool) -> Backups {
        let deployment = self.text("CANJE_DEPLOYMENT").unwrap_or_else(|| "canje".into());
        if !is_segment(&deployment) {
            self.problems.push(words::bad_segment("CANJE_DEPLOYMENT"));
        }
        let (cloudinary, s3) = (self.cloudinary(), self.s3());
        let folder = self.text("CANJE_BACKUP_FOLDER").map(PathBuf::from);
        let demo_folder = (is_demo && s3.is_none()).then(|| data_dir.join("offsite"));
        Backups {
            keys: self.text("CANJE_BACKUP_KEYS").map_or_else(|| data_dir.join("keys"), PathBuf::from),
            folder: folder.or(demo_folder),
            data_dir,
            deployment,
            keep: self.keep(),
            cloudinary,
            s3,
            is_demo,
        }
    }

    fn keep(&mut self) -> Policy {
        let said = self.text("CANJE_BACKUP_KEEP").unwrap_or_default();
        said.parse().unwrap_or_else(|problem: String| {
            self.problems.push(words::bad_keep("CANJE_BACKUP_KEEP", &problem));
            Policy::default()
        })
    }

    fn cloudinary(&mut self) -> Option<Cloudinary> {
        let names = ["CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY", "CLOUDINARY_API_SECRET"];
        let [cloud, api_key, api_secret] = names.map(|name| self.text(name));
        let api_base = self.service_url("CLOUDINARY_API_BASE", "https://api.cloudinary.com");
        let delivery_base = self.service_url("CLOUDINARY_DELIVERY_BASE", "https://res.cloudinary.com");
        let backup_root = self.text("CLOUDINARY_BACKUP_ROOT").unwrap_or_else(|| "backups".into());
        if !backup_root.split('/').all(is_segment) {
            self.problems.push(words::bad_segment("CLOUDINARY_BACKUP_ROOT"));
        }
        let media_root = self.text("CLOUDINARY_MEDIA_ROOT").unwrap_or_else(|| "canje".into());
        if !media_root.split('/').all(is_segment) {
            self.problems.push(words::bad_segment("CLOUDINARY_MEDIA_ROOT"));
        }
        if cloud.is_none() && api_key.is_none() && api_secret.is_none() {
            return None;
        }
        for (name, value) in names.iter().zip([&cloud, &api_key, &api_secret]) {
            if value.is_none() {
                self.problems.push(words::missing(name, words::CLOUDINARY_REMEDY));
            }
        }
        let api_secret = api_secret?.into();
        Some(Cloudinary {
            cloud: cloud?,
            api_key: api_key?,
            api_secret,
            api_base,
            delivery_base,
            backup_root,
            media_root,
        })
    }

    fn s3(&mut self) -> Option<S3> {
        let names = ["S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"];
        let [endpoint, bucket, access_key_id, secret] = names.map(|name| self.text(name));
        let region = self.text("S3_REGION").unwrap_or_else(|| "us-east-1".into());
        let prefix = self.text("S3_PREFIX").unwrap_or_default();
        let allow_http = self.flag("S3_ALLOW_HTTP");
        let path_style = self.text("S3_FORCE_PATH_STYLE").is_none() || self.flag("S3_FORCE_PATH_STYLE");
        let prune = (self.text("S3_PRUNE_ACCESS_KEY_ID"), self.secret("S3_PRUNE_SECRET_ACCESS_KEY"));
        if prune.0.is_some() != prune.1.is_some() {
            self.problems.push(words::missing("S3_PRUNE_SECRET_ACCESS_KEY", words::S3_REMEDY));
        }
        if !prefix.is_empty() && !prefix.split('/').all(is_segment) {
            self.problems.push(words::bad_segment("S3_PREFIX"));
        }
        if endpoint.is_none() && bucket.is_none() && access_key_id.is_none() && secret.is_none() {
            return None;
        }
        for (name, value) in names.iter().zip([&endpoint, &bucket, &access_key_id, &secret]) {
            if value.is_none() {
                self.problems.push(words::missing(name, words::S3_REMEDY));
            }
        }
        let endpoint = endpoint?.trim_end_matches('/').to_owned();
        let is_safe = endpoint.starts_with("https://") || (allow_http && endpoint.starts_with("http://"));
        if !is_safe {
            self.problems.push(words::bad_base_url("S3_ENDPOINT"));
        }
        Some(S3 {
            endpoint,
            region,
            bucket: bucket?,
            prefix,
            access_key_id: access_key_id?,
            secret_access_key: secret?.into(),
            prune: prune.0.zip(prune.1),
            path_style,
            allow_http,
        })
    }
}

/// Safe as a folder's name in every store.
fn is_segment(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= 64 && text != "." && text != ".." && text.bytes().all(is_plain)
}
