//! One carer's work list as it is written, in a plan or by itself. Times are instants with the local offset,
//! lengths minutes.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{Carer, CarerRef, Instance, Plan, Stop, Visit, VisitId, VisitStop, WorkList};
use hjemrute_travel::{PlaceId, Time};
use serde::Serialize;
use serde_json::value::RawValue;

use super::told::{Minutes, Way, raw};
use crate::{Day, Echo};

#[derive(Serialize)]
pub(super) struct List<'a> {
    carer: &'a str,
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vehicle: Option<&'a str>,
    start: String,
    end: String,
    stops: Vec<StopFile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum StopFile<'a> {
    Base {
        location: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        travel: Option<Way>,
        #[serde(skip_serializing_if = "Option::is_none")]
        arrive: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        leave: Option<String>,
    },
    Visit(VisitFile<'a>),
    Key {
        location: &'a str,
        travel: Way,
        arrive: String,
        /// It begins on arrival; said as of the other stops.
        start: String,
        leave: String,
    },
    Break {
        location: &'a str,
        travel: Way,
        start: String,
        leave: String,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VisitFile<'a> {
    visit: &'a str,
    /// `helper`, where the carer is there for a part of the visit only.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
    patient: &'a str,
    location: &'a str,
    travel: Way,
    arrive: String,
    wait: Minutes,
    start: String,
    leave: String,
    late_minutes: Minutes,
    with: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a RawValue>,
}

/// What the writing of a stop must look up.
pub(super) struct Book<'a> {
    instance: &'a Instance,
    day: &'a Day,
    echo: &'a Echo,
    visits: BTreeMap<&'a VisitId, &'a Visit>,
    carers: BTreeMap<&'a CarerRef, &'a Carer>,
    /// Of visits in parts: who comes to which of them.
    crews: BTreeMap<&'a VisitId, Vec<(&'a VisitId, &'a str)>>,
}

/// What the part of a carer is called who is not there for all of a visit.
pub(super) const HELPER: &str = "helper";

impl<'a> Book<'a> {
    pub(super) fn of(
        (instance, plan): (&'a Instance, &'a Plan),
        day: &'a Day,
        echo: &'a Echo,
    ) -> Book<'a> {
        let Instance { visits, carers, .. } = instance;
        let parts: BTreeMap<&VisitId, &VisitId> = visits
            .iter()
            .filter_map(|visit| visit.helps.as_ref().map(|whole| (&visit.id, whole)))
            .collect();
        let wholes: BTreeSet<&VisitId> = parts.values().copied().collect();
        let mut crews: BTreeMap<&VisitId, Vec<(&VisitId, &str)>> = BTreeMap::new();
        for list in plan.work_lists.iter().filter(|_| !parts.is_empty()) {
            for stop in list.visits() {
                let whole = parts.get(&stop.visit).copied().unwrap_or(&stop.visit);
                if wholes.contains(whole) {
                    crews.entry(whole).or_default().push((&stop.visit, &list.carer.0));
                }
            }
        }
        Book {
            crews,
            instance,
            day,
            echo,
            visits: visits.iter().map(|visit| (&visit.id, visit)).collect(),
            carers: carers.iter().map(|carer| (&carer.id, carer)).collect(),
        }
    }

    pub(super) fn list(&self, list: &'a WorkList) -> List<'a> {
        let carer = self.carers[&list.carer];
        let end = list.stops.last().map_or(carer.shift_end, end_of);
        List {
            carer: &list.carer.0,
            mode: carer.mode.name(),
            vehicle: carer.vehicle.as_deref(),
            start: self.instant(carer.shift_start),
            end: self.instant(end),
            stops: list.stops.iter().map(|stop| self.stop(stop)).collect(),
            ext: raw(self.echo.carers.get(&list.carer.0)),
        }
    }

    fn stop(&self, stop: &'a Stop) -> StopFile<'a> {
        match *stop {
            Stop::Leave { place, leave } => StopFile::Base {
                location: self.location(place),
                travel: None,
                arrive: None,
                leave: Some(self.instant(leave)),
            },
            Stop::Visit(ref visit) => StopFile::Visit(self.visit(visit)),
            Stop::Key { place, travel, arrive, leave } => StopFile::Key {
                location: self.location(place),
                travel: Way::of(travel),
                arrive: self.instant(arrive),
                start: self.instant(arrive),
                leave: self.instant(leave),
            },
            Stop::Break { place, travel, start, leave } => StopFile::Break {
                location: self.location(place),
                travel: Way::of(travel),
                start: self.instant(start),
                leave: self.instant(leave),
            },
            Stop::Return { place, travel, arrive } => StopFile::Base {
                location: self.location(place),
                travel: Some(Way::of(travel)),
                arrive: Some(self.instant(arrive)),
                leave: None,
            },
        }
    }

    fn visit(&self, stop: &'a VisitStop) -> VisitFile<'a> {
        let visit = self.visits[&stop.visit];
        VisitFile {
            visit: &visit.told().0,
            part: visit.helps.is_some().then_some(HELPER),
            patient: &visit.patient.0,
            location: self.location(visit.place),
            travel: Way::of(stop.travel),
            arrive: self.instant(stop.arrive),
            wait: Minutes(stop.wait),
            start: self.instant(stop.start),
            leave: self.instant(stop.leave),
            late_minutes: Minutes(stop.late),
            with: self.with(visit, stop),
            ext: raw(self.echo.visits.get(&visit.told().0)),
        }
    }

    /// Who else comes to the visit, or to another part of it.
    fn with(&self, visit: &Visit, stop: &'a VisitStop) -> Vec<&'a str> {
        let others = self.crews.get(visit.told()).into_iter().flatten().copied();
        let same = stop.with.iter().map(|carer| carer.0.as_str());
        let others = others.filter(|(part, _)| **part != stop.visit).map(|(_, carer)| carer);
        same.chain(others).collect()
    }

    fn location(&self, place: PlaceId) -> &'a str {
        &self.instance.places[place.index()].id.0
    }

    fn instant(&self, time: Time) -> String {
        self.day.rfc3339(time)
    }
}

/// When the last thing on a list is over.
pub(super) fn end_of(stop: &Stop) -> Time {
    match *stop {
        Stop::Leave { leave, .. } | Stop::Key { leave, .. } | Stop::Break { leave, .. } => leave,
        Stop::Visit(ref visit) => visit.leave,
        Stop::Return { arrive, .. } => arrive,
    }
}
