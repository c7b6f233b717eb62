//! The inner loops of a table, sixteen places at a time: the keys of sixteen ways lie side by
//! side, and a step is added to all of them and compared at once.

use hjemrute_travel::Row;

use crate::hierarchy::Rows;
use crate::key::Key;
use crate::wide::Loop;

/// How many places go together.
pub(super) const WIDTH: usize = 16;

/// The keys of as many ways.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [Key; WIDTH]);

impl Lanes {
    /// No way for any of them.
    pub(super) const NEVER: Lanes = Lanes([Key::NEVER; WIDTH]);

    #[inline(always)]
    fn better(&mut self, from: &Lanes, step: Key) {
        for (known, before) in self.0.iter_mut().zip(&from.0) {
            *known = known.or_over(*before, step);
        }
    }
}

/// Hands on what is known of each vertex of a list to those above it.
pub(super) struct Push<'a> {
    /// The vertices, rising.
    pub(super) list: &'a [u32],
    pub(super) steps: Rows<'a>,
    /// Where in the list a vertex stands.
    pub(super) place: &'a [u32],
    pub(super) keys: &'a mut [Lanes],
}

impl Loop for Push<'_> {
    #[inline(always)]
    fn run(self) {
        for (at, vertex) in self.list.iter().enumerate() {
            let from = self.keys[at];
            for (head, step) in self.steps.row(*vertex) {
                self.keys[self.place[head as usize] as usize].better(&from, step);
            }
        }
    }
}

/// Fetches into the slot of each row what is known of it beforehand and of the slots it looks at.
pub(super) struct Pull<'a> {
    pub(super) rows: Rows<'a>,
    pub(super) slots: &'a [u32],
    /// For each row where it stands among what is known, if it does.
    pub(super) met: &'a [u32],
    pub(super) known: &'a [Lanes],
    pub(super) keys: &'a mut [Lanes],
}

impl Loop for Pull<'_> {
    #[inline(always)]
    fn run(self) {
        for ((row, slot), met) in (0..).zip(self.slots).zip(self.met) {
            let mut best = *self.known.get(*met as usize).unwrap_or(&Lanes::NEVER);
            for (head, step) in self.rows.row(row) {
                best.better(&self.keys[head as usize], step);
            }
            self.keys[*slot as usize] = best;
        }
    }
}

/// Writes what is known of each goal into a row for each lane.
pub(super) struct Tell<'a, 't> {
    pub(super) keys: &'a [Lanes],
    pub(super) rows: &'a mut [Row<'t>],
}

/// Eight legs are a line of the processor's memory.
const GOALS_AT_ONCE: usize = 8;

impl Loop for Tell<'_, '_> {
    #[inline(always)]
    fn run(self) {
        // Some goals at a time, because their lanes lie together.
        for few in self.keys.chunks(GOALS_AT_ONCE) {
            for (lane, row) in self.rows.iter_mut().enumerate() {
                row.write(few.iter().map(|keys| keys.0[lane].leg()));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "a measurement is printed")]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::hierarchy::{Growing, Steps};

    const ROWS: u32 = 10_000;

    /// Rows that each look at five rows a little before them.
    fn rows() -> Steps {
        let far = |row: u32, step: u32| 1 + row.wrapping_mul(2_654_435_761).rotate_left(step) % 300;
        let mut rows = Growing::with_room(ROWS as usize, 5 * ROWS as usize);
        for row in 0..ROWS {
            for far in (0..5).filter(|_| row > 0).map(|step| far(row, step)) {
                rows.step(row.saturating_sub(far), Key::of(far * 7, far));
            }
            rows.close();
        }
        rows.done()
    }

    /// What is known of the first row.
    fn known() -> Lanes {
        let mut known = Lanes::NEVER;
        (0..).zip(&mut known.0).for_each(|(lane, key)| *key = Key::of(lane * 1000, lane));
        known
    }

    fn pulled(go: fn(Pull<'_>)) -> (Vec<Lanes>, Duration) {
        let (rows, mut met) = (rows(), vec![u32::MAX; ROWS as usize]);
        met[0] = 0;
        let slots: Vec<u32> = (0..ROWS).collect();
        let mut keys = vec![Lanes::NEVER; ROWS as usize];
        let mut times: Vec<Duration> = (0..50)
            .map(|_| {
                let (known, keys) = (&[known()], &mut keys[..]);
                let pull = Pull { rows: rows.rows(), slots: &slots, met: &met, known, keys };
                let start = Instant::now();
                go(pull);
                start.elapsed()
            })
            .collect();
        times.sort();
        (keys, times[0])
    }

    #[test]
    fn however_it_is_compiled_it_says_the_same() {
        let (one, plain) = pulled(|pull| pull.run());
        let mut others = vec![("here", pulled(|pull| pull.run_here()))];
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            others.push(("by four", pulled(|pull| crate::wide::by_four(pull))));
        }
        println!("plain {plain:.1?}");
        for (how, (other, took)) in others {
            println!("{how} {took:.1?}");
            assert!(one.iter().zip(&other).all(|(one, other)| one.0 == other.0), "{how}");
        }
    }
}
