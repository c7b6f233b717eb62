//! From text to a day. Places are read first, so that lines may stand in any order.

use std::collections::BTreeMap;

use hjemrute_travel::{Mode, Position, Seconds, Tables};

use super::ways::{self, Ways};
use super::words::Words;
use super::{Misread, figures, published};
use crate::plan::{
    Break, Carer, CarerRef, Continuity, Criticality, Gap, Instance, Load, LocationId,
};
use crate::plan::{PatientRef, Pin, Place, Skill, Skills, Status, TimeWindow, Visit, VisitId};
use crate::policy::Policy;
use crate::score::Cost;

const VISIT_WORDS: &str = "write a criticality, patient, window, carers, skills, any, none, and, \
     primary, known, avoid, distinct, after, pin, prefers, lasts, helps, load, left-out or cancelled";
const CARER_WORDS: &str =
    "write a way to travel, to, vehicle, pool, skills, break, capacity or overtime";

/// The day that a text tells.
///
/// # Errors
/// The first line that cannot be read.
pub fn parse(text: &str) -> Result<(Instance, Tables), Misread> {
    let mut places = Vec::new();
    let mut rest_of_places = Vec::new();
    for mut words in lines(text) {
        if words.takes("place") {
            places.push(place(&mut words)?);
            rest_of_places.push(words);
        }
    }
    for (row, mut words) in rest_of_places.into_iter().enumerate() {
        key_at(&mut words, &mut places, row)?;
        words.end()?;
    }
    let mut ways = Ways::default();
    let (visits, carers, policy) = (Vec::new(), Vec::new(), Policy::standard());
    let mut day = Instance { places, visits, carers, policy, published: None };
    for mut words in lines(text) {
        if let Some(begin) = words.next()
            && begin != "place"
        {
            line(begin, &mut words, &mut day, &mut ways)?;
            words.end()?;
        }
    }
    everybody_has_a_way(text, &day.carers, &ways)?;
    let tables = ways.tables(&day.places);
    Ok((day, tables))
}

/// Of how each carer travels some line must say how long it takes; of a carer with a pool, by car and on foot.
fn everybody_has_a_way(text: &str, carers: &[Carer], ways: &Ways) -> Result<(), Misread> {
    let told = lines(text).filter_map(|mut words| words.takes("carer").then_some(words));
    for (words, carer) in told.zip(carers) {
        let own = [carer.mode];
        let modes: &[Mode] = if carer.pool.is_empty() { &own } else { &[Mode::Car, Mode::Foot] };
        if let Some(mode) = modes.iter().find(|mode| !ways.tells_of(**mode)) {
            let what = format!("no line says how long it takes by {mode}");
            return Err(words.misread(what, "add a line `travel MODE … s/km`, a table or ways"));
        }
    }
    Ok(())
}

fn lines(text: &str) -> impl Iterator<Item = Words<'_>> {
    text.lines().enumerate().map(|(row, line)| Words::of(row + 1, line))
}

fn line(
    begin: &str,
    words: &mut Words,
    day: &mut Instance,
    ways: &mut Ways,
) -> Result<(), Misread> {
    match begin {
        "visit" => day.visits.push(visit(&day.places, words)?),
        "carer" => day.carers.push(carer(&day.places, words)?),
        "travel" => ways.travel(words)?,
        "table" => ways.table(words)?,
        "from" => ways.row(&day.places, words)?,
        "way" => ways.way(&day.places, words)?,
        "noway" => ways.noway(&day.places, words)?,
        "published" | "frozen-until" | "begun" => {
            let told = day.published.get_or_insert_default();
            published::line(&day.places, begin, told, words)?;
        }
        "policy" => day.policy.name = words.name()?,
        "price" => price(&mut day.policy, words)?,
        "late-limit" => late_limit(&mut day.policy, words)?,
        _ => {
            let fix = "begin with place, visit, carer, travel, table, from, way, noway, published, \
                       frozen-until, begun, policy, price or late-limit";
            return Err(words.misread(format!("`{begin}` begins no line"), fix));
        }
    }
    Ok(())
}

/// `place A 3000,0 access 2 min`.
fn place(words: &mut Words) -> Result<Place, Misread> {
    let id = LocationId(words.name()?);
    let word = words.name()?;
    let point = word.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    let Some((lon, lat)) = point else {
        let fix = "write x,y in whole metres";
        return Err(words.misread(format!("`{word}` is not a position"), fix));
    };
    let access = if words.takes("access") { words.length()? } else { Seconds::ZERO };
    Ok(Place { id, position: Position { lon, lat }, access, key_at: None })
}

/// `place A 3000,0 … key BASE`, once every place has its name.
fn key_at(words: &mut Words, places: &mut [Place], row: usize) -> Result<(), Misread> {
    if words.takes("key") {
        places[row].key_at = Some(ways::place(places, words)?);
    }
    Ok(())
}

/// `visit v1 at A 20 min …`.
fn visit(places: &[Place], words: &mut Words) -> Result<Visit, Misread> {
    let id = VisitId(words.name()?);
    words.expect("at")?;
    let place = ways::place(places, words)?;
    let mut visit = Visit {
        id,
        patient: PatientRef(places[place.index()].id.0.clone()),
        place,
        duration: words.length()?,
        paces: BTreeMap::new(),
        preferred: None,
        helps: None,
        windows: Vec::new(),
        criticality: Criticality::default(),
        load: Load::default(),
        left_out: None,
        crew: vec![Skills::default()],
        continuity: None,
        gap: None,
        pinned: Pin::default(),
        status: Status::default(),
    };
    let mut count = None;
    while let Some(word) = words.next() {
        match word {
            "carers" => count = Some(words.figure("write how many carers come")?),
            _ => visit_word(&mut visit, word, words)?,
        }
    }
    if let Some(count) = count {
        alike(&mut visit.crew, count, words)?;
    }
    Ok(visit)
}

fn visit_word(visit: &mut Visit, word: &str, words: &mut Words) -> Result<(), Misread> {
    match word {
        "patient" => visit.patient = PatientRef(words.name()?),
        "window" => visit.windows.push(words.window()?),
        "prefers" => visit.preferred = Some(words.moment()?),
        "lasts" => {
            let carer = CarerRef(words.name()?);
            visit.paces.insert(carer, words.length()?);
        }
        "helps" => visit.helps = Some(VisitId(words.name()?)),
        "and" => visit.crew.push(Skills::default()),
        "skills" | "any" | "none" => skills(&mut visit.crew, word, words)?,
        "primary" | "known" | "avoid" | "distinct" | "continuity" => {
            continuity(visit.continuity.get_or_insert_default(), word, words)?;
        }
        "after" => visit.gap = Some(gap(words)?),
        "pin" => pin(&mut visit.pinned, words)?,
        "left-out" => {
            visit.left_out = Some(Cost(words.figure("write whole tenths of a weighted second")?));
        }
        "load" => visit.load = Load(words.figure("write a whole number")?),
        "cancelled" => visit.status = Status::Cancelled,
        _ => match Criticality::from_name(word) {
            Some(criticality) => visit.criticality = criticality,
            None => return Err(unknown(words, word, "visit", VISIT_WORDS)),
        },
    }
    Ok(())
}

fn unknown(words: &Words, word: &str, whose: &str, fix: &'static str) -> Misread {
    words.misread(format!("`{word}` means nothing in a {whose}"), fix)
}

/// `carers 2`: so many crew members alike.
fn alike(crew: &mut Vec<Skills>, count: usize, words: &Words) -> Result<(), Misread> {
    if crew.len() != 1 || count > 9 {
        let what = format!("`carers {count}` does not go with `and`, nor beyond 9");
        return Err(words.misread(what, "tell how many once: by `carers` or by `and`"));
    }
    *crew = vec![crew.swap_remove(0); count];
    Ok(())
}

/// The skills of the crew member who is being told.
fn skills(crew: &mut [Skills], word: &str, words: &mut Words) -> Result<(), Misread> {
    let named = words.names::<Skill>()?;
    let last = crew.last_mut().expect("a visit is read with one crew member to begin with");
    match word {
        "skills" => last.all_of = named,
        "any" => last.any_of = named,
        _ => last.none_of = named,
    }
    Ok(())
}

fn continuity(wish: &mut Continuity, word: &str, words: &mut Words) -> Result<(), Misread> {
    match word {
        "primary" => wish.primary = Some(CarerRef(words.name()?)),
        "known" => wish.known = words.names()?,
        "avoid" => wish.avoid = words.names()?,
        "distinct" => wish.distinct_last_14d = words.figure("write how many carers came")?,
        _ => {}
    }
    Ok(())
}

/// `after v1 240 min to 360 min`.
fn gap(words: &mut Words) -> Result<Gap, Misread> {
    let after = VisitId(words.name()?);
    let min = words.length()?;
    let max = if words.takes("to") { Some(words.length()?) } else { None };
    let (apart, whole) = (words.takes("apart"), words.takes("whole"));
    Ok(Gap { after, min, max, apart, whole })
}

/// `pin carer c1`, `pin start 08:00`.
fn pin(pin: &mut Pin, words: &mut Words) -> Result<(), Misread> {
    if words.takes("carer") {
        pin.carer = Some(CarerRef(words.name()?));
    } else {
        words.expect("start")?;
        pin.start = Some(words.moment()?);
    }
    Ok(())
}

/// `carer c1 07:30-15:00 from BASE car …`.
fn carer(places: &[Place], words: &mut Words) -> Result<Carer, Misread> {
    let id = CarerRef(words.name()?);
    let TimeWindow { earliest, latest } = words.window()?;
    words.expect("from")?;
    let start = ways::place(places, words)?;
    let mut carer = Carer {
        id,
        skills: Default::default(),
        shift_start: earliest,
        shift_end: latest,
        overtime: Seconds::ZERO,
        mode: Mode::Car,
        vehicle: None,
        pool: Default::default(),
        start,
        end: start,
        rest: None,
        capacity: None,
    };
    while let Some(word) = words.next() {
        carer_word(places, &mut carer, word, words)?;
    }
    Ok(carer)
}

fn carer_word(
    places: &[Place],
    carer: &mut Carer,
    word: &str,
    words: &mut Words,
) -> Result<(), Misread> {
    match word {
        "to" => carer.end = ways::place(places, words)?,
        "vehicle" => carer.vehicle = Some(words.name()?),
        "pool" => carer.pool = words.names()?,
        "skills" => carer.skills = words.names()?,
        "overtime" => carer.overtime = words.length()?,
        "break" => carer.rest = Some(rest(places, words)?),
        "capacity" => carer.capacity = Some(Load(words.figure("write a whole number")?)),
        _ => match Mode::from_name(word) {
            Some(mode) => carer.mode = mode,
            None => return Err(unknown(words, word, "carer", CARER_WORDS)),
        },
    }
    Ok(())
}

/// `break 30 min 10:30-12:30 paid at BASE`.
fn rest(places: &[Place], words: &mut Words) -> Result<Break, Misread> {
    let length = words.length()?;
    let TimeWindow { earliest, latest } = words.window()?;
    let paid = words.takes("paid");
    let place = if words.takes("at") { Some(ways::place(places, words)?) } else { None };
    Ok(Break { length, earliest, latest, paid, place })
}

/// `price travel 10`: tenths of a weighted second.
fn price(policy: &mut Policy, words: &mut Words) -> Result<(), Misread> {
    let name = words.name()?;
    let tenths = words.figure("write whole tenths of a weighted second")?;
    figures::set(policy, &name, tenths).ok_or_else(|| {
        let fix = "write late-CRITICALITY, worst-late, worst-idle, worst-wait, optional-out, travel, work, balance, \
                   waiting, overtime, missed-break, not-primary, not-known, avoided, unskilled, new-face, \
                   not-preferred, other-carer or other-time";
        words.misread(format!("`{name}` is no price"), fix)
    })
}

/// `late-limit important 60 min`.
fn late_limit(policy: &mut Policy, words: &mut Words) -> Result<(), Misread> {
    let name = words.name()?;
    let Some(criticality) = Criticality::from_name(&name) else {
        let fix = "write time-critical, important, normal or optional";
        return Err(words.misread(format!("`{name}` is no criticality"), fix));
    };
    policy.late_limit[criticality.index()] = words.length()?;
    Ok(())
}
