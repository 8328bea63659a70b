//! What `canje adopt` says: progress, refusals, the report, and every finding in words.

use bson::DateTime;
use jiff::Timestamp;

use super::findings::finding;
use super::format;
use super::number::{counted, integer};
use crate::adopt::state::MirrorState;
use crate::adopt::{Report, RuleReport, Treatment};

/// Where documents of another kind went wrong; the cause follows.
pub const BROKEN: &str = "La adopción no pudo terminar. Lo que ya se escribió está completo y anotado; volvé a correr el \
                          mismo comando y sigue desde ahí. La base anterior no se tocó.";

/// Another run took over.
pub const OVERTAKEN: &str = "Otra adopción tomó el lugar de esta, que quedó detenida sin dejar nada a medias.";

/// The banner of every page while mirroring.
pub const MIRRORING_BANNER: &str = "Vista previa: todavía manda el sistema anterior";

/// A rule loads what it looks up.
pub fn preparing(rule: &str) -> String {
    format!("Adopción · {rule}: leyendo lo que hace falta…")
}

/// Rows are through.
pub fn rows(rule: &str, read: u64) -> String {
    format!("Adopción · {rule}: {}", counted(read, "fila", "filas"))
}

/// Another run is at it.
pub fn busy(host: &str, pid: u32, until: DateTime) -> String {
    format!(
        "Ya hay una adopción en marcha (proceso {pid} en {host}). Esperá a que termine; si se cortó, el lugar se libera \
         solo a las {}.",
        clock(until)
    )
}

/// The live database is its own already.
pub fn finished(source: &str, at: DateTime) -> String {
    format!(
        "La adopción desde «{source}» se cerró el {} y desde entonces manda esta plataforma: volver a adoptar pisaría el \
         trabajo hecho acá, así que no se hace. Para empezar de cero, usá otra base viva (CANJE_DB).",
        moment(at)
    )
}

/// The live database mirrors another one.
pub fn other_source(mirrored: &str, asked: &str) -> String {
    format!(
        "Esta base viva se adopta desde «{mirrored}» y no se mezcla con «{asked}». Para adoptar desde otra, usá otra base \
         viva (CANJE_DB)."
    )
}

/// Business dates were moved by another number of days.
pub fn other_shift(adopted: i32, asked: i32) -> String {
    format!(
        "Esta base viva se adoptó con las fechas corridas {adopted} días y ahora pediste {asked}: se sigue con el mismo \
         número (--shift-days {adopted}) o se empieza en otra base viva (CANJE_DB)."
    )
}

/// Dates move in demonstrations only.
pub const SHIFT_IS_FOR_DEMOS: &str =
    "--shift-days corre las fechas de los datos y solo sirve para demostraciones (CANJE_DEMO=1). No se adoptó nada.";

/// The note of the one load of slots that an adopted campaign has.
pub const SLOTS_ADOPTED: &str = "Cupos del sistema anterior";

/// Why the retired form turned somebody down.
pub fn form_reason(code: &str) -> String {
    match code {
        "menor_de_edad" | "menor_edad" => "menor de 18 años".into(),
        "perfil_privado_ig" => "perfil privado en Instagram".into(),
        "perfil_privado_tk" => "perfil privado en TikTok".into(),
        "sin_minimo_seguidores_ig" => "seguidores insuficientes en Instagram".into(),
        "sin_minimo_seguidores_tk" => "seguidores insuficientes en TikTok".into(),
        "sin_redes" => "sin redes sociales".into(),
        "sin_muestras" => "sin videos de muestra".into(),
        "no_confirma_grabar_tienda" | "sin_confirmacion_tienda" => "sin confirmar la grabación en el local".into(),
        other => other.replace('_', " "),
    }
}

/// There is nothing to adopt from.
pub fn source_missing(asked: &str) -> String {
    format!("No hay ninguna base «{asked}» con datos en el servidor. Fijate en el nombre o importá primero el dump.")
}

/// From itself to itself.
pub fn source_is_live(asked: &str) -> String {
    format!("«{asked}» es la base viva: hay que adoptar desde la base anterior, que solo se lee.")
}

/// An index is not as declared.
pub fn not_declared(finding: &str) -> String {
    format!("La base viva no está como hace falta para adoptar. {finding}")
}

/// The report, for people.
pub fn report(report: &Report) -> String {
    if report.already_finished {
        return format!("La adopción desde «{}» ya estaba cerrada: no se leyó ni se escribió nada.", report.source);
    }
    let mut lines = vec![format!("Adopción desde «{}»", report.source)];
    report.rules.iter().for_each(|rule| rule_lines(rule, &mut lines));
    lines.push(match report.state {
        MirrorState::Mirroring => {
            "La base viva queda como espejo: todavía manda el sistema anterior. Con --finish pasa a mandar esta plataforma."
                .into()
        }
        MirrorState::Finished => "La adopción quedó cerrada: desde ahora manda esta plataforma.".into(),
    });
    if let Some(finish) = &report.finish {
        lines.push(match finish.overdue_jobs.len() {
            0 => "Tareas vencidas que esperan tu aprobación: ninguna.".into(),
            _ => format!("Tareas vencidas que esperan tu aprobación: {}.", finish.overdue_jobs.join(", ")),
        });
    }
    lines.join("\n")
}

fn rule_lines(rule: &RuleReport, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("{} → {} (regla versión {})", rule.source, rule.target, rule.version));
    if !rule.source_exists {
        lines.push("  La base anterior no tiene esta colección.".into());
    }
    for (count, words) in [
        (rule.read, "leídas"),
        (rule.written, "escritas"),
        (rule.unchanged, "sin cambios"),
        (rule.folded, "unidas a otra"),
        (rule.moved, "llevadas a otra colección"),
        (rule.refused, "rechazadas"),
        (rule.kept, "con cambios hechos acá, que se respetan"),
    ] {
        if count > 0 || words == "leídas" || words == "escritas" {
            lines.push(format!("  {:>9}  {words}", integer(count)));
        }
    }
    if !rule.counts.is_empty() {
        lines.push("  Hallazgos:".into());
    }
    for (code, by_outcome) in &rule.counts {
        let parts: Vec<_> =
            by_outcome.iter().map(|(outcome, count)| format!("{} {}", integer(*count), treatment(*outcome))).collect();
        let total = by_outcome.values().sum::<u64>();
        lines.push(format!("  {:>9}  {} [{code}]: {}", integer(total), finding(code), parts.join(", ")));
    }
    lines.push(String::new());
}

fn treatment(outcome: Treatment) -> &'static str {
    match outcome {
        Treatment::Converted => "corregidos",
        Treatment::Kept => "tal como estaban",
        Treatment::Refused => "no adoptados",
    }
}

fn moment(at: DateTime) -> String {
    Timestamp::from_millisecond(at.timestamp_millis()).map_or_else(|_| "?".into(), format::date_time)
}

fn clock(at: DateTime) -> String {
    Timestamp::from_millisecond(at.timestamp_millis()).map_or_else(|_| "?".into(), format::time)
}
