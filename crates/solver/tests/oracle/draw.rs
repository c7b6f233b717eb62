//! Random tiny days, the same for the same seed on every machine.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{
    Break, Carer, CarerRef, Continuity, Cost, Criticality, Gap, Instance, Load, LocationId,
    PatientRef, Pin, Place, Policy, Promise, Published, Skill, Skills, Status, TimeWindow, Visit,
    VisitId,
};
use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Position, Seconds, Table, Tables, Time};

/// SplitMix64 (Steele, Lea, Flood 2014): small, good enough, and ours.
#[derive(Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678))
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `least` to `most`, both possible.
    pub(crate) fn between(&mut self, least: i32, most: i32) -> i32 {
        let span = (most - least + 1) as u64;
        least + (self.roll() % span) as i32
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: i32) -> bool {
        self.between(1, 100) <= percent
    }

    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.between(0, among.len() as i32 - 1) as usize]
    }
}

/// What kind of days to draw.
pub(crate) struct Kind {
    /// All times are multiples of this.
    pub(crate) grain: i32,
    pub(crate) visits: (i32, i32),
    pub(crate) carers: (i32, i32),
    /// How long a shift is.
    pub(crate) shift: (i32, i32),
}

impl Kind {
    /// Every feature, seconds that are not round.
    pub(crate) const TINY: Kind =
        Kind { grain: 1, visits: (2, 6), carers: (1, 3), shift: (5400, 12_600) };
    /// Small enough to try every quarter of an hour.
    pub(crate) const COARSE: Kind =
        Kind { grain: 900, visits: (1, 2), carers: (1, 2), shift: (5400, 9000) };
}

const START: i32 = 7 * 3600;

struct Draw {
    dice: Dice,
    kind: Kind,
}

/// The day of a seed.
pub(crate) fn day(seed: u64, kind: Kind) -> (Instance, Tables) {
    let mut draw = Draw { dice: Dice::new(seed), kind };
    let places: Vec<Place> = (0..draw.dice.between(2, 5)).map(|row| draw.place(row)).collect();
    let (least, most) = draw.kind.carers;
    let mut carers: Vec<Carer> =
        (0..draw.dice.between(least, most)).map(|row| draw.carer(row, places.len())).collect();
    let (least, most) = draw.kind.visits;
    let mut visits: Vec<Visit> = Vec::new();
    for row in 0..draw.dice.between(least, most) {
        let visit = draw.visit(row, places.len(), &carers, &visits);
        visits.push(visit);
    }
    let tables = [Mode::Car, Mode::Foot]
        .into_iter()
        .fold(Tables::new(), |tables, mode| tables.with(mode, draw.table(mode, &places)));
    draw.loads(&mut visits, &mut carers);
    draw.apart(&mut visits);
    let published = draw.published(&visits, &carers);
    let mut places = places;
    draw.keys(&mut places);
    draw.rest_places(&mut carers, places.len());
    if draw.kind.grain == 1 {
        draw.likings(&mut visits);
        draw.paces(&mut visits, &carers);
        draw.helpers(&mut visits);
    }
    (Instance { places, visits, carers, policy: Policy::standard(), published }, tables)
}

impl Draw {
    /// A length between two, rounded to the grain; short ones become nothing on a coarse day.
    fn length(&mut self, least: i32, most: i32) -> Seconds {
        let (drawn, grain) = (self.dice.between(least, most), self.kind.grain);
        Seconds((drawn + grain / 2) / grain * grain)
    }

    fn place(&mut self, row: i32) -> Place {
        let id = LocationId(if row == 0 { "BASE".to_owned() } else { format!("L{row}") });
        let position =
            Position { lon: self.dice.between(0, 4000), lat: self.dice.between(0, 4000) };
        let access = if self.dice.chance(50) { self.length(0, 400) } else { Seconds::ZERO };
        Place { id, position, access, key_at: None }
    }

    /// Along the grid and a little more, not the same both ways; sometimes no way on foot.
    fn table(&mut self, mode: Mode, places: &[Place]) -> Table {
        let pace = if mode == Mode::Car { 150 } else { 500 };
        Table::from_fn(places.len(), |from, to| {
            if mode == Mode::Foot && self.dice.chance(6) {
                return None;
            }
            let (one, other) = (places[from.index()].position, places[to.index()].position);
            let metres = (one.lon - other.lon).abs() + (one.lat - other.lat).abs();
            let seconds = metres * pace / 1000 + self.dice.between(0, 90);
            let grain = self.kind.grain;
            let seconds = Seconds((seconds + grain / 2) / grain * grain);
            Some(Leg { seconds, metres: Metres(metres + self.dice.between(0, 300)) })
        })
    }

    fn skills(&mut self, percent: i32) -> BTreeSet<Skill> {
        let all = ["medikament", "sår"].into_iter().map(Skill::from);
        all.filter(|_| self.dice.chance(percent)).collect()
    }

    fn carer(&mut self, row: i32, places: usize) -> Carer {
        let start = START + self.length(0, 1200).0;
        let (least, most) = self.kind.shift;
        let end = start + self.length(least, most).0;
        let base = PlaceId(if self.dice.chance(85) { 0 } else { 1 });
        Carer {
            id: CarerRef(format!("c{}", row + 1)),
            skills: self.skills(75),
            shift_start: Time(start),
            shift_end: Time(end),
            overtime: if self.dice.chance(50) { self.length(300, 2700) } else { Seconds::ZERO },
            mode: if self.dice.chance(65) { Mode::Car } else { Mode::Foot },
            vehicle: None,
            pool: Default::default(),
            start: base,
            end: if self.dice.chance(80) { base } else { self.somewhere(places) },
            rest: self.dice.chance(45).then(|| self.rest(start, end)),
            capacity: None,
        }
    }

    fn somewhere(&mut self, places: usize) -> PlaceId {
        PlaceId(self.dice.between(0, places as i32 - 1) as u32)
    }

    fn rest(&mut self, start: i32, end: i32) -> Break {
        let length = self.length(600, 1800);
        let earliest = start + self.length(0, (end - start) / 2).0;
        let room = self.length(0, 4800).0;
        let latest = earliest + length.0 + room;
        let paid = self.dice.chance(50);
        Break { length, earliest: Time(earliest), latest: Time(latest), paid, place: None }
    }

    fn visit(&mut self, row: i32, places: usize, carers: &[Carer], before: &[Visit]) -> Visit {
        let place = self.somewhere(places);
        let windows = self.windows();
        let crew = self.crew(carers.len());
        let pinned = self.pin(carers, &windows);
        let criticality = *self.dice.pick(&Criticality::ALL);
        let priced = criticality == Criticality::Optional && self.dice.chance(40);
        Visit {
            id: VisitId(format!("v{}", row + 1)),
            patient: PatientRef(format!("p{}", if self.dice.chance(80) { place.0 } else { 9 })),
            place,
            duration: self.length(300, 2400).max(Seconds(self.kind.grain)),
            paces: BTreeMap::new(),
            preferred: None,
            helps: None,
            windows,
            criticality,
            load: Load::default(),
            left_out: priced.then(|| Cost(i64::from(self.length(0, 9000).0) * 10)),
            crew,
            continuity: self.dice.chance(45).then(|| self.continuity(carers)),
            gap: (!before.is_empty() && self.dice.chance(25)).then(|| self.gap(before)),
            pinned,
            status: if self.dice.chance(4) { Status::Cancelled } else { Status::Planned },
        }
    }

    /// Some of those who follow are somebody else.
    fn apart(&mut self, visits: &mut [Visit]) {
        for gap in visits.iter_mut().filter_map(|visit| visit.gap.as_mut()) {
            gap.apart = self.dice.chance(30);
        }
    }

    /// On some days a plan was published: who comes, not always as many as now, and when.
    fn published(&mut self, visits: &[Visit], carers: &[Carer]) -> Option<Published> {
        if self.dice.chance(75) {
            return None;
        }
        let mut told = Published::default();
        for visit in visits {
            if self.dice.chance(70) {
                let crew = visit.crew.iter().map(|_| self.dice.pick(carers).id.clone()).collect();
                let opens = visit.windows.first().map_or(Time(START), |window| window.earliest);
                let start = opens + self.length(0, 5400);
                told.promises.insert(visit.id.clone(), Promise { carers: crew, start });
            }
        }
        Some(told)
    }

    /// On some days a door or two take a key.
    fn keys(&mut self, places: &mut [Place]) {
        if self.dice.chance(80) {
            return;
        }
        for _ in 0..self.dice.between(1, 2) {
            let door = self.somewhere(places.len());
            let hangs =
                if self.dice.chance(40) { PlaceId(0) } else { self.somewhere(places.len()) };
            places[door.index()].key_at = Some(hangs);
        }
    }

    /// On some days breaks are taken at places of their own.
    fn rest_places(&mut self, carers: &mut [Carer], places: usize) {
        if self.dice.chance(85) {
            return;
        }
        for rest in carers.iter_mut().filter_map(|carer| carer.rest.as_mut()) {
            rest.place = self.dice.chance(75).then(|| self.somewhere(places));
        }
    }

    /// On some days patients would like some times more than others.
    fn likings(&mut self, visits: &mut [Visit]) {
        if self.dice.chance(70) {
            return;
        }
        for visit in visits.iter_mut() {
            let opens = visit.windows.first().map_or(Time(START), |window| window.earliest);
            visit.preferred = self.dice.chance(60).then(|| opens + self.length(0, 5400));
        }
    }

    /// On some days some take longer than others, or are quicker.
    fn paces(&mut self, visits: &mut [Visit], carers: &[Carer]) {
        if self.dice.chance(70) {
            return;
        }
        for visit in visits.iter_mut().filter(|visit| visit.crew.len() == 1) {
            for carer in carers {
                if self.dice.chance(40) {
                    let lasts = self.length(300, 3000).max(Seconds(self.kind.grain));
                    visit.paces.insert(carer.id.clone(), lasts);
                }
            }
        }
    }

    /// On some days the last visit is a helper's part of another.
    fn helpers(&mut self, visits: &mut [Visit]) {
        let Some((last, others)) = visits.split_last_mut() else { return };
        if last.crew.len() > 1 || others.is_empty() || self.dice.chance(75) {
            return;
        }
        let whole = self.dice.pick(others).clone();
        let length = last.duration.min(whole.duration);
        let later = if self.dice.chance(50) { Seconds::ZERO } else { whole.duration - length };
        if whole.crew.len() > 1 || whole.status == Status::Cancelled {
            return;
        }
        let after = whole.id.clone();
        *last = Visit {
            id: last.id.clone(),
            duration: length,
            windows: Vec::new(),
            preferred: None,
            paces: BTreeMap::new(),
            criticality: Criticality::Optional,
            left_out: Some(Cost::ZERO),
            crew: last.crew.clone(),
            gap: Some(Gap { after, min: later, max: Some(later), apart: true, whole: true }),
            helps: Some(whole.id.clone()),
            pinned: Pin::default(),
            ..whole
        };
    }

    /// On some days something is brought along, and not everybody can bring everything.
    fn loads(&mut self, visits: &mut [Visit], carers: &mut [Carer]) {
        if self.dice.chance(75) {
            return;
        }
        visits.iter_mut().for_each(|visit| visit.load = Load(self.dice.between(0, 3) as u32));
        for carer in carers {
            carer.capacity = self.dice.chance(70).then(|| Load(self.dice.between(1, 9) as u32));
        }
    }

    fn windows(&mut self) -> Vec<TimeWindow> {
        let count = *self.dice.pick(&[0, 1, 1, 1, 1, 2, 2]);
        let mut free_from = START;
        (0..count)
            .map(|_| {
                let earliest = free_from + self.length(0, 6000).0;
                let latest = earliest + self.length(0, 3600).0;
                free_from = latest + self.length(600, 3600).0.max(self.kind.grain);
                TimeWindow { earliest: Time(earliest), latest: Time(latest) }
            })
            .collect()
    }

    fn crew(&mut self, carers: usize) -> Vec<Skills> {
        let one = self.skill_set();
        if carers < 2 || !self.dice.chance(28) {
            return vec![one];
        }
        let other = if self.dice.chance(60) { one.clone() } else { self.skill_set() };
        vec![one, other]
    }

    fn skill_set(&mut self) -> Skills {
        let mut set = Skills { all_of: self.skills(20), ..Skills::default() };
        if self.dice.chance(15) {
            set.any_of = self.skills(80);
        }
        if self.dice.chance(8) {
            set.none_of = self.skills(50);
        }
        set
    }

    fn continuity(&mut self, carers: &[Carer]) -> Continuity {
        let mut some = |percent| -> BTreeSet<CarerRef> {
            let ids = carers.iter().map(|carer| carer.id.clone());
            ids.filter(|_| self.dice.chance(percent)).collect()
        };
        let (known, avoid) = (some(40), some(12));
        let primary = self.dice.chance(50).then(|| self.dice.pick(carers).id.clone());
        Continuity { primary, known, avoid, distinct_last_14d: self.dice.between(0, 12) as u32 }
    }

    fn gap(&mut self, before: &[Visit]) -> Gap {
        let min = self.length(0, 4000);
        let max = self.dice.chance(60).then(|| min + self.length(0, 3000));
        Gap { after: self.dice.pick(before).id.clone(), min, max, apart: false, whole: false }
    }

    /// A pinned start lies inside a window, or anywhere on a day without.
    fn pin(&mut self, carers: &[Carer], windows: &[TimeWindow]) -> Pin {
        let carer = self.dice.chance(8).then(|| self.dice.pick(carers).id.clone());
        let start = self.dice.chance(8).then(|| match windows.first() {
            Some(window) => window.earliest + self.length(0, (window.latest - window.earliest).0),
            None => Time(START) + self.length(600, 7200),
        });
        Pin { carer, start }
    }
}
