//! The first sheet, for the scheduler: what needs a decision first, then who goes, then the figures
//! with their definitions.

use std::collections::BTreeSet;

use hjemrute_solver::{
    Criticality, ReasonCode, Unassigned, Value, Visit, VisitId, Walk, Warning, kpi,
};
use hjemrute_travel::Mode;
use maud::{Markup, html};

use super::words::{Totals, Words};
use super::{anchor, cell, head, number, sheet};
use crate::{Answer, InputFault};

/// The overview of the day.
pub(super) fn draw(answer: &Answer, walks: &[Walk<'_>], words: &Words) -> Markup {
    html! {
        header.masthead {
            p.kicker { (words.title) }
            h1 { (capital(&(words.date)(answer.day.date()))) }
            p { ((words.list_and_version)(&answer.list_id, answer.version)) }
            p.summary { ((words.summary)(&totals(answer, walks))) }
            @if let Some(bound) = &answer.bound {
                p { ((words.proved)(&number::hundredths_of_percent(bound.gap(&answer.plan.score)), &bound.relaxes)) }
            }
        }
        (warnings(answer, words))
        (unassigned(answer, words))
        (rejected(answer, words))
        (carers(answer, walks, words))
        (figures(answer, words))
        footer.made {
            p { ((words.made)(&answer.made)) }
            p { (words.map_licence) }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn totals(answer: &Answer, walks: &[Walk<'_>]) -> Totals {
    let steps = walks.iter().flat_map(|walk| &walk.steps);
    let planned: BTreeSet<_> =
        steps.filter_map(|step| step.visit).map(|visit| visit.told()).collect();
    let cancelled = known_left_out(answer).filter(|left| is_cancelled(left)).count();
    Totals {
        planned: planned.len(),
        out: walks.iter().filter(|walk| !walk.steps.is_empty()).count(),
        carers: walks.len(),
        unassigned: known_left_out(answer).count() - cancelled,
        cancelled,
        rejected: answer.rejected.len(),
    }
}

/// The visits that nobody makes; of one that is in parts, not the parts.
fn known_left_out(answer: &Answer) -> impl Iterator<Item = &Unassigned> {
    let parts: BTreeSet<&VisitId> =
        answer.instance.visits.iter().filter(|it| it.helps.is_some()).map(|it| &it.id).collect();
    answer.plan.unassigned.iter().filter(move |left| !parts.contains(&left.visit))
}

fn is_cancelled(left: &Unassigned) -> bool {
    left.reason.code == ReasonCode::Cancelled
}

fn warnings(answer: &Answer, words: &Words) -> Markup {
    html! {
        section.look[!answer.plan.warnings.is_empty()] aria-labelledby="varsler" {
            h2 #varsler { (words.warnings) }
            @if answer.plan.warnings.is_empty() {
                p { (words.no_warnings) }
            } @else {
                ul {
                    @for warning in &answer.plan.warnings {
                        li {
                            @let about = unsaid(warning, words);
                            @if !about.is_empty() { b { (about.join(", ")) ":" } " " }
                            ((words.said)(&warning.detail))
                        }
                    }
                }
            }
        }
    }
}

/// The references of a warning that its sentence does not name.
fn unsaid(warning: &Warning, words: &Words) -> Vec<String> {
    let visit = warning.visit.as_ref().map(ToString::to_string);
    let carer = warning.carer.as_ref().map(ToString::to_string);
    let said = (words.said)(&warning.detail);
    visit.into_iter().chain(carer).filter(|name| !said.contains(name.as_str())).collect()
}

fn unassigned(answer: &Answer, words: &Words) -> Markup {
    let columns =
        [words.visit, words.criticality_label, words.window, words.duration, words.reason];
    html! {
        section aria-labelledby="ufordelt" {
            h2 #ufordelt { (words.unassigned) }
            @if answer.plan.unassigned.is_empty() {
                p { (words.no_unassigned) }
            } @else {
                table.cards role="table" aria-labelledby="ufordelt" {
                    (head(&columns))
                    tbody role="rowgroup" {
                        @for (left, visit) in most_critical_first(answer) {
                            (left_out(answer, left, visit, words))
                        }
                    }
                }
            }
        }
    }
}

/// The visits that nobody makes, the cancelled ones last: nothing is to be done about them.
fn most_critical_first(answer: &Answer) -> Vec<(&Unassigned, &Visit)> {
    let visit = |id: &VisitId| answer.instance.visits.iter().find(|visit| visit.id == *id);
    let left = known_left_out(answer);
    let mut left: Vec<_> =
        left.filter_map(|left| visit(&left.visit).map(|visit| (left, visit))).collect();
    left.sort_by_key(|(left, visit)| (is_cancelled(left), visit.criticality));
    left
}

fn left_out(answer: &Answer, left: &Unassigned, visit: &Visit, words: &Words) -> Markup {
    html! {
        tr role="row" {
            th role="rowheader" scope="row" { (visit.id) }
            (cell(words.criticality_label, &html! { (words.criticality(visit.criticality)) }))
            (cell(words.window, &sheet::windows(&answer.day, visit, words)))
            (cell(words.duration, &html! { (number::minutes(visit.duration)) }))
            (cell(words.reason, &html! {
                ((words.said)(&left.reason.detail))
                @for ruled_out in &left.reason.ruled_out {
                    @let carers: Vec<String> = ruled_out.carers.iter().map(ToString::to_string).collect();
                    span.detail { ((words.ruled_out)(ruled_out.rule, &carers)) }
                }
            }))
        }
    }
}

fn rejected(answer: &Answer, words: &Words) -> Markup {
    html! {
        @if !answer.rejected.is_empty() {
            section aria-labelledby="avvist" {
                h2 #avvist { (words.rejected) }
                table.cards role="table" aria-labelledby="avvist" {
                    (head(&[words.visit, words.fault, words.fix]))
                    tbody role="rowgroup" {
                        @for (visit, faults) in &answer.rejected {
                            @for fault in faults { (rejection(visit, fault, words)) }
                        }
                    }
                }
            }
        }
    }
}

fn rejection(visit: &VisitId, fault: &InputFault, words: &Words) -> Markup {
    html! {
        tr role="row" {
            th role="rowheader" scope="row" { (visit) }
            (cell(words.fault, &html! {
                ((words.said)(&fault.detail))
                @if let Some(pointer) = &fault.caused_by {
                    span.detail { ((words.caused_by)(pointer)) }
                }
            }))
            (cell(words.fix, &html! { ((words.said)(&fault.fix)) }))
        }
    }
}

fn carers(answer: &Answer, walks: &[Walk<'_>], words: &Words) -> Markup {
    let columns =
        [words.carer, words.shift, words.how, words.visits, words.out, words.back, words.overtime];
    html! {
        section aria-labelledby="ansatte" {
            h2 #ansatte { (words.carers) }
            table.cards role="table" aria-labelledby="ansatte" {
                (head(&columns))
                tbody role="rowgroup" {
                    @for (number, walk) in walks.iter().enumerate() {
                        (carer(answer, number, walk, words))
                    }
                }
            }
        }
    }
}

fn carer(answer: &Answer, number: usize, walk: &Walk<'_>, words: &Words) -> Markup {
    let clock = |time| answer.day.clock(time);
    html! {
        tr role="row" {
            th role="rowheader" scope="row" {
                @if walk.steps.is_empty() {
                    (walk.carer.id)
                } @else {
                    a href={ "#" (anchor(number)) } { (walk.carer.id) }
                }
            }
            (cell(words.shift, &html! { (sheet::shift(&answer.day, walk.carer)) }))
            (cell(words.how, &html! { (words.mode(walk.carer.mode)) }))
            @if let (Some(out), Some(back)) = sheet::out_and_back(walk) {
                (cell(words.visits, &html! { (walk.visits()) }))
                (cell(words.out, &html! { (clock(out)) }))
                (cell(words.back, &html! { (clock(back)) }))
                (cell(words.overtime, &html! { (number::minutes_up(walk.overtime())) }))
            } @else {
                td role="cell" colspan="4" { (words.stays) }
            }
        }
    }
}

fn figures(answer: &Answer, words: &Words) -> Markup {
    html! {
        section aria-labelledby="tall" {
            h2 #tall { (words.figures) }
            table.cards.figures role="table" aria-labelledby="tall" {
                (head(&[words.figure, words.value, words.share, words.meaning]))
                tbody role="rowgroup" {
                    @for figure in kpi(&answer.instance, &answer.plan).figures() {
                        tr role="row" {
                            th role="rowheader" scope="row" { ((words.text)(figure.definition.label)) }
                            (cell(words.value, &value(figure.value, words)))
                            (cell(words.share, &html! { (share(figure.value).unwrap_or_default()) }))
                            (cell(words.meaning, &html! { ((words.text)(figure.definition.meaning)) }))
                        }
                    }
                }
            }
        }
    }
}

fn share(value: Value) -> Option<String> {
    match value {
        Value::PartOfPaid(_, ratio) => number::percent(ratio),
        _ => None,
    }
}

fn value(value: Value, words: &Words) -> Markup {
    let or_nothing = |told: Option<String>| told.unwrap_or_else(|| words.nothing.to_owned());
    let hours = |times: [_; 4]| times.map(number::hours);
    match value {
        Value::Time(time) | Value::PartOfPaid(time, _) => html! { (number::hours(time)) },
        Value::Share(ratio) => html! { (or_nothing(number::percent(ratio))) },
        Value::Mean(ratio) => html! { (or_nothing(number::mean(ratio))) },
        Value::CountSpread(spread) => {
            let [min, median, max] = [spread.min, spread.median, spread.max].map(|n| n.to_string());
            html! { ((words.spread)(&min, &median, &max)) }
        }
        Value::TimeSpread(spread) => {
            let [min, median, max] = [spread.min, spread.median, spread.max].map(number::hours);
            html! { ((words.spread)(&min, &median, &max)) }
        }
        Value::TimeByCriticality(late) => {
            by_name(late.map(|time| time.0 > 0), hours(late), words.criticality)
        }
        Value::CountByCriticality(counts) => {
            by_name(counts.map(|count| count > 0), counts.map(|n| n.to_string()), words.criticality)
        }
        Value::WayByMode(way) => {
            by_name(way.map(|way| way.0 > 0), way.map(number::way), words.mode)
        }
        Value::GramsByMode(grams) => {
            by_name(grams.map(|grams| grams > 0), grams.map(number::weight), words.mode)
        }
    }
}

/// Each figure that there is with its name; the first figure (nothing) alone where there is none.
fn by_name(there: [bool; 4], told: [String; 4], names: [&str; 4]) -> Markup {
    const { assert!(Mode::ALL.len() == 4 && Criticality::ALL.len() == 4) };
    if there == [false; 4] {
        return html! { (told[0]) };
    }
    html! {
        ul.plain {
            @for ((_, told), name) in there.iter().zip(&told).zip(names).filter(|((there, _), _)| **there) {
                li { (name.to_lowercase()) " " (told) }
            }
        }
    }
}
