//! Reads what a scheduler makes by hand: a plan of which only carer and order are told, and visits to
//! be moved on a plan. As strict as everything that is read; whether the visits and carers are on
//! the list is for the rules to say.

use hjemrute_solver::{CarerRef, Roster, Standing, Transfer, VisitId};

use super::json::Node;
use super::read::{Limits, read_json, read_whole, schema_version};
use super::reader::Fields;
use super::values::{one_of, text, whole};
use crate::fault::InputFault;

/// Whether the body is a plan of which only carer and order are told: it has no score.
pub fn is_by_hand(body: &[u8], limits: &Limits) -> bool {
    let Ok(json) = read_json(body, limits) else { return false };
    match json.node {
        Node::Object(members) => members.iter().all(|member| member.key != "score"),
        _ => false,
    }
}

/// Reads a plan of which only carer and order are told.
pub(crate) fn read_roster(body: &[u8], limits: &Limits) -> Result<Roster, Vec<InputFault>> {
    read_whole(body, limits, |fields| {
        let schema = fields.must("schemaVersion", schema_version);
        fields.may("listId", text);
        fields.may("version", whole(0, u32::MAX));
        let lists = fields.must("workLists", |at| at.list(|at| at.object(list)));
        schema?;
        Some(Roster { lists: lists? })
    })
}

fn list(fields: &mut Fields<'_>) -> Option<(CarerRef, Vec<VisitId>)> {
    let carer = fields.must("carer", text);
    let stops = fields.must("stops", |at| at.list(|at| at.object(stop)));
    Some((CarerRef(carer?), stops?))
}

fn stop(fields: &mut Fields<'_>) -> Option<VisitId> {
    let kind = fields.may("kind", one_of(&[("visit", ())]));
    let visit = fields.must("visit", text);
    kind?;
    Some(VisitId(visit?))
}

/// Reads visits to be moved: `{"moves": [{"visit": …, "carers": […], "before": …}]}`.
pub(crate) fn read_moves(body: &[u8], limits: &Limits) -> Result<Vec<Transfer>, Vec<InputFault>> {
    read_whole(body, limits, |fields| fields.must("moves", |at| at.list(|at| at.object(transfer))))
}

fn transfer(fields: &mut Fields<'_>) -> Option<Transfer> {
    let visit = fields.must("visit", text);
    let carers = fields.must("carers", |at| at.list(text));
    let at = fields.may("before", |at| match at.value.node {
        Node::Null => Some(Standing::Last),
        _ => Some(Standing::Before(VisitId(text(at)?))),
    });
    Some(Transfer {
        visit: VisitId(visit?),
        carers: carers?.into_iter().map(CarerRef).collect(),
        at: at?.unwrap_or(Standing::Cheapest),
    })
}
