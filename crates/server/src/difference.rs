//! What sets two plans of one day apart: what the one costs more, in minutes as people count them,
//! and which visits somebody else makes, or at another time.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{
    CarerRef, Cost, Criticality, Instance, Parts, Plan, Rate, Said, Status, VisitId, VisitStop,
    WorkList,
};
use hjemrute_travel::{Seconds, Time};

/// A visit that starts no more than so much earlier or later is not said to have moved.
const SAME: Seconds = Seconds(60);

/// By how much a plan is dearer than another; less than nothing where it is cheaper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// On the way.
    pub travel: Seconds,
    /// Waiting at doors.
    pub waiting: Seconds,
    /// After the windows, each visit once.
    pub late: Seconds,
    /// After the shifts.
    pub overtime: Seconds,
    /// Carers the patients would rather not have.
    pub continuity: Cost,
    /// The sum of the objective's last line.
    pub cost: Cost,
    /// Visits left out, by criticality.
    pub left_out: [i32; 4],
}

impl Difference {
    /// Of `after` from `before`, two plans of the day.
    pub fn between(instance: &Instance, before: &Plan, after: &Plan) -> Difference {
        let policy = &instance.policy;
        let part = |of: fn(&Parts) -> Cost, rate: Rate| {
            let more = of(&after.score.parts) - of(&before.score.parts);
            Seconds((more.0 / i64::from(rate.0.max(1))) as i32)
        };
        let [out_before, out_after] = [before, after].map(|plan| left_out(instance, plan));
        Difference {
            travel: part(|parts| parts.travel, policy.travel),
            waiting: part(|parts| parts.waiting, policy.waiting),
            overtime: part(|parts| parts.overtime, policy.overtime),
            late: late(after) - late(before),
            continuity: after.score.parts.continuity - before.score.parts.continuity,
            cost: after.score.total - before.score.total,
            left_out: std::array::from_fn(|level| out_after[level] - out_before[level]),
        }
    }

    /// In words.
    pub fn said(&self) -> Said {
        let Difference { travel, waiting, late, overtime, continuity, cost: _, left_out } = *self;
        let mut said: Vec<(String, String)> = Vec::new();
        for level in Criticality::ALL.into_iter().rev() {
            let (count, nb) = (left_out[level.index()], NAMES[level.index()]);
            if count != 0 {
                let (more_en, more_nb) =
                    if count > 0 { ("more", "flere") } else { ("fewer", "færre") };
                let times = count.abs();
                said.push((
                    format!("{times} {more_en} {} visits left out", level.name()),
                    format!("{times} {more_nb} {nb} besøk uten ansatt"),
                ));
            }
        }
        said.reverse();
        let words = [
            (travel, "travel", "reisetid"),
            (waiting, "waiting", "venting"),
            (late, "lateness", "forsinkelse"),
            (overtime, "overtime", "overtid"),
            (Seconds((continuity.0 / 10) as i32), "for continuity", "for kontinuitet"),
        ];
        for (time, en, nb) in words {
            if let Some((much_en, much_nb)) = more(time) {
                said.push((format!("{much_en} {en}"), format!("{much_nb} {nb}")));
            }
        }
        if said.is_empty() {
            return Said::new("costs nothing more", "koster ikke noe mer");
        }
        let (en, nb): (Vec<String>, Vec<String>) = said.into_iter().unzip();
        Said::new(en.join(", "), nb.join(", "))
    }
}

const NAMES: [&str; 4] = ["tidskritiske", "viktige", "vanlige", "valgfrie"];

/// «4,5 min mer»; none of what is less than a tenth of a minute.
fn more(time: Seconds) -> Option<(String, String)> {
    let tenths = (time.0.abs() + 3) / 6;
    let figure = |point: &str| match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}{point}{rest}", tenths / 10),
    };
    let (en, nb) = if time.0 > 0 { ("more", "mer") } else { ("less", "mindre") };
    (tenths > 0).then(|| (format!("{} min {en}", figure(".")), format!("{} min {nb}", figure(","))))
}

fn left_out(instance: &Instance, plan: &Plan) -> [i32; 4] {
    let mut count = [0; 4];
    let out: BTreeSet<&VisitId> = plan.unassigned.iter().map(|out| &out.visit).collect();
    for visit in instance.known_visits().filter(|visit| out.contains(&visit.id)) {
        count[visit.criticality.index()] += i32::from(visit.status == Status::Planned);
    }
    count
}

/// Seconds late, of a visit that two make once: on the list of the first of them.
fn late(plan: &Plan) -> Seconds {
    let of = |list: &WorkList| {
        let first = |stop: &&VisitStop| stop.with.iter().all(|other| list.carer <= *other);
        list.visits().filter(first).fold(Seconds::ZERO, |sum, stop| sum + stop.late)
    };
    plan.work_lists.iter().map(of).fold(Seconds::ZERO, |sum, late| sum + late)
}

/// Who makes a visit, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visited {
    /// Everybody who comes.
    pub carers: Vec<CarerRef>,
    /// When it starts.
    pub start: Time,
}

/// A visit that is not as it was; absent is on no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub visit: VisitId,
    /// Before.
    pub before: Option<Visited>,
    /// After.
    pub after: Option<Visited>,
}

/// The visits that somebody else makes, or that start another minute, in the order of their ids.
pub fn moved(instance: &Instance, before: &Plan, after: &Plan) -> Vec<Moved> {
    // Most lists are as they were, and what is on them is too.
    let (mut was, is) = (made(before, after), made(after, before));
    let mut moved = Vec::new();
    for (visit, after) in is {
        let before = was.remove(visit);
        let same = before.as_ref().is_some_and(|before| {
            let by = after.start - before.start;
            before.carers == after.carers && (-SAME..=SAME).contains(&by)
        });
        if !same {
            moved.push(Moved { visit: visit.clone(), before, after: Some(after) });
        }
    }
    let gone = was.into_iter();
    moved.extend(gone.map(|(id, was)| Moved { visit: id.clone(), before: Some(was), after: None }));
    moved.sort_by(|one, other| one.visit.cmp(&other.visit));
    as_whole(instance, moved)
}

/// What is moved of a visit in parts, told of the visit.
fn as_whole(instance: &Instance, moved: Vec<Moved>) -> Vec<Moved> {
    let parts: BTreeMap<&VisitId, &VisitId> = instance
        .visits
        .iter()
        .filter_map(|visit| visit.helps.as_ref().map(|whole| (&visit.id, whole)))
        .collect();
    let (of_parts, mut whole): (Vec<Moved>, Vec<Moved>) =
        moved.into_iter().partition(|moved| parts.contains_key(&moved.visit));
    for part in of_parts {
        let visit = parts[&part.visit];
        match whole.iter_mut().find(|moved| moved.visit == *visit) {
            Some(moved) => {
                let pairs = [(&mut moved.before, part.before), (&mut moved.after, part.after)];
                for (of_whole, of_part) in pairs {
                    let more = of_part.into_iter().flat_map(|made| made.carers);
                    if let Some(of_whole) = of_whole {
                        of_whole.carers.extend(more);
                    }
                }
            }
            None => whole.push(Moved { visit: visit.clone(), ..part }),
        }
    }
    whole.sort_by(|one, other| one.visit.cmp(&other.visit));
    whole
}

/// The visits on the lists that the other plan has otherwise, each with everybody who comes.
fn made<'a>(plan: &'a Plan, other: &Plan) -> BTreeMap<&'a VisitId, Visited> {
    let mut made: BTreeMap<&VisitId, Visited> = BTreeMap::new();
    let as_there = |row: usize, list: &WorkList| other.work_lists.get(row) == Some(list);
    let lists = plan.work_lists.iter().enumerate();
    for (_, list) in lists.filter(|(row, list)| !as_there(*row, list)) {
        for stop in list.visits() {
            let mut carers: Vec<CarerRef> = stop.with.clone();
            carers.push(list.carer.clone());
            carers.sort();
            made.insert(&stop.visit, Visited { carers, start: stop.start });
        }
    }
    made
}
