//! What a bound speaks of: every plan that is at least as good as a given one on each line above the
//! sum, and the prices that make one number of those lines and the visits. Linear programming
//! duality: whatever the prices, what they add up to is no more than any such plan costs.

use crate::plan::{Criticality, Instance};
use crate::problem::{Job, JobId, NEVER, Problem, TaskId, VehicleId, Window};
use crate::score::Score;

/// The plans that a bound speaks of.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// By job.
    terms: Vec<Term>,
    /// How many time-critical, important and normal visits they leave out at the most.
    pub(crate) out: [u32; LINES],
    /// How many seconds they are late at time-critical visits, at the most.
    pub(crate) late: i32,
}

/// The lines above the sum that count visits left out.
pub(crate) const LINES: usize = 3;

/// What a visit means to the sum.
#[derive(Clone, Copy, Debug)]
struct Term {
    out: Out,
    /// The price of a second late in the sum.
    late: i64,
    critical: bool,
}

/// What leaving a visit out means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Out {
    /// None of those plans does.
    Never,
    /// A price in the sum.
    At(i64),
    /// One more on that line.
    Line(usize),
}

impl Claim {
    /// The plans that are at least as good as one of that score on each line above the sum and keep
    /// every pin.
    pub(crate) fn of(instance: &Instance, problem: &Problem, score: &Score) -> Claim {
        let out = [score.time_critical_out, score.important_out, score.normal_out];
        let term = |job: &Job| {
            let visit = &instance.visits[job.visit];
            let critical = visit.criticality == Criticality::TimeCritical;
            let line = match visit.criticality {
                Criticality::TimeCritical => Some(0),
                Criticality::Important => Some(1),
                Criticality::Normal => Some(2),
                Criticality::Optional => None,
            };
            let pinned = visit.pinned.carer.is_some() || visit.pinned.start.is_some();
            let price = visit.left_out.unwrap_or(instance.policy.optional_out).0;
            Term {
                out: match line {
                    _ if pinned => Out::Never,
                    None => Out::At(price),
                    Some(line) if out[line] == 0 => Out::Never,
                    Some(line) => Out::Line(line),
                },
                late: if critical { 0 } else { job.late },
                critical,
            }
        };
        let mut terms: Vec<Term> = problem.jobs.iter().map(term).collect();
        // A helper is there where the visit is made.
        for (at, job) in problem.jobs.iter().enumerate() {
            let helps = instance.visits[job.visit].helps.is_some();
            let whole = job.after.filter(|follow| helps && follow.whole);
            if whole.is_some_and(|follow| terms[follow.job.ix()].out == Out::Never) {
                terms[at].out = Out::Never;
            }
        }
        Claim { terms, out, late: score.time_critical_late.0 }
    }

    pub(crate) fn out(&self, job: JobId) -> Out {
        self.terms[job.ix()].out
    }

    /// What one of the visit's carers pays for a second late: who come together are late together,
    /// so each pays a part.
    pub(crate) fn late(&self, problem: &Problem, job: JobId, prices: &Prices) -> i64 {
        let Term { late, critical, .. } = self.terms[job.ix()];
        let all = if critical { prices.late } else { late };
        all / problem.job(job).tasks.len() as i64
    }

    /// Whether a late second of the job counts on the line of time-critical visits.
    pub(crate) fn is_critical(&self, job: JobId) -> bool {
        self.terms[job.ix()].critical
    }

    /// The windows in which the job may start.
    pub(crate) fn windows<'a>(
        &self,
        problem: &'a Problem,
        job: JobId,
    ) -> impl Iterator<Item = Window> + use<'a> {
        let in_time = self.terms[job.ix()].critical && self.late == 0;
        let Job { windows, .. } = problem.job(job);
        problem.windows[windows.start as usize..windows.end as usize].iter().map(move |window| {
            let hard = if in_time { window.hard.min(window.latest) } else { window.hard };
            Window { hard, ..*window }
        })
    }
}

/// The prices of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prices {
    /// By task: what is paid to whoever makes it.
    pub(crate) task: Vec<i64>,
    /// For one visit left out more than allowed, by line; zero or more.
    pub(crate) line: [i64; LINES],
    /// For one late second more than allowed at time-critical visits; zero or more.
    pub(crate) late: i64,
}

impl Prices {
    /// Nothing is paid for anything.
    pub(crate) fn none(problem: &Problem) -> Prices {
        Prices { task: vec![0; problem.tasks.len()], line: [0; LINES], late: 0 }
    }

    /// So many eighths of the way from these prices to others.
    pub(crate) fn towards(&self, to: &Prices, eighths: i64) -> Prices {
        let between = |from: i64, to: i64| from + (to - from) * eighths / 8;
        let mut task = self.task.clone();
        task.iter_mut().zip(&to.task).for_each(|(price, to)| *price = between(*price, *to));
        Prices {
            task,
            line: std::array::from_fn(|at| between(self.line[at], to.line[at])),
            late: between(self.late, to.late),
        }
    }

    /// What a route that makes those tasks is paid, when its late half seconds at time-critical
    /// visits are charged.
    pub(crate) fn paid(&self, tasks: &[TaskId], halves: i32) -> i64 {
        let made: i64 = tasks.iter().map(|task| self.task[task.ix()]).sum();
        made - self.late * i64::from(halves) / 2
    }

    /// What the prices prove, when the cheapest day of each carer comes to `least`: no plan of the
    /// claim costs less.
    pub(crate) fn proves(&self, problem: &Problem, claim: &Claim, least: &[i64]) -> i64 {
        let Prices { task, line, late } = self;
        let of_job = |id: JobId| {
            let paid: i64 = problem.job(id).tasks().map(|task| self.task[task.ix()]).sum();
            match claim.out(id) {
                Out::Never => 0,
                Out::At(price) => (price - paid).min(0),
                Out::Line(at) => (line[at] - paid).min(0),
            }
        };
        let allowed: i64 = line.iter().zip(claim.out).map(|(price, n)| price * i64::from(n)).sum();
        task.iter().sum::<i64>()
            + problem.job_ids().map(of_job).sum::<i64>()
            + least.iter().map(|least| *least.min(&0)).sum::<i64>()
            - allowed
            - late * i64::from(claim.late)
    }
}

/// What the pair costs beside time, no more than it does in any plan: the price of a new face is
/// shared among all the visits at which it could show.
pub(crate) fn fit(problem: &Problem, vehicle: VehicleId, task: TaskId, wishes: &[i64]) -> i64 {
    let job = problem.job_of(task);
    let face = i64::from(problem.face(vehicle, job.patient));
    let share = if job.wishes { face / wishes[job.patient as usize].max(1) } else { 0 };
    i64::from(problem.fit(vehicle, task)) + share
}

/// By patient: how many of the vehicle's possible jobs have wishes.
pub(crate) fn wishes(problem: &Problem, vehicle: VehicleId) -> Vec<i64> {
    let mut wishes = vec![0; problem.patients];
    for job in problem.jobs.iter().filter(|job| job.wishes) {
        let able = job.tasks().any(|task| problem.fit(vehicle, task) != NEVER);
        wishes[job.patient as usize] += i64::from(able);
    }
    wishes
}
