//! A day with a right plan, and what is needed to spoil it: picking a stop at random, writing the
//! plan again, moving the goal posts.

use hjemrute_solver::{
    Gap, Instance, Plan, Reason, ReasonCode, Said, Stop, TimeWindow, Unassigned, VisitId, VisitStop,
};
use hjemrute_travel::{Mode, PlaceId, Seconds, Table, Tables, Time};

use crate::best;
use crate::draw::{Dice, Kind, day};
use crate::scribe::{self, Route};

/// A day with a right plan of it.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) instance: Instance,
    pub(super) tables: Tables,
    pub(super) routes: Vec<Route>,
    pub(super) plan: Plan,
    pub(super) dice: Dice,
}

pub(super) fn left_out(visit: VisitId, code: ReasonCode) -> Unassigned {
    let reason = Reason { code, detail: Said::new("", ""), ruled_out: Vec::new() };
    Unassigned { visit, reason }
}

pub(super) fn begins(stop: &Stop) -> Time {
    match stop {
        Stop::Leave { leave, .. } => *leave,
        Stop::Visit(stop) => stop.start,
        Stop::Key { arrive, .. } => *arrive,
        Stop::Break { start, .. } => *start,
        Stop::Return { arrive, .. } => *arrive,
    }
}

pub(super) fn ends(stop: &Stop) -> Time {
    match stop {
        Stop::Visit(VisitStop { leave, .. })
        | Stop::Leave { leave, .. }
        | Stop::Key { leave, .. }
        | Stop::Break { leave, .. } => *leave,
        Stop::Return { arrive, .. } => *arrive,
    }
}

impl Case {
    pub(super) fn new(seed: u64) -> Case {
        let (instance, tables) = day(seed, Kind::TINY);
        let (routes, plan) = best::answer(&instance, &tables);
        Case { instance, tables, routes, plan, dice: Dice::new(seed) }
    }

    /// The plan again, from its routes.
    pub(super) fn rewrite(&mut self) {
        self.plan = scribe::plan(&self.instance, &self.tables, &self.routes);
    }

    /// One of so many rows.
    pub(super) fn some_row(&mut self, rows: usize) -> Option<usize> {
        (rows > 0).then(|| self.dice.between(0, rows as i32 - 1) as usize)
    }

    /// The row of a visit, a route it is on, and where on it.
    pub(super) fn some_stop(
        &mut self,
        fits: impl Fn(&Case, usize) -> bool,
    ) -> Option<(usize, usize, usize)> {
        let mut stops = Vec::new();
        for (row, route) in self.routes.iter().enumerate() {
            for (at, (visit, _)) in route.visits.iter().enumerate() {
                if fits(self, *visit) {
                    stops.push((*visit, row, at));
                }
            }
        }
        (!stops.is_empty()).then(|| *self.dice.pick(&stops))
    }

    /// A visit's stop as it is written.
    pub(super) fn some_written(
        &mut self,
        fits: fn(&Case, &VisitStop) -> bool,
    ) -> Option<&mut VisitStop> {
        let mut stops = Vec::new();
        for (row, list) in self.plan.work_lists.iter().enumerate() {
            for (at, stop) in list.stops.iter().enumerate() {
                if matches!(stop, Stop::Visit(stop) if fits(self, stop)) {
                    stops.push((row, at));
                }
            }
        }
        if stops.is_empty() {
            return None;
        }
        let (row, at) = *self.dice.pick(&stops);
        match &mut self.plan.work_lists[row].stops[at] {
            Stop::Visit(stop) => Some(stop),
            _ => None,
        }
    }

    /// Says another reason of a planned visit that it cannot be true of.
    pub(super) fn blame(
        &mut self,
        code: ReasonCode,
        untrue: fn(&Case, usize) -> bool,
    ) -> Option<()> {
        let rows: Vec<usize> = (0..self.plan.unassigned.len())
            .filter(|at| {
                let out = &self.plan.unassigned[*at];
                out.reason.code != ReasonCode::Cancelled && untrue(self, self.row(&out.visit))
            })
            .collect();
        let at = *rows.first()?;
        self.plan.unassigned[at].reason.code = code;
        Some(())
    }

    /// When somebody is back.
    pub(super) fn some_return(&mut self) -> Option<&mut Time> {
        let mut stops = self.plan.work_lists.iter_mut().flat_map(|list| &mut list.stops);
        stops.find_map(|stop| match stop {
            Stop::Return { arrive, .. } => Some(arrive),
            _ => None,
        })
    }

    /// Whose break, from when, until when.
    pub(super) fn some_break(&self) -> Option<(usize, Time, Time)> {
        let mut lists = self.plan.work_lists.iter().enumerate();
        lists.find_map(|(row, list)| {
            list.stops.iter().find_map(|stop| match stop {
                Stop::Break { start, leave, .. } => Some((row, *start, *leave)),
                _ => None,
            })
        })
    }

    pub(super) fn row(&self, visit: &VisitId) -> usize {
        self.instance.visits.iter().position(|other| other.id == *visit).unwrap_or(usize::MAX)
    }

    pub(super) fn crew(&self, visit: usize) -> usize {
        self.instance.visits[visit].crew.len()
    }

    pub(super) fn start(&self, visit: usize) -> Time {
        let mut stops = self.routes.iter().flat_map(|route| &route.visits);
        stops.find(|stop| stop.0 == visit).expect("the visit is done").1
    }

    pub(super) fn late_limit(&self, visit: usize) -> Seconds {
        let criticality = self.instance.visits[visit].criticality;
        self.instance.policy.late_limit[criticality.index()]
    }

    /// One window, and the lists say how late that makes the visit.
    pub(super) fn set_window(
        &mut self,
        visit: usize,
        (earliest, latest): (Time, Time),
        late: Seconds,
    ) -> Option<()> {
        self.instance.visits[visit].windows = vec![TimeWindow { earliest, latest }];
        self.rewrite();
        let id = &self.instance.visits[visit].id;
        let lists = self.plan.work_lists.iter().flat_map(|list| &list.stops);
        let mut written = lists.filter(|stop| matches!(stop, Stop::Visit(it) if it.visit == *id));
        written.all(|stop| matches!(stop, Stop::Visit(it) if it.late == late)).then_some(())
    }

    pub(super) fn set_gap(
        &mut self,
        visit: usize,
        after: usize,
        (min, max): (Seconds, Option<Seconds>),
    ) -> Option<()> {
        let after = self.instance.visits[after].id.clone();
        self.instance.visits[visit].gap = Some(Gap { after, min, max, apart: false, whole: false });
        Some(())
    }

    /// Two different visits that are done.
    pub(super) fn two_visits(&mut self) -> Option<(usize, usize)> {
        let (first, _, _) = self.some_stop(|_, _| true)?;
        let stops = self.routes.iter().flat_map(|route| &route.visits);
        let then = stops.map(|stop| stop.0).find(|visit| *visit != first)?;
        Some((first, then))
    }

    pub(super) fn other_place(&self, place: PlaceId) -> PlaceId {
        PlaceId((place.0 + 1) % self.instance.places.len() as u32)
    }

    /// The table without one way.
    pub(super) fn cut(&mut self, mode: Mode, way: (PlaceId, PlaceId)) -> Option<()> {
        if way.0 == way.1 {
            return None;
        }
        let table = self.tables.get(mode)?;
        let cut = Table::from_fn(table.places(), |from, to| {
            if (from, to) == way { None } else { table.leg(from, to) }
        });
        self.tables = self.tables.clone().with(mode, cut);
        Some(())
    }

    /// Something absurd somewhere.
    pub(super) fn scramble(&mut self) {
        let absurd = *self.dice.pick(&[i32::MIN, -1, 0, 86_400, i32::MAX]);
        let place = PlaceId(absurd as u32);
        let Some(row) = self.plan.work_lists.len().checked_sub(1) else { return };
        let row = self.dice.between(0, row as i32) as usize;
        let what = self.dice.between(0, 9);
        let stops = &mut self.plan.work_lists[row].stops;
        if stops.is_empty() {
            return;
        }
        let at = self.dice.between(0, stops.len() as i32 - 1) as usize;
        match (what, &mut stops[at]) {
            (0, _) => drop(stops.remove(at)),
            (1, _) => stops.reverse(),
            (2, stop) => {
                let again = stop.clone();
                stops.push(again);
            }
            (3, _) => drop(self.plan.work_lists.remove(row)),
            (4, _) => self.instance.visits.truncate(at),
            (5, _) => self.instance.carers.truncate(row),
            (6, Stop::Visit(stop)) => (stop.start, stop.wait) = (Time(absurd), Seconds(absurd)),
            (_, Stop::Visit(stop)) => (stop.arrive, stop.leave) = (Time(absurd), Time(absurd)),
            (_, Stop::Leave { place: at, leave }) => (*at, *leave) = (place, Time(absurd)),
            (_, Stop::Key { place: at, leave, .. }) => (*at, *leave) = (place, Time(absurd)),
            (_, Stop::Break { place: at, start, .. }) => (*at, *start) = (place, Time(absurd)),
            (_, Stop::Return { place: at, travel, arrive }) => {
                (*at, *arrive, travel.seconds) = (place, Time(absurd), Seconds(absurd));
            }
        }
    }
}
