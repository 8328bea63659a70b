//! The words of searching everything.

pub const TITLE: &str = "Buscar";
pub const PURPOSE: &str = "Campañas, creadores y postulaciones, por nombre, usuario, correo o teléfono.";
pub const LABEL: &str = "Qué buscás, desde dos letras";
pub const GO: &str = "Buscar";
pub const CAMPAIGNS: &str = "Campañas";
pub const CREATORS: &str = "Creadores";
pub const APPLICATIONS: &str = "Postulaciones";
pub const NONE: &str = "No encontramos nada con eso";
pub const NONE_HINT: &str = "Probá con otra palabra o con menos letras.";
