//! Tokens for machines: 256 random bits each, of which only the SHA-256 is kept. The token names its
//! unit, so that it is looked for in that unit's file and in no other.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::seal::{random, sha256};
use super::{Act, StoreError, Unit, timestamp};
use crate::auth::Scope;
use crate::config::UnitId;

/// By this a token is known, also to whoever searches for leaked ones.
const PREFIX: &str = "hjr_";

/// A token as it is listed; the token itself is never told again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// By which it is revoked, and known in the access log.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do, separated by spaces.
    pub scopes: String,
    /// When it was made.
    pub created: String,
    /// When it ends, in seconds since 1970.
    pub expires: i64,
    /// When it was revoked.
    pub revoked: Option<String>,
}

impl Unit {
    /// Makes a token that ends in so many days. This is the only time that it is told.
    pub(crate) async fn new_token(
        &self,
        name: &str,
        scopes: &[Scope],
        days: u16,
    ) -> Result<String, StoreError> {
        let token = format!("{PREFIX}{}_{}", self.id, URL_SAFE_NO_PAD.encode(random::<32>()));
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
        let id = Uuid::now_v7().to_string();
        let mut change = self.begin().await?;
        sqlx::query(
            "INSERT INTO tokens (id, hash, name, scopes, created, expires)
             VALUES ($1, $2, $3, $4, $5, unixepoch() + $6)",
        )
        .bind(&id)
        .bind(&sha256(token.as_bytes())[..])
        .bind(name)
        .bind(scopes.join(" "))
        .bind(timestamp())
        .bind(i64::from(days) * 86_400)
        .execute(&mut *change.transaction)
        .await?;
        change.log(Act { who: "operator", act: "token-made", object: &id }).await?;
        change.commit().await?;
        Ok(token)
    }

    /// The id and scopes of a token that is valid now.
    pub(crate) async fn token(&self, token: &str) -> Result<Option<(String, String)>, StoreError> {
        // Found by its hash: how long that takes tells nothing of the token.
        let row = sqlx::query_as(
            "SELECT id, scopes FROM tokens
             WHERE hash = $1 AND revoked IS NULL AND expires > unixepoch()",
        )
        .bind(&sha256(token.as_bytes())[..])
        .fetch_optional(&self.read)
        .await?;
        Ok(row)
    }

    /// What the token of that id was made for.
    pub(crate) async fn token_name(&self, id: &str) -> Result<Option<String>, StoreError> {
        let name = sqlx::query_scalar("SELECT name FROM tokens WHERE id = $1");
        Ok(name.bind(id).fetch_optional(&self.read).await?)
    }

    /// All tokens, oldest first.
    pub(crate) async fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let rows: Vec<(String, String, String, String, i64, Option<String>)> = sqlx::query_as(
            "SELECT id, name, scopes, created, expires, revoked FROM tokens ORDER BY id",
        )
        .fetch_all(&self.read)
        .await?;
        let told = rows.into_iter().map(|(id, name, scopes, created, expires, revoked)| TokenRow {
            id,
            name,
            scopes,
            created,
            expires,
            revoked,
        });
        Ok(told.collect())
    }

    /// Revokes a token; whether there was one that was not.
    pub(crate) async fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let revoked =
            sqlx::query("UPDATE tokens SET revoked = $1 WHERE id = $2 AND revoked IS NULL")
                .bind(timestamp())
                .bind(id)
                .execute(&mut *change.transaction)
                .await?;
        let was_there = revoked.rows_affected() == 1;
        if was_there {
            change.log(Act { who: "operator", act: "token-revoked", object: id }).await?;
        }
        change.commit().await?;
        Ok(was_there)
    }
}

/// Which unit a token says it is of; nothing is believed before the unit knows it.
pub(crate) fn unit_of(token: &str) -> Option<UnitId> {
    let (unit, secret) = token.strip_prefix(PREFIX)?.split_once('_')?;
    (secret.len() == 43).then(|| UnitId::parse(unit)).flatten()
}
