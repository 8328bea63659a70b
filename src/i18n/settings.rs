//! The words of the settings.

use super::number::counted;

pub const TITLE: &str = "Ajustes";
pub const PURPOSE: &str = "A quién avisa la plataforma, cuándo y con qué servicios.";
pub const ALERTS: &str = "Avisos";
pub const LISTS: &str = "Quién recibe correos";
pub const LISTS_HINT: &str = "Una dirección por renglón. Una lista vacía avisa a todos los superadmins activos.";
pub const TIMES: &str = "Cuándo sale un correo";
pub const TIMES_HINT: &str =
    "El aviso aparece en la campana al instante; estos tiempos solo demoran lo que sale por correo.";
pub const MONITORS: &str = "Monitores y proyectos";
pub const SAVE: &str = "Guardar cambios";
pub const DISCARD: &str = "Descartar";
pub const SAVED: &str = "Guardamos los ajustes.";
pub const NOTHING_CHANGED: &str = "No había nada que guardar.";
pub const READ_ONLY: &str = "Podés ver los ajustes; para cambiarlos hace falta un administrador.";
pub const FIX: &str = "No se guardó nada: revisá los campos marcados.";
pub const CONFLICT: &str =
    "Alguien guardó otros ajustes mientras editabas. Lo que escribiste sigue acá: revisalo y volvé a guardar.";

pub const LIST_SYSTEM: &str = "Sistema";
pub const LIST_SYSTEM_HINT: &str = "Incidentes críticos y backups fallidos.";
pub const LIST_ESCALATION: &str = "Segunda lista";
pub const LIST_ESCALATION_HINT: &str = "Críticos que nadie tomó a tiempo.";
pub const LIST_GENERAL: &str = "General";
pub const LIST_GENERAL_HINT: &str = "Pedidos y consultas de marcas.";
pub const LIST_UGC: &str = "UGC";
pub const LIST_UGC_HINT: &str = "Creadores y campañas.";
pub const LIST_STUDIO: &str = "Studio";
pub const LIST_STUDIO_HINT: &str = "Reservas y servicios.";

pub const GROUP_WAIT: &str = "Primera espera (segundos)";
pub const GROUP_WAIT_HINT: &str = "Junta en un correo lo que empieza a la vez.";
pub const GROUP_INTERVAL: &str = "Entre correos de una fuente (minutos)";
pub const GROUP_INTERVAL_HINT: &str = "Otros incidentes de la misma fuente esperan esto.";
pub const REPEAT: &str = "Repetir lo que nadie toma (horas)";
pub const REPEAT_HINT: &str = "Mientras siga abierto y sin tomar.";
pub const ESCALATE_FIRST: &str = "Crítico, a más tardar (minutos)";
pub const ESCALATE_FIRST_HINT: &str = "Sale por correo aunque su fuente tenga que esperar.";
pub const ESCALATE_SECOND: &str = "Segunda lista (minutos)";
pub const ESCALATE_SECOND_HINT: &str = "Si nadie tomó un crítico en este tiempo.";
pub const REOPEN_WINDOW: &str = "Reabrir dentro de (días)";
pub const REOPEN_WINDOW_HINT: &str = "Lo que vuelve en este plazo es el mismo incidente.";
pub const KEEP_INFO: &str = "Guardar información (días)";
pub const KEEP_INFO_HINT: &str = "Avisos de nivel información.";
pub const KEEP_OTHERS: &str = "Guardar el resto (días)";
pub const KEEP_OTHERS_HINT: &str = "Advertencias, errores y críticos.";
pub const MONITOR_PROJECTS: &str = "Monitor = proyecto de Sentry";
pub const MONITOR_PROJECTS_HINT: &str = "Un par por renglón, con el nombre o el número del monitor. Con el monitor caído, los errores de ese proyecto no salen por correo.";
pub const SECOND_AFTER_FIRST: &str = "Tiene que ser más que el plazo del primer correo.";

pub const TEST: &str = "Probar cada canal";
pub const TEST_IN_APP: &str = "En la campana";
pub const TEST_EMAIL: &str = "Por correo, a la lista Sistema";
pub const TEST_WHATSAPP: &str = "Por WhatsApp";
pub const TEST_PHONE: &str = "Número que lo recibe";
pub const BAD_PHONE: &str = "Escribí un celular de Paraguay, como 0981 123 456, o uno de otro país con su + adelante.";
pub const TESTED_WHATSAPP: &str =
    "Listo: el mensaje de prueba está por salir. Su estado se ve en Correos, pestaña WhatsApp.";
pub const TEST_SENTRY: &str = "Sentry, ida y vuelta";
pub const SEND_TEST: &str = "Enviar prueba";
pub const TEST_SENTRY_LINK: &str = "Probar en Seguridad";
pub const TESTED_IN_APP: &str = "Listo: el aviso de prueba ya está en la campana.";
pub const NOT_CONFIGURED: &str = "No configurado";
pub const CONFIGURED: &str = "Configurado";
pub const UNKNOWN_CHANNEL: &str = "Ese canal no existe.";

pub const INTEGRATIONS: &str = "Integraciones";
pub const INTEGRATIONS_HINT: &str = "Se configuran por variables de entorno. Acá nunca se muestra una clave.";
pub const MAIL: &str = "Correo";
pub const WHATSAPP: &str = "WhatsApp";
pub const SENTRY: &str = "Errores hacia Sentry";
pub const SENTRY_HOOK: &str = "Alertas desde Sentry";
pub const UPTIMEROBOT_HOOK: &str = "Alertas desde UptimeRobot";
pub const RESEND_HOOK: &str = "Rebotes desde Resend";
pub const METRICS: &str = "Métricas";

pub const UGC: &str = "Campañas";
pub const UGC_HINT: &str =
    "Cuánto espera cada quien, en días hábiles. Pasado el plazo se avisa y vuelve a vencer; nunca cambia un estado.";
pub const WHATSAPP_MARCAS: &str = "WhatsApp del equipo";
pub const WHATSAPP_MARCAS_HINT: &str =
    "Recibe postulaciones, publicaciones y cancelaciones, y es el contacto en los correos. Vacío: ninguno.";
pub const WAIT_APPLIED: &str = "Responder una postulación";
pub const WAIT_APPLIED_HINT: &str = "Desde que llega.";
pub const WAIT_SHORTLISTED: &str = "Decidir una preselección";
pub const WAIT_SHORTLISTED_HINT: &str = "Desde que se preselecciona.";
pub const WAIT_REVIEW: &str = "Revisar una publicación";
pub const WAIT_REVIEW_HINT: &str = "Desde que el creador registra el enlace.";
pub const WAIT_CHANGES: &str = "Corregir una publicación";
pub const WAIT_CHANGES_HINT: &str = "Lo que tiene el creador desde que se le piden cambios.";
pub const WAIT_CLOSE: &str = "Cerrar una entrega";
pub const WAIT_CLOSE_HINT: &str = "Desde que llegan sus métricas o se rechaza su publicación.";
pub const WAIT_OVERDUE: &str = "Insistir con una entrega vencida";
pub const WAIT_OVERDUE_HINT: &str = "Cada cuánto se vuelve a avisar al equipo.";
pub const HOLIDAYS: &str = "Feriados";
pub const HOLIDAYS_HINT: &str = "Una fecha por renglón, como 25/12/2026. Los fines de semana no hace falta.";

/// A line that isn't a day.
pub fn bad_day(line: usize) -> String {
    format!("El renglón {line} no es una fecha que exista: escribila como 25/12/2026.")
}

/// Who gets mail about incidents now, in one sentence.
pub fn state(system: usize, superadmins: usize) -> String {
    match (system, superadmins) {
        (0, 0) => "Hoy nadie recibe correos de incidentes: no hay lista ni superadmin activo con correo.".into(),
        (0, people) => format!(
            "Los incidentes críticos van por correo a {}, porque la lista Sistema está vacía.",
            counted(people as u64, "superadmin activo", "superadmins activos")
        ),
        (listed, _) => {
            format!("Los incidentes críticos van por correo a {}.", counted(listed as u64, "dirección", "direcciones"))
        }
    }
}

/// What an empty list means now.
pub fn nobody_listed(superadmins: &[String]) -> String {
    superadmins.join("\n")
}

/// How many mails wait to go.
pub fn tested_email(addresses: usize) -> String {
    match addresses {
        0 => "No hay a quién enviar: cargá la lista Sistema.".into(),
        addresses => {
            let addresses = counted(addresses as u64, "dirección", "direcciones");
            format!("La prueba va en camino a {addresses}. Seguila en Correos.")
        }
    }
}

/// A number outside its limits.
pub fn out_of_range(min: u32, max: u32) -> String {
    format!("Escribí un número entero entre {min} y {max}.")
}

/// Entries no mail would reach.
pub fn bad_addresses(bad: &[String]) -> String {
    format!("No son direcciones de correo: {}.", bad.join(", "))
}

/// A list that is too long.
pub fn too_many(most: usize) -> String {
    format!("Entran como mucho {most}.")
}

/// A line that isn't a pair.
pub fn bad_monitor(line: usize) -> String {
    format!("El renglón {line} no tiene la forma «monitor = proyecto».")
}
