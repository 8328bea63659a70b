//! The words of background work.

use std::borrow::Cow;
use std::time::Duration;

use super::number::counted;
use crate::jobs::{RunStatus, Timing};
use crate::ui::Tone;

/// What a job of the adopted data says while the previous system is in charge.
pub const PAUSED: &str = "En pausa: todavía manda el sistema anterior";

/// The page.
pub const TITLE: &str = "Tareas";
/// What it is for.
pub const PURPOSE: &str =
    "El trabajo que la plataforma hace sola: qué corre y cuándo, qué espera y qué no se pudo terminar.";
/// Jobs that could run now.
pub const DUE: &str = "Esperan turno";
/// Nothing waits.
pub const NOTHING_DUE: &str = "Nada atrasado";
/// Jobs wanted later.
pub const LATER: &str = "Para más tarde";
/// What those are.
pub const LATER_DETAIL: &str = "Programadas o por reintentar";
/// Jobs that run.
pub const RUNNING: &str = "En curso";
/// Dead letters.
pub const DEAD: &str = "Sin resolver";
/// There are none.
pub const NONE_DEAD: &str = "Todo terminó bien";
/// What to do with them.
pub const DEAD_DETAIL: &str = "Necesitan una decisión";
/// The section of dead letters.
pub const DEAD_TITLE: &str = "Tareas que no se pudieron terminar";
/// What they are.
pub const DEAD_PURPOSE: &str =
    "Usaron todos sus intentos. Reintentá cuando la causa esté resuelta, o descartá lo que ya no haga falta.";
/// Nobody works.
pub const NO_WORKER: &str = "Ningún proceso está haciendo el trabajo de fondo";
/// What to do about it.
pub const NO_WORKER_BODY: &str =
    "Las tareas esperan y no se pierden. Iniciá «canje worker», o el sitio sin la opción --no-worker.";
/// The section of schedules.
pub const SCHEDULES: &str = "Programadas";
/// No schedules.
pub const NO_SCHEDULES: &str = "Todavía no hay tareas programadas";
/// Why.
pub const NO_SCHEDULES_HINT: &str = "Cada función agrega las suyas.";
/// The section of runs.
pub const RUNS: &str = "Ejecuciones";
/// What it lists.
pub const RUNS_PURPOSE: &str = "Las programadas, las pedidas a mano y las que dejaron algo dicho. Las tareas cortas que salieron bien no dejan registro.";
/// No runs.
pub const NO_RUNS: &str = "Ninguna ejecución con este filtro";
/// What to do.
pub const NO_RUNS_HINT: &str = "Probá con otra tarea o con otro estado.";
/// No runs at all.
pub const NO_RUNS_YET: &str = "Todavía no hay ejecuciones";
/// When there will be.
pub const NO_RUNS_YET_HINT: &str = "La primera aparece cuando llegue la hora de una tarea programada.";

pub const COLUMN_JOB: &str = "Tarea";
pub const COLUMN_WHEN: &str = "Cuándo";
pub const COLUMN_LAST: &str = "Última vez";
pub const COLUMN_DURATION: &str = "Duración";
pub const COLUMN_NEXT: &str = "Próxima";
pub const COLUMN_RESULT: &str = "Resultado";
pub const COLUMN_STATUS: &str = "Estado";
pub const COLUMN_CREATED: &str = "Pedida";
pub const COLUMN_ERROR: &str = "Motivo";
pub const COLUMN_ACTIONS: &str = "Acciones";
/// A schedule that never ran.
pub const NEVER_RAN: &str = "Todavía no corrió";
/// A text that isn't there.
pub const NONE: &str = "—";

pub const FILTER_JOB: &str = "Tarea";
pub const FILTER_STATUS: &str = "Estado";
pub const ANY_JOB: &str = "Todas";
pub const ANY_STATUS: &str = "Todos";
pub const FILTER: &str = "Filtrar";
pub const BAD_PLACE: &str = "Ese lugar de la lista no existe: volvé a la primera página.";
pub const BAD_STATUS: &str = "Ese estado no existe.";

pub const RUN_NOW: &str = "Ejecutar ahora";
pub const RUN_NOW_DONE: &str = "La tarea está en marcha: esta página muestra cómo va.";
pub const RETRY: &str = "Reintentar";
pub const RETRY_DONE: &str = "La tarea volvió a la cola.";
pub const DISCARD: &str = "Descartar";
pub const DISCARD_DONE: &str = "Tarea descartada.";
pub const DISCARD_TITLE: &str = "Descartar la tarea";
pub const DISCARD_BODY: &str =
    "No se va a intentar nunca más y su contenido se borra de la cola. Queda en la auditoría quién la descartó.";
pub const DISCARD_CONFIRM: &str = "Descartar la tarea";
pub const CANCEL: &str = "Cancelar la ejecución";
pub const CANCEL_DONE: &str = "Pedimos que termine: la tarea se detiene en unos segundos.";
pub const CANCEL_TITLE: &str = "Cancelar la ejecución";
pub const CANCEL_BODY: &str =
    "Lo que la tarea ya hizo queda hecho; lo que falta no se hace. Si está programada, vuelve a correr a su hora.";
pub const CANCEL_CONFIRM: &str = "Cancelar la ejecución";

pub const STARTED: &str = "Empezó";
pub const FINISHED: &str = "Terminó";
pub const SCHEDULED_FOR: &str = "Programada para";
pub const ASKED_BY: &str = "Pedida por";
pub const ATTEMPTS: &str = "Intentos";
pub const INSTANCE: &str = "Proceso";
pub const RUN_ID: &str = "Ejecución";
pub const TECHNICAL_NAME: &str = "Nombre técnico";
pub const ERROR: &str = "Por qué no se pudo";
pub const PROGRESS: &str = "Progreso";
pub const LOG: &str = "Lo que fue diciendo";
pub const NO_LOG: &str = "Esta ejecución no dijo nada.";
pub const REFRESH: &str = "Actualizar";

/// `canje jobs list`.
pub const CLI_LIST: &str = "Programadas, cola y tareas sin resolver";
/// `canje jobs run`.
pub const CLI_RUN: &str = "Ejecuta una tarea programada ahora, en este proceso";
/// Its name.
pub const CLI_NAME: &str = "El nombre técnico, como lo muestra «canje jobs list»";
/// For programs.
pub const CLI_JSON: &str = "Responde en JSON";

/// A name nobody knows.
pub fn unknown(name: &str, known: &[&str]) -> String {
    format!("No hay una tarea programada «{name}». Hay: {}.", known.join(", "))
}

/// A schedule on the terminal.
pub fn cli_schedule(name: &str, timing: &str, last: &str, next: &str) -> String {
    format!("{name}\n  {timing} · última: {last} · próxima: {next}")
}

/// The queue on the terminal.
pub fn cli_backlog(due: u64, running: u64, later: u64, dead: u64) -> String {
    format!("Cola: {due} esperan, {running} en curso, {later} para más tarde, {dead} sin resolver.")
}

/// A dead letter on the terminal.
pub fn cli_dead(id: &str, job: &str, error: &str) -> String {
    format!("Sin resolver: {job} ({id}): {error}")
}

/// How a run on the terminal ended.
pub fn cli_ended(name: &str, status: &str, why: Option<&str>) -> String {
    match why {
        Some(why) => format!("{name}: {status}. {why}"),
        None => format!("{name}: {status}."),
    }
}

/// A job in words; none for a name nobody wrote words for.
pub fn job(name: &str) -> Option<&'static str> {
    Some(match name {
        "backups.take" => "Hacer un backup",
        "backups.daily" => "Backup diario, al primer destino",
        "backups.weekly" => "Backup semanal, a todos los destinos",
        "backups.monthly_drill" => "Ensayo mensual de restauración",
        "applications.check_invariants" => "Comparar campañas, postulaciones y entregas",
        "backups.reread" => "Releer una parte de los backups guardados",
        "backups.watch" => "Vigilar que los backups estén al día",
        "campaigns.contracts" => "Contratos: vencer, recargar cupos y cerrar postulaciones viejas",
        "campaigns.deadline_mails" => "Enviar por e-mail un cambio de plazos",
        "diffs.run" => "Comparar dos bases",
        "mail.send_outbox" => "Enviar los mensajes que esperan",
        "mail.watch_outbox" => "Vigilar la bandeja de salida",
        "notifications.dispatch" => "Enviar los avisos de incidentes",
        "backups.verify_upload" => "Verificar un archivo de backup",
        "backups.prune" => "Borrar los backups que sobran, según un plan aprobado",
        "webhooks.process" => "Procesar lo que llega de otros servicios",
        "restores.extract_document" => "Buscar un documento en un backup",
        "restores.expire_previews" => "Borrar las copias de prueba vencidas",
        "media.destroy_orphans" => "Eliminar imágenes sin uso",
        "restores.run" => "Restaurar un backup en una base nueva",
        "news.broadcast_campaign" => "Difundir una campaña nueva a los creadores",
        "news.daily_applications" => "Contar a las marcas las postulaciones de ayer",
        "news.send_reminders" => "Recordar entregas y resumirlas al equipo",
        "waits.escalate" => "Vigilar que nadie espere sin fin",
        "trial.nothing" => "Prueba: no hace nada",
        "trial.stumble" => "Prueba: tropieza una vez",
        "trial.write_ledger" => "Prueba: anota un número",
        _ => return None,
    })
}

/// A job's name for people: in words, else as it is.
pub fn job_or_name(name: &str) -> String {
    job(name).map_or_else(|| name.to_owned(), str::to_owned)
}

/// How long the oldest job has waited.
pub fn oldest(waited: &str) -> String {
    format!("La más antigua espera hace {waited}")
}

/// Places of work.
pub fn workers(count: u64) -> String {
    counted(count, "proceso trabajando", "procesos trabajando")
}

/// What is shown of the record.
pub fn shown(count: u64) -> String {
    counted(count, "ejecución en esta página", "ejecuciones en esta página")
}

/// «12 de 40».
pub fn of_total(done: &str, total: &str) -> String {
    format!("{done} de {total}")
}

/// How a run is.
pub fn status(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Waiting => "En cola",
        RunStatus::Running => "En curso",
        RunStatus::Retrying => "Por reintentar",
        RunStatus::Done => "Terminada",
        RunStatus::Dead => "Sin resolver",
        RunStatus::Discarded => "Descartada",
        RunStatus::Cancelled => "Cancelada",
    }
}

/// The dot beside it.
pub fn tone(status: RunStatus) -> Tone {
    match status {
        RunStatus::Waiting | RunStatus::Discarded | RunStatus::Cancelled => Tone::Neutral,
        RunStatus::Running => Tone::Info,
        RunStatus::Retrying => Tone::Attention,
        RunStatus::Done => Tone::Good,
        RunStatus::Dead => Tone::Bad,
    }
}

/// When a schedule runs, as people say it; an unusual expression stays as written.
pub fn timing(timing: &Timing) -> Cow<'static, str> {
    match timing {
        Timing::Every(period) => every(*period).into(),
        Timing::Cron(cron) => {
            cron_in_words(cron.as_str()).unwrap_or_else(|| format!("cron «{}»", cron.as_str())).into()
        }
    }
}

fn every(period: Duration) -> String {
    let one_of = |count: u64, one: &str, many: &str| {
        if count == 1 { format!("Cada {one}") } else { format!("Cada {}", counted(count, one, many)) }
    };
    match period.as_secs() {
        seconds if seconds % 3_600 == 0 => one_of(seconds / 3_600, "hora", "horas"),
        seconds if seconds % 60 == 0 => one_of(seconds / 60, "minuto", "minutos"),
        seconds => one_of(seconds, "segundo", "segundos"),
    }
}

fn cron_in_words(expression: &str) -> Option<String> {
    const DAYS: [&str; 7] = ["domingos", "lunes", "martes", "miércoles", "jueves", "viernes", "sábados"];
    let fields: Vec<_> = expression.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else { return None };
    if month != "*" {
        return None;
    }
    if [hour, day, weekday] == ["*", "*", "*"] {
        let minutes = if minute == "*" { 1 } else { minute.strip_prefix("*/")?.parse().ok()? };
        return Some(every(Duration::from_secs(60 * minutes)));
    }
    let clock = format!("{:02}:{:02}", hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    Some(match (day, weekday) {
        ("*", "*") => format!("Todos los días, {clock}"),
        ("*", weekday) => format!("Los {}, {clock}", DAYS.get(weekday.parse::<usize>().ok()?)?),
        (day, "*") => format!("El día {} de cada mes, {clock}", day.parse::<u8>().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_as_people_say_them() {
        for (expression, expected) in [
            ("0 6 * * *", "Todos los días, 06:00"),
            ("30 3 1 * *", "El día 1 de cada mes, 03:30"),
            ("0 9 * * 1", "Los lunes, 09:00"),
            ("*/5 * * * *", "Cada 5 minutos"),
            ("* * * * *", "Cada minuto"),
            ("0 9-17 * * 1-5", "cron «0 9-17 * * 1-5»"),
        ] {
            assert_eq!(timing(&Timing::cron(expression).unwrap()), expected);
        }
        assert_eq!(timing(&Timing::Every(Duration::from_secs(30))), "Cada 30 segundos");
        assert_eq!(timing(&Timing::Every(Duration::from_secs(7_200))), "Cada 2 horas");
    }

    #[test]
    fn every_job_has_its_words() {
        let unnamed: Vec<_> =
            crate::worker::registry().names().into_iter().filter(|name| job(name).is_none()).collect();
        assert!(unnamed.is_empty(), "write words for {unnamed:?} in i18n::jobs::job");
    }
}
