//! A problem whose day has changed in one visit or one carer: everything as `compile` would make it
//! anew, but only what concerns the one is judged again. What is asked about a plan tries many such
//! days, and must not wait for each.

use hjemrute_travel::{Mode, PlaceId, Tables};

use super::{
    Prices, able, begun_errands, faces, jobs, keys, modes, patients, price, tasks, vehicle, way,
};
use crate::plan::Instance;
use crate::problem::{Problem, TaskId, VehicleId, Way, Ways, halves};
use crate::rules::Pair;

/// What of a day has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// The visit of that index, in anything but its patient, place, number of carers and status; or
    /// it is new, and stands last.
    Visit(usize),
    /// The carer of that index, in anything but places and way of travelling; or the carer is new,
    /// stands last, and travels as another does.
    Carer(usize),
}

impl Problem {
    /// The problem of `instance`, which has one visit more than the one whose problem this is, the
    /// last. `changed` is the one place whose ways are others now; it may be the last and new.
    pub fn with_visit(
        &self,
        instance: &Instance,
        tables: &Tables,
        changed: Option<PlaceId>,
    ) -> Problem {
        let mut revised = self.revised(instance, tables, Changed::Visit(instance.visits.len() - 1));
        if let Some(place) = changed {
            let all = || (0..instance.places.len() as u32).map(PlaceId);
            let with = |(mode, old): (Mode, &Ways)| {
                let table = tables.get(mode).expect("a table for each mode");
                let from: Vec<Way> = all().map(|to| way(instance, table, place, to)).collect();
                let to: Vec<Way> = all().map(|from| way(instance, table, from, place)).collect();
                old.with_place(place.0, &from, &to)
            };
            revised.ways = modes(instance).into_iter().zip(self.ways.iter()).map(with).collect();
        }
        revised
    }

    /// The problem of `instance`, which differs from the one whose problem this is in one thing.
    pub(crate) fn revised(
        &self,
        instance: &Instance,
        tables: &Tables,
        changed: Changed,
    ) -> Problem {
        let people = patients(instance);
        let modes = modes(instance);
        let mut revised = self.clone();
        (revised.jobs, revised.windows) = jobs(instance, &people, &Prices::of(instance));
        revised.tasks = tasks(&revised.jobs);
        revised.halves = halves(&revised.jobs);
        revised.keys = keys(instance, &revised.jobs);
        revised.begun_errands = begun_errands(instance);
        let vehicle = |carer| vehicle(instance, carer, &modes, &revised.keys);
        revised.vehicles = instance.carers.iter().map(vehicle).collect();
        revised.patients = people.len();
        revised.face = faces(instance, &people);
        self.judge_again((&mut revised, instance, tables), changed);
        revised
    }

    /// Judges the pairs that concern what has changed; the others are as they were.
    fn judge_again(
        &self,
        (revised, instance, tables): (&mut Problem, &Instance, &Tables),
        changed: Changed,
    ) {
        let count = revised.tasks.len();
        let is_new = |k: usize, visit: usize| match changed {
            Changed::Visit(at) => visit == at,
            Changed::Carer(at) => k == at,
        };
        let mut fit = Vec::with_capacity(instance.carers.len() * count);
        for task in 0..count as u32 {
            let job = revised.job_of(TaskId(task));
            for (k, carer) in instance.carers.iter().enumerate() {
                fit.push(if is_new(k, job.visit) {
                    let member = (task - job.tasks.start) as usize;
                    let visit = &instance.visits[job.visit];
                    price(Pair { instance, tables, visit, member, carer })
                } else {
                    self.fit(VehicleId(k as u32), TaskId(task))
                });
            }
        }
        revised.able = (0..count)
            .map(|task| match (changed, self.able.get(task)) {
                (Changed::Visit(at), Some(was))
                    if revised.job_of(TaskId(task as u32)).visit != at =>
                {
                    was.clone()
                }
                _ => able(&fit, instance.carers.len(), task),
            })
            .collect();
        revised.fit = fit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Criticality, Skill};
    use crate::search::samples::day;
    use hjemrute_travel::Seconds;

    fn same(revised: &Problem, anew: &Problem, what: &str) {
        assert_eq!(format!("{revised:?}"), format!("{anew:?}"), "{what}");
    }

    #[test]
    fn a_revised_problem_is_the_one_compiled_anew() {
        for seed in 0..12 {
            let (instance, tables) = day(24, 5, seed);
            let problem = Problem::of_sound(&instance, &tables);
            let mut later = instance.clone();
            later.visits.iter_mut().for_each(|visit| visit.pinned.start = None);
            let visit = &mut later.visits[seed as usize];
            visit.windows.iter_mut().for_each(|window| window.latest.0 += 600);
            visit.criticality = Criticality::Optional;
            visit.continuity = None;
            let revised = problem.revised(&later, &tables, Changed::Visit(seed as usize));
            same(&revised, &Problem::of_sound(&later, &tables), "a visit is changed");

            let mut more = instance.clone();
            let mut visit = more.visits[3].clone();
            visit.id = "new".into();
            (visit.gap, visit.patient) = (None, "a0".into());
            more.visits.push(visit);
            let revised = problem.revised(&more, &tables, Changed::Visit(24));
            same(&revised, &Problem::of_sound(&more, &tables), "a visit is new");

            let mut far = more.clone();
            far.places.push(far.places[2].clone());
            far.visits[24].place = PlaceId(25);
            let wide = [Mode::Car, Mode::Foot].into_iter().fold(tables.clone(), |wide, mode| {
                let old = tables.get(mode).expect("a table for each mode");
                let legs = |other: u32| old.leg(PlaceId(other), PlaceId(7));
                let legs: Vec<_> = (0..25).map(legs).collect();
                wide.with(mode, old.with_place(PlaceId(25), &legs, &legs))
            });
            let revised = problem.with_visit(&far, &wide, Some(PlaceId(25)));
            same(&revised, &Problem::of_sound(&far, &wide), "a visit at a new place");

            let mut able = instance.clone();
            able.carers[2].skills.insert(Skill("nurse".to_owned()));
            able.carers[2].overtime += Seconds::minutes(45);
            let revised = problem.revised(&able, &tables, Changed::Carer(2));
            same(&revised, &Problem::of_sound(&able, &tables), "a carer is changed");

            let mut many = instance.clone();
            let mut carer = many.carers[1].clone();
            carer.id = "new".into();
            many.carers.push(carer);
            let revised = problem.revised(&many, &tables, Changed::Carer(5));
            same(&revised, &Problem::of_sound(&many, &tables), "a carer is new");
        }
    }
}
