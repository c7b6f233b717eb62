//! Makes the instance out of the entries of a list that have no fault: wall times become moments,
//! names of places become rows of the travel tables. A time that the clocks skip or show twice is
//! taken and told.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{
    Break, Carer, CarerRef, Instance, Load, LocationId, PatientRef, Pin, Place, Policy, Said,
    TimeWindow, Visit, VisitId, Warning,
};
use hjemrute_travel::{PlaceId, Time};

use super::places::Spot;
use crate::day::{Day, Wall};
use crate::wire::{self, Item, List, Span, WallTime};

/// An instance, where its places are, and what was told in making it.
pub(super) struct Built {
    pub(super) instance: Instance,
    pub(super) spots: Vec<Spot>,
    pub(super) warnings: Vec<Warning>,
}

pub(super) fn instance(list: &List, spots: &[Option<Spot>], day: &Day, policy: &Policy) -> Built {
    let homes: BTreeMap<&str, &str> =
        good(&list.patients).map(|(id, patient)| (id, patient.location.as_str())).collect();
    let used = used_locations(list, &homes);
    let mut places = Vec::new();
    let mut rows = BTreeMap::new();
    let mut kept = Vec::new();
    for (item, spot) in list.locations.iter().zip(spots) {
        let (Some(location), Some(spot)) = (&item.value, spot) else { continue };
        if !used.contains(item.id.as_str()) {
            continue;
        }
        rows.insert(item.id.as_str(), PlaceId(places.len() as u32));
        let id = LocationId(item.id.clone());
        let (position, access) = (spot.position, location.access);
        places.push(Place { id, position, access, key_at: None });
        kept.push(spot.clone());
    }
    for item in &list.locations {
        let key = item.value.as_ref().and_then(|location| location.key_at.as_deref());
        if let (Some(row), Some(key)) = (rows.get(item.id.as_str()), key) {
            places[row.index()].key_at = rows.get(key).copied();
        }
    }
    let mut clock = Clock { day, policy, told: Vec::new() };
    let mut warnings = Vec::new();
    let visits = good(&list.visits)
        .map(|(id, visit)| {
            let visit = clock.visit(id, visit, rows[homes[visit.patient.as_str()]]);
            let id = visit.id.clone();
            warnings.extend(clock.told.drain(..).map(|told| told.about(Some(id.clone()), None)));
            visit
        })
        .collect();
    let carers = good(&list.carers)
        .map(|(id, carer)| {
            let carer = clock.carer(id, carer, &rows);
            let id = carer.id.clone();
            warnings.extend(clock.told.drain(..).map(|told| told.about(None, Some(id.clone()))));
            carer
        })
        .collect();
    let instance = Instance { places, visits, carers, policy: policy.clone(), published: None };
    Built { instance, spots: kept, warnings }
}

fn good<T>(items: &[Item<T>]) -> impl Iterator<Item = (&str, &T)> {
    items
        .iter()
        .filter(|item| item.is_good())
        .filter_map(|item| Some((item.id.as_str(), item.value.as_ref()?)))
}

fn used_locations<'l>(list: &'l List, homes: &BTreeMap<&str, &'l str>) -> BTreeSet<&'l str> {
    let visited = good(&list.visits).map(|(_, visit)| homes[visit.patient.as_str()]);
    let bases = good(&list.carers).flat_map(|(_, carer)| {
        let rest = carer.rest.as_ref().and_then(|rest| rest.place.as_ref());
        [Some(&carer.start), carer.end.as_ref(), rest].into_iter().flatten().map(String::as_str)
    });
    let used: BTreeSet<&str> = visited.chain(bases).collect();
    let keys = good(&list.locations).filter(|(id, _)| used.contains(id));
    let keys: Vec<&str> = keys.filter_map(|(_, location)| location.key_at.as_deref()).collect();
    used.into_iter().chain(keys).collect()
}

/// Turns wall times into moments and keeps what should be told about them.
struct Clock<'a> {
    day: &'a Day,
    policy: &'a Policy,
    told: Vec<Odd>,
}

/// A wall time that is not there, or is there twice.
struct Odd {
    wall: WallTime,
    taken: String,
    skipped: bool,
}

impl Odd {
    fn about(self, visit: Option<VisitId>, carer: Option<CarerRef>) -> Warning {
        let Odd { wall: WallTime(minutes), taken, skipped } = self;
        let wall = format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let (code, detail) = if skipped {
            (
                "dst-gap-shifted",
                Said::new(
                    format!(
                        "{wall} does not exist on this day (summer time begins); {taken} was used."
                    ),
                    format!(
                        "{wall} finnes ikke denne dagen (sommertiden begynner); {taken} er brukt."
                    ),
                ),
            )
        } else {
            (
                "dst-fold-first",
                Said::new(
                    format!(
                        "{wall} comes twice on this day (summer time ends); the first was used."
                    ),
                    format!(
                        "{wall} kommer to ganger denne dagen (sommertiden slutter); den første er brukt."
                    ),
                ),
            )
        };
        Warning { code, visit, carer, detail }
    }
}

impl Clock<'_> {
    fn moment(&mut self, wall: WallTime) -> Time {
        let moment = self.day.moment(wall.0).expect("the reader keeps to ordinary years");
        let (time, skipped) = match moment {
            Wall::Plain(time) => return time,
            Wall::Skipped(time) => (time, true),
            Wall::Twice(time) => (time, false),
        };
        self.told.push(Odd { wall, taken: self.day.clock(time), skipped });
        time
    }

    fn visit(&mut self, id: &str, visit: &wire::Visit, place: PlaceId) -> Visit {
        let windows = visit.windows.iter().map(|window| self.window(window)).collect();
        Visit {
            id: VisitId(id.to_owned()),
            patient: PatientRef(visit.patient.clone()),
            place,
            duration: visit.duration,
            windows: joined(windows),
            criticality: visit.criticality,
            load: Load::default(),
            left_out: None,
            crew: visit.crew.clone(),
            continuity: visit.continuity.clone(),
            gap: visit.gap.clone(),
            pinned: Pin {
                carer: visit.pinned.carer.clone().map(CarerRef),
                start: visit.pinned.start.map(|start| self.moment(start)),
            },
            status: visit.status,
        }
    }

    fn window(&mut self, window: &wire::Window) -> TimeWindow {
        let earliest = self.moment(window.earliest);
        // Where the clocks skip the earliest start, it may land behind a latest start that they do
        // not skip; the window is then that one moment.
        let latest = self.moment(window.latest).max(earliest);
        TimeWindow { earliest, latest }
    }

    fn carer(&mut self, id: &str, carer: &wire::Carer, rows: &BTreeMap<&str, PlaceId>) -> Carer {
        let Span { from, until } = carer.shift;
        let start = rows[carer.start.as_str()];
        Carer {
            id: CarerRef(id.to_owned()),
            skills: self.policy.skills_of(&carer.skills),
            shift_start: self.moment(from),
            shift_end: self.moment(until),
            overtime: carer.overtime,
            mode: carer.mode,
            vehicle: carer.vehicle.clone(),
            start,
            end: carer.end.as_ref().map_or(start, |end| rows[end.as_str()]),
            rest: carer.rest.as_ref().map(|rest| Break {
                length: rest.length,
                earliest: self.moment(rest.window.from),
                latest: self.moment(rest.window.until),
                paid: rest.paid,
                place: rest.place.as_ref().map(|place| rows[place.as_str()]),
            }),
            capacity: None,
        }
    }
}

/// The same moments as windows in rising order that do not touch.
fn joined(mut windows: Vec<TimeWindow>) -> Vec<TimeWindow> {
    windows.sort_unstable();
    let mut joined: Vec<TimeWindow> = Vec::with_capacity(windows.len());
    for window in windows {
        match joined.last_mut() {
            Some(last) if window.earliest <= last.latest => {
                last.latest = last.latest.max(window.latest)
            }
            _ => joined.push(window),
        }
    }
    joined
}
