//! Words of reading and importing a dump: what the operator of `canje import` reads.

use crate::dump::compare::Difference;
use crate::dump::hash::Digest;
use crate::dump::{DumpError, Problem};
use crate::i18n::number::integer;
use crate::import::{Cause, Event, Failure, Report, Stage};

/// A refused dump: what is wrong and where.
pub fn dump_error(error: &DumpError) -> String {
    let place = match (&error.place.file, error.place.offset) {
        (Some(file), Some(offset)) => format!(" ({file}, byte {offset})"),
        (Some(file), None) => format!(" ({file})"),
        (None, Some(offset)) => format!(" (byte {offset})"),
        (None, None) => String::new(),
    };
    format!("{}{place}", problem(&error.problem))
}

fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Unreadable { reason } => format!("No se pudo leer: {reason}"),
        Problem::NotADump => "Esto no es un dump de mongodump (ni directorio ni archivo)".into(),
        Problem::Cut => "El dump está cortado: termina en medio de un dato".into(),
        Problem::Gzip { reason } => format!("La compresión gzip está dañada: {reason}"),
        Problem::Length { length } => format!("Largo de documento imposible: {length} bytes"),
        Problem::Unclosed => "Un documento no termina donde dice".into(),
        Problem::Header => "Un encabezado del dump está dañado".into(),
        Problem::Field { field } => format!("En un encabezado falta el campo {field} o tiene otro tipo"),
        Problem::UnknownField { field } => {
            format!("Un encabezado de bloque trae un campo desconocido o repetido: {field}")
        }
        Problem::Version { version } => format!("Versión de archivo desconocida: {version}"),
        Problem::ServerVersion { version } => {
            format!("La versión del servidor de origen no tiene tres números: «{version}»")
        }
        Problem::DoubleTerminator => "Hay un fin de bloque donde debería empezar un bloque".into(),
        Problem::NoTerminator => "Falta el fin de un bloque".into(),
        Problem::Trailing => "Hay bytes de más después del final".into(),
        Problem::TooMuch => "El dump declara más colecciones o definiciones de las que se aceptan".into(),
        Problem::MetadataLength { namespace } => format!("La definición de {namespace} es demasiado larga"),
        Problem::Metadata { namespace, reason } => format!("La definición de {namespace} no se entiende: {reason}"),
        Problem::Name { name } => format!("Nombre no permitido: «{name}»"),
        Problem::Repeated { namespace } => format!("{namespace} figura dos veces"),
        Problem::Kind { namespace, kind } => format!("{namespace} es de un tipo desconocido: «{kind}»"),
        Problem::Unlisted { namespace } => format!("Hay datos de {namespace}, que el índice del dump no nombra"),
        Problem::Reopened { namespace } => format!("{namespace} sigue después de su cierre"),
        Problem::NeverClosed { namespace } => format!("Faltan datos: {namespace} nunca se cierra"),
        Problem::Checksum { namespace, stated, computed } => {
            format!("Los datos de {namespace} no dan la suma de control: dice {stated:016x}, da {computed:016x}")
        }
        Problem::Documents { namespace } => format!("{namespace} es una vista y trae documentos"),
        Problem::MissingMetadata => "Hay datos sin su archivo .metadata.json: no se conocen sus índices".into(),
        Problem::MissingData { namespace } => format!("Falta el archivo de datos de {namespace}"),
        Problem::TwoFiles { namespace } => format!("Hay dos archivos para lo mismo: {namespace}"),
        Problem::FileName { collection } => {
            format!("El nombre del archivo no corresponde a la colección «{collection}»")
        }
    }
}

/// `--map` that isn't `OLD=NEW`.
pub const MAP_SYNTAX: &str = "se espera BASE=NOMBRE_NUEVO";
/// `--skip` that isn't `NS=reason`.
pub const SKIP_SYNTAX: &str = "se espera BASE.COLECCIÓN=motivo";
/// Help of the dump's path.
pub const HELP_PATH: &str = "Directorio de mongodump, o archivo (--archive), con o sin gzip";
/// Help of `--map`.
pub const HELP_MAP: &str = "Importa la base OLD con el nombre NEW; se puede repetir";
/// Help of `--skip`.
pub const HELP_SKIP: &str =
    "Deja afuera una colección (o un índice: BASE.COLECCIÓN.$ÍNDICE) y anota el motivo; se puede repetir";
/// Help of `--json`.
pub const HELP_JSON: &str = "Informe en JSON por la salida estándar";
/// Help of `--discard`.
pub const HELP_DISCARD: &str = "Borra una base cuya importación quedó sin terminar, y ninguna otra";

/// A `--skip` that names nothing.
pub const SKIP_UNKNOWN: &str = "--skip nombra algo que el dump no tiene";
/// A `--map` that names nothing, or the same database twice.
pub const MAP_UNKNOWN: &str = "--map nombra una base que el dump no tiene, o la nombra dos veces";
/// Why server users inside a database are left out.
pub const SERVER_USERS: &str = "usuarios y roles del servidor de origen: no son datos de la aplicación";
/// A system collection nobody can write.
pub const SYSTEM_COLLECTION: &str = "colección del sistema: ningún servidor deja escribirla";
/// A name with a dollar sign.
pub const DOLLAR_NAME: &str = "el nombre lleva «$»: ningún servidor deja crearla";
/// The dump changed between two readings.
pub const SOURCE_CHANGED: &str = "El dump cambió mientras se lo leía";
/// An oplog with changes.
pub const OPLOG_CHANGES: &str =
    "el oplog del dump trae cambios que habría que aplicar encima, y eso no se hace; sacá el dump sin --oplog";
/// An oplog without changes.
pub const OPLOG_QUIET: &str = "oplog sin cambios: nada que aplicar";
/// A document without `_id`.
pub const NO_ID: &str = "documento sin _id (el servidor le inventaría uno)";
/// A document whose `_id` has a type no server takes.
pub const ILLEGAL_ID: &str = "documento con un _id de un tipo que no se admite";
/// A document with two `_id`.
pub const REPEATED_ID: &str = "documento con más de un _id";
/// A document whose `_id` isn't its first field.
pub const MISPLACED_ID: &str = "documento cuyo _id no va primero (el servidor lo movería)";
/// An empty timestamp together with something a command can't carry.
pub const EMPTY_TIMESTAMP_FRAGILE: &str = "documento con una marca de tiempo vacía junto a claves repetidas o fuera de orden: ningún camino conserva las dos cosas";
/// Bucket documents.
pub const BUCKETS: &str = "serie temporal con datos: este servidor no guarda sus bloques tal cual";
/// Text that isn't UTF-8.
pub const INVALID_UTF8: &str = "texto que no es UTF-8";
/// Broken BSON.
pub const MALFORMED: &str = "BSON mal formado";
/// Too many levels.
pub const TOO_DEEP: &str = "demasiados niveles anidados";
/// The server took a document and gave back another.
pub const CHANGED_BYTES: &str = "el servidor lo devuelve cambiado";
/// Order of a capped collection.
pub const ORDER: &str = "los documentos están todos, pero en otro orden (la colección es limitada y su orden es dato)";
/// A document that came back different.
pub const DOCUMENT_CHANGED: &str = "el documento quedó distinto";
/// A document that didn't come back.
pub const DOCUMENT_MISSING: &str = "falta el documento";
/// A document nobody sent.
pub const DOCUMENT_ADDED: &str = "sobra un documento";
/// A namespace that isn't on the server.
pub const NOT_THERE: &str = "no está en el servidor";
/// A namespace that isn't in the dump.
pub const NOT_IN_DUMP: &str = "está en el servidor y no en el dump";

/// Why a database of the server itself is left out.
pub fn server_database(name: &str) -> String {
    format!("«{name}» es del propio servidor de origen: no son datos de la aplicación")
}

/// A name no database may have.
pub fn target_name(name: &str) -> String {
    format!("«{name}» no puede ser el nombre de una base importada; elegí otro con --map")
}

/// The live database as a target.
pub fn target_is_live(name: &str) -> String {
    format!("«{name}» es la base viva; importá con otro nombre usando --map")
}

/// Two databases into one.
pub fn target_twice(name: &str) -> String {
    format!("dos bases del dump irían a «{name}»; separalas con --map")
}

/// Something about one document.
pub fn document_feature(what: &str, id: &str, offset: u64) -> String {
    format!("{what} (_id {id}, byte {offset})")
}

/// A kind of index the server refuses.
pub fn index_feature(kind: &str, answer: &str) -> String {
    format!("índice «{kind}»: el servidor no lo admite ({answer})")
}

/// A document the server refuses.
pub fn flaw_feature(flaw: &str, id: &str, answer: &str) -> String {
    format!("{flaw}: el servidor no lo admite (_id {id}; {answer})")
}

/// An insert that acknowledged fewer documents than it was given.
pub fn short_insert(namespace: &str) -> String {
    format!("El servidor confirmó menos documentos de los enviados a {namespace}")
}

/// What was being done when the database failed.
pub fn inserting(namespace: &str) -> String {
    format!("Al cargar {namespace}")
}

/// What was being done when the database failed.
pub fn defining(namespace: &str) -> String {
    format!("Al crear la colección o los índices de {namespace}")
}

/// A document the server didn't take.
pub fn not_inserted(message: &str) -> String {
    format!("el servidor rechazó el documento: {message}")
}

/// Counts, bytes or contents that differ.
pub fn digest_differs(expected: &Digest, found: &Digest) -> String {
    format!(
        "el dump tiene {} documentos y {} bytes, la base {} y {}; la huella {}",
        expected.documents,
        expected.bytes,
        found.documents,
        found.bytes,
        if expected.h_set == found.h_set { "coincide" } else { "no coincide" }
    )
}

/// A definition that came out differently.
pub fn definition(difference: &Difference) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nada".into());
    format!("{}: el dump dice {}, la base {}", difference.part, side(&difference.expected), side(&difference.found))
}

/// A removed database.
pub fn discarded(database: &str) -> String {
    format!("La base «{database}», cuya importación no había terminado, fue borrada. Podés importarla de nuevo.")
}

/// The command that removes a half-made database.
pub fn discard_command(database: &str) -> String {
    format!("canje import --discard {database}")
}

/// A failed import: what happened, what was left, what to do.
pub fn failure(failure: &Failure) -> String {
    let mut text = cause(&failure.cause);
    for database in &failure.unfinished {
        text.push_str(&format!(
            "\nLa base «{database}» quedó a medias y no se debe usar. Para borrarla: {}",
            discard_command(database)
        ));
    }
    text
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Dump(error) => format!("El dump no se puede importar. {error}."),
        Cause::Refused(refusals) => {
            let mut text = String::from("No se escribió nada. Este dump no se puede importar así:");
            for refusal in refusals {
                text.push_str(&format!("\n  {}: {}", refusal.namespace, refusal.feature));
            }
            text.push_str("\nLo que se pueda dejar afuera se indica con --skip BASE.COLECCIÓN=motivo.");
            text
        }
        Cause::Exists { database } => format!(
            "No se escribió nada. La base «{database}» ya existe y nunca se importa encima de una base. \
             Elegí otro nombre con --map."
        ),
        Cause::Unfinished { database } => format!(
            "No se escribió nada. Una importación anterior a «{database}» quedó sin terminar. \
             Para borrarla y empezar de nuevo: {}",
            discard_command(database)
        ),
        Cause::NotDiscardable { database } => format!(
            "No se borró nada. «{database}» no figura como una importación sin terminar, y solo esas se borran."
        ),
        Cause::Different(differences) => {
            let mut text = String::from("Lo que quedó en la base no es lo que trae el dump:");
            for difference in differences {
                let id = difference.id.as_ref().map(|id| format!(" _id {id}")).unwrap_or_default();
                text.push_str(&format!("\n  {}{id}: {}", difference.namespace, difference.what));
            }
            text
        }
        Cause::Superseded { database } => {
            format!("Otra orden cambió el registro de la importación a «{database}» mientras corría.")
        }
        Cause::Fault(error) => format!("La importación se detuvo por una falla: {error:#}"),
    }
}

/// One line of progress. `None` for events that say nothing to people.
pub fn event(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Opened { source, namespaces, server_version } => {
            let version = server_version.map(|version| format!(", de un servidor {version}")).unwrap_or_default();
            format!("{source}: {namespaces} colecciones y vistas{version}")
        }
        Event::ForeignFile { name } => format!("  {name}: no es parte de un dump, se ignora"),
        Event::UnknownField { name } => format!("  campo desconocido en un encabezado: {name}"),
        Event::Skipped { namespace, reason } => format!("  {namespace}: queda afuera ({reason})"),
        Event::Running { stage, namespace, documents, total } => {
            let total = total.map(|total| format!(" de {}", integer(total))).unwrap_or_default();
            format!("{} {namespace}: {}{total}", doing(*stage), integer(*documents))
        }
        Event::Done { stage, namespace, documents, bytes } => {
            format!("{} {namespace}: {} documentos, {} bytes", done(*stage), integer(*documents), integer(*bytes))
        }
    })
}

fn doing(stage: Stage) -> &'static str {
    match stage {
        Stage::Survey => "Revisando",
        Stage::Load => "Cargando",
        Stage::Verify => "Verificando",
        Stage::Define => "Índices de",
    }
}

fn done(stage: Stage) -> &'static str {
    match stage {
        Stage::Survey => "Revisada",
        Stage::Load => "Cargada",
        Stage::Verify => "Verificada",
        Stage::Define => "Definida",
    }
}

/// The closing table of a verified import.
pub fn report(report: &Report) -> String {
    let mut text = String::new();
    let width = report.collections.iter().map(|c| c.database.len() + 1 + c.name.len()).max().unwrap_or(0);
    for imported in &report.collections {
        let namespace = format!("{}.{}", imported.database, imported.name);
        text.push_str(&format!(
            "{namespace:width$}  {:>12} documentos  {:>15} bytes  {}\n",
            integer(imported.documents),
            integer(imported.bytes),
            imported.h_set
        ));
    }
    for skipped in &report.skipped {
        text.push_str(&format!("{}: quedó afuera ({})\n", skipped.namespace, skipped.reason));
    }
    let documents: u64 = report.collections.iter().map(|imported| imported.documents).sum();
    text.push_str(&format!(
        "Importadas y verificadas documento por documento: {} colecciones y vistas, {} documentos.\n",
        report.collections.len(),
        integer(documents)
    ));
    text
}
