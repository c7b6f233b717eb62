//! Which vertices need a step between them once all lower ones are taken out: that depends on the
//! order and the roads alone, not on what they take.
//!
//! J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies, 2016, doi:10.1145/2886843.

use crate::graph::{Csr, Passage};

/// The higher neighbours of each vertex, rising.
#[derive(Clone, Debug)]
pub(crate) struct Skeleton {
    first: Vec<u32>,
    heads: Vec<u32>,
    arcs: Csr<Arc>,
}

/// An arc of the network, and the step it goes into.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arc {
    pub(super) passage: Passage,
    /// Which step it is, doubled, and one more for the way down. Before the steps are known, the rank
    /// of its higher end in the place of the step.
    step: u32,
}

impl Arc {
    /// An arc between two ranks, under the lower of them; none if it leads nowhere else.
    pub(super) fn between(from: u32, to: u32, passage: Passage) -> Option<(u32, Arc)> {
        let step = 2 * from.max(to) + u32::from(from > to);
        (from != to).then_some((from.min(to), Arc { passage, step }))
    }

    /// Where the step stands, and [`UP`] or [`DOWN`].
    #[inline]
    pub(super) fn place_and_way(self) -> (usize, usize) {
        (self.step as usize / 2, self.step as usize % 2)
    }
}

/// The two ways of a step.
pub(super) const UP: usize = 0;
pub(super) const DOWN: usize = 1;

impl Skeleton {
    /// The skeleton of arcs, each told under its lower end.
    pub(super) fn of(vertices: usize, arcs: &[(u32, Arc)]) -> Skeleton {
        let heads = Vec::with_capacity(2 * arcs.len());
        let mut skeleton = Skeleton { first: vec![0], heads, arcs: Csr::of(vertices, arcs) };
        // What is left of a vertex is handed to its lowest neighbour alone, which hands on the rest.
        let mut handed = Lists::of(vertices);
        // Who saw each neighbour last, and where it then stands.
        let mut seen = vec![u32::MAX; vertices];
        let mut places = vec![0; vertices];
        for low in 0..vertices as u32 {
            let start = skeleton.heads.len();
            let mut add = |heads: &mut Vec<u32>, head: u32| {
                if std::mem::replace(&mut seen[head as usize], low) != low {
                    heads.push(head);
                }
            };
            let given = skeleton.arcs.row_mut(low as usize);
            given.iter().for_each(|arc| add(&mut skeleton.heads, arc.step / 2));
            for below in handed.of_vertex(low) {
                for at in skeleton.first[below as usize] + 1..skeleton.first[below as usize + 1] {
                    let head = skeleton.heads[at as usize];
                    add(&mut skeleton.heads, head);
                }
            }
            skeleton.heads[start..].sort_unstable();
            skeleton.first.push(skeleton.heads.len() as u32);
            for (place, head) in (start as u32..).zip(&skeleton.heads[start..]) {
                places[*head as usize] = place;
            }
            for arc in given {
                arc.step = 2 * places[arc.step as usize / 2] + arc.step % 2;
            }
            if let Some(parent) = skeleton.heads.get(start) {
                handed.add(*parent, low);
            }
        }
        skeleton
    }

    /// How many vertices there are.
    pub(super) fn vertices(&self) -> usize {
        self.first.len() - 1
    }

    /// Where the higher neighbours of a vertex stand.
    #[inline]
    pub(super) fn row(&self, low: u32) -> std::ops::Range<usize> {
        self.first[low as usize] as usize..self.first[low as usize + 1] as usize
    }

    /// All higher neighbours, one row after the other.
    #[inline]
    pub(super) fn heads(&self) -> &[u32] {
        &self.heads
    }

    /// The arcs of the network.
    pub(super) fn arcs(&self) -> &[Arc] {
        self.arcs.items()
    }
}

/// A list of lower vertices for each vertex; a lower one is in one list at a time.
pub(super) struct Lists {
    head: Vec<u32>,
    next: Vec<u32>,
}

/// The end of a list.
const NONE: u32 = u32::MAX;

impl Lists {
    /// Empty lists.
    pub(super) fn of(vertices: usize) -> Lists {
        Lists { head: vec![NONE; vertices], next: vec![NONE; vertices] }
    }

    /// Puts a lower vertex into a list, out of which it was taken before.
    #[inline]
    pub(super) fn add(&mut self, to: u32, low: u32) {
        self.next[low as usize] = std::mem::replace(&mut self.head[to as usize], low);
    }

    /// The first of a list, and those that follow it.
    fn of_vertex(&self, vertex: u32) -> impl Iterator<Item = u32> {
        let first = Some(self.head[vertex as usize]).filter(|low| *low != NONE);
        std::iter::successors(first, |low| {
            Some(self.next[*low as usize]).filter(|low| *low != NONE)
        })
    }

    /// Takes the first out of a list.
    #[inline]
    pub(super) fn pop(&mut self, vertex: u32) -> Option<u32> {
        let first = Some(self.head[vertex as usize]).filter(|low| *low != NONE)?;
        self.head[vertex as usize] = self.next[first as usize];
        Some(first)
    }
}
