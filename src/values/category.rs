//! What creators and campaigns are about: one list for profiles, campaigns and filters.

use super::names::names;

names! {
    /// A category, by its slug.
    Category {
        /// Moda.
        Fashion = "fashion",
        /// Belleza.
        Beauty = "beauty",
        /// Gastronomía.
        Food = "food",
        /// Lifestyle.
        Lifestyle = "lifestyle",
        /// Viajes.
        Travel = "travel",
        /// Fitness.
        Fitness = "fitness",
        /// Tecnología.
        Tech = "tech",
        /// Mascotas.
        Pets = "pets",
        /// Maternidad.
        Parenting = "parenting",
        /// Hogar & Deco.
        Home = "home",
        /// Entretenimiento.
        Entertainment = "entertainment",
        /// Educación.
        Education = "education",
        /// Salud.
        Health = "health",
        /// Deportes.
        Sports = "sports",
        /// Arte.
        Art = "art",
        /// Música.
        Music = "music",
        /// Servicios.
        Services = "services",
        /// Otro.
        Other = "other",
    }
}

names! {
    /// A country, by its ISO code.
    Country {
        /// Paraguay.
        Py = "PY",
        /// Argentina.
        Ar = "AR",
        /// Brasil.
        Br = "BR",
        /// Uruguay.
        Uy = "UY",
        /// Bolivia.
        Bo = "BO",
        /// Chile.
        Cl = "CL",
        /// Colombia.
        Co = "CO",
        /// Perú.
        Pe = "PE",
        /// Ecuador.
        Ec = "EC",
        /// Venezuela.
        Ve = "VE",
        /// México.
        Mx = "MX",
        /// España.
        Es = "ES",
        /// Estados Unidos.
        Us = "US",
    }
}
