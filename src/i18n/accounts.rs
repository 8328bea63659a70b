//! Words of signing in, of a person's own page, and of `canje users`.

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
