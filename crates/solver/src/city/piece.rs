//! Some visits and carers of a day as a day of its own, with the travel tables of its places alone:
//! made, searched, and joined with another. Its ids are its own; it knows which they are of the day.

use hjemrute_travel::{PlaceId, Tables};

use super::districts::District;
use super::legs::Ask;
use crate::gap::Errand;
use crate::plan::{Break, Carer, Instance, Place, Visit};
use crate::problem::{JobId, Problem, TaskId};
use crate::search::State;
use crate::solution::{Drive, Solution};

/// A part of a day under way.
pub(super) struct Piece {
    pub(super) of: District,
    pub(super) instance: Instance,
    /// By place of the piece: the place of the day.
    pub(super) places: Vec<PlaceId>,
    pub(super) tables: Tables,
    pub(super) problem: Problem,
    pub(super) solution: Solution,
}

impl Piece {
    /// The piece of a day, planned by `plan`.
    pub(super) fn of(
        whole: &Instance,
        of: District,
        ask: Ask<'_>,
        plan: impl FnOnce(&Problem) -> Solution,
    ) -> Piece {
        let (instance, places) = instance(whole, &of);
        let tables = ask(&places);
        let problem = Problem::of_sound(&instance, &tables);
        let solution = plan(&problem);
        Piece { of, instance, places, tables, problem, solution }
    }

    /// Two pieces as one, as they stand.
    pub(super) fn join(whole: &Instance, [one, other]: [&Piece; 2], ask: Ask<'_>) -> Piece {
        let of = District {
            visits: sorted(&one.of.visits, &other.of.visits),
            carers: sorted(&one.of.carers, &other.of.carers),
        };
        let places = self::instance(whole, &of).1;
        Piece::of(whole, of.clone(), ask, |problem| {
            let routes = vec![Drive::default(); problem.vehicles.len()];
            let windows = problem.jobs.iter().map(|job| job.windows.start).collect();
            let mut joined = Solution::new(routes, windows, 0);
            for piece in [one, other] {
                piece.lay_into((&of, &places), problem, &mut joined);
            }
            State::of(problem, &joined).solution()
        })
    }

    /// Lays its solution into that of a piece it is part of, with those places.
    fn lay_into(
        &self,
        (of, places): (&District, &[PlaceId]),
        problem: &Problem,
        solution: &mut Solution,
    ) {
        let mut jobs = vec![None; of.visits.len()];
        problem.job_ids().for_each(|id| jobs[problem.job(id).visit] = Some(id));
        let there = |job: JobId| -> JobId {
            let visit = self.of.visits[self.problem.job(job).visit];
            let at = of.visits.binary_search(&visit).expect("it is part of it");
            jobs[at].expect("planned in one, planned in both")
        };
        for (carer, drive) in self.of.carers.iter().zip(&self.solution.routes) {
            let at = of.carers.binary_search(carer).expect("it is part of it");
            let task = |task: &TaskId| {
                let job = self.problem.tasks[task.ix()].job;
                let member = task.0 - self.problem.job(job).tasks.start;
                TaskId(problem.job(there(job)).tasks.start + member)
            };
            let tasks = drive.tasks.iter().map(task).collect();
            let errand = |errand: &Errand| {
                let place = self.places[errand.place as usize];
                let row = places.iter().position(|other| *other == place);
                Errand { place: row.expect("it is part of it") as u32, ..*errand }
            };
            let errands = drive.errands.iter().map(errand).collect();
            solution.routes[at] = Drive { tasks, slot: drive.slot, errands };
        }
        for id in self.problem.job_ids() {
            let nth = self.solution.window[id.ix()] - self.problem.job(id).windows.start;
            let there = there(id);
            solution.window[there.ix()] = problem.job(there).windows.start + nth;
        }
    }
}

fn sorted(one: &[usize], other: &[usize]) -> Vec<usize> {
    let mut all = [one, other].concat();
    all.sort_unstable();
    all
}

/// The day of a district, and the places of the whole that it has.
fn instance(whole: &Instance, of: &District) -> (Instance, Vec<PlaceId>) {
    let mut rows = vec![None; whole.places.len()];
    let mut places: Vec<PlaceId> = Vec::new();
    let mut row = |place: PlaceId| {
        *rows[place.index()].get_or_insert_with(|| {
            places.push(place);
            PlaceId(places.len() as u32 - 1)
        })
    };
    let carers = of.carers.iter().map(|at| {
        let carer = whole.carers[*at].clone();
        let rest = carer.rest.map(|rest| Break { place: rest.place.map(&mut row), ..rest });
        Carer { start: row(carer.start), end: row(carer.end), rest, ..carer }
    });
    let carers = carers.collect();
    let visits = of.visits.iter().map(|at| {
        let visit = whole.visits[*at].clone();
        whole.places[visit.place.index()].key_at.map(&mut row);
        Visit { place: row(visit.place), ..visit }
    });
    let visits = visits.collect();
    let named = places.iter().map(|at| {
        let place = whole.places[at.index()].clone();
        Place { key_at: place.key_at.and_then(|key| rows[key.index()]), ..place }
    });
    let named: Vec<Place> = named.collect();
    let (policy, published) = (whole.policy.clone(), whole.published.clone());
    (Instance { places: named, visits, carers, policy, published }, places)
}
