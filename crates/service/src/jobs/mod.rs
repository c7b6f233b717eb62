//! Has plans made, one process each: takes from the units in turn what has waited longest, so that no
//! unit waits for the whole queue of another. What a plan under way has come to, and whether it is still
//! wanted, stands in the store alone: so whoever is asked may be another process than the one that makes it.

mod child;
mod words;
mod work;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::routes::profiles::Prices;
use crate::store::{
    Claim, Format, NewPlan, PlanRow, Queued, RepeatKey, Standing, StoreError, StoredAnswer, Unit,
};
use crate::{Service, stopped};
use child::Outcome;
pub(crate) use words::Progress;
use words::{Held, JobOrder};
pub(crate) use work::documents;
pub use work::solve_job;

/// A claim is renewed so often at the least; three missed times and it has run out.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// How far a search is, is written down so often at the most.
const TELL: Duration = Duration::from_millis(300);

/// So often it is seen whether a plan is still wanted.
const WANTED: Duration = Duration::from_millis(100);

/// Without being woken, the queues are looked at so often.
const LOOK: Duration = Duration::from_millis(500);

/// After so many seconds a queue that is full may have room again.
const COME_BACK: u32 = 30;

/// Whoever makes plans.
#[derive(Default)]
pub(crate) struct Jobs {
    /// Something was put into a queue.
    wake: Notify,
}

/// Puts a wish into the queue of its unit and wakes whoever makes plans; the answer of that time if it was
/// wished before.
///
/// # Errors
/// If the key belongs to another wish, or too many wait: of the unit, or of all together.
pub(crate) async fn wish(
    service: &Service,
    caller: &Caller,
    plan: &NewPlan<'_>,
    repeat: &RepeatKey<'_>,
) -> Result<Option<StoredAnswer>, Problem> {
    let plans = service.config.plans;
    let mut waiting = 0;
    for unit in service.store.units() {
        waiting += unit.waiting().await?;
    }
    // What was taken before is told again, however many wait.
    let (most, full) = if waiting >= plans.waiting {
        (0, Code::Busy)
    } else {
        (plans.waiting_of_a_unit, Code::QueueFull)
    };
    match caller.unit.put_plan(plan, repeat, most, &caller.who).await? {
        Queued::Yes => {
            service.jobs.wake.notify_one();
            Ok(None)
        }
        Queued::Again(answer) => Ok(Some(answer)),
        Queued::KeyReused => Err(Code::KeyReused.into()),
        Queued::Full => Err(Problem::later(full, COME_BACK)),
    }
}

/// What a maker and its process hear of each other.
#[derive(Default)]
struct Between {
    /// How far the search is.
    progress: Mutex<Option<Progress>>,
    /// The best plan so far will do.
    enough: Notify,
}

impl Between {
    fn tell(&self, progress: Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    fn progress(&self) -> Option<Progress> {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes plans until told to stop; then gives back what is under way.
pub(crate) async fn run(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(service.config.plans.at_once));
    let mut under_way = JoinSet::new();
    let mut turn = 0;
    while !*stop.borrow() {
        let slot = tokio::select! {
            _ = stop.changed() => break,
            slot = slots.clone().acquire_owned() => slot,
        };
        let Some((unit, claim)) = next(&service, &mut turn).await else {
            drop(slot);
            tokio::select! {
                _ = stop.changed() => break,
                () = service.jobs.wake.notified() => {}
                () = sleep(LOOK) => {}
            }
            continue;
        };
        let (service, stop) = (service.clone(), stop.clone());
        under_way.spawn(async move {
            make(&service, &unit, &claim, stop).await;
            drop(slot);
        });
        while under_way.try_join_next().is_some() {}
    }
    while under_way.join_next().await.is_some() {}
}

/// The oldest plan of the next unit in turn that has one.
async fn next(service: &Service, turn: &mut usize) -> Option<(Arc<Unit>, Claim)> {
    let units: Vec<&Arc<Unit>> = service.store.units().collect();
    for step in 0..units.len() {
        let index = (*turn + step) % units.len();
        match units[index].claim().await {
            Ok(Some(claim)) => {
                *turn = index + 1;
                return Some((units[index].clone(), claim));
            }
            Ok(None) => {}
            Err(error) => tracing::error!(unit = %units[index].id, %error, "claim"),
        }
    }
    None
}

/// Makes one plan, and has its end written down.
async fn make(service: &Service, unit: &Unit, claim: &Claim, mut stop: watch::Receiver<bool>) {
    let between = Between::default();
    let ended = tokio::select! {
        outcome = outcome(service, unit, claim, &between) => write_down(unit, claim, outcome).await,
        end = unwanted(unit, claim, &between) => Ok(end),
        () = stopped(&mut stop) => unit.hand_back(claim).await.map(|()| "handed-back"),
    };
    let plan = claim.plan.id;
    let end = ended.unwrap_or_else(|error| {
        tracing::error!(%plan, %error, "not written down");
        "storage-unavailable"
    });
    metrics::counter!("hjemrute_plans_total", "end" => end).increment(1);
    tracing::info!(%plan, unit = %unit.id, attempt = claim.plan.attempts, end, "plan");
}

async fn outcome(service: &Service, unit: &Unit, claim: &Claim, between: &Between) -> Outcome {
    let plan = &claim.plan;
    let body = match unit.list_body(plan.list).await {
        Ok(Some(body)) => body,
        Ok(None) => return Outcome::Never("list-forgotten"),
        Err(_) => return Outcome::Broken("storage-unavailable"),
    };
    let held = match held(unit, plan).await {
        Ok(held) => held,
        Err(outcome) => return outcome,
    };
    let (held, held_plan) = held.unzip();
    let prices = match Prices::of(service, unit, &plan.profile).await {
        Ok(Some(prices)) => prices.text,
        Ok(None) => return Outcome::Never("profile-unknown"),
        Err(_) => return Outcome::Broken("storage-unavailable"),
    };
    let plans = service.config.plans;
    let order = JobOrder {
        bytes: body.len(),
        held,
        map: service.config.map.clone(),
        profile: plan.profile.clone(),
        prices,
        seed: plan.seed,
        seconds: plan.seconds,
        iterations: plan.iterations,
        prove: plan.prove,
        threads: plans.threads,
        memory: plans.memory,
    };
    let body = [body, held_plan.unwrap_or_default()].concat();
    child::make(&order, &body, &between.enough, |progress| between.tell(progress)).await
}

/// The plan that one is made against, and on what terms.
async fn held(unit: &Unit, plan: &PlanRow) -> Result<Option<(Held, Vec<u8>)>, Outcome> {
    let broken = |_| Outcome::Broken("storage-unavailable");
    let Some(replan) = &plan.replan else { return Ok(None) };
    let forgotten = || Outcome::Never("list-forgotten");
    let row = unit.plan(replan.held).await.map_err(broken)?.ok_or_else(forgotten)?;
    let plan = unit.document(&row, 0, Format::Json).await.map_err(broken)?.ok_or_else(forgotten)?;
    let most_changes = replan.most_changes.map(|most| most as usize);
    Ok(Some((Held { bytes: plan.len(), now: replan.now, most_changes }, plan)))
}

async fn write_down(
    unit: &Unit,
    claim: &Claim,
    outcome: Outcome,
) -> Result<&'static str, StoreError> {
    match outcome {
        Outcome::Made(documents, lists) => {
            let was_ours = unit.finish(claim, &documents, lists).await?;
            Ok(if was_ours { "done" } else { "lease-lost" })
        }
        Outcome::Never(reason) => unit.give_up(claim, reason, true).await.map(|()| reason),
        Outcome::Broken(reason) => unit.give_up(claim, reason, false).await.map(|()| reason),
    }
}

/// Gives signs of life and says how far the search is; returns when the plan is not wanted any more from
/// this maker, with what became of it.
async fn unwanted(unit: &Unit, claim: &Claim, between: &Between) -> &'static str {
    let mut looks = interval(WANTED);
    let (mut told, mut last) = (None, Instant::now());
    loop {
        looks.tick().await;
        // A store that cannot be reached is no reason to stop: the lease runs out by itself.
        match unit.standing(claim).await {
            Ok(Standing::Cancelled) => return "cancelled",
            Ok(Standing::Lost) => return "lease-lost",
            Ok(Standing::Enough) => between.enough.notify_one(),
            Ok(Standing::Held) | Err(_) => {}
        }
        let progress = between.progress();
        let is_news = progress != told && (told.is_none() || last.elapsed() >= TELL);
        if is_news || last.elapsed() >= SIGN_OF_LIFE {
            let text = progress.and_then(|progress| serde_json::to_string(&progress).ok());
            // Whether it still holds is seen at the next look.
            let _ = unit.renew(claim, text.as_deref()).await;
            (told, last) = (progress, Instant::now());
        }
    }
}
