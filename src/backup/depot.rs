//! What the work on backups needs: databases, stores, places on the disk, the time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::keys::Keys;
use super::stores::{self, Folder, Store};
use crate::app::{App, Clock};
use crate::config;
use crate::db::Db;

/// Handles for jobs, commands and services. Holds no key: [`Depot::keys`] loads them, and only jobs and commands call it.
#[derive(Clone)]
pub struct Depot {
    /// The live database.
    pub db: Db,
    /// The operations database, where runs and journal live.
    pub ops: Db,
    /// The configured stores, the daily one first.
    pub stores: Vec<Arc<dyn Store>>,
    /// What the environment says.
    pub config: config::Backups,
    /// What time it is.
    pub clock: Clock,
}

impl Depot {
    /// Opens the configured stores; asks none of them anything yet.
    pub fn open(db: &Db, config: &config::Backups, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self {
            ops: db.operations(),
            db: db.clone(),
            stores: stores::configured(config, &clock)?,
            config: config.clone(),
            clock,
        })
    }

    /// That of a running application.
    pub fn of(app: &App) -> anyhow::Result<Self> {
        Self::open(&app.db, &app.config.backups, app.clock.clone())
    }

    /// Loads the key directory: for jobs and commands, never for a request.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        Keys::load(&self.config.keys)
    }

    /// Where runs are spooled and sealed before they are sent, as a store of its own.
    pub fn spool(&self) -> Folder {
        Folder::at("spool", &self.spool_folder())
    }

    /// The spool's folder.
    pub fn spool_folder(&self) -> PathBuf {
        self.config.data_dir.join("backups")
    }

    /// A configured store by name; a path names a folder.
    pub fn store(&self, name: &str) -> Option<Arc<dyn Store>> {
        if let Some(store) = self.stores.iter().find(|store| store.name() == name) {
            return Some(store.clone());
        }
        let is_path = name.contains('/') || name.starts_with('.');
        is_path.then(|| Arc::new(Folder::at(name, Path::new(name))) as Arc<dyn Store>)
    }
}
