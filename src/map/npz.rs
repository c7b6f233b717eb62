//! Arrays in numpy's own file, to be opened with `numpy.load`: a zip of `.npy` files, unpacked. Knows
//! nothing of what the numbers mean.
//!
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>, version 1.0

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An array under a name, row by row.
pub(super) struct Array {
    pub(super) name: &'static str,
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f32>,
}

/// The bytes of a file with these arrays.
///
/// # Errors
/// If they are more than a zip file can hold.
pub(super) fn npz(arrays: &[Array]) -> zip::result::ZipResult<Vec<u8>> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for array in arrays {
        let large = size_of_val(&array.values[..]) > u32::MAX as usize / 2;
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        file.start_file(format!("{}.npy", array.name), stored.large_file(large))?;
        file.write_all(&header(&array.shape))?;
        let bytes: Vec<u8> = array.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        file.write_all(&bytes)?;
    }
    Ok(file.finish()?.into_inner())
}

/// What stands before the numbers: filled up so that they begin at a multiple of 64.
fn header(shape: &[usize]) -> Vec<u8> {
    let sides: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let told = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({sides}), }}");
    let length = (10 + told.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = Vec::from(b"\x93NUMPY\x01\x00");
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{told:<width$}\n", width = length - 1).bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_begin_where_numpy_looks_for_them() {
        let bytes = header(&[3, 3]);
        assert_eq!((bytes.len() % 64, bytes.last()), (0, Some(&b'\n')));
        assert_eq!(usize::from(bytes[8]), bytes.len() - 10);
        assert!(String::from_utf8_lossy(&bytes).contains("'shape': (3, 3, ), }"));
    }
}
