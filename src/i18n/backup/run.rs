//! Words of this part of backups: run.

use crate::backup::model::BackupId;

pub fn under_way(id: &BackupId) -> String {
    format!("ya hay un backup en curso ({}); esperá a que termine o cancelalo", id.short())
}
