//! Pins are kept exactly or refused: a pinned carer must be on the list, allowed, and at work; a
//! pinned start must lie where the visit may start; and nobody can be pinned to two doors at once.

use std::collections::BTreeMap;

use hjemrute_travel::Time;

use super::starts::Starts;
use crate::fault::{Fault, Subject};
use crate::plan::{Carer, CarerRef, Instance, Said, Status, Visit};
use crate::rules;

pub(super) fn faults(instance: &Instance) -> Vec<Fault> {
    let carers: BTreeMap<&CarerRef, &Carer> =
        instance.carers.iter().map(|carer| (&carer.id, carer)).collect();
    let planned = || instance.visits.iter().filter(|visit| visit.status == Status::Planned);
    let alone = planned().flat_map(|visit| {
        let (by_start, starts) = start_fault(instance, visit);
        let by_carer = carer_fault(visit, &carers, &starts);
        by_start.into_iter().chain(by_carer)
    });
    alone.chain(two_doors_at_once(planned())).collect()
}

/// What is wrong with the pinned start, and the starts that windows and pin leave.
fn start_fault(instance: &Instance, visit: &Visit) -> (Option<Fault>, Starts) {
    let starts = Starts::of(instance, visit);
    let Some(pinned) = visit.pinned.start else { return (None, starts) };
    let left = starts.within(pinned, pinned);
    if left.is_empty() {
        let why = Said::new(
            "The pinned start lies outside the windows, even with the lateness that is allowed.",
            "Den låste starten ligger utenfor vinduene, selv med den forsinkelsen som er tillatt.",
        );
        return (Some(infeasible(visit, "pinned/start", why)), starts);
    }
    let at_work = instance.carers.iter().filter(|carer| is_at_work(carer, visit, pinned)).count();
    let enough = instance.carers.is_empty() || at_work >= visit.carers();
    let why = || {
        Said::new(
            "Too few carers are at work from the pinned start to the end of the visit.",
            "For få ansatte er på jobb fra den låste starten til besøket er slutt.",
        )
    };
    ((!enough).then(|| infeasible(visit, "pinned/start", why())), left)
}

/// What is wrong with the pinned carer, given the starts that are left.
fn carer_fault(
    visit: &Visit,
    carers: &BTreeMap<&CarerRef, &Carer>,
    starts: &Starts,
) -> Option<Fault> {
    let name = visit.pinned.carer.as_ref()?;
    let Some(carer) = carers.get(name) else { return Some(unknown_carer(visit)) };
    let avoided = visit.continuity.as_ref().is_some_and(|wish| wish.avoid.contains(name));
    let why = if avoided {
        Said::new(
            format!("{name} is pinned, but is one whom the patient must not meet."),
            format!("{name} er låst til besøket, men skal ikke sendes til pasienten."),
        )
    } else if !visit.crew.iter().any(|skills| rules::has(&carer.skills, skills)) {
        Said::new(
            format!("{name} is pinned, but does not have the skills of the visit."),
            format!("{name} er låst til besøket, men har ikke kompetansen det krever."),
        )
    } else {
        let last = carer.shift_end + carer.overtime - visit.lasts(name);
        let at_work = starts.within(carer.shift_start, last);
        at_work.is_empty().then(|| {
            Said::new(
                format!("{name} is pinned, but is not at work when the visit may start."),
                format!("{name} er låst til besøket, men er ikke på jobb når det kan starte."),
            )
        })?
    };
    Some(infeasible(visit, "pinned/carer", why))
}

/// Visits that are pinned to the same carer at times that overlap: the later of each two.
fn two_doors_at_once<'i>(visits: impl Iterator<Item = &'i Visit>) -> Vec<Fault> {
    let mut pinned: Vec<(&CarerRef, Time, &Visit)> = visits
        .filter_map(|visit| Some((visit.pinned.carer.as_ref()?, visit.pinned.start?, visit)))
        .collect();
    pinned.sort_by_key(|&(carer, start, _)| (carer, start));
    let clash = |pair: &[(&CarerRef, Time, &Visit)]| {
        let ((one, begins, first), (other, start, second)) = (pair[0], pair[1]);
        let overlaps = one == other && start < begins + first.lasts(one);
        let why = Said::new(
            format!("{one} is pinned to {} at the same time.", first.id),
            format!("{one} er låst til {} på samme tid.", first.id),
        );
        overlaps.then(|| infeasible(second, "pinned/start", why))
    };
    pinned.windows(2).filter_map(clash).collect()
}

fn is_at_work(carer: &Carer, visit: &Visit, start: Time) -> bool {
    carer.shift_start <= start && start + visit.lasts(&carer.id) <= carer.shift_end + carer.overtime
}

fn infeasible(visit: &Visit, field: &'static str, detail: Said) -> Fault {
    Fault {
        code: "pin-infeasible",
        subject: Subject::Visit(visit.id.clone()),
        field,
        detail,
        fix: Said::new(
            "A pin is kept exactly or refused: change it, or what it stands against.",
            "En låsing holdes nøyaktig eller avvises: endre den, eller det den står imot.",
        ),
    }
}

fn unknown_carer(visit: &Visit) -> Fault {
    Fault {
        code: "unknown-reference",
        subject: Subject::Visit(visit.id.clone()),
        field: "pinned/carer",
        detail: Said::new(
            "The pinned carer is not on the list.",
            "Den ansatte som besøket er låst til, står ikke på listen.",
        ),
        fix: Said::new(
            "Put the carer on the list, or take the pin away.",
            "Sett ansatten på listen, eller fjern låsingen.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use hjemrute_travel::Seconds;

    use super::super::tests::{day, told};
    use super::*;
    use crate::plan::{Continuity, Pin};

    fn pinned(carer: Option<&str>, start: Option<Time>) -> Instance {
        let mut day = day();
        day.visits[0].pinned = Pin { carer: carer.map(CarerRef::from), start };
        day
    }

    #[test]
    fn pins_that_can_be_kept_are_no_faults() {
        assert_eq!(told(&pinned(Some("c-1"), Some(Time::at(8, 30)))), []);
        assert_eq!(told(&pinned(None, Some(Time::at(11, 0)))), [], "as late as it may be");
    }

    #[test]
    fn a_pinned_carer_must_be_there_allowed_able_and_at_work() {
        assert_eq!(told(&pinned(Some("c-9"), None)), [("unknown-reference", "pinned/carer")]);
        let infeasible = [("pin-infeasible", "pinned/carer")];
        let mut avoided = pinned(Some("c-1"), None);
        let avoid = [CarerRef::from("c-1")].into();
        avoided.visits[0].continuity = Some(Continuity { avoid, ..Continuity::default() });
        assert_eq!(told(&avoided), infeasible);
        let mut unable = pinned(Some("c-1"), None);
        unable.visits[0].crew[0].all_of = ["sykepleier".into()].into();
        assert_eq!(told(&unable), infeasible);
        let mut away = pinned(Some("c-1"), None);
        away.carers[0].shift_start = Time::at(12, 0);
        assert_eq!(told(&away), infeasible);
    }

    #[test]
    fn a_pinned_start_must_lie_in_the_windows_and_in_somebodys_shift() {
        let infeasible = [("pin-infeasible", "pinned/start")];
        assert_eq!(told(&pinned(None, Some(Time::at(7, 59)))), infeasible);
        assert_eq!(told(&pinned(None, Some(Time::at(11, 1)))), infeasible);
        let mut nobody = pinned(None, Some(Time::at(8, 0)));
        nobody.carers.iter_mut().for_each(|carer| carer.shift_start = Time::at(8, 1));
        assert_eq!(told(&nobody), infeasible);
        nobody.carers.clear();
        assert_eq!(told(&nobody), [], "no carers at all is told in the plan");
    }

    #[test]
    fn nobody_is_pinned_to_two_doors_at_once() {
        let mut day = pinned(Some("c-1"), Some(Time::at(8, 0)));
        let second = |minute| Pin { carer: Some("c-1".into()), start: Some(Time::at(8, minute)) };
        day.visits[0].duration = Seconds::minutes(20);
        day.visits[1].pinned = second(20);
        assert_eq!(told(&day), []);
        day.visits[1].pinned = second(19);
        assert_eq!(told(&day), [("pin-infeasible", "pinned/start")]);
    }
}
