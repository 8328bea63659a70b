//! Serving the site from memory.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use anyhow::{Context, Result, ensure};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{CSS, ISLANDS_SCRIPT, MANIFEST, Manifest, PKG_WASM, SPRITE, UI_SCRIPT, twin};

/// The site in memory. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Assets(Arc<Loaded>);

#[derive(Debug)]
struct Loaded {
    manifest: Manifest,
    by_path: BTreeMap<String, Stored>,
}

#[derive(Debug)]
struct Stored {
    mime: HeaderValue,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Assets {
    /// Reads a site made by [`build`](super::build).
    pub fn load(site: &Path) -> Result<Self> {
        let manifest = site.join(MANIFEST);
        let manifest = fs::read(&manifest)
            .with_context(|| format!("reading {}: run `make build` (or `canje assets`) first", manifest.display()))?;
        let manifest: Manifest = serde_json::from_slice(&manifest).context("reading the asset manifest")?;
        let mut by_path = BTreeMap::new();
        for entry in manifest.files.values() {
            let path = site.join(&entry.path);
            let plain = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            let stored = Stored {
                mime: HeaderValue::from_static(mime(&entry.path)),
                plain: plain.into(),
                brotli: fs::read(twin(&path, "br")).ok().map(Bytes::from),
                gzip: fs::read(twin(&path, "gz")).ok().map(Bytes::from),
            };
            by_path.insert(entry.path.clone(), stored);
        }
        for name in [CSS, UI_SCRIPT, ISLANDS_SCRIPT, SPRITE] {
            ensure!(manifest.files.contains_key(name), "the site has no {name}: build it again");
        }
        Ok(Self(Arc::new(Loaded { manifest, by_path })))
    }

    /// Address of a file by its logical name (`css/main.css`). A name that isn't in the site gives an address that
    /// answers 404: a missing picture must not take a page down.
    pub fn url(&self, name: &str) -> String {
        let path = self.0.manifest.files.get(name).map_or(name, |entry| entry.path.as_str());
        format!("/assets/{path}")
    }

    /// Whether the site has the browser build.
    pub fn has_wasm(&self) -> bool {
        self.0.manifest.files.contains_key(PKG_WASM)
    }

    /// Answers a request for `path` (below `/assets/`), compressed as the browser allows.
    pub fn respond(&self, path: &str, request: &HeaderMap) -> Response {
        let Some(stored) = self.0.by_path.get(path) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let mut response = stored.respond(request);
        let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, immutable);
        response
    }

    /// Answers a request for a file that lives at a fixed address of its own, like `/robots.txt`.
    pub fn respond_by_name(&self, name: &str, request: &HeaderMap) -> Response {
        let path = self.0.manifest.files.get(name).map(|entry| &entry.path);
        let Some(stored) = path.and_then(|path| self.0.by_path.get(path)) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let mut response = stored.respond(request);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
        response
    }
}

impl Stored {
    fn respond(&self, request: &HeaderMap) -> Response {
        let (encoding, content) = match accepted(request) {
            Encoding::Brotli if self.brotli.is_some() => (Some("br"), self.brotli.as_ref()),
            Encoding::Brotli | Encoding::Gzip if self.gzip.is_some() => (Some("gzip"), self.gzip.as_ref()),
            _ => (None, None),
        };
        let content = content.unwrap_or(&self.plain).clone();
        let mut response = Response::new(Body::from(content));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.mime.clone());
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.brotli.is_some() {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

/// The best encoding the request accepts. `q=0` refuses one.
fn accepted(request: &HeaderMap) -> Encoding {
    let listed = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |wanted: &str| {
        listed.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted))
                && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    if accepts("br") {
        Encoding::Brotli
    } else if accepts("gzip") {
        Encoding::Gzip
    } else {
        Encoding::Plain
    }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
