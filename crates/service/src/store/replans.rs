//! Plans that are made against one that holds: which, and on what terms; and which plans held over some
//! days.

use uuid::Uuid;

use super::{Change, StoreError, Unit};

/// The plan that holds when another is made, and on what terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replan {
    /// The plan that holds.
    pub(crate) held: Uuid,
    /// What the clock shows, in minutes after midnight.
    pub(crate) now: Option<u32>,
    /// How many patients may be disturbed.
    pub(crate) most_changes: Option<u32>,
}

/// A day, a shift, and the plan that holds for it.
pub(crate) type Holding = (String, String, String);

impl Unit {
    /// The plans that hold, from one day to another, both included.
    pub(crate) async fn holding(&self, from: &str, to: &str) -> Result<Vec<Holding>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT day, shift, plan FROM published
             WHERE plan IS NOT NULL AND day BETWEEN $1 AND $2 ORDER BY day, shift",
        );
        Ok(rows.bind(from).bind(to).fetch_all(&self.read).await?)
    }
}

impl Change<'_> {
    /// Keeps what a plan is made against.
    pub(super) async fn put_replan(
        &mut self,
        plan: Uuid,
        replan: &Replan,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO replans (plan, held, now, most) VALUES ($1, $2, $3, $4)")
            .bind(plan.to_string())
            .bind(replan.held.to_string())
            .bind(replan.now.map(i64::from))
            .bind(replan.most_changes.map(i64::from))
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}
