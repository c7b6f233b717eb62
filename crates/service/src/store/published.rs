//! Which plan holds, for each day and shift: one at most. Each change raises the revision, and whoever
//! changes it says which revision was read; so of two who publish at once, one is told to look again.

use uuid::Uuid;

use super::{Act, StoreError, Unit, number, timestamp};

/// A day and a shift, for which one plan can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// `2026-11-23`.
    pub(crate) day: String,
    /// `day`, `evening` or `night`.
    pub(crate) shift: String,
}

/// What holds, and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Publication {
    /// How often it has changed; 0 when never.
    pub(crate) revision: u32,
    /// The plan that holds.
    pub(crate) plan: Option<Uuid>,
    /// When it changed last.
    pub(crate) changed: Option<String>,
    /// Who changed it, by the credential's id: what the access log says.
    pub(crate) by: Option<String>,
}

impl Slot {
    /// What the access log says was published or withdrawn.
    fn object(&self, plan: Option<Uuid>) -> String {
        plan.map_or_else(|| format!("{} {}", self.day, self.shift), |plan| plan.to_string())
    }
}

impl Unit {
    /// What holds for a day and shift.
    pub(crate) async fn publication(&self, slot: &Slot) -> Result<Publication, StoreError> {
        let row: Option<(i64, Option<String>, String)> = sqlx::query_as(
            "SELECT revision, plan, changed FROM published WHERE day = $1 AND shift = $2",
        )
        .bind(&slot.day)
        .bind(&slot.shift)
        .fetch_optional(&self.read)
        .await?;
        let Some((revision, plan, changed)) = row else { return Ok(Publication::default()) };
        let plan = plan.map(|id| id.parse()).transpose().map_err(|_| StoreError::Corrupt)?;
        let by = sqlx::query_scalar(
            "SELECT who FROM audit WHERE act IN ('plan-published', 'plan-withdrawn')
                AND object = $1 ORDER BY seq DESC LIMIT 1",
        )
        .bind(slot.object(plan))
        .fetch_optional(&self.read)
        .await?;
        let revision = number(revision)?;
        Ok(Publication { revision, plan, changed: Some(changed), by })
    }

    /// Has a plan hold, or none, if the revision is still the one that was read; whether it was.
    pub(crate) async fn publish(
        &self,
        slot: &Slot,
        plan: Option<Uuid>,
        read: u32,
        who: &str,
    ) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let (holds, plan) = (plan, plan.map(|id| id.to_string()));
        let changed = sqlx::query(
            "INSERT INTO published (day, shift, revision, plan, changed)
             SELECT $1, $2, 1, $3, $4 WHERE $5 = 0
                OR EXISTS (SELECT 1 FROM published WHERE day = $1 AND shift = $2)
             ON CONFLICT (day, shift) DO UPDATE
             SET revision = published.revision + 1, plan = $3, changed = $4
                WHERE published.revision = $5",
        )
        .bind(&slot.day)
        .bind(&slot.shift)
        .bind(&plan)
        .bind(timestamp())
        .bind(i64::from(read))
        .execute(&mut *change.transaction)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        let act = if plan.is_some() { "plan-published" } else { "plan-withdrawn" };
        change.log(Act { who, act, object: &slot.object(holds) }).await?;
        change.commit().await?;
        Ok(true)
    }
}
