//! A work list as GeoJSON (RFC 7946): a point for each stop, for a map to show. Says ids, kinds and
//! times, as the work list itself does.

use hjemrute_solver::{Step, Stop, walks};
use serde::Serialize;

use super::told;
use crate::Answer;

/// The stops of one carer's work list as points; `number` counts from 0 as the plan has them.
///
/// # Panics
/// Where [`plan_json`](super::plan_json) does, and when there is no list of that number.
pub fn work_list_geojson(answer: &Answer, number: usize) -> Vec<u8> {
    let walks = walks(&answer.instance, &answer.plan);
    let stops = (1..).zip(&walks[number].steps);
    told::json(&Collection {
        kind: "FeatureCollection",
        features: stops.map(|(stop, step)| feature(answer, stop, step)).collect(),
    })
}

#[derive(Serialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    features: Vec<Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: Point,
    properties: Properties<'a>,
}

/// Degrees east, then north, as GeoJSON has them.
#[derive(Serialize)]
struct Point {
    #[serde(rename = "type")]
    kind: &'static str,
    coordinates: [f64; 2],
}

#[derive(Serialize)]
struct Properties<'a> {
    stop: u32,
    kind: &'static str,
    location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<&'a str>,
    start: String,
    leave: String,
}

fn feature<'a>(answer: &'a Answer, stop: u32, step: &Step<'a>) -> Feature<'a> {
    let place = &answer.instance.places[step.place.index()];
    let position = place.position;
    Feature {
        kind: "Feature",
        geometry: Point {
            kind: "Point",
            coordinates: [position.lon_degrees(), position.lat_degrees()],
        },
        properties: Properties {
            stop,
            kind: match step.stop {
                Stop::Leave { .. } | Stop::Return { .. } => "base",
                Stop::Visit(_) => "visit",
                Stop::Key { .. } => "key",
                Stop::Break { .. } => "break",
            },
            location: &place.id.0,
            visit: step.visit.map(|visit| visit.told().0.as_str()),
            start: answer.day.rfc3339(step.start),
            leave: answer.day.rfc3339(step.end),
        },
    }
}
