//! Tiles, read back by a reader that shares nothing with the writer: every one of them holds what the
//! format allows, and the places that people look for.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use geo_types::Geometry;
use hjemrute_osm::{Clip, Error, TilesWritten, write_tiles};
use mvt_reader::Reader;
use pmtiles::{AsyncPmTilesReader, TileCoord};

mod common;
use common::shared;

/// A file of this test's own, gone when it is done.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Temporary {
        Temporary(std::env::temp_dir().join(format!("hjemrute-{}-{name}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // A file that stays behind harms nobody.
        let _ = fs::remove_file(&self.0);
    }
}

/// What was found in a file of tiles.
#[derive(Default)]
struct Seen {
    tiles: usize,
    /// Features of each layer at each zoom.
    features: BTreeMap<(String, u8), usize>,
    names: BTreeSet<String>,
    classes: BTreeSet<String>,
}

impl Seen {
    fn has(&self, layer: &str, zoom: u8) -> bool {
        self.features.contains_key(&(layer.to_owned(), zoom))
    }
}

/// Reads every tile there can be around the centre, and holds it against the format.
fn seen(path: &Path) -> Seen {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let reader = AsyncPmTilesReader::new_with_path(path).await.unwrap();
        let header = reader.get_header();
        let mut seen = Seen::default();
        for zoom in header.min_zoom..=header.max_zoom {
            let side = f64::from(1u32 << zoom);
            let x = |lon: f64| ((lon + 180.0) / 360.0 * side) as u32;
            let y = |lat: f64| {
                let north = lat.to_radians().tan().asinh() / std::f64::consts::PI;
                ((1.0 - north) / 2.0 * side) as u32
            };
            for x in x(header.min_longitude)..=x(header.max_longitude) {
                for y in y(header.max_latitude)..=y(header.min_latitude) {
                    let coord = TileCoord::new(zoom, x, y).unwrap();
                    if let Some(bytes) = reader.get_tile_decompressed(coord).await.unwrap() {
                        seen.tiles += 1;
                        look(&bytes, zoom, &mut seen);
                    }
                }
            }
        }
        seen
    })
}

fn look(bytes: &[u8], zoom: u8, seen: &mut Seen) {
    let reader = Reader::new(bytes.to_vec()).unwrap();
    for layer in reader.get_layer_metadata().unwrap() {
        assert_eq!((layer.version, layer.extent), (2, 4096));
        let features = reader.get_features(layer.layer_index).unwrap();
        assert!(!features.is_empty(), "{}", layer.name);
        *seen.features.entry((layer.name.clone(), zoom)).or_default() += features.len();
        for feature in features {
            for (key, value) in feature.properties.unwrap_or_default() {
                let mvt_reader::feature::Value::String(value) = value else { panic!("{key}") };
                match key.as_str() {
                    "name" => seen.names.insert(value),
                    "class" => seen.classes.insert(value),
                    "tunnel" => value == "yes",
                    other => panic!("{other}"),
                };
            }
            sound(&feature.geometry, &layer.name);
        }
    }
}

/// Inside the tile and its buffer, of some length or area, and wound as the format wants it.
fn sound(geometry: &Geometry<f32>, layer: &str) {
    let near = |at: &geo_types::Coord<f32>| {
        assert!(
            (-64.0..=4160.0).contains(&at.x) && (-64.0..=4160.0).contains(&at.y),
            "{layer} {at:?}"
        );
    };
    match geometry {
        Geometry::Point(at) => near(&at.0),
        Geometry::MultiPoint(points) => points.iter().for_each(|at| near(&at.0)),
        Geometry::LineString(line) => line.coords().for_each(near),
        Geometry::MultiLineString(lines) => lines.iter().for_each(|line| {
            assert!(line.0.len() >= 2, "{layer}");
            line.coords().for_each(near);
        }),
        Geometry::Polygon(area) => polygon(area, layer, &near),
        Geometry::MultiPolygon(areas) => areas.iter().for_each(|area| polygon(area, layer, &near)),
        other => panic!("{layer}: {other:?}"),
    }
}

fn polygon(area: &geo_types::Polygon<f32>, layer: &str, near: &impl Fn(&geo_types::Coord<f32>)) {
    let turn = |ring: &geo_types::LineString<f32>| {
        ring.coords().for_each(near);
        let pairs = ring.0.windows(2);
        pairs
            .map(|pair| {
                f64::from(pair[0].x) * f64::from(pair[1].y)
                    - f64::from(pair[1].x) * f64::from(pair[0].y)
            })
            .sum::<f64>()
    };
    assert!(turn(area.exterior()) > 0.0, "{layer}");
    area.interiors().iter().for_each(|hole| assert!(turn(hole) < 0.0, "{layer}"));
}

fn written(map: &str, out: &Path) -> Option<TilesWritten> {
    let path = shared(&format!("data/osm/{map}.osm.pbf"))?;
    let written = write_tiles(&path, out, None).unwrap();
    println!("{map}: {written:?}");
    Some(written)
}

#[test]
fn every_tile_of_every_map_is_sound() {
    for (map, name, classes) in [
        ("skoyen", "Hoffsveien", &["rail", "street", "building"][..]),
        ("monaco-osrm", "Boulevard des Moulins", &["sea", "park", "rail", "city"]),
        (
            "oslo-merged",
            "Tøyengata",
            &["sea", "lake", "park", "cemetery", "tram", "suburb", "number"],
        ),
    ] {
        let out = Temporary::new(&format!("{map}.pmtiles"));
        let Some(written) = written(map, &out.0) else { return };
        let seen = seen(&out.0);
        assert_eq!(seen.tiles, written.tiles, "{map}");
        assert!(written.largest <= 512 * 1024 && !written.sea_left_out, "{map} {written:?}");
        assert!(seen.names.contains(name), "{map}: {name}");
        for class in classes {
            assert!(
                seen.classes.contains(*class),
                "{map}: {class} is not among {:?}",
                seen.classes
            );
        }
        assert!(seen.has("building", 14) && !seen.has("building", 12), "{map}");
        assert!(seen.has("road", 14) && seen.has("house", 14), "{map}");
        println!("{map}: {:?}", seen.features);
    }
}

#[test]
fn the_same_file_gives_the_same_bytes_and_an_area_fewer() {
    let Some(map) = shared("data/osm/skoyen.osm.pbf") else { return };
    let (one, two) = (Temporary::new("one.pmtiles"), Temporary::new("two.pmtiles"));
    let whole = write_tiles(&map, &one.0, None).unwrap();
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(single.install(|| write_tiles(&map, &two.0, None)).unwrap(), whole);
    let bytes = fs::read(&one.0).unwrap();
    assert!(bytes == fs::read(&two.0).unwrap());
    let corner = r#"{"type":"Polygon","coordinates":
        [[[10.6740,59.9200],[10.6745,59.9200],[10.6745,59.9205],[10.6740,59.9200]]]}"#;
    let corner = write_tiles(&map, &two.0, Some(&Clip::parse(corner).unwrap())).unwrap();
    assert!(corner.tiles < whole.tiles, "{corner:?} {whole:?}");
    let nowhere = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#;
    let nothing = write_tiles(&map, &one.0, Some(&Clip::parse(nowhere).unwrap()));
    assert!(matches!(nothing, Err(Error::NothingToDraw)), "{nothing:?}");
    assert!(bytes == fs::read(&one.0).unwrap(), "the old file stays");
}

/// Damaged files are refused by the same guard that maps are read behind.
#[test]
fn a_damaged_file_makes_no_tiles() {
    let Some(map) = shared("data/osm/skoyen.osm.pbf") else { return };
    let bytes = fs::read(map).unwrap();
    let (cut, out) = (Temporary::new("cut.osm.pbf"), Temporary::new("cut.pmtiles"));
    for length in (0..bytes.len()).step_by(997) {
        fs::write(&cut.0, &bytes[..length]).unwrap();
        let refused = write_tiles(&cut.0, &out.0, None);
        assert!(matches!(refused, Err(Error::Pbf { .. })), "{length}: {refused:?}");
        assert!(!out.0.exists());
    }
}
