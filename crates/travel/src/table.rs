//! The travel table of one mode: time and way between every two places.

use crate::{Metres, Mode, PlaceId, Seconds};

/// The way from one place to another by one mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leg {
    /// How long it takes.
    pub seconds: Seconds,
    /// How far it is along the chosen way.
    pub metres: Metres,
}

impl Leg {
    /// From a place to itself.
    pub const NONE: Leg = Leg { seconds: Seconds::ZERO, metres: Metres::ZERO };
}

/// A leg as it is kept, or none: seconds and metres.
type Kept = [i32; 2];

/// The mark of a pair with no way; never leaves the table as a number.
const NO_WAY: Kept = [i32::MAX; 2];

#[inline(always)]
fn kept(leg: Option<Leg>) -> Kept {
    leg.map_or(NO_WAY, |leg| [leg.seconds.0, leg.metres.0])
}

#[inline(always)]
fn told(kept: Kept) -> Option<Leg> {
    let [seconds, metres] = kept;
    (kept != NO_WAY).then_some(Leg { seconds: Seconds(seconds), metres: Metres(metres) })
}

/// Every leg between `places` places by one mode, row by row: 8 bytes a pair, time and way side by
/// side so that one look-up is one cache line. Not symmetric; need not obey the triangle inequality.
/// Where all pairs would be too many, only some are known ([`from_known`](Table::from_known)), and
/// the others count as no way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    places: usize,
    /// All legs, or none.
    legs: Box<[Kept]>,
    /// The known legs where there are not all, in rising order of the pair.
    known: Box<[((PlaceId, PlaceId), Leg)]>,
}

impl Table {
    /// A table over `places` places, asking `leg` once for each ordered pair; `None` is no way. The
    /// leg from a place to itself is none, whatever `leg` says.
    pub fn from_fn(places: usize, mut leg: impl FnMut(PlaceId, PlaceId) -> Option<Leg>) -> Table {
        let mut legs = Vec::with_capacity(places * places);
        for from in 0..places as u32 {
            for to in 0..places as u32 {
                let known =
                    if from == to { Some(Leg::NONE) } else { leg(PlaceId(from), PlaceId(to)) };
                legs.push(kept(known));
            }
        }
        Table { places, legs: legs.into(), known: Box::default() }
    }

    /// A table whose rows are written by `write`, in any order and by as many threads as it likes. What
    /// is left of a row is no way; the leg from a place to itself is none, whatever is written.
    pub fn by_rows(places: usize, write: impl FnOnce(Vec<Row<'_>>)) -> Table {
        // Memory that is zero is had for nothing.
        let mut legs = vec![[0; 2]; places * places];
        let mut written = vec![0; places];
        let rows = legs.chunks_exact_mut(places.max(1)).zip(&mut written);
        write(rows.map(|(legs, written)| Row { legs, written }).collect());
        let rows = legs.chunks_exact_mut(places.max(1)).zip(written);
        for (from, (row, written)) in rows.enumerate() {
            row[written..].fill(NO_WAY);
            row[from] = kept(Some(Leg::NONE));
        }
        Table { places, legs: legs.into(), known: Box::default() }
    }

    /// A table that knows these legs and no others; of a pair that is named twice, the first. The
    /// leg from a place to itself is none.
    ///
    /// # Panics
    /// If a leg is named that is not between two of the places.
    pub fn from_known(
        places: usize,
        legs: impl IntoIterator<Item = ((PlaceId, PlaceId), Leg)>,
    ) -> Table {
        let mut known: Vec<((PlaceId, PlaceId), Leg)> = legs.into_iter().collect();
        let inside = |place: PlaceId| place.index() < places;
        assert!(known.iter().all(|((from, to), _)| inside(*from) && inside(*to)), "of the places");
        known.sort_by_key(|(pair, _)| *pair);
        known.dedup_by_key(|(pair, _)| *pair);
        Table { places, legs: Box::default(), known: known.into() }
    }

    /// A table from its rows, one after the other; the diagonal counts as no way to go.
    ///
    /// # Panics
    /// Unless there are `places * places` legs.
    pub fn from_rows(places: usize, rows: &[Option<Leg>]) -> Table {
        assert_eq!(rows.len(), places * places, "a table is square");
        Table::from_fn(places, |from, to| rows[from.index() * places + to.index()])
    }

    /// The same table with other legs from one place and to it, which may be the next that it does not
    /// cover yet; `from` and `to` are by the other place.
    ///
    /// # Panics
    /// If the table knows some legs only, or there are fewer legs than places.
    #[must_use]
    pub fn with_place(&self, place: PlaceId, from: &[Option<Leg>], to: &[Option<Leg>]) -> Table {
        let places = self.places.max(place.index() + 1);
        assert_eq!(self.legs.len(), self.places * self.places, "a table of all legs");
        let mut legs = Vec::with_capacity(places * places);
        for row in 0..self.places {
            legs.extend_from_slice(&self.legs[row * self.places..(row + 1) * self.places]);
            legs.resize((row + 1) * places, NO_WAY);
        }
        legs.resize(places * places, NO_WAY);
        let at = place.index();
        for other in 0..places {
            if other == at {
                legs[at * places + at] = kept(Some(Leg::NONE));
            } else {
                legs[at * places + other] = kept(from[other]);
                legs[other * places + at] = kept(to[other]);
            }
        }
        Table { places, legs: legs.into(), known: Box::default() }
    }

    /// How many places it covers.
    pub fn places(&self) -> usize {
        self.places
    }

    /// The leg between two places, or `None` where there is no way by this mode.
    #[inline]
    pub fn leg(&self, from: PlaceId, to: PlaceId) -> Option<Leg> {
        match self.legs.get(from.index() * self.places + to.index()) {
            Some(leg) => told(*leg),
            None => self.known_leg(from, to),
        }
    }

    #[cold]
    fn known_leg(&self, from: PlaceId, to: PlaceId) -> Option<Leg> {
        assert!(from.index().max(to.index()) < self.places, "a place of the table");
        if from == to {
            return Some(Leg::NONE);
        }
        let at = self.known.binary_search_by_key(&(from, to), |(pair, _)| *pair).ok()?;
        Some(self.known[at].1)
    }
}

/// One row of a table that is being written.
#[derive(Debug)]
pub struct Row<'t> {
    legs: &'t mut [Kept],
    /// To how many places the legs are there.
    written: &'t mut usize,
}

impl Row<'_> {
    /// Writes the legs to the places that come next, as many as there are.
    #[inline(always)]
    pub fn write(&mut self, legs: impl ExactSizeIterator<Item = Option<Leg>>) {
        let start = *self.written;
        *self.written = (start + legs.len()).min(self.legs.len());
        self.legs[start..*self.written].iter_mut().zip(legs).for_each(|(to, leg)| *to = kept(leg));
    }
}

/// The tables of the modes that a day uses, all over the same places.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    by_mode: [Option<Table>; Mode::ALL.len()],
}

impl Tables {
    /// No table yet.
    pub fn new() -> Tables {
        Tables::default()
    }

    /// The same tables with one more, in the place of an earlier one of that mode.
    #[must_use]
    pub fn with(mut self, mode: Mode, table: Table) -> Tables {
        self.by_mode[mode.index()] = Some(table);
        self
    }

    /// Makes a table for each mode, or stops at the first that cannot be made.
    pub fn try_from_fn<E>(
        modes: impl IntoIterator<Item = Mode>,
        mut table: impl FnMut(Mode) -> Result<Table, E>,
    ) -> Result<Tables, E> {
        modes
            .into_iter()
            .try_fold(Tables::new(), |tables, mode| Ok(tables.with(mode, table(mode)?)))
    }

    /// The table of a mode, if there is one.
    pub fn get(&self, mode: Mode) -> Option<&Table> {
        self.by_mode[mode.index()].as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_takes_one_more_place_or_another_in_the_place_of_one() {
        let leg = |seconds| Some(Leg { seconds: Seconds(seconds), metres: Metres(seconds) });
        let anew = |places: usize, of: fn(u32, u32) -> i32| {
            Table::from_fn(places, |from, to| leg(of(from.0, to.0)))
        };
        let table = anew(3, |from, to| (10 * from + to) as i32);
        let [from, to] = [[30, 31, 32], [3, 13, 23]].map(|legs| legs.map(leg));
        let more = table.with_place(PlaceId(3), &from, &to);
        assert_eq!(more, anew(4, |from, to| (10 * from + to) as i32));
        let [from, to] = [[70, 0, 72], [7, 0, 27]].map(|legs| legs.map(leg));
        let other = table.with_place(PlaceId(1), &from, &to);
        assert_eq!(other.leg(PlaceId(1), PlaceId(2)), leg(72));
        assert_eq!(other.leg(PlaceId(2), PlaceId(1)), leg(27));
        assert_eq!(other.leg(PlaceId(1), PlaceId(1)), Some(Leg::NONE));
        assert_eq!(other.leg(PlaceId(2), PlaceId(0)), leg(20));
    }

    #[test]
    fn rows_are_written_in_any_order_and_what_is_not_written_is_no_way() {
        let leg = |seconds| Some(Leg { seconds: Seconds(seconds), metres: Metres(2 * seconds) });
        let table = Table::by_rows(3, |mut rows| {
            rows[2].write([leg(6)].into_iter());
            rows[2].write([leg(7), leg(8), leg(9)].into_iter());
            rows[0].write([leg(1), leg(2)].into_iter());
        });
        let expected = [
            [Some(Leg::NONE), leg(2), None],
            [None, Some(Leg::NONE), None],
            [leg(6), leg(7), Some(Leg::NONE)],
        ];
        assert_eq!(table, Table::from_rows(3, expected.as_flattened()));
        assert_eq!(Table::by_rows(0, |rows| assert!(rows.is_empty())).places(), 0);
    }

    #[test]
    fn of_a_table_of_some_legs_the_others_are_no_way() {
        let leg = |seconds| Leg { seconds: Seconds(seconds), metres: Metres(10 * seconds) };
        let pair = |from, to| (PlaceId(from), PlaceId(to));
        let legs = [(pair(2, 1), leg(7)), (pair(0, 1), leg(5)), (pair(2, 1), leg(9))];
        let table = Table::from_known(3, legs);
        assert_eq!(table.leg(PlaceId(0), PlaceId(1)), Some(leg(5)));
        assert_eq!(table.leg(PlaceId(2), PlaceId(1)), Some(leg(7)));
        assert_eq!(table.leg(PlaceId(1), PlaceId(2)), None);
        assert_eq!(table.leg(PlaceId(1), PlaceId(1)), Some(Leg::NONE));
    }

    #[test]
    fn a_missing_way_is_none_and_never_a_number() {
        let table = Table::from_fn(2, |from, _| {
            (from == PlaceId(0)).then_some(Leg { seconds: Seconds(372), metres: Metres(2410) })
        });
        assert_eq!(table.leg(PlaceId(0), PlaceId(1)).unwrap().seconds, Seconds(372));
        assert_eq!(table.leg(PlaceId(1), PlaceId(0)), None);
        assert_eq!(table.leg(PlaceId(1), PlaceId(1)), Some(Leg::NONE));
    }
}
