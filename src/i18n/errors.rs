//! What a refusal or a breakage says to people: what happened, what wasn't lost, what to do.

use crate::error::AppError;

/// The heading of an error page.
pub fn heading(error: &AppError) -> &'static str {
    match error {
        AppError::Unauthenticated => "Hace falta iniciar sesión",
        AppError::Forbidden => "Acceso restringido",
        AppError::NotFound => "No encontramos esta página",
        AppError::CrossOrigin => "El pedido vino de otro sitio",
        AppError::Malformed => "No entendimos el pedido",
        AppError::Invalid(_) => "Hay datos por corregir",
        AppError::Conflict => "Alguien lo cambió antes",
        AppError::Mirroring => "Vista previa: todavía manda el sistema anterior",
        AppError::Rule(_) => "No se puede hacer así",
        AppError::TooLarge => "Es demasiado grande",
        AppError::TooMany { .. } => "Demasiados intentos seguidos",
        AppError::Locked { .. } => "Cuenta bloqueada por un rato",
        AppError::TimedOut => "La consulta tardó demasiado",
        AppError::Unavailable => "La base de datos no responde",
        AppError::Internal { .. } => "Algo falló de nuestro lado",
    }
}

/// The sentence below it.
pub fn sentence(error: &AppError) -> String {
    match error {
        AppError::Unauthenticated => "Tu sesión no está abierta o venció. Iniciá sesión y volvés a este lugar.".into(),
        AppError::Forbidden => "Tu cuenta no tiene permiso para ver esto. Si creés que debería, pedíselo a quien administra la plataforma.".into(),
        AppError::NotFound => "Puede que la dirección esté mal escrita, que ya no exista o que no sea tuya.".into(),
        AppError::CrossOrigin => "Por seguridad solo aceptamos cambios hechos desde nuestras propias páginas. Volvé a cargar la página y probá de nuevo.".into(),
        AppError::Malformed => "La dirección o el formulario llegaron incompletos. No se cambió nada: volvé a la página anterior y probá de nuevo.".into(),
        AppError::Invalid(problems) => problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "),
        AppError::Conflict => "Mientras tanto el dato cambió. No guardamos nada: volvé a cargar la página y revisá.".into(),
        AppError::Mirroring => "Los datos son una copia del sistema anterior y se cambian allá hasta terminar la adopción. No guardamos nada.".into(),
        AppError::Rule(rule) => rule.message.clone(),
        AppError::TooLarge => "Lo que enviaste pasa el tamaño permitido. No guardamos nada: achicalo y probá de nuevo.".into(),
        AppError::TooMany { retry_after_seconds } => format!("Esperá {retry_after_seconds} segundos y probá de nuevo."),
        AppError::Locked { minutes } => format!("Hubo varios intentos fallidos. Esperá {minutes} min y probá de nuevo."),
        AppError::TimedOut => "La cortamos para no cargar la base. No se cambió nada: achicá el filtro o probá de nuevo.".into(),
        AppError::Unavailable => "No se perdió nada de lo guardado. Nos reconectamos solos apenas vuelva: probá de nuevo en unos segundos.".into(),
        AppError::Internal { .. } => "No se perdió nada de lo guardado. Probá de nuevo; si se repite, pasanos el número de referencia.".into(),
    }
}

/// The label before a reference number.
pub const REFERENCE: &str = "Referencia";
/// The way out of an error page.
pub const GO_HOME: &str = "Ir al inicio";
/// The way out for someone without a session.
pub const GO_SIGN_IN: &str = "Iniciar sesión";
/// The way to try again.
pub const RETRY: &str = "Probar de nuevo";
