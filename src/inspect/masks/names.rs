//! The names: which are secret, which are personal, which are harmless; and the exceptions of the collections we know.
//!
//! Names are compared as words: `accessToken`, `access-token` and `access_token` are the words `access token`, accents and
//! case do not count. A *stem* is looked for inside the words run together (`userpassword` has `password`), a *word* must
//! stand alone (`ci` is a document number, `social` is not), an *exact* name is the whole.

use super::Class;

/// Inside a name, wherever it stands: secret.
#[rustfmt::skip]
const SECRET_STEMS: &[&str] = &[
    "password", "passwd", "passphrase", "contrasen", "secret", "token", "totp", "credential", "apikey",
    "privatekey", "signingkey", "encryptionkey", "accesskey", "masterkey", "recoverycode", "backupcode", "jwt",
    "authorization", "cookie", "cvv", "cardnumber", "csrf", "sessionid", "sessiondata", "bcrypt",
    "connectionstring", "mongouri", "mongodburi",
];

/// A word of a name: secret.
const SECRET_WORDS: &[&str] = &["pwd", "pin", "otp", "hotp", "clave", "sid", "salt", "cvc", "bearer", "credenciales"];

/// A whole name: secret. `data` is the bytes of a GridFS chunk, a picture kept as text, or what a session holds.
const SECRET_EXACT: &[&str] = &["data", "session", "pass", "hash_password", "kms", "pan"];

/// Inside a name, wherever it stands: personal.
#[rustfmt::skip]
const PERSONAL_STEMS: &[&str] = &[
    "email", "correo", "phone", "telefono", "celular", "whatsapp", "cedula", "documento", "documentid",
    "documentnumber", "passport", "pasaporte", "taxid", "razonsocial", "address", "direccion", "domicilio", "birth",
    "nacimiento", "cumpleanos", "apellido", "firstname", "lastname", "surname", "fullname", "displayname",
    "realname", "nickname", "username", "useragent", "latitude", "longitude", "coordinate", "ubicacion", "postal",
    "iban", "bancari", "accountnumber", "titular", "tarjeta", "selfie", "screenshot", "picture", "avatar",
    "profileimage", "profileurl", "portfolio", "education", "occupation", "ocupacion", "posturl", "videolink",
    "instagramurl", "tiktokurl", "facebookurl", "youtubeurl", "evidenceurl", "fingerprint", "forwardedfor",
    "remoteaddr",
];

/// A word of a name: personal.
#[rustfmt::skip]
const PERSONAL_WORDS: &[&str] = &[
    "mail", "mobile", "movil", "tel", "fax", "document", "ruc", "ci", "dni", "cuit", "calle", "street", "barrio",
    "nombre", "nombres", "handle", "ip", "device", "dispositivo", "lat", "lng", "lon", "geo", "maps", "zip", "bank",
    "banco", "cuenta", "card", "last4", "foto", "photo", "sexo", "gender", "genero", "firma", "signature",
    "referencia", "dob", "edad",
];

/// The last word of a name: a person's name unless the name is known to be something else's.
const PERSONAL_LAST: &[&str] = &["name", "fullname"];

/// Inside a name: free text, personal as a string.
#[rustfmt::skip]
const TEXT_STEMS: &[&str] = &[
    "message", "mensaje", "comment", "comentario", "motivation", "motivacion", "proposedcontent", "description",
    "descripcion", "observacion", "questionnaire", "cuestionario", "feedback", "respuesta", "biograf",
];

/// A word of a name: free text, personal as a string.
#[rustfmt::skip]
const TEXT_WORDS: &[&str] = &[
    "bio", "note", "notes", "nota", "notas", "reason", "motivo", "subject", "asunto", "body", "html", "text",
    "texto", "about", "error", "company", "empresa", "fiscal",
];

/// A whole name: a handle or a person's name when it is a string, a group of fields or counters when it is not.
#[rustfmt::skip]
const LEAF_EXACT: &[&str] = &[
    "instagram", "tiktok", "facebook", "youtube", "twitter", "linkedin", "threads", "customer", "cliente", "owner",
    "author", "autor", "creator", "usuario", "user", "contact", "contacto", "person", "persona", "alias", "apodo",
];

/// A whole name: harmless in spite of what it contains or of what its values look like.
#[rustfmt::skip]
const OPEN_EXACT: &[&str] = &[
    "phone_country_code", "company_name", "brand_name", "product_name", "terms_name", "template_name",
    "collection_name", "db_name", "database_name", "index_name", "event_name", "field_name", "host_name",
    "file_name", "filename", "original_filename", "temp_filename", "email_verified_at", "phone_verified_at",
    "image", "image_url", "original_image_url", "logo_url", "website", "cover_image", "custom_image", "base_model",
    "sku", "size", "sizes_list", "motivo_no_elegible", "instagram_seguidores", "tiktok_seguidores", "total_pyg",
    "screenshots_count", "screenshot_day", "screenshot_type", "migrated_from", "original_directory",
    "comments_count",
];

/// A whole name: closed codes and references, shown unless a value is shaped like an e-mail address or a handle.
#[rustfmt::skip]
const ID_EXACT: &[&str] = &[
    "status", "action", "timestamp", "by", "role", "roles", "user_role", "type", "platform", "level", "category",
    "slug", "version", "sender_type", "entity_type", "target_type", "content_type", "mime_type", "collection",
    "database", "namespace", "format", "state",
];

/// A word of a name: numbers and hashes that would otherwise be taken for document numbers or long texts.
#[rustfmt::skip]
const OPEN_WORDS: &[&str] = &[
    "at", "deadline", "price", "precio", "amount", "monto", "total", "subtotal", "cost", "count", "cantidad",
    "bytes", "length", "duration", "stock", "views", "reach", "followers", "seguidores", "likes", "shares", "saves",
    "impressions", "position", "seconds", "hours", "days", "months", "ms", "rate", "rating", "quantity",
    "documents", "rows", "version", "sha1", "sha256", "md5", "blake3", "checksum", "digest", "expires", "chunksize",
    "slots", "stats",
];

/// A word of a name, the last one: an identifier.
const ID_LAST: &[&str] = &["id", "code", "codigo", "key", "ref", "uuid", "hash"];

/// Collections the registry knows field by field: the legacy database's and our own.
#[rustfmt::skip]
pub(super) const KNOWN: &[&str] = &[
    "admin_settings", "adopt_ledger", "adopt_runs", "adopt_state", "audit_logs", "brand_inquiries", "email_logs",
    "exports", "flashes", "images.chunks", "images.files", "imports", "inspect_rungs", "inspect_surveys",
    "migration_backups", "migration_logs", "orders", "page_content", "page_modifications", "payment_transactions",
    "product_images.chunks", "product_images.files", "product_images_data", "rate_limits", "reservations",
    "sessions", "shop_coupons", "shop_products", "shop_products_grouped", "sign_ins", "system_notifications",
    "temp_image_batches", "temp_images", "terms_acceptances", "ugc_applications", "ugc_brands", "ugc_campaigns",
    "ugc_creators", "ugc_deliverables", "ugc_metrics", "ugc_notifications", "ugc_packages", "ugc_ratings", "users",
];

/// Rules for paths of known collections and what is below them. The empty path is the whole collection.
const SCOPED: &[(&str, &str, Class)] = &[
    ("audit_logs", "details.reason", Class::Unknown),
    ("audit_logs", "details.filter", Class::Personal),
    ("exports", "filter", Class::Personal),
    ("exports", "columns", Class::Open),
    ("flashes", "", Class::Personal),
    ("inspect_rungs", "", Class::Personal),
    ("inspect_rungs", "_id", Class::Id),
    ("migration_backups", "products", Class::Open),
    ("migration_backups", "products.name", Class::Open),
    ("orders", "items", Class::Open),
    ("orders", "items.name", Class::Open),
    ("page_modifications", "modifications.*", Class::Open),
    ("rate_limits", "", Class::Personal),
    ("sessions", "_id", Class::Secret),
    ("shop_coupons", "description", Class::Open),
    ("shop_products", "", Class::Open),
    ("shop_products", "name", Class::Open),
    ("shop_products", "description", Class::Open),
    ("shop_products", "gender", Class::Open),
    ("shop_products_grouped", "", Class::Open),
    ("shop_products_grouped", "name", Class::Open),
    ("shop_products_grouped", "description", Class::Open),
    ("shop_products_grouped", "gender", Class::Open),
    ("system_notifications", "message", Class::Unknown),
    ("ugc_applications", "portfolio_links", Class::Personal),
    ("ugc_brands", "description", Class::Open),
    ("ugc_campaigns", "name", Class::Open),
    ("ugc_campaigns", "description", Class::Open),
    ("ugc_campaigns", "canje.description", Class::Open),
    ("ugc_campaigns", "requirements", Class::Open),
    ("ugc_campaigns", "requirements.gender", Class::Open),
    ("ugc_campaigns", "requirements.additional_rules", Class::Open),
    ("ugc_creators", "social_accounts", Class::Open),
    ("ugc_creators", "social_networks", Class::Open),
    ("ugc_creators", "social_networks.url", Class::Personal),
    ("ugc_creators", "social_networks.profile_url", Class::Personal),
    ("ugc_creators", "stats", Class::Open),
    ("ugc_creators", "stats.avg_interactions.*", Class::Open),
    ("ugc_creators", "stats.avg_reach.*", Class::Open),
    ("ugc_creators", "stats.avg_views.*", Class::Open),
    ("ugc_creators", "stats.max_interactions.*", Class::Open),
    ("ugc_creators", "stats.max_reach.*", Class::Open),
    ("ugc_creators", "stats.max_views.*", Class::Open),
    ("ugc_metrics", "", Class::Open),
    ("ugc_metrics", "comments", Class::Open),
    ("ugc_metrics", "screenshots_count.*", Class::Open),
    ("ugc_metrics", "demographics.gender", Class::Open),
    ("ugc_metrics", "ai_raw_data.merged.demographics.gender", Class::Open),
    ("ugc_metrics", "ai_raw_data.merged.metrics.comments", Class::Open),
    ("ugc_metrics", "ai_raw_data.extractions.demographics.gender", Class::Open),
    ("ugc_metrics", "ai_raw_data.extractions.metrics.comments", Class::Open),
];

/// The rule for exactly this path of this collection; a last `*` stands for any name.
pub(super) fn scoped(collection: &str, path: &str) -> Option<Class> {
    let any = path.rsplit_once('.').map(|(parent, _)| format!("{parent}.*"));
    let found =
        |at: &str| SCOPED.iter().find(|(of, path, _)| *of == collection && *path == at).map(|(_, _, class)| *class);
    found(path).or_else(|| found(&any?))
}

/// What a name says by itself.
pub(super) fn class(name: &str) -> Class {
    let words = words(name);
    let squashed = words.concat();
    let exact = words.join("_");
    let has_word = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let has_stem = |list: &[&str]| list.iter().any(|stem| squashed.contains(stem));
    let last_is = |list: &[&str]| words.last().is_some_and(|word| list.contains(&word.as_str()));
    if has_stem(SECRET_STEMS) || has_word(SECRET_WORDS) || SECRET_EXACT.contains(&exact.as_str()) {
        return Class::Secret;
    }
    if OPEN_EXACT.contains(&exact.as_str()) {
        return Class::Open;
    }
    if has_stem(PERSONAL_STEMS) || has_word(PERSONAL_WORDS) || last_is(PERSONAL_LAST) {
        return Class::Personal;
    }
    if last_is(ID_LAST) || ID_EXACT.contains(&exact.as_str()) {
        return Class::Id;
    }
    if has_stem(TEXT_STEMS) || has_word(TEXT_WORDS) {
        return Class::Text;
    }
    if LEAF_EXACT.contains(&exact.as_str()) {
        return Class::Leaf;
    }
    if has_word(OPEN_WORDS) {
        return Class::Open;
    }
    Class::Unknown
}

/// A name as lower-case words without accents: split at camel case and at everything that is not a letter or digit.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before_lower = false;
    let mut open = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            open = false;
            before_lower = false;
            continue;
        }
        let starts = letter.is_uppercase() && before_lower;
        if !open || starts {
            words.push(String::new());
        }
        open = true;
        before_lower = letter.is_lowercase() || letter.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase().map(fold));
        }
    }
    words
}

/// The letter without its accent.
fn fold(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_whatever_their_spelling() {
        assert_eq!(words("accessToken"), ["access", "token"]);
        assert_eq!(words("ACCESS_TOKEN"), ["access", "token"]);
        assert_eq!(words("x-Forwarded-For"), ["x", "forwarded", "for"]);
        assert_eq!(words("Contraseña"), ["contrasena"]);
        assert_eq!(words("last4Digits"), ["last4", "digits"]);
        assert!(words("").is_empty());
    }

    #[test]
    fn short_words_stand_alone() {
        assert_eq!(class("ci"), Class::Personal);
        assert_eq!(class("social_networks"), Class::Unknown, "`ci` inside a word is not a document number");
        assert_eq!(class("is_platform_verified"), Class::Unknown);
        assert_eq!(class("pin_code"), Class::Secret);
        assert_eq!(class("pinned"), Class::Unknown);
    }

    #[test]
    fn every_scoped_rule_is_about_a_known_collection() {
        for (collection, path, _) in SCOPED {
            assert!(KNOWN.contains(collection), "{collection}.{path}");
        }
    }
}
