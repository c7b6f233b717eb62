//! The door from names to numbers: an [`Instance`] and its travel tables become a [`Problem`], or
//! every fault at once. One-way; `render` is the door back.

mod revise;
mod windows;

use std::collections::BTreeMap;

use hjemrute_travel::{Mode, PlaceId, Table, Tables};

use crate::fault::Fault;
use crate::gap::Errand;
use crate::plan::{
    Begun, BegunRest, Carer, Criticality, Instance, PatientRef, Status, Visit, VisitId,
};
use crate::problem::{
    FAR, Follow, Job, JobId, NEVER, Problem, Rest, Task, Vehicle, VehicleId, Way, Ways, Window,
    halves,
};
use crate::route::Slot;
use crate::rules::{self, Circle, Pair};
use crate::score::Cost;

pub(crate) use revise::Changed;
use windows::{begun_start, start_windows};

impl Problem {
    /// Makes the dense problem of a day.
    ///
    /// # Errors
    /// Every fault of the instance.
    ///
    /// # Panics
    /// Unless `tables` has a table over all places of the instance for each mode a carer uses.
    pub fn compile(instance: &Instance, tables: &Tables) -> Result<Problem, Vec<Fault>> {
        let faults = crate::faults::faults(instance);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Problem::of_sound(instance, tables))
    }

    /// The dense problem of a day that has no fault, or of a part of one.
    pub(crate) fn of_sound(instance: &Instance, tables: &Tables) -> Problem {
        let prices = Prices::of(instance);
        let patients = patients(instance);
        let (jobs, windows) = jobs(instance, &patients, &prices);
        let tasks = tasks(&jobs);
        let modes = modes(instance);
        let fit = fit(instance, tables, &jobs, tasks.len());
        let able = (0..tasks.len()).map(|task| able(&fit, instance.carers.len(), task)).collect();
        let policy = &instance.policy;
        let keys = keys(instance, &jobs);
        Problem {
            vehicles: instance
                .carers
                .iter()
                .map(|carer| vehicle(instance, carer, &modes, &keys))
                .collect(),
            keys,
            begun_errands: begun_errands(instance),
            limit: None,
            ways: modes.iter().map(|mode| ways(instance, tables, *mode)).collect(),
            travel: policy.travel,
            waiting: policy.waiting,
            worst_wait: policy.worst_wait,
            overtime: policy.overtime,
            worst_late: policy.worst_late,
            worst_idle: policy.worst_idle,
            work: policy.work,
            balance: policy.balance,
            missed_break: policy.missed_break.map_or(0, |price| price.0),
            may_miss_breaks: policy.missed_break.is_some(),
            halves: halves(&jobs),
            face: faces(instance, &patients),
            patients: patients.len(),
            able,
            fit,
            jobs,
            tasks,
            windows,
        }
    }
}

/// The prices that make one number of the objective's lines: each line's unit outweighs all that
/// the lines below it can ever sum to, as far as 64 bits reach.
struct Prices {
    drop: [i64; 4],
    pinned: i64,
    critical_late: i64,
}

impl Prices {
    fn of(instance: &Instance) -> Prices {
        let count = |criticality| {
            instance.visits.iter().filter(|visit| visit.criticality == criticality).count() as i64
                + 1
        };
        let pinned_visits =
            instance.visits.iter().filter(|visit| is_pinned(visit)).count() as i64 + 1;
        let critical_seconds =
            count(Criticality::TimeCritical) * i64::from(instance.policy.late_limit[0].0).max(1);
        let all_below = sum_bound(instance);
        // A huge day would overflow: then each line outweighs an eighth, a sixty-fourth … of the
        // largest sum below it, which no two plans of one day differ by.
        (0..)
            .step_by(3)
            .find_map(|shift: u32| {
                let step = |below: i64, units: i64| {
                    let price = (below >> shift).max(1);
                    Some((price, price.checked_mul(units)?.checked_add(below)?))
                };
                let (normal, below) = step(all_below, count(Criticality::Normal))?;
                let (critical_late, below) = step(below, critical_seconds)?;
                let (important, below) = step(below, count(Criticality::Important))?;
                let (critical, below) = step(below, count(Criticality::TimeCritical))?;
                let (pinned, all) = step(below, pinned_visits)?;
                let drop = [critical, important, normal, instance.policy.optional_out.0];
                (all < Cost::MAX.0).then_some(Prices { drop, pinned, critical_late })
            })
            .expect("with a large enough shift every price is 1")
    }

    /// What leaving the visit out costs: a pinned one its own line above all others, and what it
    /// would cost were it not pinned.
    fn drop(&self, visit: &Visit) -> Cost {
        let pinned = if is_pinned(visit) { self.pinned } else { 0 };
        let own = visit.left_out.map_or(self.drop[visit.criticality.index()], |own| own.0);
        Cost(pinned + own)
    }

    /// What a second late on the visit costs.
    fn late(&self, instance: &Instance, visit: &Visit) -> i64 {
        match visit.criticality {
            Criticality::TimeCritical => self.critical_late,
            other => i64::from(instance.policy.late[other.index()].0),
        }
    }
}

fn is_pinned(visit: &Visit) -> bool {
    visit.pinned.carer.is_some() || visit.pinned.start.is_some()
}

/// More than the last line of the objective can sum to.
fn sum_bound(instance: &Instance) -> i64 {
    let policy = &instance.policy;
    let circles = Circle::all(instance);
    let visits = instance.visits.iter().map(|visit| {
        let late =
            policy.late_cost(visit.criticality, policy.late_limit[visit.criticality.index()]);
        let distinct =
            visit.continuity.as_ref().map_or(0, |wish| i64::from(wish.distinct_last_14d));
        let strangers = policy.not_primary + policy.not_known + Cost(policy.new_face.0 * distinct);
        let unwanted = [policy.avoided, policy.unskilled].into_iter().flatten().sum::<Cost>();
        let strangers = strangers + unwanted;
        let preferred = if visit.preferred.is_some() { policy.not_preferred } else { Cost::ZERO };
        let changes = policy.other_time + policy.other_carer + policy.other_carer;
        let changed = if instance.published.is_some() { changes } else { Cost::ZERO };
        late.max(visit.left_out.unwrap_or(policy.optional_out)).0
            + 2 * strangers.0
            + changed.0
            + preferred.0
    });
    let shifts = instance.carers.iter().map(|carer| {
        let hours = carer.shift_end - carer.shift_start + carer.overtime;
        let missed = policy.missed_break.unwrap_or(Cost::ZERO);
        let work = policy.work.of(hours) + policy.balance.of(hours) + missed;
        let way = policy.travel.max(policy.waiting).of(hours) + work;
        (way + policy.overtime.of(carer.overtime)).0
    });
    let latest = policy.late_limit.into_iter().max().unwrap_or_default();
    let shift = |carer: &Carer| carer.shift_end - carer.shift_start + carer.overtime;
    let longest = instance.carers.iter().map(shift).max().unwrap_or_default();
    let worst_time = policy.worst_idle.of(longest) + policy.worst_wait.of(longest);
    let worst = (policy.worst_late.of(latest) + worst_time).0;
    visits.chain(shifts).sum::<i64>() + worst + circles.len() as i64 + 1
}

fn patients(instance: &Instance) -> BTreeMap<&PatientRef, u32> {
    let names: std::collections::BTreeSet<&PatientRef> =
        instance.visits.iter().map(|visit| &visit.patient).collect();
    names.into_iter().zip(0..).collect()
}

/// One task for each carer of each job.
fn tasks(jobs: &[Job]) -> Vec<Task> {
    let of = |(id, job): (u32, &Job)| {
        let place = job.place;
        job.tasks().map(move |_| Task { job: JobId(id), place })
    };
    (0..).zip(jobs).flat_map(of).collect()
}

/// The ways of travelling that are used.
fn modes(instance: &Instance) -> Vec<Mode> {
    let used = |mode: &Mode| instance.carers.iter().any(|carer| carer.mode == *mode);
    Mode::ALL.into_iter().filter(used).collect()
}

/// Which of so many vehicles may do a task, the dearest pair last.
fn able(fit: &[i32], vehicles: usize, task: usize) -> Vec<VehicleId> {
    let price = |k: &u32| fit[task * vehicles + *k as usize];
    let mut able: Vec<u32> = (0..vehicles as u32).filter(|k| price(k) != NEVER).collect();
    able.sort_by_key(|k| (price(k), *k));
    able.into_iter().map(VehicleId).collect()
}

/// The jobs of the planned visits, and the windows they share.
fn jobs(
    instance: &Instance,
    patients: &BTreeMap<&PatientRef, u32>,
    prices: &Prices,
) -> (Vec<Job>, Vec<Window>) {
    let mut windows = Vec::new();
    let mut jobs: Vec<Job> = Vec::new();
    let mut tasks = 0;
    for (index, visit) in instance.visits.iter().enumerate() {
        if visit.status == Status::Cancelled {
            continue;
        }
        let first = windows.len() as u32;
        windows.extend(start_windows(instance, visit));
        let crew = visit.carers() as u32;
        let begun = begun_start(instance, visit).is_some();
        jobs.push(Job {
            visit: index,
            tasks: tasks..tasks + crew,
            place: visit.place.0,
            patient: patients[&visit.patient],
            wishes: visit.continuity.is_some(),
            service: visit.duration.0,
            paces: paces(instance, visit),
            load: visit.load.0.into(),
            windows: first..windows.len() as u32,
            late: prices.late(instance, visit),
            drop: prices.drop(visit),
            after: None,
            before: Vec::new(),
            linked: crew == 2,
            held: begun,
            begun,
            promised: promised(instance, visit),
        });
        tasks += crew;
    }
    link(instance, &mut jobs);
    share_drops(instance, &mut jobs);
    (jobs, windows)
}

/// A visit and the helper's part of it are left out together: each pays half of that, so that the
/// search finds either worth its place.
fn share_drops(instance: &Instance, jobs: &mut [Job]) {
    for part in 0..jobs.len() {
        let helps = instance.visits[jobs[part].visit].helps.is_some();
        let whole = jobs[part].after.filter(|follow| helps && follow.is_part());
        if let Some(whole) = whole.map(|follow| follow.job.ix()).filter(|whole| *whole != part) {
            let all = jobs[whole].drop.0 + jobs[part].drop.0;
            jobs[part].drop = Cost(all / 2);
            jobs[whole].drop = Cost(all - all / 2);
        }
    }
}

/// Ties the jobs that have a gap between them. A visit whose predecessor is cancelled follows
/// itself, which nothing can do: it stays out.
fn link(instance: &Instance, jobs: &mut [Job]) {
    let by_id: BTreeMap<&VisitId, u32> =
        jobs.iter().zip(0..).map(|(job, id)| (&instance.visits[job.visit].id, id)).collect();
    for later in 0..jobs.len() as u32 {
        let Some(gap) = &instance.visits[jobs[later as usize].visit].gap else { continue };
        // What has begun is no longer held to what it follows.
        if jobs[later as usize].begun {
            continue;
        }
        let earlier = by_id.get(&gap.after).copied().unwrap_or(later);
        let (min, max) = (gap.min.0, gap.max.map_or(FAR, |max| max.0));
        let whole = gap.whole && !jobs[earlier as usize].begun;
        let apart = gap.apart;
        let follow = |job| Follow { job: JobId(job), min, max, apart, whole };
        jobs[later as usize].after = Some(follow(earlier));
        jobs[later as usize].linked = true;
        if earlier != later {
            jobs[earlier as usize].before.push(follow(later));
            jobs[earlier as usize].linked = true;
        }
    }
}

/// How long those at work stay at the visit who take another time.
fn paces(instance: &Instance, visit: &Visit) -> Vec<(VehicleId, i32)> {
    let carers = (0..).map(VehicleId).zip(&instance.carers).filter(|_| !visit.paces.is_empty());
    carers.filter_map(|(id, carer)| Some((id, visit.paces.get(&carer.id)?.0))).collect()
}

/// Those at work who were to come to the visit.
fn promised(instance: &Instance, visit: &Visit) -> Option<Vec<VehicleId>> {
    let promise = instance.published.as_ref()?.promises.get(&visit.id)?;
    let ids = (0..).map(VehicleId).zip(&instance.carers);
    Some(ids.filter(|(_, carer)| promise.carers.contains(&carer.id)).map(|(id, _)| id).collect())
}

/// Of each task where the key of its door hangs: the first of a crew brings it. Nothing where no
/// door takes a key.
fn keys(instance: &Instance, jobs: &[Job]) -> Vec<Option<u32>> {
    if instance.places.iter().all(|place| place.key_at.is_none()) {
        return Vec::new();
    }
    let of_job = |job: &Job| {
        let key = instance.places[job.place as usize].key_at.map(|place| place.0);
        let first = job.tasks.start;
        job.tasks().map(move |task| key.filter(|_| task.0 == first)).collect::<Vec<_>>()
    };
    jobs.iter().flat_map(of_job).collect()
}

/// By carer: where those who have set off have been for keys. Nothing where nobody has.
fn begun_errands(instance: &Instance) -> Vec<Vec<Errand>> {
    let begun = instance.published.iter().flat_map(|published| published.begun.values());
    if begun.into_iter().all(|begun| begun.keys.is_empty()) {
        return Vec::new();
    }
    let of = |carer: &Carer| instance.published.as_ref()?.begun.get(&carer.id);
    let errand = |(gap, place): &(usize, PlaceId)| Errand { gap: *gap as u32, place: place.0 };
    let driven = |carer| of(carer).into_iter().flat_map(|begun| &begun.keys).map(errand).collect();
    instance.carers.iter().map(driven).collect()
}

fn vehicle(instance: &Instance, carer: &Carer, modes: &[Mode], keys: &[Option<u32>]) -> Vehicle {
    let ways =
        modes.iter().position(|mode| *mode == carer.mode).expect("the modes are the carers'");
    let opens = match &instance.published {
        Some(published) => carer.shift_start.max(published.frozen_until),
        None => carer.shift_start,
    };
    let fresh = Vehicle {
        start: carer.start.0,
        end: carer.end.0,
        shift_start: carer.shift_start.0,
        shift_end: carer.shift_end.0,
        hard_end: (carer.shift_end + carer.overtime).0,
        ways: ways as u32,
        pace: pace(instance, carer),
        rest: carer.rest.map(|rest| Rest {
            length: rest.length.0,
            earliest: rest.earliest.max(opens).0,
            latest: (rest.latest - rest.length).0,
            departs: opens.0,
        }),
        rest_place: carer.rest.and_then(|rest| rest.place).map(|place| place.0),
        capacity: carer.capacity.map_or(i64::MAX, |most| most.0.into()),
        fetches: keys.iter().flatten().any(|key| *key != carer.start.0 || *key != carer.end.0),
        at_once: instance.policy.leaves_at_start,
        ready: opens.0,
        begun: 0,
        free: opens.0,
        begun_rest: None,
    };
    let begun = instance.published.as_ref().and_then(|published| published.begun.get(&carer.id));
    begun.map_or(fresh, |begun| under_way(fresh, begun))
}

/// The carer, where some visit lasts another time with this one than with others.
fn pace(instance: &Instance, carer: &Carer) -> Option<VehicleId> {
    let has_own = instance.visits.iter().any(|visit| visit.paces.contains_key(&carer.id));
    let row = instance.carers.iter().position(|other| other.id == carer.id)?;
    has_own.then_some(VehicleId(row as u32))
}

/// The shift of a carer who has set off. What has begun may have made the break or the return later
/// than they were to be.
fn under_way(fresh: Vehicle, begun: &Begun) -> Vehicle {
    let slot = |rest: &BegunRest| Slot { gap: rest.before as u32, on_arrival: rest.on_arrival };
    let rest = fresh.rest.map(|rest| Rest { departs: begun.leave.0, ..rest });
    let rest = rest.map(|rest| match begun.rest {
        Some(had) => Rest { earliest: had.start.0, latest: had.start.0, ..rest },
        None => Rest { latest: rest.latest.max(begun.free.0), ..rest },
    });
    let before_leaving = begun.rest.is_some_and(|rest| rest.start < begun.leave);
    Vehicle {
        hard_end: fresh.hard_end.max(begun.over.0),
        rest,
        ready: if before_leaving { fresh.shift_start } else { begun.leave.0 },
        begun: begun.stops.len() as u32,
        fetches: fresh.fetches || !begun.keys.is_empty(),
        free: begun.free.0,
        begun_rest: begun.rest.as_ref().map(slot),
        ..fresh
    }
}

fn ways(instance: &Instance, tables: &Tables, mode: Mode) -> Ways {
    let table = tables.get(mode).expect("the caller made a table for each mode");
    assert_eq!(table.places(), instance.places.len(), "the tables are over the instance's places");
    let ids = || (0..instance.places.len() as u32).map(PlaceId);
    let cells = ids()
        .flat_map(|from| ids().map(move |to| (from, to)))
        .map(|(from, to)| way(instance, table, from, to))
        .collect();
    Ways::new(instance.places.len(), cells)
}

fn way(instance: &Instance, table: &Table, from: PlaceId, to: PlaceId) -> Way {
    let ride = table.leg(from, to).map_or(FAR, |leg| leg.seconds.0.min(FAR));
    let access = if from == to { 0 } else { instance.places[to.index()].access.0 };
    Way { ride, door: ride + access }
}

/// What the pair costs; [`NEVER`] where it may not be.
fn price(pair: Pair<'_>) -> i32 {
    let published = pair.instance.published.as_ref();
    let has_begun = |carer| published.is_some_and(|plan| plan.has_begun(carer, &pair.visit.id));
    let cost = if has_begun(&pair.carer.id) {
        Some(rules::price(pair))
    } else if pair.instance.carers.iter().any(|carer| has_begun(&carer.id)) {
        None
    } else {
        rules::judge(pair).ok()
    };
    cost.map_or(NEVER, |cost| i32::try_from(cost.0).unwrap_or(NEVER - 1))
}

/// Every pair judged once: `task × carers + carer`.
fn fit(instance: &Instance, tables: &Tables, jobs: &[Job], tasks: usize) -> Vec<i32> {
    let mut fit = Vec::with_capacity(instance.carers.len() * tasks);
    for job in jobs {
        let visit = &instance.visits[job.visit];
        for member in 0..visit.carers() {
            let pair = |carer| price(Pair { instance, tables, visit, member, carer });
            fit.extend(instance.carers.iter().map(pair));
        }
    }
    fit
}

/// What each carer costs as a new face: `carer × patients + patient`.
fn faces(instance: &Instance, patients: &BTreeMap<&PatientRef, u32>) -> Vec<i32> {
    let circles = Circle::all(instance);
    let mut faces = vec![0; instance.carers.len() * patients.len()];
    for (patient, circle) in circles {
        for (k, carer) in instance.carers.iter().enumerate() {
            let price = circle.face(&instance.policy, &carer.id).0;
            faces[k * patients.len() + patients[patient] as usize] =
                i32::try_from(price).unwrap_or(NEVER - 1);
        }
    }
    faces
}
