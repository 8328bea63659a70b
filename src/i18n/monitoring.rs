//! The words of error monitoring and health.

/// `SENTRY_DSN` isn't an address.
pub const BAD_DSN: &str = "SENTRY_DSN no es una dirección de Sentry: copiala de Settings → Client Keys";
/// `CANJE_DEMO=1` with a production binary.
pub const NO_DEMO: &str =
    "este binario es de producción y no trae la demostración: sacá CANJE_DEMO del entorno, o corré «make run»";
