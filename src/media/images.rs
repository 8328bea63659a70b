//! Pictures people send: what is accepted, and how it gets to the account.

use std::io::Cursor;
use std::sync::Arc;

use bytes::Bytes;
use image::{ImageDecoder as _, ImageFormat, ImageReader, Limits};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::cloudinary::{Kind, Trouble};
use super::model::MediaAsset;
use super::place::Place;
use super::register;
use super::strip::strip;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::media as words;
use crate::notifications::Event;

/// The largest picture.
pub const LARGEST_BYTES: usize = 5 * 1024 * 1024;
/// The most pixels on a side; decoding more would cost more memory than any picture here is worth.
const LONGEST_SIDE: u32 = 12_000;
/// The most memory a decoded picture may take.
const DECODED_BYTES: u64 = 256 * 1024 * 1024;
/// Longest name that is kept of where it came from.
const NAME_CHARACTERS: usize = 120;
/// Pictures anybody may see.
pub(super) const PUBLIC_IMAGE: Kind = Kind { resource: "image", delivery: "upload" };

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A creator's face.
    Picture,
    /// A campaign's cover.
    Cover,
    /// A brand's mark.
    Logo,
}

impl Use {
    fn folder(self) -> &'static str {
        match self {
            Self::Picture => "creators",
            Self::Cover => "campaigns",
            Self::Logo => "brands",
        }
    }
}

/// What a picture is, by how it begins: neither its name nor what the browser says of it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// As the service calls it, which is also the address's ending.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    fn decoder(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::Webp => ImageFormat::WebP,
        }
    }
}

/// Why a picture isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// More than [`LARGEST_BYTES`].
    TooLarge,
    /// Neither JPEG nor PNG nor WebP.
    Type,
    /// It begins like a picture and can't be drawn.
    Broken,
    /// Too many pixels.
    TooManyPixels,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match refusal {
            Refusal::Empty => (400, "image_empty"),
            Refusal::TooLarge => (413, "image_too_large"),
            Refusal::Type => (415, "image_type"),
            Refusal::Broken => (415, "image_broken"),
            Refusal::TooManyPixels => (413, "image_too_many_pixels"),
        };
        AppError::rule(status, code, words::refusal(refusal)).into()
    }
}

/// A picture that was looked at, without anything in it but the picture.
#[derive(Clone, Debug)]
pub struct Image {
    pub(super) usage: Use,
    pub(super) bytes: Bytes,
    pub(super) format: Format,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) sha256: String,
    pub(super) original_filename: Option<String>,
}

impl Image {
    /// Remembers what it was called where it came from.
    pub fn named(mut self, name: Option<&str>) -> Self {
        let clean = |name: &str| name.chars().filter(|c| !c.is_control()).take(NAME_CHARACTERS).collect::<String>();
        self.original_filename = name.map(clean).filter(|name| !name.is_empty());
        self
    }

    pub(super) fn folder(&self) -> &'static str {
        self.usage.folder()
    }
}

/// How many pictures are drawn at a time: a small file may unfold to a quarter of a gigabyte.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Looks at what was sent: type by its first bytes, size, whether it can be drawn; takes its metadata out.
pub async fn accept(bytes: impl Into<Bytes>, usage: Use) -> Result<Image, Refusal> {
    let bytes = bytes.into();
    let place = PLACES.acquire().await.map_err(|_| Refusal::Broken)?;
    // Drawing a large photograph takes a core's tenth of a second: not on the threads that answer everybody else. It goes
    // on when whoever sent it is gone, so the place is the drawing's and not the request's.
    let drawing = tokio::task::spawn_blocking(move || {
        let _place = place;
        check(bytes, usage)
    });
    drawing.await.unwrap_or(Err(Refusal::Broken))
}

fn check(bytes: Bytes, usage: Use) -> Result<Image, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > LARGEST_BYTES {
        return Err(Refusal::TooLarge);
    }
    let format = Format::of(&bytes).ok_or(Refusal::Type)?;
    let mut decoder = reader(format, &bytes).into_decoder().map_err(|error| judge(&error))?;
    let orientation = decoder.orientation().map_err(|error| judge(&error))?;
    let clean = strip(format, bytes, orientation).map_err(|_| Refusal::Broken)?;
    // What is stored is what has to be drawable.
    let picture = reader(format, &clean).decode().map_err(|error| judge(&error))?;
    Ok(Image {
        usage,
        format,
        width: picture.width(),
        height: picture.height(),
        sha256: hex::encode(Sha256::digest(&clean)),
        bytes: clean,
        original_filename: None,
    })
}

fn reader(format: Format, bytes: &Bytes) -> ImageReader<Cursor<Bytes>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes.clone()), format.decoder());
    reader.limits(limits);
    reader
}

fn judge(error: &image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::Broken,
    }
}

/// A stored picture, not yet anybody's: [`attach_in`](super::attach_in) makes it its record's.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asset {
    /// The register's row.
    pub id: String,
    /// Where it is seen.
    pub url: String,
    /// `creator`, `campaign`, `brand`.
    pub entity_type: String,
    /// Which one.
    pub entity_id: String,
    /// Its field.
    pub field: String,
}

/// Sends a picture to the account, at most three times, and registers it. The same picture for the same field is the same
/// file; one that was cut off is sent again under its own name.
pub async fn store(ctx: &Ctx, image: Image, entity: &str, id: &str, field: &str) -> Result<Asset, Failure> {
    let Some(place) = ctx.app.media.place() else {
        tracing::error!(reference = %ctx.request_id, "a picture was sent, and no account is configured for pictures");
        return Err(unavailable());
    };
    let uploader = &ctx.person()?.user_id;
    let row = register::reserve(ctx, place, &image, uploader, (entity, id, field)).await?;
    let url = match &row.url {
        Some(url) => url.clone(),
        None => {
            let url = send(place, &row, &image).await;
            let url = url.map_err(|trouble| failed(ctx, &row, &trouble))?;
            register::note_stored(ctx, &row, &url).await?;
            url
        }
    };
    Ok(Asset { id: row.id, url, entity_type: entity.into(), entity_id: id.into(), field: field.into() })
}

async fn send(place: &Place, row: &MediaAsset, image: &Image) -> Result<String, Trouble> {
    let uploaded = place.account.upload(PUBLIC_IMAGE, &row.public_id, &image.bytes).await?;
    if !uploaded.is_of(&image.bytes) {
        return Err(Trouble::Nonsense("an answer about other bytes"));
    }
    Ok(place.url(&row.public_id, uploaded.version, image.format.extension()))
}

fn failed(ctx: &Ctx, row: &MediaAsset, trouble: &Trouble) -> Failure {
    tracing::error!(reference = %ctx.request_id, asset = row.id, "a picture couldn't be stored: {trouble}");
    metrics::counter!("canje_media_failures_total").increment(1);
    if ctx.app.media.failed(ctx.now()) {
        let event = Event::Fault {
            reference: ctx.request_id.to_string(),
            route: "media.store".into(),
            kind: "media_upload".into(),
            error: trouble.to_string(),
        };
        ctx.app.faults.put_aside(event);
    }
    unavailable()
}

fn unavailable() -> Failure {
    AppError::rule(503, "media_unavailable", words::UNAVAILABLE).into()
}

/// Whether a failure is of a picture: told beside its field, not as a page of its own.
pub fn told(failure: &Failure) -> Option<Arc<str>> {
    match failure {
        Failure::Refused(AppError::Rule(rule)) if matches!(rule.status, 400 | 413 | 415 | 503) => {
            Some(rule.message.as_str().into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbImage};
    use img_parts::jpeg::{Jpeg, JpegSegment, markers};
    use img_parts::{ImageEXIF, png::Png, webp::WebP};

    fn picture(format: ImageFormat) -> Vec<u8> {
        let pixels = RgbImage::from_fn(40, 20, |x, y| image::Rgb([x as u8 * 6, y as u8 * 12, 90]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(pixels).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A TIFF block with an orientation and a text that must not stay.
    fn exif(orientation: u8) -> Bytes {
        let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        block.extend(b"-25.2637,-57.5759 Asuncion");
        block.into()
    }

    fn has(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn a_photograph_loses_its_place_and_keeps_its_side_up() {
        let mut jpeg = Jpeg::from_bytes(picture(ImageFormat::Jpeg).into()).unwrap();
        jpeg.set_exif(Some(exif(6)));
        jpeg.segments_mut().insert(1, JpegSegment::new_with_contents(markers::COM, b"Asuncion".as_slice().into()));
        let mut sent = jpeg.encoder().bytes().to_vec();
        sent.extend(b"\xff\xd8 another picture of Asuncion");
        assert!(has(&sent, b"Asuncion"));
        let image = check(sent.into(), Use::Picture).unwrap();
        assert!(!has(&image.bytes, b"Asuncion"));
        assert!(image.bytes.ends_with(b"\xff\xd9"), "nothing follows the picture");
        let mut decoder = reader(Format::Jpeg, &image.bytes).into_decoder().unwrap();
        assert_eq!(decoder.orientation().unwrap().to_exif(), 6);
        assert_eq!((image.width, image.height), (40, 20));
    }

    #[test]
    fn the_other_two_kinds_lose_it_too() {
        let mut png = Png::from_bytes(picture(ImageFormat::Png).into()).unwrap();
        png.set_exif(Some(exif(1)));
        let sent = png.encoder().bytes();
        assert!(has(&sent, b"Asuncion"));
        let image = check(sent, Use::Cover).unwrap();
        assert!(image.format == Format::Png && !has(&image.bytes, b"Asuncion"));

        let mut webp = WebP::from_bytes(picture(ImageFormat::WebP).into()).unwrap();
        webp.set_exif(Some(exif(1)));
        let sent = webp.encoder().bytes();
        assert!(has(&sent, b"Asuncion"));
        let image = check(sent, Use::Cover).unwrap();
        assert!(image.format == Format::Webp && !has(&image.bytes, b"Asuncion"));
    }

    #[test]
    fn what_isnt_a_picture_is_refused_for_what_it_is() {
        let refused = |bytes: &[u8]| check(bytes.to_vec().into(), Use::Picture).map(|_| ()).unwrap_err();
        assert_eq!(refused(b""), Refusal::Empty);
        assert_eq!(refused(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"), Refusal::Type);
        assert_eq!(refused(b"GIF89a\x01\0\x01\0"), Refusal::Type);
        assert_eq!(refused(b"%PDF-1.7"), Refusal::Type);
        assert_eq!(refused(&vec![0xff; LARGEST_BYTES + 1]), Refusal::TooLarge);
        let whole = picture(ImageFormat::Png);
        assert_eq!(refused(&whole[..whole.len() / 2]), Refusal::Broken, "cut off");
        assert_eq!(refused(b"\x89PNG\r\n\x1a\nnot much of a picture"), Refusal::Broken);
    }

    #[test]
    fn a_small_file_of_many_pixels_is_refused_before_it_is_drawn() {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(image::GrayImage::new(LONGEST_SIDE + 1, 2)).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let refused = check(bytes.into_inner().into(), Use::Picture).map(|_| ()).unwrap_err();
        assert_eq!(refused, Refusal::TooManyPixels);
    }
}
