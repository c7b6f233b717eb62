//! Everything in an instance that cannot be meant, found at once: ids that stand twice or lead
//! nowhere, spans of no length, pins that break a rule, and chains of gaps that no clock can
//! satisfy. What can be meant but not done is no fault; the plan gives such a visit its reason.

mod chains;
mod pins;
mod spans;
mod starts;
mod vehicles;

use std::collections::BTreeSet;

use crate::fault::{Fault, Subject};
use crate::plan::{Instance, Said};

/// Every fault of the instance. Without one it can be planned.
pub fn faults(instance: &Instance) -> Vec<Fault> {
    [
        repeated_ids(instance),
        spans::faults(instance),
        chains::faults(instance),
        pins::faults(instance),
        vehicles::faults(instance),
    ]
    .concat()
}

fn repeated_ids(instance: &Instance) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let visits = instance.visits.iter().map(|visit| Subject::Visit(visit.id.clone()));
    let carers = instance.carers.iter().map(|carer| Subject::Carer(carer.id.clone()));
    let places = instance.places.iter().map(|place| Subject::Location(place.id.clone()));
    visits
        .chain(carers)
        .chain(places)
        .filter(|subject| !seen.insert(subject.clone()))
        .map(repeated)
        .collect()
}

fn repeated(subject: Subject) -> Fault {
    let (code, field) = match subject {
        Subject::Visit(_) => ("duplicate-visit-id", "id"),
        Subject::Carer(_) => ("duplicate-id", "ref"),
        Subject::Location(_) => ("duplicate-id", "id"),
    };
    Fault {
        code,
        subject,
        field,
        detail: Said::new(
            "The id stands more than once on the list; the same visit could be made twice.",
            "Id-en står mer enn én gang på listen; det samme besøket kunne bli utført to ganger.",
        ),
        fix: Said::new("Give each its own id.", "Gi hver sin egen id."),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use hjemrute_travel::{Mode, PlaceId, Position, Seconds, Time};

    use super::*;
    use crate::plan::*;
    use crate::policy::Policy;

    /// Two visits and two carers at one place, with nothing wrong.
    pub(crate) fn day() -> Instance {
        let place = Place {
            id: "BASE".into(),
            position: Position { lon: 107_000_000, lat: 599_000_000 },
            access: Seconds::ZERO,
            key_at: None,
        };
        Instance {
            places: vec![place],
            visits: vec![visit("v1"), visit("v2")],
            carers: vec![carer("c-1"), carer("c-2")],
            policy: Policy::standard(),
            published: None,
        }
    }

    pub(crate) fn visit(id: &str) -> Visit {
        Visit {
            id: id.into(),
            patient: "p".into(),
            place: PlaceId(0),
            duration: Seconds::minutes(20),
            paces: BTreeMap::new(),
            preferred: None,
            helps: None,
            windows: vec![TimeWindow { earliest: Time::at(8, 0), latest: Time::at(9, 0) }],
            criticality: Criticality::Normal,
            load: Load::default(),
            left_out: None,
            crew: vec![Skills::default()],
            continuity: None,
            gap: None,
            pinned: Pin::default(),
            status: Status::Planned,
        }
    }

    pub(crate) fn carer(id: &str) -> Carer {
        Carer {
            id: id.into(),
            skills: BTreeSet::new(),
            shift_start: Time::at(7, 30),
            shift_end: Time::at(15, 0),
            overtime: Seconds::ZERO,
            mode: Mode::Foot,
            vehicle: None,
            pool: Default::default(),
            start: PlaceId(0),
            end: PlaceId(0),
            rest: None,
            capacity: None,
        }
    }

    /// The faults of the day as `(code, field)`.
    pub(crate) fn told(instance: &Instance) -> Vec<(&'static str, &'static str)> {
        faults(instance).into_iter().map(|fault| (fault.code, fault.field)).collect()
    }

    #[test]
    fn a_plain_day_has_no_fault_and_an_empty_one_neither() {
        assert_eq!(told(&day()), []);
        assert_eq!(told(&Instance { visits: Vec::new(), carers: Vec::new(), ..day() }), []);
    }

    #[test]
    fn the_second_of_an_id_is_a_fault() {
        let mut day = day();
        day.visits[1].id = "v1".into();
        day.carers[1].id = "c-1".into();
        assert_eq!(told(&day), [("duplicate-visit-id", "id"), ("duplicate-id", "ref")]);
    }
}
