//! Two plans side by side: as lines for a terminal, and as comma-separated values for a data platform
//! with plain names, plain numbers and no Norwegian in them.

use std::fmt::Write as _;

use hjemrute_travel::{Metres, Seconds};

use super::number;
use super::words::Words;
use crate::compare::{Comparison, Number, Part, Row, Unit};

/// The whole comparison in words and columns.
pub(super) fn lines(comparison: &Comparison, words: &Words) -> String {
    let told: Vec<[String; 4]> = comparison
        .rows()
        .iter()
        .filter(|row| row.values.iter().any(|value| value.is_some_and(|number| number != 0)))
        .map(|row| cells(row, words))
        .collect();
    let head = [words.figure, "A", "B", words.change].map(str::to_owned);
    let width = |column: usize| {
        let cells = told.iter().chain([&head]).map(|cells| cells[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let [label, first, second, change] = [0, 1, 2, 3].map(width);
    let mut text = (words.compared)(comparison.lists());
    for [name, one, other, by] in [&head].into_iter().chain(&told) {
        let _ = writeln!(text, "{name:<label$}  {one:>first$}  {other:>second$}  {by:>change$}");
    }
    text.push_str(&(words.freed)(comparison.freed(), comparison.left_out()));
    text
}

fn cells(row: &Row, words: &Words) -> [String; 4] {
    let label = (words.text)(row.definition.label);
    let label = match part(row.part, words) {
        Some(part) => format!("{label}, {}", part.to_lowercase()),
        None => label.to_owned(),
    };
    let [first, second] = row.values;
    let told = |value: Option<i64>| {
        value.map_or_else(|| words.nothing.to_owned(), |number| amount(row.unit, number))
    };
    let change = first.zip(second).map(|(first, second)| second - first);
    let sign = if change.is_some_and(|change| change > 0) { "+" } else { "" };
    [label, told(first), told(second), format!("{sign}{}", told(change))]
}

fn part(part: Part, words: &Words) -> Option<&'static str> {
    match part {
        Part::Whole => None,
        Part::Of(criticality) => Some(words.criticality(criticality)),
        Part::By(mode) => Some(words.mode(mode)),
        Part::Min => Some(words.least),
        Part::Median => Some(words.middle),
        Part::Max => Some(words.most),
    }
}

/// A number in its unit, as people read it.
fn amount(unit: Unit, number: i64) -> String {
    match unit {
        Unit::Seconds => format!("{}\u{a0}min", number::minutes_tenths(Seconds(number as i32))),
        Unit::Pieces => number.to_string(),
        Unit::Hundredths => number::decimal(number, 2),
        Unit::Share => format!("{}\u{a0}%", number::decimal(number, 2)),
        Unit::Metres => number::way(Metres(number as i32)),
        Unit::Grams => number::weight(number),
    }
}

/// One line for each number: `figure,part,unit,a,b,change`, with a decimal point, as RFC 4180 has it.
pub(super) fn table(comparison: &Comparison) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let head = ["figure", "part", "unit", "a", "b", "change"].map(str::to_owned);
    let freed = i64::from(comparison.freed().0);
    let freed =
        ["freedMinutes", "", "min", "", "", &plain(Unit::Seconds, freed)].map(str::to_owned);
    let rows = comparison.rows();
    let records = [head].into_iter().chain(rows.iter().map(record)).chain([freed]);
    for record in records {
        writer.write_record(&record).expect("memory takes what it is given, and rows are alike");
    }
    writer.into_inner().expect("memory takes what it is given")
}

fn record(row: &Row) -> [String; 6] {
    let (part, unit) = (row.part.name(), row.unit.name());
    let [first, second] = row.values;
    let change = first.zip(second).map(|(first, second)| second - first);
    let told =
        |value: Option<i64>| value.map_or_else(String::new, |number| plain(row.unit, number));
    [row.definition.name.into(), part.into(), unit.into(), told(first), told(second), told(change)]
}

/// A number in the unit of its column with a decimal point.
fn plain(unit: Unit, number: i64) -> String {
    let (number, digits) = match unit {
        Unit::Seconds => ((number * 10 + 3).div_euclid(6), 2),
        Unit::Pieces => return number.to_string(),
        Unit::Hundredths => (number, 2),
        Unit::Share => (number, 4),
        Unit::Metres | Unit::Grams => (number, 3),
    };
    number::decimal(number, digits).replace(',', ".")
}

/// One line for each number of each plan that held: `day,shift,plan,figure,part,unit,value`.
pub(super) fn figures(plans: &[Held<'_>]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let head = ["day", "shift", "plan", "figure", "part", "unit", "value"].map(str::to_owned);
    let records = plans.iter().flat_map(|held| {
        held.numbers.iter().map(|number| {
            let Number { definition, part, unit, value } = *number;
            let value = value.map_or_else(String::new, |value| plain(unit, value));
            let (day, shift, plan) = (held.day.into(), held.shift.into(), held.plan.into());
            [
                day,
                shift,
                plan,
                definition.name.into(),
                part.name().into(),
                unit.name().into(),
                value,
            ]
        })
    });
    for record in [head].into_iter().chain(records) {
        writer.write_record(&record).expect("memory takes what it is given, and rows are alike");
    }
    writer.into_inner().expect("memory takes what it is given")
}

/// A plan that held for a shift, with its figures.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// The day.
    pub day: &'a str,
    /// The shift.
    pub shift: &'a str,
    /// The plan.
    pub plan: &'a str,
    /// What it tells of itself.
    pub numbers: Vec<Number>,
}
