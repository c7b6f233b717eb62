//! Values that hold at some hours only, as in `no @ (Mo-Fr 07:00-09:00,15:00-17:00; PH off)`. Reads
//! the forms that are on Norwegian roads: days of the week, hours, and days of the year. What it does
//! not understand (school holidays, weights, who is inside, years) does not hold, so that the rule
//! without hours stands.

use super::clock::Moment;

/// The value that holds at a moment, if one of them does; of several the last, as the rule is.
pub(super) fn value_at(text: &str, moment: Moment) -> Option<&str> {
    let mut holding = clauses(text).into_iter().filter_map(|clause| {
        let (value, condition) = clause.split_once('@')?;
        let condition = condition.trim().trim_start_matches('(').trim_end_matches(')');
        holds(condition, moment).then_some(value.trim())
    });
    holding.next_back()
}

/// The clauses of a value: parted by semicolons, but not by those in brackets.
fn clauses(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut clauses) = (0, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ';' if depth == 0 => {
                clauses.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    clauses.push(text[start..].trim());
    clauses
}

/// Whether one of the rules of a condition holds. Public holidays are not known of: rules for them
/// alone do not hold.
fn holds(condition: &str, moment: Moment) -> bool {
    condition.split(';').any(|rule| rule_holds(rule.trim(), moment).unwrap_or(false))
}

/// Days of the year, days of the week and hours, each of them there or not; `None` if it says
/// something else.
fn rule_holds(rule: &str, moment: Moment) -> Option<bool> {
    if rule.is_empty() {
        return None;
    }
    let words = rule.replace(" - ", "-").replace(", ", ",");
    let mut words: Vec<&str> = words.split_whitespace().collect();
    // A date is written in two words, `Nov 01-Apr 8`; the other parts in one each.
    let mut fits = true;
    if words.first().and_then(|word| month(word.get(..3)?)).is_some() {
        let later = words.iter().position(|word| weekdays(word).is_some() || word.contains(':'));
        let dates: Vec<&str> = words.drain(..later.unwrap_or(words.len())).collect();
        fits &= on_date(&dates.join(" "), moment)?;
    }
    for word in words {
        fits &= match weekdays(word) {
            Some(days) => days[moment.weekday as usize],
            None => in_hours(word, moment.minute)?,
        };
    }
    Some(fits)
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

fn month(word: &str) -> Option<u32> {
    MONTHS.iter().position(|month| *month == word).map(|month| month as u32 + 1)
}

/// Whether a day is in `Nov 01-Apr 8` or `Jun-Aug`, also over New Year.
fn on_date(text: &str, moment: Moment) -> Option<bool> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let day = |text: &str, else_day: u32| {
        let mut words = text.split_whitespace();
        let month = month(words.next()?)?;
        let day = words.next().map_or(Some(else_day), |day| day.parse().ok())?;
        words.next().is_none().then_some((month, day))
    };
    let (from, to, today) = (day(from, 1)?, day(to, 31)?, (moment.month, moment.day));
    Some(if from <= to { (from..=to).contains(&today) } else { today >= from || today <= to })
}

/// Which days of the week `Mo-Fr`, `Sa,Su` or `Su,PH` names.
fn weekdays(text: &str) -> Option<[bool; 7]> {
    let mut days = [false; 7];
    for part in text.split(',').filter(|part| *part != "PH") {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let day = |name: &str| DAYS.iter().position(|day| *day == name);
        let (from, to) = (day(from)?, day(to)?);
        let length = (to + 7 - from) % 7;
        (0..=length).for_each(|later| days[(from + later) % 7] = true);
    }
    Some(days)
}

/// Whether a minute of the day is in one of `07:00-09:00,15:00-17:00`, also over midnight.
fn in_hours(text: &str, minute: u32) -> Option<bool> {
    let mut within = false;
    for span in text.split(',') {
        let (from, to) = span.split_once('-')?;
        let clock = |text: &str| {
            let (hours, minutes) = text.split_once(':')?;
            let (hours, minutes) = (hours.parse::<u32>().ok()?, minutes.parse::<u32>().ok()?);
            (hours <= 24 && minutes < 60).then_some(60 * hours + minutes)
        };
        let (from, to) = (clock(from)?, clock(to)?);
        within |=
            if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to };
    }
    Some(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSH: Moment = Moment { weekday: 2, month: 5, day: 15, minute: 7 * 60 + 45 };
    const NOON: Moment = Moment { minute: 12 * 60, ..RUSH };
    const WINTER: Moment = Moment { month: 1, ..NOON };
    const SATURDAY: Moment = Moment { weekday: 5, ..RUSH };

    #[test]
    fn the_forms_on_norwegian_roads() {
        for (text, moment, expected) in [
            ("60 @ (Nov 01 - Apr 8)", WINTER, Some("60")),
            ("60 @ (Nov 01 - Apr 8)", NOON, None),
            ("no @ (Mo-Fr 07:00-09:00,15:00-17:00; PH off)", RUSH, Some("no")),
            ("no @ (Mo-Fr 07:00-09:00,15:00-17:00; PH off)", NOON, None),
            ("no @ (Mo-Fr 07:00-09:00, 15:00-17:00; PH off)", RUSH, Some("no")),
            ("no @ (Mo-Fr 07:00-09:00,15:00-17:00)", SATURDAY, None),
            ("no @ (07:00-10:00); no @ (15:00-18:00)", RUSH, Some("no")),
            ("no @ (07:00-10:00); no @ (15:00-18:00)", NOON, None),
            ("delivery @ (Mo-Fr 00:00-11:00; Sa 00:00-09:00; PH off)", SATURDAY, Some("delivery")),
            ("private @ (Mo-Sa 06:00-21:00); yes @ (Su,PH 06:00-00:00)", RUSH, Some("private")),
            ("no_left_turn @ (15:00-18:00)", RUSH, None),
            ("no @ Jun-Aug: SH", NOON, None),
            ("no @ (Jun-Aug: SH)", NOON, None),
            ("no @ (2020 Nov 2-23)", WINTER, None),
            ("no @ residents", NOON, None),
            ("no @ (22:00-06:00)", Moment { minute: 60, ..NOON }, Some("no")),
            ("no @ (weight>3.5)", NOON, None),
            ("no", NOON, None),
            ("@", NOON, None),
            ("æøå @ (æøå)", NOON, None),
            ("no @ ()))((", NOON, None),
        ] {
            assert_eq!(value_at(text, moment), expected, "{text} at {moment:?}");
        }
    }
}
