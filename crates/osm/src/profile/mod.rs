//! How each mode gets about, as data: one file a mode under `profiles/`, compiled in. This file says
//! what such a profile may hold; `judge` reads the tags of a way or a node by it. Knows nothing of
//! graphs.

mod clock;
mod conditional;
mod judge;
mod limit;

use std::borrow::Cow;
use std::collections::BTreeMap;

use hjemrute_travel::{Band, Hours, Mode};
use serde::Deserialize;

use crate::Error;

pub(crate) use clock::Clock;
pub(crate) use judge::{Demand, Obstacle, Passage, class};
use limit::Limits;

const CAR: &str = include_str!("../../profiles/car.toml");
const EBIKE: &str = include_str!("../../profiles/ebike.toml");
const BIKE: &str = include_str!("../../profiles/bike.toml");
const FOOT: &str = include_str!("../../profiles/foot.toml");
const NORWAY: &str = include_str!("../../profiles/norway.toml");

/// How one mode gets about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// Access keys, the most specific first; the last one is about everybody.
    access: Vec<String>,
    /// Keys that say which direction is open, the most specific first.
    oneway: Vec<String>,
    /// Whether `cycleway=opposite` and the like open the other direction.
    contraflow: bool,
    /// Whether `motorroad=yes` is open.
    motorroad: bool,
    /// Speed when getting off and pushing, where one can.
    push_kmh: Option<u32>,
    /// What a gate costs.
    gate_seconds: u32,
    /// What it costs to leave private ground again on the other side.
    through_seconds: u32,
    /// What it costs to wait for a ferry.
    #[serde(default)]
    ferry_wait_seconds: u32,
    /// What turning costs; a mode without it may turn as it likes.
    turns: Option<TurnRule>,
    ways: BTreeMap<String, WayRule>,
    /// By part of the day: how long a class of way takes, in percent of its time by day.
    #[serde(default)]
    hours: BTreeMap<String, Percents>,
    /// The same for winter against summer.
    #[serde(default)]
    winter: Percents,
    surfaces: BTreeMap<String, u32>,
    barriers: BTreeMap<String, Barrier>,
    junctions: BTreeMap<String, u32>,
    #[serde(skip)]
    limits: Limits,
}

/// Percents of a time, by class of way; `other` stands for all that are not there.
type Percents = BTreeMap<String, u32>;

/// What a class of way is for a mode; a class without a rule is closed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WayRule {
    /// The speed, or with `percent_of_limit` the greatest.
    kmh: Option<u32>,
    /// The speed where the mode's own access key says yes; without `kmh`, open only there.
    tagged_kmh: Option<u32>,
    /// Speed as a share of the limit.
    percent_of_limit: Option<u32>,
    /// Speed as a share of the limit where one is posted, and elsewhere `kmh`.
    percent_of_posted: Option<u32>,
    /// Whether an address may be joined to it.
    #[serde(default = "yes")]
    snap: bool,
}

/// What turning at a junction costs, on top of what `junctions` and `barriers` say of its node.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnRule {
    left_seconds: u32,
    right_seconds: u32,
    /// Turning back, which is done only where there is no other way on.
    back_seconds: u32,
    /// The classes of way of which three must meet; at other nodes one turns, and turns back, as
    /// one likes. Without it the rules hold everywhere.
    where_meet: Option<Vec<String>>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Barrier {
    Seconds(u32),
    Named(BarrierName),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum BarrierName {
    Gate,
    Closed,
}

/// The profiles of all modes: those compiled in, or others in their place.
#[derive(Clone, Debug)]
pub struct Profiles {
    texts: [Cow<'static, str>; Mode::ALL.len()],
}

impl Profiles {
    /// Those compiled in.
    pub fn standard() -> Profiles {
        Profiles { texts: [CAR, EBIKE, BIKE, FOOT].map(Cow::from) }
    }

    /// The same, with that of one mode as a TOML text says.
    ///
    /// # Errors
    /// If the text is no profile.
    pub fn with(mut self, mode: Mode, text: String) -> Result<Profiles, Error> {
        Profile::read(&text).map_err(Error::Profile)?;
        self.texts[mode.index()] = text.into();
        Ok(self)
    }

    /// The profile of a mode.
    pub(crate) fn of(&self, mode: Mode) -> Profile {
        Profile::read(&self.texts[mode.index()]).expect("what is here has been read before")
    }

    /// Bytes that change whenever any profile does.
    pub(crate) fn fingerprint(&self) -> impl Iterator<Item = &[u8]> {
        self.texts
            .iter()
            .map(|text| text.as_bytes())
            .chain([NORWAY.as_bytes(), clock::fingerprint()])
    }
}

impl Profile {
    /// The profile a text tells, with Norwegian limits; what is wrong otherwise.
    fn read(text: &str) -> Result<Profile, String> {
        let mut profile: Profile = toml::from_str(text).map_err(|error| error.to_string())?;
        profile.limits = toml::from_str(NORWAY).expect("the limits compiled in are read by a test");
        match profile.is_sane() {
            true => Ok(profile),
            false => {
                Err("no access key, a speed of nothing or above 300 km/h, or a day lost".into())
            }
        }
    }

    /// Whether every number is one that times can be made of.
    fn is_sane(&self) -> bool {
        let speeds = self.ways.values().flat_map(|rule| [rule.kmh, rule.tagged_kmh]).flatten();
        let mut speeds = speeds.chain(self.surfaces.values().copied()).chain(self.push_kmh);
        let shares = self.ways.values().flat_map(|it| [it.percent_of_limit, it.percent_of_posted]);
        let turns =
            self.turns.as_ref().map(|it| [it.left_seconds, it.right_seconds, it.back_seconds]);
        let barriers = self.barriers.values().filter_map(|barrier| match barrier {
            Barrier::Seconds(seconds) => Some(*seconds),
            Barrier::Named(_) => None,
        });
        let lost = [self.gate_seconds, self.through_seconds, self.ferry_wait_seconds];
        let lost = lost.into_iter().chain(turns.into_iter().flatten()).chain(barriers);
        let mut lost = lost.chain(self.junctions.values().copied());
        let known = |name: &String| Hours::ALL.iter().any(|hours| hours.name() == name);
        let mut bands = self.hours.values().chain([&self.winter]).flat_map(BTreeMap::values);
        !self.access.is_empty()
            && self.hours.keys().all(known)
            && bands.all(|percent| (10..=1000).contains(percent))
            && speeds.all(|kmh| (1..=300).contains(&kmh))
            && shares.flatten().all(|percent| (1..=200).contains(&percent))
            && lost.all(|seconds| seconds <= 86_400)
    }

    /// The profile of a mode that is compiled in.
    #[cfg(test)]
    pub(crate) fn of(mode: Mode) -> Profile {
        Profiles::standard().of(mode)
    }

    /// Milliseconds lost by passing through private ground.
    pub(crate) fn through_ms(&self) -> u32 {
        self.through_seconds * 1000
    }

    /// Milliseconds lost by turning left, right and back; `None` if junctions are passed freely.
    pub(crate) fn turns_ms(&self) -> Option<[u32; 3]> {
        let rule = self.turns.as_ref()?;
        Some([rule.left_seconds, rule.right_seconds, rule.back_seconds].map(|s| s * 1000))
    }

    /// Whether the rules for turning hold at every node, and not only where three roads meet.
    pub(crate) fn turns_everywhere(&self) -> bool {
        self.turns.as_ref().is_some_and(|rule| rule.where_meet.is_none())
    }

    /// Whether a class of way is one of those of which three must meet.
    fn is_road(&self, class: &str) -> bool {
        let classes = self.turns.as_ref().and_then(|rule| rule.where_meet.as_ref());
        classes.is_some_and(|classes| classes.iter().any(|road| road == class))
    }

    /// The classes of way whose times change with the band, and for each band the percents of their
    /// standard times: of each class, and last of all others.
    pub(crate) fn percents(&self) -> (Vec<String>, Vec<Vec<u32>>) {
        let tables = self.hours.values().chain([&self.winter]);
        let mut classes: Vec<String> = tables.flat_map(BTreeMap::keys).cloned().collect();
        classes.retain(|class| class != "other");
        classes.sort_unstable();
        classes.dedup();
        let of = |table: Option<&Percents>, class: &str| {
            let percent = table.and_then(|table| table.get(class).or(table.get("other")));
            percent.copied().unwrap_or(100)
        };
        let by_band = Band::all().map(|band| {
            let hours = self.hours.get(band.hours.name());
            let winter = Some(&self.winter).filter(|_| band.winter);
            let all = classes.iter().map(String::as_str).chain(["other"]);
            all.map(|class| of(hours, class) * of(winter, class) / 100).collect()
        });
        let by_band = by_band.collect();
        (classes, by_band)
    }

    /// Milliseconds lost before a ferry leaves.
    pub(crate) fn ferry_wait_ms(&self) -> u32 {
        self.ferry_wait_seconds * 1000
    }
}
