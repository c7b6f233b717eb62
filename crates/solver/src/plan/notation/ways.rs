//! The lines that say how long the ways are, and the travel tables they make.

use std::collections::BTreeMap;

use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Seconds, Table, Tables};

use super::Misread;
use super::words::Words;
use crate::plan::Place;

type Cell = (PlaceId, PlaceId);

/// What was said of the ways so far.
#[derive(Default)]
pub(super) struct Ways {
    by_mode: BTreeMap<Mode, Said>,
    /// The mode whose rows are being read.
    table: Option<Mode>,
}

#[derive(Default)]
struct Said {
    seconds_a_kilometre: Option<i64>,
    legs: BTreeMap<Cell, Option<Leg>>,
}

impl Ways {
    /// `travel car 60 s/km`.
    pub(super) fn travel(&mut self, words: &mut Words) -> Result<(), Misread> {
        let mode = mode(words)?;
        let pace = words.figure::<i32>("write whole seconds for each kilometre")?;
        words.takes("s/km");
        self.by_mode.entry(mode).or_default().seconds_a_kilometre = Some(i64::from(pace));
        Ok(())
    }

    /// `table car`: the rows that follow are this mode's.
    pub(super) fn table(&mut self, words: &mut Words) -> Result<(), Misread> {
        let mode = mode(words)?;
        self.by_mode.entry(mode).or_default();
        self.table = Some(mode);
        Ok(())
    }

    /// `from A 0/0 372/2410 -`: the ways from A to every place.
    pub(super) fn row(&mut self, places: &[Place], words: &mut Words) -> Result<(), Misread> {
        let Some(mode) = self.table else {
            let what = "a row stands under no table".to_owned();
            return Err(words.misread(what, "begin with a line `table MODE`"));
        };
        let from = place(places, words)?;
        for to in 0..places.len() as u32 {
            let word = words.name()?;
            let leg = cell(&word).ok_or_else(|| {
                let fix = "write seconds/metres, or - for no way";
                words.misread(format!("`{word}` is not a way"), fix)
            })?;
            self.by_mode.entry(mode).or_default().legs.insert((from, PlaceId(to)), leg);
        }
        Ok(())
    }

    /// `way car A B 372 s 2410 m`.
    pub(super) fn way(&mut self, places: &[Place], words: &mut Words) -> Result<(), Misread> {
        let (mode, from, to) = (mode(words)?, place(places, words)?, place(places, words)?);
        let seconds = words.length()?;
        let metres = Metres(words.figure("write whole metres")?);
        words.takes("m");
        let leg = Some(Leg { seconds, metres });
        self.by_mode.entry(mode).or_default().legs.insert((from, to), leg);
        Ok(())
    }

    /// `noway foot A B`.
    pub(super) fn noway(&mut self, places: &[Place], words: &mut Words) -> Result<(), Misread> {
        let (mode, from, to) = (mode(words)?, place(places, words)?, place(places, words)?);
        self.by_mode.entry(mode).or_default().legs.insert((from, to), None);
        Ok(())
    }

    /// Whether any line tells how long it takes by that mode.
    pub(super) fn tells_of(&self, mode: Mode) -> bool {
        self.by_mode.contains_key(&mode)
    }

    /// The tables over these places.
    pub(super) fn tables(&self, places: &[Place]) -> Tables {
        self.by_mode.iter().fold(Tables::new(), |tables, (mode, said)| {
            let table = Table::from_fn(places.len(), |from, to| said.leg(places, from, to));
            tables.with(*mode, table)
        })
    }
}

impl Said {
    fn leg(&self, places: &[Place], from: PlaceId, to: PlaceId) -> Option<Leg> {
        if let Some(leg) = self.legs.get(&(from, to)) {
            return *leg;
        }
        let pace = self.seconds_a_kilometre?;
        let (from, to) = (places[from.index()].position, places[to.index()].position);
        let metres = i64::from(from.lon).abs_diff(i64::from(to.lon))
            + i64::from(from.lat).abs_diff(i64::from(to.lat));
        let seconds = (metres as i64).checked_mul(pace)?.checked_add(999)?.div_euclid(1000);
        let seconds = Seconds(i32::try_from(seconds).ok()?);
        Some(Leg { seconds, metres: Metres(i32::try_from(metres).ok()?) })
    }
}

fn mode(words: &mut Words) -> Result<Mode, Misread> {
    let name = words.name()?;
    Mode::from_name(&name).ok_or_else(|| {
        words.misread(format!("`{name}` is no way to travel"), "write car, ebike, bike or foot")
    })
}

/// The place of that name.
pub(super) fn place(places: &[Place], words: &mut Words) -> Result<PlaceId, Misread> {
    let name = words.name()?;
    let row = places.iter().position(|place| place.id.0 == name);
    row.map(|row| PlaceId(row as u32)).ok_or_else(|| {
        words.misread(format!("no place is called `{name}`"), "add a line `place NAME x,y`")
    })
}

fn cell(word: &str) -> Option<Option<Leg>> {
    if word == "-" {
        return Some(None);
    }
    let (seconds, metres) = word.split_once('/')?;
    let leg = Leg { seconds: Seconds(seconds.parse().ok()?), metres: Metres(metres.parse().ok()?) };
    Some(Some(leg))
}
