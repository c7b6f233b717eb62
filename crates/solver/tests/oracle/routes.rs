//! Every day that one carer could have: which visits in which order, where the break lies, which
//! window each visit uses; and the timing of one or of several such days together.

use std::collections::BTreeMap;

use hjemrute_solver::{Carer, Cost, Criticality, Instance, Visit};
use hjemrute_travel::{PlaceId, Seconds, Tables, Time};

use crate::keys;
use crate::may;
use crate::scribe::{Route, Slot, own_place};
use crate::tally::{carer_continuity, other_carer};
use crate::times::{Arc, Hinge, Timing};

/// A second late on a time-critical visit outranks every sum of a tiny day.
pub(crate) const TIME_CRITICAL: i64 = 10_000_000_000;

/// One carer's day but for its times.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) carer: usize,
    pub(crate) visits: Vec<usize>,
    pub(crate) slot: Option<Slot>,
    /// Where keys are fetched and brought back, each before the visit of that position.
    pub(crate) keys: Vec<(usize, PlaceId)>,
    /// The span of time of each visit, as [`spans`] has them.
    pub(crate) windows: Vec<Option<usize>>,
    /// Travel and continuity.
    fixed: i64,
    /// What it costs at the least: alone, and with no price on late double visits.
    pub(crate) alone: i64,
}

/// Every day of a carer that could be kept were there nobody else, by the set of visits, the
/// cheapest first.
pub(crate) fn choices(
    instance: &Instance,
    tables: &Tables,
    carer: usize,
) -> BTreeMap<u32, Vec<Choice>> {
    let (row, carer) = (carer, &instance.carers[carer]);
    let rides = shortest(instance, tables, carer);
    let all = All { instance, tables, row, carer, rides };
    let mut found = BTreeMap::new();
    all.extend(&mut Vec::new(), all.carer.shift_start, &mut found);
    for choices in found.values_mut() {
        choices.sort_by_key(|choice: &Choice| choice.alone);
    }
    found
}

struct All<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    row: usize,
    carer: &'a Carer,
    /// The shortest rides between places, over others where that is shorter.
    rides: Vec<Vec<Option<Seconds>>>,
}

impl All<'_> {
    /// Puts every further visit at the end, as long as it could be reached in time without a break.
    fn extend(&self, visits: &mut Vec<usize>, free: Time, found: &mut BTreeMap<u32, Vec<Choice>>) {
        for row in 0..self.instance.visits.len() {
            let visit = &self.instance.visits[row];
            let may = may::come(self.instance, self.tables, self.carer, visit);
            if visits.contains(&row) || !may || !self.can_carry(visits, visit) {
                continue;
            }
            let Some(start) = self.soonest(visits.last().copied(), free, visit) else { continue };
            visits.push(row);
            self.keep(visits, found);
            self.extend(visits, start + visit.lasts(&self.carer.id), found);
            visits.pop();
        }
    }

    fn can_carry(&self, visits: &[usize], more: &Visit) -> bool {
        let load: u32 = visits.iter().map(|row| self.instance.visits[*row].load.0).sum();
        self.carer.capacity.is_none_or(|most| load + more.load.0 <= most.0)
    }

    /// When a visit could start after the last one, if that is not too late.
    fn soonest(&self, last: Option<usize>, free: Time, visit: &Visit) -> Option<Time> {
        let here = last.map_or(self.carer.start, |row| self.instance.visits[row].place);
        let ready = free + self.rides[here.index()][visit.place.index()]?;
        let opens = visit.windows.first().map_or(ready, |window| window.earliest.max(ready));
        let start = visit.pinned.start.map_or(opens, |pinned| pinned.max(opens));
        let limit = self.instance.policy.late_limit[visit.criticality.index()];
        let latest = visit.windows.last().map(|window| window.latest + limit);
        (latest.is_none_or(|latest| start <= latest)
            && start + visit.lasts(&self.carer.id) <= self.carer.shift_end + self.carer.overtime)
            .then_some(start)
    }

    /// This order with every place for the break and every choice of windows.
    fn keep(&self, visits: &[usize], found: &mut BTreeMap<u32, Vec<Choice>>) {
        let set = visits.iter().fold(0, |set, row| set | 1 << row);
        for keys in keys::trips(self.instance, self.carer, visits) {
            for slot in self.slots(visits.len(), &keys) {
                let Some(fixed) = self.fixed(visits, slot, &keys) else { continue };
                for windows in self.windows(visits) {
                    let (carer, visits, keys) = (self.row, visits.to_vec(), keys.clone());
                    let mut choice = Choice { carer, visits, slot, keys, windows, fixed, alone: 0 };
                    if let Some(alone) = self.alone(&choice) {
                        choice.alone = alone;
                        found.entry(set).or_default().push(choice);
                    }
                }
            }
        }
    }

    /// What the day costs were there nobody else.
    fn alone(&self, choice: &Choice) -> Option<i64> {
        let timing = Together::of(self.instance, self.tables, &[choice], true)?.timing;
        Some(timing.best(timing.soonest()?).0)
    }

    /// Travel, continuity and other carers than published; none where there is no way.
    fn fixed(
        &self,
        visits: &[usize],
        slot: Option<Slot>,
        keys: &[(usize, PlaceId)],
    ) -> Option<i64> {
        let homewards = (0..=visits.len()).flat_map(|gap| {
            let next = visits.get(gap).map(|row| self.instance.visits[*row].place);
            let detours = detours(self.carer, gap, slot, keys).into_iter();
            detours.map(|(place, _)| place).chain([next.unwrap_or(self.carer.end)])
        });
        let mut at = self.carer.start;
        let mut travel = Seconds(0);
        for place in homewards {
            travel += may::leg(self.tables, self.carer, at, place)?.seconds;
            at = place;
        }
        let mine: Vec<_> = visits.iter().map(|row| &self.instance.visits[*row].id).collect();
        let continuity = carer_continuity(self.instance, &self.carer.id, &mine);
        let others = visits.iter().map(|row| {
            let visit = &self.instance.visits[*row];
            other_carer(self.instance, &self.carer.id, visit)
        });
        let others: Cost = others.sum();
        Some((self.instance.policy.travel.of(travel) + continuity + others).0)
    }

    fn slots(&self, visits: usize, keys: &[(usize, PlaceId)]) -> Vec<Option<Slot>> {
        let Some(rest) = self.carer.rest else { return vec![None] };
        if let Some(place) = rest.place {
            let with_keys = |gap: &usize| keys.iter().any(|key| key.0 == *gap);
            let away = |behind_keys| move |gap| Slot::Away { gap, behind_keys };
            let first = (0..=visits).map(away(false));
            let behind = (0..=visits).filter(with_keys).map(away(true));
            let leaving = (place == self.carer.start).then_some(Slot::BeforeLeaving);
            let back = (place == self.carer.end).then_some(Slot::Back);
            return first.chain(behind).chain(leaving).chain(back).map(Some).collect();
        }
        let on_the_way = (0..visits).flat_map(|at| [Slot::OnArrival(at), Slot::After(at)]);
        [Slot::BeforeLeaving, Slot::Back].into_iter().chain(on_the_way).map(Some).collect()
    }

    fn windows(&self, visits: &[usize]) -> Vec<Vec<Option<usize>>> {
        let mut chosen = vec![Vec::new()];
        for row in visits {
            let count = spans(self.instance, &self.instance.visits[*row]).len();
            let each: Vec<Option<usize>> = (0..count).map(Some).collect();
            let longer = |windows: &Vec<Option<usize>>| {
                let windows = windows.clone();
                each.clone().into_iter().map(move |window| {
                    let mut windows = windows.clone();
                    windows.push(window);
                    windows
                })
            };
            chosen = chosen.iter().flat_map(longer).collect();
        }
        chosen
    }
}

/// A span of time in which a visit may start, late behind `due`, and what it costs by what was
/// published.
struct Span {
    earliest: Time,
    due: Option<Time>,
    until: Time,
    price: Cost,
}

/// Every span in which the visit may start: its windows, each parted by whether the time is the one
/// that the patient would like, and the one that was published.
fn spans(instance: &Instance, visit: &Visit) -> Vec<Span> {
    let limit = instance.policy.late_limit[visit.criticality.index()];
    let (first, last) = (Time(0), Time(10 * 86_400));
    let mut whole: Vec<(Time, Option<Time>, Time)> = Vec::new();
    for window in &visit.windows {
        whole.push((window.earliest, Some(window.latest), window.latest + limit));
    }
    if whole.is_empty() {
        whole.push((first, None, last));
    }
    let policy = &instance.policy;
    let promise = instance.published.as_ref().and_then(|told| told.promises.get(&visit.id));
    let promise = promise.filter(|_| visit.helps.is_none());
    let promise = promise.map(|it| (it.start, policy.time_tolerance, policy.other_time));
    let liked = visit.preferred.map(|it| (it, policy.preferred_tolerance, policy.not_preferred));
    let free = |(earliest, due, until)| Span { earliest, due, until, price: Cost::ZERO };
    let mut spans: Vec<Span> = whole.into_iter().map(free).collect();
    for (at, tolerance, price) in [liked, promise].into_iter().flatten() {
        let (from, until) = (at - tolerance, at + tolerance);
        let parts = [
            (first, from - Seconds(1), price),
            (from, until, Cost::ZERO),
            (until + Seconds(1), last, price),
        ];
        let cut = |span: &Span, (from, to, more): (Time, Time, Cost)| Span {
            earliest: span.earliest.max(from),
            due: span.due,
            until: span.until.min(to),
            price: span.price + more,
        };
        let cut_all = |span: Span| parts.map(|part| cut(&span, part));
        spans = spans.into_iter().flat_map(cut_all).filter(|it| it.earliest <= it.until).collect();
    }
    spans
}

/// The places where the carer goes before the visit of that position, and whether for the break.
fn detours(
    carer: &Carer,
    gap: usize,
    slot: Option<Slot>,
    keys: &[(usize, PlaceId)],
) -> Vec<(PlaceId, bool)> {
    let away = |behind_keys| {
        let there = slot == Some(Slot::Away { gap, behind_keys });
        there.then(|| (own_place(carer), true))
    };
    let keys = keys.iter().filter(|key| key.0 == gap).map(|key| (key.1, false));
    away(false).into_iter().chain(keys).chain(away(true)).collect()
}

/// The shortest rides between all places (Floyd 1962): no break and no key makes a carer sooner.
fn shortest(instance: &Instance, tables: &Tables, carer: &Carer) -> Vec<Vec<Option<Seconds>>> {
    let places = (0..instance.places.len() as u32).map(PlaceId);
    let ride = |from, to| may::leg(tables, carer, from, to).map(|leg| leg.seconds);
    let row = |from| places.clone().map(|to| ride(from, to)).collect();
    let mut rides: Vec<Vec<Option<Seconds>>> = places.clone().map(row).collect();
    for by in 0..rides.len() {
        for from in 0..rides.len() {
            for to in 0..rides.len() {
                let over = rides[from][by].zip(rides[by][to]).map(|(one, other)| one + other);
                rides[from][to] = rides[from][to].into_iter().chain(over).min();
            }
        }
    }
    rides
}

/// The way to a visit with the access at its door, paid unless the carer is there already.
fn way(
    instance: &Instance,
    tables: &Tables,
    carer: &Carer,
    here: PlaceId,
    to: PlaceId,
) -> Option<Seconds> {
    let access = if here == to { Seconds(0) } else { instance.places[to.index()].access };
    Some(may::leg(tables, carer, here, to)?.seconds + access)
}

/// Several carers' days with one start for each visit.
pub(crate) struct Together<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    choices: &'a [&'a Choice],
    pub(crate) timing: Timing,
    /// The node of each visit.
    visits: BTreeMap<usize, usize>,
    /// The node of each choice's break, if it is on the way.
    rests: Vec<Option<usize>>,
}

impl<'a> Together<'a> {
    /// None where two carers would use different windows of a visit, or a break does not fit. With
    /// `alone`, late double visits cost nothing: their price is nobody's alone.
    pub(crate) fn of(
        instance: &'a Instance,
        tables: &'a Tables,
        choices: &'a [&'a Choice],
        alone: bool,
    ) -> Option<Together<'a>> {
        let (timing, visits, rests) = (Timing::default(), BTreeMap::new(), Vec::new());
        let mut together = Together { instance, tables, choices, timing, visits, rests };
        let mut windows = BTreeMap::new();
        for choice in choices {
            for (row, window) in choice.visits.iter().zip(&choice.windows) {
                if *windows.entry(*row).or_insert(*window) != *window {
                    return None;
                }
            }
        }
        for (row, window) in windows {
            together.visit(row, window, alone);
        }
        for choice in choices {
            together.route(choice)?;
        }
        together.gaps();
        Some(together)
    }

    fn node(&mut self, earliest: Time, latest: Time) -> usize {
        self.timing.earliest.push(earliest.0);
        self.timing.latest.push(latest.0);
        self.timing.earliest.len() - 1
    }

    fn visit(&mut self, row: usize, window: Option<usize>, alone: bool) {
        let visit = &self.instance.visits[row];
        let policy = &self.instance.policy;
        let spans = spans(self.instance, visit);
        let span = &spans[window.expect("each visit has a span of time")];
        let (mut earliest, mut latest) = (span.earliest, span.until);
        if let Some(pinned) = visit.pinned.start {
            (earliest, latest) = (earliest.max(pinned), latest.min(pinned));
        }
        let node = self.node(earliest, latest);
        self.visits.insert(row, node);
        if !alone || visit.crew.len() == 1 {
            self.timing.fixed += span.price.0;
        }
        if let Some(after) = span.due.filter(|_| !alone || visit.crew.len() == 1) {
            let rate = match visit.criticality {
                Criticality::TimeCritical => TIME_CRITICAL,
                other => i64::from(policy.late[other.index()].0),
            };
            self.timing.hinges.push(Hinge { node, after: after.0, rate });
        }
    }

    fn route(&mut self, choice: &Choice) -> Option<()> {
        let (instance, tables) = (self.instance, self.tables);
        let carer = &instance.carers[choice.carer];
        self.timing.fixed += choice.fixed;
        let rest_node = self.rest_node(carer, choice.slot);
        self.rests.push(rest_node);
        let length = carer.rest.map_or(Seconds(0), |rest| rest.length);
        // The last thing before the next way: its node (none is the start place), how long it
        // takes, and the way to what comes next.
        let (mut last, mut busy, mut here) = (None, Seconds(0), carer.start);
        for (position, row) in choice.visits.iter().enumerate() {
            let visit = &instance.visits[*row];
            let node = self.visits[row];
            for (place, rests) in detours(carer, position, choice.slot, &choice.keys) {
                busy += way(instance, tables, carer, here, place)?;
                here = place;
                if let Some(rest) = rest_node.filter(|_| rests) {
                    self.follows(carer, choice, last, rest, busy)?;
                    (last, busy) = (Some(rest), length);
                }
            }
            let mut to_start = busy + way(instance, tables, carer, here, visit.place)?;
            if let Some(rest) = rest_node.filter(|_| choice.slot == Some(Slot::OnArrival(position)))
            {
                let drive = may::leg(tables, carer, here, visit.place)?.seconds;
                self.follows(carer, choice, last, rest, busy + drive)?;
                (last, to_start) = (Some(rest), to_start - busy - drive + length);
            }
            self.follows(carer, choice, last, node, to_start)?;
            (last, busy, here) = (Some(node), visit.lasts(&carer.id), visit.place);
            if let Some(rest) = rest_node.filter(|_| choice.slot == Some(Slot::After(position))) {
                self.follows(carer, choice, last, rest, busy)?;
                (last, busy) = (Some(rest), length);
            }
        }
        for (place, rests) in detours(carer, choice.visits.len(), choice.slot, &choice.keys) {
            busy += way(instance, tables, carer, here, place)?;
            here = place;
            if let Some(rest) = rest_node.filter(|_| rests) {
                self.follows(carer, choice, last, rest, busy)?;
                (last, busy) = (Some(rest), length);
            }
        }
        let home = busy + may::leg(tables, carer, here, carer.end)?.seconds;
        self.end(carer, choice, last?, home)
    }

    fn rest_node(&mut self, carer: &Carer, slot: Option<Slot>) -> Option<usize> {
        match slot? {
            Slot::OnArrival(_) | Slot::After(_) | Slot::Away { .. } => {
                let rest = carer.rest?;
                Some(self.node(rest.earliest, rest.latest - rest.length))
            }
            Slot::BeforeLeaving | Slot::Back => None,
        }
    }

    /// `node` comes after the last thing, or first of all.
    fn follows(
        &mut self,
        carer: &Carer,
        choice: &Choice,
        last: Option<usize>,
        to: usize,
        least: Seconds,
    ) -> Option<()> {
        let rate = i64::from(self.instance.policy.waiting.0);
        match last {
            Some(from) => self.timing.arcs.push(Arc { from, to, least: least.0, rate }),
            None => {
                let ready = leaves(carer, choice.slot)? + least;
                self.timing.earliest[to] = self.timing.earliest[to].max(ready.0);
            }
        }
        Some(())
    }

    /// The return, a break after it, and overtime.
    fn end(&mut self, carer: &Carer, choice: &Choice, last: usize, home: Seconds) -> Option<()> {
        let mut latest = carer.shift_end + carer.overtime;
        let (mut behind, mut least) = (carer.shift_end, Seconds(0));
        if let Some(rest) = carer.rest.filter(|_| choice.slot == Some(Slot::Back)) {
            let done = latest.min(rest.latest);
            if rest.earliest + rest.length > done {
                return None;
            }
            latest = done - rest.length;
            least = (rest.earliest + rest.length - carer.shift_end).max(Seconds(0));
            behind = carer.shift_end + least - rest.length;
        }
        self.timing.latest[last] = self.timing.latest[last].min((latest - home).0);
        self.timing.fixed += self.instance.policy.overtime.of(least).0;
        let rate = i64::from(self.instance.policy.overtime.0);
        self.timing.hinges.push(Hinge { node: last, after: (behind - home).0, rate });
        Some(())
    }

    fn gaps(&mut self) {
        let instance = self.instance;
        for (row, to) in &self.visits {
            let Some(gap) = &instance.visits[*row].gap else { continue };
            let first = instance.visits.iter().position(|visit| visit.id == gap.after);
            let Some(from) = first.and_then(|first| self.visits.get(&first)) else { continue };
            self.timing.arcs.push(Arc { from: *from, to: *to, least: gap.min.0, rate: 0 });
            if let Some(max) = gap.max {
                self.timing.arcs.push(Arc { from: *to, to: *from, least: -max.0, rate: 0 });
            }
        }
    }

    /// The routes at these starts, one for each carer of the instance.
    pub(crate) fn routes(&self, starts: &[i32]) -> Vec<Route> {
        let mut routes = vec![Route::default(); self.instance.carers.len()];
        for (choice, rest) in self.choices.iter().zip(&self.rests) {
            let visits = choice.visits.iter();
            let visits: Vec<(usize, Time)> =
                visits.map(|row| (*row, Time(starts[self.visits[row]]))).collect();
            let begin = rest.map(|node| Time(starts[node]));
            let rest = choice.slot.zip(begin.or_else(|| self.rest_at_base(choice, &visits)));
            routes[choice.carer] = Route { visits, rest, keys: choice.keys.clone() };
        }
        routes
    }

    /// When a break before leaving or after the return begins.
    fn rest_at_base(&self, choice: &Choice, visits: &[(usize, Time)]) -> Option<Time> {
        let carer = &self.instance.carers[choice.carer];
        let earliest = carer.rest?.earliest;
        if choice.slot == Some(Slot::BeforeLeaving) {
            return Some(earliest.max(carer.shift_start));
        }
        let (row, start) = visits.last()?;
        let visit = &self.instance.visits[*row];
        let (mut here, mut back) = (visit.place, *start + visit.lasts(&carer.id));
        for (place, _) in detours(carer, visits.len(), choice.slot, &choice.keys) {
            back += way(self.instance, self.tables, carer, here, place)?;
            here = place;
        }
        back += may::leg(self.tables, carer, here, carer.end)?.seconds;
        Some(earliest.max(back))
    }
}

/// From when the carer may be on the way.
fn leaves(carer: &Carer, slot: Option<Slot>) -> Option<Time> {
    match (slot, carer.rest) {
        (Some(Slot::BeforeLeaving), Some(rest)) => {
            let over = carer.shift_start.max(rest.earliest) + rest.length;
            (over <= rest.latest).then_some(over)
        }
        _ => Some(carer.shift_start),
    }
}
