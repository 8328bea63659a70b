//! Canje: a platform for UGC campaigns, where creators make content for brands in exchange for products or services.
//!
//! It takes over from an older system whose owner has to see for himself that nothing is lost. So before anything else the
//! platform imports a production dump byte by byte, adopts what it understands of it, and shows every document of it.
//!
//! # The map
//!
//! One crate, one binary, built twice: natively with `ssr` (the server and the command line) and to wasm with `hydrate` (the
//! islands). A reader finds a feature by its noun; the file name inside a folder says what that code may touch.
//!
//! | layer | modules |
//! |---|---|
//! | composition | `web` (route table, layers, pages' frame), `serve` (start, listen, stop), `worker` (job types and schedules), `main.rs` (command line) |
//! | capabilities | `accounts`, `terms`, `creators`, `brands`, `campaigns`, `applications`, `deliverables`, `metrics`, `reputation`, `news`, `waits`, `audit`, `backup`, `import`, `adopt`, [`inspect`], `dashboard`, `site`, `notifications`, `webhooks`, `settings`, `monitoring` |
//! | formats | `dump` (mongodump layouts, hashes, Extended JSON), `demo` (the synthetic dump), `emulators` (local twins of outside services) |
//! | plumbing | `app`, `ctx`, `failure`, `config`, `db`, `jobs`, `mail`, `media`, `pdf`, `assets` |
//! | both builds | [`error`], [`values`], [`i18n`], [`ui`], and a capability's `model.rs`, `server_fns.rs`, `islands.rs` |
//!
//! Imports point one way: composition → capabilities → plumbing → values.
//!
//! # From click to database and back
//!
//! *A page*: `web::answer` gives the request its reference, `web::identify` finds the session and builds a `Ctx`, the route's
//! declared access is checked, the handler makes its one service call, and `web::render` draws the whole document with a
//! true status code. Nothing is awaited while drawing.
//!
//! *A form*: a plain POST, checked for its origin, then one service call, then a redirect that leaves a one-time flash:
//! a sentence, or the refused fields with what was typed.
//!
//! *An island*: only where waiting for a page would hurt; its server function stands in the same route table.
//!
//! # Invariants
//!
//! - Nothing that inspects can write: `inspect` is given a `ReadOnlyDb`, which has its own connection and one choke point.
//! - Nothing drops a database but three that are on record as made by us and not wanted any more: an unfinished import by
//!   `canje import --discard`, a trial restore at its end, a preview that has expired.
//! - A backup is one when its signed manifest was stored last, every copy was read back and a restore of it was compared.
//!   Request handlers hold no key that opens one.
//! - No document of an imported dump is decoded on its way in: bytes go in, bytes are read back and compared.
//! - No secret field leaves the server; no personal field does without a reason that is on record first.
//! - What happened and what is told of it are written in one transaction; nothing is sent inside a request.
//! - No twin of an outside service is in a production build, and no outside service is needed by the demonstration.
//! - A confirmed application has one place and one delivery, and both documents have the same deadlines: whatever changes one of
//!   the three changes all of them in one transaction.
//! - A state that waits for somebody says for whom and until when; silence escalates and changes no state.
//! - A guard stands in the update's filter, never in a read before it.
//! - What was refused is an [`error::AppError`] in the user's words; what broke is logged once and told by its reference.
//! - No page has an inline style or an inline script without the response's nonce.
//! - `cfg(feature)` appears in `lib.rs`, `main.rs` and `mod.rs` files and nowhere else.
//!
//! # Checklists
//!
//! *Add a form*: the fields and their problems in the capability's `model.rs` or `forms.rs`; the rule in `service.rs`, taking
//! `&Ctx` and requiring its capability; the query in `store.rs` with its guard in the filter; the words in `i18n/`; the
//! handler answering through `web::forms`; one line in `web::routes` with its access; a test through the router, and one
//! that the refused form keeps what was typed.
//!
//! *Add a job*: a serialisable struct with `jobs::Job` in the capability's `jobs.rs` or beside what it serves, idempotent;
//! one line in `worker::registry`; its words in `i18n::jobs`; enqueue it with `jobs::enqueue_in` in the transaction of what
//! it serves. It may run twice and never halfway out of sight: what it gives up raises a notice.
//!
//! *Add a notice*: a variant of `notifications::Event`; the compiler asks for its type, severity, fingerprint, recipients,
//! link, retention and words; publish it in the transaction of what happened.
//!
//! *Add a mail*: a struct in `mail::templates` and its folder of three parts; queue it in the transaction of what it tells,
//! with a key that is never used twice.
//!
//! *Add an outside service*: its address and secrets in `config::Integrations`, one client for production, the demonstration
//! and the tests, and a strict twin in `emulators`.
//!
//! *Add a capability*: a folder named after its noun, a `mod.rs` that says what it owns and what it never does, its
//! collections in `serve::collections`, its rights in `values::Capability`, its routes in `web::routes`, its rule in
//! `adopt` if the old system had its data, its tests in `src/tests/<noun>.rs`.

pub mod error;
pub mod i18n;
pub mod inspect;
pub mod ui;
pub mod values;

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod adopt;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod applications;
#[cfg(feature = "ssr")]
pub mod assets;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod backup;
#[cfg(feature = "ssr")]
pub mod brands;
#[cfg(feature = "ssr")]
pub mod campaigns;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod creators;
#[cfg(feature = "ssr")]
pub mod ctx;
#[cfg(feature = "ssr")]
pub mod dashboard;
#[cfg(feature = "ssr")]
pub mod db;
#[cfg(feature = "ssr")]
pub mod deliverables;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod dump;
#[cfg(feature = "emulators")]
pub mod emulators;
#[cfg(feature = "ssr")]
pub mod failure;
#[cfg(feature = "ssr")]
pub mod finder;
#[cfg(feature = "ssr")]
pub mod import;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod lists;
#[cfg(feature = "ssr")]
pub mod mail;
#[cfg(feature = "ssr")]
pub mod media;
#[cfg(feature = "ssr")]
pub mod metrics;
#[cfg(feature = "ssr")]
pub mod monitoring;
#[cfg(feature = "ssr")]
pub mod news;
#[cfg(feature = "ssr")]
pub mod notifications;
#[cfg(feature = "ssr")]
pub mod pdf;
#[cfg(feature = "ssr")]
pub mod reputation;
#[cfg(feature = "ssr")]
pub mod serve;
#[cfg(feature = "ssr")]
pub mod settings;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub mod terms;
#[cfg(feature = "ssr")]
pub mod waits;
#[cfg(feature = "ssr")]
pub mod web;
#[cfg(feature = "ssr")]
pub mod webhooks;
#[cfg(feature = "ssr")]
pub mod worker;

/// Starts the islands of a page in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
