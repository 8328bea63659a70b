//! Words of signing in, of a person's own page, and of `canje users`.

use super::number::{counted, integer};

// Signing in.

pub const SIGN_IN: &str = "Ingresar";
pub const SIGN_IN_TITLE: &str = "Ingresá a tu cuenta";
pub const EMAIL: &str = "E-mail";
pub const PASSWORD: &str = "Contraseña";
pub const SIGN_IN_ACTION: &str = "Ingresar";
pub const SESSION_EXPIRED: &str = "Tu sesión se cerró por seguridad. Ingresá de nuevo y volvés a donde estabas.";
pub const SIGNED_OUT: &str = "Cerraste tu sesión.";

pub const INVALID_CREDENTIALS: &str = "El e-mail o la contraseña no coinciden. Revisalos y probá de nuevo.";
pub const MFA_REQUIRED: &str = "Este acceso pide un segundo paso que todavía no está disponible";
pub const SUSPENDED: &str = "Esta cuenta está suspendida. Escribile a quien administra la plataforma.";
pub const BUSY: &str = "Hay muchas personas ingresando a la vez. Probá de nuevo en unos segundos.";
pub const FORM_UNREADABLE: &str = "No entendimos lo que enviaste. Volvé a cargar la página y probá de nuevo.";

/// The account is locked.
pub fn locked(minutes: u32) -> String {
    let wait = counted(minutes.into(), "minuto", "minutos");
    format!("Hubo varios intentos fallidos con este e-mail. Esperá {wait} y probá de nuevo.")
}

/// Too many attempts from one place.
pub fn rate_limited(seconds: u32) -> String {
    let wait = counted(seconds.into(), "segundo", "segundos");
    format!("Hubo muchos intentos seguidos desde tu conexión. Esperá {wait} y probá de nuevo.")
}

pub const DEMO_TITLE: &str = "Cuentas de la demostración";

pub const DEMO_PASSWORD_OF_ALL: &str = "Contraseña";
pub const DEMO_ENTER: &str = "Entrar";
pub const DEMO_MFA: &str = "pide un segundo paso";

/// What a button that enters an account of the demonstration does, for those who hear it without its row.
pub fn demo_enter_as(email: &str) -> String {
    format!("Entrar como {email}")
}

// A person's own page.

pub const PROFILE: &str = "Mi perfil";
pub const PROFILE_PURPOSE: &str = "Tus datos y los lugares donde tenés la sesión abierta.";
pub const CREATOR_PROFILE: &str = "Perfil de creador";
pub const DATA: &str = "Datos personales";
pub const DATA_MIRRORED: &str = "Acá solo se ven: todavía se cambian en el sistema anterior.";
pub const DATA_READ_ONLY: &str =
    "Por ahora acá solo se ven. Para corregir algo, escribile a quien administra la plataforma.";
pub const NAME: &str = "Nombre";
pub const PHONE: &str = "Teléfono";
pub const CITY: &str = "Ciudad";
pub const COMPANY: &str = "Empresa";
pub const ROLE: &str = "Rol";
pub const MEMBER_SINCE: &str = "Cuenta creada";
pub const NOT_GIVEN: &str = "Sin cargar";

pub const SESSIONS: &str = "Sesiones abiertas";
pub const SESSIONS_PURPOSE: &str =
    "Si no reconocés alguna, cerrala. Cada una se cierra sola después de 30 minutos sin uso.";
pub const DEVICE: &str = "Dispositivo";
pub const IP: &str = "IP";
pub const OPENED: &str = "Abierta";
pub const LAST_USE: &str = "Último uso";
pub const ACTIONS: &str = "Acciones";
pub const THIS_SESSION: &str = "Esta sesión";
pub const CLOSE_SESSION: &str = "Cerrar sesión";
pub const CLOSE_ALL: &str = "Cerrar todas las sesiones";
pub const CLOSE_ALL_TITLE: &str = "¿Cerrar todas las sesiones?";
pub const CLOSE_ALL_BODY: &str = "También se cierra esta: vas a tener que ingresar de nuevo en cada dispositivo.";
pub const SESSION_CLOSED: &str = "Cerramos esa sesión.";
pub const UNKNOWN_DEVICE: &str = "Dispositivo desconocido";

/// After closing them all.
pub fn sessions_closed(count: u64) -> String {
    match count {
        1 => "Cerramos tu sesión.".into(),
        _ => format!("Cerramos tus {} sesiones.", integer(count)),
    }
}

/// A browser on a system.
pub fn device(browser: &str, system: &str) -> String {
    format!("{browser} en {system}")
}

// New passwords.

/// At least so many characters.
pub fn password_too_short(shortest: usize) -> String {
    format!("Usá al menos {shortest} caracteres.")
}

/// At most so many characters.
pub fn password_too_long(longest: usize) -> String {
    format!("Usá como máximo {longest} caracteres.")
}

pub const PASSWORD_NEEDS_UPPER: &str = "Agregá al menos una mayúscula.";
pub const PASSWORD_NEEDS_LOWER: &str = "Agregá al menos una minúscula.";
pub const PASSWORD_NEEDS_DIGIT: &str = "Agregá al menos un número.";
pub const PASSWORD_COMMON: &str = "Es una contraseña muy común: elegí palabras que nadie más usaría juntas.";

// `canje users`.

pub const USERS_CREATE: &str = "Crear una cuenta; la contraseña se pide o se lee de la entrada estándar";
pub const USERS_LIST: &str = "Listar las cuentas";
pub const USERS_SET_ROLE: &str = "Cambiar el rol de una cuenta";
pub const ARG_EMAIL: &str = "E-mail de la cuenta";
pub const ARG_ROLE: &str = "Rol: user, creator, brand, designer, staff, admin o superadmin";
pub const ARG_NAME: &str = "Nombre; si falta, se usa la parte del e-mail antes de la arroba";
pub const ARG_FILTER_ROLE: &str = "Solo las cuentas con este rol";
pub const ARG_LIMIT: &str = "Cuántas cuentas por página (1 a 1000)";
pub const ARG_AFTER: &str = "Seguir después de este user_id";
pub const ARG_JSON: &str = "Salida en JSON";
pub const PASSWORD_PROMPT: &str = "Contraseña nueva: ";
pub const PASSWORD_AGAIN: &str = "Otra vez: ";
pub const PASSWORDS_DIFFER: &str = "las dos contraseñas no son iguales; no se creó nada";
pub const EMAIL_INVALID: &str = "el e-mail no es válido; no se creó nada";
pub const EMAIL_TAKEN: &str = "ya hay una cuenta con ese e-mail; no se creó nada";
pub const NAME_INVALID: &str = "el nombre tiene que tener de 1 a 120 caracteres; no se creó nada";
pub const LAST_SUPERADMIN: &str =
    "es la única cuenta superadmin que puede ingresar; creá o nombrá otra antes de cambiarle el rol";
pub const MIRRORING: &str = "la base en uso todavía es una copia del sistema anterior: las cuentas se cambian allá y se vuelven a \
                             adoptar, o se termina la adopción con «canje adopt --finish»; no se cambió nada";

/// The password breaks the policy.
pub fn password_refused(problems: &[String]) -> String {
    format!("la contraseña no sirve; no se creó nada. {}", problems.join(" "))
}

/// No role has that name.
pub fn role_unknown(name: &str) -> String {
    format!("no existe el rol «{name}»")
}

/// Nobody has that address.
pub fn account_unknown(email: &str) -> String {
    format!("no hay ninguna cuenta con el e-mail {email}")
}

/// The account was made.
pub fn account_created(email: &str, role: &str, user_id: &str) -> String {
    format!("Cuenta creada: {email}, rol {role}, {user_id}.")
}

/// The role is what was asked already.
pub fn role_unchanged(email: &str, role: &str) -> String {
    format!("{email} ya tiene el rol {role}; no se cambió nada.")
}

/// The role was changed.
pub fn role_changed(email: &str, before: &str, after: &str, sessions: u64) -> String {
    let sessions = counted(sessions, "sesión cerrada", "sesiones cerradas");
    format!("{email}: {before} → {after}; {sessions}.")
}

/// How many of how many are listed, and how to go on.
pub fn listed(shown: u64, total: u64, next: Option<&str>) -> String {
    let so_far = format!("{} de {}", integer(shown), counted(total, "cuenta", "cuentas"));
    match next {
        Some(after) => format!("{so_far}. Para seguir: --after {after}"),
        None => format!("{so_far}."),
    }
}
