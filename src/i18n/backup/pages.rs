//! Words of the list of backups, of a run under way, and of what can be asked for.

use crate::backup::model::{Label, State, Trigger};
use crate::i18n::format;
use crate::i18n::number::integer;
use crate::ui::Tone;

pub const TITLE: &str = "Backups";
pub const PURPOSE: &str =
    "Cada backup se relee de cada destino, se restaura de prueba y se compara documento por documento.";
pub const RUN_NOW: &str = "Hacer backup ahora";
pub const RUN_TITLE: &str = "Hacer un backup ahora";
pub const RUN_BODY: &str = "Se leen todas las bases, se guarda en todos los destinos y se prueba de punta a punta. Podés seguir trabajando mientras tanto.";
pub const REASON: &str = "Motivo";
pub const REASON_HINT: &str = "Queda en el registro, por ejemplo «antes de limpiar las imágenes».";
pub const RUN_CONFIRM: &str = "Empezar el backup";
pub const STARTED: &str = "El backup empezó. Esta página muestra cómo va.";
pub const NAV: &str = "Secciones de backups";
pub const TAB_RUNS: &str = "Historial";
pub const TAB_RESTORES: &str = "Restauraciones";
pub const TAB_DIFFS: &str = "Comparar";
pub const TAB_VERIFY: &str = "Verificar archivo";
pub const TAB_KEYS: &str = "Claves";
pub const TAB_RETENTION: &str = "Retención";
pub const NO_STORES: &str = "No hay ningún destino configurado";
pub const NO_STORES_BODY: &str =
    "Sin destinos no se puede hacer ningún backup. Configurá Cloudinary, S3 o una carpeta y reiniciá el servidor.";
pub const RECOVERY_TITLE: &str = "La clave de recuperación no está confirmada";
pub const RECOVERY_BODY: &str =
    "Si se pierde este servidor, solo esa clave abre los backups. Imprimila, guardala lejos de acá y confirmalo.";
pub const RECOVERY_LINK: &str = "Confirmar que está guardada";
pub const COLUMN_DATE: &str = "Fecha";
pub const COLUMN_STATE: &str = "Estado";
pub const COLUMN_TRIGGER: &str = "Origen";
pub const COLUMN_LABEL: &str = "Consistencia";
pub const COLUMN_COLLECTIONS: &str = "Colecciones";
pub const COLUMN_DOCUMENTS: &str = "Documentos";
pub const COLUMN_SIZE: &str = "Tamaño";
pub const COLUMN_STORES: &str = "Destinos releídos";
pub const COLUMN_RESTORED: &str = "Restauración probada";
pub const RUNS: &str = "Backups hechos";
pub const FILTER: &str = "Estado";
pub const ALL_STATES: &str = "Todos";
pub const COMPLETE_ONES: &str = "Completos";
pub const FAILED_ONES: &str = "Fallidos";
pub const CANCELLED_ONES: &str = "Cancelados";
pub const ACTIVE: &str = "En curso";
pub const NONE_YET: &str = "Todavía no hay ningún backup";
pub const NONE_YET_HINT: &str = "Hacé el primero ahora: en el entorno de demostración tarda unos segundos.";
pub const NONE_FOUND: &str = "Ningún backup está en ese estado";
pub const SHOW_ALL: &str = "Ver todos";
pub const TWINS: &str = "En la demostración los destinos son gemelos locales: nada sale de esta máquina.";
pub const TWIN: &str = "gemelo local";
pub const HELD: &str = "conservado";
pub const PRUNED: &str = "depurado";
pub const NOT_PROVEN: &str = "sin releer";
pub const NEVER: &str = "—";

pub const PROGRESS: &str = "Avance";
pub const REFRESH: &str = "Actualizar";
pub const CANCEL: &str = "Cancelar backup";
pub const CANCEL_TITLE: &str = "Cancelar este backup";
pub const CANCEL_BODY: &str = "Lo que ya se guardó no cuenta como backup. Los backups anteriores quedan como están.";
pub const CANCEL_CONFIRM: &str = "Cancelar el backup";
pub const CANCELLED: &str = "Pedimos que el backup se detenga; termina en el próximo paso.";
pub const ALREADY_OVER: &str = "Ese backup ya había terminado.";
pub const COLLECTIONS_READ: &str = "Colecciones leídas";
pub const STEPS_SO_FAR: &str = "Pasos hechos";
pub const LIVE_NOTE: &str = "Esta página se actualiza sola mientras el backup avanza.";

/// A state in words.
pub fn state(state: State) -> &'static str {
    match state {
        State::Queued => "En cola",
        State::Planned => "Preparado",
        State::Scanning => "Leyendo",
        State::Sealed => "Sellado",
        State::Uploaded => "Subido",
        State::ReadBack => "Releído",
        State::TestRestored => "Restaurado de prueba",
        State::Complete => "Completo",
        State::Failed => "Fallido",
        State::Cancelled => "Cancelado",
    }
}

/// Only a complete one is green.
pub fn tone(state: State) -> Tone {
    match state {
        State::Complete => Tone::Good,
        State::Failed => Tone::Bad,
        State::Cancelled => Tone::Neutral,
        _ => Tone::Info,
    }
}

/// What is being done in a state: the state names what was reached, this what comes next.
pub fn doing(state: State) -> &'static str {
    match state {
        State::Queued => "Esperando su turno",
        State::Planned => "Preparando la lectura",
        State::Scanning => "Leyendo cada documento de cada colección",
        State::Sealed => "Subiendo las partes cifradas",
        State::Uploaded => "Releyendo cada copia desde su destino",
        State::ReadBack => "Restaurando de prueba y comparando",
        State::TestRestored => "Cerrando el acta",
        State::Complete | State::Failed | State::Cancelled => "Terminado",
    }
}

/// Why it was started.
pub fn trigger(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Schedule => "Programado",
        Trigger::Manual => "A mano",
        Trigger::PreMigration => "Antes de migrar",
    }
}

/// A label in two words.
pub fn label(label: Label) -> &'static str {
    match label {
        Label::SnapshotProven => "Instantánea probada",
        Label::Transaction => "Una transacción",
        Label::FixedUp => "Reparado a un momento",
        Label::Quiescent => "Sin cambios",
        Label::PerCollection => "Por colección",
    }
}

/// What a label promises.
pub fn label_meaning(label: Label) -> &'static str {
    match label {
        Label::SnapshotProven => {
            "Todo se leyó en un mismo instante del clúster, y se comprobó que el servidor lo respeta."
        }
        Label::Transaction => {
            "Todas las lecturas se hicieron dentro de una sola transacción: un mismo momento para todo."
        }
        Label::FixedUp => {
            "La lectura fue larga; lo que cambió mientras tanto se volvió a leer, así que todo corresponde a un mismo momento."
        }
        Label::Quiescent => {
            "Nada cambió entre la primera lectura y la última, así que todo corresponde a un mismo momento."
        }
        Label::PerCollection => {
            "Cada colección es lo que devolvió su propia lectura: no hay un momento común a todas. No sirve para autorizar una migración."
        }
    }
}

pub fn collections(count: u64) -> String {
    format::counted(count, "colección", "colecciones")
}

pub fn documents(count: u64) -> String {
    format::counted(count, "documento", "documentos")
}

/// Follows a figure on a phone.
pub fn unit(count: i64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

pub fn shown(count: u64) -> String {
    format::counted(count, "backup en esta página", "backups en esta página")
}

/// Places, as the claim counts them.
pub fn places(count: u64) -> String {
    match count {
        1 => "1 destino".to_owned(),
        _ => format!("{} destinos independientes", integer(count)),
    }
}

/// The first sentence of the list, when all is well.
pub fn newest(age: &str, at: &str, documents: u64, places_: u64) -> String {
    format!(
        "El último backup completo es de {age} ({at}): {} en {}, con una restauración de prueba comparada.",
        self::documents(documents),
        places(places_)
    )
}

pub const NO_COMPLETE: &str = "No hay ningún backup completo.";
pub const NO_COMPLETE_BODY: &str =
    "Hoy no podrías recuperar los datos. Hacé un backup ahora y leé su acta cuando termine.";

pub const NOWHERE: &str = "El último backup completo ya no está entero en ningún destino.";
pub const NOWHERE_BODY: &str = "Hacé uno nuevo ahora y mirá qué dice el acta del anterior.";

pub fn too_old(age: &str) -> String {
    format!("El último backup completo es de {age}: pasó más de un día sin uno nuevo.")
}

pub const TOO_OLD_BODY: &str =
    "El backup diario tendría que haber corrido a las 03:00. Hacé uno ahora y revisá los fallidos.";
pub const ONE_PLACE_BODY: &str = "Está en un solo destino; el backup semanal y los hechos a mano van a todos.";

pub fn under_way(doing: &str) -> String {
    format!("Hay un backup en curso: {}.", doing.to_lowercase())
}

pub const SEE_PROGRESS: &str = "Ver cómo va";

pub fn read_so_far(done: i64, total: i64, documents: u64) -> String {
    match total {
        0 => self::documents(documents),
        _ => format!("{} de {} · {}", integer(done), collections(total.unsigned_abs()), self::documents(documents)),
    }
}

/// «Cloudinary releído», for the list's marks.
pub fn proven(store: &str) -> String {
    format!("{store}: releído y correcto")
}

pub fn unproven(store: &str) -> String {
    format!("{store}: sin releer o con problemas")
}

pub fn title_of(at: &str) -> String {
    format!("Backup del {at}")
}

pub const HOLD: &str = "Conservar siempre";
pub const HOLD_TITLE: &str = "Conservar este backup";
pub const HOLD_BODY: &str = "La política de retención no lo va a borrar mientras esté conservado.";
pub const HOLD_REASON: &str = "Por qué";
pub const HOLD_REASON_MISSING: &str = "Escribí por qué se conserva, entre 3 y 200 caracteres.";
pub const HOLD_CONFIRM: &str = "Conservar el backup";
pub const HOLD_DONE: &str = "El backup queda conservado.";
pub const RELEASE: &str = "Dejar de conservar";
pub const RELEASE_DONE: &str = "El backup vuelve a la política de retención.";
pub const BAD_REASON: &str = "El motivo tiene como mucho 200 caracteres.";
