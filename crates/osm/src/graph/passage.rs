//! A step of a network before it is known what it takes: the lane that is travelled, and what is lost
//! besides by setting out, turning and leaving private ground. The same in every band, so that it is
//! found out once; what it comes to in a band is told by the band's graph.

use super::{Edge, Graph, Lane};
use crate::key::Key;

/// One step, in any band.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passage {
    /// The lane that is travelled, or [`NO_LANE`].
    lane: Lane,
    /// Milliseconds lost besides.
    lost_ms: u32,
    /// In which bands a sign forbids it, as a sum of bits.
    banned: u16,
    /// Whether it leaves private ground that was reached from public.
    through: bool,
}

const NO_LANE: Lane = Lane(u32::MAX);

impl Passage {
    /// Travels no lane.
    pub(super) fn standing(lost_ms: u32) -> Passage {
        Passage { lost_ms, ..Passage::along(NO_LANE) }
    }

    /// Travels a lane to where turning is free.
    pub(super) fn along(lane: Lane) -> Passage {
        Passage { lane, lost_ms: 0, banned: 0, through: false }
    }

    /// The same with so much more lost.
    pub(super) fn losing(self, ms: u32) -> Passage {
        Passage { lost_ms: self.lost_ms.saturating_add(ms), ..self }
    }

    /// The same through private ground or not, and forbidden in some bands.
    pub(super) fn judged(self, through: bool, bands: u32) -> Passage {
        Passage { through, banned: bands as u16, ..self }
    }

    /// The lane that is travelled, if one is.
    pub(crate) fn lane(self) -> Option<Lane> {
        (self.lane != NO_LANE).then_some(self.lane)
    }

    /// What it takes in the band of a graph.
    #[inline]
    pub(crate) fn key(self, graph: &Graph) -> Key {
        let way = self.lane().map_or(Key::ZERO, |lane| lane.key(graph.edge(lane)));
        way.and(self.toll(graph))
    }

    /// What is lost besides travelling the lane.
    #[inline]
    pub(super) fn toll(self, graph: &Graph) -> Key {
        if u32::from(self.banned) & graph.bands.now != 0 {
            return Key::NEVER;
        }
        let pays = self.through && !graph.edge(self.lane).has(Edge::OPEN_NOW);
        let fee_ms = if pays { graph.through_ms } else { 0 };
        Key::of(self.lost_ms.saturating_add(fee_ms), 0)
    }
}
