//! Closed rings out of the lines of a multipolygon, and which of them are holes in which. Roles are not
//! believed: a ring inside a ring is a hole, as drawn. Knows no tags.

use std::collections::BTreeMap;

use super::mercator::{Frame, Spot};

/// Lines over numbered nodes joined end to end; the closed ones, without their last node twice. What
/// does not close is given too, as the second of the pair.
pub(super) fn joined(lines: &[Vec<i64>]) -> (Vec<Vec<i64>>, Vec<Vec<i64>>) {
    let mut ends: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        if let [first, .., last] = line[..] {
            ends.entry(first).or_default().push(index);
            ends.entry(last).or_default().push(index);
        }
    }
    let mut used = vec![false; lines.len()];
    let (mut rings, mut open) = (Vec::new(), Vec::new());
    for start in 0..lines.len() {
        if used[start] || lines[start].len() < 2 {
            continue;
        }
        used[start] = true;
        let mut chain = lines[start].clone();
        extend(&mut chain, lines, &ends, &mut used);
        if chain.first() == chain.last() {
            chain.pop();
            rings.push(chain);
        } else {
            // It may have begun in the middle.
            chain.reverse();
            extend(&mut chain, lines, &ends, &mut used);
            open.push(chain);
        }
    }
    rings.retain(|ring| ring.len() >= 3);
    (rings, open)
}

/// Goes on from the end of a chain until it closes or nothing follows.
fn extend(
    chain: &mut Vec<i64>,
    lines: &[Vec<i64>],
    ends: &BTreeMap<i64, Vec<usize>>,
    used: &mut [bool],
) {
    while let (Some(&first), Some(&last)) = (chain.first(), chain.last())
        && first != last
        && let Some(&next) = ends.get(&last).and_then(|at| at.iter().find(|line| !used[**line]))
    {
        used[next] = true;
        let line = &lines[next];
        if line.first() == Some(&last) {
            chain.extend(&line[1..]);
        } else {
            chain.extend(line.iter().rev().skip(1));
        }
    }
}

/// Twice the area of a ring, positive where it runs clockwise as one sees it (south is positive).
pub(super) fn area2(ring: &[Spot]) -> i128 {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Spot, &Spot)| {
        i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)
    };
    ring.iter().zip(next).map(cross).sum()
}

/// Whether a spot lies inside a ring.
pub(super) fn holds(ring: &[Spot], spot: Spot) -> bool {
    let corners = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossed = corners.filter(|(a, b)| {
        if (a.y > spot.y) == (b.y > spot.y) {
            return false;
        }
        let (ax, ay) = (i64::from(a.x), i64::from(a.y));
        let side = (i64::from(b.x) - ax) * (i64::from(spot.y) - ay)
            - (i64::from(spot.x) - ax) * (i64::from(b.y) - ay);
        (side > 0) == (b.y > a.y)
    });
    crossed.count() % 2 == 1
}

/// Rings as areas: each outer ring, clockwise, with its holes behind it, the other way round.
pub(super) fn areas(mut rings: Vec<Vec<Spot>>) -> Vec<Vec<Vec<Spot>>> {
    rings.retain(|ring| ring.len() >= 3 && area2(ring) != 0);
    let frames: Vec<_> =
        rings.iter().filter_map(|ring| Frame::around(ring.iter().copied())).collect();
    // A corner of its own, not one that lies on the ring around it.
    let inside = |inner: usize, outer: usize| {
        inner != outer
            && frames[outer].covers(&frames[inner])
            && area2(&rings[inner]).abs() < area2(&rings[outer]).abs()
            && rings[inner]
                .iter()
                .find(|corner| !rings[outer].contains(corner))
                .is_some_and(|corner| holds(&rings[outer], *corner))
    };
    let around: Vec<Vec<usize>> = (0..rings.len())
        .map(|inner| (0..rings.len()).filter(|outer| inside(inner, *outer)).collect())
        .collect();
    let mut areas: Vec<(usize, Vec<Vec<Spot>>)> = Vec::new();
    for (index, ring) in
        rings.iter().enumerate().filter(|(index, _)| around[*index].len().is_multiple_of(2))
    {
        areas.push((index, vec![turned(ring.clone(), true)]));
    }
    for (index, ring) in
        rings.iter().enumerate().filter(|(index, _)| !around[*index].len().is_multiple_of(2))
    {
        let depth = around[index].len() - 1;
        let owner = around[index].iter().find(|outer| around[**outer].len() == depth);
        if let Some((_, area)) = areas.iter_mut().find(|(outer, _)| Some(outer) == owner) {
            area.push(turned(ring.clone(), false));
        }
    }
    areas.into_iter().map(|(_, area)| area).collect()
}

/// The ring, clockwise or the other way round.
pub(super) fn turned(mut ring: Vec<Spot>, clockwise: bool) -> Vec<Spot> {
    if (area2(&ring) > 0) != clockwise {
        ring.reverse();
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(at: i32, side: i32) -> Vec<Spot> {
        [(0, 0), (side, 0), (side, side), (0, side)]
            .map(|(x, y)| Spot { x: at + x, y: at + y })
            .into()
    }

    #[test]
    fn lines_are_joined_whichever_way_they_run() {
        let (rings, open) =
            joined(&[vec![1, 2, 3], vec![5, 4, 3], vec![5, 1], vec![8, 9], vec![7, 8]]);
        assert_eq!(rings, [vec![1, 2, 3, 4, 5]]);
        assert_eq!(open, [vec![9, 8, 7]]);
        assert_eq!(joined(&[vec![1, 2, 3, 1], vec![], vec![4]]), (vec![vec![1, 2, 3]], vec![]));
    }

    #[test]
    fn a_lake_has_an_island_and_the_island_a_pond() {
        let rings = vec![square(40, 10), square(0, 100), square(20, 60)];
        let areas = areas(rings);
        assert_eq!(areas.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        let turns =
            |area: &Vec<Vec<Spot>>| area.iter().map(|ring| area2(ring) > 0).collect::<Vec<_>>();
        assert_eq!(turns(&areas[1]), [true, false]);
        assert_eq!(turns(&areas[0]), [true]);
        assert!(
            holds(&square(0, 10), Spot { x: 5, y: 5 })
                && !holds(&square(0, 10), Spot { x: 15, y: 5 })
        );
    }
}
