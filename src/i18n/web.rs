//! The words of the frame around every page.

use crate::values::Role;

/// The back office's first page.
pub const HOME: &str = "Inicio";
/// The inspector.
pub const DATA: &str = "Datos";
/// Backups, their proof, restores and comparisons.
pub const BACKUPS: &str = "Backups";
/// The audit log.
pub const AUDIT: &str = "Auditoría";
/// One's own account.
pub const PROFILE: &str = "Mi perfil";
/// The notification centre.
pub const NOTIFICATIONS: &str = "Avisos";
/// Mail that left or waits.
pub const EMAILS: &str = "Correos";
/// Background work.
pub const JOBS: &str = "Tareas";
/// Integrations and their proof.
pub const SECURITY: &str = "Seguridad";
/// Settings.
pub const SETTINGS: &str = "Ajustes";
/// What creators and brands do.
pub const GROUP_UGC: &str = "Campañas UGC";
/// The campaigns, for staff.
pub const CAMPAIGNS: &str = "Campañas";
/// The deliveries, for staff.
pub const DELIVERIES: &str = "Entregas";
/// The creators, for staff.
pub const CREATORS: &str = "Creadores";
/// A creator's first page.
pub const CREATOR_HOME: &str = "Inicio";
/// The catalogue.
pub const EXPLORE: &str = "Explorar";
/// A creator's own pages, from elsewhere.
pub const CREATOR_AREA: &str = "Mi panel";
/// A creator's applications and deliveries.
pub const WORK: &str = "Mi trabajo";
/// A creator's profile.
pub const CREATOR_PROFILE: &str = "Perfil";
/// What runs by itself and has to be watched.
pub const GROUP_OPERATION: &str = "Operación";
/// What lets the owner check things first-hand.
pub const GROUP_CONTROL: &str = "Control";

/// A role in words.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::User => "Cuenta personal",
        Role::Creator => "Creación de contenido",
        Role::Brand => "Marca",
        Role::Designer => "Diseño",
        Role::Staff => "Equipo",
        Role::Admin => "Administración",
        Role::Superadmin => "Superadministración",
    }
}

/// The component gallery of the demonstration.
pub const GALLERY: &str = "Componentes";
