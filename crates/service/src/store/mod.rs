//! What is kept: a database of its own for each unit, so that nothing of one can be read through
//! another. All SQL of the service stands in this room, behind the functions of [`Unit`]; whether it is a
//! file of SQLite's or a server of PostgreSQL's, `database` alone knows. One connection writes, some
//! read; a change is on the disk when its function returns. What could tell of a person is sealed
//! (`seal`).

mod audit;
#[cfg(test)]
mod contract;
mod database;
mod day;
mod documents;
mod lists;
mod plans;
mod profiles;
mod published;
mod queue;
mod replans;
pub(crate) mod seal;
mod tokens;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use jiff::Timestamp;
use sqlx::{Any, AnyPool, AssertSqlSafe, Transaction};

use crate::config::{Config, UnitId};
pub(crate) use audit::{Act, AuditRow};
pub(crate) use database::Database;
use database::Kind;
pub(crate) use documents::{Document, Format};
pub(crate) use lists::{Arrival, ListRow, NewList, RepeatKey, StoredAnswer};
pub(crate) use plans::{NewPlan, PlanRow, Queued, State};
pub(crate) use published::{Publication, Slot};
pub(crate) use queue::{Claim, Standing};
pub(crate) use replans::Replan;
use seal::Key;
pub use tokens::TokenRow;
pub(crate) use tokens::unit_of;

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

/// What a row says that nobody has written.
impl From<StoreError> for sqlx::Error {
    fn from(error: StoreError) -> sqlx::Error {
        sqlx::Error::Decode(Box::new(error))
    }
}

/// The stores of all units.
pub(crate) struct Store {
    units: BTreeMap<UnitId, Arc<Unit>>,
    /// Held as long as the process lives, so that two never serve the same files.
    _lock: File,
}

impl Store {
    /// Opens every unit of the configuration, and makes what is not there.
    pub(crate) async fn open(config: &Config) -> anyhow::Result<Store> {
        let folder = &config.data;
        fs::create_dir_all(folder)
            .with_context(|| format!("mappen {} ble ikke laget", folder.display()))?;
        let lock = File::create(folder.join("lock")).context("låsen ble ikke laget")?;
        lock.try_lock().with_context(|| {
            format!("mappen {} er i bruk av en annen hjemrute serve", folder.display())
        })?;
        let (database, key) = (config.database()?, Key::of_file(&config.key_file())?);
        let mut units = BTreeMap::new();
        for id in config.unit_ids() {
            let unit = Unit::open(&database, &id, &key).await?;
            if unit.kind == Kind::Sqlite {
                // Whoever had claims is gone: this process has the files to itself.
                unit.release_all().await?;
            }
            units.insert(id, Arc::new(unit));
        }
        Ok(Store { units, _lock: lock })
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
    kind: Kind,
    key: Key,
    write: AnyPool,
    read: AnyPool,
    reads: audit::Reads,
    /// The disk has failed: nothing is written any more until somebody has looked.
    failed: AtomicBool,
}

impl Unit {
    /// Opens one unit by itself, as the command line does to give out tokens.
    pub(crate) async fn open(database: &Database, id: &UnitId, key: &Key) -> anyhow::Result<Unit> {
        let (write, read) = database.connect(id).await?;
        let (id, kind, key) = (id.clone(), database.kind(), key.derive(&format!("unit {id}")));
        let (reads, failed) = (audit::Reads::default(), AtomicBool::new(false));
        let unit = Unit { id, kind, key, write, read, reads, failed };
        let mut change = unit.begin().await?;
        sqlx::raw_sql(AssertSqlSafe(kind.schema(&unit.id)))
            .execute(&mut *change.transaction)
            .await
            .with_context(|| format!("tabellene til enheten {} ble ikke laget", unit.id))?;
        change.commit().await?;
        unit.see_key().await?;
        Ok(unit)
    }

    /// Begins a change. Nothing of it is there before [`Change::commit`] returns.
    async fn begin(&self) -> Result<Change<'_>, StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable);
        }
        let begun = self.write.begin_with(self.kind.begin()).await;
        Ok(Change { unit: self, transaction: begun.map_err(|error| self.fails(error))? })
    }

    /// Whether it can be read, and is not known to be unwritable.
    pub(crate) async fn is_well(&self) -> bool {
        let read = sqlx::query("SELECT seq FROM audit LIMIT 1").fetch_optional(&self.read).await;
        read.is_ok() && !self.failed.load(Ordering::Relaxed)
    }

    /// Remembers that the disk has failed.
    fn fails(&self, error: sqlx::Error) -> StoreError {
        if self.kind.has_failed(&error) {
            self.failed.store(true, Ordering::Relaxed);
        }
        StoreError::from(error)
    }
}

/// A change under way; dropped, it never was.
struct Change<'a> {
    unit: &'a Unit,
    transaction: Transaction<'static, Any>,
}

impl Change<'_> {
    /// Makes it last.
    async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(|error| self.unit.fails(error))
    }
}

/// A number as it was written.
fn number(stored: i64) -> Result<u32, StoreError> {
    stored.try_into().map_err(|_| StoreError::Corrupt)
}

/// The moment as it is written in answers and in the access log.
pub(crate) fn timestamp() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
