//! The Admin API: basic authentication, a limit of calls an hour, lists in pages.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use http::{HeaderMap, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::shelf::Asset;
use super::{Problem, upload};
use crate::emulators::Twins;

/// Files of a page, unless said.
const PAGE: usize = 10;
/// At most.
const LARGEST_PAGE: usize = 500;

#[derive(Deserialize)]
pub(super) struct Asked {
    prefix: Option<String>,
    max_results: Option<usize>,
    next_cursor: Option<String>,
}

/// Counts the call, checks the key and answers.
fn answer(
    twins: &Twins,
    cloud: &str,
    headers: &HeaderMap,
    answer: impl FnOnce() -> Result<Value, Problem>,
) -> Response {
    let settings = &twins.settings;
    let pair = format!("{}:{}", settings.cloudinary_api_key, settings.cloudinary_api_secret);
    let expected = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if cloud != settings.cloudinary_cloud || said != Some(expected.as_str()) {
        return Problem::new(401, "Invalid credentials").into_response();
    }
    twins.cloudinary.plan.admin(twins.clock.now(), || answer().map(|answer| Json(answer).into_response()))
}

pub(super) async fn list(
    State(twins): State<Twins>,
    Path((cloud, resource, delivery)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    answer(&twins, &cloud, &headers, || page(&twins, &resource, Some(&delivery), &asked))
}

/// `/resources/{rt}` lists; `/resources/{asset_id}` is one file.
pub(super) async fn list_or_one(
    State(twins): State<Twins>,
    Path((cloud, resource)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    answer(&twins, &cloud, &headers, || {
        if upload::check_resource(&resource).is_ok() {
            return page(&twins, &resource, None, &asked);
        }
        let asset = twins.cloudinary.shelf.all()?.into_iter().find(|asset| asset.asset_id == resource);
        asset.map(|asset| described(&twins, &asset)).ok_or_else(|| Problem::missing(&resource))
    })
}

fn page(twins: &Twins, resource: &str, delivery: Option<&str>, asked: &Asked) -> Result<Value, Problem> {
    upload::check_resource(resource)?;
    let size = asked.max_results.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&size) {
        return Err(Problem::new(400, format!("Invalid value for parameter max_results: {size}")));
    }
    let after = match &asked.next_cursor {
        None => None,
        Some(cursor) => {
            let id = hex::decode(cursor).ok().and_then(|id| String::from_utf8(id).ok());
            Some(id.ok_or_else(|| Problem::new(400, format!("Invalid next_cursor {cursor}")))?)
        }
    };
    let prefix = asked.prefix.as_deref().unwrap_or_default();
    let fits = |asset: &Asset| {
        asset.resource_type == resource
            && delivery.is_none_or(|delivery| asset.delivery == delivery)
            && asset.public_id.starts_with(prefix)
            && after.as_ref().is_none_or(|after| asset.public_id > *after)
    };
    let mut found: Vec<Asset> = twins.cloudinary.shelf.all()?.into_iter().filter(fits).collect();
    let has_more = found.len() > size;
    found.truncate(size);
    let mut answer = json!({ "resources": found.iter().map(|asset| described(twins, asset)).collect::<Vec<_>>() });
    if let Some(last) = found.last().filter(|_| has_more) {
        answer["next_cursor"] = hex::encode(&last.public_id).into();
    }
    Ok(answer)
}

pub(super) async fn one(
    State(twins): State<Twins>,
    Path((cloud, resource, delivery, public_id)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    answer(&twins, &cloud, &headers, || {
        let found = twins.cloudinary.shelf.find(&resource, &delivery, &public_id)?;
        found.map(|(asset, _)| described(&twins, &asset)).ok_or_else(|| Problem::missing(&public_id))
    })
}

pub(super) async fn ping(State(twins): State<Twins>, Path(cloud): Path<String>, headers: HeaderMap) -> Response {
    answer(&twins, &cloud, &headers, || Ok(json!({ "status": "ok" })))
}

pub(super) async fn usage(
    State(twins): State<Twins>,
    Path(path): Path<std::collections::HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let cloud = path.get("cloud").map(String::as_str).unwrap_or_default();
    answer(&twins, cloud, &headers, || {
        let (plan, all) = (twins.cloudinary.plan.plan(), twins.cloudinary.shelf.all()?);
        let stored: u64 = all.iter().map(|asset| asset.bytes).sum();
        let kept = stored as f64 / 1e9;
        let used = kept + plan.credits_spent;
        let today = twins.clock.now().strftime("%Y-%m-%d").to_string();
        Ok(json!({
            "plan": "Free",
            "last_updated": today,
            "date_requested": today,
            "transformations": { "usage": 0, "credits_usage": 0.0 },
            "objects": { "usage": all.len() },
            "bandwidth": { "usage": 0, "credits_usage": 0.0 },
            "storage": { "usage": stored, "credits_usage": kept },
            "credits": { "usage": used, "limit": plan.credits, "used_percent": 100.0 * used / plan.credits },
            "requests": 0,
            "resources": all.len(),
            "derived_resources": 0,
            "media_limits": {
                "image_max_size_bytes": plan.image_bytes,
                "video_max_size_bytes": plan.video_bytes,
                "raw_max_size_bytes": plan.raw_bytes,
                "image_max_px": 25_000_000,
                "asset_max_total_px": 50_000_000,
            },
        }))
    })
}

/// A file as a list has it.
pub(super) fn described(twins: &Twins, asset: &Asset) -> Value {
    let (settings, format) = (&twins.settings, &asset.format);
    let extension = format.as_ref().map(|format| format!(".{format}")).unwrap_or_default();
    let url = format!(
        "{}/{}/{}/{}/v{}/{}{extension}",
        settings.cloudinary_delivery_url(),
        settings.cloudinary_cloud,
        asset.resource_type,
        asset.delivery,
        asset.version,
        asset.public_id,
    );
    let mut described = json!({
        "asset_id": asset.asset_id,
        "public_id": asset.public_id,
        "version": asset.version,
        "resource_type": asset.resource_type,
        "type": asset.delivery,
        "created_at": asset.created_at,
        "bytes": asset.bytes,
        "url": url,
        "secure_url": url,
    });
    if let Some(format) = format {
        described["format"] = format.as_str().into();
    }
    described
}
