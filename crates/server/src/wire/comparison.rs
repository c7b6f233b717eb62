//! Writes two plans side by side as JSON, each number with what it is.

use serde::{Serialize, Serializer};

use super::told::{self, Minutes};
use crate::compare::{Comparison, Row, Unit};

/// The comparison as JSON: `a` is the plan compared with, `b` the other.
pub fn comparison_json(comparison: &Comparison) -> Vec<u8> {
    let [a, b] = comparison.lists().map(|(list_id, version)| ListFile { list_id, version });
    let [left_out_a, left_out_b] = comparison.left_out();
    told::json(&File {
        a,
        b,
        freed_minutes: Minutes(comparison.freed()),
        left_out: Both { a: left_out_a, b: left_out_b },
        figures: comparison.rows().iter().map(FigureFile::of).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    a: ListFile<'a>,
    b: ListFile<'a>,
    freed_minutes: Minutes,
    left_out: Both<u32>,
    figures: Vec<FigureFile>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListFile<'a> {
    list_id: &'a str,
    version: u32,
}

#[derive(Serialize)]
struct Both<T> {
    a: T,
    b: T,
}

/// A number of both plans.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FigureFile {
    figure: &'static str,
    label: &'static str,
    label_nb: &'static str,
    part: &'static str,
    unit: &'static str,
    a: Option<Amount>,
    b: Option<Amount>,
}

impl FigureFile {
    fn of(row: &Row) -> FigureFile {
        let Row { definition, part, unit, values: [a, b] } = row;
        let amount = |value: &Option<i64>| value.map(|number| Amount(*unit, number));
        FigureFile {
            figure: definition.name,
            label: definition.label.en,
            label_nb: definition.label.nb,
            part: part.name(),
            unit: unit.name(),
            a: amount(a),
            b: amount(b),
        }
    }
}

/// A number in the unit of its figure.
struct Amount(Unit, i64);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Amount(unit, number) = *self;
        match unit {
            Unit::Seconds => told::hundredths((number * 10 + 3).div_euclid(6), serializer),
            Unit::Pieces => serializer.serialize_i64(number),
            Unit::Hundredths => told::hundredths(number, serializer),
            Unit::Share => serializer.serialize_f64(number as f64 / 10_000.0),
            Unit::Metres | Unit::Grams => serializer.serialize_f64(number as f64 / 1000.0),
        }
    }
}
