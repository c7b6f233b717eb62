//! A day written by hand, for tests and bug reports: one thing a line, words and figures, readable
//! aloud. Knows the names of the day and the travel tables, nothing of how a plan is made.
//!
//! ```text
//! # a double visit: the car waits for the colleague on foot
//! travel car 60 s/km                  metres along the grid, so much a kilometre
//! travel foot 720 s/km
//! way car BASE A 400 s 3000 m         this one way, instead of the grid's
//! noway foot BASE B
//! place BASE 0,0
//! place A 3000,0 access 2 min key BASE
//! visit v1 at A 20 min patient p1 window 07:45-08:15 time-critical carers 2 skills medikament
//! visit v2 at A 15 min after v1 240 min to 360 min apart whole any nurse,helper none smoker pin carer c1
//! visit v3 at A 10 min primary c1 known c1,c2 avoid c3 distinct 6 pin start 09:00 optional
//! carer c1 07:30-15:00 from BASE car vehicle car-3 pool car-1,car-3 skills medikament,nurse overtime 30 min
//! carer c2 07:30-15:00 from BASE to A foot skills medikament break 30 min 10:30-12:30 paid at A
//! ```
//!
//! When the patient would like it to start is `prefers 08:00`, how long it lasts with one who takes another
//! time `lasts c1 30 min`, and a visit that is only the helper's part of another `helps v1`.
//! What each carer of a visit brings along is `load 3`, the most that a carer can is `capacity 20`.
//! What leaving an optional visit out costs, where it has a price of its own, is `left-out 72000`
//! (tenths of a weighted second). What was published is a line for each visit, `published v1 08:00 c1,c2`,
//! with `frozen-until 09:00`; what of a carer's day has begun is told with when the carer is free and
//! when the day is over at the least: `begun c1 07:36 free 09:10 over 12:00 key BASE v1 07:45 rest 08:30 v2 09:00`. Two crew members with different skills are told apart by `and`: `skills a and skills b`. A name
//! with spaces, commas or `#` stands in `"…"`. A length without a unit is minutes. `patient` is the
//! place's name where it is not said. Explicit tables are rows: `table car` over all places, then
//! `from BASE 0/0 400/3000 -` (seconds/metres, `-` no way). Other prices than the standard profile:
//! `policy NAME`, `price travel 10` (tenths a second), `late-limit important 60 min`.

mod figures;
mod lists;
mod parse;
mod print;
mod published;
mod ways;
mod words;

use std::fmt;

pub use lists::lists;
pub use parse::parse;
pub use print::print;

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Which line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
    /// What to write instead.
    pub fix: &'static str,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; {}", self.line, self.what, self.fix)
    }
}

impl std::error::Error for Misread {}

#[cfg(test)]
mod tests {
    use hjemrute_travel::{Metres, Mode, PlaceId, Seconds, Time};

    use super::*;
    use crate::plan::Load;

    const DAY: &str = r#"
        travel car 60 s/km
        travel foot 720 s/km
        way car BASE A 400 s 3000 m
        noway foot BASE A
        place BASE 0,0
        place A 3000,0 access 2 min key BASE       # behind the gate
        visit v1 at A 20 min patient p1 window 07:45-08:15 window 12:00-12:30 time-critical carers 2 skills medikament
        visit v2 at A 90 s after v1 240 to 360 min apart whole skills a any b,c and none d pin carer c1 pin start 09:00:30
        visit v3 at A 10 min after v1 5 min primary c1 known c1,c2 avoid "c 3" distinct 6 optional load 3 left-out 900 cancelled
        visit v4 at A 10 min lasts c1 15 min prefers 08:20 helps v2 continuity important
        carer c1 07:30-15:00 from BASE car vehicle car-3 pool car-1,car-3 skills medikament,"two, words" overtime 30 min capacity 20
        carer "c 3" 22:00-31:30 from BASE to A foot break 30 min 25:30-27:30 paid at A
        frozen-until 09:00
        published v1 08:00 c1,"c 3"
        begun c1 07:36 free 09:10 over 12:00 home key A v1 07:45 key BASE rest 08:30 arrived v2 09:00:30
        policy strict
        price waiting 4
        price worst-late 3
        late-limit important 45 min
    "#;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        let (instance, tables) = parse(DAY).unwrap();
        let [v1, v2, v3, v4] = instance.visits.as_slice() else { panic!("four visits") };
        assert_eq!((v1.crew.len(), v1.windows.len(), v1.duration), (2, 2, Seconds::minutes(20)));
        assert_eq!(v1.crew[0], v1.crew[1]);
        assert_eq!((v2.crew[0].any_of.len(), v2.crew[1].none_of.len()), (2, 1));
        assert_eq!(v2.gap.as_ref().unwrap().max, Some(Seconds::minutes(360)));
        assert!(v2.gap.as_ref().unwrap().whole && !v3.gap.as_ref().unwrap().whole);
        assert!(v2.gap.as_ref().unwrap().apart && !v3.gap.as_ref().unwrap().apart);
        assert_eq!(instance.policy.worst_late, crate::score::Rate(3));
        assert_eq!(v2.pinned.start, Some(Time(9 * 3600 + 30)));
        assert_eq!((v3.left_out, v4.left_out), (Some(crate::score::Cost(900)), None));
        assert_eq!((v3.load, instance.carers[0].capacity), (Load(3), Some(Load(20))));
        assert_eq!(v3.continuity.as_ref().unwrap().distinct_last_14d, 6);
        assert!(v4.continuity.is_some() && v2.continuity.is_none());
        assert_eq!((v4.preferred, v4.told()), (Some(Time::at(8, 20)), &v2.id));
        assert_eq!(v4.lasts(&instance.carers[0].id), Seconds::minutes(15));
        let published = instance.published.as_ref().unwrap();
        assert_eq!(published.promises[&v1.id].carers.len(), 2);
        let begun = &published.begun[&instance.carers[0].id];
        assert_eq!((begun.stops.len(), begun.rest.unwrap().before, begun.home), (2, 1, true));
        assert_eq!(begun.keys, [(0, PlaceId(1)), (1, PlaceId(0))]);
        assert_eq!(instance.carers[1].end, PlaceId(1));
        let rest = instance.carers[1].rest.unwrap();
        assert!(rest.place == Some(PlaceId(1)) && rest.paid);
        assert_eq!(instance.places[1].key_at, Some(PlaceId(0)));
        assert_eq!(instance.carers[0].skills.len(), 2);
        let car = tables.get(Mode::Car).unwrap();
        let (there, back) = (car.leg(PlaceId(0), PlaceId(1)), car.leg(PlaceId(1), PlaceId(0)));
        assert_eq!(there.unwrap().seconds, Seconds(400));
        assert_eq!(
            back.unwrap(),
            hjemrute_travel::Leg { seconds: Seconds(180), metres: Metres(3000) }
        );
        assert_eq!(tables.get(Mode::Foot).unwrap().leg(PlaceId(0), PlaceId(1)), None);
        assert!(tables.get(Mode::Bike).is_none());
    }

    #[test]
    fn what_is_printed_reads_back_the_same() {
        let (instance, tables) = parse(DAY).unwrap();
        let text = print(&instance, &tables);
        let (again, tables_again) = parse(&text).unwrap();
        assert_eq!(again, instance, "{text}");
        for mode in Mode::ALL {
            assert_eq!(tables_again.get(mode), tables.get(mode), "{text}");
        }
        assert_eq!(print(&again, &tables_again), text);
    }

    #[test]
    fn a_wrong_line_is_named_with_what_to_write() {
        let say = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            say("place A 0,0\nvisit v at B 5 min"),
            "line 2: no place is called `B`; add a line `place NAME x,y`"
        );
        assert_eq!(
            say("place A 0,0\nvisit v at A 5 min windw 07:00-08:00"),
            "line 2: `windw` means nothing in a visit; write a criticality, patient, window, \
             carers, skills, any, none, and, primary, known, avoid, distinct, after, pin, prefers, lasts, helps, load, left-out or cancelled"
        );
        assert_eq!(
            say("place A nought"),
            "line 1: `nought` is not a position; write x,y in whole metres"
        );
        assert_eq!(
            say("vist v"),
            "line 1: `vist` begins no line; begin with place, visit, carer, \
             travel, table, from, way, noway, published, frozen-until, begun, policy, price or late-limit"
        );
        assert_eq!(
            say("place A 0,0\nvisit v at A 5 min window 7.00-8.00"),
            "line 2: `7.00` is not a time; write HH:MM or HH:MM:SS"
        );
        assert_eq!(
            say("place A 0,0\ntravel car 60 s/km\ncarer c1 07:30-15:00 from A foot"),
            "line 3: no line says how long it takes by foot; add a line `travel MODE … s/km`, a table or ways"
        );
    }
}
