//! From metres of a UTM zone on the GRS80 ellipsoid (ETRS89, EPSG:25831–25836) to degrees, by the
//! series of Krüger to the fourth order (Karney 2011, doi:10.1007/s00190-011-0445-3): off by less than a
//! tenth of a millimetre within 2,000 km of the central meridian. ETRS89 is taken for WGS84, as maps
//! do: the plates have moved them some 0.8 m apart since 1989. The functions of `libm` are the same on
//! every machine, so the whole-number result is too.

use libm::{atan, atan2, cos, cosh, hypot, sin, sinh, sqrt};

use crate::geometry::Point;

/// Metres of the equatorial radius.
const A: f64 = 6_378_137.0;
/// Third flattening, f / (2 − f) of f = 1/298.257222101.
const N: f64 = 1.0 / (2.0 * 298.257_222_101 - 1.0);
const SCALE: f64 = 0.9996;
const FALSE_EAST: f64 = 500_000.0;

/// A UTM zone of the northern hemisphere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Zone(u8);

impl Zone {
    /// The zone of an EPSG code of ETRS89, 25831 to 25836.
    pub(super) fn of_epsg(code: &str) -> Option<Zone> {
        let zone = code.strip_prefix("258")?.parse().ok()?;
        (31..=36).contains(&zone).then_some(Zone(zone))
    }

    /// The point at metres east and north; `None` where no map of the zone reaches.
    pub(super) fn point(self, east: f64, north: f64) -> Option<Point> {
        if !(-1_500_000.0..=2_500_000.0).contains(&east) || !(0.0..=9_500_000.0).contains(&north) {
            return None;
        }
        let (lon, lat) = unprojected(east - FALSE_EAST, north);
        let meridian = f64::from(self.0) * 6.0 - 183.0;
        let units =
            |radians: f64, degrees: f64| libm::round((radians.to_degrees() + degrees) * 1e7) as i32;
        Some(Point { lon: units(lon, meridian), lat: units(lat, 0.0) })
    }
}

/// Radians east of the central meridian, and north.
fn unprojected(east: f64, north: f64) -> (f64, f64) {
    let n = N;
    let radius = A / (1.0 + n) * (1.0 + n * n / 4.0 + n * n * n * n / 64.0);
    let (xi, eta) = (north / (SCALE * radius), east / (SCALE * radius));
    let beta = [
        n / 2.0 - 2.0 / 3.0 * n * n + 37.0 / 96.0 * n * n * n - n * n * n * n / 360.0,
        n * n / 48.0 + n * n * n / 15.0 - 437.0 / 1440.0 * n * n * n * n,
        17.0 / 480.0 * n * n * n - 37.0 / 840.0 * n * n * n * n,
        4397.0 / 161_280.0 * n * n * n * n,
    ];
    let (mut xi_flat, mut eta_flat) = (xi, eta);
    for (step, beta) in (1u8..).zip(beta) {
        let twice = 2.0 * f64::from(step);
        xi_flat -= beta * sin(twice * xi) * cosh(twice * eta);
        eta_flat -= beta * cos(twice * xi) * sinh(twice * eta);
    }
    let lon = atan2(sinh(eta_flat), cos(xi_flat));
    let conformal = sin(xi_flat) / hypot(sinh(eta_flat), cos(xi_flat));
    (lon, atan(geographic(conformal)))
}

/// The tangent of the latitude whose conformal latitude has the tangent `wanted`, by Newton's steps.
fn geographic(wanted: f64) -> f64 {
    let e2 = 4.0 * N / ((1.0 + N) * (1.0 + N));
    let e = sqrt(e2);
    let mut tangent = wanted;
    // Twice would do; a fixed number of steps stops nowhere by chance.
    for _ in 0..4 {
        let secant = sqrt(1.0 + tangent * tangent);
        let sigma = sinh(e * libm::atanh(e * tangent / secant));
        let conformal = tangent * sqrt(1.0 + sigma * sigma) - sigma * secant;
        tangent += (wanted - conformal) / sqrt(1.0 + conformal * conformal)
            * (1.0 + (1.0 - e2) * tangent * tangent)
            / ((1.0 - e2) * secant);
    }
    tangent
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Degrees as PROJ 9 (`etmerc`, good to nanometres) tells them, from Kristiansand to Vardø.
    #[test]
    fn known_points_are_met_within_a_unit() {
        for (zone, east, north, lon, lat) in [
            ("25833", 310_012.98, 6_770_754.69, 11.483_291_201, 61.025_714_664),
            ("25833", 306_574.81, 6_768_700.10, 11.421_870_087, 61.005_633_442),
            ("25833", 262_000.0, 6_650_000.0, 10.741_565_893, 59.918_559_538),
            ("25833", 500_000.0, 6_600_000.0, 15.0, 59.538_349_130),
            ("25833", -60_000.0, 6_570_000.0, 5.258_480_538, 58.901_503_591),
            ("25833", 1_100_000.0, 7_860_000.0, 30.979_376_208, 70.132_768_288),
            ("25833", 800_000.0, 7_700_000.0, 22.601_282_270, 69.242_097_205),
            ("25832", 597_423.4, 6_643_210.9, 10.742_296_532, 59.914_856_735),
            ("25835", 597_423.4, 6_643_210.9, 28.742_296_532, 59.914_856_735),
        ] {
            let point = Zone::of_epsg(zone).unwrap().point(east, north).unwrap();
            let off = |units: i32, degrees: f64| (f64::from(units) - degrees * 1e7).abs();
            assert!(off(point.lon, lon) <= 0.6 && off(point.lat, lat) <= 0.6, "{east} {point:?}");
        }
    }

    #[test]
    fn other_systems_and_places_are_refused() {
        for code in ["", "4258", "32633", "25830", "25837", "258xx", "2583"] {
            assert_eq!(Zone::of_epsg(code), None, "{code}");
        }
        let zone = Zone::of_epsg("25833").unwrap();
        for (east, north) in [(f64::NAN, 0.0), (1e9, 6e6), (3e5, -1.0), (3e5, f64::INFINITY)] {
            assert_eq!(zone.point(east, north), None);
        }
    }
}
