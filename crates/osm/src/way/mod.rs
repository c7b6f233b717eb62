//! The way between two places as it runs along the roads: its line, and the streets it takes. Time and
//! length are those of the travel table, to the millisecond and decimetre: it is the same least key,
//! found over the same hierarchy, and every piece of the way is taken away from it until nothing is
//! left. Knows nothing of tables.

mod line;
mod search;

use hjemrute_travel::{Leg, Metres, Position, Seconds};

use crate::graph::{Csr, Graph, Lane, Network};
use crate::hierarchy::Hierarchy;
use crate::key::Key;
use crate::many::walk;
use crate::snap::Snap;

/// How one gets from one place to another by one mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What the travel table says, from door to door.
    pub leg: Leg,
    /// The line from door to door, at least two positions.
    pub line: Vec<Position>,
    /// One street after the other; their seconds and metres add up to those of the leg.
    pub steps: Vec<Step>,
}

/// A stretch of a way along roads of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The street; empty where it has no name, and for the walk between door and road.
    pub street: String,
    /// How long it takes.
    pub seconds: Seconds,
    /// How far it is.
    pub metres: Metres,
}

/// A stretch of one edge, and what it takes with what is lost at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    /// The edge, or `None` for a step that leads nowhere else.
    edge: Option<u32>,
    /// From where to where, in decimetres from the tail.
    from_dm: u32,
    to_dm: u32,
    key: Key,
}

/// The roads of one mode, ready to be asked for ways.
#[derive(Clone, Copy)]
pub(crate) struct Ways<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) network: &'a Network,
    pub(crate) hierarchy: &'a Hierarchy,
    /// The open lanes out of each node.
    pub(crate) exits: &'a Csr<Lane>,
}

impl Ways<'_> {
    /// The way between two places; `name` gives the text of a street's id.
    pub(crate) fn way(&self, from: &Snap, to: &Snap, name: impl Fn(u32) -> String) -> Option<Way> {
        let (key, pieces) = search::least(self, from, to)?;
        let line = line::line(self.graph, from, to, &pieces);
        let walks = if key == Key::ZERO { [Key::ZERO; 2] } else { [walk(from), walk(to)] };
        let mut steps = Steps::default();
        steps.add(String::new(), walks[0]);
        for piece in &pieces {
            let street = piece.edge.map(|edge| name(self.graph.edges[edge as usize].name));
            steps.add(street.unwrap_or_else(|| steps.last()), piece.key);
        }
        steps.add(String::new(), walks[1]);
        Some(Way { leg: key.leg()?, line, steps: steps.told })
    }
}

/// Stretches put together by street. Each is told from rounded end to rounded end, so that nothing is
/// lost in the sum.
#[derive(Default)]
struct Steps {
    told: Vec<Step>,
    so_far: Key,
}

impl Steps {
    fn last(&self) -> String {
        self.told.last().map(|step| step.street.clone()).unwrap_or_default()
    }

    fn add(&mut self, street: String, key: Key) {
        let before = self.so_far.leg().unwrap_or(Leg::NONE);
        self.so_far = self.so_far.and(key);
        let after = self.so_far.leg().unwrap_or(before);
        let (seconds, metres) = (after.seconds - before.seconds, after.metres - before.metres);
        match self.told.last_mut().filter(|step| step.street == street) {
            Some(step) => {
                step.seconds += seconds;
                step.metres += metres;
            }
            None if key == Key::ZERO => {}
            None => self.told.push(Step { street, seconds, metres }),
        }
    }
}

#[cfg(test)]
mod tests;
