//! Words of creators' profiles: names of closed lists, and what a profile misses.

use super::values;
use crate::creators::complete::Missing;
use crate::creators::{Education, Gender, Level};
use crate::values::{Country, Platform};

/// A gender in words.
pub fn gender(of: Gender) -> &'static str {
    match of {
        Gender::Female => "Femenino",
        Gender::Male => "Masculino",
        Gender::Other => "Otro",
        Gender::PreferNotToSay => "Prefiero no decir",
    }
}

/// Education in words.
pub fn education(of: Education) -> &'static str {
    match of {
        Education::Secondary => "Secundaria",
        Education::Technical => "Técnico/Terciario",
        Education::University => "Universitario",
        Education::Postgraduate => "Posgrado",
        Education::Other => "Otro",
    }
}

/// A level in words.
pub fn level(of: Level) -> &'static str {
    match of {
        Level::Rookie => "Rookie",
        Level::Trusted => "Trusted",
        Level::Pro => "Pro",
        Level::Elite => "Elite",
    }
}

/// The languages offered; the first is the default.
pub const LANGUAGES: [&str; 8] = ["Español", "Inglés", "Portugués", "Guaraní", "Francés", "Alemán", "Italiano", "Otro"];

/// What is missing, as a thing: «Completá tu perfil: faltan tu cédula y tu teléfono».
pub fn missing(item: Missing) -> &'static str {
    match item {
        Missing::Name => "tu nombre",
        Missing::BirthDate => "tu fecha de nacimiento",
        Missing::Gender => "tu género",
        Missing::DocumentId => "tu cédula",
        Missing::City => "tu ciudad",
        Missing::Phone => "tu teléfono",
        Missing::Categories => "una categoría",
        Missing::Networks => "Instagram o TikTok",
        Missing::Bio => "tu bio",
        Missing::Picture => "tu foto",
        Missing::Verification => "una red verificada",
        Missing::Occupation => "tu formación, ocupación o portfolio",
    }
}

/// Several missing things, as part of a sentence.
pub fn all_missing(items: &[Missing]) -> String {
    let words: Vec<&str> = items.iter().map(|item| missing(*item)).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} y {last}", first.join(", ")),
    }
}

/// What to do about it, as a link.
pub fn add_missing(item: Missing) -> &'static str {
    match item {
        Missing::Name => "Agregá tu nombre",
        Missing::BirthDate => "Agregá tu fecha de nacimiento",
        Missing::Gender => "Elegí tu género",
        Missing::DocumentId => "Agregá tu cédula",
        Missing::City => "Agregá tu ciudad",
        Missing::Phone => "Agregá tu teléfono",
        Missing::Categories => "Elegí tus categorías",
        Missing::Networks => "Agregá Instagram o TikTok",
        Missing::Bio => "Contá quién sos en tu bio",
        Missing::Picture => "Subí una foto",
        Missing::Verification => "Verificá una de tus redes",
        Missing::Occupation => "Contá qué hacés",
    }
}

// The onboarding and the profile: what is wrong.

pub const NAME_MISSING: &str = "Falta tu nombre completo";
pub const BIRTH_DATE_WRONG: &str = "Revisá tu fecha de nacimiento";
pub const TOO_YOUNG: &str = "El registro es para mayores de 18";
pub const GENDER_MISSING: &str = "Elegí tu género";
pub const DOCUMENT_MISSING: &str = "Falta tu cédula";
pub const DOCUMENT_WRONG: &str = "Revisá la cédula: de 5 a 12 números";
pub const COUNTRY_MISSING: &str = "Elegí tu país";
pub const CITY_MISSING: &str = "Falta tu ciudad";
pub const PHONE_CODE_MISSING: &str = "Elegí el código de tu país";
pub const PHONE_MISSING: &str = "Falta tu teléfono";
pub const PHONE_WRONG: &str = "Revisá el teléfono: de 6 a 15 números";
pub const CATEGORIES_MISSING: &str = "Elegí una categoría o más";
pub const NETWORKS_MISSING: &str = "Agregá Instagram o TikTok";
pub const PORTFOLIO_WRONG: &str = "El portfolio tiene que ser una dirección que empiece con https://";
pub const TERMS_MISSING: &str = "Para seguir, aceptá los términos";
pub const HAS_PROFILE: &str = "Esta cuenta ya tiene perfil de creador";
pub const PICTURE_FAILED: &str = "La foto no se pudo subir, probá de nuevo";
pub const NETWORK_TWICE: &str = "Ya tenés esa red en tu perfil: cambiala en lugar de agregarla";
pub const LAST_NETWORK: &str = "Tu perfil necesita al menos una red: agregá otra antes de quitar esta";
pub const FOLLOWERS_WRONG: &str = "Escribí los seguidores con números, sin puntos";
pub const PROBLEMS: &str = "Falta corregir esto";

/// At most so many characters.
pub fn too_long(most: usize) -> String {
    format!("Puede tener hasta {most} letras")
}

/// A city of another country.
pub fn city_elsewhere(country: Country) -> String {
    format!("Elegí una ciudad de {}, u otra", values::country(country))
}

/// Not a handle.
pub fn handle_wrong(platform: Platform) -> String {
    format!("Revisá tu usuario de {}: letras, números, punto y guion bajo", platform.label())
}

// Fields.

pub const NAME: &str = "Nombre completo";
pub const BIRTH_DATE: &str = "Fecha de nacimiento";
pub const GENDER: &str = "Género";
pub const DOCUMENT: &str = "Cédula de identidad";
pub const DOCUMENT_HINT: &str = "Solo la ve el equipo, para verificar que sos vos.";
pub const COUNTRY: &str = "País";
pub const CITY: &str = "Ciudad";
pub const OTHER_CITY: &str = "Otra";
pub const CITY_OTHER: &str = "Si es otra, ¿cuál?";
pub const PHONE_CODE: &str = "Código de país";
pub const PHONE: &str = "Teléfono";
pub const PHONE_HINT: &str = "Con WhatsApp si podés. Las marcas no lo ven.";
pub const CATEGORIES: &str = "¿Sobre qué hacés contenido?";
pub const CATEGORIES_SHORT: &str = "Categorías";
pub const BIO: &str = "Bio";
pub const BIO_HINT: &str = "Hasta 500 letras: qué hacés y para quién.";
pub const EDUCATION: &str = "Estudios";
pub const OCCUPATION: &str = "Ocupación";
pub const LANGUAGES_LABEL: &str = "Idiomas";
pub const PORTFOLIO: &str = "Portfolio";
pub const PORTFOLIO_HINT: &str = "Una dirección que empiece con https://";
pub const INSTAGRAM: &str = "Usuario de Instagram";
pub const TIKTOK: &str = "Usuario de TikTok";
pub const HANDLE_HINT: &str = "Podés pegar el enlace de tu perfil.";
pub const MAILINGS: &str = "Avisame por e-mail cuando haya campañas nuevas";
pub const CHOOSE: &str = "Elegí";
pub const PREFER_NO_ANSWER: &str = "Sin indicar";
pub const PICTURE: &str = "Foto";
pub const NOT_GIVEN: &str = "Sin cargar";

// The onboarding.

pub const ONBOARDING: &str = "Tu perfil de creador";
pub const WELCOME: &str =
    "Cinco pasos cortos. Lo que cargás queda guardado: podés parar y seguir después, también en otro teléfono.";
pub const WELCOME_BACK: &str = "Guardamos lo que cargaste.";
pub const START: &str = "Empezar";
pub const GO_ON: &str = "Seguir";
pub const CONTINUE: &str = "Continuar";
pub const BACK: &str = "Volver";
pub const FINISH: &str = "Crear mi perfil";
pub const UPLOAD: &str = "Subir esta foto";
pub const PICTURE_KEPT: &str = "Esta foto quedó guardada. Podés elegir otra.";
pub const PICTURE_NONE: &str = "Es opcional: un perfil con foto recibe más confirmaciones.";
pub const SUMMARY: &str = "Revisá antes de terminar";
pub const CHANGE: &str = "Cambiar";
pub const READ_BEFORE: &str = "Leé los dos documentos:";
pub const ACCEPT_TERMS: &str = "Acepto los términos del programa";
pub const ACCEPT_PRIVACY: &str = "Acepto la política de privacidad";
pub const READY: &str = "Tu perfil está listo.";
pub const TO_PANEL: &str = "Ir a mi panel";

/// A step's name.
pub fn step(step: u8) -> &'static str {
    match step {
        1 => "Datos personales",
        2 => "Ubicación y contacto",
        3 => "Perfil profesional",
        4 => "Redes sociales",
        _ => "Foto y confirmación",
    }
}

/// Where one is.
pub fn step_of(number: u8, of: u8) -> String {
    format!("Paso {number} de {of} · {}", step(number))
}

/// Where one was.
pub fn you_were_at(number: u8, of: u8) -> String {
    format!("Estabas en el paso {number} de {of}: {}.", step(number).to_lowercase())
}

/// What an old profile lacks.
pub fn incomplete(items: &[Missing]) -> String {
    let verb = if items.len() == 1 { "falta" } else { "faltan" };
    format!(
        "A tu perfil le {verb} {}. Revisá los cinco pasos: ya están cargados con lo que tenemos.",
        all_missing(items)
    )
}

// The profile.

pub const PROFILE: &str = "Mi perfil";
pub const BASIC: &str = "Información básica";
pub const PERSONAL: &str = "Información personal";
pub const CONTACT: &str = "Contacto";
pub const PROFESSIONAL: &str = "Información profesional";
pub const NETWORKS: &str = "Mis redes sociales";
pub const EDIT: &str = "Editar";
pub const SAVE: &str = "Guardar";
pub const SAVED: &str = "Guardado.";
pub const CANCEL: &str = "Cancelar";
pub const PRIVATE: &str = "Estos datos no se muestran a las marcas.";
pub const PICTURE_SAVED: &str = "Tu foto cambió.";
pub const PICTURE_REMOVED: &str = "Quitamos tu foto.";
pub const REMOVE_PICTURE: &str = "Quitar la foto";
pub const CHANGE_PICTURE: &str = "Cambiar la foto";
pub const CHOOSE_PICTURE: &str = "Elegí una foto";
pub const NETWORK: &str = "Red";
pub const USERNAME: &str = "Usuario";
pub const FOLLOWERS: &str = "Seguidores";
pub const FOLLOWERS_HINT: &str = "Se muestran como «sin verificar».";
pub const UNVERIFIED: &str = "sin verificar";
pub const VERIFIED: &str = "verificada";
pub const ADD_NETWORK: &str = "Agregar red";
pub const NETWORK_SAVED: &str = "Guardamos tu red.";
pub const NETWORK_CHANGED: &str = "Cambiaste el usuario: la verificación anterior ya no vale.";
pub const NETWORK_REMOVED: &str = "Quitamos esa red de tu perfil.";
pub const REMOVE: &str = "Quitar";
pub const MAILINGS_ON: &str = "Sí, por e-mail";
pub const MAILINGS_OFF: &str = "No";
pub const MAILINGS_SHORT: &str = "Avisos de campañas nuevas";
pub const COMPLETION_DONE: &str = "Tu perfil está completo";

/// The completion bar's words.
pub fn completion(percent: u8) -> String {
    format!("Tu perfil está al {percent} %")
}

/// Accessible name of a section's link.
pub fn edit_section(section: &str) -> String {
    format!("Editar: {section}")
}

/// Accessible name of removing an account.
pub fn remove_network(platform: Platform) -> String {
    format!("Quitar {}", platform.label())
}

/// The heading of changing an account.
pub fn change_network(platform: Platform) -> String {
    format!("Cambiar {}", platform.label())
}
