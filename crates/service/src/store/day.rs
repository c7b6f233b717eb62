//! The keys of the days, and how a day is forgotten: its key first, then its rows, then what the file
//! still has of them.

use jiff::ToSpan;
use jiff::civil::Date;

use super::seal::Key;
use super::{Act, Change, StoreError, Unit};

/// Answers for an Idempotency-Key are kept for so many seconds.
const KEEP_ANSWERS: i64 = 48 * 3600;

impl Unit {
    /// Sees that days are sealed with the key that is here: with another one nothing could be read, and
    /// new days would be lost to whoever puts the right one back.
    pub(super) async fn see_key(&self) -> anyhow::Result<()> {
        let any: Option<(String, Vec<u8>)> =
            sqlx::query_as("SELECT day, sealed FROM day_keys LIMIT 1")
                .fetch_optional(&self.read)
                .await
                .map_err(StoreError::from)?;
        let opens =
            any.is_none_or(|(day, sealed)| Key::unwrapped(&self.key, &day, &sealed).is_ok());
        anyhow::ensure!(opens, "enheten {} er forseglet med en annen nøkkel", self.id);
        Ok(())
    }

    /// The key of a day that has one.
    pub(super) async fn day_key(&self, day: &str) -> Result<Option<Key>, StoreError> {
        let sealed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT sealed FROM day_keys WHERE day = $1")
                .bind(day)
                .fetch_optional(&self.read)
                .await?;
        sealed.map(|sealed| Key::unwrapped(&self.key, day, &sealed)).transpose()
    }

    /// Opens what was sealed on a day; `None` when the day is forgotten.
    pub(super) async fn open_of(
        &self,
        day: &str,
        name: &str,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let key = self.day_key(day).await?;
        key.map(|key| key.open(name, sealed)).transpose()
    }

    /// Forgets a day: its lists, plans and work lists. Whether there was anything of it.
    pub(crate) async fn forget(&self, day: Date, who: &str) -> Result<bool, StoreError> {
        let day = day.to_string();
        let mut change = self.begin().await?;
        let key = sqlx::query("DELETE FROM day_keys WHERE day = $1").bind(&day);
        let was_there = key.execute(&mut *change.transaction).await?.rows_affected() > 0;
        if was_there {
            for delete in [
                "DELETE FROM published WHERE day = $1",
                "DELETE FROM lists WHERE day = $1",
                "DELETE FROM answers WHERE day = $1",
            ] {
                sqlx::query(delete).bind(&day).execute(&mut *change.transaction).await?;
            }
            change.log(Act { who, act: "day-forgotten", object: &day }).await?;
        }
        change.commit().await?;
        if was_there {
            sqlx::query(self.kind.erase()).execute(&self.write).await?;
        }
        Ok(was_there)
    }

    /// Forgets every day that is more than so many days before today, and old answers.
    pub(crate) async fn forget_old(&self, today: Date, days: u16) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM answers WHERE at < unixepoch() - $1")
            .bind(KEEP_ANSWERS)
            .execute(&self.write)
            .await?;
        let Ok(oldest) = today.checked_sub(i64::from(days).days()) else { return Ok(()) };
        let due: Vec<String> = sqlx::query_scalar("SELECT day FROM day_keys WHERE day < $1")
            .bind(oldest.to_string())
            .fetch_all(&self.read)
            .await?;
        for day in due.iter().filter_map(|day| day.parse().ok()) {
            self.forget(day, "retention").await?;
        }
        Ok(())
    }
}

impl Change<'_> {
    /// The key of a day, made if there is none yet.
    pub(super) async fn day_key(&mut self, day: &str) -> Result<Key, StoreError> {
        let sealed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT sealed FROM day_keys WHERE day = $1")
                .bind(day)
                .fetch_optional(&mut *self.transaction)
                .await?;
        if let Some(sealed) = sealed {
            return Key::unwrapped(&self.unit.key, day, &sealed);
        }
        let key = Key::new();
        sqlx::query("INSERT INTO day_keys (day, sealed) VALUES ($1, $2)")
            .bind(day)
            .bind(key.wrapped(&self.unit.key, day)?)
            .execute(&mut *self.transaction)
            .await?;
        Ok(key)
    }
}
