//! Plans that are in hand: loaded to be asked about, a few at a time, for as long as somebody asks.
//! Nothing of them is on the disk; a day that is forgotten is dropped from here too.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use hjemrute_osm::Roads;
use hjemrute_server::{LoadedPlan, Surroundings};
use uuid::Uuid;

use crate::config::UnitId;

/// So many plans are in hand at once; the one that was asked about longest ago goes first.
const MOST: usize = 4;

/// A plan that nobody asks about is dropped after so long.
const IDLE: Duration = Duration::from_secs(600);

/// A plan in hand.
pub(crate) struct Asked {
    pub(crate) plan: LoadedPlan,
    /// Made when the first visit is to be put beside the others.
    around: OnceLock<Surroundings<'static>>,
}

impl Asked {
    pub(crate) fn of(plan: LoadedPlan) -> Asked {
        Asked { plan, around: OnceLock::new() }
    }

    /// The surroundings of its day.
    pub(crate) fn around(&self, roads: &'static Roads) -> &Surroundings<'static> {
        self.around.get_or_init(|| self.plan.day().surroundings(roads))
    }
}

/// The plans in hand.
#[derive(Default)]
pub(crate) struct InHand {
    plans: Mutex<Vec<Held>>,
}

struct Held {
    unit: UnitId,
    id: Uuid,
    day: String,
    asked: Instant,
    plan: Arc<Asked>,
}

impl InHand {
    /// The plan, if it is in hand.
    pub(crate) fn get(&self, unit: &UnitId, id: Uuid) -> Option<Arc<Asked>> {
        let mut plans = self.plans();
        let held = plans.iter_mut().find(|held| held.id == id && held.unit == *unit)?;
        held.asked = Instant::now();
        Some(held.plan.clone())
    }

    /// Takes a plan in hand.
    pub(crate) fn put(&self, unit: &UnitId, id: Uuid, day: &str, plan: &Arc<Asked>) {
        let mut plans = self.plans();
        plans.retain(|held| held.id != id);
        if plans.len() >= MOST
            && let Some(oldest) = (0..plans.len()).min_by_key(|at| plans[*at].asked)
        {
            plans.swap_remove(oldest);
        }
        let (unit, day, asked) = (unit.clone(), day.to_owned(), Instant::now());
        plans.push(Held { unit, id, day, asked, plan: plan.clone() });
    }

    /// Drops the plans of a day that is forgotten.
    pub(crate) fn forget(&self, unit: &UnitId, day: &str) {
        self.plans().retain(|held| held.unit != *unit || held.day != day);
    }

    /// Drops the plans that nobody asks about.
    pub(crate) fn drop_idle(&self) {
        self.plans().retain(|held| held.asked.elapsed() < IDLE);
    }

    fn plans(&self) -> std::sync::MutexGuard<'_, Vec<Held>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
