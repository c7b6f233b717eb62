//! Arrays that are either made here or lie in a stored map: a map's file is mapped into memory and
//! its arrays are used where they are. Knows nothing of what the items mean.

use std::fs::File;
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;

use bytemuck::Pod;
use memmap2::Mmap;

/// The bytes of a stored map; they lie so that every item of eight bytes or less is aligned.
#[derive(Debug)]
pub(crate) enum Bytes {
    /// The file itself. Maps are replaced by renaming, never written in place, so it does not change.
    Mapped(Mmap),
    /// Bytes read from elsewhere, and how many.
    Read(Vec<u64>, usize),
}

impl Bytes {
    /// The bytes of a file.
    pub(crate) fn of_file(path: &Path) -> io::Result<Bytes> {
        let file = File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Ok(Bytes::of(&[]));
        }
        mapping::map(&file).map(Bytes::Mapped)
    }

    /// A copy of bytes.
    pub(crate) fn of(bytes: &[u8]) -> Bytes {
        let mut words = vec![0u64; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Bytes::Read(words, bytes.len())
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Read(words, length) => &bytemuck::cast_slice(words)[..*length],
        }
    }
}

/// An array, own or stored. Changing a stored one makes it an own one first.
#[derive(Clone, Debug)]
pub(crate) enum Array<T: 'static> {
    /// Made here.
    Own(Vec<T>),
    /// In a stored map.
    Stored(mapping::Part<T>),
}

impl<T: Pod> Array<T> {
    /// A part of a stored map; `None` if it is no such array.
    pub(crate) fn stored(file: &Arc<Bytes>, part: std::ops::Range<usize>) -> Option<Array<T>> {
        mapping::Part::of(file, part).map(Array::Stored)
    }

    /// The array as an own one.
    pub(crate) fn own(&mut self) -> &mut Vec<T> {
        if let Array::Stored(part) = self {
            *self = Array::Own(part.to_vec());
        }
        match self {
            Array::Own(items) => items,
            Array::Stored(_) => unreachable!("it was just made an own one"),
        }
    }
}

impl<T> Deref for Array<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Array::Own(items) => items,
            Array::Stored(part) => part,
        }
    }
}

impl<T: Pod> DerefMut for Array<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.own()
    }
}

impl<T> Default for Array<T> {
    fn default() -> Array<T> {
        Array::Own(Vec::new())
    }
}

impl<T> From<Vec<T>> for Array<T> {
    fn from(items: Vec<T>) -> Array<T> {
        Array::Own(items)
    }
}

impl<T: PartialEq> PartialEq for Array<T> {
    fn eq(&self, other: &Array<T>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Array<T> {}

/// Where bytes of a file are taken for an array.
/// PERF: copying the arrays of a city instead takes most of the time of opening its map; see
/// benches/RESULTS.md.
#[expect(unsafe_code, reason = "a mapped file is used where it lies")]
mod mapping {
    use super::{Arc, Bytes, Deref, File, Mmap, Pod, io};

    pub(super) fn map(file: &File) -> io::Result<Mmap> {
        // SAFETY: whoever writes a map writes a new file and renames it over the old one
        // (`store::Writer`), so that the bytes of an open one stay as they are.
        unsafe { Mmap::map(file) }
    }

    /// Items in a stored map, which is kept as long as they are.
    #[derive(Clone, Debug)]
    pub(crate) struct Part<T: 'static> {
        items: &'static [T],
        _file: Arc<Bytes>,
    }

    impl<T: Pod> Part<T> {
        pub(super) fn of(file: &Arc<Bytes>, part: std::ops::Range<usize>) -> Option<Part<T>> {
            let items: &[T] = bytemuck::try_cast_slice(file.get(part)?).ok()?;
            // SAFETY: the items lie in the bytes that `_file` keeps where they are, are never
            // changed, and are given out for no longer than the part itself lives.
            let items = unsafe { std::slice::from_raw_parts(items.as_ptr(), items.len()) };
            Some(Part { items, _file: Arc::clone(file) })
        }
    }

    impl<T> Deref for Part<T> {
        type Target = [T];

        #[inline]
        fn deref(&self) -> &[T] {
            self.items
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_array_is_read_where_it_lies_and_copied_to_be_changed() {
        let file = Arc::new(Bytes::of(bytemuck::cast_slice(&[1u32, 2, 3])));
        let mut array: Array<u32> = Array::stored(&file, 4..12).unwrap();
        assert_eq!(*array, [2, 3]);
        array[0] = 7;
        assert_eq!(*array, [7, 3]);
        assert_eq!(Array::stored(&file, 4..12), Some(Array::from(vec![2u32, 3])));
        assert_eq!(Array::<u32>::stored(&file, 4..11), None, "odd length");
        assert_eq!(Array::<u32>::stored(&file, 2..6), None, "not aligned");
        assert_eq!(Array::<u32>::stored(&file, 8..16), None, "beyond the end");
    }
}
