//! Which routes are worth asking: those with stops, and of the others, as far as they are all alike, two
//! (a visit may need both). A fleet that is larger than it need be costs nothing that way.

use crate::problem::{Problem, TaskId, VehicleId};

/// How many of those who are alike and not sent out are asked.
const ASKED: usize = 2;

/// Who is sent out, and who else is worth asking.
#[derive(Debug)]
pub(crate) struct Fleet {
    /// By vehicle: which of the kinds it is of.
    kind: Vec<u32>,
    /// By kind: the vehicles that are alike in every respect.
    alike: Vec<Vec<VehicleId>>,
    /// By vehicle: whether it has stops.
    busy: Vec<bool>,
    used: usize,
    /// By vehicle: how much more it can carry.
    room: Vec<i64>,
    /// A bit for each vehicle that is worth asking.
    open: Vec<u64>,
}

impl Fleet {
    /// Nobody sent out.
    pub(crate) fn new(problem: &Problem) -> Fleet {
        let mut alike: Vec<Vec<VehicleId>> = Vec::new();
        let mut kind = Vec::with_capacity(problem.vehicles.len());
        for id in problem.vehicle_ids() {
            let known = alike.iter().position(|kind| are_alike(problem, kind[0], id));
            kind.push(known.unwrap_or(alike.len()) as u32);
            match known {
                Some(known) => alike[known].push(id),
                None => alike.push(vec![id]),
            }
        }
        let vehicles = problem.vehicles.len();
        let (busy, open) = (vec![false; vehicles], vec![0; vehicles.div_ceil(64)]);
        let room = problem.vehicles.iter().map(|vehicle| vehicle.capacity).collect();
        let mut fleet = Fleet { kind, alike, busy, used: 0, room, open };
        (0..fleet.alike.len()).for_each(|kind| fleet.look_at(kind));
        fleet
    }

    /// Takes note whether the vehicle has stops.
    #[inline]
    pub(crate) fn note(&mut self, vehicle: VehicleId, busy: bool) {
        if self.busy[vehicle.ix()] != busy {
            self.busy[vehicle.ix()] = busy;
            self.used = if busy { self.used + 1 } else { self.used - 1 };
            self.look_at(self.kind[vehicle.ix()] as usize);
        }
    }

    /// Takes note of so much more that the vehicle brings along.
    #[inline]
    pub(crate) fn load(&mut self, vehicle: VehicleId, more: i64) {
        self.room[vehicle.ix()] -= more;
    }

    /// Takes note of how much more the vehicle can carry.
    pub(crate) fn loaded(&mut self, vehicle: VehicleId, room: i64) {
        self.room[vehicle.ix()] = room;
    }

    /// How much more the vehicle can carry.
    #[inline]
    pub(crate) fn room(&self, vehicle: VehicleId) -> i64 {
        self.room[vehicle.ix()]
    }

    /// How many have stops.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// Whether it makes no difference which of the two is sent out.
    pub(crate) fn are_alike(&self, one: VehicleId, other: VehicleId) -> bool {
        self.kind[one.ix()] == self.kind[other.ix()]
    }

    /// The first that is worth asking, from this number on.
    #[inline]
    pub(crate) fn next(&self, from: u32) -> Option<VehicleId> {
        let mut word = from as usize / 64;
        let mut bits = self.open.get(word)? & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            bits = *self.open.get(word)?;
        }
        Some(VehicleId(word as u32 * 64 + bits.trailing_zeros()))
    }

    fn look_at(&mut self, kind: usize) {
        let mut idle = 0;
        for vehicle in &self.alike[kind] {
            idle += usize::from(!self.busy[vehicle.ix()]);
            let (word, bit) = (vehicle.ix() / 64, 1 << (vehicle.0 % 64));
            if self.busy[vehicle.ix()] || idle <= ASKED {
                self.open[word] |= bit;
            } else {
                self.open[word] &= !bit;
            }
        }
    }
}

/// Whether it makes no difference which of the two is sent out.
fn are_alike(problem: &Problem, one: VehicleId, other: VehicleId) -> bool {
    let tasks = || (0..problem.tasks.len() as u32).map(TaskId);
    let patients = || 0..problem.patients as u32;
    // Who was promised counts where few may be disturbed.
    problem.limit.is_none()
        && problem.vehicle(one) == problem.vehicle(other)
        && tasks().all(|task| problem.fit(one, task) == problem.fit(other, task))
        && patients().all(|patient| problem.face(one, patient) == problem.face(other, patient))
}
