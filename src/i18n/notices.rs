//! The words of the pages with notices. What the notices themselves say stands in `notifications`.

use super::number::{counted, integer};

/// The system's notices.
pub const TITLE: &str = "Avisos";
/// What the page is for.
pub const PURPOSE: &str = "Lo que pasa en la plataforma y en sus servicios, y quién se ocupa.";
/// The first level of the way down.
pub const HOME: &str = "Inicio";
/// What the tabs choose between.
pub const TABS: &str = "Centro de avisos";
/// The tab of silences.
pub const SILENCES: &str = "Silencios";
/// The tab of deliveries from outside.
pub const WEBHOOKS: &str = "Webhooks";
/// Over those that stand on top.
pub const PINNED: &str = "Críticos sin tomar";
/// Over the rest.
pub const ALL: &str = "Todos los avisos";
/// The table, for screen readers.
pub const CAPTION: &str = "Avisos del sistema, el más reciente primero";
/// Marks everything.
pub const READ_ALL: &str = "Marcar todas como leídas";
/// Everything was marked.
pub const ALL_READ: &str = "No queda nada sin leer.";
/// One was marked.
pub const ONE_READ: &str = "Marcamos el aviso como leído.";
/// A mark beside the title.
pub const UNREAD: &str = "sin leer";
/// A mark beside the title.
pub const SILENCED: &str = "silenciado";
/// A mark beside the title.
pub const INHIBITED: &str = "explicado por una caída";

/// Columns and filters.
pub const NOTICE: &str = "Aviso";
pub const SEVERITY: &str = "Severidad";
pub const KIND: &str = "Tipo";
pub const SOURCE: &str = "Origen";
pub const STATE: &str = "Estado";
pub const TIMES: &str = "Veces";
pub const LAST_SEEN: &str = "Última vez";
pub const READ: &str = "Lectura";
pub const WHEN: &str = "Cuándo";
pub const ACTIONS: &str = "Acciones";
pub const ANY: &str = "Cualquiera";
pub const ANY_READ: &str = "Leídas y sin leer";
pub const ONLY_UNREAD: &str = "Solo sin leer";
pub const FILTER: &str = "Filtrar";
/// The address asks for something there isn't.
pub const BAD_FILTER: &str = "Ese filtro no existe. Elegí uno de la lista.";
/// No row.
pub const NONE_TITLE: &str = "No hay avisos con estos filtros";
pub const NONE_HINT: &str = "Probá con menos filtros.";
pub const NOTHING_TITLE: &str = "Todavía no hay avisos";
pub const NOTHING_HINT: &str = "Cuando algo falle, o un servicio avise, aparece acá en menos de un minuto.";

/// Takes it.
pub const ACKNOWLEDGE: &str = "Tomar incidente";
pub const ACKNOWLEDGED: &str = "Tomaste el incidente. El resto del equipo lo ve a tu nombre.";
/// Ends it.
pub const RESOLVE: &str = "Marcar resuelto";
pub const RESOLVED: &str = "El incidente quedó resuelto. Si vuelve a pasar, se reabre solo.";
/// Nothing to do any more.
pub const ALREADY: &str = "El incidente ya había cambiado; acá está como quedó.";
/// Deletes it.
pub const DELETE: &str = "Eliminar";
pub const DELETE_TITLE: &str = "Eliminar este aviso";
pub const DELETE_BODY: &str =
    "Se borra el aviso con su historial, para todo el equipo. No hay vuelta atrás; queda constancia en la auditoría.";
pub const DELETE_CONFIRM: &str = "Eliminar el aviso";
pub const DELETED: &str = "Eliminamos el aviso.";

/// Facts.
pub const FACTS: &str = "Datos";
pub const FIRST_SEEN: &str = "Primera vez";
pub const TAKEN_BY: &str = "Lo tomó";
pub const ENDED_BY: &str = "Lo resolvió";
pub const BY_ITSELF: &str = "se resolvió por sí mismo";
pub const SILENCED_UNTIL: &str = "Silenciado hasta";
pub const EXPLAINED_BY: &str = "Lo explica";
pub const FINGERPRINT: &str = "Huella";
pub const DETAILS: &str = "Detalle";
pub const HISTORY: &str = "Historial";
pub const OPEN_LINK: &str = "Ver dónde pasó";

/// Silences.
pub const SILENCE: &str = "Silenciar";
pub const SILENCE_TITLE: &str = "Silenciar avisos";
pub const SILENCE_BODY: &str = "Lo silenciado sigue apareciendo acá, pero no manda correos.";
pub const SILENCE_WHAT: &str = "Qué silenciar";
pub const SILENCE_THIS: &str = "Solo este incidente";
pub const SILENCE_FOR: &str = "Durante";
pub const SILENCE_REASON: &str = "Motivo";
pub const SILENCE_REASON_HINT: &str = "Lo ve todo el equipo.";
pub const SILENCE_TEXT: &str = "Que diga";
pub const SILENCE_TEXT_HINT: &str = "Parte del título o del mensaje";
pub const SILENCE_DONE: &str = "Silenciado. Termina solo en la fecha que elegiste.";
pub const SILENCE_ENDED: &str = "El silencio terminó: esos avisos vuelven a mandar correos.";
pub const SILENCE_END: &str = "Terminar ahora";
pub const SILENCES_PURPOSE: &str = "Qué avisos no mandan correos, hasta cuándo y por qué.";
pub const SILENCES_CAPTION: &str = "Silencios, el que termina último primero";
pub const SILENCES_NONE: &str = "No hay nada silenciado";
pub const SILENCES_NONE_HINT: &str = "Para callar un ruido conocido por un rato, abrí el aviso y elegí «Silenciar».";
pub const SILENCE_NEW: &str = "Nuevo silencio";
pub const MATCHES: &str = "Silencia";
pub const UNTIL: &str = "Hasta";
pub const BY: &str = "Quién";
pub const OVER: &str = "terminado";
pub const ACTIVE: &str = "vigente";
pub const BAD_DURATION: &str = "Elegí cuánto dura.";

/// Personal notices.
pub const PERSONAL_TITLE: &str = "Tus avisos";
pub const PERSONAL_PURPOSE: &str = "Lo que te contamos sobre tu cuenta y lo que hacés en Canje.";
pub const PERSONAL_CAPTION: &str = "Tus avisos, el más reciente primero";
pub const PERSONAL_TABS: &str = "Qué avisos";
pub const PERSONAL_ALL: &str = "Todos";
pub const PERSONAL_NONE: &str = "Todavía no tenés avisos";
pub const PERSONAL_NONE_HINT: &str = "Cuando haya novedades de tu cuenta, te las contamos acá.";
pub const PERSONAL_NONE_UNREAD: &str = "No te queda nada sin leer";
pub const PERSONAL_OPEN: &str = "Abrir";
pub const PERSONAL_DELETED: &str = "Eliminamos el aviso de tu lista.";

/// How long a silence may be chosen for, in hours.
pub const DURATIONS: [(u32, &str); 6] =
    [(1, "1 hora"), (4, "4 horas"), (24, "1 día"), (72, "3 días"), (168, "7 días"), (720, "30 días")];

/// Accessible name of a button in a row.
pub fn of(verb: &str, title: &str) -> String {
    format!("{verb}: {title}")
}

/// Somebody, and when.
pub fn by(name: &str, when: &str) -> String {
    format!("{name}, {when}")
}

/// All of a type.
pub fn silence_kind(kind: &str) -> String {
    format!("Todos los de tipo «{kind}»")
}

/// All of a source.
pub fn silence_source(source: &str) -> String {
    format!("Todos los de {source}")
}

/// A silence of one incident.
pub fn incident(fingerprint: &str) -> String {
    format!("el incidente {fingerprint}")
}

/// After how often, where the column's name isn't.
pub fn times_unit(occurrences: i64) -> &'static str {
    if occurrences == 1 { "vez" } else { "veces" }
}

/// A text that a silence looks for.
pub fn with_text(text: &str) -> String {
    format!("que diga «{text}»")
}

/// How many are listed.
pub fn listed(count: u64) -> String {
    counted(count, "aviso", "avisos")
}

/// How many silences are listed.
pub fn silences(count: u64) -> String {
    counted(count, "silencio", "silencios")
}

/// How often, beside a line of the history.
pub fn times(count: i64) -> String {
    format!("{} veces", integer(u64::try_from(count).unwrap_or(0)))
}

/// What the first sentence of the overview says of critical incidents nobody took.
pub fn waiting(count: u64) -> String {
    match count {
        10.. => "Más de 9 incidentes críticos sin tomar".into(),
        _ => format!("{} sin tomar", counted(count, "incidente crítico", "incidentes críticos")),
    }
}

/// A known particular in words.
pub fn metadata(key: &str) -> Option<&'static str> {
    Some(match key {
        "project" => "Proyecto",
        "culprit" => "Dónde en el código",
        "level" => "Nivel",
        "environment" => "Entorno",
        "url" => "Página en Sentry",
        "event_id" => "Evento",
        "issue_id" => "Problema en Sentry",
        "monitor_name" => "Monitor",
        "monitor_id" => "Número de monitor",
        "monitor_url" => "Qué vigila",
        "alert_type" => "Tipo de alerta",
        "alert_details" => "Qué dice el monitor",
        "is_down" => "Está caído",
        "duration" => "Duró (segundos)",
        "days_left" => "Días que faltan",
        "job" => "Tarea",
        "run_id" => "Corrida",
        "attempts" => "Intentos",
        "error" => "Error",
        "route" => "Ruta",
        "kind" => "Clase de falla",
        "reference" => "Referencia",
        "seconds" => "Segundos",
        "refused" => "Pedidos rechazados",
        "webhook" => "Entrega recibida",
        "channel" => "Canal",
        "template" => "Plantilla",
        "log" => "Registro del envío",
        "provider" => "Proveedor",
        "reason" => "Motivo",
        "waiting" => "En espera",
        "user_id" => "Cuenta",
        "ip" => "Dirección IP",
        "minutes" => "Minutos",
        _ => return None,
    })
}

/// Yes or no.
pub fn yes(value: bool) -> &'static str {
    if value { "Sí" } else { "No" }
}
