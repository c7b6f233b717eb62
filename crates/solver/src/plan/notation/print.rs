//! From a day to text that reads back the same.

use std::collections::BTreeSet;
use std::fmt::Display;

use hjemrute_travel::{Mode, PlaceId, Seconds, Table, Tables};

use super::words::{clock, length, quoted};
use super::{figures, published};
use crate::plan::{Carer, Continuity, Criticality, Instance, Load, Place, Skills, Status, Visit};
use crate::policy::Policy;

/// The day as text, with its tables row by row; [`parse`](super::parse()) reads it back the same.
/// Places that are on no list stand as `?`, which does not read back.
pub fn print(instance: &Instance, tables: &Tables) -> String {
    let mut lines: Vec<String> = Vec::new();
    policy(&instance.policy, &mut lines);
    lines.extend(instance.places.iter().map(|it| place(&instance.places, it)));
    for mode in Mode::ALL {
        if let Some(table) = tables.get(mode) {
            rows(&instance.places, mode, table, &mut lines);
        }
    }
    lines.extend(instance.visits.iter().map(|it| visit(&instance.places, it)));
    lines.extend(instance.carers.iter().map(|it| carer(&instance.places, it)));
    if let Some(told) = &instance.published {
        published::print(&instance.places, told, &mut lines);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A line under construction: words with spaces in between.
#[derive(Default)]
struct Line(Vec<String>);

impl Line {
    fn word(&mut self, word: impl Into<String>) -> &mut Line {
        self.0.push(word.into());
        self
    }

    fn pair(&mut self, key: &str, value: impl Into<String>) -> &mut Line {
        self.word(key).word(value)
    }

    /// Names, if there are any.
    fn names<T: Display>(&mut self, key: &str, names: &BTreeSet<T>) -> &mut Line {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| quoted(&name.to_string())).collect();
            self.pair(key, names.join(","));
        }
        self
    }

    fn done(&mut self) -> String {
        self.0.join(" ")
    }
}

fn place(places: &[Place], place: &Place) -> String {
    let mut line = Line::default();
    let position = format!("{},{}", place.position.lon, place.position.lat);
    line.pair("place", quoted(&place.id.0)).word(position);
    if place.access != Seconds::ZERO {
        line.pair("access", length(place.access));
    }
    if let Some(key_at) = place.key_at {
        line.pair("key", name(places, key_at));
    }
    line.done()
}

/// The name of a place of the day.
pub(super) fn name(places: &[Place], place: PlaceId) -> String {
    places.get(place.index()).map_or_else(|| "?".to_owned(), |place| quoted(&place.id.0))
}

fn rows(places: &[Place], mode: Mode, table: &Table, lines: &mut Vec<String>) {
    lines.push(format!("table {mode}"));
    let known = table.places().min(places.len()) as u32;
    for from in (0..known).map(PlaceId) {
        let mut line = Line::default();
        line.pair("from", name(places, from));
        for to in (0..known).map(PlaceId) {
            line.word(table.leg(from, to).map_or_else(
                || "-".to_owned(),
                |leg| format!("{}/{}", leg.seconds.0, leg.metres.0),
            ));
        }
        lines.push(line.done());
    }
}

fn visit(places: &[Place], visit: &Visit) -> String {
    let mut line = Line::default();
    let at = name(places, visit.place);
    line.pair("visit", quoted(&visit.id.0)).pair("at", &at).word(length(visit.duration));
    if quoted(&visit.patient.0) != at {
        line.pair("patient", quoted(&visit.patient.0));
    }
    for window in &visit.windows {
        line.pair("window", format!("{}-{}", clock(window.earliest), clock(window.latest)));
    }
    for (carer, length_with) in &visit.paces {
        line.pair("lasts", quoted(&carer.0)).word(length(*length_with));
    }
    if let Some(preferred) = visit.preferred {
        line.pair("prefers", clock(preferred));
    }
    if let Some(whole) = &visit.helps {
        line.pair("helps", quoted(&whole.0));
    }
    if visit.criticality != Criticality::default() {
        line.word(visit.criticality.name());
    }
    if visit.load != Load::default() {
        line.pair("load", visit.load.0.to_string());
    }
    if let Some(price) = visit.left_out {
        line.pair("left-out", price.0.to_string());
    }
    crew(&visit.crew, &mut line);
    if let Some(gap) = &visit.gap {
        line.pair("after", quoted(&gap.after.0)).word(length(gap.min));
        if let Some(max) = gap.max {
            line.pair("to", length(max));
        }
        if gap.apart {
            line.word("apart");
        }
        if gap.whole {
            line.word("whole");
        }
    }
    if let Some(wish) = &visit.continuity {
        continuity(wish, &mut line);
    }
    if let Some(carer) = &visit.pinned.carer {
        line.word("pin").pair("carer", quoted(&carer.0));
    }
    if let Some(start) = visit.pinned.start {
        line.word("pin").pair("start", clock(start));
    }
    if visit.status == Status::Cancelled {
        line.word("cancelled");
    }
    line.done()
}

fn crew(crew: &[Skills], line: &mut Line) {
    if crew.windows(2).all(|pair| pair[0] == pair[1]) {
        if crew.len() != 1 {
            line.pair("carers", crew.len().to_string());
        }
        if let Some(one) = crew.first() {
            skills(one, line);
        }
        return;
    }
    for (member, one) in crew.iter().enumerate() {
        if member > 0 {
            line.word("and");
        }
        skills(one, line);
    }
}

fn skills(skills: &Skills, line: &mut Line) {
    let Skills { all_of, any_of, none_of } = skills;
    line.names("skills", all_of).names("any", any_of).names("none", none_of);
}

fn continuity(wish: &Continuity, line: &mut Line) {
    let Continuity { primary, known, avoid, distinct_last_14d } = wish;
    line.word("continuity");
    if let Some(primary) = primary {
        line.pair("primary", quoted(&primary.0));
    }
    line.names("known", known).names("avoid", avoid);
    if *distinct_last_14d != 0 {
        line.pair("distinct", distinct_last_14d.to_string());
    }
}

fn carer(places: &[Place], carer: &Carer) -> String {
    let mut line = Line::default();
    let shift = format!("{}-{}", clock(carer.shift_start), clock(carer.shift_end));
    line.pair("carer", quoted(&carer.id.0)).word(shift).pair("from", name(places, carer.start));
    if carer.end != carer.start {
        line.pair("to", name(places, carer.end));
    }
    line.word(carer.mode.name());
    if let Some(vehicle) = &carer.vehicle {
        line.pair("vehicle", quoted(vehicle));
    }
    line.names("pool", &carer.pool);
    line.names("skills", &carer.skills);
    if let Some(rest) = &carer.rest {
        let window = format!("{}-{}", clock(rest.earliest), clock(rest.latest));
        line.pair("break", length(rest.length)).word(window);
        if rest.paid {
            line.word("paid");
        }
        if let Some(place) = rest.place {
            line.pair("at", name(places, place));
        }
    }
    if let Some(capacity) = carer.capacity {
        line.pair("capacity", capacity.0.to_string());
    }
    if carer.overtime != Seconds::ZERO {
        line.pair("overtime", length(carer.overtime));
    }
    line.done()
}

fn policy(policy: &Policy, lines: &mut Vec<String>) {
    let standard = Policy::standard();
    if policy.name != standard.name {
        lines.push(format!("policy {}", quoted(&policy.name)));
    }
    for name in figures::NAMES {
        if let Some(price) = figures::get(policy, name)
            && figures::get(&standard, name) != Some(price)
        {
            lines.push(format!("price {name} {price}"));
        }
    }
    for criticality in Criticality::ALL {
        let limit = policy.late_limit[criticality.index()];
        if limit != standard.late_limit[criticality.index()] {
            lines.push(format!("late-limit {} {}", criticality.name(), length(limit)));
        }
    }
}
