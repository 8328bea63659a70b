//! The words of the filter builder.

use crate::inspect::filter::{Condition, FilterInput, Kind, Operator};

/// The filter in force, a line for each condition.
pub fn in_words(input: &FilterInput) -> Vec<String> {
    let mut lines: Vec<String> = input.conditions.iter().map(condition).collect();
    if !input.raw.is_empty() {
        lines.push(format!("JSON: {}", input.raw));
    }
    lines
}

/// A condition as a sentence.
pub fn condition(condition: &Condition) -> String {
    let op = Operator::parse(&condition.op);
    let said = match op {
        Some(op) => operator(op),
        None => &condition.op,
    };
    match (op, Kind::parse(&condition.kind)) {
        (Some(op), _) if !op.takes_value() => format!("{} {said}", condition.field),
        (_, Some(Kind::Null)) => format!("{} {said} {}", condition.field, kind(Kind::Null)),
        _ => format!("{} {said} «{}»", condition.field, condition.value),
    }
}

/// The name of an operator.
pub fn operator(op: Operator) -> &'static str {
    match op {
        Operator::Eq => "es igual a",
        Operator::Ne => "es distinto de",
        Operator::Lt => "es menor que",
        Operator::Lte => "es menor o igual que",
        Operator::Gt => "es mayor que",
        Operator::Gte => "es mayor o igual que",
        Operator::Exists => "existe",
        Operator::Missing => "no existe",
        Operator::Contains => "contiene",
        Operator::Starts => "empieza con",
        Operator::In => "está en la lista",
        Operator::Type => "está guardado como",
    }
}

/// The name of a kind of value.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "texto",
        Kind::Number => "número",
        Kind::Bool => "sí o no",
        Kind::Date => "fecha",
        Kind::Id => "ObjectId",
        Kind::Null => "nulo",
        Kind::Json => "JSON",
    }
}

/// The server's name for a stored type said in Spanish.
pub fn stored_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "texto" => "string",
        "número" | "numero" => "number",
        "entero" => "int",
        "entero largo" => "long",
        "decimal" => "decimal",
        "fecha" => "date",
        "sí o no" | "si o no" | "booleano" => "bool",
        "nulo" => "null",
        "lista" => "array",
        "documento" | "objeto" => "object",
        "binario" => "binData",
        _ => return None,
    })
}

/// A name that can't be a field's.
pub fn bad_field(name: &str) -> String {
    format!(
        "«{name}» no sirve como nombre de campo. Escribí el camino con puntos, por ejemplo social_networks.platform."
    )
}

/// An operator code we don't have.
pub const BAD_OPERATOR: &str = "Elegí una comparación de la lista.";
/// A kind code we don't have.
pub const BAD_KIND: &str = "Elegí un tipo de valor de la lista.";
/// A stored type we don't know.
pub const BAD_TYPE: &str = "Escribí un tipo guardado: texto, entero, entero largo, double, decimal, fecha, booleano, nulo, lista, documento, objectId o binario.";
/// A text search without text.
pub const EMPTY_TEXT: &str = "Escribí el texto que buscás.";
/// A list without values.
pub const EMPTY_LIST: &str = "Escribí los valores separados por punto y coma.";
/// Order asked of null.
pub const NULL_IS_NOT_ORDERED: &str = "Con nulo solo se puede usar «es igual a» o «es distinto de».";
/// Not a yes or no.
pub const BAD_BOOL: &str = "Escribí «sí» o «no».";
/// Not a date.
pub const BAD_DATE: &str = "Escribí la fecha como 31/01/2026 o 31/01/2026 18:30, en hora de Asunción.";
/// Not an ObjectId.
pub const BAD_ID: &str = "Un ObjectId tiene 24 cifras hexadecimales, por ejemplo 65b2a1c3d4e5f60718293a4b.";
/// Not a number.
pub const BAD_NUMBER: &str = "Escribí un número, por ejemplo 1500 o 12,5.";

/// A number with separators of thousands.
pub fn thousands(plain: &str) -> String {
    format!("Escribí el número sin puntos de miles, por ejemplo {plain}.")
}

/// Not JSON at all.
pub fn not_json(line: usize, column: usize) -> String {
    format!("No es JSON válido: revisá la línea {line}, columna {column}.")
}

/// JSON, but not an object.
pub const NOT_AN_OBJECT: &str = "El filtro tiene que ser un objeto JSON, por ejemplo {\"status\": \"applied\"}.";
/// JSON whose `$` values make no sense.
pub const NOT_EXTENDED_JSON: &str = "Hay un valor de JSON extendido mal escrito. Ejemplos: {\"$oid\": \"65b2…\"}, {\"$date\": \"2026-01-31T00:00:00Z\"}.";
/// Code in a filter.
pub const CODE: &str = "Un filtro no puede llevar código. Sacalo y compará con un valor.";

/// An operator that isn't on the list.
pub fn forbidden(name: &str) -> String {
    format!("«{name}» no se puede usar acá. Probá con $eq, $gt, $in, $regex, $exists, $type, $and u $or.")
}

/// An allowed operator with an operand it can't have.
pub fn misplaced(name: &str) -> String {
    format!("«{name}» no lleva ese valor o no va en ese lugar.")
}

/// Operators and plain fields side by side.
pub fn mixed(name: &str) -> String {
    format!("«{name}» está mezclado con operadores. Poné cada campo en su propia condición.")
}

/// A secret path.
pub fn secret(path: &str) -> String {
    format!("«{path}» guarda un secreto: no se puede filtrar, ordenar ni exportar. Sacá esa condición.")
}

/// Too many conditions.
pub fn too_many(most: usize) -> String {
    format!("Son demasiadas condiciones: podés usar hasta {most}.")
}

/// Too many values in a list.
pub fn too_many_values(most: usize) -> String {
    format!("La lista tiene demasiados valores: podés usar hasta {most}.")
}

/// Too many regular expressions.
pub fn too_many_patterns(most: usize) -> String {
    format!("Hay demasiadas búsquedas de texto: podés usar hasta {most}.")
}

/// A regular expression that is too long.
pub fn long_pattern(most: usize) -> String {
    format!("El texto o patrón es demasiado largo: podés usar hasta {most} caracteres.")
}

/// A regular expression that could take for ever.
pub const EXPLOSIVE_PATTERN: &str = "Ese patrón repite una repetición y podría no terminar nunca. Simplificalo.";

/// Nested too deeply.
pub fn too_deep(most: usize) -> String {
    format!("El filtro tiene demasiados niveles: podés usar hasta {most}.")
}

/// Too large in all.
pub fn too_large(most: usize) -> String {
    format!("El filtro es demasiado grande: podés usar hasta {most} partes.")
}

/// Too long a text.
pub fn too_long(most: usize) -> String {
    format!("El filtro es demasiado largo: podés usar hasta {most} caracteres.")
}
