//! What is different in other bands than the standard one: how long each class of way takes, and
//! which roads have hours of their own. A graph in another band has the same edges in the same order,
//! so that its network, its order and what is joined to it stay as they are.

use bytemuck::{Pod, Zeroable};
use hjemrute_travel::Band;

use super::{CLOSED, Edge, Graph};
use crate::array::Array;

/// The bit of the band whose times a graph has.
const STANDARD: u32 = 1 << Band::STANDARD.index();

/// Every band.
pub(crate) const ALWAYS: u32 = (1 << Band::COUNT) - 1;

/// What a road is in some bands that it is not in the standard one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Exception {
    pub(crate) edge: u32,
    /// In which bands, as a sum of bits.
    pub(crate) bands: u32,
    /// The times that then stand for the standard ones; a direction that is closed stays closed.
    pub(crate) forward_ms: u32,
    pub(crate) backward_ms: u32,
    /// [`Edge::OPEN_NOW`], or nothing.
    pub(crate) open: u32,
}

impl Exception {
    /// The edge as it then is.
    fn instead_of(&self, edge: &Edge) -> Edge {
        let instead = |ms: u32, then: u32| if ms == CLOSED { ms } else { then };
        Edge {
            forward_ms: instead(edge.forward_ms, self.forward_ms),
            backward_ms: instead(edge.backward_ms, self.backward_ms),
            flags: edge.flags & !Edge::OPEN_NOW | self.open & Edge::OPEN_NOW,
            ..*edge
        }
    }
}

/// What is different in other bands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bands {
    /// The bit of the band that the times of the graph are those of.
    pub(crate) now: u32,
    /// For each band the percents of each class; none if all bands are the same.
    pub(crate) percents: Array<u32>,
    /// The class of each edge; none if all bands are the same.
    pub(crate) classes: Array<u8>,
    pub(crate) exceptions: Array<Exception>,
}

impl Default for Bands {
    fn default() -> Bands {
        Bands {
            now: STANDARD,
            percents: Array::default(),
            classes: Array::default(),
            exceptions: Array::default(),
        }
    }
}

impl Bands {
    /// Whether every index leads somewhere; what is wrong otherwise.
    pub(super) fn check(&self, edges: usize) -> Result<(), &'static str> {
        let classes = self.percents.len() / Band::COUNT;
        let none = self.percents.is_empty() && self.classes.is_empty();
        let whole = classes * Band::COUNT == self.percents.len() && self.classes.len() == edges;
        let greatest = self.classes.iter().fold(0, |greatest, class| greatest.max(*class));
        if !none && !(whole && (edges == 0 || usize::from(greatest) < classes)) {
            return Err("a road is of no class");
        }
        match self.exceptions.iter().all(|exception| (exception.edge as usize) < edges) {
            true => Ok(()),
            false => Err("an hour speaks of a road that is not there"),
        }
    }
}

impl Graph {
    /// The band whose times hold in this one too; the standard one if it is among them.
    pub(crate) fn representative(&self, band: Band) -> Band {
        let classes = self.bands.percents.len() / Band::COUNT;
        let percents = |band: Band| &self.bands.percents[band.index() * classes..][..classes];
        let same = |other: &Band| {
            let differ = |bands: u32| (bands >> band.index() ^ bands >> other.index()) & 1 != 0;
            percents(band) == percents(*other)
                && !self.bands.exceptions.iter().any(|exception| differ(exception.bands))
                && !self.ban_bands.iter().any(|bands| differ(*bands))
        };
        [Band::STANDARD].into_iter().chain(Band::all()).find(same).unwrap_or(band)
    }

    /// The same roads in a band.
    pub(crate) fn in_band(&self, band: Band) -> Graph {
        let now = 1 << band.index();
        let classes = self.bands.percents.len() / Band::COUNT;
        let percents = &self.bands.percents[band.index() * classes..][..classes];
        let slower = |edge: &Edge, class: &u8| {
            let percent = percents[usize::from(*class)];
            Edge {
                forward_ms: scaled(edge.forward_ms, percent),
                backward_ms: scaled(edge.backward_ms, percent),
                ..*edge
            }
        };
        let all = self.edges.iter().zip(self.bands.classes.iter());
        let mut edges: Vec<Edge> = match classes {
            0 => self.edges.to_vec(),
            _ => all.map(|(edge, class)| slower(edge, class)).collect(),
        };
        for then in self.bands.exceptions.iter().filter(|exception| exception.bands & now != 0) {
            let at = then.edge as usize;
            let edge = then.instead_of(&self.edges[at]);
            edges[at] = self.bands.classes.get(at).map_or(edge, |class| slower(&edge, class));
        }
        Graph {
            edges: edges.into(),
            bands: Bands { now, ..self.bands.clone() },
            points: self.points.clone(),
            bans: self.bans.clone(),
            ban_bands: self.ban_bands.clone(),
            ..*self
        }
    }
}

/// So many percent of a time, rounded down; what is closed stays closed.
fn scaled(ms: u32, percent: u32) -> u32 {
    let scaled = u64::from(ms) * u64::from(percent) / 100;
    if ms == CLOSED { ms } else { u32::try_from(scaled).unwrap_or(CLOSED).min(CLOSED - 1) }
}
