//! One more place among others: the ways from it and to it are one row and one column of the table,
//! and nothing else of the table changes. What the others have in common is made once.

use hjemrute_travel::Leg;

use super::sweep::{Goals, Sweep};
use super::{Doors, direct, entering, leaving};
use crate::graph::{Arc, Graph, Network};
use crate::hierarchy::{Hierarchy, Metric};
use crate::key::Key;
use crate::snap::Snap;

/// Places that others may be put among, one at a time.
#[derive(Debug)]
pub struct Among<'a> {
    graph: &'a Graph,
    network: &'a Network,
    ranks: &'a [u32],
    places: Vec<Option<Snap>>,
    /// The places as what is gone to, and as what is come from.
    there: Goals<'a>,
    back: Goals<'a>,
}

/// The legs between one place and each of the others, in their order; none where there is no way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legs {
    /// From the one place.
    pub from: Vec<Option<Leg>>,
    /// To it.
    pub to: Vec<Option<Leg>>,
}

impl<'a> Among<'a> {
    pub(crate) fn of(
        graph: &'a Graph,
        network: &'a Network,
        hierarchy: &'a Hierarchy,
        metric: &'a Metric,
        places: &[Option<Snap>],
    ) -> Among<'a> {
        let doors = Doors::of(graph, network, hierarchy, places);
        let Metric { up, down } = metric;
        Among {
            graph,
            network,
            ranks: &hierarchy.ranks,
            places: places.to_vec(),
            there: Goals::of([up, down], &doors.entering),
            back: Goals::of([down, up], &doors.leaving),
        }
    }

    /// The row and the column of one more place, as a table with it would have them. About half a
    /// millisecond among a thousand places of a city.
    ///
    /// # Panics
    /// If the place was joined to the roads of another mode or map.
    pub fn legs(&self, place: &Snap) -> Legs {
        assert!(self.places.iter().flatten().all(|other| other.mode() == place.mode()));
        let ranked = |doors: Vec<Arc>| -> Vec<Arc> {
            let rank = |(vertex, key): Arc| (self.ranks[vertex as usize], key);
            doors.into_iter().map(rank).collect()
        };
        let leaving = ranked(leaving(self.network, self.graph, place));
        let entering = ranked(entering(self.network, self.graph, place));
        Legs {
            from: self.row(&self.there, &leaving, |other| direct(self.graph, place, other)),
            to: self.row(&self.back, &entering, |other| direct(self.graph, other, place)),
        }
    }

    fn row(
        &self,
        goals: &Goals<'_>,
        doors: &[Arc],
        direct: impl Fn(&Snap) -> Key,
    ) -> Vec<Option<Leg>> {
        let mut sweep = Sweep::to(goals);
        let keys = sweep.from([doors].into_iter()).iter().zip(&self.places);
        let leg = |other: &Snap, around: Key| around.min(direct(other)).leg();
        keys.map(|(keys, other)| leg(other.as_ref()?, keys.0[0])).collect()
    }
}
