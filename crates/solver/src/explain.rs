//! Why a visit is on no work list: the rules are asked again, one carer at a time, and the reason is
//! the stage at which the last carer fell away. What would let it in, and why a visit that is made is
//! made by this carer and not another, is found by planning it otherwise.

mod alternatives;
mod relax;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use hjemrute_travel::Tables;

use crate::by_hand::Day;
use crate::plan::{
    Carer, CarerRef, Criticality, Instance, Plan, Reason, ReasonCode, RuledOut, Said, Status,
    Visit, VisitId,
};
use crate::problem::Problem;
use crate::render::render;
use crate::rules::{self, Pair};
use crate::solution::Solution;
use crate::suggest::Asked;

pub use alternatives::{Alternative, Outcome};
pub use relax::{Change, WouldFit, smallest_change};

/// What can be said of a visit on a plan.
#[derive(Clone, Debug)]
pub enum Why {
    /// Nobody makes it.
    LeftOut {
        /// What stands in the way.
        reason: Reason,
        /// The plan with it, if there is room for it as things are: it then costs more than it is
        /// worth, or the plan was not made to the end.
        fits: Option<Box<Plan>>,
        /// What would let it in, the smallest change first; each has been tried.
        would_fit: Vec<WouldFit>,
    },
    /// It is made; what each other carer would come to.
    Made(Vec<Alternative>),
}

/// Why the visit is where it is on the plan, or nowhere; none if the day does not have it.
pub fn why(
    instance: &Instance,
    tables: &Tables,
    problem: &Problem,
    (plan, solution): (&Plan, &Solution),
    visit: &VisitId,
) -> Option<Why> {
    let day = Day { instance, tables, problem };
    let asked = instance.visits.iter().find(|other| other.id == *visit)?;
    if plan.work_lists.iter().any(|list| list.has(visit)) {
        return Some(Why::Made(alternatives::alternatives(&day, solution, visit)));
    }
    let left_out = plan.unassigned.iter().map(|out| &out.visit).collect();
    let mut reason = why_left_out(instance, tables, asked, &left_out);
    let fit = Asked::of(instance, problem, visit).and_then(|it| it.fits_in_a_seat(solution));
    let fits = fit.map(|fit| Box::new(render(instance, tables, problem, &fit)));
    if let Some(fit) = &fits {
        say_room_left(&mut reason, fit.score > plan.score);
    }
    let would_fit = match fits {
        Some(_) => Vec::new(),
        None => relax::would_fit(&day, plan, visit),
    };
    Some(Why::LeftOut { reason, fits, would_fit })
}

/// The rules in the order in which they are told, with the reason when nobody is left behind them.
const STAGES: [(&str, ReasonCode); 5] = [
    ("skills", ReasonCode::NoQualifiedCarer),
    ("avoid", ReasonCode::OnlyAvoidedCarers),
    ("pinned", ReasonCode::CapacityExhausted),
    ("travel", ReasonCode::UnreachableByMode),
    ("hours", ReasonCode::WindowOutsideShifts),
];

/// Of the optional visits that the plan leaves out, says so of those that there is room for: they
/// are left out because they cost more than they are worth.
pub fn tell_room_left(
    instance: &Instance,
    problem: &Problem,
    solution: &Solution,
    plan: &mut Plan,
) {
    let optional = |id: &VisitId| {
        let mut visits = instance.visits.iter();
        visits.any(|visit| visit.id == *id && visit.criticality == Criticality::Optional)
    };
    for out in &mut plan.unassigned {
        if out.reason.code == ReasonCode::CapacityExhausted
            && optional(&out.visit)
            && Asked::of(instance, problem, &out.visit)
                .is_some_and(|asked| asked.fits_in_a_seat(solution).is_some())
        {
            say_room_left(&mut out.reason, true);
        }
    }
}

fn say_room_left(reason: &mut Reason, dearer: bool) {
    reason.code = ReasonCode::RoomLeft;
    reason.detail = room_left(dearer);
    reason.ruled_out.retain(|group| group.rule != "room");
}

/// Why nobody makes the visit, when it and the visits of `left_out` are not made.
pub(crate) fn why_left_out(
    instance: &Instance,
    tables: &Tables,
    visit: &Visit,
    left_out: &BTreeSet<&VisitId>,
) -> Reason {
    if visit.status == Status::Cancelled {
        return reason(ReasonCode::Cancelled, visit, Vec::new(), 0);
    }
    if instance.carers.is_empty() {
        return reason(ReasonCode::NoCarerOnShift, visit, Vec::new(), 0);
    }
    if visit.gap.as_ref().is_some_and(|gap| left_out.contains(&gap.after)) {
        return reason(ReasonCode::PredecessorLeftOut, visit, Vec::new(), 0);
    }
    let kept_away: Vec<(&CarerRef, Option<&'static str>)> = instance
        .carers
        .iter()
        .map(|carer| (&carer.id, first_rule(instance, tables, visit, carer)))
        .collect();
    let able = kept_away.iter().filter(|(_, rule)| rule.is_none()).count();
    let part = instance.visits.iter().find(|part| part.helps.as_ref() == Some(&visit.id));
    let code = match able {
        0 => last_stage(&kept_away),
        _ if part.is_some_and(|part| !two_can(instance, tables, (visit, 0), (part, 0))) => {
            ReasonCode::NeedsTwoCarers
        }
        1 if visit.carers() == 2 => ReasonCode::NeedsTwoCarers,
        _ if visit.carers() == 2 && !two_can(instance, tables, (visit, 0), (visit, 1)) => {
            ReasonCode::NeedsTwoCarers
        }
        _ => ReasonCode::CapacityExhausted,
    };
    reason(code, visit, ruled_out(&kept_away), able)
}

/// The rule that keeps a carer from every seat of the crew; none if there is a seat for the carer.
fn first_rule(
    instance: &Instance,
    tables: &Tables,
    visit: &Visit,
    carer: &Carer,
) -> Option<&'static str> {
    let verdicts = (0..visit.carers())
        .map(|member| rules::judge(Pair { instance, tables, visit, member, carer }).err());
    // Of two seats the carer is kept from, the one got further with is told.
    verdicts
        .map(|rule| (rule.map_or(usize::MAX, stage), rule))
        .max_by_key(|(stage, _)| *stage)
        .and_then(|(_, rule)| rule)
}

fn stage(rule: &str) -> usize {
    STAGES.iter().position(|(name, _)| *name == rule).unwrap_or(STAGES.len())
}

fn last_stage(kept_away: &[(&CarerRef, Option<&'static str>)]) -> ReasonCode {
    let last = kept_away.iter().filter_map(|(_, rule)| *rule).map(stage).max();
    last.and_then(|stage| STAGES.get(stage))
        .map_or(ReasonCode::CapacityExhausted, |(_, code)| *code)
}

/// Whether two different carers can fill the two seats, each a member of a visit's crew.
fn two_can(
    instance: &Instance,
    tables: &Tables,
    one: (&Visit, usize),
    other: (&Visit, usize),
) -> bool {
    let able = |(visit, member): (&Visit, usize)| -> Vec<&CarerRef> {
        let may =
            |carer: &&Carer| rules::judge(Pair { instance, tables, visit, member, carer }).is_ok();
        instance.carers.iter().filter(may).map(|carer| &carer.id).collect()
    };
    let (first, second) = (able(one), able(other));
    first.iter().any(|one| second.iter().any(|two| one != two))
}

fn ruled_out(kept_away: &[(&CarerRef, Option<&'static str>)]) -> Vec<RuledOut> {
    let of = |rule: Option<&'static str>| -> Vec<CarerRef> {
        kept_away.iter().filter(|(_, by)| *by == rule).map(|(carer, _)| (*carer).clone()).collect()
    };
    let named = STAGES.iter().map(|(rule, _)| RuledOut { rule, carers: of(Some(*rule)) });
    let room = RuledOut { rule: "room", carers: of(None) };
    named.chain([room]).filter(|group| !group.carers.is_empty()).collect()
}

fn reason(code: ReasonCode, visit: &Visit, ruled_out: Vec<RuledOut>, able: usize) -> Reason {
    let detail = match code {
        ReasonCode::Cancelled => Said::new("the visit is cancelled", "Besøket er avlyst."),
        ReasonCode::NoCarerOnShift => {
            Said::new("there is no carer on the list", "Det er ingen ansatte på listen.")
        }
        ReasonCode::NoQualifiedCarer => Said::new(
            format!(
                "no carer has what the visit asks for: {}",
                wanted(visit, "all of", "one of", "none of")
            ),
            format!(
                "Ingen ansatte har det besøket krever: {}.",
                wanted(visit, "alt av", "ett av", "ikke")
            ),
        ),
        ReasonCode::OnlyAvoidedCarers => Said::new(
            "every carer with the right skills is one the patient must not meet",
            "Alle som kan gjøre besøket, står som ansatte brukeren ikke skal ha.",
        ),
        ReasonCode::UnreachableByMode => Said::new(
            "nobody who may do it can get there and back with their way of travelling",
            "Ingen av dem som kan gjøre besøket, kommer fram og tilbake med sin reisemåte.",
        ),
        ReasonCode::WindowOutsideShifts => Said::new(
            "nobody who may do it is at work, with time to get there, when it may start",
            "Ingen av dem som kan gjøre besøket, er på jobb og rekker fram når det kan begynne.",
        ),
        ReasonCode::NeedsTwoCarers => Said::new(
            format!("it needs two carers at once, and {able} could do it"),
            format!("Besøket trenger to ansatte samtidig, og {able} kan gjøre det."),
        ),
        ReasonCode::PredecessorLeftOut => Said::new(
            "the visit that must come before it is not done",
            "Besøket som må komme først, blir ikke gjort.",
        ),
        ReasonCode::RoomLeft => room_left(false),
        ReasonCode::CapacityExhausted => Said::new(
            format!("{able} carers could do it, but none has room beside what goes first"),
            format!(
                "{able} ansatte kan gjøre besøket, men ingen har plass ved siden av det som går foran."
            ),
        ),
    };
    Reason { code, detail, ruled_out }
}

/// There is room for the visit, and making it is `dearer` than leaving it out, or is not.
fn room_left(dearer: bool) -> Said {
    if dearer {
        return Said::new(
            "there is room for it, but making it costs more than leaving it out",
            "Det er plass til besøket, men det koster mer å gjøre det enn å la det være.",
        );
    }
    Said::new(
        "there is room for it, and nobody has put it on a list",
        "Det er plass til besøket, men ingen har satt det på en liste.",
    )
}

/// The skills of the first seat in words.
fn wanted(visit: &Visit, all_of: &str, any_of: &str, none_of: &str) -> String {
    let Some(skills) = visit.crew.first() else { return String::new() };
    let groups = [(all_of, &skills.all_of), (any_of, &skills.any_of), (none_of, &skills.none_of)];
    let told = groups.iter().filter(|(_, group)| !group.is_empty()).map(|(word, group)| {
        let names: Vec<&str> = group.iter().map(|skill| skill.0.as_str()).collect();
        format!("{word} {}", names.join(", "))
    });
    told.collect::<Vec<_>>().join("; ")
}
