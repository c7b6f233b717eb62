//! The bound: column generation until the prices prove that no plan of the claim costs less than so
//! much (Desrosiers, Soumis and Desrochers 1984, doi:10.1002/net.3230140406). HiGHS proposes prices,
//! pricing answers in whole numbers, and what they prove together is a sum of whole numbers that
//! anybody can add up again.

use std::fmt;

use super::claim::{Claim, Prices};
use super::master::{Master, Mix};
use super::memory::Memory;
use super::pricing::{Care, Pricer};
use crate::problem::{JobId, Problem, TaskId, VehicleId};

/// How far to go for a bound.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// How many stretches of routes to look at over all: the same number proves the same on any
    /// machine.
    pub work: u64,
    /// Asked now and then: stop with what there is.
    pub stop: &'a dyn Fn() -> bool,
    /// Told what is proved whenever that is more than before, in tenths of a weighted second.
    pub proved: &'a dyn Fn(i64),
}

impl fmt::Debug for Effort<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effort").field("work", &self.work).finish_non_exhaustive()
    }
}

/// Prices and what they prove of a day.
#[derive(Clone, Debug)]
pub struct Proof {
    pub(crate) total: i64,
    pub(crate) prices: Prices,
    /// By vehicle: what no day comes to less than under the prices; never more than nothing.
    pub(crate) least: Vec<i64>,
    pub(crate) memory: Memory,
    /// Whether it speaks of plans that are late at time-critical visits.
    pub(crate) any_late: bool,
}

/// How many routes of one carer a round takes in.
const ROUTES: usize = 12;

/// How many labels one carer's day may take: some 250 MB.
pub(crate) const LABELS: usize = 5_000_000;

/// How far a round's prices go from the best known towards those of the linear program, in eighths
/// (Wentges 1997, doi:10.1111/1475-3995.00016): what it jumps to is good for its own routes alone.
const STEP: i64 = 2;

/// Column generation under way.
struct Generation<'a> {
    problem: &'a Problem,
    claim: &'a Claim,
    effort: Effort<'a>,
    master: Master,
    work: u64,
    /// The prices that proved most, were the quick pricings exact, and how much.
    centre: (i64, Prices, Vec<i64>),
    /// What the prices last proved early were hoped to prove.
    tried: i64,
    best: Option<Proof>,
}

/// What one round has come to.
enum Round {
    /// So many routes are new.
    New(usize),
    /// The effort is spent.
    Spent,
}

/// The best proof found within the effort, from the routes of a plan on.
pub(crate) fn prove(
    problem: &Problem,
    claim: &Claim,
    start: &[(VehicleId, Vec<TaskId>)],
    effort: Effort<'_>,
) -> Option<Proof> {
    let mut memory = Memory::of(problem, claim);
    let mut generation = Generation {
        problem,
        claim,
        effort,
        master: Master::new(problem, claim),
        work: 0,
        centre: (i64::MIN, Prices::none(problem), vec![0; problem.vehicles.len()]),
        tried: i64::MIN,
        best: None,
    };
    generation.begin(&memory, start);
    while let Some(rounds) = generation.converge(&memory) {
        let jobs = |tasks: &[TaskId]| -> Vec<JobId> {
            tasks.iter().map(|task| problem.tasks[task.ix()].job).collect()
        };
        let rounds: Vec<Vec<JobId>> = rounds.iter().map(|tasks| jobs(tasks)).collect();
        if !memory.learn(&rounds) {
            break;
        }
        generation.master.keep(|tasks| !memory.forbids(&jobs(tasks)));
    }
    generation.best
}

impl Generation<'_> {
    /// Takes in the routes of a plan. What they cost is shared out among their visits by what each
    /// would save alone, which makes the first prices.
    fn begin(&mut self, memory: &Memory, start: &[(VehicleId, Vec<TaskId>)]) {
        let pricer = Pricer::new(self.problem, self.claim, memory, self.effort.stop);
        let none = Prices::none(self.problem);
        for (vehicle, tasks) in start {
            let Some(cost) = pricer.cost(*vehicle, tasks, &none) else { continue };
            self.master.add(*vehicle, tasks, cost);
            let saved = |at: usize| {
                let mut rest = tasks.clone();
                rest.remove(at);
                let without = pricer.cost(*vehicle, &rest, &none).map_or(0, |cost| cost.0);
                (cost.0 - if rest.is_empty() { 0 } else { without }).max(1)
            };
            let saved: Vec<i64> = (0..tasks.len()).map(saved).collect();
            let all: i64 = saved.iter().sum();
            for (task, saved) in tasks.iter().zip(saved) {
                self.centre.1.task[task.ix()] = cost.0 * saved / all;
            }
        }
    }

    /// Rounds until no route is left that would improve the mix; the routes of the mix that make a
    /// visit twice. `None` when the effort is spent.
    fn converge(&mut self, memory: &Memory) -> Option<Vec<Vec<TaskId>>> {
        let (problem, claim) = (self.problem, self.claim);
        let mut pricer = Pricer::new(problem, claim, memory, self.effort.stop);
        self.centre.0 = i64::MIN;
        let (mut step, mut care) = (STEP, Care::Quick);
        loop {
            let mix = self.master.solve()?;
            let prices = self.centre.1.towards(&mix.prices, step);
            let below = |(from, to): (&i64, &i64)| (from + (to - from) * step / 8).min(0);
            let below: Vec<i64> = self.centre.2.iter().zip(&mix.least).map(below).collect();
            let (cost, before) = (mix.cost, pricer.work);
            let Round::New(new) = self.round(&mut pricer, memory, &mix, (prices, below), care)?
            else {
                return None;
            };
            self.work += pricer.work - before;
            if self.is_promising(cost) {
                // What is nearly as good as can be is proved at once, should there be no time later.
                (step, care) = (0, Care::Exact);
                continue;
            }
            (step, care) = match (new, step, care) {
                (1.., ..) => (STEP, Care::Quick),
                (0, 8, Care::Exact) => return Some(mix.rounds),
                (0, 8, Care::Quick) => (8, Care::Exact),
                (0, ..) => (8, Care::Quick),
            };
        }
    }

    /// Whether the best known prices promise much more than is proved, and were not tried yet.
    fn is_promising(&mut self, cost: i64) -> bool {
        let proved = self.best.as_ref().map_or(0, |best| best.total);
        let hoped = self.centre.0;
        let promising = hoped > cost / 20 * 19 && hoped - proved > cost / 50 && hoped != self.tried;
        if promising {
            self.tried = hoped;
        }
        promising
    }

    /// Prices every carer's day; takes in what would improve the mix.
    fn round(
        &mut self,
        pricer: &mut Pricer<'_>,
        memory: &Memory,
        mix: &Mix,
        (prices, below): (Prices, Vec<i64>),
        care: Care,
    ) -> Option<Round> {
        let mut least = Vec::new();
        let mut new = 0;
        for id in self.problem.vehicle_ids() {
            if (self.effort.stop)() || self.work + pricer.work > self.effort.work {
                return Some(Round::Spent);
            }
            let priced = pricer.price((id, below[id.ix()]), &prices, care, (ROUTES, LABELS))?;
            least.push(priced.least);
            for (_, tasks) in priced.routes {
                let Some((cost, late)) = pricer.cost(id, &tasks, &mix.prices) else { continue };
                // Whole prices may be half a unit off for each visit.
                let off = tasks.len() as i64 + 1;
                if cost - mix.prices.paid(&tasks, late) + off < mix.least[id.ix()] {
                    self.master.add(id, &tasks, (cost, late));
                    new += 1;
                }
            }
        }
        let total = prices.proves(self.problem, self.claim, &least);
        if care == Care::Exact && self.best.as_ref().is_none_or(|best| best.total < total) {
            (self.effort.proved)(total);
            let (prices, least, memory) = (prices.clone(), least.clone(), memory.clone());
            self.best = Some(Proof { total, prices, least, memory, any_late: self.claim.late > 0 });
        }
        if total > self.centre.0 {
            self.centre = (total, prices, least);
        }
        Some(Round::New(new))
    }
}
