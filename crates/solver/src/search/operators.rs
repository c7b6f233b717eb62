//! The moves that bring a stop and one near it together, each told only if the ways that it adds are not
//! too much longer than those it takes away: nine in ten are ruled out by that, from the few ways at
//! either end of what is moved.

use super::moves::{Move, Remade, Stretch};
use super::state::State;
use crate::problem::{TaskId, VehicleId};
use crate::route::Opening;

/// Which moves there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// So many stops go beside a neighbour, on its route or their own.
    Relocate(usize),
    /// So many stops trade places with so many behind a neighbour.
    Swap(usize, usize),
    /// Two routes trade what follows a stop and what begins with its neighbour.
    Tails,
    /// Two carers trade their routes.
    Routes,
    /// A stop and a neighbour trade routes, each to where it is the least detour there.
    SwapStar,
}

/// All of them, in the order in which they are tried.
pub(crate) const OPERATORS: [Operator; 9] = [
    Operator::Relocate(1),
    Operator::Relocate(2),
    Operator::Relocate(3),
    Operator::Swap(1, 1),
    Operator::Swap(2, 1),
    Operator::Swap(2, 2),
    Operator::Tails,
    Operator::SwapStar,
    Operator::Routes,
];

/// A stop: whose route, and which on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stop {
    of: VehicleId,
    at: usize,
}

impl Stop {
    fn of(state: &State<'_>, task: TaskId) -> Option<Stop> {
        Some(Stop { of: state.route_of(task)?, at: state.stop_of(task) })
    }
}

/// A stop and another near it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    stop: Stop,
    near: Stop,
    /// By how many seconds a move may make the rides longer and still be of use; no end where other
    /// things than rides may become cheaper.
    most: i64,
}

impl Pair {
    /// Of two tasks that somebody does, whose moves are to change the cost by less than `below`.
    pub(crate) fn of(state: &State<'_>, task: TaskId, other: TaskId, below: i64) -> Option<Pair> {
        let (stop, near) = (Stop::of(state, task)?, Stop::of(state, other)?);
        let problem = state.problem;
        let (one, two) = (problem.vehicle(stop.of), problem.vehicle(near.of));
        let travel = i64::from(problem.travel.0);
        if state.prices_persons() || one.ways != two.ways || travel <= 0 {
            return Some(Pair { stop, near, most: i64::MAX });
        }
        // What a route costs besides its rides may all be saved.
        let besides = |of: VehicleId| {
            let route = &state.routes[of.ix()];
            route.cost - travel * i64::from(route.outcome.ride)
        };
        let second = if stop.of == near.of { 0 } else { besides(near.of) };
        let most = (besides(stop.of) + second + below - 1).div_euclid(travel);
        Some(Pair { stop, near, most })
    }

    /// Whether they are on two routes.
    pub(crate) fn is_of_two(&self) -> bool {
        self.stop.of != self.near.of
    }
}

/// Tells the moves of an operator for a stop and a neighbour of it, until one is taken.
#[inline]
pub(crate) fn moves(
    state: &mut State<'_>,
    operator: Operator,
    &Pair { stop, near, most }: &Pair,
    mut take: impl FnMut(&mut State<'_>, &Move) -> bool,
) -> bool {
    let behind = Stop { at: near.at + 1, ..near };
    let mut either =
        |one: Option<Move>, state: &mut State<'_>| one.is_some_and(|change| take(state, &change));
    match operator {
        Operator::Relocate(stops) => {
            either(relocate(state, (stop, stops), near, most), state)
                || either(relocate(state, (stop, stops), behind, most), state)
        }
        Operator::Swap(stops, others) => {
            let before = near.at.checked_sub(others).map(|at| Stop { at, ..near });
            either(swap(state, (stop, stops), (behind, others), most), state)
                || before.is_some_and(|before| {
                    either(swap(state, (stop, stops), (before, others), most), state)
                })
        }
        Operator::Tails => {
            either(tails(state, stop, near, most), state)
                || either(tails(state, near, stop, most), state)
        }
        Operator::Routes => either(routes(state, stop.of, near.of), state),
        Operator::SwapStar => either(swap_star(state, stop, near, most), state),
    }
}

/// What lies before a stop.
#[inline]
fn gap<'s>(state: &'s State<'_>, of: VehicleId, at: usize) -> &'s Opening {
    state.routes[of.ix()].opening(at)
}

/// The ride between two places by the mode of a carer; the first is asked for many others in turn.
#[inline]
fn ride(state: &State<'_>, of: VehicleId, from: u32, to: u32) -> i64 {
    i64::from(state.problem.ways(of).at(from, to).ride)
}

/// The same where the second is.
#[inline]
fn ride_to(state: &State<'_>, of: VehicleId, from: u32, to: u32) -> i64 {
    i64::from(state.problem.ways(of).around(to).to[from as usize])
}

/// Whether a carer can carry so much instead of a stretch of the stops.
#[inline]
fn can_carry(state: &State<'_>, of: VehicleId, more: i64, less: i64) -> bool {
    more - less <= state.fleet.room(of)
}

/// What is brought along for some stops.
#[inline]
fn load(state: &State<'_>, of: VehicleId, from: usize, to: usize) -> i64 {
    state.routes[of.ix()].load(from..to)
}

/// So many stops from `stop` on go before another, or to the end of its route.
#[inline]
fn relocate(
    state: &State<'_>,
    (stop, stops): (Stop, usize),
    Stop { of: to, at: before }: Stop,
    most: i64,
) -> Option<Move> {
    let (from, end) = (stop.at, stop.at + stops);
    let last = state.routes[stop.of.ix()].len();
    if end > last || to == stop.of && (from..=end).contains(&before) {
        return None;
    }
    let (out, back, into) =
        (gap(state, stop.of, from), gap(state, stop.of, end), gap(state, to, before));
    let closed = if stops == last { 0 } else { ride(state, stop.of, out.from(), back.to()) };
    let added = closed
        + ride_to(state, to, into.from(), out.to())
        + ride(state, to, back.from(), into.to());
    if added - out.ride() - back.ride() - into.ride() > most {
        return None;
    }
    if to != stop.of && !can_carry(state, to, load(state, stop.of, from, end), 0) {
        return None;
    }
    let own = |from, to| Stretch::new(stop.of, from, to);
    let moved = own(from, end);
    if to == stop.of {
        let stretches = if before < from {
            [own(0, before), moved, own(before, from), own(end, last)]
        } else {
            [own(0, from), own(end, before), moved, own(before, last)]
        };
        return Some(Move::inside(Remade::of(to, &stretches)));
    }
    let theirs = |from, until| Stretch::new(to, from, until);
    let all = state.routes[to.ix()].len();
    Some(Move::between(
        Remade::of(stop.of, &[own(0, from), own(end, last)]),
        Remade::of(to, &[theirs(0, before), moved, theirs(before, all)]),
    ))
}

/// So many stops from `a` on trade places with so many from `b` on.
#[inline]
fn swap(state: &State<'_>, a: (Stop, usize), b: (Stop, usize), most: i64) -> Option<Move> {
    let ((a, many), (b, few)) = if a.0.of == b.0.of && b.0.at < a.0.at { (b, a) } else { (a, b) };
    let (a_end, b_end) = (a.at + many, b.at + few);
    let (a_last, b_last) = (state.routes[a.of.ix()].len(), state.routes[b.of.ix()].len());
    if a_end > a_last || b_end > b_last || a.of == b.of && a_end > b.at {
        return None;
    }
    let (to_a, from_a) = (gap(state, a.of, a.at), gap(state, a.of, a_end));
    let (to_b, from_b) = (gap(state, b.of, b.at), gap(state, b.of, b_end));
    let (mut added, mut taken) =
        (ride(state, a.of, to_a.from(), to_b.to()), to_a.ride() + from_b.ride());
    added += ride(state, b.of, from_a.from(), from_b.to());
    if a.of == b.of && a_end == b.at {
        added += ride(state, a.of, from_b.from(), to_a.to());
        taken += from_a.ride();
    } else {
        added += ride_to(state, a.of, from_b.from(), from_a.to());
        added += ride_to(state, b.of, to_b.from(), to_a.to());
        taken += from_a.ride() + to_b.ride();
    }
    if added - taken > most {
        return None;
    }
    if a.of != b.of {
        let (mine, theirs) = (load(state, a.of, a.at, a_end), load(state, b.of, b.at, b_end));
        if !can_carry(state, a.of, theirs, mine) || !can_carry(state, b.of, mine, theirs) {
            return None;
        }
    }
    let of_a = |from, to| Stretch::new(a.of, from, to);
    let of_b = |from, to| Stretch::new(b.of, from, to);
    let (from_a, from_b) = (of_a(a.at, a_end), of_b(b.at, b_end));
    if a.of != b.of {
        return Some(Move::between(
            Remade::of(a.of, &[of_a(0, a.at), from_b, of_a(a_end, a_last)]),
            Remade::of(b.of, &[of_b(0, b.at), from_a, of_b(b_end, b_last)]),
        ));
    }
    let stretches = [of_a(0, a.at), from_b, of_a(a_end, b.at), from_a, of_a(b_end, a_last)];
    Some(Move::inside(Remade::of(a.of, &stretches)))
}

/// What follows `a` trades places with what begins with `b`.
#[inline]
fn tails(state: &State<'_>, a: Stop, b: Stop, most: i64) -> Option<Move> {
    if a.of == b.of {
        return None;
    }
    let (a_last, b_last) = (state.routes[a.of.ix()].len(), state.routes[b.of.ix()].len());
    let cut = a.at + 1;
    if state.problem.vehicle(a.of).end == state.problem.vehicle(b.of).end {
        let (of_a, of_b) = (gap(state, a.of, cut), gap(state, b.of, b.at));
        let left = b.at > 0 || cut < a_last;
        let kept = if left { ride_to(state, b.of, of_b.from(), of_a.to()) } else { 0 };
        if ride(state, a.of, of_a.from(), of_b.to()) + kept - of_a.ride() - of_b.ride() > most {
            return None;
        }
    }
    let of_a = |from, to| Stretch::new(a.of, from, to);
    let of_b = |from, to| Stretch::new(b.of, from, to);
    Some(Move::between(
        Remade::of(a.of, &[of_a(0, cut), of_b(b.at, b_last)]),
        Remade::of(b.of, &[of_b(0, b.at), of_a(cut, a_last)]),
    ))
}

/// Two carers trade all that they do.
fn routes(state: &State<'_>, a: VehicleId, b: VehicleId) -> Option<Move> {
    let all = |of: VehicleId| Stretch::new(of, 0, state.routes[of.ix()].len());
    let alike = a == b || state.fleet.are_alike(a, b);
    (!alike).then(|| Move::between(Remade::of(a, &[all(b)]), Remade::of(b, &[all(a)])))
}

/// Two stops trade routes, each to where it is the least detour (Vidal 2022,
/// doi:10.1016/j.cor.2021.105643, without its list of the best three).
#[inline]
fn swap_star(state: &State<'_>, a: Stop, b: Stop, most: i64) -> Option<Move> {
    if a.of == b.of {
        return None;
    }
    let saved = |stop: Stop| {
        let (to, from) = (gap(state, stop.of, stop.at), gap(state, stop.of, stop.at + 1));
        to.ride() + from.ride() - ride(state, stop.of, to.from(), from.to())
    };
    let (mine, theirs) = (load(state, a.of, a.at, a.at + 1), load(state, b.of, b.at, b.at + 1));
    if !can_carry(state, a.of, theirs, mine) || !can_carry(state, b.of, mine, theirs) {
        return None;
    }
    let left = (saved(a) + saved(b)).saturating_add(most);
    if left < 0 {
        return None;
    }
    let (to_a, detour) = least_detour(state, a, b);
    if detour > left {
        return None;
    }
    let (to_b, more) = least_detour(state, b, a);
    if detour + more > left {
        return None;
    }
    let new = |home: Stop, guest: Stop, before: usize| {
        let own = |from, to| Stretch::new(home.of, from, to);
        let last = state.routes[home.of.ix()].len();
        let comer = Stretch::new(guest.of, guest.at, guest.at + 1);
        if before <= home.at {
            let stretches = [own(0, before), comer, own(before, home.at), own(home.at + 1, last)];
            Remade::of(home.of, &stretches)
        } else {
            let stretches = [own(0, home.at), own(home.at + 1, before), comer, own(before, last)];
            Remade::of(home.of, &stretches)
        }
    };
    Some(Move::between(new(a, b, to_a), new(b, a, to_b)))
}

/// Before which stop of the home's route, the home left out, the guest is the least detour, and how
/// long that is.
fn least_detour(state: &State<'_>, home: Stop, guest: Stop) -> (usize, i64) {
    let around = state.problem.ways(home.of).around(gap(state, guest.of, guest.at).to());
    let through = |from: u32, to: u32| {
        i64::from(around.to[from as usize]) + i64::from(around.from[to as usize].ride)
    };
    let openings = state.routes[home.of.ix()].openings();
    // Before the home itself and behind it is the same seat; it is told as the one behind.
    let (to, from) = (&openings[home.at], &openings[home.at + 1]);
    let instead = through(to.from(), from.to()) - ride(state, home.of, to.from(), from.to());
    let mut least = (home.at + 1, instead);
    let mut look = |from: usize, until: usize| {
        for (at, here) in openings[from..until].iter().enumerate() {
            let detour = through(here.from(), here.to()) - here.ride();
            if detour < least.1 {
                least = (from + at, detour);
            }
        }
    };
    look(0, home.at);
    look(home.at + 2, openings.len());
    least
}
