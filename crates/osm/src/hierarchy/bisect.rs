//! Cuts a set of points, joined by lines, into two about equal halves so that few lines are cut: the
//! outermost quarter on one side floods towards the outermost quarter on the other, one unit a line,
//! and the fullest flow shows the narrowest cut. Tried in four directions, the best kept. Whole
//! numbers and fixed order: the same graph is always cut the same way.
//!
//! A. Schild, C. Sommer, On balanced separators in road networks, 2015,
//! doi:10.1007/978-3-319-20086-6_22; Y. Dinitz's algorithm for the flow, 1970.

use crate::geometry::Point;
use crate::graph::Csr;

/// Which points lie on the far side of the best cut; neither side is empty if there are two points.
pub(super) fn bisect(points: &[Point], lines: &[[u32; 2]]) -> Vec<bool> {
    let flow = Flow::of(points.len(), lines);
    let tried = DIRECTIONS.iter().filter_map(|along| flow.cut(points, *along));
    // A cut is judged by its lines for each point of the smaller side.
    let best = tried.reduce(|best, cut| {
        let (old, new) = (best.lines as u64 * cut.smaller, cut.lines as u64 * best.smaller);
        if new < old { cut } else { best }
    });
    best.map_or_else(|| (0..points.len()).map(|point| point % 2 == 1).collect(), |best| best.far)
}

/// East, north, and both diagonals; a step east is about half as long as one north.
const DIRECTIONS: [[i64; 2]; 4] = [[1, 0], [0, 1], [1, 2], [1, -2]];

struct Cut {
    lines: usize,
    smaller: u64,
    far: Vec<bool>,
}

/// The lines as pairs of half-lines: `2i` and `2i + 1` are the two directions of line `i`.
struct Flow<'a> {
    lines: &'a [[u32; 2]],
    out: Csr<u32>,
}

impl<'a> Flow<'a> {
    fn of(points: usize, lines: &'a [[u32; 2]]) -> Flow<'a> {
        let halves =
            |(line, ends): (u32, &[u32; 2])| [(ends[0], 2 * line), (ends[1], 2 * line + 1)];
        let halves: Vec<(u32, u32)> = (0..).zip(lines).flat_map(halves).collect();
        Flow { lines, out: Csr::of(points, &halves) }
    }

    /// The narrowest cut between the first and the last quarter along a direction.
    fn cut(&self, points: &[Point], along: [i64; 2]) -> Option<Cut> {
        let place = |point: &u32| {
            let Point { lon, lat } = points[*point as usize];
            (along[0] * i64::from(lon) + along[1] * i64::from(lat), *point)
        };
        let mut ordered: Vec<u32> = (0..points.len() as u32).collect();
        ordered.sort_unstable_by_key(place);
        let quarter = points.len().div_ceil(4);
        let mut flood = Flood::new(self);
        let (near, far) = (&ordered[..quarter], &ordered[points.len() - quarter..]);
        near.iter().for_each(|point| flood.side[*point as usize] = Side::Near);
        far.iter().for_each(|point| flood.side[*point as usize] = Side::Far);
        let lines = flood.fill(near);
        let near_side: Vec<bool> = flood.level.iter().map(|level| *level != DRY).collect();
        // What floods from the far end leaves the rest to the near one: take the better balanced.
        let wet = near_side.iter().filter(|wet| **wet).count();
        let smaller = wet.min(points.len() - wet) as u64;
        let far = near_side.into_iter().map(|wet| !wet).collect();
        (smaller > 0).then_some(Cut { lines, smaller, far })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Near,
    Between,
    Far,
}

const DRY: u32 = u32::MAX;

struct Flood<'a> {
    flow: &'a Flow<'a>,
    side: Vec<Side>,
    /// How far from the near side each point was last reached, or [`DRY`].
    level: Vec<u32>,
    /// Which half-line of each point to try next.
    next: Vec<u32>,
    /// The flow along each line: 1, 0 or -1.
    along: Vec<i8>,
}

impl<'a> Flood<'a> {
    fn new(flow: &'a Flow<'a>) -> Flood<'a> {
        let points = flow.out.len();
        Flood {
            flow,
            side: vec![Side::Between; points],
            level: vec![DRY; points],
            next: vec![0; points],
            along: vec![0; flow.lines.len()],
        }
    }

    /// Fills until nothing more gets through; how many units did.
    fn fill(&mut self, near: &[u32]) -> usize {
        let mut through = 0;
        while self.spread(near) {
            self.next.fill(0);
            for point in near {
                while self.advance(*point) {
                    through += 1;
                }
            }
        }
        through
    }

    /// Where a half-line leads, if it is not full.
    fn open(&self, half: u32) -> Option<u32> {
        let line = (half / 2) as usize;
        let back = half % 2;
        let full = if back == 0 { 1 } else { -1 };
        (self.along[line] != full).then(|| self.flow.lines[line][1 - back as usize])
    }

    /// Measures levels from the near side; whether the far side was reached.
    fn spread(&mut self, near: &[u32]) -> bool {
        self.level.fill(DRY);
        near.iter().for_each(|point| self.level[*point as usize] = 0);
        let (mut queue, mut at, mut reached) = (near.to_vec(), 0, false);
        while let Some(&point) = queue.get(at) {
            at += 1;
            for half in self.flow.out.row(point as usize) {
                let Some(beyond) = self.open(*half) else { continue };
                if self.level[beyond as usize] == DRY {
                    self.level[beyond as usize] = self.level[point as usize] + 1;
                    reached |= self.side[beyond as usize] == Side::Far;
                    queue.push(beyond);
                }
            }
        }
        reached
    }

    /// Sends one unit from a near point to the far side along rising levels.
    fn advance(&mut self, start: u32) -> bool {
        let mut path: Vec<u32> = Vec::new();
        let mut point = start;
        while self.side[point as usize] != Side::Far {
            let halves = self.flow.out.row(point as usize);
            let half = halves.get(self.next[point as usize] as usize).copied();
            let Some(half) = half else {
                // A dead end: step back and do not come again.
                let Some(half) = path.pop() else { return false };
                point = self.flow.lines[(half / 2) as usize][(half % 2) as usize];
                self.next[point as usize] += 1;
                continue;
            };
            match self.open(half).filter(|to| self.rises(point, *to)) {
                Some(beyond) => {
                    path.push(half);
                    point = beyond;
                }
                None => self.next[point as usize] += 1,
            }
        }
        for half in &path {
            self.along[(half / 2) as usize] += if half % 2 == 0 { 1 } else { -1 };
        }
        !path.is_empty()
    }

    fn rises(&self, from: u32, to: u32) -> bool {
        self.level[to as usize] == self.level[from as usize] + 1
    }
}
