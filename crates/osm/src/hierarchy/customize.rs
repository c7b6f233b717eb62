//! What the steps of a skeleton take: found by going up through all triangles (`lift`), which is all
//! that a table needs. Going down through them again finds the least key between any two neighbours;
//! a step that is dearer than that is never needed and dropped (`needed`), which is worth it for a
//! metric that is stored.
//!
//! J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies, 2016, doi:10.1145/2886843.

use super::Metric;
use super::skeleton::{Lists, Skeleton};
use super::steps::Growing;
use crate::graph::Arc;
use crate::key::Key;

/// What each step of the skeleton takes, up and down.
pub(super) struct Lifted<'a> {
    skeleton: &'a Skeleton,
    keys: Vec<[Key; 2]>,
}

/// The two directions of a step.
const UP: usize = 0;
const DOWN: usize = 1;

/// No place in a row.
const NOWHERE: u32 = u32::MAX;

impl Lifted<'_> {
    /// The least keys between neighbours by ways that do not go over higher vertices than both.
    pub(super) fn of<'a>(skeleton: &'a Skeleton, arcs: &[(u32, Arc)]) -> Lifted<'a> {
        let mut keys = vec![[Key::NEVER; 2]; skeleton.heads().len()];
        for (from, (to, key)) in arcs.iter().filter(|(from, (to, _))| from != to) {
            let place = skeleton.place(*from.min(to), *from.max(to));
            let way = &mut keys[place][if from < to { UP } else { DOWN }];
            *way = (*way).min(*key);
        }
        let mut lifted = Lifted { skeleton, keys };
        lifted.lift();
        lifted
    }

    /// Hands what goes through each vertex to the steps above it: every vertex in turn is the lower
    /// of the two upper corners of all its triangles.
    fn lift(&mut self) {
        let (skeleton, vertices) = (self.skeleton, self.skeleton.vertices());
        let heads = skeleton.heads();
        let mut place = vec![NOWHERE; vertices];
        // Each lower vertex is in the list of that of its neighbours that comes next.
        let mut below = Lists::of(vertices);
        let mut next: Vec<u32> =
            (0..vertices as u32).map(|v| skeleton.row(v).start as u32).collect();
        for middle in 0..vertices as u32 {
            for step in skeleton.row(middle) {
                place[heads[step] as usize] = step as u32;
            }
            while let Some(low) = below.pop(middle) {
                let side = next[low as usize] as usize;
                let end = skeleton.row(low).end;
                self.through(side, end, heads, &place);
                self.wait(&mut below, &mut next, low, side + 1, end);
            }
            let row = skeleton.row(middle);
            self.wait(&mut below, &mut next, middle, row.start, row.end);
        }
    }

    /// Puts a vertex into the list of its neighbour at `at`.
    #[inline]
    fn wait(&self, below: &mut Lists, next: &mut [u32], low: u32, at: usize, end: usize) {
        if at < end {
            next[low as usize] = at as u32;
            below.add(self.skeleton.heads()[at], low);
        }
    }

    /// All triangles of one low vertex and one side.
    #[inline]
    fn through(&mut self, side: usize, end: usize, heads: &[u32], place: &[u32]) {
        let [up, down] = self.keys[side];
        for high in side + 1..end {
            let [onward, back] = self.keys[high];
            let between = &mut self.keys[place[heads[high] as usize] as usize];
            if down != Key::NEVER {
                between[UP] = between[UP].or_over(onward, down);
            }
            if up != Key::NEVER {
                between[DOWN] = between[DOWN].or_over(back, up);
            }
        }
    }

    /// Every step that is there at all.
    pub(super) fn all(&self) -> Metric {
        self.kept(|_, _| true)
    }

    /// The steps that do not become cheaper by going round over higher vertices.
    pub(super) fn needed(mut self) -> Metric {
        let mut cheaper = vec![[false; 2]; self.keys.len()];
        let (skeleton, vertices) = (self.skeleton, self.skeleton.vertices());
        let mut place = vec![NOWHERE; vertices];
        for low in (0..vertices as u32).rev() {
            let row = skeleton.row(low);
            row.clone().for_each(|at| place[skeleton.heads()[at] as usize] = at as u32);
            for middle in row.clone() {
                for between in skeleton.row(skeleton.heads()[middle]) {
                    let high = place[skeleton.heads()[between] as usize];
                    if high != NOWHERE {
                        self.tighten([middle, high as usize, between], &mut cheaper);
                    }
                }
            }
            row.for_each(|at| place[skeleton.heads()[at] as usize] = NOWHERE);
        }
        self.kept(|step, way| !cheaper[step][way])
    }

    /// Lets the two lower steps of a triangle go over its third one.
    fn tighten(&mut self, [middle, high, between]: [usize; 3], cheaper: &mut [[bool; 2]]) {
        let [across, back] = self.keys[between];
        let [up, down] = self.keys[middle];
        let mut over = |step: usize, way: usize, round: Key| {
            let key = &mut self.keys[step][way];
            cheaper[step][way] |= round < *key;
            *key = round.min(*key);
            *key
        };
        let up_high = over(high, UP, up.and(across));
        over(middle, UP, up_high.and(back));
        let down_high = over(high, DOWN, back.and(down));
        over(middle, DOWN, across.and(down_high));
    }

    fn kept(&self, keep: impl Fn(usize, usize) -> bool) -> Metric {
        let [up, down] = [UP, DOWN].map(|way| {
            let vertices = self.skeleton.vertices();
            let mut steps = Growing::with_room(vertices, self.keys.len() / 2);
            for low in 0..vertices as u32 {
                for at in self.skeleton.row(low) {
                    let key = self.keys[at][way];
                    if key < Key::NEVER && keep(at, way) {
                        steps.step(self.skeleton.heads()[at], key);
                    }
                }
                steps.close();
            }
            steps.done()
        });
        Metric { up, down }
    }
}
