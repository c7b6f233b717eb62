//! Shrinks a network to what lies between the places of one table: a vertex that is no place is
//! taken out, and the ways through it become arcs between its neighbours, as long as that does not
//! make too many. Dead ends vanish, chains become one arc, an arc that is no better than a way over
//! one other vertex is not made, and the least key between any two places stays what it was. This
//! is the contraction of hierarchies without the hierarchy (R. Geisberger et al., 2008,
//! doi:10.1007/978-3-540-68552-4_24).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::{Csr, Graph, Network};
use crate::key::Key;

/// How many more arcs than it spares taking a vertex out may make, at most. PERF: 1,500 places on
/// foot, one core: inner Oslo 1.3 s with 20, 0.7 s with 60 to 500; a city of 210,000 vertices 4.8 s,
/// 3.3 s and, from 150 on, 2.6 s, but shrinking for few places then takes twice as long; see the
/// measurement in `tests/oslo.rs`.
const GROWTH: isize = 100;

/// The vertices that were kept, numbered anew in the old order.
#[derive(Debug)]
pub(crate) struct Core {
    /// The arcs out of each vertex.
    pub(crate) out: Csr<(u32, Key)>,
    ids: Vec<u32>,
}

impl Core {
    /// Shrinks a network, keeping at least the given vertices.
    pub(crate) fn of(
        graph: &Graph,
        network: &Network,
        keep: impl IntoIterator<Item = u32>,
    ) -> Core {
        let mut shrinking = Shrinking::of(graph, network);
        keep.into_iter().for_each(|vertex| shrinking.keep[vertex as usize] = true);
        shrinking.run();
        shrinking.into_core()
    }

    /// The new number of a vertex that was to be kept.
    pub(crate) fn id(&self, vertex: u32) -> u32 {
        self.ids[vertex as usize]
    }
}

struct Shrinking {
    keep: Vec<bool>,
    gone: Vec<bool>,
    out: Vec<Vec<(u32, Key)>>,
    into: Vec<Vec<u32>>,
}

impl Shrinking {
    fn of(graph: &Graph, network: &Network) -> Shrinking {
        let vertices = network.vertices();
        let mut shrinking = Shrinking {
            keep: vec![false; vertices],
            gone: vec![false; vertices],
            out: vec![Vec::new(); vertices],
            into: vec![Vec::new(); vertices],
        };
        for (from, (to, key)) in network.arcs(graph) {
            shrinking.link(from, to, key);
        }
        shrinking
    }

    /// Adds an arc, or betters the one that is there.
    fn link(&mut self, from: u32, to: u32, key: Key) {
        if from == to {
            return;
        }
        let arcs = &mut self.out[from as usize];
        match arcs.iter_mut().find(|(head, _)| *head == to) {
            Some((_, known)) => *known = key.min(*known),
            None => {
                arcs.push((to, key));
                self.into[to as usize].push(from);
            }
        }
    }

    /// Takes out one vertex after the other, the cheapest first.
    fn run(&mut self) {
        let all = 0..self.out.len() as u32;
        let queued = all.filter(|vertex| !self.keep[*vertex as usize]);
        let mut queue: BinaryHeap<_> =
            queued.map(|vertex| Reverse((self.growth(vertex), vertex))).collect();
        while let Some(Reverse((growth, vertex))) = queue.pop() {
            let now = self.growth(vertex);
            if now > growth {
                queue.push(Reverse((now, vertex)));
            } else if now <= GROWTH {
                self.take_out(vertex);
            } else {
                break;
            }
        }
    }

    /// How many more arcs there would be without the vertex, at most.
    fn growth(&self, vertex: u32) -> isize {
        let (into, out) = (self.into[vertex as usize].len(), self.out[vertex as usize].len());
        (into * out) as isize - (into + out) as isize
    }

    fn take_out(&mut self, vertex: u32) {
        self.gone[vertex as usize] = true;
        let out = std::mem::take(&mut self.out[vertex as usize]);
        for from in std::mem::take(&mut self.into[vertex as usize]) {
            let arcs = &mut self.out[from as usize];
            let place = arcs.iter().position(|(head, _)| *head == vertex);
            let (_, key) = arcs.swap_remove(place.expect("every arc is listed at both ends"));
            for (to, rest) in &out {
                let key = key.and(*rest);
                if !self.is_needless(from, *to, key) {
                    self.link(from, *to, key);
                }
            }
        }
        for (to, _) in out {
            self.into[to as usize].retain(|from| *from != vertex);
        }
    }

    /// Whether there is a way over one other vertex that is as good.
    fn is_needless(&self, from: u32, to: u32, key: Key) -> bool {
        self.out[from as usize].iter().any(|(over, first)| {
            let second = self.out[*over as usize].iter().find(|(head, _)| *head == to);
            second.is_some_and(|(_, second)| first.and(*second) <= key)
        })
    }

    fn into_core(self) -> Core {
        let mut kept = 0;
        let number = |gone: &bool| {
            kept += u32::from(!gone);
            if *gone { u32::MAX } else { kept - 1 }
        };
        let ids: Vec<u32> = self.gone.iter().map(number).collect();
        let arcs = self.out.iter().zip(&ids).flat_map(|(arcs, from)| {
            arcs.iter().map(|(head, key)| (*from, (ids[*head as usize], *key)))
        });
        let arcs: Vec<_> = arcs.collect();
        Core { out: Csr::of(kept as usize, &arcs), ids }
    }
}
