//! Cities to choose from; anything else is written by hand.

use super::Country;

/// The cities offered for a country, the most populous first or by the alphabet.
pub fn cities(of: Country) -> &'static [&'static str] {
    match of {
        Country::Py => &[
            "Asunción",
            "Areguá",
            "Caacupé",
            "Caaguazú",
            "Capiatá",
            "Ciudad del Este",
            "Concepción",
            "Coronel Oviedo",
            "Encarnación",
            "Fernando de la Mora",
            "Guarambaré",
            "Hernandarias",
            "Hohenau",
            "Itá",
            "Itauguá",
            "Lambaré",
            "Limpio",
            "Luque",
            "Mariano Roque Alonso",
            "Minga Guazú",
            "Ñemby",
            "Paraguarí",
            "Pedro Juan Caballero",
            "Pilar",
            "Presidente Franco",
            "San Antonio",
            "San Bernardino",
            "San Lorenzo",
            "Villa Elisa",
            "Villarrica",
            "Villeta",
            "Ypacaraí",
        ],
        Country::Ar => &[
            "Buenos Aires",
            "Córdoba",
            "Corrientes",
            "Formosa",
            "La Plata",
            "Mendoza",
            "Posadas",
            "Resistencia",
            "Rosario",
            "Salta",
        ],
        Country::Br => &[
            "São Paulo",
            "Brasília",
            "Campo Grande",
            "Curitiba",
            "Florianópolis",
            "Foz do Iguaçu",
            "Porto Alegre",
            "Rio de Janeiro",
        ],
        Country::Uy => &["Montevideo", "Ciudad de la Costa", "Maldonado", "Paysandú", "Punta del Este", "Salto"],
        Country::Bo => &["Santa Cruz de la Sierra", "Cochabamba", "El Alto", "La Paz", "Sucre", "Tarija"],
        Country::Cl => &["Santiago", "Antofagasta", "Concepción", "La Serena", "Valparaíso", "Viña del Mar"],
        Country::Co => &["Bogotá", "Barranquilla", "Cali", "Cartagena", "Medellín"],
        Country::Pe => &["Lima", "Arequipa", "Cusco", "Trujillo"],
        Country::Ec => &["Quito", "Cuenca", "Guayaquil"],
        Country::Ve => &["Caracas", "Maracaibo", "Valencia"],
        Country::Mx => &["Ciudad de México", "Guadalajara", "Mérida", "Monterrey", "Puebla", "Querétaro"],
        Country::Es => &["Madrid", "Barcelona", "Bilbao", "Málaga", "Sevilla", "Valencia"],
        Country::Us => &["Miami", "Houston", "Los Ángeles", "Nueva York", "Washington"],
    }
}

impl Country {
    /// Its telephone code.
    pub fn phone_code(self) -> &'static str {
        match self {
            Self::Py => "+595",
            Self::Ar => "+54",
            Self::Br => "+55",
            Self::Uy => "+598",
            Self::Bo => "+591",
            Self::Cl => "+56",
            Self::Co => "+57",
            Self::Pe => "+51",
            Self::Ec => "+593",
            Self::Ve => "+58",
            Self::Mx => "+52",
            Self::Es => "+34",
            Self::Us => "+1",
        }
    }
}
