//! The words of mail and messages.

use super::number::counted;
use crate::mail::{Channel, Delivery, Status, Why};
use crate::ui::Tone;

pub const MARK_NEW: &str = "Aviso crítico";
pub const MARK_OPEN: &str = "Sigue sin atender";
pub const MARK_ESCALATED: &str = "Sin atender";
pub const MARK_RESOLVED: &str = "Resuelto";
pub const WHY_ALERT: &str = "Lo recibís porque estás en la lista de avisos críticos de Canje.";
pub const WHY_ESCALATION: &str =
    "Lo recibís porque estás en la segunda lista: quienes están en la primera no lo atendieron.";

/// «3 avisos».
pub fn incidents(count: u64) -> String {
    counted(count, "aviso", "avisos")
}

/// What a letter leaves out.
pub fn more_incidents(count: u64) -> String {
    format!("Y {} más.", counted(count, "aviso", "avisos"))
}

/// «1 vez», «12 veces».
pub fn times(count: u64) -> String {
    counted(count, "vez", "veces")
}

/// Something happened.
pub fn lead_new(one: bool) -> &'static str {
    if one { "Pasó algo que necesita tu atención." } else { "Pasaron cosas que necesitan tu atención." }
}

/// It goes on.
pub fn lead_open(one: bool) -> &'static str {
    if one {
        "Este aviso sigue abierto y nadie lo atendió."
    } else {
        "Estos avisos siguen abiertos y nadie los atendió."
    }
}

/// Others are told.
pub fn lead_escalated(one: bool, minutes: u32) -> String {
    let since = counted(minutes.into(), "minuto", "minutos");
    if one {
        format!("Este aviso crítico lleva {since} sin que nadie lo atienda.")
    } else {
        format!("Estos avisos críticos llevan {since} sin que nadie los atienda.")
    }
}

/// It is over.
pub fn lead_resolved(one: bool) -> &'static str {
    if one { "Este aviso se resolvió." } else { "Estos avisos se resolvieron." }
}

pub const NOT_CONFIGURED_EMAIL: &str = "El correo no está configurado.";
pub const NOT_CONFIGURED_WHATSAPP: &str = "WhatsApp no está configurado.";
pub const BAD_ADDRESS: &str = "La dirección no es válida.";
pub const TOO_LATE: &str = "No se sabe si salió, y ya pasó el tiempo en que repetirlo era seguro.";

/// Why an address gets nothing.
pub fn why(why: Why) -> &'static str {
    match why {
        Why::Bounced => "Rebotó",
        Why::Complained => "Lo marcó como spam",
        Why::Provider => "La bloquea el proveedor",
    }
}

/// Why a message wasn't sent.
pub fn suppressed(reason: Why) -> String {
    format!("Dirección bloqueada: {}.", why(reason).to_lowercase())
}

/// What a message that is too long ends with.
pub const CUT: &str = "…";
pub const SECRET_NOT_REPEATED: &str = "Este mensaje tenía un enlace secreto que ya no guardamos. Pedí uno nuevo.";

pub const TITLE: &str = "Correos";
pub const PURPOSE: &str = "Lo que salió, lo que espera y lo que no pudo salir.";
pub const TABS: &str = "Qué mensajes";
pub const TAB_EMAIL: &str = "Correos";
pub const TAB_WHATSAPP: &str = "WhatsApp";
pub const TAB_SUPPRESSED: &str = "Direcciones bloqueadas";
pub const SEND_TEST: &str = "Mandarme una prueba";
pub const TEST_QUEUED: &str =
    "La prueba está en camino. Esta página muestra qué pasa con ella: recargala en unos segundos.";
pub const FILTER_FROM: &str = "Desde";
pub const FILTER_UNTIL: &str = "Hasta";
pub const FILTER_TEMPLATE: &str = "Tipo";
pub const FILTER: &str = "Filtrar";
pub const ANY: &str = "Todos";
pub const BAD_DATE: &str = "Escribí la fecha como AAAA-MM-DD.";
pub const DATES_CROSSED: &str = "Tiene que ser el mismo día o después.";
pub const BAD_STATUS: &str = "Ese estado no existe.";
pub const BAD_PLACE: &str = "Ese lugar de la lista no existe: volvé a la primera página.";
pub const FIX_FILTER: &str = "Corregí el filtro para ver los mensajes";
pub const NONE_TITLE: &str = "Ningún mensaje con este filtro";
pub const NONE_HINT: &str = "Probá con otro período o quitá algún filtro.";
pub const COLUMN_TO: &str = "Para";
pub const COLUMN_STATE: &str = "Estado";
pub const COLUMN_ATTEMPTS: &str = "Intentos";
pub const COLUMN_WHEN: &str = "Cuándo";
pub const OLDEST_SINCE: &str = "El más viejo espera desde:";
pub const WHY: &str = "Por qué";
pub const FROM: &str = "De";
pub const CREATED: &str = "Creado";
pub const SENT: &str = "Enviado";
pub const NEXT: &str = "Próximo intento";
pub const ABOUT: &str = "Sobre";
pub const PROVIDER_ID: &str = "Identificador del proveedor";
pub const COPY_OF: &str = "Repite";
pub const ORIGINAL: &str = "el mensaje original";
pub const MESSAGE: &str = "Mensaje";
pub const PREVIEW: &str = "Vista previa del mensaje";
pub const PLAIN_TEXT: &str = "Ver el texto sin formato";
pub const SECRET_HIDDEN: &str = "El enlace secreto de este mensaje no se muestra ni se guarda después del envío.";
pub const TRIES: &str = "Intentos de envío";
pub const REPORTS: &str = "Lo que informó el proveedor";
pub const OUTCOME: &str = "Resultado";
pub const SAID: &str = "Respuesta";
pub const REPEAT: &str = "Reenviar";
pub const REPEAT_TITLE: &str = "Reenviar este mensaje";
pub const REPEAT_CONFIRM: &str = "Reenviar el mensaje";
pub const REPEATED: &str = "Es un envío nuevo con las mismas palabras.";
pub const SUPPRESSED_PURPOSE: &str =
    "A estas direcciones solo les llega lo que cuida su cuenta. Desbloquealas cuando sepas que vuelven a recibir.";
pub const NO_SUPPRESSED: &str = "Ninguna dirección bloqueada";
pub const NO_SUPPRESSED_HINT: &str =
    "Acá aparecen las que rebotan, las que marcan un correo como spam y las que el proveedor rechaza.";
pub const ADDRESS: &str = "Dirección";
pub const REASON: &str = "Motivo";
pub const SINCE: &str = "Desde";
pub const LIFT: &str = "Desbloquear";
pub const LIFTED: &str =
    "La dirección vuelve a recibir. Si el proveedor también la bloqueó, hay que levantarla en su panel.";

/// The templates of today, by name, for the filter.
pub const TEMPLATES: [(&str, &str); 39] = [
    ("alert_critical", "Aviso crítico"),
    ("new_login_backoffice", "Ingreso nuevo"),
    ("password_changed", "Contraseña cambiada"),
    ("reset_password", "Contraseña nueva"),
    ("role_changed", "Rol cambiado"),
    ("test_message", "Prueba"),
    ("verify_email", "Confirmación de e-mail"),
    ("ugc_e01", "Campaña publicada (marca)"),
    ("ugc_e02", "Campaña nueva (creadores)"),
    ("ugc_e03", "Campaña difundida (equipo)"),
    ("ugc_e04", "Campaña completada (marca)"),
    ("ugc_e05", "Campaña cancelada (marca)"),
    ("ugc_e07", "Cupos completos"),
    ("ugc_e08", "Carga mensual (marca)"),
    ("ugc_e09", "Cargas del día (equipo)"),
    ("ugc_e10", "Postulación recibida"),
    ("ugc_e11", "Postulación nueva"),
    ("ugc_e12", "Preselección"),
    ("ugc_e13", "No seleccionado"),
    ("ugc_e14", "Participación cancelada por el equipo"),
    ("ugc_e15", "Confirmación"),
    ("ugc_e16", "Creador confirmado (marca)"),
    ("ugc_e17", "Participación cancelada por el creador"),
    ("ugc_e18", "Plazos cambiados"),
    ("ugc_e20", "Publicación registrada"),
    ("ugc_e21", "Contenido publicado (marca)"),
    ("ugc_e22", "Contenido publicado (equipo)"),
    ("ugc_e23", "Publicación aprobada"),
    ("ugc_e24", "Cambios pedidos"),
    ("ugc_e25", "Publicación rechazada"),
    ("ugc_e30", "Entrega reiniciada"),
    ("ugc_e31", "Recordatorio de enlace"),
    ("ugc_e32", "Aviso de enlace"),
    ("ugc_e33", "Último aviso de enlace"),
    ("ugc_e34", "Recordatorio de métricas"),
    ("ugc_e35", "Aviso de métricas"),
    ("ugc_e36", "Último aviso de métricas"),
    ("ugc_e37", "Resumen diario de entregas"),
    ("ugc_e50", "Bienvenida de creador"),
];

/// A template in words; one of another time by its name.
pub fn template(name: &str) -> &str {
    TEMPLATES.iter().find(|(known, _)| *known == name).map_or(name, |(_, label)| label)
}

/// The head of the first column.
pub fn column_what(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Asunto",
        Channel::WhatsApp => "Mensaje",
    }
}

/// The search by recipient.
pub fn filter_to(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Destinatario contiene",
        Channel::WhatsApp => "Número contiene",
    }
}

/// The table, to screen readers.
pub fn caption(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Correos, los más nuevos primero",
        Channel::WhatsApp => "Mensajes de WhatsApp, los más nuevos primero",
    }
}

/// An empty log: what it will hold.
pub fn none_at_all(channel: Channel) -> (&'static str, &'static str) {
    match channel {
        Channel::Email => ("Todavía no salió ningún correo", "Empezá por mandarte una prueba."),
        Channel::WhatsApp => {
            ("Todavía no salió ningún mensaje", "Acá van a estar los mensajes al equipo y a quienes compran.")
        }
    }
}

/// How many match.
pub fn total(rows: u64) -> String {
    counted(rows, "mensaje", "mensajes")
}

/// After the number of attempts, on a phone.
pub fn attempts_unit(attempts: i32) -> &'static str {
    if attempts == 1 { "intento" } else { "intentos" }
}

/// The channel is off.
pub fn not_configured(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Correo no configurado",
        Channel::WhatsApp => "WhatsApp no configurado",
    }
}

/// What that means and what to do.
pub fn not_configured_how(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => {
            "Los mensajes quedan registrados acá y no salen. Para que salgan hace falta RESEND_API_KEY o SMTP_URL en el servidor."
        }
        Channel::WhatsApp => {
            "Es opcional: los mensajes quedan registrados acá y no salen. Para que salgan hacen falta las variables TWILIO_… en el servidor."
        }
    }
}

/// The provider takes nothing.
pub fn held(provider: &str) -> String {
    format!("{} rechaza todos nuestros envíos", provider_name(provider))
}

/// Why, and what waits for it.
pub fn held_why(reason: &str, due: u64) -> String {
    format!(
        "Respondió «{reason}». Nada se pierde: {} y volvemos a probar cada 5 minutos.",
        match due {
            0 => "no hay mensajes esperando".into(),
            1 => "1 mensaje espera".into(),
            due => format!("{due} mensajes esperan"),
        }
    )
}

/// Messages wait.
pub fn stalled(due: u64) -> String {
    format!("{} esperan hace demasiado", counted(due, "mensaje", "mensajes"))
}

/// A provider's name.
pub fn provider_name(provider: &str) -> &str {
    match provider {
        "resend" => "Resend",
        "smtp" => "El servidor SMTP",
        "twilio" => "Twilio",
        other => other,
    }
}

/// A status, for the filter.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Queued => "Esperando",
        Status::Sending => "Saliendo",
        Status::Sent => "Enviado",
        Status::Failed => "Falló",
        Status::Skipped => "No enviado",
    }
}

/// How far a message is.
pub fn state(status: Status, delivery: Option<Delivery>) -> (Tone, &'static str) {
    match (status, delivery) {
        (Status::Sent, Some(delivery)) => self::delivery(delivery),
        (Status::Queued | Status::Sending, _) => (Tone::Info, self::status(status)),
        (Status::Sent, None) => (Tone::Neutral, self::status(status)),
        (Status::Failed, _) => (Tone::Bad, self::status(status)),
        (Status::Skipped, _) => (Tone::Attention, self::status(status)),
    }
}

/// What became of a message at the provider.
pub fn delivery(delivery: Delivery) -> (Tone, &'static str) {
    match delivery {
        Delivery::Sent => (Tone::Neutral, "Enviado"),
        Delivery::Delayed => (Tone::Attention, "Demorado"),
        Delivery::Delivered => (Tone::Good, "Entregado"),
        Delivery::Bounced => (Tone::Bad, "Rebotó"),
        Delivery::Complained => (Tone::Bad, "Marcado como spam"),
        Delivery::Failed => (Tone::Bad, "No salió del proveedor"),
        Delivery::Suppressed => (Tone::Bad, "Bloqueado por el proveedor"),
    }
}

/// What came of a try.
pub fn outcome(outcome: &str) -> (Tone, &'static str) {
    match outcome {
        "accepted" => (Tone::Good, "Aceptado"),
        "unknown" => (Tone::Attention, "No se sabe"),
        "slow" => (Tone::Neutral, "Demasiado rápido"),
        "held" => (Tone::Bad, "Rechaza todo"),
        "refused" => (Tone::Bad, "Rechazado"),
        _ => (Tone::Attention, "Se vuelve a probar"),
    }
}

/// What repeating means.
pub fn repeat_what(to: &str, copies: u64) -> String {
    let already = match copies {
        0 => String::new(),
        copies => format!(" Ya se reenvió {}.", counted(copies, "vez", "veces")),
    };
    format!("Sale otra vez a {to}, con las mismas palabras.{already}")
}

/// Whom, to screen readers.
pub fn lift_whom(email: &str) -> String {
    format!("a {email}")
}

/// How many are shown of how many.
pub fn suppressed_total(shown: u64, total: u64) -> String {
    let all = counted(total, "dirección bloqueada", "direcciones bloqueadas");
    if shown < total { format!("Las {shown} más nuevas de {all}") } else { all }
}
