//! What can be wrong with the form of a list, in words. Says what a field wants, never what stood
//! there.

use hjemrute_solver::Said;

use super::json::Why;
use crate::fault::Wrong;

pub(crate) fn unknown_field(nearest: Option<&str>) -> Wrong {
    let fix = match nearest {
        Some(name) => Said::new(
            format!("Did you mean `{name}`? If not, take the field away or move it under `ext`."),
            format!("Mente du `{name}`? Hvis ikke: fjern feltet, eller flytt det inn under `ext`."),
        ),
        None => Said::new(
            "Take the field away, or move it under `ext`.",
            "Fjern feltet, eller flytt det inn under `ext`.",
        ),
    };
    let detail = Said::new(
        "There is no field of that name here. A misspelt field must not be passed over in silence.",
        "Her finnes det ikke noe felt med det navnet. Et feilstavet felt skal ikke overses.",
    );
    Wrong::new("unknown-field", detail, fix)
}

pub(crate) fn duplicate_key() -> Wrong {
    Wrong::new(
        "duplicate-key",
        Said::new(
            "The field stands more than once in the same object.",
            "Feltet står mer enn én gang i samme objekt.",
        ),
        Said::new("Keep the one that is meant.", "Behold det som er ment."),
    )
}

pub(crate) fn missing_field(name: &str) -> Wrong {
    Wrong::new(
        "missing-field",
        Said::new(format!("The field `{name}` is missing."), format!("Feltet `{name}` mangler.")),
        Said::new("Fill it in.", "Fyll det ut."),
    )
}

/// An entry that a change takes away, and that is not on the list; `kind` is the list's name.
pub(crate) fn unknown_entry(kind: &str) -> Wrong {
    Wrong::new(
        "unknown-reference",
        Said::new(
            format!("There is no such entry among the `{kind}` of the list that is changed."),
            format!("Det finnes ingen slik oppføring blant `{kind}` i listen som endres."),
        ),
        Said::new("Correct the id.", "Rett id-en."),
    )
}

pub(crate) fn visit_is_there() -> Wrong {
    Wrong::new(
        "duplicate-visit-id",
        Said::new("The list has a visit with this id.", "Listen har et besøk med denne id-en."),
        Said::new("Give the new visit an id of its own.", "Gi det nye besøket en egen id."),
    )
}

pub(crate) fn wrong_type(wanted: Said) -> Wrong {
    Wrong::new(
        "wrong-type",
        Said::new(
            format!("The field must be {}.", wanted.en),
            format!("Feltet må være {}.", wanted.nb),
        ),
        Said::new(
            "Write the value in that form. If there is none, leave the whole field out.",
            "Skriv verdien på den formen. Finnes det ingen, så utelat hele feltet.",
        ),
    )
}

pub(crate) fn key_mismatch() -> Wrong {
    Wrong::new(
        "key-mismatch",
        Said::new(
            "`access` says `key` and no `keyAt` says where the key hangs, or the other way round.",
            "`access` er `key` uten at `keyAt` sier hvor nøkkelen henger, eller omvendt.",
        ),
        Said::new(
            "Write both for a door that takes a key, and neither for another.",
            "Skriv begge for en dør som krever nøkkel, og ingen av dem ellers.",
        ),
    )
}

/// What [`wrong_type`] wants where a thing with fields should stand.
pub(crate) fn an_object() -> Said {
    Said::new("an object with fields", "et objekt med felter")
}

/// What [`wrong_type`] wants where several things should stand.
pub(crate) fn a_list() -> Said {
    Said::new("a list", "en liste")
}

pub(crate) fn not_a_number() -> Wrong {
    wrong_type(Said::new("a number", "et tall"))
}

pub(crate) fn day_out_of_range() -> Wrong {
    Wrong::new(
        "day-out-of-range",
        Said::new("The year is not from 1900 to 2200.", "Året er ikke fra 1900 til 2200."),
        Said::new("Correct the day.", "Rett dagen."),
    )
}

pub(crate) fn number_too_large() -> Wrong {
    Wrong::new(
        "number-out-of-range",
        Said::new(
            "The number is not one that can be meant here.",
            "Tallet kan ikke være ment her.",
        ),
        Said::new("Correct the number.", "Rett tallet."),
    )
}

pub(crate) fn number_out_of_range(least: f64, most: f64, whole: Whole) -> Wrong {
    let (en, nb) = match whole {
        Whole::Yes => ("a whole number", "et helt tall"),
        Whole::No => ("a number", "et tall"),
    };
    Wrong::new(
        "number-out-of-range",
        Said::new(
            format!("The field must be {en} from {least} to {most}."),
            format!("Feltet må være {nb} fra {least} til {most}."),
        ),
        Said::new("Correct the number.", "Rett tallet."),
    )
}

/// Whether a number must be whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    Yes,
    No,
}

pub(crate) fn duration_out_of_range() -> Wrong {
    Wrong::new(
        "duration-out-of-range",
        Said::new(
            "A duration must be more than 0 minutes and at most 720 (12 hours).",
            "En varighet må være over 0 minutter og høyst 720 (12 timer).",
        ),
        Said::new(
            "Write how long the visit or break lasts, in minutes; decimals are allowed.",
            "Skriv hvor lenge besøket eller pausen varer, i minutter; desimaler er tillatt.",
        ),
    )
}

pub(crate) fn time_malformed(form: &str) -> Wrong {
    Wrong::new(
        "time-malformed",
        Said::new(
            format!("The field must be a time of the form {form}."),
            format!("Feltet må være et tidspunkt på formen {form}."),
        ),
        Said::new(
            "Write two digits for each part. Times past midnight go on from 24:00 to 47:59.",
            "Skriv to sifre for hver del. Tider etter midnatt fortsetter fra 24:00 til 47:59.",
        ),
    )
}

pub(crate) fn time_zone_unknown() -> Wrong {
    Wrong::new(
        "time-zone-unknown",
        Said::new("There is no such time zone.", "Tidssonen finnes ikke."),
        Said::new("Write `Europe/Oslo`.", "Skriv `Europe/Oslo`."),
    )
}

pub(crate) fn version_unknown() -> Wrong {
    Wrong::new(
        "version-unknown",
        Said::new(
            "The list follows a version of the contract that this program does not know.",
            "Listen følger en versjon av kontrakten som programmet ikke kjenner.",
        ),
        Said::new("Write the list as version `1.0`.", "Skriv listen som versjon `1.0`."),
    )
}

pub(crate) fn unknown_value(allowed: &[&str]) -> Wrong {
    let words = allowed.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    Wrong::new(
        "unknown-value",
        Said::new(
            "The field has a word that is not known.",
            "Feltet har et ord som ikke er kjent.",
        ),
        Said::new(format!("Write one of {words}."), format!("Skriv ett av {words}.")),
    )
}

pub(crate) fn text_malformed(most: usize) -> Wrong {
    Wrong::new(
        "text-malformed",
        Said::new(
            format!(
                "The text must have from 1 to {most} characters, and no line breaks or other control characters."
            ),
            format!("Teksten må ha fra 1 til {most} tegn, uten linjeskift eller andre styretegn."),
        ),
        Said::new(
            "Write an id or a code; free text does not belong on the list.",
            "Skriv en id eller en kode; fritekst hører ikke hjemme på listen.",
        ),
    )
}

pub(crate) fn either_or(one: &str, other: &str) -> Wrong {
    Wrong::new(
        "either-or",
        Said::new(
            format!("`{one}` and `{other}` cannot stand together, and one of them may be needed."),
            format!("`{one}` og `{other}` kan ikke stå sammen, og ett av dem kan være nødvendig."),
        ),
        Said::new(
            format!("Keep `{one}` or `{other}`, the one that is right."),
            format!("Behold `{one}` eller `{other}`, det som er riktig."),
        ),
    )
}

pub(crate) fn skills_each_mismatch() -> Wrong {
    Wrong::new(
        "skills-each-mismatch",
        Said::new(
            "`skillsEach` must have one set for each carer of the visit.",
            "`skillsEach` må ha ett sett for hver ansatt på besøket.",
        ),
        Said::new(
            "Write as many sets as `carers` says.",
            "Skriv like mange sett som `carers` sier.",
        ),
    )
}

pub(crate) fn overlap_mismatch() -> Wrong {
    Wrong::new(
        "overlap-mismatch",
        Said::new(
            "A part of a visit is for the second of two carers, and no longer than the visit.",
            "En del av et besøk er for den andre av to ansatte, og ikke lengre enn besøket.",
        ),
        Said::new(
            "Write `carers` 2 and fewer `minutes` than the visit lasts, or take `overlap` away.",
            "Skriv `carers` 2 og færre `minutes` enn besøket varer, eller fjern `overlap`.",
        ),
    )
}

pub(crate) fn window_empty() -> Wrong {
    Wrong::new(
        "window-empty",
        Said::new(
            "`latestStart` is before `earliestStart`, so the visit can never start.",
            "`latestStart` er før `earliestStart`, så besøket kan aldri starte.",
        ),
        Said::new(
            "Both say when the visit may start, not when it ends. If the window crosses midnight, write the hours past it as 24:00 and on: 22:00 to 02:00 is 22:00 to 26:00.",
            "Begge sier når besøket kan starte, ikke når det slutter. Går vinduet over midnatt, skrives timene etter den som 24:00 og videre: 22:00 til 02:00 er 22:00 til 26:00.",
        ),
    )
}

pub(crate) fn shift_empty() -> Wrong {
    Wrong::new(
        "shift-empty",
        Said::new(
            "The shift ends no later than it starts.",
            "Vakten slutter ikke etter at den starter.",
        ),
        Said::new(
            "If it crosses midnight, write the hours past it as 24:00 and on: 22:00 to 07:30 is 22:00 to 31:30.",
            "Går den over midnatt, skrives timene etter den som 24:00 og videre: 22:00 til 07:30 er 22:00 til 31:30.",
        ),
    )
}

pub(crate) fn wrong_length(most: usize) -> Wrong {
    Wrong::new(
        "number-out-of-range",
        Said::new(
            format!("The list must have from 1 to {most} entries."),
            format!("Listen må ha fra 1 til {most} elementer."),
        ),
        Said::new("If there is none, leave the field out.", "Finnes det ingen, så utelat feltet."),
    )
}

pub(crate) fn unknown_place() -> Wrong {
    Wrong::new(
        "unknown-reference",
        Said::new(
            "No visit or carer of the list has that location.",
            "Ingen besøk eller ansatte på listen har det stedet.",
        ),
        Said::new("Correct the id.", "Rett id-en."),
    )
}

pub(crate) fn null_island() -> Wrong {
    Wrong::new(
        "null-island",
        Said::new(
            "The position is 0, 0, in the sea off Africa: a coordinate that was never filled in.",
            "Posisjonen er 0, 0, i havet utenfor Afrika: en koordinat som aldri ble fylt ut.",
        ),
        Said::new(
            "Write the position of the door, or its `address`.",
            "Skriv posisjonen til døren, eller `address`.",
        ),
    )
}

pub(crate) fn waiting_too_dear() -> Wrong {
    Wrong::new(
        "waiting-too-dear",
        Said::new(
            "A minute of waiting costs more than a late minute of some visit, or than one of overtime: a plan would rather be late than wait.",
            "Et minutt venting koster mer enn et minutt for sent på noen besøk, eller enn et minutt overtid: en plan ville heller komme for sent enn vente.",
        ),
        Said::new(
            "Make `waiting` no dearer than the least of `late` and `overtime`.",
            "Gjør `waiting` ikke dyrere enn det minste av `late` og `overtime`.",
        ),
    )
}

pub(crate) fn more_faults() -> Wrong {
    Wrong::new(
        "more-faults",
        Said::new(
            "There are more faults here than are told.",
            "Her er det flere feil enn det som er vist.",
        ),
        Said::new("Correct these first.", "Rett disse først."),
    )
}

pub(crate) fn personal_id_detected() -> Wrong {
    Wrong::new(
        "personal-id-detected",
        Said::new(
            "There is a valid fødselsnummer or D-nummer here. The whole list is refused; the number is neither stored nor shown.",
            "Her står et gyldig fødselsnummer eller D-nummer. Hele listen er avvist; nummeret er verken lagret eller vist.",
        ),
        Said::new(
            "Send pseudonyms only, and find out how the number came onto the list.",
            "Send bare pseudonymer, og finn ut hvordan nummeret kom på listen.",
        ),
    )
}

pub(crate) fn too_many(code: &'static str, limit: usize) -> Wrong {
    let (en, nb) = match code {
        "too-many-visits" => ("visits", "besøk"),
        "too-many-carers" => ("carers", "ansatte"),
        _ => ("values", "verdier"),
    };
    Wrong::new(
        code,
        Said::new(
            format!("The list has more than {limit} {en}."),
            format!("Listen har flere enn {limit} {nb}."),
        ),
        Said::new(
            "Divide it, for instance by bydel or by shift.",
            "Del den, for eksempel etter bydel eller vakt.",
        ),
    )
}

pub(crate) fn body_too_large(limit: usize) -> Wrong {
    let mebibytes = limit / (1024 * 1024);
    Wrong::new(
        "body-too-large",
        Said::new(
            format!("The list is larger than {mebibytes} MiB."),
            format!("Listen er større enn {mebibytes} MiB."),
        ),
        Said::new(
            "Divide it, for instance by bydel or by shift.",
            "Del den, for eksempel etter bydel eller vakt.",
        ),
    )
}

/// A body that is no JSON, at that line and column.
pub(crate) fn unreadable(why: Why, (line, column): (usize, usize), values: usize) -> Wrong {
    let said = |en: &str, nb: &str| {
        Said::new(
            format!("Line {line}, column {column}: {en}."),
            format!("Linje {line}, kolonne {column}: {nb}."),
        )
    };
    let fix = Said::new(
        "Have the sending system write the list with a JSON library.",
        "La systemet som sender, skrive listen med et JSON-bibliotek.",
    );
    match why {
        Why::NotUtf8 => Wrong::new("malformed-json", said("not UTF-8", "ikke UTF-8"), fix),
        Why::Syntax => Wrong::new(
            "malformed-json",
            said("the text stops being JSON here", "her slutter teksten å være JSON"),
            fix,
        ),
        Why::TooDeep => Wrong::new(
            "too-deep",
            said(
                "lists and objects lie deeper inside each other than 16",
                "lister og objekter ligger dypere i hverandre enn 16",
            ),
            fix,
        ),
        Why::TooManyValues => too_many("too-many-values", values),
    }
}
