//! The dense question: everything the search asks, as numbers under ids. A [`Problem`] in your hand
//! is a valid one: `compile` makes it of a day, `search::part` of another. Knows no names.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::gap::Errand;
use crate::route::Slot;
use crate::score::{Cost, Rate};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            #[inline]
            pub(crate) const fn ix(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// One carer's part of one visit. A double visit is one job of two tasks.
    TaskId
}
id! {
    /// What is done whole or not at all: the one or two tasks of a visit.
    JobId
}
id! {
    /// A carer's shift, and the route it drives.
    VehicleId
}

/// A dense, validated planning problem. Times are `i32` seconds since the day's midnight, costs the
/// tenths of a weighted second of [`Cost`].
#[derive(Clone, Debug)]
pub struct Problem {
    pub(crate) jobs: Vec<Job>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) windows: Vec<Window>,
    /// By task: the place where the key of its door hangs, if it takes one and whoever does the
    /// task is the one who brings it. Empty where no task takes a key.
    pub(crate) keys: Vec<Option<u32>>,
    pub(crate) vehicles: Vec<Vehicle>,
    /// By vehicle: where it has been for keys as far as its day has begun. Empty where nobody has.
    pub(crate) begun_errands: Vec<Vec<Errand>>,
    /// By way of travelling; shared by a problem and its parts.
    pub(crate) ways: Arc<[Ways]>,
    pub(crate) travel: Rate,
    pub(crate) waiting: Rate,
    /// Of the longest wait of all, which only the final times know.
    pub(crate) worst_wait: Rate,
    pub(crate) overtime: Rate,
    /// Of the largest lateness of all.
    pub(crate) worst_late: Rate,
    /// Of the longest idle time of all.
    pub(crate) worst_idle: Rate,
    /// Of what is spent on the way, at doors and at visits.
    pub(crate) work: Rate,
    /// How far that lies from the mean of all routes.
    pub(crate) balance: Rate,
    /// The price of a break that is not taken.
    pub(crate) missed_break: i64,
    /// Whether breaks may be missed at that price.
    pub(crate) may_miss_breaks: bool,
    /// `task × vehicles + vehicle`: the price of the pair, `NEVER` where it may not be.
    pub(crate) fit: Vec<i32>,
    /// `vehicle × patients + patient`: the price of the carer being a new face.
    pub(crate) face: Vec<i32>,
    pub(crate) patients: usize,
    /// `task → vehicles that may do it`, the dearest pair last.
    pub(crate) able: Vec<Vec<VehicleId>>,
    /// The jobs that are of no use without one that follows them.
    pub(crate) halves: Vec<JobId>,
    /// How many patients may be disturbed, if that is limited.
    pub(crate) limit: Option<Limit>,
}

/// How many patients may get less than they were promised, besides those who must.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(crate) most: usize,
    /// By patient.
    pub(crate) forced: Vec<bool>,
}

/// The mark of a pair that may not be.
pub(crate) const NEVER: i32 = i32::MAX;

/// Later than any day, with room to add to.
pub(crate) const FAR: i32 = 1 << 28;

/// One carer's part of a visit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    pub(crate) job: JobId,
    pub(crate) place: u32,
}

/// A visit.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The visit's index in the instance.
    pub(crate) visit: usize,
    pub(crate) tasks: Range<u32>,
    pub(crate) place: u32,
    pub(crate) patient: u32,
    /// Whether the patient has wishes about who makes this visit, so that a new face counts.
    pub(crate) wishes: bool,
    pub(crate) service: i32,
    /// How long those stay at it who take another time.
    pub(crate) paces: Vec<(VehicleId, i32)>,
    /// What each task of it brings along.
    pub(crate) load: i64,
    pub(crate) windows: Range<u32>,
    /// The price of a second late, whatever line of the objective it is on.
    pub(crate) late: i64,
    /// The price of leaving it out, above everything it ranks above.
    pub(crate) drop: Cost,
    /// The job it must follow.
    pub(crate) after: Option<Follow>,
    /// The jobs that must follow it.
    pub(crate) before: Vec<Follow>,
    /// Whether another route can move its start: two carers, or a gap on either side.
    pub(crate) linked: bool,
    /// Whether it stays on its route, as what lies outside of a part of a problem needs it.
    pub(crate) held: bool,
    /// Whether it is in the part of a day that has begun: it stays among its route's first stops.
    pub(crate) begun: bool,
    /// Who was to come to it by the published plan; absent if it is not on that.
    pub(crate) promised: Option<Vec<VehicleId>>,
}

/// A gap from start to start; `job` is the other end of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Follow {
    pub(crate) job: JobId,
    pub(crate) min: i32,
    pub(crate) max: i32,
    /// Whether no vehicle may do both.
    pub(crate) apart: bool,
    /// Whether the earlier is of no use without the later.
    pub(crate) whole: bool,
}

impl Follow {
    /// Whether the later is a part of the earlier: somebody else's, and at a time that is given by it.
    pub(crate) fn is_part(&self) -> bool {
        self.whole && self.apart && self.min == self.max
    }
}

/// One window in which a job may start: late behind `latest`, impossible behind `hard`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) earliest: i32,
    pub(crate) latest: i32,
    pub(crate) hard: i32,
    /// Whether it is another time than was published.
    pub(crate) moved: bool,
    /// What the time costs: that, and that it is another than the patient would like.
    pub(crate) price: i64,
}

/// A carer's shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vehicle {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) shift_start: i32,
    pub(crate) shift_end: i32,
    /// The end of the overtime.
    pub(crate) hard_end: i32,
    pub(crate) ways: u32,
    /// Whose times at the doors it has, where those are not everybody's.
    pub(crate) pace: Option<VehicleId>,
    pub(crate) rest: Option<Rest>,
    /// Where the break is taken; nowhere in particular where it says none.
    pub(crate) rest_place: Option<u32>,
    /// The most that can be brought along.
    pub(crate) capacity: i64,
    /// Whether it may have to go out of its way for a key.
    pub(crate) fetches: bool,
    /// Whether the carer sets off when the shift starts, and no later.
    pub(crate) at_once: bool,
    /// From when on anything is done.
    pub(crate) ready: i32,
    /// How many stops, the first, have begun.
    pub(crate) begun: u32,
    /// From when on the carer goes on from the last of these.
    pub(crate) free: i32,
    /// Where the break is, if that has begun.
    pub(crate) begun_rest: Option<Slot>,
}

/// A break: begins within `[earliest, latest]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) length: i32,
    pub(crate) earliest: i32,
    pub(crate) latest: i32,
    /// From when on the carer may set off who has taken it before; who has set off, did so then.
    pub(crate) departs: i32,
}

/// The ways between all places by one mode.
#[derive(Debug)]
pub(crate) struct Ways {
    places: usize,
    cells: Box<[Way]>,
    /// The rides by where they end: who asks about one place finds both directions in a row.
    rides_to: Box<[i32]>,
}

/// All the ways to one place and from it, by the other place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'p> {
    /// The rides to it, in seconds.
    pub(crate) to: &'p [i32],
    pub(crate) from: &'p [Way],
}

/// From one place to another, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Way {
    /// On the road.
    pub(crate) ride: i32,
    /// Until ready at the door: the ride and the access time of another place.
    pub(crate) door: i32,
}

impl Ways {
    pub(crate) fn new(places: usize, cells: Vec<Way>) -> Ways {
        debug_assert_eq!(cells.len(), places * places);
        let backwards = (0..places).flat_map(|to| (0..places).map(move |from| (from, to)));
        let rides_to = backwards.map(|(from, to)| cells[from * places + to].ride).collect();
        Ways { places, cells: cells.into(), rides_to }
    }

    /// The same with other ways from one place and to it, which may be the next; by the other place,
    /// its own included.
    pub(crate) fn with_place(&self, place: u32, from: &[Way], to: &[Way]) -> Ways {
        let places = self.places.max(place as usize + 1);
        let mut cells = Vec::with_capacity(places * places);
        let mut rides_to = Vec::with_capacity(places * places);
        for row in 0..places {
            let was = row * self.places..(row + 1) * self.places;
            if row == place as usize {
                cells.extend_from_slice(&from[..places]);
                rides_to.extend(to[..places].iter().map(|way| way.ride));
            } else {
                cells.extend_from_slice(&self.cells[was.clone()]);
                rides_to.extend_from_slice(&self.rides_to[was]);
                cells.resize((row + 1) * places, Way::default());
                rides_to.resize((row + 1) * places, 0);
                cells[row * places + place as usize] = to[row];
                rides_to[row * places + place as usize] = from[row].ride;
            }
        }
        Ways { places, cells: cells.into(), rides_to: rides_to.into() }
    }

    #[inline]
    pub(crate) fn around(&self, place: u32) -> Around<'_> {
        let row = place as usize * self.places..(place as usize + 1) * self.places;
        Around { to: &self.rides_to[row.clone()], from: &self.cells[row] }
    }

    #[inline]
    pub(crate) fn at(&self, from: u32, to: u32) -> Way {
        self.cells[from as usize * self.places + to as usize]
    }
}

/// The jobs that are of no use without one that follows them.
pub(crate) fn halves(jobs: &[Job]) -> Vec<JobId> {
    let ids = (0..).map(JobId).zip(jobs);
    let needs_more = ids.filter(|(_, job)| job.before.iter().any(|follow| follow.whole));
    needs_more.map(|(id, _)| id).collect()
}

impl Problem {
    /// Whether a later start may be worth what it costs, or what is largest of all routes hangs on the
    /// final times. Never where a day has begun.
    pub(crate) fn weighs_times(&self) -> bool {
        let cheap = |job: &Job| job.late < i64::from(self.waiting.0);
        let dear = self.overtime < self.waiting || self.jobs.iter().any(cheap);
        let begun = self.vehicles.iter().any(|vehicle| vehicle.begun > 0);
        let waits = self.waiting.0 > 0 || self.worst_wait.0 > 0;
        waits && (dear || self.prices_peaks() || self.worst_wait.0 > 0) && !begun
    }

    /// Whether any price looks at all routes at once.
    #[inline]
    pub(crate) fn weighs_all_routes(&self) -> bool {
        self.prices_peaks() || self.balance.0 != 0
    }

    /// Whether anything that is largest of all routes has a price.
    #[inline]
    pub(crate) fn prices_peaks(&self) -> bool {
        (self.worst_late.0, self.worst_idle.0) != (0, 0)
    }

    /// Whether it has a price who comes to whom.
    pub(crate) fn prices_persons(&self) -> bool {
        self.fit.iter().any(|price| *price != 0 && *price != NEVER)
            || self.face.iter().any(|price| *price != 0)
    }

    #[inline]
    pub(crate) fn job(&self, job: JobId) -> &Job {
        &self.jobs[job.ix()]
    }

    /// Whether what a route drives is not told by its tasks: for a key, to rest or not to.
    pub(crate) fn has_detours(&self) -> bool {
        self.may_miss_breaks
            || self.vehicles.iter().any(|vehicle| vehicle.fetches || vehicle.rest_place.is_some())
    }

    /// Where the vehicle has been for keys, or is on the way to, as far as its day has begun.
    #[inline]
    pub(crate) fn begun_errands(&self, vehicle: VehicleId) -> &[Errand] {
        self.begun_errands.get(vehicle.ix()).map_or(&[], Vec::as_slice)
    }

    /// Where the key hangs that the vehicle must fetch or bring back for the task.
    #[inline]
    pub(crate) fn key(&self, task: TaskId) -> Option<u32> {
        self.keys.get(task.ix()).copied().flatten()
    }

    #[inline]
    pub(crate) fn job_of(&self, task: TaskId) -> &Job {
        &self.jobs[self.tasks[task.ix()].job.ix()]
    }

    #[inline]
    pub(crate) fn vehicle(&self, vehicle: VehicleId) -> &Vehicle {
        &self.vehicles[vehicle.ix()]
    }

    #[inline]
    pub(crate) fn ways(&self, vehicle: VehicleId) -> &Ways {
        &self.ways[self.vehicles[vehicle.ix()].ways as usize]
    }

    /// The price of the pair; [`NEVER`] where it may not be.
    #[inline]
    pub(crate) fn fit(&self, vehicle: VehicleId, task: TaskId) -> i32 {
        self.fit[task.ix() * self.vehicles.len() + vehicle.ix()]
    }

    /// The price of each vehicle doing the task; [`NEVER`] where it may not.
    #[inline]
    pub(crate) fn fits(&self, task: TaskId) -> &[i32] {
        let vehicles = self.vehicles.len();
        &self.fit[task.ix() * vehicles..(task.ix() + 1) * vehicles]
    }

    /// The price of the carer being new to the patient.
    #[inline]
    pub(crate) fn face(&self, vehicle: VehicleId, patient: u32) -> i32 {
        self.face[vehicle.ix() * self.patients + patient as usize]
    }

    /// By vehicle: the tasks of the part of its day that has begun, in their order.
    pub(crate) fn begun_tasks(&self) -> Vec<Vec<TaskId>> {
        let mut begun: Vec<Vec<(i32, TaskId)>> = vec![Vec::new(); self.vehicles.len()];
        for job in self.jobs.iter().filter(|job| job.begun) {
            let start = self.windows[job.windows.start as usize].earliest;
            // Nobody else may, and of the two of a double visit each may be either.
            let who = self.able[job.tasks.start as usize].iter().copied();
            let mut who: Vec<VehicleId> = who.collect();
            who.sort_unstable();
            job.tasks().zip(who).for_each(|(task, who)| begun[who.ix()].push((start, task)));
        }
        let in_order = |mut tasks: Vec<(i32, TaskId)>| {
            tasks.sort_unstable();
            tasks.into_iter().map(|(_, task)| task).collect()
        };
        begun.into_iter().map(in_order).collect()
    }

    /// The patients with wishes whom the tasks meet, once each.
    pub(crate) fn met(&self, tasks: &[TaskId]) -> BTreeSet<u32> {
        let jobs = tasks.iter().map(|task| self.job_of(*task));
        jobs.filter(|job| job.wishes).map(|job| job.patient).collect()
    }

    pub(crate) fn job_ids(&self) -> impl Iterator<Item = JobId> + use<> {
        (0..self.jobs.len() as u32).map(JobId)
    }

    pub(crate) fn vehicle_ids(&self) -> impl Iterator<Item = VehicleId> + use<> {
        (0..self.vehicles.len() as u32).map(VehicleId)
    }
}

impl Vehicle {
    /// From when on the carer may set off; who has, did so then.
    pub(crate) fn departs(&self) -> i32 {
        self.rest.map_or(self.ready, |rest| rest.departs)
    }

    /// Whether it is decided already when the carer sets off.
    #[inline]
    pub(crate) fn cannot_wait(&self) -> bool {
        self.begun > 0 || self.at_once
    }

    /// Whether there is nothing to drive but the stops: no break, no keys.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.rest.is_none() && !self.fetches
    }

    /// Whether a key or a place to rest may lie off the way between two stops.
    #[inline]
    pub(crate) fn makes_detours(&self) -> bool {
        self.fetches || self.rest_place.is_some()
    }

    /// Whether the break may be there, as far as the day has begun.
    #[inline]
    pub(crate) fn may_rest(&self, slot: Slot) -> bool {
        match self.begun_rest {
            Some(begun) => slot == begun,
            None => self.rest.is_none() || slot.gap >= self.begun,
        }
    }

    /// Whether what comes after the break is the same for both.
    pub(crate) fn ends_like(&self, other: &Vehicle) -> bool {
        let rest = |it: &Vehicle| it.rest.map(|rest| rest.length);
        let hours = |it: &Vehicle| (it.shift_start, it.shift_end, it.hard_end, rest(it));
        let how = |it: &Vehicle| (it.ways, it.end, it.pace);
        (how(self), hours(self)) == (how(other), hours(other))
    }
}

impl Job {
    pub(crate) fn tasks(&self) -> impl Iterator<Item = TaskId> + use<> {
        self.tasks.clone().map(TaskId)
    }

    /// How long the vehicle stays at it.
    #[inline]
    pub(crate) fn stay(&self, vehicle: &Vehicle) -> i32 {
        let own = self.paces.iter().find(|(who, _)| Some(*who) == vehicle.pace);
        own.map_or(self.service, |(_, stay)| *stay)
    }

    /// The windows' ids, as indices into [`Problem::windows`].
    pub(crate) fn windows(&self) -> Range<u32> {
        self.windows.clone()
    }

    pub(crate) fn is_double(&self) -> bool {
        self.tasks.len() == 2
    }
}
