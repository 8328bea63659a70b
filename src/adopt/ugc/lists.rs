//! Closed lists as older rows spelt them.

use crate::creators::{Education, Gender};
use crate::values::{Category, Country, Platform, fold};

/// A category by its slug, its label or another word for it.
pub fn category(typed: &str) -> Option<Category> {
    let folded = fold(typed);
    Category::parse(&folded).or_else(|| {
        Some(match folded.as_str() {
            "moda" | "ropa" | "indumentaria" | "moda y estilo" => Category::Fashion,
            "belleza" | "maquillaje" | "cuidado personal" | "skincare" => Category::Beauty,
            "gastronomia" | "comida" | "foodie" | "restaurantes" | "cocina" => Category::Food,
            "estilo de vida" | "vida" => Category::Lifestyle,
            "viajes" | "viaje" | "turismo" => Category::Travel,
            "gym" | "salud & fitness" | "salud y fitness" | "entrenamiento" => Category::Fitness,
            "tecnologia" | "technology" | "gadgets" => Category::Tech,
            "mascotas" | "animales" => Category::Pets,
            "maternidad" | "paternidad" | "familia" | "bebes" | "family" => Category::Parenting,
            "hogar & deco" | "hogar y deco" | "hogar" | "decoracion" | "deco" => Category::Home,
            "entretenimiento" | "humor" | "comedia" | "gaming" => Category::Entertainment,
            "educacion" => Category::Education,
            "salud" | "bienestar" | "wellness" => Category::Health,
            "deportes" | "deporte" => Category::Sports,
            "arte" | "arte y cultura" => Category::Art,
            "musica" => Category::Music,
            "servicios" | "negocios" | "finanzas" => Category::Services,
            "otro" | "otros" | "otra" => Category::Other,
            _ => return None,
        })
    })
}

/// A country by its code or its name.
pub fn country(typed: &str) -> Option<Country> {
    let typed = typed.trim();
    Country::parse(&typed.to_uppercase()).or_else(|| {
        Some(match fold(typed).as_str() {
            "paraguay" => Country::Py,
            "argentina" => Country::Ar,
            "brasil" | "brazil" => Country::Br,
            "uruguay" => Country::Uy,
            "bolivia" => Country::Bo,
            "chile" => Country::Cl,
            "colombia" => Country::Co,
            "peru" => Country::Pe,
            "ecuador" => Country::Ec,
            "venezuela" => Country::Ve,
            "mexico" => Country::Mx,
            "espana" | "spain" => Country::Es,
            "estados unidos" | "united states" | "usa" | "eeuu" => Country::Us,
            _ => return None,
        })
    })
}

/// A gender as it was ever stored.
pub fn gender(typed: &str) -> Option<Gender> {
    Gender::parse(typed).or_else(|| {
        Some(match fold(typed).as_str() {
            "femenino" | "mujer" => Gender::Female,
            "masculino" | "hombre" => Gender::Male,
            "non_binary" | "otro" => Gender::Other,
            "prefer_not_say" => Gender::PreferNotToSay,
            _ => return None,
        })
    })
}

/// An education as it was ever stored.
pub fn education(typed: &str) -> Option<Education> {
    Education::parse(typed).or_else(|| {
        Some(match fold(typed).as_str() {
            "secundario" | "secundaria" => Education::Secondary,
            "tecnico" | "terciario" => Education::Technical,
            "posgrado" => Education::Postgraduate,
            "otro" => Education::Other,
            folded if folded.starts_with("universitari") => Education::University,
            _ => return None,
        })
    })
}

/// A platform, whatever its case.
pub fn platform(typed: &str) -> Option<Platform> {
    Platform::parse(&typed.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_slugs_and_older_words_are_the_same_lists() {
        for (typed, found) in [
            ("Gastronomía", Category::Food),
            ("fashion", Category::Fashion),
            (" Hogar & Deco ", Category::Home),
            ("MASCOTAS", Category::Pets),
        ] {
            assert_eq!(category(typed), Some(found), "{typed}");
        }
        assert_eq!(category("Astrología"), None);
        assert_eq!(
            [country("py"), country("Paraguay"), country("Perú")],
            [Country::Py, Country::Py, Country::Pe].map(Some)
        );
        assert_eq!(gender("non_binary"), Some(Gender::Other));
        assert_eq!(education("universitario_completo"), Some(Education::University));
        assert_eq!(platform("TikTok"), Some(Platform::Tiktok));
    }
}
