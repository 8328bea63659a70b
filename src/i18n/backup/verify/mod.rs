//! What a verification says.

mod local;

pub use local::*;

use crate::backup::model::Check;
use crate::i18n::format::{integer, size};

pub const FORMAT_STORED: &str = "backup guardado de Canje";

pub const MISSING: &str = "falta este archivo";
pub const NOT_LISTED: &str = "este archivo no figura en el listado del destino";
pub const UNKNOWN_FILE: &str = "archivo que no pertenece a este backup";
pub const ALTERED: &str = "el contenido fue alterado: su SHA-256 no es el que figura en el manifiesto";
pub const CANNOT_DECRYPT: &str = "no se pudo descifrar con ninguna de nuestras claves";
pub const NOT_DECRYPTED: &str =
    "no se pudo descifrar porque no hay clave: solo se comprobaron los archivos contra el manifiesto público";
pub const NOT_PROVEN: &str = "la firma no se pudo probar porque no hay una clave pública de confianza";
pub const BAD_FRAME: &str = "los datos comprimidos están dañados";
pub const BAD_FRAME_LENGTH: &str = "los datos comprimidos no tienen el largo que declaran";
pub const PRIVATE_TOO_LONG: &str = "el manifiesto privado es más grande de lo permitido";
pub const BAD_SIGNATURE: &str = "la firma del manifiesto no corresponde a ninguna clave de confianza";
pub const WRONG_ARCHIVE_HASH: &str = "el SHA-256 del archivo completo no es el que figura en el manifiesto";
pub const OTHER_MANIFEST: &str =
    "el manifiesto no es el que quedó registrado en el catálogo: alguien lo reemplazó o es de otro momento";
pub const OTHER_PREVIOUS: &str = "el manifiesto nombra a otro backup anterior que el catálogo: la cadena no cierra";
pub const OTHER_ROOT: &str = "la huella general no es la que quedó registrada en el catálogo";
pub const NO_ROOT: &str = "no se pudo calcular la huella general: falta alguna definición";
pub const OTHER_ORDER: &str = "las colecciones están en otro orden que en el manifiesto";
pub const NEVER_CLOSED: &str = "la colección nunca se cierra: puede faltar el resto de sus documentos";
pub const NOT_IN_PRELUDE: &str = "no figura al comienzo del archivo";
pub const DOCUMENT_IN_VIEW: &str = "una vista no puede tener documentos";
pub const BROKEN_DOCUMENT: &str = "un documento está dañado por dentro";
pub const METADATA_TOO_LONG: &str = "la definición es más larga de lo permitido";
pub const METADATA_TWICE: &str = "la definición repite un campo";
pub const BYTES: &str = "bytes";
pub const KIND: &str = "tipo";
pub const INDEXES: &str = "índices";
pub const CAPPED: &str = "tamaño limitado";
pub const METADATA: &str = "texto de la definición";

/// What to do about a finding of a check that has no remedy of its own.
pub fn remedy(check: Check) -> Option<&'static str> {
    Some(match check {
        Check::Signature => "No confíes en esta copia: usá la de otro destino y averiguá quién cambió el manifiesto.",
        Check::Parts | Check::Encryption | Check::Checksums | Check::Counts | Check::Archive | Check::Listed => {
            "No restaures esta copia: usá la de otro destino y hacé un backup nuevo."
        }
        Check::Definitions => "Los documentos pueden servir; revisá índices y opciones antes de usar la copia.",
        Check::ReadBack => "Probá otra vez; si sigue igual, revisá el destino y hacé un backup nuevo.",
        Check::Catalogue => "Compará con el otro destino: el manifiesto registrado es el que vale.",
        Check::Legacy => "No des por completa esta copia: compará con la base o con otra copia.",
        _ => return None,
    })
}

/// A name short and tame enough for a sentence.
pub fn shown(name: &str) -> String {
    name.chars().take(120).flat_map(char::escape_debug).collect()
}

pub fn and_more(count: usize) -> String {
    format!("… y {} hallazgos más del mismo tipo", integer(count as i64))
}

/// An offset, and the part it is in.
pub fn at(offset: u64, part: Option<usize>) -> String {
    match part {
        Some(part) => format!("byte {offset}, parte {part:08}"),
        None => format!("byte {offset}"),
    }
}

pub fn with_place(detail: &str, at: &str) -> String {
    format!("{detail} ({at})")
}

pub fn unreadable(reason: &str) -> String {
    format!("no se pudo leer: {reason}")
}

pub fn vanished(place: &str) -> String {
    format!("el backup entero desapareció de {place}")
}

pub fn cannot_list(reason: &str) -> String {
    format!("no se pudo listar lo guardado: {reason}")
}

pub fn bad_public(line: usize, column: usize) -> String {
    format!("el manifiesto público no se puede leer (línea {line}, columna {column})")
}

pub fn bad_private(line: usize, column: usize) -> String {
    format!("el manifiesto privado no se puede leer (línea {line}, columna {column})")
}

pub fn unknown_format(format: &str) -> String {
    format!("formato de backup desconocido: «{format}»")
}

pub fn public_field(name: &str) -> String {
    format!("el campo {name} del manifiesto no es válido")
}

pub fn part_out_of_line(place: usize, index: u32) -> String {
    format!("donde va la parte {place:08} figura la {index:08}: la lista de partes tiene huecos o está desordenada")
}

pub fn part_gap(index: u32, expected: u64, stated: u64) -> String {
    format!("la parte {index:08} no continúa a la anterior: empieza en el byte {stated} y debería en el {expected}")
}

pub fn parts_do_not_add_up(listed: u64, stated: u64) -> String {
    format!("las partes suman {listed} bytes y el manifiesto dice {stated}")
}

pub fn frame_trailing(at: usize) -> String {
    format!("hay bytes de más después de los datos comprimidos (byte {at})")
}

pub fn wrong_size(stated: u64, found: u64) -> String {
    format!("mide {found} bytes y el manifiesto dice {stated}")
}

pub fn too_large(found: u64) -> String {
    format!("mide {found} bytes, más que cualquier parte")
}

pub fn wrong_plain_size(stated: u64, found: u64) -> String {
    format!("descifrado mide {found} bytes y el manifiesto dice {stated}")
}

pub fn wrong_archive_size(stated: u64, found: u64) -> String {
    format!("se leyeron {found} bytes del archivo y el manifiesto dice {stated}")
}

pub fn no_scratch(error: &std::io::Error) -> String {
    format!("no se pudo calcular la huella de una colección por falta de lugar temporal: {error}")
}

pub fn other_signer(key: &str) -> String {
    format!("lo firmó la clave {key}, que no es la que el manifiesto nombra")
}

pub fn signed_by(key: &str) -> String {
    format!("El manifiesto está firmado con la clave {key}, que se guarda fuera del destino.")
}

pub fn parts_read(parts: u32, bytes: u64) -> String {
    format!("Se leyeron {} partes, {} en total, y todas coinciden con el manifiesto.", integer(parts), size(bytes))
}

pub fn sums_equal(collections: usize, documents: i64) -> String {
    format!(
        "{} colecciones con {} documentos: cantidad, bytes, CRC y huellas iguales a lo leído en la base.",
        integer(collections as i64),
        integer(documents)
    )
}

pub fn root_equal(root: &str) -> String {
    format!("La huella general es {root}, la del manifiesto.")
}

pub fn other_backup(asked: &str, found: &str) -> String {
    format!("se pidió el backup {asked} y el manifiesto es del {found}")
}

pub fn other_archive(field: &str, found: &str) -> String {
    format!("el contenido no es el de este backup: su encabezado dice {field} «{found}»")
}

pub fn manifests_differ(field: &str) -> String {
    format!("el manifiesto privado y el público no coinciden en {field}")
}

pub fn missing_namespace(documents: i64) -> String {
    format!("el manifiesto la nombra con {} documentos y en el archivo no está", integer(documents))
}

pub fn extra_namespace(documents: u64) -> String {
    format!("está en el archivo con {} documentos y el manifiesto no la nombra", integer(documents as i64))
}

pub fn other_root(stated: &str, found: &str) -> String {
    format!("la huella general de lo leído es {found} y el manifiesto dice {stated}")
}

pub fn wrong_count(stated: i64, found: u64) -> String {
    format!("se leyeron {} documentos y el manifiesto dice {}", integer(found as i64), integer(stated))
}

pub fn wrong_sums(differ: &[&str], is_order: bool) -> String {
    let what = differ.join(", ");
    if is_order {
        format!("los documentos son los mismos pero en otro orden: no coinciden {what}")
    } else {
        format!("los documentos no son los que se leyeron en la base: no coinciden {what}")
    }
}

pub fn wrong_definition(differ: &[&str]) -> String {
    format!("la definición no es la que figura en el manifiesto: no coinciden {}", differ.join(", "))
}

pub fn bad_magic(at: &str) -> String {
    format!("el archivo no empieza como un archivo de mongodump ({at})")
}

pub fn no_header(at: &str) -> String {
    format!("falta el encabezado del archivo ({at})")
}

pub fn cut(at: &str) -> String {
    format!("el archivo está cortado ({at})")
}

pub fn trailing(at: &str) -> String {
    format!("hay bytes de más después del final ({at})")
}

pub fn unclosed(at: &str) -> String {
    format!("un documento no termina donde dice su largo ({at})")
}

pub fn wrong_length(length: u32, at: &str) -> String {
    format!("largo de documento imposible: {length} ({at})")
}

pub fn too_many(at: &str) -> String {
    format!("más colecciones o definiciones de las permitidas ({at})")
}

pub fn entry_twice(at: &str) -> String {
    format!("la colección figura dos veces ({at})")
}

pub fn two_terminators(at: &str) -> String {
    format!("dos finales de bloque seguidos ({at})")
}

pub fn no_terminator(at: &str) -> String {
    format!("falta el final del bloque ({at})")
}

pub fn unlisted(at: &str) -> String {
    format!("trae documentos pero no figura al comienzo del archivo ({at})")
}

pub fn reopened(at: &str) -> String {
    format!("vuelve a aparecer después de cerrada ({at})")
}

pub fn wrong_crc(stated: u64, found: u64, at: &str) -> String {
    format!("el CRC de los documentos es {found:016x} y el archivo dice {stated:016x} ({at})")
}

pub fn in_header(detail: &str, at: &str) -> String {
    format!("encabezado del archivo: {detail} ({at})")
}

pub fn in_entry(detail: &str, at: &str) -> String {
    format!("definición de una colección: {detail} ({at})")
}

pub fn in_block(detail: &str, at: &str) -> String {
    format!("encabezado de un bloque: {detail} ({at})")
}

pub fn broken_inside(at: usize) -> String {
    format!("dañado en su byte {at}")
}

pub fn header_field(name: &str) -> String {
    format!("el campo {name} falta o no es del tipo debido")
}

pub fn unknown_field(name: &str) -> String {
    format!("campo desconocido o repetido: «{name}»")
}

pub fn archive_version(version: &str) -> String {
    format!("versión de archivo desconocida: «{version}»")
}

pub fn server_version(version: &str) -> String {
    format!("versión de servidor sin tres números: «{version}»")
}

pub fn bad_name(name: &str) -> String {
    format!("nombre que ningún servidor admite: «{name}»")
}

pub fn bad_metadata(at: usize, what: &str) -> String {
    format!("no se puede leer en su byte {at} ({what})")
}

pub fn metadata_field(name: &str) -> String {
    format!("el campo {name} no es del tipo debido")
}

pub fn other_name(name: &str) -> String {
    format!("es la de otra colección: «{}»", shown(name))
}

pub fn two_kinds(stated: &str, said: &str) -> String {
    format!("dice ser «{}» y también «{}»", shown(stated), shown(said))
}

pub fn unknown_kind(kind: &str) -> String {
    format!("tipo de colección desconocido: «{}»", shown(kind))
}

pub fn index_twice(name: &str) -> String {
    format!("el índice «{}» figura dos veces", shown(name))
}
