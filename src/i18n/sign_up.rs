//! Words of making an account, proving its address and choosing a new password.

// Making an account.

pub const TITLE: &str = "Creá tu cuenta";
pub const PURPOSE: &str = "Un minuto, y después seguís donde estabas.";
pub const NAME: &str = "Nombre y apellido";
pub const PHONE: &str = "Teléfono";
pub const PHONE_HINT: &str = "Con característica: 0981 123 456.";
pub const PASSWORD_HINT: &str = "Al menos 12 caracteres, con mayúscula, minúscula y número.";
pub const TERMS: &str = "Leí y acepto los dos documentos";
pub const TERMS_READ: &str = "Antes de crear la cuenta, leé:";
pub const CREATE: &str = "Crear mi cuenta";
pub const HAVE_ONE: &str = "¿Ya tenés cuenta?";
pub const SIGN_IN: &str = "Ingresá";
pub const NO_ACCOUNT: &str = "¿Todavía no tenés cuenta?";
pub const SIGN_UP: &str = "Creá la tuya";
pub const FORGOT: &str = "¿Olvidaste tu contraseña?";
pub const RECOVER: &str = "Recuperá tu contraseña";

pub const NAME_MISSING: &str = "Escribí tu nombre y apellido.";
pub const NAME_LONG: &str = "El nombre puede tener hasta 120 letras.";
pub const EMAIL_WRONG: &str = "Revisá el e-mail: parece incompleto.";
pub const PHONE_WRONG: &str = "Revisá el teléfono, o dejalo vacío.";
pub const TERMS_MISSING: &str = "Para crear la cuenta, aceptá los dos documentos.";
pub const EMAIL_TAKEN: &str = "Ese e-mail ya tiene una cuenta. Ingresá con ella o recuperá la contraseña.";
pub const PROBLEMS: &str = "Faltan algunas cosas";

/// From one connection.
pub fn too_many(minutes: u32) -> String {
    let wait = super::number::counted(minutes.into(), "minuto", "minutos");
    format!("Se crearon varias cuentas desde tu conexión. Esperá {wait} y probá de nuevo.")
}

/// After an account was made.
pub fn created(email: &str) -> String {
    format!("Tu cuenta está lista. Te mandamos un enlace a {email} para confirmarla.")
}

// Proving the address.

pub const VERIFY_TITLE: &str = "Confirmá tu e-mail";
pub const VERIFY_ACTION: &str = "Confirmar mi e-mail";
pub const VERIFY_BODY: &str = "Con un toque queda confirmado.";
pub const VERIFIED: &str = "Tu e-mail quedó confirmado.";
pub const VERIFIED_ALREADY: &str = "Tu e-mail ya está confirmado.";
pub const RESEND: &str = "Reenviar el enlace";
pub const LINK_GONE: &str = "Ese enlace ya se usó o venció. Pedí uno nuevo.";
pub const LINK_GONE_TITLE: &str = "El enlace no vale más";
pub const SIGN_IN_TO_RESEND: &str = "Ingresá a tu cuenta y pedí uno nuevo.";
pub const NEXT_STEP: &str = "Mientras tanto, podés seguir";
pub const BECOME_CREATOR: &str = "Crear mi perfil de creador";

/// Where the letter is.
pub fn sent_to(email: &str) -> String {
    format!("Te mandamos un enlace a {email}. Vale 24 horas; si no lo ves, mirá en correo no deseado.")
}

/// After asking again.
pub fn resent(email: &str) -> String {
    format!("Te mandamos otro enlace a {email}.")
}

/// Asked too often.
pub fn wait(minutes: u32) -> String {
    let wait = super::number::counted(minutes.into(), "minuto", "minutos");
    format!("Ya te mandamos varios enlaces. Esperá {wait} y pedí otro.")
}

// A new password.

pub const RECOVER_TITLE: &str = "Recuperá tu contraseña";
pub const RECOVER_PURPOSE: &str = "Escribí el e-mail de tu cuenta y te mandamos un enlace para elegir otra.";
pub const RECOVER_ACTION: &str = "Mandame el enlace";
pub const RECOVER_SENT: &str =
    "Si hay una cuenta con ese e-mail, te mandamos un enlace. Vale 60 minutos; mirá también en correo no deseado.";
pub const BACK_TO_SIGN_IN: &str = "Volver a ingresar";
pub const RESET_TITLE: &str = "Elegí otra contraseña";
pub const RESET_PURPOSE: &str = "Al guardarla se cierran todas tus sesiones.";
pub const NEW_PASSWORD: &str = "Contraseña nueva";
pub const RESET_ACTION: &str = "Guardar la contraseña";
pub const RESET_DONE: &str = "Tu contraseña cambió. Ingresá con la nueva.";
pub const RESET_GONE: &str = "Ese enlace ya se usó o venció. Pedí otro para elegir tu contraseña.";
pub const ASK_AGAIN: &str = "Pedir otro enlace";
