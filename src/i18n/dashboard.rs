//! The words of the back office's first page.

use crate::adopt::RunState;

use super::number::{counted, integer};

/// The page's title.
pub const TITLE: &str = "Inicio";
/// Below it.
pub const PURPOSE: &str = "Lo que pide atención, las cifras de cada módulo y cómo está el sistema.";
/// What needs somebody.
pub const ATTENTION: &str = "Para atender";
/// Nothing does.
pub const NOTHING_URGENT: &str = "Nada pide atención en este momento.";
/// The figures.
pub const FIGURES: &str = "Módulos";
/// How the system is.
pub const HEALTH: &str = "Estado del sistema";
/// What happened lately.
pub const RECENT: &str = "Actividad reciente";
/// The whole audit log.
pub const ALL_ACTIVITY: &str = "Ver toda la auditoría";
/// A figure that couldn't be read.
pub const NOT_READ: &str = "No se pudo leer";
/// Accounts.
pub const ACCOUNTS: &str = "Cuentas";
/// Imported databases.
pub const IMPORTED: &str = "Datos importados";
/// Audit rows of the day.
pub const TODAY: &str = "Registros en 24 horas";
/// Somebody whose modules aren't there yet.
pub const NO_MODULES: &str = "Todavía no hay módulos para tu rol";
/// What they can do.
pub const NO_MODULES_HINT: &str = "Cuando estén, aparecen acá. Mientras tanto podés ver tu perfil y tus sesiones.";
/// Nothing on record.
pub const NO_ACTIVITY: &str = "Todavía no hay actividad registrada";
/// The database.
pub const DATABASE: &str = "Base de datos";
/// Whose data it is.
pub const MASTER: &str = "Quién manda";
/// The newest import.
pub const LAST_IMPORT: &str = "Última importación";
/// The newest adoption.
pub const LAST_ADOPTION: &str = "Última adopción";
/// None of them yet.
pub const NONE_YET: &str = "Ninguna todavía";
/// The banner of a mirror.
pub const MIRROR_TITLE: &str = "Vista previa: todavía manda el sistema anterior";
/// What a mirror means.
pub const MIRROR_BODY: &str = "Esta base es una copia: se mira, pero no se cambia hasta terminar la adopción.";
/// The platform is in charge.
pub const MASTER_PLATFORM: &str = "Esta plataforma";
/// The legacy system is in charge.
pub const MASTER_LEGACY: &str = "El sistema anterior (esta base lo copia)";

/// Incidents.
pub const INCIDENTS: &str = "Incidentes críticos";
/// None waits.
pub const NO_CRITICALS: &str = "ninguno sin tomar";
/// Background work.
pub const BACKGROUND: &str = "Tareas";
/// Mail that waits.
pub const OUTBOX: &str = "Correos por salir";
/// None waits.
pub const OUTBOX_EMPTY: &str = "ninguno en espera";

/// The queue, and the newest run.
pub fn queue(due: &str, dead: u64, newest: Option<&str>) -> String {
    let dead = match dead {
        0 => String::new(),
        dead => format!(", {} sin atender", counted(dead, "fallida", "fallidas")),
    };
    let newest = newest.map(|newest| format!(" · {newest}")).unwrap_or_default();
    format!("{due} en espera{dead}{newest}")
}
/// The newest run.
pub fn newest_run(job: &str, when: &str) -> String {
    format!("última: {job}, {when}")
}
/// The provider takes nothing.
pub fn outbox_held(reason: &str) -> String {
    format!("retenidos: {reason}")
}
/// They wait for too long.
pub fn outbox_stalled(due: u64) -> String {
    format!("{} sin salir hace más de 10 minutos", counted(due, "correo", "correos"))
}
/// They wait.
pub fn outbox_waiting(due: u64) -> String {
    format!("{} en espera", counted(due, "correo", "correos"))
}

/// The greeting.
pub fn greeting(name: &str) -> String {
    format!("Hola, {name}")
}
/// Accounts that can't sign in.
pub fn conflicts(count: u64) -> String {
    let accounts = counted(count, "cuenta comparte", "cuentas comparten");
    format!("{accounts} su e-mail con otra y no pueden entrar hasta que el equipo lo resuelva")
}
/// A half-made database.
pub fn unfinished(database: &str) -> String {
    format!("La base «{database}» quedó a medio importar: no la uses. Para quitarla: canje import --discard {database}")
}
/// Refused sign-ins.
pub fn refused(count: u64) -> String {
    format!("{} en las últimas 24 horas", counted(count, "ingreso rechazado", "ingresos rechazados"))
}
/// Below the accounts.
pub fn conflicts_detail(count: u64) -> String {
    if count == 0 { "todas con su e-mail".into() } else { format!("{} sin e-mail propio", integer(count)) }
}
/// Below the imported documents.
pub fn databases(count: u64) -> String {
    format!("documentos en {}", counted(count, "base verificada", "bases verificadas"))
}
/// The database answers.
pub fn answers(host: &str, version: &str, milliseconds: &str) -> String {
    format!("{host}, versión {version}, responde en {milliseconds} ms")
}
/// The database doesn't answer.
pub fn silent(host: &str) -> String {
    format!("{host} no responde")
}
/// An adoption.
pub fn adopted(state: RunState, when: &str, findings: u64) -> String {
    let state = match state {
        RunState::Running => "en curso desde",
        RunState::Done => "completa,",
        RunState::Failed => "falló,",
        RunState::Interrupted => "interrumpida,",
    };
    format!("{state} {when}, {}", counted(findings, "hallazgo", "hallazgos"))
}
/// How often in a row.
pub fn times(count: u64) -> String {
    format!("{} veces seguidas", integer(count))
}

pub const BACKUP: &str = "Backup";
pub const NO_BACKUP: &str = "No hay ningún backup completo";

/// How old the newest complete backup is.
pub fn newest_backup(age: &str) -> String {
    format!("El último completo es de {age}")
}
