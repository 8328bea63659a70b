//! The one route table: method, path, what it asks of the caller, handler.
//!
//! A route can't be added without its [`Access`]: there is no other way in. Server functions of islands stand here too, by
//! their public path, and a test compares both lists with what is really registered.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn;
use axum::routing::MethodRouter;
use http::Method;

use super::{guard, health, pages};
use crate::accounts;
use crate::app::App;
use crate::audit;
use crate::backup::pages::uploads::HERE as UPLOAD_PATH;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::finder::pages as finder;
use crate::inspect::exports;
use crate::jobs;
use crate::mail::pages as mail;
use crate::notifications::{bell, forms as notice_forms, pages as notice_pages, stream};
use crate::settings;
use crate::values::{Access, Capability};
use crate::webhooks::{forms as hook_forms, intake, pages as hook_pages};

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The method.
    pub method: Method,
    /// The path, with axum's placeholders.
    pub path: &'static str,
    /// What it asks of the caller.
    pub access: Access,
}

/// The table while it is written.
#[derive(Default)]
pub struct Table {
    declared: Vec<Declared>,
    router: Router<Arc<App>>,
}

impl Table {
    fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::GET, path, access, axum::routing::get(handler))
    }

    fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::POST, path, access, axum::routing::post(handler))
    }

    fn add(mut self, method: Method, path: &'static str, access: Access, handler: MethodRouter<Arc<App>>) -> Self {
        self.declared.push(Declared { method, path, access });
        let guarded =
            handler.route_layer(from_fn(move |ctx: Ctx, request, next| guard::access(access, ctx, request, next)));
        self.router = self.router.route(path, guarded);
        self
    }
}

/// Every route of the platform.
pub fn table() -> Table {
    use crate::inspect::pages as data_pages;
    use crate::monitoring::pages as monitoring_pages;
    use Access::{BackOffice, Can, Demo, Public, Signed, SignedIn};
    use accounts::{forms, pages as account_pages};
    let table = Table::default()
        .get("/", Public, pages::home)
        .get("/assets/{*path}", Public, pages::asset)
        .get("/favicon.ico", Public, pages::favicon)
        .get("/robots.txt", Public, pages::robots)
        .get("/health", Public, health::health)
        .get("/ready", Public, health::ready)
        .get("/health/backup", Public, health::backup)
        .get("/health/forms", Public, health::not_yet)
        .get("/metrics", Signed, health::metrics)
        .get("/dev/ui", Demo, pages::gallery)
        .post("/api/notifications/webhooks/sentry", Signed, intake::sentry)
        .post("/api/notifications/webhooks/uptimerobot", Signed, intake::uptimerobot)
        .get("/api/notifications/webhooks/uptimerobot", Signed, intake::uptimerobot)
        .post("/api/notifications/webhooks/resend", Signed, intake::resend)
        .get("/admin/notifications/webhooks", Can(Capability::SystemNotificationsRead), hook_pages::list)
        .get("/admin/notifications/webhooks/conectar", Can(Capability::SystemNotificationsRead), hook_pages::guide)
        .get("/admin/notifications/webhooks/{id}", Can(Capability::SystemNotificationsRead), hook_pages::show)
        .post("/admin/notifications/webhooks/probar", Can(Capability::Security), hook_forms::probe)
        .post("/admin/notifications/webhooks/{id}/reprocesar", Can(Capability::Security), hook_forms::replay)
        .get("/login", Public, account_pages::login)
        .post("/login", Public, forms::sign_in)
        .post("/logout", Public, forms::sign_out)
        .get("/mi-perfil", SignedIn, account_pages::profile)
        .post("/mi-perfil/sesiones/cerrar", SignedIn, forms::close_session)
        .post("/mi-perfil/sesiones/cerrar-todas", SignedIn, forms::close_all_sessions)
        .post("/mi-perfil/sesiones/renovar", SignedIn, forms::renew_session)
        .get("/admin/data", Can(Capability::DataInspect), data_pages::databases)
        .get("/admin/data/{database}", Can(Capability::DataInspect), data_pages::database)
        .post("/admin/data/{database}/count", Can(Capability::DataInspect), data_pages::count_again)
        .get("/admin/data/{database}/{collection}", Can(Capability::DataInspect), data_pages::documents)
        .get("/admin/data/{database}/{collection}/profile", Can(Capability::DataInspect), data_pages::profile)
        .get("/admin/data/{database}/{collection}/indexes", Can(Capability::DataInspect), data_pages::indexes)
        .get("/admin/data/{database}/{collection}/options", Can(Capability::DataInspect), data_pages::options)
        .get("/admin/data/{database}/{collection}/doc/{id}", Can(Capability::DataInspect), data_pages::document)
        .post("/admin/data/{database}/{collection}/doc/{id}/reveal", Can(Capability::DataInspect), data_pages::reveal)
        .get("/admin/data/{database}/{collection}/doc/{id}/json", Can(Capability::DataInspect), data_pages::whole)
        .get(
            "/admin/data/{database}/{collection}/doc/{id}/download",
            Can(Capability::DataInspect),
            data_pages::download,
        )
        .get("/admin", BackOffice, pages::admin)
        .get("/admin/buscar", BackOffice, finder::show)
        .get("/admin/buscar/lista", BackOffice, finder::lines)
        .get("/admin/settings", Can(Capability::SettingsRead), settings::pages::show)
        .post("/admin/settings/avisos", Can(Capability::SettingsWrite), settings::forms::save)
        .post("/admin/settings/probar", Can(Capability::SettingsWrite), settings::forms::test)
        .get("/admin/seguridad", Can(Capability::Security), monitoring_pages::show)
        .get("/admin/seguridad/evento", Can(Capability::Security), monitoring_pages::live)
        .post("/admin/seguridad/evento", Can(Capability::Security), monitoring_pages::try_out)
        .get("/admin/emails", Can(Capability::Security), mail::list)
        .post("/admin/emails/prueba", Can(Capability::Security), mail::send_test)
        .get("/admin/emails/bloqueadas", Can(Capability::Security), mail::suppressions)
        .post("/admin/emails/bloqueadas/levantar", Can(Capability::Security), mail::lift)
        .get("/admin/emails/whatsapp", Can(Capability::Security), mail::list_whatsapp)
        .get("/admin/emails/whatsapp/{id}", Can(Capability::Security), mail::show_whatsapp)
        .post("/admin/emails/whatsapp/{id}/reenviar", Can(Capability::Security), mail::repeat_whatsapp)
        .get("/admin/emails/{id}", Can(Capability::Security), mail::show)
        .get("/admin/emails/{id}/html", Can(Capability::Security), mail::preview)
        .post("/admin/emails/{id}/reenviar", Can(Capability::Security), mail::repeat)
        .get("/admin/audit", Can(Capability::AuditRead), audit::pages::list)
        .post("/admin/audit/export", Can(Capability::AuditRead), audit::pages::export)
        .get("/admin/data/{database}/{collection}/export", Can(Capability::ExportsRaw), exports::pages::form)
        .post("/admin/data/{database}/{collection}/export", Can(Capability::ExportsRaw), exports::pages::ask)
        .get("/admin/exports/{id}", Can(Capability::ExportsRaw), exports::pages::show)
        .get("/admin/exports/{id}/file", Can(Capability::ExportsRaw), exports::pages::download)
        .post("/admin/exports/{id}/cancel", Can(Capability::ExportsRaw), exports::pages::cancel)
        .get("/admin/jobs", Can(Capability::Security), jobs::pages::list)
        .post("/admin/jobs/run", Can(Capability::JobsRun), jobs::pages::run_now)
        .get("/admin/jobs/runs/{id}", Can(Capability::Security), jobs::pages::show)
        .get("/admin/jobs/runs/{id}/live", Can(Capability::Security), jobs::pages::live)
        .post("/admin/jobs/runs/{id}/retry", Can(Capability::JobsRun), jobs::pages::retry)
        .post("/admin/jobs/runs/{id}/discard", Can(Capability::JobsRun), jobs::pages::discard)
        .post("/admin/jobs/runs/{id}/cancel", Can(Capability::JobsRun), jobs::pages::cancel)
        .get("/api/notifications/stream", SignedIn, stream::open)
        .get("/notificaciones", SignedIn, notice_pages::personal)
        .get(bell::FRAGMENT_PATH, SignedIn, bell::fragment)
        .get("/notificaciones/{id}", SignedIn, notice_pages::open)
        .post("/notificaciones/leer", SignedIn, notice_forms::read_own)
        .post("/notificaciones/leer-todas", SignedIn, notice_forms::read_all_own)
        .post("/notificaciones/{id}/eliminar", SignedIn, notice_forms::delete_own)
        .get("/admin/notifications", Can(Capability::SystemNotificationsRead), notice_pages::list)
        .post("/admin/notifications/leer", Can(Capability::SystemNotificationsRead), notice_forms::read)
        .post("/admin/notifications/leer-todas", Can(Capability::SystemNotificationsRead), notice_forms::read_all)
        .get("/admin/notifications/silencios", Can(Capability::SystemNotificationsRead), notice_pages::silences)
        .post("/admin/notifications/silencios", Can(Capability::SystemNotificationsRead), notice_forms::silence)
        .post(
            "/admin/notifications/silencios/{id}/terminar",
            Can(Capability::SystemNotificationsRead),
            notice_forms::end_silence,
        )
        .get("/admin/notifications/{id}", Can(Capability::SystemNotificationsRead), notice_pages::show)
        .post("/admin/notifications/{id}/tomar", Can(Capability::SystemNotificationsRead), notice_forms::acknowledge)
        .post("/admin/notifications/{id}/resolver", Can(Capability::SystemNotificationsRead), notice_forms::resolve)
        .post(
            "/admin/notifications/{id}/silenciar",
            Can(Capability::SystemNotificationsRead),
            notice_forms::silence_one,
        )
        .post("/admin/notifications/{id}/eliminar", Can(Capability::SystemNotificationsDelete), notice_forms::delete)
        .post("/api/inspect/export_progress", Can(Capability::ExportsRaw), leptos_axum::handle_server_fns);
    let table = diffs(restores(backups(table)));
    deliveries(applications(creators(campaigns(creator_area(catalogue(onboarding(sign_up(table))))))))
}

/// Signing up, verifying an address, a new password, terms.
fn sign_up(table: Table) -> Table {
    use crate::terms::pages as terms;
    use Access::{Public, SignedIn};
    use accounts::joining;
    table
        .get("/registro", Public, joining::form)
        .post("/registro", Public, joining::register)
        .get("/verificar-email", Public, joining::confirm_form)
        .post("/verificar-email", Public, joining::confirm)
        .post("/verificar-email/reenviar", SignedIn, joining::resend)
        .get("/recuperar", Public, joining::ask_form)
        .post("/recuperar", Public, joining::ask)
        .get("/restablecer", Public, joining::reset_form)
        .post("/restablecer", Public, joining::reset)
        .get("/terminos/{slug}", Public, terms::by_name)
        .get("/studio/ugc/terms", Public, terms::by_path)
        .get("/politica-privacidad", Public, terms::by_path)
        .get("/shop/terminos-condiciones", Public, terms::by_path)
}

/// A creator's onboarding and profile.
fn onboarding(table: Table) -> Table {
    use crate::creators::pages;
    use crate::media::form::BODY_BYTES;
    use Access::SignedIn;
    use axum::routing::post;
    let with_picture = || DefaultBodyLimit::max(BODY_BYTES);
    table
        .get("/ugc/creator/onboarding", SignedIn, pages::welcome)
        .post("/ugc/creator/onboarding", SignedIn, pages::begin)
        .get("/ugc/creator/onboarding/{step}", SignedIn, pages::step)
        .post("/ugc/creator/onboarding/{step}", SignedIn, pages::save_step)
        .add(Method::POST, "/ugc/creator/onboarding/terminar", SignedIn, post(pages::finish).layer(with_picture()))
        .get("/ugc/creator/profile", SignedIn, pages::show)
        .get("/ugc/creator/profile/foto", SignedIn, pages::photo)
        .add(Method::POST, "/ugc/creator/profile/foto", SignedIn, post(pages::set_picture).layer(with_picture()))
        .post("/ugc/creator/profile/foto/quitar", SignedIn, pages::remove_picture)
        .get("/ugc/creator/profile/redes/{platform}", SignedIn, pages::network)
        .get("/ugc/creator/profile/redes/nueva", SignedIn, pages::new_network)
        .post("/ugc/creator/profile/redes/nueva", SignedIn, pages::add_network)
        .post("/ugc/creator/profile/redes/{platform}", SignedIn, pages::change_network)
        .post("/ugc/creator/profile/redes/{platform}/quitar", SignedIn, pages::remove_network)
        .get("/ugc/creator/profile/{section}", SignedIn, pages::section)
        .post("/ugc/creator/profile/{section}", SignedIn, pages::save_section)
}

/// The public catalogue and applying.
fn catalogue(table: Table) -> Table {
    use crate::campaigns::catalogue::pages;
    use Access::{Public, SignedIn};
    table
        .get("/ugc", Public, pages::programme)
        .get("/ugc/creators", Public, pages::creators)
        .get("/ugc/select-role", Public, pages::retired_role)
        .get("/studio/ugc", Public, pages::retired)
        .get("/studio/ugc/{campaign}", Public, pages::retired_campaign)
        .get("/ugc/campaigns", Public, pages::list)
        .get("/ugc/campaigns/{id}", Public, pages::show)
        // A guest is led to signing up from here, and comes back.
        .get("/ugc/campaigns/{id}/postularme", Public, pages::apply)
        .post("/ugc/campaigns/{id}/postularme", SignedIn, pages::send)
}

/// A creator's own pages.
fn creator_area(table: Table) -> Table {
    use crate::creators::area::pages;
    use crate::deliverables::pages::{check, creator};
    use Access::SignedIn;
    table
        .get("/ugc/creator/dashboard", SignedIn, pages::dashboard)
        .get("/ugc/creator/my-work", SignedIn, pages::work)
        .get("/ugc/creator/workspace", SignedIn, pages::old_deliveries)
        .get("/ugc/creator/deliverables", SignedIn, pages::old_deliveries)
        .get("/ugc/creator/campaigns", SignedIn, pages::old_applications)
        .get("/ugc/creator/applications", SignedIn, pages::applications)
        .get("/ugc/creator/applications/{id}/retirar", SignedIn, pages::withdrawing)
        .post("/ugc/creator/applications/{id}/retirar", SignedIn, pages::withdraw)
        .get("/ugc/creator/applications/{id}/cancelar", SignedIn, pages::cancelling)
        .post("/ugc/creator/applications/{id}/cancelar", SignedIn, pages::cancel)
        .get("/ugc/creator/deliverable/{id}", SignedIn, creator::show)
        .post("/ugc/creator/deliverable/{id}", SignedIn, creator::register)
        .get("/ugc/creator/url", SignedIn, check)
}

/// Campaigns as staff runs them.
fn campaigns(table: Table) -> Table {
    use crate::campaigns::pages;
    let manage = Access::Can(Capability::UgcManage);
    let with_picture =
        |handler: MethodRouter<Arc<App>>| handler.layer(DefaultBodyLimit::max(crate::media::form::BODY_BYTES));
    table
        .get(pages::NEW_PATH, manage, pages::new)
        .add(Method::POST, pages::NEW_PATH, manage, with_picture(axum::routing::post(pages::create)))
        .get("/admin/campaigns/{id}", manage, pages::show)
        .get("/admin/campaigns/{id}/editar", manage, pages::edit)
        .add(Method::POST, "/admin/campaigns/{id}/editar", manage, with_picture(axum::routing::post(pages::save)))
        .get("/admin/campaigns/{id}/estado", manage, pages::states)
        .post("/admin/campaigns/{id}/estado", manage, pages::change_state)
        .get("/admin/campaigns/{id}/cupos", manage, pages::slots)
        .post("/admin/campaigns/{id}/cupos", manage, pages::change_slots)
        .post("/admin/campaigns/{id}/visible", manage, pages::set_visible)
        .post("/admin/campaigns/{id}/deshacer-plazos", manage, pages::undo)
}

/// Creators as staff sees them, and lists' saved views.
fn creators(table: Table) -> Table {
    use crate::creators::desk::{detail, forms};
    use crate::lists::forms as views;
    let staff = Access::Can(Capability::UgcManage);
    table
        .get("/admin/ugc/creators/{id}", staff, detail)
        .post("/admin/ugc/creators/{id}/verificado", staff, forms::badge)
        .post("/admin/ugc/creators/{id}/activo", staff, forms::active)
        .post("/admin/vistas", staff, views::save)
        .post("/admin/vistas/{id}/renombrar", staff, views::rename)
        .post("/admin/vistas/{id}/eliminar", staff, views::delete)
}

/// Applications as staff answers them.
fn applications(table: Table) -> Table {
    use crate::applications::desk::{forms, pages};
    let staff = Access::Can(Capability::UgcManage);
    table
        .get("/admin/campaigns/{id}/applications", staff, pages::show)
        .post("/admin/campaigns/{id}/applications/lote", staff, forms::several)
        .post("/admin/applications/{id}/preseleccionar", staff, forms::shortlist)
        .post("/admin/applications/{id}/confirmar", staff, forms::confirm)
        .post("/admin/applications/{id}/reactivar", staff, forms::reactivate)
        .get("/admin/applications/{id}/rechazar", staff, pages::reject)
        .post("/admin/applications/{id}/rechazar", staff, forms::reject)
        .get("/admin/applications/{id}/cancelar", staff, pages::cancel)
        .post("/admin/applications/{id}/cancelar", staff, forms::cancel)
}

/// Deliveries as staff sees them.
fn deliveries(table: Table) -> Table {
    use crate::deliverables::desk::{detail, forms, pages};
    let staff = Access::Can(Capability::UgcManage);
    table
        .get("/admin/ugc/deliverables/{id}", staff, pages::of_campaign)
        .get("/admin/creators/{id}/deliverables", staff, pages::of_creator)
        .get("/admin/deliverables/{id}", staff, detail::show)
        .post("/admin/deliverables/{id}/aprobar", staff, forms::approve)
        .post("/admin/deliverables/{id}/cambios", staff, forms::request_changes)
        .post("/admin/deliverables/{id}/rechazar", staff, forms::reject)
        .post("/admin/deliverables/{id}/completar", staff, forms::complete)
        .post("/admin/deliverables/{id}/urls", staff, forms::edit_urls)
        .post("/admin/deliverables/{id}/resetear", staff, forms::reset_urls)
        .post("/admin/deliverables/{id}/resetear-metricas", staff, forms::reset_metrics)
        .post("/admin/deliverables/{id}/cancelar", staff, forms::cancel)
}

/// Backups: list, proof, keys, verification, retention.
fn backups(table: Table) -> Table {
    use crate::backup::pages;
    use Access::Can;
    table
        .get("/admin/backups", Can(Capability::BackupsRead), pages::list::show)
        .post("/admin/backups", Can(Capability::BackupsRun), pages::forms::start)
        .get("/admin/backups/claves", Can(Capability::BackupsRead), pages::keys::show)
        .post("/admin/backups/claves/recuperacion", Can(Capability::BackupsRun), pages::keys::confirm)
        .get("/admin/backups/retencion", Can(Capability::BackupsRead), pages::retention::show)
        .post("/admin/backups/retencion", Can(Capability::BackupsDelete), pages::retention::approve)
        .get(UPLOAD_PATH, Can(Capability::BackupsRead), pages::uploads::show)
        .add(
            Method::POST,
            UPLOAD_PATH,
            Can(Capability::BackupsRun),
            axum::routing::post(pages::uploads::take).layer(DefaultBodyLimit::disable()),
        )
        .get("/admin/backups/verificar/{id}", Can(Capability::BackupsRead), pages::verification::show)
        .get("/admin/backups/verificar/{id}/live", Can(Capability::BackupsRead), pages::verification::live)
        .get("/admin/backups/{id}", Can(Capability::BackupsRead), pages::show::show)
        .get("/admin/backups/{id}/live", Can(Capability::BackupsRead), pages::show::live_part)
        .get("/api/backups/{id}/events", Can(Capability::BackupsRead), pages::show::events)
        .get("/admin/backups/{id}/constancia.pdf", Can(Capability::BackupsRead), pages::act::show)
        .get("/admin/backups/{id}/descargar", Can(Capability::BackupsDownload), pages::download::show)
        .post("/admin/backups/{id}/descargar", Can(Capability::BackupsDownload), pages::download::start)
        .post("/admin/backups/{id}/cancelar", Can(Capability::BackupsRun), pages::forms::cancel)
        .post("/admin/backups/{id}/conservar", Can(Capability::BackupsDelete), pages::forms::hold)
        .post("/admin/backups/{id}/soltar", Can(Capability::BackupsDelete), pages::forms::release)
}

/// Restores and their wizard.
fn restores(table: Table) -> Table {
    use crate::backup::restore::pages;
    let restores = Access::Can(Capability::BackupsRestore);
    table
        .get("/admin/backups/restauraciones", restores, pages::list)
        .get("/admin/backups/restauraciones/{database}", restores, pages::show)
        .get("/admin/backups/restauraciones/{database}/live", restores, pages::live)
        .get("/admin/backups/{id}/restaurar", restores, pages::what_and_where)
        .post("/admin/backups/{id}/restaurar", restores, pages::plan)
        .get("/admin/backups/{id}/restaurar/{plan}", restores, pages::confirmation)
        .post("/admin/backups/{id}/restaurar/{plan}", restores, pages::confirm)
        .get("/admin/backups/{id}/documento", restores, pages::document_form)
        .post("/admin/backups/{id}/documento", restores, pages::extract)
        .get("/admin/backups/documentos/{id}", restores, pages::document)
        .get("/admin/backups/documentos/{id}/live", restores, pages::document_live)
}

/// Comparisons.
fn diffs(table: Table) -> Table {
    use crate::backup::diff::pages;
    use Access::Can;
    table
        .get(pages::PATH, Can(Capability::BackupsRead), pages::list)
        .post(pages::PATH, Can(Capability::BackupsRead), pages::ask)
        .get("/admin/backups/comparar/{id}", Can(Capability::BackupsRead), pages::show)
        .get("/admin/backups/comparar/{id}/{collection}", Can(Capability::BackupsRead), pages::collection)
        .get("/admin/backups/comparaciones/{id}/estado", Can(Capability::BackupsRead), pages::live)
        .post("/admin/backups/comparaciones/{id}/exportar", Can(Capability::BackupsRead), pages::export)
}

/// What the table declares, for the tests that compare it with the world.
pub fn declared() -> Vec<Declared> {
    table().declared
}

/// The table as a router; anything else is a 404 page.
pub fn router() -> Router<Arc<App>> {
    table().router.fallback(async |_: Ctx| Failure::Refused(AppError::NotFound))
}
