//! One tile drawn: its pieces cut out of those of the tile above, put on its grid, shortened to what
//! can be seen, and left out where they are too small for the zoom. A tile that grows too large is drawn
//! again with less.

use std::collections::BTreeMap;

use super::cut;
use super::kind::{Kind, Layer, ZOOMS};
use super::mercator::{Frame, Grid, Spot, Tile};
use super::mvt::{self, Feature};
use super::read::{Drawn, Shape};
use super::rings;
use super::shorten;

/// A tile larger than this, unpacked, is drawn with less.
const MOST_BYTES: usize = 512 * 1024;
/// Each time with areas of so many times the size.
const COARSER: i64 = 4;
/// Lines and outlines are off by at most this, in grid units, of which a pixel has eight.
const OFF: i64 = 4;
/// Areas smaller than this, in squared grid units twice over, are left out below the last zoom, and of
/// the last zoom those that are next to nothing.
const SMALLEST: i64 = 2 * 16 * 16;
const NEXT_TO_NOTHING: i64 = 2 * 3 * 3;

/// What of something drawn lies in a tile.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    drawn: &'a Drawn,
    shape: Shape,
    frame: Frame,
}

/// A tile drawn.
pub(super) struct Sheet {
    pub(super) bytes: Vec<u8>,
    /// Whether something was left out because it was too much.
    pub(super) thinned: bool,
}

impl<'a> Piece<'a> {
    /// All of it.
    pub(super) fn whole(drawn: &'a Drawn) -> Piece<'a> {
        let shape = drawn.shape.clone();
        let frame = Frame::of(&shape);
        Piece { drawn, shape, frame }
    }

    /// What of it lies in the box.
    pub(super) fn cut(&self, to: &Frame) -> Option<Piece<'a>> {
        if !self.frame.meets(to) {
            return None;
        }
        if to.covers(&self.frame) {
            return Some(self.clone());
        }
        let shape = match &self.shape {
            Shape::Point(_) => return None,
            Shape::Lines(lines) => {
                Shape::Lines(lines.iter().flat_map(|line| cut::line(line, to)).collect())
            }
            Shape::Area(area) => Shape::Area(area_in(area, to)),
        };
        let empty = match &shape {
            Shape::Point(_) => false,
            Shape::Lines(parts) | Shape::Area(parts) => parts.is_empty(),
        };
        let frame = Frame::of(&shape);
        (!empty).then_some(Piece { drawn: self.drawn, shape, frame })
    }
}

/// The rings of an area in the box; the holes of one that is gone are gone too.
fn area_in(area: &[Vec<Spot>], to: &Frame) -> Vec<Vec<Spot>> {
    let mut left = Vec::new();
    let mut outer_left = false;
    for ring in area {
        let outer = rings::area2(ring) > 0;
        let cut = cut::ring(ring, to);
        let there = cut.len() >= 3 && rings::area2(&cut) != 0;
        if outer {
            outer_left = there;
        }
        if there && outer_left {
            left.push(rings::turned(cut, outer));
        }
    }
    left
}

/// Draws a tile.
pub(super) fn tile(tile: Tile, pieces: &[Piece]) -> Sheet {
    let last = tile.zoom == *ZOOMS.end();
    let mut smallest = if last { NEXT_TO_NOTHING } else { SMALLEST };
    let mut most_points = usize::MAX;
    let mut thinned = false;
    loop {
        let bytes = bytes(tile, pieces, smallest, most_points);
        // Lines alone are never too much for the map of a country.
        if bytes.len() <= MOST_BYTES || most_points < 100 {
            return Sheet { bytes, thinned };
        }
        thinned = true;
        smallest *= COARSER;
        most_points = most_points.min(8000) / 2;
    }
}

/// The features of a layer by what they are and are called, so that equal things are one feature.
type Drawing<'a> = BTreeMap<(Kind, &'a str), Vec<Vec<Grid>>>;

fn bytes(tile: Tile, pieces: &[Piece], smallest: i64, most_points: usize) -> Vec<u8> {
    let seen = || pieces.iter().filter(|piece| piece.drawn.kind.from_zoom <= tile.zoom);
    let off = if tile.zoom == *ZOOMS.end() { 1 } else { OFF };
    let mut lines = Drawing::new();
    let mut features: Vec<(Kind, Feature)> = Vec::new();
    let mut points = 0;
    for piece in seen() {
        let kind = piece.drawn.kind;
        let name = piece.drawn.name.as_deref().unwrap_or_default();
        match &piece.shape {
            Shape::Point(spot) if points < most_points => {
                points += 1;
                features.push((kind, feature(kind, name, mvt::Shape::Point(tile.grid(*spot)))));
            }
            Shape::Point(_) => {}
            Shape::Lines(parts) => {
                let on_grid = |line: &Vec<_>| {
                    let mut line: Vec<Grid> = line.iter().map(|spot| tile.grid(*spot)).collect();
                    line.dedup();
                    line
                };
                let parts = parts.iter().map(on_grid).filter(|line| line.len() >= 2);
                lines.entry((kind, name)).or_default().extend(parts);
            }
            Shape::Area(area) => {
                // A house is as it is; a wood may be rounder.
                let off = if kind.layer == Layer::Building { off / 2 } else { off };
                let rings = rings_on_grid(tile, area, off, smallest);
                if !rings.is_empty() {
                    features.push((kind, feature(kind, name, mvt::Shape::Rings(rings))));
                }
            }
        }
    }
    for ((kind, name), lines) in lines {
        let lines = shorten::joined(lines);
        let lines =
            lines.iter().map(|line| shorten::line(line, off)).filter(|line| line.len() >= 2);
        let lines: Vec<Vec<Grid>> = lines.collect();
        if !lines.is_empty() {
            features.push((kind, feature(kind, name, mvt::Shape::Lines(lines))));
        }
    }
    // Stable: within a kind the order of the file.
    features.sort_by_key(|(kind, _)| *kind);
    let layers = Layer::ALL.into_iter().map(|layer| {
        let of_layer = features.iter().filter(|(kind, _)| kind.layer == layer);
        (layer.name(), of_layer.map(|(_, feature)| feature.clone()).collect())
    });
    mvt::tile(layers)
}

fn feature<'a>(kind: Kind, name: &'a str, shape: mvt::Shape) -> Feature<'a> {
    let mut attributes = vec![("class", kind.class)];
    attributes.extend(Some(("name", name)).filter(|_| !name.is_empty()));
    attributes.extend(Some(("tunnel", "yes")).filter(|_| kind.tunnel));
    Feature { shape, attributes }
}

/// The rings of an area on the grid, without those that are too small; an outer ring takes its holes
/// with it.
fn rings_on_grid(tile: Tile, area: &[Vec<Spot>], off: i64, smallest: i64) -> Vec<Vec<Grid>> {
    let mut left: Vec<Vec<Grid>> = Vec::new();
    let mut outer_left = false;
    for ring in area {
        let outer = rings::area2(ring) > 0;
        let grid: Vec<Grid> = ring.iter().map(|spot| tile.grid(*spot)).collect();
        let mut short = shorten::ring(&grid, off);
        let area2 = shorten::area2(&short);
        let there = area2.abs() >= smallest;
        if outer {
            outer_left = there;
        }
        if there && outer_left {
            if (area2 > 0) != outer {
                short.reverse();
            }
            left.push(short);
        }
    }
    left
}
