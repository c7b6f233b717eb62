//! Adds the plan up from scratch, line by line as the objective is told, and holds the sum against
//! what the plan says of itself.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::Seconds;

use super::clock::{between, sum};
use super::walk::Walk;
use super::when::late;
use super::who::{has, is_avoided};
use super::{Breaches, Coming, Reading};
use crate::plan::{
    Carer, CarerRef, Continuity, Criticality, PatientRef, Status, Stop, Visit, WorkList,
};
use crate::policy::Policy;
use crate::score::{Cost, Parts, Score};

/// What the plan says it costs against what it costs.
pub(super) fn check(reading: &Reading, score: Score, breaches: &mut Breaches) {
    let said = reading.plan.score;
    if said != score {
        let en = format!("the score is said to be {}, but is {}", told(said), told(score));
        let nb = format!("poengsummen er oppgitt til {}, men er {}", told(said), told(score));
        breaches.plan("score-wrong", en, nb);
    }
}

/// The score of the plan.
pub(super) fn score(reading: &Reading, walks: &[Walk]) -> Score {
    let policy = &reading.instance.policy;
    let out = |criticality| left_out(reading, criticality);
    let each = |time: fn(&Walk) -> Seconds| walks.iter().map(time);
    let parts = Parts {
        unassigned: optional_out(reading),
        late: lateness(reading).map(|(visit, late)| policy.late_cost(visit, late)).sum(),
        worst_late: policy.worst_late.of(worst(reading)),
        worst_idle: policy.worst_idle.of(longest_idle(reading, walks)),
        overtime: each(|walk| walk.overtime).map(|time| policy.overtime.of(time)).sum(),
        travel: each(|walk| walk.travel).map(|time| policy.travel.of(time)).sum(),
        work: each(|walk| walk.work()).map(|time| policy.work.of(time)).sum(),
        balance: policy.balance.of(off_the_mean(walks)),
        waiting: each(|walk| walk.waiting).map(|time| policy.waiting.of(time)).sum(),
        worst_wait: policy.worst_wait.of(each(|walk| walk.worst_wait).max().unwrap_or_default()),
        missed_breaks: missed_breaks(reading),
        continuity: continuity(reading),
        changes: changes(reading),
    };
    Score {
        time_critical_out: out(Criticality::TimeCritical),
        important_out: out(Criticality::Important),
        time_critical_late: time_critical_late(reading),
        normal_out: out(Criticality::Normal),
        total: parts.total(),
        parts,
    }
}

/// How many planned visits of a criticality nobody makes.
fn left_out(reading: &Reading, criticality: Criticality) -> u32 {
    u32::try_from(nobody_makes(reading, criticality).count()).unwrap_or(u32::MAX)
}

/// The price of the optional visits left out: each its own where it has one, else the profile's.
fn optional_out(reading: &Reading) -> Cost {
    let mut sum = Cost::ZERO;
    for visit in nobody_makes(reading, Criticality::Optional) {
        let price = match visit.left_out {
            Some(own) => own,
            None => reading.instance.policy.optional_out,
        };
        sum = Cost(sum.0.saturating_add(price.0));
    }
    sum
}

fn nobody_makes<'a>(
    reading: &'a Reading,
    criticality: Criticality,
) -> impl Iterator<Item = &'a Visit> {
    let visits = reading.instance.visits.iter();
    let planned = visits.filter(|visit| visit.status == Status::Planned);
    planned.filter(move |visit| visit.criticality == criticality && !reading.is_done(&visit.id))
}

/// Each visit that is made, once however many come, and how late it is.
fn lateness(reading: &Reading) -> impl Iterator<Item = (Criticality, Seconds)> {
    reading.instance.visits.iter().filter_map(|visit| {
        let starts = reading.comings(&visit.id).iter().map(|coming| coming.stop.start);
        starts.max().map(|start| (visit.criticality, late(visit, start)))
    })
}

/// The largest lateness of all visits.
fn worst(reading: &Reading) -> Seconds {
    lateness(reading).map(|(_, late)| late).max().unwrap_or(Seconds::ZERO)
}

/// The longest idle time of all carers: the shift, overtime included, less what they do in it. Who
/// stays takes the break, and does nothing else.
fn longest_idle(reading: &Reading, walks: &[Walk]) -> Seconds {
    let of = |(carer, list): &(&Carer, &WorkList), walk: &Walk| {
        let stays = list.stops.is_empty();
        let rest = carer.rest.filter(|_| stays).map_or(Seconds::ZERO, |rest| rest.length);
        let shift = sum(between(carer.shift_start, carer.shift_end), walk.overtime);
        Seconds(shift.0.saturating_sub(sum(walk.busy, rest).0))
    };
    let idle = reading.lists.iter().zip(walks).map(|(list, walk)| of(list, walk));
    idle.max().unwrap_or(Seconds::ZERO).max(Seconds::ZERO)
}

/// How far the work of each carer lies off the mean of all, each rounded up to a whole second.
fn off_the_mean(walks: &[Walk]) -> Seconds {
    let count = i64::try_from(walks.len()).unwrap_or(i64::MAX).max(1);
    let all: i64 = walks.iter().map(|walk| i64::from(walk.work().0)).sum();
    let off = walks.iter().map(|walk| {
        let times = (count * i64::from(walk.work().0) - all).abs();
        times / count + i64::from(times % count > 0)
    });
    Seconds(i32::try_from(off.sum::<i64>()).unwrap_or(i32::MAX))
}

/// The carers who are sent out and do not get their break.
fn missed_breaks(reading: &Reading) -> Cost {
    let Some(price) = reading.instance.policy.missed_break else { return Cost::ZERO };
    let missed = reading.lists.iter().filter(|(carer, list)| {
        let rests = list.stops.iter().any(|stop| matches!(stop, Stop::Break { .. }));
        carer.rest.is_some() && !list.stops.is_empty() && !rests
    });
    times(price, u32::try_from(missed.count()).unwrap_or(u32::MAX))
}

fn time_critical_late(reading: &Reading) -> Seconds {
    lateness(reading)
        .filter(|(criticality, _)| *criticality == Criticality::TimeCritical)
        .fold(Seconds::ZERO, |late, (_, more)| sum(late, more))
}

/// What it costs that others come than was published, or at another time.
fn changes(reading: &Reading) -> Cost {
    let Some(published) = &reading.instance.published else { return Cost::ZERO };
    let policy = &reading.instance.policy;
    let mut cost = Cost::ZERO;
    for (visit, promise) in &published.promises {
        let comings = reading.comings(visit);
        let others = comings.iter().filter(|coming| !promise.carers.contains(&coming.carer.id));
        cost += times(policy.other_carer, u32::try_from(others.count()).unwrap_or(u32::MAX));
        let start = comings.iter().map(|coming| coming.stop.start).max();
        let apart = start.map(|start| i64::from(start.0) - i64::from(promise.start.0));
        if apart.is_some_and(|apart| apart.abs() > i64::from(policy.time_tolerance.0)) {
            cost += policy.other_time;
        }
    }
    cost
}

/// What it costs that the patients do not meet whom they would rather have met.
fn continuity(reading: &Reading) -> Cost {
    let policy = &reading.instance.policy;
    let strangers: Cost = reading
        .all_comings()
        .filter_map(|coming| Some((coming.visit.continuity.as_ref()?, &coming.carer.id)))
        .map(|(continuity, carer)| strangeness(policy, continuity, carer))
        .sum();
    let unwanted: Cost = reading.all_comings().map(|coming| unwanted(policy, coming)).sum();
    strangers + new_faces(reading) + unwanted
}

/// Somebody who must not come, or who lacks the skills.
fn unwanted(policy: &Policy, coming: &Coming) -> Cost {
    let Coming { visit, carer, .. } = coming;
    let avoided = policy.avoided.filter(|_| is_avoided(visit, carer));
    let lacks = visit.carers() == 1 && !has(carer, &visit.crew[0]);
    let unskilled = policy.unskilled.filter(|_| lacks);
    avoided.into_iter().chain(unskilled).sum()
}

/// Somebody else than the primary contact, somebody who is not known.
fn strangeness(policy: &Policy, continuity: &Continuity, carer: &CarerRef) -> Cost {
    let other = continuity.primary.as_ref().is_some_and(|primary| primary != carer);
    let unknown = !knows(continuity, carer);
    let price = |is: bool, cost: Cost| if is { cost } else { Cost::ZERO };
    price(other, policy.not_primary) + price(unknown, policy.not_known)
}

fn knows(continuity: &Continuity, carer: &CarerRef) -> bool {
    continuity.primary.as_ref() == Some(carer) || continuity.known.contains(carer)
}

/// Once for each patient and each carer who comes to a visit with wishes and is known to none of the
/// patient's visits.
fn new_faces(reading: &Reading) -> Cost {
    let mut wishes: BTreeMap<&PatientRef, Vec<&Continuity>> = BTreeMap::new();
    for visit in &reading.instance.visits {
        wishes.entry(&visit.patient).or_default().extend(&visit.continuity);
    }
    let with_wishes = reading.all_comings().filter(|coming| coming.visit.continuity.is_some());
    let meetings: BTreeSet<(&PatientRef, &CarerRef)> =
        with_wishes.map(|coming| (&coming.visit.patient, &coming.carer.id)).collect();
    meetings
        .into_iter()
        .filter(|(patient, carer)| !wishes[patient].iter().any(|wish| knows(wish, carer)))
        .map(|(patient, _)| {
            let most = wishes[patient].iter().map(|wish| wish.distinct_last_14d).max();
            times(reading.instance.policy.new_face, most.unwrap_or(0))
        })
        .sum()
}

fn times(cost: Cost, count: u32) -> Cost {
    Cost(cost.0.saturating_mul(i64::from(count)))
}

fn told(score: Score) -> String {
    let Score { time_critical_out, important_out, time_critical_late, normal_out, total, parts } =
        score;
    let Parts { unassigned, late, worst_late, worst_idle, overtime, .. } = parts;
    let Parts { travel, work, balance, waiting, worst_wait, .. } = parts;
    let Parts { missed_breaks, continuity, changes, .. } = parts;
    format!(
        "{time_critical_out} · {important_out} · {} · {normal_out} · {} ({} + {} + {} + {} + {} + {} + {} + {} + {} + {} + {} + {} + {})",
        time_critical_late,
        total.0,
        unassigned.0,
        late.0,
        worst_late.0,
        worst_idle.0,
        overtime.0,
        travel.0,
        work.0,
        balance.0,
        waiting.0,
        worst_wait.0,
        missed_breaks.0,
        continuity.0,
        changes.0,
    )
}
