//! Forms that carry a picture: fields as text, one file.

use std::collections::BTreeMap;

use axum::extract::multipart::{Multipart, MultipartError};
use bytes::Bytes;
use http::StatusCode;

use super::images::{LARGEST_BYTES, Refusal};
use crate::error::AppError;
use crate::failure::Failure;

/// What a route with a picture lets in: enough more than the largest picture that somebody who sends a larger one is told
/// so beside the field.
pub const BODY_BYTES: usize = 3 * LARGEST_BYTES;
/// Longest text of all fields together.
const TEXT_BYTES: usize = 64 * 1024;

/// A form that arrived.
#[derive(Debug, Default)]
pub struct PictureForm {
    fields: BTreeMap<String, Vec<String>>,
    /// The file, when one was chosen.
    pub file: Option<Picked>,
}

/// A chosen file.
#[derive(Debug)]
pub struct Picked {
    /// What it is called where it came from.
    pub name: Option<String>,
    /// Its bytes, or why they weren't read.
    pub bytes: Result<Bytes, Refusal>,
}

impl PictureForm {
    /// Reads the whole form; the file is the one in `file_field`, other files are unreadable.
    pub async fn read(mut form: Multipart, file_field: &str) -> Result<Self, Failure> {
        let mut read = Self::default();
        let mut text = 0;
        while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_none() {
                let value = field.text().await.map_err(unreadable)?;
                text += value.len();
                if text > TEXT_BYTES {
                    return Err(AppError::TooLarge.into());
                }
                read.fields.entry(name).or_default().push(value);
                continue;
            }
            if name != file_field || read.file.is_some() {
                return Err(AppError::Malformed.into());
            }
            let name = field.file_name().map(str::to_owned).filter(|name| !name.is_empty());
            let mut bytes = Vec::new();
            let mut is_too_large = false;
            // A file that is too large is read to its end without being kept: the browser only then listens.
            while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
                is_too_large |= bytes.len() + chunk.len() > LARGEST_BYTES;
                if !is_too_large {
                    bytes.extend_from_slice(&chunk);
                }
            }
            // A browser sends an empty file without a name where none was chosen.
            if name.is_some() || !bytes.is_empty() {
                let bytes = if is_too_large { Err(Refusal::TooLarge) } else { Ok(bytes.into()) };
                read.file = Some(Picked { name, bytes });
            }
        }
        Ok(read)
    }

    /// A field's text, without white space at its ends; empty when it isn't there.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Whether a checkbox is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> &[String] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whatever was typed, for showing a refused form again.
    pub fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
    }
}

fn unreadable(error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge.into(),
        _ => AppError::Malformed.into(),
    }
}
