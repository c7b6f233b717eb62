//! Writes what is answered about a plan: explanations, suggestions, what a change by hand comes to.
//! Shapes are the contract's where it has them (work lists, reasons, scores); minutes are minutes.

use std::collections::BTreeMap;

use hjemrute_solver::{Alternative, Change, Outcome, Plan, Said, VisitId, Why, WouldFit};
use serde::Serialize;

use super::left_out::{LeftOut, ReasonFile, all_left_out};
use super::told::{self, Minutes, Notice, ScoreFile, hundredths};
use super::work_list::{Book, List};
use crate::difference::{self, Difference, Moved, Visited};
use crate::questions::{ByHand, Explained, Suggested, Tried};
use crate::{Day, LoadedPlan};

/// A sentence in two languages.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    detail: String,
    detail_nb: String,
}

impl Detail {
    fn of(said: Said) -> Detail {
        Detail { detail: said.en, detail_nb: said.nb }
    }
}

/// What is dearer, in minutes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct More {
    travel_minutes: Minutes,
    waiting_minutes: Minutes,
    late_minutes: Minutes,
    overtime_minutes: Minutes,
    /// In weighted minutes.
    #[serde(serialize_with = "weighted")]
    continuity: i64,
    /// The whole last line of the objective, in weighted minutes.
    #[serde(serialize_with = "weighted")]
    cost: i64,
    left_out: Levels,
    #[serde(flatten)]
    said: Detail,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Levels {
    time_critical: i32,
    important: i32,
    normal: i32,
    optional: i32,
}

// serde hands over a reference.
#[expect(clippy::trivially_copy_pass_by_ref)]
fn weighted<S: serde::Serializer>(cost: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    hundredths((cost + 3).div_euclid(6), serializer)
}

impl More {
    fn of(difference: &Difference) -> More {
        let Difference { travel, waiting, late, overtime, continuity, cost, left_out } =
            *difference;
        let [time_critical, important, normal, optional] = left_out;
        More {
            travel_minutes: Minutes(travel),
            waiting_minutes: Minutes(waiting),
            late_minutes: Minutes(late),
            overtime_minutes: Minutes(overtime),
            continuity: continuity.0,
            cost: cost.0,
            left_out: Levels { time_critical, important, normal, optional },
            said: Detail::of(difference.said()),
        }
    }
}

/// A visit that is not as it was.
#[derive(Serialize)]
struct MovedFile {
    visit: String,
    before: Option<Made>,
    after: Option<Made>,
}

#[derive(Serialize)]
struct Made {
    carers: Vec<String>,
    start: String,
}

impl MovedFile {
    fn of(moved: Moved, day: &Day) -> MovedFile {
        let told = |made: Visited| Made {
            carers: made.carers.into_iter().map(|carer| carer.0).collect(),
            start: day.rfc3339(made.start),
        };
        MovedFile {
            visit: moved.visit.0,
            before: moved.before.map(told),
            after: moved.after.map(told),
        }
    }
}

/// What a plan comes to beside another.
#[derive(Serialize)]
struct Otherwise {
    difference: More,
    moved: Vec<MovedFile>,
}

impl Otherwise {
    fn of(
        plan: &LoadedPlan,
        instance: &hjemrute_solver::Instance,
        after: &Plan,
        but: &VisitId,
    ) -> Otherwise {
        let difference = Difference::between(instance, &plan.plan, after);
        let moved = difference::moved(instance, &plan.plan, after).into_iter();
        let others = moved.filter(|moved| moved.visit != *but);
        let day = &plan.day.taken.day;
        Otherwise {
            difference: More::of(&difference),
            moved: others.map(|moved| MovedFile::of(moved, day)).collect(),
        }
    }
}

/// A seat for a visit: with whom, when, and between which visits.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Seat {
    carer: String,
    start: String,
    late_minutes: Minutes,
    travel: told::Way,
    /// The visits before and behind it on the list.
    behind: Option<String>,
    before: Option<String>,
}

fn seats(plan: &Plan, visit: &VisitId, day: &Day) -> Vec<Seat> {
    let lists = plan.work_lists.iter().filter(|list| list.has(visit));
    let seat = |list: &hjemrute_solver::WorkList| {
        let stops: Vec<_> = list.visits().collect();
        let at = stops.iter().position(|stop| stop.visit == *visit)?;
        let id = |at: usize| stops.get(at).map(|stop| stop.visit.0.clone());
        Some(Seat {
            carer: list.carer.0.clone(),
            start: day.rfc3339(stops[at].start),
            late_minutes: Minutes(stops[at].late),
            travel: told::Way::of(stops[at].travel),
            behind: at.checked_sub(1).and_then(id),
            before: id(at + 1),
        })
    };
    lists.filter_map(seat).collect()
}

/// One way to make a visit.
#[derive(Serialize)]
struct Way {
    seats: Vec<Seat>,
    #[serde(flatten)]
    comes_to: Otherwise,
}

/// A change that would let a visit in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WouldFitFile {
    kind: &'static str,
    change: String,
    change_nb: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carer: Option<String>,
}

impl WouldFitFile {
    pub(super) fn of(fit: &WouldFit, day: &Day) -> WouldFitFile {
        let (kind, minutes) = match &fit.change {
            Change::LaterStart(minutes) => ("later-start", Some(*minutes)),
            Change::EarlierStart(minutes) => ("earlier-start", Some(*minutes)),
            Change::LongerShift(_, minutes) => ("longer-shift", Some(*minutes)),
            Change::EarlierShift(_, minutes) => ("earlier-shift", Some(*minutes)),
            Change::Skills(..) => ("skills", None),
            Change::WithoutGap(_) => ("without-gap", None),
            Change::MoreCarers(..) => ("more-carers", None),
            Change::Both(..) => ("both", None),
        };
        let Said { en, nb } = fit.change.said(&|time| day.clock(time));
        let carer = fit.carers.first().map(|carer| carer.0.clone());
        WouldFitFile { kind, change: en, change_nb: nb, minutes, carer }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AlternativeFile {
    carer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instead_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    #[serde(flatten)]
    said: Detail,
    #[serde(flatten)]
    comes_to: Option<Otherwise>,
}

/// Why a visit is where it is, as JSON.
///
/// # Panics
/// Where [`plan_json`](super::plan_json) does.
pub fn explained_json(explained: &Explained<'_>) -> Vec<u8> {
    let Explained { of, visit, why } = explained;
    let instance = &of.day.taken.instance;
    match why {
        Why::LeftOut { .. } => told::json(&left_out(of, instance, visit, why)),
        Why::Made(alternatives) => {
            #[derive(Serialize)]
            struct File<'a> {
                visit: &'a str,
                state: &'static str,
                seats: Vec<Seat>,
                alternatives: Vec<AlternativeFile>,
            }
            let told = |it: &Alternative| alternative(of, visit, it);
            told::json(&File {
                visit: &visit.0,
                state: "assigned",
                seats: seats(&of.plan, visit, &of.day.taken.day),
                alternatives: alternatives.iter().map(told).collect(),
            })
        }
    }
}

fn alternative(of: &LoadedPlan, visit: &VisitId, alternative: &Alternative) -> AlternativeFile {
    let Alternative { carer, instead_of, outcome } = alternative;
    let instance = &of.day.taken.instance;
    let comes_to = match outcome {
        Outcome::Plan(plan) => Some(Otherwise::of(of, instance, plan, visit)),
        Outcome::Rule(_) | Outcome::NoRoom => None,
    };
    AlternativeFile {
        carer: carer.0.clone(),
        instead_of: instead_of.as_ref().map(|carer| carer.0.clone()),
        rule: match outcome {
            Outcome::Rule(rule) => Some(rule),
            Outcome::NoRoom => Some("room"),
            Outcome::Plan(_) => None,
        },
        said: Detail::of(crate::questions::said_of(of, alternative)),
        comes_to,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LeftOutFile<'a> {
    visit: &'a str,
    state: &'static str,
    reason: ReasonFile<'a>,
    /// The visit as things are, where there is room for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fits: Option<Way>,
    would_fit: Vec<WouldFitFile>,
}

fn left_out<'a>(
    of: &LoadedPlan,
    instance: &hjemrute_solver::Instance,
    visit: &'a VisitId,
    why: &'a Why,
) -> Option<LeftOutFile<'a>> {
    let Why::LeftOut { reason, fits, would_fit } = why else { return None };
    let day = &of.day.taken.day;
    Some(LeftOutFile {
        visit: &visit.0,
        state: "unassigned",
        reason: ReasonFile::of(reason),
        fits: fits.as_ref().map(|plan| Way {
            seats: seats(plan, visit, day),
            comes_to: Otherwise::of(of, instance, plan, visit),
        }),
        would_fit: would_fit.iter().map(|fit| WouldFitFile::of(fit, day)).collect(),
    })
}

/// Where a new visit fits, as JSON.
pub fn suggested_json(suggested: &Suggested<'_>) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct File<'a> {
        visit: &'a str,
        suggestions: Vec<Way>,
        #[serde(skip_serializing_if = "Option::is_none")]
        why_not: Option<LeftOutFile<'a>>,
    }
    let Suggested { of, instance, visit, plans, why_not } = suggested;
    let way = |plan: &Plan| Way {
        seats: seats(plan, visit, &of.day.taken.day),
        comes_to: Otherwise::of(of, instance, plan, visit),
    };
    told::json(&File {
        visit: &visit.0,
        suggestions: plans.iter().map(way).collect(),
        why_not: why_not.as_ref().and_then(|why| left_out(of, instance, visit, why)),
    })
}

/// What a change by hand comes to, as JSON.
///
/// # Panics
/// Where [`plan_json`](super::plan_json) does.
pub fn tried_json(tried: &Tried<'_>) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct File<'a> {
        before: ScoreFile,
        after: ScoreFile,
        difference: More,
        breaches: Vec<Notice<'a>>,
        moved: Vec<MovedFile>,
        work_lists: Vec<List<'a>>,
        unassigned: Vec<LeftOut<'a>>,
    }
    let Tried { of, driven } = tried;
    let taken = &of.day.taken;
    let (before, after) = (&of.plan, &driven.plan);
    let known = (&taken.instance, &taken.day, &taken.echo);
    let book = Book::of((&taken.instance, after), &taken.day, &taken.echo);
    let touched = before.work_lists.iter().zip(&after.work_lists);
    let touched = touched.filter(|(before, after)| before != after).map(|(_, after)| after);
    let moved = difference::moved(&taken.instance, before, after).into_iter();
    told::json(&File {
        before: ScoreFile::of(before.score),
        after: ScoreFile::of(after.score),
        difference: More::of(&Difference::between(&taken.instance, before, after)),
        breaches: driven.breaches.iter().map(told::broken).collect(),
        moved: moved.map(|moved| MovedFile::of(moved, &taken.day)).collect(),
        work_lists: touched.map(|list| book.list(list)).collect(),
        unassigned: all_left_out(&after.unassigned, known, &BTreeMap::new()),
    })
}

/// A plan of which only carer and order were told, as JSON: its breaches, its score, its times, and
/// what the plan beside it costs less.
///
/// # Panics
/// Where [`plan_json`](super::plan_json) does.
pub fn by_hand_json(by_hand: &ByHand) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct File<'a> {
        breaches: Vec<Notice<'a>>,
        score: ScoreFile,
        work_lists: Vec<List<'a>>,
        unassigned: Vec<LeftOut<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        beside: Option<Beside>,
    }
    #[derive(Serialize)]
    struct Beside {
        score: ScoreFile,
        /// What the plan made by hand costs more.
        difference: More,
    }
    let ByHand { day, driven, beside } = by_hand;
    let taken = &day.taken;
    let known = (&taken.instance, &taken.day, &taken.echo);
    let book = Book::of((&taken.instance, &driven.plan), &taken.day, &taken.echo);
    told::json(&File {
        breaches: driven.breaches.iter().map(told::broken).collect(),
        score: ScoreFile::of(driven.plan.score),
        work_lists: driven.plan.work_lists.iter().map(|list| book.list(list)).collect(),
        unassigned: all_left_out(&driven.plan.unassigned, known, &BTreeMap::new()),
        beside: beside.as_ref().map(|plan| Beside {
            score: ScoreFile::of(plan.score),
            difference: More::of(&Difference::between(&taken.instance, plan, &driven.plan)),
        }),
    })
}
