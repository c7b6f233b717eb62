//! A made-up day that holds everything a page can show: a visit by two, a break on the way, before
//! the departure and after the return, a late visit, waiting, a shift across midnight, a carer who
//! stays, visits left out, cancelled and rejected, and warnings. No plan to be proud of.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::*;
use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Position, Seconds, Time};
use jiff::tz::TimeZone;

use crate::{Answer, Day, Echo, InputFault, Made};

const BASE: PlaceId = PlaceId(0);

/// Something a carer does, after a way of so many seconds and metres.
enum Do {
    /// A visit at that time.
    Visit(&'static str, i32, i32, Time),
    /// Half an hour's break at that time, with the place it is taken at.
    Break(u32, i32, i32, Time),
    /// Back to the base.
    Return(i32, i32),
}
use Do::{Break as Rest, Return, Visit as Go};

/// The day.
pub(crate) fn answer() -> Answer {
    let (instance, plan) = (instance(), plan());
    let day = Day::new(jiff::civil::date(2026, 11, 23), TimeZone::get("Europe/Oslo").unwrap());
    Answer {
        would_fit: BTreeMap::new(),
        list_id: "gamle-oslo-2026-11-23".into(),
        version: 3,
        day: day.unwrap(),
        instance,
        plan,
        replanned: None,
        robustness: None,
        bound: None,
        rejected: vec![("v91".into(), vec![fault()])],
        left_out: Vec::new(),
        echo: Echo::default(),
        made: Made {
            solver: "0.1.0".into(),
            seed: 1,
            iterations: 812_345,
            seconds: None,
            map: "oslo 2025-06-16".into(),
            profile: "standard".into(),
        },
    }
}

fn fault() -> InputFault {
    InputFault {
        code: "window-empty",
        pointer: "/visits/17/window".into(),
        id: Some("v91".into()),
        detail: Said::new("The window ends before it begins.", "Vinduet slutter før det begynner."),
        fix: Said::new(
            "Give a latest start that is not before the earliest.",
            "Oppgi en seneste start som ikke er før den tidligste.",
        ),
        caused_by: None,
    }
}

fn instance() -> Instance {
    let place = |number: u32| Place {
        id: if number == 0 { "BASE".into() } else { LocationId(format!("L{number:02}")) },
        position: Position::default(),
        access: Seconds::minutes(if number == 0 { 0 } else { 2 + (number % 3) as i32 }),
        key_at: None,
    };
    Instance {
        places: (0..=20).map(place).collect(),
        visits: visits(),
        carers: carers(),
        policy: Policy::standard(),
        published: None,
    }
}

fn visits() -> Vec<Visit> {
    use Criticality::{Important, Normal, Optional, TimeCritical};
    let at = Time::at;
    let visit = |id: &str, place: u32, minutes: i32, criticality, windows: &[(Time, Time)]| Visit {
        id: id.into(),
        patient: PatientRef(format!("p-{:04x}", 0x3a1c_u32 + 2731 * place)),
        place: PlaceId(place),
        duration: Seconds::minutes(minutes),
        paces: BTreeMap::new(),
        preferred: None,
        helps: None,
        windows: windows
            .iter()
            .map(|&(earliest, latest)| TimeWindow { earliest, latest })
            .collect(),
        criticality,
        load: Load::default(),
        left_out: None,
        crew: vec![Skills::default()],
        continuity: Some(Continuity { primary: Some("c-12".into()), ..Continuity::default() }),
        gap: None,
        pinned: Pin::default(),
        status: Status::Planned,
    };
    let mut visits = vec![
        visit("v01", 1, 20, TimeCritical, &[(at(7, 45), at(8, 15))]),
        visit("v02", 2, 30, Important, &[(at(8, 0), at(9, 30))]),
        visit("v03", 3, 45, Important, &[(at(8, 30), at(10, 0))]),
        visit("v04", 4, 15, Normal, &[]),
        visit("v05", 4, 10, Normal, &[]),
        visit("v06", 5, 25, Important, &[(at(10, 30), at(11, 0)), (at(12, 0), at(13, 0))]),
        visit("v07", 6, 20, TimeCritical, &[(at(11, 30), at(11, 45))]),
        visit("v08", 7, 15, Normal, &[(at(11, 0), at(14, 0))]),
        visit("v09", 8, 30, Optional, &[]),
        visit("v10", 9, 20, Normal, &[(at(13, 0), at(14, 30))]),
        visit("v11", 10, 35, Important, &[(at(7, 45), at(9, 0))]),
        visit("v12", 11, 30, Normal, &[]),
        visit("v13", 12, 40, Normal, &[(at(10, 0), at(13, 0))]),
        visit("v14", 13, 20, Important, &[(at(22, 30), at(23, 30))]),
        visit("v15", 14, 30, TimeCritical, &[(at(24, 0), at(24, 30))]),
        visit("v16", 15, 15, Normal, &[]),
        visit("v17", 19, 40, Important, &[(at(13, 0), at(13, 30))]),
        visit("v18", 20, 35, Normal, &[]),
        visit("v40", 16, 25, Normal, &[(at(9, 0), at(11, 0))]),
        visit("v41", 17, 30, Important, &[(at(8, 0), at(8, 30))]),
        visit("v42", 18, 45, TimeCritical, &[]),
    ];
    visits[2].crew.push(Skills::default());
    visits[20].status = Status::Cancelled;
    visits
}

fn carers() -> Vec<Carer> {
    let carer = |id: &str, mode, from: Time, to: Time, rest: Option<(Time, bool)>| Carer {
        id: id.into(),
        skills: BTreeSet::new(),
        shift_start: from,
        shift_end: to,
        overtime: Seconds::minutes(30),
        mode,
        vehicle: (mode == Mode::Car).then(|| format!("bil-{}", &id[3..])),
        pool: Default::default(),
        start: BASE,
        end: BASE,
        rest: rest.map(|(earliest, paid)| Break {
            length: Seconds::minutes(30),
            earliest,
            latest: earliest + Seconds::minutes(150),
            paid,
            place: None,
        }),
        capacity: None,
    };
    let (early, late) = (Time::at(7, 30), Time::at(15, 0));
    vec![
        carer("c-12", Mode::Car, early, late, Some((Time::at(10, 30), true))),
        carer("c-31", Mode::Ebike, early, Time::at(12, 30), Some((Time::at(11, 0), true))),
        carer("c-44", Mode::Bike, Time::at(9, 0), late, Some((Time::at(9, 0), false))),
        carer("c-58", Mode::Car, Time::at(22, 0), Time::at(31, 30), None),
        carer("c-60", Mode::Foot, early, late, None),
    ]
}

fn plan() -> Plan {
    let at = Time::at;
    let day = [
        Go("v01", 372, 2410, at(7, 50)),
        Go("v02", 240, 1320, at(8, 18)),
        Go("v03", 310, 1790, at(9, 0)),
        Go("v04", 260, 1450, at(9, 54)),
        Go("v05", 0, 0, at(10, 9)),
        Go("v06", 395, 2870, at(10, 30)),
        Rest(6, 180, 900, at(11, 0)),
        Go("v07", 0, 0, at(11, 32)),
        Go("v08", 420, 3100, at(12, 2)),
        Go("v09", 200, 980, at(12, 25)),
        Go("v17", 295, 1710, at(13, 3)),
        Go("v18", 150, 760, at(13, 50)),
        Go("v10", 280, 1620, at(14, 34)),
        Return(520, 3350),
    ];
    let double = [
        Go("v11", 540, 2600, at(7, 45)),
        Go("v03", 380, 1900, at(9, 0)),
        Go("v12", 300, 1400, at(9, 55)),
        Return(420, 2200),
        Rest(0, 0, 0, at(11, 0)),
    ];
    let breakfast = [Rest(0, 0, 0, at(9, 0)), Go("v13", 660, 2750, at(10, 0)), Return(660, 2750)];
    let night = [
        Go("v14", 480, 4100, at(22, 30)),
        Go("v15", 350, 2950, at(24, 0)),
        Go("v16", 300, 2500, at(24, 45)),
        Return(510, 4400),
    ];
    let mut plan = Plan {
        work_lists: vec![
            list("c-12", at(7, 37), &day),
            list("c-31", at(7, 33), &double),
            list("c-44", at(9, 45), &breakfast),
            list("c-58", at(22, 15), &night),
            WorkList { carer: "c-60".into(), stops: Vec::new() },
        ],
        unassigned: unassigned(),
        score: Score::default(),
        warnings: warnings(),
    };
    pair_up(&mut plan.work_lists);
    plan
}

/// Walks the clock: arrivals, waiting and lateness follow from the ways and the starts.
fn list(carer: &str, leave: Time, doing: &[Do]) -> WorkList {
    let instance = instance();
    let mut here = BASE;
    let mut now = leave;
    let mut stops = Vec::new();
    let set_off = Stop::Leave { place: BASE, leave };
    for act in doing {
        let early_break = matches!(act, Rest(_, _, _, start) if *start < leave);
        if stops.is_empty() && !early_break || stops.len() == 1 && now == leave {
            stops.push(set_off.clone());
        }
        let (Go(_, seconds, metres, _) | Rest(_, seconds, metres, _) | Return(seconds, metres)) =
            *act;
        let travel = Leg { seconds: Seconds(seconds), metres: Metres(metres) };
        let arrive = now + travel.seconds;
        match *act {
            Go(id, _, _, start) => {
                let visit = instance.visits.iter().find(|visit| visit.id.0 == id).unwrap();
                let access = instance.places[visit.place.index()].access;
                let access = if visit.place == here { Seconds::ZERO } else { access };
                let opened = visit.windows.iter().rfind(|window| window.earliest <= start);
                let late = opened.map_or(Seconds::ZERO, |window| start - window.latest);
                (here, now) = (visit.place, start + visit.duration);
                stops.push(Stop::Visit(VisitStop {
                    visit: id.into(),
                    travel,
                    arrive,
                    wait: start - (arrive + access),
                    start,
                    leave: now,
                    late: late.max(Seconds::ZERO),
                    with: Vec::new(),
                }));
            }
            Rest(place, _, _, start) => {
                let over = start + Seconds::minutes(30);
                now = if early_break { leave } else { over };
                stops.push(Stop::Break { place: PlaceId(place), travel, start, leave: over });
            }
            Return(..) => stops.push(Stop::Return { place: BASE, travel, arrive }),
        }
    }
    WorkList { carer: carer.into(), stops }
}

/// Tells the two on the visit by two about each other.
fn pair_up(lists: &mut [WorkList]) {
    for (list, other) in [(0, "c-31"), (1, "c-12")] {
        for stop in &mut lists[list].stops {
            if let Stop::Visit(made) = stop
                && made.visit.0 == "v03"
            {
                made.with = vec![other.into()];
            }
        }
    }
}

fn unassigned() -> Vec<Unassigned> {
    let out = |visit: &str, code, detail: &str, ruled_out: Vec<RuledOut>| Unassigned {
        visit: visit.into(),
        reason: Reason { code, detail: Said::new("", detail), ruled_out },
    };
    let rule = |rule, carers: &[&str]| RuledOut {
        rule,
        carers: carers.iter().map(|carer| CarerRef::from(*carer)).collect(),
    };
    vec![
        out("v42", ReasonCode::Cancelled, "Listen sier at besøket er avlyst.", Vec::new()),
        out(
            "v40",
            ReasonCode::CapacityExhausted,
            "To ansatte kunne gjort det, men listene deres er fulle av besøk som går foran.",
            vec![rule("skills", &["c-58"]), rule("room", &["c-12", "c-31"])],
        ),
        out(
            "v41",
            ReasonCode::NoQualifiedCarer,
            "Ingen ansatt på listen har kompetansen «sårstell».",
            vec![rule("skills", &["c-12", "c-31", "c-44", "c-58", "c-60"])],
        ),
    ]
}

fn warnings() -> Vec<Warning> {
    vec![
        Warning {
            code: "late",
            visit: Some("v10".into()),
            carer: Some("c-12".into()),
            detail: Said::new("", "Besøk v10 begynner 4 minutter etter vinduet."),
        },
        Warning {
            code: "snapped-far",
            visit: None,
            carer: None,
            detail: Said::new("", "Stedet L14 ligger 85 m fra nærmeste vei; sjekk posisjonen."),
        },
    ]
}
