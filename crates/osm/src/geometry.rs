//! Points, lengths and nearest points, in whole numbers: the same map gives the same millimetres on
//! every machine. Near enough to flat: every length here is short against the earth.

use bytemuck::{Pod, Zeroable};
use hjemrute_travel::Position;

/// Millimetres of a ten-millionth of a degree along a meridian, × 2²⁰ (earth radius 6,371,008.8 m).
const MM_PER_UNIT: i64 = 11_659_649;
const UNITS: i64 = 1 << 20;

/// A position as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Point {
    pub(crate) lon: i32,
    pub(crate) lat: i32,
}

impl From<Position> for Point {
    fn from(position: Position) -> Point {
        Point { lon: position.lon, lat: position.lat }
    }
}

impl From<Point> for Position {
    fn from(point: Point) -> Position {
        Position { lon: point.lon, lat: point.lat }
    }
}

/// The flat neighbourhood of one point: it lies at the origin, everything else in millimetres
/// east and north of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plane {
    origin: Point,
    mm_per_lon: i64,
}

/// Where a line comes nearest to the origin of a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nearest {
    /// From the origin to the line.
    pub(crate) mm: i64,
    /// From the start of the line to that place.
    pub(crate) along_mm: i64,
}

impl Plane {
    /// The plane around a point.
    pub(crate) fn around(origin: Point) -> Plane {
        Plane { origin, mm_per_lon: mm_per_lon(origin.lat) }
    }

    /// Half the sides, in ten-millionths of a degree east and north, of a box that holds all
    /// within `metres`.
    pub(crate) fn reach(&self, metres: i64) -> (i64, i64) {
        let mm = metres * 1000 * UNITS;
        (mm / self.mm_per_lon.max(1) + 1, mm / MM_PER_UNIT + 1)
    }

    fn place(&self, point: Point) -> (i64, i64) {
        let east = i64::from(point.lon) - i64::from(self.origin.lon);
        let north = i64::from(point.lat) - i64::from(self.origin.lat);
        // Towards zero, so that west is as far as east.
        ((east * self.mm_per_lon) / UNITS, (north * MM_PER_UNIT) / UNITS)
    }

    /// Millimetres east and north from `a` to `b`.
    pub(crate) fn vector(&self, a: Point, b: Point) -> (i64, i64) {
        let ((ax, ay), (bx, by)) = (self.place(a), self.place(b));
        (bx - ax, by - ay)
    }

    /// Where the stretch from `a` to `b` comes nearest to the origin.
    #[cfg(test)]
    pub(crate) fn nearest(&self, a: Point, b: Point) -> Nearest {
        self.nearer(a, b, i64::MAX).expect("everything is nearer than that")
    }

    /// The same if that is nearer than so many millimetres.
    pub(crate) fn nearer(&self, a: Point, b: Point, than_mm: i64) -> Option<Nearest> {
        let (ax, ay) = self.place(a);
        let (bx, by) = self.place(b);
        let (dx, dy) = (bx - ax, by - ay);
        let square = square(dx, dy);
        let (x, y) = if square == 0 {
            (ax, ay)
        } else {
            let dot = -(i128::from(ax) * i128::from(dx) + i128::from(ay) * i128::from(dy));
            let dot = dot.clamp(0, square);
            (ax + share(dx, dot, square), ay + share(dy, dot, square))
        };
        // Most stretches are not the nearest, and roots are slow.
        if self::square(x, y) >= i128::from(than_mm).pow(2) {
            return None;
        }
        Some(Nearest { mm: length(x, y), along_mm: length(x - ax, y - ay) })
    }
}

fn square(x: i64, y: i64) -> i128 {
    i128::from(x) * i128::from(x) + i128::from(y) * i128::from(y)
}

/// Millimetres between two points.
pub(crate) fn millimetres(a: Point, b: Point) -> i64 {
    // The plane lies halfway, so that the way back is as long as the way there.
    let halfway = ((i64::from(a.lat) + i64::from(b.lat)) / 2) as i32;
    let (x, y) = Plane { origin: a, mm_per_lon: mm_per_lon(halfway) }.place(b);
    length(x, y)
}

/// The point that lies so many of all millimetres on the way from `a` to `b`.
pub(crate) fn on_the_way(a: Point, b: Point, part: i64, all: i64) -> Point {
    let along = |a: i32, b: i32| {
        let whole = i64::from(b) - i64::from(a);
        (i64::from(a) + share(whole, part.into(), all.max(1).into())) as i32
    };
    Point { lon: along(a.lon, b.lon), lat: along(a.lat, b.lat) }
}

/// `whole * part / all`, in the shorter numbers where they do.
fn share(whole: i64, part: i128, all: i128) -> i64 {
    match (i64::try_from(part), i64::try_from(all)) {
        (Ok(part), Ok(all)) if whole.checked_mul(part).is_some() => whole * part / all,
        _ => (i128::from(whole) * part / all) as i64,
    }
}

fn length(x: i64, y: i64) -> i64 {
    let square = square(x, y);
    match u64::try_from(square) {
        // The root of a short number is much the faster one, and nearly all are short.
        Ok(square) => square.isqrt() as i64,
        Err(_) => square.isqrt() as i64,
    }
}

/// Millimetres × 2²⁰ of a ten-millionth of a degree along the parallel of a latitude. The cosine is
/// summed by hand because that of the system's library may differ in the last bit.
fn mm_per_lon(lat: i32) -> i64 {
    let angle = f64::from(lat) / 1e7 * std::f64::consts::PI / 180.0;
    let square = angle * angle;
    let mut term = 1.0;
    let mut cosine = 1.0;
    for step in 1..12 {
        let n = f64::from(2 * step);
        term *= -square / (n * (n - 1.0));
        cosine += term;
    }
    (cosine.max(0.0) * MM_PER_UNIT as f64) as i64
}

/// The smallest box, along meridians and parallels, around a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The south-western corner.
    pub south_west: Position,
    /// The north-eastern corner.
    pub north_east: Position,
}

impl Bounds {
    /// The box around points; `None` if there are none.
    pub(crate) fn around(points: impl IntoIterator<Item = Point>) -> Option<Bounds> {
        points.into_iter().map(|point| Bounds::at(point.into())).reduce(|a, b| Bounds {
            south_west: Position {
                lon: a.south_west.lon.min(b.south_west.lon),
                lat: a.south_west.lat.min(b.south_west.lat),
            },
            north_east: Position {
                lon: a.north_east.lon.max(b.north_east.lon),
                lat: a.north_east.lat.max(b.north_east.lat),
            },
        })
    }

    fn at(position: Position) -> Bounds {
        Bounds { south_west: position, north_east: position }
    }

    /// Whether a position lies inside or on the edge.
    pub fn contains(&self, position: Position) -> bool {
        (self.south_west.lon..=self.north_east.lon).contains(&position.lon)
            && (self.south_west.lat..=self.north_east.lat).contains(&position.lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OSLO: Point = Point { lon: 107_500_000, lat: 599_100_000 };

    fn moved(east: i32, north: i32) -> Point {
        Point { lon: OSLO.lon + east, lat: OSLO.lat + north }
    }

    #[test]
    fn a_degree_is_as_long_as_it_should_be() {
        let north = millimetres(OSLO, moved(0, 10_000));
        assert!((north - 111_195).abs() <= 1, "{north}");
        // cos 59.91° = 0.50136
        let east = millimetres(OSLO, moved(10_000, 0));
        assert!((east - 55_749).abs() <= 2, "{east}");
        assert_eq!(millimetres(moved(777, -42), OSLO), millimetres(OSLO, moved(777, -42)));
    }

    #[test]
    fn nearest_is_the_foot_or_an_end() {
        let plane = Plane::around(OSLO);
        let beside = plane.nearest(moved(-1000, 1000), moved(1000, 1000));
        assert_eq!((beside.mm + 5) / 10, 1112);
        assert!((beside.along_mm - 5575).abs() < 3, "{beside:?}");
        let before = plane.nearest(moved(1000, 0), moved(2000, 0));
        assert_eq!(before.along_mm, 0);
        let beyond = plane.nearest(moved(-2000, 0), moved(-1000, 0));
        assert!((beyond.along_mm - 5574).abs() < 3);
    }

    #[test]
    fn bounds_hold_their_points() {
        let bounds = Bounds::around([OSLO, moved(5, -7)]).unwrap();
        assert!(bounds.contains(moved(5, 0).into()));
        assert!(!bounds.contains(moved(6, 0).into()));
        assert_eq!(Bounds::around([]), None);
    }
}
