//! Divides a day into districts: its bundles of visits cut in two where half of the visits lie on
//! either side, and again, and its carers with them, each side as many of each kind as it has work
//! for. A map decides nothing but who is near to whom, and whole numbers decide all of it.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Position, Time};

use super::bundles::{Bundle, bundles};
use crate::plan::{Carer, CarerRef, Instance, Skill, Skills, TimeWindow};
use crate::rules;

/// Added to each visit, in seconds: the way to it.
const WAY: i64 = 300;

/// How far one comes in a second at 8 m/s, in half units of 1e-7 degrees (each 5.6 mm).
const A_SECOND: i64 = 1440;

/// Some of the visits and carers of a day, as indices into the instance's, rising.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct District {
    pub(super) visits: Vec<usize>,
    pub(super) carers: Vec<usize>,
}

/// The districts of a day, of about so many visits at the most, a power of two of them: the two that
/// were cut last stand side by side, and so do the pairs.
pub(super) fn districts(instance: &Instance, most: usize) -> Vec<District> {
    let cutting = Cutting::of(instance);
    let mut pieces = vec![(bundles(instance), (0..instance.carers.len()).collect::<Vec<usize>>())];
    let mut visits = instance.visits.len();
    while visits > most {
        visits = visits.div_ceil(2);
        pieces = pieces
            .into_iter()
            .flat_map(|(bundles, carers)| {
                let sides = cut(bundles);
                let crews = cutting.share_out(&carers, &sides);
                sides.into_iter().zip(crews)
            })
            .collect();
    }
    let district = |(bundles, mut carers): (Vec<Bundle>, Vec<usize>)| {
        let mut visits: Vec<usize> = bundles.into_iter().flat_map(|it| it.visits).collect();
        visits.sort_unstable();
        carers.sort_unstable();
        District { visits, carers }
    };
    pieces.into_iter().map(district).collect()
}

/// Cuts across the longer side, with half of the visits on either side.
fn cut(mut bundles: Vec<Bundle>) -> [Vec<Bundle>; 2] {
    let span = |of: fn(Position) -> i64| {
        let all = || bundles.iter().map(|bundle| of(bundle.position));
        all().max().unwrap_or(0) - all().min().unwrap_or(0)
    };
    let wide = span(east) > span(north);
    let along = |at: Position| if wide { east(at) } else { north(at) };
    bundles.sort_by_key(|bundle| (along(bundle.position), bundle.visits[0]));
    let all: usize = bundles.iter().map(|bundle| bundle.visits.len()).sum();
    let mut before = 0;
    let half = bundles.iter().take_while(|bundle| {
        before += bundle.visits.len();
        2 * before <= all
    });
    let half = half.count();
    let other = bundles.split_off(half);
    [bundles, other]
}

/// In half units of 1e-7 degrees: at our latitudes a degree is about half as wide as it is high.
fn east(position: Position) -> i64 {
    i64::from(position.lon)
}

fn north(position: Position) -> i64 {
    2 * i64::from(position.lat)
}

/// The middle of some bundles, each visit weighing the same.
fn middle(bundles: &[Bundle]) -> Position {
    let visits: i64 = bundles.iter().map(|bundle| bundle.visits.len() as i64).sum();
    let mean = |of: fn(Position) -> i32| {
        let weighed = bundles.iter().map(|it| i64::from(of(it.position)) * it.visits.len() as i64);
        (weighed.sum::<i64>() / visits.max(1)) as i32
    };
    Position { lon: mean(|at| at.lon), lat: mean(|at| at.lat) }
}

/// Along the streets of a chessboard, in half units of 1e-7 degrees.
fn apart(one: Position, other: Position) -> i64 {
    (east(one) - east(other)).abs() + (north(one) - north(other)).abs()
}

/// What is looked up while carers are shared out.
struct Cutting<'i> {
    instance: &'i Instance,
    /// By carer: the visits of patients who know the carer, twice where it is their primary.
    known_by: Vec<Vec<usize>>,
    /// The carers who are alike, by what they can do and when they are at work.
    kinds: Vec<Vec<usize>>,
    /// By visit: which of the different things that are asked for it asks for.
    asks: Vec<usize>,
    /// By kind, then by what is asked for: whether one of the crew may be of the kind.
    meets: Vec<Vec<bool>>,
}

impl<'i> Cutting<'i> {
    fn of(instance: &'i Instance) -> Cutting<'i> {
        let ids: BTreeMap<&CarerRef, usize> =
            instance.carers.iter().zip(0..).map(|(carer, at)| (&carer.id, at)).collect();
        let mut known_by = vec![Vec::new(); instance.carers.len()];
        for (at, visit) in instance.visits.iter().enumerate() {
            let Some(wish) = &visit.continuity else { continue };
            for carer in wish.known.iter().chain(&wish.primary).filter_map(|id| ids.get(id)) {
                known_by[*carer].push(at);
            }
        }
        let mut kinds: BTreeMap<(&BTreeSet<Skill>, Time, Time), Vec<usize>> = BTreeMap::new();
        for (at, carer) in instance.carers.iter().enumerate() {
            let Carer { skills, shift_start, shift_end, .. } = carer;
            kinds.entry((skills, *shift_start, *shift_end)).or_default().push(at);
        }
        let mut crews: Vec<&Vec<Skills>> = Vec::new();
        let mut asks = Vec::with_capacity(instance.visits.len());
        for visit in &instance.visits {
            let known = crews.iter().position(|crew| **crew == visit.crew);
            asks.push(known.unwrap_or_else(|| {
                crews.push(&visit.crew);
                crews.len() - 1
            }));
        }
        let meets = kinds.keys().map(|(skills, ..)| {
            crews.iter().map(|crew| crew.iter().any(|wanted| rules::has(skills, wanted))).collect()
        });
        let meets = meets.collect();
        Cutting { instance, known_by, kinds: kinds.into_values().collect(), asks, meets }
    }

    /// The carers of either side.
    fn share_out(&self, carers: &[usize], sides: &[Vec<Bundle>; 2]) -> [Vec<usize>; 2] {
        let map = Sides::of(self.instance, sides);
        let mut here = vec![false; self.instance.carers.len()];
        carers.iter().for_each(|carer| here[*carer] = true);
        let mut crews = [Vec::new(), Vec::new()];
        // What was rounded away, in 1024ths of a carer.
        let mut carry = 0;
        for (kind, all) in self.kinds.iter().enumerate() {
            let all: Vec<usize> = all.iter().copied().filter(|at| here[*at]).collect();
            let Some(one) = all.first() else { continue };
            let work = [0, 1].map(|side| self.work(kind, *one, &sides[side]));
            carry += all.len() as i64 * 1024 * work[0] / (work[0] + work[1]).max(1);
            let wanted = ((carry + 512) >> 10).clamp(0, all.len() as i64);
            carry -= wanted << 10;
            let mut ordered: Vec<(i64, usize)> =
                all.into_iter().map(|carer| (self.leaning(carer, &map), carer)).collect();
            ordered.sort_unstable();
            for (nth, (leaning, carer)) in (0..).zip(ordered) {
                let first = leaning == i64::MIN || nth < wanted && leaning != i64::MAX;
                crews[usize::from(!first)].push(carer);
            }
        }
        crews
    }

    /// How far the carer belongs to the second side rather than the first, in seconds of way and
    /// of what a strange face costs; all the way where a visit there is pinned to the carer.
    fn leaning(&self, carer: usize, sides: &Sides) -> i64 {
        if let Some(side) = sides.pinned.get(&carer) {
            return [i64::MIN, i64::MAX][*side];
        }
        let known = |side: usize| {
            let visits = self.known_by[carer].iter();
            visits.filter(|visit| sides.of_visit[**visit] == Some(side)).count() as i64
        };
        let policy = &self.instance.policy;
        let stranger = policy.not_known.0 / i64::from(policy.travel.0.max(1));
        let Carer { start, end, .. } = self.instance.carers[carer];
        let way = |side: usize| -> i64 {
            let bases = [start, end].map(|base| self.instance.places[base.index()].position);
            bases.iter().map(|base| apart(*base, sides.middles[side])).sum()
        };
        (way(0) - way(1)) / A_SECOND + stranger * (known(1) - known(0))
    }

    /// How long the visits last that such a carer could make.
    fn work(&self, kind: usize, carer: usize, bundles: &[Bundle]) -> i64 {
        let Carer { shift_start, shift_end, .. } = &self.instance.carers[carer];
        let visits = bundles.iter().flat_map(|bundle| &bundle.visits);
        let could = visits.filter(|at| self.meets[kind][self.asks[**at]]);
        let could = could.map(|at| &self.instance.visits[*at]).filter(|visit| {
            let at_work = |window: &TimeWindow| {
                window.earliest <= *shift_end && window.latest >= *shift_start
            };
            visit.windows.is_empty() || visit.windows.iter().any(at_work)
        });
        could.map(|visit| i64::from(visit.duration.0) + WAY).sum()
    }
}

/// Where the two sides of a cut are and what is on them.
struct Sides {
    /// By visit.
    of_visit: Vec<Option<usize>>,
    /// By carer to whom a visit is pinned.
    pinned: BTreeMap<usize, usize>,
    middles: [Position; 2],
}

impl Sides {
    fn of(instance: &Instance, sides: &[Vec<Bundle>; 2]) -> Sides {
        let mut of_visit = vec![None; instance.visits.len()];
        let mut pinned = BTreeMap::new();
        for (side, bundles) in sides.iter().enumerate() {
            for bundle in bundles {
                bundle.visits.iter().for_each(|visit| of_visit[*visit] = Some(side));
                pinned.extend(bundle.pinned.iter().map(|carer| (*carer, side)));
            }
        }
        Sides { of_visit, pinned, middles: [middle(&sides[0]), middle(&sides[1])] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::samples::day;

    #[test]
    fn every_visit_and_carer_is_in_one_district_and_bundles_stay_whole() {
        for seed in 0..20 {
            let (instance, _) = day(150, 32, seed);
            let districts = districts(&instance, 40);
            assert_eq!(districts.len(), 4);
            let all = |of: fn(&District) -> &Vec<usize>| {
                let mut all: Vec<usize> = districts.iter().flat_map(of).copied().collect();
                all.sort_unstable();
                all
            };
            assert_eq!(all(|district| &district.visits), (0..150).collect::<Vec<_>>());
            assert_eq!(all(|district| &district.carers), (0..32).collect::<Vec<_>>());
            for bundle in bundles(&instance) {
                let with = |district: &&District| {
                    bundle.visits.iter().any(|visit| district.visits.contains(visit))
                };
                assert_eq!(districts.iter().filter(with).count(), 1, "{bundle:?}");
            }
            for District { carers, .. } in &districts {
                assert!((4..=12).contains(&carers.len()), "day {seed}: {}", carers.len());
            }
        }
    }
}
