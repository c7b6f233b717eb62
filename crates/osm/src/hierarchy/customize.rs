//! Taking vertices out one after the other leaves steps between those above: which ones depends only
//! on the order (`skeleton`), what they take is found by going up through all triangles. Going down
//! through them again finds the least key between any two neighbours; a step that is dearer than
//! that is never needed and dropped.
//!
//! J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies, 2016, doi:10.1145/2886843.

use crate::graph::{Arc, Csr};
use crate::key::Key;

/// The steps from each vertex to higher ones, both ways, that a least key may need.
pub(super) fn customize(vertices: usize, arcs: &[(u32, Arc)]) -> [Csr<Arc>; 2] {
    let mut steps = Steps::of(vertices, arcs);
    (0..vertices).for_each(|low| steps.lift(low));
    let lifted = (steps.up.clone(), steps.down.clone());
    (0..vertices).rev().for_each(|low| steps.tighten(low));
    [steps.needed(&steps.up, &lifted.0), steps.needed(&steps.down, &lifted.1)]
}

struct Steps {
    /// Where the higher neighbours of each vertex start, and they themselves, rising.
    first: Vec<usize>,
    heads: Vec<u32>,
    /// What it takes to each, and back from it.
    up: Vec<Key>,
    down: Vec<Key>,
}

impl Steps {
    fn of(vertices: usize, arcs: &[(u32, Arc)]) -> Steps {
        let rows = skeleton(vertices, arcs);
        let mut first = vec![0];
        first.extend(rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        let heads = rows.concat();
        let never = vec![Key::NEVER; heads.len()];
        let mut steps = Steps { first, heads, up: never.clone(), down: never };
        for (from, (to, key)) in arcs.iter().filter(|(from, (to, _))| from != to) {
            let place = steps.place(*from.min(to), *from.max(to));
            let way = if from < to { &mut steps.up } else { &mut steps.down };
            way[place] = way[place].min(*key);
        }
        steps
    }

    fn row(&self, low: usize) -> std::ops::Range<usize> {
        self.first[low]..self.first[low + 1]
    }

    /// Where the step between two neighbours is kept.
    fn place(&self, low: u32, high: u32) -> usize {
        let row = self.row(low as usize);
        let among = self.heads[row.clone()].binary_search(&high);
        row.start + among.expect("the skeleton has every step")
    }

    /// For each two higher neighbours of a vertex the three places of the triangle: of the lower
    /// neighbour, of the higher one, and of the step between them.
    fn triangles(&mut self, low: usize, mut each: impl FnMut(&mut Steps, [usize; 3])) {
        let row = self.row(low);
        for middle in row.clone() {
            let mut between = self.first[self.heads[middle] as usize];
            for high in middle + 1..row.end {
                // The neighbours of the middle one hold all that are left of these, in order.
                while self.heads[between] != self.heads[high] {
                    between += 1;
                }
                each(self, [middle, high, between]);
            }
        }
    }

    /// Hands what goes through a vertex to the steps above it.
    fn lift(&mut self, low: usize) {
        self.triangles(low, |steps, [middle, high, between]| {
            let (up, down) = (&mut steps.up, &mut steps.down);
            up[between] = up[between].min(down[middle].and(up[high]));
            down[between] = down[between].min(down[high].and(up[middle]));
        });
    }

    /// Lets the steps of a vertex go over those above it.
    fn tighten(&mut self, low: usize) {
        self.triangles(low, |steps, [middle, high, between]| {
            let (up, down) = (&mut steps.up, &mut steps.down);
            up[high] = up[high].min(up[middle].and(up[between]));
            up[middle] = up[middle].min(up[high].and(down[between]));
            down[high] = down[high].min(down[between].and(down[middle]));
            down[middle] = down[middle].min(up[between].and(down[high]));
        });
    }

    /// The steps of one way that are there and did not become cheaper by going round.
    fn needed(&self, least: &[Key], lifted: &[Key]) -> Csr<Arc> {
        let mut arcs = Vec::new();
        for low in 0..self.first.len() - 1 {
            let needed =
                |place: &usize| least[*place] == lifted[*place] && least[*place] < Key::NEVER;
            let places = self.row(low).filter(needed);
            arcs.extend(places.map(|place| (low as u32, (self.heads[place], least[place]))));
        }
        Csr::of(self.first.len() - 1, &arcs)
    }
}

/// The higher neighbours of each vertex once all lower ones are taken out, rising.
fn skeleton(vertices: usize, arcs: &[(u32, Arc)]) -> Vec<Vec<u32>> {
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); vertices];
    for (from, (to, _)) in arcs.iter().filter(|(from, (to, _))| from != to) {
        rows[*from.min(to) as usize].push(*from.max(to));
    }
    for low in 0..vertices {
        rows[low].sort_unstable();
        rows[low].dedup();
        // Handing all of it to the lowest is enough: that one hands on what is left.
        if let Some((parent, rest)) = rows[low].split_first() {
            let (parent, rest) = (*parent as usize, rest.to_vec());
            rows[parent].extend(rest);
        }
    }
    rows
}
