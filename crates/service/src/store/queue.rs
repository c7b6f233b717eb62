//! The queue of a unit: plans that wait, and those that are being made, each by one maker, who has a claim
//! with a lease and a fence. An attempt is counted when it is claimed, so that one that kills its maker is
//! not tried for ever; and what a maker brings whose claim is gone is not kept. Makers may be of several
//! machines: the clock is the database's.

use uuid::Uuid;

use super::documents::Document;
use super::plans::PlanRow;
use super::{Act, StoreError, Unit, number, timestamp};

/// So many times a plan is tried before it is put aside.
const ATTEMPTS: i64 = 3;

/// For so many seconds a claim holds without a sign of life.
const LEASE: i64 = 15;

/// The right to make a plan, until the lease runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) plan: PlanRow,
    fence: i64,
}

/// How a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It holds, or was ended by its own maker.
    Held,
    /// It holds, and the best plan so far will do.
    Enough,
    /// Nobody wants the plan any more.
    Cancelled,
    /// It is another maker's, or the day is forgotten.
    Lost,
}

impl Unit {
    /// How many plans wait.
    pub(crate) async fn waiting(&self) -> Result<u32, StoreError> {
        let count = sqlx::query_scalar("SELECT count(*) FROM plans WHERE state = 'queued'");
        number(count.fetch_one(&self.read).await?)
    }

    /// Takes the oldest plan that waits, or whose maker has not been heard of.
    pub(crate) async fn claim(&self) -> Result<Option<Claim>, StoreError> {
        let open: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM plans
             WHERE state = 'queued' OR (state = 'running' AND lease < unixepoch())",
        )
        .fetch_one(&self.read)
        .await?;
        if open == 0 {
            return Ok(None);
        }
        let mut change = self.begin().await?;
        sqlx::query(
            "UPDATE plans SET state = 'failed', reason = 'put-aside', finished = $1
             WHERE state = 'running' AND lease < unixepoch() AND attempts >= $2",
        )
        .bind(timestamp())
        .bind(ATTEMPTS)
        .execute(&mut *change.transaction)
        .await?;
        let claimed: Option<(String, i64)> = sqlx::query_as(
            "UPDATE plans SET state = 'running', attempts = attempts + 1, fence = fence + 1,
                    lease = unixepoch() + $1
                 WHERE id = (SELECT id FROM plans
                    WHERE state = 'queued' OR (state = 'running' AND lease < unixepoch())
                    ORDER BY id LIMIT 1)
                 RETURNING id, fence",
        )
        .bind(LEASE)
        .fetch_optional(&mut *change.transaction)
        .await?;
        change.commit().await?;
        let Some((id, fence)) = claimed else { return Ok(None) };
        let plan = self.plan(id.parse().map_err(|_| StoreError::Corrupt)?).await?;
        Ok(plan.map(|plan| Claim { plan, fence }))
    }

    /// Gives up the claims of makers that are gone.
    pub(crate) async fn release_all(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE plans SET lease = 0 WHERE state = 'running'")
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Gives a claim back as if it had not been taken, because the service is asked to stop.
    pub(crate) async fn hand_back(&self, claim: &Claim) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE plans SET state = 'queued', attempts = attempts - 1, lease = 0
             WHERE id = $1 AND fence = $2 AND state = 'running'",
        )
        .bind(claim.plan.id.to_string())
        .bind(claim.fence)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// How a claim stands.
    pub(crate) async fn standing(&self, claim: &Claim) -> Result<Standing, StoreError> {
        let row: Option<(String, i64, i64)> = sqlx::query_as(
            "SELECT state, fence, coalesce(enough, 0) FROM plans
             LEFT JOIN searches ON plan = id WHERE id = $1",
        )
        .bind(claim.plan.id.to_string())
        .fetch_optional(&self.read)
        .await?;
        Ok(match row {
            Some((_, fence, 0)) if fence == claim.fence => Standing::Held,
            Some((_, fence, _)) if fence == claim.fence => Standing::Enough,
            Some((state, ..)) if state == "cancelled" => Standing::Cancelled,
            _ => Standing::Lost,
        })
    }

    /// A sign of life, with how far the search is; whether the claim still holds.
    pub(crate) async fn renew(
        &self,
        claim: &Claim,
        progress: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let plan = claim.plan.id.to_string();
        let renewed = sqlx::query(
            "UPDATE plans SET lease = unixepoch() + $1
             WHERE id = $2 AND fence = $3 AND state = 'running'",
        )
        .bind(LEASE)
        .bind(&plan)
        .bind(claim.fence)
        .execute(&mut *change.transaction)
        .await?;
        if renewed.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("UPDATE searches SET progress = $1 WHERE plan = $2")
            .bind(progress)
            .bind(&plan)
            .execute(&mut *change.transaction)
            .await?;
        change.commit().await?;
        Ok(true)
    }

    /// Keeps what came out, if the claim still holds; whether it did.
    pub(crate) async fn finish(
        &self,
        claim: &Claim,
        documents: &[Document],
        lists: u32,
    ) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let PlanRow { id, day, .. } = &claim.plan;
        let finished = sqlx::query(
            "UPDATE plans SET state = 'done', finished = $1, lists = $2
             WHERE id = $3 AND fence = $4 AND state = 'running'",
        )
        .bind(timestamp())
        .bind(i64::from(lists))
        .bind(id.to_string())
        .bind(claim.fence)
        .execute(&mut *change.transaction)
        .await?;
        if finished.rows_affected() == 0 {
            return Ok(false);
        }
        change.keep(*id, day, documents).await?;
        let object = id.to_string();
        change.log(Act { who: "service", act: "plan-made", object: &object }).await?;
        change.commit().await?;
        Ok(true)
    }

    /// Ends an attempt that came to nothing: back into the queue, or put aside after the last one. With
    /// `for_good` there is no other attempt.
    pub(crate) async fn give_up(
        &self,
        claim: &Claim,
        reason: &str,
        for_good: bool,
    ) -> Result<(), StoreError> {
        let again = !for_good && i64::from(claim.plan.attempts) < ATTEMPTS;
        sqlx::query(
            "UPDATE plans SET state = $1, reason = $2, finished = $3, lease = 0
             WHERE id = $4 AND fence = $5 AND state = 'running'",
        )
        .bind(if again { "queued" } else { "failed" })
        .bind(reason)
        .bind((!again).then(timestamp))
        .bind(claim.plan.id.to_string())
        .bind(claim.fence)
        .execute(&self.write)
        .await
        .map_err(|error| self.fails(error))?;
        Ok(())
    }

    /// Cancels a plan that is not final; whether it was not.
    pub(crate) async fn cancel(&self, plan: Uuid, who: &str) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let cancelled = sqlx::query(
            "UPDATE plans SET state = 'cancelled', finished = $1, fence = fence + 1
             WHERE id = $2 AND state IN ('queued', 'running')",
        )
        .bind(timestamp())
        .bind(plan.to_string())
        .execute(&mut *change.transaction)
        .await?;
        let cancelled = cancelled.rows_affected() == 1;
        if cancelled {
            change.log(Act { who, act: "plan-cancelled", object: &plan.to_string() }).await?;
        }
        change.commit().await?;
        Ok(cancelled)
    }

    /// Has whoever makes a plan take the best so far; whether somebody does.
    pub(crate) async fn enough(&self, plan: Uuid) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let told = sqlx::query(
            "UPDATE searches SET enough = 1 WHERE plan = $1
             AND plan IN (SELECT id FROM plans WHERE state = 'running')",
        )
        .bind(plan.to_string())
        .execute(&mut *change.transaction)
        .await?;
        change.commit().await?;
        Ok(told.rows_affected() == 1)
    }
}
