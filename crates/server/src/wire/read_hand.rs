//! Reads what a scheduler makes by hand: a plan of which only carer and order are told, and visits to
//! be moved on a plan. As strict as everything that is read; whether the visits and carers are on
//! the list is for the rules to say.

use hjemrute_solver::{CarerRef, Instance, Roster, Standing, Transfer, VisitId};

use super::json::Node;
use super::read::{Limits, read_json, read_whole, schema_version};
use super::reader::Fields;
use super::values::{one_of, text, whole};
use super::work_list::HELPER;
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
pub(crate) fn read_roster(
    body: &[u8],
    limits: &Limits,
    instance: &Instance,
) -> Result<Roster, Vec<InputFault>> {
    read_whole(body, limits, |fields| {
        let schema = fields.must("schemaVersion", schema_version);
        fields.may("listId", text);
        fields.may("version", whole(0, u32::MAX));
        let lists = fields.must("workLists", |at| at.list(|at| at.object(list)));
        schema?;
        Some(Roster { lists: parted(instance, lists?) })
    })
}

/// A carer's stops as they are told: which visit, and whether it is said to be the helper's part.
type Told = (CarerRef, Vec<(VisitId, bool)>);

/// The stops by the parts of visits in which one helps: the part that is told, or else the visit to
/// the first of two who can do all of it, and the part to the other.
fn parted(instance: &Instance, lists: Vec<Told>) -> Vec<(CarerRef, Vec<VisitId>)> {
    let part_of = |id: &VisitId| instance.visits.iter().find(|it| it.helps.as_ref() == Some(id));
    let stays = |id: &VisitId, carer: &CarerRef| {
        let visit = instance.visits.iter().find(|visit| visit.id == *id);
        let carer = instance.carers.iter().find(|other| other.id == *carer);
        visit.zip(carer).is_some_and(|(visit, carer)| {
            visit.crew.iter().all(|skills| skills.suit(&carer.skills))
        })
    };
    let crew = |id: &VisitId| -> Vec<&Told> {
        lists.iter().filter(|(_, stops)| stops.iter().any(|(other, _)| other == id)).collect()
    };
    let helper = |id: &VisitId| -> Option<&CarerRef> {
        let crew = crew(id);
        let told = crew.iter().find(|(_, stops)| stops.contains(&(id.clone(), true)));
        match (told, crew.as_slice()) {
            (Some((carer, _)), _) => Some(carer),
            (None, [(first, _), (second, _)]) if stays(id, first) || !stays(id, second) => {
                Some(second)
            }
            (None, [(first, _), (_, _)]) => Some(first),
            _ => None,
        }
    };
    let name = |carer: &CarerRef, id: &VisitId| match part_of(id) {
        Some(part) if helper(id) == Some(carer) => part.id.clone(),
        _ => id.clone(),
    };
    let of_list = |(carer, stops): &Told| {
        (carer.clone(), stops.iter().map(|(id, _)| name(carer, id)).collect())
    };
    lists.iter().map(of_list).collect()
}

fn list(fields: &mut Fields<'_>) -> Option<Told> {
    let carer = fields.must("carer", text);
    let stops = fields.must("stops", |at| at.list(|at| at.object(stop)));
    Some((CarerRef(carer?), stops?))
}

fn stop(fields: &mut Fields<'_>) -> Option<(VisitId, bool)> {
    let kind = fields.may("kind", one_of(&[("visit", ())]));
    let visit = fields.must("visit", text);
    let part = fields.may("part", one_of(&[(HELPER, ())]));
    kind?;
    Some((VisitId(visit?), part?.is_some()))
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
