//! Words of a campaign's page, and of what staff does there.

use super::super::number::counted;
use super::{slots, status};
use crate::campaigns::model::CampaignStatus;
use crate::campaigns::state::Move;

pub const MANAGER: &str = "Campañas";
pub const PENDING: &str = "Pendientes";
pub const PENDING_HINT: &str = "esperan respuesta";
pub const CONFIRMED: &str = "Confirmados";
pub const WITH_URL: &str = "Con URL";
pub const WITH_METRICS: &str = "Con métricas";
pub const SLOTS: &str = "Cupos";
pub const HIDDEN: &str = "Oculta de creadores";
pub const EDIT: &str = "Editar campaña";
pub const APPLICATIONS: &str = "Ver postulaciones";
pub const DELIVERIES: &str = "Ver entregas";
pub const CHANGE_STATE: &str = "Cambiar estado";
pub const ADD_SLOTS: &str = "Agregar cupos";
pub const SHOW: &str = "Mostrar a creadores";
pub const HIDE: &str = "Ocultar de creadores";
pub const SHOWN: &str = "Los creadores ya ven la campaña.";
pub const HIDDEN_DONE: &str = "Los creadores ya no ven la campaña.";
pub const ACTIONS: &str = "Acciones de la campaña";

pub const FACTS: &str = "Lo acordado";
pub const BRAND: &str = "Empresa";
pub const BRAND_GONE: &str = "Sin marca";
pub const CATEGORY: &str = "Categoría";
pub const CITY: &str = "Ciudad";
pub const CANJE: &str = "Canje";
pub const CONTRACT: &str = "Contrato";
pub const NO_CONTRACT: &str = "Sin contrato";
pub const NEXT_LOAD: &str = "Próxima recarga";
pub const NO_NEXT_LOAD: &str = "No quedan recargas";
pub const APPLY_UNTIL: &str = "Postulaciones hasta";
pub const PUBLICATION: &str = "Publicación";
pub const URL_DEADLINE: &str = "Plazo de la URL";
pub const METRICS_DEADLINE: &str = "Plazo de las métricas";
pub const MIXED_LABEL: &str = "Atención";
pub const MIXED: &str =
    "Un plazo es fijo y el otro por días: quien se confirme tarde puede tener las métricas antes que la publicación.";
pub const PICKUP: &str = "Dónde y cuándo";
pub const CONTACT: &str = "Contacto en la marca";
pub const PUBLISHED: &str = "Publicada";
pub const NOTES: &str = "Notas internas";
pub const DESCRIPTION: &str = "Descripción";
pub const COVER_ALT: &str = "Portada de la campaña";

pub const HISTORY: &str = "Historia";
pub const HISTORY_CAPTION: &str = "Estados, cupos y plazos, lo más nuevo primero";
pub const WHEN: &str = "Cuándo";
pub const WHAT: &str = "Qué";
pub const DETAIL: &str = "Detalle";
pub const SYSTEM: &str = "Automático";
pub const DEADLINES_CHANGED: &str = "Plazos cambiados";
pub const DEADLINES_UNDONE: &str = "Plazos cambiados y deshechos";

pub const UNDO: &str = "Deshacer el cambio de plazos";
pub const UNDO_DETAIL: &str =
    "Los avisos se retiran y los e-mails no salen. Quien ya entregó mientras tanto conserva su plazo.";

pub const IMPACT_TITLE: &str = "Antes de guardar: cambian los plazos";
pub const IMPACT_NONE_KEPT: &str = "Nadie queda con su plazo anterior.";
pub const IMPACT_UNDO: &str = "Cada creador recibe un aviso ahora y un e-mail en 10 minutos, con la fecha anterior y la nueva. Hasta entonces se puede deshacer.";
pub const IMPACT_PAST_TITLE: &str = "Quedan con el plazo vencido";
pub const IMPACT_BACK: &str = "Volver a editar";
pub const IMPACT_CAPTION: &str = "Creadores y sus plazos, antes y después";
pub const IMPACT_CREATOR: &str = "Creador";
pub const IMPACT_URL: &str = "URL";
pub const IMPACT_METRICS: &str = "Métricas";
pub const UNCHANGED: &str = "sin cambio";

pub const STATE_TITLE: &str = "Cambiar estado";
pub const STATE_NONE: &str = "Esta campaña ya no cambia de estado";
pub const STATE_NONE_HINT: &str = "Completada o cancelada, queda como está.";
pub const STATE_NEXT: &str = "Qué querés hacer";
pub const REASON: &str = "Motivo";
pub const REASON_CANCEL_HINT: &str = "Lo leen la marca y cada creador.";
pub const REASON_COMPLETE_HINT: &str = "Solo si quedan entregas incompletas.";
pub const REJECT_REST: &str = "Rechazar las postulaciones que esperan respuesta";
pub const DESPITE_OPEN: &str = "Completar aunque falten entregas";
pub const ONLY_ADMIN: &str = "Cancelar una campaña es cosa de administración.";

pub const SLOTS_TITLE: &str = "Agregar cupos";
pub const SLOTS_QTY: &str = "Cuántos";
pub const SLOTS_QTY_HINT: &str = "Entre 1 y 500.";
pub const SLOTS_NOTE: &str = "Nota";
pub const SLOTS_REDUCE: &str = "Quitar cupos libres";
pub const SLOTS_REDUCE_DO: &str = "Quitar cupos";

pub const CREATED: &str = "Guardamos el borrador. Nadie más lo ve hasta que lo publiques.";
pub const CREATED_LIVE: &str = "La campaña está publicada.";
pub const SAVED: &str = "Guardamos los cambios.";

/// A way, as a button says it.
pub fn way(of: Move) -> &'static str {
    match of {
        Move::Publish => "Publicar campaña",
        Move::Close => "Cerrar postulaciones",
        Move::Reopen => "Reabrir postulaciones",
        Move::Produce => "Pasar a producción",
        Move::Complete => "Completar campaña",
        Move::Cancel => "Cancelar campaña",
    }
}

/// What a way does.
pub fn way_detail(of: Move) -> &'static str {
    match of {
        Move::Publish => "Se cargan los cupos del contrato, la ven los creadores y se avisa a la marca.",
        Move::Close => "Nadie más puede postularse; lo que espera respuesta sigue esperando.",
        Move::Reopen => "Los creadores pueden volver a postularse.",
        Move::Produce => "Nadie más puede postularse; quienes están confirmados trabajan en sus entregas.",
        Move::Complete => "Termina el contrato y la campaña deja de verse. No tiene vuelta atrás.",
        Move::Cancel => {
            "Se rechaza lo que espera respuesta, se cancelan las participaciones sin entregar y termina el contrato. No tiene vuelta atrás."
        }
    }
}

/// It is in its new state.
pub fn moved(to: CampaignStatus) -> String {
    format!("La campaña está en «{}».", status(to))
}

/// «8 por mes durante 3 meses, del 31/01/2026 al 30/04/2026».
pub fn contract(monthly: i32, months: i32, from: &str, to: &str) -> String {
    let months = counted(u64::try_from(months).unwrap_or(0), "mes", "meses");
    format!("{} por mes durante {months}, del {from} al {to} (ese día ya no)", slots(monthly))
}

/// «12 de 24».
pub fn of_total(filled: i32, total: i32) -> String {
    format!("{filled} de {total}")
}

/// «12 libres».
pub fn free(count: i32) -> String {
    counted(u64::try_from(count).unwrap_or(0), "libre", "libres")
}

/// «7 días desde la confirmación».
pub fn by_days(days: i32) -> String {
    format!("{} desde la confirmación", counted(u64::try_from(days).unwrap_or(0), "día", "días"))
}

/// «hasta el 20/02/2026».
pub fn by_date(day: &str) -> String {
    format!("hasta el {day}")
}

/// «del 1/2 al 3/4».
pub fn from_to(from: &str, to: &str) -> String {
    format!("del {from} al {to}")
}

/// «+8 (quedan 24)».
pub fn load(qty: i32, total: i32) -> String {
    let sign = if qty < 0 { "−" } else { "+" };
    format!("{sign}{} (total {total})", qty.unsigned_abs())
}

/// Whom a change reached.
pub fn reached(moved: usize, kept: usize) -> String {
    format!("{} con plazos nuevos; {} sin cambio", people(moved), people(kept))
}

fn people(count: usize) -> String {
    counted(count as u64, "creador", "creadores")
}

/// What saving will do.
pub fn impact(moved: usize, kept: usize) -> String {
    let moved = format!("Se actualizarán los plazos de {}", people(moved));
    match kept {
        0 => format!("{moved}. {IMPACT_NONE_KEPT}"),
        1 => format!("{moved}; 1 ya entregó y no cambia."),
        _ => format!("{moved}; {kept} ya entregaron y no cambian."),
    }
}

/// The button that does it.
pub fn confirm_impact(moved: usize) -> String {
    format!("Guardar y actualizar {}", counted(moved as u64, "plazo", "plazos"))
}

/// Who would be late at once.
pub fn agree_past(count: usize) -> String {
    format!(
        "Entiendo que {} con el plazo vencido desde ahora",
        match count {
            1 => "1 creador queda".into(),
            _ => format!("{count} creadores quedan"),
        }
    )
}

/// Nobody ticked that.
pub const AGREE_MISSING: &str = "Marcalo para guardar: hay plazos que quedan en el pasado.";

/// More than fit.
pub fn and_more(count: usize) -> String {
    format!("y {count} más")
}

/// The change as its banner says it.
pub fn undo_title(moved: usize, until: &str) -> String {
    format!("Cambiaron los plazos de {}. Se puede deshacer hasta las {until}.", people(moved))
}

/// Saved with new deadlines.
pub fn saved_with(moved: usize) -> String {
    format!("Guardamos los cambios y los plazos nuevos de {}.", people(moved))
}

/// What an undo did.
pub fn undone(restored: usize, left: usize) -> String {
    let restored = format!("Volvieron los plazos anteriores de {}", people(restored));
    if left == 0 { format!("{restored}.") } else { format!("{restored}; {} conservan los nuevos.", people(left)) }
}

/// Slots were added or taken back.
pub fn slots_now(total: i32) -> String {
    format!("La campaña tiene ahora {}.", slots(total))
}

/// What still stands in the way of completing.
pub fn in_the_way(pending: i32, open: u64) -> Option<String> {
    let mut parts = Vec::new();
    if pending > 0 {
        let count = u64::try_from(pending).unwrap_or(0);
        parts.push(counted(count, "postulación sin respuesta", "postulaciones sin respuesta"));
    }
    if open > 0 {
        parts.push(counted(open, "entrega incompleta", "entregas incompletas"));
    }
    (!parts.is_empty()).then(|| format!("Quedan {}.", parts.join(" y ")))
}
