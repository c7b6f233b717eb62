//! What a tile shows of the map, and from which zoom on: the only place where tags become layers.
//! Knows no geometry.

use crate::tags::Tags;

/// The zooms that are made; farther in, the last is enlarged.
pub(super) const ZOOMS: std::ops::RangeInclusive<u8> = 10..=14;

/// The layers of a tile, drawn in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layer {
    Green,
    Water,
    Waterway,
    Building,
    Road,
    Rail,
    Place,
    House,
}

impl Layer {
    /// All of them.
    pub(super) const ALL: [Layer; 8] = [
        Layer::Green,
        Layer::Water,
        Layer::Waterway,
        Layer::Building,
        Layer::Road,
        Layer::Rail,
        Layer::Place,
        Layer::House,
    ];

    /// What it is called in the tile.
    pub(super) fn name(self) -> &'static str {
        match self {
            Layer::Green => "green",
            Layer::Water => "water",
            Layer::Waterway => "waterway",
            Layer::Building => "building",
            Layer::Road => "road",
            Layer::Rail => "rail",
            Layer::Place => "place",
            Layer::House => "house",
        }
    }
}

/// What something is drawn as. In order of how soon it is drawn inside its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) layer: Layer,
    /// The attribute `class` of the feature.
    pub(super) class: &'static str,
    /// The first zoom that shows it.
    pub(super) from_zoom: u8,
    /// Whether it runs under the ground: the attribute `tunnel`.
    pub(super) tunnel: bool,
}

impl Kind {
    /// Whether it is a road where people live or drive, on land and above the ground.
    pub(super) fn is_street(&self) -> bool {
        let other = ["ferry", "service", "pedestrian", "path", "steps"];
        self.layer == Layer::Road && !other.contains(&self.class) && !self.tunnel
    }
}

const fn kind(layer: Layer, class: &'static str, from_zoom: u8) -> Kind {
    Kind { layer, class, from_zoom, tunnel: false }
}

/// The open sea, which no tag says.
pub(super) const SEA: Kind = kind(Layer::Water, "sea", 10);
/// A house number.
pub(super) const HOUSE: Kind = kind(Layer::House, "number", 14);

/// What a closed line or a multipolygon is as an area.
pub(super) fn of_area(tags: &Tags) -> Option<Kind> {
    if tags.has("building") {
        return Some(kind(Layer::Building, "building", 13));
    }
    let (natural, landuse, leisure) =
        (tags.get("natural"), tags.get("landuse"), tags.get("leisure"));
    let water = match (natural, landuse, tags.get("waterway"), leisure) {
        (Some("water"), ..) if tags.is("water", "river") => Some("river"),
        (Some("water"), ..) | (_, Some("reservoir" | "basin"), ..) => Some("lake"),
        (_, _, Some("riverbank" | "dock"), _) => Some("river"),
        (.., Some("swimming_pool")) => Some("pool"),
        _ => None,
    };
    if let Some(class) = water {
        return Some(kind(Layer::Water, class, if class == "pool" { 14 } else { 10 }));
    }
    let green = match (natural, landuse, leisure, tags.get("amenity")) {
        (Some("wood"), ..) | (_, Some("forest"), ..) => ("forest", 10),
        (_, _, Some("park" | "garden" | "nature_reserve" | "common"), _) => ("park", 11),
        (_, Some("recreation_ground" | "village_green"), ..) => ("park", 11),
        (_, Some("cemetery"), ..) | (.., Some("grave_yard")) => ("cemetery", 11),
        (_, _, Some("golf_course"), _) => ("park", 11),
        (_, _, Some("pitch" | "track" | "playground"), _) => ("pitch", 13),
        (_, Some("farmland" | "farm" | "meadow" | "orchard" | "allotments"), ..) => {
            ("farmland", 11)
        }
        (_, Some("grass" | "flowerbed"), ..) => ("grass", 13),
        (Some("grassland" | "scrub" | "heath" | "wetland"), ..) => ("grass", 12),
        (Some("beach" | "sand"), ..) => ("sand", 12),
        _ => return None,
    };
    Some(kind(Layer::Green, green.0, green.1))
}

/// What a line is.
pub(super) fn of_line(tags: &Tags) -> Option<Kind> {
    let tunnel = tags.has("tunnel") && !tags.is("tunnel", "building_passage");
    Some(Kind { tunnel, ..line(tags)? })
}

fn line(tags: &Tags) -> Option<Kind> {
    if let Some(highway) = tags.get("highway") {
        return road(highway).map(|(class, zoom)| kind(Layer::Road, class, zoom));
    }
    if tags.is("route", "ferry") {
        return Some(kind(Layer::Road, "ferry", 11));
    }
    if let Some(railway) = tags.get("railway") {
        let (class, zoom) = match railway {
            "rail" | "narrow_gauge" if tags.get("service").is_some() => ("siding", 14),
            "rail" | "narrow_gauge" => ("rail", 10),
            "subway" | "light_rail" => ("subway", 12),
            "tram" => ("tram", 13),
            _ => return None,
        };
        return Some(kind(Layer::Rail, class, zoom));
    }
    match tags.get("waterway")? {
        "river" | "canal" => Some(kind(Layer::Waterway, "river", 10)),
        "stream" => Some(kind(Layer::Waterway, "stream", 13)),
        _ => None,
    }
}

fn road(highway: &str) -> Option<(&'static str, u8)> {
    Some(match highway.strip_suffix("_link").unwrap_or(highway) {
        "motorway" => ("motorway", 10),
        "trunk" => ("trunk", 10),
        "primary" => ("primary", 10),
        "secondary" => ("secondary", 10),
        "tertiary" => ("tertiary", 11),
        "residential" | "unclassified" | "living_street" | "road" => ("street", 12),
        "service" => ("service", 13),
        "pedestrian" => ("pedestrian", 13),
        "footway" | "cycleway" | "path" | "track" | "bridleway" => ("path", 14),
        "steps" => ("steps", 14),
        _ => return None,
    })
}

/// What a point with a name is.
pub(super) fn of_point(tags: &Tags) -> Option<Kind> {
    tags.get("name")?;
    let (class, zoom) = match tags.get("place")? {
        "city" => ("city", 10),
        "town" => ("town", 10),
        "borough" | "suburb" => ("suburb", 11),
        "village" => ("village", 11),
        "island" | "quarter" => ("quarter", 12),
        "hamlet" | "neighbourhood" => ("neighbourhood", 13),
        "locality" | "farm" | "square" | "isolated_dwelling" => ("locality", 14),
        _ => return None,
    };
    Some(kind(Layer::Place, class, zoom))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: Option<Kind>) -> String {
        kind.map_or("nothing".into(), |kind| {
            format!("{} {} {}", kind.layer.name(), kind.class, kind.from_zoom)
        })
    }

    #[test]
    fn areas_lines_and_points_have_their_layers() {
        for (tags, area) in [
            ("building=yes leisure=park", "building building 13"),
            ("building=no leisure=park", "green park 11"),
            ("natural=water water=river", "water river 10"),
            ("natural=water", "water lake 10"),
            ("landuse=cemetery", "green cemetery 11"),
            ("leisure=pitch", "green pitch 13"),
            ("landuse=residential", "nothing"),
        ] {
            assert_eq!(told(of_area(&Tags::parse(tags))), area, "{tags}");
        }
        for (tags, line) in [
            ("highway=trunk_link", "road trunk 10"),
            ("highway=footway", "road path 14"),
            ("highway=proposed", "nothing"),
            ("railway=tram", "rail tram 13"),
            ("railway=rail service=siding", "rail siding 14"),
            ("railway=abandoned", "nothing"),
            ("waterway=river", "waterway river 10"),
            ("waterway=dam", "nothing"),
        ] {
            assert_eq!(told(of_line(&Tags::parse(tags))), line, "{tags}");
        }
        let tunnel = |tags| of_line(&Tags::parse(tags)).is_some_and(|kind| kind.tunnel);
        assert!(tunnel("railway=subway tunnel=yes") && !tunnel("railway=subway tunnel=no"));
        assert!(!tunnel("highway=service tunnel=building_passage"));
        assert_eq!(told(of_point(&Tags::parse("place=suburb name=Tøyen"))), "place suburb 11");
        assert_eq!(told(of_point(&Tags::parse("place=suburb"))), "nothing");
    }
}
