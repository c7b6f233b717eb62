//! How each mode gets about, as data: one file a mode under `profiles/`, compiled in. This file says
//! what such a profile may hold; `judge` reads the tags of a way or a node by it. Knows nothing of
//! graphs.

mod judge;
mod limit;

use std::collections::BTreeMap;

use hjemrute_travel::Mode;
use serde::Deserialize;

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

impl Profile {
    /// The profile of a mode.
    pub(crate) fn of(mode: Mode) -> Profile {
        let mut profile: Profile =
            toml::from_str(text(mode)).expect("the profiles compiled in are read by a test");
        profile.limits = toml::from_str(NORWAY).expect("the limits compiled in are read by a test");
        profile
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

/// Bytes that change whenever any profile does.
pub(crate) fn fingerprint() -> impl Iterator<Item = &'static [u8]> {
    [CAR, EBIKE, BIKE, FOOT, NORWAY].into_iter().map(str::as_bytes)
}

fn text(mode: Mode) -> &'static str {
    match mode {
        Mode::Car => CAR,
        Mode::Ebike => EBIKE,
        Mode::Bike => BIKE,
        Mode::Foot => FOOT,
    }
}
