//! How a map is made of an extract: by which profiles, of which part, with which addresses; and what
//! the map is then called.

use std::collections::BTreeMap;
use std::path::Path;

use hjemrute_travel::Mode;
use rayon::prelude::*;

use super::of_mode::ModeRoads;
use super::{Meta, Roads};
use crate::geometry::{Bounds, Point};
use crate::graph::{self, Graph};
use crate::pbf::Extract;
use crate::profile::Profiles;
use crate::strings::{Strings, fold};
use crate::{Clip, Error, address};

/// What a map is made by, besides an extract of OpenStreetMap.
#[derive(Clone, Debug)]
pub struct Recipe<'a> {
    /// Only what lies inside is kept.
    pub clip: Option<&'a Clip>,
    /// How each mode gets about.
    pub profiles: Profiles,
    /// A register of addresses (Kartverket's file): those that lie on the map go before the extract's.
    pub register: Option<&'a Path>,
}

impl Default for Recipe<'_> {
    fn default() -> Self {
        Recipe { clip: None, profiles: Profiles::standard(), register: None }
    }
}

impl Roads {
    #[cfg(test)]
    pub(crate) fn build(
        extract: &Extract,
        clip: Option<&Clip>,
        name: &str,
    ) -> Result<Roads, Error> {
        Roads::build_by(extract, name, &Recipe { clip, ..Recipe::default() })
    }

    pub(super) fn build_by(
        extract: &Extract,
        name: &str,
        recipe: &Recipe<'_>,
    ) -> Result<Roads, Error> {
        let Recipe { clip, profiles, register } = recipe;
        let names = || extract.ways.iter().filter_map(|way| way.tags.get("name"));
        let texts = names().map(fold).chain(names().map(str::to_owned));
        let strings = Strings::of(texts.collect());
        let streets: BTreeMap<u32, u32> =
            names().map(|name| (strings.id(&fold(name)), strings.id(name))).collect();
        let streets = streets.into_iter().map(|(folded, written)| [folded, written]).collect();
        let graphs = Mode::ALL.par_iter().map(|mode| graph(extract, profiles, *mode, &strings));
        let graphs = graphs.collect::<Result<Vec<Graph>, Error>>()?;
        let bounds = Bounds::around(points(&graphs)).ok_or(NO_ROADS)?;
        let inside = |point: Point| {
            bounds.contains(point.into()) && clip.is_none_or(|clip| clip.contains(point))
        };
        let (book, register) = address::book(extract, *register, inside)?;
        let meta = Meta {
            name: name.into(),
            date: extract.replicated.map(date),
            checksum: checksum(extract, recipe, register),
        };
        let bounds = Bounds::around(points(&graphs).chain(book.points())).ok_or(NO_ROADS)?;
        let modes = graphs.into_iter().map(|graph| Some(ModeRoads::new(graph, None)));
        let modes = modes.collect::<Vec<_>>().try_into().map_err(|_| NO_ROADS)?;
        Ok(Roads { meta, bounds, strings, streets, book, modes })
    }
}

const NO_ROADS: Error = Error::NoRoads { nodes: 0, ways: 0 };

fn points(graphs: &[Graph]) -> impl Iterator<Item = Point> {
    graphs.iter().flat_map(|graph| graph.points.iter().copied())
}

fn graph(
    extract: &Extract,
    profiles: &Profiles,
    mode: Mode,
    strings: &Strings,
) -> Result<Graph, Error> {
    let graph = graph::build(extract, &profiles.of(mode), strings);
    if graph.fits() {
        Ok(graph)
    } else {
        Err(Error::TooLarge { kilometres: graph.length_dm()[0] / 10_000, mode: mode.name() })
    }
}

fn checksum(extract: &Extract, recipe: &Recipe<'_>, register: u32) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&register.to_le_bytes());
    hasher.update(&extract.checksum.to_le_bytes());
    recipe.profiles.fingerprint().for_each(|text| hasher.update(text));
    if let Some(clip) = recipe.clip {
        hasher.update(&clip.fingerprint());
    }
    hasher.finalize()
}

/// `oslo` for `maps/oslo.osm.pbf`.
pub(super) fn name_of(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let name = file.strip_suffix(".pbf").unwrap_or(&file);
    name.strip_suffix(".osm").unwrap_or(name).to_owned()
}

/// The day of a moment in seconds since 1970, by Howard Hinnant's `civil_from_days`.
fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year_of_era + era * 400 + later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_names() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(951_782_400), "2000-02-29");
        assert_eq!(date(1_750_074_725), "2025-06-16");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(name_of(Path::new("/maps/oslo.osm.pbf")), "oslo");
        assert_eq!(name_of(Path::new("oslo.pbf")), "oslo");
    }
}
