//! Days of which every figure is known, and plans that were searched for.

use std::collections::BTreeMap;

use hjemrute_travel::{Leg, PlaceId, Position, Table, Tables, Time};

use super::*;
use crate::*;

const BASE: PlaceId = PlaceId(0);
const DOOR: PlaceId = PlaceId(1);
const WAY: Leg = Leg { seconds: Seconds(600), metres: Metres(4_000) };

fn carer(id: &str, mode: Mode, paid: bool) -> Carer {
    let (earliest, latest) = (Time::at(10, 0), Time::at(13, 0));
    Carer {
        id: id.into(),
        skills: BTreeSet::new(),
        shift_start: Time::at(8, 0),
        shift_end: Time::at(12, 0),
        overtime: Seconds::minutes(60),
        mode,
        vehicle: None,
        pool: Default::default(),
        start: BASE,
        end: BASE,
        rest: Some(Break { length: Seconds::minutes(30), earliest, latest, paid, place: None }),
        capacity: None,
    }
}

fn visit(id: &str, crew: usize, criticality: Criticality) -> Visit {
    Visit {
        id: id.into(),
        patient: "p-1".into(),
        place: DOOR,
        duration: Seconds::minutes(20),
        paces: BTreeMap::new(),
        preferred: None,
        helps: None,
        windows: Vec::new(),
        criticality,
        load: Load::default(),
        left_out: None,
        crew: vec![Skills::default(); crew],
        continuity: Some(Continuity { primary: Some("a".into()), ..Continuity::default() }),
        gap: None,
        pinned: Pin::default(),
        status: Status::Planned,
    }
}

fn made(id: &str, travel: Leg, arrive: Time, start: Time, wait: i32, late: i32) -> Stop {
    Stop::Visit(VisitStop {
        visit: id.into(),
        travel,
        arrive,
        wait: Seconds::minutes(wait),
        start,
        leave: start + Seconds::minutes(20),
        late: Seconds::minutes(late),
        with: Vec::new(),
    })
}

fn list(carer: &str, stops: Vec<Stop>) -> WorkList {
    WorkList { carer: carer.into(), stops }
}

/// Three carers: `a` pauses before a paid break away from base and works over; `b` has an
/// unpaid break after the return; `c` stays.
fn day() -> (Instance, Plan) {
    let place = |id: &str, access| Place {
        id: id.into(),
        position: Position::default(),
        access: Seconds::minutes(access),
        key_at: None,
    };
    let instance = Instance {
        places: vec![place("base", 0), place("door 1", 2)],
        visits: vec![
            visit("v1", 2, Criticality::Important),
            visit("v2", 1, Criticality::Normal),
            visit("v3", 1, Criticality::Optional),
            visit("v4", 1, Criticality::Normal),
        ],
        carers: vec![
            carer("a", Mode::Car, true),
            carer("b", Mode::Ebike, false),
            carer("c", Mode::Foot, false),
        ],
        policy: Policy::standard(),
        published: None,
    };
    let back = |arrive| Stop::Return { place: BASE, travel: WAY, arrive };
    let a = vec![
        Stop::Leave { place: BASE, leave: Time::at(9, 0) },
        made("v1", WAY, Time::at(9, 10), Time::at(9, 15), 3, 5),
        Stop::Break {
            place: DOOR,
            travel: Leg::NONE,
            start: Time::at(10, 0),
            leave: Time::at(10, 30),
        },
        made("v2", Leg::NONE, Time::at(10, 30), Time::at(11, 50), 80, 0),
        back(Time::at(12, 20)),
    ];
    let b = vec![
        Stop::Leave { place: BASE, leave: Time::at(9, 3) },
        made("v1", WAY, Time::at(9, 13), Time::at(9, 15), 0, 5),
        back(Time::at(9, 45)),
        Stop::Break {
            place: BASE,
            travel: Leg::NONE,
            start: Time::at(10, 0),
            leave: Time::at(10, 30),
        },
    ];
    let out = |visit: &str, code| Unassigned {
        visit: visit.into(),
        reason: Reason { code, detail: Said::new("", ""), ruled_out: Vec::new() },
    };
    let plan = Plan {
        work_lists: vec![list("a", a), list("b", b), list("c", Vec::new())],
        unassigned: vec![
            out("v3", ReasonCode::CapacityExhausted),
            out("v4", ReasonCode::Cancelled),
        ],
        score: Score::default(),
        warnings: Vec::new(),
    };
    (instance, plan)
}

#[test]
fn the_parts_are_counted_as_defined_and_sum_to_the_paid_time() {
    let (instance, plan) = day();
    let kpi = kpi(&instance, &plan);
    let minutes = |minutes| Seconds::minutes(minutes);
    assert_eq!(
        kpi.time,
        TimeUse {
            paid: minutes(240 + 20 + 210 + 210),
            visits: minutes(60),
            travel: minutes(40),
            access: minutes(4),
            waiting: minutes(3 + 25 + 80),
            breaks: minutes(30),
            slack: minutes(680 - 60 - 40 - 4 - 108 - 30),
        }
    );
    assert_eq!(kpi.overtime, minutes(20));
    let work = Spread { min: minutes(42), median: minutes(42), max: minutes(170) };
    assert_eq!(kpi.work_per_carer, work);
    assert_eq!(kpi.visits_per_carer, Spread { min: 1, median: 1, max: 2 });
    assert_eq!(kpi.way, [Metres(8_000), Metres(8_000), Metres(0), Metres(0)]);
    assert_eq!(kpi.grams_co2e, [24, 1, 0, 0]);
}

#[test]
fn people_are_counted_once_where_they_should_be() {
    let (instance, plan) = day();
    let kpi = kpi(&instance, &plan);
    assert_eq!(kpi.primary, Ratio { of: 2, all: 3 });
    assert_eq!(kpi.known, Ratio { of: 2, all: 3 });
    assert_eq!(kpi.carers_per_patient, Ratio { of: 2, all: 1 });
    assert_eq!(kpi.late[Criticality::Important.index()], Seconds::minutes(5));
    assert_eq!(kpi.unassigned, [0, 0, 0, 1]);
}

/// Twelve visits at four doors for the three carers, two of them by two, with windows that make
/// them wait.
fn busy() -> (Instance, Tables) {
    let (mut instance, _) = day();
    let door = |id: &str| Place { id: id.into(), ..instance.places[1].clone() };
    let doors = ["door 2", "door 3", "door 4"].map(door);
    instance.places.extend(doors);
    instance.visits = (0..12)
        .map(|n| {
            let name = format!("v{n}");
            let criticality = Criticality::ALL[n as usize % 4];
            let earliest = Time::at(8, 25 * (n % 9));
            let latest = earliest + Seconds::minutes(10);
            let place = PlaceId(1 + n as u32 % 4);
            let windows = vec![TimeWindow { earliest, latest }];
            Visit { place, windows, ..visit(&name, if n % 6 == 0 { 2 } else { 1 }, criticality) }
        })
        .collect();
    let table = Table::from_fn(5, |from, to| {
        let seconds = Seconds(300 + 60 * (from.0 as i32 - to.0 as i32).abs());
        Some(Leg { seconds, metres: Metres(seconds.0 * 7) })
    });
    let tables =
        Mode::ALL.into_iter().fold(Tables::new(), |all, mode| all.with(mode, table.clone()));
    (instance, tables)
}

#[test]
fn the_figures_agree_with_the_score_of_a_plan_that_was_searched_for() {
    let (instance, tables) = busy();
    let problem = Problem::compile(&instance, &tables).unwrap();
    let (cancelled, progress) = (false.into(), |_: Progress| ());
    for seed in 0..8 {
        let budget = Budget {
            seed,
            iterations: Some(200),
            deadline: None,
            threads: 1,
            cancelled: &cancelled,
            progress: &progress,
        };
        let plan = render(&instance, &tables, &problem, &solve(&problem, &budget));
        let (kpi, score, policy) = (kpi(&instance, &plan), plan.score, &instance.policy);
        assert!(kpi.time.breaks > Seconds::ZERO && kpi.time.waiting > Seconds::ZERO);
        assert_eq!(policy.travel.of(kpi.time.travel), score.parts.travel);
        assert_eq!(policy.waiting.of(kpi.time.waiting), score.parts.waiting);
        assert_eq!(policy.overtime.of(kpi.overtime), score.parts.overtime);
        assert_eq!(
            kpi.unassigned[..3],
            [score.time_critical_out, score.important_out, score.normal_out]
        );
        assert_eq!(kpi.late[0], score.time_critical_late);
    }
}

#[test]
fn a_day_without_carers_divides_by_nothing() {
    let (mut instance, mut plan) = day();
    (instance.carers, plan.work_lists) = (Vec::new(), Vec::new());
    let kpi = kpi(&instance, &plan);
    assert_eq!(kpi.time, TimeUse::default());
    assert_eq!(kpi.primary.scaled(1000), None);
}

#[test]
fn every_figure_has_a_name_of_its_own_and_a_sentence_in_both_languages() {
    let (instance, plan) = day();
    let figures = kpi(&instance, &plan).figures();
    let names: BTreeSet<_> = figures.iter().map(|figure| figure.definition.name).collect();
    assert_eq!(names.len(), figures.len());
    for Figure { definition, .. } in figures {
        assert!(definition.meaning.en.ends_with('.'), "{}", definition.name);
        assert!(definition.meaning.nb.ends_with('.'), "{}", definition.name);
    }
}

#[test]
fn ratios_round_to_the_nearest() {
    assert_eq!(Ratio { of: 2, all: 3 }.scaled(1000), Some(667));
    assert_eq!(Ratio { of: -1, all: 3 }.scaled(100), Some(-33));
}
