//! The roads of one mode, in every band. What can be derived from a map is derived when it is first
//! asked for, once. Knows nothing of files and names.

use std::sync::OnceLock;

use hjemrute_travel::Band;

use crate::graph::{Csr, Graph, Lane, Network};
use crate::hierarchy::{Hierarchy, Metric};
use crate::snap::Finder;
use crate::way::Ways;

/// The roads of one mode; what can be derived is derived when first asked for.
#[derive(Debug)]
pub(super) struct ModeRoads {
    pub(super) graph: Graph,
    network: OnceLock<Network>,
    hierarchy: OnceLock<Hierarchy>,
    exits: OnceLock<Csr<Lane>>,
    pub(super) finder: Finder,
    /// Other bands than the standard one, made when first asked for.
    bands: [OnceLock<InBand>; Band::COUNT],
}

/// The roads of one mode in one band.
#[derive(Debug)]
struct InBand {
    graph: Graph,
    metric: Metric,
}

impl ModeRoads {
    pub(super) fn new(graph: Graph, hierarchy: Option<Hierarchy>) -> ModeRoads {
        let hierarchy = hierarchy.map(OnceLock::from).unwrap_or_default();
        let (network, exits) = (OnceLock::new(), OnceLock::new());
        ModeRoads {
            graph,
            network,
            hierarchy,
            exits,
            finder: Finder::default(),
            bands: Default::default(),
        }
    }

    pub(super) fn network(&self) -> &Network {
        self.network.get_or_init(|| Network::of(&self.graph))
    }

    pub(super) fn hierarchy(&self) -> &Hierarchy {
        self.hierarchy.get_or_init(|| Hierarchy::of(&self.graph, self.network()))
    }

    /// The graph and the metric of a band.
    pub(super) fn in_band(&self, band: Band) -> (&Graph, &Metric) {
        let band = self.graph.representative(band);
        if band == Band::STANDARD {
            return (&self.graph, &self.hierarchy().standard);
        }
        let in_band = self.bands[band.index()].get_or_init(|| {
            let graph = self.graph.in_band(band);
            let metric = self.hierarchy().customized(&graph, self.network());
            InBand { graph, metric }
        });
        (&in_band.graph, &in_band.metric)
    }

    pub(super) fn ways(&self) -> Ways<'_> {
        Ways {
            graph: &self.graph,
            network: self.network(),
            hierarchy: self.hierarchy(),
            exits: self.exits.get_or_init(|| self.graph.exits()),
        }
    }
}
