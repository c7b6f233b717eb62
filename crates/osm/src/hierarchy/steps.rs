//! The steps from each vertex to higher ones, as three arrays that may lie in a stored map: where the
//! steps of each vertex end, where each leads, and what it takes.

use crate::array::Array;
use crate::key::Key;

/// Steps by the vertex they start from, rising.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    /// Where the steps of each vertex start, and the last ones end.
    pub(crate) first: Array<u32>,
    pub(crate) heads: Array<u32>,
    pub(crate) keys: Array<Key>,
}

/// The same, to be walked through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    first: &'a [u32],
    heads: &'a [u32],
    keys: &'a [Key],
}

impl Steps {
    /// The steps, to be walked through.
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows { first: &self.first, heads: &self.heads, keys: &self.keys }
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether they are those of so many vertices, each row going up and none beyond them.
    pub(super) fn rise(&self, vertices: usize) -> bool {
        let Rows { first, heads, keys } = self.rows();
        let ends = first.len() == vertices + 1
            && (first[0], first[vertices] as usize) == (0, heads.len())
            && first.is_sorted()
            && keys.len() == heads.len();
        // PERF: rows are short. Counting all falls at once and then those between rows takes a third
        // of the time of looking at each row; see "opening" in benches/RESULTS.md.
        let falls =
            heads.iter().zip(heads.iter().skip(1)).filter(|(one, next)| one >= next).count();
        let (mut within, mut between) = (true, 0);
        for (low, row) in (0..vertices as u32).zip(first.windows(2)).filter(|_| ends) {
            let [start, end] = [row[0] as usize, row[1] as usize];
            if start < end {
                within &= (heads[start] > low) & (heads[end - 1] < vertices as u32);
                between += usize::from(start > 0 && heads[start - 1] >= heads[start]);
            }
        }
        ends && within && falls == between && Key::all_are_ways(keys)
    }
}

impl<'a> Rows<'a> {
    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Where the steps of a row lead.
    #[inline(always)]
    pub(crate) fn heads(&self, row: u32) -> &'a [u32] {
        &self.heads[self.range(row)]
    }

    /// The steps of a row.
    #[inline(always)]
    pub(crate) fn row(&self, row: u32) -> impl Iterator<Item = (u32, Key)> + use<'a> {
        let range = self.range(row);
        let keys = self.keys[range.clone()].iter();
        self.heads[range].iter().copied().zip(keys.copied())
    }

    #[inline(always)]
    fn range(&self, row: u32) -> std::ops::Range<usize> {
        self.first[row as usize] as usize..self.first[row as usize + 1] as usize
    }
}

/// Steps in the making, one row after the other.
pub(crate) struct Growing {
    first: Vec<u32>,
    heads: Vec<u32>,
    keys: Vec<Key>,
}

impl Growing {
    /// None yet; there is room for so many rows and steps.
    pub(crate) fn with_room(rows: usize, steps: usize) -> Growing {
        let mut first = Vec::with_capacity(rows + 1);
        first.push(0);
        Growing { first, heads: Vec::with_capacity(steps), keys: Vec::with_capacity(steps) }
    }

    /// Adds a step to the last row.
    #[inline]
    pub(crate) fn step(&mut self, head: u32, key: Key) {
        self.heads.push(head);
        self.keys.push(key);
    }

    /// Adds a step to the last row if it is one, without a jump that nobody could foresee.
    #[inline]
    pub(super) fn step_if(&mut self, is_one: bool, head: u32, key: Key) {
        self.step(head, key);
        let steps = self.heads.len() - usize::from(!is_one);
        self.heads.truncate(steps);
        self.keys.truncate(steps);
    }

    /// Closes the last row.
    #[inline]
    pub(crate) fn close(&mut self) {
        self.first.push(self.heads.len() as u32);
    }

    /// Shows the heads of one row after the other, to be changed.
    pub(crate) fn each_row(&mut self, mut show: impl FnMut(u32, &mut [u32])) {
        for (row, ends) in (0..).zip(self.first.windows(2)) {
            show(row, &mut self.heads[ends[0] as usize..ends[1] as usize]);
        }
    }

    /// All of them.
    pub(crate) fn done(self) -> Steps {
        Steps { first: self.first.into(), heads: self.heads.into(), keys: self.keys.into() }
    }
}
