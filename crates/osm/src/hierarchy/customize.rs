//! What the steps of a skeleton take: found by going up through all triangles (`lift`), which is all
//! that a table needs. Going down through them again finds the least key between any two neighbours;
//! a step that is dearer than that is never needed and dropped (`needed`), which is worth it for a
//! metric that is stored.
//!
//! J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies, 2016, doi:10.1145/2886843.

use super::Metric;
use super::skeleton::{DOWN, Lists, Skeleton, UP};
use super::steps::Growing;
use crate::graph::Graph;
use crate::key::Key;
use crate::wide::Loop;

/// What each step of the skeleton takes, up and down.
pub(super) struct Lifted<'a> {
    skeleton: &'a Skeleton,
    keys: Vec<[Key; 2]>,
}

/// No place in a row.
const NOWHERE: u32 = u32::MAX;

impl Lifted<'_> {
    /// The least keys between neighbours by ways that do not go over higher vertices than both, in
    /// the band of a graph.
    pub(super) fn of<'a>(skeleton: &'a Skeleton, graph: &Graph) -> Lifted<'a> {
        let mut keys = vec![[Key::NEVER; 2]; skeleton.heads().len()];
        for arc in skeleton.arcs() {
            let (place, way) = arc.place_and_way();
            let known = &mut keys[place][way];
            *known = arc.passage.key(graph).min(*known);
        }
        Lift { skeleton, keys: &mut keys }.run_here();
        Lifted { skeleton, keys }
    }

    /// Every step that is there at all.
    pub(super) fn all(&self) -> Metric {
        self.kept(|_| [true; 2])
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
        self.kept(|step| cheaper[step].map(|cheaper| !cheaper))
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

    fn kept(&self, keep: impl Fn(usize) -> [bool; 2]) -> Metric {
        let vertices = self.skeleton.vertices();
        // Room that is not used costs nothing; moving house does.
        let mut steps = [UP, DOWN].map(|_| Growing::with_room(vertices, self.keys.len()));
        for low in 0..vertices as u32 {
            for at in self.skeleton.row(low) {
                let (head, keys, keep) = (self.skeleton.heads()[at], self.keys[at], keep(at));
                for way in [UP, DOWN] {
                    steps[way].step_if(keep[way] & (keys[way] < Key::NEVER), head, keys[way]);
                }
            }
            steps.iter_mut().for_each(Growing::close);
        }
        let [up, down] = steps.map(Growing::done);
        Metric { up, down }
    }
}

/// Hands what goes through each vertex to the steps above it: every vertex in turn is the lower of the
/// two upper corners of all its triangles.
struct Lift<'a> {
    skeleton: &'a Skeleton,
    keys: &'a mut [[Key; 2]],
}

impl Loop for Lift<'_> {
    #[inline(always)]
    fn run(self) {
        let Lift { skeleton, keys } = self;
        let (heads, vertices) = (skeleton.heads(), skeleton.vertices());
        let mut place = vec![NOWHERE; vertices];
        // Each lower vertex is in the list of that of its neighbours that comes next.
        let mut below = Lists::of(vertices);
        let mut next: Vec<u32> =
            (0..vertices as u32).map(|v| skeleton.row(v).start as u32).collect();
        for middle in 0..vertices as u32 {
            let row = skeleton.row(middle);
            for (at, head) in (0..).zip(&heads[row.clone()]) {
                place[*head as usize] = at;
            }
            let (lower, own) = keys.split_at_mut(row.start);
            while let Some(low) = below.pop(middle) {
                let (side, end) = (next[low as usize] as usize, skeleton.row(low).end);
                through(&lower[side..end], &heads[side + 1..end], own, &place);
                wait(heads, &mut below, &mut next, low, side + 1, end);
            }
            wait(heads, &mut below, &mut next, middle, row.start, row.end);
        }
    }
}

/// Puts a vertex into the list of its neighbour at `at`, if it has others beyond that one.
#[inline(always)]
fn wait(heads: &[u32], below: &mut Lists, next: &mut [u32], low: u32, at: usize, end: usize) {
    if at + 1 < end {
        next[low as usize] = at as u32;
        below.add(heads[at], low);
    }
}

/// All triangles of one low vertex and one middle one: of the low one's `steps` the first leads to the
/// middle one, the others to `highs`; `own` are the middle one's, and `place` is where each head
/// stands among them.
#[inline(always)]
fn through(steps: &[[Key; 2]], highs: &[u32], own: &mut [[Key; 2]], place: &[u32]) {
    let Some(([up, down], beyond)) = steps.split_first() else { return };
    for ([onward, back], high) in beyond.iter().zip(highs) {
        let between = &mut own[place[*high as usize] as usize];
        *between = [between[UP].or_round(*onward, *down), between[DOWN].or_round(*back, *up)];
    }
}
