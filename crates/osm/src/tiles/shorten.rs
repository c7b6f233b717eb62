//! Lines and rings on the grid of a tile: without what cannot be seen (Douglas & Peucker 1973,
//! doi:10.3138/FM57-6770-U75U-7727), and lines that go on in one another joined. Whole numbers.

use std::collections::BTreeMap;

use super::mercator::Grid;

/// The line without corners that are no further than `off` grid units from it.
pub(super) fn line(line: &[Grid], off: i64) -> Vec<Grid> {
    let mut line = line.to_vec();
    line.dedup();
    if line.len() < 3 {
        return line;
    }
    let mut kept = vec![false; line.len()];
    kept[0] = true;
    kept[line.len() - 1] = true;
    let mut stretches = vec![(0, line.len() - 1)];
    while let Some((from, to)) = stretches.pop() {
        let far = (from + 1..to).map(|at| (apart2(line[at], line[from], line[to]), at));
        // The first of the farthest.
        let far = far.max_by_key(|(apart, at)| (*apart, std::cmp::Reverse(*at)));
        if let Some((apart, at)) = far
            && apart > i128::from(off * off) * SHARE
        {
            kept[at] = true;
            stretches.extend([(from, at), (at, to)]);
        }
    }
    let mut short: Vec<Grid> =
        line.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(spot, _)| spot).collect();
    // A loop may come to nothing but the place it begins and ends at.
    short.dedup();
    short
}

/// Squared distances are counted in shares of a squared unit.
const SHARE: i128 = 256;

/// The squared distance from a place to the stretch between two others, times [`SHARE`].
fn apart2(at: Grid, from: Grid, to: Grid) -> i128 {
    let vector =
        |a: Grid, b: Grid| (i128::from(b.x) - i128::from(a.x), i128::from(b.y) - i128::from(a.y));
    let ((dx, dy), (px, py)) = (vector(from, to), vector(from, at));
    let length2 = dx * dx + dy * dy;
    let dot = px * dx + py * dy;
    if length2 == 0 || dot <= 0 {
        return (px * px + py * py) * SHARE;
    }
    if dot >= length2 {
        let (qx, qy) = vector(to, at);
        return (qx * qx + qy * qy) * SHARE;
    }
    let cross = px * dy - py * dx;
    cross * cross * SHARE / length2
}

/// The ring (without its first corner again) likewise; empty where nothing with an area is left.
pub(super) fn ring(ring: &[Grid], off: i64) -> Vec<Grid> {
    let Some(&first) = ring.first() else { return Vec::new() };
    // Between two corners far from each other, so that neither half is a point.
    let away = |spot: &Grid| {
        let (x, y) =
            (i64::from(spot.x) - i64::from(first.x), i64::from(spot.y) - i64::from(first.y));
        x * x + y * y
    };
    let far =
        (0..ring.len()).max_by_key(|at| (away(&ring[*at]), std::cmp::Reverse(*at))).unwrap_or(0);
    let mut short = line(&ring[..=far], off);
    short.extend(line(&[&ring[far..], &[first]].concat(), off).into_iter().skip(1));
    short.dedup();
    while short.len() > 1 && short.first() == short.last() {
        short.pop();
    }
    if short.len() < 3 || area2(&short) == 0 { Vec::new() } else { short }
}

/// Twice the area of a ring on the grid, positive clockwise.
pub(super) fn area2(ring: &[Grid]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross =
        |(a, b): (&Grid, &Grid)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y);
    ring.iter().zip(next).map(cross).sum()
}

/// Lines of one kind and name, joined where exactly two of them meet, so that there is room for the
/// name along them.
pub(super) fn joined(lines: Vec<Vec<Grid>>) -> Vec<Vec<Grid>> {
    let mut ends: BTreeMap<Grid, Vec<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        for end in [line[0], line[line.len() - 1]] {
            ends.entry(end).or_default().push(index);
        }
    }
    let mut rest: Vec<Option<Vec<Grid>>> = lines.into_iter().map(Some).collect();
    let mut joined = Vec::new();
    for start in 0..rest.len() {
        let Some(mut line) = rest[start].take() else { continue };
        for _ in 0..2 {
            while let Some(next) = line.last().and_then(|end| ends[end].as_slice().try_into().ok())
            {
                let [a, b]: [usize; 2] = next;
                let Some(mut more) = rest[a].take().or_else(|| rest[b].take()) else { break };
                if more.first() != line.last() {
                    more.reverse();
                }
                line.extend(&more[1..]);
            }
            line.reverse();
        }
        joined.push(line);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid<const N: usize>(spots: [(i32, i32); N]) -> Vec<Grid> {
        spots.map(|(x, y)| Grid { x, y }).into()
    }

    #[test]
    fn what_cannot_be_seen_goes() {
        let wavy = grid([(0, 0), (5, 1), (10, 0), (10, 0), (15, 9), (20, 0)]);
        assert_eq!(line(&wavy, 2), grid([(0, 0), (10, 0), (15, 9), (20, 0)]));
        assert_eq!(line(&wavy, 0).len(), 5);
        assert_eq!(line(&grid([(3, 3), (3, 3)]), 2).len(), 1);
        assert_eq!(line(&grid([(3, 3), (4, 3), (3, 3)]), 2).len(), 1);
    }

    #[test]
    fn rings_stay_rings_or_go() {
        let square = grid([(0, 0), (5, 1), (10, 0), (10, 10), (0, 10)]);
        assert_eq!(ring(&square, 2), grid([(0, 0), (10, 0), (10, 10), (0, 10)]));
        assert!(ring(&grid([(0, 0), (10, 0), (5, 0)]), 0).is_empty());
        assert!(ring(&grid([(0, 0), (0, 0), (0, 0)]), 0).is_empty());
        assert!(ring(&[], 1).is_empty());
    }

    #[test]
    fn lines_that_go_on_are_one() {
        let lines = vec![
            grid([(10, 0), (20, 0)]),
            grid([(10, 0), (0, 0)]),
            grid([(30, 0), (20, 0)]),
            grid([(30, 0), (30, 9)]),
            grid([(30, 0), (40, 0)]),
        ];
        let joined = joined(lines);
        assert_eq!(joined[0], grid([(0, 0), (10, 0), (20, 0), (30, 0)]));
        assert_eq!(joined.len(), 3, "at 30 three meet");
        let around = vec![grid([(0, 0), (9, 0), (9, 9)]), grid([(9, 9), (0, 0)])];
        assert_eq!(super::joined(around).len(), 1);
    }
}
