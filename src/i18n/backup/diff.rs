//! Words of comparisons.

use crate::backup::diff::{CollectionDiff, DefinitionDiff, Report, Which};
use crate::i18n::number::{counted, integer};

/// Written by people who don't know how.
pub fn bad_side(text: &str) -> String {
    format!("«{text}» no es algo que se pueda comparar: escribí db:NOMBRE, backup:ID/BASE o dump:RUTA/BASE.")
}

/// Without a database.
pub fn needs_database(text: &str) -> String {
    format!("A «{text}» le falta la base: escribila al final, después de una barra.")
}

/// A name no database has.
pub fn bad_database(text: &str) -> String {
    format!("«{text}» no nombra una base: su nombre no puede estar vacío ni tener barras, puntos o espacios.")
}

/// Not a backup's name.
pub fn bad_backup(id: &str) -> String {
    format!("«{id}» no es el identificador de un backup: son 32 dígitos hexadecimales en minúscula.")
}

/// Not on the server.
pub fn no_database(name: &str) -> String {
    format!("En este servidor no hay una base «{name}».")
}

/// Not in the dump or backup.
pub fn not_in_it(name: &str, known: &[&str]) -> String {
    match known {
        [] => format!("No tiene la base «{name}»: no tiene ninguna."),
        known => format!("No tiene la base «{name}». Tiene: {}.", known.join(", ")),
    }
}

/// On neither side.
pub fn no_collection(name: &str) -> String {
    format!("Ninguno de los dos lados tiene la colección «{name}».")
}

/// Can't be read.
pub fn cannot_open(name: &str) -> String {
    format!("No se puede leer «{name}»")
}

/// A kind of namespace nobody knows.
pub fn unknown_kind(name: &str, kind: &str) -> String {
    format!("«{name}» es de un tipo desconocido ({kind}): no se compara lo que no se entiende.")
}

fn side(which: Which) -> &'static str {
    match which {
        Which::Left => "izquierda",
        Which::Right => "derecha",
    }
}

/// Before an error.
pub fn reading(which: Which) -> String {
    format!("al leer el lado de la {}", side(which))
}

/// A note about one side.
pub fn of_side(which: Which, note: &str) -> String {
    let side = match which {
        Which::Left => "Izquierda",
        Which::Right => "Derecha",
    };
    format!("{side}: {note}")
}

/// How a server was read.
pub fn read_live(in_transaction: u64, by_cursor: u64) -> String {
    let transactions = counted(
        in_transaction,
        "colección leída en su propia transacción",
        "colecciones leídas cada una en su propia transacción",
    );
    let cursors = counted(by_cursor, "leída con un cursor", "leídas con un cursor");
    match (in_transaction, by_cursor) {
        (0, 0) => "la base no tiene documentos para leer.".into(),
        (_, 0) => format!("{transactions}; entre una colección y otra la base pudo seguir cambiando."),
        (0, _) => format!(
            "{} con un cursor, sin un momento común: lo que cambió mientras tanto puede aparecer como diferencia.",
            counted(by_cursor, "colección leída", "colecciones leídas")
        ),
        _ => format!(
            "{transactions} y {cursors}, sin un momento común: lo que cambió mientras tanto puede aparecer como diferencia."
        ),
    }
}

/// A dump taken with `--oplog`.
pub const OPLOG_NOT_APPLIED: &str =
    "trae cambios anotados mientras se tomaba (oplog) que no se aplican: se compara lo que leyó.";
/// A dump without metadata.
pub const NO_INDEXES: &str = "Un lado no dice qué índices tiene: no se compararon.";
/// A preview has none.
pub const NO_EXPIRY: &str = "La previsualización no tiene los vencimientos (TTL) a propósito, para que no se borre nada: no cuentan como diferencia.";
/// Buckets against measurements.
pub const BUCKETS: &str =
    "Un lado guarda la serie temporal en cubetas y el otro como mediciones: sus documentos no se pueden comparar.";

/// Left out of a backup.
pub fn excluded(reason: &str) -> String {
    format!("El backup la excluyó: {reason}")
}

/// A document without one.
pub const NO_ID: &str = "sin _id";

/// A size.
pub fn bytes(length: usize) -> String {
    counted(length as u64, "byte", "bytes")
}

/// A sub-document in place of its fields.
pub fn object(fields: u64) -> String {
    format!("{{…}} {}", counted(fields, "campo", "campos"))
}

/// A list in place of its elements.
pub fn list(elements: u64) -> String {
    format!("[…] {}", counted(elements, "elemento", "elementos"))
}

/// The result in one sentence.
pub fn sentence(report: &Report) -> String {
    let collections = report.collections.len() as u64;
    let documents: u64 = report.collections.iter().map(|collection| collection.left).sum();
    if report.equal {
        let documents = counted(documents, "documento", "documentos");
        return format!(
            "Son iguales: {}, {documents}, sin una sola diferencia.",
            counted(collections, "colección", "colecciones")
        );
    }
    let differing = report.differing().count() as u64;
    let of: u64 = report.differing().map(|one| one.changed + one.only_left + one.only_right).sum();
    let differ = if differing == 1 { "difiere" } else { "difieren" };
    let documents = match of {
        0 => "ningún documento distinto, pero sí su definición, su orden o su existencia".to_owned(),
        of => counted(of, "documento distinto", "documentos distintos"),
    };
    format!("{} {differ} de {}: {documents}.", counted(differing, "colección", "colecciones"), integer(collections))
}

/// What is compared.
pub fn cli_sides(left: &str, right: &str) -> String {
    format!("Izquierda: {left}\nDerecha:   {right}")
}

/// The columns on a terminal.
pub const CLI_HEAD: [&str; 6] = ["Colección", "Izquierda", "Derecha", "Cambiados", "Solo izq.", "Solo der."];

/// A difference of a definition on a terminal.
pub fn cli_definition(definition: &DefinitionDiff) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "—".into());
    format!("{}: {} ≠ {}", part(&definition.part), side(&definition.left), side(&definition.right))
}

/// The part of a definition.
pub fn part(part: &str) -> String {
    match part.split_once([' ', '.']) {
        Some(("index", name)) => format!("índice {name}"),
        Some(("options", name)) => format!("opción {name}"),
        _ if part == "type" => "tipo".into(),
        _ => part.to_owned(),
    }
}

/// What is to be said of a collection besides its numbers.
pub fn remarks(row: &CollectionDiff) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    match row.missing {
        Some(Which::Left) => remarks.push("No está a la izquierda.".into()),
        Some(Which::Right) => remarks.push("No está a la derecha.".into()),
        None => {}
    }
    if row.order_differs {
        remarks
            .push("Los mismos documentos en otro orden; en una colección de tamaño fijo el orden es un dato.".into());
    }
    remarks.extend(row.notes.iter().cloned());
    remarks
}

/// What a comparison does last.
pub const FETCHING: &str = "documentos que difieren";

/// Something broke while reading.
pub const FAILED: &str = "Algo falló al leer uno de los dos lados. No se modificó nada; probá de nuevo, y si sigue, el registro del servidor dice por qué.";

/// Something broke while reading one of the two.
pub fn failed_on(which: Which) -> String {
    format!(
        "Algo falló al leer el lado de la {}. No se modificó nada. Si es un backup, verificalo; si no, probá de nuevo: el registro del servidor dice por qué.",
        side(which)
    )
}

/// Stopped on the way.
pub const INTERRUPTED: &str = "La comparación se detuvo antes de terminar. No se modificó nada: probá de nuevo.";
