//! Figures as Norwegians write them: decimal comma, whole minutes for people and tenths for
//! tables, no break between figure and unit. All of it in integers.

use hjemrute_solver::Ratio;
use hjemrute_travel::{Metres, Seconds};

/// Whole minutes, to the nearest, but never nothing of something: `6 min`.
pub(super) fn minutes(time: Seconds) -> String {
    let nearest = (time.0 + 30).div_euclid(60);
    let told = if time.0 > 0 { nearest.max(1) } else { nearest };
    format!("{told}\u{a0}min")
}

/// Whole minutes, rounded up: nobody is told to be less late than they are.
pub(super) fn minutes_up(time: Seconds) -> String {
    format!("{}\u{a0}min", (time.0 + 59).div_euclid(60))
}

/// Hours and minutes: `71 t 15 min`, below an hour `15 min`.
pub(super) fn hours(time: Seconds) -> String {
    let minutes = (time.0 + 30).div_euclid(60);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}min"),
        (hours, 0) => format!("{hours}\u{a0}t"),
        (hours, minutes) => format!("{hours}\u{a0}t {minutes}\u{a0}min"),
    }
}

/// Minutes with one decimal and no unit: `6,2`.
pub(super) fn minutes_tenths(time: Seconds) -> String {
    decimal((i64::from(time.0) + 3).div_euclid(6), 1)
}

/// `850 m` or `2,4 km`.
pub(super) fn way(way: Metres) -> String {
    match way.0 {
        short @ -999..1000 => format!("{short}\u{a0}m"),
        long => format!("{}\u{a0}km", decimal((i64::from(long) + 50) / 100, 1)),
    }
}

/// Grams as `850 g` or `1,2 kg`.
pub(super) fn weight(grams: i64) -> String {
    match grams {
        light @ -999..1000 => format!("{light}\u{a0}g"),
        heavy => format!("{}\u{a0}kg", decimal((heavy + 50) / 100, 1)),
    }
}

/// `43,7 %`.
pub(super) fn percent(ratio: Ratio) -> Option<String> {
    ratio.scaled(1000).map(|tenths| format!("{}\u{a0}%", decimal(tenths, 1)))
}

/// Hundredths of a per cent: `9,51 %`.
pub(super) fn hundredths_of_percent(hundredths: i64) -> String {
    format!("{}\u{a0}%", decimal(hundredths, 2))
}

/// A mean with two decimals: `1,43`.
pub(super) fn mean(ratio: Ratio) -> Option<String> {
    ratio.scaled(100).map(|hundredths| decimal(hundredths, 2))
}

/// A number that counts units of 10^-`digits`, with a decimal comma.
pub(super) fn decimal(number: i64, digits: u32) -> String {
    let unit = 10_i64.pow(digits);
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.abs() / unit, number.abs() % unit);
    format!("{sign}{whole},{rest:0width$}", width = digits as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_norwegian() {
        assert_eq!(minutes(Seconds(372)), "6\u{a0}min");
        assert_eq!(minutes(Seconds(8)), "1\u{a0}min");
        assert_eq!(minutes_up(Seconds(61)), "2\u{a0}min");
        assert_eq!(minutes_tenths(Seconds(372)), "6,2");
        assert_eq!(minutes_tenths(Seconds(0)), "0,0");
        assert_eq!(hours(Seconds::minutes(4275)), "71\u{a0}t 15\u{a0}min");
        assert_eq!(hours(Seconds::minutes(60)), "1\u{a0}t");
        assert_eq!(way(Metres(2410)), "2,4\u{a0}km");
        assert_eq!(way(Metres(850)), "850\u{a0}m");
        assert_eq!(way(Metres(-1250)), "-1,2\u{a0}km");
        assert_eq!(weight(1240), "1,2\u{a0}kg");
        assert_eq!(percent(Ratio { of: 1, all: 3 }), Some("33,3\u{a0}%".into()));
        assert_eq!(percent(Ratio { of: -1, all: 30 }), Some("-3,3\u{a0}%".into()));
        assert_eq!(mean(Ratio { of: 10, all: 7 }), Some("1,43".into()));
    }
}
