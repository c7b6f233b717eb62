//! The best start times where being late or longer at work may cost less than waiting, or where the
//! largest lateness, idle time or wait of all has a price: a linear program over the starts, with who
//! visits whom in which order, breaks and windows as they are. Its constraints are differences of two
//! times (the dual of a network flow), so that its corners are whole; what HiGHS finds is rounded and
//! kept only if it costs less when it is added up in whole numbers.

use highs::{Col, HighsModelStatus, RowProblem, Sense};

use super::{Itinerary, course};
use crate::gap::Gap;
use crate::problem::{FAR, JobId, Problem, Vehicle, VehicleId};
use crate::solution::{Drive, Solution};

/// The most that a second is taken to cost, so that the figures of the program are alike in size.
const DEAR: i64 = 1_000_000;

/// The times that everything is told from: when each carer sets off, and when each job starts.
pub(super) struct Moments {
    pub(super) depart: Vec<i32>,
    pub(super) start: Vec<i32>,
}

/// The best moments, no earlier than the earliest; `None` where HiGHS finds none.
pub(super) fn best(
    problem: &Problem,
    solution: &Solution,
    earliest: &[Itinerary],
) -> Option<Moments> {
    let mut program = Program::new(problem, solution, earliest);
    let drives = problem.vehicle_ids().zip(&solution.routes);
    let leaves: Vec<Option<Col>> =
        drives.map(|(id, drive)| program.route(id, drive, &earliest[id.ix()])).collect();
    problem.job_ids().for_each(|id| program.job(id));
    let Program { rows, start, origin, .. } = program;
    let mut model = rows.optimise(Sense::Minimise);
    model.make_quiet();
    model.set_option("threads", 1);
    model.set_option("random_seed", 1);
    model.set_option("solver", "simplex");
    let solved = model.try_solve().ok()?;
    if solved.status() != HighsModelStatus::Optimal {
        return None;
    }
    let times = solved.get_solution();
    let moment = |col: Col| origin + times[col].round() as i32;
    Some(Moments {
        depart: leaves
            .iter()
            .zip(earliest)
            .map(|(col, day)| col.map_or(day.leave, moment))
            .collect(),
        start: start.iter().map(|col| col.map_or(-FAR, moment)).collect(),
    })
}

/// The linear program while it is written.
struct Program<'a> {
    problem: &'a Problem,
    solution: &'a Solution,
    rows: RowProblem,
    /// Times are told from here on, so that they are small.
    origin: i32,
    /// By job that is done: its start.
    start: Vec<Option<Col>>,
    worst_late: Col,
    worst_idle: Col,
    worst_wait: Col,
}

impl<'a> Program<'a> {
    fn new(problem: &'a Problem, solution: &'a Solution, earliest: &[Itinerary]) -> Program<'a> {
        let mut rows = RowProblem::default();
        let origin = earliest.iter().map(|day| day.leave).min().unwrap_or(0);
        let idle = earliest.iter().zip(&problem.vehicles);
        let idle = idle.map(|(day, vehicle)| day.idle(vehicle)).max().unwrap_or(0);
        let stays = earliest.iter().zip(&problem.vehicles);
        let stays = stays.filter(|(day, _)| day.stops.is_empty());
        let least_idle = stays.map(|(day, vehicle)| day.idle(vehicle)).max().unwrap_or(0).min(idle);
        let worst_late = rows.add_column(f64::from(problem.worst_late.0), 0..);
        let worst_idle = rows.add_column(f64::from(problem.worst_idle.0), least_idle..);
        let worst_wait = rows.add_column(f64::from(problem.worst_wait.0), 0..);
        let mut start = vec![None; problem.jobs.len()];
        for call in earliest.iter().flat_map(|day| &day.stops) {
            let id = problem.tasks[call.task.ix()].job;
            let window = problem.windows[solution.window[id.ix()] as usize];
            let (from, until) = (call.start - origin, window.hard.min(FAR) - origin);
            start[id.ix()].get_or_insert_with(|| rows.add_column(0.0, from..=until.max(from)));
        }
        Program { problem, solution, rows, origin, start, worst_late, worst_idle, worst_wait }
    }

    /// `later` is at least so long after `earlier`.
    fn apart(&mut self, earlier: Col, later: Col, by: i32) {
        self.rows.add_row(by.., [(later, 1.0), (earlier, -1.0)]);
    }

    /// Its lateness, and the jobs that it follows.
    fn job(&mut self, id: JobId) {
        let Some(start) = self.start[id.ix()] else { return };
        let (problem, job) = (self.problem, self.problem.job(id));
        let due = problem.windows[self.solution.window[id.ix()] as usize].latest - self.origin;
        let late = self.rows.add_column(job.late.min(DEAR) as f64, 0..);
        self.rows.add_row(..=due, [(start, 1.0), (late, -1.0)]);
        if problem.worst_late.0 > 0 {
            self.apart(late, self.worst_late, 0);
        }
        if let Some(follow) = &job.after
            && let Some(earlier) = self.start[follow.job.ix()]
        {
            self.apart(earlier, start, follow.min);
            if follow.max < FAR {
                self.apart(start, earlier, -follow.max);
            }
        }
    }

    /// The stops of a route one after the other; when it sets off.
    fn route(&mut self, id: VehicleId, drive: &Drive, day: &Itinerary) -> Option<Col> {
        let (problem, origin) = (self.problem, self.origin);
        let vehicle = problem.vehicle(id);
        if drive.tasks.is_empty() {
            return None;
        }
        let course = course(problem, id, drive);
        let waiting = f64::from(problem.waiting.0);
        let now = day.leave - origin;
        let latest = if vehicle.cannot_wait() { now } else { FAR };
        let leave = self.rows.add_column(-waiting, now..=latest);
        let (mut here, mut spent, mut place) = (leave, 0, vehicle.start);
        for (gap, task) in drive.tasks.iter().enumerate() {
            let job = problem.job_of(*task);
            let at_base = day.rest.is_some_and(|pause| pause.at_base);
            let next = self.start[problem.tasks[task.ix()].job.ix()].expect("it is done");
            let way = course.before(gap, place, job.place);
            spent += self.way((here, next), spent, way, at_base && gap == 0);
            self.apart(here, next, spent);
            self.wait((here, next), spent);
            (here, spent, place) = (next, job.service, job.place);
        }
        let home = course.home(drive.tasks.len(), place);
        let back = self.rows.add_column::<f64, _>(waiting, ..);
        if home.home {
            self.apart(here, back, spent + home.before);
            let rest = home.rest.expect("it is taken at home");
            self.rows.add_row(..=rest.latest - origin, [(back, 1.0)]);
            self.end(vehicle, day, (back, rest.length), rest.earliest + rest.length);
        } else {
            spent += self.way((here, back), spent, home, false);
            self.apart(here, back, spent);
            self.wait((here, back), spent);
            self.end(vehicle, day, (back, 0), -FAR);
        }
        Some(leave)
    }

    /// What a gap asks besides that so long lies between its ends, `spent` at the first of them; how
    /// long it takes. A break before the departure holds nothing up.
    fn way(&mut self, (here, next): (Col, Col), spent: i32, way: Gap, at_base: bool) -> i32 {
        let Some(rest) = way.rest else { return way.before };
        if at_base {
            return way.before + way.after;
        }
        let origin = self.origin;
        self.rows.add_row(..=rest.latest - origin - spent - way.before, [(here, 1.0)]);
        self.rows.add_row(rest.earliest + rest.length + way.after - origin.., [(next, 1.0)]);
        way.before + rest.length + way.after
    }

    /// The longest wait is no shorter than this one.
    fn wait(&mut self, (here, next): (Col, Col), spent: i32) {
        if self.problem.worst_wait.0 > 0 {
            let factors = [(next, 1.0), (here, -1.0), (self.worst_wait, -1.0)];
            self.rows.add_row(..=spent, factors);
        }
    }

    /// The end of a route, so long after `back` and no earlier than `earliest`: overtime, and idle time.
    fn end(&mut self, vehicle: &Vehicle, day: &Itinerary, (back, by): (Col, i32), earliest: i32) {
        let (problem, origin) = (self.problem, self.origin);
        let most = (vehicle.hard_end - vehicle.shift_end).max(0);
        let over = self.rows.add_column(f64::from(problem.overtime.0), 0..=most);
        self.rows.add_row(..=vehicle.shift_end - origin - by, [(back, 1.0), (over, -1.0)]);
        self.rows.add_row(earliest - vehicle.shift_end.., [(over, 1.0)]);
        if problem.worst_idle.0 > 0 {
            let now = (day.end - vehicle.shift_end).max(0);
            self.apart(over, self.worst_idle, day.idle(vehicle) - now);
        }
    }
}
