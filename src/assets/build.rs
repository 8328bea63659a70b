//! Making the site: `canje assets`.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
    targets::{Browsers, Targets},
};
use sha2::{Digest, Sha256};

use super::{CSS, Entry, MANIFEST, Manifest, SPRITE, twin};

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
