//! A car that is named can have one driver at a time.

use std::collections::BTreeMap;

use crate::fault::{Fault, Subject};
use crate::plan::{Carer, Instance, Said};

/// The carers whose car somebody further up the list has in the same hours.
pub(super) fn faults(instance: &Instance) -> Vec<Fault> {
    let mut drivers: BTreeMap<&str, Vec<&Carer>> = BTreeMap::new();
    let mut faults = Vec::new();
    for carer in &instance.carers {
        let Some(vehicle) = &carer.vehicle else { continue };
        let others = drivers.entry(vehicle).or_default();
        faults.extend(
            others.iter().find(|other| overlap(carer, other)).map(|other| taken(carer, other)),
        );
        others.push(carer);
    }
    faults
}

fn overlap(one: &Carer, other: &Carer) -> bool {
    one.shift_start < other.shift_end && other.shift_start < one.shift_end
}

fn taken(carer: &Carer, other: &Carer) -> Fault {
    Fault {
        code: "vehicle-taken-twice",
        subject: Subject::Carer(carer.id.clone()),
        field: "travel/vehicle",
        detail: Said::new(
            format!("{} has the same car in the same hours.", other.id),
            format!("{} har den samme bilen i de samme timene.", other.id),
        ),
        fix: Said::new(
            "Give one of them another car or another way of travelling.",
            "Gi en av dem en annen bil eller en annen reisemåte.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use hjemrute_travel::Time;

    use super::super::tests::{day, told};

    #[test]
    fn a_car_may_change_hands_but_not_have_two_drivers() {
        let mut day = day();
        day.carers.iter_mut().for_each(|carer| carer.vehicle = Some("car-3".to_owned()));
        assert_eq!(told(&day), [("vehicle-taken-twice", "travel/vehicle")]);
        day.carers[1].shift_start = Time::at(15, 0);
        day.carers[1].shift_end = Time::at(22, 30);
        assert_eq!(told(&day), []);
    }
}
