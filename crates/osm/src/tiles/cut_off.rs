//! Areas whose outline leaves the extract. Cut to a box, the pieces of the outline part it in two, and one
//! of the parts is the area. Unlike those of a coastline its lines do not tell which: its holes do, which
//! lie in it, and else what does not lie in such areas, streets and houses. Where neither does, nothing is
//! drawn: a guess would flood a town. Knows no tags.

use std::collections::BTreeSet;

use super::cut;
use super::mercator::{Frame, Spot};
use super::rim::{along, to_the_rim, walk};
use super::rings::{area2, holds};

/// An end inside, further from the rim than one in so many parts of the box, is no end of the extract.
const NEAR_THE_RIM: i32 = 20;
/// So many streets and houses tell something,
const TELLING: usize = 20;
/// if so many times as many lie on the one side as on the other, for its size.
const CLEARLY: i128 = 10;

/// The area, as rings of any direction; none where it cannot be told. `outside` are spots of streets and
/// houses.
pub(super) fn area(
    open: &[Vec<Spot>],
    holes: &[Vec<Spot>],
    outside: &[Spot],
    frame: &Frame,
) -> Vec<Vec<Spot>> {
    let pieces: Vec<Vec<Spot>> = open.iter().flat_map(|line| cut::line(line, frame)).collect();
    if pieces.is_empty() || !pieces.iter().all(|piece| ends_at_the_rim(piece, frame)) {
        return Vec::new();
    }
    let pieces: Vec<Vec<Spot>> = pieces.into_iter().map(|piece| to_the_rim(piece, frame)).collect();
    let sides = [0, 1].map(|side| one_side(&pieces, side, frame));
    let [Some(one), Some(other)] = sides else { return Vec::new() };
    let holds = |spot: &Spot| one.iter().filter(|ring| holds(ring, *spot)).count() % 2 == 1;
    let within = holes.iter().filter_map(|hole| hole.first()).filter(|spot| holds(spot)).count();
    if !holes.is_empty() {
        // If they lie on both sides, something is wrong with them.
        return match within {
            0 => other,
            all if all == holes.len() => one,
            _ => Vec::new(),
        };
    }
    let outside: Vec<&Spot> = outside.iter().filter(|spot| frame.holds(**spot)).collect();
    let here = outside.iter().filter(|spot| holds(spot)).count();
    let counts = [here, outside.len() - here];
    match [0, 1].map(|side| is_emptier(counts, [&one, &other].map(|side| size(side)), side)) {
        [true, false] => one,
        [false, true] => other,
        _ => Vec::new(),
    }
}

/// Whether a piece ends where the extract does.
fn ends_at_the_rim(piece: &[Spot], frame: &Frame) -> bool {
    let wide = (frame.east - frame.west).min(frame.south - frame.north) / NEAR_THE_RIM;
    let near = |spot: &Spot| {
        let off =
            [spot.x - frame.west, frame.east - spot.x, spot.y - frame.north, frame.south - spot.y];
        off.into_iter().any(|off| off <= wide)
    };
    piece.first().is_some_and(near) && piece.last().is_some_and(near)
}

/// Twice the size of an area given by rings that do not overlap.
fn size(rings: &[Vec<Spot>]) -> i128 {
    rings.iter().map(|ring| area2(ring).abs()).sum()
}

/// Whether one of two sides has far fewer spots in it than the other, for its size.
fn is_emptier(counts: [usize; 2], sizes: [i128; 2], side: usize) -> bool {
    let (here, there) = (counts[side] as i128, counts[1 - side] as i128);
    counts[1 - side] >= TELLING && CLEARLY * here * sizes[1 - side] <= there * sizes[side]
}

/// What the pieces, from rim to rim, cut off on one side or the other: clockwise along the rim it is now
/// inside and now outside. None if the pieces cross.
fn one_side(pieces: &[Vec<Spot>], side: usize, frame: &Frame) -> Option<Vec<Vec<Spot>>> {
    let end = |piece: usize, last: bool| {
        let line = &pieces[piece];
        (along(if last { line[line.len() - 1] } else { line[0] }, frame), piece, last)
    };
    let mut ends: Vec<(i64, usize, bool)> =
        (0..pieces.len()).flat_map(|piece| [end(piece, false), end(piece, true)]).collect();
    ends.sort_unstable();
    ends.rotate_left(side);
    let mut left: BTreeSet<usize> = (0..ends.len()).step_by(2).collect();
    let mut rings = Vec::new();
    while let Some(start) = left.pop_first() {
        let (mut ring, mut at) = (Vec::new(), start);
        loop {
            // Along the rim to the next end, and from there through the box.
            let ((from, ..), (to, piece, last)) = (ends[at], ends[at + 1]);
            walk(&mut ring, from, (i64::from(to < from), to), frame);
            let line = pieces[piece].iter().copied();
            if last {
                ring.extend(line.rev())
            } else {
                ring.extend(line)
            }
            let beyond = end(piece, !last);
            at = ends.iter().position(|end| *end == beyond)?;
            if at == start {
                break;
            }
            if !left.remove(&at) {
                return None;
            }
        }
        ring.dedup();
        rings.push(ring);
    }
    Some(rings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { west: 0, north: 0, east: 100, south: 100 };

    fn line<const N: usize>(spots: [(i32, i32); N]) -> Vec<Spot> {
        spots.map(|(x, y)| Spot { x, y }).into()
    }

    fn inside(rings: &[Vec<Spot>], x: i32, y: i32) -> bool {
        rings.iter().filter(|ring| holds(ring, Spot { x, y })).count() % 2 == 1
    }

    /// Streets all over the part of the box that is north of a line.
    fn town(south: i32) -> Vec<Spot> {
        (1..50).flat_map(|x| (1..south / 2).map(move |y| Spot { x: 2 * x, y: 2 * y })).collect()
    }

    #[test]
    fn where_no_streets_are_there_is_the_lake() {
        let shore = [line([(-10, 60), (50, 62), (110, 60)])];
        for shore in [shore.clone(), shore.map(|line| line.into_iter().rev().collect())] {
            let lake = area(&shore, &[], &town(58), &FRAME);
            assert!(inside(&lake, 50, 90) && !inside(&lake, 50, 30));
        }
    }

    #[test]
    fn a_lake_may_leave_the_extract_on_two_sides_or_at_a_corner() {
        let shores = [line([(-10, 60), (110, 60)]), line([(110, 80), (-10, 80)])];
        let mut streets = town(58);
        streets.extend((1..50).map(|x| Spot { x: 2 * x, y: 90 }));
        let lake = area(&shores, &[], &streets, &FRAME);
        assert!(inside(&lake, 50, 70) && !inside(&lake, 50, 90) && !inside(&lake, 50, 30));
        let lake = area(&[line([(70, 110), (72, 70), (110, 72)])], &[], &town(66), &FRAME);
        assert!(inside(&lake, 90, 90) && !inside(&lake, 20, 90) && !inside(&lake, 90, 20));
        assert!(inside(&lake, 99, 99));
    }

    #[test]
    fn an_island_tells_as_well_and_what_is_doubtful_is_nothing() {
        let shore = [line([(-10, 50), (110, 50)])];
        let island = line([(50, 20), (55, 20), (55, 25), (50, 25)]);
        let lake = area(&shore, &[island], &[], &FRAME);
        assert!(inside(&lake, 50, 40) && !inside(&lake, 50, 60));
        assert!(area(&shore, &[], &[], &FRAME).is_empty(), "nothing tells");
        assert!(area(&shore, &[], &town(100), &FRAME).is_empty(), "streets on both sides");
        let within = [line([(-10, 50), (50, 50)])];
        assert!(area(&within, &[], &town(48), &FRAME).is_empty(), "not cut off by the rim");
    }

    #[test]
    fn lines_that_cross_are_no_outline() {
        let across = [line([(-10, 50), (110, 50)]), line([(50, -10), (50, 110)])];
        assert!(area(&across, &[], &town(48), &FRAME).is_empty());
    }
}
