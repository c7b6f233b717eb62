//! Whether a list belongs where it was sent: of the unit that it says, and for a day that may be planned
//! there. What may be is the operator's to say; the program by itself plans any day of anybody.

use hjemrute_solver::Said;
use jiff::civil::Date;

use crate::fault::{InputFault, Wrong};
use crate::{Accepted, ListUnit};

/// What a list must be to be taken; what is absent is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belonging {
    /// The unit that its sender is of.
    pub unit: ListUnit,
    /// The first day that may be planned.
    pub first: Option<Date>,
    /// The last day that may be planned.
    pub last: Option<Date>,
}

/// Everything about the list that is not as it must be.
pub fn misplaced(accepted: &Accepted, belonging: &Belonging) -> Vec<InputFault> {
    let Belonging { unit, first, last } = belonging;
    let is_other = |said: &Option<String>, known: &Option<String>| matches!((said, known), (Some(said), Some(known)) if said != known);
    let mut faults = Vec::new();
    for (field, is_other) in [
        ("municipalityNumber", is_other(&accepted.unit.municipality, &unit.municipality)),
        ("urbanDistrict", is_other(&accepted.unit.district, &unit.district)),
    ] {
        if is_other {
            faults.push(other_unit().at(format!("/unit/{field}"), None));
        }
    }
    let day = accepted.day.date();
    if first.is_some_and(|first| day < first) || last.is_some_and(|last| day > last) {
        faults.push(not_a_day_to_plan().at("/day", None));
    }
    faults
}

fn other_unit() -> Wrong {
    Wrong::new(
        "other-unit",
        Said::new(
            "The list says that it is of another unit than its sender.",
            "Listen sier at den er fra en annen enhet enn avsenderen.",
        ),
        Said::new(
            "Send it with the credential of its own unit.",
            "Send den med adgangen til enheten den er fra.",
        ),
    )
}

fn not_a_day_to_plan() -> Wrong {
    Wrong::new(
        "day-out-of-range",
        Said::new(
            "The day is further off than the service plans.",
            "Dagen ligger lenger unna enn tjenesten planlegger.",
        ),
        Said::new("Correct the day.", "Rett dagen."),
    )
}
