//! Words of uploaded pictures.

use super::number::counted;
use crate::media::images::Refusal;

/// What can be chosen; beside a file field.
pub const HINT: &str = "JPG, PNG o WebP, hasta 5 MB.";
/// After three tries.
pub const UNAVAILABLE: &str = "No pudimos guardar la imagen: probamos tres veces y el servicio no respondió. Lo demás quedó guardado; probá de nuevo más tarde.";

/// It was waiting for too long.
pub const GONE: &str = "La imagen que subiste ya no está. Subila otra vez.";

/// Why a picture wasn't taken.
pub fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Empty => "El archivo está vacío. Elegí otra imagen.",
        Refusal::TooLarge => "La imagen pesa más de 5 MB. Elegí una más liviana.",
        Refusal::Type => "Ese archivo no es una imagen JPG, PNG o WebP. Elegí otra.",
        Refusal::Broken => "No pudimos abrir esa imagen: parece incompleta. Elegí otra o volvé a guardarla.",
        Refusal::TooManyPixels => "La imagen es demasiado grande en píxeles. Achicala y probá de nuevo.",
    }
}

/// What the nightly job did.
pub fn destroyed(count: u64) -> String {
    format!("{} sin uso", counted(count, "imagen eliminada", "imágenes eliminadas"))
}

/// What it couldn't do.
pub fn not_destroyed(count: u64) -> String {
    format!("{} sin eliminar: se reintenta", counted(count, "imagen quedó", "imágenes quedaron"))
}
