//! The ways of a work list along the roads, as GeoJSON (RFC 7946): a line for each stretch that is
//! travelled. Made of the work list and its points as they were written here, when somebody wants to see
//! them: a plan itself says minutes and metres only.

use hjemrute_osm::{Roads, Way};
use hjemrute_travel::{Mode, Position};
use serde::{Deserialize, Serialize};

use super::told;

/// The ways between the stops of a work list, in the order of its stops; each with the number of the stop
/// that it leads to, counted from 1. A stretch that the map has no way for is left out. `None` when the
/// two are not what `work_list_json` and `work_list_geojson` write.
pub fn work_list_ways(list: &[u8], points: &[u8], roads: &Roads) -> Option<Vec<u8>> {
    let list: File = serde_json::from_slice(list).ok()?;
    let points: Points = serde_json::from_slice(points).ok()?;
    let mode = Mode::ALL.into_iter().find(|mode| mode.name() == list.work_list.mode)?;
    let places: Option<Vec<Position>> = points.features.iter().map(Point::position).collect();
    let joined = places?.into_iter().map(|place| roads.snap(mode, place, None).ok());
    let joined: Vec<_> = joined.collect();
    let stretches = (2..).zip(joined.windows(2));
    let features = stretches.filter_map(|(stop, ends)| {
        let &[Some(from), Some(to)] = ends else { return None };
        Some(feature(stop, &roads.way(&from, &to)?))
    });
    Some(told::json(&Collection { kind: "FeatureCollection", features: features.collect() }))
}

/// What is read of a work list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    work_list: List,
}

#[derive(Deserialize)]
struct List {
    mode: String,
}

/// What is read of its points.
#[derive(Deserialize)]
struct Points {
    features: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    geometry: Coordinates,
}

#[derive(Deserialize)]
struct Coordinates {
    coordinates: [f64; 2],
}

impl Point {
    fn position(&self) -> Option<Position> {
        let [lon, lat] = self.geometry.coordinates;
        Position::from_degrees(lon, lat)
    }
}

#[derive(Serialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: &'static str,
    features: Vec<Feature>,
}

#[derive(Serialize)]
struct Feature {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: Line,
    properties: Properties,
}

#[derive(Serialize)]
struct Line {
    #[serde(rename = "type")]
    kind: &'static str,
    coordinates: Vec<[f64; 2]>,
}

#[derive(Serialize)]
struct Properties {
    stop: u32,
    seconds: i32,
    metres: i32,
}

fn feature(stop: u32, way: &Way) -> Feature {
    let corner = |place: &Position| [place.lon_degrees(), place.lat_degrees()];
    Feature {
        kind: "Feature",
        geometry: Line { kind: "LineString", coordinates: way.line.iter().map(corner).collect() },
        properties: Properties { stop, seconds: way.leg.seconds.0, metres: way.leg.metres.0 },
    }
}
