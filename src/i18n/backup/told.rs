//! What is said of runs outside of them: the command line and the notices.

use jiff::Timestamp;

use super::run::{SHRANK_REMEDY, VANISHED_REMEDY};
use crate::backup::model::{Finding, Progress};
use crate::backup::record::BackupRun;
use crate::backup::run::Residue;
use crate::i18n::format::{date_time, size};
use crate::i18n::number::counted;

// The command line.
pub const NO_RUNS: &str = "Todavía no hay backups.";

pub fn begun(id: &str) -> String {
    format!("Backup {id}")
}

pub fn progress(state: &str, progress: &Progress) -> String {
    let share = progress.permille.map(|permille| format!(" {} %", permille / 10)).unwrap_or_default();
    format!("{state}: {}{share}", progress.current)
}

pub fn ended(state: &str, error: Option<&str>) -> String {
    match error {
        Some(error) => format!("{state}: {error}"),
        None => format!("{state}."),
    }
}

pub fn finding(severity: &str, finding: &Finding) -> String {
    match &finding.namespace {
        Some(namespace) => format!("{severity}: {namespace}: {}", finding.detail),
        None => format!("{severity}: {}", finding.detail),
    }
}

pub fn summary(run: &BackupRun, at: Option<Timestamp>) -> String {
    let mut lines = vec![format!("{}  {}", run.id, at.map(date_time).unwrap_or_default())];
    for namespace in &run.collections {
        lines.push(format!(
            "  {}.{}  {}  {}",
            namespace.database,
            namespace.name,
            counted(namespace.documents.unsigned_abs(), "documento", "documentos"),
            namespace.h_set
        ));
    }
    for excluded in &run.excluded {
        lines.push(format!("  {}  excluido: {}", excluded.namespace, excluded.reason));
    }
    for there in &run.destinations {
        let state = if there.ok { "releído, igual" } else { "sin probar" };
        lines.push(format!("  {} ({}): {state}", there.store, there.place));
    }
    lines.join("\n")
}

pub fn line(run: &BackupRun, created_at: i64, state: &str) -> String {
    let at = Timestamp::from_millisecond(created_at).map(date_time).unwrap_or_default();
    let stores: Vec<_> =
        run.destinations.iter().map(|there| format!("{}{}", there.store, if there.ok { " ✓" } else { "" })).collect();
    let mut line = format!(
        "{}  {at}  {state}  {}  {}  {}",
        run.id,
        counted(run.documents().unsigned_abs(), "documento", "documentos"),
        size(run.stored_bytes().unsigned_abs()),
        stores.join(", ")
    );
    if let Some(error) = &run.error {
        line.push_str(&format!("\n    {error}"));
    }
    line
}

pub fn residue(residue: &Residue) -> String {
    let files = counted(residue.lying.objects, "archivo", "archivos");
    format!("    quedaron {files} en {} ({})", residue.store, size(residue.lying.bytes))
}

pub fn stranger(residue: &Residue) -> String {
    let files = counted(residue.lying.objects, "archivo", "archivos");
    format!("{}  sin registro: {files} en {} ({})", residue.backup, residue.store, size(residue.lying.bytes))
}

// Notices.
pub const SUCCEEDED: &str = "Backup completo";
pub const FAILED: &str = "Falló un backup";
pub const SHRANK: &str = "El backup es más chico que el anterior";
pub const DRILL_FAILED: &str = "Falló el ensayo de restauración";

pub fn succeeded_message(stores: &[String], collections: u64, documents: u64) -> String {
    format!(
        "{} y {} en {}: releídos, restaurados de prueba y comparados.",
        counted(collections, "colección", "colecciones"),
        counted(documents, "documento", "documentos"),
        stores.join(", ")
    )
}

pub fn failed_message(error: &str) -> String {
    format!("{error}. No cuenta como backup.")
}

pub fn late(schedule: &str) -> &'static str {
    match schedule {
        "weekly" => "No hay un backup reciente en dos destinos",
        _ => "No hay un backup reciente",
    }
}

pub fn late_message(schedule: &str, hours: Option<u32>) -> String {
    let limit = if schedule == "weekly" { "8 días" } else { "26 horas" };
    match hours {
        Some(hours) => {
            let hours = counted(u64::from(hours), "hora", "horas");
            format!("El último completo tiene {hours}; no debería pasar de {limit}. Pedí uno ahora en Backups.")
        }
        None => format!("No hay ninguno completo; no debería pasar de {limit}. Pedí uno ahora en Backups."),
    }
}

pub fn shrank_message(what: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut said = what.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    if what.len() > SHOWN {
        said.push_str(&format!("; y {} más", what.len() - SHOWN));
    }
    format!("{said}. {SHRANK_REMEDY}")
}

pub fn read_back_failed(store: &str) -> String {
    format!("Un backup guardado en {store} está dañado")
}

pub fn read_back_failed_message(backup: &str, detail: &str) -> String {
    format!("El backup {backup}: {detail}. Verificalo entero y usá otra copia.")
}

pub fn vanished_title(store: &str) -> String {
    format!("Desapareció un backup de {store}")
}

pub fn vanished_message(backup: &str, detail: &str) -> String {
    format!("El backup {backup}: {detail}. {VANISHED_REMEDY}")
}

pub fn drill_failed_message(error: &str) -> String {
    format!("{error}. Un backup que no se puede restaurar no sirve: pedí otro y avisá.")
}
