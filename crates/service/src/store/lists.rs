//! Visit lists as they came, every version, sealed with the key of their day; and the answers given for
//! an Idempotency-Key, stored in the change that they tell of.

use uuid::Uuid;

use super::seal::{hex, sha256};
use super::{Act, Change, StoreError, Unit, number, timestamp};

/// A list to be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewList<'a> {
    /// The id we give it.
    pub(crate) id: Uuid,
    /// Its own id.
    pub(crate) name: &'a str,
    /// Its version.
    pub(crate) version: u32,
    /// The day it is for, `2026-11-23`.
    pub(crate) day: &'a str,
    /// The list.
    pub(crate) body: &'a [u8],
    /// What is answered.
    pub(crate) receipt: &'a [u8],
}

/// A key that makes a request safe to repeat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RepeatKey<'a> {
    /// The operation and what it is about.
    pub(crate) operation: &'a str,
    /// The Idempotency-Key.
    pub(crate) key: &'a str,
    /// The body of the request.
    pub(crate) request: &'a [u8],
}

/// An answer that was given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredAnswer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The header Location.
    pub(crate) location: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What became of a list that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// It is kept; what is answered.
    Kept(StoredAnswer),
    /// It was here already, or the request was: the answer of that time.
    Again(StoredAnswer),
    /// The key belongs to another request.
    KeyReused,
    /// A newer version is here.
    Stale(u32),
    /// This version is here with other content.
    Conflict(u32),
}

/// A list that is kept.
#[derive(Clone, Debug)]
pub(crate) struct ListRow {
    /// Its id with us.
    pub(crate) id: Uuid,
    /// Its version.
    pub(crate) version: u32,
    /// The day it is for.
    pub(crate) day: String,
    /// When it came.
    pub(crate) received: String,
}

type Row = (String, i64, String, String);

/// Of the newest version of a list: version, id, SHA-256, day, receipt.
type Newest = (i64, String, Vec<u8>, String, Vec<u8>);

/// Of an answer that was given: hash of the request, day, status, location, body.
type Answered = (Vec<u8>, String, i64, String, Vec<u8>);

impl Unit {
    /// Keeps a list, with the answer for its key and a row of the log, or tells why not.
    pub(crate) async fn put_list(
        &self,
        list: &NewList<'_>,
        repeat: &RepeatKey<'_>,
        who: &str,
    ) -> Result<Arrival, StoreError> {
        let mut change = self.begin().await?;
        if let Some(arrival) = change.repeated(repeat).await? {
            return Ok(arrival);
        }
        let name = self.list_name(list.name);
        let hash = sha256(list.body);
        let newest: Option<Newest> = sqlx::query_as(
            "SELECT version, id, sha256, day, receipt FROM lists WHERE name = $1 ORDER BY version DESC LIMIT 1",
        )
        .bind(&name[..])
        .fetch_optional(&mut *change.transaction)
        .await?;
        match newest {
            Some((newer, ..)) if i64::from(list.version) < newer => {
                return Ok(Arrival::Stale(number(newer)?));
            }
            Some((same, id, old, day, receipt)) if i64::from(list.version) == same => {
                if old != hash {
                    return Ok(Arrival::Conflict(list.version));
                }
                let body = self.open_of(&day, &format!("receipt {id}"), &receipt).await?;
                let body = body.ok_or(StoreError::Corrupt)?;
                let location = format!("/v1/visit-lists/{id}");
                return Ok(Arrival::Again(StoredAnswer { status: 200, location, body }));
            }
            _ => {}
        }
        change.insert(list, &name, &hash).await?;
        let answer = StoredAnswer {
            status: 201,
            location: format!("/v1/visit-lists/{}", list.id),
            body: list.receipt.to_vec(),
        };
        change.remember(repeat, list.day, &answer).await?;
        change.log(Act { who, act: "list-accepted", object: &list.id.to_string() }).await?;
        change.commit().await?;
        Ok(Arrival::Kept(answer))
    }

    /// The list of that id.
    pub(crate) async fn list(&self, id: Uuid) -> Result<Option<ListRow>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as("SELECT id, version, day, received FROM lists WHERE id = $1")
                .bind(id.to_string())
                .fetch_optional(&self.read)
                .await?;
        row.map(told).transpose()
    }

    /// The lists for a day, oldest first.
    pub(crate) async fn lists_of(&self, day: &str) -> Result<Vec<ListRow>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, version, day, received FROM lists WHERE day = $1 ORDER BY id",
        )
        .bind(day)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter().map(told).collect()
    }

    /// The list as it came; `None` when there is none or its day is forgotten.
    pub(crate) async fn list_body(&self, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        self.sealed_of(id, "SELECT day, sealed FROM lists WHERE id = $1", "list").await
    }

    /// What was answered when the list came.
    pub(crate) async fn receipt(&self, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        self.sealed_of(id, "SELECT day, receipt FROM lists WHERE id = $1", "receipt").await
    }

    /// Whether a newer version of the list is here.
    pub(crate) async fn is_superseded(&self, id: &str) -> Result<bool, StoreError> {
        let newer: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM lists AS old JOIN lists AS new USING (name)
             WHERE old.id = $1 AND new.version > old.version",
        )
        .bind(id)
        .fetch_one(&self.read)
        .await?;
        Ok(newer > 0)
    }

    async fn sealed_of(
        &self,
        id: Uuid,
        query: &'static str,
        what: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let row: Option<(String, Vec<u8>)> =
            sqlx::query_as(query).bind(id.to_string()).fetch_optional(&self.read).await?;
        let Some((day, sealed)) = row else { return Ok(None) };
        self.open_of(&day, &format!("{what} {id}"), &sealed).await
    }

    /// How a list is known without its name being written down.
    fn list_name(&self, name: &str) -> [u8; 32] {
        self.key.derive("list names").mac(&[name.as_bytes()])
    }

    fn repeat_hashes(&self, repeat: &RepeatKey<'_>) -> ([u8; 32], [u8; 32]) {
        let RepeatKey { operation, key, request } = repeat;
        let secret = self.key.derive("idempotency keys");
        (secret.mac(&[operation.as_bytes(), key.as_bytes()]), secret.mac(&[request]))
    }
}

impl Change<'_> {
    /// The answer that was given for this key, or that it was used for something else.
    pub(super) async fn repeated(
        &mut self,
        repeat: &RepeatKey<'_>,
    ) -> Result<Option<Arrival>, StoreError> {
        let (key, request) = self.unit.repeat_hashes(repeat);
        let row: Option<Answered> = sqlx::query_as(
            "SELECT request, day, status, location, sealed FROM answers WHERE key = $1",
        )
        .bind(&key[..])
        .fetch_optional(&mut *self.transaction)
        .await?;
        let Some((known, day, status, location, sealed)) = row else { return Ok(None) };
        if known != request {
            return Ok(Some(Arrival::KeyReused));
        }
        let body = self.day_key(&day).await?.open(&format!("answer {}", hex(&key)), &sealed)?;
        let status = status.try_into().map_err(|_| StoreError::Corrupt)?;
        Ok(Some(Arrival::Again(StoredAnswer { status, location, body })))
    }

    /// Keeps the answer for the key.
    pub(super) async fn remember(
        &mut self,
        repeat: &RepeatKey<'_>,
        day: &str,
        answer: &StoredAnswer,
    ) -> Result<(), StoreError> {
        let (key, request) = self.unit.repeat_hashes(repeat);
        let sealed =
            self.day_key(day).await?.seal(&format!("answer {}", hex(&key)), &answer.body)?;
        sqlx::query(
            "INSERT INTO answers (key, request, at, day, status, location, sealed)
             VALUES ($1, $2, unixepoch(), $3, $4, $5, $6)",
        )
        .bind(&key[..])
        .bind(&request[..])
        .bind(day)
        .bind(i64::from(answer.status))
        .bind(&answer.location)
        .bind(sealed)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    async fn insert(
        &mut self,
        list: &NewList<'_>,
        name: &[u8; 32],
        hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        let key = self.day_key(list.day).await?;
        let body = key.seal(&format!("list {}", list.id), list.body)?;
        let receipt = key.seal(&format!("receipt {}", list.id), list.receipt)?;
        sqlx::query(
            "INSERT INTO lists (id, name, version, day, sha256, received, sealed, receipt)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(list.id.to_string())
        .bind(&name[..])
        .bind(i64::from(list.version))
        .bind(list.day)
        .bind(&hash[..])
        .bind(timestamp())
        .bind(body)
        .bind(receipt)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

fn told((id, version, day, received): Row) -> Result<ListRow, StoreError> {
    let id = id.parse().map_err(|_| StoreError::Corrupt)?;
    Ok(ListRow { id, version: number(version)?, day, received })
}
