//! The square world of web maps (Web Mercator, EPSG:3857) in whole numbers: 2³⁰ units from west to east
//! and from north to south, 3.7 cm each at the equator. Tiles of zoom z are squares of 2³⁰⁻ᶻ units. The
//! functions of `libm` are the same on every machine.

use super::read::Shape;
use crate::geometry::Point;

/// Units across the world, as a power of two.
const WORLD_BITS: u32 = 30;
const WORLD: i32 = 1 << WORLD_BITS;
/// Units of a tile's own grid across the tile, as a power of two.
const EXTENT_BITS: u32 = 12;
/// Grid units across a tile.
pub(super) const EXTENT: i32 = 1 << EXTENT_BITS;
/// Grid units that a tile shows of its neighbours, so that lines and outlines meet.
const BUFFER: i32 = 64;

/// A place in the world: east and south of its north-western corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) x: i32,
    pub(super) y: i32,
}

impl From<Point> for Spot {
    fn from(point: Point) -> Spot {
        let world = i64::from(WORLD);
        let x = (i64::from(point.lon) + 1_800_000_000) * world / 3_600_000_000;
        // Beyond this the square ends.
        let lat = (f64::from(point.lat) / 1e7).clamp(-85.051_128, 85.051_128).to_radians();
        let north = libm::asinh(libm::tan(lat)) / std::f64::consts::PI;
        let y = libm::round((1.0 - north) / 2.0 * world as f64) as i64;
        let inside = |at: i64| at.clamp(0, world - 1) as i32;
        Spot { x: inside(x), y: inside(y) }
    }
}

/// A box in the world, edges included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) west: i32,
    pub(super) north: i32,
    pub(super) east: i32,
    pub(super) south: i32,
}

impl Frame {
    /// The smallest box around a shape.
    pub(super) fn of(shape: &Shape) -> Frame {
        let nowhere = Frame { west: 1, north: 1, east: 0, south: 0 };
        match shape {
            Shape::Point(spot) => Frame::around([*spot]),
            Shape::Lines(parts) | Shape::Area(parts) => {
                Frame::around(parts.iter().flatten().copied())
            }
        }
        .unwrap_or(nowhere)
    }

    /// The smallest box around two.
    pub(super) fn with(self, other: Frame) -> Frame {
        Frame {
            west: self.west.min(other.west),
            north: self.north.min(other.north),
            east: self.east.max(other.east),
            south: self.south.max(other.south),
        }
    }

    /// Degrees east of its western and eastern side.
    pub(super) fn lon_degrees(&self) -> [f64; 2] {
        [self.west, self.east].map(|x| f64::from(x) / f64::from(WORLD) * 360.0 - 180.0)
    }

    /// Degrees north of its southern and northern side.
    pub(super) fn lat_degrees(&self) -> [f64; 2] {
        [self.south, self.north].map(|y| {
            let north = 1.0 - 2.0 * f64::from(y) / f64::from(WORLD);
            libm::atan(libm::sinh(north * std::f64::consts::PI)).to_degrees()
        })
    }

    /// The smallest box around spots; `None` if there are none.
    pub(super) fn around(spots: impl IntoIterator<Item = Spot>) -> Option<Frame> {
        let at = |Spot { x, y }| Frame { west: x, north: y, east: x, south: y };
        spots.into_iter().map(at).reduce(Frame::with)
    }

    pub(super) fn meets(&self, other: &Frame) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.north <= other.south
            && other.north <= self.south
    }

    pub(super) fn holds(&self, spot: Spot) -> bool {
        (self.west..=self.east).contains(&spot.x) && (self.north..=self.south).contains(&spot.y)
    }

    /// Whether all of the other lies in it.
    pub(super) fn covers(&self, other: &Frame) -> bool {
        self.holds(Spot { x: other.west, y: other.north })
            && self.holds(Spot { x: other.east, y: other.south })
    }
}

/// One tile of the pyramid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) zoom: u8,
    pub(super) x: u32,
    pub(super) y: u32,
}

impl Tile {
    /// The tiles of a zoom that a box touches, row by row.
    pub(super) fn touched(zoom: u8, frame: &Frame) -> Vec<Tile> {
        let shift = WORLD_BITS - u32::from(zoom);
        let range = |from: i32, to: i32| (from >> shift) as u32..=(to >> shift) as u32;
        let rows = range(frame.north, frame.south);
        rows.flat_map(|y| range(frame.west, frame.east).map(move |x| Tile { zoom, x, y })).collect()
    }

    /// The four tiles of the next zoom that it divides into.
    pub(super) fn children(self) -> [Tile; 4] {
        let (zoom, x, y) = (self.zoom + 1, self.x * 2, self.y * 2);
        [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)].map(|(x, y)| Tile { zoom, x, y })
    }

    /// What it shows: itself and a little of its neighbours.
    pub(super) fn shown(self) -> Frame {
        let shift = WORLD_BITS - u32::from(self.zoom);
        let buffer = BUFFER << self.unit_bits();
        let (west, north) = ((self.x << shift) as i32, (self.y << shift) as i32);
        // At the rim of the world the box ends before the numbers do.
        let far = |near: i32| {
            (i64::from(near) + (1 << shift) + i64::from(buffer)).min(i64::from(WORLD)) as i32
        };
        Frame { west: west - buffer, north: north - buffer, east: far(west), south: far(north) }
    }

    /// A spot on the tile's own grid, to the nearest unit.
    pub(super) fn grid(self, spot: Spot) -> Grid {
        let (shift, bits) = (WORLD_BITS - u32::from(self.zoom), self.unit_bits());
        let half = if bits == 0 { 0 } else { 1 << (bits - 1) };
        let on = |at: i32, tile: u32| ((at - (tile << shift) as i32) + half) >> bits;
        Grid { x: on(spot.x, self.x), y: on(spot.y, self.y) }
    }

    /// World units of a grid unit, as a power of two.
    fn unit_bits(self) -> u32 {
        WORLD_BITS - u32::from(self.zoom) - EXTENT_BITS
    }
}

/// A place on the grid of a tile, from its north-western corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Grid {
    pub(super) x: i32,
    pub(super) y: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oslo_lies_where_other_maps_have_it() {
        // Oslo S: tile 14/8681/4765 by the formula of the OpenStreetMap wiki.
        let spot = Spot::from(Point { lon: 107_522_000, lat: 599_111_000 });
        let frame = Frame { west: spot.x, north: spot.y, east: spot.x, south: spot.y };
        let tile = Tile::touched(14, &frame)[0];
        assert_eq!((tile.x, tile.y), (8681, 4765));
        let grid = tile.grid(spot);
        assert!((0..=EXTENT).contains(&grid.x) && (0..=EXTENT).contains(&grid.y), "{grid:?}");
        assert!(tile.shown().holds(spot));
    }

    #[test]
    fn children_fill_their_parent() {
        let tile = Tile { zoom: 10, x: 542, y: 297 };
        let shown = tile.shown();
        for child in tile.children() {
            assert!(shown.covers(&child.shown()));
            assert!(Tile::touched(10, &child.shown()).contains(&tile));
        }
    }

    #[test]
    fn the_rims_of_the_world_are_in_it() {
        for (lon, lat) in [(-1_800_000_000, 900_000_000), (1_800_000_000, -900_000_000)] {
            let spot = Spot::from(Point { lon, lat });
            assert!((0..1 << 30).contains(&spot.x) && (0..1 << 30).contains(&spot.y), "{spot:?}");
        }
    }
}
