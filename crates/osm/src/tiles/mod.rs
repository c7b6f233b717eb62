//! The map to look at: vector tiles of a `.osm.pbf` in one PMTiles file, which a page reads by parts and
//! draws itself, so that no request leaves the machine. A pyramid of zooms 10 to 14; farther in, the last
//! is enlarged. Knows nothing of routing.

mod coast;
mod cut;
mod cut_off;
mod draw;
mod kind;
mod mercator;
mod mvt;
mod read;
mod rim;
mod rings;
mod shorten;

use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use pmtiles::{PmTilesWriter, PmtError, TileCoord, TileId, TileType};
use rayon::prelude::*;
use serde_json::json;

use crate::geometry::Point;
use crate::store::beside;
use crate::{Bounds, Clip, Error};
use draw::Piece;
use kind::{Layer, ZOOMS};
use mercator::{Frame, Spot, Tile};
use read::{Drawn, Scene};

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TilesWritten {
    /// Tiles with something in them.
    pub tiles: usize,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of the largest tile, unpacked.
    pub largest: usize,
    /// Tiles that would have been too large, and show less.
    pub thinned: usize,
    /// Whether the sea was left out, because the coast has gaps and it would have flooded streets.
    pub sea_left_out: bool,
}

/// Makes the tiles of a map file: of all of it, or of the box around the area. The same file gives the
/// same bytes. An older file of that name is replaced as a whole.
///
/// # Errors
/// If the map file is damaged or shows nothing there, or the file system refuses; the old file is then
/// as it was.
pub fn write_tiles(pbf: &Path, out: &Path, area: Option<&Clip>) -> Result<TilesWritten, Error> {
    let area = area.map(|clip| frame_of(clip.bounds()));
    let mut source = BufReader::new(File::open(pbf).map_err(Error::file(pbf))?);
    let Scene { drawn, doubtful_coast } = read::scene(&mut source, area)?;
    let frame =
        area.or_else(|| drawn.iter().map(|drawn| Frame::of(&drawn.shape)).reduce(Frame::with));
    let frame = frame.ok_or(Error::NothingToDraw)?;
    let mut tiles: Vec<Packed> = pyramid(&drawn, &frame);
    if tiles.is_empty() {
        return Err(Error::NothingToDraw);
    }
    tiles.sort_by_key(|tile| tile.id);
    let path = beside(out);
    let written = store(&path, &tiles, &frame).and_then(|()| fs::rename(&path, out));
    if written.is_err() {
        // What went wrong is told; a left-over that cannot be removed would add nothing.
        let _ = fs::remove_file(&path);
    }
    written.map_err(Error::file(out))?;
    Ok(TilesWritten {
        tiles: tiles.len(),
        bytes: fs::metadata(out).map_err(Error::file(out))?.len(),
        largest: tiles.iter().map(|tile| tile.unpacked).max().unwrap_or_default(),
        thinned: tiles.iter().filter(|tile| tile.thinned).count(),
        sea_left_out: doubtful_coast,
    })
}

/// A tile as it is stored.
struct Packed {
    id: TileId,
    coord: TileCoord,
    bytes: Vec<u8>,
    unpacked: usize,
    thinned: bool,
}

/// All tiles that show something in the box, in no order.
fn pyramid(drawn: &[Drawn], frame: &Frame) -> Vec<Packed> {
    let pieces: Vec<Piece> = drawn.iter().map(Piece::whole).collect();
    let roots = Tile::touched(*ZOOMS.start(), frame);
    roots.into_par_iter().flat_map(|tile| below(tile, &pieces, frame)).collect()
}

/// The tile and all below it, out of the pieces of the tile above.
fn below(tile: Tile, above: &[Piece], frame: &Frame) -> Vec<Packed> {
    let shown = tile.shown();
    if !shown.meets(frame) {
        return Vec::new();
    }
    let pieces: Vec<Piece> = above.iter().filter_map(|piece| piece.cut(&shown)).collect();
    if pieces.is_empty() {
        return Vec::new();
    }
    let mut tiles: Vec<Packed> = packed(tile, &pieces).into_iter().collect();
    if tile.zoom < *ZOOMS.end() {
        let children = tile.children();
        tiles.par_extend(children.into_par_iter().flat_map(|child| below(child, &pieces, frame)));
    }
    tiles
}

/// The tile with its bytes; `None` if nothing of it can be seen at its zoom.
fn packed(tile: Tile, pieces: &[Piece]) -> Option<Packed> {
    let drawn = draw::tile(tile, pieces);
    let coord =
        TileCoord::new(tile.zoom, tile.x, tile.y).ok().filter(|_| !drawn.bytes.is_empty())?;
    let mut packer = GzEncoder::new(Vec::new(), Compression::new(6));
    packer.write_all(&drawn.bytes).ok()?;
    let bytes = packer.finish().ok()?;
    Some(Packed {
        id: coord.into(),
        coord,
        bytes,
        unpacked: drawn.bytes.len(),
        thinned: drawn.thinned,
    })
}

/// Writes the file; tiles are in the order of their ids.
fn store(path: &Path, tiles: &[Packed], frame: &Frame) -> std::io::Result<()> {
    let file = File::create(path)?;
    let (lon, lat) = (frame.lon_degrees(), frame.lat_degrees());
    let mut writer = PmTilesWriter::new(TileType::Mvt)
        .precompressed(pmtiles::Compression::Gzip)
        .min_zoom(*ZOOMS.start())
        .max_zoom(*ZOOMS.end())
        .bounds(lon[0], lat[0], lon[1], lat[1])
        .center((lon[0] + lon[1]) / 2.0, (lat[0] + lat[1]) / 2.0)
        .center_zoom(*ZOOMS.end())
        .metadata(metadata())
        .create(file.try_clone()?)
        .map_err(told)?;
    for tile in tiles {
        writer.add_tile(tile.coord, &tile.bytes).map_err(told)?;
    }
    writer.finalize().map_err(told)?;
    file.sync_all()
}

fn told(error: PmtError) -> std::io::Error {
    std::io::Error::other(error)
}

/// What a reader of the file is told of it (TileJSON 3.0).
fn metadata() -> String {
    let layer = |layer: Layer| {
        json!({
            "id": layer.name(),
            "minzoom": ZOOMS.start(),
            "maxzoom": ZOOMS.end(),
            "fields": {"class": "String", "name": "String", "tunnel": "String"},
        })
    };
    let layers: Vec<_> = Layer::ALL.into_iter().map(layer).collect();
    json!({
        "name": "Hjemrute",
        "attribution": "© OpenStreetMap contributors, ODbL 1.0",
        "vector_layers": layers,
    })
    .to_string()
}

fn frame_of(bounds: Bounds) -> Frame {
    let (a, b) =
        (Spot::from(Point::from(bounds.south_west)), Spot::from(Point::from(bounds.north_east)));
    Frame { west: a.x, north: b.y, east: b.x, south: a.y }
}
