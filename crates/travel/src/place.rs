//! Where something is on the earth.

/// A WGS84 position in whole ten-millionths of a degree, as OpenStreetMap counts (about a
/// centimetre), so that equal positions are equal and hash alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Degrees east × 10⁷.
    pub lon: i32,
    /// Degrees north × 10⁷.
    pub lat: i32,
}

impl Position {
    /// The nearest position to degrees east and north; `None` unless both are on the globe.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Position> {
        let on_globe = lon.abs() <= 180.0 && lat.abs() <= 90.0;
        on_globe
            .then(|| Position { lon: (lon * 1e7).round() as i32, lat: (lat * 1e7).round() as i32 })
    }

    /// Degrees east.
    pub fn lon_degrees(self) -> f64 {
        f64::from(self.lon) / 1e7
    }

    /// Degrees north.
    pub fn lat_degrees(self) -> f64 {
        f64::from(self.lat) / 1e7
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_survive_the_round_trip() {
        let position = Position::from_degrees(10.7794, 59.9012).unwrap();
        assert_eq!(position, Position { lon: 107_794_000, lat: 599_012_000 });
        assert_eq!(position.lat_degrees(), 59.9012);
        assert_eq!(Position::from_degrees(10.0, 91.0), None);
        assert_eq!(Position::from_degrees(f64::NAN, 60.0), None);
    }
}
