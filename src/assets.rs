//! Static files: built once into content-hashed, precompressed copies, then served from memory.
//!
//! [`build`] is what the hidden `canje assets` command runs: it bundles `style/main.css`, takes `public/` and the browser
//! build, and fills `target/site` with files whose names carry a hash of their content, each text file beside its brotli
//! and gzip twins, and a `manifest.json` from logical names to these. The directory is made beside the old one and
//! swapped in, so a server never starts on half of it.
//!
//! Two names carry their hash elsewhere: `icons.svg` in the query (the compiler puts it there, see [`crate::ui::Icon`]),
//! and the files of the browser build in their folder's name, because they import each other by relative paths.
//!
//! At run time every answer is `immutable`, and a path that is not in the manifest is a 404: nothing reads the disk.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail, ensure};
use axum::{
    Router,
    body::Body,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use lightningcss::{
    bundler::{Bundler, FileProvider},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
    targets::{Browsers, Targets},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The style sheet of every page.
pub const CSS: &str = "css/main.css";
/// Behaviour without data: copy, dialogs, shortcuts.
pub const UI_SCRIPT: &str = "js/ui.js";
/// Starts the islands of a page that has any.
pub const ISLANDS_SCRIPT: &str = "js/islands.js";
/// The browser build.
pub const PKG_SCRIPT: &str = "pkg/canje.js";
pub const PKG_WASM: &str = "pkg/canje_bg.wasm";

const MANIFEST: &str = "manifest.json";
const SPRITE: &str = "icons.svg";

/// Where [`build`] reads and writes.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The repository: holds `style/` and `public/`.
    pub root: PathBuf,
    /// Output of `wasm-bindgen`. Left out of the site when the directory does not exist.
    pub pkg: PathBuf,
    /// The site: emptied, then filled.
    pub site: PathBuf,
}

impl Sources {
    /// The usual places below a repository root: `target/pkg` and `target/site`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { pkg: root.join("target/pkg"), site: root.join("target/site"), root }
    }
}

/// Logical name → file of the site.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    pub files: BTreeMap<String, Entry>,
}

/// One file of the site.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Entry {
    /// Path below `/assets/` and below the site directory.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Size in bytes after brotli, for files that are stored compressed as well.
    pub brotli_bytes: Option<u64>,
}

/// What [`build`] made.
#[derive(Clone, Debug)]
pub struct Report {
    pub manifest: Manifest,
    pub has_wasm: bool,
}

impl Report {
    /// Brotli size, in bytes, of all files whose logical name starts with `prefix`.
    pub fn brotli_bytes(&self, prefix: &str) -> u64 {
        let files = self.manifest.files.iter().filter(|(name, _)| name.starts_with(prefix));
        files.map(|(_, entry)| entry.brotli_bytes.unwrap_or(entry.bytes)).sum()
    }
}

/// Fills the site directory. Whatever was in it is gone afterwards.
pub fn build(sources: &Sources) -> Result<Report> {
    let parent = sources.site.parent().context("the site directory has a parent")?;
    fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
    let fresh = tempfile::Builder::new().prefix("site-").tempdir_in(parent).context("creating the new site")?;
    let mut manifest = Manifest::default();

    let public = sources.root.join("public");
    for path in files_below(&public)? {
        let name = logical_name(&public, &path)?;
        let content = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let target = if name == SPRITE { name.clone() } else { hashed_name(&name, &content) };
        add(fresh.path(), &mut manifest, name, target, &content)?;
    }

    let css = bundle_css(&sources.root.join("style/main.css"), &manifest)?;
    add(fresh.path(), &mut manifest, CSS.into(), hashed_name(CSS, css.as_bytes()), css.as_bytes())?;

    let has_wasm = sources.pkg.is_dir();
    if has_wasm {
        add_pkg(fresh.path(), &mut manifest, &sources.pkg)?;
    }

    fs::write(fresh.path().join(MANIFEST), serde_json::to_vec_pretty(&manifest)?).context("writing the manifest")?;
    swap(fresh, &sources.site)?;
    Ok(Report { manifest, has_wasm })
}

/// The files of the browser build import each other by relative path, so their folder carries the hash of them all.
fn add_pkg(site: &Path, manifest: &mut Manifest, pkg: &Path) -> Result<()> {
    let mut files = Vec::new();
    let mut all = Sha256::new();
    for path in files_below(pkg)? {
        let name = logical_name(pkg, &path)?;
        if name.ends_with(".d.ts") || name == "package.json" || name == ".gitignore" {
            continue;
        }
        let content = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        all.update((name.len() as u64).to_be_bytes());
        all.update(&name);
        all.update((content.len() as u64).to_be_bytes());
        all.update(&content);
        files.push((name, content));
    }
    let hash = short(&all.finalize());
    for (name, content) in files {
        add(site, manifest, format!("pkg/{name}"), format!("pkg.{hash}/{name}"), &content)?;
    }
    Ok(())
}

fn bundle_css(entry: &Path, manifest: &Manifest) -> Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(entry)
        .map_err(|error| anyhow::anyhow!("{error}"))
        .with_context(|| format!("bundling {}", entry.display()))?;
    // Phones of creators are not all new: nesting is written out for what came before it.
    let targets = Targets::from(Browsers {
        chrome: Some(105 << 16),
        edge: Some(105 << 16),
        android: Some(105 << 16),
        firefox: Some(110 << 16),
        safari: Some(15 << 16 | 4 << 8),
        ios_saf: Some(15 << 16 | 4 << 8),
        ..Browsers::default()
    });
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(|error| anyhow::anyhow!("{error}"))?;
    let printed = sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })?;
    point_at_assets(printed.code, manifest)
}

/// `url(../fonts/x.woff2)` becomes the hashed address; a reference to a file that isn't there is an error.
fn point_at_assets(css: String, manifest: &Manifest) -> Result<String> {
    let mut out = String::with_capacity(css.len());
    let mut rest = css.as_str();
    while let Some(at) = rest.find("../") {
        let (before, after) = rest.split_at(at);
        let end = after.find(['"', '\'', ')']).context("unfinished url() in the style sheet")?;
        let name = &after["../".len()..end];
        let entry =
            manifest.files.get(name).with_context(|| format!("the style sheet names a missing file: {name}"))?;
        out.push_str(before);
        out.push_str("/assets/");
        out.push_str(&entry.path);
        rest = &after[end..];
    }
    out.push_str(rest);
    Ok(out)
}

fn add(site: &Path, manifest: &mut Manifest, name: String, target: String, content: &[u8]) -> Result<()> {
    let path = site.join(&target);
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder)?;
    fs::write(&path, content).with_context(|| format!("writing {target}"))?;
    let mut brotli_bytes = None;
    if is_compressible(&name) {
        let brotli = brotli(content)?;
        brotli_bytes = Some(brotli.len() as u64);
        fs::write(twin(&path, "br"), brotli)?;
        fs::write(twin(&path, "gz"), gzip(content)?)?;
    }
    let entry = Entry { path: target, bytes: content.len() as u64, brotli_bytes };
    if let Some(other) = manifest.files.insert(name.clone(), entry) {
        bail!("two files of the site are called {name} (the other one is {})", other.path);
    }
    Ok(())
}

/// Puts the new site in the place of the old one.
fn swap(fresh: tempfile::TempDir, site: &Path) -> Result<()> {
    let fresh = fresh.keep();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&fresh, fs::Permissions::from_mode(0o755))?;
    }
    if site.exists() {
        fs::remove_dir_all(site).with_context(|| format!("emptying {}", site.display()))?;
    }
    fs::rename(&fresh, site).with_context(|| format!("moving the new site to {}", site.display()))
}

fn files_below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("listing {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn logical_name(base: &Path, path: &Path) -> Result<String> {
    let name = path.strip_prefix(base)?.to_str().context("file names are UTF-8")?.replace('\\', "/");
    ensure!(!name.starts_with('.'), "hidden file among the assets: {name}");
    Ok(name)
}

fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = short(&Sha256::digest(content));
    match name.rsplit_once('.') {
        Some((stem, ext)) => format!("{stem}.{hash}.{ext}"),
        None => format!("{name}.{hash}"),
    }
}

fn short(digest: &[u8]) -> String {
    hex::encode(&digest[..6])
}

fn is_compressible(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("css" | "js" | "svg" | "txt" | "json" | "wasm" | "xml" | "webmanifest"))
}

fn twin(path: &Path, ext: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ext);
    name.into()
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 22);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(out)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}

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
    /// Reads a site made by [`build`].
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

/// `GET /assets/{*path}`.
pub async fn serve(State(assets): State<Assets>, UrlPath(path): UrlPath<String>, headers: HeaderMap) -> Response {
    assets.respond(&path, &headers)
}

/// `GET /favicon.ico`: browsers that ask for it take the drawing as well.
pub async fn favicon(State(assets): State<Assets>, headers: HeaderMap) -> Response {
    assets.respond_by_name("favicon.svg", &headers)
}

/// `GET /robots.txt`.
pub async fn robots(State(assets): State<Assets>, headers: HeaderMap) -> Response {
    assets.respond_by_name("robots.txt", &headers)
}

/// The routes above, for a router that has no use for them one by one.
pub fn routes(assets: Assets) -> Router {
    Router::new()
        .route("/assets/{*path}", get(serve))
        .route("/favicon.ico", get(favicon))
        .route("/robots.txt", get(robots))
        .with_state(assets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(accept_encoding: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, accept_encoding.parse().unwrap());
        headers
    }

    /// A small site: a style sheet that names a font, a script, the sprite, and a browser build.
    fn sources() -> (tempfile::TempDir, Sources) {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, content: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        write("style/main.css", "@layer base; @import \"base.css\" layer(base);");
        write(
            "style/base.css",
            "@font-face { font-family: A; src: url(\"../fonts/a.woff2\") } .a { & .b { color: red } }",
        );
        write("public/fonts/a.woff2", "font");
        write("public/icons.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        write("public/robots.txt", "User-agent: *\n");
        write("public/js/ui.js", &"// the same line again\n".repeat(100));
        write("public/js/islands.js", "export {};");
        write("target/pkg/canje.js", "import \"./snippets/a.js\";");
        write("target/pkg/canje_bg.wasm", "\0asm");
        write("target/pkg/canje.d.ts", "types");
        write("target/pkg/snippets/a.js", "export {};");
        let sources = Sources::at(dir.path());
        (dir, sources)
    }

    async fn body(response: Response) -> Vec<u8> {
        axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }

    #[test]
    fn names_follow_content_and_references_follow_names() {
        let (dir, sources) = sources();
        let first = build(&sources).unwrap();
        let font = &first.manifest.files["fonts/a.woff2"].path;
        let css = fs::read_to_string(sources.site.join(&first.manifest.files[CSS].path)).unwrap();
        assert!(css.contains(&format!("/assets/{font}")), "{css}");
        assert!(css.contains(".a .b"), "nesting is written out: {css}");
        assert_eq!(first.manifest.files[SPRITE].path, SPRITE);

        let again = build(&sources).unwrap();
        assert_eq!(first.manifest.files, again.manifest.files);

        fs::write(dir.path().join("public/fonts/a.woff2"), "another font").unwrap();
        let changed = build(&sources).unwrap();
        assert_ne!(changed.manifest.files["fonts/a.woff2"], first.manifest.files["fonts/a.woff2"]);
        assert_ne!(changed.manifest.files[CSS].path, first.manifest.files[CSS].path);
        assert!(!sources.site.join(font).exists(), "the site is emptied first");
    }

    #[test]
    fn the_browser_build_keeps_its_relative_imports() {
        let (_dir, sources) = sources();
        let report = build(&sources).unwrap();
        assert!(report.has_wasm);
        let folder = |name: &str| report.manifest.files[name].path.split('/').next().unwrap().to_owned();
        assert_eq!(folder(PKG_SCRIPT), folder(PKG_WASM));
        assert_eq!(report.manifest.files["pkg/snippets/a.js"].path, format!("{}/snippets/a.js", folder(PKG_SCRIPT)));
        assert!(!report.manifest.files.contains_key("pkg/canje.d.ts"));
    }

    #[test]
    fn a_style_sheet_that_names_a_missing_file_is_refused() {
        let (dir, sources) = sources();
        fs::remove_file(dir.path().join("public/fonts/a.woff2")).unwrap();
        let error = format!("{:#}", build(&sources).unwrap_err());
        assert!(error.contains("fonts/a.woff2"), "{error}");
        assert!(!sources.site.exists(), "a failed build leaves no site behind");
    }

    #[tokio::test]
    async fn answers_are_compressed_as_the_request_allows() {
        let (_dir, sources) = sources();
        build(&sources).unwrap();
        let assets = Assets::load(&sources.site).unwrap();
        let path = assets.url(UI_SCRIPT).strip_prefix("/assets/").unwrap().to_owned();
        let plain = fs::read(sources.site.join(&path)).unwrap();
        for (accept, encoding) in
            [("gzip, deflate, br, zstd", Some("br")), ("gzip;q=1.0, br;q=0", Some("gzip")), ("identity", None)]
        {
            let response = assets.respond(&path, &request(accept));
            let headers = response.headers();
            assert_eq!(
                headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap()),
                encoding,
                "{accept}"
            );
            assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
            assert_eq!(headers[header::VARY], "accept-encoding");
            let content = body(response).await;
            let unpacked = match encoding {
                Some("br") => {
                    let mut out = Vec::new();
                    brotli::BrotliDecompress(&mut content.as_slice(), &mut out).unwrap();
                    out
                }
                Some(_) => {
                    let mut out = Vec::new();
                    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(content.as_slice()), &mut out)
                        .unwrap();
                    out
                }
                None => content,
            };
            assert_eq!(unpacked, plain, "{accept}");
        }
        assert_eq!(assets.respond("../../Cargo.toml", &request("br")).status(), StatusCode::NOT_FOUND);
        assert_eq!(assets.respond_by_name("robots.txt", &request("br")).status(), StatusCode::OK);
        assert_eq!(assets.url("art/none.svg"), "/assets/art/none.svg");
    }
}
