//! Words of the audit log.

use super::number::counted;
use crate::audit::Action;

pub const TITLE: &str = "Auditoría";
pub const PURPOSE: &str = "Quién hizo qué, cuándo y desde dónde. Nadie puede cambiar ni borrar estos registros.";
pub const FILTER_ACTION: &str = "Acción";
pub const ANY_ACTION: &str = "Todas";
pub const FILTER_EMAIL: &str = "E-mail contiene";
pub const FILTER_FROM: &str = "Desde";
pub const FILTER_TO: &str = "Hasta";
pub const FILTER: &str = "Filtrar";
pub const EXPORT: &str = "Exportar CSV";
pub const BAD_DATE: &str = "Escribí la fecha como AAAA-MM-DD.";
pub const DATES_CROSSED: &str = "Tiene que ser el mismo día o después.";
pub const BAD_ACTION: &str = "Esa acción no existe.";
pub const BAD_PLACE: &str = "Ese lugar de la lista no existe: volvé a la primera página.";
pub const FIX_FILTER: &str = "Corregí el filtro para ver los registros";
pub const NONE_TITLE: &str = "Ningún registro con este filtro";
pub const NONE_HINT: &str = "Probá con otro período o quitá algún filtro.";
pub const CAPTION: &str = "Registros de auditoría";
pub const COLUMN_WHEN: &str = "Fecha y hora";
pub const COLUMN_ACTION: &str = "Acción";
pub const COLUMN_WHO: &str = "Quién";
pub const COLUMN_IP: &str = "IP";
pub const COLUMN_DETAILS: &str = "Detalles";
pub const SHOW_DETAILS: &str = "Ver detalles";
pub const NOBODY: &str = "Sin sesión";
pub const COMMAND_LINE: &str = "Línea de comandos";
pub const NO_DETAILS: &str = "Sin detalles";

/// How many rows match.
pub fn total(rows: u64) -> String {
    counted(rows, "registro", "registros")
}

/// The head of the exported table.
pub const EXPORT_HEAD: [&str; 10] = [
    "Fecha y hora (Asunción)",
    "Acción",
    "Usuario",
    "Rol",
    "IP",
    "Navegador",
    "Tipo de objeto",
    "Objeto",
    "Detalles",
    "Id",
];

/// The name of the exported file.
pub fn file_name(day: &str) -> String {
    format!("auditoria-{day}.csv")
}

/// An action in words.
pub fn action(action: Action) -> &'static str {
    match action {
        Action::LoginSuccess => "Ingreso",
        Action::LoginFailed => "Ingreso rechazado",
        Action::Logout => "Salida",
        Action::SessionRevoked => "Sesión cerrada",
        Action::MfaEnabled => "Segundo paso activado",
        Action::MfaDisabled => "Segundo paso desactivado",
        Action::MfaVerified => "Segundo paso verificado",
        Action::MfaFailed => "Segundo paso fallido",
        Action::PasswordChanged => "Contraseña cambiada",
        Action::PasswordResetRequested => "Recuperación de contraseña pedida",
        Action::UserCreated => "Cuenta creada",
        Action::UserUpdated => "Cuenta modificada",
        Action::UserRoleChanged => "Rol cambiado",
        Action::UserDeleted => "Cuenta eliminada",
        Action::OrderStatusChanged => "Estado de pedido cambiado",
        Action::OrderCancelled => "Pedido cancelado",
        Action::RefundProcessed => "Reembolso procesado",
        Action::PriceChanged => "Precio cambiado",
        Action::StockChanged => "Stock cambiado",
        Action::CouponCreated => "Cupón creado",
        Action::CouponUpdated => "Cupón modificado",
        Action::CouponDeleted => "Cupón eliminado",
        Action::ReservationStatusChanged => "Estado de reserva cambiado",
        Action::ReservationCancelled => "Reserva cancelada",
        Action::SettingsChanged => "Ajustes cambiados",
        Action::IntegrationTested => "Integración probada",
        Action::IntegrationChanged => "Integración cambiada",
        Action::DataInspected => "Datos inspeccionados",
        Action::DataRevealed => "Datos personales revelados",
        Action::DataExported => "Datos exportados",
        Action::ImportRun => "Importación",
        Action::AdoptRun => "Adopción",
        Action::BackupRun => "Backup hecho",
        Action::BackupDownloaded => "Backup descargado",
        Action::BackupRestored => "Backup restaurado",
        Action::BackupRequested => "Backup pedido",
        Action::BackupCancelled => "Backup cancelado",
        Action::BackupHeld => "Backup conservado",
        Action::BackupReleased => "Backup vuelto a la política",
        Action::BackupFileUploaded => "Archivo de backup verificado",
        Action::BackupPruneApproved => "Borrado de backups aprobado",
        Action::RecoveryKeyStored => "Clave de recuperación confirmada",
        Action::MigrationStepRun => "Paso de migración",
        Action::TermsPublished => "Términos publicados",
        Action::PagePublished => "Página publicada",
        Action::MediaDeleted => "Archivo eliminado",
        Action::ImagesBulkDeleted => "Imágenes eliminadas en lote",
        Action::JobRunRequested => "Tarea ejecutada a mano",
        Action::JobRetried => "Tarea reintentada",
        Action::JobDiscarded => "Tarea descartada",
        Action::JobCancelled => "Tarea cancelada",
        Action::MessageRepeated => "Mensaje reenviado",
        Action::MessageTested => "Mensaje de prueba",
        Action::SuppressionLifted => "Dirección desbloqueada",
        Action::NoticeAcknowledged => "Incidente tomado",
        Action::NoticeResolved => "Incidente resuelto",
        Action::NoticeDeleted => "Aviso eliminado",
        Action::WebhookReplayed => "Entrega reprocesada",
        Action::WebhookTested => "Conexión probada",
        Action::SilenceMade => "Avisos silenciados",
        Action::SilenceEnded => "Silencio terminado",
        Action::AlertTested => "Aviso de prueba enviado",
        Action::UgcCreatorCreated => "Perfil de creador creado",
        Action::UgcCreatorUpdated => "Perfil de creador cambiado",
        Action::CampaignCreated => "Campaña creada",
        Action::CampaignUpdated => "Campaña editada",
        Action::CampaignStatusChanged => "Estado de campaña cambiado",
        Action::CampaignSlotsChanged => "Cupos de campaña cambiados",
        Action::CampaignVisibilityChanged => "Campaña mostrada u oculta",
        Action::CampaignDeadlinesChanged => "Plazos de campaña cambiados",
        Action::CampaignDeadlinesRestored => "Cambio de plazos deshecho",
        Action::UgcApplicationShortlisted => "Postulación preseleccionada",
        Action::UgcApplicationConfirmed => "Postulación confirmada",
        Action::UgcApplicationRejected => "Postulación rechazada",
        Action::UgcApplicationCancelled => "Participación cancelada",
        Action::UgcApplicationReactivated => "Postulación reactivada",
        Action::UgcDeliverableApproved => "Entrega aprobada",
        Action::UgcDeliverableChangesRequested => "Cambios pedidos en una entrega",
        Action::UgcDeliverableRejected => "Entrega rechazada",
        Action::UgcDeliverableUrlsReset => "Entrega reseteada",
        Action::UgcDeliverableMetricsReset => "Métricas de una entrega reseteadas",
        Action::UgcDeliverableUrlsEdited => "Enlaces de una entrega editados",
        Action::UgcDeliverableCompleted => "Entrega completada",
        Action::UgcCreatorVerified => "Creador verificado",
        Action::UgcCreatorUnverified => "Verificación de creador quitada",
        Action::UgcCreatorActivated => "Creador activado",
        Action::UgcCreatorDeactivated => "Creador desactivado",
    }
}
