//! The sea: coastlines have land on their left and water on their right, and end where the extract
//! does. Cut to a box, each piece goes from rim to rim, and the rim is followed clockwise from where one
//! ends to where the next begins. Knows no tags.

use std::collections::BTreeMap;

use super::cut;
use super::mercator::{Frame, Spot};
use super::rim::{along, corners, to_the_rim, walk};
use super::rings::{area2, areas, holds};

/// The sea in the box, as rings of any direction; empty where there is no coast.
pub(super) fn sea(coast: &[Vec<Spot>], frame: &Frame) -> Vec<Vec<Spot>> {
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    for chain in chains(coast) {
        for piece in cut::line(&chain, frame) {
            match piece[..] {
                [first, .., last] if first == last => closed.push(piece[1..].to_vec()),
                _ => open.push(to_the_rim(piece, frame)),
            }
        }
    }
    if open.is_empty() && closed.is_empty() {
        return Vec::new();
    }
    let mut rings = along_the_rim(open, frame);
    // An island's shore runs counterclockwise; with nothing else to go by, all around it is sea.
    if rings.is_empty() && closed.iter().any(|ring| area2(ring) < 0) {
        rings.push(corners(frame).into());
    }
    // What a shore without a sea around it would make is land: leave it out.
    closed.retain(|ring| area2(ring) > 0 || rings.iter().any(|sea| holds(sea, ring[0])));
    rings.extend(closed);
    areas(rings).into_iter().flatten().collect()
}

/// Chains as long as they get, stretch by stretch: where maps of two dates are joined a coast may stand
/// twice.
fn chains(coast: &[Vec<Spot>]) -> Vec<Vec<Spot>> {
    let mut next: BTreeMap<Spot, Spot> = BTreeMap::new();
    for pair in coast.iter().flat_map(|line| line.windows(2)).filter(|pair| pair[0] != pair[1]) {
        next.entry(pair[0]).or_insert(pair[1]);
    }
    let mut entered: BTreeMap<Spot, usize> = BTreeMap::new();
    next.values().for_each(|to| *entered.entry(*to).or_default() += 1);
    let beginnings: Vec<Spot> =
        next.keys().filter(|from| !entered.contains_key(*from)).copied().collect();
    let mut chains = Vec::new();
    for start in beginnings {
        chains.push(follow(start, &mut next));
    }
    while let Some(&start) = next.keys().next() {
        chains.push(follow(start, &mut next));
    }
    chains
}

fn follow(start: Spot, next: &mut BTreeMap<Spot, Spot>) -> Vec<Spot> {
    let mut chain = vec![start];
    let mut at = start;
    while let Some(to) = next.remove(&at) {
        chain.push(to);
        at = to;
    }
    chain
}

/// Rings made of the pieces and the rim between them.
fn along_the_rim(open: Vec<Vec<Spot>>, frame: &Frame) -> Vec<Vec<Spot>> {
    let mut starts: BTreeMap<(i64, usize), Vec<Spot>> = BTreeMap::new();
    for (index, piece) in open.into_iter().enumerate() {
        starts.insert((along(piece[0], frame), index), piece);
    }
    let mut rings = Vec::new();
    while let Some((_, first)) = starts.pop_first() {
        let home = along(first[0], frame);
        let mut ring = first;
        loop {
            let at = along(ring[ring.len() - 1], frame);
            // The next beginning clockwise, its own among them; past the last, from the top again.
            let own = if home >= at { (0, home) } else { (1, home) };
            let next = starts.range((at, 0)..).next().map(|(key, _)| ((0, key.0), *key));
            let next = next.or_else(|| starts.keys().next().map(|key| ((1, key.0), *key)));
            match next.filter(|(place, _)| *place < own) {
                Some((place, key)) => {
                    walk(&mut ring, at, place, frame);
                    ring.extend(starts.remove(&key).unwrap_or_default());
                }
                None => {
                    walk(&mut ring, at, own, frame);
                    break;
                }
            }
        }
        ring.dedup();
        rings.push(ring);
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { west: 0, north: 0, east: 100, south: 100 };

    fn line<const N: usize>(spots: [(i32, i32); N]) -> Vec<Spot> {
        spots.map(|(x, y)| Spot { x, y }).into()
    }

    fn wet(sea: &[Vec<Spot>], x: i32, y: i32) -> bool {
        sea.iter().filter(|ring| holds(ring, Spot { x, y })).count() % 2 == 1
    }

    #[test]
    fn water_is_on_the_right_of_the_coast() {
        // Eastwards: the south is wet.
        let coast = [line([(-10, 50), (40, 50)]), line([(40, 50), (110, 60)])];
        let there = sea(&coast, &FRAME);
        assert!(wet(&there, 50, 90) && wet(&there, 1, 99) && !wet(&there, 50, 10));
        let back: Vec<Vec<Spot>> =
            coast.iter().rev().map(|line| line.iter().rev().copied().collect()).collect();
        let north = sea(&back, &FRAME);
        assert!(!wet(&north, 50, 90) && wet(&north, 50, 10) && wet(&north, 99, 1));
    }

    #[test]
    fn islands_are_dry_and_two_coasts_make_a_strait() {
        let coast = [
            line([(-10, 40), (110, 40)]),
            line([(110, 60), (-10, 60)]),
            line([(50, 45), (45, 50), (50, 55), (55, 50), (50, 45)]),
        ];
        let sea = sea(&coast, &FRAME);
        assert!(
            wet(&sea, 10, 50) && !wet(&sea, 10, 10) && !wet(&sea, 10, 90) && !wet(&sea, 50, 50)
        );
    }

    #[test]
    fn an_island_alone_lies_in_the_sea_and_a_doubled_coast_is_one() {
        let island = line([(50, 45), (45, 50), (50, 55), (55, 50), (50, 45)]);
        let around = sea(&[island.clone(), island], &FRAME);
        assert!(wet(&around, 5, 5) && !wet(&around, 50, 50));
        assert!(sea(&[], &FRAME).is_empty());
    }

    #[test]
    fn a_coast_that_ends_inside_goes_to_the_rim() {
        let sea = sea(&[line([(-10, 50), (90, 50)])], &FRAME);
        assert!(wet(&sea, 50, 90) && !wet(&sea, 50, 10));
    }
}
