//! Who drives: a pool has fewer cars than there are carers who could take one, and whoever has none
//! goes on foot. Cars are shared out before the search, each for a whole shift and on to the next
//! where that begins where it stands: first to those whose routes, were there a car for everybody,
//! would be longest on foot, then exchanged as long as a short search finds a better plan. Knows no
//! search but as a judge.

use std::collections::BTreeMap;
use std::time::Duration;

use hjemrute_travel::{Mode, Tables};

use crate::plan::{Carer, CarerRef, Instance, Plan, Stop, VisitId};
use crate::problem::Problem;
use crate::render::render;
use crate::search::{self, Budget};
use crate::solution::Solution;

/// One part in so many of the effort goes into sharing out the cars.
const PART: u32 = 4;

/// How many ways to share out the cars are judged at the most.
const JUDGED: u32 = 16;

/// Who has which car of the pool.
type Drivers = BTreeMap<CarerRef, String>;

/// The day with the cars of its pool shared out, and what is left of the budget; the day as it is where
/// nobody shares any. With iterations the same day always.
pub fn share_out<'a>(
    instance: &Instance,
    tables: &Tables,
    budget: &Budget<'a>,
) -> (Instance, Budget<'a>) {
    if instance.carers.iter().all(|carer| carer.pool.is_empty()) {
        return (instance.clone(), *budget);
    }
    let judge = Judge::of(instance, tables, budget);
    let mut best = judge.longest_on_foot();
    let mut least = judge.cost(&best);
    let mut judged = 1;
    'better: loop {
        for other in judge.exchanges(&best) {
            if judged == JUDGED {
                break 'better;
            }
            judged += 1;
            let cost = judge.cost(&other);
            if cost < least {
                (best, least) = (other, cost);
                continue 'better;
            }
        }
        break;
    }
    let used = budget.iterations.map(|all| all - all / u64::from(PART));
    (driven_by(instance, &best), Budget { iterations: used, ..*budget })
}

/// The day with the cars shared out as they come.
pub fn as_they_come(instance: &Instance) -> Instance {
    let mut drivers = Drivers::new();
    for carer in &instance.carers {
        give(instance, carer, &mut drivers);
    }
    driven_by(instance, &drivers)
}

/// The day in which those have those cars, and the others who share the pool go on foot.
pub fn driven_by(instance: &Instance, drivers: &BTreeMap<CarerRef, String>) -> Instance {
    let mut day = instance.clone();
    for carer in day.carers.iter_mut().filter(|carer| !carer.pool.is_empty()) {
        carer.vehicle = drivers.get(&carer.id).cloned();
        carer.mode = if carer.vehicle.is_some() { Mode::Car } else { Mode::Foot };
    }
    day
}

/// Gives the carer a car that is free for the shift, if one is.
fn give(instance: &Instance, carer: &Carer, drivers: &mut Drivers) {
    let free = |car: &&String| {
        let others = instance.carers.iter().filter(|other| {
            let own = other.pool.is_empty() && other.vehicle.as_ref() == Some(*car);
            own || drivers.get(&other.id) == Some(*car)
        });
        others.into_iter().all(|other| may_follow(carer, other))
    };
    let car = carer.pool.iter().find(free).cloned();
    if let Some(car) = car {
        drivers.insert(carer.id.clone(), car);
    }
}

/// Whether one car can be both's: one after the other, from where the first leaves it.
fn may_follow(one: &Carer, other: &Carer) -> bool {
    let behind = |first: &Carer, next: &Carer| {
        first.shift_end + first.overtime <= next.shift_start && first.end == next.start
    };
    behind(one, other) || behind(other, one)
}

/// What says how good a way to share out the cars is.
struct Judge<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    budget: Budget<'a>,
    /// How long all of it may take, where the clock decides.
    left: Option<Duration>,
}

impl<'a> Judge<'a> {
    fn of(instance: &'a Instance, tables: &'a Tables, budget: &Budget<'a>) -> Judge<'a> {
        Judge { instance, tables, budget: *budget, left: budget.left() }
    }

    fn solve(&self, day: &Instance) -> (Problem, Solution) {
        let problem = Problem::of_sound(day, self.tables);
        let budget = self.budget.part(PART * (JUDGED + 1), self.left);
        let solution = search::solve(&problem, &budget);
        (problem, solution)
    }

    /// What the day comes to with the cars shared out so.
    fn cost(&self, drivers: &Drivers) -> i64 {
        self.solve(&driven_by(self.instance, drivers)).1.cost
    }

    /// Cars to those first who would walk the longest, on the routes they would have by car.
    fn longest_on_foot(&self) -> Drivers {
        let mut day = self.instance.clone();
        for carer in day.carers.iter_mut().filter(|carer| !carer.pool.is_empty()) {
            (carer.mode, carer.vehicle) = (Mode::Car, None);
        }
        let (problem, solution) = self.solve(&day);
        let plan = render(&day, self.tables, &problem, &solution);
        let mut carers: Vec<(i64, &Carer)> = self
            .instance
            .carers
            .iter()
            .filter(|carer| !carer.pool.is_empty())
            .map(|carer| (-self.longer_on_foot(carer, &plan), carer))
            .collect();
        carers.sort_by_key(|(longer, _)| *longer);
        let mut drivers = Drivers::new();
        for (_, carer) in carers {
            give(self.instance, carer, &mut drivers);
        }
        drivers
    }

    /// By how many seconds the carer's route is longer on foot; a day for each way there is not.
    fn longer_on_foot(&self, carer: &Carer, plan: &Plan) -> i64 {
        let list = plan.work_lists.iter().find(|list| list.carer == carer.id);
        let visits = list.into_iter().flat_map(|list| list.visits());
        let place = |id: &VisitId| self.instance.visits.iter().find(|visit| visit.id == *id);
        let mut places = vec![carer.start];
        places.extend(visits.filter_map(|stop| Some(place(&stop.visit)?.place)));
        places.push(carer.end);
        let foot = self.tables.get(Mode::Foot);
        let legs = places.windows(2).map(|leg| {
            let leg = foot.and_then(|table| table.leg(leg[0], leg[1]));
            leg.map_or(86_400, |leg| i64::from(leg.seconds.0))
        });
        let ridden = list.into_iter().flat_map(|list| &list.stops).map(|stop| match stop {
            Stop::Leave { .. } => 0,
            Stop::Visit(stop) => stop.travel.seconds.0,
            Stop::Key { travel, .. } | Stop::Break { travel, .. } | Stop::Return { travel, .. } => {
                travel.seconds.0
            }
        });
        if places.len() == 2 { 0 } else { legs.sum::<i64>() - ridden.map(i64::from).sum::<i64>() }
    }

    /// The cars with one of those who walk in the place of one who drives.
    fn exchanges(&self, drivers: &Drivers) -> Vec<Drivers> {
        let pool = || self.instance.carers.iter().filter(|carer| !carer.pool.is_empty());
        let walk = || pool().filter(|carer| !drivers.contains_key(&carer.id));
        let drive = pool().filter(|carer| drivers.contains_key(&carer.id));
        let exchanged = |(one, other): (&Carer, &Carer)| {
            let mut next = drivers.clone();
            next.remove(&one.id);
            give(self.instance, other, &mut next);
            next.contains_key(&other.id).then_some(next)
        };
        drive.flat_map(|one| walk().map(move |other| (one, other))).filter_map(exchanged).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::plan::notation::parse;
    use crate::search::samples::day;
    use crate::verify::verify;

    fn budget(never: &AtomicBool) -> Budget<'_> {
        Budget {
            seed: 1,
            iterations: Some(4000),
            deadline: None,
            threads: 1,
            cancelled: never,
            progress: &|_| {},
        }
    }

    /// The visit that only the second can make is too far to walk.
    const FAR: &str = "
        travel car 60 s/km
        travel foot 720 s/km
        place BASE 0,0
        place NEAR 300,0
        place FAR 20000,0
        visit v1 at NEAR 20 min window 08:00-09:00
        visit v2 at FAR 20 min window 08:00-09:00 skills nurse
        carer c1 07:30-15:00 from BASE foot pool car-1
        carer c2 07:30-15:00 from BASE foot pool car-1 skills nurse
        carer c3 15:00-22:00 from BASE foot pool car-1
    ";

    #[test]
    fn who_needs_the_car_has_it_and_hands_it_over() {
        let (instance, tables) = parse(FAR).expect("a day");
        let never = AtomicBool::new(false);
        let (shared, left) = share_out(&instance, &tables, &budget(&never));
        let cars: Vec<_> = shared.carers.iter().map(|carer| carer.vehicle.as_deref()).collect();
        assert_eq!(cars, [None, Some("car-1"), Some("car-1")]);
        assert_eq!(left.iterations, Some(3000));
        let as_they_come = as_they_come(&instance);
        let cars: Vec<_> =
            as_they_come.carers.iter().map(|carer| carer.vehicle.as_deref()).collect();
        assert_eq!(cars, [Some("car-1"), None, Some("car-1")]);
    }

    #[test]
    fn a_plan_with_shared_cars_keeps_the_rules_and_repeats() {
        for seed in 0..2 {
            let (mut instance, tables) = day(24, 5, seed);
            let pool = ["car-1", "car-2"].map(str::to_owned);
            instance.carers.iter_mut().for_each(|carer| carer.pool = pool.clone().into());
            let never = AtomicBool::new(false);
            let (shared, left) = share_out(&instance, &tables, &budget(&never));
            assert_eq!(share_out(&instance, &tables, &budget(&never)).0, shared);
            let problem = Problem::compile(&shared, &tables).expect("no car is taken twice");
            let plan = render(&shared, &tables, &problem, &search::solve(&problem, &left));
            assert_eq!(verify(&shared, &tables, &plan).breaches, []);
            let drive = shared.carers.iter().filter(|carer| carer.mode == Mode::Car).count();
            assert!(drive >= 1, "seed {seed}");
        }
    }

    #[test]
    fn a_car_with_two_drivers_is_a_breach() {
        let (instance, tables) = parse(FAR).expect("a day");
        let both = instance.carers.iter().map(|carer| (carer.id.clone(), "car-1".to_owned()));
        let both = driven_by(&instance, &both.collect());
        let problem = Problem::of_sound(&both, &tables);
        let plan = render(&both, &tables, &problem, &search::first(&problem));
        let rules = |day: &Instance| -> Vec<_> {
            let verdict = verify(day, &tables, &plan);
            verdict.breaches.iter().map(|breach| breach.rule).collect()
        };
        let sent = plan.work_lists[..2].iter().all(|list| !list.stops.is_empty());
        assert_eq!(rules(&both), if sent { vec!["car-taken-twice"; 2] } else { Vec::new() });
        let mut strange = both.clone();
        strange.carers[1].vehicle = Some("car-9".to_owned());
        assert_eq!(rules(&strange), ["car-unknown"]);
    }
}
