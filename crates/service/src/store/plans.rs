//! Plans: wished for, or made by hand, and where each is. Who makes them is `queue`'s.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use super::documents::Document;
use super::lists::{Arrival, RepeatKey, StoredAnswer};
use super::replans::Replan;
use super::{Act, Change, StoreError, Unit, number, timestamp};

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
    /// Whether to look for a bound.
    pub(crate) prove: bool,
    /// The plan that holds, where it is made against one.
    pub(crate) replan: Option<Replan>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlanRow {
    pub(crate) id: Uuid,
    pub(crate) list: Uuid,
    pub(crate) day: String,
    pub(crate) shift: String,
    pub(crate) profile: String,
    pub(crate) seed: u32,
    pub(crate) seconds: u32,
    pub(crate) iterations: Option<u32>,
    /// Whether a bound is looked for.
    pub(crate) prove: bool,
    pub(crate) state: State,
    pub(crate) reason: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) created: String,
    pub(crate) finished: Option<String>,
    pub(crate) lists: u32,
    /// How far the search was when its maker told it last.
    pub(crate) progress: Option<String>,
    /// What it is made against, if anything.
    pub(crate) replan: Option<Replan>,
}

impl FromRow<'_, AnyRow> for PlanRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<PlanRow> {
        let id = |text: String| text.parse::<Uuid>().map_err(|_| StoreError::Corrupt);
        let if_said = |column: &str| -> sqlx::Result<Option<u32>> {
            Ok(row.try_get::<Option<i64>, _>(column)?.map(number).transpose()?)
        };
        let replan = |held: String| -> sqlx::Result<Replan> {
            Ok(Replan { held: id(held)?, now: if_said("now")?, most_changes: if_said("most")? })
        };
        Ok(PlanRow {
            id: id(row.try_get("id")?)?,
            list: id(row.try_get("list")?)?,
            day: row.try_get("day")?,
            shift: row.try_get("shift")?,
            profile: row.try_get("profile")?,
            seed: number(row.try_get("seed")?)?,
            seconds: number(row.try_get("seconds")?)?,
            iterations: if_said("iterations")?,
            prove: if_said("prove")? == Some(1),
            state: State::of(&row.try_get::<String, _>("state")?)?,
            reason: row.try_get("reason")?,
            attempts: number(row.try_get("attempts")?)?,
            created: row.try_get("created")?,
            finished: row.try_get("finished")?,
            lists: number(row.try_get("lists")?)?,
            progress: row.try_get("progress")?,
            replan: row.try_get::<Option<String>, _>("held")?.map(replan).transpose()?,
        })
    }
}

/// Plans with all that is told of them, of those of which something is so.
macro_rules! plans_where {
    ($so:literal) => {
        concat!(
            "SELECT plans.*, prove, progress, held, now, most FROM plans
             LEFT JOIN searches ON searches.plan = plans.id
             LEFT JOIN replans ON replans.plan = plans.id WHERE ",
            $so
        )
    };
}

impl Unit {
    /// Puts a wish into the queue, unless `most` wait already.
    pub(crate) async fn put_plan(
        &self,
        plan: &NewPlan<'_>,
        repeat: &RepeatKey<'_>,
        most: u32,
        who: &str,
    ) -> Result<Queued, StoreError> {
        let mut change = self.begin().await?;
        if let Some(before) = change.wished_before(repeat).await? {
            return Ok(before);
        }
        let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM plans WHERE state = 'queued'")
            .fetch_one(&mut *change.transaction)
            .await?;
        if waiting >= most.into() {
            return Ok(Queued::Full);
        }
        change.insert_plan(plan, State::Queued).await?;
        let object = plan.id.to_string();
        change.taken(plan, 202, repeat, Act { who, act: "plan-wanted", object: &object }).await
    }

    /// Keeps a plan that is made already.
    pub(crate) async fn put_made(
        &self,
        plan: &NewPlan<'_>,
        (documents, lists): (&[Document], u32),
        repeat: &RepeatKey<'_>,
        who: &str,
    ) -> Result<Queued, StoreError> {
        let mut change = self.begin().await?;
        if let Some(before) = change.wished_before(repeat).await? {
            return Ok(before);
        }
        change.insert_plan(plan, State::Done).await?;
        sqlx::query("UPDATE plans SET finished = created, lists = $1 WHERE id = $2")
            .bind(i64::from(lists))
            .bind(plan.id.to_string())
            .execute(&mut *change.transaction)
            .await?;
        change.keep(plan.id, plan.day, documents).await?;
        let object = plan.id.to_string();
        change.taken(plan, 201, repeat, Act { who, act: "plan-revised", object: &object }).await
    }

    /// The plan of that id.
    pub(crate) async fn plan(&self, id: Uuid) -> Result<Option<PlanRow>, StoreError> {
        let found = sqlx::query_as(plans_where!("plans.id = $1"));
        Ok(found.bind(id.to_string()).fetch_optional(&self.read).await?)
    }

    /// The plans of a day, oldest first.
    pub(crate) async fn plans_of(&self, day: &str) -> Result<Vec<PlanRow>, StoreError> {
        let rows = sqlx::query_as(plans_where!("plans.day = $1 ORDER BY plans.id"));
        Ok(rows.bind(day).fetch_all(&self.read).await?)
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

    async fn insert_plan(&mut self, plan: &NewPlan<'_>, state: State) -> Result<(), StoreError> {
        let id = plan.id.to_string();
        sqlx::query(
            "INSERT INTO plans
             (id, list, day, shift, profile, seed, seconds, iterations, state, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&id)
        .bind(plan.list.to_string())
        .bind(plan.day)
        .bind(plan.shift)
        .bind(plan.profile)
        .bind(i64::from(plan.seed))
        .bind(i64::from(plan.seconds))
        .bind(plan.iterations.map(i64::from))
        .bind(state.name())
        .bind(timestamp())
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query("INSERT INTO searches (plan, prove, enough) VALUES ($1, $2, 0)")
            .bind(&id)
            .bind(i64::from(plan.prove))
            .execute(&mut *self.transaction)
            .await?;
        if let Some(replan) = &plan.replan {
            self.put_replan(plan.id, replan).await?;
        }
        Ok(())
    }
}
