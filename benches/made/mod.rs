//! Days made for timing: the same for the same size on every machine, with every rule that costs the
//! search time in them (skills, windows, breaks, two carers, gaps, continuity).

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{
    Break, Carer, CarerRef, Continuity, Criticality, Gap, Instance, Load, Pin, Place, Policy,
    Skill, Skills, Status, TimeWindow, Visit, VisitId,
};
use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Position, Seconds, Table, Tables, Time};

/// A day of so many visits, eleven to a carer, in a town of five kilometres across.
pub(crate) fn day(visits: usize) -> (Instance, Tables) {
    let mut draw = Draw(visits as u64);
    let spots: Vec<Position> =
        (0..=visits).map(|_| Position { lon: draw.below(5000), lat: draw.below(5000) }).collect();
    let table = |pace: i32| {
        Table::from_fn(spots.len(), |from, to| {
            let (a, b) = (spots[from.index()], spots[to.index()]);
            let metres = (a.lon - b.lon).abs() + (a.lat - b.lat).abs();
            let uphill = (b.lat - a.lat).max(0) / 50;
            Some(Leg { seconds: Seconds(metres * 60 / pace + uphill), metres: Metres(metres) })
        })
    };
    let tables = Tables::new().with(Mode::Car, table(400)).with(Mode::Ebike, table(250));
    let carers: Vec<Carer> = (0..visits.div_ceil(11)).map(carer).collect();
    let visits = (0..visits).map(|row| visit(row, carers.len(), &mut draw)).collect();
    let places = (0..)
        .zip(spots)
        .map(|(row, position): (usize, _)| Place {
            id: row.to_string().as_str().into(),
            position,
            access: Seconds(90),
            key_at: None,
        })
        .collect();
    (Instance { places, visits, carers, policy: Policy::standard(), published: None }, tables)
}

fn carer(row: usize) -> Carer {
    let nurse = if row.is_multiple_of(3) {
        BTreeSet::from([Skill::from("nurse")])
    } else {
        BTreeSet::new()
    };
    let rest = Break {
        length: Seconds::minutes(30),
        earliest: Time::at(11, 0),
        latest: Time::at(13, 30),
        paid: true,
        place: None,
    };
    Carer {
        id: name(row),
        skills: nurse,
        shift_start: Time::at(7, 30),
        shift_end: Time::at(15, 0),
        overtime: Seconds::minutes(30),
        mode: if row.is_multiple_of(4) { Mode::Ebike } else { Mode::Car },
        vehicle: None,
        pool: Default::default(),
        start: PlaceId(0),
        end: PlaceId(0),
        rest: Some(rest),
        capacity: None,
    }
}

fn visit(row: usize, carers: usize, draw: &mut Draw) -> Visit {
    let opens = Time::at(7, 30) + Seconds::minutes(15 * draw.below(26));
    let wide = Seconds::minutes(30 + 15 * draw.below(7));
    let window = TimeWindow { earliest: opens, latest: opens + wide };
    let needs =
        if draw.once_in(5) { BTreeSet::from([Skill::from("nurse")]) } else { BTreeSet::new() };
    let crew = if draw.once_in(12) { 2 } else { 1 };
    let primary = name(draw.below(carers as i32) as usize);
    let gap = (row > 20 && draw.once_in(25)).then(|| Gap {
        after: VisitId(format!("v{}", row - 20)),
        min: Seconds::ZERO,
        max: None,
        apart: false,
        whole: false,
    });
    Visit {
        id: VisitId(format!("v{row}")),
        patient: format!("p{row}").as_str().into(),
        place: PlaceId(row as u32 + 1),
        duration: Seconds::minutes(5 * (2 + draw.below(6))),
        paces: BTreeMap::new(),
        preferred: None,
        helps: None,
        // What follows another may begin at any time after it.
        windows: if gap.is_none() { vec![window] } else { Vec::new() },
        criticality: *draw.one_of(&Criticality::ALL),
        load: Load::default(),
        left_out: None,
        crew: vec![Skills { all_of: needs, ..Skills::default() }; crew],
        continuity: Some(Continuity {
            primary: Some(primary),
            distinct_last_14d: 6,
            ..Continuity::default()
        }),
        gap,
        pinned: Pin::default(),
        status: Status::Planned,
    }
}

fn name(carer: usize) -> CarerRef {
    CarerRef(format!("c{carer}"))
}

/// Drawn numbers (splitmix64), the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: i32) -> i32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as i32
    }

    fn once_in(&mut self, times: i32) -> bool {
        self.below(times) == 0
    }

    fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as i32) as usize]
    }
}
