//! The rim of a box, on which what is cut off goes on: a place on it is how far along it one has come,
//! clockwise from the north-western corner.

use super::mercator::{Frame, Spot};

/// The piece with its ends on the rim; one that ends inside goes straight to the nearest side.
pub(super) fn to_the_rim(mut piece: Vec<Spot>, frame: &Frame) -> Vec<Spot> {
    let first = nearest_on_rim(piece[0], frame);
    let last = nearest_on_rim(piece[piece.len() - 1], frame);
    piece.insert(0, first);
    piece.push(last);
    piece.dedup();
    piece
}

fn nearest_on_rim(spot: Spot, frame: &Frame) -> Spot {
    let sides = [
        (spot.y - frame.north, Spot { y: frame.north, ..spot }),
        (frame.east - spot.x, Spot { x: frame.east, ..spot }),
        (frame.south - spot.y, Spot { y: frame.south, ..spot }),
        (spot.x - frame.west, Spot { x: frame.west, ..spot }),
    ];
    sides.into_iter().min_by_key(|(off, _)| *off).map_or(spot, |(_, spot)| spot)
}

/// Adds the corners of the box that lie clockwise between two places of the rim.
pub(super) fn walk(ring: &mut Vec<Spot>, from: i64, (round, to): (i64, i64), frame: &Frame) {
    let around = rim(frame);
    let end = to + round * around;
    for lap in 0..2 {
        for corner in corners(frame) {
            let place = along(corner, frame) + lap * around;
            if place > from && place < end {
                ring.push(corner);
            }
        }
    }
}

/// The corners, clockwise from the north-western.
pub(super) fn corners(frame: &Frame) -> [Spot; 4] {
    let Frame { west, north, east, south } = *frame;
    [(west, north), (east, north), (east, south), (west, south)].map(|(x, y)| Spot { x, y })
}

fn rim(frame: &Frame) -> i64 {
    2 * (i64::from(frame.east) - i64::from(frame.west) + i64::from(frame.south)
        - i64::from(frame.north))
}

/// How far along the rim a spot of it lies, clockwise from the north-western corner.
pub(super) fn along(spot: Spot, frame: &Frame) -> i64 {
    let wide = i64::from(frame.east) - i64::from(frame.west);
    let high = i64::from(frame.south) - i64::from(frame.north);
    let (x, y) =
        (i64::from(spot.x) - i64::from(frame.west), i64::from(spot.y) - i64::from(frame.north));
    if y == 0 {
        x
    } else if x == wide {
        wide + y
    } else if y == high {
        wide + high + (wide - x)
    } else {
        2 * wide + high + (high - y)
    }
}
