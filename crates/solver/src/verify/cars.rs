//! The pool of cars: whoever shares it and drives has a car of it, and a car has one driver at a time.

use super::clock::later;
use super::{Breaches, Reading};
use crate::plan::Carer;

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    let out = reading.lists.iter().filter(|(_, list)| !list.stops.is_empty());
    let drivers: Vec<(&Carer, &String)> =
        out.filter_map(|(carer, _)| Some((*carer, carer.vehicle.as_ref()?))).collect();
    for (at, (carer, car)) in drivers.iter().enumerate() {
        if carer.pool.is_empty() {
            continue;
        }
        if !carer.pool.contains(*car) {
            let (en, nb) = ("the car is not of the pool", "bilen er ikke med i bilparken");
            breaches.carer("car-unknown", &carer.id, en, nb);
        }
        let others = drivers.iter().enumerate().filter(|(other, _)| *other != at);
        let mut same = others.filter(|(_, (_, other))| other == car);
        if let Some((_, (other, _))) = same.find(|(_, (other, _))| !can_follow(carer, other)) {
            let en = format!("{} has the same car before it can be handed over", other.id);
            let nb = format!("{} har den samme bilen før den kan overtas", other.id);
            breaches.carer("car-taken-twice", &carer.id, en, nb);
        }
    }
}

/// Whether one of the two has the car behind the other, from where the other leaves it.
fn can_follow(one: &Carer, other: &Carer) -> bool {
    let hands_over = |first: &Carer, next: &Carer| {
        later(first.shift_end, first.overtime) <= next.shift_start && first.end == next.start
    };
    hands_over(one, other) || hands_over(other, one)
}
