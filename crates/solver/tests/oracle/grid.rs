//! The oracle itself against the plainest enumeration there is: coarse days, every crew, every start
//! and every break on the quarter of an hour, written down and judged by `verify`.

use std::collections::BTreeSet;

use hjemrute_solver::{Instance, Status, notation, verify};
use hjemrute_travel::{PlaceId, Seconds, Tables, Time};

use crate::best;
use crate::draw::{Kind, day};
use crate::scribe::{self, Route, Slot};
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
