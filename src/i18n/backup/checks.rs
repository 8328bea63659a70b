//! The words of runs and their checks: states, labels, outcomes, what each check is called and what it proves.

use crate::backup::model::{Check, Label, Outcome, Severity, State, Trigger};

/// How far a run is.
pub fn state(state: State) -> &'static str {
    match state {
        State::Queued => "En espera",
        State::Planned => "Preparado",
        State::Scanning => "Leyendo la base",
        State::Sealed => "Sellado",
        State::Uploaded => "Guardado",
        State::ReadBack => "Releído",
        State::TestRestored => "Restauración probada",
        State::Complete => "Completo",
        State::Failed => "Falló",
        State::Cancelled => "Cancelado",
    }
}

/// What reaching a state means.
pub fn state_meaning(state: State) -> &'static str {
    match state {
        State::Queued => "Pedido; todavía no empezó.",
        State::Planned => "Hay claves, destinos y lugar.",
        State::Scanning => "Se lee cada documento de cada colección.",
        State::Sealed => "El archivo está cifrado y firmado en el disco, y se volvió a leer desde ahí.",
        State::Uploaded => "Cada destino tiene todas las partes y el manifiesto.",
        State::ReadBack => "Cada destino se leyó entero y dio lo mismo.",
        State::TestRestored => "Se restauró en una base de prueba y se comparó documento por documento.",
        State::Complete => "Todo lo anterior, sin un solo hallazgo.",
        State::Failed => "Algo no salió como debía; no cuenta como backup.",
        State::Cancelled => "Una persona lo detuvo; no cuenta como backup.",
    }
}

/// Why it was started.
pub fn trigger(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Schedule => "Programado",
        Trigger::Manual => "A mano",
        Trigger::PreMigration => "Antes de una migración",
    }
}

/// What can be said about its moment, short.
pub fn label(label: Label) -> &'static str {
    match label {
        Label::SnapshotProven => "Instante probado",
        Label::Transaction => "Una transacción",
        Label::FixedUp => "Reconstruido a un instante",
        Label::Quiescent => "Sin cambios",
        Label::PerCollection => "Sin instante común",
    }
}

/// What can be said about its moment, in a sentence.
pub fn label_meaning(label: Label) -> &'static str {
    match label {
        Label::SnapshotProven => {
            "Todas las colecciones se leyeron en un mismo instante, y el servidor demostró que lo respeta."
        }
        Label::Transaction => "Todas las colecciones se leyeron dentro de una sola transacción: un mismo instante.",
        Label::FixedUp => {
            "Se leyó todo y después se corrigió con cada cambio ocurrido mientras tanto, hasta quedar en un mismo instante."
        }
        Label::Quiescent => "Nada cambió entre la primera y la última lectura.",
        Label::PerCollection => {
            "Cada colección está como se la leyó, sin un instante común. No sirve de respaldo para una migración."
        }
    }
}

/// How bad a finding is.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "Grave",
        Severity::Medium => "A revisar",
        Severity::Info => "Para saber",
    }
}

/// How a check came out.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "Bien",
        Outcome::Failed => "Mal",
        Outcome::NotApplicable => "No corresponde",
    }
}

/// What a check is called.
pub fn check(check: Check) -> &'static str {
    match check {
        Check::Privileges => "Permisos",
        Check::Identity => "Identidad del servidor",
        Check::Fence => "Cerco de definiciones",
        Check::Listed => "Nada sin nombrar",
        Check::Consistency => "Mismo instante",
        Check::Cursors => "Lecturas hasta el final",
        Check::Counts => "Cantidades",
        Check::DuplicateIds => "Sin repetidos",
        Check::CappedOrder => "Orden de las colecciones acotadas",
        Check::Gridfs => "Archivos completos",
        Check::Views => "Vistas",
        Check::Definitions => "Definiciones",
        Check::Archive => "Forma del archivo",
        Check::Checksums => "Sumas y huellas",
        Check::Reparse => "Relectura del archivo sellado",
        Check::Parts => "Partes",
        Check::Encryption => "Cifrado",
        Check::ReadBack => "Relectura desde el destino",
        Check::Signature => "Firma",
        Check::Catalogue => "Catálogo",
        Check::RestoredDefinitions => "Definiciones restauradas",
        Check::RestoredDocuments => "Documentos restaurados",
        Check::RestoredOrder => "Orden restaurado",
        Check::RestoredViews => "Vistas restauradas",
        Check::Inserted => "Todo lo enviado entró",
        Check::Control => "Control con una copia dañada",
        Check::Legacy => "Formato anterior",
    }
}

/// What a check proves.
pub fn proves(check: Check) -> &'static str {
    match check {
        Check::Privileges => "El usuario puede ver todas las bases y leerlas.",
        Check::Identity => "Se sabe de qué servidor salió.",
        Check::Fence => "Ninguna colección, índice u opción cambió mientras se leía.",
        Check::Listed => "Todo lo que el servidor nombra está incluido, o excluido con su motivo.",
        Check::Consistency => "La etiqueta de consistencia se ganó con evidencia.",
        Check::Cursors => "Cada lectura terminó por sí sola; ninguna se cortó.",
        Check::Counts => "Se leyeron tantos documentos como el servidor cuenta en ese instante.",
        Check::DuplicateIds => "Ningún documento se leyó dos veces.",
        Check::CappedOrder => "En las colecciones acotadas también el orden es el mismo.",
        Check::Gridfs => "Cada archivo guardado en la base tiene todos sus pedazos.",
        Check::Views => "Cada vista mira algo que existe.",
        Check::Definitions => "Las definiciones se escriben y se vuelven a leer sin cambiar un byte.",
        Check::Archive => "El archivo cumple el formato de la herramienta oficial.",
        Check::Checksums => "Las sumas de control y las huellas de cada colección coinciden.",
        Check::Reparse => "El archivo sellado, leído otra vez por otro programa, da lo mismo que se leyó de la base.",
        Check::Parts => "No falta ni sobra ninguna parte, y cada una tiene su tamaño y su huella.",
        Check::Encryption => "Se descifra con nuestra clave y se descomprime entero.",
        Check::ReadBack => "Bajado del destino, descifrado y vuelto a leer, da exactamente lo mismo.",
        Check::Signature => "El manifiesto lo firmamos nosotros y nadie lo cambió.",
        Check::Catalogue => "Todos los backups que deberían existir siguen existiendo.",
        Check::RestoredDefinitions => "La restauración dio las mismas colecciones, opciones, validadores e índices.",
        Check::RestoredDocuments => "La restauración dio los mismos documentos, byte por byte.",
        Check::RestoredOrder => "La restauración conservó el orden donde el orden importa.",
        Check::RestoredViews => "Las vistas restauradas responden lo mismo.",
        Check::Inserted => "Cada documento enviado a la base de prueba entró.",
        Check::Control => "La misma comparación, hecha sobre copias dañadas a propósito, encontró el daño.",
        Check::Legacy => "El backup del sistema anterior se pudo leer.",
    }
}
