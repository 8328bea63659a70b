//! What a picture says besides itself is taken out: place, camera, programs, previews of what was cut away.
//!
//! Which way up it is has to stay: that one number is written back by itself.

use bytes::Bytes;
use image::metadata::Orientation;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::Png;
use img_parts::riff::RiffChunk;
use img_parts::webp::WebP;
use img_parts::{Error, ImageEXIF};

use super::images::Format;

/// The same picture without anything else.
pub(super) fn strip(format: Format, bytes: Bytes, orientation: Orientation) -> Result<Bytes, Error> {
    let upright = orientation == Orientation::NoTransforms;
    let exif = (!upright).then(|| only_orientation(orientation));
    Ok(match format {
        Format::Jpeg => {
            let mut jpeg = Jpeg::from_bytes(bytes)?;
            let segments = std::mem::take(jpeg.segments_mut());
            *jpeg.segments_mut() = segments.into_iter().filter(is_picture).map(without_trailer).collect();
            jpeg.set_exif(exif);
            jpeg.encoder().bytes()
        }
        Format::Png => {
            const WORDS: [[u8; 4]; 5] = [*b"tEXt", *b"zTXt", *b"iTXt", *b"tIME", *b"eXIf"];
            let mut png = Png::from_bytes(bytes)?;
            png.chunks_mut().retain(|chunk| !WORDS.contains(&chunk.kind()));
            png.set_exif(exif);
            png.encoder().bytes()
        }
        Format::Webp => {
            const PICTURE: [[u8; 4]; 8] =
                [*b"VP8 ", *b"VP8L", *b"VP8X", *b"ALPH", *b"ANIM", *b"ANMF", *b"ICCP", *b"EXIF"];
            let mut webp = WebP::from_bytes(bytes)?;
            webp.chunks_mut().retain(|chunk: &RiffChunk| PICTURE.contains(&chunk.id()));
            webp.set_exif(exif);
            webp.encoder().bytes()
        }
    })
}

/// Segments without which the picture would look different: all but comments and what programs add, of which the frame
/// (0), colours (2, when it is a profile) and Adobe's transform (14) count.
fn is_picture(segment: &JpegSegment) -> bool {
    match segment.marker() {
        markers::APP0 | markers::APP14 => true,
        markers::APP2 => segment.contents().starts_with(b"ICC_PROFILE\0"),
        markers::APP1..=markers::APP15 | markers::COM => false,
        _ => true,
    }
}

/// Telephones append whole other pictures and their own notes after the end of the first.
fn without_trailer(segment: JpegSegment) -> JpegSegment {
    if !segment.has_entropy() {
        return segment;
    }
    let whole = JpegSegment::encoder(segment.clone()).bytes();
    // Marker, length and contents, as they stand before the entropy.
    let head = segment.len();
    let entropy = whole.slice(head.min(whole.len())..);
    let end = end_of_image(&entropy);
    JpegSegment::new_with_entropy(segment.marker(), segment.contents().clone(), entropy.slice(..end))
}

/// Just after the end-of-image marker; between scans there are further segments, whose bytes mean nothing here.
fn end_of_image(entropy: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = entropy.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)) {
        at += found;
        match entropy.get(at + 1) {
            Some(0xd9) => return at + 2,
            // A stuffed byte, a restart, a fill byte.
            Some(0x00 | 0xd0..=0xd7) => at += 2,
            Some(0xff) => at += 1,
            Some(_) => {
                let Some(&[high, low]) = entropy.get(at + 2..at + 4) else { break };
                at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
            }
            None => break,
        }
    }
    entropy.len()
}

/// A TIFF block with one entry.
fn only_orientation(orientation: Orientation) -> Bytes {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0, 0]);
    block.into()
}
