//! Signs at junctions: which lanes may not follow each other. A sign may speak of more than two
//! lanes. Who has travelled the first of them bears that in mind: a lane in the middle of such a sign
//! has one vertex more for each beginning of a sign that ends with it.

use std::collections::{BTreeMap, BTreeSet};

use super::bands::ALWAYS;
use super::{Graph, Lane};

/// Nothing borne in mind.
pub(super) const NOTHING: u32 = 0;

/// The lanes that may not follow each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Signs {
    /// With the bands in which the sign holds.
    pairs: BTreeMap<[Lane; 2], u32>,
    longer: Vec<(Vec<Lane>, u32)>,
    /// The first lanes of the longer ones.
    starts: BTreeSet<Lane>,
    /// All beginnings of the longer ones, of two lanes and more, without the last.
    beginnings: Vec<Vec<Lane>>,
    /// What may be borne in mind on a lane.
    minds: BTreeMap<Lane, Vec<u32>>,
}

impl Signs {
    /// The signs of a graph, see [`Graph::bans`].
    pub(super) fn of(bans: &[Lane], bands: &[u32]) -> Signs {
        let mut signs = Signs::default();
        let mut beginnings = BTreeSet::new();
        for (ban, bands) in bans.split(|lane| *lane == Graph::END_OF_BAN).zip(bands) {
            match *ban {
                [] | [_] => {}
                [from, to] => *signs.pairs.entry([from, to]).or_default() |= bands,
                [start, ..] => {
                    signs.starts.insert(start);
                    beginnings.extend((2..ban.len()).map(|length| ban[..length].to_vec()));
                    signs.longer.push((ban.to_vec(), *bands));
                }
            }
        }
        signs.beginnings = beginnings.into_iter().collect();
        for (beginning, mind) in signs.beginnings.iter().zip(NOTHING + 1..) {
            signs.minds.entry(beginning[beginning.len() - 1]).or_default().push(mind);
        }
        signs
    }

    /// What may be borne in mind on a lane.
    pub(super) fn minds(&self, lane: Lane) -> impl Iterator<Item = u32> {
        let minds = Some(&self.minds).filter(|minds| !minds.is_empty());
        minds.and_then(|minds| minds.get(&lane)).into_iter().flatten().copied()
    }

    /// The lanes on which something may be borne in mind, and how many things.
    pub(super) fn borne(&self) -> impl Iterator<Item = (Lane, usize)> {
        self.minds.iter().map(|(lane, minds)| (*lane, minds.len()))
    }

    /// Whether one lane may follow another in every band, whatever came before.
    pub(super) fn never_ban(&self, from: Lane, next: Lane) -> bool {
        self.pairs.is_empty() || !self.pairs.contains_key(&[from, next])
    }

    /// What to bear in mind on the next lane and in which bands it may not follow one with this in
    /// mind; none if it never may.
    pub(super) fn follow(&self, from: Lane, mind: u32, next: Lane) -> Option<(u32, u32)> {
        let pair = self.pairs.get(&[from, next]).filter(|_| !self.pairs.is_empty());
        let pair = pair.copied().unwrap_or_default();
        if mind == NOTHING && !self.starts.contains(&from) {
            return (pair != ALWAYS).then_some((NOTHING, pair));
        }
        let before = match mind {
            NOTHING => std::slice::from_ref(&from),
            mind => &self.beginnings[mind as usize - 1],
        };
        let path = [before, &[next]].concat();
        let longer = self.longer.iter().filter(|(ban, _)| path.ends_with(ban));
        let bands = longer.fold(pair, |bands, (_, more)| bands | more);
        let known = self.minds(next).map(|mind| (mind, &self.beginnings[mind as usize - 1]));
        let known = known.filter(|(_, beginning)| path.ends_with(beginning));
        let mind = known.max_by_key(|(_, beginning)| beginning.len()).map(|(mind, _)| mind);
        (bands != ALWAYS).then_some((mind.unwrap_or(NOTHING), bands))
    }
}
