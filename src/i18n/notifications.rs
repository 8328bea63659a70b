//! The words of the notification centre.

use super::number::counted;
use crate::notifications::event::AccountChange;
use crate::notifications::{NoticeType, PersonalType, Severity, Source, State, Step};

pub const DATABASE_WAS_AWAY: &str = "La base de datos no respondía";
pub const WEBHOOK_UNREADABLE_MESSAGE: &str =
    "Llegó una alerta auténtica que no se pudo leer. Abrila en Webhooks: puede ser algo urgente.";
pub const ACCOUNT_LOCKED: &str = "Cuenta de la administración bloqueada";
pub const TEST: &str = "Aviso de prueba";
pub const UGC_DIFFERS: &str = "Campañas y postulaciones no coinciden";

/// What the nightly comparison found.
pub fn ugc_differs_message(total: u32, found: &[String]) -> String {
    let counted = super::number::counted(total.into(), "diferencia", "diferencias");
    format!("{counted}; nada se corrigió. {}", found.join("; "))
}

/// A job used up its attempts.
pub fn job_died(job: &str) -> String {
    format!("Tarea fallida: {job}")
}

/// Why, and what to do.
pub fn job_died_message(attempts: u32, error: &str) -> String {
    let attempts = counted(u64::from(attempts), "intento", "intentos");
    format!("Se abandonó después de {attempts}: {error}. Podés reintentarla o descartarla en Tareas.")
}

/// A request broke.
pub fn fault(route: &str) -> String {
    format!("Error en {route}")
}

/// What is known of it.
pub fn fault_message(reference: &str, error: &str) -> String {
    format!("{error} (referencia {reference})")
}

/// For how long, and who noticed.
pub fn database_was_away_message(seconds: u32, refused: u32) -> String {
    let seconds = counted(u64::from(seconds), "segundo", "segundos");
    let refused = counted(u64::from(refused), "pedido rechazado", "pedidos rechazados");
    format!("Estuvo {seconds} sin responder, con {refused}. Ya responde.")
}

/// An alert of Sentry.
pub fn sentry(title: &str) -> String {
    format!("Sentry: {title}")
}

/// What Sentry says.
pub fn sentry_message(title: &str, culprit: Option<&str>, project: Option<&str>) -> String {
    match (culprit, project) {
        (Some(culprit), Some(project)) => format!("{title} — en {culprit}, proyecto {project}"),
        (Some(culprit), None) => format!("{title} — en {culprit}"),
        (None, Some(project)) => format!("{title} — proyecto {project}"),
        (None, None) => title.to_owned(),
    }
}

/// A monitor can't be reached.
pub fn monitor_down(name: &str) -> String {
    format!("CAÍDO: {name}")
}

/// It can be reached again.
pub fn monitor_up(name: &str) -> String {
    format!("RECUPERADO: {name}")
}

/// A certificate or a domain expires.
pub fn monitor_expiring(name: &str) -> String {
    format!("VENCE CERTIFICADO: {name}")
}

/// An alert of a kind we don't know.
pub fn monitor_other(name: &str) -> String {
    format!("ALERTA: {name}")
}

/// Why it can't be reached.
pub fn monitor_down_message(details: Option<&str>) -> String {
    format!("UptimeRobot no llega al sitio: {}.", details.unwrap_or("sin más detalles"))
}

/// When it expires.
pub fn monitor_expiring_message(days_left: Option<i64>, details: Option<&str>) -> String {
    let when = match days_left {
        Some(1) => "en 1 día".to_owned(),
        Some(days) if days > 1 => format!("en {days} días"),
        Some(_) => "hoy".to_owned(),
        None => "pronto".to_owned(),
    };
    match details {
        Some(details) => format!("El certificado o el dominio vence {when}: {details}."),
        None => format!("El certificado o el dominio vence {when}."),
    }
}

/// What is known of it.
pub fn monitor_other_message(alert_type: Option<&str>, details: Option<&str>) -> String {
    let details = details.unwrap_or("sin más detalles");
    format!("UptimeRobot avisa algo de tipo {}: {details}.", alert_type.unwrap_or("desconocido"))
}

/// A service as people call it.
pub fn service(name: &str) -> &str {
    match name {
        "sentry" => "Sentry",
        "uptimerobot" => "UptimeRobot",
        "resend" => "Resend",
        "smtp" => "el servidor de correo",
        "twilio" => "Twilio",
        other => other,
    }
}

/// A delivery couldn't be read.
pub fn webhook_unreadable(source: &str) -> String {
    format!("Alerta ilegible de {}", service(source))
}

/// A delivery couldn't be processed.
pub fn webhook_failed(source: &str) -> String {
    format!("Webhook de {} sin procesar", service(source))
}

/// Why, and what happens next.
pub fn webhook_failed_message(error: &str) -> String {
    format!("Quedó guardado y se puede repetir desde Webhooks: {error}.")
}

fn channel(name: &str) -> &str {
    match name {
        "email" => "Correo",
        "whatsapp" => "WhatsApp",
        other => other,
    }
}

/// A message was given up.
pub fn message_failed(name: &str, template: &str) -> String {
    format!("{} sin enviar: {template}", channel(name))
}

/// Why.
pub fn message_failed_message(error: &str) -> String {
    format!("Se agotaron los intentos: {error}.")
}

/// Nothing leaves by this provider.
pub fn provider_refuses(provider: &str) -> String {
    format!("No sale ningún mensaje por {}", service(provider))
}

/// Why.
pub fn provider_refuses_message(reason: &str) -> String {
    format!("El proveedor rechaza todo: {reason}. Revisá la clave y la cuenta.")
}

/// Messages wait.
pub fn outbox_stalled(name: &str) -> String {
    format!("{}: la bandeja de salida no avanza", channel(name))
}

/// How many.
pub fn outbox_stalled_message(waiting: u32) -> String {
    let waiting = counted(u64::from(waiting), "mensaje espera", "mensajes esperan");
    format!("{waiting} hace más de lo normal. Revisá que las tareas estén andando.")
}

/// For how long an account is locked.
pub fn account_locked_message(minutes: u32) -> String {
    let minutes = counted(u64::from(minutes), "minuto", "minutos");
    format!(
        "Hubo demasiadas contraseñas equivocadas: queda bloqueada {minutes}. Si no fue su dueño, revisá la auditoría."
    )
}

/// Who asked for a test.
pub fn test_message(name: &str) -> String {
    format!("{name} pidió esta prueba desde Ajustes. Si la ves, los avisos funcionan.")
}

/// A change to somebody's account.
pub fn account_change(what: AccountChange) -> &'static str {
    match what {
        AccountChange::NewLogin => "Ingreso desde un dispositivo nuevo",
        AccountChange::PasswordChanged => "Tu contraseña cambió",
        AccountChange::RoleChanged => "Tu rol cambió",
    }
}

/// What to do about it.
pub fn account_change_message(what: AccountChange) -> &'static str {
    match what {
        AccountChange::NewLogin => "Si no fuiste vos, cerrá todas tus sesiones y cambiá tu contraseña.",
        AccountChange::PasswordChanged => "Si no fuiste vos, avisanos ahora mismo.",
        AccountChange::RoleChanged => "La próxima vez que ingreses vas a ver lo que corresponde a tu rol nuevo.",
    }
}

/// A type of system notice.
pub fn notice_type(kind: NoticeType) -> &'static str {
    match kind {
        NoticeType::BackupSuccess => "Backup hecho",
        NoticeType::BackupFailed => "Backup fallido",
        NoticeType::ErrorAlert => "Error",
        NoticeType::UptimeAlert => "Disponibilidad",
        NoticeType::SecurityAlert => "Seguridad",
        NoticeType::SystemInfo => "Información",
        NoticeType::JobFailed => "Tarea fallida",
        NoticeType::SyncFailed => "Sincronización fallida",
        NoticeType::PaymentAlert => "Pagos",
        NoticeType::LeadAlert => "Consultas",
    }
}

/// A severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Información",
        Severity::Warning => "Advertencia",
        Severity::Error => "Error",
        Severity::Critical => "Crítico",
    }
}

/// Who noticed.
pub fn source(source: Source) -> &'static str {
    match source {
        Source::Canje => "Canje",
        Source::Sentry => "Sentry",
        Source::UptimeRobot => "UptimeRobot",
        Source::Resend => "Resend",
        Source::Smtp => "Correo",
        Source::Twilio => "Twilio",
    }
}

/// Where an incident stands.
pub fn state(state: State) -> &'static str {
    match state {
        State::Open => "Sin tomar",
        State::Acknowledged => "Tomado",
        State::Resolved => "Resuelto",
        State::Reopened => "Reabierto",
    }
}

/// A line of an incident's history.
pub fn step(step: Step) -> &'static str {
    match step {
        Step::Opened => "Empezó",
        Step::Seen => "Se repitió",
        Step::Worsened => "Empeoró",
        Step::Acknowledged => "Lo tomó",
        Step::Resolved => "Se resolvió",
        Step::Reopened => "Volvió a pasar",
        Step::Silenced => "Silenciado",
        Step::Mailed => "Se avisó por correo",
        Step::Escalated => "Se avisó a la segunda lista",
    }
}

/// A type of personal notice.
pub fn personal_type(kind: PersonalType) -> &'static str {
    match kind {
        PersonalType::CampaignApplicationReceived => "Postulación recibida",
        PersonalType::ApplicationShortlisted => "Preselección",
        PersonalType::CampaignApplicationApproved => "Postulación confirmada",
        PersonalType::CampaignApplicationRejected => "Postulación no seleccionada",
        PersonalType::DeliverableSubmitted => "Contenido publicado",
        PersonalType::DeliverableApproved => "Contenido aprobado",
        PersonalType::DeliverableChangesRequested => "Cambios solicitados",
        PersonalType::DeliverableRejected => "Contenido rechazado",
        PersonalType::MetricsSubmitted => "Métricas recibidas",
        PersonalType::MetricsVerified => "Métricas verificadas",
        PersonalType::NewRatingReceived => "Calificación nueva",
        PersonalType::LevelUp => "Subida de nivel",
        PersonalType::DeadlineReminder => "Recordatorio",
        PersonalType::CampaignCompleted => "Campaña completada",
        PersonalType::AdminMessage => "Mensaje del equipo",
        PersonalType::ApplicationCancelled => "Participación cancelada",
        PersonalType::ApplicationReactivated => "Postulación reactivada",
        PersonalType::DeadlineChanged => "Plazo cambiado",
        PersonalType::DeliverableReset => "Entrega reiniciada",
        PersonalType::CampaignStatus => "Estado de campaña",
        PersonalType::NewCampaign => "Campaña nueva",
        PersonalType::SlotsReloaded => "Cupos nuevos",
        PersonalType::SlotsDepleted => "Cupos agotados",
        PersonalType::PackageStatus => "Paquete",
        PersonalType::SocialVerification => "Verificación de redes",
        PersonalType::TermsUpdated => "Términos actualizados",
        PersonalType::OrderStatus => "Pedido",
        PersonalType::ReservationStatus => "Reserva",
        PersonalType::ServiceStatus => "Servicio",
        PersonalType::AccountSecurity => "Seguridad de tu cuenta",
    }
}

// What the forms refuse.
pub const SILENCE_NEEDS_MATCHER: &str = "Elegí al menos un criterio: sin ninguno se callaría todo.";
pub const SILENCE_NEEDS_REASON: &str = "Escribí el motivo, de 3 a 300 caracteres.";
pub const SILENCE_ENDS_LATER: &str = "Tiene que terminar en el futuro.";
pub const SILENCE_TOO_LONG: &str = "Un silencio dura como mucho 30 días.";

// What the log says.
pub const NO_RECIPIENTS: &str = "hay incidentes sin tomar y nadie a quien avisar por correo";

// The command line.
pub const CLI_LIST: &str = "Lista los avisos del sistema, los más nuevos primero";
pub const CLI_LIMIT: &str = "Cuántos, como mucho";
pub const CLI_JSON: &str = "Responde con JSON";
pub const CLI_NONE: &str = "No hay avisos.";
