//! What a carer brings along for all visits of the shift against the most that the carer can. Asks
//! neither who the carer is nor when anything happens.

use super::{Breaches, Reading, visit_stops};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for (carer, list) in &reading.lists {
        let Some(most) = carer.capacity else { continue };
        let visits = visit_stops(list).filter_map(|stop| reading.visits.get(&stop.visit));
        let load: u64 = visits.map(|visit| u64::from(visit.load.0)).sum();
        if load > most.0.into() {
            let most = most.0;
            let en = format!("is to bring {load} along, but can bring no more than {most}");
            let nb = format!("skal ha med {load}, men kan ikke ha med mer enn {most}");
            breaches.carer("load", &carer.id, en, nb);
        }
    }
}
