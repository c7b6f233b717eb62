//! The two inner loops of a table, sixteen places at a time: the keys of sixteen ways lie side by
//! side, and a step is added to all of them and compared at once. Compiled twice, because processors
//! that can compare four 64-bit numbers at once are not taken for granted by the compiler.

use crate::hierarchy::Rows;
use crate::key::Key;

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

/// Hands on what is known of each vertex of a list to those above it; `place` is where in the list a
/// vertex stands. The list rises.
#[inline(always)]
fn push_all(list: &[u32], steps: Rows, place: &[u32], keys: &mut [Lanes]) {
    for (at, vertex) in list.iter().enumerate() {
        let from = keys[at];
        for (head, step) in steps.row(*vertex) {
            keys[place[head as usize] as usize].better(&from, step);
        }
    }
}

/// Fetches for each row what is known of rows before it.
#[inline(always)]
fn pull_all(rows: Rows, keys: &mut [Lanes]) {
    for row in 0..rows.len() {
        let mut best = keys[row];
        for (head, step) in rows.row(row as u32) {
            best.better(&keys[head as usize], step);
        }
        keys[row] = best;
    }
}

/// See [`push_all`].
pub(super) fn push(list: &[u32], steps: Rows, place: &[u32], keys: &mut [Lanes]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return wide::push(list, steps, place, keys);
    }
    push_all(list, steps, place, keys);
}

/// See [`pull_all`].
pub(super) fn pull(rows: Rows, keys: &mut [Lanes]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return wide::pull(rows, keys);
    }
    pull_all(rows, keys);
}

/// PERF: pulling through 10,000 rows of five steps takes 365 µs compiled for any
/// processor and 51 µs so; printed by the test below.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "what only some processors can do must be asked for")]
mod wide {
    use super::{Lanes, Rows};

    #[target_feature(enable = "avx2")]
    fn push_wide(list: &[u32], steps: Rows, place: &[u32], keys: &mut [Lanes]) {
        super::push_all(list, steps, place, keys);
    }

    #[target_feature(enable = "avx2")]
    fn pull_wide(rows: Rows, keys: &mut [Lanes]) {
        super::pull_all(rows, keys);
    }

    pub(super) fn push(list: &[u32], steps: Rows, place: &[u32], keys: &mut [Lanes]) {
        // SAFETY: called only where the processor was found to have AVX2; the body is safe code.
        unsafe { push_wide(list, steps, place, keys) }
    }

    pub(super) fn pull(rows: Rows, keys: &mut [Lanes]) {
        // SAFETY: called only where the processor was found to have AVX2; the body is safe code.
        unsafe { pull_wide(rows, keys) }
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

    fn keys() -> Vec<Lanes> {
        let mut keys = vec![Lanes::NEVER; ROWS as usize];
        (0..).zip(&mut keys[0].0).for_each(|(lane, key)| *key = Key::of(lane * 1000, lane));
        keys
    }

    fn pulled(pull: fn(Rows, &mut [Lanes])) -> (Vec<Lanes>, Duration) {
        let (rows, mut keys) = (rows(), keys());
        let mut times: Vec<Duration> = (0..50)
            .map(|_| {
                keys = self::keys();
                let start = Instant::now();
                pull(rows.rows(), &mut keys);
                start.elapsed()
            })
            .collect();
        times.sort();
        (keys, times[0])
    }

    #[test]
    fn however_it_is_compiled_it_says_the_same() {
        let ((one, plain), (other, chosen)) = (pulled(pull_all), pulled(pull));
        println!("plain {plain:.1?}, chosen {chosen:.1?}");
        assert!(one.iter().zip(&other).all(|(one, other)| one.0 == other.0));
    }
}
