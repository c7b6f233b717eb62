//! Arithmetic of moments and lengths that holds for any figures, however absurd: it stops at the
//! ends of what can be counted instead of overflowing. And how lengths are told.

use hjemrute_travel::{Leg, PlaceId, Seconds, Table, Time};

/// So much later.
pub(super) fn later(time: Time, by: Seconds) -> Time {
    Time(time.0.saturating_add(by.0))
}

/// From one moment to another; negative when the other is earlier.
pub(super) fn between(from: Time, to: Time) -> Seconds {
    Seconds(to.0.saturating_sub(from.0))
}

/// From one moment to another, and nothing when the other is earlier.
pub(super) fn forward(from: Time, to: Time) -> Seconds {
    between(from, to).max(Seconds::ZERO)
}

/// Both lengths together.
pub(super) fn sum(one: Seconds, other: Seconds) -> Seconds {
    Seconds(one.0.saturating_add(other.0))
}

/// The leg between two places, or none where the table does not know them.
pub(super) fn leg(table: Option<&Table>, from: PlaceId, to: PlaceId) -> Option<Leg> {
    let table = table?;
    let known = from.index() < table.places() && to.index() < table.places();
    if known { table.leg(from, to) } else { None }
}

/// A length for people: `45 s`, `12 min`, `12 min 30 s`; both languages say it alike.
pub(super) fn told(length: Seconds) -> String {
    let sign = if length.0 < 0 { "-" } else { "" };
    let (minutes, seconds) = (length.0.unsigned_abs() / 60, length.0.unsigned_abs() % 60);
    match (minutes, seconds) {
        (0, seconds) => format!("{sign}{seconds} s"),
        (minutes, 0) => format!("{sign}{minutes} min"),
        (minutes, seconds) => format!("{sign}{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_figures_stop_at_the_ends() {
        assert_eq!(later(Time(i32::MAX), Seconds(1)), Time(i32::MAX));
        assert_eq!(between(Time(i32::MAX), Time(i32::MIN)), Seconds(i32::MIN));
        assert_eq!(told(Seconds(i32::MIN)), "-35791394 min 8 s");
        assert_eq!(told(Seconds(-90)), "-1 min 30 s");
        assert_eq!(told(Seconds::minutes(12)), "12 min");
        assert_eq!(leg(None, PlaceId(0), PlaceId(0)), None);
    }
}
