//! What can be wrong with the meaning of a list, in words.

use hjemrute_osm::Candidate;
use hjemrute_solver::Said;

use crate::fault::{InputFault, Wrong};

pub(super) fn duplicate_visit(other: &str) -> Wrong {
    Wrong::new(
        "duplicate-visit-id",
        Said::new(
            format!(
                "The same visit id stands at {other}. The whole list is refused: the visit could be made twice."
            ),
            format!(
                "Samme besøks-id står på {other}. Hele listen er avvist: besøket kunne bli utført to ganger."
            ),
        ),
        Said::new(
            "If they are two visits, give each its own id; if it is one, take the other away.",
            "Er det to besøk, gi hvert sin id; er det ett, fjern det andre.",
        ),
    )
}

pub(super) fn duplicate(other: &str) -> Wrong {
    Wrong::new(
        "duplicate-id",
        Said::new(
            format!("The same id stands at {other}; it is not known which is meant."),
            format!("Samme id står på {other}; det er ikke til å vite hvilken som er ment."),
        ),
        Said::new("Give each its own id.", "Gi hver sin egen id."),
    )
}

pub(super) fn unknown_reference(field: &str) -> Wrong {
    let (en, nb) = match field {
        "patient" => ("The patient", "Pasienten"),
        _ => ("The location", "Stedet"),
    };
    Wrong::new(
        "unknown-reference",
        Said::new(
            format!("{en} that it names is not on the list."),
            format!("{nb} som det vises til, står ikke på listen."),
        ),
        Said::new(
            "Put it on the list, or correct the id.",
            "Sett det på listen, eller rett id-en.",
        ),
    )
}

pub(super) fn coordinates_swapped() -> Wrong {
    Wrong::new(
        "coordinates-swapped",
        Said::new(
            "The position lies outside the map, but would lie on it with `lat` and `lon` swapped.",
            "Posisjonen ligger utenfor kartet, men ville ligget på det om `lat` og `lon` byttet plass.",
        ),
        Said::new(
            "Write degrees north as `lat` (about 60 in Oslo) and degrees east as `lon` (about 11).",
            "Skriv grader nord som `lat` (omtrent 60 i Oslo) og grader øst som `lon` (omtrent 11).",
        ),
    )
}

pub(super) fn outside_area() -> Wrong {
    Wrong::new(
        "outside-area",
        Said::new("The position lies outside the map.", "Posisjonen ligger utenfor kartet."),
        Said::new(
            "Correct the position (WGS84, degrees), or use a map that reaches so far.",
            "Rett posisjonen (WGS84, grader), eller bruk et kart som når så langt.",
        ),
    )
}

pub(super) fn not_on_map(metres: Option<u32>) -> Wrong {
    let (en, nb) = match metres {
        Some(metres) => (
            format!("The nearest road is {metres} m away; more than 250 m is not joined to it."),
            format!("Nærmeste vei er {metres} m unna; over 250 m knyttes stedet ikke til den."),
        ),
        None => (
            "There is no road within 5 km for the ways the carers travel.".to_owned(),
            "Det er ingen vei innen 5 km for reisemåtene til de ansatte.".to_owned(),
        ),
    };
    Wrong::new(
        "not-on-map",
        Said::new(en, nb),
        Said::new(
            "Correct the position, or send a carer with another way of travelling.",
            "Rett posisjonen, eller send en ansatt med en annen reisemåte.",
        ),
    )
}

pub(super) fn address_ambiguous(candidates: &[Candidate]) -> Wrong {
    let names = names(candidates);
    Wrong::new(
        "address-ambiguous",
        Said::new(
            format!("The map has several such addresses far apart: {names}."),
            format!("Kartet har flere slike adresser langt fra hverandre: {names}."),
        ),
        Said::new(
            "Write the postcode and the letter, or the `position` of the door.",
            "Skriv postnummer og bokstav, eller `position` for døren.",
        ),
    )
}

pub(super) fn address_unknown(candidates: &[Candidate]) -> Wrong {
    let (en, nb) = if candidates.is_empty() {
        (String::new(), String::new())
    } else {
        let names = names(candidates);
        (format!(" Did you mean {names}?"), format!(" Mente du {names}?"))
    };
    Wrong::new(
        "address-unknown",
        Said::new(
            format!("The map does not have the address.{en}"),
            format!("Kartet har ikke adressen.{nb}"),
        ),
        Said::new(
            "Correct the address, or write the `position` of the door.",
            "Rett adressen, eller skriv `position` for døren.",
        ),
    )
}

/// The fault of something that this entry leads to, told of this entry.
pub(super) fn because_of(cause: &InputFault) -> Wrong {
    let InputFault { code, id, detail, fix, caused_by, .. } = cause;
    // Only the first in the row says whose fault it was.
    let whose = id.as_ref().filter(|_| caused_by.is_none());
    let told = |text: &str| whose.map_or(text.to_owned(), |id| format!("{id}: {text}"));
    Wrong::new(code, Said::new(told(&detail.en), told(&detail.nb)), fix.clone())
}

/// It cannot be without something that was rejected.
pub(super) fn dragged_along(id: &str) -> Wrong {
    Wrong::new(
        "dragged-along",
        Said::new(
            format!("It depends on {id}, which was rejected."),
            format!("Den avhenger av {id}, som er avvist."),
        ),
        Said::new(
            "Correct that one, or take the tie between them away.",
            "Rett den, eller fjern bindingen mellom dem.",
        ),
    )
}

fn names(candidates: &[Candidate]) -> String {
    candidates.iter().map(Candidate::to_string).collect::<Vec<_>>().join("; ")
}
