//! The area to keep of a map: polygons out of a GeoJSON file, and whether a point lies in them.
//! Knows nothing of roads.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::Error;
use crate::geometry::{Bounds, Point};

/// One or several polygons; what lies outside all of them is left out of the map.
#[derive(Clone, Debug)]
pub struct Clip {
    polygons: Vec<Polygon>,
}

/// The outer ring first, then the holes.
type Polygon = Vec<Vec<Point>>;

impl Clip {
    /// Reads a GeoJSON file with a Polygon or MultiPolygon, bare or in features.
    ///
    /// # Errors
    /// If the file cannot be read or holds no polygon.
    pub fn read(path: &Path) -> Result<Clip, Error> {
        Clip::parse(&fs::read_to_string(path).map_err(Error::file(path))?)
    }

    /// The same from the text of the file.
    ///
    /// # Errors
    /// If the text is not GeoJSON with a polygon.
    pub fn parse(text: &str) -> Result<Clip, Error> {
        let object: GeoJson = serde_json::from_str(text)
            .map_err(|error| Error::Clip(format!("line {}", error.line())))?;
        let mut polygons = Vec::new();
        collect(object, &mut polygons)?;
        if polygons.is_empty() {
            return Err(Error::Clip("there is no polygon in it".into()));
        }
        Ok(Clip { polygons })
    }

    /// Whether the point lies inside one of the polygons and in none of its holes.
    pub(crate) fn contains(&self, point: Point) -> bool {
        self.polygons.iter().any(|rings| {
            // Even-odd over all rings at once: a hole is crossed once more.
            rings.iter().filter(|ring| crosses_odd(ring, point)).count() % 2 == 1
        })
    }

    /// The box around all polygons.
    pub(crate) fn bounds(&self) -> Bounds {
        let corners = self.polygons.iter().flatten().flatten().copied();
        Bounds::around(corners)
            .expect("there is no area without a polygon, and none without corners")
    }

    /// The corner points, as bytes that tell one area from another.
    pub(crate) fn fingerprint(&self) -> Vec<u8> {
        self.polygons
            .iter()
            .flatten()
            .flat_map(|ring| bytemuck::cast_slice(ring).to_vec())
            .collect()
    }
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum GeoJson {
    FeatureCollection {
        features: Vec<GeoJson>,
    },
    Feature {
        geometry: Option<Box<GeoJson>>,
    },
    GeometryCollection {
        geometries: Vec<GeoJson>,
    },
    Polygon {
        coordinates: Vec<Vec<Vec<f64>>>,
    },
    MultiPolygon {
        coordinates: Vec<Vec<Vec<Vec<f64>>>>,
    },
    #[serde(other)]
    Other,
}

fn collect(object: GeoJson, polygons: &mut Vec<Polygon>) -> Result<(), Error> {
    match object {
        GeoJson::FeatureCollection { features: parts }
        | GeoJson::GeometryCollection { geometries: parts } => {
            parts.into_iter().try_for_each(|part| collect(part, polygons))
        }
        GeoJson::Feature { geometry: Some(part) } => collect(*part, polygons),
        GeoJson::Polygon { coordinates } => {
            polygons.push(polygon(coordinates)?);
            Ok(())
        }
        GeoJson::MultiPolygon { coordinates } => {
            for part in coordinates {
                polygons.push(polygon(part)?);
            }
            Ok(())
        }
        GeoJson::Feature { geometry: None } | GeoJson::Other => Ok(()),
    }
}

fn polygon(rings: Vec<Vec<Vec<f64>>>) -> Result<Polygon, Error> {
    let ring = |ring: Vec<Vec<f64>>| {
        if ring.len() < 4 {
            return Err(Error::Clip("a ring has fewer than four corners".into()));
        }
        ring.iter().map(|corner| point(corner)).collect()
    };
    rings.into_iter().map(ring).collect()
}

fn point(corner: &[f64]) -> Result<Point, Error> {
    let known = match corner {
        [lon, lat, ..] => hjemrute_travel::Position::from_degrees(*lon, *lat),
        _ => None,
    };
    known.map(Point::from).ok_or_else(|| Error::Clip("a corner is not [lon, lat]".into()))
}

/// Whether a ray east from the point crosses the ring an odd number of times.
fn crosses_odd(ring: &[Point], point: Point) -> bool {
    let corners = ring.iter().zip(ring.iter().cycle().skip(1));
    corners.filter(|(a, b)| crosses(**a, **b, point)).count() % 2 == 1
}

fn crosses(a: Point, b: Point, point: Point) -> bool {
    if (a.lat > point.lat) == (b.lat > point.lat) {
        return false;
    }
    let side = (i128::from(b.lon) - i128::from(a.lon))
        * (i128::from(point.lat) - i128::from(a.lat))
        - (i128::from(point.lon) - i128::from(a.lon)) * (i128::from(b.lat) - i128::from(a.lat));
    (side > 0) == (b.lat > a.lat)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Polygon",
        "coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]]}}"#;

    fn at(lon: f64, lat: f64) -> Point {
        hjemrute_travel::Position::from_degrees(lon, lat).unwrap().into()
    }

    #[test]
    fn holes_are_outside() {
        let clip = Clip::parse(SQUARE).unwrap();
        assert!(clip.contains(at(3.0, 3.0)));
        assert!(clip.contains(at(0.5, 1.5)));
        assert!(!clip.contains(at(1.5, 1.5)));
        assert!(!clip.contains(at(4.5, 1.5)));
        assert!(!clip.contains(at(-0.5, 1.5)));
    }

    #[test]
    fn collections_are_opened() {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{SQUARE}]}}"#);
        assert!(Clip::parse(&text).unwrap().contains(at(3.0, 3.0)));
    }

    #[test]
    fn what_is_no_area_is_refused() {
        for text in [
            "",
            "{",
            r#"{"type":"Point","coordinates":[1,2]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1],[0,0]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,99],[0,0]]]}"#,
        ] {
            assert!(Clip::parse(text).is_err(), "{text}");
        }
    }
}
