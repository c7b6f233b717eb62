//! One carer's work list: what a carer takes along. Everything that matters is said in words, so
//! that it survives a black and white printer and a reader that sees no colours.

use hjemrute_solver::{Carer, Criticality, Step, Stop, Visit, Walk};
use hjemrute_travel::{PlaceId, Seconds, Time};
use jiff::civil::Date;
use maud::{Markup, html};

use super::words::Words;
use super::{anchor, cell, head, number};
use crate::{Answer, Day};

/// The sheet of the carer at that position.
pub(super) fn draw(answer: &Answer, number: usize, walk: &Walk<'_>, words: &Words) -> Markup {
    let anchor = anchor(number);
    let title = format!("{anchor}-tittel");
    html! {
        section.sheet id=(anchor) aria-labelledby=(title) {
            header {
                p.kicker {
                    span { (date(answer, walk, words)) }
                    span { ((words.list_and_version)(&answer.list_id, answer.version)) }
                }
                h2 id=(title) { ((words.sheet)(&walk.carer.id.0)) }
                (facts(answer, walk, words))
            }
            (stops(answer, walk, &title, words))
            p.screen { a href="#innhold" { (words.to_overview) } }
        }
    }
}

/// When the shift lasts: `07:30–15:00`.
pub(super) fn shift(day: &Day, carer: &Carer) -> String {
    span(day, carer.shift_start, carer.shift_end)
}

/// When a visit may start.
pub(super) fn windows(day: &Day, visit: &Visit, words: &Words) -> Markup {
    html! {
        @if visit.windows.is_empty() { (words.whole_shift) }
        @for (number, window) in visit.windows.iter().enumerate() {
            @if number > 0 { (words.or) }
            span.whole { (span(day, window.earliest, window.latest)) }
        }
    }
}

/// When the carer leaves the base and is back there.
pub(super) fn out_and_back(walk: &Walk<'_>) -> (Option<Time>, Option<Time>) {
    let at = |wanted: fn(&Stop) -> bool| {
        walk.steps.iter().find(|step| wanted(step.stop)).map(|step| step.start)
    };
    let out = at(|stop| matches!(stop, Stop::Leave { .. }));
    (out, at(|stop| matches!(stop, Stop::Return { .. })))
}

fn span(day: &Day, from: Time, to: Time) -> String {
    match (day.clock(from), day.clock(to)) {
        (from, to) if from == to => from,
        (from, to) => format!("{from}–{to}"),
    }
}

fn local_date(day: &Day, time: Time) -> Date {
    day.instant(time).date()
}

fn date(answer: &Answer, walk: &Walk<'_>, words: &Words) -> String {
    let first = walk.steps.first().map_or(walk.carer.shift_start, |step| step.start);
    (words.date)(local_date(&answer.day, first))
}

fn facts(answer: &Answer, walk: &Walk<'_>, words: &Words) -> Markup {
    let carer = walk.carer;
    let place = |place: PlaceId| &answer.instance.places[place.index()].id;
    html! {
        dl {
            (fact(words.shift, &shift(&answer.day, carer)))
            (fact(words.visits, &walk.visits().to_string()))
            (fact(words.how, &how(carer, words)))
            (fact(words.start_at, &place(carer.start).0))
            @let doors = doors(answer, walk, carer.start);
            @if !doors.is_empty() { (fact(words.keys, &(words.doors)(&doors))) }
            @if carer.end != carer.start { (fact(words.end_at, &place(carer.end).0)) }
            @if walk.overtime() > Seconds::ZERO {
                (fact(words.overtime, &number::minutes_up(walk.overtime())))
            }
        }
    }
}

/// The doors of the list whose key hangs there, in order, each once.
fn doors(answer: &Answer, walk: &Walk<'_>, key: PlaceId) -> Vec<String> {
    let mut doors: Vec<String> = Vec::new();
    for visit in walk.steps.iter().filter_map(|step| step.visit) {
        let door = &answer.instance.places[visit.place.index()];
        if door.key_at == Some(key) && !doors.contains(&door.id.0) {
            doors.push(door.id.0.clone());
        }
    }
    doors
}

fn fact(name: &str, told: &str) -> Markup {
    html! { div { dt { (name) } dd { (told) } } }
}

fn how(carer: &Carer, words: &Words) -> String {
    match &carer.vehicle {
        Some(vehicle) => format!("{} ({vehicle})", words.mode(carer.mode)),
        None => words.mode(carer.mode).to_owned(),
    }
}

fn stops(answer: &Answer, walk: &Walk<'_>, title: &str, words: &Words) -> Markup {
    let columns = [words.time, words.what, words.place, words.travel, words.window, words.notes];
    let date = |step: &Step<'_>| local_date(&answer.day, step.start);
    html! {
        table.cards.stops role="table" aria-labelledby=(title) {
            (head(&columns))
            @for (part, steps) in walk.steps.chunk_by(|a, b| date(a) == date(b)).enumerate() {
                tbody role="rowgroup" {
                    @if part > 0 {
                        tr.midnight role="row" {
                            th role="rowheader" scope="rowgroup" colspan="6" {
                                ((words.date)(date(&steps[0])))
                            }
                        }
                    }
                    @for step in steps { (row(answer, walk, step, words)) }
                }
            }
        }
    }
}

fn row(answer: &Answer, walk: &Walk<'_>, step: &Step<'_>, words: &Words) -> Markup {
    let place = &answer.instance.places[step.place.index()].id;
    html! {
        tr.base[matches!(step.stop, Stop::Leave { .. } | Stop::Return { .. })] role="row" {
            th role="rowheader" scope="row" {
                (span(&answer.day, step.start, step.end))
                @if step.end > step.start {
                    span.detail { (number::minutes(step.end - step.start)) }
                }
            }
            (cell(words.what, &what(answer, walk, step, words)))
            (cell(words.place, &html! { (place) }))
            (cell(words.travel, &travel(&answer.day, step, words)))
            (cell(words.window, &html! {
                @if let Some(visit) = step.visit { (windows(&answer.day, visit, words)) }
            }))
            (cell(words.notes, &notes(step, words)))
        }
    }
}

fn what(answer: &Answer, walk: &Walk<'_>, step: &Step<'_>, words: &Words) -> Markup {
    match (step.stop, step.visit) {
        (_, Some(visit)) => html! {
            b { (visit.patient) }
            span.detail { (words.visit) " " (visit.id) }
        },
        (Stop::Leave { .. }, _) => html! { (words.leave) },
        (Stop::Return { .. }, _) => html! { (words.home) },
        (Stop::Key { place, .. }, _) => html! {
            b { (words.key) }
            span.detail { ((words.doors)(&doors(answer, walk, *place))) }
        },
        (Stop::Break { .. } | Stop::Visit(_), _) => html! { b { (words.rest) } },
    }
}

fn travel(day: &Day, step: &Step<'_>, words: &Words) -> Markup {
    let there = day.clock(step.arrive);
    html! {
        @if step.travel.seconds > Seconds::ZERO {
            (number::minutes(step.travel.seconds)) ", " (number::way(step.travel.metres))
            @if there != day.clock(step.start) { span.detail { ((words.there)(&there)) } }
        }
    }
}

fn notes(step: &Step<'_>, words: &Words) -> Markup {
    let criticality = step.visit.map(|visit| visit.criticality);
    let marked = criticality.filter(|criticality| *criticality != Criticality::Normal);
    let (late, with) = match step.stop {
        Stop::Visit(made) => (made.late, made.with.as_slice()),
        _ => (Seconds::ZERO, [].as_slice()),
    };
    let others: Vec<_> = with.iter().map(ToString::to_string).collect();
    let waits = step.wait >= Seconds::minutes(1);
    let something = marked.is_some() || late > Seconds::ZERO || waits || !others.is_empty();
    html! {
        @if something || step.access > Seconds::ZERO {
            ul.notes {
                @if late > Seconds::ZERO {
                    li.mark { strong.tag.late { ((words.late)(&number::minutes_up(late))) } } " "
                }
                @if let Some(criticality) = marked {
                    li.mark { span.tag.critical[criticality == Criticality::TimeCritical] {
                        (words.criticality(criticality))
                    } } " "
                }
                @if !others.is_empty() { li { b { ((words.with)(&others)) } } " " }
                @if step.access > Seconds::ZERO {
                    li { ((words.access)(&number::minutes(step.access))) } " "
                }
                @if waits { li { ((words.wait)(&number::minutes(step.wait))) } }
            }
        }
    }
}
