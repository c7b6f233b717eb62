//! What each stop must know of what comes behind it, so that a stretch driven otherwise can be joined
//! to the rest of a route without driving it again.

use super::{Agreed, Outcome, Prefix, Route};
use crate::gap::{Course, Gap};
use crate::problem::{FAR, Problem, Rest, Vehicle, VehicleId};

/// A route from a stop on to its end, told by the spent seconds of the route as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tail {
    /// The latest start of the stop with which nothing is late, nobody works overtime and no linked
    /// visit starts later; [`FAR`] back where that is not so even now.
    calm: i32,
    /// The latest-binding "not before", told as a departure.
    anchor: i32,
    /// The least slack.
    slack: i32,
    /// The largest lateness.
    worst: i32,
}

/// Behind the last stop, with no break there.
const HOME: Tail = Tail { calm: FAR, anchor: -FAR, slack: FAR, worst: 0 };

/// When the stop before a gap must be left so that what is behind the gap begins by then.
#[inline]
fn leave_by(gap: Gap, by: i32) -> i32 {
    match gap.rest {
        None => by - gap.before,
        Some(rest) => rest.latest.min(by - gap.after - rest.length) - gap.before,
    }
}

fn take_break(tail: &mut Tail, rest: Rest, spent: i32) {
    tail.anchor = tail.anchor.max(rest.earliest - spent);
    tail.slack = tail.slack.min(rest.latest - spent);
}

impl Route {
    /// What is known of a route without stops.
    pub(super) fn no_way_back(&mut self, vehicle: &Vehicle) {
        self.latest.clear();
        self.latest.push(vehicle.hard_end);
        self.tail.clear();
        self.tail.push(Tail { calm: vehicle.shift_end, ..HOME });
    }

    /// Fills in what each stop must know of what comes behind it.
    pub(super) fn look_back(&mut self, problem: &Problem, id: VehicleId, agreed: &Agreed) {
        let vehicle = problem.vehicle(id);
        let course = Course { errands: &self.errands, ..Course::plain(problem, id, self.slot) };
        let stops = self.tasks.len();
        self.latest.clear();
        self.latest.resize(stops + 1, 0);
        self.tail.clear();
        self.tail.resize(stops + 1, HOME);
        let home = course.home(stops, self.prefix[stops].place);
        let mut by = leave_by(home, vehicle.hard_end);
        let mut calm = leave_by(home, vehicle.shift_end);
        self.latest[stops] = by + home.ride;
        let mut tail = Tail { calm: calm + home.ride, ..HOME };
        if self.outcome.overtime > 0 {
            calm = -FAR;
        }
        if let Some(rest) = home.rest.filter(|_| !home.home) {
            take_break(&mut tail, rest, self.prefix[stops].spent + home.before);
        }
        self.tail[stops] = tail;
        for at in (0..stops).rev() {
            let task = self.tasks[at];
            let job = problem.job_of(task);
            let timing = agreed.timing(problem, problem.tasks[task.ix()].job);
            let (before, after) = (self.prefix[at], self.prefix[at + 1]);
            let gap = course.before(at, before.place, job.place);
            let spent = after.spent - job.service;
            let opens = timing.opens();
            self.latest[at] = timing.window.hard.min(by - job.service);
            calm = (calm - job.service).min(if job.linked { opens } else { timing.window.latest });
            if self.start[at] > calm {
                calm = -FAR;
            }
            let late_from = timing.window.latest.saturating_sub(spent);
            let free = if job.linked { after.anchor } else { after.anchor.max(late_from) };
            tail = Tail {
                calm,
                anchor: tail.anchor.max(opens - spent),
                slack: tail.slack.min(free),
                worst: tail.worst.max(self.start[at] - timing.window.latest),
            };
            by = leave_by(gap, self.latest[at]);
            calm = leave_by(gap, calm).max(-FAR);
            if let Some(rest) = gap.rest {
                let at_rest = before.spent + gap.before;
                if at_rest > 0 {
                    take_break(&mut tail, rest, at_rest);
                } else {
                    // Taken before the carer sets off, which only the whole route knows.
                    calm = -FAR;
                }
            }
            // A break in the gap belongs to the stop behind it.
            self.tail[at] = tail;
        }
    }

    /// Whether the break, if there is one, lies before a stop.
    #[inline]
    pub(crate) fn has_rested(&self, vehicle: &Vehicle, stop: usize) -> bool {
        vehicle.rest.is_none() || self.slot.is_over(stop)
    }

    /// The outcome when another stretch goes before stop `at`, which then starts so: told without
    /// driving on where the rest of the route is as it was, or later without harm. Breaks behind the
    /// stop must be those of this route, and the vehicle one like its own.
    #[inline]
    pub(crate) fn join(&self, at: usize, start: i32, served: Prefix) -> Option<Outcome> {
        let tail = self.tail[at + 1];
        let old = self.prefix[at + 1];
        let more_spent = served.spent - old.spent;
        let is_calm = start <= self.tail[at].calm;
        if !is_calm && start != self.start[at] {
            return None;
        }
        let anchor = if is_calm {
            served.anchor.max(tail.anchor - more_spent)
        } else {
            self.outcome.anchor - more_spent
        };
        let slack = served.slack.min(tail.slack.saturating_sub(more_spent));
        let idle = self.outcome.idle - more_spent - (served.at_base - old.at_base);
        let unrested = if self.slot.is_over(at) { served.due } else { self.outcome.unrested };
        // What is neither idle nor the break is work.
        let rested = self.outcome.unrested - unrested;
        let work = self.outcome.work + self.outcome.idle - idle - rested;
        Some(Outcome {
            ride: self.outcome.ride - old.ride + served.ride,
            waiting: (anchor - slack).max(0),
            overtime: self.outcome.overtime,
            late: self.prefix[self.len()].late - old.late + served.late,
            worst: served.worst.max(tail.worst),
            idle,
            work,
            unrested,
            anchor,
        })
    }
}
