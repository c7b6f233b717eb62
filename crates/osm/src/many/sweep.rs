//! Least keys from many doors to many doors over a hierarchy: whatever lies above the goals is made
//! a small graph once; then sixteen neighbouring starts at a time are taken up and down again, each
//! vertex looked at once and no queue kept.
//!
//! After D. Delling, A. Goldberg, R. Werneck, Faster batched shortest paths in road networks, 2011,
//! doi:10.4230/OASIcs.ATMOS.2011.52 (RPHAST).

use super::lanes::{Lanes, WIDTH, pull, push};
use crate::graph::Arc;
use crate::hierarchy::{Growing, Rows, Steps};

/// What is not in a list.
const NOWHERE: u32 = u32::MAX;

/// What lies above the goals, highest first, and after it the goals themselves.
#[derive(Debug)]
pub(super) struct Goals<'a> {
    /// What the starts climb.
    up: Rows<'a>,
    /// For each row the earlier rows it can be reached from.
    rows: Steps,
    /// The row of each vertex, or [`NOWHERE`].
    place: Vec<u32>,
    /// How many vertices lie above the goals.
    above: usize,
}

impl<'a> Goals<'a> {
    /// Goals, each with the vertices it is entered by; `steps` are those up and those down.
    pub(super) fn of(steps: [&'a Steps; 2], entering: &[Vec<Arc>]) -> Goals<'a> {
        let [up, down] = steps.map(Steps::rows);
        let mut place = vec![NOWHERE; down.len()];
        let mut list = Vec::new();
        climb(down, entering.iter().flatten(), &mut place, &mut list);
        list.reverse();
        (0..).zip(&list).for_each(|(at, vertex)| place[*vertex as usize] = at);
        let mut rows = Growing::with_room(list.len() + entering.len(), 5 * list.len());
        for vertex in &list {
            for (head, key) in down.row(*vertex) {
                rows.step(place[head as usize], key);
            }
            rows.close();
        }
        for doors in entering {
            doors.iter().for_each(|(vertex, key)| rows.step(place[*vertex as usize], *key));
            rows.close();
        }
        let rows = rows.done();
        Goals { up, rows, place, above: list.len() }
    }
}

/// The scratch of one thread.
pub(super) struct Sweep<'a> {
    goals: &'a Goals<'a>,
    place: Vec<u32>,
    list: Vec<u32>,
    up: Vec<Lanes>,
    down: Vec<Lanes>,
}

impl<'a> Sweep<'a> {
    pub(super) fn to(goals: &'a Goals<'a>) -> Sweep<'a> {
        let place = vec![NOWHERE; goals.place.len()];
        Sweep { goals, place, list: vec![], up: vec![], down: vec![] }
    }

    /// For each goal the least keys from up to [`WIDTH`] starts, each given by the vertices it is
    /// left by.
    pub(super) fn from(&mut self, starts: &[&Vec<Arc>]) -> &[Lanes] {
        debug_assert!(starts.len() <= WIDTH);
        let goals = self.goals;
        let (up, rows) = (goals.up, goals.rows.rows());
        climb(up, starts.iter().copied().flatten(), &mut self.place, &mut self.list);
        (0..).zip(&self.list).for_each(|(at, vertex)| self.place[*vertex as usize] = at);
        self.up.clear();
        self.up.resize(self.list.len(), Lanes::NEVER);
        for (lane, leaving) in starts.iter().enumerate() {
            for (vertex, key) in *leaving {
                let keys = &mut self.up[self.place[*vertex as usize] as usize].0;
                keys[lane] = keys[lane].min(*key);
            }
        }
        push(&self.list, up, &self.place, &mut self.up);
        self.down.clear();
        self.down.resize(rows.len(), Lanes::NEVER);
        for (vertex, keys) in self.list.iter().zip(&self.up) {
            self.place[*vertex as usize] = NOWHERE;
            let row = goals.place[*vertex as usize];
            if row != NOWHERE {
                self.down[row as usize] = *keys;
            }
        }
        pull(rows, &mut self.down);
        &self.down[goals.above..]
    }
}

/// Lists all vertices that can be climbed to, rising; marks them in `place`.
fn climb<'d>(
    steps: Rows,
    doors: impl Iterator<Item = &'d Arc>,
    place: &mut [u32],
    list: &mut Vec<u32>,
) {
    list.clear();
    let mut find = |vertex: u32, list: &mut Vec<u32>| {
        if std::mem::replace(&mut place[vertex as usize], 0) == NOWHERE {
            list.push(vertex);
        }
    };
    doors.for_each(|(vertex, _)| find(*vertex, list));
    let mut at = 0;
    while let Some(&vertex) = list.get(at) {
        at += 1;
        steps.heads(vertex).iter().for_each(|head| find(*head, list));
    }
    list.sort_unstable();
}
