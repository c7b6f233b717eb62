//! What is kept: one SQLite file for each unit, so that nothing of one can be read through another.
//! All SQL of the service stands in this room, behind the functions of [`Unit`]; another database takes
//! its place here and nowhere else. One connection writes, some read; a change is on the disk when its
//! function returns (WAL, synchronous FULL). What could tell of a person is sealed (`seal`).

mod audit;
#[cfg(test)]
mod contract;
mod day;
mod documents;
mod lists;
mod plans;
mod profiles;
mod published;
mod replans;
pub(crate) mod seal;
mod tokens;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

use crate::config::UnitId;
pub(crate) use audit::{Act, AuditRow};
pub(crate) use documents::{Document, Format};
pub(crate) use lists::{Arrival, ListRow, NewList, RepeatKey, StoredAnswer};
pub(crate) use plans::{Claim, NewPlan, PlanRow, Queued, State};
pub(crate) use published::{Publication, Slot};
pub(crate) use replans::Replan;
use seal::Key;
pub use tokens::TokenRow;
pub(crate) use tokens::unit_of;

/// Connections that read, for each unit.
const READERS: u32 = 4;

/// Why something could not be kept or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk is full, or cannot be read or written.
    #[error("the storage is not available")]
    Unavailable,
    /// What lies there is not what was put there.
    #[error("what is stored cannot be read")]
    Corrupt,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        // Only the code: the text of an error may name what was written.
        let code = error.as_database_error().and_then(|error| error.code().map(String::from));
        tracing::error!(code = code.as_deref().unwrap_or("none"), "storage");
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Corrupt,
            _ => StoreError::Unavailable,
        }
    }
}

/// The stores of all units.
pub(crate) struct Store {
    units: BTreeMap<UnitId, Arc<Unit>>,
    /// Held as long as the process lives, so that two never serve the same files.
    _lock: File,
}

impl Store {
    /// Opens the folder, with a file for each unit, and makes what is not there.
    pub(crate) async fn open(folder: &Path, key: &Path, units: &[UnitId]) -> anyhow::Result<Store> {
        fs::create_dir_all(folder)
            .with_context(|| format!("mappen {} ble ikke laget", folder.display()))?;
        let lock = File::create(folder.join("lock")).context("låsen ble ikke laget")?;
        lock.try_lock().with_context(|| {
            format!("mappen {} er i bruk av en annen hjemrute serve", folder.display())
        })?;
        let key = Key::of_file(key)?;
        let mut opened = BTreeMap::new();
        for id in units {
            opened.insert(id.clone(), Arc::new(Unit::open(folder, id, &key).await?));
        }
        Ok(Store { units: opened, _lock: lock })
    }

    /// The store of a unit that the configuration names.
    pub(crate) fn unit(&self, id: &UnitId) -> Option<&Arc<Unit>> {
        self.units.get(id)
    }

    /// All of them, in the order of their names.
    pub(crate) fn units(&self) -> impl Iterator<Item = &Arc<Unit>> {
        self.units.values()
    }

    /// Writes what is only in the logs of the files into them, and closes them.
    pub(crate) async fn close(&self) {
        for unit in self.units.values() {
            unit.read.close().await;
            unit.write.close().await;
        }
    }
}

/// The store of one unit.
pub(crate) struct Unit {
    /// Which.
    pub(crate) id: UnitId,
    key: Key,
    write: SqlitePool,
    read: SqlitePool,
    reads: audit::Reads,
    /// An I/O error was met: nothing is written any more until somebody has looked.
    failed: AtomicBool,
}

impl Unit {
    /// Opens the file of one unit by itself, as the command line does to give out tokens.
    pub(crate) async fn open(folder: &Path, id: &UnitId, key: &Key) -> anyhow::Result<Unit> {
        let file = folder.join(format!("{id}.sqlite"));
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF");
        let broken = || format!("databasen {} kan ikke åpnes", file.display());
        let writer = SqlitePoolOptions::new().max_connections(1).min_connections(1);
        let write = writer.connect_with(options.clone()).await.with_context(broken)?;
        sqlx::raw_sql(include_str!("schema.sql")).execute(&write).await.with_context(broken)?;
        let readers = SqlitePoolOptions::new().max_connections(READERS);
        let read = readers.connect_with(options.read_only(true)).await.with_context(broken)?;
        let key = key.derive(&format!("unit {id}"));
        let reads = audit::Reads::default();
        Ok(Unit { id: id.clone(), key, write, read, reads, failed: AtomicBool::new(false) })
    }

    /// Begins a change. Nothing of it is there before [`Change::commit`] returns.
    async fn begin(&self) -> Result<Change<'_>, StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable);
        }
        let begun = self.write.begin_with("BEGIN IMMEDIATE").await;
        Ok(Change { unit: self, transaction: begun.map_err(|error| self.fails(error))? })
    }

    /// Whether it can be read, and is not known to be unwritable.
    pub(crate) async fn is_well(&self) -> bool {
        let read = sqlx::query_scalar::<_, i64>("SELECT 1").fetch_one(&self.read).await;
        read.is_ok() && !self.failed.load(Ordering::Relaxed)
    }

    /// Remembers an I/O error: after a failed fsync the system may have thrown away what was to be
    /// written, and a second one that succeeds means nothing (PostgreSQL's "fsyncgate", 2018).
    fn fails(&self, error: sqlx::Error) -> StoreError {
        const SQLITE_IOERR: i64 = 10;
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<i64>().ok());
        if code.is_some_and(|code| code & 0xFF == SQLITE_IOERR) {
            self.failed.store(true, Ordering::Relaxed);
        }
        StoreError::from(error)
    }
}

/// A change under way; dropped, it never was.
struct Change<'a> {
    unit: &'a Unit,
    transaction: Transaction<'static, Sqlite>,
}

impl Change<'_> {
    /// Makes it last.
    async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(|error| self.unit.fails(error))
    }
}

/// Seconds since 1970, by the clock that leases and keys are kept by.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// The moment as it is written in answers and in the access log.
pub(crate) fn timestamp() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
