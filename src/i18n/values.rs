//! Names of shared values: categories, countries, platforms.

use crate::values::{Category, Country};

/// A category's label.
pub fn category(of: Category) -> &'static str {
    match of {
        Category::Fashion => "Moda",
        Category::Beauty => "Belleza",
        Category::Food => "Gastronomía",
        Category::Lifestyle => "Lifestyle",
        Category::Travel => "Viajes",
        Category::Fitness => "Fitness",
        Category::Tech => "Tecnología",
        Category::Pets => "Mascotas",
        Category::Parenting => "Maternidad",
        Category::Home => "Hogar & Deco",
        Category::Entertainment => "Entretenimiento",
        Category::Education => "Educación",
        Category::Health => "Salud",
        Category::Sports => "Deportes",
        Category::Art => "Arte",
        Category::Music => "Música",
        Category::Services => "Servicios",
        Category::Other => "Otro",
    }
}

/// A country's name.
pub fn country(of: Country) -> &'static str {
    match of {
        Country::Py => "Paraguay",
        Country::Ar => "Argentina",
        Country::Br => "Brasil",
        Country::Uy => "Uruguay",
        Country::Bo => "Bolivia",
        Country::Cl => "Chile",
        Country::Co => "Colombia",
        Country::Pe => "Perú",
        Country::Ec => "Ecuador",
        Country::Ve => "Venezuela",
        Country::Mx => "México",
        Country::Es => "España",
        Country::Us => "Estados Unidos",
    }
}
