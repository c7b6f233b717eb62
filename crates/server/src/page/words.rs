//! Every word that a page or a table says, by language; Norwegian bokmål is there. A new language
//! is a new constant of [`Words`], and the compiler lists what it lacks. What plans say of
//! themselves (reasons, warnings, faults, definitions) comes with the plan and is only picked here.

use hjemrute_solver::{Criticality, Relaxation, Said, Text};
use hjemrute_travel::{Mode, Seconds};
use jiff::civil::Date;

use super::number;

/// The words of one language. Texts with a hole in them are functions.
pub(super) struct Words {
    /// The language tag of HTML.
    pub(super) lang: &'static str,
    /// The language's half of a sentence that comes with the plan.
    pub(super) said: fn(&Said) -> &str,
    /// The language's half of a definition.
    pub(super) text: fn(Text) -> &'static str,
    /// `mandag 23. november 2026`.
    pub(super) date: fn(Date) -> String,

    pub(super) title: &'static str,
    pub(super) skip: &'static str,
    pub(super) list_and_version: fn(&str, u32) -> String,
    pub(super) summary: fn(&Totals) -> String,

    pub(super) warnings: &'static str,
    pub(super) proved: fn(gap: &str, relaxes: &[Relaxation]) -> String,
    pub(super) no_warnings: &'static str,
    pub(super) unassigned: &'static str,
    pub(super) no_unassigned: &'static str,
    pub(super) reason: &'static str,
    pub(super) ruled_out: fn(rule: &str, carers: &[String]) -> String,
    pub(super) rejected: &'static str,
    pub(super) fault: &'static str,
    pub(super) fix: &'static str,
    pub(super) caused_by: fn(&str) -> String,

    pub(super) carers: &'static str,
    pub(super) carer: &'static str,
    pub(super) visits: &'static str,
    pub(super) shift: &'static str,
    pub(super) out: &'static str,
    pub(super) back: &'static str,
    pub(super) how: &'static str,
    pub(super) start_at: &'static str,
    pub(super) end_at: &'static str,
    pub(super) overtime: &'static str,
    pub(super) stays: &'static str,

    pub(super) figures: &'static str,
    pub(super) figure: &'static str,
    pub(super) value: &'static str,
    pub(super) share: &'static str,
    pub(super) meaning: &'static str,
    pub(super) spread: fn(min: &str, median: &str, max: &str) -> String,
    pub(super) nothing: &'static str,
    pub(super) change: &'static str,
    pub(super) least: &'static str,
    pub(super) middle: &'static str,
    pub(super) most: &'static str,
    pub(super) compared: fn(lists: [(&str, u32); 2]) -> String,
    pub(super) freed: fn(time: Seconds, left_out: [u32; 2]) -> String,

    pub(super) made: fn(&crate::Made) -> String,
    pub(super) map_licence: &'static str,

    pub(super) sheet: fn(carer: &str) -> String,
    pub(super) time: &'static str,
    pub(super) what: &'static str,
    pub(super) place: &'static str,
    pub(super) travel: &'static str,
    pub(super) window: &'static str,
    pub(super) notes: &'static str,
    pub(super) to_overview: &'static str,
    pub(super) whole_shift: &'static str,
    pub(super) or: &'static str,
    pub(super) visit: &'static str,
    pub(super) rest: &'static str,
    pub(super) key: &'static str,
    pub(super) doors: fn(doors: &[String]) -> String,
    pub(super) keys: &'static str,
    pub(super) leave: &'static str,
    pub(super) home: &'static str,
    pub(super) there: fn(clock: &str) -> String,
    pub(super) wait: fn(minutes: &str) -> String,
    pub(super) late: fn(minutes: &str) -> String,
    pub(super) access: fn(minutes: &str) -> String,
    pub(super) with: fn(others: &[String]) -> String,
    pub(super) duration: &'static str,
    pub(super) criticality: [&'static str; 4],
    pub(super) criticality_label: &'static str,
    pub(super) mode: [&'static str; 4],
    pub(super) columns: [&'static str; 18],
    pub(super) kinds: Kinds,
}

/// What a row of the table is.
pub(super) struct Kinds {
    pub(super) leave: &'static str,
    pub(super) visit: &'static str,
    pub(super) rest: &'static str,
    pub(super) key: &'static str,
    pub(super) home: &'static str,
}

/// What a day comes to, in numbers of visits and lists.
pub(super) struct Totals {
    /// Visits on lists, each once.
    pub(super) planned: usize,
    /// Carers who are sent out.
    pub(super) out: usize,
    /// Carers on the list.
    pub(super) carers: usize,
    /// Visits that nobody makes, without cancelled ones.
    pub(super) unassigned: usize,
    /// Cancelled visits.
    pub(super) cancelled: usize,
    /// Rejected visits.
    pub(super) rejected: usize,
}

impl Words {
    /// The word for a criticality.
    pub(super) fn criticality(&self, criticality: Criticality) -> &'static str {
        self.criticality[criticality.index()]
    }

    /// The word for a way of travelling.
    pub(super) fn mode(&self, mode: Mode) -> &'static str {
        self.mode[mode.index()]
    }
}

/// Norwegian bokmål.
pub(super) const NB: Words = Words {
    lang: "nb",
    said: |said| &said.nb,
    text: |text| text.nb,
    date: norwegian_date,

    title: "Arbeidslister",
    skip: "Hopp til innholdet",
    list_and_version: |list, version| format!("Liste {list}, versjon {version}"),
    summary: norwegian_summary,
    proved: norwegian_proved,

    warnings: "Se på dette først",
    no_warnings: "Ingenting å merke seg i denne planen.",
    unassigned: "Ufordelte besøk",
    no_unassigned: "Alle besøkene er fordelt.",
    reason: "Hvorfor",
    ruled_out: norwegian_ruled_out,
    rejected: "Avviste besøk",
    fault: "Hva er galt",
    fix: "Slik retter du det",
    caused_by: |pointer| format!("Følger av feilen i {pointer}."),

    carers: "Ansatte",
    carer: "Ansatt",
    visits: "Besøk",
    shift: "Vakt",
    out: "Ut",
    back: "Tilbake",
    how: "Reisemåte",
    start_at: "Starter ved",
    end_at: "Slutter ved",
    overtime: "Overtid",
    stays: "Sendes ikke ut denne dagen",

    figures: "Nøkkeltall",
    figure: "Nøkkeltall",
    value: "Verdi",
    share: "Av betalt tid",
    meaning: "Slik er det regnet",
    spread: |min, median, max| format!("{min} – {median} – {max}"),
    nothing: "–",
    change: "Endring",
    least: "minst",
    middle: "midterst",
    most: "mest",
    compared: norwegian_compared,
    freed: norwegian_freed,

    made: norwegian_made,
    map_licence: "Kartdata: © OpenStreetMap-bidragsytere (ODbL).",

    sheet: |carer| format!("Arbeidsliste for {carer}"),
    time: "Tid",
    what: "Oppdrag",
    place: "Sted",
    travel: "Vei hit",
    window: "Kan starte",
    notes: "Merk",
    to_overview: "Til oversikten",
    whole_shift: "hele vakten",
    or: " eller ",
    visit: "Besøk",
    rest: "Pause",
    key: "Nøkkel",
    doors: |doors| format!("til {}", doors.join(" og ")),
    keys: "Nøkler",
    leave: "Avreise",
    home: "Retur",
    there: |clock| format!("framme {clock}"),
    wait: |minutes| format!("vent {minutes}"),
    late: |minutes| format!("{minutes} etter vinduet"),
    access: |minutes| format!("{minutes} til døren"),
    with: |others| format!("sammen med {}", others.join(" og ")),
    duration: "Varighet",
    criticality: ["Tidskritisk", "Viktig", "Vanlig", "Kan flyttes"],
    criticality_label: "Kritikalitet",
    mode: ["bil", "elsykkel", "sykkel", "til fots"],
    columns: [
        "Ansatt",
        "Dato",
        "Rekkefølge",
        "Slag",
        "Besøk",
        "Pasient",
        "Sted",
        "Ankomst",
        "Start",
        "Slutt",
        "Varighet (min)",
        "Reisetid (min)",
        "Reiselengde (m)",
        "Reisemåte",
        "Venting (min)",
        "Forsinket (min)",
        "Sammen med",
        "Kritikalitet",
    ],
    kinds: Kinds {
        leave: "avreise", visit: "besøk", rest: "pause", key: "nøkkel", home: "retur"
    },
};

const DAYS: [&str; 7] = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"];

const MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];

fn norwegian_date(date: Date) -> String {
    let weekday = DAYS[date.weekday().to_monday_zero_offset() as usize];
    let month = MONTHS[date.month() as usize - 1];
    format!("{weekday} {}. {month} {}", date.day(), date.year())
}

/// What a bound says, and what it does without.
fn norwegian_proved(gap: &str, relaxes: &[Relaxation]) -> String {
    let without = |relaxation: &Relaxation| match relaxation {
        Relaxation::Links => "at noen kommer to sammen eller med bestemt tid imellom",
        Relaxation::Continuity => "at et nytt ansikt regnes fullt ut ved første besøk",
        Relaxation::WorstLate => "hva den største forsinkelsen koster for seg",
        Relaxation::Load => "hvor mye de ansatte kan ha med",
    };
    let without: Vec<&str> = relaxes.iter().map(without).collect();
    let mut told = format!(
        "Det er bevist at ingen plan som er like god i det som veier tyngst, kan ha en \
         poengsum som er mer enn {gap} lavere."
    );
    if !without.is_empty() {
        told.push_str(&format!(" Beviset ser bort fra {}.", without.join(", og fra ")));
    }
    told
}

fn norwegian_summary(totals: &Totals) -> String {
    let Totals { planned, out, carers, unassigned, cancelled, rejected } = *totals;
    let lists = if out == 1 { "liste" } else { "lister" };
    let mut summary = format!("{planned} besøk på {out} {lists} ({carers} ansatte på vakt).");
    let mut also = |count: usize, what: &str| {
        if count > 0 {
            summary.push_str(&format!(" {count} besøk {what}."));
        }
    };
    also(unassigned, "er ikke fordelt");
    also(rejected, "er avvist");
    also(cancelled, "er avlyst");
    summary
}

/// The rule with the carers' names, or only their number where names would fill the page.
fn norwegian_ruled_out(rule: &str, carers: &[String]) -> String {
    let rule = match rule {
        "skills" => "mangler kompetansen",
        "avoid" => "skal ikke til pasienten",
        "pinned" => "besøket er låst til en annen",
        "hours" => "er ikke på vakt da",
        "travel" => "kommer ikke fram",
        "room" => "har ikke plass på listen",
        other => other,
    };
    match carers {
        few if few.len() <= 4 => format!("{}: {rule}", few.join(", ")),
        many => format!("{} ansatte: {rule}", many.len()),
    }
}

fn norwegian_made(made: &crate::Made) -> String {
    let crate::Made { solver, seed, iterations, map, profile, .. } = made;
    format!(
        "Laget av Hjemrute {solver} med kartet {map} og profilen {profile} (frø {seed}, {iterations} runder)."
    )
}

fn norwegian_compared([first, second]: [(&str, u32); 2]) -> String {
    let mut text = String::new();
    for (name, (list, version)) in [("A", first), ("B", second)] {
        text.push_str(&format!("Plan {name}: liste {list}, versjon {version}\n"));
    }
    if first != second {
        text.push_str("Planene svarer på ulike lister, så det er ikke det samme arbeidet.\n");
    }
    text.push('\n');
    text
}

fn norwegian_freed(time: Seconds, [first, second]: [u32; 2]) -> String {
    let minutes = number::minutes_tenths(Seconds(time.0.abs()));
    let what = "til reise, vei til døren, venting og overtid";
    let mut text = match time.0 {
        0 => format!("\nB bruker like lang tid som A {what}.\n"),
        1.. => format!("\nB frigjør {minutes} minutter mot A: så mye mindre {what}.\n"),
        _ => format!("\nB bruker {minutes} minutter mer enn A {what}.\n"),
    };
    if first != second {
        text.push_str(&format!("A lar {first} besøk være ufordelt, B {second}.\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out() {
        assert_eq!((NB.date)(jiff::civil::date(2026, 11, 23)), "mandag 23. november 2026");
        assert_eq!((NB.date)(jiff::civil::date(2027, 2, 28)), "søndag 28. februar 2027");
    }

    #[test]
    fn a_crowd_is_counted_and_a_few_are_named() {
        let carers: Vec<String> = (1..=5).map(|carer| format!("c-{carer}")).collect();
        assert_eq!(norwegian_ruled_out("hours", &carers), "5 ansatte: er ikke på vakt da");
        assert_eq!(norwegian_ruled_out("skills", &carers[..2]), "c-1, c-2: mangler kompetansen");
    }
}
