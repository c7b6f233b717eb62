//! The work lists as comma-separated values for a Norwegian spreadsheet. Text that a spreadsheet
//! would take for a formula is told apart by an apostrophe before it.

use hjemrute_solver::{Step, Stop, Walk};
use hjemrute_travel::{Seconds, Time};

use super::number;
use super::words::{Kinds, Words};
use crate::Answer;

/// By this a spreadsheet knows UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The whole table, head first.
pub(super) fn write(answer: &Answer, walks: &[Walk<'_>], words: &Words) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let head = words.columns.map(str::to_owned);
    let stops = walks.iter().flat_map(|walk| {
        let stops = (1..).zip(&walk.steps);
        stops.map(move |(number, step)| row(answer, walk, number, step, words))
    });
    for record in std::iter::once(head).chain(stops) {
        writer.write_record(&record).expect("memory takes what it is given, and rows are alike");
    }
    writer.into_inner().expect("memory takes what it is given")
}

fn row(
    answer: &Answer,
    walk: &Walk<'_>,
    number: u32,
    step: &Step<'_>,
    words: &Words,
) -> [String; 18] {
    let clock = |time: Time| answer.day.clock(time);
    let is_leave = matches!(step.stop, Stop::Leave { .. });
    let (late, with) = match step.stop {
        Stop::Visit(made) => (number::minutes_tenths(made.late), made.with.as_slice()),
        _ => (String::new(), [].as_slice()),
    };
    let with: Vec<_> = with.iter().map(ToString::to_string).collect();
    let criticality = step.visit.map(|visit| words.criticality(visit.criticality).to_lowercase());
    [
        text(&walk.carer.id.0),
        answer.day.instant(step.start).date().to_string(),
        number.to_string(),
        kind(step.stop, &words.kinds).to_owned(),
        text(step.visit.map_or("", |visit| &visit.told().0)),
        text(step.visit.map_or("", |visit| &visit.patient.0)),
        text(&answer.instance.places[step.place.index()].id.0),
        if is_leave { String::new() } else { clock(step.arrive) },
        clock(step.start),
        clock(step.end),
        some_minutes(step.end - step.start),
        number::minutes_tenths(step.travel.seconds),
        step.travel.metres.0.to_string(),
        words.mode(walk.carer.mode).to_owned(),
        number::minutes_tenths(step.wait),
        late,
        text(&with.join(", ")),
        criticality.unwrap_or_default(),
    ]
}

fn kind(stop: &Stop, kinds: &Kinds) -> &'static str {
    match stop {
        Stop::Leave { .. } => kinds.leave,
        Stop::Visit(_) => kinds.visit,
        Stop::Key { .. } => kinds.key,
        Stop::Break { .. } => kinds.rest,
        Stop::Return { .. } => kinds.home,
    }
}

fn some_minutes(time: Seconds) -> String {
    if time == Seconds::ZERO { String::new() } else { number::minutes_tenths(time) }
}

/// Text from the list, so that no spreadsheet computes it.
fn text(text: &str) -> String {
    const BEGINS_A_FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let begins = text.trim_start().starts_with(BEGINS_A_FORMULA);
    let is_led_in = text.starts_with(['\t', '\r', '\n']);
    if begins || is_led_in { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_stay_text() {
        for formula in ["=1+1", "+47", "-1", "@SUM(A1)", "\t=1", "\r1", " =1", "＝1"] {
            assert_eq!(text(formula), format!("'{formula}"));
        }
        for harmless in ["c-12", "p-7f3a9c", "", "språk:ur"] {
            assert_eq!(text(harmless), harmless);
        }
    }
}
