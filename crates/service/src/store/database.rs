//! Which database keeps a unit: a file of SQLite's, or a schema of a PostgreSQL server that several
//! machines share. All SQL of the store is what both understand; the few words that differ are here.

use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Once;

use anyhow::{Context, anyhow, ensure};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyPool, AssertSqlSafe, ConnectOptions};

use crate::config::UnitId;

/// Connections that read, for each unit.
const READERS: u32 = 4;

/// Where units are kept.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// In this folder, a file each: for one process that serves.
    Files(PathBuf),
    /// In the PostgreSQL server of this address, a schema each: for all that share the work.
    Server(String),
}

/// Which of the two an open unit is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

impl Database {
    /// Which it is.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Database::Files(_) => Kind::Sqlite,
            Database::Server(_) => Kind::Postgres,
        }
    }

    /// The server of that address. One that is not on this machine must prove who it is (`verify-full`): a
    /// connection that only hopes for TLS is one without. What else the address says holds as it stands.
    pub(crate) fn server(address: &str) -> anyhow::Result<Database> {
        let is_ours = ["postgres://", "postgresql://"].iter().any(|kind| address.starts_with(kind));
        ensure!(is_ours, "den begynner ikke med postgres://");
        // The address may hold a password, and what is wrong with it might be told with it.
        let said = PgConnectOptions::from_str(address)
            .map_err(|_| anyhow!("den kan ikke leses; se på vert, port, sslmode og sslrootcert"))?;
        let host = said.get_host();
        let is_here = said.get_socket().is_some()
            || host.starts_with('/')
            || ["localhost", "127.0.0.1", "[::1]", "::1"].contains(&host);
        let hopes = matches!(said.get_ssl_mode(), PgSslMode::Prefer | PgSslMode::Allow);
        if is_here || !hopes {
            return Ok(Database::Server(address.to_owned()));
        }
        let joint = if address.contains('?') { '&' } else { '?' };
        Ok(Database::Server(format!("{address}{joint}sslmode=verify-full")))
    }

    /// The connection of a unit that writes, and those that read.
    pub(super) async fn connect(&self, unit: &UnitId) -> anyhow::Result<(AnyPool, AnyPool)> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(install_default_drivers);
        match self {
            Database::Files(folder) => {
                fs::create_dir_all(folder)
                    .with_context(|| format!("mappen {} ble ikke laget", folder.display()))?;
                let file = std::path::absolute(folder.join(format!("{unit}.sqlite")))?;
                let broken = || format!("databasen {} kan ikke åpnes", file.display());
                let file = SqliteConnectOptions::new().filename(&file);
                let write = file.clone().create_if_missing(true).to_url_lossy();
                let write = pool(write.as_str(), 1, WRITES_FILES).await.with_context(broken)?;
                let read = file.read_only(true).to_url_lossy();
                let read = pool(read.as_str(), READERS, READS_FILES).await.with_context(broken)?;
                Ok((write, read))
            }
            Database::Server(address) => {
                // A unit's name is of letters, digits and hyphens.
                let here = format!("SET search_path TO \"{unit}\"; {ON_SERVER}");
                let broken = || format!("enheten {unit} kan ikke åpnes på PostgreSQL-tjeneren");
                let write = pool(address, 1, &here).await.with_context(broken)?;
                let here = format!("{here}; SET default_transaction_read_only TO on");
                let read = pool(address, READERS, &here).await.with_context(broken)?;
                Ok((write, read))
            }
        }
    }
}

/// On the disk when it is committed; what is deleted is written over.
const WRITES_FILES: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF";

const READS_FILES: &str = "PRAGMA trusted_schema = OFF";

/// On the disk when it is committed; and a machine that is gone holds nobody up.
const ON_SERVER: &str = "SET synchronous_commit TO on; SET lock_timeout TO '5s';
    SET idle_in_transaction_session_timeout TO '30s'";

async fn pool(address: &str, most: u32, settings: &str) -> sqlx::Result<AnyPool> {
    let options: AnyConnectOptions = address.parse()?;
    let settings = settings.to_owned();
    let pool = AnyPoolOptions::new().max_connections(most).after_connect(move |connection, _| {
        let settings = AssertSqlSafe(settings.clone());
        Box::pin(async move { sqlx::raw_sql(settings).execute(connection).await.map(drop) })
    });
    pool.connect_with(options.disable_statement_logging()).await
}

impl Kind {
    /// Begins a change. Of one unit there is one at a time, wherever it is made.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => {
                "BEGIN; SELECT pg_advisory_xact_lock(hashtext(current_setting('search_path')))"
            }
        }
    }

    /// Makes the tables that are not there.
    pub(super) fn schema(self, unit: &UnitId) -> String {
        let tables = include_str!("schema.sql");
        match self {
            Kind::Sqlite => tables.to_owned(),
            Kind::Postgres => {
                let words = [("INTEGER", "BIGINT"), ("BLOB", "BYTEA"), (" STRICT", "")];
                let tables = words.iter().fold(tables.to_owned(), |tables, (of_sqlite, here)| {
                    tables.replace(of_sqlite, here)
                });
                format!(
                    "CREATE SCHEMA IF NOT EXISTS \"{unit}\";
                     CREATE OR REPLACE FUNCTION unixepoch() RETURNS BIGINT LANGUAGE SQL AS
                         'SELECT extract(epoch FROM clock_timestamp())::BIGINT';
                     {tables}"
                )
            }
        }
    }

    /// Takes away what is left on the disk of a key that was deleted: the pages as they were in the log
    /// of the file, or the row in its table.
    pub(super) fn erase(self) -> &'static str {
        match self {
            Kind::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
            Kind::Postgres => "VACUUM FULL day_keys",
        }
    }

    /// Whether the disk has failed, so that nothing may be written any more before somebody has looked:
    /// after a failed fsync the system may have thrown away what was to be written, and a second one
    /// that succeeds means nothing (PostgreSQL's "fsyncgate", 2018). A server sees to that itself.
    pub(super) fn has_failed(self, error: &sqlx::Error) -> bool {
        const SQLITE_IOERR: i64 = 10;
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<i64>().ok());
        self == Kind::Sqlite && code.is_some_and(|code| code & 0xFF == SQLITE_IOERR)
    }
}
