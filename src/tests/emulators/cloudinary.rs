//! The twin of Cloudinary: as strict as the real one about signatures, sizes, parts and who may see what.

use std::time::Duration;

use canje::app::Clock;
use canje::emulators::cloudinary::delivery_signature;
use canje::emulators::{Emulators, Settings, listen};
use canje::media::cloudinary::{Hash, signature};
use http::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

/// The twin, and a client that signs what it is told to.
struct Twin {
    emulators: Emulators,
    http: reqwest::Client,
    clock: Clock,
}

type Params<'a> = [(&'a str, &'a str)];

impl Twin {
    fn start() -> Self {
        let clock = Clock::fixed(crate::support::NOW.parse().unwrap());
        let listener = listen(None).unwrap();
        let settings = Settings::read(listener.local_addr().unwrap(), &|_| None);
        let emulators = Emulators::start(listener, settings, clock.clone()).unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { emulators, http, clock }
    }

    fn settings(&self) -> &Settings {
        &self.emulators.twins.settings
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1_1/{}/{path}", self.settings().cloudinary_url(), self.settings().cloudinary_cloud)
    }

    /// Parameters with a timestamp, the key and a signature.
    fn signed(&self, hash: Hash, params: &Params<'_>) -> Vec<(String, String)> {
        let now = self.clock.now().as_second().to_string();
        let mut params = params.to_vec();
        if !params.iter().any(|(name, _)| *name == "timestamp") {
            params.push(("timestamp", &now));
        }
        let signature = signature(hash, &params, &self.settings().cloudinary_api_secret.clone().into());
        let mut signed: Vec<_> = params.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        signed.push(("api_key".into(), self.settings().cloudinary_api_key.clone()));
        signed.push(("signature".into(), signature));
        signed
    }

    async fn post(&self, path: &str, fields: Vec<(String, String)>, file: &[u8]) -> (StatusCode, Value) {
        self.post_part(path, fields, file, &[]).await
    }

    async fn post_part(
        &self,
        path: &str,
        fields: Vec<(String, String)>,
        file: &[u8],
        headers: &[(&'static str, &str)],
    ) -> (StatusCode, Value) {
        let mut form = Form::new().part("file", Part::bytes(file.to_vec()).file_name("foto.png"));
        for (name, value) in fields {
            form = form.text(name, value);
        }
        let mut request = self.http.post(self.url(path)).multipart(form);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// Uploads with a good signature.
    async fn upload(&self, resource: &str, params: &Params<'_>, file: &[u8]) -> (StatusCode, Value) {
        self.post(&format!("{resource}/upload"), self.signed(Hash::Sha256, params), file).await
    }

    async fn admin(&self, path: &str) -> reqwest::Response {
        let settings = self.settings();
        let request = self.http.get(self.url(path));
        request.basic_auth(&settings.cloudinary_api_key, Some(&settings.cloudinary_api_secret)).send().await.unwrap()
    }

    async fn admin_json(&self, path: &str) -> Value {
        let answer = self.admin(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    /// The status of an address of the delivery network, and why.
    async fn delivered(&self, path: &str) -> (u16, String) {
        let settings = self.settings();
        let url = format!("{}/{}/{path}", settings.cloudinary_delivery_url(), settings.cloudinary_cloud);
        let answer = self.http.get(url).send().await.unwrap();
        let reason = answer.headers().get("x-cld-error").map(|reason| reason.to_str().unwrap().to_owned());
        (answer.status().as_u16(), reason.unwrap_or_default())
    }
}

fn message(answer: &(StatusCode, Value)) -> &str {
    answer.1["error"]["message"].as_str().unwrap_or_default()
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

#[tokio::test]
async fn signatures_of_both_hashes_are_good_for_an_hour() {
    let twin = Twin::start();
    for (hash, id) in [(Hash::Sha1, "a"), (Hash::Sha256, "b")] {
        let params = [("public_id", id), ("context", "owner=u_42|purpose=catalog"), ("tags", "uno&dos")];
        let answer = twin.post("image/upload", twin.signed(hash, &params), PNG).await;
        assert_eq!(answer.0, StatusCode::OK, "{answer:?}");
        assert_eq!((answer.1["format"].as_str(), answer.1["bytes"].as_u64()), (Some("png"), Some(PNG.len() as u64)));
    }
    let old = (twin.clock.now().as_second() - 3_601).to_string();
    let stale = twin.upload("image", &[("public_id", "c"), ("timestamp", &old)], PNG).await;
    assert!(stale.0 == 401 && message(&stale).starts_with("Stale request"), "{stale:?}");
    let mut wrong = twin.signed(Hash::Sha1, &[("public_id", "c")]);
    wrong[0].1 = "d".into();
    let refused = twin.post("image/upload", wrong.clone(), PNG).await;
    let string = format!("String to sign - 'public_id=d&timestamp={}'.", twin.clock.now().as_second());
    assert!(refused.0 == 401 && message(&refused).ends_with(&string), "{refused:?}");
    let unsigned = wrong.iter().filter(|(name, _)| name != "signature").cloned().collect();
    assert_eq!(twin.post("image/upload", unsigned, PNG).await.0, StatusCode::BAD_REQUEST);
    let mut stranger = twin.signed(Hash::Sha1, &[("public_id", "c")]);
    stranger.iter_mut().find(|(name, _)| name == "api_key").unwrap().1 = "1".into();
    let refused = twin.post("image/upload", stranger, PNG).await;
    assert!(refused.0 == 401 && message(&refused).starts_with("Unknown API key"), "{refused:?}");
    assert!(!format!("{refused:?}").contains(&twin.settings().cloudinary_api_secret));
}

#[tokio::test]
async fn what_is_no_file_of_that_kind_or_too_large_is_refused() {
    let twin = Twin::start();
    let raw = vec![0; 10 * 1024 * 1024 + 1];
    let large = twin.upload("raw", &[("public_id", "a")], &raw).await;
    let words = "File size too large. Got 10485761. Maximum is 10485760.";
    assert!(large.0 == 400 && message(&large).starts_with(words), "{large:?}");
    for (resource, params, about) in [
        ("image", &[("public_id", "a")][..], "Invalid image file"),
        ("raw", &[("public_id", "a?b")], "is invalid"),
        ("raw", &[("public_id", "a"), ("type", "secret")], "Invalid type"),
        ("raw", &[("public_id", "a.exe"), ("allowed_formats", "zip,txt")], "not allowed"),
        ("sound", &[("public_id", "a")], "Invalid resource type"),
    ] {
        let refused = twin.upload(resource, params, b"words").await;
        assert!(refused.0 == 400 && message(&refused).contains(about), "{refused:?}");
    }
    let taken = twin.upload("raw", &[("public_id", "a.txt"), ("allowed_formats", "zip,txt")], b"words").await;
    assert_eq!(taken.0, StatusCode::OK, "{taken:?}");
    let auto = twin.upload("auto", &[("public_id", "a")], PNG).await;
    assert_eq!(auto.1["resource_type"], "image");
}

#[tokio::test]
async fn overwriting_renaming_and_removing() {
    let twin = Twin::start();
    let first = twin.upload("raw", &[("public_id", "a")], b"one").await.1;
    twin.clock.advance(Duration::from_secs(5));
    let kept = twin.upload("raw", &[("public_id", "a"), ("overwrite", "false")], b"two").await.1;
    assert_eq!(
        (&kept["existing"], &kept["etag"], &kept["version"]),
        (&Value::Bool(true), &first["etag"], &first["version"])
    );
    let over = twin.upload("raw", &[("public_id", "a")], b"two").await.1;
    assert!(over.get("existing").is_none() && over["version"].as_i64() > first["version"].as_i64());
    let another = [("public_id", "a"), ("type", "authenticated"), ("invalidate", "true")];
    let wrong = twin.post("raw/destroy", twin.signed(Hash::Sha1, &another), b"").await;
    assert_eq!((wrong.0, &wrong.1["result"]), (StatusCode::OK, &"not found".into()), "and the file stays");
    let rename = [("from_public_id", "a"), ("to_public_id", "b"), ("to_type", "authenticated")];
    let renamed = twin.post("raw/rename", twin.signed(Hash::Sha1, &rename), b"").await;
    assert_eq!((&renamed.1["public_id"], &renamed.1["type"]), (&"b".into(), &"authenticated".into()));
    assert_eq!(renamed.1["asset_id"], over["asset_id"]);
    let again = twin.post("raw/rename", twin.signed(Hash::Sha1, &rename), b"").await;
    assert!(again.0 == 404 && message(&again) == "Resource not found - a", "{again:?}");
    let gone = [("public_id", "b"), ("type", "authenticated")];
    for expected in ["ok", "not found"] {
        let answer = twin.post("raw/destroy", twin.signed(Hash::Sha256, &gone), b"").await;
        assert_eq!(answer.1["result"], expected);
    }
}

#[tokio::test]
async fn a_file_in_parts() {
    let twin = Twin::start();
    twin.emulators.twins.cloudinary.plan.change(|plan| plan.part_bytes = 4);
    let params = [("public_id", "big"), ("type", "authenticated")];
    let fields = twin.signed(Hash::Sha256, &params);
    let id = "0123456789abcdef";
    let send = async |range: &str, part: &'static [u8]| {
        let headers = [("x-unique-upload-id", id), ("content-range", range)];
        twin.post_part("raw/upload", fields.clone(), part, &headers).await
    };
    let first = send("bytes 0-5/-1", b"abcdef").await;
    assert_eq!((&first.1["done"], &first.1["bytes"]), (&false.into(), &6.into()), "{first:?}");
    let small = send("bytes 6-9/14", b"ghij").await;
    assert_eq!(message(&small), "All parts except EOF-chunk must be larger than 5mb");
    assert_eq!(send("bytes 7-12/14", b"hijklm").await.0, StatusCode::BAD_REQUEST, "a gap");
    let last = send("bytes 6-7/8", b"gh").await;
    assert_eq!((&last.1["done"], &last.1["bytes"]), (&true.into(), &8.into()), "{last:?}");
    assert_eq!(last.1["etag"], "e8dc4081b13434b45189a720b77b6818");
    assert_eq!(send("bytes 6-7/8", b"gh").await.1, last.1, "sent again");
    for headers in [vec![("content-range", "bytes 0-5/6")], vec![("x-unique-upload-id", id)]] {
        let one = twin.post_part("raw/upload", fields.clone(), b"abcdef", &headers).await;
        assert_eq!(one.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn who_may_see_what() {
    let twin = Twin::start();
    for kind in ["upload", "private", "authenticated"] {
        let answer = twin.upload("image", &[("public_id", "fotos/ñandú"), ("type", kind)], PNG).await;
        assert_eq!(answer.0, StatusCode::OK);
    }
    let name = "fotos/ñandú.png";
    let thumb = format!("c_fill,h_40,w_40/f_auto/{name}");
    assert_eq!(twin.delivered(&format!("image/upload/{name}")).await.0, 200);
    assert_eq!(twin.delivered(&format!("image/upload/v1/{thumb}")).await.0, 200);
    assert_eq!(twin.delivered("image/upload/nobody.png").await, (404, "Resource not found - nobody.png".into()));
    assert_eq!(twin.delivered(&format!("image/private/{thumb}")).await.0, 200, "thumbnails of private ones are public");
    for hidden in [format!("image/private/{name}"), format!("image/authenticated/{thumb}")] {
        assert_eq!(twin.delivered(&hidden).await, (401, "deny or ACL failure".into()), "{hidden}");
    }
    let secret = &twin.settings().cloudinary_api_secret;
    for is_long in [false, true] {
        for source in [name, &thumb] {
            let signed = delivery_signature(source, secret, is_long);
            let good = format!("image/authenticated/s--{signed}--/v12/{source}");
            assert_eq!(twin.delivered(&good).await.0, 200, "{good}");
            let other = format!("image/authenticated/s--{signed}--/v12/x{source}");
            assert_eq!(twin.delivered(&other).await.0, 401);
        }
    }
}

#[tokio::test]
async fn the_admin_api_pages_its_lists_and_counts_its_calls() {
    let twin = Twin::start();
    for index in 0..5 {
        let id = format!("l/{index}");
        twin.upload("raw", &[("public_id", &id), ("type", "authenticated")], b"x").await;
    }
    twin.upload("raw", &[("public_id", "l/other")], b"x").await;
    let (mut cursor, mut found) = (String::new(), Vec::new());
    loop {
        let page = twin.admin_json(&format!("resources/raw/authenticated?prefix=l/&max_results=2{cursor}")).await;
        let names = page["resources"].as_array().unwrap().iter().map(|asset| asset["public_id"].as_str().unwrap());
        found.extend(names.map(str::to_owned));
        match page.get("next_cursor") {
            Some(next) => cursor = format!("&next_cursor={}", next.as_str().unwrap()),
            None => break,
        }
    }
    assert_eq!(found, ["l/0", "l/1", "l/2", "l/3", "l/4"]);
    let one = twin.admin_json("resources/raw/authenticated/l/3").await;
    let same = twin.admin_json(&format!("resources/{}", one["asset_id"].as_str().unwrap())).await;
    assert_eq!(one, same);
    assert_eq!(twin.admin("resources/raw/authenticated/l/9").await.status(), StatusCode::NOT_FOUND);
    let usage = twin.admin_json("usage").await;
    assert_eq!(
        (&usage["objects"]["usage"], &usage["media_limits"]["raw_max_size_bytes"]),
        (&6.into(), &10_485_760.into())
    );
    assert_eq!(twin.admin_json("ping").await["status"], "ok");
    let anonymous = twin.http.get(twin.url("ping")).send().await.unwrap();
    assert_eq!(anonymous.status(), StatusCode::UNAUTHORIZED);
    twin.emulators.twins.cloudinary.plan.change(|plan| plan.admin_calls = 8);
    let last = twin.admin("ping").await;
    let header = |answer: &reqwest::Response, name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(last.status().as_u16(), 420, "three pages, four more, and this one is over");
    assert_eq!(header(&last, "x-featureratelimit-remaining"), "0");
    assert_eq!(header(&last, "x-featureratelimit-reset"), "Mon, 23 Nov 2099 13:00:00 GMT");
    let page = twin.http.get(format!("{}/paginas/cloudinary", twin.settings().url())).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("l/3") && page.contains("6 archivos"), "{page}");
    assert!(!page.contains(&twin.settings().cloudinary_api_secret));
}
