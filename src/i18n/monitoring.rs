//! The words of error monitoring and health.

use crate::monitoring::Integration;

/// `SENTRY_DSN` isn't an address.
pub const BAD_DSN: &str = "SENTRY_DSN no es una dirección de Sentry: copiala de Settings → Client Keys";
/// `CANJE_DEMO=1` with a production binary.
pub const NO_DEMO: &str =
    "este binario es de producción y no trae la demostración: sacá CANJE_DEMO del entorno, o corré «make run»";

/// The page's title.
pub const TITLE: &str = "Seguridad";
/// What it is for.
pub const PURPOSE: &str =
    "Qué servicios de afuera están conectados, si responden, y una prueba de que un error llega hasta vos.";
/// The page of the local twins.
pub const SEE_EMULATORS: &str = "Ver los servicios simulados";
/// The table.
pub const INTEGRATIONS: &str = "Servicios conectados";
/// A column.
pub const COLUMN_SERVICE: &str = "Servicio";
/// A column.
pub const COLUMN_STATE: &str = "Estado";
/// A column.
pub const COLUMN_SUCCESS: &str = "Última vez que anduvo";
/// A column.
pub const COLUMN_FAILURE: &str = "Último error";
/// A state.
pub const NOT_CONFIGURED: &str = "No configurado";
/// A state.
pub const CONFIGURED: &str = "Configurado, sin uso todavía";
/// A state.
pub const WORKS: &str = "Funciona";
/// A state.
pub const FAILING: &str = "Con errores";
/// While a secret is changed.
pub const TWO_SECRETS: &str = "dos secretos vigentes";

/// An integration's name.
pub fn integration(integration: Integration) -> &'static str {
    match integration {
        Integration::SentryOut => "Sentry: errores que enviamos",
        Integration::SentryIn => "Sentry: alertas que recibimos",
        Integration::UptimeRobot => "UptimeRobot: caídas del sitio",
        Integration::Resend => "Correo por Resend",
        Integration::Smtp => "Correo por SMTP",
        Integration::Mail => "Correo",
        Integration::ResendIn => "Resend: entregas y rebotes",
        Integration::WhatsApp => "WhatsApp por Twilio",
        Integration::Metrics => "Métricas para Prometheus",
    }
}
/// What configures it.
pub fn variable(integration: Integration) -> &'static str {
    match integration {
        Integration::SentryOut => "SENTRY_DSN",
        Integration::SentryIn => "SENTRY_CLIENT_SECRET",
        Integration::UptimeRobot => "UPTIMEROBOT_TOKEN",
        Integration::Resend => "RESEND_API_KEY",
        Integration::Smtp => "SMTP_URL",
        Integration::Mail => "RESEND_API_KEY o SMTP_URL",
        Integration::ResendIn => "RESEND_WEBHOOK_SECRET",
        Integration::WhatsApp => "TWILIO_ACCOUNT_SID",
        Integration::Metrics => "METRICS_TOKEN",
    }
}

/// The section with the test.
pub const TRIAL: &str = "Evento de prueba";
/// What it does.
pub const TRIAL_PURPOSE: &str = "Manda un error inventado por el camino verdadero: de acá a Sentry, de Sentry al webhook, y del webhook a un aviso.";
/// The button.
pub const SEND: &str = "Enviar evento de prueba";
/// Loads the page again.
pub const REFRESH: &str = "Actualizar";
/// There is no Sentry.
pub const NO_DSN: &str = "Sentry no está configurado: falta SENTRY_DSN. Los errores se ven igual en Avisos.";
/// Sentry can't come back.
pub const NO_WEBHOOK_SECRET: &str =
    "Falta SENTRY_CLIENT_SECRET: el evento va a llegar a Sentry, pero su alerta no va a poder volver.";
/// The event's message.
pub fn test_event(mark: &str) -> String {
    format!("Evento de prueba de Canje ({mark})")
}
/// The queue emptied and nothing was taken.
pub const NOT_SENT: &str = "el SDK no lo mandó: puede ser un límite de Sentry";
/// Sentry takes too long.
pub const TOO_SLOW: &str = "no contestó a tiempo";
/// A step's state.
pub const DONE: &str = "Hecho";
/// A step's state.
pub const WAITING: &str = "Esperando";
/// A step's state.
pub const FAILED: &str = "Falló";
/// The first step.
pub fn made_by(name: &str, mark: &str) -> String {
    format!("{name} creó el evento {mark}")
}
/// The second step.
pub const TAKEN: &str = "Sentry lo recibió";
/// The second step, when it failed.
pub fn not_taken(said: &str) -> String {
    format!("Sentry no lo recibió: {said}. Revisá SENTRY_DSN y probá de nuevo.")
}
/// The third step.
pub fn came_back(seconds: &str) -> String {
    format!("La alerta volvió por el webhook, {seconds} s después")
}
/// The third step, still to come.
pub const NOT_BACK: &str =
    "Todavía no volvió la alerta. En Sentry tiene que haber una regla que avise a nuestra integración.";
/// The last step.
pub const NOTICE: &str = "El aviso está.";
/// Leads to it.
pub const SEE_NOTICE: &str = "Ver el aviso";
/// The last step, still to come.
pub const NO_NOTICE: &str = "Todavía no hay aviso";
