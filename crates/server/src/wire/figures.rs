//! The figures of a plan as JSON: each under its name, then the shares of paid time, then what each
//! figure means in both languages.

use hjemrute_solver::{Criticality, Figure, Kpi, Ratio, Spread, Value};
use hjemrute_travel::Mode;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::told::{Minutes, hundredths};

/// The figures.
pub(super) struct Figures(pub(super) Kpi);

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let figures = self.0.figures();
        let mut map = serializer.serialize_map(None)?;
        for figure in &figures {
            map.serialize_entry(figure.definition.name, &Amount(figure.value))?;
        }
        let part = |figure: &Figure| match figure.value {
            Value::PartOfPaid(_, ratio) => Some((figure.definition.name, Share(ratio))),
            _ => None,
        };
        map.serialize_entry("shareOfPaid", &Object(figures.iter().filter_map(part).collect()))?;
        let meaning = |figure: &Figure| {
            let meaning = figure.definition.meaning;
            (figure.definition.name, Object(vec![("en", meaning.en), ("nb", meaning.nb)]))
        };
        map.serialize_entry("definitions", &Object(figures.iter().map(meaning).collect()))?;
        map.end()
    }
}

/// An object with its members in that order.
struct Object<T>(Vec<(&'static str, T)>);

impl<T: Serialize> Serialize for Object<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A figure in the unit of its name.
struct Amount(Value);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Time(time) | Value::PartOfPaid(time, _) => Minutes(time).serialize(serializer),
            Value::Share(ratio) => Share(ratio).serialize(serializer),
            Value::Mean(ratio) => match ratio.scaled(100) {
                Some(count) => hundredths(count, serializer),
                None => serializer.serialize_none(),
            },
            Value::WayByMode(ways) => {
                by_mode(ways.map(|metres| Thousandths(metres.0.into()))).serialize(serializer)
            }
            Value::GramsByMode(grams) => by_mode(grams.map(Thousandths)).serialize(serializer),
            Value::CountSpread(spread) => spread_of(spread).serialize(serializer),
            Value::TimeSpread(Spread { min, median, max }) => {
                let spread =
                    Spread { min: Minutes(min), median: Minutes(median), max: Minutes(max) };
                spread_of(spread).serialize(serializer)
            }
            Value::TimeByCriticality(times) => {
                by_criticality(times.map(Minutes)).serialize(serializer)
            }
            Value::CountByCriticality(counts) => by_criticality(counts).serialize(serializer),
        }
    }
}

fn by_mode<T>(values: [T; 4]) -> Object<T> {
    Object(Mode::ALL.into_iter().map(Mode::name).zip(values).collect())
}

fn by_criticality<T>(values: [T; 4]) -> Object<T> {
    Object(Criticality::ALL.into_iter().map(Criticality::name).zip(values).collect())
}

fn spread_of<T>(spread: Spread<T>) -> Object<T> {
    let Spread { min, median, max } = spread;
    Object(vec![("min", min), ("median", median), ("max", max)])
}

/// Metres as kilometres, grams as kilograms.
struct Thousandths(i64);

impl Serialize for Thousandths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1000 == 0 {
            serializer.serialize_i64(self.0 / 1000)
        } else {
            serializer.serialize_f64(self.0 as f64 / 1000.0)
        }
    }
}

/// A share between 0 and 1 with four decimals; `null` of nothing.
struct Share(Ratio);

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.scaled(10_000) {
            Some(share) => serializer.serialize_f64(share as f64 / 10_000.0),
            None => serializer.serialize_none(),
        }
    }
}
