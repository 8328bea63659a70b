//! Giving files out: by addresses of the delivery network, and by private ones that expire.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};

use super::shelf::Asset;
use super::{Problem, file, sign, upload};
use crate::emulators::Twins;

/// A private download: the address is signed and says when it ends.
pub(super) async fn download(
    State(twins): State<Twins>,
    Path((cloud, resource)): Path<(String, String)>,
    Query(params): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    sign::check(&twins, &cloud, &params)?;
    upload::check_resource(&resource)?;
    let find = |name: &str| params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let public_id = find("public_id").ok_or_else(|| Problem::new(400, "Missing required parameter - public_id"))?;
    if let Some(expires) = find("expires_at").filter(|expires| !expires.is_empty()) {
        let expires: i64 = expires.parse().map_err(|_| Problem::new(400, "Invalid expires_at"))?;
        if twins.clock.now().as_second() > expires {
            return Err(Problem::new(401, "The download link has expired"));
        }
    }
    let found = twins.cloudinary.shelf.find(&resource, find("type").unwrap_or("upload"), public_id)?;
    let (asset, bytes) = found.ok_or_else(|| Problem::missing(public_id))?;
    Ok(file(&asset, bytes))
}

/// An address of the delivery network: `[s--SIG--/][transformation/][v1234/]public_id[.ext]`.
pub(super) async fn deliver(
    State(twins): State<Twins>,
    Path((cloud, resource, delivery, rest)): Path<(String, String, String, String)>,
) -> Response {
    if cloud != twins.settings.cloudinary_cloud || upload::check_resource(&resource).is_err() {
        return refuse(StatusCode::NOT_FOUND, "Resource not found");
    }
    let first = rest.split_once('/');
    // The signature itself may begin with a dash: only both ends are fixed.
    let signed = first.and_then(|(first, rest)| Some((first.strip_prefix("s--")?.strip_suffix("--")?, rest)));
    let source: Vec<&str> =
        signed.map_or(rest.as_str(), |(_, rest)| rest).split('/').filter(|s| !is_version(s)).collect();
    let source = source.join("/");
    let is_signed =
        signed.is_some_and(|(own, _)| sign::is_delivery_of(own, &source, &twins.settings.cloudinary_api_secret));
    let (found, is_original) = match find(&twins, &resource, &delivery, &source) {
        Ok(found) => found,
        Err(error) => return refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    };
    let is_open = match delivery.as_str() {
        "upload" => true,
        // Its thumbnails are public.
        "private" => !is_original,
        _ => false,
    };
    match found {
        // Whether there is such a file is nobody's business either.
        _ if !is_open && !is_signed => refuse(StatusCode::UNAUTHORIZED, "deny or ACL failure"),
        _ if signed.is_some() && !is_signed => refuse(StatusCode::UNAUTHORIZED, "Invalid signature"),
        None => refuse(StatusCode::NOT_FOUND, &format!("Resource not found - {source}")),
        Some((asset, bytes)) => file(&asset, bytes),
    }
}

/// A file with its bytes, if there is one, and whether it was asked for as it is.
type Found = (Option<(Asset, Vec<u8>)>, bool);

/// The file an address names, whatever is to be made of it first.
fn find(twins: &Twins, resource: &str, delivery: &str, source: &str) -> std::io::Result<Found> {
    let (mut name, mut is_original) = (source, true);
    loop {
        let bare = if resource == "raw" { name } else { name.rsplit_once('.').map_or(name, |(bare, _)| bare) };
        if let Some(found) = twins.cloudinary.shelf.find(resource, delivery, bare)? {
            return Ok((Some(found), is_original));
        }
        let Some((step, rest)) = name.split_once('/') else { return Ok((None, true)) };
        if resource == "raw" || !step.split(',').all(|option| option.contains('_')) {
            return Ok((None, true));
        }
        (name, is_original) = (rest, false);
    }
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn refuse(status: StatusCode, reason: &str) -> Response {
    let mut response = status.into_response();
    if let Ok(reason) = HeaderValue::from_str(reason) {
        response.headers_mut().insert("x-cld-error", reason);
    }
    response
}
