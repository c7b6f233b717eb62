//! The dense answer: which tasks on which route in which order. `render` tells it in names.

use crate::gap::Errand;
use crate::problem::TaskId;
use crate::route::Slot;

/// What the search found. Opaque: [`render`](crate::render()) tells it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// By vehicle.
    pub(crate) routes: Vec<Drive>,
    /// By job: the index of the window it uses.
    pub(crate) window: Vec<u32>,
    /// The cost that the search compared.
    pub(crate) cost: i64,
    iterations: u64,
}

/// One route: its tasks in order, where the break is, and where keys are fetched or brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drive {
    pub(crate) tasks: Vec<TaskId>,
    pub(crate) slot: Slot,
    pub(crate) errands: Vec<Errand>,
}

impl Solution {
    pub(crate) fn new(routes: Vec<Drive>, window: Vec<u32>, cost: i64) -> Solution {
        Solution { routes, window, cost, iterations: 0 }
    }

    pub(crate) fn with_iterations(self, iterations: u64) -> Solution {
        Solution { iterations, ..self }
    }

    /// How many iterations the search did, all workers together.
    pub fn iterations(&self) -> u64 {
        self.iterations
    }
}
