//! Rows of different length in one array.

/// Rows of different length in one array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Csr<T> {
    first: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Csr<T> {
    /// Sorts pairs of (row, item) into rows, keeping their order.
    pub(crate) fn of(rows: usize, pairs: &[(u32, T)]) -> Csr<T> {
        let mut first = vec![0u32; rows + 1];
        pairs.iter().for_each(|(row, _)| first[*row as usize + 1] += 1);
        for row in 0..rows {
            first[row + 1] += first[row];
        }
        let mut next = first.clone();
        let mut items = vec![T::default(); pairs.len()];
        for (row, item) in pairs {
            items[next[*row as usize] as usize] = *item;
            next[*row as usize] += 1;
        }
        Csr { first, items }
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// All rows, one after the other.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// One row.
    #[inline]
    pub(crate) fn row(&self, row: usize) -> &[T] {
        &self.items[self.range(row)]
    }

    /// One row, to be changed.
    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [T] {
        let range = self.range(row);
        &mut self.items[range]
    }

    #[inline]
    fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.first[row] as usize..self.first[row + 1] as usize
    }
}
