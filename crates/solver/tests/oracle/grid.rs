//! The oracle itself against the plainest enumeration there is: coarse days, every crew, every start
//! and every break on the quarter of an hour, written down and judged by `verify`.

use std::collections::BTreeSet;

use hjemrute_solver::{Cost, Instance, Policy, Rate, Status, notation, verify};
use hjemrute_travel::{PlaceId, Seconds, Tables, Time};

use crate::best;
use crate::draw::{Dice, Kind, day};
use crate::scribe::{self, Route, Slot};
use crate::solved::solved;
use crate::tally::{Key, key};

const QUARTER: i32 = 900;

#[test]
fn no_plan_on_the_grid_is_better() {
    let mut tried = 0;
    for seed in 0..crate::days::count(120) {
        let (instance, tables) = day(seed, Kind::COARSE);
        let mut grid = Grid { instance: &instance, tables: &tables, best: None, plans: 0 };
        grid.visit(0, &mut vec![Route::default(); instance.carers.len()]);
        let wanted = key(&instance, &best::plan(&instance, &tables));
        let text = || notation::print(&instance, &tables);
        assert_eq!(grid.best, Some(wanted), "seed {seed}\n{}", text());
        tried += grid.plans;
    }
    assert!(tried > 100_000, "{tried}");
}

/// On how many of those days the solver may miss the best plan: where a price looks at all carers at once
/// it is led by prices of each by itself.
const MISSED: usize = 3;

/// Where waiting may be dearer than lateness, breaks may be missed, and prices look at all carers at
/// once, the solver is held against the grid.
#[test]
fn the_solver_finds_the_best_of_the_grid_whatever_the_prices() {
    let (mut paid, mut missed) = ([0; 6], 0);
    for seed in 0..crate::days::count(100) {
        let (mut instance, tables) = day(seed, Kind::COARSE);
        weigh(&mut instance.policy, &mut Dice::new(seed));
        for rest in instance.carers.iter_mut().filter_map(|carer| carer.rest.as_mut()) {
            rest.latest = rest.earliest + rest.length;
        }
        let Some(got) = solved(&instance, &tables, 500) else { continue };
        let mut grid = Grid { instance: &instance, tables: &tables, best: None, plans: 0 };
        grid.visit(0, &mut vec![Route::default(); instance.carers.len()]);
        let verdict = verify(&instance, &tables, &got);
        let report = || crate::days::report(seed, &instance, &tables, &[&got]);
        assert!(verdict.breaches.is_empty(), "{:#?}\n{}", verdict.breaches, report());
        let (got_key, best) = (key(&instance, &got), grid.best.expect("all may stay"));
        assert!(got_key >= best, "better than {best:?}: {}", report());
        missed += usize::from(got_key > best);
        let parts = got.score.parts;
        let told = [parts.work, parts.balance, parts.worst_wait, parts.missed_breaks];
        let told = told.into_iter().chain([parts.worst_idle, parts.worst_late]);
        told.zip(&mut paid).for_each(|(part, paid)| *paid += u32::from(part.0 > 0));
    }
    assert!(missed <= MISSED && paid.iter().all(|days| *days > 0), "{missed} {paid:?}");
}

/// Prices as no profile has them.
fn weigh(policy: &mut Policy, dice: &mut Dice) {
    let mut rate = |most| Rate(dice.between(0, most));
    (policy.late, policy.waiting) = ([rate(0), rate(20), rate(20), rate(20)], rate(40));
    (policy.overtime, policy.travel) = (rate(40), rate(20));
    (policy.worst_late, policy.worst_idle, policy.worst_wait) = (rate(60), rate(40), rate(40));
    (policy.work, policy.balance) = (rate(5), rate(10));
    let mut may = |most| dice.chance(50).then(|| Cost(dice.between(0, most).into()));
    (policy.avoided, policy.unskilled) = (may(30_000), may(30_000));
    policy.missed_break = dice.chance(60).then(|| Cost(dice.between(0, 6000).into()));
}

struct Grid<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    best: Option<Key>,
    plans: u64,
}

impl Grid<'_> {
    /// Leaves the visit out, or gives it every crew at every start.
    fn visit(&mut self, row: usize, routes: &mut Vec<Route>) {
        let Some(visit) = self.instance.visits.get(row) else {
            return self.rest(0, routes);
        };
        self.visit(row + 1, routes);
        if visit.status == Status::Cancelled {
            return;
        }
        for crew in 1..1_u32 << routes.len() {
            if crew.count_ones() as usize == visit.crew.len() {
                for start in starts() {
                    let before = routes.clone();
                    for (carer, route) in routes.iter_mut().enumerate() {
                        if crew >> carer & 1 == 1 {
                            route.visits.push((row, start));
                            route.visits.sort_by_key(|stop| stop.1);
                        }
                    }
                    self.visit(row + 1, routes);
                    *routes = before;
                }
            }
        }
    }

    /// Gives every carer with a break every place and every start for it.
    fn rest(&mut self, row: usize, routes: &mut Vec<Route>) {
        let Some(route) = routes.get(row) else { return self.keys(0, routes) };
        let Some(rest) = self.instance.carers[row].rest.filter(|_| !route.visits.is_empty()) else {
            return self.rest(row + 1, routes);
        };
        let on_the_way =
            (0..route.visits.len()).flat_map(|at| [Slot::OnArrival(at), Slot::After(at)]);
        let away = (0..=route.visits.len())
            .flat_map(|gap| [false, true].map(|behind_keys| Slot::Away { gap, behind_keys }));
        let anywhere: Vec<Slot> = match rest.place {
            None => on_the_way.collect(),
            Some(_) => away.collect(),
        };
        let slots: Vec<Slot> =
            [Slot::BeforeLeaving, Slot::Back].into_iter().chain(anywhere).collect();
        for slot in slots {
            let within =
                |start: &Time| *start >= rest.earliest && *start + rest.length <= rest.latest;
            for start in starts().filter(within) {
                routes[row].rest = Some((slot, start));
                self.rest(row + 1, routes);
            }
        }
        routes[row].rest = None;
        if self.instance.policy.missed_break.is_some() {
            self.rest(row + 1, routes);
        }
    }

    /// Gives every carer every stop for a key that hangs anywhere.
    fn keys(&mut self, row: usize, routes: &mut Vec<Route>) {
        let Some(route) = routes.get(row) else { return self.judge(routes) };
        let places = || self.instance.places.iter();
        let stops = |at: &(usize, Time)| self.instance.visits[at.0].place;
        let hooks: BTreeSet<PlaceId> =
            route.visits.iter().filter_map(|at| places().nth(stops(at).index())?.key_at).collect();
        let mut all: Vec<Vec<(usize, PlaceId)>> = vec![Vec::new()];
        let gaps = route.visits.len() + 1;
        for hook in hooks {
            let with = |keys: &Vec<(usize, PlaceId)>| {
                let keys = keys.clone();
                (0..1_usize << gaps).map(move |set| {
                    let more = (0..gaps).filter(move |gap| set >> gap & 1 == 1);
                    keys.iter().copied().chain(more.map(|gap| (gap, hook))).collect()
                })
            };
            all = all.iter().flat_map(with).collect();
        }
        for keys in all {
            routes[row].keys = keys;
            self.keys(row + 1, routes);
        }
        routes[row].keys.clear();
    }

    fn judge(&mut self, routes: &[Route]) {
        let mut plan = scribe::plan(self.instance, self.tables, routes);
        plan.score = crate::tally::score(self.instance, &plan);
        let key = key(self.instance, &plan);
        if self.best.is_some_and(|best| best <= key) {
            return;
        }
        self.plans += 1;
        if verify(self.instance, self.tables, &plan).breaches.is_empty() {
            self.best = Some(key);
        }
    }
}

fn starts() -> impl Iterator<Item = Time> {
    let first = Time::at(7, 0);
    (0..14).map(move |step| first + Seconds(QUARTER) * step)
}
