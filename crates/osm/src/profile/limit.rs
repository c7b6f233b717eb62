//! Speed limits: the posted one where there is one, else that of the law. Norwegian law, because
//! five ways out of six in Oslo have no posted limit in the map.

use serde::Deserialize;

use crate::tags::Tags;

/// The limits of the law where none is posted, in km/h.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    urban: u32,
    rural: u32,
    motorway: u32,
    walk: u32,
}

impl Limits {
    /// The limits forward and backward along a way, in km/h.
    pub(crate) fn along(&self, class: &str, tags: &Tags) -> (u32, u32) {
        self.posted_along(tags)
            .map(|limit| limit.unwrap_or_else(|| self.default(class, tags)))
            .into()
    }

    /// The posted limits forward and backward, in km/h.
    pub(crate) fn posted_along(&self, tags: &Tags) -> [Option<u32>; 2] {
        let posted = |key| tags.get(key).and_then(|text| self.posted(text));
        let both = posted("maxspeed").or_else(|| posted("zone:maxspeed"));
        ["maxspeed:forward", "maxspeed:backward"].map(|key| posted(key).or(both))
    }

    /// The limit a value stands for: `40`, `30 mph`, `NO:urban`, `NO:zone30`, `walk`, `none`.
    fn posted(&self, text: &str) -> Option<u32> {
        let text = text.split(';').next().unwrap_or(text).trim();
        let word = text.rsplit(':').next().unwrap_or(text);
        match word {
            "urban" => Some(self.urban),
            "rural" => Some(self.rural),
            "motorway" | "none" => Some(self.motorway),
            "walk" | "living_street" | "pedestrian_zone" => Some(self.walk),
            _ => number(word.strip_prefix("zone").unwrap_or(word)),
        }
    }

    fn default(&self, class: &str, tags: &Tags) -> u32 {
        match class {
            "motorway" => self.motorway,
            "living_street" | "pedestrian" => self.walk,
            "residential" => self.urban,
            _ if tags.is("lit", "yes") || tags.has("sidewalk") => self.urban,
            _ => self.rural,
        }
    }
}

/// A number of km/h, or of mph when it says so; nothing absurd.
fn number(text: &str) -> Option<u32> {
    let (digits, per_cent) = match text.strip_suffix("mph") {
        Some(miles) => (miles.trim_end(), 161),
        None => (text.strip_suffix("km/h").unwrap_or(text).trim_end(), 100),
    };
    let limit = digits.parse::<u32>().ok().filter(|limit| *limit <= 1000)? * per_cent / 100;
    (1..=200).contains(&limit).then_some(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posted_and_default_limits() {
        let limits = Limits { urban: 50, rural: 80, motorway: 110, walk: 6 };
        for (text, forward, backward) in [
            ("highway=residential", 50, 50),
            ("highway=unclassified", 80, 80),
            ("highway=unclassified lit=yes", 50, 50),
            ("highway=tertiary sidewalk=both", 50, 50),
            ("highway=tertiary sidewalk=no", 80, 80),
            ("highway=motorway", 110, 110),
            ("highway=living_street", 6, 6),
            ("highway=primary maxspeed=60", 60, 60),
            ("highway=primary maxspeed=40~mph", 64, 64),
            ("highway=primary maxspeed=50;60", 50, 50),
            ("highway=primary maxspeed=NO:rural lit=yes", 80, 80),
            ("highway=residential maxspeed=NO:zone30", 30, 30),
            ("highway=residential maxspeed=walk", 6, 6),
            ("highway=motorway maxspeed=none", 110, 110),
            ("highway=primary maxspeed=40 maxspeed:forward=60", 60, 40),
            ("highway=residential zone:maxspeed=NO:30", 30, 30),
            ("highway=residential maxspeed=signals", 50, 50),
            ("highway=residential maxspeed=99999999999", 50, 50),
            ("highway=residential maxspeed=0", 50, 50),
        ] {
            let tags = Tags::parse(text);
            let class = tags.get("highway").unwrap();
            assert_eq!(limits.along(class, &tags), (forward, backward), "{text}");
        }
    }
}
