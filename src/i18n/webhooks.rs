//! Words of the incoming webhooks.

use super::number::counted;
use crate::error::AppError;
use crate::webhooks::{Source, Status};

/// What a service is told that isn't let in, or not now.
pub fn refusal(refusal: &AppError) -> String {
    match refusal {
        AppError::Unauthenticated => "La entrega no trae una firma o un token válidos.".into(),
        AppError::Malformed => "La entrega es auténtica, pero no tiene la forma que esperamos.".into(),
        AppError::TooLarge => "La entrega pasa el tamaño permitido.".into(),
        AppError::TooMany { retry_after_seconds } => {
            format!("Demasiadas entregas sin firma: esperá {retry_after_seconds} s.")
        }
        _ => "No pudimos guardar la entrega. Mandala de nuevo en unos segundos.".into(),
    }
}

// Why nothing follows from a delivery.
pub const IGNORED_INSTALLATION: &str = "Aviso de instalación: no pide nada.";
pub const IGNORED_ACTION: &str = "Esa acción no abre ni cierra un incidente.";
pub const IGNORED_RESOURCE: &str = "Ese recurso no se usa.";
pub const IGNORED_KIND: &str = "Ese tipo de evento no se usa.";
pub const IGNORED_NO_MESSAGE: &str = "No dice de qué correo habla.";
pub const IGNORED_UNKNOWN_MESSAGE: &str = "No es un correo nuestro.";
pub const IGNORED_OVERTAKEN: &str = "Llegó tarde: ya se había procesado algo posterior.";
pub const WAITS_FOR_MESSAGE: &str = "Todavía no conocemos ese correo: se busca de nuevo.";

/// The stored fields of a row can't be read.
pub fn fields_unreadable(error: &str) -> String {
    format!("No se pueden leer los datos guardados: {error}")
}

// The list.
pub const TITLE: &str = "Webhooks";
pub const PURPOSE: &str = "Lo que nos avisan Sentry, UptimeRobot y Resend: qué llegó, qué produjo y qué falló.";
pub const CONNECT: &str = "Conectar un servicio";
pub const CONNECTIONS: &str = "Servicios conectados";
pub const COLUMN_SERVICE: &str = "Servicio";
pub const COLUMN_CONNECTION: &str = "Conexión";
pub const COLUMN_LAST: &str = "Última entrega";
pub const COLUMN_REFUSED: &str = "Rechazadas en 7 días";
pub const UNIT_LAST: &str = "la última entrega";
pub const UNIT_REFUSED: &str = "rechazadas";
pub const CONFIGURED: &str = "Configurado";
pub const NOT_CONFIGURED: &str = "No configurado";
pub const ROTATING: &str = "Valen dos secretos";
pub const NEVER: &str = "Nunca";
pub const DELIVERIES: &str = "Entregas";
pub const FILTER_SOURCE: &str = "Servicio";
pub const FILTER_STATUS: &str = "Estado";
pub const ANY: &str = "Todos";
pub const FILTER: &str = "Filtrar";
pub const COLUMN_WHEN: &str = "Llegó";
pub const COLUMN_WHAT: &str = "Qué dice";
pub const COLUMN_STATE: &str = "Estado";
pub const NONE_TITLE: &str = "Ninguna entrega con este filtro";
pub const NONE_HINT: &str = "Probá quitando algún filtro.";
pub const EMPTY_TITLE: &str = "Todavía no llegó ninguna entrega";
pub const EMPTY_HINT: &str = "Empezá por conectar Sentry o UptimeRobot; después probá la conexión desde ahí mismo.";
pub const BAD_PLACE: &str = "Ese lugar de la lista no existe: volvé a la primera página.";
pub const TABS: &str = "Partes del centro de avisos";
pub const TAB_NOTICES: &str = "Avisos";
pub const TAB_SILENCES: &str = "Silencios";
pub const SEE_FAILED: &str = "Ver las que fallaron";

/// How many rows a page shows.
pub fn shown(rows: usize) -> String {
    counted(rows as u64, "entrega en esta página", "entregas en esta página")
}

/// A service's name.
pub fn source(source: Source) -> &'static str {
    match source {
        Source::Sentry => "Sentry",
        Source::UptimeRobot => "UptimeRobot",
        Source::Resend => "Resend",
    }
}

/// A state in words.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Received => "En espera",
        Status::Processed => "Procesada",
        Status::Ignored => "Sin efecto",
        Status::Failed => "Falló",
    }
}

/// How many weren't taken.
pub fn refused(strangers: i64, malformed: i64) -> String {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    match (count(strangers), count(malformed)) {
        (0, 0) => "Ninguna".into(),
        (strangers, 0) => counted(strangers, "sin firma válida", "sin firma válida"),
        (0, malformed) => counted(malformed, "ilegible", "ilegibles"),
        (strangers, malformed) => {
            format!(
                "{} · {}",
                counted(strangers, "sin firma válida", "sin firma válida"),
                counted(malformed, "ilegible", "ilegibles")
            )
        }
    }
}

/// The banner over the list.
pub fn failed_banner(failed: u64) -> String {
    format!("{} no se pudo procesar", counted(failed, "entrega", "entregas"))
        .replace("entregas no se pudo", "entregas no se pudieron")
}

// What a delivery says, in a line.
pub const UNREADABLE: &str = "Alerta ilegible";

/// An alert of Sentry's.
pub fn sentry_line(resource: &str, action: &str, title: &str) -> String {
    let what = match (resource, action) {
        ("event_alert", _) => "Error",
        ("issue", "created") => "Problema nuevo",
        ("issue", "resolved") => "Problema resuelto",
        ("issue", "unresolved") => "Problema reabierto",
        ("metric_alert", "resolved") => "Métrica en orden",
        ("metric_alert", _) => "Métrica fuera de rango",
        ("installation", _) => "Instalación",
        _ => "",
    };
    let what = if what.is_empty() { format!("{resource} {action}").trim().to_owned() } else { what.to_owned() };
    if title.is_empty() { what } else { format!("{what}: {title}") }
}

/// An alert of UptimeRobot's.
pub fn monitor_line(kind: Option<&str>, name: &str) -> String {
    let what = match kind {
        Some("1") => "Caído",
        Some("2") => "Recuperado",
        Some("3") => "Vence certificado o dominio",
        _ => "Aviso",
    };
    format!("{what}: {name}")
}

/// What Resend says of a message.
pub fn mail_line(kind: &str) -> String {
    let what = match kind {
        "email.sent" => "Correo enviado",
        "email.delivery_delayed" => "Correo demorado",
        "email.delivered" => "Correo entregado",
        "email.bounced" => "Correo rebotado",
        "email.complained" => "Correo marcado como spam",
        "email.failed" => "Correo no enviado",
        "email.suppressed" => "Dirección bloqueada por Resend",
        other => return other.to_owned(),
    };
    what.to_owned()
}

// One delivery.
pub const FACT_STATE: &str = "Estado";
pub const FACT_WHY: &str = "Motivo";
pub const FACT_RECEIVED: &str = "Llegó";
pub const FACT_OCCURRED: &str = "Hora según el servicio";
pub const FACT_PROCESSED: &str = "Procesada";
pub const FACT_NEXT: &str = "Próximo intento";
pub const FACT_ATTEMPTS: &str = "Intentos";
pub const FACT_OBJECT: &str = "Sobre";
pub const FACT_KEY: &str = "Clave contra repeticiones";
pub const FACT_DIGEST: &str = "SHA-256 del cuerpo";
pub const FACT_ID: &str = "Id";
pub const FIELDS: &str = "Datos guardados";
pub const HEADERS: &str = "Encabezados";
pub const BODY: &str = "Cuerpo recibido";
pub const REPLAY_BUTTON: &str = "Reprocesar entrega";
pub const REPLAY_HINT: &str = "Vuelve a producir su aviso, como si llegara ahora.";
pub const REPLAYED: &str = "La entrega vuelve a procesarse.";
pub const STILL_WAITS: &str = "Esa entrega todavía espera su turno: no hace falta reprocesarla.";

// The command.
pub const REPLAY: &str = "Procesa de nuevo una entrega guardada";
pub const ARG_ID: &str = "El id de la entrega, como figura en Avisos → Webhooks";

/// No such delivery.
pub fn delivery_unknown(id: &str) -> String {
    format!("no hay ninguna entrega «{id}»")
}

/// What became of it.
pub fn replayed(id: &str, state: Status, why: Option<&str>) -> String {
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{id}: {}{why}", status(state).to_lowercase())
}

// Trying a connection.
pub const PROBE_TITLE: &str = "Prueba de conexión desde Canje";
pub const PROBE_DETAILS: &str = "Alguien apretó «Probar» en Avisos.";
pub const PROBE: &str = "Probar";

/// It was taken.
pub fn probe_taken(of: Source, milliseconds: u128) -> String {
    let then = match of {
        Source::Sentry | Source::UptimeRobot => "En un instante aparece su aviso de prueba.",
        Source::Resend => "No cambia ningún correo.",
    };
    format!("La entrega firmada de {} llegó y se guardó en {milliseconds} ms. {then}", source(of))
}

/// It was answered otherwise.
pub fn probe_answered(status: u16) -> String {
    match status {
        401 => "Nuestra propia dirección rechazó la firma (401): ¿otro proceso usa otro secreto?".into(),
        _ => format!("Nuestra dirección pública respondió {status}: ¿hay un proxy que la cambia?"),
    }
}

/// Nobody answered.
pub fn probe_unreachable(base_url: &str, why: &str) -> String {
    format!("No pudimos llegar a {base_url} ({why}). Revisá CANJE_BASE_URL y que el sitio se vea desde este servidor.")
}

/// There is nothing to sign with.
pub fn probe_not_configured(of: Source) -> String {
    format!("Falta {}: sin secreto no hay entrega que firmar.", variable(of))
}

/// The variable of a service's secret.
pub fn variable(source: Source) -> &'static str {
    match source {
        Source::Sentry => "SENTRY_CLIENT_SECRET",
        Source::UptimeRobot => "UPTIMEROBOT_TOKEN",
        Source::Resend => "RESEND_WEBHOOK_SECRET",
    }
}

// The guide.
pub const GUIDE_TITLE: &str = "Conectar un servicio";
pub const GUIDE_PURPOSE: &str =
    "Qué poner en cada servicio para que nos avise, y cómo cambiar el secreto sin perder nada.";
pub const ADDRESS: &str = "Dirección";
pub const COPY: &str = "Copiar";
pub const COPIED: &str = "Copiado";
pub const STATE: &str = "Estado";
pub const LAST: &str = "Última entrega";
pub const TEMPLATE: &str = "Cuerpo (POST value), tal cual";
pub const SUGGESTED: &str = "Un token nuevo, hecho ahora (no se guarda)";
pub const ROTATION: &str = "Cambiar el secreto";

/// A service whose secret isn't set although somebody delivers.
pub fn knocks(of: Source) -> String {
    format!("Llegan entregas de {} pero falta {}: se rechazan todas.", source(of), variable(of))
}

/// What to do in the service.
pub fn steps(source: Source) -> &'static [&'static str] {
    match source {
        Source::Sentry => &[
            "En Sentry, Settings → Developer Settings → Custom Integrations → Create New Integration → Internal Integration.",
            "En «Webhook URL» poné la dirección de arriba y activá «Alert Rule Action».",
            "En «Permissions» dale lectura a Issue & Event; en «Webhooks» marcá issue. Guardá.",
            "Copiá el «Client Secret» a SENTRY_CLIENT_SECRET y reiniciá Canje.",
            "En la regla de alerta del proyecto, elegí como acción «Send a notification via» tu integración.",
        ],
        Source::UptimeRobot => &[
            "Poné el token de abajo (u otro de 32 caracteres o más) en UPTIMEROBOT_TOKEN y reiniciá Canje.",
            "En UptimeRobot, Integrations & API → Webhook (plan Team o Enterprise).",
            "Dirección: la de arriba. Método POST, «Send as JSON» activado, «Send as query string» desactivado.",
            "En «Custom headers»: Authorization: Bearer y el token. Si tu cuenta no ofrece encabezados, agregá ?token= y el token al final de la dirección.",
            "En «POST value» pegá el cuerpo de abajo. Avisos: «up and down» y vencimiento de SSL.",
            "Sin ese plan, dejá los avisos por e-mail de UptimeRobot: el resto del centro de avisos funciona igual.",
        ],
        Source::Resend => &[
            "En Resend, Webhooks → Add Webhook.",
            "Dirección: la de arriba. Eventos: email.sent, delivered, delivery_delayed, bounced, complained, failed y suppressed.",
            "Copiá el «Signing Secret» (whsec_…) a RESEND_WEBHOOK_SECRET y reiniciá Canje.",
        ],
    }
}

/// How a secret is replaced while deliveries go on.
pub fn rotation(source: Source) -> [String; 3] {
    let variable = variable(source);
    [
        format!("Pasá el secreto de hoy a {variable}_PREVIOUS y poné el nuevo en {variable}. Reiniciá: valen los dos."),
        format!("Cambialo en {} y apretá «Probar».", self::source(source)),
        format!("Cuando lleguen entregas con el nuevo, sacá {variable}_PREVIOUS y reiniciá."),
    ]
}
