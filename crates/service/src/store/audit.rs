//! Who did or read what, and when: rows that are only ever added, each with a keyed hash over itself
//! and the hash before it, so that none can be changed, taken out or put elsewhere unseen. A row is
//! written in the same change as the act. What was cut off at the end shows against a head kept
//! elsewhere.

use std::sync::{Mutex, PoisonError};

use sqlx::{Any, Transaction};
use tokio::sync::oneshot;

use super::seal::hex;
use super::{Change, StoreError, Unit, timestamp};

/// An act of somebody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act<'a> {
    /// The credential, by the id it is listed under.
    pub(crate) who: &'a str,
    /// What was done: `list-accepted`, `work-list-read` …
    pub(crate) act: &'static str,
    /// To what: an id of ours, never one of the list's.
    pub(crate) object: &'a str,
}

/// A row of the access log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct AuditRow {
    /// Its number, from 1.
    pub(crate) seq: i64,
    /// When, in UTC.
    pub(crate) at: String,
    /// Which credential.
    pub(crate) who: String,
    /// What was done.
    pub(crate) act: String,
    /// To what.
    pub(crate) object: String,
    /// The hash of the row, over the one before it.
    pub(crate) hash: String,
}

/// An act that waits to be written down: who, what, to what.
type Done = (String, &'static str, String);

/// Acts of one caller, and where it waits for them.
type Waiting = (Vec<Done>, oneshot::Sender<Result<(), StoreError>>);

/// Acts that wait to be written down together.
#[derive(Default)]
pub(super) struct Reads {
    waiting: Mutex<Vec<Waiting>>,
    /// Held by whoever writes for all.
    turn: tokio::sync::Mutex<()>,
}

impl Reads {
    fn push(&self, acts: &[Act<'_>], told: oneshot::Sender<Result<(), StoreError>>) {
        let acts = acts.iter().map(|act| (act.who.to_owned(), act.act, act.object.to_owned()));
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push((acts.collect(), told));
    }

    fn take(&self) -> Vec<Waiting> {
        std::mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

type Row = (i64, String, String, String, String, Vec<u8>);

impl Change<'_> {
    /// Adds a row to the log; gives its number.
    pub(super) async fn log(&mut self, act: Act<'_>) -> Result<i64, StoreError> {
        let Change { unit, transaction } = self;
        unit.add(transaction, act).await
    }
}

impl Unit {
    /// Writes down acts that change nothing, as reading a work list; all of them or none. Those of many
    /// who read at once are written together, and each waits for that: one fsync is for all.
    pub(crate) async fn log(&self, acts: &[Act<'_>]) -> Result<(), StoreError> {
        loop {
            let (told, answer) = oneshot::channel();
            self.reads.push(acts, told);
            self.write_together().await;
            // Whoever wrote for all may have hung up in the midst of it: then it is done again.
            if let Ok(written) = answer.await {
                return written;
            }
        }
    }

    /// Writes down what waits, if nobody has done it meanwhile.
    async fn write_together(&self) {
        let _turn = self.reads.turn.lock().await;
        let all = self.reads.take();
        if all.is_empty() {
            return;
        }
        let acts = all.iter().flat_map(|(acts, _)| acts);
        let written = self.write_down(acts).await;
        for (_, told) in all {
            // Whoever waited may have gone.
            let _ = told.send(written);
        }
    }

    async fn write_down(&self, acts: impl Iterator<Item = &Done>) -> Result<(), StoreError> {
        let mut change = self.begin().await?;
        for (who, act, object) in acts {
            change.log(Act { who, act, object }).await?;
        }
        change.commit().await
    }

    /// Rows after a number, oldest first, at most so many.
    pub(crate) async fn audit(&self, after: i64, most: i64) -> Result<Vec<AuditRow>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT seq, at, who, act, object, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(after)
        .bind(most)
        .fetch_all(&self.read)
        .await?;
        let told = |(seq, at, who, act, object, hash): Row| AuditRow {
            seq,
            at,
            who,
            act,
            object,
            hash: hex(&hash),
        };
        Ok(rows.into_iter().map(told).collect())
    }

    /// Reads the whole log again; the number of the first row that is not what was written, or else
    /// how many rows there are.
    pub(crate) async fn audit_holds(&self) -> Result<Result<i64, i64>, StoreError> {
        let (mut before, mut last) = (Vec::new(), 0);
        loop {
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT seq, at, who, act, object, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT 500",
            )
            .bind(last)
            .fetch_all(&self.read)
            .await?;
            if rows.is_empty() {
                return Ok(Ok(last));
            }
            for (seq, at, who, act, object, hash) in rows {
                if seq != last + 1
                    || hash != self.row_hash(&before, seq, [&at, &who, &act, &object])
                {
                    return Ok(Err(last + 1));
                }
                (before, last) = (hash, seq);
            }
        }
    }

    async fn add(
        &self,
        transaction: &mut Transaction<'static, Any>,
        Act { who, act, object }: Act<'_>,
    ) -> Result<i64, StoreError> {
        let last: Option<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
                .fetch_optional(&mut **transaction)
                .await?;
        let (last, before) = last.unwrap_or_default();
        let (seq, at) = (last + 1, timestamp());
        let hash = self.row_hash(&before, seq, [&at, who, act, object]);
        sqlx::query(
            "INSERT INTO audit (seq, at, who, act, object, hash) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(seq)
        .bind(&at)
        .bind(who)
        .bind(act)
        .bind(object)
        .bind(&hash[..])
        .execute(&mut **transaction)
        .await
        .map_err(|error| self.fails(error))?;
        Ok(seq)
    }

    fn row_hash(&self, before: &[u8], seq: i64, [at, who, act, object]: [&str; 4]) -> [u8; 32] {
        let parts = [at, who, act, object].map(str::as_bytes);
        let seq = seq.to_be_bytes();
        let key = self.key.derive("audit");
        key.mac(&[before, &seq, parts[0], parts[1], parts[2], parts[3]])
    }
}
