//! The words of the inspector.

use super::number::{counted, integer};

/// The section's name.
pub const TITLE: &str = "Datos";
/// What the section is for.
pub const PURPOSE: &str = "Todas las colecciones de cada base, para verlas con tus propios ojos. Solo lectura.";
/// The switcher's label.
pub const DATABASES: &str = "Base de datos";
/// The live database.
pub const LIVE: &str = "En uso";
/// An imported database.
pub const IMPORTED: &str = "Importada";
/// An import that didn't finish.
pub const IMPORTED_UNFINISHED: &str = "Importación sin terminar";
/// Any other database.
pub const PREVIEW: &str = "Vista previa";
/// No database at all.
pub const NO_DATABASES: &str = "Todavía no hay ninguna base para mirar.";

/// Where a database is: environment, host, and that nothing can be written.
pub fn whereabouts(environment: &str, host: &str) -> String {
    format!("{environment} · {host} · solo lectura")
}

/// A copy that goes by itself.
pub fn expires(whereabouts: &str, at: &str) -> String {
    format!("{whereabouts} · copia de un backup, se borra sola el {at}")
}

/// Heads of the list of collections.
pub const COLLECTION: &str = "Colección";
/// Count.
pub const DOCUMENTS: &str = "Documentos";
/// Size.
pub const SIZE: &str = "Datos";
/// Number of indexes.
pub const INDEXES: &str = "Índices";
/// Newest document.
pub const NEWEST: &str = "Más reciente";
/// When it was counted.
pub const IN_BACKUP: &str = "En el último backup";
pub const IN_BACKUP_UNIT: &str = "en el backup";
pub const NOT_IN_BACKUP: &str = "no está";
pub const COUNTED_AT: &str = "Contado";
/// Kinds.
pub const KIND_COLLECTION: &str = "colección";
/// Capped.
pub const KIND_CAPPED: &str = "limitada";
/// View.
pub const KIND_VIEW: &str = "vista";
/// Time series.
pub const KIND_TIME_SERIES: &str = "serie temporal";
/// Badges.
pub const EMPTY: &str = "vacía";
/// Obsolete.
pub const OBSOLETE: &str = "obsoleta";
/// Why obsolete.
pub const OBSOLETE_WHY: &str = "Resto del sistema anterior: se archiva o se borra solo después de tu aprobación.";
/// Unforeseen.
pub const UNFORESEEN: &str = "no prevista";
/// Why unforeseen.
pub const UNFORESEEN_WHY: &str = "No está en la lista de colecciones que conocemos.";
/// Part of a file store.
pub const GRIDFS: &str = "GridFS";
/// A count is under way.
pub const COUNTING: &str = "contando…";
/// It couldn't be counted.
pub const NOT_COUNTED: &str = "no se pudo contar";
/// Counts again.
pub const COUNT_AGAIN: &str = "Contar de nuevo";
/// After asking for it.
pub const COUNTED_AGAIN: &str =
    "Listo: volvimos a contar. Si una colección es grande, su cuenta sigue en segundo plano.";
/// Search.
pub const SEARCH: &str = "Buscar colección";
/// Nothing found by that name.
pub const NOTHING_FOUND: &str = "Ninguna colección tiene ese nombre.";
/// Way back.
pub const SHOW_ALL: &str = "Ver todas";
/// A database without collections.
pub const NO_COLLECTIONS: &str = "Esta base no tiene ninguna colección.";
/// The collections in doubt.
pub const DOUBTS: &str = "Colecciones en duda";
/// It doesn't exist.
pub const DOES_NOT_EXIST: &str = "no existe";
/// Applications that name a creator.
pub const APPLICATIONS_WITH_CREATOR: &str = "ugc_applications con creator_id";
/// Applications that don't.
pub const APPLICATIONS_WITHOUT_CREATOR: &str = "ugc_applications sin creator_id";
/// Applications without one whose address is a creator's.
pub const APPLICATIONS_MATCHING: &str = "sin creator_id, con un correo de ugc_creators";

/// «33 colecciones · 32 con datos · 1 vacía · 7.381 documentos · 4,9 MB».
pub fn totals(all: u64, empty: u64, documents: u64, size: &str) -> String {
    let with_data = all - empty;
    format!(
        "{} · {} con datos · {} · {} · {size}",
        counted(all, "colección", "colecciones"),
        integer(with_data),
        counted(empty, "vacía", "vacías"),
        counted(documents, "documento", "documentos"),
    )
}

/// Said while some collections of a database have never been counted: what is known isn't all there is.
pub fn totals_so_far(all: u64, counted_yet: u64) -> String {
    format!(
        "{} · {} contadas hasta ahora; volvé a cargar la página en unos segundos",
        counted(all, "colección", "colecciones"),
        integer(counted_yet),
    )
}

/// Documents read by a count under way.
pub fn counting(seen: u64) -> String {
    format!("contando… {}", integer(seen))
}

/// Tabs of a collection.
pub const TABS: &str = "Partes de la colección";
/// Profile.
pub const PROFILE: &str = "Perfil";
/// Options.
pub const OPTIONS: &str = "Opciones";
/// Export.
pub const EXPORT: &str = "Exportar";
/// The order.
pub const SORT: &str = "Orden";
/// Columns.
pub const COLUMNS: &str = "Columnas";
/// How to write them.
pub const COLUMNS_HINT: &str = "Separadas por comas; con punto para llegar adentro: stats.total";
/// Applies filter, order and columns.
pub const APPLY: &str = "Aplicar";
/// The disclosure with filter, order and columns.
pub const REFINE: &str = "Filtrar, ordenar y elegir columnas";
/// Takes the filter away.
pub const CLEAR: &str = "Quitar filtro";
/// A filter's field.
pub const FIELD: &str = "Campo";
/// Its operator.
pub const OPERATOR: &str = "Comparación";
/// Its value's type.
pub const TYPE: &str = "Tipo";
/// Its value.
pub const VALUE: &str = "Valor";
/// The raw filter.
pub const RAW: &str = "Filtro en JSON extendido";
/// How to write it.
pub const RAW_HINT: &str = "Por ejemplo {\"status\": \"applied\"}";
/// Ascending order.
pub const ASCENDING: &str = "↑";
/// Descending order.
pub const DESCENDING: &str = "↓";
/// Jump.
pub const GO_TO: &str = "Ir al n.º";
/// Nothing matches.
pub const NO_MATCH: &str = "Ningún documento cumple el filtro.";
/// Nothing is there.
pub const NO_DOCUMENTS: &str = "Esta colección está vacía.";
/// The filter can't be asked.
pub const FIX_FILTER: &str = "Este filtro no se pudo consultar";
/// A filter without a count.
pub const COUNT_MATCHES: &str = "Contar los resultados";
/// The count took too long.
pub const TOO_MANY_TO_COUNT: &str = "No llegamos a contar los resultados en 10 segundos.";
/// A place that makes no sense.
pub const BAD_PLACE: &str = "La dirección de esta página no es válida. Volvé a la primera.";
/// A filter nobody knows.
pub const BAD_PRESET: &str = "No conocemos ese filtro.";
/// The order can't be used.
pub const SORT_HAS_LISTS: &str =
    "No se puede ordenar por ese campo: algún documento tiene una lista ahí. Elegí otro orden.";
/// A count under way.
pub const COUNT_RUNNING: &str = "Contando la colección";
/// What the page can't say meanwhile.
pub const COUNT_RUNNING_WHY: &str = "Mientras tanto podés recorrerla; la posición y el total aparecen cuando termina.";
/// A count that failed.
pub const COUNT_FAILED: &str = "No pudimos contar esta colección. Podés recorrerla igual, sin total.";

/// «101–150 de 3.204, contado 14:32».
pub fn position(first: u64, last: u64, total: u64, at: &str) -> String {
    format!("{}–{} de {}, contado {at}", integer(first), integer(last), integer(total))
}

/// «50 documentos en esta página».
pub fn on_page(rows: u64) -> String {
    format!("{} en esta página", counted(rows, "documento", "documentos"))
}

/// «128 resultados».
pub fn results(total: u64) -> String {
    counted(total, "resultado", "resultados")
}

/// The table's caption.
pub fn documents_of(collection: &str) -> String {
    format!("Documentos de {collection}")
}

/// So far read.
pub fn read_so_far(seen: u64) -> String {
    format!("{} hasta ahora", counted(seen, "documento leído", "documentos leídos"))
}

/// A document's page.
pub const DOCUMENT: &str = "Documento";
/// Bytes that make no value.
pub fn unreadable(bytes: u64) -> String {
    format!("ilegible: {}", counted(bytes, "byte", "bytes"))
}
/// A key that names somebody.
pub const MASKED_KEY: &str = "••••••";
/// The JSON text.
pub const JSON: &str = "JSON extendido canónico";
/// Copies it.
pub const COPY_JSON: &str = "Copiar JSON";
/// Copied.
pub const COPIED: &str = "Copiado";
/// Downloads it.
pub const DOWNLOAD: &str = "Descargar JSON";
/// Shows it whole.
pub const SEE_WHOLE: &str = "Ver completo";
/// The text was cut.
pub const JSON_CUT: &str = "Es largo: acá está el principio.";
/// It has no text.
pub const NO_JSON: &str = "Tiene bytes que no son texto válido, así que no se puede escribir como JSON.";
/// Reveals.
pub const REVEAL: &str = "Revelar";
/// What revealing does.
pub const REVEAL_WHY: &str =
    "Muestra los datos personales de este documento, solo esta vez. Queda registrado con tu nombre y el motivo.";
/// The reason.
pub const REASON: &str = "Motivo";
/// Was revealed.
pub const REVEALED: &str = "Datos personales a la vista";
/// What that means.
pub const REVEALED_WHY: &str =
    "Quedó registrado con tu nombre y el motivo. Al salir de esta página se vuelven a ocultar.";
/// Hides again.
pub const HIDE_AGAIN: &str = "Volver a ocultar";
/// The permanent link.
pub const COPY_LINK: &str = "Copiar enlace";

/// How long a reason has to be.
pub fn reason_length(least: usize, most: usize) -> String {
    format!("Escribí el motivo, entre {least} y {most} caracteres.")
}

/// The size of a document.
pub fn document_size(size: &str) -> String {
    format!("{size} en BSON")
}

/// The title of a database's list.
pub fn collections_of(database: &str) -> String {
    format!("Colecciones de {database}")
}
/// What a number of documents is followed by.
pub fn documents_unit(count: i64) -> &'static str {
    if count == 1 { "documento" } else { "documentos" }
}
/// What a number of indexes is followed by.
pub fn indexes_unit(count: usize) -> &'static str {
    if count == 1 { "índice" } else { "índices" }
}
/// Documents in the newest backup, and how many more or fewer there are now.
pub fn in_backup(stored: i64, more: i64) -> String {
    let sign = if more > 0 { "+" } else { "−" };
    format!("{} ({sign}{})", integer(stored), integer(more.unsigned_abs()))
}
