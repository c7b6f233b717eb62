//! Reads tags by a profile: which directions of a way are open and how fast, and what a node on the
//! way costs. One question after another, each a small table of tag values; the truth tables at the
//! bottom are the specification.

use super::clock::Moment;
use super::conditional::value_at;
use super::{Barrier, BarrierName, Profile, WayRule};
use crate::tags::Tags;

/// How a mode gets along a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Metres an hour along the way; `None` is closed.
    pub(crate) forward: Option<u32>,
    /// Metres an hour against it; `None` is closed.
    pub(crate) backward: Option<u32>,
    /// Private ground: good for getting to a door, not for passing through.
    pub(crate) restricted: bool,
    /// Whether an address may be joined to it.
    pub(crate) snap: bool,
    /// Whether three of these make a junction with rules.
    pub(crate) road: bool,
    /// Whether one is carried over water.
    pub(crate) ferry: bool,
    /// Seconds for the whole way, if the map says so.
    pub(crate) duration: Option<u32>,
}

/// What a node on a way means to a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Nothing.
    None,
    /// Milliseconds lost.
    Delay(u32),
    /// No way through.
    Closed,
}

/// What a sign at a junction demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Not to go that way.
    No,
    /// To go that way and no other.
    Only,
}

/// What the access tags say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Nothing, or nothing special.
    Unsaid,
    /// Open to this mode by name.
    Yes,
    /// Open to those who have business there.
    Restricted,
    /// Only off the saddle.
    Push,
    No,
}

/// Which directions a way is open in.
#[derive(Clone, Copy)]
struct Directions {
    forward: bool,
    backward: bool,
}

impl Profile {
    /// How the mode gets along a way, or `None` if it may not.
    pub(crate) fn passage(&self, tags: &Tags) -> Option<Passage> {
        let class = class(tags)?;
        let rule = self.rule(class, tags)?;
        let access = self.access(tags);
        if access == Access::No || (!self.motorroad && tags.is("motorroad", "yes")) {
            return None;
        }
        let (forward, backward) = self.speeds(class, rule, access, tags)?;
        let directions = self.directions(class, tags);
        let against =
            self.push_kmh.filter(|_| tags.get("junction").is_none()).map(|kmh| kmh * 1000);
        let passage = Passage {
            forward: if directions.forward { Some(forward) } else { against },
            backward: if directions.backward { Some(backward) } else { against },
            restricted: access == Access::Restricted,
            snap: rule.snap && !is_beyond_reach(tags),
            road: self.is_road(class),
            ferry: class == "ferry",
            duration: tags.get("duration").filter(|_| class == "ferry").and_then(duration),
        };
        (passage.forward.is_some() || passage.backward.is_some()).then_some(passage)
    }

    /// How the mode gets along a way at a moment. What is closed at some hours is private ground at
    /// those, because whoever lives there can be reached; what is open at some hours stays closed.
    pub(crate) fn passage_at(&self, tags: &Tags, moment: Moment) -> Option<Passage> {
        let always = self.passage(tags)?;
        match self.tags_at(tags, moment) {
            None => Some(always),
            Some(then) => {
                let closed = Passage { restricted: true, ..always };
                Some(self.passage(&then).unwrap_or(closed))
            }
        }
    }

    /// The tags with the values that hold at a moment only, if there are any.
    fn tags_at(&self, tags: &Tags, moment: Moment) -> Option<Tags> {
        let limits = ["maxspeed", "maxspeed:forward", "maxspeed:backward"];
        let keys = self.access.iter().map(String::as_str).chain(limits);
        let mut then = None;
        for key in keys {
            let said = tags.get(&format!("{key}:conditional"));
            if let Some(value) = said.and_then(|text| value_at(text, moment)) {
                then.get_or_insert_with(|| tags.clone()).set(key, value);
            }
        }
        then
    }

    /// What a node on the way costs.
    pub(crate) fn obstacle(&self, tags: &Tags) -> Obstacle {
        let kind = tags.get("barrier");
        if kind.is_some() && self.access(tags) == Access::No {
            return Obstacle::Closed;
        }
        let seconds = match kind.and_then(|kind| self.barriers.get(kind)) {
            Some(Barrier::Named(BarrierName::Closed)) if !self.passes_barrier(tags) => {
                return Obstacle::Closed;
            }
            Some(Barrier::Named(BarrierName::Gate)) => self.gate_seconds,
            Some(Barrier::Seconds(seconds)) => *seconds,
            _ => 0,
        };
        let junction = tags.get("highway").and_then(|kind| self.junctions.get(kind));
        match seconds + junction.copied().unwrap_or(0) {
            0 => Obstacle::None,
            seconds => Obstacle::Delay(seconds * 1000),
        }
    }

    /// What a restriction demands of the mode, if anything.
    pub(crate) fn demand(&self, tags: &Tags) -> Option<Demand> {
        let mut own = self.access.iter().filter(|key| *key != "access");
        let said = own.find_map(|key| tags.get(&format!("restriction:{key}")));
        let excepted = tags.get("except").unwrap_or_default();
        let mut excepted = excepted.split(';').map(str::trim);
        let general = || match excepted.any(|key| self.access.iter().any(|own| own == key)) {
            true => None,
            false => tags.get("restriction"),
        };
        demanded(said.or_else(general)?)
    }

    /// What a restriction demands of the mode at a moment, if it demands nothing at other hours.
    pub(crate) fn demand_at(&self, tags: &Tags, moment: Moment) -> Option<Demand> {
        let mut own = self.access.iter().filter(|key| *key != "access");
        let said = own.find_map(|key| tags.get(&format!("restriction:{key}:conditional")));
        let excepted = tags.get("except").unwrap_or_default();
        let mut excepted = excepted.split(';').map(str::trim);
        let excepted = excepted.any(|key| self.access.iter().any(|own| own == key));
        let general = || tags.get("restriction:conditional").filter(|_| !excepted);
        demanded(value_at(said.or_else(general)?, moment)?)
    }

    fn passes_barrier(&self, tags: &Tags) -> bool {
        tags.is("bollard", "rising")
            || matches!(self.access(tags), Access::Yes | Access::Restricted)
    }

    fn rule(&self, class: &str, tags: &Tags) -> Option<WayRule> {
        let service = tags.get("service").filter(|_| class == "service");
        let special = service.and_then(|kind| self.ways.get(&format!("service/{kind}")));
        special.or_else(|| self.ways.get(class)).copied()
    }

    fn access(&self, tags: &Tags) -> Access {
        let Some((key, value)) = tags.first(&self.access) else { return Access::Unsaid };
        let own = self.access.last().is_some_and(|everybody| everybody != key);
        match value {
            "no" | "agricultural" | "forestry" | "military" | "emergency" | "use_sidepath"
            | "psv" | "bus" | "discouraged" => Access::No,
            "private" | "destination" | "delivery" | "customers" | "residents" | "permit" => {
                Access::Restricted
            }
            "dismount" => Access::Push,
            "yes" | "designated" | "permissive" | "official" if own => Access::Yes,
            _ => Access::Unsaid,
        }
    }

    /// Metres an hour in both directions, were both open.
    fn speeds(
        &self,
        class: &str,
        rule: WayRule,
        access: Access,
        tags: &Tags,
    ) -> Option<(u32, u32)> {
        let invited = matches!(access, Access::Yes | Access::Restricted);
        let kmh = match rule.tagged_kmh.filter(|_| invited) {
            Some(tagged) => tagged,
            None => rule.kmh?,
        };
        let kmh = if access == Access::Push { kmh.min(self.push_kmh?) } else { kmh };
        let surface = tags.get("surface").and_then(|surface| self.surfaces.get(surface));
        let cap = 1000 * surface.map_or(kmh, |surface| kmh.min(*surface));
        if let Some(percent) = rule.percent_of_posted {
            let speed = |limit: Option<u32>| match (limit, surface) {
                (None, _) => cap,
                (Some(limit), None) => limit * percent * 10,
                (Some(limit), Some(surface)) => (limit * percent * 10).min(1000 * surface),
            };
            let [forward, backward] = self.limits.posted_along(tags);
            return Some((speed(forward), speed(backward)));
        }
        let Some(percent) = rule.percent_of_limit else { return Some((cap, cap)) };
        let (forward, backward) = self.limits.along(class, tags);
        Some((cap.min(forward * percent * 10), cap.min(backward * percent * 10)))
    }

    fn directions(&self, class: &str, tags: &Tags) -> Directions {
        let said = tags.first(&self.oneway).map(|(_, value)| value);
        let implied = !self.oneway.is_empty()
            && self.oneway.iter().any(|key| key == "oneway")
            && (class == "motorway"
                || matches!(tags.get("junction"), Some("roundabout" | "circular")));
        let mut directions = match said {
            Some("yes" | "true" | "1") => Directions { forward: true, backward: false },
            Some("-1" | "reverse") => Directions { forward: false, backward: true },
            Some("no" | "false" | "0") => Directions { forward: true, backward: true },
            _ => Directions { forward: true, backward: !implied },
        };
        if self.contraflow && is_contraflow(tags) {
            directions = Directions { forward: true, backward: true };
        }
        directions
    }
}

/// What the value of a restriction demands: `no_left_turn`, `only_straight_on`.
fn demanded(value: &str) -> Option<Demand> {
    match value.split_once('_')?.0 {
        "no" => Some(Demand::No),
        "only" => Some(Demand::Only),
        _ => None,
    }
}

/// The class of a way: the `highway` value, or one of the few other kinds of way.
pub(crate) fn class(tags: &Tags) -> Option<&str> {
    let station = || tags.is("railway", "platform") || tags.is("public_transport", "platform");
    match tags.get("highway") {
        Some(class) => Some(class),
        None if tags.is("route", "ferry") => Some("ferry"),
        None if tags.is("man_made", "pier") => Some("pier"),
        None if station() => Some("platform"),
        None => None,
    }
}

fn is_contraflow(tags: &Tags) -> bool {
    let sides = ["cycleway", "cycleway:left", "cycleway:right", "cycleway:both"];
    let opposite = |key| tags.get(key).is_some_and(|value| value.starts_with("opposite"));
    sides.into_iter().any(opposite)
        || tags.is("cycleway:left:oneway", "-1")
        || tags.is("cycleway:left:oneway", "no")
        || tags.is("cycleway:right:oneway", "no")
}

/// Whether a way runs above or below the doors it passes.
fn is_beyond_reach(tags: &Tags) -> bool {
    (tags.has("tunnel") && !tags.is("tunnel", "building_passage"))
        || tags.has("bridge")
        || tags.get("layer").is_some_and(|layer| layer != "0")
        || tags.is("motorroad", "yes")
}

/// Seconds in `00:20`, `01:20:30` or `20` minutes.
fn duration(text: &str) -> Option<u32> {
    let parts: Option<Vec<u32>> = text.split(':').map(|part| part.trim().parse().ok()).collect();
    let seconds = match parts?[..] {
        [minutes] => minutes.checked_mul(60),
        [hours, minutes] => hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?),
        [hours, minutes, seconds] => {
            hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)
        }
        _ => None,
    };
    seconds.filter(|seconds| (1..=172_800).contains(seconds))
}

#[cfg(test)]
#[path = "truth.rs"]
mod tests;
