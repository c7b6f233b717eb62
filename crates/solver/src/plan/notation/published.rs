//! What was published, as lines and back.

use std::collections::BTreeSet;

use hjemrute_travel::Time;

use super::words::{Words, clock, quoted};
use super::{Misread, ways};
use crate::plan::{Begun, BegunRest, CarerRef, Place, Promise, Published, VisitId};

/// `frozen-until 09:00`, `published v1 08:00 c1,c2`, `begun c1 07:36 free 09:10 over 12:00 key HOOK v1 07:45`.
pub(super) fn line(
    places: &[Place],
    begin: &str,
    told: &mut Published,
    words: &mut Words,
) -> Result<(), Misread> {
    match begin {
        "frozen-until" => told.frozen_until = words.moment()?,
        "published" => {
            let visit = VisitId(words.name()?);
            let start = words.moment()?;
            let carers: BTreeSet<CarerRef> = words.names()?;
            told.promises.insert(visit, Promise { carers, start });
        }
        _ => {
            let carer = CarerRef(words.name()?);
            told.begun.insert(carer, begun(places, words)?);
        }
    }
    Ok(())
}

fn begun(places: &[Place], words: &mut Words) -> Result<Begun, Misread> {
    let leave = words.moment()?;
    words.expect("free")?;
    let free = words.moment()?;
    words.expect("over")?;
    let over = words.moment()?;
    let home = words.takes("home");
    let (stops, keys) = (Vec::new(), Vec::new());
    let mut begun = Begun { leave, stops, keys, rest: None, free, over, home };
    while let Some(word) = words.next() {
        if word == "key" {
            begun.keys.push((begun.stops.len(), ways::place(places, words)?));
        } else if word == "rest" {
            let start = words.moment()?;
            let on_arrival = words.takes("arrived");
            begun.rest = Some(BegunRest { before: begun.stops.len(), on_arrival, start });
        } else {
            begun.stops.push((VisitId(super::words::unquoted(word)), words.moment()?));
        }
    }
    Ok(begun)
}

/// The lines that [`line()`] reads.
pub(super) fn print(places: &[Place], told: &Published, lines: &mut Vec<String>) {
    let Published { frozen_until, promises, begun } = told;
    if *frozen_until != Time::default() {
        lines.push(format!("frozen-until {}", clock(*frozen_until)));
    }
    for (visit, Promise { carers, start }) in promises {
        let carers: Vec<String> = carers.iter().map(|carer| quoted(&carer.0)).collect();
        let (visit, start) = (quoted(&visit.0), clock(*start));
        lines.push(format!("published {visit} {start} {}", carers.join(",")));
    }
    for (carer, begun) in begun {
        let Begun { leave, stops, keys, rest, free, over, home } = begun;
        let times = [leave, free, over].map(|time| clock(*time));
        let home = if *home { " home" } else { "" };
        let [leave, free, over] = times;
        let mut line = format!("begun {} {leave} free {free} over {over}{home}", quoted(&carer.0));
        let break_before = |at: usize| match rest {
            Some(rest) if rest.before == at => {
                let arrived = if rest.on_arrival { " arrived" } else { "" };
                format!(" rest {}{arrived}", clock(rest.start))
            }
            _ => String::new(),
        };
        let before = |at: usize| {
            let keys = keys.iter().filter(|(before, _)| *before == at);
            let keys: String = keys
                .map(|(_, place)| format!(" key {}", quoted(&places[place.index()].id.0)))
                .collect();
            // Which of the two comes first is told by `arrived`.
            keys + &break_before(at)
        };
        for (at, (visit, start)) in stops.iter().enumerate() {
            line += &before(at);
            line += &format!(" {} {}", quoted(&visit.0), clock(*start));
        }
        line += &before(stops.len());
        lines.push(line);
    }
}
