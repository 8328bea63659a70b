//! Words of the incoming webhooks.

use crate::error::AppError;

/// What a service is told that isn't let in, or not now.
pub fn refusal(refusal: &AppError) -> String {
    match refusal {
        AppError::Unauthenticated => "La entrega no trae una firma o un token válidos.".into(),
        AppError::Malformed => "La entrega es auténtica, pero no tiene la forma que esperamos.".into(),
        AppError::TooLarge => "La entrega pasa el tamaño permitido.".into(),
        AppError::TooMany { retry_after_seconds } => {
            format!("Demasiadas entregas sin firma: esperá {retry_after_seconds} s.")
        }
        _ => "No pudimos guardar la entrega. Mandala de nuevo en unos segundos.".into(),
    }
}

// Why nothing follows from a delivery.
pub const IGNORED_INSTALLATION: &str = "Aviso de instalación: no pide nada.";
pub const IGNORED_ACTION: &str = "Esa acción no abre ni cierra un incidente.";
pub const IGNORED_RESOURCE: &str = "Ese recurso no se usa.";
pub const IGNORED_KIND: &str = "Ese tipo de evento no se usa.";
pub const IGNORED_NO_MESSAGE: &str = "No dice de qué correo habla.";
pub const IGNORED_UNKNOWN_MESSAGE: &str = "No es un correo nuestro.";
pub const IGNORED_OVERTAKEN: &str = "Llegó tarde: ya se había procesado algo posterior.";
pub const WAITS_FOR_MESSAGE: &str = "Todavía no conocemos ese correo: se busca de nuevo.";

/// The stored fields of a row can't be read.
pub fn fields_unreadable(error: &str) -> String {
    format!("No se pueden leer los datos guardados: {error}")
}
