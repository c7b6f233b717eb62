//! Has plans made, one process each: takes from the units in turn what has waited longest, so that no
//! unit waits for the whole queue of another. What it knows of a plan under way beyond its row in the
//! store (how far it is, whom to tell to stop) is in memory, and not needed after a restart.

mod child;
mod words;
mod work;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};
use uuid::Uuid;

use crate::routes::profiles::Prices;
use crate::store::{Claim, Format, Unit};
use crate::{Service, stopped};
use child::Outcome;
pub(crate) use words::Progress;
use words::{Held, JobOrder};
pub(crate) use work::documents;
pub use work::solve_job;

/// A claim is renewed so often; three missed times and it has run out.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// Without being woken, the queues are looked at so often.
const LOOK: Duration = Duration::from_millis(500);

/// The plans that are being made.
#[derive(Default)]
pub(crate) struct Jobs {
    /// Something was put into a queue.
    wake: Notify,
    live: Mutex<BTreeMap<Uuid, Live>>,
}

/// A plan under way.
#[derive(Clone, Default)]
struct Live {
    progress: Progress,
    stop: Arc<Notify>,
    enough: Arc<Notify>,
}

impl Jobs {
    /// Says that there is something to do.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// How far a plan is that is being made.
    pub(crate) fn progress(&self, plan: Uuid) -> Option<Progress> {
        self.with(|live| live.get(&plan).map(|live| live.progress))
    }

    /// Stops the process that makes a plan, if there is one.
    pub(crate) fn stop(&self, plan: Uuid) {
        if let Some(stop) = self.with(|live| live.get(&plan).map(|live| live.stop.clone())) {
            stop.notify_one();
        }
    }

    /// Has the process that makes a plan take the best so far; whether there is one.
    pub(crate) fn enough(&self, plan: Uuid) -> bool {
        let enough = self.with(|live| live.get(&plan).map(|live| live.enough.clone()));
        enough.is_some_and(|enough| {
            enough.notify_one();
            true
        })
    }

    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<Uuid, Live>) -> T) -> T {
        look(&mut self.live.lock().unwrap_or_else(PoisonError::into_inner))
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
    let live = Live::default();
    service.jobs.with(|plans| plans.insert(claim.plan, live.clone()));
    let ended = tokio::select! {
        outcome = outcome(service, unit, claim, &live.enough) => write_down(unit, claim, outcome).await,
        // Cancelled: that stands in the store already.
        () = live.stop.notified() => Ok("cancelled"),
        () = lost(unit, claim) => Ok("lease-lost"),
        () = stopped(&mut stop) => unit.hand_back(claim).await.map(|()| "handed-back"),
    };
    service.jobs.with(|plans| plans.remove(&claim.plan));
    let end = ended.unwrap_or_else(|error| {
        tracing::error!(plan = %claim.plan, %error, "not written down");
        "storage-unavailable"
    });
    metrics::counter!("hjemrute_plans_total", "end" => end).increment(1);
    tracing::info!(plan = %claim.plan, unit = %unit.id, attempt = claim.attempts, end, "plan");
}

async fn outcome(service: &Service, unit: &Unit, claim: &Claim, enough: &Notify) -> Outcome {
    let body = match unit.list_body(claim.list).await {
        Ok(Some(body)) => body,
        Ok(None) => return Outcome::Never("list-forgotten"),
        Err(_) => return Outcome::Broken("storage-unavailable"),
    };
    let held = match held(unit, claim).await {
        Ok(held) => held,
        Err(outcome) => return outcome,
    };
    let (held, plan) = held.unzip();
    let prices = match Prices::of(service, unit, &claim.profile).await {
        Ok(Some(prices)) => prices.text,
        Ok(None) => return Outcome::Never("profile-unknown"),
        Err(_) => return Outcome::Broken("storage-unavailable"),
    };
    let plans = service.config.plans;
    let order = JobOrder {
        bytes: body.len(),
        held,
        map: service.config.map.clone(),
        profile: claim.profile.clone(),
        prices,
        seed: claim.seed,
        seconds: claim.seconds,
        iterations: claim.iterations,
        threads: plans.threads,
        memory: plans.memory,
    };
    let told = |progress| {
        service.jobs.with(|plans| {
            if let Some(live) = plans.get_mut(&claim.plan) {
                live.progress = progress;
            }
        });
    };
    let body = [body, plan.unwrap_or_default()].concat();
    child::make(&order, &body, enough, told).await
}

/// The plan that the claimed one is made against, and on what terms.
async fn held(unit: &Unit, claim: &Claim) -> Result<Option<(Held, Vec<u8>)>, Outcome> {
    let broken = |_| Outcome::Broken("storage-unavailable");
    let Some(replan) = unit.replan(claim.plan).await.map_err(broken)? else { return Ok(None) };
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
) -> Result<&'static str, crate::store::StoreError> {
    match outcome {
        Outcome::Made(documents, lists) => {
            let was_ours = unit.finish(claim, &documents, lists).await?;
            Ok(if was_ours { "done" } else { "lease-lost" })
        }
        Outcome::Never(reason) => unit.give_up(claim, reason, true).await.map(|()| reason),
        Outcome::Broken(reason) => unit.give_up(claim, reason, false).await.map(|()| reason),
    }
}

/// Gives signs of life; returns when the claim holds no longer.
async fn lost(unit: &Unit, claim: &Claim) {
    let mut signs = interval(SIGN_OF_LIFE);
    loop {
        signs.tick().await;
        // A store that cannot be reached is no reason to stop: the lease runs out by itself.
        if let Ok(false) = unit.renew(claim).await {
            return;
        }
    }
}
