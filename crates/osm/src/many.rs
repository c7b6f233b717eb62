//! Time and way between many places: one search from each place over the network, stopped when the
//! last of the others is settled. A search compares one number, milliseconds above decimetres, so
//! that the length is that of the chosen way and equal times are decided by it. Rows do not share
//! anything: the table is the same for any number of threads.
//!
//! A leg counts from door to door: the stretch between door and road is walked at 5 km/h, as the
//! crow flies, at both ends. Places joined to the very same spot of road are no way apart.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hjemrute_travel::{Leg, Metres, Seconds, Table};
use rayon::prelude::*;

use crate::graph::{CLOSED, Edge, Graph, Network};
use crate::snap::Snap;

/// The table between places; one that is joined to no road has no way to or from it.
pub(crate) fn table(graph: &Graph, network: &Network, places: &[Option<Snap>]) -> Table {
    let goals = Goals::of(graph, network, places);
    let rows: Vec<Vec<Option<Leg>>> = places
        .par_iter()
        .map_init(
            || Search::over(network),
            |search, place| match place {
                Some(from) => search.row(graph, from, places, &goals),
                None => vec![None; places.len()],
            },
        )
        .collect();
    Table::from_fn(places.len(), |from, to| rows[from.index()][to.index()])
}

/// Milliseconds × 2³² + decimetres: the one number a search compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64);

impl Key {
    const ZERO: Key = Key(0);
    const NEVER: Key = Key(u64::MAX);

    fn of(ms: u32, dm: u32) -> Key {
        Key(u64::from(ms) << 32 | u64::from(dm))
    }

    #[inline]
    fn and(self, other: Key) -> Key {
        Key(self.0.saturating_add(other.0))
    }

    /// Whole seconds and metres, rounded to the nearest, halves up.
    fn leg(self) -> Option<Leg> {
        let seconds = ((self.0 >> 32) + 500) / 1000;
        let metres = ((self.0 & 0xffff_ffff) + 5) / 10;
        (self != Key::NEVER)
            .then(|| Leg { seconds: Seconds(seconds as i32), metres: Metres(metres as i32) })
    }
}

/// The walk between door and road, at 5 km/h.
fn walk(place: &Snap) -> Key {
    let ms = u64::from(place.off_mm) * 18 / 25;
    Key::of(ms as u32, (place.off_mm + 50) / 100)
}

/// The times along an edge, told from a spot on it.
struct Spot<'a> {
    edge: &'a Edge,
    along_dm: u32,
}

impl<'a> Spot<'a> {
    fn of(graph: &'a Graph, place: &Snap) -> Spot<'a> {
        Spot { edge: &graph.edges[place.edge as usize], along_dm: place.along_dm }
    }

    /// The part of a time that falls to the stretch between tail and spot.
    fn share(&self, ms: u32) -> u32 {
        let length = u64::from(self.edge.length_dm.max(1));
        (u64::from(ms) * u64::from(self.along_dm) / length) as u32
    }

    /// Ways out: the node reached, and what it takes.
    fn ways_out(&self) -> impl Iterator<Item = (u32, Key)> + use<> {
        let edge = *self.edge;
        let (forth, back) = (self.share(edge.forward_ms), self.share(edge.backward_ms));
        let (along, rest) = (self.along_dm, edge.length_dm - self.along_dm);
        let forward = (edge.forward_ms != CLOSED)
            .then(|| (edge.head, Key::of(edge.forward_ms - forth, rest)));
        let backward = (edge.backward_ms != CLOSED).then(|| (edge.tail, Key::of(back, along)));
        forward.into_iter().chain(backward)
    }

    /// Ways in: the node left, and what it takes from there.
    fn ways_in(&self) -> impl Iterator<Item = (u32, Key)> + use<> {
        let edge = *self.edge;
        let (forth, back) = (self.share(edge.forward_ms), self.share(edge.backward_ms));
        let (along, rest) = (self.along_dm, edge.length_dm - self.along_dm);
        let forward = (edge.forward_ms != CLOSED)
            .then(|| (edge.tail, Key::of(edge.tail_ms.saturating_add(forth), along)));
        let backward = (edge.backward_ms != CLOSED).then(|| {
            let rest_ms = edge.backward_ms - back;
            (edge.head, Key::of(edge.head_ms.saturating_add(rest_ms), rest))
        });
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

/// The vertices where the places are entered.
struct Goals {
    /// For each place where its entries start, and one more.
    first: Vec<u32>,
    entries: Vec<(u32, Key)>,
    /// Whether a vertex must be settled before a search may stop.
    wanted: Vec<bool>,
    count: usize,
}

impl Goals {
    fn of(graph: &Graph, network: &Network, places: &[Option<Snap>]) -> Goals {
        let mut goals = Goals {
            first: vec![0],
            entries: vec![],
            wanted: vec![false; network.out.len()],
            count: 0,
        };
        for place in places {
            for place in place.iter() {
                let spot = Spot::of(graph, place);
                for (node, key) in spot.ways_in() {
                    let vertices = network.entering(node, spot.edge);
                    goals.entries.extend(vertices.map(|vertex| (vertex, key.and(walk(place)))));
                    goals.want(network.entering(node, spot.edge).next());
                }
            }
            goals.first.push(goals.entries.len() as u32);
        }
        goals
    }

    fn want(&mut self, vertex: Option<u32>) {
        if let Some(vertex) = vertex
            && !std::mem::replace(&mut self.wanted[vertex as usize], true)
        {
            self.count += 1;
        }
    }

    fn entries(&self, place: usize) -> &[(u32, Key)] {
        &self.entries[self.first[place] as usize..self.first[place + 1] as usize]
    }
}

/// The scratch of one thread.
struct Search<'a> {
    network: &'a Network,
    keys: Vec<Key>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(Key, u32)>>,
}

impl<'a> Search<'a> {
    fn over(network: &'a Network) -> Search<'a> {
        let keys = vec![Key::NEVER; network.out.len()];
        Search { network, keys, touched: Vec::new(), queue: BinaryHeap::new() }
    }

    fn row(
        &mut self,
        graph: &Graph,
        from: &Snap,
        places: &[Option<Snap>],
        goals: &Goals,
    ) -> Vec<Option<Leg>> {
        self.settle(graph, from, goals);
        let spot = Spot::of(graph, from);
        let leg = |(place, to): (usize, &Option<Snap>)| {
            let to = to.as_ref()?;
            if (from.edge, from.along_dm) == (to.edge, to.along_dm) {
                return Key::ZERO.leg();
            }
            let entries = goals.entries(place).iter();
            let around = entries.map(|(vertex, key)| self.keys[*vertex as usize].and(*key)).min();
            let around = around.unwrap_or(Key::NEVER).and(walk(from));
            let along = match from.edge == to.edge {
                true => spot.along(&Spot::of(graph, to)).and(walk(from)).and(walk(to)),
                false => Key::NEVER,
            };
            around.min(along).leg()
        };
        places.iter().enumerate().map(leg).collect()
    }

    /// Finds the least key of every wanted vertex. Dijkstra 1959, doi:10.1007/BF01386390.
    fn settle(&mut self, graph: &Graph, from: &Snap, goals: &Goals) {
        self.forget();
        let spot = Spot::of(graph, from);
        for (node, key) in spot.ways_out() {
            self.reach(self.network.leaving(node, spot.edge), key);
        }
        // From private ground a goal may be entered by a face nobody else can reach: look at all.
        let mut missing = if spot.edge.has(Edge::RESTRICTED) { usize::MAX } else { goals.count };
        let network = self.network;
        while let Some(Reverse((key, vertex))) = self.queue.pop() {
            if key > self.keys[vertex as usize] {
                continue;
            }
            if goals.wanted[vertex as usize] {
                missing -= 1;
                if missing == 0 {
                    break;
                }
            }
            for arc in network.out.of_vertex(vertex as usize) {
                self.reach(arc.head, key.and(Key::of(arc.ms, arc.dm)));
            }
        }
    }

    #[inline]
    fn reach(&mut self, vertex: u32, key: Key) {
        let known = &mut self.keys[vertex as usize];
        if key < *known {
            if *known == Key::NEVER {
                self.touched.push(vertex);
            }
            *known = key;
            self.queue.push(Reverse((key, vertex)));
        }
    }

    fn forget(&mut self) {
        self.touched.drain(..).for_each(|vertex| self.keys[vertex as usize] = Key::NEVER);
        self.queue.clear();
    }
}
