//! Local search around visits that have just been put somewhere: moves that bring a visit beside one
//! that lies near it, each made at once if it lowers the cost (granular neighbourhoods: Toth and Vigo
//! 2003, doi:10.1287/ijoc.15.4.333.24890). Knows which moves there are; what they come to is told
//! by `moves`.

use super::insertion::{Blink, best_in_route, best_placement};
use super::moves::{Move, Remade, Stretch};
use super::ruin::Near;
use super::state::State;
use crate::problem::{FAR, JobId, TaskId, VehicleId};

/// How many of a visit's neighbours it is brought beside.
const NEAR: usize = 12;

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

/// What the descent works with.
#[derive(Debug, Default)]
pub(crate) struct Descent {
    /// The tasks of a route being priced.
    tasks: Vec<TaskId>,
    /// How many moves were looked at: the work it was.
    pub(crate) looked_at: u64,
}

impl Descent {
    /// Moves the visits, and what they meet, as long as that lowers the cost.
    pub(crate) fn around(&mut self, state: &mut State<'_>, near: &Near, jobs: &[JobId]) {
        for job in jobs {
            for task in state.problem.job(*job).tasks() {
                while self.improve(state, near, task) {}
            }
        }
    }

    /// Makes room for a visit that nobody makes: a neighbour goes elsewhere, or if that is better is
    /// left out in its place. Tells who then is; `None` where nothing is gained.
    pub(crate) fn eject(
        &mut self,
        state: &mut State<'_>,
        near: &Near,
        job: JobId,
    ) -> Option<Vec<JobId>> {
        let problem = state.problem;
        // What two carers do is linked too.
        let is_single = |job: JobId| !problem.job(job).linked && !problem.job(job).held;
        if !is_single(job) || state.is_done(job) {
            return None;
        }
        for &other in near.to(job).iter().skip(1).take(NEAR) {
            let route = state.route_of(TaskId(problem.job(other).tasks.start));
            let Some(vehicle) = route.filter(|_| is_single(other)) else { continue };
            self.looked_at += 1;
            let (mark, before) = (state.mark(), state.guided());
            let mut out = Vec::new();
            let fits = state.remove(&[other], &mut out)
                && best_in_route(state, job, vehicle).is_some_and(|(_, seat)| state.insert(&seat));
            let elsewhere = fits.then(|| best_placement(state, other, -FAR, &mut Blink::Never));
            let kept = match elsewhere.flatten() {
                Some((cost, seat)) if cost < problem.job(other).drop.0 => state.insert(&seat),
                _ => fits,
            };
            if kept && state.guided() < before {
                out.retain(|job| !state.is_done(*job));
                return Some(out);
            }
            state.rollback(mark);
        }
        None
    }

    /// Prices every move of an operator around every visit, and makes none.
    pub(super) fn price_all(&mut self, state: &mut State<'_>, near: &Near, operator: Operator) {
        let problem = state.problem;
        for task in (0..problem.tasks.len() as u32).map(TaskId) {
            for job in near.to(problem.tasks[task.ix()].job).iter().skip(1).take(NEAR) {
                let other = TaskId(problem.job(*job).tasks.start);
                let Some((stop, neighbour)) = stop_of(state, task).zip(stop_of(state, other))
                else {
                    continue;
                };
                moves(state, operator, stop, neighbour, |state, change| {
                    self.looked_at += 1;
                    let _ = change.change(state, i64::MAX, &mut self.tasks);
                    false
                });
            }
        }
    }

    /// Makes the first move found for the task that lowers the cost.
    fn improve(&mut self, state: &mut State<'_>, near: &Near, task: TaskId) -> bool {
        let problem = state.problem;
        let mut traded = false;
        for job in near.to(problem.tasks[task.ix()].job).iter().skip(1).take(NEAR) {
            for other in problem.job(*job).tasks() {
                let stops = stop_of(state, task).zip(stop_of(state, other));
                let Some((stop, neighbour)) = stops else { continue };
                // Whole routes are traded with the nearest other route only.
                let whole = stop.of != neighbour.of && !std::mem::replace(&mut traded, true);
                let operators = OPERATORS.into_iter().filter(|op| whole || *op != Operator::Routes);
                for operator in operators {
                    if moves(state, operator, stop, neighbour, |state, change| {
                        self.take(state, change, 0)
                    }) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Makes the move if it changes the cost by less than `below`.
    fn take(&mut self, state: &mut State<'_>, change: &Move, below: i64) -> bool {
        self.looked_at += 1;
        let Some(priced) = change.change(state, below, &mut self.tasks) else { return false };
        let (before, exact) = (state.guided(), change.is_free(state));
        let mark = state.mark();
        let kept = state.remake(change.remade(state)) && state.guided() < before + below;
        debug_assert!(!exact || kept && state.guided() == before + priced, "{change:?}: {priced}");
        if !kept {
            state.rollback(mark);
        }
        kept
    }
}

fn stop_of(state: &State<'_>, task: TaskId) -> Option<Stop> {
    let of = state.route_of(task)?;
    let at = state.routes[of.ix()].position(task)?;
    Some(Stop { of, at })
}

/// Tells the moves of an operator for a stop and a neighbour of it, until one is taken.
fn moves(
    state: &mut State<'_>,
    operator: Operator,
    stop: Stop,
    near: Stop,
    mut take: impl FnMut(&mut State<'_>, &Move) -> bool,
) -> bool {
    let behind = Stop { at: near.at + 1, ..near };
    let mut either =
        |one: Option<Move>, state: &mut State<'_>| one.is_some_and(|change| take(state, &change));
    match operator {
        Operator::Relocate(stops) => {
            either(relocate(state, (stop, stops), near), state)
                || either(relocate(state, (stop, stops), behind), state)
        }
        Operator::Swap(stops, others) => {
            let before = near.at.checked_sub(others).map(|at| Stop { at, ..near });
            either(swap(state, (stop, stops), (behind, others)), state)
                || before.is_some_and(|before| {
                    either(swap(state, (stop, stops), (before, others)), state)
                })
        }
        Operator::Tails => {
            either(tails(state, stop, near), state) || either(tails(state, near, stop), state)
        }
        Operator::Routes => either(routes(state, stop.of, near.of), state),
        Operator::SwapStar => either(swap_star(state, stop, near), state),
    }
}

/// So many stops from `stop` on go before another, or to the end of its route.
fn relocate(
    state: &State<'_>,
    (stop, stops): (Stop, usize),
    Stop { of: to, at: before }: Stop,
) -> Option<Move> {
    let (from, end) = (stop.at, stop.at + stops);
    let last = state.routes[stop.of.ix()].len();
    if end > last {
        return None;
    }
    let own = |from, to| Stretch::new(stop.of, from, to);
    let moved = own(from, end);
    if to == stop.of {
        return match before {
            _ if before < from => Some(Move::inside(Remade::of(
                to,
                &[own(0, before), moved, own(before, from), own(end, last)],
            ))),
            _ if before > end => Some(Move::inside(Remade::of(
                to,
                &[own(0, from), own(end, before), moved, own(before, last)],
            ))),
            _ => None,
        };
    }
    let theirs = |from, until| Stretch::new(to, from, until);
    let all = state.routes[to.ix()].len();
    Some(Move::between(
        Remade::of(stop.of, &[own(0, from), own(end, last)]),
        Remade::of(to, &[theirs(0, before), moved, theirs(before, all)]),
    ))
}

/// So many stops from `a` on trade places with so many from `b` on.
fn swap(state: &State<'_>, a: (Stop, usize), b: (Stop, usize)) -> Option<Move> {
    let ((a, many), (b, few)) = if a.0.of == b.0.of && b.0.at < a.0.at { (b, a) } else { (a, b) };
    let (a_end, b_end) = (a.at + many, b.at + few);
    let (a_last, b_last) = (state.routes[a.of.ix()].len(), state.routes[b.of.ix()].len());
    if a_end > a_last || b_end > b_last {
        return None;
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
    (a_end <= b.at).then(|| Move::inside(Remade::of(a.of, &stretches)))
}

/// What follows `a` trades places with what begins with `b`.
fn tails(state: &State<'_>, a: Stop, b: Stop) -> Option<Move> {
    let (a_last, b_last) = (state.routes[a.of.ix()].len(), state.routes[b.of.ix()].len());
    let cut = a.at + 1;
    let of_a = |from, to| Stretch::new(a.of, from, to);
    let of_b = |from, to| Stretch::new(b.of, from, to);
    (a.of != b.of).then(|| {
        Move::between(
            Remade::of(a.of, &[of_a(0, cut), of_b(b.at, b_last)]),
            Remade::of(b.of, &[of_b(0, b.at), of_a(cut, a_last)]),
        )
    })
}

/// Two carers trade all that they do.
fn routes(state: &State<'_>, a: VehicleId, b: VehicleId) -> Option<Move> {
    let all = |of: VehicleId| Stretch::new(of, 0, state.routes[of.ix()].len());
    (a != b).then(|| Move::between(Remade::of(a, &[all(b)]), Remade::of(b, &[all(a)])))
}

/// Two stops trade routes, each to where it is the least detour (Vidal 2022,
/// doi:10.1016/j.cor.2021.105643, without its list of the best three).
fn swap_star(state: &State<'_>, a: Stop, b: Stop) -> Option<Move> {
    if a.of == b.of {
        return None;
    }
    let new = |home: Stop, guest: Stop| {
        let own = |from, to| Stretch::new(home.of, from, to);
        let last = state.routes[home.of.ix()].len();
        let comer = Stretch::new(guest.of, guest.at, guest.at + 1);
        let before = least_detour(state, home, guest);
        if before <= home.at {
            let stretches = [own(0, before), comer, own(before, home.at), own(home.at + 1, last)];
            Remade::of(home.of, &stretches)
        } else {
            let stretches = [own(0, home.at), own(home.at + 1, before), comer, own(before, last)];
            Remade::of(home.of, &stretches)
        }
    };
    Some(Move::between(new(a, b), new(b, a)))
}

/// Before which stop of the home's route, the home left out, the guest is the least detour.
fn least_detour(state: &State<'_>, home: Stop, guest: Stop) -> usize {
    let problem = state.problem;
    let (vehicle, ways) = (problem.vehicle(home.of), problem.ways(home.of));
    let route = &state.routes[home.of.ix()];
    let place = |at: usize| problem.tasks[route.tasks[at].ix()].place;
    let guest = state.routes[guest.of.ix()].prefix[guest.at + 1].place;
    let around = ways.around(guest);
    let detour = |before: usize| {
        let last = match before {
            0 => vehicle.start,
            _ if before == home.at + 1 => match home.at {
                0 => vehicle.start,
                at => place(at - 1),
            },
            _ => place(before - 1),
        };
        let next = if before < route.len() { place(before) } else { vehicle.end };
        around.to[last as usize] + around.from[next as usize].ride - ways.at(last, next).ride
    };
    // Before the home itself and behind it is the same seat; it is told as the one behind.
    let seats = (0..=route.len()).filter(|before| *before != home.at);
    seats.min_by_key(|before| detour(*before)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::construct;
    use super::super::samples::{count, day};
    use super::*;
    use crate::problem::Problem;
    use crate::score::{Cost, Rate};

    /// Moves that make plans worse are made too. Each is held against its price when it is made
    /// (`take`), and everything against a recount.
    #[test]
    fn every_operator_comes_to_what_it_was_priced_at() {
        let mut made = [0; OPERATORS.len()];
        for seed in 0..count(40) {
            let (mut instance, tables) = day(36, 7, seed);
            // Prices that look at all routes, and breaks that may be missed.
            instance.policy.balance = Rate(seed as i32 % 3);
            instance.policy.missed_break = (seed % 4 == 1).then_some(Cost(20_000));
            let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
            let near = Near::of(&problem);
            let mut state = State::of(&problem, &construct::greedy(&problem));
            let mut descent = Descent::default();
            if seed % 2 == 0 {
                state.guide();
            }
            for (turn, task) in (0..problem.tasks.len() as u32).map(TaskId).enumerate() {
                let job = problem.tasks[task.ix()].job;
                let other = near.to(job)[1 + turn % 9];
                let other = TaskId(problem.job(other).tasks.start);
                for (operator, made) in OPERATORS.into_iter().zip(&mut made) {
                    let stops = stop_of(&state, task).zip(stop_of(&state, other));
                    let Some((stop, neighbour)) = stops else { continue };
                    let below = 60_000 * (turn as i64 % 3);
                    let took =
                        |state: &mut State<'_>, change: &Move| descent.take(state, change, below);
                    *made += u32::from(moves(&mut state, operator, stop, neighbour, took));
                    assert_eq!(state.guided(), state.recount());
                    state.forget();
                }
            }
        }
        assert!(made.iter().all(|made| *made > 0), "{made:?}");
    }

    #[test]
    fn making_room_lowers_the_cost_and_tells_who_is_out() {
        let mut made = 0;
        for seed in 0..count(30) {
            let (instance, tables) = day(40, 4, seed);
            let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
            let near = Near::of(&problem);
            let mut state = State::of(&problem, &construct::greedy(&problem));
            for job in state.left_out() {
                let before = (state.cost(), state.left_out().len());
                let Some(out) = Descent::default().eject(&mut state, &near, job) else { continue };
                made += 1;
                assert!(state.cost() < before.0 && state.cost() == state.recount());
                assert_eq!(state.left_out().len() + 1, before.1 + out.len());
                assert!(state.is_done(job) && out.iter().all(|job| !state.is_done(*job)));
                state.forget();
            }
        }
        assert!(made > 0);
    }
}
