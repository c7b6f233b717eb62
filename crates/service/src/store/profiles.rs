//! The weights that a unit has set for itself: every version is kept, with who made it and when, so that
//! what a plan was weighed by can be told long after.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Act, StoreError, Unit, number, timestamp};

/// One version of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProfileRow {
    /// Its name.
    pub(crate) name: String,
    /// Its version, from 1.
    pub(crate) version: u32,
    /// The profile, as its file would be.
    pub(crate) text: String,
    /// The credential that made it.
    pub(crate) who: String,
    /// When.
    pub(crate) changed: String,
}

impl FromRow<'_, AnyRow> for ProfileRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<ProfileRow> {
        Ok(ProfileRow {
            name: row.try_get("name")?,
            version: number(row.try_get("version")?)?,
            text: row.try_get("text")?,
            who: row.try_get("who")?,
            changed: row.try_get("changed")?,
        })
    }
}

impl Unit {
    /// All versions of all profiles, newest first.
    pub(crate) async fn profiles(&self) -> Result<Vec<ProfileRow>, StoreError> {
        let rows = sqlx::query_as("SELECT * FROM profiles ORDER BY name, version DESC");
        Ok(rows.fetch_all(&self.read).await?)
    }

    /// That version of one, or else the newest.
    pub(crate) async fn profile(
        &self,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<ProfileRow>, StoreError> {
        let found = sqlx::query_as(
            "SELECT * FROM profiles WHERE name = $1 AND version = coalesce($2, version)
             ORDER BY version DESC LIMIT 1",
        );
        Ok(found.bind(name).bind(version.map(i64::from)).fetch_optional(&self.read).await?)
    }

    /// Makes the next version, if the newest is still the one that was read (0 for none); whether it was.
    pub(crate) async fn put_profile(
        &self,
        name: &str,
        read: u32,
        text: &str,
        who: &str,
    ) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let made = sqlx::query(
            "INSERT INTO profiles (name, version, text, who, changed) SELECT $1, $2 + 1, $3, $4, $5
             WHERE $2 = (SELECT coalesce(max(version), 0) FROM profiles WHERE name = $1)",
        )
        .bind(name)
        .bind(i64::from(read))
        .bind(text)
        .bind(who)
        .bind(timestamp())
        .execute(&mut *change.transaction)
        .await?;
        if made.rows_affected() == 0 {
            return Ok(false);
        }
        let object = format!("{name} {}", read + 1);
        change.log(Act { who, act: "profile-changed", object: &object }).await?;
        change.commit().await?;
        Ok(true)
    }
}
