//! A day that has begun and cannot be driven on: who has set off may have a key in hand or be resting
//! at a place of its own, which a published plan is not read for.

use crate::fault::{Fault, Subject};
use crate::plan::{Carer, Instance, Said, Status};

/// The carers who have set off, and have a break at a place of its own or may have to fetch a key.
pub(super) fn faults(instance: &Instance) -> Vec<Fault> {
    let Some(published) = &instance.published else { return Vec::new() };
    let under_way = instance.carers.iter().filter(|carer| published.begun.contains_key(&carer.id));
    under_way
        .filter_map(|carer| detour(instance, carer))
        .map(|(carer, field)| fault(carer, field))
        .collect()
}

/// What may take the carer somewhere else than to visits.
fn detour<'a>(instance: &Instance, carer: &'a Carer) -> Option<(&'a Carer, &'static str)> {
    if carer.rest.is_some_and(|rest| rest.place.is_some()) {
        return Some((carer, "break/place"));
    }
    let mut planned = instance.visits.iter().filter(|visit| visit.status == Status::Planned);
    let fetches = planned.any(|visit| {
        let key = instance.places[visit.place.index()].key_at;
        key.is_some_and(|key| key != carer.start || key != carer.end)
    });
    fetches.then_some((carer, "start"))
}

fn fault(carer: &Carer, field: &'static str) -> Fault {
    Fault {
        code: "begun-with-keys",
        subject: Subject::Carer(carer.id.clone()),
        field,
        detail: Said::new(
            "The carer has set off already, and keys that are fetched elsewhere and breaks at a place cannot be planned anew by then.",
            "Den ansatte har dratt ut allerede, og nøkler som hentes andre steder og pauser på et bestemt sted kan da ikke planlegges på nytt.",
        ),
        fix: Said::new(
            "Take `keyAt` and the place of the break away, or plan anew before anybody sets off.",
            "Fjern `keyAt` og stedet for pausen, eller planlegg på nytt før noen drar ut.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use hjemrute_travel::{PlaceId, Time};

    use super::super::tests::{day, told};
    use crate::plan::{Begun, Place, Published};

    #[test]
    fn who_has_set_off_fetches_no_key() {
        let mut day = day();
        day.places.push(Place { id: "HOOK".into(), ..day.places[0].clone() });
        day.places[0].key_at = Some(PlaceId(1));
        day.published = Some(Published::default());
        assert_eq!(told(&day), []);
        let at = Time::at(8, 0);
        let begun =
            Begun { leave: at, stops: Vec::new(), rest: None, free: at, over: at, home: false };
        let carer = day.carers[0].id.clone();
        day.published.as_mut().unwrap().begun.insert(carer, begun);
        assert_eq!(told(&day), [("begun-with-keys", "start")]);
        day.places[0].key_at = Some(PlaceId(0));
        assert_eq!(told(&day), []);
    }
}
