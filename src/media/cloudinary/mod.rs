//! A Cloudinary account over HTTP: signed uploads, private downloads, the Admin API.
//!
//! Every attempt is signed afresh. There is no idempotency key; a repeated upload is safe because the name is ours and
//! nothing is overwritten. The secret never leaves this module, and errors say nothing of addresses, which are signed.

mod answer;
mod sign;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::StatusCode;
use md5::{Digest as _, Md5};
use reqwest::multipart::{Form, Part};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use answer::{Silence, Trouble};
pub use sign::{HASH, Hash, is_genuine, signature, string_to_sign};

use super::patience::{Failed, Patience};
use crate::app::{self, Clock};
use crate::config;

/// One request may not carry more, whatever the plan.
pub const REQUEST_BYTES: u64 = 100_000_000;
/// How long a private download's address is good for.
const LINK: Duration = Duration::from_secs(600);
/// Names of a page of a list.
const PAGE: usize = 500;
/// More of an answer that isn't a file is not read.
const ANSWER_BYTES: u64 = 8 * 1024 * 1024;
/// Tries of a request that the service calls stale: signed again, it is stale only if a clock is wrong.
const STALE_TRIES: u32 = 2;

/// How a file is handled and who may see it: part of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// `raw`, `image` or `video`.
    pub resource: &'static str,
    /// `authenticated`, `private` or `upload`.
    pub delivery: &'static str,
}

/// Files that are only bytes, and that nobody sees without a signature.
pub const PRIVATE_RAW: Kind = Kind { resource: "raw", delivery: "authenticated" };

/// The account.
#[derive(Clone)]
pub struct Account {
    http: reqwest::Client,
    config: config::Cloudinary,
    clock: Clock,
    patience: Patience,
}

/// A file as an upload's answer has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Uploaded {
    /// Its name.
    pub public_id: String,
    /// Seconds since 1970.
    pub version: u64,
    /// Its bytes.
    pub bytes: u64,
    /// MD5 of its bytes.
    #[serde(default)]
    pub etag: Option<String>,
    /// Whether it was there already and nothing was stored.
    #[serde(default)]
    pub existing: bool,
    signature: String,
}

impl Uploaded {
    /// Whether the answer speaks of exactly these bytes, as far as an answer can.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        let is_same = |etag: &str| etag == hex::encode(Md5::digest(bytes));
        self.bytes == bytes.len() as u64 && self.etag.as_deref().is_none_or(is_same)
    }
}

/// A file of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed {
    /// Its name.
    pub public_id: String,
    /// Its bytes.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct Page {
    resources: Vec<Listed>,
    #[serde(default)]
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Destroyed {
    result: String,
}

/// What the plan has and what is used of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// The pool that storage, bandwidth and transformations draw from.
    pub credits: Credits,
    /// Largest files.
    pub media_limits: MediaLimits,
}

/// Credits: one is a gigabyte kept or a gigabyte sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Credits {
    /// Used.
    pub usage: f64,
    /// Of how many, if there is a limit.
    pub limit: Option<f64>,
}

/// Largest files by kind, in bytes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MediaLimits {
    /// Of raw files.
    pub raw_max_size_bytes: Option<u64>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Account").field(&self.config.cloud).finish()
    }
}

impl Account {
    /// A client of the account; asks nothing yet.
    pub fn open(config: &config::Cloudinary, clock: Clock, patience: Patience) -> anyhow::Result<Self> {
        app::use_ring();
        let http = reqwest::Client::builder()
            .user_agent(concat!("canje/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::limited(3))
            .referer(false)
            .connect_timeout(Duration::from_secs(10).min(patience.answer))
            .timeout(patience.answer)
            .build()?;
        Ok(Self { http, config: config.clone(), clock, patience })
    }

    /// The account's name.
    pub fn cloud(&self) -> &str {
        &self.config.cloud
    }

    /// Uploads a file under our name. One that is there stays as it is, and the answer says so.
    pub async fn upload(&self, kind: Kind, public_id: &str, bytes: &Bytes) -> Result<Uploaded, Trouble> {
        self.insist(|| {
            async move {
                let params = [("overwrite", "false"), ("public_id", public_id), ("type", kind.delivery)];
                let file = Part::stream_with_length(bytes.clone(), bytes.len() as u64).file_name("file");
                let mut form = Form::new();
                for (name, value) in self.signed(&params) {
                    form = form.text(name, value);
                }
                let request = self.http.post(self.url(&format!("{}/upload", kind.resource)));
                let uploaded: Uploaded = self.read(request.multipart(form.part("file", file))).await?;
                let secret = &self.config.api_secret;
                if uploaded.public_id != public_id {
                    return Err(Failed::ForGood(Trouble::Nonsense("an answer about another file")));
                }
                if !is_genuine(public_id, uploaded.version, &uploaded.signature, secret) {
                    return Err(Failed::ForGood(Trouble::Nonsense("an answer nobody signed")));
                }
                Ok(uploaded)
            }
            .boxed()
        })
        .await
    }

    /// Reads a file from the service itself: never from a cache of the delivery network.
    pub async fn download(&self, kind: Kind, public_id: &str) -> Result<Bytes, Trouble> {
        self.insist(|| {
            async move { self.bytes(self.http.get(self.link(kind, public_id)), REQUEST_BYTES).await }.boxed()
        })
        .await
    }

    /// An address that gives this file to whoever has it, for some minutes.
    pub fn link(&self, kind: Kind, public_id: &str) -> String {
        let expires = (self.clock.now() + LINK).as_second().to_string();
        let params = [("expires_at", expires.as_str()), ("public_id", public_id), ("type", kind.delivery)];
        let query = serde_urlencoded::to_string(self.signed(&params)).unwrap_or_default();
        self.url(&format!("{}/download?{query}", kind.resource))
    }

    /// Removes a file, also from the delivery network; one that is gone already is fine.
    pub async fn destroy(&self, kind: Kind, public_id: &str) -> Result<(), Trouble> {
        self.insist(|| {
            async move {
                let params = [("invalidate", "true"), ("public_id", public_id), ("type", kind.delivery)];
                let body = serde_urlencoded::to_string(self.signed(&params)).unwrap_or_default();
                let request = self.http.post(self.url(&format!("{}/destroy", kind.resource)));
                let request = request.header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                let destroyed: Destroyed = self.read(request.body(body)).await?;
                match destroyed.result.as_str() {
                    "ok" | "not found" => Ok(()),
                    _ => Err(Failed::ForGood(Trouble::Nonsense("neither removed nor missing"))),
                }
            }
            .boxed()
        })
        .await
    }

    /// Every file whose name begins so, in no order.
    pub async fn list(&self, kind: Kind, prefix: &str) -> Result<Vec<Listed>, Trouble> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let at = cursor.as_deref();
            let page: Page = self
                .insist(|| {
                    async move {
                        let mut query = vec![("prefix", prefix.to_owned()), ("max_results", PAGE.to_string())];
                        query.extend(at.map(|at| ("next_cursor", at.to_owned())));
                        let query = serde_urlencoded::to_string(query).unwrap_or_default();
                        let path = format!("resources/{}/{}?{query}", kind.resource, kind.delivery);
                        self.read(self.admin(&path)).await
                    }
                    .boxed()
                })
                .await?;
            all.extend(page.resources);
            match page.next_cursor {
                None => return Ok(all),
                next if next == cursor => return Err(Trouble::Nonsense("a list that goes in circles")),
                next => cursor = next,
            }
        }
    }

    /// What the plan has left.
    pub async fn usage(&self) -> Result<Usage, Trouble> {
        self.insist(|| async move { self.read(self.admin("usage")).await }.boxed()).await
    }

    /// Asks as long as patience lasts, and a request called stale only once more.
    async fn insist<'a, T>(
        &self,
        mut ask: impl FnMut() -> BoxFuture<'a, Result<T, Failed<Trouble>>> + Send,
    ) -> Result<T, Trouble> {
        let mut stale = 0;
        let ask = move || {
            stale += 1;
            let (asked, is_last) = (ask(), stale >= STALE_TRIES);
            async move {
                match asked.await {
                    Err(Failed::ForNow(Trouble::Clock, _)) if is_last => Err(Failed::ForGood(Trouble::Clock)),
                    answer => answer,
                }
            }
            .boxed()
        };
        self.patience.insist(ask).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1_1/{}/{path}", self.config.api_base, self.config.cloud)
    }

    /// A request to the Admin API.
    fn admin(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(self.url(path)).basic_auth(&self.config.api_key, Some(self.config.api_secret.expose_secret()))
    }

    /// Parameters with what makes them an authorised request of this moment.
    fn signed(&self, params: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let timestamp = self.clock.now().as_second().to_string();
        let mut params = params.to_vec();
        params.push(("timestamp", &timestamp));
        let signature = signature(HASH, &params, &self.config.api_secret);
        let mut signed: Vec<_> = params.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        signed.push(("api_key", self.config.api_key.clone()));
        signed.push(("signature", signature));
        signed
    }

    async fn read<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, Failed<Trouble>> {
        let body = self.bytes(request, ANSWER_BYTES).await?;
        // Asked again, a service that answered a page of its edge may answer itself.
        serde_json::from_slice(&body).map_err(|_| Failed::ForNow(Trouble::Nonsense("an answer nobody can read"), None))
    }

    async fn bytes(&self, request: reqwest::RequestBuilder, most: u64) -> Result<Bytes, Failed<Trouble>> {
        let mut response = request.send().await.map_err(|error| answer::unanswered(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let most = if status == StatusCode::OK { most } else { ANSWER_BYTES };
        let mut body = Vec::with_capacity(response.content_length().unwrap_or_default().min(most) as usize);
        while let Some(chunk) = response.chunk().await.map_err(|error| answer::unanswered(&error))? {
            if body.len() as u64 + chunk.len() as u64 > most {
                return Err(Failed::ForGood(Trouble::Nonsense("an answer without end")));
            }
            body.extend_from_slice(&chunk);
        }
        if status == StatusCode::OK {
            return Ok(body.into());
        }
        Err(answer::judge(status, &headers, &body, self.clock.now()))
    }
}
