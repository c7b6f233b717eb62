//! The linear program whose duals are the prices: which routes, each at its cost, make every visit
//! once, as HiGHS solves it. Floats stay in here: what comes out is whole prices, which need not be
//! right to prove something, only good.

use highs::{Col, ColProblem, HighsModelStatus, Model, Row, Sense};

use super::claim::{Claim, LINES, Out, Prices};
use crate::problem::{Problem, TaskId, VehicleId};

/// What a task costs that no route makes yet: more than a day on the road.
const DEAR: f64 = 1e6;

/// The linear program and its routes.
pub(crate) struct Master {
    /// Between two solutions.
    model: Option<Model>,
    rows: Rows,
    routes: Vec<Column>,
}

/// One row for each thing that is counted.
struct Rows {
    task: Vec<Row>,
    vehicle: Vec<Row>,
    line: [Row; LINES],
    late: Row,
}

/// A route of the linear program.
struct Column {
    tasks: Vec<TaskId>,
    col: Col,
    is_out: bool,
}

/// What the linear program has come to.
pub(crate) struct Mix {
    /// What the best mix of the routes costs.
    pub(crate) cost: i64,
    /// The prices that go with it.
    pub(crate) prices: Prices,
    /// By vehicle: what its cheapest route comes to under the prices, of those there are.
    pub(crate) least: Vec<i64>,
    /// The routes in the mix that make a visit more than once.
    pub(crate) rounds: Vec<Vec<TaskId>>,
}

impl Master {
    /// No routes yet, only what leaving visits out costs.
    pub(crate) fn new(problem: &Problem, claim: &Claim) -> Master {
        let mut empty = ColProblem::new();
        let rows = Rows {
            task: problem.tasks.iter().map(|_| empty.add_row(1..=1)).collect(),
            vehicle: problem.vehicles.iter().map(|_| empty.add_row(..=1)).collect(),
            line: claim.out.map(|most| empty.add_row(..=most)),
            late: empty.add_row(..=2 * claim.late),
        };
        let mut model = empty.optimise(Sense::Minimise);
        model.make_quiet();
        model.set_option("threads", 1);
        model.set_option("random_seed", 1);
        model.set_option("presolve", "off");
        model.set_option("solver", "simplex");
        for id in problem.job_ids() {
            let tasks: Vec<Row> =
                problem.job(id).tasks().map(|task| rows.task[task.ix()]).collect();
            let whole = tasks.iter().map(|row| (*row, 1.0));
            match claim.out(id) {
                Out::Never => {}
                Out::At(price) => {
                    model.add_col(price as f64, 0.0.., whole);
                }
                Out::Line(at) => {
                    model.add_col(0.0, 0.0.., whole.chain([(rows.line[at], 1.0)]));
                }
            }
            for row in tasks {
                model.add_col(DEAR, 0.0.., [(row, 1.0)]);
            }
        }
        Master { model: Some(model), rows, routes: Vec::new() }
    }

    /// One route more: what it costs, and by how many half seconds it is late at time-critical
    /// visits.
    pub(crate) fn add(&mut self, vehicle: VehicleId, tasks: &[TaskId], (cost, late): (i64, i32)) {
        let Some(model) = &mut self.model else { return };
        let mut made = tasks.to_vec();
        made.sort_unstable();
        let mut factors: Vec<(Row, f64)> = made
            .chunk_by(|one, other| one == other)
            .map(|same| (self.rows.task[same[0].ix()], same.len() as f64))
            .collect();
        factors.push((self.rows.vehicle[vehicle.ix()], 1.0));
        if late > 0 {
            factors.push((self.rows.late, late.into()));
        }
        let col = model.add_col(cost as f64, 0.0.., factors);
        self.routes.push(Column { tasks: tasks.to_vec(), col, is_out: false });
    }

    /// Takes out the routes that are not let through.
    pub(crate) fn keep(&mut self, lets: impl Fn(&[TaskId]) -> bool) {
        let Some(model) = &mut self.model else { return };
        for route in self.routes.iter_mut().filter(|route| !route.is_out) {
            if !lets(&route.tasks) {
                model.change_column_bounds(route.col, 0.0..=0.0);
                route.is_out = true;
            }
        }
    }

    /// The best mix of the routes; `None` where HiGHS finds none.
    pub(crate) fn solve(&mut self) -> Option<Mix> {
        let solved = self.model.take()?.try_solve().ok()?;
        let optimal = solved.status() == HighsModelStatus::Optimal;
        let cost = solved.objective_value().round() as i64;
        let solution = solved.get_solution();
        self.model = Some(solved.into());
        let duals = solution.dual_rows();
        let (tasks, vehicles) = (self.rows.task.len(), self.rows.vehicle.len());
        let whole = |dual: f64| dual.round() as i64;
        let line = tasks + vehicles;
        let prices = Prices {
            task: duals[..tasks].iter().copied().map(whole).collect(),
            line: std::array::from_fn(|at| -whole(duals[line + at]).min(0)),
            late: -whole(duals[line + LINES] * 2.0).min(0),
        };
        let least = duals[tasks..line].iter().copied().map(whole).collect();
        let taken = self.routes.iter().filter(|route| solution[route.col] > 1e-6);
        let rounds = taken.map(|route| &route.tasks).filter(|tasks| repeats(tasks));
        optimal.then(|| Mix { cost, prices, least, rounds: rounds.cloned().collect() })
    }
}

fn repeats(tasks: &[TaskId]) -> bool {
    tasks.iter().enumerate().any(|(at, task)| tasks[..at].contains(task))
}
