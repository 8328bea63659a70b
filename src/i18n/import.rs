//! Words of reading and importing a dump: what the operator of `canje import` reads.

use crate::dump::{DumpError, Problem};

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
        Problem::UnknownField { field } => format!("Un encabezado de bloque trae un campo desconocido o repetido: {field}"),
        Problem::Version { version } => format!("Versión de archivo desconocida: {version}"),
        Problem::ServerVersion { version } => format!("La versión del servidor de origen no tiene tres números: «{version}»"),
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
        Problem::FileName { collection } => format!("El nombre del archivo no corresponde a la colección «{collection}»"),
    }
}
