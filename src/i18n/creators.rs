//! Words of creators' profiles: names of closed lists, and what a profile misses.

use crate::creators::complete::Missing;
use crate::creators::{Education, Gender, Level};

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
