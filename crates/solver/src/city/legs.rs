//! Of the travel tables of a city, the legs that tell whether a plan is right: no table between all
//! its places is ever made.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Leg, Mode, PlaceId, Table, Tables};

use crate::plan::{Carer, Instance, Plan, Stop, Visit, VisitId, WorkList};

/// Asked for the tables between these places of the day: their rows are in this order.
pub(super) type Ask<'a> = &'a (dyn Fn(&[PlaceId]) -> Tables + Sync);

/// About how many places are asked for at once, besides the bases.
const AT_ONCE: usize = 700;

/// The rows of the visits of an instance.
pub(super) type Rows<'i> = BTreeMap<&'i VisitId, usize>;

pub(super) fn rows(instance: &Instance) -> Rows<'_> {
    instance.visits.iter().map(|visit| &visit.id).zip(0..).collect()
}

/// The tables that a plan of a city can be verified by: the legs that it takes, those between each
/// carer's bases and visits, and those between all bases and the visits that nobody makes. `tables`
/// is asked for the tables between some of the instance's places, their rows in the order given. A
/// strange visit or place in the plan is passed over.
pub fn tables_of_plan(
    instance: &Instance,
    plan: &Plan,
    tables: &(dyn Fn(&[PlaceId]) -> Tables + Sync),
) -> Tables {
    let rows = rows(instance);
    let carers: BTreeMap<_, &Carer> =
        instance.carers.iter().map(|carer| (&carer.id, carer)).collect();
    let mut wanted: BTreeMap<Mode, Vec<(PlaceId, PlaceId)>> = BTreeMap::new();
    let mut legs = Legs::default();
    let mut places: BTreeSet<PlaceId> = BTreeSet::new();
    let known =
        |(from, to): &(PlaceId, PlaceId)| from.index().max(to.index()) < instance.places.len();
    for (nth, list) in plan.work_lists.iter().enumerate() {
        if let Some(carer) = carers.get(&list.carer) {
            let pairs = pairs(instance, carer, list, &rows).into_iter().filter(known);
            let pairs: Vec<(PlaceId, PlaceId)> = pairs.collect();
            places.extend(pairs.iter().flat_map(|(from, to)| [*from, *to]));
            wanted.entry(carer.mode).or_default().extend(pairs);
        }
        if places.len() > AT_ONCE || nth + 1 == plan.work_lists.len() {
            legs.ask_for(std::mem::take(&mut wanted), std::mem::take(&mut places), tables);
        }
    }
    let out: BTreeSet<&VisitId> = plan.unassigned.iter().map(|out| &out.visit).collect();
    let left_out: Vec<&Visit> =
        instance.visits.iter().filter(|visit| out.contains(&visit.id)).collect();
    legs.reach(instance, &left_out, tables);
    legs.into_tables(instance)
}

/// The ways of one work list: from stop to stop, and between bases and visits.
pub(super) fn pairs(
    instance: &Instance,
    carer: &Carer,
    list: &WorkList,
    rows: &Rows<'_>,
) -> Vec<(PlaceId, PlaceId)> {
    let mut here = carer.start;
    let mut pairs = Vec::new();
    for stop in &list.stops {
        let to = match stop {
            Stop::Leave { place, .. }
            | Stop::Key { place, .. }
            | Stop::Break { place, .. }
            | Stop::Return { place, .. } => *place,
            Stop::Visit(stop) => match rows.get(&stop.visit) {
                Some(row) => instance.visits[*row].place,
                None => continue,
            },
        };
        pairs.extend([(here, to), (carer.start, to), (to, carer.end)]);
        here = to;
    }
    pairs
}

/// A leg, and from where to where it goes.
type Known = ((PlaceId, PlaceId), Leg);

/// The legs that are known, by mode.
#[derive(Default)]
pub(super) struct Legs {
    by_mode: BTreeMap<Mode, Vec<Known>>,
}

impl Legs {
    /// These pairs of a table over some places.
    pub(super) fn take(
        &mut self,
        mode: Mode,
        table: &Table,
        places: &[PlaceId],
        pairs: impl IntoIterator<Item = (PlaceId, PlaceId)>,
    ) {
        let day = |place: PlaceId| places[place.index()];
        let known = pairs
            .into_iter()
            .filter_map(|(from, to)| Some(((day(from), day(to)), table.leg(from, to)?)));
        self.by_mode.entry(mode).or_default().extend(known);
    }

    /// These pairs, which lie between these places.
    fn ask_for(
        &mut self,
        pairs: BTreeMap<Mode, Vec<(PlaceId, PlaceId)>>,
        places: BTreeSet<PlaceId>,
        ask: Ask<'_>,
    ) {
        let places: Vec<PlaceId> = places.into_iter().collect();
        let tables = ask(&places);
        let row = |place| PlaceId(places.partition_point(|other| *other < place) as u32);
        for (mode, pairs) in pairs {
            if let Some(table) = tables.get(mode) {
                let pairs = pairs.into_iter().map(|(from, to)| (row(from), row(to)));
                self.take(mode, table, &places, pairs);
            }
        }
    }

    /// Those between every base and the visits that nobody makes.
    pub(super) fn reach(&mut self, instance: &Instance, left_out: &[&Visit], ask: Ask<'_>) {
        let bases: BTreeSet<PlaceId> =
            instance.carers.iter().flat_map(|carer| [carer.start, carer.end]).collect();
        let doors: BTreeSet<PlaceId> = left_out.iter().map(|visit| visit.place).collect();
        let doors: Vec<PlaceId> = doors.into_iter().collect();
        for doors in doors.chunks(AT_ONCE) {
            let pairs: Vec<(PlaceId, PlaceId)> = bases
                .iter()
                .flat_map(|base| doors.iter().flat_map(|door| [(*base, *door), (*door, *base)]))
                .collect();
            let places = bases.iter().chain(doors).copied().collect();
            let of_every = Mode::ALL.into_iter().map(|mode| (mode, pairs.clone()));
            self.ask_for(of_every.collect(), places, ask);
        }
    }

    pub(super) fn into_tables(self, instance: &Instance) -> Tables {
        let places = instance.places.len();
        self.by_mode.into_iter().fold(Tables::new(), |tables, (mode, legs)| {
            tables.with(mode, Table::from_known(places, legs))
        })
    }
}
