//! The kinds of value that the contract's fields have, each a reader that tells its own fault. A
//! time of day is still what the clock on the wall shows: what moment that is, `intake` says.

use hjemrute_solver::Said;
use hjemrute_travel::Seconds;
use jiff::civil::Date;

use super::json::Node;
use super::reader::At;
use super::wrong::{self, Whole};

/// The longest text of a list, in characters.
pub(crate) const LONGEST_TEXT: usize = 128;

/// What the clock on the wall shows: minutes after the midnight that the day begins with, up to 47:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WallTime(pub(crate) u32);

/// An id, a code, a skill: short, and without control characters.
pub(crate) fn text(at: At<'_>) -> Option<String> {
    let text = words(at)?;
    let well_formed = (1..=LONGEST_TEXT).contains(&text.chars().count())
        && !text.chars().any(char::is_control)
        && !text.trim().is_empty();
    if well_formed { Some(text.to_owned()) } else { at.refuse(wrong::text_malformed(LONGEST_TEXT)) }
}

/// One of the words, each with what it means.
pub(crate) fn one_of<T: Copy>(words: &[(&str, T)]) -> impl Fn(At<'_>) -> Option<T> {
    move |at| {
        let word = self::words(at)?;
        let found = words.iter().find(|(name, _)| *name == word).map(|&(_, meaning)| meaning);
        found.or_else(|| {
            let names: Vec<&str> = words.iter().map(|&(name, _)| name).collect();
            at.refuse(wrong::unknown_value(&names))
        })
    }
}

/// `true` or `false`.
pub(crate) fn flag(at: At<'_>) -> Option<bool> {
    match at.value.node {
        Node::Bool(flag) => Some(flag),
        _ => at.refuse(wrong::wrong_type(Said::new("`true` or `false`", "`true` eller `false`"))),
    }
}

/// A whole number in that range.
pub(crate) fn whole(least: u32, most: u32) -> impl Fn(At<'_>) -> Option<u32> {
    move |at| {
        let number = finite(at)?;
        let inside =
            number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&number);
        if inside {
            return Some(number as u32);
        }
        at.refuse(wrong::number_out_of_range(least.into(), most.into(), Whole::Yes))
    }
}

/// A whole number of any sign.
pub(crate) fn integer(at: At<'_>) -> Option<i64> {
    let Node::Number(digits) = at.value.node else { return at.refuse(wrong::not_a_number()) };
    digits.parse().ok().or_else(|| at.refuse(wrong::number_too_large()))
}

/// A number in that range.
pub(crate) fn number(least: f64, most: f64) -> impl Fn(At<'_>) -> Option<f64> {
    move |at| {
        let number = finite(at)?;
        if (least..=most).contains(&number) {
            return Some(number);
        }
        at.refuse(wrong::number_out_of_range(least, most, Whole::No))
    }
}

/// Minutes from zero up to so many, decimals allowed, as whole seconds.
pub(crate) fn minutes(most: u32) -> impl Fn(At<'_>) -> Option<Seconds> {
    move |at| number(0.0, f64::from(most))(at).map(whole_seconds)
}

/// How long something lasts: more than nothing and at most twelve hours.
pub(crate) fn duration(at: At<'_>) -> Option<Seconds> {
    let minutes = finite(at)?;
    let lasts = Some(minutes).filter(|minutes| (0.0..=720.0).contains(minutes)).map(whole_seconds);
    match lasts {
        Some(lasts) if lasts > Seconds::ZERO => Some(lasts),
        _ => at.refuse(wrong::duration_out_of_range()),
    }
}

/// `HH:MM`, up to `47:59`.
pub(crate) fn wall_time(at: At<'_>) -> Option<WallTime> {
    let minutes = wall_minutes(words(at)?).map(WallTime);
    minutes.or_else(|| at.refuse(wrong::time_malformed("`HH:MM`")))
}

/// What `HH:MM` is in minutes after midnight; past midnight it is `24:30`, up to `47:59`.
pub fn wall_minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    (hours < 48 && minutes < 60).then_some(hours * 60 + minutes)
}

/// A date: `2026-11-23`. Any day will do, as long as clocks and calendars were much as they are.
pub(crate) fn date(at: At<'_>) -> Option<Date> {
    let text = words(at)?;
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    match date {
        Some(date) if (1900..=2200).contains(&date.year()) => Some(date),
        Some(_) => at.refuse(wrong::day_out_of_range()),
        None => at.refuse(wrong::time_malformed("`2026-11-23`")),
    }
}

/// An instant with its offset: `2026-11-23T06:05:00+01:00`.
pub(crate) fn instant(at: At<'_>) -> Option<jiff::Timestamp> {
    let instant = words(at)?.parse().ok();
    instant.or_else(|| at.refuse(wrong::time_malformed("`2026-11-23T06:05:00+01:00`")))
}

/// Text as it stands, whatever its length.
pub(crate) fn words<'p>(at: At<'p>) -> Option<&'p str> {
    match &at.value.node {
        Node::Text(text) => Some(text),
        _ => at.refuse(wrong::wrong_type(Said::new("a text", "en tekst"))),
    }
}

fn two_digits(text: &str) -> Option<u32> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Half a second and more counts as a second.
fn whole_seconds(minutes: f64) -> Seconds {
    Seconds((minutes * 60.0).round() as i32)
}

/// A number of any size that can be counted with.
pub(crate) fn finite(at: At<'_>) -> Option<f64> {
    let Node::Number(digits) = at.value.node else { return at.refuse(wrong::not_a_number()) };
    let number = digits.parse().ok().filter(|number: &f64| number.is_finite());
    number.or_else(|| at.refuse(wrong::number_too_large()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::{Size, parse};
    use crate::wire::reader::Faults;

    fn read<T>(body: &str, read: impl FnOnce(At<'_>) -> Option<T>) -> Result<T, &'static str> {
        let json = parse(body.as_bytes(), Size { values: 9, depth: 9 }).unwrap();
        let faults = Faults::default();
        read(At::root(&json, &faults)).ok_or_else(|| faults.into_vec()[0].code)
    }

    #[test]
    fn times_go_past_midnight_and_no_further() {
        assert_eq!(read("\"07:45\"", wall_time), Ok(WallTime(465)));
        assert_eq!(read("\"47:59\"", wall_time), Ok(WallTime(2879)));
        for bad in [
            "\"48:00\"",
            "\"7:45\"",
            "\"07:60\"",
            "\"07:45:00\"",
            "\"+7:45\"",
            "\"\"",
            "\"０7:45\"",
        ] {
            assert_eq!(read(bad, wall_time), Err("time-malformed"), "{bad}");
        }
        assert_eq!(read("745", wall_time), Err("wrong-type"));
        assert_eq!(read("\"2026-02-30\"", date), Err("time-malformed"));
        assert_eq!(read("\"20261123\"", date), Err("time-malformed"));
    }

    #[test]
    fn durations_are_whole_seconds() {
        assert_eq!(read("12.5", duration), Ok(Seconds(750)));
        assert_eq!(read("720", duration), Ok(Seconds(43_200)));
        for bad in ["0", "-5", "720.01", "1e300", "0.001"] {
            assert_eq!(read(bad, duration), Err("duration-out-of-range"), "{bad}");
        }
        assert_eq!(read("1e999", duration), Err("number-out-of-range"));
        assert_eq!(read("\"20\"", duration), Err("wrong-type"));
    }

    #[test]
    fn texts_are_short_and_plain() {
        assert_eq!(read("\"språk:ur\"", text), Ok("språk:ur".to_owned()));
        let long = format!("\"{}\"", "a".repeat(129));
        for bad in ["\"\"", "\"  \"", "\"a\\nb\"", &long] {
            assert_eq!(read(bad, text), Err("text-malformed"));
        }
    }

    #[test]
    fn numbers_keep_to_their_range() {
        assert_eq!(read("2", whole(1, 2)), Ok(2));
        assert_eq!(read("2.0", whole(1, 2)), Ok(2));
        assert_eq!(read("1.5", whole(1, 2)), Err("number-out-of-range"));
        assert_eq!(read("1e308", whole(0, u32::MAX)), Err("number-out-of-range"));
        assert_eq!(read("59.9", number(-90.0, 90.0)), Ok(59.9));
    }
}
