//! Least keys from many doors to many doors over a hierarchy: whatever lies above the goals is made
//! a small graph once; then sixteen neighbouring starts at a time are taken up and down again, each
//! vertex looked at once and no queue kept.
//!
//! After D. Delling, A. Goldberg, R. Werneck, Faster batched shortest paths in road networks, 2011,
//! doi:10.4230/OASIcs.ATMOS.2011.52 (RPHAST).

use super::lanes::{Lanes, Pull, Push};
use crate::graph::{Arc, Csr};
use crate::hierarchy::{Growing, Rows, Steps};
use crate::wide::Loop;

/// What is not in a list.
const NOWHERE: u32 = u32::MAX;

/// What lies above the goals, highest first, and each goal as soon as all it is entered by was there.
#[derive(Debug)]
pub(super) struct Goals<'a> {
    /// What the starts climb.
    up: Rows<'a>,
    /// For each row the slots of earlier rows it can be reached from.
    pub(super) rows: Steps,
    /// The slot of each row: of a goal its own, of a vertex one that nobody looks at any more.
    slots: Vec<u32>,
    /// How many slots there are.
    room: usize,
    /// The row of each vertex, or [`NOWHERE`].
    place: Vec<u32>,
    goals: usize,
}

impl<'a> Goals<'a> {
    /// Goals, each with the vertices it is entered by; `steps` are those up and those down.
    pub(super) fn of(steps: [&'a Steps; 2], entering: &Csr<Arc>) -> Goals<'a> {
        let [up, down] = steps.map(Steps::rows);
        let mut list = Vec::new();
        climb(down, entering.items(), &mut no_marks(down.len()), &mut list);
        list.reverse();
        let mut place = vec![NOWHERE; down.len()];
        (0..).zip(&list).for_each(|(at, vertex)| place[*vertex as usize] = at);
        let after = after(&place, list.len(), entering);
        let mut layout = Layout::with_room(list.len() + entering.len(), 6 * list.len());
        for at in 0..after.len() {
            if let Some(vertex) = list.get(at) {
                let steps = down.row(*vertex).map(|(head, key)| (place[head as usize], key));
                place[*vertex as usize] = layout.vertex(steps);
            }
            for goal in after.row(at) {
                let doors = entering.row(*goal as usize).iter();
                layout.goal(*goal, doors.map(|(vertex, key)| (place[*vertex as usize], *key)));
            }
        }
        let (rows, slots, room) = layout.done(entering.len());
        Goals { up, rows, slots, room, place, goals: entering.len() }
    }
}

/// The goals by where in the list of vertices the last is that they are entered by.
fn after(place: &[u32], vertices: usize, entering: &Csr<Arc>) -> Csr<u32> {
    let last = |goal: u32| {
        let doors = entering.row(goal as usize).iter();
        doors.map(|(vertex, _)| place[*vertex as usize]).max().unwrap_or_default()
    };
    let goals = (0..entering.len() as u32).map(|goal| (last(goal), goal));
    Csr::of(vertices.max(1), &goals.collect::<Vec<_>>())
}

/// Rows in the making. What a row was found to be is kept for as long as later rows look at it; so what
/// is kept at a time stays near the processor.
struct Layout {
    rows: Growing,
    /// For each row what it is, a goal or [`NOWHERE`], and the last row that looks at it.
    goals: Vec<u32>,
    last: Vec<u32>,
}

impl Layout {
    fn with_room(rows: usize, steps: usize) -> Layout {
        let [goals, last] = [(); 2].map(|()| Vec::with_capacity(rows));
        Layout { rows: Growing::with_room(rows, steps), goals, last }
    }

    /// Adds the row of a vertex, reached from earlier rows; its number.
    fn vertex(&mut self, steps: impl Iterator<Item = Arc>) -> u32 {
        self.goal(NOWHERE, steps)
    }

    /// Adds the row of a goal.
    fn goal(&mut self, goal: u32, steps: impl Iterator<Item = Arc>) -> u32 {
        let row = self.goals.len() as u32;
        for (head, key) in steps {
            self.last[head as usize] = row;
            self.rows.step(head, key);
        }
        self.rows.close();
        self.goals.push(goal);
        self.last.push(row);
        row
    }

    /// The rows by slots, the slot of each, and how many there are: first those of the goals.
    fn done(mut self, goals: usize) -> (Steps, Vec<u32>, usize) {
        let mut slots: Vec<u32> = Vec::with_capacity(self.goals.len());
        let (mut free, mut room) = (Vec::new(), goals as u32);
        let last = &mut self.last;
        self.rows.each_row(|row, heads| {
            for head in heads {
                let before = *head as usize;
                *head = slots[before];
                // Nobody looks at it after this row, which may take its slot.
                if last[before] == row {
                    last[before] = NOWHERE;
                    free.push(*head);
                }
            }
            slots.push(match self.goals[row as usize] {
                NOWHERE => free.pop().unwrap_or_else(|| {
                    room += 1;
                    room - 1
                }),
                goal => goal,
            });
        });
        (self.rows.done(), slots, room as usize)
    }
}

/// The scratch of one thread.
pub(super) struct Sweep<'a> {
    goals: &'a Goals<'a>,
    marks: Vec<u64>,
    /// What can be climbed to, and where in that list each vertex of it stands.
    list: Vec<u32>,
    place: Vec<u32>,
    up: Vec<Lanes>,
    /// Where in the list the vertex of each row stands, or [`NOWHERE`].
    met: Vec<u32>,
    down: Vec<Lanes>,
}

impl<'a> Sweep<'a> {
    pub(super) fn to(goals: &'a Goals<'a>) -> Sweep<'a> {
        let (vertices, rows) = (goals.place.len(), goals.slots.len());
        Sweep {
            goals,
            marks: no_marks(vertices),
            list: vec![],
            place: vec![0; vertices],
            up: vec![],
            met: vec![NOWHERE; rows],
            down: vec![Lanes::NEVER; goals.room],
        }
    }

    /// For each goal the least keys from up to [`WIDTH`](super::lanes::WIDTH) starts, each given by
    /// the vertices it is left by.
    pub(super) fn from<'s>(
        &mut self,
        starts: impl Iterator<Item = &'s [Arc]> + Clone,
    ) -> &mut [Lanes] {
        let goals = self.goals;
        climb(goals.up, starts.clone().flatten(), &mut self.marks, &mut self.list);
        (0..).zip(&self.list).for_each(|(at, vertex)| self.place[*vertex as usize] = at);
        self.up.clear();
        self.up.resize(self.list.len(), Lanes::NEVER);
        for (lane, leaving) in starts.enumerate() {
            for (vertex, key) in leaving {
                let keys = &mut self.up[self.place[*vertex as usize] as usize].0;
                keys[lane] = keys[lane].min(*key);
            }
        }
        let (list, place) = (&self.list[..], &self.place[..]);
        Push { list, steps: goals.up, place, keys: &mut self.up }.run_here();
        for (at, vertex) in (0..).zip(&self.list) {
            if let Some(met) = self.met.get_mut(goals.place[*vertex as usize] as usize) {
                *met = at;
            }
        }
        let (rows, slots) = (goals.rows.rows(), &goals.slots[..]);
        let (met, known) = (&self.met[..], &self.up[..]);
        Pull { rows, slots, met, known, keys: &mut self.down }.run_here();
        self.met.fill(NOWHERE);
        &mut self.down[..goals.goals]
    }
}

/// Lists all vertices that can be climbed to, rising. A vertex to be looked at is a bit that is set:
/// whatever is climbed to lies ahead. All bits are off before and after.
fn climb<'d>(
    steps: Rows,
    doors: impl IntoIterator<Item = &'d Arc>,
    marks: &mut [u64],
    list: &mut Vec<u32>,
) {
    list.clear();
    let mark = |marks: &mut [u64], vertex: u32| marks[vertex as usize / 64] |= 1 << (vertex % 64);
    doors.into_iter().for_each(|(vertex, _)| mark(marks, *vertex));
    for word in 0..marks.len() {
        while marks[word] != 0 {
            let vertex = 64 * word as u32 + marks[word].trailing_zeros();
            marks[word] &= marks[word] - 1;
            list.push(vertex);
            steps.heads(vertex).iter().for_each(|head| mark(marks, *head));
        }
    }
}

/// No bit for any of so many vertices.
fn no_marks(vertices: usize) -> Vec<u64> {
    vec![0; vertices.div_ceil(64)]
}
