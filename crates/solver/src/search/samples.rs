//! Random days for tests: every rule in them, the same for the same seed.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Position, Seconds, Table, Tables, Time};

use super::rng::Rng;
use crate::fault::Subject;
use crate::plan::{
    Break, Carer, Continuity, Criticality, Gap, Instance, Load, Pin, Place, Skill, Skills, Status,
    TimeWindow, Visit,
};
use crate::policy::Policy;
use crate::score::{Cost, Rate};

/// How many random days a test tries: `HJEMRUTE_SAMPLES` times as many as usually, where that is set
/// when the tests are built.
pub(crate) fn count(usually: u64) -> u64 {
    let times = option_env!("HJEMRUTE_SAMPLES").and_then(|times| times.parse().ok());
    usually * times.unwrap_or(1)
}

/// A day of so many visits and carers, with the tables of a car and of feet.
pub(crate) fn day(visits: usize, carers: usize, seed: u64) -> (Instance, Tables) {
    let mut rng = Rng::new(seed, 99);
    let spots: Vec<(i64, i64)> =
        (0..=visits).map(|_| (rng.below(4000) as i64, rng.below(4000) as i64)).collect();
    let table = |speed: i64| {
        Table::from_fn(spots.len(), |from, to| {
            let (a, b) = (spots[from.index()], spots[to.index()]);
            let metres = ((a.0 - b.0).pow(2) + (a.1 - b.1).pow(2)).isqrt() as i32;
            // Not symmetric: uphill takes longer.
            let uphill = (b.1 - a.1).max(0) as i32 / 40;
            Some(Leg {
                seconds: Seconds(metres * 10 / speed as i32 + uphill),
                metres: Metres(metres),
            })
        })
    };
    let tables = Tables::new().with(Mode::Car, table(70)).with(Mode::Foot, table(14));
    let places = (0..spots.len())
        .map(|at| Place {
            id: format!("L{at}").as_str().into(),
            position: Position { lon: spots[at].0 as i32 * 180, lat: spots[at].1 as i32 * 90 },
            access: Seconds::minutes(rng.below(4) as i32),
            key_at: None,
        })
        .collect();
    let carers: Vec<Carer> = (0..carers).map(|k| carer(k, &mut rng)).collect();
    let visits = (0..visits).map(|v| visit(v, &carers, &mut rng)).collect();
    let worst_late = Rate(30 * rng.below(3) as i32);
    let worst_idle = Rate(rng.below(4) as i32);
    let policy = Policy { worst_late, worst_idle, ..Policy::standard() };
    let mut instance = Instance { places, visits, carers, policy, published: None };
    errands(&mut instance, seed, &mut rng);
    // A gap drawn blindly may be impossible, which is a fault and not a day.
    for fault in crate::faults::faults(&instance) {
        let found = |visit: &&mut Visit| fault.subject == Subject::Visit(visit.id.clone());
        if let Some(visit) = instance.visits.iter_mut().find(found) {
            visit.gap = None;
        }
    }
    (instance, tables)
}

/// On every fifth day a door or two take keys that hang at the base or at another door, on every seventh
/// breaks have places of their own.
fn errands(instance: &mut Instance, seed: u64, rng: &mut Rng) {
    let places = instance.places.len();
    if seed % 5 == 4 {
        for _ in 0..2 {
            let hook = if rng.once_in(2) { 0 } else { rng.below(places) };
            instance.places[rng.below(places)].key_at = Some(PlaceId(hook as u32));
        }
    }
    if seed % 7 == 3 {
        for rest in instance.carers.iter_mut().filter_map(|carer| carer.rest.as_mut()) {
            rest.place = rng.once_in(2).then(|| PlaceId(rng.below(places.min(4)) as u32));
        }
    }
}

fn skill(name: &str) -> Skill {
    name.into()
}

fn carer(k: usize, rng: &mut Rng) -> Carer {
    let mut skills = BTreeSet::from([skill("care")]);
    if k.is_multiple_of(2) || rng.once_in(3) {
        skills.insert(skill("nurse"));
    }
    Carer {
        id: format!("c{k}").as_str().into(),
        skills,
        shift_start: Time::at(7, 30),
        shift_end: Time::at(if rng.once_in(4) { 12 } else { 15 }, 0),
        overtime: Seconds::minutes(30 * rng.below(2) as i32),
        mode: if rng.once_in(3) { Mode::Foot } else { Mode::Car },
        vehicle: None,
        pool: Default::default(),
        start: PlaceId(0),
        end: PlaceId(0),
        rest: (!rng.once_in(4)).then_some(Break {
            length: Seconds::minutes(30),
            earliest: Time::at(10, 0),
            latest: Time::at(12, 0),
            paid: true,
            place: None,
        }),
        capacity: rng.once_in(3).then(|| Load(rng.between(2, 12) as u32)),
    }
}

fn visit(v: usize, carers: &[Carer], rng: &mut Rng) -> Visit {
    let opens = Time::at(7, 30) + Seconds::minutes(15 * rng.below(28) as i32);
    let window =
        TimeWindow { earliest: opens, latest: opens + Seconds::minutes(rng.below(90) as i32) };
    let later = TimeWindow {
        earliest: window.latest + Seconds::minutes(45),
        latest: window.latest + Seconds::minutes(90),
    };
    let windows = match rng.below(8) {
        0 => Vec::new(),
        1 => vec![window, later],
        _ => vec![window],
    };
    let wanted = if rng.once_in(3) { BTreeSet::from([skill("nurse")]) } else { BTreeSet::new() };
    let crew =
        vec![Skills { all_of: wanted, ..Skills::default() }; if rng.once_in(8) { 2 } else { 1 }];
    let any = |rng: &mut Rng| carers[rng.below(carers.len())].id.clone();
    let criticality = Criticality::ALL[rng.below(4)];
    let priced = criticality == Criticality::Optional && v.is_multiple_of(3);
    Visit {
        id: format!("v{v}").as_str().into(),
        patient: format!("p{}", v * 2 / 3).as_str().into(),
        place: PlaceId(v as u32 * 2 / 3 + 1),
        duration: Seconds::minutes(5 * rng.between(2, 8) as i32),
        paces: BTreeMap::new(),
        preferred: None,
        helps: None,
        windows,
        criticality,
        load: Load(rng.below(4) as u32),
        left_out: priced.then_some(Cost(1000 * v as i64)),
        crew,
        continuity: (!rng.once_in(4)).then(|| Continuity {
            primary: rng.once_in(2).then(|| any(rng)),
            known: (0..rng.below(4)).map(|_| any(rng)).collect(),
            avoid: if rng.once_in(8) { BTreeSet::from([any(rng)]) } else { BTreeSet::new() },
            distinct_last_14d: rng.below(16) as u32,
        }),
        gap: (v > 0 && rng.once_in(7)).then(|| Gap {
            after: format!("v{}", rng.below(v)).as_str().into(),
            min: Seconds::minutes(15 * rng.below(8) as i32),
            max: rng.once_in(2).then_some(Seconds::minutes(180)),
            apart: rng.once_in(2),
            whole: rng.once_in(3),
        }),
        pinned: Pin::default(),
        status: if rng.once_in(20) { Status::Cancelled } else { Status::Planned },
    }
}
