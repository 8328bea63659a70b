//! Uploading, removing and renaming: signed parameters in a form.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::chunks::{self, Step};
use super::shelf::{Asset, Kept};
use super::{Problem, sign};
use crate::emulators::Twins;

/// Resource types, `auto` aside.
const RESOURCES: [&str; 3] = ["image", "video", "raw"];
/// Ways of delivery.
const DELIVERIES: [&str; 3] = ["upload", "private", "authenticated"];

/// What was posted.
struct Posted {
    fields: Vec<(String, String)>,
    file: Option<(String, Bytes)>,
}

impl Posted {
    async fn read(request: Request) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let unreadable = |error: &dyn std::fmt::Display| Problem::new(400, format!("Invalid request: {error}"));
        let mut posted = Self { fields: Vec::new(), file: None };
        if kind.starts_with("multipart/form-data") {
            let mut parts = Multipart::from_request(request, &()).await.map_err(|error| unreadable(&error))?;
            while let Some(part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
                let name = part.name().unwrap_or_default().to_owned();
                match part.file_name().map(str::to_owned) {
                    Some(file) => {
                        let bytes = part.bytes().await.map_err(|error| unreadable(&error))?;
                        posted.file = (name == "file").then_some((file, bytes));
                    }
                    None => {
                        let value = part.text().await.map_err(|error| unreadable(&error))?;
                        posted.fields.push((name, value));
                    }
                }
            }
        } else {
            let body = Bytes::from_request(request, &()).await.map_err(|error| unreadable(&error))?;
            posted.fields = serde_urlencoded::from_bytes(&body).map_err(|error| unreadable(&error))?;
        }
        Ok(posted)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn need(&self, name: &str) -> Result<&str, Problem> {
        self.get(name).ok_or_else(|| Problem::new(400, format!("Missing required parameter - {name}")))
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, |value| matches!(value, "true" | "1"))
    }

    /// A way of delivery; `upload` unless said.
    fn delivery(&self, name: &str) -> Result<&str, Problem> {
        let delivery = self.get(name).unwrap_or("upload");
        if DELIVERIES.contains(&delivery) {
            Ok(delivery)
        } else {
            Err(Problem::new(400, format!("Invalid type {delivery}")))
        }
    }
}

pub(super) async fn upload(
    State(twins): State<Twins>,
    Path((cloud, resource)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let part = chunks::part_of(&headers)?;
    let posted = Posted::read(request).await?;
    sign::check(&twins, &cloud, &posted.fields)?;
    if resource != "auto" {
        check_resource(&resource)?;
    }
    let (name, bytes) = posted.file.as_ref().ok_or_else(|| Problem::new(400, "Missing required parameter - file"))?;
    let Some((id, range)) = part else {
        return Ok(Json(store(&twins, &resource, &posted, name, bytes)?).into_response());
    };
    let smallest = twins.cloudinary.plan.plan().part_bytes;
    match twins.cloudinary.chunks.take(&id, range, bytes, smallest)? {
        Step::More(so_far) => Ok(Json(json!({ "done": false, "bytes": so_far, "kind": "upload" })).into_response()),
        Step::Answered(answer) => Ok(Json(answer).into_response()),
        Step::Whole(bytes) => {
            let mut answer = store(&twins, &resource, &posted, name, &bytes)?;
            answer["done"] = Value::Bool(true);
            twins.cloudinary.chunks.answered(&id, &answer);
            Ok(Json(answer).into_response())
        }
    }
}

/// Checks a whole file and keeps it; the answer.
fn store(twins: &Twins, resource: &str, posted: &Posted, file: &str, bytes: &[u8]) -> Result<Value, Problem> {
    let found = format_of(bytes);
    let resource = match (resource, found) {
        ("auto", Some("mp4")) => "video",
        ("auto", Some(_)) => "image",
        ("auto", None) => "raw",
        (resource, _) => resource,
    };
    twins.cloudinary.plan.plan().check_size(resource, bytes.len() as u64)?;
    let delivery = posted.delivery("type")?;
    let public_id = match posted.get("public_id") {
        Some(public_id) => public_id.to_owned(),
        None => hex::encode(&uuid::Uuid::new_v4().as_bytes()[..10]),
    };
    check_public_id(&public_id)?;
    let format = match (resource, found) {
        ("raw", _) => None,
        ("image", Some("mp4") | None) => return Err(Problem::new(400, "Invalid image file")),
        ("video", None) => return Err(Problem::new(400, "Unsupported video format or file")),
        (_, found) => found.map(str::to_owned),
    };
    let extension = public_id.rsplit_once('.').map(|(_, extension)| extension);
    let is = format.as_deref().or(extension).unwrap_or_default();
    if posted.get("allowed_formats").is_some_and(|allowed| !allowed.split(',').any(|allowed| allowed == is)) {
        return Err(Problem::new(400, format!("File format {is} not allowed")));
    }
    let now = twins.clock.now();
    let asset = Asset {
        resource_type: resource.to_owned(),
        delivery: delivery.to_owned(),
        public_id,
        asset_id: hex::encode(uuid::Uuid::new_v4().as_bytes()),
        version: now.as_second(),
        created_at: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        format,
        bytes: bytes.len() as u64,
        etag: hex::encode(Md5::digest(bytes)),
        tags: posted.get("tags").map(|tags| tags.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        original_filename: Some(file.rsplit_once('.').map_or(file, |(name, _)| name).to_owned()),
    };
    Ok(match twins.cloudinary.shelf.keep(asset, bytes, posted.flag("overwrite", true))? {
        Kept::Stored(asset) => shown(twins, &asset),
        Kept::Existing(asset) => {
            let mut answer = shown(twins, &asset);
            answer["existing"] = Value::Bool(true);
            answer
        }
    })
}

pub(super) async fn destroy(
    State(twins): State<Twins>,
    Path((cloud, resource)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let posted = Posted::read(request).await?;
    sign::check(&twins, &cloud, &posted.fields)?;
    check_resource(&resource)?;
    let (public_id, delivery) = (posted.need("public_id")?, posted.delivery("type")?);
    let was_there = twins.cloudinary.shelf.remove(&resource, delivery, public_id)?;
    Ok(Json(json!({ "result": if was_there { "ok" } else { "not found" } })).into_response())
}

pub(super) async fn rename(
    State(twins): State<Twins>,
    Path((cloud, resource)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let posted = Posted::read(request).await?;
    sign::check(&twins, &cloud, &posted.fields)?;
    check_resource(&resource)?;
    let (from, to) = (posted.need("from_public_id")?, posted.need("to_public_id")?);
    check_public_id(to)?;
    let delivery = posted.delivery("type")?;
    let to_delivery = if posted.get("to_type").is_some() { posted.delivery("to_type")? } else { delivery };
    let shelf = &twins.cloudinary.shelf;
    let (asset, bytes) = shelf.find(&resource, delivery, from)?.ok_or_else(|| Problem::missing(from))?;
    if (delivery, from) == (to_delivery, to) {
        return Ok(Json(shown(&twins, &asset)).into_response());
    }
    let renamed = Asset { public_id: to.to_owned(), delivery: to_delivery.to_owned(), ..asset };
    match shelf.keep(renamed, &bytes, posted.flag("overwrite", false))? {
        Kept::Existing(_) => Err(Problem::new(400, format!("to_public_id {to} already exists"))),
        Kept::Stored(asset) => {
            shelf.remove(&resource, delivery, from)?;
            Ok(Json(shown(&twins, &asset)).into_response())
        }
    }
}

pub(super) fn check_resource(resource: &str) -> Result<(), Problem> {
    if RESOURCES.contains(&resource) {
        Ok(())
    } else {
        Err(Problem::new(400, format!("Invalid resource type {resource}")))
    }
}

fn check_public_id(public_id: &str) -> Result<(), Problem> {
    let is_odd = |c: char| "?&#\\%<>+".contains(c) || c.is_control();
    let is_padded = public_id.trim() != public_id || public_id.starts_with('/') || public_id.ends_with('/');
    if public_id.chars().any(is_odd) || is_padded || public_id.len() > 255 {
        return Err(Problem::new(400, format!("public_id ({public_id}) is invalid")));
    }
    Ok(())
}

/// What an image or a video is, by how it begins.
fn format_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [b'G', b'I', b'F', b'8', ..] => Some("gif"),
        [b'%', b'P', b'D', b'F', ..] => Some("pdf"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some("mp4"),
        _ => None,
    }
}

/// A file as an upload's answer has it.
pub(super) fn shown(twins: &Twins, asset: &Asset) -> Value {
    let settings = &twins.settings;
    let mut shown = super::admin::described(twins, asset);
    shown["version_id"] = hex::encode(Md5::digest(format!("{}{}", asset.asset_id, asset.version))).into();
    shown["signature"] = sign::of_answer(&asset.public_id, asset.version, &settings.cloudinary_api_secret).into();
    shown["tags"] = json!(asset.tags);
    shown["etag"] = asset.etag.as_str().into();
    shown["placeholder"] = false.into();
    shown["original_filename"] = json!(asset.original_filename);
    shown["api_key"] = settings.cloudinary_api_key.as_str().into();
    shown
}
