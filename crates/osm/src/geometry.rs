//! Points, lengths and nearest points, in whole numbers: the same map gives the same millimetres on
//! every machine. On the ellipsoid of WGS84, in whose degrees maps are told: on a sphere a road in Oslo
//! would be 2 ‰ (northwards) to 4 ‰ (eastwards) too short. Near enough to flat: every length here is
//! short against the earth.

use bytemuck::{Pod, Zeroable};
use hjemrute_travel::Position;

/// The ellipsoid of WGS84: from the centre to the equator in metres, and the square of its eccentricity.
const EQUATOR_M: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_14;
/// How many parts a millimetre has where a ten-millionth of a degree is told in them.
const PARTS: i64 = 1 << 20;

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
    unit: Unit,
}

/// A ten-millionth of a degree at some latitude, in millimetres × 2²⁰.
#[derive(Clone, Copy, Debug)]
struct Unit {
    east: i64,
    north: i64,
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
        Plane { origin, unit: Unit::at(origin.lat) }
    }

    /// Half the sides, in ten-millionths of a degree east and north, of a box that holds all
    /// within `metres`.
    pub(crate) fn reach(&self, metres: i64) -> (i64, i64) {
        let parts = metres * 1000 * PARTS;
        (parts / self.unit.east.max(1) + 1, parts / self.unit.north + 1)
    }

    fn place(&self, point: Point) -> (i64, i64) {
        let east = i64::from(point.lon) - i64::from(self.origin.lon);
        let north = i64::from(point.lat) - i64::from(self.origin.lat);
        // Towards zero, so that west is as far as east.
        (east * self.unit.east / PARTS, north * self.unit.north / PARTS)
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

    /// The same if that is nearer than so many millimetres. Nothing lies farther off than
    /// [`FARTHEST_MM`] to each side: there the earth is not flat any more.
    pub(crate) fn nearer(&self, a: Point, b: Point, than_mm: i64) -> Option<Nearest> {
        let near = |point: Point| {
            let (x, y) = self.place(point);
            (x.clamp(-FARTHEST_MM, FARTHEST_MM), y.clamp(-FARTHEST_MM, FARTHEST_MM))
        };
        let ((ax, ay), (bx, by)) = (near(a), near(b));
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let (x, y) = if square == 0 {
            (ax, ay)
        } else {
            let dot = -(ax * dx + ay * dy);
            let dot = dot.clamp(0, square);
            (ax + share(dx, dot, square), ay + share(dy, dot, square))
        };
        // Most stretches are not the nearest, and roots are slow.
        if x * x + y * y >= than_mm.min(4 * FARTHEST_MM).pow(2) {
            return None;
        }
        Some(Nearest { mm: length(x, y), along_mm: length(x - ax, y - ay) })
    }
}

/// Some 268 km: so far, the sums of squares fit the shorter numbers.
const FARTHEST_MM: i64 = 1 << 28;

/// Millimetres between two points.
pub(crate) fn millimetres(a: Point, b: Point) -> i64 {
    // The plane lies halfway, so that the way back is as long as the way there.
    let halfway = ((i64::from(a.lat) + i64::from(b.lat)) / 2) as i32;
    let (x, y) = Plane { origin: a, unit: Unit::at(halfway) }.place(b);
    length(x, y)
}

/// The point that lies so many of all millimetres on the way from `a` to `b`.
pub(crate) fn on_the_way(a: Point, b: Point, part: i64, all: i64) -> Point {
    let along = |a: i32, b: i32| {
        let whole = i64::from(b) - i64::from(a);
        (i64::from(a) + share(whole, part, all.max(1))) as i32
    };
    Point { lon: along(a.lon, b.lon), lat: along(a.lat, b.lat) }
}

/// `whole * part / all`, in the shorter numbers where they do.
fn share(whole: i64, part: i64, all: i64) -> i64 {
    match whole.checked_mul(part) {
        Some(product) => product / all,
        None => (i128::from(whole) * i128::from(part) / i128::from(all)) as i64,
    }
}

fn length(x: i64, y: i64) -> i64 {
    let square = |side: i64| i128::from(side) * i128::from(side);
    let square = square(x) + square(y);
    match i64::try_from(square) {
        Ok(square) if square < EXACT => {
            // The processor's root may be one too many after rounding.
            let root = (square as f64).sqrt() as i64;
            root - i64::from(root * root > square)
        }
        _ => square.isqrt() as i64,
    }
}

/// Up to here a floating-point number tells whole ones apart.
const EXACT: i64 = 1 << 53;

/// The factors of the powers of a square in the cosine.
const COSINE: [f64; 12] = {
    let (mut factors, mut power) = ([1.0; 12], 1);
    while power < factors.len() {
        let n = 2.0 * power as f64;
        factors[power] = -factors[power - 1] / (n * (n - 1.0));
        power += 1;
    }
    factors
};

impl Unit {
    /// From the radii of curvature along the parallel and along the meridian. The cosine is summed by
    /// hand because that of the system's library may differ in the last bit; roots may not.
    fn at(lat: i32) -> Unit {
        let angle = f64::from(lat) * (std::f64::consts::PI / 180.0 / 1e7);
        let square = angle * angle;
        let cosine = COSINE.iter().rev().fold(0.0, |sum, factor| sum * square + factor);
        let flatter = 1.0 - ECCENTRICITY_2 * (1.0 - cosine * cosine);
        let across_m = EQUATOR_M / flatter.sqrt();
        let along_m = across_m * (1.0 - ECCENTRICITY_2) / flatter;
        let parts = |radius_m: f64| {
            (radius_m * 1000.0 * (std::f64::consts::PI / 180.0 / 1e7) * PARTS as f64) as i64
        };
        Unit { east: parts(across_m * cosine.max(0.0)), north: parts(along_m) }
    }
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
        assert!((north - 111_411).abs() <= 1, "{north}");
        let east = millimetres(OSLO, moved(10_000, 0));
        assert!((east - 55_952).abs() <= 2, "{east}");
        assert_eq!(millimetres(moved(777, -42), OSLO), millimetres(OSLO, moved(777, -42)));
    }

    #[test]
    fn nearest_is_the_foot_or_an_end() {
        let plane = Plane::around(OSLO);
        let beside = plane.nearest(moved(-1000, 1000), moved(1000, 1000));
        assert_eq!((beside.mm + 5) / 10, 1114);
        assert!((beside.along_mm - 5595).abs() < 3, "{beside:?}");
        let before = plane.nearest(moved(1000, 0), moved(2000, 0));
        assert_eq!(before.along_mm, 0);
        let beyond = plane.nearest(moved(-2000, 0), moved(-1000, 0));
        assert!((beyond.along_mm - 5595).abs() < 3);
    }

    #[test]
    fn bounds_hold_their_points() {
        let bounds = Bounds::around([OSLO, moved(5, -7)]).unwrap();
        assert!(bounds.contains(moved(5, 0).into()));
        assert!(!bounds.contains(moved(6, 0).into()));
        assert_eq!(Bounds::around([]), None);
    }
}
