//! What a visit of one carer would cost on a route, remembered until the route changes: of all the
//! pairs of visit and route that an iteration asks about, most are as they were. Knows nothing of
//! how an offer is found, and keeps as many as fit in a table of fixed size.

use crate::problem::{Problem, TaskId, VehicleId};
use crate::route::{Peaks, Seat};

/// The most offers that are kept of a kind: 60 MB.
const MOST: usize = 1 << 20;

/// The best seats that a route has for a visit, told by the route alone: what the carer's person
/// costs comes on top.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    /// By how much the visit raises the cost of the route, at the least; in its seat exactly.
    pub(crate) raise: i64,
    /// The window it then uses and where it goes, if that was found.
    pub(crate) seat: Option<(u32, Seat)>,
    /// The least raise of seats that would make linked visits later, so that other routes pay too.
    pub(crate) doubt: i64,
}

impl Offer {
    /// No seat that raises the cost by less.
    pub(crate) fn none_below(raise: i64) -> Offer {
        Offer { raise, seat: None, doubt: i64::MAX }
    }

    /// Whether it says the same of what costs less than `below` as an offer that was just made.
    pub(crate) fn holds(&self, below: i64, fresh: Offer) -> bool {
        let use_of = |offer: &Offer| offer.seat.filter(|_| offer.raise < below);
        use_of(self) == use_of(&fresh) && (self.raise >= below || self.raise == fresh.raise)
    }

    /// Whether all is known that could cost less than `below`.
    pub(crate) fn settles(&self, below: i64) -> bool {
        self.seat.is_some() || self.raise >= below
    }
}

/// How the break is dealt with where an offer is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rested {
    /// It stays where it is.
    Still,
    /// It goes wherever it is best with the visit there.
    Moved,
}

/// The offers that have been asked for.
#[derive(Debug)]
pub(crate) struct Offers {
    vehicles: usize,
    still: Vec<Kept>,
    moved: Vec<Kept>,
    /// By task: whose offer was the best the last time, if anybody's.
    best: Vec<Option<VehicleId>>,
    made: u64,
}

/// An offer, for whom, and how the route then was.
#[derive(Clone, Copy, Debug)]
struct Kept {
    stamp: u64,
    peaks: Peaks,
    pair: u64,
    offer: Offer,
}

/// For nobody.
const EMPTY: Kept = Kept {
    stamp: 0,
    peaks: Peaks::NONE,
    pair: u64::MAX,
    offer: Offer { raise: 0, seat: None, doubt: 0 },
};

impl Offers {
    pub(crate) fn new(problem: &Problem) -> Offers {
        let best = vec![None; problem.tasks.len()];
        Offers {
            vehicles: problem.vehicles.len(),
            still: Vec::new(),
            moved: Vec::new(),
            best,
            made: 0,
        }
    }

    /// How many offers have had to be made.
    pub(crate) fn made(&self) -> u64 {
        self.made
    }

    /// Whose offer was the best the last time.
    pub(crate) fn hint(&self, task: TaskId) -> Option<VehicleId> {
        self.best[task.ix()]
    }

    /// Takes note of whose offer was the best.
    pub(crate) fn remember_best(&mut self, task: TaskId, vehicle: VehicleId) {
        self.best[task.ix()] = Some(vehicle);
    }

    /// The offer for the task by the route as it is stamped, if it is remembered.
    #[inline]
    pub(crate) fn get(&self, of: Asked) -> Option<Offer> {
        let kept = match of.rested {
            Rested::Still => &self.still,
            Rested::Moved => &self.moved,
        };
        let pair = self.pair(of);
        let kept = kept.get(pair as usize % kept.len().max(1))?;
        let same = kept.stamp == of.stamp && kept.peaks == of.peaks && kept.pair == pair;
        same.then_some(kept.offer)
    }

    /// Remembers it, in place of another if need be.
    pub(crate) fn put(&mut self, problem: &Problem, of: Asked, offer: Offer) {
        self.made += 1;
        let pair = self.pair(of);
        let kept = match of.rested {
            Rested::Still => &mut self.still,
            Rested::Moved => &mut self.moved,
        };
        if kept.is_empty() {
            kept.resize((self.vehicles * problem.tasks.len()).min(MOST), EMPTY);
        }
        let at = pair as usize % kept.len();
        kept[at] = Kept { stamp: of.stamp, peaks: of.peaks, pair, offer };
    }

    fn pair(&self, of: Asked) -> u64 {
        of.task.ix() as u64 * self.vehicles as u64 + u64::from(of.vehicle.0)
    }
}

/// What an offer is asked for: a task, a route as it is stamped, the break as it is or moved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) task: TaskId,
    pub(crate) vehicle: VehicleId,
    pub(crate) stamp: u64,
    /// What is largest of all routes, against which a seat is priced.
    pub(crate) peaks: Peaks,
    pub(crate) rested: Rested,
}
