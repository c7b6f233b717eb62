//! The ways, each with the rule that must name it.

use hjemrute_solver::{
    Carer, CarerRef, Gap, Load, Place, ReasonCode, Skill, Status, Stop, VisitId, VisitStop,
    WorkList,
};
use hjemrute_travel::{Leg, Mode, PlaceId, Seconds};

use super::case::{Case, begins, ends, left_out};
use crate::scribe::{Route, Slot};

/// How much is wrong: one point, or what else it drags along too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Alone,
    Wide,
}
use Reach::{Alone, Wide};

/// Makes it wrong; none where this plan cannot be made wrong so.
pub(super) type Change = fn(&mut Case) -> Option<()>;

pub(super) const CHANGES: &[(&str, &str, Reach, Change)] = &[
    // Conservation.
    ("an unassigned visit forgotten", "visit-missing", Alone, |case| {
        let at = case.some_row(case.plan.unassigned.len())?;
        case.plan.unassigned.remove(at);
        Some(())
    }),
    ("a visit dropped from the lists", "visit-missing", Wide, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        case.routes.iter_mut().for_each(|route| route.visits.retain(|stop| stop.0 != visit));
        case.rewrite();
        let id = case.instance.visits[visit].id.clone();
        case.plan.unassigned.retain(|out| out.visit != id);
        Some(())
    }),
    ("a double visit with one carer", "crew-missing", Wide, |case| {
        let (_, route, at) = case.some_stop(|case, visit| case.crew(visit) == 2)?;
        case.routes[route].visits.remove(at);
        case.rewrite();
        Some(())
    }),
    ("a visit on another list too", "crew-too-many", Wide, |case| {
        let (visit, from, at) = case.some_stop(|_, _| true)?;
        let stop = case.routes[from].visits[at];
        let is_not_on = |route: &&mut Route| route.visits.iter().all(|stop| stop.0 != visit);
        case.routes.iter_mut().find(is_not_on)?.visits.push(stop);
        case.rewrite();
        Some(())
    }),
    ("a visit twice on one list", "same-carer-twice", Wide, |case| {
        let (_, route, at) = case.some_stop(|_, _| true)?;
        let stop = case.routes[route].visits[at];
        case.routes[route].visits.insert(at, stop);
        case.rewrite();
        Some(())
    }),
    ("one carer as both of a double visit", "same-carer-twice", Wide, |case| {
        let (visit, route, at) = case.some_stop(|case, visit| case.crew(visit) == 2)?;
        let stop = case.routes[route].visits[at];
        let others = case.routes.iter_mut().enumerate().filter(|(row, _)| *row != route);
        others.for_each(|(_, route)| route.visits.retain(|stop| stop.0 != visit));
        case.routes[route].visits.insert(at, stop);
        case.rewrite();
        Some(())
    }),
    ("a visit both done and left out", "visit-both", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        let id = case.instance.visits[visit].id.clone();
        let rows = case.plan.unassigned.iter().filter(|out| case.row(&out.visit) < visit).count();
        case.plan.unassigned.insert(rows, left_out(id, ReasonCode::CapacityExhausted));
        Some(())
    }),
    ("a visit left out twice", "unassigned-twice", Alone, |case| {
        let at = case.some_row(case.plan.unassigned.len())?;
        let again = case.plan.unassigned[at].clone();
        case.plan.unassigned.insert(at, again);
        Some(())
    }),
    ("the unassigned out of order", "unassigned-order", Alone, |case| {
        (case.plan.unassigned.len() > 1).then(|| case.plan.unassigned.reverse())
    }),
    ("a cancelled visit done", "cancelled-done", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        case.instance.visits[visit].status = Status::Cancelled;
        Some(())
    }),
    ("a visit that nobody asked for", "visit-unknown", Wide, |case| {
        case.some_written(|_, _| true)?.visit = VisitId::from("v99");
        Some(())
    }),
    ("a stranger left out", "visit-unknown", Alone, |case| {
        let stranger = left_out(VisitId::from("v99"), ReasonCode::CapacityExhausted);
        case.plan.unassigned.push(stranger);
        Some(())
    }),
    // The lists.
    ("a list of an absent carer", "carer-unknown", Wide, |case| {
        let at = case.some_row(case.plan.work_lists.len())?;
        case.plan.work_lists[at].carer = CarerRef::from("c99");
        Some(())
    }),
    ("a list missing", "list-missing", Alone, |case| {
        let at = case.plan.work_lists.iter().position(|list| list.stops.is_empty())?;
        case.plan.work_lists.remove(at);
        Some(())
    }),
    ("two lists for a carer", "list-twice", Alone, |case| {
        let at = case.plan.work_lists.iter().position(|list| list.stops.is_empty())?;
        let again = case.plan.work_lists[at].clone();
        case.plan.work_lists.push(again);
        Some(())
    }),
    ("the lists out of order", "list-order", Alone, |case| {
        (case.plan.work_lists.len() > 1).then(|| case.plan.work_lists.reverse())
    }),
    ("a list that never returns", "list-shape", Wide, |case| {
        let list = case.plan.work_lists.iter_mut().find(|list| !list.stops.is_empty())?;
        list.stops.retain(|stop| !matches!(stop, Stop::Return { .. }));
        Some(())
    }),
    ("out and back for nothing", "list-shape", Alone, |case| {
        let idle = |row: &usize| {
            let carer = &case.instance.carers[*row];
            case.routes[*row].visits.is_empty() && carer.start == carer.end
        };
        let row = (0..case.routes.len()).find(idle)?;
        let (place, leave) =
            (case.instance.carers[row].start, case.instance.carers[row].shift_start);
        let back = Stop::Return { place, travel: Leg::NONE, arrive: leave };
        case.plan.work_lists[row].stops = vec![Stop::Leave { place, leave }, back];
        Some(())
    }),
    // Who.
    ("a carer without the skill", "skills", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        let member = case.dice.between(0, case.crew(visit) as i32 - 1) as usize;
        case.instance.visits[visit].crew[member].all_of.insert(Skill::from("kateter"));
        Some(())
    }),
    ("a carer with none of the skills", "skills", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        case.instance.visits[visit].crew[0].any_of = [Skill::from("kateter")].into();
        Some(())
    }),
    ("a carer with a skill that is not wanted", "skills", Alone, |case| {
        let (visit, route, _) = case.some_stop(|_, _| true)?;
        let theirs = case.instance.carers[route].skills.first()?.clone();
        for member in &mut case.instance.visits[visit].crew {
            member.none_of.insert(theirs.clone());
        }
        Some(())
    }),
    ("two carers who both have the one part's skill only", "skills", Alone, |case| {
        let (visit, route, _) = case.some_stop(|case, visit| case.crew(visit) == 2)?;
        let (one, other) = (Skill::from("en"), Skill::from("annen"));
        for (row, carer) in case.instance.carers.iter_mut().enumerate() {
            carer.skills.insert(one.clone());
            carer.skills.retain(|skill| row == route || *skill != other);
        }
        case.instance.visits[visit].crew[0].all_of.insert(other);
        case.instance.visits[visit].crew[1].all_of.insert(one);
        Some(())
    }),
    ("an avoided carer", "avoid", Alone, |case| {
        let (visit, route, _) = case.some_stop(|_, _| true)?;
        let id = case.instance.carers[route].id.clone();
        case.instance.visits[visit].continuity.get_or_insert_default().avoid.insert(id);
        Some(())
    }),
    ("another carer than the pinned one", "pinned-carer", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        case.instance.visits[visit].pinned.carer = Some(CarerRef::from("c99"));
        Some(())
    }),
    ("a place that cannot be reached", "no-way", Alone, |case| {
        let (visit, route, _) = case.some_stop(|_, _| true)?;
        let (carer, to) = (&case.instance.carers[route], case.instance.visits[visit].place);
        let (mode, from) = (carer.mode, carer.start);
        case.cut(mode, (from, to))
    }),
    ("a place from which there is no way home", "no-way", Alone, |case| {
        let (visit, route, _) = case.some_stop(|_, _| true)?;
        let (carer, from) = (&case.instance.carers[route], case.instance.visits[visit].place);
        let (mode, to) = (carer.mode, carer.end);
        case.cut(mode, (from, to))
    }),
    // When.
    ("a second before the window", "start-too-early", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        let start = case.start(visit);
        case.set_window(visit, (start + Seconds(1), start + Seconds(2)), Seconds(0))
    }),
    ("a second later than late may be", "too-late", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        let limit = case.late_limit(visit);
        let latest = case.start(visit) - limit - Seconds(1);
        case.set_window(visit, (latest - Seconds(9), latest), limit + Seconds(1))
    }),
    ("late, and the list says otherwise", "late-wrong", Alone, |case| {
        case.some_written(|_, _| true)?.late += Seconds(1);
        Some(())
    }),
    ("a pinned visit moved by a second", "pinned-start", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        case.instance.visits[visit].pinned.start = Some(case.start(visit) + Seconds(1));
        Some(())
    }),
    ("a list an hour off, as when the clocks change", "pinned-start", Wide, |case| {
        let (visit, route, _) = case.some_stop(|_, _| true)?;
        case.instance.visits[visit].pinned.start = Some(case.start(visit));
        for (_, start) in &mut case.routes[route].visits {
            *start += Seconds::minutes(60);
        }
        case.rewrite();
        Some(())
    }),
    ("a late time-critical visit without a warning", "warning-missing", Alone, |case| {
        (!case.plan.warnings.is_empty()).then(|| case.plan.warnings.clear())
    }),
    // The walk.
    ("the way a second short", "travel-wrong", Alone, |case| {
        case.some_written(|_, _| true)?.travel.seconds.0 -= 1;
        Some(())
    }),
    ("the way a metre short", "travel-wrong", Alone, |case| {
        case.some_written(|_, _| true)?.travel.metres.0 -= 1;
        Some(())
    }),
    ("the way of another mode", "travel-wrong", Wide, |case| {
        let (_, route, _) = case.some_stop(|_, _| true)?;
        let carer = &mut case.instance.carers[route];
        let other = if carer.mode == Mode::Car { Mode::Foot } else { Mode::Car };
        carer.mode = other;
        let home = case.instance.carers[route].start;
        let away = |visit: &usize| case.instance.visits[*visit].place != home;
        let visit = case.routes[route].visits.first().map(|stop| stop.0).filter(away)?;
        case.tables.get(other)?.leg(home, case.instance.visits[visit].place).map(|_| ())
    }),
    ("said to arrive a second early", "arrival-wrong", Alone, |case| {
        case.some_written(|_, _| true)?.arrive += Seconds(-1);
        Some(())
    }),
    ("the return a second early", "arrival-wrong", Wide, |case| {
        case.some_return().map(|arrive| *arrive += Seconds(-1))
    }),
    ("two visits that overlap by a second", "start-before-ready", Wide, |case| {
        let tight = |_: &Case, stop: &VisitStop| stop.wait == Seconds(0);
        let stop = case.some_written(tight)?;
        stop.start += Seconds(-1);
        Some(())
    }),
    ("a visit before the access", "start-before-ready", Wide, |case| {
        let (visit, _, _) = case.some_stop(|case, visit| {
            let place = case.instance.visits[visit].place;
            let rests = |carer: &Carer| carer.rest.is_some_and(|rest| rest.place == Some(place));
            let keys = case.routes.iter().flat_map(|route| &route.keys);
            case.instance.carers.iter().all(|it| it.start != place && !rests(it))
                && keys.into_iter().all(|key| key.1 != place)
        })?;
        let place = case.instance.visits[visit].place;
        case.instance.places[place.index()].access += Seconds::minutes(600);
        Some(())
    }),
    ("more waiting than there is", "wait-wrong", Alone, |case| {
        case.some_written(|_, _| true)?.wait += Seconds(1);
        Some(())
    }),
    ("a visit a second short", "duration-wrong", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        case.instance.visits[visit].duration += Seconds(1);
        Some(())
    }),
    ("a day from another start", "start-place", Wide, |case| {
        let (_, route, _) = case.some_stop(|_, _| true)?;
        let elsewhere = case.other_place(case.instance.carers[route].start);
        case.instance.carers[route].start = elsewhere;
        Some(())
    }),
    ("a day to another end", "end-place", Wide, |case| {
        let (_, route, _) = case.some_stop(|_, _| true)?;
        let elsewhere = case.other_place(case.instance.carers[route].end);
        case.instance.carers[route].end = elsewhere;
        Some(())
    }),
    ("a second before the shift", "shift-start", Alone, |case| {
        let (_, route, _) = case.some_stop(|_, _| true)?;
        let first = case.plan.work_lists[route].stops.first().map(begins)?;
        case.instance.carers[route].shift_start = first + Seconds(1);
        Some(())
    }),
    ("a second of overtime too much", "shift-end", Alone, |case| {
        let (_, route, _) = case.some_stop(|_, _| true)?;
        let last = case.plan.work_lists[route].stops.last().map(ends)?;
        let carer = &mut case.instance.carers[route];
        carer.shift_end = last - carer.overtime - Seconds(1);
        Some(())
    }),
    // Together, and one after the other.
    ("a double visit a second apart", "together", Wide, |case| {
        let (_, route, at) = case.some_stop(|case, visit| case.crew(visit) == 2)?;
        case.routes[route].visits[at].1 += Seconds(1);
        case.rewrite();
        Some(())
    }),
    ("not told who else comes", "with-wrong", Alone, |case| {
        case.some_written(|_, stop| !stop.with.is_empty())?.with.clear();
        Some(())
    }),
    ("told of somebody who does not come", "with-wrong", Alone, |case| {
        case.some_written(|_, _| true)?.with.push(CarerRef::from("c99"));
        Some(())
    }),
    ("a second too soon after another", "gap-min", Alone, |case| {
        let (first, then) = case.two_visits()?;
        let min = case.start(then) - case.start(first) + Seconds(1);
        case.set_gap(then, first, (min, None))
    }),
    ("a second too long after another", "gap-max", Alone, |case| {
        let (first, then) = case.two_visits()?;
        let apart = case.start(then) - case.start(first);
        case.set_gap(then, first, (apart - Seconds(9), Some(apart - Seconds(1))))
    }),
    ("made by the one who made the first", "gap-apart", Alone, |case| {
        let own = |case: &Case, first: usize, then: usize| {
            let has = |route: &&Route, visit| route.visits.iter().any(|stop| stop.0 == visit);
            case.routes.iter().any(|route| has(&route, first) && has(&route, then))
        };
        let follows = |case: &Case, visit: usize| {
            let gap = case.instance.visits[visit].gap.as_ref()?;
            let first = case.instance.visits.iter().position(|it| it.id == gap.after)?;
            (own(case, first, visit) && case.crew(first) * case.crew(visit) == 1).then_some(())
        };
        let (visit, _, _) = case.some_stop(|case, visit| follows(case, visit).is_some())?;
        case.instance.visits[visit].gap.as_mut()?.apart = true;
        Some(())
    }),
    ("made though what it is of no use without is not", "gap-half", Alone, |case| {
        let made = |case: &Case, id: &VisitId| {
            let row = case.instance.visits.iter().position(|visit| visit.id == *id);
            case.routes.iter().any(|it| it.visits.iter().any(|stop| Some(stop.0) == row))
        };
        let half = (0..case.instance.visits.len()).find(|row| {
            let visit = &case.instance.visits[*row];
            let first = visit.gap.as_ref().is_some_and(|gap| made(case, &gap.after));
            first && !made(case, &visit.id) && visit.status == Status::Planned
        })?;
        case.instance.visits[half].gap.as_mut()?.whole = true;
        Some(())
    }),
    ("done though what it follows is not", "gap-without-first", Alone, |case| {
        let out = case.plan.unassigned.first()?.visit.clone();
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        case.instance.visits[visit].gap =
            Some(Gap { after: out, min: Seconds(0), max: None, apart: false, whole: false });
        Some(())
    }),
    // The break.
    ("the break missing", "break-missing", Alone, |case| {
        case.routes.iter_mut().find(|route| route.rest.is_some())?.rest = None;
        case.rewrite();
        Some(())
    }),
    ("a break nobody asked for", "break-unasked", Alone, |case| {
        let route = case.routes.iter().position(|route| route.rest.is_some())?;
        let rest = case.instance.carers[route].rest.take()?;
        rest.place.is_none().then_some(())
    }),
    ("a second break", "break-twice", Wide, |case| {
        let route = case.routes.iter().position(|route| route.rest.is_some())?;
        let stops = &mut case.plan.work_lists[route].stops;
        let at = stops.iter().position(|stop| matches!(stop, Stop::Break { .. }))?;
        stops.insert(at, stops[at].clone());
        Some(())
    }),
    ("a break a second before its window", "break-window", Alone, |case| {
        let (carer, start, _) = case.some_break()?;
        case.instance.carers[carer].rest.as_mut()?.earliest = start + Seconds(1);
        Some(())
    }),
    ("a break a second behind its window", "break-window", Alone, |case| {
        let (carer, _, leave) = case.some_break()?;
        case.instance.carers[carer].rest.as_mut()?.latest = leave - Seconds(1);
        Some(())
    }),
    ("a break a second short", "break-length", Alone, |case| {
        let (carer, _, _) = case.some_break()?;
        case.instance.carers[carer].rest.as_mut()?.length += Seconds(1);
        Some(())
    }),
    ("a break somewhere else", "break-place", Wide, |case| {
        let (carer, _, _) = case.some_break()?;
        let places = case.instance.places.len() as u32;
        for stop in &mut case.plan.work_lists[carer].stops {
            if let Stop::Break { place, .. } = stop {
                *place = PlaceId(places + 7);
            }
        }
        Some(())
    }),
    ("a break before the carer is there", "break-before-arrival", Wide, |case| {
        let on_the_way = |route: &&mut Route| matches!(route.rest, Some((Slot::After(_), _)));
        let route = case.routes.iter_mut().find(on_the_way)?;
        let Some((Slot::After(at), start)) = &mut route.rest else { return None };
        *start = route.visits[*at].1;
        case.rewrite();
        Some(())
    }),
    ("setting off later than the shift starts where nobody may", "leaves-late", Wide, |case| {
        let late = |carer: &Carer, list: &WorkList| {
            let leaves = |stop: &Stop| matches!(stop, Stop::Leave { leave, .. } if *leave > carer.shift_start);
            list.stops.iter().any(leaves)
        };
        let mut lists = case.instance.carers.iter().zip(&case.plan.work_lists);
        case.instance.policy.leaves_at_start = lists.any(|(carer, list)| late(carer, list));
        case.instance.policy.leaves_at_start.then_some(())
    }),
    ("setting off in the middle of the break", "leaves-in-break", Wide, |case| {
        let (carer, _, _) = case.some_break()?;
        let [Stop::Break { leave: over, .. }, Stop::Leave { leave, .. }, ..] =
            case.plan.work_lists[carer].stops.as_mut_slice()
        else {
            return None;
        };
        *over = *leave + Seconds(1);
        Some(())
    }),
    ("a break elsewhere than at its own place", "break-place", Wide, |case| {
        let (carer, _, _) = case.some_break()?;
        let stops = &case.plan.work_lists[carer].stops;
        let place = stops.iter().find_map(|stop| match stop {
            Stop::Break { place, .. } => Some(*place),
            _ => None,
        })?;
        let elsewhere = case.other_place(place);
        case.instance.carers[carer].rest.as_mut()?.place = Some(elsewhere);
        Some(())
    }),
    // Keys.
    ("a door whose key nobody has fetched", "key-missing", Alone, |case| {
        let (visit, _, _) = case.some_stop(|_, _| true)?;
        let place = case.instance.visits[visit].place;
        let opens = |stop: &Stop| matches!(stop, Stop::Key { .. });
        if case.plan.work_lists.iter().flat_map(|list| &list.stops).any(opens) {
            return None;
        }
        let hook = PlaceId(case.instance.places.len() as u32);
        let new = Place { id: "HOOK".into(), ..case.instance.places[place.index()].clone() };
        case.instance.places.push(new);
        case.instance.places[place.index()].key_at = Some(hook);
        Some(())
    }),
    ("a key that is not brought back", "key-kept", Wide, |case| {
        let (visit, route, _) = case.some_stop(|case, visit| case.crew(visit) == 1)?;
        let carer = &case.instance.carers[route];
        let (start, end) = (carer.start, carer.end);
        let stops = &case.plan.work_lists[route].stops;
        let there = |stop: &Stop| matches!(stop, Stop::Key { place, .. } if *place == start);
        let back = start == end || stops.iter().any(there);
        let place = case.instance.visits[visit].place;
        case.instance.places[place.index()].key_at = Some(start);
        (!back).then_some(())
    }),
    ("a key that opens no door", "key-unasked", Alone, |case| {
        let (_, route, _) = case.some_stop(|_, _| true)?;
        let place = case.instance.carers[route].start;
        let hangs_there = |at: &Place| at.key_at == Some(place);
        let stops = &mut case.plan.work_lists[route].stops;
        let at = stops.iter().position(|stop| matches!(stop, Stop::Leave { .. }))?;
        let leave = ends(&stops[at]);
        stops.insert(at + 1, Stop::Key { place, travel: Leg::NONE, arrive: leave, leave });
        (!case.instance.places.iter().any(hangs_there)).then_some(())
    }),
    ("a stop for a key a second short", "key-time", Wide, |case| {
        let mut stops = case.plan.work_lists.iter_mut().flat_map(|list| &mut list.stops);
        let key = stops.find_map(|stop| match stop {
            Stop::Key { leave, .. } => Some(leave),
            _ => None,
        });
        *key? += Seconds(-1);
        Some(())
    }),
    ("one more to bring along than the carer can", "load", Alone, |case| {
        let (visit, carer, _) = case.some_stop(|_, _| true)?;
        let brought = |stop: &(usize, _)| case.instance.visits[stop.0].load.0;
        let load: u32 = case.routes[carer].visits.iter().map(brought).sum();
        let others = case.routes.iter().enumerate().filter(|(row, _)| *row != carer);
        let alone = others.flat_map(|(_, route)| &route.visits).all(|stop| stop.0 != visit);
        case.instance.visits[visit].load.0 += 1;
        case.instance.carers[carer].capacity = alone.then_some(Load(load));
        alone.then_some(())
    }),
    // What the plan says of itself.
    ("a reason that is not true", "reason-wrong", Alone, |case| {
        let at = case.some_row(case.plan.unassigned.len())?;
        let code = &mut case.plan.unassigned[at].reason.code;
        let is_cancelled = *code == ReasonCode::Cancelled;
        *code = if is_cancelled { ReasonCode::CapacityExhausted } else { ReasonCode::Cancelled };
        Some(())
    }),
    ("blamed on skills that somebody has", "reason-wrong", Alone, |case| {
        let able = |case: &Case, row: usize| {
            let visit = &case.instance.visits[row];
            let has = |carer: &Carer| crate::may::has(carer, &visit.crew[0]);
            visit.crew.len() == 1
                && visit.pinned.carer.is_none()
                && case.instance.carers.iter().any(has)
        };
        case.blame(ReasonCode::NoQualifiedCarer, able)
    }),
    ("blamed on two carers where one comes", "reason-wrong", Alone, |case| {
        case.blame(ReasonCode::NeedsTwoCarers, |case, row| case.crew(row) == 1)
    }),
    ("blamed on a predecessor where there is none", "reason-wrong", Alone, |case| {
        let free = |case: &Case, row: usize| case.instance.visits[row].gap.is_none();
        case.blame(ReasonCode::PredecessorLeftOut, free)
    }),
    ("blamed on hours though a carer is sent nowhere else", "reason-wrong", Alone, |case| {
        let (visit, _, _) = case.some_stop(|case, visit| case.crew(visit) == 1)?;
        let id = case.instance.visits[visit].id.clone();
        case.routes.iter_mut().for_each(|route| *route = Route::default());
        case.rewrite();
        let out = case.plan.unassigned.iter_mut().find(|out| out.visit == id)?;
        out.reason.code = ReasonCode::WindowOutsideShifts;
        Some(())
    }),
    ("a sum that is not its parts'", "score-wrong", Alone, |case| {
        case.plan.score.total.0 += 1;
        Some(())
    }),
    ("parts that are not what they were", "score-wrong", Alone, |case| {
        case.plan.score.parts.travel.0 += 1;
        case.plan.score.parts.waiting.0 -= 1;
        Some(())
    }),
];
