//! A day that is laid out to be asked about: the list taken in, its travel tables and the dense
//! problem made once, and the plan that is in hand read back into it. Explanations, suggestions,
//! moves and replanning all begin here. Knows no question itself, and does no IO.

use hjemrute_osm::Roads;
use hjemrute_solver::{
    Instance, Plan, Policy, Problem, Said, Solution, as_they_come, driven_by, is_city, read_back,
    verify,
};
use hjemrute_travel::{Tables, Time};

use crate::answer::Replanned;
use crate::conservation;
use crate::error::PlanningError;
use crate::fault::Wrong;
use crate::hours::{Hours, Surroundings};
use crate::intake::{Taken, take_in};
use crate::planning::{all_places, published_by};
use crate::standing;
use crate::wire::{self, Frame, Limits};

/// A list with its travel tables and its dense problem.
#[derive(Debug)]
pub struct LoadedDay {
    pub(crate) taken: Taken,
    pub(crate) tables: Tables,
    pub(crate) problem: Problem,
    /// The list in its parts, for a visit that is to be put beside them.
    pub(crate) frame: Frame,
}

impl LoadedDay {
    /// Loads the list in `body`.
    ///
    /// # Errors
    /// Everything that is wrong with the list; that it is a city's, between whose places there is no
    /// whole table.
    pub fn of(
        body: &[u8],
        roads: &Roads,
        limits: &Limits,
        policy: &Policy,
    ) -> Result<LoadedDay, PlanningError> {
        let mut taken = take_in(wire::read_list(body, limits)?, roads, policy)?;
        taken.instance = as_they_come(&taken.instance);
        let instance = &taken.instance;
        if is_city(instance) {
            return Err(PlanningError::Refused(vec![too_large().at("/visits", None)]));
        }
        let hours = Hours::of(instance, &taken.day);
        let tables = hours.tables(roads, &taken.spots, &all_places(instance));
        let problem = Problem::compile(instance, &tables).expect("what was taken in has no fault");
        let kept = |id: &str| instance.carers.iter().any(|carer| carer.id.0 == id);
        let frame = Frame::of(body, limits, kept)?;
        Ok(LoadedDay { taken, tables, problem, frame })
    }

    /// Lays down what people were told by the plan that held, and what of the day has begun.
    pub(crate) fn tell(
        &mut self,
        held: &[u8],
        replanned: &Replanned,
        limits: &Limits,
    ) -> Result<(), PlanningError> {
        let LoadedDay { taken, tables, problem, .. } = self;
        let held = wire::read_published(held, limits, &taken.instance, &taken.day)?;
        let until = replanned.frozen_until;
        let told = published_by(&taken.instance, tables, &held.plan, until);
        taken.instance.published = Some(told);
        *problem =
            Problem::compile(&taken.instance, tables).map_err(standing::faults_of_shared_cars)?;
        Ok(())
    }

    /// What a place that the day does not have needs to find its ways.
    pub fn surroundings<'r>(&self, roads: &'r Roads) -> Surroundings<'r> {
        Hours::of(&self.taken.instance, &self.taken.day).surroundings(roads, &self.taken.spots)
    }

    /// A moment as the clock on the wall shows it.
    pub fn clock(&self, time: Time) -> String {
        self.taken.day.clock(time)
    }

    /// What is asked.
    pub fn instance(&self) -> &Instance {
        &self.taken.instance
    }
}

/// A day with the plan that is in hand, which keeps every rule of it.
#[derive(Debug)]
pub struct LoadedPlan {
    pub(crate) day: LoadedDay,
    /// As it was made; its warnings include those of the intake.
    pub(crate) plan: Plan,
    /// What it says of the plan that held.
    pub(crate) replanned: Option<Replanned>,
    /// The same in the numbers of the day's problem.
    pub(crate) solution: Solution,
}

impl LoadedPlan {
    /// Loads a plan of the day, with the one that held where it was made against one.
    ///
    /// # Errors
    /// What is wrong with the form of the plans; that the one that held is missing; or, if it does not keep the rules of this list,
    /// every breach.
    pub fn of(
        mut day: LoadedDay,
        (plan, held): (&[u8], Option<&[u8]>),
        limits: &Limits,
    ) -> Result<LoadedPlan, PlanningError> {
        let read = wire::read_plan(plan, limits, &day.taken.instance, &day.taken.day)?;
        if day.taken.instance.carers.iter().any(|carer| !carer.pool.is_empty()) {
            day.taken.instance = driven_by(&day.taken.instance, &read.drivers);
            let compiled = Problem::compile(&day.taken.instance, &day.tables);
            day.problem = compiled.map_err(standing::faults_of_shared_cars)?;
        }
        if let Some(replanned) = &read.replanned {
            let held = held.ok_or_else(standing::missing)?;
            day.tell(held, replanned, limits)?;
        }
        let verdict = verify(&day.taken.instance, &day.tables, &read.plan);
        let breaches = [conservation::breaches(&day.taken, &read), verdict.breaches].concat();
        if !breaches.is_empty() {
            return Err(PlanningError::Broken(breaches));
        }
        let solution = read_back(&day.taken.instance, &day.problem, &read.plan);
        Ok(LoadedPlan { day, plan: read.plan, replanned: read.replanned, solution })
    }

    /// The day that it is a plan of.
    pub fn day(&self) -> &LoadedDay {
        &self.day
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The plan in the numbers of the day's problem.
    pub fn solution(&self) -> &Solution {
        &self.solution
    }
}

fn too_large() -> Wrong {
    Wrong::new(
        "too-many-visits",
        Said::new(
            "The day was planned in parts, and its plan cannot be asked or changed as a whole.",
            "Dagen er planlagt i deler, og planen kan ikke spørres eller endres som en helhet.",
        ),
        Said::new(
            "Divide the list, for instance by bydel.",
            "Del listen, for eksempel etter bydel.",
        ),
    )
}
