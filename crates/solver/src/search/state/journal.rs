//! The journal of a state: everything as it was before it changed, by which every change since a mark can
//! be taken back. Knows what a state is made of; never why it changes.

use super::State;
use crate::problem::{JobId, TaskId, VehicleId};
use crate::route::Route;

/// One thing as it was.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "routes come back from here without an allocation")]
pub(super) enum Entry {
    Route(u32, Route),
    Job(JobId, u32, i32),
    Seat(TaskId, u32),
    Face(u32, u8),
}

/// A point that the state can be taken back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    entries: usize,
    cost: i64,
}

impl State<'_> {
    /// A point to come back to. Marks nest; the outermost is forgotten by [`forget`](Self::forget).
    pub(crate) fn mark(&mut self) -> Mark {
        self.mark += 1;
        Mark { entries: self.journal.len(), cost: self.cost }
    }

    /// Takes back everything since the mark.
    pub(crate) fn rollback(&mut self, mark: Mark) {
        while self.journal.len() > mark.entries {
            match self.journal.pop().expect("longer than the mark") {
                Entry::Route(id, mut was) => {
                    let route = &mut self.routes[id as usize];
                    std::mem::swap(route, &mut was);
                    let (load, vehicle) = (route.all_load(), VehicleId(id));
                    self.fleet.loaded(vehicle, self.problem.vehicle(vehicle).capacity - load);
                    self.number(VehicleId(id), 0);
                    self.spare.push(was);
                }
                Entry::Job(job, window, start) => {
                    self.agreed.window[job.ix()] = window;
                    self.agreed.start[job.ix()] = start;
                }
                Entry::Seat(task, route) => self.route_of[task.ix()] = route,
                Entry::Face(cell, count) => self.faces[cell as usize] = count,
            }
        }
        self.cost = mark.cost;
        self.look_at_the_peaks();
        // What an outer mark has written down must be written down again before it changes.
        self.mark += 1;
    }

    /// Keeps every change for good.
    pub(crate) fn forget(&mut self) {
        while let Some(entry) = self.journal.pop() {
            if let Entry::Route(_, route) = entry {
                self.spare.push(route);
            }
        }
        self.mark += 1;
    }

    /// Writes down what is agreed about the visit.
    pub(super) fn write_job(&mut self, job: JobId) {
        self.journal.push(Entry::Job(
            job,
            self.agreed.window[job.ix()],
            self.agreed.start[job.ix()],
        ));
    }

    /// Writes the route down as it is, if that has not been done, and stamps it anew: it is about to
    /// change. Taken back, it has its old stamp again.
    pub(super) fn write_route(&mut self, vehicle: VehicleId) {
        if std::mem::replace(&mut self.written[vehicle.ix()], self.mark) != self.mark {
            let mut copy = self.spare.pop().unwrap_or_default();
            copy.clone_from(&self.routes[vehicle.ix()]);
            self.journal.push(Entry::Route(vehicle.0, copy));
        }
        self.stamps += 1;
        self.routes[vehicle.ix()].stamp = self.stamps;
    }
}
