//! A plan as compact work lists, for snapshots and bug reports.

use hjemrute_travel::{Leg, Seconds};

use super::print::name;
use super::words::{clock, length};
use crate::plan::{CarerRef, Instance, Plan, Stop, VisitStop, WorkList};
use crate::score::{Cost, Parts, Score};

/// The work lists, the visits left out with their reasons, the warnings and the score, line by line.
pub fn lists(instance: &Instance, plan: &Plan) -> String {
    let mut lines = Vec::new();
    for list in &plan.work_lists {
        work_list(instance, list, &mut lines);
    }
    for out in &plan.unassigned {
        lines.push(format!("left out {}: {}", out.visit, out.reason.code.name()));
        for ruled_out in &out.reason.ruled_out {
            lines.push(format!("  {} rules out {}", ruled_out.rule, told(&ruled_out.carers)));
        }
    }
    for warning in &plan.warnings {
        lines.push(format!("warning {}: {}", warning.code, warning.detail.en));
    }
    score(&plan.score, &mut lines);
    lines.push(String::new());
    lines.join("\n")
}

fn work_list(instance: &Instance, list: &WorkList, lines: &mut Vec<String>) {
    if list.stops.is_empty() {
        return lines.push(format!("{} stays", list.carer));
    }
    lines.push(list.carer.to_string());
    lines.extend(list.stops.iter().map(|it| format!("  {}", stop(instance, it))));
}

fn stop(instance: &Instance, stop: &Stop) -> String {
    let places = &instance.places;
    match stop {
        Stop::Leave { place, leave } => format!("{} leave {}", clock(*leave), name(places, *place)),
        Stop::Visit(stop) => visit(instance, stop),
        Stop::Key { place, travel, arrive, leave } => {
            let (arrive, leave, at) = (clock(*arrive), clock(*leave), name(places, *place));
            format!("{arrive}-{leave} key at {at}{}", way(*travel))
        }
        Stop::Break { place, travel, start, leave } => {
            let (start, leave, at) = (clock(*start), clock(*leave), name(places, *place));
            format!("{start}-{leave} break at {at}{}", way(*travel))
        }
        Stop::Return { place, travel, arrive } => {
            format!("{} return {}{}", clock(*arrive), name(places, *place), way(*travel))
        }
    }
}

fn visit(instance: &Instance, stop: &VisitStop) -> String {
    let VisitStop { visit, travel, arrive, wait, start, leave, late, with } = stop;
    let mut told_stop = format!("{}-{} {visit}", clock(*start), clock(*leave));
    if let Some(asked) = instance.visits.iter().find(|asked| asked.id == *visit) {
        told_stop += &format!(" at {}", name(&instance.places, asked.place));
    }
    told_stop += &way(*travel);
    told_stop += &format!(", there {}", clock(*arrive));
    for (what, how_long) in [("waits", wait), ("late", late)] {
        if *how_long != Seconds::ZERO {
            told_stop += &format!(", {what} {}", length(*how_long));
        }
    }
    if !with.is_empty() {
        told_stop += &format!(", with {}", told(with));
    }
    told_stop
}

fn way(leg: Leg) -> String {
    if leg == Leg::NONE {
        return String::new();
    }
    format!(", way {} {} m", length(leg.seconds), leg.metres.0)
}

fn told(carers: &[CarerRef]) -> String {
    carers.iter().map(CarerRef::to_string).collect::<Vec<_>>().join(" ")
}

fn score(score: &Score, lines: &mut Vec<String>) {
    let Score { time_critical_out, important_out, time_critical_late, normal_out, total, parts } =
        *score;
    let Parts { unassigned, late, worst_late, worst_idle, overtime, .. } = parts;
    let Parts { travel, work, balance, waiting, worst_wait, .. } = parts;
    let Parts { missed_breaks, continuity, changes, .. } = parts;
    lines.push(format!(
        "score: out {time_critical_out} {important_out} {normal_out}, time-critical late {}, total {}",
        length(time_critical_late),
        minutes(total),
    ));
    let parts = [
        ("unassigned", unassigned),
        ("late", late),
        ("worst late", worst_late),
        ("worst idle", worst_idle),
        ("overtime", overtime),
        ("travel", travel),
        ("work", work),
        ("balance", balance),
        ("waiting", waiting),
        ("worst wait", worst_wait),
        ("missed breaks", missed_breaks),
        ("continuity", continuity),
        ("changes", changes),
    ];
    let paid = parts.iter().filter(|(_, cost)| *cost != Cost::ZERO);
    let paid: Vec<String> = paid.map(|(name, cost)| format!("{name} {}", minutes(*cost))).collect();
    if !paid.is_empty() {
        lines.push(format!("  = {}", paid.join(" + ")));
    }
}

/// Weighted minutes, exactly: six hundred tenths of a second make one.
fn minutes(cost: Cost) -> String {
    match cost.0 % 600 {
        0 => format!("{}", cost.0 / 600),
        tenths => format!("{} {tenths}/600", cost.0 / 600),
    }
}
