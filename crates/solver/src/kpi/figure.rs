//! What each figure is called and what it means, in English and in Norwegian: the one table that
//! answers and pages read, so that no figure is ever published without its definition.

use hjemrute_travel::{Metres, Seconds};

use super::{Kpi, Ratio, Spread};

/// A text in the two languages of every answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Norwegian bokmål.
    pub nb: &'static str,
}

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name in files, in camel case and with the unit it is written in.
    pub name: &'static str,
    /// What people call it.
    pub label: Text,
    /// What is counted, in one sentence.
    pub meaning: Text,
}

/// A figure with what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is.
    pub definition: Definition,
    /// How much.
    pub value: Value,
}

/// The kinds of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A length of time.
    Time(Seconds),
    /// A part of the paid time; the ratio is the same in seconds of seconds.
    PartOfPaid(Seconds, Ratio),
    /// A share between nothing and all.
    Share(Ratio),
    /// A mean.
    Mean(Ratio),
    /// How far, by [`Mode::index`](hjemrute_travel::Mode::index).
    WayByMode([Metres; 4]),
    /// How many grams, by [`Mode::index`](hjemrute_travel::Mode::index).
    GramsByMode([i64; 4]),
    /// From the least to the largest number.
    CountSpread(Spread<u32>),
    /// From the shortest to the longest time.
    TimeSpread(Spread<Seconds>),
    /// Lengths of time, by [`Criticality::index`](crate::Criticality::index).
    TimeByCriticality([Seconds; 4]),
    /// Numbers, by [`Criticality::index`](crate::Criticality::index).
    CountByCriticality([u32; 4]),
}

impl Kpi {
    /// Every figure with its name and definition, in the order in which they are read.
    pub fn figures(&self) -> Vec<Figure> {
        let Kpi { time, overtime, way, grams_co2e, visits_per_carer, work_per_carer, .. } = *self;
        let Kpi { primary, known, carers_per_patient, late, unassigned, .. } = *self;
        let part = |part: Seconds| {
            Value::PartOfPaid(part, Ratio { of: part.0.into(), all: time.paid.0.into() })
        };
        let values = [
            Value::Time(time.paid),
            part(time.visits),
            part(time.travel),
            part(time.access),
            part(time.waiting),
            part(time.breaks),
            part(time.slack),
            Value::Time(overtime),
            Value::CountByCriticality(unassigned),
            Value::TimeByCriticality(late),
            Value::Share(primary),
            Value::Share(known),
            Value::Mean(carers_per_patient),
            Value::CountSpread(visits_per_carer),
            Value::TimeSpread(work_per_carer),
            Value::WayByMode(way),
            Value::GramsByMode(grams_co2e),
        ];
        let figure = |(definition, value)| Figure { definition, value };
        DEFINITIONS.into_iter().zip(values).map(figure).collect()
    }
}

const fn define(
    name: &'static str,
    label: [&'static str; 2],
    meaning: [&'static str; 2],
) -> Definition {
    let [en, nb] = label;
    let label = Text { en, nb };
    let [en, nb] = meaning;
    Definition { name, label, meaning: Text { en, nb } }
}

const DEFINITIONS: [Definition; 17] = [
    define(
        "paidMinutes",
        ["Paid time", "Betalt tid"],
        [
            "The whole shift of every carer on the list, sent out or not, with overtime and \
             without unpaid breaks.",
            "Hele vakten til alle de ansatte på listen, også dem som ikke sendes ut, med overtid og \
             uten ubetalte pauser.",
        ],
    ),
    define(
        "visitMinutes",
        ["With patients (ATA)", "Hos pasientene (ATA)"],
        [
            "How long the visits last, counted once for each carer who is there (face to face).",
            "Så lenge besøkene varer, regnet én gang for hver ansatt som er der (ansikt til \
             ansikt).",
        ],
    ),
    define(
        "travelMinutes",
        ["Travel", "Reise"],
        [
            "Time on the way between the places by the map, without the time from parking to the \
             door.",
            "Tiden på veien mellom stedene etter kartet, uten tiden fra parkering til dør.",
        ],
    ),
    define(
        "accessMinutes",
        ["To the door", "Til og fra døren"],
        [
            "From parked to the door and back into traffic, once for each stop at a new place.",
            "Fra parkert til døren og ut i trafikken igjen, én gang for hvert stopp på et nytt sted.",
        ],
    ),
    define(
        "waitingMinutes",
        ["Waiting", "Venting"],
        [
            "Time on the way in which a carer is ready, but the visit or the break cannot begin \
             yet.",
            "Tiden en ansatt er klar ute på veien, men besøket eller pausen ikke kan begynne ennå.",
        ],
    ),
    define(
        "breakMinutes",
        ["Paid breaks", "Betalte pauser"],
        ["Planned breaks that count as work.", "Planlagte pauser som regnes som arbeidstid."],
    ),
    define(
        "slackMinutes",
        ["Slack", "Ledig tid"],
        [
            "The rest of the paid time: before departures, after returns, and carers who are not \
             sent out.",
            "Resten av den betalte tiden: før avreise, etter retur og hos dem som ikke sendes ut.",
        ],
    ),
    define(
        "overtimeMinutes",
        ["Overtime", "Overtid"],
        [
            "How far the last return, or a break after it, lies behind the end of the shift, \
             summed over the carers.",
            "Tiden fra vakten er slutt til den ansatte er tilbake, eller en pause etter det er over, \
             for alle de ansatte til sammen.",
        ],
    ),
    define(
        "unassigned",
        ["Visits that nobody makes", "Ufordelte besøk"],
        [
            "The number of visits that are on no work list, by criticality, without cancelled and \
             rejected ones.",
            "Antall besøk som ikke står på noen arbeidsliste, etter kritikalitet; avlyste og \
             avviste besøk er ikke med.",
        ],
    ),
    define(
        "lateMinutes",
        ["Late starts", "For sen start"],
        [
            "How far visits start behind the end of their window, summed by criticality; a visit \
             with two carers counts once.",
            "Tiden besøkene begynner etter at vinduet er slutt, summert etter kritikalitet; et \
             besøk med to ansatte teller én gang.",
        ],
    ),
    define(
        "primaryShare",
        ["Primary contact", "Primærkontakt"],
        [
            "The share of carers on visits that is the patient's primary contact, where one is \
             named; a visit with two carers counts twice.",
            "Så stor del av de ansatte på besøk som er pasientens primærkontakt, der en er oppgitt; \
             et besøk med to ansatte teller to ganger.",
        ],
    ),
    define(
        "knownShare",
        ["Known carer", "Kjent ansatt"],
        [
            "The share of carers on visits whom the patient knows, primary contact included, where \
             the list says who is known; a visit with two carers counts twice.",
            "Så stor del av de ansatte på besøk som pasienten kjenner, medregnet primærkontakten, \
             der listen sier hvem som er kjent; et besøk med to ansatte teller to ganger.",
        ],
    ),
    define(
        "carersPerPatient",
        ["Different carers per patient", "Ulike ansatte per pasient"],
        [
            "How many different carers a patient meets on this day, as a mean over the patients \
             who are visited.",
            "Hvor mange ulike ansatte en pasient møter denne dagen, i snitt for pasientene som får \
             besøk.",
        ],
    ),
    define(
        "visitsPerCarer",
        ["Visits per carer", "Besøk per ansatt"],
        [
            "The fewest, the middle and the most visits on a work list, among carers who are sent \
             out.",
            "Færrest, midterste og flest besøk på en arbeidsliste, blant de ansatte som sendes ut.",
        ],
    ),
    define(
        "workMinutesPerCarer",
        ["Work per carer", "Arbeid per ansatt"],
        [
            "The shortest, the middle and the longest time with patients, on the way, at doors and \
             waiting, among carers who are sent out.",
            "Korteste, midterste og lengste tid hos pasienter, på veien, til døren og med venting, \
             blant de ansatte som sendes ut.",
        ],
    ),
    define(
        "kmByMode",
        ["Distance", "Reiselengde"],
        [
            "How far the carers travel by the map, by the way they travel.",
            "Hvor langt de ansatte reiser etter kartet, etter reisemåte.",
        ],
    ),
    define(
        "kgCo2eByMode",
        ["Greenhouse gases", "Klimagasser"],
        [
            "CO₂ equivalents from the power used on the way: 3 g/km by electric car (0.20 kWh/km \
             at 15 g/kWh, NVE 2023), 0.15 g/km by electric bicycle, nothing by bicycle or on foot.",
            "CO₂-ekvivalenter fra strømmen som brukes på veien: 3 g/km med elbil (0,20 kWh/km à \
             15 g/kWh, NVE 2023), 0,15 g/km med elsykkel, ingenting med sykkel og til fots.",
        ],
    ),
];
