//! Time and way between many places: where each place leaves and enters the roads, and the sweeps
//! over the hierarchy in between. A sweep compares one number, milliseconds above decimetres, so
//! that the length is that of the chosen way and equal times are decided by it. Batches of places do
//! not share anything: the table is the same for any number of threads.
//!
//! A leg counts from door to door: the stretch between door and road is walked at 5 km/h, as the
//! crow flies, at both ends. Places joined to the very same spot of road are no way apart.

mod among;
mod lanes;
mod sweep;

use hjemrute_travel::{Row, Table};
use rayon::prelude::*;

use crate::graph::{Arc, CLOSED, Csr, Edge, Graph, Lane, Network};
use crate::hierarchy::{Hierarchy, Metric};
use crate::key::Key;
use crate::snap::Snap;
use crate::wide::Loop;
use lanes::{Tell, WIDTH};
use sweep::{Goals, Sweep};

pub use among::{Among, Legs};

/// The table between places; one that is joined to no road has no way to or from it.
pub(crate) fn table(
    graph: &Graph,
    network: &Network,
    hierarchy: &Hierarchy,
    metric: &Metric,
    places: &[Option<Snap>],
) -> Table {
    let doors = Doors::of(graph, network, hierarchy, places);
    let goals = Goals::of([&metric.up, &metric.down], &doors.entering);
    Table::by_rows(places.len(), |rows| {
        let mut rows: Vec<Option<Row<'_>>> = rows.into_iter().map(Some).collect();
        let ordered = doors.order.iter().filter_map(|place| rows[*place as usize].take());
        let mut ordered: Vec<Row<'_>> = ordered.collect();
        let batches = ordered.par_chunks_mut(WIDTH).zip(doors.order.par_chunks(WIDTH));
        batches.for_each_init(
            || Sweep::to(&goals),
            |sweep, (rows, batch)| doors.write(graph, places, sweep, batch, rows),
        );
    })
}

/// The walk between door and road, at 5 km/h.
pub(crate) fn walk(place: &Snap) -> Key {
    let ms = u64::from(place.off_mm) * 18 / 25;
    Key::of(ms as u32, (place.off_mm + 50) / 100)
}

/// The times along an edge, told from a spot on it.
pub(crate) struct Spot<'a> {
    edge: &'a Edge,
    along_dm: u32,
}

impl<'a> Spot<'a> {
    /// Where a place joins its edge.
    pub(crate) fn of(graph: &'a Graph, place: &Snap) -> Spot<'a> {
        Spot { edge: &graph.edges[place.edge as usize], along_dm: place.along_dm }
    }

    /// The part of a time that falls to the stretch between tail and spot.
    fn share(&self, ms: u32) -> u32 {
        let length = u64::from(self.edge.length_dm.max(1));
        (u64::from(ms) * u64::from(self.along_dm) / length) as u32
    }

    /// What is left of each open lane.
    pub(crate) fn ways_out(&self, edge: u32) -> impl Iterator<Item = (Lane, Key)> + use<> {
        let at = *self.edge;
        let (forth, back) = (self.share(at.forward_ms), self.share(at.backward_ms));
        let (along, rest) = (self.along_dm, at.length_dm - self.along_dm);
        let forward = (at.forward_ms != CLOSED)
            .then(|| (Lane::of(edge, false), Key::of(at.forward_ms - forth, rest)));
        let backward =
            (at.backward_ms != CLOSED).then(|| (Lane::of(edge, true), Key::of(back, along)));
        forward.into_iter().chain(backward)
    }

    /// What of each open lane lies before the spot.
    pub(crate) fn ways_in(&self, edge: u32) -> impl Iterator<Item = (Lane, Key)> + use<> {
        let at = *self.edge;
        let (forth, back) = (self.share(at.forward_ms), self.share(at.backward_ms));
        let (along, rest) = (self.along_dm, at.length_dm - self.along_dm);
        let forward =
            (at.forward_ms != CLOSED).then(|| (Lane::of(edge, false), Key::of(forth, along)));
        let backward = (at.backward_ms != CLOSED)
            .then(|| (Lane::of(edge, true), Key::of(at.backward_ms - back, rest)));
        forward.into_iter().chain(backward)
    }

    /// The way to another spot of the same edge that does not leave it.
    fn along(&self, to: &Spot) -> Key {
        let edge = self.edge;
        let forth = to.share(edge.forward_ms).checked_sub(self.share(edge.forward_ms));
        let back = self.share(edge.backward_ms).checked_sub(to.share(edge.backward_ms));
        match (to.along_dm.checked_sub(self.along_dm), forth, back) {
            (Some(dm), Some(ms), _) if edge.forward_ms != CLOSED => Key::of(ms, dm),
            (None, _, Some(ms)) if edge.backward_ms != CLOSED => {
                Key::of(ms, self.along_dm - to.along_dm)
            }
            _ => Key::NEVER,
        }
    }
}

/// Where the places are left and entered.
struct Doors {
    /// For each place the ranks it is left by.
    leaving: Csr<Arc>,
    /// For each place the ranks it is entered by.
    entering: Csr<Arc>,
    /// The places so that those come together that climb the same way.
    order: Vec<u32>,
    /// The places by the edge they are at.
    by_edge: Vec<u32>,
}

impl Doors {
    fn of(
        graph: &Graph,
        network: &Network,
        hierarchy: &Hierarchy,
        places: &[Option<Snap>],
    ) -> Doors {
        let each = |doors: fn(&Network, &Graph, &Snap) -> Vec<Arc>| -> Csr<Arc> {
            let mut all = Vec::with_capacity(4 * places.len());
            for (number, place) in (0..).zip(places) {
                let doors = place.as_ref().map(|place| doors(network, graph, place));
                // A road of twelve days is none; the sweeps add without a look.
                let doors = doors.into_iter().flatten().filter(|(_, key)| *key < Key::NEVER);
                all.extend(
                    doors.map(|(vertex, key)| (number, (hierarchy.ranks[vertex as usize], key))),
                );
            }
            Csr::of(places.len(), &all)
        };
        let (leaving, entering) = (each(leaving), each(entering));
        let mut order: Vec<u32> = (0..places.len() as u32).collect();
        let mut by_edge = order.clone();
        order.sort_by_key(|place| leaving.row(*place as usize).first().map(|(rank, _)| *rank));
        by_edge.sort_by_key(|place| edge(&places[*place as usize]));
        Doors { leaving, entering, order, by_edge }
    }

    /// Writes the rows of a batch of places.
    fn write(
        &self,
        graph: &Graph,
        places: &[Option<Snap>],
        sweep: &mut Sweep,
        batch: &[u32],
        rows: &mut [Row<'_>],
    ) {
        let keys = sweep.from(batch.iter().map(|place| self.leaving.row(*place as usize)));
        for (lane, from) in batch.iter().enumerate() {
            for to in self.beside(places, *from) {
                if let (Some(from), Some(there)) = (&places[*from as usize], &places[*to as usize])
                {
                    let key = &mut keys[*to as usize].0[lane];
                    *key = direct(graph, from, there).min(*key);
                }
            }
        }
        Tell { keys, rows }.run_here();
    }

    /// The places on the same edge.
    fn beside(&self, places: &[Option<Snap>], place: u32) -> &[u32] {
        let own = edge(&places[place as usize]);
        let of = |other: &u32| edge(&places[*other as usize]);
        let start = self.by_edge.partition_point(|other| of(other) < own);
        let end = self.by_edge.partition_point(|other| of(other) <= own);
        &self.by_edge[start..end]
    }
}

fn edge(place: &Option<Snap>) -> Option<u32> {
    place.as_ref().map(|place| place.edge)
}

/// The vertices a place is left by, with what it takes from the door.
fn leaving(network: &Network, graph: &Graph, place: &Snap) -> Vec<Arc> {
    let ways = Spot::of(graph, place).ways_out(place.edge);
    ways.flat_map(|(lane, rest)| network.leaving(graph, lane, rest.and(walk(place)))).collect()
}

/// The vertices a place is entered by, with what it takes to the door.
fn entering(network: &Network, graph: &Graph, place: &Snap) -> Vec<Arc> {
    let ways = Spot::of(graph, place).ways_in(place.edge);
    ways.flat_map(|(lane, along)| network.entering(graph, lane, along.and(walk(place)))).collect()
}

/// The way between two places of one edge that does not leave it.
pub(crate) fn direct(graph: &Graph, from: &Snap, to: &Snap) -> Key {
    if from.edge != to.edge {
        return Key::NEVER;
    }
    if from.along_dm == to.along_dm {
        return Key::ZERO;
    }
    Spot::of(graph, from).along(&Spot::of(graph, to)).and(walk(from)).and(walk(to))
}

#[cfg(test)]
mod city;
#[cfg(test)]
#[path = "by_the_letter.rs"]
pub(crate) mod tests;
