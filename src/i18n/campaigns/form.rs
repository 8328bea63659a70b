//! Words of a campaign's form.

use super::super::number::integer;

pub const TITLE_NEW: &str = "Nueva campaña";
pub const TITLE_EDIT: &str = "Editar campaña";
pub const PURPOSE: &str = "Todo lo que ven los creadores, y lo acordado con la marca. Un borrador no lo ve nadie.";
pub const PROBLEMS: &str = "Revisá los campos marcados: nada se guardó todavía.";
pub const STALE: &str = "Otra persona guardó cambios mientras editabas";
pub const STALE_HINT: &str = "Lo que escribiste sigue acá. Si guardás de nuevo, tu versión reemplaza la suya; para verla, abrí la campaña en otra pestaña.";
pub const ALREADY_SAVED: &str = "Esta campaña ya se había guardado; revisá y guardá de nuevo";
pub const ALREADY_SAVED_HINT: &str =
    "Lo que escribiste sigue acá y todavía no se guardó. Si es un borrador, se publica después desde su página.";
pub const OPTIONAL: &str = "Sin preferencia";

pub const BRAND: &str = "Empresa y marca";
pub const COMPANY: &str = "Empresa";
pub const COMPANY_CHOOSE: &str = "Elegí la empresa";
pub const COMPANY_FIXED: &str = "La empresa no se cambia acá.";
pub const BRAND_NAME: &str = "Nombre de la marca";
pub const BRAND_NAME_HINT: &str = "Como la ven los creadores; puede ser distinto de la empresa.";
pub const NAME: &str = "Nombre de la campaña";
pub const NAME_HINT: &str = "Si lo dejás vacío, lleva el nombre de la marca.";
pub const CATEGORY: &str = "Categoría";

pub const DESCRIPTION: &str = "Descripción";
pub const DESCRIPTION_FIELD: &str = "Qué se busca y cómo";
pub const DESCRIPTION_HINT: &str =
    "Una línea que empieza con 📌 es un subtítulo, con • una viñeta; --- es un separador y **así** queda en negrita.";
pub const TOOL_BULLET: &str = "Viñeta";
pub const TOOL_SUBTITLE: &str = "Subtítulo";
pub const TOOL_RULE: &str = "Separador";
pub const TOOLS: &str = "Formato de la descripción";

pub const COVER: &str = "Imagen de portada";
pub const COVER_FILE: &str = "Elegir imagen";
pub const COVER_HINT: &str = "JPG, PNG o WebP, hasta 5 MB. Recomendado: 800 × 600.";
pub const COVER_NOW: &str = "Portada actual";
pub const COVER_READY: &str = "La imagen ya está subida: se usa al guardar.";

pub const CONTRACT: &str = "Contrato";
pub const CONTRACT_HINT: &str = "Se cargan tantos cupos por mes como diga el contrato; el primer mes, al publicar.";
pub const CONTRACT_RUNNING: &str = "El contrato está en curso: se cambia renovándolo, no acá.";
pub const MONTHLY: &str = "Cupos por mes";
pub const MONTHS: &str = "Meses";
pub const START: &str = "Inicio";

pub const REQUIREMENTS: &str = "Requisitos del creador";
pub const PLATFORMS: &str = "Plataformas (con una alcanza)";
pub const MIN_FOLLOWERS: &str = "Seguidores mínimos";
pub const MIN_VIEWS: &str = "Promedio de vistas mínimo";
pub const MIN_AGE: &str = "Edad mínima";
pub const GENDER: &str = "Para";
pub const COUNTRY: &str = "País";
pub const RESIDENCE: &str = "Residencia";
pub const RESIDENCE_OTHER: &str = "Otra ciudad o zona";
pub const RESIDENCE_ANOTHER: &str = "Otra";
pub const ASUNCION: &str = "Asunción y Gran Asunción";
pub const FORMAT: &str = "Formato";
pub const MIN_DURATION: &str = "Duración mínima (segundos)";
pub const MAX_DURATION: &str = "Duración máxima (segundos)";
pub const TAG: &str = "Etiqueta obligatoria";
pub const MENTION: &str = "Mención obligatoria";
pub const CTA: &str = "Llamado a la acción";
pub const RULES: &str = "Otras reglas";
pub const RULES_HINT: &str = "Una por línea. El perfil público siempre es una.";

pub const CANJE: &str = "Canje";
pub const CANJE_TYPE: &str = "Tipo";
pub const CANJE_VALUE: &str = "Valor estimado (Gs)";
pub const CANJE_DESCRIPTION: &str = "Qué recibe el creador";

pub const HANDOVER: &str = "Entrega del canje";
pub const HANDOVER_HINT: &str = "Solo lo ven el equipo y los creadores confirmados.";
pub const METHOD: &str = "Cómo se entrega";
pub const ADDRESS: &str = "Dirección";
pub const MAPS: &str = "Enlace de Maps";
pub const HOURS: &str = "Horario";
pub const CONTACT_NAME: &str = "Contacto en la marca";
pub const CONTACT_PHONE: &str = "Teléfono del contacto";

pub const DATES: &str = "Fechas de la campaña";
pub const APPLICATIONS_DEADLINE: &str = "Último día para postularse";
pub const PUBLISH_START: &str = "Publicación desde";
pub const PUBLISH_END: &str = "Publicación hasta";

pub const DEADLINES: &str = "Plazos de entrega";
pub const DEADLINES_HINT: &str = "Los dos cuentan desde la confirmación. Con un plazo fijo y otro por días, quien se confirme tarde puede tener las métricas antes que la publicación.";
pub const DEADLINES_LIVE: &str = "Si cambian, antes de guardar vas a ver a quiénes alcanza.";
pub const URL_KIND: &str = "URL de la publicación";
pub const METRICS_KIND: &str = "Métricas";
pub const MODE: &str = "Cómo se cuenta";
pub const MODE_DAYS: &str = "Días después";
pub const MODE_FIXED: &str = "Fecha fija";
pub const DAYS: &str = "Días";
pub const DATE: &str = "Fecha fija";

pub const NOTES: &str = "Notas internas";
pub const NOTES_FIELD: &str = "Notas";
pub const NOTES_HINT: &str = "Solo las ve el equipo.";

pub const SAVE_DRAFT: &str = "Guardar borrador";
pub const PUBLISH: &str = "Publicar";
pub const SAVE: &str = "Guardar cambios";
pub const CANCEL: &str = "Volver sin guardar";

pub const NO_COMPANY: &str = "Elegí la empresa.";
pub const NO_BRAND_NAME: &str = "Falta el nombre de la marca.";
pub const NO_DESCRIPTION: &str = "Falta la descripción.";
pub const NO_CANJE: &str = "Falta contar qué recibe el creador.";
pub const NO_PLATFORM: &str = "Elegí al menos una plataforma.";
pub const NO_RESIDENCE: &str = "Escribí la ciudad o la zona.";
pub const NO_DATE: &str = "Falta la fecha.";
pub const BAD_DATE: &str = "Escribí la fecha como AAAA-MM-DD.";
pub const CHOOSE: &str = "Elegí una opción.";
pub const START_PAST: &str = "Tiene que ser hoy o después.";
pub const END_BEFORE_START: &str = "Tiene que ser el mismo día que el inicio o después.";
pub const DEADLINE_AFTER_END: &str = "No puede ser después del último día de publicación.";
pub const METRICS_BEFORE_URL: &str = "Las métricas no pueden vencer antes que la publicación.";
pub const DURATIONS_CROSSED: &str = "Tiene que ser igual o más que la mínima.";
pub const NOT_HTTPS: &str = "Tiene que ser un enlace que empiece con https://";

/// A text that is too long.
pub fn too_long(most: usize) -> String {
    format!("Es demasiado largo: hasta {} caracteres.", integer(most as i128))
}

/// A number out of its range.
pub fn between(least: impl Into<i64>, most: i64) -> String {
    format!("Tiene que ser un número entre {} y {}.", integer(least.into()), integer(most))
}

/// Too many rules, or too long ones.
pub fn too_many_rules(most: usize, longest: usize) -> String {
    format!("Hasta {most} reglas de {longest} caracteres cada una.")
}

/// «1.000 seguidores».
pub fn followers(least: i64) -> String {
    match least {
        0 => "Sin mínimo".into(),
        _ => integer(least),
    }
}

/// «25 años».
pub fn years(least: i64) -> String {
    format!("{least} años")
}
