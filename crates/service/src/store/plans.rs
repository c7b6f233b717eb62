//! Plans, from the wish for one to its work lists: the queue, with a lease and a fence for whoever makes
//! one, and what came out. An attempt is counted when it is claimed, so that one that kills its maker
//! is not tried for ever.

use uuid::Uuid;

use super::documents::Document;
use super::lists::{Arrival, RepeatKey, StoredAnswer};
use super::replans::Replan;
use super::{Act, Change, StoreError, Unit, now, timestamp};

/// So many times a plan is tried before it is put aside.
const ATTEMPTS: u32 = 3;

/// For so many seconds a claim holds without a sign of life.
const LEASE: i64 = 15;

/// Where a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// It waits for its turn.
    Queued,
    /// It is being made.
    Running,
    /// There is a plan.
    Done,
    /// There will be none; `reason` says why.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

impl State {
    const ALL: [(State, &'static str); 5] = [
        (State::Queued, "queued"),
        (State::Running, "running"),
        (State::Done, "done"),
        (State::Failed, "failed"),
        (State::Cancelled, "cancelled"),
    ];

    /// Whether nothing will change any more.
    pub(crate) fn is_final(self) -> bool {
        !matches!(self, State::Queued | State::Running)
    }

    fn name(self) -> &'static str {
        State::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    fn of(name: &str) -> Result<State, StoreError> {
        let known = State::ALL.iter().find(|(_, known)| *known == name);
        known.map(|(state, _)| *state).ok_or(StoreError::Corrupt)
    }
}

/// A plan that is wished for.
#[derive(Clone, Debug)]
pub(crate) struct NewPlan<'a> {
    /// The id we give it.
    pub(crate) id: Uuid,
    /// The list to plan.
    pub(crate) list: Uuid,
    /// The day of the list.
    pub(crate) day: &'a str,
    /// Which shift of the day it is for.
    pub(crate) shift: &'a str,
    /// The profile's name.
    pub(crate) profile: &'a str,
    /// The seed.
    pub(crate) seed: u32,
    /// How long to search.
    pub(crate) seconds: u32,
    /// How many rounds to search, instead.
    pub(crate) iterations: Option<u32>,
    /// What is answered.
    pub(crate) receipt: &'a [u8],
}

/// What became of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Queued {
    /// It is in the queue.
    Yes,
    /// The request was here already: the answer of that time.
    Again(StoredAnswer),
    /// The key belongs to another request.
    KeyReused,
    /// As many wait as may.
    Full,
}

/// A plan as it is told.
#[derive(Clone, Debug)]
pub(crate) struct PlanRow {
    pub(crate) id: Uuid,
    pub(crate) list: Uuid,
    pub(crate) day: String,
    pub(crate) shift: String,
    pub(crate) profile: String,
    pub(crate) seed: u32,
    pub(crate) seconds: u32,
    pub(crate) iterations: Option<u32>,
    pub(crate) state: State,
    pub(crate) reason: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) created: String,
    pub(crate) finished: Option<String>,
    pub(crate) lists: u32,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    list: String,
    day: String,
    shift: String,
    profile: String,
    seed: u32,
    seconds: u32,
    iterations: Option<u32>,
    state: String,
    reason: Option<String>,
    attempts: u32,
    created: String,
    finished: Option<String>,
    lists: u32,
}

/// The right to make a plan, until the lease runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) plan: Uuid,
    pub(crate) list: Uuid,
    pub(crate) profile: String,
    pub(crate) seed: u32,
    pub(crate) seconds: u32,
    pub(crate) iterations: Option<u32>,
    pub(crate) attempts: u32,
    fence: i64,
}

/// Of a plan that was claimed, in the order of [`Claim`].
type Claimed = (String, String, String, u32, u32, Option<u32>, u32, i64);

impl Unit {
    /// Puts a wish into the queue, unless `most` wait already.
    pub(crate) async fn put_plan(
        &self,
        plan: &NewPlan<'_>,
        repeat: &RepeatKey<'_>,
        most: u32,
        who: &str,
    ) -> Result<Queued, StoreError> {
        self.put_replan((plan, None), repeat, most, who).await
    }

    /// The same of a plan that is made against one that holds.
    pub(crate) async fn put_replan(
        &self,
        (plan, replan): (&NewPlan<'_>, Option<&Replan>),
        repeat: &RepeatKey<'_>,
        most: u32,
        who: &str,
    ) -> Result<Queued, StoreError> {
        let mut change = self.begin().await?;
        if let Some(before) = change.wished_before(repeat).await? {
            return Ok(before);
        }
        let waiting: u32 = sqlx::query_scalar("SELECT count(*) FROM plans WHERE state = 'queued'")
            .fetch_one(&mut *change.transaction)
            .await?;
        if waiting >= most {
            return Ok(Queued::Full);
        }
        change.insert_plan(plan, replan, State::Queued).await?;
        let object = plan.id.to_string();
        change.taken(plan, 202, repeat, Act { who, act: "plan-wanted", object: &object }).await
    }

    /// Keeps a plan that is made already, with what it or the one before it was made against.
    pub(crate) async fn put_made(
        &self,
        (plan, replan): (&NewPlan<'_>, Option<&Replan>),
        (documents, lists): (&[Document], u32),
        repeat: &RepeatKey<'_>,
        who: &str,
    ) -> Result<Queued, StoreError> {
        let mut change = self.begin().await?;
        if let Some(before) = change.wished_before(repeat).await? {
            return Ok(before);
        }
        change.insert_plan(plan, replan, State::Done).await?;
        sqlx::query("UPDATE plans SET finished = created, lists = ? WHERE id = ?")
            .bind(lists)
            .bind(plan.id.to_string())
            .execute(&mut *change.transaction)
            .await?;
        change.keep(plan.id, plan.day, documents).await?;
        let object = plan.id.to_string();
        change.taken(plan, 201, repeat, Act { who, act: "plan-revised", object: &object }).await
    }

    /// How many plans wait.
    pub(crate) async fn waiting(&self) -> Result<u32, StoreError> {
        let count = sqlx::query_scalar("SELECT count(*) FROM plans WHERE state = 'queued'");
        Ok(count.fetch_one(&self.read).await?)
    }

    /// Takes the oldest plan that waits, or whose maker has not been heard of.
    pub(crate) async fn claim(&self) -> Result<Option<Claim>, StoreError> {
        let is_any: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM plans
                WHERE state = 'queued' OR (state = 'running' AND lease < ?))",
        )
        .bind(now())
        .fetch_one(&self.read)
        .await?;
        if !is_any {
            return Ok(None);
        }
        let mut change = self.begin().await?;
        sqlx::query(
            "UPDATE plans SET state = 'failed', reason = 'put-aside', finished = ?
             WHERE state = 'running' AND lease < ? AND attempts >= ?",
        )
        .bind(timestamp())
        .bind(now())
        .bind(ATTEMPTS)
        .execute(&mut *change.transaction)
        .await?;
        let claimed: Option<Claimed> = sqlx::query_as(
            "UPDATE plans SET state = 'running', attempts = attempts + 1, fence = fence + 1,
                    lease = ?
                 WHERE id = (SELECT id FROM plans
                    WHERE state = 'queued' OR (state = 'running' AND lease < ?)
                    ORDER BY id LIMIT 1)
                 RETURNING id, list, profile, seed, seconds, iterations, attempts, fence",
        )
        .bind(now() + LEASE)
        .bind(now())
        .fetch_optional(&mut *change.transaction)
        .await?;
        change.commit().await?;
        let Some((plan, list, profile, seed, seconds, iterations, attempts, fence)) = claimed
        else {
            return Ok(None);
        };
        let [plan, list] = [plan, list].map(|id| id.parse().map_err(|_| StoreError::Corrupt));
        let (plan, list) = (plan?, list?);
        Ok(Some(Claim { plan, list, profile, seed, seconds, iterations, attempts, fence }))
    }

    /// Gives up the claims of a process that is gone: this one has the files to itself.
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
             WHERE id = ? AND fence = ? AND state = 'running'",
        )
        .bind(claim.plan.to_string())
        .bind(claim.fence)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// A sign of life; whether the claim still holds.
    pub(crate) async fn renew(&self, claim: &Claim) -> Result<bool, StoreError> {
        let renewed = sqlx::query(
            "UPDATE plans SET lease = ? WHERE id = ? AND fence = ? AND state = 'running'",
        )
        .bind(now() + LEASE)
        .bind(claim.plan.to_string())
        .bind(claim.fence)
        .execute(&self.write)
        .await?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Keeps what came out, if the claim still holds; whether it did.
    pub(crate) async fn finish(
        &self,
        claim: &Claim,
        documents: &[Document],
        lists: u32,
    ) -> Result<bool, StoreError> {
        let mut change = self.begin().await?;
        let plan = claim.plan.to_string();
        let day: Option<String> = sqlx::query_scalar(
            "UPDATE plans SET state = 'done', finished = ?, lists = ?
             WHERE id = ? AND fence = ? AND state = 'running' RETURNING day",
        )
        .bind(timestamp())
        .bind(lists)
        .bind(&plan)
        .bind(claim.fence)
        .fetch_optional(&mut *change.transaction)
        .await?;
        let Some(day) = day else { return Ok(false) };
        change.keep(claim.plan, &day, documents).await?;
        change.log(Act { who: "service", act: "plan-made", object: &plan }).await?;
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
        let again = !for_good && claim.attempts < ATTEMPTS;
        sqlx::query(
            "UPDATE plans SET state = ?, reason = ?, finished = ?, lease = 0
             WHERE id = ? AND fence = ? AND state = 'running'",
        )
        .bind(if again { "queued" } else { "failed" })
        .bind(reason)
        .bind((!again).then(timestamp))
        .bind(claim.plan.to_string())
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
            "UPDATE plans SET state = 'cancelled', finished = ?, fence = fence + 1
             WHERE id = ? AND state IN ('queued', 'running')",
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

    /// The plan of that id.
    pub(crate) async fn plan(&self, id: Uuid) -> Result<Option<PlanRow>, StoreError> {
        let row: Option<Row> = sqlx::query_as("SELECT * FROM plans WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.read)
            .await?;
        row.map(told).transpose()
    }

    /// The plans of a day, oldest first.
    pub(crate) async fn plans_of(&self, day: &str) -> Result<Vec<PlanRow>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as("SELECT * FROM plans WHERE day = ? ORDER BY id")
            .bind(day)
            .fetch_all(&self.read)
            .await?;
        rows.into_iter().map(told).collect()
    }
}

impl Change<'_> {
    /// What was said to the same wish before.
    async fn wished_before(
        &mut self,
        repeat: &RepeatKey<'_>,
    ) -> Result<Option<Queued>, StoreError> {
        Ok(self.repeated(repeat).await?.map(|arrival| match arrival {
            Arrival::Again(answer) => Queued::Again(answer),
            _ => Queued::KeyReused,
        }))
    }

    /// Remembers what is answered, writes down who did it, and puts all of it on the disk.
    async fn taken(
        mut self,
        plan: &NewPlan<'_>,
        status: u16,
        repeat: &RepeatKey<'_>,
        act: Act<'_>,
    ) -> Result<Queued, StoreError> {
        let location = format!("/v1/plans/{}", plan.id);
        let answer = StoredAnswer { status, location, body: plan.receipt.to_vec() };
        self.remember(repeat, plan.day, &answer).await?;
        self.log(act).await?;
        self.commit().await?;
        Ok(Queued::Yes)
    }

    async fn insert_plan(
        &mut self,
        plan: &NewPlan<'_>,
        replan: Option<&Replan>,
        state: State,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO plans
             (id, list, day, shift, profile, seed, seconds, iterations, state, created)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(plan.id.to_string())
        .bind(plan.list.to_string())
        .bind(plan.day)
        .bind(plan.shift)
        .bind(plan.profile)
        .bind(plan.seed)
        .bind(plan.seconds)
        .bind(plan.iterations)
        .bind(state.name())
        .bind(timestamp())
        .execute(&mut *self.transaction)
        .await?;
        if let Some(replan) = replan {
            self.put_replan(plan.id, replan).await?;
        }
        Ok(())
    }
}

fn told(row: Row) -> Result<PlanRow, StoreError> {
    let Row { id, list, day, shift, profile, seed, seconds, iterations, .. } = row;
    let Row { state, reason, attempts, created, finished, lists, .. } = row;
    Ok(PlanRow {
        id: id.parse().map_err(|_| StoreError::Corrupt)?,
        list: list.parse().map_err(|_| StoreError::Corrupt)?,
        state: State::of(&state)?,
        day,
        shift,
        profile,
        seed,
        seconds,
        iterations,
        reason,
        attempts,
        created,
        finished,
        lists,
    })
}
