//! Words of a creator's own pages.

use jiff::Timestamp;

use super::{creators, format};
use crate::creators::area::model::{ApplicationView, DeliveryView, Need, WorkTab};
use crate::creators::levels::Row;
use crate::creators::model::Level;

pub const DASHBOARD: &str = "Inicio";
pub const EXPLORE: &str = "Explorar campañas";
pub const NEXT: &str = "Lo que sigue";
pub const NOTHING_DUE: &str = "No tenés entregas pendientes";
pub const NOTHING_DUE_HINT: &str = "Mirá las campañas abiertas y postulate a la que te guste.";
pub const SEE_ALL_DELIVERIES: &str = "Ver todas mis entregas";
pub const WAITING: &str = "Esperando respuesta";
pub const SEE_ALL_APPLICATIONS: &str = "Ver todas mis postulaciones";
pub const PROFILE: &str = "Tu perfil";
pub const FIGURES: &str = "Tus números";
pub const RATING: &str = "Calificación";
pub const CAMPAIGNS: &str = "Campañas completas";
pub const ON_TIME: &str = "A tiempo";
pub const REACH: &str = "Alcance total";
pub const LEVEL: &str = "Nivel";
pub const NETWORKS: &str = "Tus redes";
pub const NO_NETWORKS: &str = "Todavía no agregaste ninguna red.";
pub const EDIT_NETWORKS: &str = "Editar mis redes";
pub const NO_DATA: &str = "—";

pub const WORK: &str = "Mi trabajo";
pub const WORK_PURPOSE: &str = "Tus postulaciones, tus entregas y lo que ya terminó.";
pub const WORK_TABS: &str = "Partes de tu trabajo";
pub const VIEWS: &str = "Qué entregas";
pub const OPEN_DELIVERY: &str = "Ver entrega";
pub const REGISTER: &str = "Registrar enlace";
pub const CORRECT: &str = "Ver qué corregir";
pub const OPEN_CAMPAIGN: &str = "Ver campaña";
pub const NO_APPLICATIONS: &str = "Todavía no te postulaste a nada";
pub const NO_APPLICATIONS_HINT: &str = "Elegí una campaña y contanos por qué te interesa.";
pub const NO_DELIVERIES: &str = "No hay entregas acá";
pub const NO_DELIVERIES_HINT: &str = "Cuando te confirman en una campaña, la entrega aparece con sus plazos.";
pub const NO_HISTORY: &str = "Todavía no terminó nada";
pub const NO_HISTORY_HINT: &str = "Acá quedan las campañas completas y las postulaciones que se cerraron.";
pub const ROWS: &str = "Resultados";

pub const APPLICATIONS: &str = "Mis postulaciones";
pub const APPLICATIONS_PURPOSE: &str = "A qué te postulaste y en qué está cada una.";
pub const APPLICATION_TABS: &str = "Qué postulaciones";
pub const NONE_SUCH: &str = "Ninguna postulación en este estado";
pub const WITHDRAW: &str = "Retirar aplicación";
pub const CANCEL: &str = "Cancelar participación";
pub const KEEP: &str = "Volver sin cambiar nada";
pub const WITHDRAWN: &str =
    "Retiraste tu postulación. Si cambiás de idea, podés postularte otra vez mientras la campaña esté abierta.";
pub const CANCELLED: &str = "Cancelaste tu participación. Ya le avisamos al equipo.";
pub const WITHDRAW_EXPLAINED: &str =
    "El equipo deja de considerar tu perfil para esta campaña. Podés volver a postularte mientras esté abierta.";
pub const CANCEL_EXPLAINED: &str = "Tu cupo queda libre para otra persona y la entrega se cierra. Para volver a participar tenés que escribirle al equipo.";
pub const NOT_POSSIBLE: &str = "Esto ya no se puede hacer";
pub const NOT_POSSIBLE_HINT: &str = "La postulación cambió de estado mientras tanto.";

pub const DELIVERY: &str = "Entrega";
pub const YOUR_DEADLINES: &str = "Tus plazos";
pub const POST: &str = "Tu publicación";
pub const REGISTERED: &str = "Registrado el";
pub const ADD_OTHER: &str = "Sumá la otra red";
pub const ADD_OTHER_HINT: &str = "Publicar en las dos redes mejora tus chances en las próximas campañas.";
pub const CANJE: &str = "Tu canje";
pub const WHERE: &str = "Dónde";
pub const MAP: &str = "Ver en el mapa";
pub const HOURS: &str = "Horario";
pub const CONTACT: &str = "Contacto de la marca";
pub const CALL: &str = "Teléfono";
pub const RULES: &str = "Qué pide la campaña";
pub const REVIEW: &str = "Última revisión";
pub const CHANGES_TITLE: &str = "Te pidieron un cambio";
pub const REJECTED_TITLE: &str = "El contenido no se aceptó";
pub const REJECTED_HINT: &str = "Si creés que hay un error, escribinos respondiendo el correo que te mandamos.";
pub const CANCELLED_TITLE: &str = "Esta participación se canceló";
pub const ROOKIE_RULE: &str =
    "En el nivel Rookie retirás el canje después de registrar tu publicación y cargar tus métricas.";
pub const METRICS_LATER: &str = "Guardá capturas de las estadísticas de tu publicación. Todavía no se cargan en esta página: te avisamos apenas se pueda.";
pub const SAVE_POST: &str = "Registrar publicación";
pub const SAVE_OTHER: &str = "Agregar enlace";
pub const SAVE_CORRECTION: &str = "Enviar corrección";
pub const URL_HINT: &str = "Pegá el enlace completo. Con una red alcanza; con las dos, mejor.";
pub const SAVED: &str = "Registramos tu publicación.";
pub const OTHER_SAVED: &str = "Agregamos el otro enlace.";
pub const CORRECTED: &str = "Enviamos tu corrección a revisar.";
pub const URL_FINE: &str = "El enlace está bien.";
pub const NOT_CHECKED: &str = "No pudimos revisarlo ahora; se revisa al enviarlo.";

/// «Hola, Ana».
pub fn greeting(name: &str) -> String {
    match name.split_whitespace().next() {
        Some(first) => format!("Hola, {first}"),
        None => "Hola".into(),
    }
}

/// «Nivel Trusted, 69 % hacia Pro».
pub fn level_line(level: Level, progress: i32, next: Option<&Row>) -> String {
    let own = creators::level(level);
    match next {
        Some(next) => format!("Nivel {own}, {progress} % hacia {}", creators::level(next.level)),
        None => format!("Nivel {own}, el más alto"),
    }
}

/// «Tu perfil está al 85 %».
pub fn completion(percent: u8) -> String {
    format!("Tu perfil está al {percent} %")
}

/// «4,2 · 12 calificaciones».
pub fn ratings(count: i64) -> String {
    format::counted(count.unsigned_abs(), "calificación", "calificaciones")
}

/// What a delivery needs, as a sentence with its campaign.
pub fn need(need: Need, campaign: &str) -> String {
    match need {
        Need::Address => format!("Publicá y registrá tu enlace de «{campaign}»"),
        Need::Correction => format!("Corregí tu publicación de «{campaign}»"),
        Need::Nothing => format!("Seguí tu entrega de «{campaign}»"),
    }
}

/// What a delivery needs, on its button.
pub fn need_action(need: Need) -> &'static str {
    match need {
        Need::Address => REGISTER,
        Need::Correction => CORRECT,
        Need::Nothing => OPEN_DELIVERY,
    }
}

/// «Te postulaste el 12/02/2026».
pub fn applied_on(at: Timestamp) -> String {
    format!("Te postulaste el {}", format::date(at))
}

/// «Motivo: …».
pub fn reason(text: &str) -> String {
    format!("Motivo: {}", text.trim())
}

/// A part of the work.
pub fn tab(of: WorkTab) -> &'static str {
    match of {
        WorkTab::Applications => "Postulaciones",
        WorkTab::Deliveries => "Entregas",
        WorkTab::History => "Historial",
    }
}

/// Which deliveries.
pub fn delivery_view(of: DeliveryView) -> &'static str {
    match of {
        DeliveryView::Pending => "Pendientes",
        DeliveryView::Completed => "Completadas",
        DeliveryView::Rejected => "Rechazadas",
        DeliveryView::Cancelled => "Canceladas",
    }
}

/// Which applications.
pub fn application_view(of: ApplicationView) -> &'static str {
    match of {
        ApplicationView::All => "Todas",
        ApplicationView::Waiting => "En espera",
        ApplicationView::Confirmed => "Confirmadas",
        ApplicationView::Over => "Finalizadas",
    }
}

/// How many there are of what is shown.
pub fn shown(shown: usize, total: u64) -> String {
    format!("{shown} de {}", format::counted(total, "resultado", "resultados"))
}

/// The question before a withdrawal.
pub fn withdraw_question(campaign: &str) -> String {
    format!("¿Retirás tu postulación a «{campaign}»?")
}

/// The question before a cancellation.
pub fn cancel_question(campaign: &str) -> String {
    format!("¿Cancelás tu participación en «{campaign}»?")
}

/// The label of an address field.
pub fn url_label(platform: crate::values::Platform) -> String {
    format!("Enlace de {}", platform.label())
}
