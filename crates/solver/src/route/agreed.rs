//! What routes have agreed with each other, by which each is timed and priced: the starts of the
//! visits that they share, and what is largest of all of them.

use super::{Guide, Outcome, Route};
use crate::problem::{FAR, JobId, Problem, Window};

/// When a job may start: in its window, and no earlier than `floor`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing<'p> {
    pub(crate) window: &'p Window,
    pub(crate) floor: i32,
}

impl Timing<'_> {
    /// The earliest start.
    #[inline]
    pub(crate) fn opens(&self) -> i32 {
        self.floor.max(self.window.earliest)
    }
}

/// What is largest of several routes, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peaks {
    late: i32,
    idle: i32,
}

impl Peaks {
    /// Of no route, or where nobody asks.
    pub(crate) const NONE: Peaks = Peaks { late: 0, idle: 0 };

    /// Of these routes.
    pub(crate) fn of(routes: &[Route]) -> Peaks {
        routes.iter().fold(Peaks::NONE, |peaks, route| peaks.with(&route.outcome))
    }

    /// With one more.
    pub(crate) fn with(self, outcome: &Outcome) -> Peaks {
        Peaks { late: self.late.max(outcome.worst), idle: self.idle.max(outcome.idle) }
    }

    /// What they cost.
    #[inline]
    pub(crate) fn cost(self, problem: &Problem) -> i64 {
        i64::from(problem.worst_late.0) * i64::from(self.late)
            + i64::from(problem.worst_idle.0) * i64::from(self.idle)
    }
}

/// What the routes have agreed about each job they share: the window it uses, and no earlier start
/// than `start`. Only linked jobs are held to the start; the others are their own route's affair.
#[derive(Clone, Debug)]
pub(crate) struct Agreed {
    /// By job: the index into [`Problem::windows`].
    pub(crate) window: Vec<u32>,
    /// By job, in seconds.
    pub(crate) start: Vec<i32>,
    /// What is largest of all routes.
    pub(crate) peaks: Peaks,
    /// What guides the search besides.
    pub(crate) guide: Guide,
}

impl Agreed {
    /// What a route comes to, with what it adds to what is largest of all.
    #[inline]
    pub(crate) fn cost(&self, problem: &Problem, outcome: &Outcome) -> i64 {
        let raised = self.raised(self.peaks, outcome).cost(problem) - self.peaks.cost(problem);
        self.alone(problem, outcome) + raised
    }

    /// What a route comes to by itself.
    #[inline]
    pub(crate) fn alone(&self, problem: &Problem, outcome: &Outcome) -> i64 {
        outcome.cost(problem) + self.guide.cost(outcome)
    }

    /// The peaks with a route more; the guide prices how idle it is.
    #[inline]
    pub(crate) fn raised(&self, peaks: Peaks, outcome: &Outcome) -> Peaks {
        let raised = peaks.with(outcome);
        if self.guide.is_on() { Peaks { idle: peaks.idle, ..raised } } else { raised }
    }

    /// The peaks of all routes, but for what is guided.
    pub(crate) fn peaks_of(&self, routes: &[Route]) -> Peaks {
        routes.iter().fold(Peaks::NONE, |peaks, route| self.raised(peaks, &route.outcome))
    }

    #[inline]
    pub(crate) fn timing<'p>(&self, problem: &'p Problem, job: JobId) -> Timing<'p> {
        let floor = if problem.job(job).linked { self.start[job.ix()] } else { -FAR };
        Timing { window: &problem.windows[self.window[job.ix()] as usize], floor }
    }
}
