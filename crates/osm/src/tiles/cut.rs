//! Shapes cut to a box: lines into the pieces inside, areas along its edges (Sutherland & Hodgman 1974,
//! doi:10.1145/360767.360802). Whole numbers; a cut lies on the edge, rounded to the nearest unit.

use super::mercator::{Frame, Spot};

/// The pieces of a line that lie in the box.
pub(super) fn line(spots: &[Spot], frame: &Frame) -> Vec<Vec<Spot>> {
    let mut pieces: Vec<Vec<Spot>> = Vec::new();
    for pair in spots.windows(2) {
        let Some((from, to)) = stretch(pair[0], pair[1], frame) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) && from == pair[0] => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces.retain(|piece| piece.windows(2).any(|pair| pair[0] != pair[1]));
    pieces
}

/// The part of a straight stretch in the box (Liang and Barsky's, one edge at a time).
fn stretch(mut from: Spot, mut to: Spot, frame: &Frame) -> Option<(Spot, Spot)> {
    for edge in edges(frame) {
        match (edge.inside(from), edge.inside(to)) {
            (true, true) => {}
            (true, false) => to = edge.crossing(from, to),
            (false, true) => from = edge.crossing(from, to),
            (false, false) => return None,
        }
    }
    Some((from, to))
}

/// What is left of a ring (without its last corner twice) in the box, perhaps nothing. Parts that hang
/// together only outside are joined along the edge, where an area has no width.
pub(super) fn ring(spots: &[Spot], frame: &Frame) -> Vec<Spot> {
    let mut ring = spots.to_vec();
    for edge in edges(frame) {
        let mut cut = Vec::with_capacity(ring.len() + 4);
        for (index, &spot) in ring.iter().enumerate() {
            let before = ring[(index + ring.len() - 1) % ring.len()];
            if edge.inside(before) != edge.inside(spot) {
                cut.push(edge.crossing(before, spot));
            }
            if edge.inside(spot) {
                cut.push(spot);
            }
        }
        ring = cut;
    }
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 { Vec::new() } else { ring }
}

/// One edge of a box: a coordinate and which side of it is in.
#[derive(Clone, Copy)]
struct Edge {
    vertical: bool,
    at: i32,
    /// Whether larger numbers are inside.
    above: bool,
}

fn edges(frame: &Frame) -> [Edge; 4] {
    [
        Edge { vertical: true, at: frame.west, above: true },
        Edge { vertical: true, at: frame.east, above: false },
        Edge { vertical: false, at: frame.north, above: true },
        Edge { vertical: false, at: frame.south, above: false },
    ]
}

impl Edge {
    fn inside(self, spot: Spot) -> bool {
        let at = if self.vertical { spot.x } else { spot.y };
        if self.above { at >= self.at } else { at <= self.at }
    }

    /// Where the stretch crosses the edge; one end is inside and one is not.
    fn crossing(self, a: Spot, b: Spot) -> Spot {
        // From the lesser end, so that the way back is cut at the same spot.
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let on = |from: i32, to: i32, other_from: i32, other_to: i32| {
            let (run, rise) =
                (i64::from(to) - i64::from(from), i64::from(other_to) - i64::from(other_from));
            let (part, run) =
                (rise * (i64::from(self.at) - i64::from(from)) * run.signum(), run.abs());
            (i64::from(other_from) + (2 * part + run).div_euclid(2 * run)) as i32
        };
        if self.vertical {
            Spot { x: self.at, y: on(a.x, b.x, a.y, b.y) }
        } else {
            Spot { x: on(a.y, b.y, a.x, b.x), y: self.at }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { west: 0, north: 0, east: 10, south: 10 };

    fn spots<const N: usize>(spots: [(i32, i32); N]) -> Vec<Spot> {
        spots.map(|(x, y)| Spot { x, y }).into()
    }

    #[test]
    fn a_line_falls_into_its_pieces() {
        let there_and_back = spots([(-5, 5), (5, 5), (15, 5), (15, 8), (5, 8)]);
        let pieces = line(&there_and_back, &FRAME);
        assert_eq!(pieces, [spots([(0, 5), (5, 5), (10, 5)]), spots([(10, 8), (5, 8)])]);
        assert!(line(&spots([(-5, 5), (5, -6)]), &FRAME).is_empty());
        assert!(line(&spots([(-5, 5), (0, 5), (-5, 6)]), &FRAME).is_empty(), "it only touches");
    }

    #[test]
    fn a_ring_follows_the_edge() {
        let over = spots([(5, 5), (15, 5), (15, 8), (5, 8)]);
        assert_eq!(ring(&over, &FRAME).len(), 4);
        assert!(ring(&over, &FRAME).contains(&Spot { x: 10, y: 8 }));
        assert!(ring(&spots([(20, 20), (30, 20), (30, 30)]), &FRAME).is_empty());
        let around = spots([(-9, -9), (99, -9), (99, 99), (-9, 99)]);
        let mut all = ring(&around, &FRAME);
        all.sort();
        assert_eq!(all, spots([(0, 0), (0, 10), (10, 0), (10, 10)]));
    }

    #[test]
    fn neighbours_cut_at_the_same_spot() {
        let (a, b) = (Spot { x: -7, y: 3 }, Spot { x: 12, y: 8 });
        let edge = Edge { vertical: true, at: 0, above: true };
        assert_eq!(edge.crossing(a, b), edge.crossing(b, a));
    }
}
