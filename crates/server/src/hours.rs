//! How long ways take at the hours of the list: a place's ways are those of the part of the day in
//! which it may be left, and of the slowest if there are several. So a way never takes longer than
//! was planned because of the hour, and who leaves later never arrives earlier. Knows no rule.

use hjemrute_osm::{Among, Legs, Roads};
use hjemrute_solver::Instance;
use hjemrute_travel::{Band, Leg, Mode, PlaceId, Seconds, Table, Tables, Time};

use crate::day::Day;
use crate::intake::Spot;

/// A set of bands, as a sum of bits.
type Bands = u32;

/// When the places of a list may be left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    /// Which ways of travelling are used.
    modes: Vec<Mode>,
    /// For each place the bands in which somebody may set out from it.
    left: Vec<Bands>,
    /// How long ways take against the map's own times, in percent, by [`Mode::index`].
    percent: [i32; Mode::ALL.len()],
}

impl Hours {
    /// When the places of the list may be left.
    pub(crate) fn of(instance: &Instance, day: &Day) -> Hours {
        let used = |mode: &Mode| instance.carers.iter().any(|carer| carer.mode == *mode);
        let modes = Mode::ALL.into_iter().filter(used).collect();
        Hours { modes, left: left_in(instance, day), percent: instance.policy.ways }
    }

    /// A table for each way of travelling that is used, between these places of the instance.
    pub(crate) fn tables(&self, roads: &Roads, spots: &[Spot], places: &[PlaceId]) -> Tables {
        let table = |mode: Mode| self.table(roads, mode, spots, places);
        self.modes.iter().fold(Tables::new(), |tables, mode| tables.with(*mode, table(*mode)))
    }

    fn table(&self, roads: &Roads, mode: Mode, spots: &[Spot], places: &[PlaceId]) -> Table {
        let snaps: Vec<_> = places.iter().map(|place| spots[place.index()].snap(mode)).collect();
        // Bands that are the same for the mode count once.
        let own = |place: &PlaceId| self.own(roads, mode, self.left[place.index()]);
        let left: Vec<Bands> = places.iter().map(own).collect();
        let all = left.iter().fold(0, |all, bands| all | bands);
        let tables: Vec<(Band, Table)> =
            bands_of(all).map(|band| (band, roads.table_in(mode, band, &snaps))).collect();
        let percent = self.percent[mode.index()];
        let leg = |from: PlaceId, to| slowest(&tables, left[from.index()], from, to);
        Table::from_fn(snaps.len(), |from, to| leg(from, to).map(|leg| by_profile(leg, percent)))
    }
}

/// What takes so long by the map, by the people of a profile: seconds are rounded up, so that no detour
/// becomes a short cut.
fn by_profile(leg: Leg, percent: i32) -> Leg {
    let seconds = (i64::from(leg.seconds.0) * i64::from(percent) + 99) / 100;
    Leg { seconds: Seconds(seconds as i32), ..leg }
}

/// The leg in the slowest of some bands; where it is equally slow in several, in the first of them.
fn slowest(tables: &[(Band, Table)], bands: Bands, from: PlaceId, to: PlaceId) -> Option<Leg> {
    slowest_of(tables, bands, |table| table.leg(from, to))
}

fn slowest_of<T>(of: &[(Band, T)], bands: Bands, leg: impl Fn(&T) -> Option<Leg>) -> Option<Leg> {
    let among = of.iter().filter(|(band, _)| bands >> band.index() & 1 != 0);
    let legs = among.rev().filter_map(|(_, of)| leg(of));
    legs.max_by_key(|leg| leg.seconds)
}

/// What one more place of a day needs to take its row and column in the tables: the places that are
/// there, made ready in every band that is used.
pub struct Surroundings<'r> {
    modes: Vec<(Mode, Vec<(Band, Among<'r>)>)>,
}

impl Hours {
    /// The surroundings of a day whose places may be left at these hours.
    pub(crate) fn surroundings<'r>(&self, roads: &'r Roads, spots: &[Spot]) -> Surroundings<'r> {
        let modes = self.modes.iter().map(|mode| {
            let snaps: Vec<_> = spots.iter().map(|spot| spot.snap(*mode)).collect();
            let among = |band| (band, roads.among(*mode, band, &snaps));
            let all = self.left.iter().fold(0, |all, bands| all | self.own(roads, *mode, *bands));
            (*mode, bands_of(all).map(among).collect())
        });
        Surroundings { modes: modes.collect() }
    }

    /// Of some bands those that are not the same for the mode.
    fn own(&self, roads: &Roads, mode: Mode, bands: Bands) -> Bands {
        bands_of(bands).fold(0, |own, band| own | 1 << roads.representative(mode, band).index())
    }

    /// The tables of the day that may be left at these hours, of which `tables` and `around` are known
    /// but for one place. None where that place may be left in a band that is not known.
    pub(crate) fn tables_with(
        &self,
        (tables, around): (&Tables, &Surroundings<'_>),
        (roads, place, spot): (&Roads, PlaceId, &Spot),
    ) -> Option<Tables> {
        let mut made = tables.clone();
        for (mode, bands) in &around.modes {
            let own = |place: usize| self.own(roads, *mode, self.left[place]);
            let known = bands.iter().fold(0, |all, (band, _)| all | 1 << band.index());
            if own(place.index()) & !known != 0 {
                return None;
            }
            let table = tables.get(*mode)?;
            let snap = spot.snap(*mode);
            let legs: Vec<(Band, Legs)> = match &snap {
                Some(snap) => bands.iter().map(|(band, among)| (*band, among.legs(snap))).collect(),
                None => Vec::new(),
            };
            let others = 0..table.places();
            let from = others
                .clone()
                .map(|other| slowest_of(&legs, own(place.index()), |legs| legs.from[other]));
            let to = others.map(|other| slowest_of(&legs, own(other), |legs| legs.to[other]));
            let percent = self.percent[mode.index()];
            let felt = |leg: Option<Leg>| leg.map(|leg| by_profile(leg, percent));
            let (from, to): (Vec<_>, Vec<_>) = (from.map(felt).collect(), to.map(felt).collect());
            made = made.with(*mode, table.with_place(place, &from, &to));
        }
        Some(made)
    }
}

fn bands_of(bands: Bands) -> impl Iterator<Item = Band> {
    Band::all().filter(move |band| bands >> band.index() & 1 != 0)
}

/// Seconds between the moments that are looked at: no band is shorter.
const STEP: i32 = 900;

/// For each place the bands in which somebody may set out from it: after a visit that starts in its
/// windows, at any time of a shift that starts there, after a break there, and at any time of any
/// shift where a key hangs. Whoever is late may leave later still.
fn left_in(instance: &Instance, day: &Day) -> Vec<Bands> {
    let shifts = instance.carers.iter().map(|carer| (carer.shift_start, carer.shift_end));
    let whole =
        shifts.clone().reduce(|(start, end), (other, last)| (start.min(other), end.max(last)));
    let mut left = vec![0; instance.places.len()];
    let mut spans: Vec<(PlaceId, Time, Time)> = Vec::new();
    for carer in &instance.carers {
        spans.push((carer.start, carer.shift_start, carer.shift_end));
        if let Some((rest, place)) = carer.rest.and_then(|rest| Some((rest, rest.place?))) {
            spans.push((place, rest.earliest + rest.length, rest.latest));
        }
    }
    let keys =
        instance.places.iter().filter_map(|place| place.key_at).zip(whole.into_iter().cycle());
    spans.extend(keys.map(|(place, (start, end))| (place, start, end)));
    for visit in &instance.visits {
        let windows = visit.windows.iter().map(|window| (window.earliest, window.latest));
        let any_time = whole.filter(|_| visit.windows.is_empty());
        let leave = |(earliest, latest): (Time, Time)| {
            (visit.place, earliest + visit.duration, latest + visit.duration)
        };
        spans.extend(windows.chain(any_time).map(leave));
    }
    for (place, start, end) in spans {
        left[place.index()] |= between(day, start, end);
    }
    // Nobody sets out from what is left, but a table has a row for it.
    let standard = 1 << Band::STANDARD.index();
    left.iter_mut().filter(|bands| **bands == 0).for_each(|bands| *bands = standard);
    left
}

/// The bands between two moments.
fn between(day: &Day, start: Time, end: Time) -> Bands {
    let last = end.0.max(start.0 + 1);
    let moments = (start.0..last).step_by(STEP as usize).chain([last - 1]);
    moments.fold(0, |bands, moment| bands | 1 << day.band(Time(moment)).index())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hjemrute_travel::{Hours as Part, Metres};

    fn oslo(month: i8, day: i8) -> Day {
        let zone = jiff::tz::TimeZone::get("Europe/Oslo").expect("bundled");
        Day::new(jiff::civil::date(2026, month, day), zone).expect("an ordinary date")
    }

    fn bit(hours: Part, winter: bool) -> Bands {
        1 << Band { hours, winter }.index()
    }

    #[test]
    fn the_bands_between_two_moments() {
        let monday = oslo(11, 23);
        assert_eq!(between(&monday, Time::at(7, 30), Time::at(8, 30)), bit(Part::Morning, true));
        let rush = bit(Part::Morning, true) | bit(Part::Day, true);
        assert_eq!(between(&monday, Time::at(8, 55), Time::at(9, 1)), rush);
        assert_eq!(
            between(&monday, Time::at(7, 30), Time::at(15, 0)),
            rush,
            "until, not at, three"
        );
        assert_eq!(between(&monday, Time::at(12, 0), Time::at(12, 0)), bit(Part::Day, true));
        assert_eq!(between(&oslo(5, 16), Time::at(8, 0), Time::at(9, 0)), bit(Part::Day, false));
        assert_eq!(between(&monday, Time::at(26, 0), Time::at(27, 0)), bit(Part::Night, true));
    }

    #[test]
    fn a_profile_has_its_own_pace() {
        let leg = |seconds| Leg { seconds: Seconds(seconds), metres: Metres(10) };
        assert_eq!(by_profile(leg(61), 100), leg(61));
        assert_eq!(by_profile(leg(61), 120), leg(74), "73.2");
        assert_eq!(by_profile(leg(0), 400), leg(0));
    }

    #[test]
    fn a_way_takes_as_long_as_in_the_slowest_band_it_may_be_set_out_in() {
        let table = |seconds: i32| {
            let leg = Leg { seconds: Seconds(seconds), metres: Metres(10) };
            Table::from_fn(2, |from, _| (from == PlaceId(0)).then_some(leg))
        };
        let [morning, night] = [Part::Morning, Part::Night].map(|hours| bit(hours, false));
        let band = |hours| Band { hours, winter: false };
        let tables = [(band(Part::Night), table(70)), (band(Part::Morning), table(100))];
        let seconds = |bands: Bands, from| {
            slowest(&tables, bands, PlaceId(from), PlaceId(1 - from)).map(|leg| leg.seconds.0)
        };
        assert_eq!(seconds(morning, 0), Some(100));
        assert_eq!(seconds(night, 0), Some(70));
        assert_eq!(seconds(night | morning, 0), Some(100));
        assert_eq!(seconds(night | morning, 1), None);
    }
}
