//! A sign at a junction: from one way, over a node or over other ways, to a third. Kept as the map
//! says it; what it means for a mode is told by `profile`, which lanes it concerns by `graph`.

use super::CUT;
use super::block::{Kind, Member};
use crate::tags::Tags;

/// Which way may not follow which, or which must.
#[derive(Clone, Debug)]
pub(crate) struct Restriction {
    /// The ways one comes from, as the map calls them.
    pub(crate) from: Vec<i64>,
    /// The node passed, or [`CUT`] if ways are.
    pub(crate) node: u32,
    /// The ways passed, in their order.
    pub(crate) over: Vec<i64>,
    /// The ways one goes to.
    pub(crate) to: Vec<i64>,
    /// What is demanded, and of whom.
    pub(crate) tags: Tags,
}

impl Restriction {
    /// Sorts the members by their roles; the node passed still goes by its name on the map.
    pub(super) fn of(members: &[Member], tags: Tags) -> (Restriction, Option<i64>) {
        let (mut from, mut over, mut to, mut node) = (vec![], vec![], vec![], None);
        for member in members {
            match (member.role.as_str(), member.kind) {
                ("from", Kind::Way) => from.push(member.id),
                ("via", Kind::Way) => over.push(member.id),
                ("via", Kind::Node) => node = Some(member.id),
                ("to", Kind::Way) => to.push(member.id),
                _ => {}
            }
        }
        (Restriction { from, node: CUT, over, to, tags }, node)
    }
}
