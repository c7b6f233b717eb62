//! What the pieces of a day come to, told as one plan, with the legs of the travel tables that tell
//! whether it is right. Knows nothing of how they were planned.

use hjemrute_travel::Tables;

use super::legs::{Ask, Legs, pairs, rows};
use super::piece::Piece;
use crate::plan::{Instance, Plan, Stop, Visit, Warning, WorkList};
use crate::render::{self, Told};
use crate::score::{Parts, Score};

/// The plan of all the pieces, and the legs it rests on.
pub(super) fn answer(instance: &Instance, pieces: &[Piece], ask: Ask<'_>) -> (Plan, Tables) {
    let mut legs = Legs::default();
    let mut work_lists: Vec<Option<WorkList>> = vec![None; instance.carers.len()];
    let mut left_out: Vec<usize> = Vec::new();
    let mut score = Score::default();
    let mut warnings: Vec<(Option<usize>, Warning)> = Vec::new();
    for piece in pieces {
        let told = render::tell(&piece.instance, &piece.tables, &piece.problem, &piece.solution);
        let Told { work_lists: lists, left_out: out, score: of_piece, warnings: warned } = told;
        let rows = rows(&piece.instance);
        for ((at, carer), list) in piece.of.carers.iter().zip(&piece.instance.carers).zip(lists) {
            if let Some(table) = piece.tables.get(carer.mode) {
                let pairs = pairs(&piece.instance, carer, &list, &rows);
                legs.take(carer.mode, table, &piece.places, pairs);
            }
            work_lists[*at] = Some(told_of_the_day(piece, list));
        }
        left_out.extend(out.iter().map(|visit| piece.of.visits[*visit]));
        score = sum(score, of_piece);
        let row =
            |warning: &Warning| warning.visit.as_ref().map(|visit| piece.of.visits[rows[visit]]);
        warnings.extend(warned.into_iter().map(|warning| (row(&warning), warning)));
    }
    left_out.sort_unstable();
    warnings.sort_by_key(|(visit, _)| *visit);
    let left_out: Vec<&Visit> = left_out.into_iter().map(|at| &instance.visits[at]).collect();
    legs.reach(instance, &left_out, ask);
    let tables = legs.into_tables(instance);
    let plan = Plan {
        work_lists: work_lists.into_iter().map(|list| list.expect("each in a piece")).collect(),
        unassigned: render::unassigned(instance, &tables, &left_out),
        score,
        warnings: warnings.into_iter().map(|(_, warning)| warning).collect(),
    };
    (plan, tables)
}

/// What two parts of a plan cost together.
fn sum(one: Score, other: Score) -> Score {
    let Score { time_critical_out, important_out, time_critical_late, normal_out, total: _, parts } =
        other;
    let Parts { unassigned, late, worst_late, worst_idle, overtime, .. } = parts;
    let Parts { travel, work, balance, waiting, worst_wait, .. } = parts;
    let Parts { missed_breaks, continuity, changes, .. } = parts;
    let parts = Parts {
        unassigned: one.parts.unassigned + unassigned,
        late: one.parts.late + late,
        worst_late: one.parts.worst_late.max(worst_late),
        worst_idle: one.parts.worst_idle.max(worst_idle),
        overtime: one.parts.overtime + overtime,
        travel: one.parts.travel + travel,
        work: one.parts.work + work,
        balance: one.parts.balance + balance,
        waiting: one.parts.waiting + waiting,
        worst_wait: one.parts.worst_wait.max(worst_wait),
        missed_breaks: one.parts.missed_breaks + missed_breaks,
        continuity: one.parts.continuity + continuity,
        changes: one.parts.changes + changes,
    };
    Score {
        time_critical_out: one.time_critical_out + time_critical_out,
        important_out: one.important_out + important_out,
        time_critical_late: one.time_critical_late + time_critical_late,
        normal_out: one.normal_out + normal_out,
        total: parts.total(),
        parts,
    }
}

/// The list with the places of the day.
fn told_of_the_day(piece: &Piece, mut list: WorkList) -> WorkList {
    for stop in &mut list.stops {
        match stop {
            Stop::Leave { place, .. }
            | Stop::Key { place, .. }
            | Stop::Break { place, .. }
            | Stop::Return { place, .. } => {
                *place = piece.places[place.index()];
            }
            Stop::Visit(_) => {}
        }
    }
    list
}
