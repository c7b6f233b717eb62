//! What a written plan costs, added up from its stops as they stand.

use std::collections::BTreeSet;

use hjemrute_solver::{
    Carer, CarerRef, Continuity, Cost, Criticality, Instance, Parts, Pin, Plan, Score, Status,
    Stop, Visit, VisitId, VisitStop, WorkList,
};
use hjemrute_travel::{PlaceId, Seconds, Time};

use crate::may::has;

/// What two plans are compared by: the pinned visits left out, and the score without its parts.
pub(crate) type Key = (u32, u32, u32, i32, u32, i64);

pub(crate) fn key(instance: &Instance, plan: &Plan) -> Key {
    let Score { time_critical_out, important_out, time_critical_late, normal_out, total, .. } =
        plan.score;
    let out = |visit: &&Visit| stops(plan).all(|(_, stop)| stop.visit != visit.id);
    let pinned = instance.visits.iter().filter(|visit| is_pinned(visit)).filter(out).count() as u32;
    (pinned, time_critical_out, important_out, time_critical_late.0, normal_out, total.0)
}

/// Whether something about the visit is promised.
pub(crate) fn is_pinned(visit: &Visit) -> bool {
    visit.status == Status::Planned && visit.pinned != Pin::default()
}

/// The score of a right plan.
pub(crate) fn score(instance: &Instance, plan: &Plan) -> Score {
    let policy = &instance.policy;
    let lists = || plan.work_lists.iter().filter(|list| !list.stops.is_empty());
    let (out, late) = (lines_out(instance, plan), lateness(instance, plan));
    let works: Vec<Seconds> = plan.work_lists.iter().map(|list| work(instance, list)).collect();
    let longest_wait = lists().flat_map(|list| waits(instance, list)).max().unwrap_or_default();
    let rests = |list: &&WorkList| list.stops.iter().any(|it| matches!(it, Stop::Break { .. }));
    let missed =
        lists().filter(|list| carer(instance, list).rest.is_some() && !rests(list)).count();
    let parts = Parts {
        unassigned: optional_out(instance, plan),
        late: (1..4).map(|line| policy.late[line].of(late[line])).sum(),
        worst_late: policy.worst_late.of(worst(instance, plan)),
        worst_idle: policy.worst_idle.of(longest_idle(instance, plan)),
        overtime: lists().map(|list| policy.overtime.of(overtime(instance, list))).sum(),
        travel: lists().map(|list| policy.travel.of(travel(list))).sum(),
        work: works.iter().map(|work| policy.work.of(*work)).sum(),
        balance: policy.balance.of(off_the_mean(&works)),
        waiting: lists().map(|list| policy.waiting.of(waiting(instance, list))).sum(),
        worst_wait: policy.worst_wait.of(longest_wait),
        missed_breaks: Cost(policy.missed_break.map_or(0, |price| price.0) * missed as i64),
        continuity: continuity(instance, plan),
        changes: changes(instance, plan),
    };
    Score {
        time_critical_out: out[0],
        important_out: out[1],
        time_critical_late: late[0],
        normal_out: out[2],
        total: parts.total(),
        parts,
    }
}

fn stops(plan: &Plan) -> impl Iterator<Item = (&CarerRef, &VisitStop)> {
    plan.work_lists.iter().flat_map(|list| {
        list.stops.iter().filter_map(|stop| match stop {
            Stop::Visit(visit) => Some((&list.carer, visit)),
            _ => None,
        })
    })
}

fn lines_out(instance: &Instance, plan: &Plan) -> [u32; 4] {
    let done: BTreeSet<&VisitId> = stops(plan).map(|(_, stop)| &stop.visit).collect();
    let planned = instance.visits.iter().filter(|visit| visit.status == Status::Planned);
    let mut out = [0; 4];
    for visit in planned.filter(|visit| !done.contains(&visit.id)) {
        out[visit.criticality.index()] += 1;
    }
    out
}

fn optional_out(instance: &Instance, plan: &Plan) -> Cost {
    let out = |visit: &&Visit| stops(plan).all(|(_, stop)| stop.visit != visit.id);
    instance.visits.iter().filter(out).map(|visit| price_out(instance, visit)).sum()
}

/// What leaving the visit out adds to the sum.
pub(crate) fn price_out(instance: &Instance, visit: &Visit) -> Cost {
    match (visit.criticality, visit.status) {
        (Criticality::Optional, Status::Planned) => {
            visit.left_out.unwrap_or(instance.policy.optional_out)
        }
        _ => Cost::ZERO,
    }
}

fn lateness(instance: &Instance, plan: &Plan) -> [Seconds; 4] {
    let mut late = [Seconds(0); 4];
    for visit in &instance.visits {
        if let Some((_, stop)) = stops(plan).find(|(_, stop)| stop.visit == visit.id) {
            late[visit.criticality.index()] += crate::scribe::late(visit, stop.start);
        }
    }
    late
}

/// The largest lateness of all.
fn worst(instance: &Instance, plan: &Plan) -> Seconds {
    let late = |visit: &Visit| {
        let made = stops(plan).find(|(_, stop)| stop.visit == visit.id);
        made.map(|(_, stop)| crate::scribe::late(visit, stop.start))
    };
    instance.visits.iter().filter_map(late).max().unwrap_or_default()
}

/// The longest idle time of all: what lies before setting off, between stops and after the return,
/// without the break.
fn longest_idle(instance: &Instance, plan: &Plan) -> Seconds {
    let idle = instance.carers.iter().zip(&plan.work_lists).map(|(carer, list)| {
        let rests = list.stops.iter().any(|stop| matches!(stop, Stop::Break { .. }));
        let rests = rests || list.stops.is_empty();
        let rest = carer.rest.filter(|_| rests).map_or(Seconds(0), |rest| rest.length);
        let [first, .., last] = list.stops.as_slice() else {
            return carer.shift_end - carer.shift_start - rest;
        };
        let at = |stop: &Stop| match stop {
            Stop::Leave { leave, .. } => Some(*leave),
            Stop::Return { arrive, .. } => Some(*arrive),
            _ => None,
        };
        let (leave, back) = (list.stops.iter().find_map(at), list.stops.iter().rev().find_map(at));
        let (leave, back) = (leave.unwrap_or_default(), back.unwrap_or_default());
        let at_base = [first, last].into_iter().any(|stop| matches!(stop, Stop::Break { .. }));
        let rested = if at_base { rest } else { Seconds(0) };
        let over = carer.shift_end.max(back);
        let over = if let Stop::Break { leave, .. } = last { over.max(*leave) } else { over };
        (leave - carer.shift_start) + waiting(instance, list) + (over - back) - rested
    });
    idle.max().unwrap_or_default()
}

fn travel(list: &WorkList) -> Seconds {
    let leg = |stop: &Stop| match stop {
        Stop::Leave { .. } => Seconds(0),
        Stop::Visit(visit) => visit.travel.seconds,
        Stop::Key { travel, .. } | Stop::Break { travel, .. } | Stop::Return { travel, .. } => {
            travel.seconds
        }
    };
    list.stops.iter().map(leg).sum()
}

fn carer<'a>(instance: &'a Instance, list: &WorkList) -> &'a Carer {
    instance.carers.iter().find(|carer| carer.id == list.carer).expect("known")
}

fn waiting(instance: &Instance, list: &WorkList) -> Seconds {
    waits(instance, list).into_iter().sum()
}

/// What is neither waiting nor resting between setting off and the return.
fn work(instance: &Instance, list: &WorkList) -> Seconds {
    let mut span = Seconds(0);
    for stop in &list.stops {
        span += match stop {
            Stop::Leave { leave, .. } => Time(0) - *leave,
            Stop::Return { arrive, .. } => *arrive - Time(0),
            _ => Seconds(0),
        };
    }
    let on_the_way = list.stops.iter().skip(1).rev().skip(1);
    for stop in on_the_way {
        if let Stop::Break { start, leave, .. } = stop {
            span -= *leave - *start;
        }
    }
    span - waiting(instance, list)
}

/// How far each is from the mean, rounded up.
fn off_the_mean(works: &[Seconds]) -> Seconds {
    let count = works.len() as i32;
    let all: i32 = works.iter().map(|work| work.0).sum();
    let off = works.iter().map(|work| {
        let times = (count * work.0 - all).abs();
        (0..).find(|off| off * count >= times).expect("some whole number is enough")
    });
    Seconds(off.sum())
}

/// The waits at doors, and the pauses before breaks on the way.
fn waits(instance: &Instance, list: &WorkList) -> Vec<Seconds> {
    let own_place = carer(instance, list).rest.is_some_and(|rest| rest.place.is_some());
    let mut here = carer(instance, list).start;
    let mut waits = Vec::new();
    let access = |here: PlaceId, to: PlaceId| match here == to {
        true => Seconds(0),
        false => instance.places[to.index()].access,
    };
    let mut out: Option<Time> = None;
    for stop in &list.stops {
        out = match stop {
            Stop::Leave { leave, .. } => Some(*leave),
            Stop::Visit(visit) => {
                waits.push(visit.wait);
                let asked = instance.visits.iter().find(|asked| asked.id == visit.visit);
                here = asked.map_or(here, |asked| asked.place);
                Some(visit.leave)
            }
            Stop::Key { place, leave, .. } => {
                here = *place;
                Some(*leave)
            }
            Stop::Break { place, travel, start, leave } => out.map(|clock| {
                let door = if own_place { access(here, *place) } else { Seconds(0) };
                here = if own_place { *place } else { here };
                waits.push(*start - (clock + travel.seconds + door));
                *leave
            }),
            Stop::Return { .. } => None,
        };
    }
    waits
}

fn overtime(instance: &Instance, list: &WorkList) -> Seconds {
    let carer = carer(instance, list);
    let end = match list.stops.last() {
        Some(Stop::Break { leave, .. }) => *leave,
        Some(Stop::Return { arrive, .. }) => *arrive,
        _ => panic!("a list ends with the return or with a break after it"),
    };
    (end - carer.shift_end).max(Seconds(0))
}

pub(crate) fn knows(wish: &Continuity, carer: &CarerRef) -> bool {
    wish.known.contains(carer) || wish.primary.as_ref() == Some(carer)
}

fn continuity(instance: &Instance, plan: &Plan) -> Cost {
    let mut by_carer = instance.carers.iter().map(|carer| {
        let mine = stops(plan).filter(|(who, _)| **who == carer.id).map(|(_, stop)| &stop.visit);
        carer_continuity(instance, &carer.id, &mine.collect::<Vec<_>>())
    });
    by_carer.by_ref().sum()
}

fn changes(instance: &Instance, plan: &Plan) -> Cost {
    let visits = instance.visits.iter().map(|visit| {
        let comes: Vec<_> = stops(plan).filter(|(_, stop)| stop.visit == visit.id).collect();
        let others: Cost = comes.iter().map(|(who, _)| other_carer(instance, who, visit)).sum();
        others
            + comes.first().map_or(Cost::ZERO, |(_, stop)| other_time(instance, visit, stop.start))
    });
    visits.sum()
}

/// What it costs that this carer comes to the visit, by what was published.
pub(crate) fn other_carer(instance: &Instance, carer: &CarerRef, visit: &Visit) -> Cost {
    let promise = instance.published.as_ref().and_then(|told| told.promises.get(&visit.id));
    let other = promise.is_some_and(|promise| !promise.carers.contains(carer));
    if other { instance.policy.other_carer } else { Cost::ZERO }
}

fn other_time(instance: &Instance, visit: &Visit, start: Time) -> Cost {
    let promise = instance.published.as_ref().and_then(|told| told.promises.get(&visit.id));
    let tolerance = instance.policy.time_tolerance;
    match promise {
        Some(it) if start < it.start - tolerance || start > it.start + tolerance => {
            instance.policy.other_time
        }
        _ => Cost::ZERO,
    }
}

/// What it costs that somebody comes who must not, or who lacks the skills.
fn unwanted(instance: &Instance, carer: &CarerRef, visit: &Visit) -> Cost {
    let avoids = visit.continuity.as_ref().is_some_and(|wish| wish.avoid.contains(carer));
    let who = instance.carers.iter().find(|who| who.id == *carer).expect("known");
    let lacks = visit.crew.len() == 1 && !has(who, &visit.crew[0]);
    let price = |is: bool, price: Option<Cost>| price.filter(|_| is).unwrap_or_default();
    price(avoids, instance.policy.avoided) + price(lacks, instance.policy.unskilled)
}

/// What one carer's visits cost in continuity: it depends on no other carer's.
pub(crate) fn carer_continuity(instance: &Instance, carer: &CarerRef, mine: &[&VisitId]) -> Cost {
    let policy = &instance.policy;
    let mut cost = Cost::ZERO;
    let mut met = BTreeSet::new();
    for visit in instance.visits.iter().filter(|visit| mine.contains(&&visit.id)) {
        cost += unwanted(instance, carer, visit);
        let Some(wish) = &visit.continuity else { continue };
        met.insert(&visit.patient);
        if wish.primary.as_ref().is_some_and(|primary| primary != carer) {
            cost += policy.not_primary;
        }
        if !knows(wish, carer) {
            cost += policy.not_known;
        }
    }
    for patient in met {
        let all = instance.visits.iter().filter(|visit| visit.patient == *patient);
        let wishes: Vec<&Continuity> = all.filter_map(|visit| visit.continuity.as_ref()).collect();
        if !wishes.iter().any(|wish| knows(wish, carer)) {
            let faces = wishes.iter().map(|wish| wish.distinct_last_14d).max().unwrap_or(0);
            cost += Cost(policy.new_face.0 * i64::from(faces));
        }
    }
    cost
}
