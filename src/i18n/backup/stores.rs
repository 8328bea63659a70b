//! What stores say.

use std::path::Path;

use jiff::Timestamp;

use crate::i18n::format;

pub fn missing(key: &str) -> String {
    format!("no existe {key}")
}

pub fn occupied(key: &str) -> String {
    format!("ya hay otro archivo en {key}: no se pisa")
}

pub fn bad_key(key: &str) -> String {
    format!("nombre no permitido: {key:?}")
}

pub fn disk_full(key: &str) -> String {
    format!("no queda espacio en el disco para {key}")
}

pub fn no_permission(key: &str) -> String {
    format!("sin permiso para {key}")
}

pub fn disk(key: &str, error: &std::io::Error) -> String {
    format!("el disco no respondió como debía con {key}: {error}")
}

pub fn folder_place(root: &Path) -> String {
    format!("carpeta {}", root.display())
}

/// An object is larger than the store takes.
pub fn too_large(key: &str, bytes: u64, most: Option<u64>) -> String {
    let remedy = "usá un plan que admita archivos más grandes o cambiá de destino";
    let size = format::size(bytes);
    match most {
        Some(most) => format!("{key} pesa {size} y el destino admite hasta {}: {remedy}", format::size(most)),
        None => format!("{key} pesa {size}, más de lo que el destino admite: {remedy}"),
    }
}

pub const CLOUDINARY_SECRET: &str = "Cloudinary rechazó la firma: revisá CLOUDINARY_API_SECRET";
pub const CLOUDINARY_KEY: &str =
    "Cloudinary no reconoce la cuenta o la clave: revisá CLOUDINARY_CLOUD_NAME y CLOUDINARY_API_KEY";
pub const CLOUDINARY_FORBIDDEN: &str = "Cloudinary no permite esa operación con esta clave o este plan";
pub const CLOUDINARY_QUOTA: &str = "el plan de Cloudinary está agotado: liberá espacio o ampliá el plan";

/// The service's clock and ours differ.
pub fn clock(service: &str) -> String {
    format!("{service} dice que el pedido es viejo: revisá la hora de este servidor")
}
/// Too many requests.
pub fn limited(service: &str, until: Option<Timestamp>) -> String {
    match until {
        Some(until) => format!("{service} no atiende más pedidos hasta {}", format::exact(until)),
        None => format!("{service} no atiende más pedidos por ahora"),
    }
}
/// Refused for another reason.
pub fn refused(service: &str, status: u16, message: &str) -> String {
    if message.is_empty() {
        format!("{service} respondió {status}")
    } else {
        format!("{service} respondió {status}: {message}")
    }
}
/// It answered that it can't just now, several times.
pub fn failing(service: &str, status: u16) -> String {
    format!("{service} respondió {status} varias veces seguidas")
}
/// No answer in time.
pub fn timeout(service: &str) -> String {
    format!("{service} no respondió a tiempo")
}
/// Nobody there.
pub fn unreachable(service: &str) -> String {
    format!("no se pudo conectar con {service}")
}
/// The connection broke off.
pub fn cut(service: &str) -> String {
    format!("la conexión con {service} se cortó")
}
/// An answer that can't be.
pub fn nonsense(service: &str) -> String {
    format!("{service} respondió algo que no se entiende")
}

pub const S3_SECRET: &str = "el servicio rechazó la firma: revisá S3_SECRET_ACCESS_KEY";
pub const S3_KEY: &str = "el servicio no reconoce la clave: revisá S3_ACCESS_KEY_ID";
pub const S3_REGION: &str = "el servicio espera otra región: revisá S3_REGION y S3_ENDPOINT";
pub const S3_NO_PRUNE: &str = "en este destino no se borra sin S3_PRUNE_ACCESS_KEY_ID y S3_PRUNE_SECRET_ACCESS_KEY: rige el ciclo de vida del bucket";

/// The bucket isn't there.
pub fn no_bucket(bucket: &str) -> String {
    format!("no existe el bucket {bucket}: revisá S3_BUCKET")
}
/// The key may not do that.
pub fn denied(bucket: &str) -> String {
    format!("la clave no tiene permiso en el bucket {bucket}")
}
/// No room.
pub fn bucket_full(bucket: &str) -> String {
    format!("no queda lugar en el bucket {bucket}")
}
