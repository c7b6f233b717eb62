//! What a state costs: exactly, by which plans are compared, and as the search is guided, by which it goes on
//! from one to another. The two differ only where a price looks at all routes at once.

use super::State;
use crate::route::{Guide, Peaks, Route, off_the_mean};

impl State<'_> {
    /// What it costs, left-out visits included.
    pub(crate) fn cost(&self) -> i64 {
        let problem = self.problem;
        if !problem.weighs_all_routes() {
            return self.cost;
        }
        let guided = |route: &Route| self.agreed.guide.cost(&route.outcome);
        self.cost - self.routes.iter().map(guided).sum::<i64>()
            + Peaks::of(&self.routes).cost(problem)
            + self.off_the_mean() * i64::from(problem.balance.0)
    }

    /// The same as the search is guided: what it compares when it goes on from one to another.
    pub(crate) fn guided(&self) -> i64 {
        if self.agreed.guide.is_on() {
            self.cost + self.peaks().cost(self.problem)
        } else {
            self.cost()
        }
    }

    /// Guides the search by how the routes are now.
    pub(crate) fn guide(&mut self) {
        let guide = Guide::of(self.problem, &self.routes);
        if guide == self.agreed.guide {
            return;
        }
        self.agreed.guide = guide;
        for route in &mut self.routes {
            let cost = self.agreed.alone(self.problem, &route.outcome);
            self.cost += cost - route.cost;
            route.cost = cost;
            self.stamps += 1;
            route.stamp = self.stamps;
        }
        self.look_at_the_peaks();
    }

    /// How far the work of each route is from the mean of all.
    fn off_the_mean(&self) -> i64 {
        if self.problem.balance.0 == 0 {
            return 0;
        }
        let work = self.routes.iter().map(|route| i64::from(route.outcome.work));
        off_the_mean(&work.collect::<Vec<_>>())
    }

    /// What is largest of all routes; not looked for where it costs nothing.
    pub(super) fn peaks(&self) -> Peaks {
        if self.problem.prices_peaks() { self.agreed.peaks_of(&self.routes) } else { Peaks::NONE }
    }

    /// What all the waiting costs.
    pub(crate) fn waiting_cost(&self) -> i64 {
        self.routes.iter().map(|route| route.waiting_cost(self.problem)).sum()
    }

    /// What waiting, lateness and overtime cost, and what is largest of all.
    pub(crate) fn times_cost(&self) -> i64 {
        let times = |route: &Route| route.outcome.times_cost(self.problem);
        let peaks = Peaks::of(&self.routes).cost(self.problem);
        self.routes.iter().map(times).sum::<i64>() + peaks
    }

    /// The cost from scratch; what [`guided`](Self::guided) must be.
    pub(crate) fn recount(&self) -> i64 {
        let problem = self.problem;
        let dropped =
            problem.job_ids().filter(|job| !self.is_done(*job)).map(|job| problem.job(job).drop.0);
        let routes = problem.vehicle_ids().map(|vehicle| {
            let route = &self.routes[vehicle.ix()];
            let fits = route.tasks.iter().map(|task| i64::from(problem.fit(vehicle, *task)));
            let met = problem.met(&route.tasks);
            let faces = met.iter().map(|patient| i64::from(problem.face(vehicle, *patient)));
            let mut fresh = Route::empty(problem.vehicle(vehicle));
            (fresh.tasks, fresh.slot) = (route.tasks.clone(), route.slot);
            fresh.errands.clone_from(&route.errands);
            assert!(
                fresh.settle(problem, vehicle, &self.agreed),
                "a settled route can be settled again"
            );
            assert_eq!(fresh.start, route.start, "a settled route is settled");
            fresh.cost + fits.sum::<i64>() + faces.sum::<i64>()
        });
        let moved =
            problem.job_ids().filter(|job| self.is_done(*job)).map(|job| self.window_price(job));
        let peaks = self.peaks().cost(problem);
        let off = self.off_the_mean() * i64::from(problem.balance.0);
        let off = if self.agreed.guide.is_on() { 0 } else { off };
        dropped.sum::<i64>() + moved.sum::<i64>() + routes.sum::<i64>() + peaks + off
    }
}
