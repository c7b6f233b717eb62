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
    /// A bit for each lane that a sign begins with: the others need no look.
    begun: Vec<u64>,
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
            if let [start, _, ..] = ban {
                let word = start.0 as usize / 64;
                signs.begun.resize(signs.begun.len().max(word + 1), 0);
                signs.begun[word] |= 1 << (start.0 % 64);
            }
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

    /// Whether a sign begins with a lane.
    #[inline]
    fn begins_with(&self, lane: Lane) -> bool {
        self.begun.get(lane.0 as usize / 64).is_some_and(|word| word >> (lane.0 % 64) & 1 != 0)
    }

    /// Whether one lane may follow another in every band, whatever came before.
    pub(super) fn never_ban(&self, from: Lane, next: Lane) -> bool {
        !self.begins_with(from) || !self.pairs.contains_key(&[from, next])
    }

    /// What to bear in mind on the next lane and in which bands it may not follow one with this in
    /// mind; none if it never may.
    pub(super) fn follow(&self, from: Lane, mind: u32, next: Lane) -> Option<(u32, u32)> {
        if mind == NOTHING && !self.begins_with(from) {
            return Some((NOTHING, 0));
        }
        let pair = self.pairs.get(&[from, next]).copied().unwrap_or_default();
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
