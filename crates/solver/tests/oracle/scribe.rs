//! Writes a plan out of who visits whom in which order, when each visit starts and where the break
//! lies. Writes wrong plans as readily as right ones, consistently in every other figure.

use hjemrute_solver::{
    Carer, CarerRef, Criticality, Instance, Plan, Reason, ReasonCode, Said, Score, Status, Stop,
    Unassigned, Visit, VisitStop, Warning, WorkList,
};
use hjemrute_travel::{Leg, PlaceId, Seconds, Tables, Time};

use crate::may::leg;

/// Where on a list a break lies; the numbers are positions on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    BeforeLeaving,
    OnArrival(usize),
    After(usize),
    /// At its own place, before the visit of that position, and before the keys there or behind.
    Away {
        gap: usize,
        behind_keys: bool,
    },
    Back,
}

/// One carer's day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Route {
    /// Rows of visits, and when they start.
    pub(crate) visits: Vec<(usize, Time)>,
    /// Where and when the break begins.
    pub(crate) rest: Option<(Slot, Time)>,
    /// Where keys are fetched or brought back, each before the visit of that position.
    pub(crate) keys: Vec<(usize, PlaceId)>,
}

/// A plan of one route for each carer; its score is left empty.
pub(crate) fn plan(instance: &Instance, tables: &Tables, routes: &[Route]) -> Plan {
    let work_lists = (0..routes.len())
        .map(|row| Scribe::new(instance, tables, routes, row).list())
        .collect::<Vec<_>>();
    let done =
        |visit: usize| routes.iter().any(|route| route.visits.iter().any(|it| it.0 == visit));
    let rows = 0..instance.visits.len();
    let unassigned =
        rows.clone().filter(|row| !done(*row)).map(|row| left_out(instance, row, &done)).collect();
    let warnings = rows.filter_map(|row| warning(instance, routes, row)).collect();
    Plan { work_lists, unassigned, score: Score::default(), warnings }
}

/// How far a start lies behind the end of the latest window that has opened.
pub(crate) fn late(visit: &Visit, start: Time) -> Seconds {
    let opened = visit.windows.iter().rev().find(|window| window.earliest <= start);
    opened.map_or(Seconds(0), |window| (start - window.latest).max(Seconds(0)))
}

fn left_out(instance: &Instance, row: usize, done: &impl Fn(usize) -> bool) -> Unassigned {
    let visit = &instance.visits[row];
    let first = visit.gap.as_ref().map(|gap| gap.after.clone());
    let without_first = first.is_some_and(|first| {
        let row = instance.visits.iter().position(|visit| visit.id == first);
        row.is_some_and(|row| !done(row))
    });
    let code = match visit.status {
        Status::Cancelled => ReasonCode::Cancelled,
        Status::Planned if without_first => ReasonCode::PredecessorLeftOut,
        Status::Planned => ReasonCode::CapacityExhausted,
    };
    let reason = Reason { code, detail: Said::new("", ""), ruled_out: Vec::new() };
    Unassigned { visit: visit.id.clone(), reason }
}

fn warning(instance: &Instance, routes: &[Route], row: usize) -> Option<Warning> {
    let visit = &instance.visits[row];
    let mut stops = routes.iter().flat_map(|route| &route.visits);
    let (_, start) = stops.find(|stop| stop.0 == row)?;
    let is_late = visit.criticality == Criticality::TimeCritical && late(visit, *start).0 > 0;
    let visit = Some(visit.id.clone());
    let detail = Said::new("late", "for sent");
    is_late.then_some(Warning { code: "time-critical-late", visit, carer: None, detail })
}

/// Where the carer's break is taken.
pub(crate) fn own_place(carer: &Carer) -> PlaceId {
    carer.rest.and_then(|rest| rest.place).expect("a break that is taken away has its place")
}

struct Scribe<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    routes: &'a [Route],
    row: usize,
    carer: &'a Carer,
    at: PlaceId,
    here: PlaceId,
    clock: Time,
    stops: Vec<Stop>,
}

impl<'a> Scribe<'a> {
    fn new(
        instance: &'a Instance,
        tables: &'a Tables,
        routes: &'a [Route],
        row: usize,
    ) -> Scribe<'a> {
        let carer = &instance.carers[row];
        let (at, clock) = (carer.start, carer.shift_start);
        Scribe { instance, tables, routes, row, carer, at, here: at, clock, stops: Vec::new() }
    }

    fn list(mut self) -> WorkList {
        let Route { visits, rest, .. } = &self.routes[self.row];
        let rest_at = |slot: Slot| rest.filter(|rest| rest.0 == slot).map(|rest| rest.1);
        if !visits.is_empty() {
            if let Some(start) = rest_at(Slot::BeforeLeaving) {
                self.rest(self.carer.start, start);
            }
            self.leave(&self.routes[self.row]);
            for (position, (visit, start)) in visits.iter().enumerate() {
                let place = self.instance.visits[*visit].place;
                self.detours(position);
                if let Some(start) = rest_at(Slot::OnArrival(position)) {
                    self.rest(place, start);
                }
                self.visit(*visit, *start);
                if let Some(start) = rest_at(Slot::After(position)) {
                    self.rest(place, start);
                }
            }
            self.detours(visits.len());
            let travel = self.goes(self.carer.end);
            self.clock += travel.seconds;
            self.stops.push(Stop::Return { place: self.carer.end, travel, arrive: self.clock });
            if let Some(start) = rest_at(Slot::Back) {
                self.rest(self.carer.end, start);
            }
        }
        WorkList { carer: self.carer.id.clone(), stops: self.stops }
    }

    /// Sets off so as to be there just in time.
    fn leave(&mut self, route: &Route) {
        let (visit, start) = route.visits[0];
        let place = self.instance.visits[visit].place;
        let before =
            |rest: &&(Slot, Time)| matches!(rest.0, Slot::OnArrival(0) | Slot::Away { gap: 0, .. });
        let rest = route.rest.as_ref().filter(before);
        let mut here = self.at;
        let mut spent = Seconds(0);
        let mut go = |to: PlaceId, door: bool| {
            let way = leg(self.tables, self.carer, here, to).unwrap_or(Leg::NONE).seconds;
            let access = self.instance.places[to.index()].access;
            spent += way + if door && here != to { access } else { Seconds(0) };
            here = to;
        };
        let keys = route.keys.iter().filter(|key| key.0 == 0);
        let away = rest.filter(|rest| matches!(rest.0, Slot::Away { .. }));
        if !away.is_some_and(|rest| rest.0 == Slot::Away { gap: 0, behind_keys: false }) {
            keys.for_each(|key| go(key.1, true));
        }
        match away {
            Some(_) => go(own_place(self.carer), true),
            None => go(place, rest.is_none()),
        }
        let leave = rest.map_or(start, |rest| rest.1) - spent;
        self.clock = leave;
        self.stops.push(Stop::Leave { place: self.at, leave });
    }

    /// The stops for keys before the visit of that position, and the break if it is taken there at
    /// its own place.
    fn detours(&mut self, gap: usize) {
        let Route { rest, keys, .. } = &self.routes[self.row];
        let away = |behind_keys| {
            rest.filter(|rest| rest.0 == Slot::Away { gap, behind_keys }).map(|rest| rest.1)
        };
        if let Some(start) = away(false) {
            self.rest_away(start);
        }
        for (_, place) in keys.iter().filter(|key| key.0 == gap) {
            let access = self.access(*place);
            let travel = self.goes(*place);
            let arrive = self.clock + travel.seconds;
            (self.here, self.clock) = (*place, arrive + access);
            let leave = self.clock;
            self.stops.push(Stop::Key { place: *place, travel, arrive, leave });
        }
        if let Some(start) = away(true) {
            self.rest_away(start);
        }
    }

    fn rest_away(&mut self, start: Time) {
        let place = own_place(self.carer);
        self.rest(place, start);
        self.here = place;
    }

    fn visit(&mut self, row: usize, start: Time) {
        let visit = &self.instance.visits[row];
        let access = self.access(visit.place);
        let travel = self.goes(visit.place);
        let arrive = self.clock + travel.seconds;
        let leave = start + visit.lasts(&self.carer.id);
        self.stops.push(Stop::Visit(VisitStop {
            visit: visit.id.clone(),
            travel,
            arrive,
            wait: (start - (arrive + access)).max(Seconds(0)),
            start,
            leave,
            late: late(visit, start),
            with: self.with(row),
        }));
        (self.here, self.clock) = (visit.place, leave);
    }

    fn rest(&mut self, place: PlaceId, start: Time) {
        let travel = self.goes(place);
        let length = self.carer.rest.map_or(Seconds::minutes(30), |rest| rest.length);
        self.clock = start + length;
        self.stops.push(Stop::Break { place, travel, start, leave: self.clock });
    }

    fn goes(&mut self, to: PlaceId) -> Leg {
        let way = leg(self.tables, self.carer, self.at, to).unwrap_or(Leg::NONE);
        self.at = to;
        way
    }

    fn access(&self, place: PlaceId) -> Seconds {
        if place == self.here { Seconds(0) } else { self.instance.places[place.index()].access }
    }

    fn with(&self, visit: usize) -> Vec<CarerRef> {
        let comes = |row: &usize| self.routes[*row].visits.iter().any(|stop| stop.0 == visit);
        let others = (0..self.routes.len()).filter(|row| *row != self.row).filter(comes);
        others.map(|row| self.instance.carers[row].id.clone()).collect()
    }
}
