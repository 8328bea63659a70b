//! What `canje adopt` says: progress, refusals, the report, and every finding in words.

use bson::DateTime;
use jiff::Timestamp;

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

/// A finding in words; its code alone when nobody has put it in words.
pub fn finding(code: &str) -> &str {
    match code {
        "kept_local_change" => "el documento se cambió acá después de adoptarlo",
        "source_vanished" => "la fila ya no está en la base anterior; su documento se conserva",
        "id_taken" => "en su lugar hay un documento hecho acá",
        "key_taken" => "un documento hecho acá ya tiene ese valor único",
        "user.name_untrimmed" => "nombre con espacios alrededor",
        "user.name_absent" => "cuenta sin nombre",
        "user.no_password" => "cuenta sin contraseña (entraba con Google)",
        "user.password_ambiguous" => "dos contraseñas distintas: no se adopta ninguna",
        "user.password_unreadable" => "contraseña que no es un hash conocido: no se copia",
        "user.phone_empty" => "teléfono vacío",
        "user.phone_not_e164" => "teléfono que no estaba escrito como +595 y nueve dígitos",
        "user.phone_duplicate" => "teléfono que ya tenía otra cuenta más antigua",
        "user.phone_same_as_creator" => "teléfono igual al del perfil de creación",
        "user.phone_conflicts_creator" => "teléfono distinto al del perfil de creación",
        "user.email_absent" => "cuenta sin correo",
        "user.email_duplicate" => {
            "correo que ya tenía otra cuenta más antigua: no entra hasta que el equipo lo resuelva"
        }
        "user.mfa_secret_plaintext" => "segundo paso guardado a la vista: no se copia",
        "user.picture_unusable" => "foto que no es una dirección https",
        "user.address_default" => "dirección principal repetida o faltante",
        "user.date_invalid" => "fecha que no se entiende",
        "user.created_at_derived" => "fecha de alta deducida de otro dato",
        "user.created_at_absent" => "fila sin ninguna fecha de alta",
        "user.role_absent" => "cuenta sin rol, adoptada como usuario",
        "user.role_unknown" => "rol que no existe",
        "user.status_unknown" => "estado que no existe: la cuenta queda suspendida",
        "user.user_id_absent" => "fila sin identificador de cuenta",
        "user.user_id_duplicate" => "identificador de cuenta repetido",
        "user.document_malformed" => "fila que no se puede leer",
        "user.value_unreadable" => "dato de un tipo inesperado, que no se copia",
        "user.field_unknown" => "campo desconocido, que no se copia",
        "test_record" | "app.test_record" => "prueba del formulario público: no es de nadie",
        "no_email" => "formulario público sin correo",
        "no_match" => "formulario público con un correo que no es de nadie",
        "user_without_creator_profile" => "formulario público de una cuenta sin perfil de creación",
        "ambiguous" => "formulario público con un correo que tienen varias personas",
        "campaign_unknown" => "formulario público para una campaña que no existe",
        "app.public_form" => "postulación del formulario público, sin cuenta",
        "app.creator_id_absent" => "postulación sin creador",
        "app.id_absent" => "postulación sin id: vale su application_id",
        "app.application_id_absent" => "postulación sin application_id: vale su id",
        "app.id_duplicate" => "identificador de postulación repetido",
        "app.key_absent" => "postulación sin identificador",
        "app.campaign_dangling" => "postulación a una campaña que no existe",
        "app.creator_dangling" => "postulación de un creador que no existe",
        "app.status_unknown" => "postulación en un estado que no existe",
        "app.history_stale" => "historial que no llegaba al estado actual",
        "app.cancelled_at_but_confirmed" => "confirmada otra vez, con la fecha de cancelación de antes",
        "app.confirmed_at_derived" => "confirmada sin fecha: vale la del último cambio",
        "app.confirmed_without_delivery" => "confirmada y sin entrega",
        "app.rejected_without_date" => "rechazada sin fecha: vale la del último cambio",
        "app.username_is_url" => "usuario escrito como dirección web",
        "app.creator_name_stale" => "nombre distinto al actual del creador",
        "app.followers_null" => "sin cantidad de seguidores",
        "app.link_duplicates_pair" => "formulario de quien ya tenía postulación: se le une",
        "app.pair_duplicate" => "segunda postulación a la misma campaña: se une a la primera",
        "app.applied_at_absent" => "postulación sin ninguna fecha",
        "app.date_invalid"
        | "creator.date_invalid"
        | "brand.date_invalid"
        | "campaign.date_invalid"
        | "deliverable.date_invalid"
        | "metrics.date_invalid"
        | "rating.date_invalid"
        | "terms.date_invalid"
        | "notification.date_invalid" => "fecha que no se entiende",
        "app.value_unreadable"
        | "creator.value_unreadable"
        | "brand.value_unreadable"
        | "campaign.value_unreadable"
        | "deliverable.value_unreadable"
        | "metrics.value_unreadable"
        | "rating.value_unreadable"
        | "terms.value_unreadable"
        | "notification.value_unreadable" => "dato de un tipo inesperado, que no se copia",
        "app.came_meanwhile" | "deliverable.came_meanwhile" | "rating.came_meanwhile" => {
            "fila que llegó mientras se adoptaba: entra en la próxima"
        }
        "creator.onboarding_fields_absent" => "perfil anterior al registro en cinco pasos",
        "creator.social_accounts_absent" => "perfil sin cuentas verificadas",
        "creator.social_accounts_empty" => "cuentas verificadas vacías",
        "creator.social_in_both" => "redes guardadas dos veces, que se unen",
        "creator.flat_handle" => "redes guardadas por tercera vez, que se unen",
        "creator.totals_duplicated" => "totales guardados dos veces: se calculan de nuevo",
        "creator.rate_mixed_type" => "puntualidad guardada con otro tipo: se calcula de nuevo",
        "creator.total_campaigns_stale" => "sin campañas aunque tiene una confirmada: se calcula de nuevo",
        "creator.phone_full_malformed" => "teléfono con un cero después de +595",
        "creator.phone_duplicate" => "teléfono que ya tenía otro creador",
        "creator.document_formatted" => "cédula escrita con puntos",
        "creator.document_duplicate" => "cédula que ya tenía otro creador",
        "creator.portfolio_not_url" => "portafolio que no es una dirección web",
        "creator.picture_dangling" => "foto que apunta a una imagen que no está",
        "creator.picture_data_uri" => "foto guardada dentro de la fila: espera la migración de imágenes",
        "creator.picture_to_migrate" => "foto guardada en el sistema anterior: espera la migración de imágenes",
        "creator.email_duplicate" => "correo que ya tenía otro creador",
        "creator.name_differs_from_user" => "nombre distinto al de la cuenta",
        "creator.user_dangling" => "perfil de una cuenta que no existe",
        "creator.user_duplicate" => "segundo perfil de la misma cuenta",
        "creator.id_duplicate" => "identificador de creador repetido",
        "creator.key_absent" => "perfil sin identificador o sin cuenta",
        "creator.created_at_absent" => "perfil sin ninguna fecha",
        "creator.gender_unknown" => "género que no está en la lista",
        "creator.education_unknown" => "nivel educativo que no está en la lista",
        "creator.country_unknown" | "brand.country_unknown" | "campaign.country_unknown" => {
            "país que no está en la lista"
        }
        "creator.category_unknown" | "campaign.category_unknown" => "categoría que no está en la lista: queda en Otro",
        "social.username_url" => "usuario escrito como dirección web",
        "social.username_untrimmed" => "usuario con espacios alrededor",
        "social.username_inner_space" => "usuario de varias palabras",
        "social.username_conflict" => "dos usuarios distintos para la misma red: vale el verificado",
        "social.followers_null" => "red sin cantidad de seguidores",
        "social.handle_shared" => "usuario que ya tenía otro creador",
        "brand.role_mismatch" => "marca de una cuenta que no tiene rol de marca",
        "brand.handle_is_url" => "usuario de Instagram escrito como dirección web",
        "brand.company_duplicate" => "nombre que ya tenía otra marca",
        "brand.user_dangling" => "marca de una cuenta que no existe",
        "brand.user_duplicate" => "segunda marca de la misma cuenta: queda sin dueño",
        "brand.id_duplicate" => "identificador de marca repetido",
        "brand.key_absent" => "marca sin identificador",
        "brand.created_at_absent" => "marca sin ninguna fecha",
        "brand.address_unusable" => "dirección web que no se puede usar",
        "campaign.brand_name_stale" => "marca mostrada con otro nombre que el suyo",
        "campaign.available_not_decremented" => "cupos disponibles que nunca bajaron: se calculan",
        "campaign.slots_filled_wrong" => "cupos ocupados que no coincidían con las confirmaciones",
        "campaign.delivery_days_absent" => "sin días de entrega: valen los habituales",
        "campaign.cover_dangling" => "portada que apunta a una imagen que no está",
        "campaign.cover_data_uri" | "campaign.cover_to_migrate" => "portada que espera la migración de imágenes",
        "campaign.brand_dangling" => "campaña de una marca que no existe",
        "campaign.brand_absent" => "campaña sin marca",
        "campaign.canje_absent" => "campaña sin canje",
        "campaign.canje_unknown" => "canje o entrega de un tipo que no está en la lista",
        "campaign.contract_without_start" => "contrato sin fecha de inicio",
        "campaign.timeline_derived" => "fechas incompletas, deducidas de las demás",
        "campaign.status_unknown" => "campaña en un estado que no existe",
        "campaign.id_duplicate" => "identificador de campaña repetido",
        "campaign.key_absent" => "campaña sin identificador",
        "campaign.created_at_absent" => "campaña sin ninguna fecha",
        "deliverable.cancelled_duplicate" => "entrega cancelada, resto de un intento anterior",
        "deliverable.history_stale" => "historial que no llegaba al estado actual",
        "deliverable.post_url_joined" => "dos publicaciones en un solo campo, que se separan",
        "deliverable.published_without_url" => "publicada y después reiniciada: se conserva su puntualidad",
        "deliverable.orphan" => "entrega de una postulación que no existe",
        "deliverable.cancelled_but_confirmed" => "entrega cancelada de una postulación confirmada",
        "deliverable.status_unknown" => "entrega en un estado que no existe",
        "deliverable.id_duplicate" => "identificador de entrega repetido",
        "deliverable.key_absent" => "entrega sin identificador",
        "deliverable.created_at_absent" => "entrega sin ninguna fecha",
        "metrics.retention_over_100" => "retención mayor a 100 %, que no se copia",
        "metrics.screenshots_object" => "capturas contadas por red: se suman",
        "metrics.length_double" => "duración con decimales: se redondea",
        "metrics.deliverable_not_submitted" => "métricas de una entrega cancelada o reiniciada: quedan archivadas",
        "metrics.platform_multi" => "métricas de dos redes juntas: quedan en la principal, por verificar",
        "metrics.platform_unknown" => "métricas de una red que no existe",
        "metrics.post_duplicate" => "segundas métricas de la misma publicación",
        "metrics.dangling" => "métricas de una entrega que no existe",
        "metrics.id_duplicate" | "metrics.key_absent" => "métricas sin identificador propio",
        "metrics.created_at_absent" => "métricas sin ninguna fecha",
        "rating.dangling" => "calificación de una entrega que no existe",
        "rating.embedded" => "calificación guardada dentro de la entrega",
        "rating.superseded" => "calificación reemplazada por una más nueva",
        "terms.slug_alias" => "documento con su nombre anterior",
        "terms.slug_absent" => "aceptación sin documento",
        "terms.date_absent" => "aceptación sin fecha",
        "terms.repeated" => "aceptación repetida: vale la primera",
        "terms.user_dangling" => "aceptación de una cuenta que no existe",
        "notification.user_dangling" => "aviso para una cuenta que no existe",
        "notification.type_unknown" => "aviso de un tipo que no está en la lista",
        "notification.id_duplicate" | "notification.key_absent" => "aviso sin identificador propio",
        "notification.date_absent" => "aviso sin fecha",
        other => other,
    }
}

fn moment(at: DateTime) -> String {
    Timestamp::from_millisecond(at.timestamp_millis()).map_or_else(|_| "?".into(), format::date_time)
}

fn clock(at: DateTime) -> String {
    Timestamp::from_millisecond(at.timestamp_millis()).map_or_else(|_| "?".into(), format::time)
}
