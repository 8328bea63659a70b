//! Help texts of the command line.

pub const BACKUP: &str = "Hace, lista, verifica, descifra y depura backups";
pub const RESTORE: &str = "Restaura un backup en una base nueva, nunca en una que existe";
pub const DIFF: &str = "Compara dos bases documento por documento";
pub const KEYS: &str = "Claves con las que se cifran y firman los backups";
pub const RUN: &str = "Hace un backup ahora y lo prueba de punta a punta";
pub const LIST: &str = "Lista los backups, el más nuevo primero";
pub const VERIFY: &str = "Relee un backup entero y dice qué encontró";
pub const DECRYPT: &str = "Escribe el archivo mongodump de un backup, para la herramienta oficial";
pub const PRUNE: &str = "Dice qué backups sobran según la política; borra solo con la aprobación escrita";
pub const KEYS_GENERATE: &str = "Crea las claves; muestra una sola vez la de recuperación";
pub const KEYS_SHOW: &str = "Muestra las claves públicas";
pub const KEYS_ROTATE: &str =
    "Cambia las claves de operación y de firma; las anteriores siguen sirviendo para lo viejo";
pub const JSON: &str = "salida en JSON";
pub const TO: &str = "destino en lugar de los configurados; se puede repetir";
pub const DATABASES: &str = "base a incluir en lugar de todas; se puede repetir";
pub const SUBJECT: &str = "identificador de un backup, o la ruta de un archivo o carpeta";
pub const TRUST: &str = "archivo con las claves públicas de firma, para verificar fuera del servidor";
pub const IDENTITY: &str = "archivo con una clave privada age, para verificar fuera del servidor";
pub const OUT: &str = "archivo de salida, o - para la salida estándar";
pub const PLAN: &str = "solo muestra el plan";
pub const APPROVE: &str = "aprueba el plan con ese hash y esa cantidad";
pub const SOURCE_DB: &str = "qué base del backup (obligatorio si tiene varias)";
pub const INTO: &str = "nombre de la base nueva";
pub const ONLY: &str = "solo esta colección; se puede repetir";
pub const CONFIRM: &str = "el nombre de la base nueva otra vez, en lugar de escribirlo cuando se pregunta";
pub const SIDE: &str = "db:NOMBRE, backup:ID/BASE o dump:RUTA/BASE";
