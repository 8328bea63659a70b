//! Words of restores.

use crate::backup::model::{Finding, Progress, Severity};
use crate::backup::record::RestoreRecord;
use crate::backup::restore::Bucket;
use crate::backup::restore::records::{Mode, RestorePlan};
use crate::dump::compare::Difference;
use crate::dump::hash::Digest;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::number::{counted, integer};

pub const PRELUDE_DIFFERS: &str = "el índice del archivo no nombra las mismas colecciones que el manifiesto firmado";
pub const NOT_CHOSEN: &str = "no se eligió";
pub const IN_ALREADY: &str = "ya estaba restaurada y comparada";
pub const AUTOMATIC: &str = "prueba automática";
pub const NO_PARTS: &str = "el backup no tiene partes";
pub const NO_DOCUMENT: &str = "Control con un documento borrado: no aplica, el backup no tiene documentos.";
pub const NO_INDEX: &str = "Control con un índice borrado: no aplica, no hay índices además de _id_.";
pub const NOT_RESTORED: &str = "la colección no llegó a restaurarse";
pub const DO_NOT_TRUST: &str =
    "No uses este backup como única copia: hacé otro y mirá si vuelve a pasar. Los anteriores siguen en su lugar.";
pub const VIEW: &str = "la vista restaurada no contesta lo mismo que su definición sobre los datos restaurados";

pub fn ttl_left_out(namespaces: &[String]) -> String {
    format!(
        "El vencimiento automático (TTL) no se activó en la copia de prueba, para que no borre documentos mientras se \
         compara; la definición verdadera está en el backup: {}.",
        namespaces.join(", ")
    )
}

pub fn definition_differs(namespace: &str) -> String {
    format!("la definición de {namespace} en el archivo no es la que firma el manifiesto")
}

pub fn exists(database: &str) -> String {
    format!("la base «{database}» ya existe; no se restaura encima de nada")
}

pub fn not_ours(database: &str) -> String {
    format!("«{database}» no es una base hecha por una restauración de prueba: no se toca")
}

pub fn defining(namespace: &str) -> String {
    format!("al crear {namespace}")
}

pub fn not_created(error: &str) -> String {
    format!("el servidor no la pudo crear igual: {error}")
}

pub fn definition(difference: &Difference) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nada".into());
    format!("{}: el backup dice {}, la copia {}", difference.part, side(&difference.expected), side(&difference.found))
}

pub fn document(id: Option<&str>, what: &str) -> String {
    match id {
        Some(id) => format!("{what} (_id {id})"),
        None => what.to_owned(),
    }
}

pub fn digest(expected: &Digest, found: &Digest) -> String {
    format!(
        "el backup tiene {} y {}, la copia {} y {}; la huella {}",
        documents(expected.documents),
        counted(expected.bytes, "byte", "bytes"),
        documents(found.documents),
        counted(found.bytes, "byte", "bytes"),
        if expected.h_set == found.h_set { "coincide" } else { "no coincide" }
    )
}

fn documents(count: u64) -> String {
    counted(count, "documento", "documentos")
}

pub fn short(expected: u64, loaded: u64) -> String {
    format!("el manifiesto firma {}, el archivo trajo {}", documents(expected), integer(loaded))
}

pub fn compared(scratch: &str, source: &str, read: u64, equal: usize, collections: usize) -> String {
    format!(
        "«{source}» se restauró en {scratch}: {} leídos de vuelta; {} de {} con la misma huella que el backup.",
        documents(read),
        integer(equal as u64),
        counted(collections as u64, "colección", "colecciones"),
    )
}

pub fn inserted(scratch: &str, sent: u64) -> String {
    format!("{scratch}: {} enviados y todos confirmados por el servidor.", documents(sent))
}

pub fn capped(collections: usize) -> String {
    format!("{} con el mismo orden.", counted(collections as u64, "colección limitada", "colecciones limitadas"))
}

pub fn defined(namespaces: usize, indexes: usize) -> String {
    format!(
        "Opciones, validadores e índices comparados uno por uno: {}, {}.",
        counted(namespaces as u64, "colección o vista", "colecciones y vistas"),
        counted(indexes as u64, "índice", "índices"),
    )
}

pub fn bucket(namespace: &str, bucket: &Bucket) -> String {
    format!("{namespace}: {} con todos sus pedazos.", counted(bucket.complete, "archivo", "archivos"))
}

pub fn incomplete(bucket: &Bucket) -> String {
    format!(
        "igual que en el origen: {} (_id {}), {}",
        counted(bucket.incomplete_files, "archivo incompleto", "archivos incompletos"),
        if bucket.incomplete.is_empty() { "—".into() } else { bucket.incomplete.join(", ") },
        counted(bucket.orphans, "archivo sin ficha", "archivos sin ficha"),
    )
}

pub fn view(namespace: &str, documents: usize) -> String {
    format!("{namespace}: {} iguales por la vista y por su definición.", self::documents(documents as u64))
}

pub fn view_unanswered(why: &str) -> String {
    format!("la vista no se puede consultar en este servidor, tampoco por su definición: {why}")
}

pub fn flipped(part: u32, at: usize) -> String {
    format!("un bit cambiado en la parte {part}, byte {}", integer(at as u64))
}

pub fn deleted(namespace: &str) -> String {
    format!("un documento borrado de la copia de {namespace}")
}

pub fn index_dropped(namespace: &str, index: &str) -> String {
    format!("el índice {index} borrado de la copia de {namespace}")
}

pub fn not_damaged(namespace: &str) -> String {
    format!("no se pudo dañar la copia de {namespace} para el control")
}

pub fn control_found(what: &str) -> String {
    format!("Se dañó una copia a propósito y la verificación lo encontró: {what}.")
}

pub fn control_missed(what: &str) -> String {
    format!("el verificador no sabe fallar: no encontró {what}")
}

pub fn not_removed(database: &str, error: &anyhow::Error) -> String {
    format!("la base de prueba {database} no se pudo borrar ({error}); la próxima prueba de este backup la borra")
}

pub fn read_only(key: &str) -> String {
    format!("es una copia para el control, no se escribe en ella: {key}")
}

// Planning and running.

pub const COMMAND_LINE: &str = "línea de comandos";
pub const NAME_MISSING: &str = "Escribí el nombre de la base nueva.";
pub const NOTHING_CHOSEN: &str = "Elegí al menos una colección.";
pub const TOO_MANY_PREVIEWS: &str = "Hay demasiadas copias de prueba de este backup; esperá a que venzan.";
pub const PLAN_IS_OVER: &str = "Esta confirmación ya se usó o venció (dura 15 minutos): volvé a armar el plan.";
pub const OTHER_DEPLOYMENT: &str = "El plan se hizo en otra instalación; acá no vale.";
pub const TYPE_DOCUMENTS: &str = "Cantidad de documentos que se van a escribir:";
pub const SOURCE_CHANGED: &str = "lo que hay en el backup no es lo que decía el plan confirmado";
pub const TAKEN_AWAY: &str = "otro proceso sigue con esta restauración";
pub const GAVE_UP: &str = "Se interrumpió y no se pudo seguir; la base quedó a medias y no sirve.";
pub const TTL_LEFT_OUT_PREVIEW: &str = "tiene vencimiento automático (TTL), que en una copia de prueba no se activa; la \
     definición verdadera está en el backup";

pub fn bad_name(name: &str) -> String {
    format!(
        "«{name}» no puede ser el nombre de una base: hasta 38 letras sin acento, números, guiones y guiones bajos."
    )
}

pub fn servers_own(name: &str) -> String {
    format!("«{name}» es del propio servidor.")
}

pub fn in_use(name: &str) -> String {
    format!("«{name}» es la base de la plataforma: nunca se restaura encima.")
}

pub fn reserved(name: &str) -> String {
    format!("«{name}» empieza como las bases que la plataforma hace y borra sola; elegí otro nombre.")
}

pub fn same_name(name: &str) -> String {
    format!("«{name}» se llama igual que la base de origen; una restauración va siempre a otro nombre.")
}

pub fn being_imported(name: &str) -> String {
    format!("«{name}» es de una importación sin terminar.")
}

pub fn on_record(name: &str) -> String {
    format!("ya hay una restauración registrada en «{name}»; elegí otro nombre.")
}

pub fn no_room(wanted: u64, free: u64) -> String {
    let size = crate::i18n::format::size;
    format!("No alcanza el espacio del servidor: hacen falta unos {} y quedan {}.", size(wanted), size(free))
}

pub fn older_server(source: &str, own: &str) -> String {
    format!("El backup es de un servidor más nuevo ({source}) que este ({own}).")
}

pub fn no_such_database(name: &str, databases: &[&str]) -> String {
    format!("El backup no tiene la base «{name}»; tiene: {}.", databases.join(", "))
}

pub fn which_database(databases: &[&str]) -> String {
    format!("El backup tiene varias bases; elegí una con --db: {}.", databases.join(", "))
}

pub fn no_such_collection(name: &str) -> String {
    format!("Esa base del backup no tiene la colección «{name}».")
}

pub fn type_name(target: &str) -> String {
    format!("Para confirmar, escribí el nombre completo de la base nueva, «{target}»:")
}

pub fn type_documents(count: i64) -> String {
    format!("Escribí la cantidad de documentos que se van a escribir: {}.", integer(count))
}

pub fn not_confirmed(target: &str) -> String {
    format!("Falta la confirmación: agregá --confirm {target}")
}

pub fn nothing_there(path: &str) -> String {
    format!("no es un backup registrado ni existe un archivo o carpeta «{path}»")
}

pub fn no_restore(database: &str) -> String {
    format!("no hay una restauración en curso en «{database}»")
}

pub fn restored(database: &str, count: i64, collections: usize) -> String {
    format!(
        "{} en {} de {database}, leídos de vuelta y con la misma huella que el backup.",
        documents(count.unsigned_abs()),
        counted(collections as u64, "colección o vista", "colecciones y vistas"),
    )
}

pub fn failed(findings: &[Finding], failure: &crate::import::Failure) -> String {
    match findings.first() {
        Some(first) => {
            format!("{}: {}", first.namespace.as_deref().unwrap_or_default(), first.detail)
        }
        None => failure.to_string(),
    }
}

pub fn plan(plan: &RestorePlan) -> String {
    format!(
        "De «{}», base «{}», a la base nueva «{}»: {} en {}. Nada de lo que existe se toca.",
        plan.source,
        plan.source_database,
        plan.target,
        documents(plan.documents().unsigned_abs()),
        counted(plan.contents.len() as u64, "colección o vista", "colecciones y vistas"),
    )
}

pub fn ended(record: &RestoreRecord) -> String {
    match (record.state.as_str(), &record.error) {
        ("done", _) => {
            let count: i64 = record.collections.iter().map(|namespace| namespace.documents).sum();
            restored(&record.database, count, record.collections.len())
        }
        (_, Some(error)) => format!("La restauración en {} falló: {error}", record.database),
        (_, None) => format!("La restauración en {} no terminó.", record.database),
    }
}

pub fn expired(gone: &[String]) -> String {
    match gone.is_empty() {
        true => "No venció ninguna copia de prueba.".into(),
        false => format!("Se borraron las copias de prueba vencidas: {}.", gone.join(", ")),
    }
}

// Pages.

pub const BACKUPS: &str = "Backups";
pub const LIST: &str = "Restauraciones";
pub const LIST_PURPOSE: &str = "Cada restauración va a una base nueva; las de prueba se borran solas.";
pub const NONE: &str = "Todavía no hay restauraciones";
pub const NONE_HINT: &str = "Se empiezan desde la página de un backup completo.";
pub const WIZARD: &str = "Restaurar un backup";
pub const STEP_WHAT: &str = "Paso 1 de 3 · Qué";
pub const STEP_WHERE: &str = "Paso 2 de 3 · Dónde";
pub const STEP_CONFIRM: &str = "Paso 3 de 3 · Confirmar";
pub const NOTHING_IS_TOUCHED: &str = "Se crea una base nueva. Ninguna base que existe se toca.";
pub const FIELD_DATABASE: &str = "Base del backup";
pub const FIELD_MODE: &str = "Para qué";
pub const MODE_HINT: &str = "Una copia de prueba se borra sola a los 7 días; las otras quedan.";
pub const FIELD_ONLY: &str = "Colecciones";
pub const FIELD_TARGET: &str = "Base nueva";
pub const TARGET_HINT: &str = "Un nombre que todavía no exista.";
pub const PREVIEW_NAME: &str = "El nombre lo pone la plataforma y se muestra en el paso siguiente.";
pub const NEXT: &str = "Seguir";
pub const BACK: &str = "Volver";
pub const MAKE_PLAN: &str = "Ver el plan";
pub const MAKE_ANOTHER: &str = "Armar otro plan";
pub const WILL_EXIST: &str = "Qué va a existir";
pub const WILL_WRITE: &str = "Se escriben";
pub const FROM: &str = "De";
pub const GOING_BACK: &str = "Cómo se vuelve atrás";
pub const CONFIRM_BEFORE: &str = "Se puede confirmar hasta";
pub const PLAN_HASH: &str = "Huella del plan";
pub const CONFIRM: &str = "Restaurar";
pub const BEGUN: &str = "La restauración está en marcha.";
pub const COLUMN_COLLECTION: &str = "Colección";
pub const COLUMN_KIND: &str = "Tipo";
pub const COLUMN_DOCUMENTS: &str = "Documentos";
pub const COLUMN_SIZE: &str = "Tamaño";
pub const COLUMN_STATE: &str = "Estado";
pub const COLUMN_WHEN: &str = "Cuándo";
pub const COLUMN_WHO: &str = "Quién";
pub const COLUMN_EQUAL: &str = "Comparación";
pub const COLUMN_BACKUP: &str = "En el backup";
pub const COLUMN_COPY: &str = "En la copia";
pub const COLUMN_HASH: &str = "Huella del backup";
pub const COLUMN_COPY_HASH: &str = "Huella de la copia";
pub const EQUAL: &str = "Igual";
pub const NOT_EQUAL: &str = "Distinta";
pub const SIDE_BY_SIDE: &str = "Backup y copia, lado a lado";
pub const FINDINGS: &str = "Qué se vio";
pub const PROOF: &str = "Prueba";
pub const PROGRESS: &str = "Avance";
pub const FINISHED: &str = "Terminó";
pub const EXPIRES: &str = "Se borra sola";
pub const RESUMED: &str = "Veces que se retomó";
pub const REFRESH: &str = "Actualizar";
pub const LOOK: &str = "Ver los datos";
pub const FAILED: &str = "La restauración falló";
pub const NOT_USABLE: &str = "La base quedó a medias: no la uses. La de origen y el backup están como estaban.";
pub const ONE_DOCUMENT: &str = "Buscar un documento";
pub const ONE_DOCUMENT_PURPOSE: &str =
    "Lee el backup hasta encontrar un documento por su _id, sin restaurar nada. La respuesta se guarda un día.";
pub const ANOTHER_DOCUMENT: &str = "Buscar otro";
pub const FIELD_ID: &str = "_id";
pub const ID_HINT: &str = "Los 24 dígitos de un ObjectId, un número, un texto o Extended JSON.";
pub const ID_MISSING: &str = "Escribí el _id.";
pub const FIELD_REASON: &str = "Motivo para ver datos personales";
pub const REASON_HINT: &str = "Sin motivo, los datos personales van tapados. Queda en el registro de actividad.";
pub const REASON_SHORT: &str = "Contá el motivo en al menos 10 letras, o dejalo vacío.";
pub const ASK: &str = "Buscar";
pub const UNSHOWABLE: &str = "El documento está, pero sus bytes no se pueden mostrar con seguridad.";

pub fn backup(short: &str) -> String {
    format!("Backup {short}")
}

pub fn database(name: &str, count: i64) -> String {
    format!("{name} · {}", documents(count.unsigned_abs()))
}

pub fn collection(name: &str, count: i64) -> String {
    format!("{name} · {}", documents(count.unsigned_abs()))
}

pub fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Preview => "Copia de prueba, para mirar",
        Mode::NewDb => "Base nueva completa",
        Mode::Selected => "Base nueva con algunas colecciones",
    }
}

pub fn mode_name(name: &str) -> &'static str {
    match name {
        "test-restore" => "Prueba automática",
        _ => Mode::parse(name).map_or("—", mode),
    }
}

pub fn from(short: &str, database: &str) -> String {
    format!("{short} · {database}")
}

pub fn will_write(count: i64, size: &str) -> String {
    format!("{} ({size})", documents(count.unsigned_abs()))
}

pub fn going_back(mode: Mode) -> &'static str {
    match mode {
        Mode::Preview => "No hace falta: la copia se borra sola a los 7 días y no la usa nadie más.",
        _ => {
            "No hace falta: la plataforma sigue con su base; la nueva no la usa nadie hasta que alguien lo decida aparte."
        }
    }
}

pub fn kind(kind: &str) -> &'static str {
    match kind {
        "view" => "Vista",
        "timeseries" => "Serie temporal",
        _ => "Colección",
    }
}

pub fn state(state: &str) -> &'static str {
    match state {
        "running" => "En curso",
        "done" => "Igual al backup",
        "failed" => "Falló",
        "dropping" => "Borrándose",
        _ => "Borrada",
    }
}

pub fn extraction(state: &str) -> &'static str {
    match state {
        "queued" => "Buscando",
        "found" => "Encontrado",
        "missing" => "No está en esa colección del backup",
        _ => "No se pudo leer el backup",
    }
}

pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "Grave",
        Severity::Medium => "A revisar",
        Severity::Info => "Para saber",
    }
}

pub fn progress(progress: &Progress) -> String {
    format!(
        "{} de {} · {} · {}",
        integer(progress.done),
        counted(u64::try_from(progress.namespaces).unwrap_or(0), "colección", "colecciones"),
        documents(progress.documents.unsigned_abs()),
        progress.current,
    )
}

pub fn shown(count: u64) -> String {
    counted(count, "restauración", "restauraciones")
}

/// A refusal outside of any form.
pub fn refusal(failure: Failure) -> String {
    match failure {
        Failure::Refused(AppError::Invalid(problems)) => {
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" ")
        }
        Failure::Refused(other) => other.code().to_owned(),
        Failure::Fault(fault) => format!("{fault:#}"),
    }
}

pub fn goes_on(record: &RestoreRecord) -> String {
    format!(
        "Se retoma la restauración interrumpida en «{}»: {} ya restauradas y comparadas.",
        record.database,
        counted(record.finished.len() as u64, "colección", "colecciones"),
    )
}
