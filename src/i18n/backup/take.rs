//! What is said about taking a backup: exclusions, evidence, findings.

use std::time::Duration;

use crate::backup::model::Label;
use crate::i18n::format::{counted, decimal, integer, size};

// Why something is left out.
pub const SYSTEM_DATABASE: &str = "base interna del servidor: no guarda datos de la plataforma";
pub const OPERATIONS: &str = "el estado de los propios backups vive ahí y cambia mientras se hace uno";
pub const TRIAL: &str = "base de una prueba de restauración; se borra sola";
pub const PREVIEW: &str = "vista previa de un backup; vence sola";
pub const VIEWS: &str = "catálogo interno de vistas: cada vista está incluida con su definición";
pub const PROFILE: &str = "registro de rendimiento del servidor, no datos";
pub const SYSTEM_COLLECTION: &str = "colección interna del servidor";

pub fn buckets_of(series: &str) -> String {
    format!("almacén interno de la serie temporal «{series}», que está incluida")
}

// What is wrong with what is listed.
pub const NAMELESS: &str = "el servidor lista algo sin nombre";
pub const NO_ROUND_TRIP: &str = "su definición no sobrevive el paso a texto y vuelta";

pub fn cannot_ask_for(name: &str, reason: &str) -> String {
    format!("la base «{name}» no se puede pedir: {reason}")
}

pub fn no_such_database(name: &str) -> String {
    format!("la base «{name}» no existe o este usuario no la ve")
}

pub fn unknown_kind(kind: &str) -> String {
    format!("es de un tipo desconocido ({kind:?}); no se omite nada sin saber qué es")
}

pub fn bad_definition(problem: &str) -> String {
    format!("su definición no se entiende: {problem}")
}

// What changed meanwhile.
pub const GONE: &str = "desapareció mientras se leía";
pub const RECREATED: &str = "se borró y se volvió a crear mientras se leía";
pub const REDEFINED: &str = "cambió su definición (opciones, validador o índices) mientras se leía";
pub const APPEARED: &str = "apareció o desapareció mientras se leía";
pub const KEPT_CHANGING_REMEDY: &str =
    "repetí el backup cuando nadie esté creando, borrando ni redefiniendo colecciones o índices";

pub fn event(kind: &str) -> String {
    let what = match kind {
        "create" => "se creó una colección",
        "drop" => "se borró una colección",
        "rename" => "se renombró una colección",
        "dropDatabase" => "se borró la base",
        "createIndexes" => "se creó un índice",
        "dropIndexes" => "se borró un índice",
        "modify" => "cambiaron opciones, validador o índices",
        _ => return format!("cambió la definición ({kind})"),
    };
    format!("{what} mientras se leía ({kind})")
}

pub fn kept_changing(attempts: u32, namespace: Option<&str>, what: &str) -> String {
    let tries = counted(u64::from(attempts), "intento", "intentos");
    match namespace {
        Some(namespace) => format!("no se pudo leer todo sin cambios de por medio tras {tries}: {namespace}: {what}"),
        None => format!("no se pudo leer todo sin cambios de por medio tras {tries}: {what}"),
    }
}

// The change stream.
pub const STREAM_ENDED: &str = "el flujo de cambios del servidor se cortó";
pub const STREAM_SILENT: &str = "el flujo de cambios no mostró una escritura propia a tiempo";
pub const NO_STREAM: &str =
    "sin flujo de cambios: solo se puede decir que las definiciones eran iguales antes y después";

pub fn stream_broken(error: &str) -> String {
    format!("{STREAM_ENDED}: {error}")
}

pub fn same_lists(namespaces: usize, databases: usize) -> String {
    let of = counted(databases as u64, "base", "bases");
    let all = counted(namespaces as u64, "colección o vista", "colecciones y vistas");
    format!("{all} de {of}: mismos nombres, tipos, identificadores, opciones e índices antes y después")
}

pub fn stream_watched(changes: u64) -> String {
    let seen = counted(changes, "cambio de documento", "cambios de documentos");
    format!(
        "el flujo de cambios, leído de una escritura propia a otra, no mostró ningún cambio de definiciones ({seen})"
    )
}

// The server and its user.
pub const NO_ACCESS_CONTROL: &str = "servidor sin control de acceso: se ve todo";
pub const SEES_SOME_REMEDY: &str = "dale al usuario del backup los roles readAnyDatabase y clusterMonitor para que pueda afirmarlo de todo el servidor";

pub fn sees_everything(user: &str) -> String {
    format!("el usuario «{user}» puede listar todas las bases y leer todas las colecciones")
}

pub fn sees_some(user: &str) -> String {
    format!("esto vale hasta donde alcanza a ver el usuario «{user}»: no tiene permiso de listar y leer todo")
}

pub fn server(version: &str, fcv: Option<&str>) -> String {
    match fcv {
        Some(fcv) => format!("versión {version}, compatibilidad {fcv}"),
        None => format!("versión {version}"),
    }
}

pub fn hosts(set: Option<&str>, hosts: &[String]) -> String {
    match set {
        Some(set) => format!("conjunto «{set}»: {}", hosts.join(", ")),
        None => "conectado a un enrutador".into(),
    }
}

pub fn cluster(id: &str) -> String {
    format!("identificador del conjunto: {id}")
}

// Consistency.
pub const NO_RUNG_ALLOWED: &str = "no se permitió ninguna forma de leer";
pub const SNAPSHOT_NOT_HONOURED: &str =
    "el servidor acepta lecturas en una instantánea fuera de transacciones, pero no las respeta: no se usan";
pub const NO_SNAPSHOT_TIME: &str = "el servidor no dijo de qué momento es la instantánea";
pub const NOTHING_MOVED: &str = "nada cambió entre la primera y la última lectura";
pub const PER_COLLECTION_REMEDY: &str = "no sirve como respaldo previo a una migración; repetilo con menos escrituras";

pub fn no_rung(why: &str) -> String {
    format!("no se pudo leer todo en un mismo momento: {why}")
}

pub fn passed_over(rung: &str, why: &str) -> String {
    format!("no alcanzó para «{rung}»: {why}")
}

pub fn label(label: Label) -> String {
    let what = match label {
        Label::SnapshotProven => "todo se leyó en un mismo momento del servidor, que demostró respetarlo",
        Label::Transaction => "todo se leyó en una sola transacción: un mismo momento para todas las colecciones",
        Label::FixedUp => "lectura larga, corregida a un mismo momento con el flujo de cambios",
        Label::Quiescent => "nada cambió entre la primera y la última lectura",
        Label::PerCollection => "cada colección es lo que devolvió su propia lectura; no hay un momento común",
    };
    format!("{}: {what}", label.as_str())
}

pub fn probe_refused(error: &str) -> String {
    format!("prueba de instantánea: el servidor la rechazó ({error})")
}

pub fn probed(first: &[i32], second: &[i32]) -> String {
    format!(
        "prueba de instantánea: se escribió la versión 1, la instantánea mostró {first:?}; desde afuera se cambió a la 2 \
         y se agregó otro documento; la instantánea mostró {second:?}"
    )
}

pub fn read_at_snapshot(seconds: u32, increment: u32) -> String {
    format!("leído en el momento {seconds}.{increment} del servidor")
}

pub fn read_in_transaction(took: Duration) -> String {
    format!("la transacción duró {} s", decimal(took.as_secs_f64(), 1))
}

pub fn transaction_too_long(seconds: u64) -> String {
    format!("no terminó en {seconds} s")
}

pub fn too_much_for_a_transaction(bytes: u64) -> String {
    format!("son {} según el servidor, demasiado para una transacción", size(bytes))
}

pub fn read_twice_differs(namespace: &str) -> String {
    format!("{namespace} se leyó dos veces y no salió igual")
}

pub fn changed_meanwhile(changes: u64) -> String {
    format!("el flujo mostró {} mientras se leía", counted(changes, "cambio", "cambios"))
}

pub const REREADING: &str = "lo que cambió mientras se leía";

pub fn mended(scan: Duration, reread: u64, passes: u32) -> String {
    let again =
        counted(reread, "documento que cambió se volvió a leer", "documentos que cambiaron se volvieron a leer");
    let seconds = decimal(scan.as_secs_f64(), 1);
    let rounds = counted(u64::from(passes), "vuelta", "vueltas");
    format!(
        "la lectura duró {seconds} s; {again} dentro de una transacción, hasta cuyo momento se siguió el flujo ({rounds})"
    )
}

pub fn too_much_changes(seconds: u64) -> String {
    format!("cambia más de lo que se puede volver a leer en {seconds} s")
}

pub fn too_many_changed(most: usize) -> String {
    format!("cambiaron más de {} documentos mientras se leía", integer(most as u64))
}

pub fn cursors(cursors: usize) -> String {
    counted(cursors as u64, "cursor terminó por sí solo", "cursores terminaron por sí solos")
}

// What was read.
pub const NOTHING_TO_COUNT: &str = "no hay documentos que contar";
pub const TOO_LONG_REMEDY: &str = "achicá o quitá ese documento: ningún respaldo de este formato puede guardarlo";
pub const NO_CAPPED: &str = "no hay colecciones de tamaño fijo";
pub const DISORDERED: &str = "leída dos veces en el mismo momento, no salió en el mismo orden";
pub const NO_VIEWS: &str = "no hay vistas";

pub fn included(included: usize, excluded: usize) -> String {
    let inside = counted(included as u64, "incluida", "incluidas");
    format!("{inside}, {} con su motivo; nada quedó sin clasificar", counted(excluded as u64, "excluida", "excluidas"))
}

pub fn only_these(databases: &[String]) -> String {
    format!("se pidieron solo estas bases: {}", databases.join(", "))
}

pub fn left_out(namespace: &str, reason: &str) -> String {
    format!("fuera: {namespace} ({reason})")
}

pub fn counted_by_server(namespaces: usize) -> String {
    let all = counted(namespaces as u64, "colección", "colecciones");
    format!("{all}: lo leído es lo que el servidor cuenta, documento por documento, en el mismo momento")
}

pub fn uncounted(namespaces: usize) -> String {
    format!(
        "{} sin contar aparte: no hubo momento común o tiempo para preguntarle al servidor",
        counted(namespaces as u64, "colección", "colecciones")
    )
}

pub fn miscounted(read: u64, counted: u64) -> String {
    format!("se leyeron {} documentos y en el mismo momento había {}", integer(read), integer(counted))
}

pub fn too_long(id: &str, bytes: usize) -> String {
    format!("el documento con _id {id} mide {} bytes, más de lo que el formato admite", integer(bytes as u64))
}

pub fn repeated_ids(ids: u64) -> String {
    format!("{} más de una vez en la lectura", counted(ids, "_id vino", "_id vinieron"))
}

pub fn unique_ids(namespaces: usize) -> String {
    format!(
        "{}: ningún _id repetido",
        counted(namespaces as u64, "colección con _id único", "colecciones con _id único")
    )
}

pub fn capped(capped: usize, twice: usize) -> String {
    let all = counted(capped as u64, "colección de tamaño fijo", "colecciones de tamaño fijo");
    format!(
        "{all} en orden natural; {} leídas dos veces en el mismo momento con igual resultado",
        integer(twice as u64)
    )
}

pub fn views(views: usize, dangling: usize) -> String {
    let all = counted(views as u64, "vista", "vistas");
    format!("{all}, con su definición tal cual; {} sin su colección de base", integer(dangling as u64))
}

pub fn dangling(base: &str) -> String {
    format!("su colección de base «{base}» no existe: la vista se guarda igual")
}

pub fn definitions_survive(definitions: usize) -> String {
    let all = counted(definitions as u64, "definición", "definiciones");
    format!("{all}: del servidor a texto y de vuelta, los mismos bytes")
}

pub fn spool_differs(namespace: &str) -> String {
    format!("{namespace}: lo que hay en el disco no es lo que se leyó del servidor")
}

// Files kept in chunks.
pub const NO_GRIDFS: &str = "no hay archivos en GridFS";
pub const GRIDFS_NO_LENGTH: &str = "no dice un largo y un tamaño de trozo creíbles";
pub const GRIDFS_BEYOND: &str = "tiene un trozo que no le corresponde";

pub fn gridfs(buckets: usize, files: u64, chunks: u64) -> String {
    let (buckets, files) = (counted(buckets as u64, "depósito", "depósitos"), counted(files, "archivo", "archivos"));
    format!("{buckets} de GridFS: {files}, {}", counted(chunks, "trozo", "trozos"))
}

pub fn gridfs_broken(problems: usize) -> String {
    format!("{} ya estaban así en el origen y se guardan tal cual", counted(problems as u64, "problema", "problemas"))
}

pub fn gridfs_file(id: &str, problem: &str) -> String {
    format!("el archivo {id} está incompleto en el origen: {problem}")
}

pub fn gridfs_orphans(chunks: u64) -> String {
    format!("{} sin archivo en el origen", counted(chunks, "trozo", "trozos"))
}

pub fn gridfs_more(files: u64) -> String {
    format!("y {} más incompletos en el origen", counted(files, "archivo", "archivos"))
}

pub fn gridfs_twice(place: u64) -> String {
    format!("el trozo {place} está dos veces")
}

pub fn gridfs_size(place: u64, bytes: u64, expected: u64) -> String {
    format!("el trozo {place} mide {} bytes en vez de {}", integer(bytes), integer(expected))
}

pub fn gridfs_missing(place: u64) -> String {
    format!("falta el trozo {place}")
}
