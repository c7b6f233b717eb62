//! Lengths and spans of one visit or one carer that leave no room: a window that closes before it
//! opens, a visit of no length, a shift that ends before it starts, a break longer than its window.

use hjemrute_travel::Seconds;

use crate::fault::{Fault, Subject};
use crate::plan::{Carer, Criticality, Instance, Said, Visit};
use crate::score::Cost;

/// The longest visit, and the longest break.
const LONGEST: Seconds = Seconds::minutes(720);

/// The highest price of leaving a visit out: three thousand years of travel, and a million of them
/// can still be added up.
const DEAREST: Cost = Cost(1_000_000_000_000);

pub(super) fn faults(instance: &Instance) -> Vec<Fault> {
    let visits = instance.visits.iter().flat_map(of_visit);
    visits.chain(instance.carers.iter().flat_map(of_carer)).collect()
}

fn of_visit(visit: &Visit) -> Vec<Fault> {
    let fault = |code, field, detail, fix| {
        let subject = Subject::Visit(visit.id.clone());
        Fault { code, subject, field, detail, fix }
    };
    let mut faults = Vec::new();
    if visit.windows.iter().any(|window| window.latest < window.earliest) {
        faults.push(fault(
            "window-empty",
            "window",
            Said::new("The window closes before it opens.", "Vinduet lukkes før det åpnes."),
            Said::new(
                "Correct the earliest or the latest start.",
                "Rett tidligste eller seneste start.",
            ),
        ));
    }
    let lengths = || visit.paces.values().chain([&visit.duration]);
    if !lengths().all(|length| (Seconds(1)..=LONGEST).contains(length)) {
        faults.push(fault(
            "duration-out-of-range",
            "durationMinutes",
            Said::new(
                "A visit lasts more than nothing and at most 12 hours.",
                "Et besøk varer mer enn null og høyst 12 timer.",
            ),
            Said::new("Correct the duration.", "Rett varigheten."),
        ));
    }
    if !visit.left_out.is_none_or(|price| price_is_sensible(visit, price)) {
        faults.push(fault(
            "number-out-of-range",
            "leftOut",
            Said::new(
                "Only an optional visit has a price of its own for being left out, of nothing or more and no more than makes sense.",
                "Bare et valgfritt besøk har sin egen pris for å bli utelatt, null eller mer og ikke mer enn det er mening i.",
            ),
            Said::new("Make it optional, or leave the price out.", "Gjør det valgfritt, eller dropp prisen."),
        ));
    }
    if !visit.paces.is_empty() && visit.carers() > 1 {
        faults.push(fault(
            "either-or",
            "durationMinutes",
            Said::new(
                "Two who come together stay equally long.",
                "To som kommer sammen, blir like lenge.",
            ),
            Said::new(
                "Write one number of minutes, or one carer.",
                "Skriv ett antall minutter, eller én ansatt.",
            ),
        ));
    }
    if !(1..=2).contains(&visit.carers()) {
        faults.push(fault(
            "number-out-of-range",
            "carers",
            Said::new(
                "A visit is made by one carer or two.",
                "Et besøk gjøres av én eller to ansatte.",
            ),
            Said::new("Write 1 or 2.", "Skriv 1 eller 2."),
        ));
    }
    faults
}

fn price_is_sensible(visit: &Visit, price: Cost) -> bool {
    visit.criticality == Criticality::Optional && (Cost::ZERO..=DEAREST).contains(&price)
}

fn of_carer(carer: &Carer) -> Vec<Fault> {
    let fault = |code, field, detail, fix| {
        let subject = Subject::Carer(carer.id.clone());
        Fault { code, subject, field, detail, fix }
    };
    if carer.shift_end <= carer.shift_start {
        return vec![fault(
            "shift-empty",
            "shift",
            Said::new(
                "The shift ends no later than it starts.",
                "Vakten slutter ikke etter at den starter.",
            ),
            Said::new("Correct the start or the end.", "Rett start eller slutt."),
        )];
    }
    let Some(rest) = carer.rest else { return Vec::new() };
    let from = rest.earliest.max(carer.shift_start);
    let until = rest.latest.min(carer.shift_end + carer.overtime);
    if until - from >= rest.length && rest.length > Seconds::ZERO {
        return Vec::new();
    }
    vec![fault(
        "break-infeasible",
        "break",
        Said::new(
            "The break is longer than the part of its window that lies in the shift.",
            "Pausen er lengre enn den delen av vinduet som ligger i vakten.",
        ),
        Said::new(
            "`earliest` is when the break may begin, `latest` when it must be over. Widen the window or shorten the break; past midnight the hours go on from 24:00.",
            "`earliest` er når pausen kan begynne, `latest` når den må være over. Utvid vinduet eller kort ned pausen; etter midnatt fortsetter timene fra 24:00.",
        ),
    )]
}

#[cfg(test)]
mod tests {
    use hjemrute_travel::Time;

    use super::super::tests::{day, told};
    use super::*;
    use crate::plan::{Break, TimeWindow};

    #[test]
    fn spans_without_room_are_faults() {
        let mut day = day();
        day.visits[0].windows =
            vec![TimeWindow { earliest: Time::at(9, 0), latest: Time::at(8, 59) }];
        day.visits[1].duration = Seconds::ZERO;
        day.visits[1].crew.clear();
        day.carers[0].shift_end = day.carers[0].shift_start;
        let wanted = [
            ("window-empty", "window"),
            ("duration-out-of-range", "durationMinutes"),
            ("number-out-of-range", "carers"),
            ("shift-empty", "shift"),
        ];
        assert_eq!(told(&day), wanted);
    }

    #[test]
    fn who_takes_another_time_comes_alone() {
        let mut day = day();
        let carer = day.carers[0].id.clone();
        day.visits[0].paces.insert(carer.clone(), Seconds::minutes(30));
        assert_eq!(told(&day), []);
        day.visits[0].crew.push(Default::default());
        assert_eq!(told(&day), [("either-or", "durationMinutes")]);
        day.visits[0].crew.pop();
        day.visits[0].paces.insert(carer, Seconds::ZERO);
        assert_eq!(told(&day), [("duration-out-of-range", "durationMinutes")]);
    }

    #[test]
    fn only_an_optional_visit_has_a_price_of_its_own() {
        let mut day = day();
        day.visits[0].left_out = Some(Cost(1));
        assert_eq!(told(&day), [("number-out-of-range", "leftOut")]);
        day.visits[0].criticality = Criticality::Optional;
        assert_eq!(told(&day), []);
        day.visits[0].left_out = Some(Cost(-1));
        assert_eq!(told(&day), [("number-out-of-range", "leftOut")]);
    }

    #[test]
    fn a_break_must_fit_into_its_window_and_the_shift() {
        // The shift is 07:30 to 15:00; of 14:45 to 15:30 a quarter of an hour is left, with half an
        // hour of overtime all of it.
        let mut day = day();
        let rest = |minutes| Break {
            length: Seconds::minutes(minutes),
            earliest: Time::at(14, 45),
            latest: Time::at(15, 30),
            paid: true,
            place: None,
        };
        day.carers[0].rest = Some(rest(15));
        assert_eq!(told(&day), []);
        day.carers[0].rest = Some(rest(30));
        assert_eq!(told(&day), [("break-infeasible", "break")]);
        day.carers[0].overtime = Seconds::minutes(30);
        assert_eq!(told(&day), []);
    }
}
