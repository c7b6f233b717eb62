//! Reads a visit list, whole and strictly: one function for each object of the contract, which is
//! the list of its fields. Faults are collected, never told one at a time. First of all the body is
//! searched for national identity numbers; with one in it nothing else is read.

use std::collections::BTreeSet;

use hjemrute_solver::{
    CarerRef, Continuity, Criticality, Gap, Said, Skill, Skills, Status, VisitId,
};
use hjemrute_travel::{Mode, Position, Seconds};
use jiff::tz::TimeZone;

use super::json::{self, Json, Node, Size};
use super::list::*;
use super::personal::personal_ids;
use super::reader::{At, Faults, Fields, Item, Most};
use super::values::{
    date, duration, flag, instant, minutes, number, one_of, text, wall_time, whole, words,
};
use super::wrong;
use crate::answer::{ListUnit, Service};
use crate::fault::InputFault;

/// How large a list may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body.
    pub bytes: usize,
    /// JSON values of any kind.
    pub values: usize,
    /// Visits.
    pub visits: usize,
    /// Carers.
    pub carers: usize,
}

impl Limits {
    /// Lists and objects inside each other, whatever else holds.
    pub const DEPTH: usize = 16;
    /// What the service takes: a bydel with room to spare.
    pub const SERVICE: Limits =
        Limits { bytes: 10 << 20, values: 400_000, visits: 5_000, carers: 500 };
    /// What the program takes from a file: the whole city.
    pub const PROGRAM: Limits =
        Limits { bytes: 64 << 20, values: 2_000_000, visits: 25_000, carers: 2_500 };
}

/// Reads the body of a list, or tells everything that is wrong with its form.
pub(crate) fn read_list(body: &[u8], limits: &Limits) -> Result<List, Vec<InputFault>> {
    let json = read_json(body, limits)?;
    let faults = Faults::default();
    let read = At::root(&json, &faults).object_as_it_is(|fields| list(fields, limits));
    let faults = faults.into_vec();
    match read {
        Some((Ok(list), _)) => Ok(List { faults, ..list }),
        Some((Err(of_entries), _)) => Err([faults, of_entries].concat()),
        None => Err(faults),
    }
}

/// Reads a body as JSON with no national identity number in it.
pub(crate) fn read_json<'a>(body: &'a [u8], limits: &Limits) -> Result<Json<'a>, Vec<InputFault>> {
    if body.len() > limits.bytes {
        return Err(vec![wrong::body_too_large(limits.bytes).at("", None)]);
    }
    let size = Size { values: limits.values, depth: Limits::DEPTH };
    let json = json::parse(body, size).map_err(|broken| {
        let place = json::line_and_column(body, broken.at);
        vec![wrong::unreadable(broken.why, place, limits.values).at("", None)]
    })?;
    let personal = personal_ids(&json);
    if personal.is_empty() {
        return Ok(json);
    }
    Err(personal
        .into_iter()
        .map(|pointer| wrong::personal_id_detected().at(pointer, None))
        .collect())
}

/// Reads a body that is one object, or tells everything that is wrong with it.
pub(super) fn read_whole<T>(
    body: &[u8],
    limits: &Limits,
    read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
) -> Result<T, Vec<InputFault>> {
    let json = read_json(body, limits)?;
    let faults = Faults::default();
    let read = At::root(&json, &faults).object(read);
    let faults = faults.into_vec();
    read.filter(|_| faults.is_empty()).ok_or(faults)
}

/// The list, or the faults of its entries where the list itself cannot be made out.
fn list(fields: &mut Fields<'_>, limits: &Limits) -> Result<List, Vec<InputFault>> {
    let schema = fields.must("schemaVersion", schema_version);
    let list_id = fields.must("listId", text);
    let version = fields.must("version", whole(0, u32::MAX));
    let mode = fields.may(
        "mode",
        one_of(&[
            ("all-or-nothing", IntakeMode::AllOrNothing),
            ("accept-valid", IntakeMode::AcceptValid),
        ]),
    );
    let extracted = fields.may("source", |at| at.object(source));
    let unit = fields.may("unit", |at| at.object(unit));
    let date = fields.must("day", date);
    let zone = fields.must("timeZone", time_zone);
    let most_visits = Most { number: limits.visits, code: "too-many-visits" };
    let most_carers = Most { number: limits.carers, code: "too-many-carers" };
    let most_others = Most { number: limits.values, code: "too-many-values" };
    let locations = fields.must("locations", |at| at.items("id", most_others, location));
    let patients = fields.must("patients", |at| at.items("ref", most_others, patient));
    let visits = fields.must("visits", |at| at.items("id", most_visits, visit));
    let carers = fields.must("carers", |at| at.items("ref", most_carers, carer));
    not_yet_field(fields, "vehicles", "A pool of vehicles", "En felles bilpark");
    let published = fields.may("publishedPlan", |at| at.object(published_plan));
    let ext = fields.ext();
    let of_entries =
        [faults_of(&locations), faults_of(&patients), faults_of(&visits), faults_of(&carers)];
    let whole = || {
        schema?;
        Some(List {
            list_id: list_id?,
            version: version?,
            mode: mode?.unwrap_or_default(),
            extracted: extracted?.flatten(),
            unit: unit?.unwrap_or_default(),
            date: date?,
            zone: zone?,
            locations: locations?,
            patients: patients?,
            visits: visits?,
            carers: carers?,
            published: published?,
            ext,
            faults: Vec::new(),
        })
    };
    whole().ok_or_else(|| of_entries.concat())
}

/// When the list was drawn, if it says so.
fn source(fields: &mut Fields<'_>) -> Option<Option<jiff::Timestamp>> {
    fields.may("system", text);
    fields.may("instance", text);
    fields.may("extractedAt", instant)
}

fn unit(fields: &mut Fields<'_>) -> Option<ListUnit> {
    let municipality = fields.may("municipalityNumber", text);
    let district = fields.may("urbanDistrict", text);
    Some(ListUnit { municipality: municipality?, district: district? })
}

fn location(fields: &mut Fields<'_>) -> Option<Location> {
    let both_or_none = fields.has("position") == fields.has("address");
    let position = fields.may("position", |at| at.object(position));
    let address = fields.may("address", |at| at.object(address));
    let minutes = fields.may("accessMinutes", minutes(120));
    let by_key = fields.may("access", access);
    let key_at = fields.may("keyAt", text);
    let ext = fields.ext();
    if both_or_none {
        return fields.refuse(wrong::either_or("position", "address"));
    }
    let place = match (position?, address?) {
        (Some(position), _) => Where::Position(position),
        (None, address) => Where::Address(address?),
    };
    let (by_key, key_at) = (by_key?.unwrap_or_default(), key_at?);
    if by_key != key_at.is_some() {
        let field = if by_key { "access" } else { "keyAt" };
        return fields.refuse_field(field, wrong::key_mismatch());
    }
    Some(Location { place, access: minutes?.unwrap_or_default(), key_at, ext })
}

fn position(fields: &mut Fields<'_>) -> Option<Position> {
    let lat = fields.must("lat", number(-90.0, 90.0));
    let lon = fields.must("lon", number(-180.0, 180.0));
    let (lat, lon) = (lat?, lon?);
    if lat.abs() < 0.001 && lon.abs() < 0.001 {
        return fields.refuse(wrong::null_island());
    }
    Position::from_degrees(lon, lat)
}

fn address(fields: &mut Fields<'_>) -> Option<Address> {
    let municipality = fields.may("municipalityNumber", text);
    let street = fields.must("street", text);
    let number = fields.must("number", whole(1, 9_999));
    let letter = fields.may("letter", text);
    let postal_code = fields.may("postalCode", text);
    Some(Address {
        street: street?,
        number: number?,
        letter: letter?,
        postal_code: postal_code?,
        municipality: municipality?,
    })
}

/// Whether the door takes a key.
fn access(at: At<'_>) -> Option<bool> {
    one_of(&[("none", false), ("e-lock", false), ("key", true)])(at)
}

fn patient(fields: &mut Fields<'_>) -> Option<Patient> {
    let location = fields.must("location", text);
    let ext = fields.ext();
    Some(Patient { location: location?, ext })
}

fn visit(fields: &mut Fields<'_>) -> Option<Visit> {
    let patient = fields.must("patient", text);
    let service = fields.may("service", |at| at.object(service));
    let duration = fields.must("durationMinutes", visit_duration);
    let windows = windows(fields);
    not_yet_field(fields, "preferredStart", "A preferred start", "Ønsket starttid");
    let criticality =
        fields.may("criticality", one_of(&Criticality::ALL.map(|level| (level.name(), level))));
    let carers = fields.may("carers", crew_size);
    fields.may("overlap", |at| at.object(overlap));
    let crew = crew(fields, carers.map(|carers| carers.unwrap_or(1)));
    let continuity = fields.may("continuity", |at| at.object(continuity));
    let gap = fields.may("gap", |at| at.object(gap));
    let pinned = fields.may("pinned", |at| at.object(pinned));
    let status = fields
        .may("status", one_of(&[("planned", Status::Planned), ("cancelled", Status::Cancelled)]));
    let ext = fields.ext();
    Some(Visit {
        patient: patient?,
        service: service?.flatten(),
        duration: duration?,
        windows: windows?,
        criticality: criticality?.unwrap_or_default(),
        crew: crew?,
        continuity: continuity?,
        gap: gap?,
        pinned: pinned?.unwrap_or_default(),
        status: status?.unwrap_or_default(),
        ext,
    })
}

/// What the visit is, where both the code and its system are told.
fn service(fields: &mut Fields<'_>) -> Option<Option<Service>> {
    let (system, code) = (fields.may("system", text)?, fields.may("code", text)?);
    Some(system.zip(code).map(|(system, code)| Service { system, code }))
}

fn visit_duration(at: At<'_>) -> Option<Seconds> {
    match at.value.node {
        Node::Object(_) => not_yet(
            at,
            "A duration that depends on the carer",
            "En varighet som avhenger av hvem som kommer",
        ),
        _ => duration(at),
    }
}

fn windows(fields: &mut Fields<'_>) -> Option<Vec<Window>> {
    const MOST: usize = 8;
    let both = fields.has("window") && fields.has("windows");
    let one = fields.may("window", |at| at.object(window));
    let several = fields.may("windows", |at| {
        let windows = at.list(|at| at.object(window))?;
        let well_filled = (1..=MOST).contains(&windows.len());
        if well_filled { Some(windows) } else { at.refuse(wrong::wrong_length(MOST)) }
    });
    if both {
        return fields.refuse(wrong::either_or("window", "windows"));
    }
    let one = one?.into_iter().collect();
    Some(several?.unwrap_or(one))
}

fn window(fields: &mut Fields<'_>) -> Option<Window> {
    let earliest = fields.must("earliestStart", wall_time);
    let latest = fields.must("latestStart", wall_time);
    let (earliest, latest) = (earliest?, latest?);
    if latest < earliest {
        return fields.refuse(wrong::window_empty());
    }
    Some(Window { earliest, latest })
}

fn crew_size(at: At<'_>) -> Option<usize> {
    match whole(1, 99)(at)? {
        carers @ 1..=2 => Some(carers as usize),
        _ => not_yet(at, "A visit by more than two carers", "Et besøk av flere enn to ansatte"),
    }
}

fn overlap(fields: &mut Fields<'_>) -> Option<()> {
    let in_part = fields.must("kind", one_of(&[("whole-visit", false), ("part", true)]))?;
    if !in_part {
        return Some(());
    }
    fields.may("minutes", minutes(720));
    fields.may("from", one_of(&[("start", ()), ("end", ())]));
    fields.refuse(wrong::not_supported_yet(&Said::new(
        "A helper for a part of the visit",
        "En hjelper under en del av besøket",
    )))
}

/// What each carer of the visit must be able to do; `carers` is `None` where that is faulty.
fn crew(fields: &mut Fields<'_>, carers: Option<usize>) -> Option<Vec<Skills>> {
    let both = fields.has("skills") && fields.has("skillsEach");
    let same = fields.may("skills", |at| at.object(skills));
    let each = fields.may("skillsEach", |at| at.list(|at| at.object(skills)));
    if both {
        return fields.refuse(wrong::either_or("skills", "skillsEach"));
    }
    let carers = carers?;
    match (same?, each?) {
        (same, None) => Some(vec![same.unwrap_or_default(); carers]),
        (_, Some(each)) if each.len() == carers => Some(each),
        _ => fields.refuse_field("skillsEach", wrong::skills_each_mismatch()),
    }
}

fn skills(fields: &mut Fields<'_>) -> Option<Skills> {
    let all_of = fields.may("allOf", names(Skill));
    let any_of = fields.may("anyOf", names(Skill));
    let none_of = fields.may("noneOf", names(Skill));
    Some(Skills {
        all_of: all_of?.unwrap_or_default(),
        any_of: any_of?.unwrap_or_default(),
        none_of: none_of?.unwrap_or_default(),
    })
}

fn continuity(fields: &mut Fields<'_>) -> Option<Continuity> {
    let primary = fields.may("primary", text);
    let known = fields.may("known", names(CarerRef));
    let avoid = fields.may("avoid", names(CarerRef));
    let distinct = fields.may("distinctLast14d", whole(0, 1_000));
    Some(Continuity {
        primary: primary?.map(CarerRef),
        known: known?.unwrap_or_default(),
        avoid: avoid?.unwrap_or_default(),
        distinct_last_14d: distinct?.unwrap_or_default(),
    })
}

fn gap(fields: &mut Fields<'_>) -> Option<Gap> {
    let after = fields.must("after", text);
    let min = fields.may("minMinutes", minutes(2_880));
    let max = fields.may("maxMinutes", minutes(2_880));
    Some(Gap {
        after: VisitId(after?),
        min: min?.unwrap_or_default(),
        max: max?,
        apart: false,
        whole: false,
    })
}

fn pinned(fields: &mut Fields<'_>) -> Option<Pinned> {
    let carer = fields.may("carer", text);
    let start = fields.may("start", wall_time);
    Some(Pinned { carer: carer?, start: start? })
}

fn carer(fields: &mut Fields<'_>) -> Option<Carer> {
    let skills = fields.may("skills", names(Skill));
    let shift = fields.must("shift", |at| at.object(shift));
    let travel = fields.must("travel", |at| at.object(travel));
    let start = fields.must("start", text);
    let end = fields.may("end", text);
    let rest = fields.may("break", |at| at.object(rest));
    let overtime = fields.may("overtime", |at| at.object(overtime));
    let last_shift_end = fields.may("lastShiftEnd", instant);
    let ext = fields.ext();
    let (mode, vehicle) = travel?;
    Some(Carer {
        skills: skills?.unwrap_or_default(),
        shift: shift?,
        mode,
        vehicle,
        start: start?,
        end: end?,
        rest: rest?,
        overtime: overtime?.unwrap_or_default(),
        last_shift_end: last_shift_end?,
        ext,
    })
}

fn shift(fields: &mut Fields<'_>) -> Option<Span> {
    let from = fields.must("start", wall_time);
    let until = fields.must("end", wall_time);
    let (from, until) = (from?, until?);
    if until <= from {
        return fields.refuse(wrong::shift_empty());
    }
    Some(Span { from, until })
}

fn travel(fields: &mut Fields<'_>) -> Option<(Mode, Option<String>)> {
    let mode = fields.must("mode", mode);
    let vehicle = fields.may("vehicle", text);
    Some((mode?, vehicle?))
}

fn mode(at: At<'_>) -> Option<Mode> {
    const EITHER: &str = "car-or-foot";
    let known = Mode::ALL.map(|mode| (mode.name(), Some(mode)));
    let words: Vec<_> = known.into_iter().chain([(EITHER, None)]).collect();
    one_of(&words)(at)?
        .or_else(|| not_yet(at, "A choice between car and foot", "Et valg mellom bil og gange"))
}

fn rest(fields: &mut Fields<'_>) -> Option<Rest> {
    let length = fields.must("minutes", duration);
    let from = fields.must("earliest", wall_time);
    let until = fields.must("latest", wall_time);
    let paid = fields.may("paid", flag);
    let place = fields.may("place", rest_place);
    Some(Rest {
        length: length?,
        window: Span { from: from?, until: until? },
        paid: paid?.unwrap_or_default(),
        place: place?.flatten(),
    })
}

/// A location, or nowhere in particular.
fn rest_place(at: At<'_>) -> Option<Option<String>> {
    Some(Some(text(at)?).filter(|place| place != "anywhere"))
}

fn overtime(fields: &mut Fields<'_>) -> Option<Seconds> {
    fields.must("maxMinutes", minutes(720))
}

fn published_plan(fields: &mut Fields<'_>) -> Option<PublishedPlan> {
    let plan_id = fields.must("planId", text);
    let frozen_until = fields.may("frozenUntil", wall_time);
    Some(PublishedPlan { plan_id: plan_id?, frozen_until: frozen_until? })
}

pub(super) fn schema_version(at: At<'_>) -> Option<()> {
    // Fields may be added within a major version, and an unknown one is told as such.
    match words(at)?.split_once('.') {
        Some(("1", minor)) if !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit()) => {
            Some(())
        }
        _ => at.refuse(wrong::version_unknown()),
    }
}

fn time_zone(at: At<'_>) -> Option<TimeZone> {
    let zone = TimeZone::get(words(at)?).ok();
    zone.or_else(|| at.refuse(wrong::time_zone_unknown()))
}

/// A set of names of one kind.
fn names<T: Ord>(kind: fn(String) -> T) -> impl Fn(At<'_>) -> Option<BTreeSet<T>> {
    move |at| Some(at.list(text)?.into_iter().map(kind).collect())
}

/// Something that the contract names and the program does not honour.
fn not_yet<T>(at: At<'_>, en: &str, nb: &str) -> Option<T> {
    at.refuse(wrong::not_supported_yet(&Said::new(en, nb)))
}

fn not_yet_field(fields: &mut Fields<'_>, name: &'static str, en: &str, nb: &str) {
    fields.may(name, |at| not_yet::<()>(at, en, nb));
}

fn faults_of<T>(items: &Option<Vec<Item<T>>>) -> Vec<InputFault> {
    items.iter().flatten().flat_map(|item| item.faults.clone()).collect()
}
