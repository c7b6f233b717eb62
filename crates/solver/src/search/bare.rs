//! Routes driven as if nobody rested and nobody went for keys. However the same stops are driven, they are
//! no earlier and cost no less, but where a detour is a shortcut by a second because ways were rounded; so
//! most moves are ruled out before a break is looked for.

use super::state::State;
use crate::problem::VehicleId;
use crate::route::{Route, Slot};

/// Routes without breaks and keys, each made when it is asked for and kept until the route changes.
#[derive(Debug, Default)]
pub(super) struct Bare {
    routes: Vec<Route>,
    /// By route: whether it can be driven so. Not where a break has been taken already.
    driven: Vec<bool>,
}

impl Bare {
    /// The routes of all vehicles, those of these as they are now; none if one of these cannot be driven so.
    pub(super) fn of(
        &mut self,
        state: &State<'_>,
        vehicles: impl Iterator<Item = VehicleId>,
    ) -> Option<&[Route]> {
        let problem = state.problem;
        if self.routes.is_empty() {
            self.routes = problem.vehicles.iter().map(Route::empty).collect();
            self.driven = vec![true; self.routes.len()];
        }
        let mut all = true;
        for vehicle in vehicles {
            let (bare, route) = (&mut self.routes[vehicle.ix()], &state.routes[vehicle.ix()]);
            if bare.stamp != route.stamp {
                bare.tasks.clone_from(&route.tasks);
                bare.slot = Slot::NONE;
                bare.stamp = route.stamp;
                self.driven[vehicle.ix()] = bare.settle(problem, vehicle, &state.agreed);
            }
            all &= self.driven[vehicle.ix()];
        }
        all.then_some(&self.routes)
    }
}
