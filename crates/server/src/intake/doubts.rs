//! What is accepted, but a scheduler should look at: doors far from a road or cut off from the
//! others, visits that look like the same visit, carers who were left out, a list without visits or
//! without carers.

use std::collections::BTreeMap;

use hjemrute_solver::{CarerRef, Instance, Said, Status, Visit, VisitId, Warning};
use hjemrute_travel::{Mode, PlaceId};

use super::places::{CutOff, Spot};
use crate::day::Day;
use crate::wire::List;

/// A door further than this from the nearest road is told.
const FAR_METRES: u32 = 50;

/// What is told of the list and of the instance that was made of it; `spots` are its places.
pub(super) fn warnings(list: &List, spots: &[Spot], instance: &Instance) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if list.visits.is_empty() {
        warnings.push(about_list(
            "no-visits",
            "There are no visits on the list.",
            "Det er ingen besøk på listen.",
        ));
    }
    if list.carers.is_empty() {
        warnings.push(about_list(
            "no-carers",
            "There are no carers on the list.",
            "Det er ingen ansatte på listen.",
        ));
    }
    warnings.extend(rejected_carers(list));
    warnings.extend(far_from_roads(spots, instance));
    warnings.extend(cut_off(spots, instance));
    warnings.extend(possible_duplicates(&instance.visits));
    warnings
}

/// Carers whose shift begins too soon after the one before it, where the list says when that ended.
pub(super) fn short_rests(list: &List, instance: &Instance, day: &Day) -> Vec<Warning> {
    let rules = instance.policy.working_time;
    let told = list.carers.iter().filter_map(|item| {
        let before = day.time_of(item.value.as_ref()?.last_shift_end?)?;
        let carer = instance.carers.iter().find(|carer| carer.id.0 == item.id)?;
        rules.too_soon(&carer.id, carer.shift_start - before)
    });
    told.collect()
}

fn about_list(code: &'static str, en: &str, nb: &str) -> Warning {
    Warning { code, visit: None, carer: None, detail: Said::new(en, nb) }
}

fn rejected_carers(list: &List) -> impl Iterator<Item = Warning> {
    list.carers.iter().filter_map(|carer| {
        let fault = carer.faults.first()?;
        Some(Warning {
            code: "rejected-carer",
            visit: None,
            carer: Some(CarerRef(carer.id.clone())),
            detail: Said::new(
                format!("The carer is not in the plan: {}", fault.detail.en),
                format!("Den ansatte er ikke med i planen: {}", fault.detail.nb),
            ),
        })
    })
}

fn far_from_roads(spots: &[Spot], instance: &Instance) -> Vec<Warning> {
    let far = |place: PlaceId| spots[place.index()].metres().filter(|&metres| metres > FAR_METRES);
    let detail = |metres: u32| {
        Said::new(
            format!(
                "The door lies {metres} m from the nearest road; look whether the place is right."
            ),
            format!("Døren ligger {metres} m fra nærmeste vei; se om stedet er riktig."),
        )
    };
    let warning = |visit, carer, metres| Warning {
        code: "snapped-far",
        visit,
        carer,
        detail: detail(metres),
    };
    let visits = instance
        .visits
        .iter()
        .filter_map(|visit| Some(warning(Some(visit.id.clone()), None, far(visit.place)?)));
    let carers = instance.carers.iter().filter_map(|carer| {
        let metres = far(carer.start).or_else(|| far(carer.end))?;
        Some(warning(None, Some(carer.id.clone()), metres))
    });
    visits.chain(carers).collect()
}

/// Doors that a way of travelling does not reach from everywhere; of carers only their own way counts.
fn cut_off(spots: &[Spot], instance: &Instance) -> Vec<Warning> {
    let of = |place: PlaceId| spots[place.index()].cut_off();
    let visits = instance.visits.iter().flat_map(|visit| {
        of(visit.place).map(|(mode, why)| (Some(visit.id.clone()), None, mode, why))
    });
    let carers = instance.carers.iter().filter_map(|carer| {
        let (mode, why) =
            of(carer.start).chain(of(carer.end)).find(|(mode, _)| *mode == carer.mode)?;
        Some((None, Some(carer.id.clone()), mode, why))
    });
    let warning = |(visit, carer, mode, why)| {
        let detail = cut_off_by(mode, why);
        Warning { code: "cut-off", visit, carer, detail }
    };
    visits.chain(carers).map(warning).collect()
}

fn cut_off_by(mode: Mode, why: CutOff) -> Said {
    let (en, nb) = match mode {
        Mode::Car => ("by car", "med bil"),
        Mode::Ebike => ("by ebike", "med elsykkel"),
        Mode::Bike => ("by bike", "med sykkel"),
        Mode::Foot => ("on foot", "til fots"),
    };
    match why {
        CutOff::Apart => Said::new(
            format!(
                "The roads here are not connected with the rest {en}: only who starts on them gets here."
            ),
            format!(
                "Veiene her henger ikke sammen med resten {nb}: bare den som starter der, kommer hit."
            ),
        ),
        CutOff::Far(Some(metres)) => Said::new(
            format!("Nobody gets here {en}: the nearest road is {metres} m away."),
            format!("Ingen kommer hit {nb}: nærmeste vei er {metres} m unna."),
        ),
        CutOff::Far(None) => Said::new(
            format!("Nobody gets here {en}: there is no road within 5 km."),
            format!("Ingen kommer hit {nb}: det er ingen vei innen 5 km."),
        ),
    }
}

/// Visits to the same patient, for the same skills, at times that overlap, with nothing between
/// them that says they are two.
fn possible_duplicates(visits: &[Visit]) -> Vec<Warning> {
    let mut by_patient: BTreeMap<_, Vec<&Visit>> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.status == Status::Planned) {
        by_patient.entry(&visit.patient).or_default().push(visit);
    }
    let mut like: BTreeMap<&VisitId, &VisitId> = BTreeMap::new();
    for of_one in by_patient.values() {
        for (at, second) in of_one.iter().enumerate() {
            let first = of_one[..at].iter().find(|first| look_alike(first, second));
            like.extend(first.map(|first| (&second.id, &first.id)));
        }
    }
    let in_order = visits.iter().filter_map(|visit| like.get_key_value(&visit.id));
    in_order.map(|(visit, other)| possible_duplicate(visit, other)).collect()
}

fn possible_duplicate(visit: &VisitId, other: &VisitId) -> Warning {
    Warning {
        code: "possible-duplicate-visit",
        visit: Some(visit.clone()),
        carer: None,
        detail: Said::new(
            format!(
                "It looks like {other}: the same patient, the same skills, windows that overlap."
            ),
            format!(
                "Det ligner på {other}: samme pasient, samme kompetanse, vinduer som overlapper."
            ),
        ),
    }
}

fn look_alike(one: &Visit, other: &Visit) -> bool {
    let linked =
        |visit: &Visit, to: &Visit| visit.gap.as_ref().is_some_and(|gap| gap.after == to.id);
    let overlap = one.windows.is_empty()
        || other.windows.is_empty()
        || one.windows.iter().any(|a| {
            other.windows.iter().any(|b| a.earliest <= b.latest && b.earliest <= a.latest)
        });
    overlap && one.crew == other.crew && !linked(one, other) && !linked(other, one)
}
