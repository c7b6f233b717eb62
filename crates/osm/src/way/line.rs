//! The line of a way: the shapes of its roads one after the other, cut where a place joins them, with
//! the doors at both ends.

use hjemrute_travel::Position;

use super::Piece;
use crate::geometry::{Point, millimetres, on_the_way};
use crate::graph::Graph;
use crate::snap::Snap;

/// The line from door to door along the pieces; between doors at the same spot of road, that spot.
pub(super) fn line(graph: &Graph, from: &Snap, to: &Snap, pieces: &[Piece]) -> Vec<Position> {
    let spot = |place: &Snap| place_on(graph.shape(place.edge as usize), place.along_dm);
    if pieces.is_empty() {
        return vec![spot(from).into(); 2];
    }
    let mut points = vec![Point::from(from.door), spot(from)];
    for piece in pieces {
        if let Some(edge) = piece.edge {
            points.extend(stretch(graph.shape(edge as usize), piece.from_dm, piece.to_dm));
        }
    }
    points.extend([spot(to), Point::from(to.door)]);
    points.dedup();
    // Two doors on one corner of the map are still the two ends of a line.
    points.extend((points.len() == 1).then_some(points[0]));
    points.into_iter().map(Position::from).collect()
}

/// The corners of a shape between two places on it, told in decimetres from its start.
fn stretch(shape: &[Point], from_dm: u32, to_dm: u32) -> Vec<Point> {
    let (low, high) = (from_dm.min(to_dm), from_dm.max(to_dm));
    let mut before = 0;
    let mut corners = vec![place_on(shape, low)];
    for ends in shape.windows(2) {
        before += millimetres(ends[0], ends[1]);
        if i64::from(low) * 100 < before && before < i64::from(high) * 100 - 50 {
            corners.push(ends[1]);
        }
    }
    corners.push(place_on(shape, high));
    if from_dm > to_dm {
        corners.reverse();
    }
    corners
}

/// The point so far along a shape, or a corner that it rounds to.
fn place_on(shape: &[Point], along_dm: u32) -> Point {
    let mut left = i64::from(along_dm) * 100;
    for ends in shape.windows(2) {
        let length = millimetres(ends[0], ends[1]);
        if left + 50 < length {
            return on_the_way(ends[0], ends[1], left, length);
        }
        left = (left - length).max(0);
    }
    shape[shape.len() - 1]
}
