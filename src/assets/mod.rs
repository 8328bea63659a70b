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

mod build;
mod serve;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use self::{
    build::{Report, Sources, build},
    serve::Assets,
};

/// The style sheet of every page.
pub const CSS: &str = "css/main.css";
/// Behaviour without data: copy, dialogs, shortcuts.
pub const UI_SCRIPT: &str = "js/ui.js";
/// Keeps a part of a page current.
pub const LIVE_SCRIPT: &str = "js/live.js";
/// How a backup goes, as it goes.
pub const BACKUPS_SCRIPT: &str = "js/backups.js";
/// Helps with typing a campaign's description.
pub const CAMPAIGNS_SCRIPT: &str = "js/campaigns.js";
/// Keeps the bell of signed-in pages up to date.
pub const BELL_SCRIPT: &str = "js/bell.js";
/// Says what is wrong with a post's address.
pub const URL_CHECK_SCRIPT: &str = "js/url_check.js";
/// Starts the islands of a page that has any.
pub const ISLANDS_SCRIPT: &str = "js/islands.js";
/// The browser build.
pub const PKG_SCRIPT: &str = "pkg/canje.js";
pub const PKG_WASM: &str = "pkg/canje_bg.wasm";

const MANIFEST: &str = "manifest.json";
const SPRITE: &str = "icons.svg";

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

/// A compressed copy stands beside its file.
fn twin(path: &Path, ext: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ext);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use axum::response::Response;
    use http::{HeaderMap, StatusCode, header};

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
