//! How each mode gets about, as data: one file a mode under `profiles/`, compiled in. This file says
//! what such a profile may hold; `judge` reads the tags of a way or a node by it. Knows nothing of
//! graphs.

mod judge;
mod limit;

use std::borrow::Cow;
use std::collections::BTreeMap;

use hjemrute_travel::Mode;
use serde::Deserialize;

use crate::Error;

pub(crate) use judge::{Demand, Obstacle, Passage};
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
    surfaces: BTreeMap<String, u32>,
    barriers: BTreeMap<String, Barrier>,
    junctions: BTreeMap<String, u32>,
    #[serde(skip)]
    limits: Limits,
}

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
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnRule {
    left_seconds: u32,
    right_seconds: u32,
    /// Turning back, which is done only where there is no other way on.
    back_seconds: u32,
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
        self.texts.iter().map(|text| text.as_bytes()).chain([NORWAY.as_bytes()])
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
        let turns = self.turns.map(|it| [it.left_seconds, it.right_seconds, it.back_seconds]);
        let barriers = self.barriers.values().filter_map(|barrier| match barrier {
            Barrier::Seconds(seconds) => Some(*seconds),
            Barrier::Named(_) => None,
        });
        let lost = [self.gate_seconds, self.through_seconds, self.ferry_wait_seconds];
        let lost = lost.into_iter().chain(turns.into_iter().flatten()).chain(barriers);
        let mut lost = lost.chain(self.junctions.values().copied());
        !self.access.is_empty()
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
        let rule = self.turns?;
        Some([rule.left_seconds, rule.right_seconds, rule.back_seconds].map(|s| s * 1000))
    }

    /// Milliseconds lost before a ferry leaves.
    pub(crate) fn ferry_wait_ms(&self) -> u32 {
        self.ferry_wait_seconds * 1000
    }
}
